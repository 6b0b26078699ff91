"""Profiles of all cases that a reader sees, ready to be ranked; kept in memory while the casebook stays the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from thaw.access import View
from thaw.casebook import unfolded
from thaw.linkage import Background, CaseIds, PairSample, Preset, Profile, Profiles
from thaw.store import Where

from .book import Session
from .case_profiles import profile_columns, profiles_of

# Columns that name a case in a list and say its values in words.
_SHOWN = ("title", "invented", "source_row", "date_precision", "place_name")


@dataclass(frozen=True)
class Matcher:
    """Everything that a ranking needs, for what one kind of reader sees at one state of the casebook."""

    case_ids: CaseIds
    profiles: Profiles
    background: Background

    @cached_property
    def pairs(self) -> PairSample:
        """Scores of random pairs, drawn when first asked for."""
        return PairSample.draw(self.background)

    def row_of(self, case_id: str) -> int:
        """Row of a case, -1 when it is not ranked (folded into another, or a death by negligence)."""
        return self.case_ids.find(case_id)


def matcher_for(session: Session, view: View) -> Matcher:
    """The matcher for what this view sees, from memory while the casebook has not changed."""
    preset = str(session.book.settings["linkage.preset"])
    key = (view.changed_seq("casebook"), view.visible, preset)
    kept = session.book.cache.get("matcher")
    if kept is None or kept[0] != key:
        session.book.cache.pop("matcher", None)  # the old one first: two of a million cases are one too many
        kept = session.book.cache["matcher"] = (key, _load(view, Preset.load(preset)))
    matcher: Matcher = kept[1]
    return matcher


def _load(view: View, preset: Preset) -> Matcher:
    every = view.stream("cases", profile_columns(), [unfolded(view)])
    # Negligent manslaughter is another kind of death than the ones that series are made of: neither ranked nor counted.
    kind = profile_columns().index("homicide_type")
    profiles, case_ids = profiles_of(row for row in every if row[kind] != "B")
    return Matcher(case_ids, profiles, Background.fit(profiles, preset))


def case_rows(view: View, case_ids: list[str]) -> dict[str, Mapping[str, Any]]:
    """The rows of some visible cases, by id: what a profile is made from, and what a list shows."""
    columns = (*profile_columns(), *_SHOWN)
    found = view.select("cases", columns, [Where("case_id", "in", case_ids)]) if case_ids else []
    return {row[0]: dict(zip(columns, row, strict=True)) for row in found}


def query_of(row: Mapping[str, Any]) -> Profile:
    """One row of `cases`, or an incident that is in no book, as a query."""
    return profiles_of([[row.get(name) for name in profile_columns()]])[0].profile(0)
