"""What the scan of counts reads of a case: month, county, agency, sex of the victim, method, offender known or not.

In: plain columns with None for unknown. Out: frozen `ScanCases`, its rows in the order of their ids, so that no answer
hangs on the order of the input. The scan counts clearance, which the comparison of two cases must never read; that is
why it has columns of its own and shares none with `Profiles`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError

Ints = NDArray[np.int64]
UNKNOWN = -1
_LAST_MONTH = 12 * 3000


@dataclass(frozen=True, slots=True)
class Levels:
    """A coded column: sorted names, and per case the index of its name or -1 for unknown."""

    names: tuple[str, ...]
    codes: Ints

    @staticmethod
    def of(values: Sequence[str | None]) -> Levels:
        """The column of some texts; None is unknown."""
        names = sorted({value for value in values if value is not None})
        index: dict[str | None, int] = {name: code for code, name in enumerate(names)}
        index[None] = UNKNOWN
        return Levels(tuple(names), np.fromiter(map(index.__getitem__, values), np.int64, len(values)))

    def name(self, code: int) -> str | None:
        """The name of a code, None for -1."""
        return None if code < 0 else self.names[code]


@dataclass(frozen=True, slots=True)
class ScanCases:
    """N cases as columns, in the order of their ids.

    month     months since January of year 0, -1 where the month is not known
    decade    year // 10, -1 where the year is not known
    unsolved  1 offender not known when reported, 0 known, -1 no word on it
    incident  victims of one incident share a number; every other case has one of its own
    """

    ids: tuple[str, ...]
    month: Ints
    decade: Ints
    area: Levels
    agency: Levels
    sex: Levels
    method: Levels
    unsolved: Ints
    incident: Ints

    @staticmethod
    def from_columns(
        ids: Sequence[str],
        *,
        year: Sequence[int | None],
        month: Sequence[int | None],
        area: Sequence[str | None],
        agency: Sequence[str | None],
        sex: Sequence[str | None],
        method: Sequence[str | None],
        unsolved: Sequence[bool | None],
        incident: Sequence[str | None],
    ) -> ScanCases:
        """Cases from columns of equal length, in any order; `month` is 1 to 12.

        Raises InputError for columns of unequal length, an id that occurs twice, or a month or year out of range.
        """
        columns = {"year": year, "month": month, "area": area, "agency": agency, "sex": sex, "method": method}
        columns |= {"unsolved": unsolved, "incident": incident}
        _check(ids, columns, year, month)
        order = sorted(range(len(ids)), key=ids.__getitem__)

        def sort(values: Sequence[str | None]) -> list[str | None]:
            return [values[row] for row in order]

        return ScanCases(
            ids=tuple(ids[row] for row in order),
            month=_numbers([_month(year[row], month[row]) for row in order]),
            decade=_numbers([UNKNOWN if (y := year[row]) is None else y // 10 for row in order]),
            area=Levels.of(sort(area)),
            agency=Levels.of(sort(agency)),
            sex=Levels.of(sort(sex)),
            method=Levels.of(sort(method)),
            unsolved=_numbers([UNKNOWN if (u := unsolved[row]) is None else int(u) for row in order]),
            incident=_incidents(sort(incident)),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def digest(self) -> str:
        """SHA-256 (hex) of all columns: the same for the same cases in any order."""
        state = hashlib.sha256(b"thaw.linkage.scan_cases/1\0" + "\0".join(self.ids).encode())
        for column in (self.area, self.agency, self.sex, self.method):
            state.update(b"\0" + "\0".join(column.names).encode() + b"\0" + column.codes.tobytes())
        for numbers in (self.month, self.decade, self.unsolved, self.incident):
            state.update(numbers.tobytes())
        return state.hexdigest()


def _month(year: int | None, month: int | None) -> int:
    return UNKNOWN if year is None or month is None else 12 * year + month - 1


def _numbers(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _incidents(values: Sequence[str | None]) -> Ints:
    """Numbers by first appearance; a case without an incident is one of its own."""
    numbers: dict[str, int] = {}
    found = []
    for row, value in enumerate(values):
        key = f"\0{row}" if value is None else value
        found.append(numbers.setdefault(key, len(numbers)))
    return _numbers(found)


def _check(
    ids: Sequence[str],
    columns: Mapping[str, Sequence[object]],
    years: Sequence[int | None],
    months: Sequence[int | None],
) -> None:
    for name, values in columns.items():
        if len(values) != len(ids):
            got, want = f"{len(values)} values", f"{len(ids)}, one per case"
            raise InputError(where=f"cases to scan, {name}", got=got, want=want, fix="Give None for unknown.")
    if len(set(ids)) != len(ids):
        raise InputError(where="cases to scan", got="an id twice", want="one id per case", fix="Count each case once.")
    for name, values, last in (("year", years, _LAST_MONTH // 12), ("month", months, 12)):
        low = 1 if name == "month" else 0
        wrong = next((v for v in values if v is not None and not low <= v <= last), None)
        if wrong is not None:
            want = f"a whole number from {low} to {last}"
            raise InputError(where=f"cases to scan, {name}", got=str(wrong), want=want, fix="Give None for unknown.")
