"""Known series and groups: the predictive factor by hand, every member counted, chains cut, core told from fringe."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from linkage.invented import columns, fitted, homicide, some_rows
from thaw.errors import InputError
from thaw.linkage import Background, Prior, discover, fit_series, score
from thaw.linkage.profiles import Profile
from thaw.linkage.series import against_all, average_linkage, candidates, find_groups
from thaw.linkage.steadiness import Steadiness


def one_kind(rows: list[dict[str, Any]]) -> Background:
    return Background.fit(columns(rows), dataclasses.replace(homicide(), steadiness=Steadiness()))


def test_a_value_seen_in_two_of_three_members_is_copied_with_two_thirds() -> None:
    # bound: yes in 3 of 20, no in 17; p(yes) = 3.5 / 21; c = 0.4 * 0.85^2; c k/n / p + 1 - c with k/n = 2/3
    rows = [{"bound": "yes"}] * 3 + [{"bound": "no"}] * 17
    background = one_kind(rows)
    query = Profile("q", categorical={"bound": "yes"})
    (fit,) = fit_series(score(background, query), {"Canal": [0, 1, 5]}, Prior())
    c, p = 0.4 * 0.85**2, 3.5 / 21
    assert fit.log10_bf == pytest.approx(math.log10(c * (2 / 3) / p + 1 - c))
    assert fit.best_member in (0, 1)


def test_a_series_of_one_is_scored_like_its_only_case() -> None:
    background = fitted(some_rows(60, seed=81))
    query = background.coded.profiles.profile(3)
    scores = score(background, query)
    (fit,) = fit_series(scores, {"Alone": [17]}, Prior())
    assert fit.log10_bf == pytest.approx(float(scores.log10_bf()[17]))


def test_the_query_is_no_member_of_its_own_series() -> None:
    background = fitted(some_rows(30, seed=82))
    scores = score(background, background.coded.profiles.profile(3))
    assert fit_series(scores, {"Mine": [3], "Other": [3, 4]}, Prior())[0].members == (4,)
    assert len(fit_series(scores, {"Mine": [3]}, Prior())) == 0


def test_all_cases_against_a_series_are_what_each_would_be_alone() -> None:
    background = fitted(some_rows(50, seed=83))
    every = against_all(background, [1, 2, 3])
    for row in (0, 10, 49):
        scores = score(background, background.coded.profiles.profile(row))
        (fit,) = fit_series(scores, {"S": [1, 2, 3]}, Prior())
        assert every[row] == pytest.approx(fit.log10_bf, abs=1e-9)


def test_a_series_of_a_case_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        fit_series(score(fitted([{}, {}]), Profile("q")), {"S": [7]}, Prior())
    assert str(caught.value) == "series S: got a case that is not there, want rows of the cases. Leave it out."


def slow_average_linkage(odds: np.ndarray, threshold: float) -> set[frozenset[int]]:
    clusters = [frozenset([i]) for i in range(odds.shape[0])]
    while len(clusters) > 1:
        pairs = [
            (float(np.mean([odds[i, j] for i in a for j in b])), x, y)
            for x, a in enumerate(clusters)
            for y, b in enumerate(clusters)
            if x < y
        ]
        best, x, y = max(pairs)
        if best < threshold:
            break
        clusters = [c for k, c in enumerate(clusters) if k not in (x, y)] + [clusters[x] | clusters[y]]
    return {cluster for cluster in clusters if len(cluster) > 1}


def test_average_linkage_equals_the_slow_definition() -> None:
    rng = np.random.default_rng(84)
    for _ in range(20):
        odds = rng.normal(-0.5, 1.5, (12, 12))
        odds = (odds + odds.T) / 2
        assert set(map(frozenset, average_linkage(odds, 0.0))) == slow_average_linkage(odds, 0.0)


def test_a_chain_of_single_links_is_no_group() -> None:
    # each speaks for the next and against all others: single linkage would take all ten
    odds = np.full((10, 10), -3.0)
    for place in range(9):
        odds[place, place + 1] = odds[place + 1, place] = 1.0
    assert all(len(group) == 2 for group in average_linkage(odds, 0.0))


def planted() -> list[dict[str, Any]]:
    rows = some_rows(400, seed=85, missing=0.0)
    odd = {"lat": 47.9, "lon": -104.2, "spread_km": 0.1, "weapon": "85", "victim_sex": "F", "bound": "yes"}
    odd |= {"body_concealed": "yes", "age_low": 20.0, "age_high": 20.0}
    for place in (11, 200, 333):
        rows[place] |= odd | {"date_from": 3000.0 + place / 10, "date_to": 3000.0 + place / 10}
    return rows


def test_a_planted_group_is_found_with_its_core() -> None:
    background = fitted(planted())
    groups = discover(background, Prior(0.5, 4))
    assert groups[0].core == (11, 200, 333)
    assert groups[0].fringe == ()
    assert groups[0].log10_odds > 0


def test_groups_can_be_looked_for_among_some() -> None:
    among = np.ones(400, dtype=bool)
    among[200] = False
    groups = discover(fitted(planted()), Prior(0.5, 4), among=among)
    assert 200 not in {row for group in groups for row in (*group.core, *group.fringe)}


def test_candidates_are_cases_that_lead_to_each_other() -> None:
    neighbours = np.array([[1], [2], [1], [4], [-1]], dtype=np.int32)
    factors = np.array([[2.0], [2.0], [2.0], [0.5], [9.0]])
    assert candidates(neighbours, factors, 1.0) == [[0, 1, 2]]


def test_more_cases_than_can_be_compared_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        find_groups(fitted(some_rows(700, seed=86)), range(700), Prior())
    assert str(caught.value) == (
        "groups of cases: got 700 cases, want at most 600. Choose a county, a decade or a kind of victim."
    )
