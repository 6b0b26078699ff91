"""From a score to a probability that was measured: logistic regression with a penalty, Platt's line, isotonic steps.

All are fitted without chance, so that the same data give the same numbers in every run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_ROUNDS = 100
_SETTLED = 1e-10
LEAST_FOR_STEPS = 100  # linked pairs; below, steps follow single pairs (our linkage study, 4.4)
PLATT, ISOTONIC = "Platt", "isotonic"


@dataclass(frozen=True, slots=True)
class Curve:
    """Log odds of a linked pair by score, both natural: straight between the points, which rise.

    slope  how it goes on beyond the first and the last point: a line's own, 0 for steps, which know nothing there
    """

    scores: tuple[float, ...]
    log_odds: tuple[float, ...]
    slope: float = 0.0

    @staticmethod
    def line(intercept: float, slope: float) -> Curve:
        """The straight line through one point."""
        return Curve((0.0,), (intercept,), slope)

    def at(self, score: Floats | float) -> Floats:
        """Log odds of natural-log scores."""
        score = np.asarray(score, dtype=np.float64)
        beyond = np.minimum(score - self.scores[0], 0) + np.maximum(score - self.scores[-1], 0)
        return np.asarray(np.interp(score, self.scores, self.log_odds) + self.slope * beyond)


@dataclass(frozen=True, slots=True)
class Calibration:
    """log BF = curve of the score less the base, all natural: what scores of held-out series turned out to be worth.

    base      log odds of a linked pair among the pairs it was fitted on: taken off, so that a unit's prior can be added
    draws     curve and base of the same fit on series drawn anew: how sure the curve is
    series    labelled components behind it
    method    Platt or isotonic; `log_loss` of each that was tried, on series that its fit had not seen
    """

    curve: Curve
    base: float
    series: int
    draws: tuple[tuple[Curve, float], ...] = ()
    method: str = PLATT
    log_loss: tuple[tuple[str, float], ...] = field(default=())

    def log10_bf(self, log10_score: Floats | float) -> Floats:
        """Calibrated log10 Bayes factor of a score."""
        return _log10(log10_score, self.curve, self.base)

    def log10_bf_draws(self, log10_scores: Floats) -> Floats:
        """(draws, N) the same by each draw; the curve itself where there is no draw."""
        curves = self.draws or ((self.curve, self.base),)
        return np.array([_log10(log10_scores, *one) for one in curves])

    @property
    def words(self) -> str:
        """What a list says of its probabilities."""
        return (
            f"calibrated ({self.method}) on {self.series} labelled series, each scored by a model that had not seen "
            "it; they hold for cases like those"
        )


def _log10(log10_score: Floats | float, curve: Curve, base: float) -> Floats:
    natural = np.asarray(log10_score, dtype=np.float64) * math.log(10)
    return np.asarray((curve.at(natural) - base) / math.log(10))


def fit_curve(method: str, score: Floats, linked: NDArray[np.bool_], weight: Floats) -> Curve:
    """The curve of one method through natural-log scores of pairs."""
    return Curve.line(*platt(score, linked, weight)) if method == PLATT else isotonic(score, linked, weight)


def better_curve(
    score: Floats, linked: NDArray[np.bool_], trained: Sequence[NDArray[np.bool_]]
) -> tuple[str, tuple[tuple[str, float], ...]]:
    """The method whose curves say best what they were not fitted on, and the log loss per pair of each.

    trained  a mask per fold of the pairs that the fold's curves are fitted on; they are judged by the others. Platt
    without a contest where a fold has too few linked pairs for steps, or both say it equally well.
    """
    ones = np.ones(score.size)
    if not trained or min(int(linked[mask].sum()) for mask in trained) < LEAST_FOR_STEPS:
        return PLATT, ()
    losses = []
    for method in (PLATT, ISOTONIC):
        total, count = 0.0, 0
        for mask in trained:
            odds = fit_curve(method, score[mask], linked[mask], ones[mask]).at(score[~mask])
            total += float((np.logaddexp(0, odds) - linked[~mask] * odds).sum())
            count += odds.size
        losses.append((method, total / max(count, 1)))
    return min(losses, key=lambda pair: pair[1])[0], tuple(losses)


def isotonic(score: Floats, linked: NDArray[np.bool_], weight: Floats) -> Curve:
    """Rising steps by the pooling of adjacent violators, joined by straight lines between the middles of the steps.

    One pair against the trend is added at either end, so that no probability is 0 or 1.
    Source: Ayer, Brunk, Ewing, Reid and Silverman (1955), general knowledge; checked in tests against its definition.
    """
    used = weight > 0
    level, place = np.unique(score[used], return_inverse=True)
    total = np.bincount(place, weight[used]).astype(np.float64)
    hits = np.bincount(place, weight[used] * linked[used]).astype(np.float64)
    total[[0, -1]] += 1.0 if level.size > 1 else 2.0
    hits[0] += 1.0
    blocks: list[list[float]] = []  # weight, linked weight, weighted score
    for one in _runs(level, total, hits):
        blocks.append(one)
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][0] >= blocks[-1][1] * blocks[-2][0]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    middles = tuple(middle / total for total, _, middle in blocks)
    return Curve(middles, tuple(math.log(hit / (total - hit)) for total, hit, _ in blocks))


def _runs(level: Floats, total: Floats, hits: Floats) -> list[list[float]]:
    """Neighbors of one share as one: nearly all pairs are unlinked, and steps lie only where that changes."""
    share = hits / total
    start = np.flatnonzero(np.append(True, share[1:] != share[:-1]))
    columns = (np.add.reduceat(one, start) for one in (total, hits, total * level))
    return [list(one) for one in zip(*(column.tolist() for column in columns), strict=True)]


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
