"""The nearest cases of every case: all pairs of a background in one compiled pass, then scored again exactly.

In: a fitted `Background`. Out: `Nearest`, for each case the best others by the sum of their parts, with their exact
log10 Bayes factors. Blocking would lose most true pairs (docs/methods/linkage.md); all pairs of 50,000 take seconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.background import Background
from thaw.linkage.commonness import pair_parts
from thaw.linkage.kernel_numbers import ABSENT, BUCKET_BITS, TILE
from thaw.linkage.rates import Rates
from thaw.linkage.spots import PlaceComparison

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]
_LEVELS = 4096  # a row of a table then stays in the first-level cache
_BLOCK = 256
_SHORTEST_RUN = 32
_MORE = 12  # kept beyond those asked for, since exact factors change the order a little


@dataclass(frozen=True, slots=True)
class Plan:
    """The kernel's view of a background: cases in the order in which they are scanned, and its arguments."""

    order: Rows
    arguments: tuple[Any, ...]


Scored = Callable[[Plan, Rows, int, int], tuple[NDArray[np.int32], Floats]]


@dataclass(frozen=True, slots=True)
class Nearest:
    """Best first: `rows` (N, top) of the profiles, -1 where there are fewer; `log10_bf` of each, -inf there.

    N cases of the background, or those that were asked for, in the order in which they were.
    """

    rows: NDArray[np.int32]
    log10_bf: NDArray[np.float64]


def nearest(
    background: Background, *, top: int = 20, threads: int = 1, asked: Rows | None = None, scored: Scored | None = None
) -> Nearest:
    """For every case of the background, or the rows `asked`, its `top` nearest ones, co-victims left out.

    scored  runs the compiled pass somewhere else than here, as `run` would: where its memory must not stay
    Scores are float32 sums of parts on the way and exact for what is kept. The same for any number of threads and any
    order of the cases but for ties, which fall in a fixed order of values and ids.
    """
    plan = plan_for(background)
    count = len(background.coded.profiles)
    keep = min(top + _MORE, max(count - 1, 0))
    places = np.arange(count)
    if asked is not None:
        # Where in the plan's order a row stands.
        places[plan.order] = np.arange(count)
        places = places[asked]
    if keep == 0 or not places.size:
        empty = np.full((places.size, top), -1, dtype=np.int32)
        return Nearest(empty, np.full((places.size, top), -np.inf))
    found, _ = (scored or run)(plan, places, keep, threads)
    rows, factors = _exact(background, plan.order, places, found, top)
    if asked is not None:
        return Nearest(rows, factors)
    back = np.empty(count, dtype=np.intp)
    back[plan.order] = np.arange(count)
    return Nearest(rows[back], factors[back])


def plan_for(background: Background) -> Plan:
    """Tables and numbers for the kernel; features with too many values for a table go by their numbers."""
    wide = {
        name
        for name, rate in background.rates.items()
        if rate.comparison.size > _LEVELS and rate.feature.kind in ("place", "time")
    }
    groups = _groups(background, wide)
    codes = [_packed(background, group) for group in groups]
    sizes = [math.prod(background.rates[name].comparison.size + 1 for name in group) for group in groups]
    hoisted = _longest_runs(codes, sizes)
    place = background.coded.profiles.ids.place
    order = np.lexsort((place, codes[hoisted])) if hoisted >= 0 else np.argsort(place)
    tables = [_table(background, group) for group in groups]
    starts = np.cumsum([0, *(table.size for table in tables)])[:-1].astype(np.int64)
    moved = np.array([code[order] for code in codes], dtype=np.uint16).reshape(len(codes), order.size)
    tiles = _tiles(moved[hoisted] if hoisted >= 0 else np.zeros(order.size, dtype=np.uint16))
    flat = np.concatenate([*tables, np.zeros(1, dtype=np.float32)])
    place_part = _place_part(background, order) if "place" in wide else _nothing(4)
    day_part = _day_part(background, order) if "time" in wide else _nothing(3)
    incident = background.coded.profiles.incident[order]
    widths = np.array(sizes, dtype=np.int64)
    whole = (flat, starts, widths, moved, hoisted, tiles, *place_part, *day_part, int(np.diff(tiles).max()), incident)
    return Plan(order, whole)


def run(plan: Plan, rows: Rows, keep: int, threads: int) -> tuple[NDArray[np.int32], Floats]:
    """The kernel over these rows of the plan's order: best columns of each and their sums of parts."""
    from thaw.linkage.kernel import score_rows  # numba is loaded by those who score all pairs, and nobody else

    found = np.full((rows.size, keep), -1, dtype=np.int32)
    score = np.full((rows.size, keep), -np.inf, dtype=np.float32)

    def block(start: int) -> None:
        end = start + _BLOCK
        score_rows(rows[start:end], found[start:end], score[start:end], *plan.arguments)

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        for done in [pool.submit(block, start) for start in range(0, rows.size, _BLOCK)]:
            done.result()
    return found, score


def _exact(
    background: Background, order: Rows, places: Rows, found: NDArray[np.int32], top: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The best of what the kernel kept for each place of the order, by exact factors; rows of the profiles."""
    count = order.size
    rows = np.full((places.size, top), -1, dtype=np.int32)
    factors = np.full((places.size, top), -np.inf)
    place = background.coded.profiles.ids.place
    for start in range(0, places.size, 8 * _BLOCK):
        some = found[start : start + 8 * _BLOCK]
        ours = np.repeat(order[places[start : start + some.shape[0]]], some.shape[1])
        each = np.repeat(np.arange(some.shape[0]), some.shape[1])
        theirs = np.where(some >= 0, order[np.maximum(some, 0)], -1).ravel()
        known = theirs >= 0
        score = np.full(theirs.size, -np.inf)
        parts = pair_parts(background, ours[known], theirs[known])
        score[known] = background.preset.steadiness.log10_bf(parts)
        # Best first, equal ones by id; absent ones last.
        by = np.lexsort((np.where(known, place[theirs], count), -score, each)).reshape(some.shape)
        cut = by[:, :top]
        rows[start : start + some.shape[0], : cut.shape[1]] = theirs[cut]
        factors[start : start + some.shape[0], : cut.shape[1]] = score[cut]
    return rows, factors


def _groups(background: Background, wide: set[str]) -> list[list[str]]:
    """Features whose combined values fit one table, the largest first."""
    sized = [(rate.comparison.size + 1, name) for name, rate in background.rates.items() if rate.comparison.size]
    groups: list[tuple[int, list[str]]] = []
    for size, name in sorted(((size, name) for size, name in sized if name not in wide), reverse=True):
        for spot, (taken, names) in enumerate(groups):
            if taken * size <= _LEVELS:
                groups[spot] = taken * size, [*names, name]
                break
        else:
            groups.append((size, [name]))
    return [names for _, names in groups]


def _packed(background: Background, group: list[str]) -> Rows:
    packed = np.zeros(len(background.coded.profiles), dtype=np.intp)
    for name in group:
        size = background.rates[name].comparison.size
        codes = background.coded.codes[name]
        packed = packed * (size + 1) + np.where(codes < 0, size, codes)
    return packed


def _table(background: Background, group: list[str]) -> Floats:
    """log10 factors of every pair of combined values, row by row."""
    table = np.zeros((1, 1))
    for name in group:
        rate = background.rates[name]
        size = rate.comparison.size
        one = np.zeros((size + 1, size + 1))
        for code in range(size):
            one[code, :size] = rate.log10_bf(rate.comparison.level(code))
        whole = table[:, None, :, None] + one[None, :, None, :]
        table = whole.reshape(table.shape[0] * (size + 1), table.shape[1] * (size + 1))
    return table.astype(np.float32).ravel()


def _longest_runs(codes: list[Rows], sizes: list[int]) -> int:
    """The pack whose code changes seldom enough when cases are sorted by it, the one with the largest table; or -1."""
    good = [(size, -place) for place, size in enumerate(sizes) if codes[place].size / size >= _SHORTEST_RUN]
    return -max(good)[1] if good else -1


def _tiles(codes: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Starts of stretches with one code and at most 512 cases, and the end."""
    if not codes.size:
        return np.array([0, 0], dtype=np.int64)
    turns = [0, *(np.flatnonzero(codes[1:] != codes[:-1]) + 1).tolist(), codes.size]
    starts = [at for start, end in pairwise(turns) for at in range(start, end, TILE)]
    return np.array([*starts, codes.size], dtype=np.int64)


def _place_part(background: Background, order: Rows) -> tuple[Any, ...]:
    rate = background.rates["place"]
    assert isinstance(rate.comparison, PlaceComparison)
    codes = background.coded.codes["place"][order].astype(np.intp)
    none = np.full((1, *rate.comparison.spots.shape[1:]), ABSENT)
    spots = np.vstack([np.where(np.isnan(rate.comparison.spots), ABSENT, rate.comparison.spots), none])
    weight = np.append(rate.weight, -1.0)
    curve, low = _by_bits(lambda square: (1 + np.sqrt(square) / rate.feature.scale) ** -rate.feature.power)
    return spots[codes].astype(np.float32), weight[codes].astype(np.float32), curve, low, *_factors(rate)


def _day_part(background: Background, order: Rows) -> tuple[Any, ...]:
    rate = background.rates["time"]
    profiles = background.coded.profiles
    weight = np.append(rate.weight, -1.0)[background.coded.codes["time"][order].astype(np.intp)]
    # Days since the first one: float32 then still tells hours apart.
    known = ~np.isnan(profiles.date_from) & ~np.isnan(profiles.date_to)
    zero = float(np.min(profiles.date_from, where=known, initial=math.inf))
    low = np.where(known, profiles.date_from - zero, ABSENT)[order].astype(np.float32)
    high = np.where(known, profiles.date_to - zero, ABSENT)[order].astype(np.float32)
    curve, curve_low = _by_bits(lambda gap: (1 + gap / rate.feature.scale) ** -rate.feature.power)
    return low, high, weight.astype(np.float32), curve, curve_low, *_factors(rate)


def _factors(rate: Rates) -> tuple[Floats, int]:
    return _by_bits(lambda fair: rate.log10_of(fair))


def _by_bits(function: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> tuple[Floats, int]:
    """A function of a positive number, tabled by the leading bits of its float32: the value in the middle of each."""
    lowest, highest = (int(np.float32(end).view(np.int32)) >> BUCKET_BITS for end in (1e-12, 1e12))
    places = np.arange(lowest, highest + 1, dtype=np.int64)
    middle = ((places << BUCKET_BITS) + (1 << (BUCKET_BITS - 1))).astype(np.int32).view(np.float32)
    return function(middle.astype(np.float64)).astype(np.float32), lowest


def _nothing(arrays: int) -> tuple[Any, ...]:
    one = np.zeros(1, dtype=np.float32)
    if arrays == 4:
        return np.empty((0, 1, 4), dtype=np.float32), one, one, 0, one, 0
    return np.empty(0, dtype=np.float32), one, one, one, 0, one, 0
