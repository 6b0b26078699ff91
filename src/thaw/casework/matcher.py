"""Profiles of all cases that a reader sees, ready to be ranked; kept in memory while the casebook stays the same.

What a column of the casebook means for the linkage is decided here: areas for counties, unknown for "undetermined".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from thaw.access import View
from thaw.casebook import case_fields, unfolded
from thaw.data import places
from thaw.linkage import Background, PairSample, Preset, Profiles

from .book import Session

_COLUMNS = (
    *("case_id", "source_key", "source_row", "title", "incident_id", "invented", "homicide_type"),
    *("date_from", "date_to", "date_precision", "place_name", "place_lat", "place_lon", "place_precision_km"),
    *("place_county_fips", "place_state", "victim_age_low", "victim_age_high", "victim_sex"),
    *("weapon", "circumstance", "situation", "location_type"),
)
_DAY_ZERO = date(1900, 1, 1).toordinal()
# What the record says when it does not know is unknown here, and never a match.
_NOT_KNOWN = {"circumstance": ("99",), "weapon": ("99",), "location_type": ("25",)}
_VICTIMS = {"A": "single", "B": "single", "C": "single", "D": "multiple", "E": "multiple", "F": "multiple"}


@dataclass(frozen=True)
class Matcher:
    """Everything that a ranking needs, for what one kind of reader sees at one state of the casebook."""

    rows: Mapping[str, Sequence[Any]]
    profiles: Profiles
    background: Background

    @cached_property
    def pairs(self) -> PairSample:
        """Scores of random pairs, drawn when first asked for."""
        return PairSample.draw(self.background)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Row of each case."""
        return {case_id: i for i, case_id in enumerate(self.rows["case_id"])}


def matcher_for(session: Session, view: View) -> Matcher:
    """The matcher for what this view sees, from memory while the casebook has not changed."""
    preset = str(session.book.settings["linkage.preset"])
    key = (view.changed_seq("casebook"), view.visible, preset)
    kept = session.book.cache.get("matcher")
    if kept is None or kept[0] != key:
        kept = session.book.cache["matcher"] = (key, _load(view, Preset.load(preset)))
    matcher: Matcher = kept[1]
    return matcher


def _load(view: View, preset: Preset) -> Matcher:
    every = view.select("cases", profile_columns(), [unfolded(view)], order=["first_seq"])
    # Negligent manslaughter is another kind of death than the ones that series are made of: neither ranked nor counted.
    kind = profile_columns().index("homicide_type")
    found = [row for row in every if row[kind] != "B"]
    columns = list(zip(*found, strict=True)) if found else [() for _ in profile_columns()]
    rows = dict(zip(profile_columns(), columns, strict=True))
    profiles = profiles_of(rows)
    return Matcher(rows, profiles, Background.fit(profiles, preset))


def profile_columns() -> tuple[str, ...]:
    """Columns of `cases` that a profile is made from, and those that name a case in a list."""
    return (*_COLUMNS, *(field.stem for field in case_fields().values() if field.name.startswith("behaviours.")))


def profiles_of(rows: Mapping[str, Sequence[Any]]) -> Profiles:
    """Profiles from columns of `cases`, each a sequence of the same length; None is unknown."""
    incident_numbers: dict[str, int] = {}
    numbers = {
        "date_from": _days(rows["date_from"]),
        "date_to": _days(rows["date_to"]),
        "age_low": rows["victim_age_low"],
        "age_high": rows["victim_age_high"],
    }
    areas = (rows[f"place_{part}"] for part in ("lat", "lon", "precision_km", "county_fips", "state"))
    spots = [_spot(*parts) for parts in zip(*areas, strict=True)]
    for i, name in enumerate(("lat", "lon", "spread_km")):
        numbers[name] = [spot[i] for spot in spots]
    # Known by the source's key where there is one: case ids are random, and the same records should give the same
    # figures in every book.
    names = [key or case_id for key, case_id in zip(rows["source_key"], rows["case_id"], strict=True)]
    return Profiles.from_columns(
        names,
        incident=[
            None if i is None else incident_numbers.setdefault(i, len(incident_numbers)) for i in rows["incident_id"]
        ],
        numbers=numbers,
        categorical=_categorical(rows),
    )


def _categorical(rows: Mapping[str, Sequence[Any]]) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {"victim_sex": list(rows["victim_sex"])}
    for name in ("weapon", "circumstance", "location_type"):
        found[name] = [None if value in _NOT_KNOWN[name] else value for value in rows[name]]
    # Of the situation only the victims are counted. The number of offenders is known almost only where the offender is:
    # read from there, it would be "solved" in disguise.
    found["victim_count"] = [_VICTIMS.get(value) for value in rows["situation"]]
    for column, values in rows.items():
        if column.startswith("behaviours_"):
            found[column.removeprefix("behaviours_")] = list(values)
    return found


def _days(texts: Iterable[str | None]) -> list[float | None]:
    known: dict[str, float] = {}
    days: list[float | None] = []
    for text in texts:
        if text is not None and text not in known:
            known[text] = float(date.fromisoformat(text).toordinal() - _DAY_ZERO)
        days.append(None if text is None else known[text])
    return days


_Spot = tuple[float | None, float | None, float | None]


def _spot(lat: float | None, lon: float | None, radius: float | None, fips: str | None, state: str | None) -> _Spot:
    """Center and radius in km of what is known of a place: point, else county, else state."""
    if lat is not None:
        return lat, lon, radius or 1.0
    county = places.county(fips) if fips else None
    if county is not None:
        return county.lat, county.lon, county.radius_km
    whole = places.state(state) if state else None
    return (whole.lat, whole.lon, whole.radius_km) if whole else (None, None, None)
