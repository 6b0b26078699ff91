"""One feature's Bayes factor: the copy model by hand, fair over the background, the same from both sides, monotone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import reference
from linkage.invented import columns, fitted, some_rows
from thaw.linkage import Background, score
from thaw.linkage.profiles import Profile

FEATURES = ("victim_sex", "victim_age", "weapon", "bound", "body_concealed", "place", "time")


def factors(background: Background, name: str) -> np.ndarray:
    """All levels against all levels, not clamped, as plain Bayes factors."""
    rate = background.rates[name]
    rows = [rate.comparison.alike_level(code) * rate.weight[code] * rate.weight for code in range(rate.comparison.size)]
    return rate.feature.consistency * np.array(rows) + 1 - rate.feature.consistency


def test_a_match_weighs_by_how_rare_the_value_is() -> None:
    # 3 F and 7 M: p(F) = 3.5/11; c = 0.7 of the preset times 0.85 squared, both records being right
    # match (c + (1-c) p) / p, mismatch 1 - c
    background = fitted([{"victim_sex": "F"}] * 3 + [{"victim_sex": "M"}] * 7)
    p, c = 3.5 / 11, 0.7 * 0.85**2
    found = score(background, Profile("q", categorical={"victim_sex": "F"})).feature("victim_sex")
    assert found[0] == pytest.approx(math.log10((c + (1 - c) * p) / p))
    assert found[9] == pytest.approx(math.log10(1 - c))


def test_a_code_seen_by_nobody_matches_nobody() -> None:
    background = fitted([{"victim_sex": "M"}] * 5)
    found = score(background, Profile("q", categorical={"victim_sex": "F"})).total
    assert found == pytest.approx(np.full(5, math.log10(1 - 0.7 * 0.85**2)))


def test_codes_that_coders_exchange_are_partly_alike() -> None:
    # strangulation 80 against asphyxiation 85 and against a knife 20
    background = fitted([{"weapon": code} for code in ("80", "85", "20", "12", "12", "12", "12", "12")])
    found = score(background, Profile("q", categorical={"weapon": "80"})).total
    assert found[0] > found[1] > 0 > found[2]
    assert found[2] == pytest.approx(math.log10(1 - 0.5 * 0.85**2))


def test_a_value_seen_once_cannot_weigh_more_than_the_clamp() -> None:
    background = fitted([{"bound": "yes"}] + [{"bound": "no"}] * 5000)
    found = score(background, Profile("q", categorical={"bound": "yes"})).total
    assert found[0] == pytest.approx(4 / math.log(10))  # natural 4


def test_a_shared_county_says_less_where_many_are_killed() -> None:
    crowded, empty = {"lat": 36.0, "lon": -115.0, "spread_km": 20.0}, {"lat": 46.0, "lon": -109.0, "spread_km": 20.0}
    background = fitted([crowded] * 900 + [empty] * 2 + [{"lat": 40.0, "lon": -120.0, "spread_km": 20.0}] * 98)
    in_crowd = score(background, Profile("q", lat=36.0, lon=-115.0, spread_km=20.0)).total[0]
    in_empty = score(background, Profile("q", lat=46.0, lon=-109.0, spread_km=20.0)).total[900]
    assert 0 < in_crowd < 0.1 < 1 < in_empty


@pytest.mark.parametrize("name", FEATURES)
def test_the_factor_averages_to_one_over_the_background_for_every_value(name: str) -> None:
    background = fitted(some_rows(300, seed=11))
    rate = background.rates[name]
    average = factors(background, name) @ rate.share
    # Two unknown weapons (90) are held at no match, so their average is below 1.
    silent = [rate.comparison.level(code) == ("90", 0) for code in range(rate.comparison.size)]
    assert average[~np.array(silent)] == pytest.approx(np.ones(average.size - sum(silent)), abs=1e-9)
    assert np.all(average < 1 + 1e-9)


@pytest.mark.parametrize("name", FEATURES)
def test_the_factor_is_the_same_from_both_sides(name: str) -> None:
    matrix = factors(fitted(some_rows(300, seed=12)), name)
    assert matrix == pytest.approx(matrix.T, rel=1e-12)


@pytest.mark.parametrize("name", FEATURES)
def test_pairs_and_rows_give_the_same_factors(name: str) -> None:
    background = fitted(some_rows(60, seed=13))
    rate, codes = background.rates[name], background.coded.codes[name].astype(np.int32)
    first, second = np.triu_indices(60, 1)
    pairs = rate.log10_bf_pairs(codes[first], codes[second])  # by table
    few = rate.log10_bf_pairs(codes[first[:3]], codes[second[:3]])  # pair by pair
    rows = np.array([score(background, background.coded.profiles.profile(row)).feature(name) for row in range(60)])
    assert pairs == pytest.approx(rows[first, second], abs=1e-12)
    assert few == pytest.approx(pairs[:3], abs=1e-12)


def test_the_model_equals_the_slow_reference() -> None:
    rows = some_rows(40, seed=14, missing=0.0)
    background = fitted(rows)
    spots = sorted({(row["lat"], row["lon"], row["spread_km"]) for row in rows})
    counts = [sum((row["lat"], row["lon"], row["spread_km"]) == spot for row in rows) for spot in spots]

    def alike(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
        chord = reference.chord_km(*a[:2], *b[:2])
        apart = math.sqrt(chord**2 + min(a[2], 25) ** 2 + min(b[2], 25) ** 2)
        return reference.alikeness(apart, 5, 3)

    kernel = [[alike(a, b) for b in spots] for a in spots]
    weights = reference.fair_weights(reference.jeffreys(counts), kernel)
    clamp = 7 / math.log(10)
    ours = spots.index((rows[0]["lat"], rows[0]["lon"], rows[0]["spread_km"]))
    found = score(background, background.coded.profiles.profile(0)).feature("place")
    for place, row in enumerate(rows):
        theirs = spots.index((row["lat"], row["lon"], row["spread_km"]))
        fair = kernel[ours][theirs] * weights[ours] * weights[theirs]
        assert found[place] == pytest.approx(reference.log10_bf(0.75 * 0.85**2, fair, clamp), abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 9000), min_size=2, max_size=20, unique=True))
def test_at_equal_opportunity_a_longer_gap_never_says_more(days: list[float]) -> None:
    background = fitted([{"date_from": 0.0, "date_to": 0.0}] + [{"date_from": day, "date_to": day} for day in days])
    rate = background.rates["time"]
    alike = rate.comparison.alike((0.0, 0.0))
    order = np.argsort([rate.comparison.level(code)[0] for code in range(rate.comparison.size)])
    assert np.all(np.diff(alike[order]) <= 0)


def test_at_equal_opportunity_a_longer_way_never_says_more() -> None:
    places = [{"lat": 40.0 + step * 0.1, "lon": -110.0, "spread_km": 1.0} for step in range(30)]
    rate = fitted(places).rates["place"]
    assert np.all(np.diff(rate.comparison.alike((40.0, -110.0, 1.0))) < 0)


def test_unknown_on_either_side_says_nothing() -> None:
    background = fitted([{"bound": "yes"}, {"victim_sex": "F"}, {}])
    found = score(background, Profile("q", lat=40.0, lon=-110.0, categorical={"bound": "yes"}))
    assert list(found.total[1:]) == [0.0, 0.0]
    assert found.feature("victim_sex") == pytest.approx(np.zeros(3))


def test_what_a_feature_is_worth_is_its_mean_log_factor_under_one_offender() -> None:
    # p(yes) = 1.5/6, p(no) = 4.5/6; c = 0.4 * 0.85**2. Known yes: sum over b of p_b BF log10 BF
    background = fitted([{"bound": "yes"}] + [{"bound": "no"}] * 4)
    p, c = 0.25, 0.4 * 0.85**2
    match = c / p + 1 - c
    by_hand = p * match * math.log10(match) + (1 - p) * (1 - c) * math.log10(1 - c)
    assert background.rates["bound"].expected_gain(("yes", 0)) == pytest.approx(by_hand)


def test_many_places_are_balanced_on_a_grid_and_stay_nearly_fair() -> None:
    rng = np.random.default_rng(5)
    count = 6000  # more than the 3,300 nodes
    lat, lon = 38 + rng.normal(0, 1, count), -112 + rng.normal(0, 1, count)
    background = fitted([{"lat": float(a), "lon": float(b), "spread_km": 0.5} for a, b in zip(lat, lon, strict=True)])
    rate = background.rates["place"]
    averages = np.array(
        [
            float((rate.comparison.alike_level(code) * rate.weight[code] * rate.weight) @ rate.share)
            for code in range(0, count, 97)
        ]
    )
    assert rate.nodes.size <= 3300
    assert float(averages.mean()) == pytest.approx(1, abs=0.05)
    assert np.all((averages > 0.6) & (averages < 1.7))  # 0.23 in log10 at worst


def test_many_days_are_balanced_on_a_grid_and_stay_nearly_fair() -> None:
    days = np.random.default_rng(6).uniform(0, 15_000, 6000).round()
    rate = fitted([{"date_from": float(day), "date_to": float(day)} for day in days]).rates["time"]
    averages = [
        float((rate.comparison.alike_level(code) * rate.weight[code] * rate.weight) @ rate.share)
        for code in range(0, rate.comparison.size, 97)
    ]
    assert rate.nodes.size <= 1100 < rate.comparison.size
    assert averages == pytest.approx(np.ones(len(averages)), abs=0.08)


def test_the_share_at_least_as_near_counts_the_nearer_ones() -> None:
    cases = columns([{"lat": 40.0 + step, "lon": -110.0} for step in range(10)])
    rate = fitted([{"lat": 40.0 + step, "lon": -110.0} for step in range(10)]).rates["place"]
    assert len(cases) == 10
    assert rate.share_at_least_as_alike((40.0, -110.0, 0.0), (42.0, -110.0, 0.0)) == pytest.approx(0.3)
    assert rate.share_at_least_as_alike((40.0, -110.0, 0.0), (42.5, -110.0, 0.0)) == pytest.approx(0.3)
