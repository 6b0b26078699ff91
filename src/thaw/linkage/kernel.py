"""The compiled inner loop of all pairs. Import it only where all pairs are scored: numba takes a second to load.

Rows of cases are scored against all columns. Log factors of packed features come from tables (row of ours, column of
theirs); places and days with too many different values for a table are compared by their numbers. Float32 throughout:
what is kept is scored again exactly by the caller. Each row is written by one thread and sums in one fixed order, so
results do not depend on threads.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from thaw.linkage.kernel_numbers import ABSENT, BUCKET_BITS

_FAST: Any = {"cache": True, "nogil": True, "fastmath": {"nnan", "ninf", "nsz", "contract"}, "error_model": "numpy"}


@numba.njit(inline="always")
def _bucket(bits: Any, low: Any, count: Any) -> Any:
    place = (bits >> BUCKET_BITS) - low
    return min(max(place, 0), count - 1)


# Long: one loop, kept together for the compiler
@numba.njit(**_FAST)
def score_rows(  # type: ignore[no-untyped-def]
    rows, out_row, out_score, tables, starts, widths, codes, hoisted, tiles,
    spots, spot_weight, curve, curve_low, factor, factor_low,
    low, high, day_weight, day_curve, day_low, day_factor, day_factor_low, scratch_size, incident,
):  # fmt: skip
    """For each row the best columns: row numbers and sums of log10 factors, best first.

    tables   all tables of log10 factors, one after the other; starts, widths of each pack; codes (packs, N)
    hoisted  pack whose code is the same throughout a tile, -1 for none; tiles are starts of tiles, N at the end
    spots    (N, places, 4), ABSENT where there is none, or empty; curve: alikeness by bits of the squared distance
    low, high, day_curve: the same for days, or empty; factor: log10 factor by bits of the fair number; weights are
    -1 where a place is not known
    """
    keep = out_row.shape[1]
    others = np.array([pack for pack in range(codes.shape[0]) if pack != hoisted], dtype=np.int64)
    value = np.empty(scratch_size, dtype=np.float32)
    bits = value.view(np.int32)
    for at in range(rows.size):
        i = rows[at]
        found = 0
        bar = np.float32(-1e30)
        for tile in range(tiles.size - 1):
            start, end = tiles[tile], tiles[tile + 1]
            size = end - start
            base = np.float32(0)
            if hoisted >= 0:
                base = tables[starts[hoisted] + np.int64(codes[hoisted, i]) * widths[hoisted] + codes[hoisted, start]]
            if spots.shape[0]:
                _place_squares(spots, i, start, size, value)
                own = spot_weight[i]
                for j in range(size):
                    alike = curve[_bucket(bits[j], curve_low, curve.size)]
                    value[j] = alike * own * spot_weight[start + j]
                for j in range(size):
                    value[j] = base + factor[_bucket(bits[j], factor_low, factor.size)]
                for j in range(size):
                    if spot_weight[start + j] < 0 or own < 0:
                        value[j] = base
            else:
                for j in range(size):
                    value[j] = base
            if low.size and low[i] < ABSENT:
                _add_days(low, high, day_weight, i, start, size, day_curve, day_low, day_factor, day_factor_low, value)
            at_pack = 0
            while at_pack < others.size:
                # Four tables at once where there are four: each pass over the tile costs a read and a write of it.
                p0 = others[at_pack]
                row0 = tables[starts[p0] + np.int64(codes[p0, i]) * widths[p0] :]
                if at_pack + 4 <= others.size:
                    p1, p2, p3 = others[at_pack + 1], others[at_pack + 2], others[at_pack + 3]
                    row1 = tables[starts[p1] + np.int64(codes[p1, i]) * widths[p1] :]
                    row2 = tables[starts[p2] + np.int64(codes[p2, i]) * widths[p2] :]
                    row3 = tables[starts[p3] + np.int64(codes[p3, i]) * widths[p3] :]
                    c0, c1, c2, c3 = (
                        codes[p0, start:end],
                        codes[p1, start:end],
                        codes[p2, start:end],
                        codes[p3, start:end],
                    )
                    for j in range(size):
                        value[j] += (row0[c0[j]] + row1[c1[j]]) + (row2[c2[j]] + row3[c3[j]])
                    at_pack += 4
                elif at_pack + 2 <= others.size:
                    p1 = others[at_pack + 1]
                    row1 = tables[starts[p1] + np.int64(codes[p1, i]) * widths[p1] :]
                    c0, c1 = codes[p0, start:end], codes[p1, start:end]
                    for j in range(size):
                        value[j] += row0[c0[j]] + row1[c1[j]]
                    at_pack += 2
                else:
                    c0 = codes[p0, start:end]
                    for j in range(size):
                        value[j] += row0[c0[j]]
                    at_pack += 1
            best = np.float32(-1e30)
            for j in range(size):
                best = max(best, value[j])
            if best > bar or found < keep:
                for j in range(size):
                    one = start + j
                    if (value[j] > bar or found < keep) and one != i:
                        if incident[i] >= 0 and incident[one] == incident[i]:
                            continue
                        spot = min(found, keep - 1)
                        while spot > 0 and out_score[at, spot - 1] < value[j]:
                            out_score[at, spot] = out_score[at, spot - 1]
                            out_row[at, spot] = out_row[at, spot - 1]
                            spot -= 1
                        out_score[at, spot] = value[j]
                        out_row[at, spot] = one
                        found = min(found + 1, keep)
                        if found == keep:
                            bar = out_score[at, keep - 1]


@numba.njit(**_FAST)
def _place_squares(spots, i, start, size, value):  # type: ignore[no-untyped-def]
    """Shortest squared distance in km between the places of case i and those of each case of the tile."""
    for j in range(size):
        value[j] = np.float32(3e38)
    for ours in range(spots.shape[1]):
        x, y, z, blur = spots[i, ours, 0], spots[i, ours, 1], spots[i, ours, 2], spots[i, ours, 3]
        if x >= ABSENT:
            continue
        for theirs in range(spots.shape[1]):
            for j in range(size):
                other = spots[start + j, theirs]
                dx, dy, dz = x - other[0], y - other[1], z - other[2]
                square = dx * dx + dy * dy + dz * dz + blur * blur + other[3] * other[3]
                if square < value[j] and other[0] < ABSENT:
                    value[j] = square


@numba.njit(**_FAST)
def _add_days(low, high, weight, i, start, size, curve, curve_low, factor, factor_low, value):  # type: ignore[no-untyped-def]
    """Adds the log10 factor of the expected gap in days."""
    a, b, own = low[i], high[i], weight[i]
    cell = np.empty(1, dtype=np.float32)
    cell_bits = cell.view(np.int32)
    for j in range(size):
        c, d = low[start + j], high[start + j]
        if c >= ABSENT:
            continue
        gap = abs((a + b) - (c + d)) * np.float32(0.5)
        if a < d and c < b:
            wide, narrow = max(b - a, d - c), min(b - a, d - c)
            near, far = (c, d) if d - c <= b - a else (a, b)
            begin, finish = (a, b) if d - c <= b - a else (c, d)
            inner, outer = max(near, begin), min(far, finish)
            middle = (inner + outer) * np.float32(0.5)
            inside = ((middle - begin) ** 2 + (finish - middle) ** 2 + (outer - inner) ** 2 / 6) / (2 * wide)
            stuck = np.float32(0)
            if narrow > 0:
                stuck = (narrow - (outer - inner)) / narrow
            rest = (near + begin) * np.float32(0.5) if near < begin else (finish + far) * np.float32(0.5)
            gap = stuck * abs(rest - (begin + finish) * np.float32(0.5)) + (1 - stuck) * inside
        cell[0] = gap
        cell[0] = curve[_bucket(cell_bits[0], curve_low, curve.size)] * own * weight[start + j]
        value[j] += factor[_bucket(cell_bits[0], factor_low, factor.size)]
