"""The cells of the Murder Accountability Project: county, sex of the victim, method; much of it unsolved.

In: `ScanCases`. Out: the cells that meet the rule, most unsolved cases first. It is the baseline that others use: it
has no time, no neighbor, no chance model, and it is here so that the scan can be compared with it.
Rule (Hargrove's algorithm as restated in docs/methods/scan.md): female victims, at most a third solved, at least two
victims.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thaw.linkage.scan_cases import Ints, ScanCases

LEAST_VICTIMS = 2
LARGEST_SOLVED_SHARE = (1, 3)


@dataclass(frozen=True, slots=True)
class MapCell:
    """One cell: its names, its rows in `ScanCases`, how many they are and how many of them are unsolved."""

    area: str
    sex: str
    method: str
    rows: Ints
    total: int
    unsolved: int


@dataclass(frozen=True, slots=True)
class MapCells:
    """The cells that meet the rule, by unsolved cases, then by total and name; and how many cells there are at all."""

    cells: tuple[MapCell, ...]
    of: int


def map_cells(cases: ScanCases, *, sex: str = "F") -> MapCells:
    """All cells of victims of one sex that meet MAP's rule.

    Rows without county or method form no cell; a row with no word on the offender counts in the total and as solved,
    since the rule asks how many are known to be unsolved.
    """
    wanted = cases.sex.names.index(sex) if sex in cases.sex.names else None
    if wanted is None:
        return MapCells((), 0)
    rows = np.flatnonzero((cases.sex.codes == wanted) & (cases.area.codes >= 0) & (cases.method.codes >= 0))
    keys = cases.area.codes[rows] * len(cases.method.names) + cases.method.codes[rows]
    cells, inverse = np.unique(keys, return_inverse=True)
    members = np.split(rows[np.argsort(inverse, kind="stable")], np.cumsum(np.bincount(inverse))[:-1])
    found = [_cell(cases, sex, own) for own in members if own.size] if rows.size else []
    few, whole = LARGEST_SOLVED_SHARE
    kept = [c for c in found if c.total >= LEAST_VICTIMS and (c.total - c.unsolved) * whole <= few * c.total]
    kept.sort(key=lambda cell: (-cell.unsolved, -cell.total, cell.area, cell.method))
    return MapCells(tuple(kept), len(cells))


def _cell(cases: ScanCases, sex: str, rows: Ints) -> MapCell:
    first = int(rows[0])
    return MapCell(
        area=cases.area.names[int(cases.area.codes[first])],
        sex=sex,
        method=cases.method.names[int(cases.method.codes[first])],
        rows=rows,
        total=int(rows.size),
        unsolved=int((cases.unsolved[rows] == 1).sum()),
    )
