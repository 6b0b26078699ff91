"""Cases whose victim has no name: the unidentified bodies among some cases, and the series that a body is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thaw.access import View
from thaw.casebook.persons import compared_persons
from thaw.casebook.rulings import names_decided
from thaw.store import Where

from .person_records import listed_person


def nameless_among(view: View, case_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The visible unidentified bodies whose deaths are among these cases and whom no authority has named."""
    if not case_ids:
        return []
    named = names_decided(view)
    where = [Where("kind", "=", "unidentified"), Where("case_id", "in", list(case_ids))]
    return [listed_person(one) for one in compared_persons(view, where) if one["person_id"] not in named]


def series_of(view: View, case_id: str | None) -> list[dict[str, Any]]:
    """Known series that hold a visible case, each with how many visible cases it has."""
    if case_id is None:
        return []
    mine = [name for (name,) in view.select("series_cases", ["series"], [Where("case_id", "=", case_id)])]
    return [
        {"series": name, "cases": view.count("series_cases", [Where("series", "=", name)])}
        for name in sorted(set(mine))
    ]
