"""What labelled series teach: how consistent offenders are, how far and long apart cases lie, what a field weighs.

From 3 series on, consistency and scale of each feature move from their elicited values as far as the series say; from
10 on, ridge weights take care of fields that say the same twice, and scores of held-out series calibrate probabilities.
Background rates need no labels and are never refitted. In: a `Background` and `Labels`. Out: `Learned`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.background import Background
from thaw.linkage.calibration import Calibration, Curve, better_curve, fit_curve, logistic
from thaw.linkage.comparison import Comparison
from thaw.linkage.labels import Labels
from thaw.linkage.preset import Feature, Preset
from thaw.linkage.rates import Rates
from thaw.linkage.steadiness import Steadiness

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
LEAST_SERIES = 3  # below, the elicited numbers stand
LEAST_FOR_WEIGHTS = 10  # the plan of this model; fewer series teach weights that fit those series
_PRIOR_SERIES = 8.0  # series that an elicited consistency counts for (our linkage study, 4.1)
_SCALES = tuple(2.0**power for power in range(-3, 4))
_SCALE_SIGMA = math.log(3)  # elicited: a scale is right within a factor of three
_RIDGE = 4.0  # in series: a weight moves by half when four series' worth of information asks for it
_MOST_UNLINKED = 100_000
_FOLDS = 10
_DRAWS = 40


@dataclass(frozen=True, slots=True)
class Learned:
    """A preset moved by labels, and the calibration of its scores (None below ten series)."""

    preset: Preset
    calibration: Calibration | None
    series: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Fair factors K w w of pairs by feature and scale; NaN where a field is unknown on either side."""

    features: tuple[Feature, ...]
    fair: Mapping[str, Mapping[float, Floats]]

    @staticmethod
    def of(background: Background, first: Rows, second: Rows) -> Evidence:
        """For pairs of the background's cases, with rates fitted anew for each scale."""
        fair: dict[str, dict[float, Floats]] = {}
        for feature in background.preset.features:
            rates, codes = background.rates[feature.name], background.coded.codes[feature.name].astype(np.intp)
            if rates.known:
                scales = _SCALES if feature.kind not in ("categorical", "set") else (1.0,)
                fair[feature.name] = {scale: _fair(rates, codes, scale, first, second) for scale in scales}
        return Evidence(tuple(f for f in background.preset.features if f.name in fair), fair)

    def parts(self, features: Mapping[str, Feature], scales: Mapping[str, float]) -> Floats:
        """(pairs, features) natural-log factors, 0 where unknown, before weights."""
        columns = []
        for feature in self.features:
            now = features[feature.name]
            fair = self.fair[feature.name][scales[feature.name]]
            limit = now.clamp_log10 * math.log(10)
            factor = np.clip(np.log(now.consistency * fair + 1 - now.consistency), -limit, limit)
            columns.append(np.where(np.isnan(fair), 0.0, factor))
        return np.column_stack(columns)


@dataclass(frozen=True, slots=True)
class Lessons:
    """Everything that fits need, computed once: pairs with their components, weights, evidence."""

    preset: Preset
    evidence: Evidence
    linked: NDArray[np.bool_]
    one: Rows
    two: Rows

    @staticmethod
    def of(background: Background, labels: Labels, more: tuple[Rows, Rows] | None = None) -> Lessons:
        """Linked pairs, and unlinked ones of different components; `more` unlinked pairs of any cases."""
        first, second = labels.linked()
        apart = labels.unlinked(_MOST_UNLINKED)
        if more is not None:
            apart = np.concatenate([apart[0], more[0]]), np.concatenate([apart[1], more[1]])
        rows = np.concatenate([first, apart[0]]), np.concatenate([second, apart[1]])
        # Unlabelled rows are in components of their own, numbered below zero.
        one, two = (np.array([labels.component.get(int(row), -1 - int(row)) for row in side]) for side in rows)
        linked = np.arange(rows[0].size) < first.size
        return Lessons(background.preset, Evidence.of(background, *rows), linked, one, two)

    def without(self, components: set[int]) -> NDArray[np.bool_]:
        """Mask of the pairs that touch none of these components."""
        left_out = np.array(sorted(components), dtype=np.intp)
        return ~(np.isin(self.one, left_out) | np.isin(self.two, left_out))

    def weights(self, mask: NDArray[np.bool_]) -> Floats:
        """Each component with linked pairs weighs 1, however many pairs it has; each unlinked pair 1."""
        weight = np.where(mask, 1.0, 0.0)
        linked = mask & self.linked
        _, place, count = np.unique(self.one[linked], return_inverse=True, return_counts=True)
        weight[linked] = 1.0 / count[place]
        return weight


@dataclass(frozen=True, slots=True)
class Fit:
    """Features as learned from some pairs, their scales relative to the elicited ones, and the ridge weights."""

    features: Mapping[str, Feature]
    scales: Mapping[str, float]
    weights: Mapping[str, float]

    def score(self, evidence: Evidence) -> Floats:
        """Natural-log scores of pairs."""
        weight = np.array([self.weights[feature.name] for feature in evidence.features])
        return np.asarray(evidence.parts(self.features, self.scales) @ weight)


def learn(background: Background, labels: Labels, more: tuple[Rows, Rows] | None = None) -> Learned:
    """The preset and calibration that these labels give; the preset as it was below three series.

    more  rows of random pairs, taken as unlinked beside the labelled ones: true links are too few among them to matter
    """
    count = len(labels.components)
    if count < LEAST_SERIES:
        return Learned(background.preset, None, count)
    lessons = Lessons.of(background, labels, more)
    everything = np.ones(lessons.linked.size, dtype=np.bool_)
    fit = fitted(lessons, everything, with_weights=count >= LEAST_FOR_WEIGHTS)
    calibration = None
    if count >= LEAST_FOR_WEIGHTS:
        calibration = calibrated(lessons, held_out_scores(lessons, labels), everything)
    return Learned(_moved(background.preset, fit, count, calibration), calibration, count)


def fitted(lessons: Lessons, mask: NDArray[np.bool_], *, with_weights: bool) -> Fit:
    """Consistency and scale by maximum posterior from the linked pairs of the mask, then ridge weights."""
    weight = lessons.weights(mask)
    features: dict[str, Feature] = {}
    scales: dict[str, float] = {}
    for feature in lessons.evidence.features:
        fair = lessons.evidence.fair[feature.name]
        scales[feature.name], consistency = _most_likely(feature, fair, lessons.linked & mask, weight)
        features[feature.name] = replace(feature, consistency=consistency)
    if not with_weights:
        return Fit(features, scales, dict.fromkeys(features, 1.0))
    parts = lessons.evidence.parts(features, scales)
    # Linked pairs weigh a series each; unlinked ones a hundred per series in all, which moves the intercept only.
    apart = mask & ~lessons.linked
    weight = np.where(apart, weight * 100 * max(weight[lessons.linked].sum(), 1) / max(apart.sum(), 1), weight)
    centre = np.concatenate([[0.0], np.ones(parts.shape[1])])
    penalty = np.concatenate([[0.0], np.full(parts.shape[1], _RIDGE)])
    beta = logistic(parts[mask], lessons.linked[mask].astype(np.float64), weight[mask], penalty, centre)
    # Below zero a field would speak against an offender who repeats it.
    kept = np.maximum(beta[1:], 0.0)
    return Fit(features, scales, dict(zip(features, kept.tolist(), strict=True)))


def held_out_scores(lessons: Lessons, labels: Labels, folds: int = _FOLDS) -> Floats:
    """Scores of all pairs, each by fits that saw neither of its components: series-blocked and out of fold."""
    components = labels.components
    parts = [set(components[start::folds]) for start in range(min(folds, len(components)))]
    total, count = np.zeros(lessons.linked.size), np.zeros(lessons.linked.size)
    touched = np.zeros(lessons.linked.size, dtype=np.bool_)
    everything = np.ones(lessons.linked.size, dtype=np.bool_)
    for fold in parts:
        mask = lessons.without(fold)
        score = fitted(lessons, mask, with_weights=True).score(lessons.evidence)
        total, count = total + np.where(mask, 0.0, score), count + ~mask
        touched |= ~mask
    if not touched.all():
        # Pairs of cases that belong to no series teach no fit anything but the intercept.
        whole = fitted(lessons, everything, with_weights=True).score(lessons.evidence)
        total, count = np.where(touched, total, whole), np.where(touched, count, 1)
    return np.asarray(total / count)


def calibrated(lessons: Lessons, score: Floats, mask: NDArray[np.bool_], draws: int = _DRAWS) -> Calibration:
    """The better curve through held-out scores of the pairs of the mask, and the same on series drawn anew."""
    linked, chosen = lessons.linked[mask], score[mask]
    series, member = np.unique(lessons.one[mask][linked], return_inverse=True)
    parts = [set(series[start::_FOLDS].tolist()) for start in range(min(_FOLDS, series.size))]
    method, losses = better_curve(chosen, linked, [lessons.without(part)[mask] for part in parts])
    ones = np.ones(chosen.size)
    rng = np.random.Generator(np.random.PCG64(1852))
    curves = []
    for _ in range(draws):
        times = np.bincount(rng.integers(0, series.size, series.size), minlength=series.size)
        weight = np.ones(chosen.size)
        weight[linked] = times[member]
        curves.append((fit_curve(method, chosen, linked, weight), _base(linked, weight)))
    curve = fit_curve(method, chosen, linked, ones)
    return Calibration(curve, _base(linked, ones), int(series.size), tuple(curves), method, losses)


def _base(linked: NDArray[np.bool_], weight: Floats) -> float:
    return math.log(float(weight[linked].sum()) / float(weight[~linked].sum()))


def _fair(rates: Rates, codes: Rows, scale: float, first: Rows, second: Rows) -> Floats:
    feature = rates.feature
    if scale != 1.0:
        comparison: Comparison = replace(rates.comparison, feature=replace(feature, scale=feature.scale * scale))  # type: ignore[type-var]
        rates = Rates.fit(comparison.feature, comparison, codes)  # type: ignore[attr-defined]
    known = (codes[first] >= 0) & (codes[second] >= 0)
    found = np.full(first.size, np.nan)
    a, b = codes[first[known]], codes[second[known]]
    found[known] = rates.comparison.alike_pairs(a, b) * rates.weight[a] * rates.weight[b]
    return found


_GRID = np.linspace(0.01, 0.99, 99)


def _most_likely(
    feature: Feature, fair: Mapping[float, Floats], mask: NDArray[np.bool_], weight: Floats
) -> tuple[float, float]:
    """Scale and consistency with the largest posterior; the elicited ones count for eight series."""
    # A beta distribution whose mode is the elicited value and which counts for that many series.
    elicited = feature.consistency
    prior = _PRIOR_SERIES * (elicited * np.log(_GRID) + (1 - elicited) * np.log(1 - _GRID))
    best = (-math.inf, 1.0, elicited)
    for scale, values in fair.items():
        known = mask & ~np.isnan(values)
        if not known.any():
            continue
        factors = _GRID[:, None] * values[known][None, :] + 1 - _GRID[:, None]
        gain = np.log(factors) @ weight[known] + prior - (math.log(scale) / _SCALE_SIGMA) ** 2 / 2
        at = int(np.argmax(gain))
        best = max(best, (float(gain[at]), scale, float(_GRID[at])))
    return best[1], best[2]


def _moved(preset: Preset, fit: Fit, count: int, calibration: Calibration | None) -> Preset:
    features = tuple(
        replace(fit.features[f.name], scale=f.scale * fit.scales[f.name], weight=fit.weights[f.name])
        if f.name in fit.features
        else f
        for f in preset.features
    )
    # Weights and calibration take the place of the average over steadiness: both answer the same doubt.
    steadiness = preset.steadiness if calibration is None else Steadiness()
    words = preset.calibration if calibration is None else calibration.words
    numbers = [(f.name, f.consistency, f.scale, f.weight) for f in features]
    line = None if calibration is None else (*_numbers(calibration.curve), calibration.base)
    digest = hashlib.sha256(json.dumps([numbers, line, count]).encode()).hexdigest()
    return replace(preset, features=features, steadiness=steadiness, calibration=words, learned=digest)


def _numbers(curve: Curve) -> tuple[object, ...]:
    return curve.scores, curve.log_odds, curve.slope
