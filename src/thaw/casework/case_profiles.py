"""What a column of the casebook means for the linkage: areas for counties, unknown for "undetermined".

Cases are read one at a time and kept as numbers and short codes: a million take about a hundred megabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.casebook import case_fields
from thaw.data import places
from thaw.data.places.agencies import is_state_alone, place_of_agency
from thaw.data.places.towns import find_towns, sole_county
from thaw.linkage import CaseIds, Profiles

_PLACES = ("", "_2", "_3")
_PARTS = ("lat", "lon", "precision_km", "county_fips", "state", "name")
_TOWN_KM = 15.0  # a town's middle stands for all of it
_COLUMNS = (
    *("case_id", "source_key", "incident_id", "homicide_type", "agency", "agency_name"),
    *("date_from", "date_to"),
    *(f"place{which}_{part}" for which in _PLACES for part in _PARTS),
    *("victim_age_low", "victim_age_high", "victim_sex", "weapon", "circumstance", "situation", "location_type"),
)
_DAY_ZERO = date(1900, 1, 1).toordinal()
# What the record says when it does not know is unknown here, and never a match.
_NOT_KNOWN = {"circumstance": "99", "weapon": "99", "location_type": "25"}
_VICTIMS = {"A": "single", "B": "single", "C": "single", "D": "multiple", "E": "multiple", "F": "multiple"}
_SPOT = ("lat", "lon", "spread_km")
_NUMBERS = ("date_from", "date_to", "age_low", "age_high", *(f"{part}{which}" for which in _PLACES for part in _SPOT))


def profile_columns() -> tuple[str, ...]:
    """Columns of `cases` that a profile is made from."""
    return (*_COLUMNS, *_behaviour_columns())


class Gathered:
    """Profiles of cases as far as they have been read; None is unknown.

    A profile is known by the source's key where there is one: case ids are random, and the same records should give the
    same figures in every book.
    """

    def __init__(self) -> None:
        self.ids: list[NDArray[np.bytes_]] = []
        self.case_ids: list[NDArray[np.bytes_]] = []
        self.incidents: list[NDArray[np.bytes_]] = []
        self.numbers: dict[str, list[NDArray[np.float64]]] = {name: [] for name in _NUMBERS}
        self.codes: dict[str, _Codes] = {}

    def take(self, found: Sequence[Sequence[Any]]) -> None:
        """Rows with the columns of `profile_columns`."""
        if found:
            self._take(dict(zip(profile_columns(), zip(*found, strict=True), strict=True)))

    def _take(self, rows: Mapping[str, Sequence[Any]]) -> None:
        keys = zip(rows["source_key"], rows["case_id"], strict=True)
        self.ids.append(_packed(key or case_id for key, case_id in keys))
        self.case_ids.append(_packed(rows["case_id"]))
        self.incidents.append(_packed(one or "" for one in rows["incident_id"]))
        found: dict[str, Iterable[float | None]] = {
            "date_from": map(_day, rows["date_from"]),
            "date_to": map(_day, rows["date_to"]),
            "age_low": rows["victim_age_low"],
            "age_high": rows["victim_age_high"],
        }
        for name, values in found.items():
            self.numbers[name].append(np.array(list(values), dtype=np.float64))
        for which in _PLACES:
            areas = [rows[f"place{which}_{part}"] for part in _PARTS]
            self._take_spots(which, areas)
        for name, texts in _categorical(rows).items():
            self.codes.setdefault(name, _Codes()).take(texts)

    def _take_spots(self, which: str, areas: Sequence[Sequence[Any]]) -> None:
        if which and not any(any(part is not None for part in column) for column in areas):
            # Hardly any case has further places: a column of them takes no memory while nobody fills it.
            nowhere = np.broadcast_to(np.float64(np.nan), (len(areas[0]),))
            for part in _SPOT:
                self.numbers[part + which].append(nowhere)
            return
        spots = [_spot(*parts) for parts in zip(*areas, strict=True)]
        for place, part in enumerate(_SPOT):
            self.numbers[part + which].append(np.array([spot[place] for spot in spots], dtype=np.float64))

    def profiles(self) -> tuple[Profiles, CaseIds]:
        """The profiles and the case id of each; what was gathered is handed over."""
        incident = _numbered(_joined(self.incidents))
        ids, case_ids = CaseIds(_joined(self.ids)), CaseIds(_joined(self.case_ids))
        columns = {name: self.codes.pop(name).column() for name in list(self.codes)}
        agency = columns.pop("agency", None)
        numbers = {name: _together(parts) for name, parts in self.numbers.items()}
        made = Profiles.from_columns(ids, incident=incident, agency=agency, numbers=numbers, categorical=columns)
        return made, case_ids


class _Codes:
    """One coded column: each value's number in the order of meeting, sorted at the end."""

    def __init__(self) -> None:
        self.met: dict[str | None, int] = {None: -1}
        self.parts: list[NDArray[np.integer[Any]]] = []

    def take(self, texts: Iterable[str | None]) -> None:
        met = self.met
        codes = [met.setdefault(text, len(met) - 1) for text in texts]
        # Codes of official lists fit 16 bits; there may be more agencies.
        self.parts.append(np.array(codes, dtype=np.int16 if len(met) < 2**15 else np.int32))

    def column(self) -> tuple[tuple[str, ...], NDArray[np.signedinteger[Any]]]:
        levels = sorted(value for value in self.met if value is not None)
        moved = np.full(len(levels) + 1, -1, dtype=np.int16 if len(levels) < 2**15 else np.int32)
        for place, level in enumerate(levels):
            moved[self.met[level]] = place
        return (tuple(levels), moved[np.concatenate(self.parts)].astype(moved.dtype))


def _categorical(rows: Mapping[str, Sequence[Any]]) -> Mapping[str, Iterable[str | None]]:
    found: dict[str, Iterable[str | None]] = {"victim_sex": rows["victim_sex"]}
    for name, unknown in _NOT_KNOWN.items():
        found[name] = [None if value == unknown else value for value in rows[name]]
    # Of the situation only the victims are counted. The number of offenders is known almost only where the offender is:
    # read from there, it would be "solved" in disguise.
    found["victim_count"] = [_VICTIMS.get(value) for value in rows["situation"]]
    found["agency"] = [ori or name for ori, name in zip(rows["agency"], rows["agency_name"], strict=True)]
    for column in _behaviour_columns():
        found[column.removeprefix("behaviours_")] = rows[column]
    return found


@cache
def _behaviour_columns() -> tuple[str, ...]:
    return tuple(field.stem for field in case_fields().values() if field.name.startswith("behaviours."))


@cache
def _day(text: str | None) -> float | None:
    return None if text is None else float(date.fromisoformat(text).toordinal() - _DAY_ZERO)


_Spot = tuple[float | None, float | None, float | None]


def _spot(
    lat: float | None, lon: float | None, radius: float | None, fips: str | None, state: str | None, name: str | None
) -> _Spot:
    """Center and radius in km of what is known of a place: point, else county, else town, else state."""
    return (lat, lon, radius or 1.0) if lat is not None else _area(fips, state, None if fips else name)


@cache
def _area(fips: str | None, state: str | None, name: str | None) -> _Spot:
    county = places.county(fips) if fips else None
    if county is None and name and state and not is_state_alone(name, state):
        # The oldest files name a town and no county.
        town, fips = place_of_agency(name, state)
        towns = find_towns(town, state) if town else ()
        if len(towns) == 1:
            return towns[0].lat, towns[0].lon, _TOWN_KM
        county = places.county(fips or (sole_county(town, state) if town else None) or "")
    if county is not None:
        return county.lat, county.lon, county.radius_km
    whole = places.state(state) if state else None
    return (whole.lat, whole.lon, whole.radius_km) if whole else (None, None, None)


def _packed(texts: Iterable[str]) -> NDArray[np.bytes_]:
    return np.array([text.encode() for text in texts], dtype=np.bytes_)


def _joined(parts: list[NDArray[np.bytes_]]) -> NDArray[np.bytes_]:
    joined = np.concatenate(parts) if parts else np.empty(0, dtype="S1")
    parts.clear()  # at a million cases both would be one too many
    return joined


def _together(parts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    if all(part.strides == (0,) for part in parts):
        return np.broadcast_to(np.float64(np.nan), (sum(part.size for part in parts),))
    joined = np.concatenate(parts) if parts else np.empty(0, dtype=np.float64)
    parts.clear()
    return joined


def _numbered(incidents: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """A number per incident, -1 for a case without one."""
    numbers: NDArray[np.int64] = np.unique(incidents, return_inverse=True)[1]
    numbers[incidents == b""] = -1
    return numbers
