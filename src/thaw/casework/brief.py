"""The case on one page: statements with sources, what people decided and why, what its papers say."""

from __future__ import annotations

from typing import Any

from thaw.access import View
from thaw.casebook import accounts, read_case
from thaw.store import Where

from .book import Session
from .cases import case_document
from .claim_decisions import settled_claims
from .claims import accounts_by_case
from .decided import decisions_of_case
from .gaps import gaps_among
from .notes import notes_of
from .reader import named_groups

_CASES_KEPT = 50


def case_brief(session: Session, case_id: str, *, purpose: str = "") -> dict[str, Any]:
    """The answer of `thaw case` with what a person at work needs beside it, in one look.

    decisions  what people decided on the case, newest first
    why        by field: by whom, why and in which entry its reading was preferred
    named      named persons and things of the case, in groups
    notes      what people noted on it and on its pages, newest first
    sections   how many pages belong to each section of the murder book, by section
    Raises InputError, in the same words, for a case that does not exist and one that this person may not see.
    """
    view = session.look(purpose, detail={"command": "case"}, about=case_id)
    assert view.about is not None
    document = case_document(view, read_case(view, view.about))
    return document | {
        "decisions": decisions_of_case(view, view.about),
        "why": _preferred(view, view.about),
        "named": named_groups(view, view.about),
        "sections": _sections(view, view.about),
        "notes": notes_of(view, case_id=view.about),
    }


def case_papers(session: Session, case_id: str, *, purpose: str = "", kept_only: bool = False) -> dict[str, Any] | None:
    """Where the papers of a case disagree, and what is missing among them.

    kept_only  None when the papers would have to be compared first, which takes a while for thousands of pages

    disagreements  groups of claims that exclude each other: each a list of claims as `thaw claims` gives them; with
                   `settled` (preferred, reason, by, at, entry) when a person has decided
    gaps           as `thaw gaps` gives them
    documents      how many papers were read
    Raises InputError for a case that is not there.
    """
    view = session.look(purpose, detail={"command": "claims"}, about=case_id)
    assert view.about is not None
    kept: dict[Any, Any] = session.book.cache.setdefault("case_papers", {})
    key, state = (view.about, view.visible), _state_of_papers(view, view.about)
    known = kept.get(key)
    if known is None or known[0] != state:
        if kept_only:
            return None
        known = (state, _compared(session, view))
        if len(kept) >= _CASES_KEPT:
            kept.clear()
        kept[key] = known
    claims, gaps_found, files = known[1]
    settled = settled_claims(view, view.about)
    groups = [_group(group, settled) for group in _together(claims)]
    # Open ones first, among them those with most sources.
    groups.sort(key=lambda g: (g["settled"] is not None, -sum(c["independent_sources"] for c in g["claims"])))
    return {"case_id": view.about, "disagreements": groups, "gaps": gaps_found, "documents": files}


def _compared(session: Session, view: View) -> tuple[dict[str, Any], list[dict[str, Any]], int]:
    """Claims that others exclude by id, gaps, and the number of papers, each with the names of the files."""
    assert view.about is not None
    told = accounts_by_case(session, view).get(view.about, [])
    # Only what others contradict is shown here; all claims of thousands of pages would fill the memory.
    claims = {claim.claim_id: claim.to_json() for claim in accounts.claims_of(told) if claim.conflicts}
    files = {account.document: account.name for account in told}
    for claim in claims.values():
        for quote in claim["quotes"]:
            quote["file"] = files.get(quote["document"], "")
    found = gaps_among(view, told)
    for gap in found:
        gap["file"] = files.get(gap["document"] or "", "")
    return claims, found, len(told)


def _state_of_papers(view: View, case_id: str) -> tuple[Any, ...]:
    """What the comparison of a case's papers rests on: their newest texts, and what their boxes should hold."""
    where = [Where("case_id", "=", case_id)]
    papers = view.select("documents", ["document_id", "text_seq", "state"], where, order=["document_id"])
    boxes = view.select("boxes", ["box_id", "pages_declared"], where, order=["box_id"])
    return tuple(papers), tuple(boxes)


def _together(claims: dict[str, dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Claims that exclude each other, directly or through another, in groups."""
    left = {name: claim for name, claim in claims.items() if claim["conflicts_with"]}
    groups = []
    while left:
        waiting, group = [next(iter(left))], []
        while waiting:
            claim = left.pop(waiting.pop(), None)
            if claim is not None:
                group.append(claim)
                waiting += claim["conflicts_with"]
        group.sort(key=lambda claim: (-claim["independent_sources"], claim["first"] or "9", claim["claim_id"]))
        groups.append(group)
    return groups


def _group(claims: list[dict[str, Any]], settled: dict[str, dict[str, Any]]) -> dict[str, Any]:
    chosen = next((claim["claim_id"] for claim in claims if claim["claim_id"] in settled), None)
    decided = settled[chosen] | {"preferred": chosen} if chosen else None
    if chosen:
        claims = sorted(claims, key=lambda claim: claim["claim_id"] != chosen)
    return {"subject": claims[0]["subject"], "kind": claims[0]["kind"], "claims": claims, "settled": decided}


def _preferred(view: View, case_id: str) -> dict[str, dict[str, Any]]:
    where = [Where("case_id", "=", case_id), Where("kind", "=", "statement.prefer")]
    found: dict[str, dict[str, Any]] = {}
    for entry in reversed(view.log(where, limit=10_000)):
        if entry.payload:
            facts = {name: entry.payload.get(name) for name in ("reason", "by", "entry", "role", "index")}
            found[entry.payload["field"]] = facts | {"at": entry.leaf.at, "decided": entry.leaf.seq}
    return found


def _sections(view: View, case_id: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for section, _, _ in set(
        view.select("pages", ["section", "document_id", "page"], [Where("case_id", "=", case_id)])
    ):
        counts[section or ""] = counts.get(section or "", 0) + 1
    return counts
