"""That two cases are one killing, or are not, as a person decides it; and the way back."""

from __future__ import annotations

from thaw.errors import InputError

from .book import Session


def decide_same_case(session: Session, one: str, other: str, *, same: bool, reason: str) -> None:
    """Record that two cases are the same killing, or that they are not. Views fold accepted ones; nothing is merged.

    Raises InputError for cases that are not there, one case twice, or an empty reason.
    """
    ids = _pair(session, one, other, reason)
    decision = {"decision": "accept" if same else "reject", "reason": reason}
    draft = session.draft("same_case.decide", {"scope": {"case": ids}, **decision}, obj=ids[0])
    session.book.store.append(draft)


def undo_same_case(session: Session, one: str, other: str, *, reason: str) -> None:
    """Take a same-case decision back: both cases stand alone again, the decision stays in the ledger."""
    ids = _pair(session, one, other, reason)
    session.book.store.append(session.draft("same_case.undo", {"scope": {"case": ids}, "reason": reason}, obj=ids[0]))


def _pair(session: Session, one: str, other: str, reason: str) -> list[str]:
    if not reason.strip():
        raise InputError(
            where="same case", got="no reason", want="why they are or are not the same", fix="Use --reason TEXT."
        )
    ids = sorted(str(session.look("same case", about=case_id).about) for case_id in (one, other))
    if ids[0] == ids[1]:
        raise InputError(where="same case", got="one case twice", want="two cases", fix="Name two different cases.")
    return ids
