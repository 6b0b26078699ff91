"""The list: order, reasons, what is missing, and how many of it are expected to be true."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import reference
from linkage.invented import columns, fitted, homicide, some_rows
from thaw.errors import InputError
from thaw.linkage import Background, Prior, Ranking, rank, score
from thaw.linkage.profiles import Profile
from thaw.linkage.ranking import posterior, share_in_words, true_count_interval


def listed(rows: list[dict[str, object]], top: int = 15) -> Ranking:
    background = fitted(rows)
    query = Profile("q", lat=40.0, lon=-111.0, date_from=3000.0, date_to=3030.0, categorical={"bound": "yes"})
    return rank(score(background, query), top=top)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_the_ranking_does_not_depend_on_the_order_of_the_cases(seed: int) -> None:
    rows = some_rows(150, seed=31, missing=0.6)
    mixed = random.Random(seed).sample(rows, len(rows))
    first, second = listed(rows), listed(mixed)
    assert [(m.id, m.log10_bf, m.posterior, m.parts, m.ask_next) for m in first.results] == [
        (m.id, m.log10_bf, m.posterior, m.parts, m.ask_next) for m in second.results
    ]
    assert (first.inputs, first.model, first.expected_true) == (second.inputs, second.model, second.expected_true)


def test_the_list_is_the_best_cases_by_score_then_id() -> None:
    background = fitted(some_rows(120, seed=32, missing=0.7))
    scores = score(background, background.coded.profiles.profile(4))
    ids = background.coded.profiles.ids
    factors = scores.log10_bf()
    order = sorted((row for row in range(120) if row != 4), key=lambda row: (-factors[row], ids[row]))
    assert [match.index for match in rank(scores, top=30).results] == order[:30]
    assert [match.rank for match in rank(scores, top=3).results] == [1, 2, 3]


def test_candidates_by_the_sum_of_parts_lose_no_case_of_the_list() -> None:
    background = fitted(some_rows(3000, seed=38, missing=0.3))
    for number in range(0, 60, 3):
        scores = score(background, background.coded.profiles.profile(number))
        factors = scores.log10_bf()
        factors[number] = -99
        ranking = rank(scores, top=10)
        assert [m.log10_bf for m in ranking.results] == pytest.approx(sorted(factors, reverse=True)[:10])


def test_quick_candidates_among_thousands_are_those_of_a_full_sort_whatever_ties_there_are() -> None:
    # Two weapons and four ages: thousands of exact ties, so the bar always lies inside a tie.
    rows = [{"weapon": "80" if n % 97 == 0 else "12", "age_low": n % 4, "age_high": n % 4} for n in range(9_000)]
    background = fitted(rows)
    scores = score(background, background.coded.profiles.profile(97))
    everyone = scores.log10_bf()
    order = sorted(
        (row for row in range(9_000) if row != 97), key=lambda row: (-everyone[row], scores.coded.profiles.ids[row])
    )
    for top in (1, 50, 300):
        assert [match.index for match in rank(scores, top=top).results] == order[:top]


def test_the_bars_of_a_match_add_up_to_its_factor_and_keep_their_signs() -> None:
    background = fitted(some_rows(200, seed=39))
    scores = score(background, background.coded.profiles.profile(7))
    for match in rank(scores, top=50).results:
        assert sum(part.log10_bf for part in match.parts) == pytest.approx(match.log10_bf, abs=1e-12)
        alone = scores.parts_of(match.index)
        assert all(part.log10_bf * alone[part.feature] >= 0 for part in match.parts)


def test_only_eligible_cases_are_listed_and_counted() -> None:
    background = fitted(some_rows(50, seed=33))
    eligible = np.arange(50) < 20
    ranking = rank(score(background, background.coded.profiles.profile(0)), eligible, top=50)
    assert ranking.searched == 19  # the query itself is not searched
    assert {match.index for match in ranking.results} == set(range(1, 20))
    assert eligible[0]  # the caller's mask is left as it was


def test_the_posterior_is_prior_odds_times_bayes_factor() -> None:
    # odds 1/1000 times 500 = 1/2: probability 1/3
    assert posterior(np.log10(500), -3.0) == pytest.approx(1 / 3)
    assert posterior(400.0, 0.0) == 1.0
    assert posterior(-400.0, 0.0) == 0.0


def test_expected_true_and_false_add_up_to_the_list() -> None:
    ranking = listed(some_rows(100, seed=34), top=20)
    assert ranking.expected_true + ranking.expected_false == pytest.approx(20)
    assert ranking.expected_true == pytest.approx(sum(match.posterior for match in ranking.results))
    assert ranking.calibration.startswith("uncalibrated")


def test_the_unit_s_own_prior_moves_the_posterior_and_nothing_else() -> None:
    background = fitted(some_rows(100, seed=35))
    scores = score(background, background.coded.profiles.profile(0))
    usual, believing = rank(scores), rank(scores, prior=Prior(0.2, 4))
    assert believing.prior_log10_odds - usual.prior_log10_odds == pytest.approx(1)
    assert [match.id for match in usual.results] == [match.id for match in believing.results]
    assert believing.inputs != usual.inputs


def test_the_interval_by_hand() -> None:
    # two coins: 0, 1, 2 true with 1/4, 1/2, 1/4; 90 % needs all three; 40 % only the middle
    assert true_count_interval([0.5, 0.5]) == (0, 2)
    assert true_count_interval([0.5, 0.5], cover=0.4) == (1, 1)
    assert true_count_interval([]) == (0, 0)
    assert true_count_interval([1.0] * 7) == (7, 7)


@given(st.lists(st.floats(0, 1), max_size=8))
def test_the_interval_covers_what_it_says_by_going_through_all_combinations(posteriors: list[float]) -> None:
    chances = reference.true_count_chances(posteriors)
    low, high = true_count_interval(posteriors)
    assert sum(chances[:low]) <= 0.05 + 1e-9
    assert sum(chances[: high + 1]) >= 0.95 - 1e-9
    assert high == 0 or sum(chances[:high]) <= 0.95 + 1e-9


def test_a_match_says_what_speaks_for_it_what_against_and_what_is_missing() -> None:
    rows = [{"weapon": "80", "bound": "no", "victim_sex": "F"}] + [
        {"weapon": "12", "bound": "no", "victim_sex": "M"}
    ] * 9
    query = Profile("q", categorical={"weapon": "80", "bound": "yes"})
    best = rank(score(fitted(rows), query), top=1).results[0]
    assert [part.feature for part in best.parts] == ["weapon", "bound"]
    assert [part.feature for part in best.against] == ["bound"]
    weapon = best.parts[0]
    assert (weapon.ours, weapon.theirs, weapon.how_common, weapon.in_words) == ("80", "80", 0.1, "10 in 100 cases")
    assert (weapon.separation, weapon.unit) == (None, None)
    assert "victim_sex" in best.missing
    assert "weapon" not in best.missing


def test_age_time_and_place_say_how_far_apart_in_their_unit() -> None:
    row = {"lat": 40.0, "lon": -111.0, "date_from": 0.0, "date_to": 0.0, "age_low": 20.0, "age_high": 20.0}
    query = Profile("q", lat=40.0, lon=-111.0, spread_km=3.0, date_from=9.0, date_to=9.0, age_low=24.0, age_high=30.0)
    parts = {part.feature: part for part in rank(score(fitted([row]), query), top=1).results[0].parts}
    assert (parts["place"].separation, parts["place"].unit) == (pytest.approx(3.0), "km")
    assert (parts["time"].separation, parts["time"].unit) == (9.0, "days")
    assert (parts["victim_age"].separation, parts["victim_age"].unit) == (7.0, "years")
    assert parts["victim_age"].ours == "24-30"
    assert parts["place"].theirs == "40.000, -111.000 (0 km)"
    assert parts["time"].how_common == 1.0


def test_ask_next_is_the_missing_field_that_would_say_most() -> None:
    # theirs is bound = yes, rare; concealed = yes is common: bound would say more
    rows = [{"bound": "yes", "body_concealed": "yes", "victim_sex": "F"}]
    rows += [{"bound": "no", "body_concealed": "yes", "victim_sex": "F"}] * 30
    best = rank(score(fitted(rows), Profile("q", categorical={"victim_sex": "F"})), top=1).results[0]
    assert best.id == "invented-000000"
    assert best.ask_next == "bound"


def test_nothing_is_asked_where_nothing_is_missing() -> None:
    row = {
        **dict.fromkeys(homicide().names("categorical", "set"), "yes"),
        **dict.fromkeys(homicide().names("count"), "3"),
        "lat": 40.0,
        "lon": -111.0,
        "date_from": 0.0,
        "date_to": 1.0,
    }
    row |= {"age_low": 20.0, "age_high": 20.0}
    background = fitted([row, row])
    best = rank(score(background, background.coded.profiles.profile(0))).results[0]
    assert (best.missing, best.ask_next) == ((), None)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "no case known"),
        (1.0, "nearly all cases"),
        (0.03, "3 in 100 cases"),
        (0.75, "75 in 100 cases"),
        (1 / 2345, "1 in 2,300 cases"),
        (1 / 340, "1 in 340 cases"),
    ],
)
def test_shares_are_said_in_words(share: float, words: str) -> None:
    assert share_in_words(share) == words


def test_a_mask_of_another_length_is_refused() -> None:
    scores = score(fitted([{}, {}]), Profile("q"))
    with pytest.raises(InputError) as caught:
        rank(scores, np.ones(3, dtype=bool))
    assert str(caught.value) == (
        "cases that may be ranked: got a mask of shape (3,), want 2 values, one per case. Build it from the same cases."
    )


def test_a_list_shorter_than_nothing_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        rank(score(fitted([{}]), Profile("q")), top=-1)
    assert str(caught.value) == "length of the list: got -1, want 0 or more. Ten is usual."


def test_the_inputs_name_the_cases_the_mask_the_length_and_the_query() -> None:
    cases = columns(some_rows(20, seed=36))
    background = Background.fit(cases, homicide())
    scores = score(background, cases.profile(0))
    mask = np.arange(20) < 10
    inputs = [rank(scores).inputs, rank(scores, mask).inputs, rank(scores, top=9).inputs]
    inputs.append(rank(score(background, cases.profile(1))).inputs)
    inputs.append(rank(score(background, cases.profile(0), columns(some_rows(20, seed=37)))).inputs)
    assert len(set(inputs)) == 5
    assert rank(score(background, cases.profile(0))).inputs == inputs[0]


def test_what_all_cases_share_says_exactly_nothing_either_way() -> None:
    # One county, one sex: the fair weights leave a rest of rounding, which must not read as a reason for or against.
    rows = [
        {"id": f"c{i}", "lat": 42.3, "lon": -83.1, "spread_km": 15.0, "victim_sex": "F", "weapon": ("80", "12")[i % 2]}
        | {"date_from": 3000.0 + 40 * i, "date_to": 3000.0 + 40 * i, "age_low": 20.0 + i, "age_high": 21.0 + i}
        for i in range(60)
    ]
    background = fitted(rows)
    for query in range(0, 60, 7):
        for match in rank(score(background, background.coded.profiles.profile(query)), top=60).results:
            said = {part.feature: part.log10_bf for part in match.parts}
            assert (said["place"], said["victim_sex"]) == (0.0, 0.0)
            assert sum(said.values()) == pytest.approx(match.log10_bf, abs=1e-12)
            assert match.ask_next is None  # no case of this book knows any of the missing fields
