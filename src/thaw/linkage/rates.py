"""The Bayes factor of one feature: background rates, fair weights, and the copy model, the same for every kind.

    BF(a, b) = c * K(a, b) * w(a) * w(b) + (1 - c)

In: a comparison with the codes of the background cases. Out: `Rates`, which scores a value against all levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.balance import balanced_weights, newcomer_weight
from thaw.linkage.comparison import Comparison
from thaw.linkage.preset import Feature

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
_FAIRNESS_WORK = 1 << 22  # values compared to correct for coarse nodes: about a tenth of a second


@dataclass(frozen=True, slots=True)
class Rates:
    """One feature's background: shares and weights of its levels, and what knowing it would be worth.

    counts, weight, gain  per level; `known` = cases with a known value
    node_share, node_weight  the same of the coarser nodes on which the weights were balanced
    gain          expected log10 Bayes factor if one offender did both, given the one value
    gain_unknown  the same with neither value known
    """

    feature: Feature
    comparison: Comparison
    nodes: Comparison
    node_share: Floats
    node_weight: Floats
    counts: Floats
    weight: Floats
    gain: Floats
    gain_unknown: float
    known: int

    @staticmethod
    def fit(feature: Feature, comparison: Comparison, codes: Codes) -> Rates:
        """Rates of the background cases whose level codes these are (-1 for unknown)."""
        counts = np.bincount(codes[codes >= 0], minlength=comparison.size).astype(np.float64)
        nodes, node_of = comparison.nodes(np.maximum(counts, 0.5))
        # Half a case for every value, so that one seen once or never cannot weigh without bound (Jeffreys).
        share: Floats = np.bincount(node_of, comparison.shares(counts), nodes.size).astype(np.float64)
        if comparison.balanced:
            kernel = np.array([nodes.alike_level(row) for row in range(nodes.size)]).reshape(nodes.size, nodes.size)
            weight = np.ones(nodes.size)
        else:
            weight, kernel = balanced_weights(share, nodes.alike_level)
        if nodes is not comparison:
            weight = weight / np.sqrt(_mean_fairness(comparison, weight[node_of], counts))
        gain = np.array([_gain(feature, row * own * weight, share) for row, own in zip(kernel, weight, strict=True)])
        return Rates(
            feature=feature,
            comparison=comparison,
            nodes=nodes,
            node_share=share,
            node_weight=weight,
            counts=counts,
            weight=weight[node_of],
            gain=gain[node_of],
            gain_unknown=float(share @ gain),
            known=int(counts.sum()),
        )

    @property
    def share(self) -> Floats:
        """Background share of each level; adds up to 1."""
        return self.comparison.shares(self.counts)

    def weight_of(self, value: Any) -> float:
        """Fair weight of a value: that of its level, or of a newcomer where the background lacks it."""
        if self.comparison.balanced:
            return 1.0
        code = self.comparison.code_of(value)
        if code >= 0:
            return float(self.weight[code])
        seen = float(self.nodes.alike(value) @ (self.node_share * self.node_weight))
        own_share = 0.5 / (self.known + (self.comparison.size + 1) / 2)
        return newcomer_weight(seen, self.comparison.alike_self(value), own_share)

    def log10_bf(self, value: Any, comparison: Comparison | None = None, weight: Floats | None = None) -> Floats:
        """log10 Bayes factor of a value against all levels (U of them; of another comparison with its own weights).

        Clamped to the feature's limit in both directions.
        """
        levels = self.comparison if comparison is None else comparison
        weights = self.weight if weight is None else weight
        return self.log10_of(levels.alike(value) * self.weight_of(value) * weights)

    def log10_bf_pairs(self, first: NDArray[np.int32], second: NDArray[np.int32]) -> Floats:
        """log10 Bayes factor of pairs of level codes, 0 where either is -1."""
        if self.comparison.size**2 <= first.size:
            size = self.comparison.size + 1
            return np.asarray(np.take(self._log10_matrix().ravel(), (first + 1) * size + second + 1))
        result = np.zeros(first.size)
        known = (first >= 0) & (second >= 0)
        a, b = first[known], second[known]
        result[known] = self.log10_of(self.comparison.alike_pairs(a, b) * self.weight[a] * self.weight[b])
        return result

    def _log10_matrix(self) -> Floats:
        """All pairs of levels, moved one on: row and column 0 are 0, for unknown."""
        size = self.comparison.size
        matrix = np.zeros((size + 1, size + 1))
        for code in range(size):
            matrix[code + 1, 1:] = self.log10_of(self.comparison.alike_level(code) * self.weight[code] * self.weight)
        return matrix

    def expected_gain(self, value: Any) -> float:
        """Expected log10 Bayes factor if one offender did both, one value being known, or None."""
        if self.nodes.size == 0 or value is None:
            return self.gain_unknown
        code = self.comparison.code_of(value)
        if code >= 0:
            return float(self.gain[code])
        return _gain(self.feature, self.nodes.alike(value) * self.weight_of(value) * self.node_weight, self.node_share)

    def share_at_least_as_alike(self, value: Any, other: Any, alike: Floats | None = None) -> float:
        """Share of known background cases at least as alike to `value` as `other` is (for codes: that have `value`).

        alike  what `comparison.alike(value)` gives, where many others are asked for one value
        """
        if self.known == 0:
            return 0.0
        if self.comparison.unit is None:
            return float(self.counts[self.comparison.equals(value)].sum()) / self.known
        code = self.comparison.code_of(other)
        alike = self.comparison.alike(value) if alike is None else alike
        if code >= 0:
            bar = float(alike[code])
        else:
            limit = self.comparison.separation(value, other) or 0.0
            bar = float((1 + limit / self.feature.scale) ** -self.feature.power)
        return float(self.counts[alike >= bar].sum()) / self.known

    def log10_of(self, fair: Floats) -> Floats:
        """log10 factor of fair numbers K w w, clamped and weighted."""
        return _copy_log10(self.feature, fair)


def _mean_fairness(comparison: Comparison, weight: Floats, counts: Floats) -> float:
    """Mean of K w w over the background for some evenly spread levels: 1 but for the coarseness of the nodes."""
    picked = np.linspace(0, weight.size - 1, max(8, min(101, _FAIRNESS_WORK // weight.size))).astype(np.intp)
    share = (counts + 0.5) / (counts + 0.5).sum()
    means = [weight[code] * float(comparison.alike_level(code) @ (share * weight)) for code in picked.tolist()]
    return float(np.average(means, weights=share[picked]))


def _copy_log10(feature: Feature, fair: Floats) -> Floats:
    """log10 of the copy model: `fair` is K w w, which averages to 1 over the background."""
    # In place: a case of a million places of its own would else take five new columns.
    factor = np.multiply(fair, feature.consistency)
    factor += 1.0 - feature.consistency
    np.log10(factor, out=factor)
    np.clip(factor, -feature.clamp_log10, feature.clamp_log10, out=factor)
    factor *= feature.weight
    return factor


def _gain(feature: Feature, fair: Floats, share: Floats) -> float:
    """Sum over the background of BF log10 BF: what this feature says on average when one offender did both."""
    factor = feature.consistency * fair + (1.0 - feature.consistency)
    return float(share @ (factor * _copy_log10(feature, fair)))
