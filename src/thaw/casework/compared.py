"""The papers of a case compared once for all its screens: claims, gaps and dated events, kept small until they change.

What is kept is packed JSON: the objects of a comparison of thousands of pages would fill the memory of a workbench that
is open all day.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from thaw.access import View
from thaw.casebook import accounts
from thaw.store import Where

from .book import Session
from .claims import accounts_by_case, claims_about
from .dated import events_of_papers
from .gaps import gaps_among
from .papers_apart import ask, is_long

QUOTES = 6
_KEPT_BYTES = 8 << 20


def papers_compared(session: Session, view: View, part: str, *, kept_only: bool = False) -> Any | None:
    """One part of the comparison of the papers of the case of a view.

    part       `claims` as `thaw claims` gives them, with at most QUOTES quotes each, the name of the file with each
               quote, and `quotes_in_all`; `gaps` as `thaw gaps` gives them, with `file`; `dated` as
               `timelines.events_of_papers` gives it
    kept_only  None when the papers of a long case would have to be compared first
    """
    assert view.about is not None
    state = repr(state_of_papers(view))

    def compare() -> Mapping[str, Any]:
        if is_long(view):
            return dict(ask(session, [view], "parts", {}))
        return answer_parts(session, [view], {})

    wait = kept_only and is_long(view)
    return kept(session, ("parts", view.about, view.visible), state, part, None if wait else compare)


def case_claims(
    session: Session,
    case_id: str,
    *,
    subject: str = "",
    conflicts_only: bool = False,
    purpose: str = "",
    kept_only: bool = False,
) -> list[dict[str, Any]] | None:
    """The claims of the papers of one case for a screen, as `papers_compared` gives them.

    subject, conflicts_only  as `claims.claims` takes them
    kept_only  None when the papers of a long case would have to be compared first
    Raises InputError for a case that is not there.
    """
    detail = {"command": "claims", "subject": subject or None, "conflicts": conflicts_only}
    view = session.look(purpose, detail=detail, about=case_id)
    found: list[dict[str, Any]] | None = papers_compared(session, view, "claims", kept_only=kept_only)
    if found is None:
        return None
    if subject.strip():
        found = claims_about(found, subject)
    return [claim for claim in found if claim["conflicts_with"]] if conflicts_only else found


def answer_parts(session: Session, views: Sequence[View], asked: Mapping[str, Any]) -> dict[str, Any]:
    """All parts of the comparison; the answer of the process that compares long cases."""
    (view,) = views
    assert view.about is not None
    told = accounts_by_case(session, view).get(view.about, [])
    files = {account.document: account.name for account in told}
    claims = [_short(claim.to_json(), files) for claim in accounts.claims_of(told)]
    found = gaps_among(view, told)
    for gap in found:
        gap["file"] = files.get(gap["document"] or "", "")
    return {"claims": claims, "gaps": found, "dated": events_of_papers(told)}


def kept(
    session: Session, name: tuple[Any, ...], state: str, part: str, make: Callable[[], Mapping[str, Any]] | None
) -> Any | None:
    """A part of an answer that is kept while its state stays the same; made when it is not there.

    name  of the answer: with what is visible in it, so that nobody gets what another may see
    make  None: what is not kept is None
    """
    store: dict[Any, tuple[str, dict[str, bytes]]] = session.book.cache.setdefault("compared", {})
    mark = hashlib.sha256(state.encode()).hexdigest()
    known = store.get(name)
    if known is None or known[0] != mark:
        if make is None:
            return None
        packed = {one: zlib.compress(json.dumps(value).encode()) for one, value in make().items()}
        store.pop(name, None)
        _make_room(store, sum(map(len, packed.values())))
        known = store[name] = (mark, packed)
    return json.loads(zlib.decompress(known[1][part]))


def _make_room(store: dict[Any, tuple[str, dict[str, bytes]]], size: int) -> None:
    """Leave the oldest away until the new one fits; it is kept alone when it is larger than all that is kept."""
    held = {name: sum(map(len, parts.values())) for name, (_, parts) in list(store.items())}
    for name in list(held):
        if sum(held.values()) + size <= _KEPT_BYTES:
            return
        held.pop(name)
        store.pop(name, None)  # another thread may have been quicker


def state_of_papers(view: View) -> tuple[Any, ...]:
    """What a comparison rests on: the newest texts, what persons made of names, what boxes should hold."""
    where = [Where("case_id", "=", view.about)]
    papers = ["document_id", "file", "text_seq", "study_seq", "state"]
    return (
        view.select("documents", papers, where, order=["document_id"]),
        view.select("boxes", ["box_id", "pages_declared"], where, order=["box_id"]),
        # Those of other cases too: a name that somebody gave there holds here where two are held for one.
        view.select("promoted", ["mention_id", "seq", "state"], order=["mention_id"]),
        view.select("same_mention", ["one", "other", "status", "seq"], order=["one", "other"]),
    )


def _short(claim: dict[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    """A claim as screens show it: thousands of sentences may say the same."""
    shown = [quote | {"file": files.get(quote["document"], "")} for quote in claim["quotes"][:QUOTES]]
    return claim | {"quotes": shown, "quotes_in_all": len(claim["quotes"])}
