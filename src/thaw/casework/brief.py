"""The case on one page: statements with sources, what people decided and why, what its papers say."""

from __future__ import annotations

from typing import Any

from thaw.access import View
from thaw.casebook import read_case
from thaw.store import Where

from .book import Session
from .cases import case_document
from .claim_decisions import settled_claims
from .compared import papers_compared
from .decided import decisions_of_case
from .notes import notes_of
from .reader import named_groups


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

    disagreements  groups of claims that exclude each other: each a list of claims as `compared` gives them; with
                   `settled` (preferred, reason, by, at, entry) when a person has decided
    gaps           as `thaw gaps` gives them
    documents      how many papers were read
    Raises InputError for a case that is not there.
    """
    view = session.look(purpose, detail={"command": "claims"}, about=case_id)
    assert view.about is not None
    claims = papers_compared(session, view, "claims", kept_only=kept_only)
    found = papers_compared(session, view, "gaps", kept_only=kept_only)
    told = papers_compared(session, view, "dated", kept_only=kept_only)
    if claims is None or found is None or told is None:
        return None
    differing = {claim["claim_id"]: claim for claim in claims if claim["conflicts_with"]}
    settled = settled_claims(view, view.about)
    groups = [_group(group, settled) for group in _together(differing)]
    # Open ones first, among them those with most sources.
    groups.sort(key=lambda g: (g["settled"] is not None, -sum(c["independent_sources"] for c in g["claims"])))
    return {"case_id": view.about, "disagreements": groups, "gaps": found, "documents": len(told["papers"])}


def _together(claims: dict[str, dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Claims that exclude each other, directly or through another, in groups."""
    left = dict(claims)
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
