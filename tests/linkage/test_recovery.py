"""Known parameters found again from invented data, and posteriors that come true as often as they say."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import numpy as np
import pytest

from linkage.invented import columns, fitted, homicide, some_rows
from thaw.linkage import Background, Prior, rank, score
from thaw.linkage.rates import Rates
from thaw.linkage.steadiness import Steadiness


def partners(rate: Rates, query: Any, rng: np.random.Generator, count: int) -> list[Any]:
    """Values of the same offender's other cases, drawn from the model itself."""
    fair = rate.comparison.alike(query) * rate.weight_of(query) * rate.weight
    chance = rate.share * (rate.feature.consistency * fair + 1 - rate.feature.consistency)
    drawn = rng.choice(rate.comparison.size, size=count, p=chance / chance.sum())
    return [rate.comparison.level(int(code)) for code in drawn]


@pytest.mark.parametrize("true_consistency", [0.2, 0.5, 0.8])
def test_the_likelihood_peaks_at_the_consistency_that_made_the_pairs(true_consistency: float) -> None:
    rng = np.random.default_rng(51)
    share = np.array([0.5, 0.3, 0.15, 0.05])
    first = rng.choice(4, 20_000, p=share)
    second = np.where(rng.random(20_000) < true_consistency, first, rng.choice(4, 20_000, p=share))
    rate = fitted([{"bound": "abcd"[code]} for code in rng.choice(4, 20_000, p=share)]).rates["bound"]

    def likelihood(consistency: float) -> float:
        assumed = dataclasses.replace(rate, feature=dataclasses.replace(rate.feature, consistency=consistency))
        return float(assumed.log10_bf_pairs(first.astype(np.int32), second.astype(np.int32)).sum())

    grid = np.arange(0.05, 0.96, 0.05)
    assert grid[np.argmax([likelihood(c) for c in grid])] == pytest.approx(true_consistency, abs=0.051)


def made_row(background: Background, query: Any, same: bool, rng: np.random.Generator) -> dict[str, Any]:
    """A case of the same offender or of another, every feature drawn from the model or the background."""
    row: dict[str, Any] = {}
    for name, rate in background.rates.items():
        if rate.known == 0:
            continue
        ours = rate.comparison.value_of(query)
        if same:
            value = partners(rate, ours, rng, 1)[0]
        else:
            value = rate.comparison.level(int(rng.choice(rate.comparison.size, p=rate.share)))
        keys = {
            "place": ("lat", "lon", "spread_km"),
            "time": ("date_from", "date_to"),
            "victim_age": ("age_low", "age_high"),
        }
        row.update(zip(keys[name], value, strict=True) if name in keys else [(name, value[0])])
    return row


def one_kind(rows: list[dict[str, Any]]) -> Background:
    """A background whose model knows one kind of offender, so that data can be drawn from it feature by feature."""
    return Background.fit(columns(rows), dataclasses.replace(homicide(), steadiness=Steadiness()))


def test_expected_true_comes_true_on_data_made_by_the_model() -> None:
    rng = np.random.default_rng(52)
    background = one_kind(some_rows(400, seed=53, missing=0.0))
    prior, count = Prior(0.5, 5), 60  # odds 2/60: partners are frequent, so that few trials suffice
    share = 10 ** prior.log10_odds(count + 1)
    chance = share / (1 + share)
    expected, actual, spread = 0.0, 0, 0.0
    for trial in range(60):
        query = dataclasses.replace(background.coded.profiles.profile(trial), id="query")
        same = rng.random(count) < chance
        rows = [made_row(background, query, bool(partner), rng) for partner in same]
        ranking = rank(score(background, query, columns(rows)), top=10, prior=prior)
        expected += ranking.expected_true
        actual += sum(int(same[match.index]) for match in ranking.results)
        spread += sum(match.posterior * (1 - match.posterior) for match in ranking.results)
    assert actual > 30
    assert abs(expected - actual) < 3 * spread**0.5  # three standard deviations of what it predicts


def test_planted_cases_of_one_offender_rise_in_the_list() -> None:
    rng = np.random.default_rng(54)
    rows = some_rows(1500, seed=55, missing=0.1)
    background = fitted(rows)
    full = [row for row in range(1500) if len(rows[row]) == 12][:25]
    ranks = []
    for number in full:
        query = background.coded.profiles.profile(number)
        partner = {**made_row(background, query, True, rng), "id": "partner"}
        whole = Background.fit(columns([*rows, partner]), homicide())
        total = score(whole, query).total
        ranks.append(int((total > total[1500]).sum()))
    assert np.median(ranks) < 150  # by chance 750


def test_random_cases_do_not_rise() -> None:
    rng = random.Random(56)
    rows = some_rows(400, seed=57)
    background = fitted(rows)
    ranks = []
    for _ in range(60):
        one, two = rng.sample(range(400), 2)
        total = score(background, background.coded.profiles.profile(one)).total
        ranks.append(int((total > total[two]).sum()))
    assert 140 < float(np.mean(ranks)) < 260
