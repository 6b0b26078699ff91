"""What people decided on persons of two records: the same, not the same, open. Nothing is merged."""

from __future__ import annotations

from thaw.access import View
from thaw.store import Where


def same_persons(view: View, person_id: str) -> list[str]:
    """The persons that were accepted as one with this one, itself first."""
    group, waiting = [person_id], [person_id]
    pairs = [key for key, (decision, _) in decisions_on_persons(view).items() if decision == "accept"]
    while waiting:
        here = waiting.pop()
        new = [p for pair in pairs if here in pair for p in pair if p not in group]
        group += new
        waiting += new
    return group


def decisions_on_persons(view: View) -> dict[tuple[str, str], tuple[str, str]]:
    """The standing decision on each pair, with its reason; those that were taken back are left out."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    where = [Where("kind", "in", ["same_person.decide", "same_person.undo"])]
    for entry in reversed(view.log(where, limit=1_000_000)):
        payload = entry.payload or {}
        if "persons" in payload:
            key = pair_key(*payload["persons"])
            if entry.leaf.kind == "same_person.decide":
                found[key] = (payload["decision"], payload["reason"])
            else:
                found.pop(key, None)
    return found


def pair_key(one: str, other: str) -> tuple[str, str]:
    """Two persons in a fixed order."""
    return (one, other) if one < other else (other, one)
