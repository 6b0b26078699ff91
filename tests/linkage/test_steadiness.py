"""Averaging over how steady offenders are: by hand, against a fine grid, and what it does to many matches."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.errors import InputError
from thaw.linkage.steadiness import Steadiness

PARTS = st.lists(st.floats(-1, 1.7), min_size=1, max_size=7)


def test_one_feature_counts_half_when_every_steadiness_is_as_likely() -> None:
    # mean over k of 1 + k (B - 1) = 1 + (B - 1) / 2; B = 9 gives 5
    assert Steadiness.even(4).log10_bf([[math.log10(9)]])[0] == pytest.approx(math.log10(5))


def test_two_matches_say_more_together_than_one_by_one() -> None:
    # mean of (1 + 8 k)^2 = 1 + 8 + 64/3 = 30.33, while 5 * 5 = 25
    both = Steadiness.even(4).log10_bf([[math.log10(9), math.log10(9)]])[0]
    assert both == pytest.approx(math.log10(1 + 8 + 64 / 3))


def test_a_match_and_a_mismatch_by_hand() -> None:
    # mean of (1 + 8 k)(1 - k / 2) = 1 + 7.5 / 2 - 4 / 3
    found = Steadiness.even(4).log10_bf([[math.log10(9), math.log10(0.5)]])[0]
    assert found == pytest.approx(math.log10(1 + 7.5 / 2 - 4 / 3))


@given(PARTS)
def test_four_points_are_the_whole_integral_for_seven_features(parts: list[float]) -> None:
    grid = (np.arange(20_000) + 0.5) / 20_000
    slow = np.mean(np.prod([1 + grid * (10**part - 1) for part in parts], axis=0))
    assert Steadiness.even(4).log10_bf([parts])[0] == pytest.approx(math.log10(slow), abs=1e-6)


@given(PARTS)
def test_bars_add_up_and_keep_the_sign_of_their_feature(parts: list[float]) -> None:
    steadiness = Steadiness.even(4)
    bars = steadiness.bars(parts)
    assert sum(bars) == pytest.approx(float(steadiness.log10_bf([parts])[0]), abs=1e-9)
    assert all(bar * part >= -1e-12 for bar, part in zip(bars, parts, strict=True))


def test_the_steadiest_kind_alone_is_the_plain_sum() -> None:
    assert Steadiness().log10_bf([[0.5, -0.25]])[0] == pytest.approx(0.25)


def test_an_average_over_the_background_stays_one() -> None:
    # two independent features with factors 3 or 1/2 in shares 0.2 and 0.8: each averages to 1, so does the mean product
    shares, factors = np.array([0.2, 0.8]), np.array([3.0, 0.5])
    parts = [[math.log10(a), math.log10(b)] for a in factors for b in factors]
    weight = np.outer(shares, shares).ravel()
    assert float(weight @ 10 ** Steadiness.even(4).log10_bf(parts)) == pytest.approx(1)


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        Steadiness((0.5, 1.0), (0.5, 0.4))
    assert str(caught.value) == (
        "linkage preset, steadiness: got degrees [0.5, 1.0], shares [0.5, 0.4], "
        "want degrees from 0 to 1 and as many shares that add up to 1. Correct the preset."
    )
