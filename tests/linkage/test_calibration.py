"""Isotonic steps against their definition, and the choice between them and Platt's line on what neither has seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.linkage.calibration import ISOTONIC, PLATT, Calibration, Curve, better_curve, isotonic


def by_definition(scores: list[float], linked: list[bool]) -> dict[float, float]:
    """Largest of the smallest means over stretches around each score, one pair against the trend at either end."""
    levels = sorted(set(scores))
    shares = []
    for level in levels:
        held = [hit for score, hit in zip(scores, linked, strict=True) if score == level]
        held += [True] if level == levels[0] else []
        held += [False] if level == levels[-1] else []
        shares.append(held)

    def mean(first: int, last: int) -> float:
        inside = [hit for held in shares[first : last + 1] for hit in held]
        return sum(inside) / len(inside)

    count = len(levels)
    return {
        level: max(min(mean(first, last) for last in range(at, count)) for first in range(at + 1))
        for at, level in enumerate(levels)
    }


@given(st.lists(st.tuples(st.integers(-6, 6), st.booleans()), min_size=1, max_size=25))
def test_every_step_is_that_of_the_definition(pairs: list[tuple[int, bool]]) -> None:
    scores, linked = [float(score) for score, _ in pairs], [hit for _, hit in pairs]
    curve = isotonic(np.array(scores), np.array(linked), np.ones(len(pairs)))
    wanted = by_definition(scores, linked)
    said = sorted({round(1 / (1 + math.exp(-odds)), 9) for odds in curve.log_odds})
    assert said == sorted({round(share, 9) for share in wanted.values()})
    assert list(curve.scores) == sorted(curve.scores)
    assert np.isfinite(curve.at(np.linspace(-99, 99, 50))).all()
    assert (np.diff(curve.at(np.linspace(-9, 9, 100))) >= -1e-12).all()


def test_a_pair_of_weight_two_is_the_pair_twice() -> None:
    scores, linked = np.array([0.0, 1.0, 2.0, 3.0]), np.array([False, True, False, True])
    twice = isotonic(np.append(scores, 1.0), np.append(linked, True), np.ones(5))
    assert isotonic(scores, linked, np.array([1.0, 2.0, 1.0, 1.0])) == twice
    assert isotonic(scores, linked, np.array([1.0, 0.0, 1.0, 1.0])) == isotonic(
        scores[[0, 2, 3]], linked[[0, 2, 3]], np.ones(3)
    )


def test_a_line_goes_on_and_steps_stay_beyond_what_was_seen() -> None:
    assert Curve.line(-2.0, 0.5).at(np.array([-4.0, 0.0, 4.0])).tolist() == [-4.0, -2.0, 0.0]
    steps = Curve((0.0, 2.0), (-3.0, 1.0))
    assert steps.at(np.array([-9.0, 0.0, 1.0, 2.0, 9.0])).tolist() == [-3.0, -3.0, -1.0, 1.0, 1.0]


def made(kind: str, seed: int) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 2, 20_000)
    odds = -2 + 0.8 * scores if kind == "line" else np.where(scores > 1, 1.0, -4.0)
    linked = rng.random(scores.size) < 1 / (1 + np.exp(-odds))
    return scores, linked, [np.arange(scores.size) % 5 != fold for fold in range(5)]


@pytest.mark.parametrize(("kind", "better"), [("line", PLATT), ("step", ISOTONIC)])
def test_the_curve_that_made_the_data_is_chosen(kind: str, better: str) -> None:
    scores, linked, folds = made(kind, 7)
    method, losses = better_curve(scores, linked, folds)
    assert method == better
    assert dict(losses)[better] == min(dict(losses).values())


def test_few_linked_pairs_leave_the_line_without_a_contest() -> None:
    scores, linked, folds = made("step", 8)
    linked = linked & (np.cumsum(linked) <= 90)
    assert better_curve(scores, linked, folds) == (PLATT, ())


def test_what_a_list_says_names_the_method() -> None:
    found = Calibration(Curve.line(0.0, 1.0), -3.0, 12, method=ISOTONIC)
    assert found.words == (
        "calibrated (isotonic) on 12 labelled series, each scored by a model that had not seen it; "
        "they hold for cases like those"
    )
    assert found.log10_bf(0.0) == pytest.approx(3.0 / math.log(10))
