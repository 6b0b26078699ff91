"""Hypotheses in words, and what a sheet says of a case beside the numbers."""

from __future__ import annotations

from typing import Any

from .case import Case
from .case_file import read_cases
from .pedigree import Pedigree


def case_words(document: Any) -> list[dict[str, Any]]:
    """Per case of a document: id, title, hypotheses (name -> lines) and typed (person -> number of loci).

    Raises InputError as `kinship_lr` does. Sets of disaster victims are left out.
    """
    return [
        {
            "id": case.id,
            "title": case.about,
            "hypotheses": {h.name: in_words(h) for h in case.hypotheses},
            "typed": {who: sum(who in o.seen for o in case.observed) for who in case.typed()},
        }
        for case in read_cases(document)
        if isinstance(case, Case)
    ]


def in_words(pedigree: Pedigree) -> list[str]:
    """One line for each person who has parents, one for those who stand alone, one for inbred founders and others."""
    lines = []
    for p in pedigree.people.values():
        parents = [x for x in (p.father, p.mother) if x is not None]
        if parents:
            lines.append(f"{p.id} is a child of {' and '.join(parents)}.")
    alone = [p.id for p in pedigree.people.values() if p.is_founder and not pedigree.children(p.id)]
    if alone:
        lines.append(f"Not related to anybody: {', '.join(alone)}.")
    lines += [f"{who} is the same person as {real}." for who, real in pedigree.same.items()]
    lines += [f"The parents of {who} are related (inbreeding {f:g})." for who, f in pedigree.inbreeding.items()]
    return lines
