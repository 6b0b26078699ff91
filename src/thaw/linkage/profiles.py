"""What linkage reads of a case, as columns: intervals of days, places with a blur, ages, and coded values.

In: plain Python columns with None for unknown. Out: frozen `Profiles` of N cases, or one `Profile`.
Unknown is NaN or code -1 in here and is never a value. There is no column for race, ethnicity or solved status, and a
column of such a name is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError
from thaw.linkage.preset import is_forbidden

Floats = NDArray[np.float64]
Codes = NDArray[np.int16]
_NUMBERS = ("date_from", "date_to", "lat", "lon", "spread_km", "age_low", "age_high")
_UNKNOWN = -1
_MOST_LEVELS = 1000  # the longest official list, NIBRS locations, has under a hundred


@dataclass(frozen=True, slots=True)
class Profile:
    """One case to compare: each field None, or absent from `categorical`, where it is unknown.

    date_from, date_to  days from any fixed day, both or none; the killing lies between them
    lat, lon            degrees; spread_km = root mean square distance of where it may really be from that point
    age_low, age_high   years of the victim
    incident            number of the incident, to find co-victims; not compared
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
    categorical: Mapping[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Profiles.of([self])


@dataclass(frozen=True, slots=True)
class Column:
    """One categorical feature of N cases: sorted levels, and per case the index of its level or -1 for unknown."""

    levels: tuple[str, ...]
    codes: Codes


@dataclass(frozen=True, slots=True)
class Profiles:
    """N cases as columns of equal length; units as in `Profile`, NaN for unknown, `incident` -1 for none."""

    ids: tuple[str, ...]
    incident: NDArray[np.int64]
    date_from: Floats
    date_to: Floats
    lat: Floats
    lon: Floats
    spread_km: Floats
    age_low: Floats
    age_high: Floats
    categorical: Mapping[str, Column]

    def __post_init__(self) -> None:
        _check_names(self.categorical)
        for name in ("incident", *_NUMBERS):
            _check_length(name, getattr(self, name).shape, self.ids)
        for name, column in self.categorical.items():
            _check_length(name, column.codes.shape, self.ids)
        if len(set(self.ids)) != len(self.ids):
            raise InputError(where="cases to link", got="an id twice", want="one row per case", fix="Remove the copy.")
        _check_ranges(self)

    @staticmethod
    def from_columns(
        ids: Sequence[str],
        *,
        incident: Sequence[int | None] | None = None,
        numbers: Mapping[str, Sequence[float | None]],
        categorical: Mapping[str, Sequence[str | None]],
    ) -> Profiles:
        """Profiles from plain columns with None for unknown; columns left out are unknown throughout.

        numbers      any of date_from, date_to, lat, lon, spread_km, age_low, age_high
        categorical  values as strings, by feature name
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
            ids=tuple(ids),
            incident=_incidents(incident, len(ids)),
            **{name: _floats(numbers.get(name), len(ids)) for name in _NUMBERS},
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
        return Profile(self.ids[index], **numbers, incident=None if incident < 0 else incident, categorical=values)

    def id_order(self) -> NDArray[np.intp]:
        """Row numbers in the order of the ids: whatever is drawn or digested in it does not depend on input order."""
        return np.array(sorted(range(len(self.ids)), key=self.ids.__getitem__), dtype=np.intp)

    def digest(self, order: NDArray[np.intp] | None = None) -> str:
        """SHA-256 (hex) of all columns in id order (`order` if at hand): the same for the same cases in any order."""
        order = self.id_order() if order is None else order
        state = hashlib.sha256(b"thaw.linkage.profiles/1\0")
        state.update("\0".join(self.ids[row] for row in order).encode())
        for name in ("incident", *_NUMBERS):
            numbers = getattr(self, name)[order]
            # One pattern for every NaN, and 0.0 for -0.0: equal columns must have equal bytes.
            state.update(name.encode() + b"\0" + np.where(np.isnan(numbers), np.nan, numbers + 0).tobytes())
        for name in sorted(self.categorical):
            column = self.categorical[name]
            state.update("\0".join((name, *column.levels, "")).encode() + column.codes[order].tobytes())
        return state.hexdigest()


def co_victims(profiles: Profiles, query: Profile) -> NDArray[np.bool_]:
    """Mask of the other cases of the query's incident: certain edges, shown apart and never ranked as similar."""
    if query.incident is None:
        return np.zeros(len(profiles), dtype=np.bool_)
    mask: NDArray[np.bool_] = profiles.incident == query.incident
    if query.id in profiles.ids:
        mask[profiles.ids.index(query.id)] = False
    return mask


def input_digest(profiles: Profiles | str, query: Profile) -> str:
    """SHA-256 (hex) of the cases searched (or their ready digest, which is faster) and the query's own values."""
    cases = profiles if isinstance(profiles, str) else profiles.digest()
    return hashlib.sha256(f"{cases}\0{Profiles.of([query]).digest()}".encode()).hexdigest()


def _encoded(values: Sequence[str | None]) -> Column:
    levels = sorted({value for value in values if value is not None})
    if len(levels) > _MOST_LEVELS:
        raise InputError(
            where="cases to link",
            got=f"a categorical column with {len(levels)} different values",
            want=f"at most {_MOST_LEVELS}",
            fix="Free text is no feature: code it first.",
        )
    index: dict[str | None, int] = {level: code for code, level in enumerate(levels)}
    index[None] = _UNKNOWN
    return Column(tuple(levels), np.fromiter(map(index.__getitem__, values), dtype=np.int16, count=len(values)))


def _floats(values: Sequence[float | None] | None, count: int) -> Floats:
    if values is None:
        return np.full(count, np.nan)
    return np.array(values, dtype=np.float64)


def _incidents(values: Sequence[int | None] | None, count: int) -> NDArray[np.int64]:
    if values is None:
        return np.full(count, _UNKNOWN, dtype=np.int64)
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


def _check_length(name: str, shape: tuple[int, ...], ids: tuple[str, ...]) -> None:
    if shape != (len(ids),):
        raise InputError(
            where=f"cases to link, {name}",
            got=f"shape {shape}",
            want=f"{len(ids)} values, one per case",
            fix="Give None for unknown.",
        )


def _check_ranges(cases: Profiles) -> None:
    rules: tuple[tuple[str, Callable[[], NDArray[np.bool_]], str], ...] = (
        ("date_from", lambda: np.isinf(cases.date_from) | (cases.date_from > cases.date_to), "a day not after date_to"),
        ("date_to", lambda: np.isinf(cases.date_to), "a day"),
        ("lat", lambda: np.abs(cases.lat) > 90, "degrees from -90 to 90"),
        ("lon", lambda: np.abs(cases.lon) > 180, "degrees from -180 to 180"),
        ("spread_km", lambda: (cases.spread_km < 0) | np.isinf(cases.spread_km), "kilometers, 0 or more"),
        ("age_low", lambda: (cases.age_low < 0) | (cases.age_low > cases.age_high), "years from 0 to age_high"),
        ("age_high", lambda: cases.age_high > 150, "years from 0 to 150"),
    )
    for name, broken, want in rules:
        rows = np.flatnonzero(broken())
        if rows.size:
            raise InputError(
                where=f"case {cases.ids[int(rows[0])]}, {name}",
                got=f"{getattr(cases, name)[int(rows[0])]:g}",
                want=want,
                fix="Correct it or leave it unknown.",
            )
