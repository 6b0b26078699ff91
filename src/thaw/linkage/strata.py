"""How much more or less common a value is in one decade and agency than in all cases: counts, shrunk to the pool.

A handgun of 1975 in one town and of 2005 in another are drawn from different backgrounds. In: the code, decade and
agency of each case. Out: the ratio of the local to the pooled share on a grid, so that look-ups stay short.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.profiles import Profile, Profiles

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
DECADE_DAYS = 3652.5
# Two rates within an eighth of each other are one on this grid: 0.05 of log10 at most.
_STEP = math.log(1.25)
_MOST_STEPS = 10
# Cases that the rates of the wider group count for; the number under which each case is best told from the others.
_POOLS = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0, math.inf)


@dataclass(frozen=True, slots=True)
class Strata:
    """Steps of the grid by decade and agency: `steps[row, code]`, `rows` finds the row of (decade, agency or None)."""

    rows: Mapping[tuple[int, str | None], int]
    steps: NDArray[np.int8]

    @staticmethod
    def fit(codes: Codes, share: Floats, decade: Codes, profiles: Profiles) -> Strata:
        """From each case's code and decade (-1 unknown) and its agency; `share` is the pooled share of each code."""
        known = (codes >= 0) & (decade >= 0)
        decades, in_decade = np.unique(decade[known], return_inverse=True)
        by_decade = _counts(in_decade, codes[known], decades.size, share.size)
        local = _shrunk(by_decade, np.broadcast_to(share, by_decade.shape))
        rows: dict[tuple[int, str | None], int] = {(int(one), None): row for row, one in enumerate(decades)}
        agency = profiles.agency.codes[known].astype(np.intp)
        named = agency >= 0
        pairs, in_pair = np.unique(
            in_decade[named] * (len(profiles.agency.levels) + 1) + agency[named], return_inverse=True
        )
        of_decade, of_agency = np.divmod(pairs, len(profiles.agency.levels) + 1)
        by_agency = _counts(in_pair, codes[known][named], pairs.size, share.size)
        fine = _shrunk(by_agency, local[of_decade])
        for row, (one, name) in enumerate(zip(of_decade.tolist(), of_agency.tolist(), strict=True)):
            rows[int(decades[one]), profiles.agency.levels[name]] = decades.size + row
        both = np.vstack([local, fine]) if pairs.size else local
        return Strata(rows, _steps(both, share))

    def steps_of(self, codes: Codes, decade: Codes, profiles: Profiles) -> NDArray[np.int8]:
        """The step of each case's code in its own decade and agency; 0 where the decade is unknown or new."""
        found = np.zeros(codes.size, dtype=np.int8)
        known = np.flatnonzero((codes >= 0) & (decade >= 0))
        if not known.size or not self.rows:
            return found
        names = (*profiles.agency.levels, None)
        agency = profiles.agency.codes[known].astype(np.intp)
        pairs, inverse = np.unique(decade[known] * (len(names) + 1) + agency + 1, return_inverse=True)
        rows = np.array(
            [self._find(pair // (len(names) + 1), names[pair % (len(names) + 1) - 1]) for pair in pairs.tolist()]
        )
        row = rows[inverse]
        found[known] = np.where(row >= 0, self.steps[row, codes[known]], 0)
        return found

    def step_of(self, code: int, decade: int, agency: str | None) -> int:
        """The step of one code."""
        row = self._find(decade, agency)
        return int(self.steps[row, code]) if row >= 0 and 0 <= code < self.steps.shape[1] else 0

    def _find(self, decade: int, agency: str | None) -> int:
        return self.rows.get((decade, agency), self.rows.get((decade, None), -1))


def ratio(steps: NDArray[np.int8] | int) -> Floats:
    """Local over pooled share at a step of the grid."""
    return np.exp(_STEP * np.asarray(steps, dtype=np.float64))


def decades_of(profiles: Profiles) -> Codes:
    """Decade of the middle of each case's interval, -1 where it is unknown or an interval is wider than a decade."""
    middle, width = (profiles.date_from + profiles.date_to) / 2, profiles.date_to - profiles.date_from
    known = ~np.isnan(middle) & (width <= DECADE_DAYS)
    found = np.full(len(profiles), -1, dtype=np.intp)
    # Moved by a century of centuries, so that days before the first one give no negative number.
    found[known] = np.floor(middle[known] / DECADE_DAYS).astype(np.intp) + 1000
    return found


def decade_of(profile: Profile) -> int:
    """The same of one case."""
    low, high = profile.date_from, profile.date_to
    if low is None or high is None or high - low > DECADE_DAYS:
        return -1
    return math.floor((low + high) / 2 / DECADE_DAYS) + 1000


def _counts(rows: Codes, codes: Codes, row_count: int, code_count: int) -> Floats:
    flat = np.bincount(rows * code_count + codes, minlength=row_count * code_count)
    return flat.reshape(row_count, code_count).astype(np.float64)


def _shrunk(counts: Floats, prior: Floats) -> Floats:
    """Shares of each row, drawn to `prior` by as many cases as tell each case best from the others of its row."""
    if not counts.size:
        return counts
    total = counts.sum(axis=1, keepdims=True)

    def told(pool: float) -> float:
        if math.isinf(pool):
            return float((counts * np.log(prior)).sum())
        left = np.maximum(counts - 1, 0) + pool * prior
        return float((counts * np.log(left / (np.maximum(total - 1, 0) + pool))).sum())

    pool = max(reversed(_POOLS), key=told)  # of equal ones the largest: no difference without a reason
    return np.array(prior) if math.isinf(pool) else (counts + pool * prior) / (total + pool)


def _steps(local: Floats, share: Floats) -> NDArray[np.int8]:
    return np.clip(np.round(np.log(local / share) / _STEP), -_MOST_STEPS, _MOST_STEPS).astype(np.int8)
