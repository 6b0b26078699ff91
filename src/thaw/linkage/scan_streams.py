"""Streams: the cases of one place, one sex of victims and one set of methods, laid out for the scan.

In: `ScanCases`, which areas border on which, sets of methods. Out: `Units` (incidents, what the nulls shuffle) and
`Streams` (which units each stream holds). Victims of one incident count once: they are certain, and two bodies of one
night are no burst.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.scan_cases import Ints, ScanCases

Floats = NDArray[np.float64]
# A stratum's volume is smoothed over as many months as hold about this many of its incidents, within these bounds.
_SMOOTH_INCIDENTS = 60
_SMOOTH_LEAST, _SMOOTH_MOST = 3, 30


@dataclass(frozen=True, slots=True)
class Units:
    """Incidents. `time` counts months from the first one; T (the number of months) stands for an unknown month.

    first        row of the incident's first victim in `ScanCases`; it gives agency, method, month
    unsolved     1 where the offender of any of its victims was not known
    by_month     strata (agency, method) of the burst null; -1 where the month is unknown
    by_flag      strata (agency, decade, method) of the clearance null
    reach        half width in months over which the volume of each `by_month` stratum is smoothed
    blur         half width in months by which the burst null moves its shuffled months: `reach` where one month holds
                 half of the stratum and three units or more, so that a shuffle alone would change nothing, else 0
    opens, closes  first and last month of each `by_month` stratum's agency
    """

    first: Ints
    time: Ints
    months: int
    start: int
    unsolved: Ints
    by_month: Ints
    by_flag: Ints
    reach: Ints
    blur: Ints
    opens: Ints
    closes: Ints


@dataclass(frozen=True, slots=True)
class Streams:
    """S streams: ids of area, sex and method set, and their units (CSR: `units[starts[s]:starts[s + 1]]`).

    areas[i]     codes of the counties in area i; overlap[i, j] says whether areas i and j share one
    sets[i]      codes of the methods in set i; kin[i, j] says whether sets i and j share one
    """

    area: Ints
    sex: Ints
    method: Ints
    starts: Ints
    units: Ints
    areas: tuple[tuple[int, ...], ...]
    sets: tuple[tuple[int, ...], ...]
    set_names: tuple[str, ...]
    overlap: NDArray[np.bool_]
    kin: NDArray[np.bool_]

    def __len__(self) -> int:
        return int(self.area.size)


def units_of(cases: ScanCases) -> tuple[Units, Ints]:
    """The incidents of the cases that can be counted, and for each case the number of its unit or -1.

    Left out are cases without any place and cases with no word on the offender.
    """
    rows = np.flatnonzero((cases.area.codes >= 0) & (cases.unsolved >= 0))
    # One incident with two methods or outcomes counts as two: what records share by chance must not look like a link.
    own = (cases.incident, cases.area.codes, cases.method.codes, cases.unsolved, cases.month)
    table = np.stack([column[rows] for column in own], axis=1)
    _, first_at, unit_of_row = np.unique(table, axis=0, return_index=True, return_inverse=True)
    unit_of_row = unit_of_row.reshape(-1)
    first = rows[first_at]
    unit = np.full(len(cases), -1, dtype=np.int64)
    unit[rows] = unit_of_row
    unsolved = cases.unsolved[first]
    month = cases.month[first]
    known = month >= 0
    start = int(month[known].min()) if known.any() else 0
    months = int(month[known].max()) - start + 1 if known.any() else 0
    time = np.where(known, month - start, months)
    # An unknown agency is taken for one agency per county.
    agency = np.where(cases.agency.codes[first] >= 0, cases.agency.codes[first], ~cases.area.codes[first])
    method = cases.method.codes[first]
    by_month = _strata(known, agency, method)
    by_flag = _strata(np.ones(first.size, dtype=np.bool_), agency, cases.decade[first], method)
    units = Units(first, time, months, start, unsolved, by_month, by_flag, *_smoothing(time, agency, by_month, months))
    return units, unit


def _strata(kept: NDArray[np.bool_], *columns: Ints) -> Ints:
    found = np.full(kept.size, -1, dtype=np.int64)
    if kept.any():
        table = np.stack([column[kept] for column in columns], axis=1)
        found[kept] = np.unique(table, axis=0, return_inverse=True)[1].reshape(-1)
    return found


def _smoothing(time: Ints, agency: Ints, by_month: Ints, months: int) -> tuple[Ints, Ints, Ints, Ints]:
    """reach, blur, opens, closes of each stratum of the burst null."""
    known = by_month >= 0
    count = int(by_month.max()) + 1 if known.any() else 0
    agencies, at = np.unique(agency, return_inverse=True)
    low = np.full(agencies.size, months, dtype=np.int64)
    high = np.zeros(agencies.size, dtype=np.int64)
    np.minimum.at(low, at[known], time[known])
    np.maximum.at(high, at[known], time[known])
    opens, closes, volume = (np.zeros(count, dtype=np.int64) for _ in range(3))
    opens[by_month[known]] = low[at[known]]
    closes[by_month[known]] = high[at[known]]
    np.add.at(volume, by_month[known], 1)
    span = closes - opens + 1
    wanted = np.ceil(_SMOOTH_INCIDENTS * span / np.maximum(volume, 1) / 2).astype(np.int64)
    reach = np.clip(wanted, _SMOOTH_LEAST, _SMOOTH_MOST)
    slots, held = np.unique(by_month[known] * months + time[known], return_counts=True)
    most = np.zeros(count, dtype=np.int64)
    np.maximum.at(most, slots // max(months, 1), held)
    return reach, np.where((most >= 3) & (2 * most >= volume), reach, 0), opens, closes


def profiles_of_strata(units: Units) -> Floats:
    """Smoothed volume of each stratum (rows) in each month (columns); rows add up to 1."""
    known = np.flatnonzero(units.by_month >= 0)
    table = np.zeros((units.reach.size, units.months))
    strata, time = units.by_month[known], units.time[known]
    volume = np.bincount(strata, minlength=units.reach.size)
    for reach in np.unique(units.reach):
        own = units.reach[strata] == reach
        chosen, at = strata[own], time[own]
        share = 1.0 / (2 * reach + 1) / volume[chosen]
        for offset in range(-int(reach), int(reach) + 1):
            np.add.at(table, (chosen, reflected(at + offset, units.opens[chosen], units.closes[chosen])), share)
    return table


def reflected(time: Ints, low: Ints, high: Ints) -> Ints:
    """Months beyond `low` or `high` folded back inside, as often as needed."""
    width = high - low + 1
    at = (time - low) % (2 * width)
    return low + np.where(at < width, at, 2 * width - 1 - at)


def streams_of(
    cases: ScanCases,
    unit: Ints,
    units: Units,
    neighbours: Mapping[str, Sequence[str]],
    merged: Mapping[str, Sequence[str]],
    counted: NDArray[np.bool_],
) -> Streams:
    """All streams with two unsolved incidents or more, each set of units once, the plainest name first.

    counted  which cases may stand in a stream; the others only say what the agency's record is like
    """
    areas = list(_areas(cases.area.names, neighbours))
    names, sets = _method_sets(cases.method.names, merged)
    cells = _cells(cases, np.where(counted, unit, -1))
    kept: list[tuple[int, int, int]] = []
    members: list[Ints] = []
    seen: set[tuple[int, bytes]] = set()
    for i, area in enumerate(areas):
        for sex in range(len(cases.sex.names) + 1):
            for j, methods in enumerate(sets):
                found = [cells[key] for a in area for m in methods if (key := (a, sex - 1, m)) in cells]
                if not found:
                    continue
                own = found[0] if len(found) == 1 else np.unique(np.concatenate(found))
                if units.unsolved[own].sum() < 2 or (mark := (sex, own.tobytes())) in seen:
                    continue
                seen.add(mark)
                kept.append((i, sex, j))
                members.append(own[np.argsort(units.time[own], kind="stable")])
    ids = np.array(kept, dtype=np.int64).reshape(-1, 3)
    starts = np.cumsum([0, *(own.size for own in members)])
    every = np.concatenate(members) if members else np.zeros(0, dtype=np.int64)
    columns = (ids[:, 0].copy(), ids[:, 1].copy(), ids[:, 2].copy())
    return Streams(*columns, starts, every, tuple(areas), tuple(sets), tuple(names), _sharing(areas), _sharing(sets))


def _areas(names: Sequence[str], neighbours: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, ...]]:
    """Each county, then each county with all of its neighbors that have cases."""
    index = {name: code for code, name in enumerate(names)}
    yield from ((code,) for code in range(len(names)))
    for code, name in enumerate(names):
        beside = sorted({index[other] for other in neighbours.get(name, ()) if other in index} - {code})
        if beside:
            yield (code, *beside)


def _method_sets(names: Sequence[str], merged: Mapping[str, Sequence[str]]) -> tuple[list[str], list[tuple[int, ...]]]:
    """Every method alone (an unknown one, -1, too), then the merged classes that hold two or more of those there."""
    index = {name: code for code, name in enumerate(names)}
    found: dict[str, tuple[int, ...]] = dict.fromkeys(names, ()) | {"unknown": (-1,)}
    found.update((name, (code,)) for name, code in index.items())
    for label, codes in merged.items():
        # A method that was not recorded goes with those that are "other or unknown".
        own = tuple(sorted(-1 if code == "unknown" else index[code] for code in codes if code in (*index, "unknown")))
        if len(own) > 1:
            found[label] = own
    return list(found), list(found.values())


def _cells(cases: ScanCases, unit: Ints) -> dict[tuple[int, int, int], Ints]:
    """Units with a victim in each (area, sex, method) that occurs."""
    rows = np.flatnonzero(unit >= 0)
    table = np.stack([cases.area.codes[rows], cases.sex.codes[rows], cases.method.codes[rows]], axis=1)
    if not rows.size:
        return {}
    keys, at = np.unique(table, axis=0, return_inverse=True)
    at = at.reshape(-1)
    order = np.argsort(at, kind="stable")
    parts = np.split(unit[rows][order], np.cumsum(np.bincount(at))[:-1])
    return {(int(a), int(s), int(m)): np.unique(p) for (a, s, m), p in zip(keys, parts, strict=True)}


def _sharing(groups: Iterable[tuple[int, ...]]) -> NDArray[np.bool_]:
    listed = list(groups)
    if not listed:
        return np.zeros((0, 0), dtype=np.bool_)
    low = min((code for group in listed for code in group), default=0)
    inside = np.zeros((len(listed), max((code for g in listed for code in g), default=0) - low + 1), dtype=np.float32)
    for i, group in enumerate(listed):
        inside[i, [code - low for code in group]] = 1
    shared: NDArray[np.bool_] = inside @ inside.T > 0
    return shared
