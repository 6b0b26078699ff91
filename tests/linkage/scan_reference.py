"""The scan in plain loops, slow and obvious: every place, sex, method and window, without arrays or shortcuts."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
_LENGTHS = (1, 3, 6, 12, 24, 36, 60, 120)


def months_of(rows: Sequence[Row]) -> dict[str, int]:
    first = min(12 * r["year"] + r["month"] for r in rows)
    return {r["id"]: 12 * r["year"] + r["month"] - first for r in rows}


def groups(rows: Sequence[Row], neighbours: Mapping[str, Sequence[str]], merged: Mapping[str, Sequence[str]]) -> Any:
    """Each set of rows of one sex, a county or one with its neighbors, a method or a class; two unsolved or more."""
    there = sorted({r["area"] for r in rows})
    places = [{a} for a in there] + [{a, *neighbours.get(a, ())} for a in there]
    methods = [{m} for m in sorted({r["method"] for r in rows})] + [set(codes) for codes in merged.values()]
    for place in places:
        for sex in sorted({r["sex"] for r in rows}):
            for chosen in methods:
                found = [r for r in rows if r["area"] in place and r["sex"] == sex and r["method"] in chosen]
                if sum(r["unsolved"] for r in found) >= 2:
                    yield found


def windows(rows: Sequence[Row], months: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    for begin in sorted({months[r["id"]] for r in rows}):
        for length in _LENGTHS:
            yield begin, begin + length


def clearance_weight(rows: Sequence[Row], every: Sequence[Row]) -> float:
    """Hoeffding's or Bennett's bound, the larger, from two or more rows of strata that are not all alike."""
    strata = defaultdict(list)
    for r in every:
        strata[_stratum(r)].append(r["unsolved"])
    mean = variance = 0.0
    total = unsolved = 0
    for key, inside in Counter(map(_stratum, rows)).items():
        size, share = len(strata[key]), sum(strata[key]) / len(strata[key])
        if share in (0, 1):
            continue
        total += inside
        unsolved += sum(r["unsolved"] for r in rows if _stratum(r) == key)
        mean += inside * share
        variance += inside * share * (1 - share) * (size - inside) / (size - 1)
    if total < 2 or variance < 1e-9 or unsolved <= mean:
        return 0.0
    likelihood = unsolved * math.log(unsolved / mean)
    if unsolved < total:
        likelihood += (total - unsolved) * math.log((total - unsolved) / (total - mean))
    ratio = (unsolved - mean) / variance
    return max(likelihood, variance * ((1 + ratio) * math.log(1 + ratio) - ratio))


def best_clearance(rows: Sequence[Row], neighbours: Any, merged: Any, largest: float = 30.0) -> float:
    months = months_of(rows)
    best = 0.0
    for group in groups(rows, neighbours, merged):
        chosen = [[r for r in group if a <= months[r["id"]] < b] for a, b in windows(group, months)] + [group]
        for inside in chosen:
            if expected_unsolved(inside, rows) <= largest:
                best = max(best, clearance_weight(inside, rows))
    return best


def expected_unsolved(rows: Sequence[Row], every: Sequence[Row]) -> float:
    strata = defaultdict(list)
    for r in every:
        strata[_stratum(r)].append(r["unsolved"])
    return sum(sum(strata[_stratum(r)]) / len(strata[_stratum(r)]) for r in rows)


def month_profile(row: Row, every: Sequence[Row]) -> dict[int, Fraction]:
    """Where the burst null may put one record: a month of its stratum, moved by up to `reach`, folded at the ends."""
    months = months_of(every)
    own = [months[r["id"]] for r in every if r["agency"] == row["agency"]]
    low, high = min(own), max(own)
    held = [months[r["id"]] for r in every if (r["agency"], r["method"]) == (row["agency"], row["method"])]
    reach = min(max(math.ceil(60 * (high - low + 1) / len(held) / 2), 3), 30)
    found: dict[int, Fraction] = defaultdict(Fraction)
    for month in held:
        for offset in range(-reach, reach + 1):
            found[_folded(month + offset, low, high)] += Fraction(1, len(held) * (2 * reach + 1))
    return found


def _folded(month: int, low: int, high: int) -> int:
    while not low <= month <= high:
        month = 2 * low - 1 - month if month < low else 2 * high + 1 - month
    return month


def best_burst(rows: Sequence[Row], neighbours: Any, merged: Any, largest: float = 30.0) -> float:
    months = months_of(rows)
    profiles: dict[tuple[str, str], dict[int, Fraction]] = {}
    for r in rows:
        profiles.setdefault((r["agency"], r["method"]), month_profile(r, rows))
    best = 0.0
    for group in groups(rows, neighbours, merged):
        events = [r for r in group if r["unsolved"]]
        for a, b in windows(events, months):
            count = sum(a <= months[r["id"]] < b for r in events)
            shares = (profiles[r["agency"], r["method"]] for r in events)
            mean = float(sum(sum(p for m, p in share.items() if a <= m < b) for share in shares))
            if count >= 2 and mean < count and mean <= largest:
                best = max(best, count * math.log(count / mean) - (count - mean))
    return best


def tail(strata: Sequence[tuple[int, int, int]], at_least: int) -> float:
    """Chance of `at_least` unsolved among draws without putting back; strata are (size, unsolved, drawn)."""
    chances = {0: 1.0}
    for size, unsolved, drawn in strata:
        ways = math.comb(size, drawn)
        mine = {
            k: math.comb(unsolved, k) * math.comb(size - unsolved, drawn - k) / ways
            for k in range(max(0, drawn - size + unsolved), min(drawn, unsolved) + 1)
        }
        chances = _sum_of(chances, mine)
    return sum(chance for count, chance in chances.items() if count >= at_least)


def _sum_of(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    for a, p in one.items():
        for b, q in other.items():
            found[a + b] += p * q
    return found


def map_rule(rows: Sequence[Row]) -> set[tuple[str, str, int, int]]:
    """Cells of women, at most a third solved, two or more: county, method, total, unsolved."""
    found = set()
    for area in {r["area"] for r in rows}:
        for method in {r["method"] for r in rows}:
            cell = [r for r in rows if (r["area"], r["method"], r["sex"]) == (area, method, "F")]
            solved = sum(not r["unsolved"] for r in cell)
            if len(cell) >= 2 and Fraction(solved, len(cell)) <= Fraction(1, 3):
                found.add((area, method, len(cell), len(cell) - solved))
    return found


def _stratum(row: Row) -> tuple[Any, ...]:
    return row["agency"], row["year"] // 10, row["method"]
