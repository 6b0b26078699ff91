"""Profiles of all cases that a reader sees, ready to be ranked; kept in memory while the casebook stays the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from thaw.access import View
from thaw.casebook import unfolded
from thaw.linkage import (
    Background,
    CaseIds,
    Labels,
    PairSample,
    Preset,
    Prior,
    Profiles,
    agreement,
    learn,
)
from thaw.linkage.profiles import Column
from thaw.record import predicates
from thaw.store import Where

from .book import Progress, Session, no_progress
from .case_profiles import Gathered, profile_columns
from .decisions import double_codings
from .labels import known_series, learning_material

# Columns that name a case in a list and say its values in words.
_SHOWN = (
    "title",
    "invented",
    "source_row",
    "date_precision",
    "place_name",
    "place_2_name",
    "place_3_name",
    "offender_known",
)


@dataclass(frozen=True)
class Matcher:
    """Everything that a ranking needs, for what one kind of reader sees at one state of the casebook.

    calibration  of the scores by labelled series, None where there are too few
    series       rows of the cases of each known series
    """

    case_ids: CaseIds
    profiles: Profiles
    background: Background
    calibration: Any
    series: Mapping[str, list[int]]

    @cached_property
    def pairs(self) -> PairSample:
        """Scores of random pairs, drawn when first asked for."""
        return PairSample.draw(self.background)

    def row_of(self, case_id: str) -> int:
        """Row of a case, -1 when it is not ranked (folded into another, or a death by negligence)."""
        return self.case_ids.find(case_id)


def matcher_for(session: Session, view: View, progress: Progress = no_progress) -> Matcher:
    """The matcher for what this view sees, from memory while the casebook has not changed."""
    key = _key(session, view)
    kept = session.book.cache.get("matcher")
    if kept is None or kept[0] != key:
        session.book.cache.pop("matcher", None)  # the old one first: two of a million cases are one too many
        kept = session.book.cache["matcher"] = (key, _load(view, Preset.load(key[-1]), progress))
    matcher: Matcher = kept[1]
    return matcher


def is_ready(session: Session, view: View) -> bool:
    """Whether `matcher_for` would answer from memory."""
    kept = session.book.cache.get("matcher")
    return kept is not None and kept[0] == _key(session, view)


def _key(session: Session, view: View) -> tuple[int, int, object, str]:
    preset = str(session.book.settings["linkage.preset"])
    return (view.changed_seq("casebook"), view.changed_seq("decisions"), view.visible, preset)


def prior_of(session: Session) -> Prior:
    """What the unit believes before looking: the settings of the book."""
    settings = session.book.settings
    return Prior(float(settings["linkage.serial_share"]), float(settings["linkage.series_length"]))


def _load(view: View, preset: Preset, progress: Progress) -> Matcher:
    gathered = Gathered()
    # Negligent manslaughter is another kind of death than the ones that series are made of: neither ranked nor counted.
    kind = profile_columns().index("homicide_type")
    total, read = view.count("cases", [unfolded(view)]), 0

    def take(some: list[tuple[Any, ...]]) -> None:
        nonlocal read
        gathered.take([row for row in some if row[kind] != "B"])
        read += len(some)
        progress("cases", read, total)

    progress("cases", 0, total)
    view.in_chunks("cases", profile_columns(), take, [unfolded(view)])
    profiles, case_ids = gathered.profiles()
    profiles = replace(profiles, categorical={**profiles.categorical, **_coded_manner(view, case_ids, preset)})
    coded = agreement(double_codings(view), preset.reliability)
    background = Background.fit(profiles, preset.shrunk_by({name: one.right_twice for name, one in coded.items()}))
    series = {
        name: [row for row in map(case_ids.find, members) if row >= 0] for name, members in known_series(view).items()
    }
    return _taught(view, Matcher(case_ids, profiles, background, None, series))


def _coded_manner(view: View, case_ids: CaseIds, preset: Preset) -> dict[str, Column]:
    """The fields of the coding set as columns: what the last coder of each case said."""
    wanted = {name.removeprefix("mo.") for name in predicates("case") if name.startswith("mo.")} & set(preset.names())
    held: dict[str, dict[int, str]] = {}
    for case_id, field, value in view.select("codings", ["case_id", "field", "value"], order=["seq"]):
        row = case_ids.find(case_id) if field in wanted else -1
        if row >= 0:
            held.setdefault(field, {})[row] = value
    columns: dict[str, Column] = {}
    for field, said in held.items():
        levels = sorted(set(said.values()) - {"unknown"})
        codes = np.full(len(case_ids), -1, dtype=np.int16)
        for row, value in said.items():
            codes[row] = levels.index(value) if value != "unknown" else -1
        columns[field] = Column(tuple(levels), codes)
    return columns


def _taught(view: View, matcher: Matcher) -> Matcher:
    """The matcher with what known series teach; as it was where there are too few."""
    members, apart = learning_material(view)
    if not members:
        return matcher
    name_of = {
        case_id: matcher.profiles.ids[row] for case_id in _ids(members, apart) if (row := matcher.row_of(case_id)) >= 0
    }
    labels = Labels.of(
        matcher.profiles,
        [(series, name_of[case_id]) for series, case_id in members if case_id in name_of],
        [(name_of[one], name_of[other]) for one, other in apart if one in name_of and other in name_of],
    )
    learned = learn(matcher.background, labels)
    if learned.preset is matcher.background.preset:
        return matcher
    return replace(
        matcher, background=Background.fit(matcher.profiles, learned.preset), calibration=learned.calibration
    )


def _ids(members: list[tuple[str, str]], apart: list[tuple[str, str]]) -> set[str]:
    return {case_id for _, case_id in members} | {case_id for pair in apart for case_id in pair}


def case_rows(view: View, case_ids: list[str]) -> dict[str, Mapping[str, Any]]:
    """The rows of some visible cases, by id: what a profile is made from, and what a list shows."""
    columns = (*profile_columns(), *_SHOWN)
    among = [Where("case_id", "in", case_ids)]
    found = view.select("cases", columns, among) if case_ids else []
    rows: dict[str, dict[str, Any]] = {row[0]: dict(zip(columns, row, strict=True)) | {"mo": {}} for row in found}
    coded = view.select("codings", ["case_id", "field", "value"], among, order=["seq"]) if rows else []
    for case_id, field, value in coded:
        if case_id in rows and f"mo.{field}" in predicates("case"):
            rows[case_id]["mo"][field] = None if value == "unknown" else value
    return dict(rows)


def query_of(row: Mapping[str, Any]) -> Any:
    """One row of `cases`, or an incident that is in no book, as a query; `mo` holds fields of the coding set."""
    gathered = Gathered()
    gathered.take([[row.get(name) for name in profile_columns()]])
    query = gathered.profiles()[0].profile(0)
    return replace(query, categorical={**query.categorical, **row.get("mo", {})})
