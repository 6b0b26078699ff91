"""Expected gaps, places in space and the alikeness curve, against hand derivations and a slow grid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage import reference
from thaw.linkage.separation import alikeness, expected_gap, in_space, place_distance_km

DAY = st.floats(0, 20_000, allow_nan=False)
WIDTH = st.one_of(st.just(0.0), st.floats(0, 4_000))


def test_two_points_are_their_difference_apart() -> None:
    assert expected_gap(3, 3, 10, 10) == 7


def test_two_cases_of_one_month_are_a_third_of_it_apart() -> None:
    # E|X-Y| of two independent uniforms on [0, 30] is 30/3
    assert expected_gap(0, 30, 0, 30) == pytest.approx(10)


def test_a_point_in_an_interval() -> None:
    # x = 2 in [0, 10]: (2^2 + 8^2) / (2*10) = 3.4
    assert expected_gap(2, 2, 0, 10) == pytest.approx(3.4)


def test_intervals_apart_are_their_middles_apart_to_the_last_digit() -> None:
    # the cubes of the closed form would lose 8 digits here
    assert expected_gap(1e6, 1e6 + 1e-3, 3e6, 3e6 + 1e-3) == 2e6


def test_half_overlapping_intervals() -> None:
    # [0,2] and [1,3]: (|2-1|^3 + |0-3|^3 - |2-3|^3 - |0-1|^3) / (6*2*2) = (1+27-1-1)/24 = 13/12
    assert expected_gap(0, 2, 1, 3) == pytest.approx(13 / 12)


@given(DAY, WIDTH, DAY, WIDTH)
def test_the_closed_form_equals_a_fine_grid(a: float, first: float, c: float, second: float) -> None:
    # the grid's own error is of the order of the cell, width/400
    slow = reference.expected_gap(a, a + first, c, c + second, steps=60)
    assert float(expected_gap(a, a + first, c, c + second)) == pytest.approx(slow, abs=(first + second) / 100 + 1e-6)


@given(DAY, WIDTH, DAY, WIDTH)
def test_the_gap_is_the_same_from_both_sides_and_not_below_that_of_the_middles(
    a: float, first: float, c: float, second: float
) -> None:
    gap = float(expected_gap(a, a + first, c, c + second))
    assert gap == pytest.approx(float(expected_gap(c, c + second, a, a + first)), rel=1e-9, abs=1e-9)
    assert gap >= abs((2 * a + first) - (2 * c + second)) / 2 - 1e-6  # Jensen


def test_a_nearly_pointlike_interval_in_a_long_one_keeps_its_digits() -> None:
    assert float(expected_gap(2_000, 2_000.0001, 0, 10_000)) == pytest.approx(3400, rel=1e-7)


def test_alikeness_is_one_at_no_separation_and_halves_where_the_formula_says() -> None:
    # (1 + x/5)^-2 = 1/2 at x = 5 (sqrt 2 - 1)
    assert alikeness(0, 5, 2) == 1
    assert float(alikeness(5 * (2**0.5 - 1), 5, 2)) == pytest.approx(0.5)


def test_places_are_a_chord_apart_and_blurs_add_in_squares() -> None:
    spots = np.column_stack([in_space([40.77, 45.52], [-111.93, -122.68]), [3.0, 4.0]])
    chord = reference.chord_km(40.77, -111.93, 45.52, -122.68)
    apart = place_distance_km(spots[0], spots)
    assert apart[1] == pytest.approx((chord**2 + 3**2 + 4**2) ** 0.5, rel=1e-9)
    assert apart[0] == pytest.approx(3 * 2**0.5)  # two cases of one county: the blur counts twice


def test_the_blur_is_exact_for_places_scattered_about_their_points() -> None:
    # invented scatter of root mean square 10 and 20 km about points 30 km apart: E d^2 = 900 + 100 + 400
    rng = np.random.default_rng(7)
    ours = rng.normal(0, 10 / 2**0.5, (200_000, 2))
    theirs = rng.normal(0, 20 / 2**0.5, (200_000, 2)) + np.array([30, 0])
    mean_square = float(np.mean(np.sum((ours - theirs) ** 2, axis=1)))
    assert mean_square == pytest.approx(1400, rel=0.01)
