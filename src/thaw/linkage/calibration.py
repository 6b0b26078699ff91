"""From a score to a probability that was measured: logistic regression with a penalty, and Platt's line.

Both are fitted by Newton's method, so that the same data give the same numbers in every run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_ROUNDS = 100
_SETTLED = 1e-10


@dataclass(frozen=True, slots=True)
class Calibration:
    """log BF = intercept + slope * score, both natural: what scores of held-out series turned out to be worth.

    base      log odds of a linked pair among the pairs it was fitted on: taken off, so that a unit's prior can be added
    draws     (intercept, slope, base) of the same fit on series drawn anew: how sure the line is
    series    labelled components behind it
    """

    intercept: float
    slope: float
    base: float
    series: int
    draws: tuple[tuple[float, float, float], ...] = ()

    def log10_bf(self, log10_score: Floats | float) -> Floats:
        """Calibrated log10 Bayes factor of a score."""
        return _line(log10_score, self.intercept, self.slope, self.base)

    def log10_bf_draws(self, log10_scores: Floats) -> Floats:
        """(draws, N) the same by each draw; the line itself where there is no draw."""
        lines = self.draws or ((self.intercept, self.slope, self.base),)
        return np.array([_line(log10_scores, *line) for line in lines])

    @property
    def words(self) -> str:
        """What a list says of its probabilities."""
        return (
            f"calibrated on {self.series} labelled series, each scored by a model that had not seen it; "
            "they hold for cases like those"
        )


def _line(log10_score: Floats | float, intercept: float, slope: float, base: float) -> Floats:
    natural = np.asarray(log10_score, dtype=np.float64) * math.log(10)
    return np.asarray((intercept + slope * natural - base) / math.log(10))


def platt(score: Floats, linked: NDArray[np.bool_], weight: Floats) -> tuple[float, float]:
    """Intercept and slope of the log odds of being linked on a natural-log score.

    Targets are drawn in from 0 and 1 as Platt (1999) does, so that separable data give no infinite slope.
    """
    positive, negative = float(weight[linked].sum()), float(weight[~linked].sum())
    target = np.where(linked, (positive + 1) / (positive + 2), 1 / (negative + 2))
    intercept, slope = logistic(score[:, None], target, weight, np.array([0.0, 1e-6]), np.array([0.0, 1.0]))
    return float(intercept), float(slope)


def logistic(features: Floats, target: Floats, weight: Floats, penalty: Floats, centre: Floats) -> Floats:
    """Coefficients (intercept first) of a weighted logistic regression drawn to `centre` by ridge penalties.

    features  (N, F); target in [0, 1]; penalty and centre have F + 1 entries
    """
    design = np.column_stack([np.ones(features.shape[0]), features])
    rate = float(np.clip(np.average(target, weights=weight), 1e-12, 1 - 1e-12))
    beta = np.array(centre, dtype=np.float64)
    beta[0] = math.log(rate / (1 - rate))
    loss = _loss(design, target, weight, penalty, centre, beta)
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(design @ beta, -500, 500)))
        gradient = design.T @ (weight * (chance - target)) + penalty * (beta - centre)
        curve = (design * (weight * chance * (1 - chance))[:, None]).T @ design + np.diag(penalty + 1e-12)
        step = np.linalg.solve(curve, gradient)
        size = 1.0
        while (
            size > 1e-6 and (new := _loss(design, target, weight, penalty, centre, beta - size * step)) > loss + 1e-12
        ):
            size /= 2  # Newton's step may overshoot where classes are nearly separated
        beta = beta - size * step
        loss = new
        if float(np.abs(size * step).max()) < _SETTLED:
            break
    return beta


def _loss(design: Floats, target: Floats, weight: Floats, penalty: Floats, centre: Floats, beta: Floats) -> float:
    odds = design @ beta
    each = np.logaddexp(0, odds) - target * odds
    return float(weight @ each + 0.5 * penalty @ (beta - centre) ** 2)
