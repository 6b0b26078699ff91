"""Comparisons of intervals: ages, dates and counts on a line, hours and weekdays round a clock."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError
from thaw.linkage.levels import cells, distinct, find_row, mean_and_variance
from thaw.linkage.preset import Feature
from thaw.linkage.profiles import Profile, Profiles
from thaw.linkage.separation import alikeness, circular_gap, expected_gap

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
_UNITS = {"age": "years", "time": "days", "time_of_day": "hours", "weekday": "days"}
_PERIODS = {"time_of_day": 24.0, "weekday": 7.0}
_PER_DAY = {"time_of_day": 24.0, "weekday": 1.0}
_OPEN_END = 4.0  # "20 or more" reaches to four times as many


@dataclass(frozen=True, slots=True)
class IntervalComparison:
    """Ages, times, counts, hours or weekdays: intervals, alike by their expected gap.

    levels  (U, 2) low and high, sorted; counts as the logarithm of one more, hours and days of the week from 0 on
    """

    feature: Feature
    levels: Floats
    most_nodes: int = 1100  # every month of ninety years is a node of its own
    balanced = False

    @staticmethod
    def fit(feature: Feature, profiles: Profiles) -> tuple[IntervalComparison, Codes]:
        """Nothing is learned but which intervals there are."""
        return IntervalComparison(feature, np.empty((0, 2))).encode(profiles)

    def encode(self, profiles: Profiles) -> tuple[IntervalComparison, Codes]:
        """The comparison over the intervals of these cases, and each case's level (-1 for unknown)."""
        levels, codes = distinct(*_ends(self.feature, profiles))
        return replace(self, levels=levels), codes

    @property
    def size(self) -> int:
        """Number of different intervals."""
        return int(self.levels.shape[0])

    @property
    def unit(self) -> str | None:
        """Years of age, days, or hours; None for counts, which are compared by their ratio."""
        return _UNITS.get(self.feature.kind)

    def shares(self, counts: Floats) -> Floats:
        """Half a case added to each."""
        return np.asarray((counts + 0.5) / max(counts.sum() + counts.size / 2, 0.5))

    def value_of(self, profile: Profile) -> tuple[float, float] | None:
        """(low, high); one end alone is not known."""
        kind = self.feature.kind
        if kind == "count":
            text = profile.categorical.get(self.feature.name)
            if text is None:
                return None
            first, last = count_ends(self.feature.name, text)
            return float(np.log1p(first)), float(np.log1p(last))
        low, high = (profile.age_low, profile.age_high) if kind == "age" else (profile.date_from, profile.date_to)
        if low is None or high is None:
            return None
        return _round_the_clock(kind, low, high) if kind in _PERIODS else (low, high)

    def level(self, code: int) -> tuple[float, float]:
        """(low, high)."""
        return float(self.levels[code, 0]), float(self.levels[code, 1])

    def code_of(self, value: tuple[float, float]) -> int:
        """Found in the sorted levels."""
        return find_row(self.levels, value)

    def equals(self, value: tuple[float, float]) -> NDArray[np.bool_]:
        """The level with the same ends."""
        return np.asarray((self.levels == value).all(axis=1))

    def alike(self, value: tuple[float, float]) -> Floats:
        """By the expected gap to every level."""
        return self._kernel(self._gap(*value, self.levels[:, 0], self.levels[:, 1]))

    def alike_level(self, code: int) -> Floats:
        """As `alike`."""
        return self.alike(self.level(code))

    def alike_self(self, value: tuple[float, float]) -> float:
        """Below 1 for an interval: two cases within it are a third of its width apart on average."""
        return float(self._kernel(self._gap(*value, *value)))

    def alike_pairs(self, first: Codes, second: Codes) -> Floats:
        """By the expected gap of each pair."""
        (a, b), (c, d) = self.levels[first].T, self.levels[second].T
        return self._kernel(self._gap(a, b, c, d))

    def separation(self, value: tuple[float, float], other: tuple[float, float]) -> float | None:
        """Expected gap in the unit."""
        return None if self.unit is None else float(self._gap(*value, *other))

    def label(self, value: tuple[float, float]) -> str:
        """`24-30` or `24`; a count as `5-9`."""
        low, high = (round(math.expm1(end)) for end in value) if self.feature.kind == "count" else value
        return f"{low:g}" if low == high else f"{low:g}-{high:g}"

    def nodes(self, counts: Floats) -> tuple[IntervalComparison, Codes]:
        """Neighboring intervals as one, of the same mean and variance as a case drawn from them."""
        cell = cells(self.levels, self.most_nodes)
        if cell.size <= self.most_nodes:
            return self, cell
        low, high = self.levels.T
        middle, scatter = mean_and_variance(cell, counts, (low + high) / 2)
        within, _ = mean_and_variance(cell, counts, (high - low) ** 2 / 12)  # variance of a uniform
        half = np.sqrt(3 * (scatter + within))
        return replace(self, levels=np.column_stack([middle - half, middle + half])), cell

    def _gap(self, low: Any, high: Any, lows: Any, highs: Any) -> Floats:
        period = _PERIODS.get(self.feature.kind)
        if period is None:
            return expected_gap(low, high, lows, highs)
        return circular_gap(low, high, lows, highs, period)

    def _kernel(self, gap: Floats) -> Floats:
        return alikeness(gap, self.feature.scale, self.feature.power)


def _ends(feature: Feature, profiles: Profiles) -> tuple[Floats, Floats]:
    """Low and high end of each case's interval in the feature's own terms, NaN for unknown."""
    if feature.kind == "age":
        return profiles.age_low, profiles.age_high
    if feature.kind == "count":
        return _counted(feature, profiles)
    if feature.kind == "time":
        return profiles.date_from, profiles.date_to
    return _round_the_clock(feature.kind, profiles.date_from, profiles.date_to)


def _round_the_clock(kind: str, low: Any, high: Any) -> tuple[Any, Any]:
    """Days as hours or weekdays, the start within the period."""
    start = np.mod(low * _PER_DAY[kind], _PERIODS[kind])
    return start, start + (high - low) * _PER_DAY[kind]


def _counted(feature: Feature, profiles: Profiles) -> tuple[Floats, Floats]:
    column = profiles.categorical.get(feature.name)
    if column is None:
        nothing = np.full(len(profiles), np.nan)
        return nothing, nothing
    ends = np.array([[math.nan, math.nan], *(count_ends(feature.name, level) for level in column.levels)])
    low, high = np.log1p(ends)[column.codes.astype(np.intp) + 1].T
    return low, high


def count_ends(name: str, text: str) -> tuple[float, float]:
    """Both ends of a count written `3`, `5..9`, `5-9` or `20+`. Raises InputError for anything else."""
    match = re.fullmatch(r"(\d+)(?:(?:\.\.|-)(\d+)|(\+))?", text.strip())
    if match is None or (match[2] and int(match[2]) < int(match[1])):
        raise InputError(
            where=f"cases to link, {name}", got=repr(text), want="a count such as 3, 5..9 or 20+", fix="Correct it."
        )
    low = float(match[1])
    return low, float(match[2]) if match[2] else low * _OPEN_END if match[3] else low
