"""One against many: parts add up, other cases can be scored, and thin or strange input gives an answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from linkage.invented import columns, fitted, homicide, some_rows
from thaw.errors import InputError
from thaw.linkage import Background, PairSample, rank, score
from thaw.linkage.profiles import Profile


def test_the_total_is_the_sum_of_the_features() -> None:
    background = fitted(some_rows(200, seed=21))
    scores = score(background, background.coded.profiles.profile(7))
    features = sum(scores.feature(name) for name in scores.features)
    assert scores.total == pytest.approx(features, abs=1e-12)
    assert scores.total[50] == pytest.approx(sum(scores.parts_of(50).values()), abs=1e-12)


def test_a_pair_scores_the_same_from_both_sides() -> None:
    background = fitted(some_rows(80, seed=22))
    cases = background.coded.profiles
    matrix = np.array([score(background, cases.profile(row)).total for row in range(80)])
    assert matrix == pytest.approx(matrix.T, abs=1e-10)


def test_other_cases_are_scored_with_the_background_s_rates() -> None:
    rows = some_rows(120, seed=23)
    background = fitted(rows)
    query = background.coded.profiles.profile(3)
    again = score(background, query, columns(rows[10:30])).total
    assert again == pytest.approx(score(background, query).total[10:30], abs=1e-12)


def test_other_cases_may_have_values_that_the_background_lacks() -> None:
    background = fitted(some_rows(120, seed=24, missing=0))
    new = {"id": "new", "weapon": "70", "lat": 61.2, "lon": -149.9, "date_from": 9e4, "date_to": 9e4, "age_low": 0.0}
    found = score(background, Profile("q", lat=61.2, lon=-149.9, categorical={"weapon": "70"}), columns([new]))
    parts = found.parts_of(0)
    assert parts["weapon"] > 1  # both have what nobody else has
    assert parts["place"] > 1
    assert set(parts) == {"weapon", "place"}


def test_a_lonely_query_is_not_linked_to_the_nearest_case_far_away() -> None:
    background = fitted([{"lat": 40.0 + step / 100, "lon": -111.0} for step in range(300)])
    anchorage = Profile("q", lat=61.2, lon=-149.9)
    assert score(background, anchorage).total.max() < 0


def test_a_feature_that_is_not_of_the_preset_is_refused() -> None:
    scores = score(fitted([{"bound": "yes"}]), Profile("q"))
    with pytest.raises(InputError) as caught:
        scores.feature("victim_race")
    assert str(caught.value).startswith("scores: got the feature victim_race, want one of: victim_sex, victim_age,")
    assert str(caught.value).endswith("place, time. Name one of them.")


def test_a_column_that_the_preset_does_not_know_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        fitted([{"shoe_size": "44"}])
    assert str(caught.value) == (
        "cases to link: got the column shoe_size, want a categorical feature of the preset homicide. "
        "Leave the column out."
    )
    with pytest.raises(InputError) as caught:
        score(fitted([{}]), Profile("q", categorical={"shoe_size": "44"}))
    assert str(caught.value) == (
        "case q: got the feature shoe_size, want a categorical feature of the preset homicide. Leave it out."
    )


QUERIES = [
    Profile("all unknown"),
    Profile("one field", categorical={"victim_sex": "F"}),
    Profile("no place", date_from=100.0, date_to=130.0, categorical={"weapon": "80"}),
    Profile("no date", lat=40.0, lon=-111.0, spread_km=30.0, age_low=24.0, age_high=30.0),
    Profile("half a date", date_from=100.0),
    Profile("a point at the pole", lat=90.0, lon=180.0, spread_km=0.0),
    Profile("a century", date_from=-36_500.0, date_to=0.0),
]
CASES: list[list[dict[str, Any]]] = [
    [],
    [{}],
    [{}, {}],
    some_rows(1, seed=1, missing=0),
    some_rows(2, seed=2, missing=0),
]


@pytest.mark.parametrize("rows", CASES, ids=["none", "one empty", "two empty", "one", "two"])
@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.id)
def test_thin_input_gets_an_answer_and_never_nan(query: Profile, rows: list[dict[str, Any]]) -> None:
    background = fitted(rows)
    ranking = rank(score(background, query), top=5)
    assert len(ranking.results) == len(rows)
    assert np.isfinite([match.log10_bf for match in ranking.results]).all()
    assert np.isfinite([ranking.expected_true, ranking.expected_false, ranking.prior_log10_odds]).all()
    assert PairSample.draw(background).commonness(0.0).words


def test_a_hundred_thousand_equal_cases_say_nothing_and_are_listed_by_id() -> None:
    row = {**some_rows(1, seed=5, missing=0)[0]}
    del row["id"]
    background = Background.fit(columns([row] * 100_000), homicide())
    ranking = rank(score(background, background.coded.profiles.profile(50)), top=3)
    assert [match.id for match in ranking.results] == ["invented-000000", "invented-000001", "invented-000002"]
    assert abs(ranking.results[0].log10_bf) < 0.01
    assert ranking.expected_true < 0.001
