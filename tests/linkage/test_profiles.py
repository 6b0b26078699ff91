"""Columns in, frozen profiles out: unknown stays unknown, nonsense is refused with its exact words."""

from __future__ import annotations

import random
import time

import numpy as np
import pytest

from linkage.invented import columns, some_rows
from thaw.errors import InputError
from thaw.linkage import Profiles
from thaw.linkage.profiles import Profile, co_victims, input_digest


def test_none_is_nan_or_minus_one_and_comes_back_as_none() -> None:
    cases = columns([{"lat": 40.0, "lon": -111.0, "weapon": "80"}, {"age_low": 24.0, "age_high": 30.0}])
    assert np.isnan(cases.lat[1])
    assert list(cases.categorical["weapon"].codes) == [0, -1]
    back = Profile("invented-000001", age_low=24.0, age_high=30.0, categorical={"weapon": None})
    assert cases.profile(1) == back


def test_co_victims_are_the_other_cases_of_the_incident() -> None:
    cases = columns([{"incident": 7}, {"incident": 7}, {"incident": 8}, {}])
    assert list(co_victims(cases, cases.profile(0))) == [False, True, False, False]
    assert not co_victims(cases, cases.profile(3)).any()
    assert list(co_victims(cases, Profile("new", incident=8))) == [False, False, True, False]


def test_the_digest_does_not_depend_on_the_order_but_on_every_value() -> None:
    rows = some_rows(40, seed=3)
    mixed = random.Random(1).sample(rows, len(rows))
    query = Profile("invented-query", lat=40.0, lon=-111.0)
    assert input_digest(columns(rows), query) == input_digest(columns(mixed), query)
    changed = [*rows[:-1], {**rows[-1], "age_low": 99.0, "age_high": 99.0}]
    assert input_digest(columns(changed), query) != input_digest(columns(rows), query)
    assert input_digest(columns(rows), Profile("invented-query")) != input_digest(columns(rows), query)


def test_a_ready_digest_stands_for_the_cases() -> None:
    cases, query = columns(some_rows(5, seed=1)), Profile("invented-query")
    assert input_digest(cases.digest(), query) == input_digest(cases, query)


def test_forty_thousand_rows_of_twenty_columns_are_quick() -> None:
    count = 41_423
    values = random.Random(2).choices(["a", "b", "c", None], k=count)
    names = [f"field_{place}" for place in range(13)]
    numbers = dict.fromkeys(("date_from", "date_to", "lat", "lon", "spread_km", "age_low", "age_high"), [1.0] * count)
    ids = [f"invented-{place}" for place in range(count)]
    started = time.perf_counter()
    Profiles.from_columns(ids, numbers=numbers, categorical=dict.fromkeys(names, values))
    assert time.perf_counter() - started < 0.6  # 0.05 s measured; the rest is for a busy machine


RANGES = "Correct it or leave it unknown."


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"lat": 91.0, "lon": 0.0}, f"case invented-000000, lat: got 91, want degrees from -90 to 90. {RANGES}"),
        ({"lat": 0.0, "lon": 181.0}, f"case invented-000000, lon: got 181, want degrees from -180 to 180. {RANGES}"),
        ({"spread_km": -1.0}, f"case invented-000000, spread_km: got -1, want kilometers, 0 or more. {RANGES}"),
        (
            {"date_from": 5.0, "date_to": 4.0},
            f"case invented-000000, date_from: got 5, want a day not after date_to. {RANGES}",
        ),
        ({"date_to": float("inf")}, f"case invented-000000, date_to: got inf, want a day. {RANGES}"),
        (
            {"age_low": 30.0, "age_high": 20.0},
            f"case invented-000000, age_low: got 30, want years from 0 to age_high. {RANGES}",
        ),
        ({"age_high": 151.0}, f"case invented-000000, age_high: got 151, want years from 0 to 150. {RANGES}"),
        (
            {"victim_race": "W"},
            "cases to link: got the column victim_race, want no race, ethnicity or solved status. "
            "Linkage must never read it: leave it out.",
        ),
        (
            {"solved": "yes"},
            "cases to link: got the column solved, want no race, ethnicity or solved status. "
            "Linkage must never read it: leave it out.",
        ),
    ],
)
def test_what_cannot_be_is_refused(row: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        columns([row])
    assert str(caught.value) == message


def test_a_single_case_is_checked_like_a_column() -> None:
    with pytest.raises(InputError) as caught:
        Profile("invented-query", lat=95.0)
    assert str(caught.value) == f"case invented-query, lat: got 95, want degrees from -90 to 90. {RANGES}"


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        Profiles.from_columns(["one", "two"], numbers={"lat": [1.0]}, categorical={})
    assert str(caught.value) == (
        "cases to link, lat: got shape (1,), want 2 values, one per case. Give None for unknown."
    )
    with pytest.raises(InputError) as caught:
        Profiles.from_columns(["one", "two"], numbers={}, categorical={"weapon": ["80"]})
    assert str(caught.value) == (
        "cases to link, weapon: got shape (1,), want 2 values, one per case. Give None for unknown."
    )


def test_an_id_twice_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        columns([{"id": "same"}, {"id": "same"}])
    assert str(caught.value) == "cases to link: got an id twice, want one row per case. Remove the copy."


def test_an_unknown_number_column_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Profiles.from_columns(["one"], numbers={"offender_age": [30.0]}, categorical={})
    assert str(caught.value) == (
        "cases to link: got the number column offender_age, want one of: "
        "date_from, date_to, lat, lon, spread_km, lat_2, lon_2, spread_km_2, lat_3, lon_3, spread_km_3, "
        "age_low, age_high. Leave the column out."
    )


def test_free_text_is_refused_as_a_code() -> None:
    words = [f"word {place}" for place in range(1001)]
    with pytest.raises(InputError) as caught:
        Profiles.from_columns(words, numbers={}, categorical={"weapon": words})
    assert str(caught.value) == (
        "cases to link: got a categorical column with 1001 different values, want at most 1000. "
        "Free text is no feature: code it first."
    )
