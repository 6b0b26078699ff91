"""Labels: what they say, what contradicts itself, what is learned from them, and probabilities that come true."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from linkage.invented import columns, fitted, homicide, some_rows
from thaw.errors import InputError
from thaw.linkage import Background, Labels, learn, rank, score
from thaw.linkage.calibration import logistic, platt
from thaw.linkage.commonness import PairSample
from thaw.linkage.learning import Lessons, calibrated, held_out_scores


@pytest.fixture(autouse=True)
def few_unlinked_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thaw.linkage.learning._MOST_UNLINKED", 6000)


def test_cases_that_share_an_offender_through_others_are_one_component() -> None:
    profiles = columns([{"id": name} for name in "abcdef"])
    labels = Labels.of(
        profiles, [("One", "a"), ("One", "b"), ("Two", "b"), ("Two", "c"), ("Alone", "d"), ("X", "none")]
    )
    assert labels.series == {"Alone": (3,), "One": (0, 1), "Two": (1, 2)}
    assert [labels.component[row] for row in (0, 1, 2, 3)] == [0, 0, 0, 3]
    assert labels.components == (0,)
    first, second = labels.linked()
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == [(0, 1), (1, 2)]
    # a and c are in one component: not linked, but not known to be apart either
    first, second = labels.unlinked(100)
    assert sorted(zip(first.tolist(), second.tolist(), strict=True)) == [(0, 3), (1, 3), (2, 3)]


def test_a_series_of_two_cases_that_were_decided_apart_is_refused() -> None:
    profiles = columns([{"id": name} for name in "ab"])
    with pytest.raises(InputError) as caught:
        Labels.of(profiles, [("One", "a"), ("One", "b")], [("b", "a")])
    assert str(caught.value) == (
        "series One: got b and a, which were decided to be by different offenders, want labels that do not contradict "
        "each other. Take one of them back: the link (`thaw link ... --decision undecided`) or the label."
    )


def series_rows(count: int, seed: int, consistency: float) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Invented series of four in which each code is copied from the first case with this chance; no place, no time."""
    rng = random.Random(seed)
    rows: list[dict[str, Any]] = []
    members = []

    def drawn() -> dict[str, Any]:
        return {
            "weapon": rng.choices(["12", "20", "30", "40", "65", "75"], [6, 3, 2, 2, 1, 1])[0],
            "circumstance": rng.choices(["45", "03", "02", "26", "18"], [5, 3, 1, 2, 2])[0],
            "bound": rng.choices(["yes", "no"], [1, 4])[0],
        }

    for number in range(count):
        first = drawn()
        for case in range(4):
            row = {
                name: first[name] if case and rng.random() < consistency else value for name, value in drawn().items()
            }
            rows.append((first if case == 0 else row) | {"id": f"s{number:03}-{case}"})
            members.append((f"S{number:03}", rows[-1]["id"]))
    rows += [drawn() | {"id": f"other-{place:04}"} for place in range(300)]
    return rows, members


def test_below_three_series_the_elicited_numbers_stand() -> None:
    rows, members = series_rows(2, seed=1, consistency=0.9)
    background = fitted(rows)
    assert learn(background, Labels.of(background.coded.profiles, members)).preset is background.preset


@pytest.mark.parametrize(("consistency", "low", "high"), [(0.8, 0.45, 0.85), (0.0, 0.0, 0.2)])
def test_consistency_moves_to_what_the_series_show(consistency: float, low: float, high: float) -> None:
    # two later cases agree with chance c^2, a later one and the first with c: the mean over the six pairs of four cases
    rows, members = series_rows(40, seed=2, consistency=consistency)
    background = fitted(rows)
    learned = learn(background, Labels.of(background.coded.profiles, members))
    weapon = next(feature for feature in learned.preset.features if feature.name == "weapon")
    assert low < weapon.consistency < high
    assert learned.preset.model_id != background.preset.model_id
    assert learned.series == 40


def test_from_ten_series_on_probabilities_are_calibrated_and_come_true() -> None:
    rows, members = series_rows(40, seed=3, consistency=0.8)
    background = fitted(rows)
    labels = Labels.of(background.coded.profiles, members)
    lessons = Lessons.of(background, labels)
    held = held_out_scores(lessons, labels)
    calibration = calibrated(lessons, held, np.ones(held.size, dtype=bool))
    chance = 1 / (1 + np.exp(-calibration.curve.at(held)))
    top = np.argsort(-held)[:300]
    spread = math.sqrt(float((chance[top] * (1 - chance[top])).sum()))
    assert abs(chance[top].sum() - lessons.linked[top].sum()) < 4 * spread
    learned = learn(background, labels)
    assert learned.calibration is not None
    again = Background.fit(background.coded.profiles, learned.preset)
    ranking = rank(score(again, again.coded.profiles.profile(0)), top=5, calibration=learned.calibration)
    assert ranking.calibration.startswith(f"calibrated ({learned.calibration.method}) on 40 labelled series")
    assert all(match.calibrated_log10_bf is not None for match in ranking.results)
    assert sum(part.log10_bf for part in ranking.results[0].parts) == pytest.approx(ranking.results[0].log10_bf)
    low, high = ranking.expected_true_interval
    assert low <= ranking.expected_true <= high + 1


def test_the_same_labels_teach_the_same_numbers() -> None:
    rows, members = series_rows(12, seed=4, consistency=0.7)
    found = []
    for shuffled in (rows, random.Random(1).sample(rows, len(rows))):
        background = fitted(shuffled)
        found.append(learn(background, Labels.of(background.coded.profiles, members)).preset)
    assert [round(f.consistency, 6) for f in found[0].features] == [round(f.consistency, 6) for f in found[1].features]


def test_shuffled_labels_teach_that_nothing_is_repeated() -> None:
    rows, members = series_rows(40, seed=5, consistency=0.8)
    names = [case for _, case in members]
    random.Random(2).shuffle(names)
    background = fitted(rows)
    mixed = [(series, case) for (series, _), case in zip(members, names, strict=True)]
    learned = learn(background, Labels.of(background.coded.profiles, mixed))
    weapon = next(feature for feature in learned.preset.features if feature.name == "weapon")
    assert weapon.consistency < 0.2


def test_platt_finds_the_line_that_made_the_data() -> None:
    rng = np.random.default_rng(6)
    scores = rng.normal(0, 2, 40_000)
    linked = rng.random(40_000) < 1 / (1 + np.exp(-(-2 + 0.7 * scores)))
    intercept, slope = platt(scores, linked, np.ones(scores.size))
    assert (intercept, slope) == (pytest.approx(-2, abs=0.06), pytest.approx(0.7, abs=0.03))


def test_separated_scores_give_a_finite_line() -> None:
    scores = np.array([-3.0, -2.0, -1.0, 2.0, 3.0])
    intercept, slope = platt(scores, scores > 0, np.ones(5))
    assert np.isfinite([intercept, slope]).all()


def test_the_ridge_is_where_the_slope_of_its_loss_is_nothing() -> None:
    rng = np.random.default_rng(7)
    features = rng.normal(size=(300, 2))
    target = (rng.random(300) < 1 / (1 + np.exp(-features[:, 0]))).astype(float)
    penalty, centre = np.array([0.0, 5.0, 5.0]), np.array([0.0, 1.0, 1.0])
    beta = logistic(features, target, np.ones(300), penalty, centre)
    chance = 1 / (1 + np.exp(-(beta[0] + features @ beta[1:])))
    design = np.column_stack([np.ones(300), features])
    assert design.T @ (chance - target) + penalty * (beta - centre) == pytest.approx(np.zeros(3), abs=1e-6)


def test_the_share_of_pairs_that_reach_a_factor_is_that_asked_for() -> None:
    rng = np.random.default_rng(8)
    sample = PairSample(np.sort(rng.exponential(0.5, 100_000)))
    assert sample.reached_by(0.01) == pytest.approx(0.5 * math.log(100), rel=0.05)
    # beyond the sample: P(x > t) = exp(-t / 0.5)
    assert sample.reached_by(1e-7) == pytest.approx(0.5 * math.log(1e7), rel=0.1)
    assert PairSample(np.empty(0)).reached_by(0.1) == -math.inf
    assert PairSample.draw(Background.fit(columns(some_rows(50, seed=9)), homicide())).reached_by(1e-9) < 99
