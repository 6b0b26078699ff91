"""One number of one register that came in by two formats is one person; a decision that people can take back.

The flat table of the unidentified and the register's own export share their numbers (UP12), but not their source keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from thaw.access import View
from thaw.store import Where

from .book import Session, program, scope_of
from .person_decisions import decisions_on_persons, pair_key

# Formats that read one register and keep its number behind the colon of a source key.
_REGISTERS: Sequence[frozenset[str]] = (frozenset({"namus-flat", "namus-unidentified"}),)
_REASON = "the same number of the same register"
_AT_ONCE = 500


def join_same_numbers(session: Session, view: View, *, since: int) -> int:
    """Decide that persons that came in after an entry are those of the same number in the other format; how many."""
    fresh = view.select(
        "person_register", ["person_id", "source_key", "case_id"], [Where("first_seq", ">=", since + 1)]
    )
    twins = {key: row for row in fresh for key in _twins(row[1] or "")}
    if not twins:
        return 0
    names, held = list(twins), []
    for start in range(0, len(names), _AT_ONCE):
        where = [Where("source_key", "in", names[start : start + _AT_ONCE])]
        held += view.select("person_register", ["person_id", "source_key", "case_id"], where)
    decided = decisions_on_persons(view) if held else {}
    drafts, work = [], program(session.book)
    for person_id, key, case_id in held:
        mine = twins[key]
        pair = pair_key(person_id, mine[0])
        if pair in decided:
            continue
        payload: dict[str, Any] = {"persons": list(pair), "decision": "accept", "reason": _REASON}
        payload |= scope_of([case_id, mine[2]])
        decided[pair] = ("accept", _REASON)
        drafts.append(work.draft("same_person.decide", payload))
    for start in range(0, len(drafts), _AT_ONCE):
        session.book.store.append(*drafts[start : start + _AT_ONCE])
    return len(drafts)


def _twins(source_key: str) -> list[str]:
    name, _, number = source_key.partition(":")
    return [f"{other}:{number}" for group in _REGISTERS if name in group for other in sorted(group - {name})]


def told_once(people: Sequence[Mapping[str, Any]], decisions: Mapping[tuple[str, str], tuple[str, str]]) -> set[str]:
    """Ids of those who are, by decision, the same person as an earlier one of the list, who stands for both."""
    place = {one["person_id"]: i for i, one in enumerate(people)}
    stands = {one: one for one in place}

    def first(one: str) -> str:
        while stands[one] != one:
            one = stands[one]
        return one

    for (one, other), (decision, _) in decisions.items():
        if decision == "accept" and one in place and other in place:
            early, late = sorted((first(one), first(other)), key=place.__getitem__)
            stands[late] = early
    return {one for one in place if first(one) != one}
