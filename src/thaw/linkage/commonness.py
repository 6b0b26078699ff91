"""How often two random cases look this alike: the plainest check of a score, free of every elicited prior.

In: a fitted `Background`. Out: a sorted sample of the scores of random pairs, and "1 in N" for any score. Pairs of one
incident are left out: they are certain and never ranked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.background import Background

PAIRS = 200_000
_LEAST_REACHED = 100
_SEED = 1852  # any fixed number: the same cases always give the same pairs


@dataclass(frozen=True, slots=True)
class Commonness:
    """One in `one_in` random pairs scores at least this; `at_least` when no sampled pair did. None without pairs.

    reached  how many of the sampled pairs did: the figure is sure to about one part in the root of it, so that of
             fewer than a hundred only a bound is told
    """

    one_in: float | None
    at_least: bool
    reached: int = 0

    @property
    def words(self) -> str:
        """As a sentence's end: "about 1 in 4,000 random pairs looks this alike", "fewer than 1 in 10,000 ... look"."""
        if self.one_in is None:
            return "no two cases to compare"
        if not self.at_least and self.one_in < 1.05:
            return "nearly all random pairs look this alike"
        if not self.at_least and (self.reached >= _LEAST_REACHED or self.one_in < 100):
            return f"about 1 in {_rounded(self.one_in, 2)} random pairs looks this alike"
        reached = 0 if self.at_least else self.reached
        bound = _below(self.one_in * max(reached, 1) / _at_most(reached))
        if bound < 2:
            return "too few pairs to say how rare this is"
        return f"fewer than 1 in {bound:,} random pairs look this alike"


@dataclass(frozen=True, slots=True)
class PairSample:
    """Scores of random pairs, ascending; drawn once per background and held beside it."""

    log10_bf: NDArray[np.float64]

    @staticmethod
    def draw(background: Background, pairs: int = PAIRS) -> PairSample:
        """Up to `pairs` distinct-case pairs, drawn in id order with a fixed seed; all pairs where there are fewer."""
        order = background.id_order
        first, second = _random_pairs(order.size, pairs)
        one, two = order[first], order[second]
        incident = background.coded.profiles.incident
        apart = (incident[one] < 0) | (incident[one] != incident[two])
        one, two = one[apart], two[apart]
        return PairSample(np.sort(pair_log10_bf(background, one, two)))

    def reached_by(self, share: float) -> float:
        """The log10 Bayes factor that this share of random pairs reaches, 0 < share <= 1; -inf without pairs.

        Where fewer than a hundred sampled pairs would, the tail above the best two hundredth of them is continued as an
        exponential of the same mean excess (peaks over a threshold; Hill 1975 for the logarithm of a factor).
        """
        size = self.log10_bf.size
        if size == 0:
            return -math.inf
        if share * size >= _LEAST_REACHED:
            return float(self.log10_bf[size - min(size, math.ceil(share * size))])
        peaks = max(min(size, _LEAST_REACHED), size // 200)
        start = float(self.log10_bf[size - peaks])
        excess = float(np.mean(self.log10_bf[size - peaks :] - start))
        return start + excess * math.log(peaks / size / share)

    def commonness(self, log10_bf: float) -> Commonness:
        """How rare a score of at least `log10_bf` is among random pairs."""
        size = self.log10_bf.size
        # A hair below, so that a score is not rarer than itself after another order of summing.
        reached = size - int(np.searchsorted(self.log10_bf, log10_bf - 1e-9, "left"))
        if size == 0:
            return Commonness(None, False)
        return Commonness(size / max(reached, 1), reached == 0, reached)


def pair_log10_bf(background: Background, one: NDArray[np.intp], two: NDArray[np.intp]) -> NDArray[np.float64]:
    """log10 Bayes factors of pairs of the background's cases, given by row numbers."""
    return background.preset.steadiness.log10_bf(pair_parts(background, one, two))


def pair_parts(background: Background, one: NDArray[np.intp], two: NDArray[np.intp]) -> NDArray[np.float64]:
    """(pairs, features) log10 factors of each feature, 0 where it is unknown on either side."""
    parts = np.zeros((one.size, len(background.rates)))
    for place, (name, rate) in enumerate(background.rates.items()):
        if rate.known:
            codes = background.coded.codes[name].astype(np.int32)  # half the memory traffic
            parts[:, place] = rate.log10_bf_pairs(codes[one], codes[two])
    return parts


def _random_pairs(count: int, pairs: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    if count * (count - 1) // 2 <= pairs:
        first, second = np.triu_indices(count, 1)
        return first, second
    rng = np.random.Generator(np.random.PCG64(_SEED))
    first = rng.integers(0, count, pairs)
    second = (first + rng.integers(1, count, pairs)) % count
    return first, second


def _at_most(reached: int) -> float:
    """The mean of a Poisson count of which so few or fewer come in one of twenty samples: a bound at 95 in 100.

    Exact (Garwood 1936), found by halving; 3.0 for none.
    """
    low, high = 0.0, 3.0 * reached + 10.0
    for _ in range(60):
        middle = (low + high) / 2
        below = sum(math.exp(k * math.log(middle) - middle - math.lgamma(k + 1)) for k in range(reached + 1))
        low, high = (middle, high) if below > 0.05 else (low, middle)
    return high


def _below(number: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 ... that is not above a number of at least 1."""
    whole = max(int(number), 1)
    power: int = 10 ** (len(str(whole)) - 1)
    return next(step * power for step in (5, 2, 1) if step * power <= whole)


def _rounded(number: float, digits: int) -> str:
    if number < 10:
        return f"{number:.{digits - 1}f}".removesuffix(".0")
    step = 10 ** (len(str(int(number))) - digits)
    return f"{round(number / step) * step:,}"
