"""What linkage reads of a case, as columns: intervals of days, places with a blur, ages, and coded values.

In: plain Python columns with None for unknown. Out: frozen `Profiles` of N cases, or one `Profile`.
Unknown is NaN or code -1 in here and is never a value. There is no column for race, ethnicity or solved status, and a
column of such a name is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError
from thaw.linkage.case_ids import CaseIds
from thaw.linkage.preset import is_forbidden

Floats = NDArray[np.float64]
Codes = NDArray[np.signedinteger[Any]]
PLACES = (("lat", "lon", "spread_km"), ("lat_2", "lon_2", "spread_km_2"), ("lat_3", "lon_3", "spread_km_3"))
_NUMBERS = ("date_from", "date_to", *(name for place in PLACES for name in place), "age_low", "age_high")
_UNKNOWN = -1
_MOST_LEVELS = 1000  # the longest official list, NIBRS locations, has under a hundred


@dataclass(frozen=True, slots=True)
class Profile:
    """One case to compare: each field None, or absent from `categorical`, where it is unknown.

    date_from, date_to  days from any fixed midnight, both or none; the killing lies between them
    lat, lon            degrees; spread_km = root mean square distance of where it may really be from that point
    lat_2 ... lat_3 ... further places of the case: met, killed, left
    age_low, age_high   years of the victim
    agency              whose records it is among, for the background; not compared
    incident            number of the incident, to find co-victims; not compared
    categorical         codes; a set is written `a|b`, a count `3` or `5..9`
    """

    id: str
    date_from: float | None = None
    date_to: float | None = None
    lat: float | None = None
    lon: float | None = None
    spread_km: float | None = None
    age_low: float | None = None
    age_high: float | None = None
    incident: int | None = None
    lat_2: float | None = None
    lon_2: float | None = None
    spread_km_2: float | None = None
    lat_3: float | None = None
    lon_3: float | None = None
    spread_km_3: float | None = None
    agency: str | None = None
    categorical: Mapping[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Profiles.of([self])


@dataclass(frozen=True, slots=True)
class Column:
    """One categorical feature of N cases: sorted levels, and per case the index of its level or -1 for unknown."""

    levels: tuple[str, ...]
    codes: Codes


Coded = tuple[tuple[str, ...], Codes]


@dataclass(frozen=True, slots=True)
class Profiles:
    """N cases as columns of equal length; units as in `Profile`, NaN for unknown, `incident` -1 for none."""

    ids: CaseIds
    incident: NDArray[np.int64]
    date_from: Floats
    date_to: Floats
    lat: Floats
    lon: Floats
    spread_km: Floats
    lat_2: Floats
    lon_2: Floats
    spread_km_2: Floats
    lat_3: Floats
    lon_3: Floats
    spread_km_3: Floats
    age_low: Floats
    age_high: Floats
    agency: Column
    categorical: Mapping[str, Column]

    def __post_init__(self) -> None:
        _check_names(self.categorical)
        for name in ("incident", *_NUMBERS):
            _check_length(name, getattr(self, name).shape, self.ids)
        for name, column in (("agency", self.agency), *self.categorical.items()):
            _check_length(name, column.codes.shape, self.ids)
        if not self.ids.distinct:
            raise InputError(where="cases to link", got="an id twice", want="one row per case", fix="Remove the copy.")
        _check_ranges(self)

    @staticmethod
    def from_columns(
        ids: Sequence[str] | CaseIds,
        *,
        incident: Sequence[int | None] | NDArray[np.int64] | None = None,
        agency: Sequence[str | None] | Coded | None = None,
        numbers: Mapping[str, Sequence[float | None] | Floats],
        categorical: Mapping[str, Sequence[str | None] | Coded],
    ) -> Profiles:
        """Profiles from plain columns with None for unknown, or ready arrays; columns left out are unknown throughout.

        numbers      any of date_from, date_to, lat, lon, spread_km (and those of further places), age_low, age_high
        categorical  values as strings, by feature name; or sorted levels and an array of codes, -1 for unknown
        Raises InputError for an unknown column, unequal lengths, or a value out of its range.
        """
        unknown = sorted(set(numbers) - set(_NUMBERS))
        if unknown:
            raise InputError(
                where="cases to link",
                got=f"the number column {unknown[0]}",
                want="one of: " + ", ".join(_NUMBERS),
                fix="Leave the column out.",
            )
        return Profiles(
            ids=ids if isinstance(ids, CaseIds) else CaseIds(ids),
            incident=_incidents(incident, len(ids)),
            **{name: _floats(numbers.get(name), len(ids)) for name in _NUMBERS},
            agency=_encoded([None] * len(ids) if agency is None else agency, limit=None),
            categorical={name: _encoded(values) for name, values in sorted(categorical.items())},
        )

    @staticmethod
    def of(rows: Iterable[Profile]) -> Profiles:
        """Profiles of some single cases."""
        held = list(rows)
        names = sorted({name for row in held for name in row.categorical})
        return Profiles.from_columns(
            [row.id for row in held],
            incident=[row.incident for row in held],
            agency=[row.agency for row in held],
            numbers={name: [getattr(row, name) for row in held] for name in _NUMBERS},
            categorical={name: [row.categorical.get(name) for row in held] for name in names},
        )

    def __len__(self) -> int:
        return len(self.ids)

    def profile(self, index: int) -> Profile:
        """Case number `index` (0 <= index < N) alone, as a query."""
        numbers = {name: _or_none(float(getattr(self, name)[index])) for name in _NUMBERS}
        values = {name: _value(column, index) for name, column in self.categorical.items()}
        incident = int(self.incident[index])
        return Profile(
            self.ids[index],
            **numbers,
            incident=None if incident < 0 else incident,
            agency=_value(self.agency, index),
            categorical=values,
        )

    def id_order(self) -> NDArray[np.intp]:
        """Row numbers in the order of the ids: whatever is drawn or digested in it does not depend on input order."""
        return self.ids.order

    def digest(self, order: NDArray[np.intp] | None = None) -> str:
        """SHA-256 (hex) of all columns in id order (`order` if at hand): the same for the same cases in any order."""
        order = self.id_order() if order is None else order
        state = hashlib.sha256(b"thaw.linkage.profiles/2\0")
        state.update(self.ids.packed[order].tobytes())
        for name in ("incident", *_NUMBERS):
            numbers = getattr(self, name)[order]
            # One pattern for every NaN, and 0.0 for -0.0: equal columns must have equal bytes.
            state.update(name.encode() + b"\0" + np.where(np.isnan(numbers), np.nan, numbers + 0).tobytes())
        for name, column in (("agency", self.agency), *sorted(self.categorical.items())):
            state.update("\0".join((name, *column.levels, "")).encode() + column.codes[order].tobytes())
        return state.hexdigest()


def co_victims(profiles: Profiles, query: Profile) -> NDArray[np.bool_]:
    """Mask of the other cases of the query's incident: certain edges, shown apart and never ranked as similar."""
    if query.incident is None:
        return np.zeros(len(profiles), dtype=np.bool_)
    mask: NDArray[np.bool_] = profiles.incident == query.incident
    own = profiles.ids.find(query.id)
    if own >= 0:
        mask[own] = False
    return mask


def input_digest(profiles: Profiles | str, query: Profile) -> str:
    """SHA-256 (hex) of the cases searched (or their ready digest, which is faster) and the query's own values."""
    cases = profiles if isinstance(profiles, str) else profiles.digest()
    return hashlib.sha256(f"{cases}\0{Profiles.of([query]).digest()}".encode()).hexdigest()


def _encoded(values: Sequence[str | None] | Coded, limit: int | None = _MOST_LEVELS) -> Column:
    if isinstance(values, tuple) and len(values) == 2 and isinstance(values[1], np.ndarray):
        return Column(*values)
    levels = sorted({value for value in values if value is not None})
    if limit is not None and len(levels) > limit:
        raise InputError(
            where="cases to link",
            got=f"a categorical column with {len(levels)} different values",
            want=f"at most {limit}",
            fix="Free text is no feature: code it first.",
        )
    index: dict[str | None, int] = {level: code for code, level in enumerate(levels)}
    index[None] = _UNKNOWN
    # No list of official codes has more levels than 16 bits hold; agencies may.
    kind = np.int16 if len(levels) < 2**15 else np.int32
    return Column(tuple(levels), np.fromiter(map(index.__getitem__, values), dtype=kind, count=len(values)))


def _floats(values: Sequence[float | None] | Floats | None, count: int) -> Floats:
    if values is None:
        return np.broadcast_to(np.float64(np.nan), (count,))  # a column that nobody fills takes no memory
    return np.asarray(values, dtype=np.float64)


def _incidents(values: Sequence[int | None] | NDArray[np.int64] | None, count: int) -> NDArray[np.int64]:
    if values is None:
        return np.full(count, _UNKNOWN, dtype=np.int64)
    if isinstance(values, np.ndarray):
        return values.astype(np.int64)
    return np.array([_UNKNOWN if value is None else value for value in values], dtype=np.int64)


def _value(column: Column, index: int) -> str | None:
    code = int(column.codes[index])
    return None if code < 0 else column.levels[code]


def _or_none(number: float) -> float | None:
    return None if np.isnan(number) else number


def _check_names(categorical: Mapping[str, object]) -> None:
    for name in categorical:
        if is_forbidden(name):
            raise InputError(
                where="cases to link",
                got=f"the column {name}",
                want="no race, ethnicity or solved status",
                fix="Linkage must never read it: leave it out.",
            )


def _check_length(name: str, shape: tuple[int, ...], ids: CaseIds) -> None:
    if shape != (len(ids),):
        raise InputError(
            where=f"cases to link, {name}",
            got=f"shape {shape}",
            want=f"{len(ids)} values, one per case",
            fix="Give None for unknown.",
        )


def _check_ranges(cases: Profiles) -> None:
    rules: list[tuple[str, Callable[[], NDArray[np.bool_]], str]] = [
        ("date_from", lambda: np.isinf(cases.date_from) | (cases.date_from > cases.date_to), "a day not after date_to"),
        ("date_to", lambda: np.isinf(cases.date_to), "a day"),
        ("age_low", lambda: (cases.age_low < 0) | (cases.age_low > cases.age_high), "years from 0 to age_high"),
        ("age_high", lambda: cases.age_high > 150, "years from 0 to 150"),
    ]
    for lat, lon, spread in PLACES:
        rules += [
            (lat, _beyond(cases, lat, 90), "degrees from -90 to 90"),
            (lon, _beyond(cases, lon, 180), "degrees from -180 to 180"),
            (spread, _no_blur(cases, spread), "kilometers, 0 or more"),
        ]
    for name, broken, want in rules:
        rows = np.flatnonzero(broken())
        if rows.size:
            raise InputError(
                where=f"case {cases.ids[int(rows[0])]}, {name}",
                got=f"{getattr(cases, name)[int(rows[0])]:g}",
                want=want,
                fix="Correct it or leave it unknown.",
            )


def _beyond(cases: Profiles, name: str, limit: float) -> Callable[[], NDArray[np.bool_]]:
    return lambda: np.abs(getattr(cases, name)) > limit


def _no_blur(cases: Profiles, name: str) -> Callable[[], NDArray[np.bool_]]:
    return lambda: (getattr(cases, name) < 0) | np.isinf(getattr(cases, name))
