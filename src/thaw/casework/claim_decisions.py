"""Disagreements of the papers, settled by a person with a reason, and opened again; both accounts stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.store import Where

from .book import Session
from .compared import papers_compared


def resolve_claims(
    session: Session, case_id: str, *, preferred: str, others: Sequence[str], reason: str, purpose: str = ""
) -> dict[str, Any]:
    """Say which of several claims that exclude each other is to be believed, and why; returns case_id and claims.

    preferred  id of the claim that is shown first from now on
    others     ids of claims that contradict it
    Raises InputError for no reason, a case that is not there, and claims that do not contradict each other.
    """
    if not reason.strip():
        raise InputError(where="claims", got="no reason", want="why, for the log", fix="Say it in a few words.")
    view = session.look(purpose, detail={"command": "claims resolve"}, about=case_id)
    assert view.about is not None
    claims = papers_compared(session, view, "claims") or []
    known = {claim["claim_id"]: claim["conflicts_with"] for claim in claims}
    if not others or any(other not in known.get(preferred, ()) for other in others):
        raise InputError(
            where="claims",
            got=f"{preferred[:40]!r} and {len(others)} others",
            want="a claim of this case and those that contradict it",
            fix="Take them from `thaw claims --case ID --conflicts`.",
        )
    payload = {"scope": {"case": view.about}, "preferred": preferred, "others": sorted(others)}
    session.book.store.append(session.draft("claim.resolve", payload | {"reason": reason.strip()}, obj=view.about))
    return {"case_id": view.about, "preferred": preferred, "others": sorted(others), "reason": reason.strip()}


def reopen_claims(session: Session, case_id: str, *, preferred: str, reason: str, purpose: str = "") -> dict[str, Any]:
    """Open a settled disagreement again; returns case_id and claim. Raises InputError for one that is not settled."""
    if not reason.strip():
        raise InputError(where="claims", got="no reason", want="why, for the log", fix="Say it in a few words.")
    view = session.look(purpose, detail={"command": "claims reopen"}, about=case_id)
    assert view.about is not None
    if preferred not in settled_claims(view, view.about):
        raise InputError(
            where="claims",
            got=repr(preferred[:40]),
            want="a settled disagreement of this case",
            fix="Take it from the case's own page.",
        )
    payload = {"scope": {"case": view.about}, "preferred": preferred, "reason": reason.strip()}
    session.book.store.append(session.draft("claim.reopen", payload, obj=view.about))
    return {"case_id": view.about, "preferred": preferred, "reason": reason.strip()}


def settled_claims(view: View, case_id: str) -> dict[str, dict[str, Any]]:
    """Settled disagreements of a case by the preferred claim: others, reason, by, at, entry."""
    where = [Where("case_id", "=", case_id), Where("kind", "in", ["claim.resolve", "claim.reopen"])]
    found: dict[str, dict[str, Any]] = {}
    for entry in reversed(view.log(where, limit=100_000)):
        payload = entry.payload or {}
        if entry.leaf.kind == "claim.reopen":
            found.pop(payload.get("preferred", ""), None)
        elif payload:
            facts = {name: payload[name] for name in ("others", "reason", "by")}
            found[payload["preferred"]] = facts | {"at": entry.leaf.at, "entry": entry.leaf.seq}
    return found
