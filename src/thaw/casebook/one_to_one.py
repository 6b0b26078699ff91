"""Pairs of two registers weighed together: each killing is one record of a register at most.

In come pairs with the odds that they are one killing, were there no others; out goes the probability of each pair when
all ways to pair the records are counted, each record in one pair or in none. Messages between pairs that share a record
(belief propagation for weighted matchings) converge to one answer on every graph and are exact where the pairs make no
ring; source: Zdeborova and Mezard, The number of matchings in random graphs, Journal of Statistical Mechanics P05003,
2006.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_ROUNDS = 200
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Feature:
    """How pairs stand in one feature.

    levels  of each pair: 0 is the best, the number of shares the last, -1 where one of the two says nothing
    apart   of each pair: how often two killings stand so by chance, 0 < apart <= 1
    shares  how often records of one killing stand at each level but the last, whose share is what is left
    """

    levels: np.ndarray
    apart: np.ndarray
    shares: tuple[float, ...]

    def log_ratio(self, shares: Sequence[float]) -> np.ndarray:
        """log10 of the Bayes factor of each pair; 0 where nothing is said."""
        same = np.log10(np.array([*shares, 1 - sum(shares)]))
        return np.where(self.levels < 0, 0.0, same[self.levels] - np.log10(self.apart))


def marginals(one: np.ndarray, other: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """Probability of each pair, given the odds of each by itself.

    one, other  whole numbers from 0: the record of the first and of the second register of each pair; each number
                stands for one record and one register on the other side
    """
    ours, theirs = np.ones(len(odds)), np.ones(len(odds))
    before = np.zeros(len(odds))
    for _ in range(_ROUNDS):
        ours = 1 / (1 + _of_others(one, odds * theirs))
        theirs = 1 / (1 + _of_others(other, odds * ours))
        ratio = odds * ours * theirs
        found = ratio / (1 + ratio)
        if not len(found) or float(np.abs(found - before).max()) < _CLOSE:
            break
        before = found
    return np.asarray(ratio / (1 + ratio))


def _of_others(record: np.ndarray, values: np.ndarray) -> np.ndarray:
    """For each pair the sum over the other pairs of the same record."""
    total = np.bincount(record, values)[record] - values
    return np.asarray(np.maximum(total, 0.0))


def learned(feature: Feature, probability: np.ndarray, weight: float) -> tuple[float, ...]:
    """The shares of a feature among pairs that are one killing with these probabilities.

    weight  of how many pairs the shares that were known before count; they are all there is where nothing matched
    """
    counted = np.array([float(probability[feature.levels == level].sum()) for level in range(len(feature.shares) + 1)])
    prior = np.array([*feature.shares, 1 - sum(feature.shares)])
    shares = (counted + weight * prior) / (counted.sum() + weight)
    return tuple(float(share) for share in shares[:-1])
