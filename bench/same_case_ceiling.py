"""What can be told of two registers at all: each pair weighed with the very rates by which the registers were made.

Nothing that compares only what the records say does better: it knows the shares of counties, ages and weapons, what
each register gets wrong and how often, and that a killing stands in a register once.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np

from bench.same_case import SHARES, WEAPONS, YEARS, Rates, generate
from thaw.casebook.one_to_one import marginals
from thaw.casebook.same_case import CaseRecord
from thaw.data import places

_OFF = (-3, -2, -1, 1, 2, 3, 10, -10)
_LEAST = math.exp(-9)


def ceiling(seed: int, rates: Rates, a_year: int, precision: float) -> float:
    """The largest recall at which so many of the pairs are true, without names."""
    first, second, truth, _ = generate(random.Random(seed), rates, a_year * YEARS)
    model = _Model(seed, rates, a_year * YEARS)
    pairs = model.pairs(first, second)
    one, other, odds = (np.array(part) for part in zip(*pairs, strict=True))
    found = marginals(one.astype(int), other.astype(int), odds)
    order = np.argsort(-found)
    true = np.array([(first[int(one[k])].case_id, second[int(other[k])].case_id) in truth for k in order])
    right = np.cumsum(true)
    enough = np.flatnonzero(right / np.arange(1, len(true) + 1) >= precision)
    return float(right[enough[-1]] / len(truth)) if len(enough) else 0.0


class _Model:
    """The generator of `bench.same_case`, turned round: how probable two records are if they are one killing."""

    def __init__(self, seed: int, rates: Rates, killings: int) -> None:
        draw = random.Random(seed)
        self.rates, self.killings = rates, killings
        self.counties = [county for county in places.counties() if county.state == "UT"]
        weights = [draw.paretovariate(1.0) for _ in self.counties]
        self.county = dict(zip((c.fips for c in self.counties), (w / sum(weights) for w in weights), strict=True))
        self.weapon = {code: share / 100 for code, share in zip(WEAPONS, SHARES, strict=True)}
        told = np.diag(np.full(100, 1 - rates.age))
        for age in range(100):
            for off in _OFF:
                told[age, min(99, max(0, age + off))] += rates.age / len(_OFF)
        edges = [-math.inf, *(age + 0.5 for age in range(99)), math.inf]
        below = np.array([0.5 * (1 + math.erf((edge - 33) / 15 / math.sqrt(2))) for edge in edges])
        ages = np.diff(below)
        alone = ages @ told
        self.age = np.log((told.T @ np.diag(ages) @ told) / np.outer(alone, alone) + 1e-12)

    def pairs(self, first: Sequence[CaseRecord], second: Sequence[CaseRecord]) -> list[tuple[int, int, float]]:
        """(record of the first, record of the second, odds by themselves) of all pairs that are not hopeless."""
        months: dict[int, list[int]] = defaultdict(list)
        for i, record in enumerate(first):
            months[_month(record.first)].append(i)
        # Half of the killings are in both, a quarter in each alone.
        start = math.log(0.5 * self.killings / (0.25 * self.killings) ** 2)
        found = []
        for j, record in enumerate(second):
            near = Counter({_month(record.first): 1 - self.rates.month})
            near[_month(record.first + 31)] += self.rates.month
            inside = self._counties(record)
            for month, share in near.items():
                for i in months[month]:
                    log_odds = start + math.log(share * 12 * YEARS) + self._alike(first[i], record, inside)
                    if log_odds > math.log(_LEAST):
                        found.append((i, j, math.exp(log_odds)))
        return found

    def _counties(self, record: CaseRecord) -> dict[str, float]:
        """Share of each county among killings at the point of a record."""
        assert record.lat is not None
        assert record.lon is not None
        weights = {}
        for county in self.counties:
            spread = county.radius_km / 250
            apart = ((record.lat - county.lat) / spread) ** 2 + ((record.lon - county.lon) / spread) ** 2
            weights[county.fips] = self.county[county.fips] * math.exp(-apart / 2) / spread**2
        total = sum(weights.values())
        return {fips: weight / total for fips, weight in weights.items()}

    def _alike(self, one: CaseRecord, other: CaseRecord, inside: dict[str, float]) -> float:
        """Log of the Bayes factor of county, sex, age and weapon."""
        wrong, count = self.rates.county, len(self.counties)
        fips = one.county or ""
        any_of = (1 - wrong) * self.county[fips] + wrong / count
        found = math.log(((1 - wrong) * inside[fips] + wrong / count) / any_of)
        if one.age_low is not None and other.age_low is not None:
            found += float(self.age[int(one.age_low), int(other.age_low)])
        if one.sex and other.sex:
            share, e = {"M": 0.78, "F": 0.22}, self.rates.sex
            told = {(t, s): 1 - e if t == s else e for t in "MF" for s in "MF"}
            both = sum(share[t] * told[t, one.sex] * told[t, other.sex] for t in "MF")
            each = [sum(share[t] * told[t, s] for t in "MF") for s in (one.sex, other.sex)]
            found += math.log(both / each[0] / each[1])
        if one.weapon and other.weapon:
            a, b, e = one.weapon, other.weapon, self.rates.weapon
            both = sum(
                p * ((1 - e) * (t == a) + e * self.weapon[a]) * ((1 - e) * (t == b) + e * self.weapon[b])
                for t, p in self.weapon.items()
            )
            found += math.log(both / self.weapon[a] / self.weapon[b])
        return found


def _month(day: int) -> int:
    found = date.fromordinal(day)
    return found.year * 12 + found.month
