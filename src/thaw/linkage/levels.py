"""The distinct values of numeric columns, and the merging of near ones: what lets a feature be scored by look-up.

In: float columns with NaN for unknown. Out: sorted distinct rows with each case's code, and grid cells of rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


def distinct(*columns: Floats) -> tuple[Floats, Codes]:
    """Sorted distinct rows of the columns, and each row's place among them, -1 where any column is NaN."""
    known = ~np.isnan(np.sum(columns, axis=0))
    codes = np.full(columns[0].size, -1, dtype=np.intp)
    parts = [column[known] + 0.0 for column in columns]
    key = parts[0]
    for part in parts[1:]:
        # Complex numbers sort by real, then imaginary part: two columns in one fast sort.
        key = np.unique(key, return_inverse=True)[1] + 1j * part
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    codes[known] = inverse
    return np.column_stack([part[first] for part in parts]), codes


def find_row(levels: Floats, row: tuple[float, ...]) -> int:
    """Place of a row among sorted distinct rows, -1 if it is not one of them."""
    low, high = 0, levels.shape[0]
    for column, value in enumerate(row):
        part = levels[low:high, column]
        low, high = low + int(np.searchsorted(part, value, "left")), low + int(np.searchsorted(part, value, "right"))
    return low if low < high else -1


def cells(rows: Floats, most: int) -> Codes:
    """Number of each row's cell in a grid, made coarser until at most `most` cells are in use."""
    count = rows.shape[0]
    if count <= most:
        return np.arange(count)
    step = 1.0
    while True:
        key = np.zeros(count, dtype=np.int64)
        for column in np.floor((rows - rows.min(axis=0)) / step).astype(np.int64).T:
            key = np.unique(key, return_inverse=True)[1] * (int(column.max()) + 1) + column
        cell = np.unique(key, return_inverse=True)[1]
        if int(cell.max()) < most:
            return np.asarray(cell)
        step *= 2.0


def mean_and_variance(cell: Codes, mass: Floats, column: Floats) -> tuple[Floats, Floats]:
    """Weighted mean of a column per cell, and its variance in the cell."""
    total = np.bincount(cell, mass)
    mean = np.bincount(cell, mass * column) / total
    return mean, np.bincount(cell, mass * (column - mean[cell]) ** 2) / total
