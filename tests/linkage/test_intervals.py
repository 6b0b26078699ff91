"""Counts, hours, weekdays and further places: by hand, round the clock, and against a slow grid."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.invented import columns
from thaw.errors import InputError
from thaw.linkage.intervals import IntervalComparison, count_ends
from thaw.linkage.preset import Feature
from thaw.linkage.profiles import Profile
from thaw.linkage.separation import circular_gap
from thaw.linkage.spots import PlaceComparison

HOUR = st.floats(0, 200, allow_nan=False)
WIDTH = st.one_of(st.just(0.0), st.floats(0.01, 60))


def feature(kind: str) -> Feature:
    return Feature(name="odd", kind=kind, consistency=0.5, clamp_log10=2.0, scale=1.0, power=2.0, spread_cap_km=25.0)


def test_round_the_clock_eleven_at_night_is_two_hours_from_one() -> None:
    assert circular_gap(23, 23, 25, 25, 24) == 2
    assert circular_gap(23, 23, 1, 1, 24) == 2


def test_a_point_against_the_whole_day_is_a_quarter_of_it() -> None:
    assert circular_gap(7, 7, 0, 24, 24) == pytest.approx(6)
    assert circular_gap(3, 9, 0, 24, 24) == pytest.approx(6)


@given(HOUR, WIDTH, HOUR, WIDTH)
def test_the_mean_on_the_clock_equals_a_fine_grid(a: float, first: float, c: float, second: float) -> None:
    ours = a + first * (np.arange(300) + 0.5) / 300
    theirs = c + second * (np.arange(300) + 0.5) / 300
    apart = np.abs((ours[:, None] - theirs[None] + 12) % 24 - 12)
    assert float(circular_gap(a, a + first, c, c + second, 24)) == pytest.approx(float(apart.mean()), abs=0.01)


def test_hours_and_weekdays_come_from_the_days() -> None:
    # day 3 at 22:00 to day 4 at 02:00, and day 10 at 23:00: one hour from the middle, the same weekday
    cases = columns(
        [{"date_from": 3 + 22 / 24, "date_to": 4 + 2 / 24}, {"date_from": 10 + 23 / 24, "date_to": 10 + 23 / 24}]
    )
    hours, _ = IntervalComparison.fit(feature("time_of_day"), cases)
    week, codes = IntervalComparison.fit(feature("weekday"), cases)
    # E|x - U(22, 26)| at 23: (1 + 9) / 8
    assert hours.separation(hours.level(0), hours.level(1)) == pytest.approx(10 / 8)
    assert week.separation(week.level(int(codes[0])), week.level(int(codes[1]))) == pytest.approx(10 / 8 / 24)
    assert hours.unit == "hours"


def test_counts_are_compared_by_their_ratio() -> None:
    cases = columns([{"odd": "1"}, {"odd": "3"}, {"odd": "5..9"}, {"odd": "20+"}, {}])
    counts, codes = IntervalComparison.fit(feature("count"), cases)
    assert list(codes) == [0, 1, 2, 3, -1]
    assert counts.alike((math.log1p(1),) * 2)[1] == pytest.approx((1 + math.log(2)) ** -2)
    assert [counts.label(counts.level(code)) for code in range(4)] == ["1", "3", "5-9", "20-80"]


@pytest.mark.parametrize("text", ["many", "9..5", "-1", ""])
def test_a_count_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        count_ends("wounds", text)
    assert str(caught.value) == (
        f"cases to link, wounds: got {text!r}, want a count such as 3, 5..9 or 20+. Correct it."
    )


def test_of_several_places_the_nearest_two_count() -> None:
    rows = [
        {"lat": 40.0, "lon": -111.0, "lat_2": 45.0, "lon_2": -120.0},
        {"lat": 30.0, "lon": -90.0, "lat_3": 45.0, "lon_3": -120.0},
        {"lat_2": 40.0, "lon_2": -111.0},
        {},
    ]
    cases = columns(rows)
    places, codes = PlaceComparison.fit(feature("place"), cases)
    assert codes[3] == -1
    first, second, third = (places.level(int(codes[row])) for row in range(3))
    assert places.separation(first, second) == pytest.approx(0)
    assert places.separation(first, third) == pytest.approx(0)
    assert places.separation(second, third) > 900
    assert places.value_of(Profile("q", lat_2=40.0, lon_2=-111.0)) == (40.0, -111.0, 0.0)
    assert places.label(first) == "40.000, -111.000 (0 km); 45.000, -120.000 (0 km)"
    pairs = places.alike_pairs(codes[:2], codes[1:3])
    assert pairs == pytest.approx(
        [places.alike_level(int(codes[0]))[codes[1]], places.alike_level(int(codes[1]))[codes[2]]]
    )
