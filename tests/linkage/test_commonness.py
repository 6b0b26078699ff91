"""How many random pairs look this alike: exact where all pairs are counted, deterministic where they are drawn."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.invented import columns, fitted, homicide, some_rows
from thaw.linkage import Background, PairSample, score
from thaw.linkage.commonness import Commonness, _at_most, _below


def test_few_cases_are_counted_pair_by_pair() -> None:
    background = fitted(some_rows(40, seed=41))
    cases = background.coded.profiles
    totals = [score(background, cases.profile(a)).log10_bf()[b] for a in range(40) for b in range(a + 1, 40)]
    sample = PairSample.draw(background)
    assert sample.log10_bf == pytest.approx(sorted(totals), abs=1e-10)
    third = sorted(totals)[-3]
    as_alike = sum(total >= third - 1e-9 for total in totals)
    assert sample.commonness(third).one_in == pytest.approx(780 / as_alike)


def test_the_sample_does_not_depend_on_the_order_of_the_cases() -> None:
    rows = some_rows(700, seed=42)
    mixed = random.Random(9).sample(rows, len(rows))
    ours = PairSample.draw(fitted(rows), pairs=5000)
    theirs = PairSample.draw(Background.fit(columns(mixed), homicide()), pairs=5000)
    assert np.array_equal(ours.log10_bf, theirs.log10_bf)
    assert ours.log10_bf.size == 5000


def test_co_victims_are_not_random_pairs() -> None:
    sample = PairSample.draw(fitted([{"incident": 1}, {"incident": 1}, {"incident": 2}]))
    assert sample.log10_bf.size == 2


@pytest.mark.parametrize(
    ("commonness", "words"),
    [
        (Commonness(4000.0, False, 500), "about 1 in 4,000 random pairs looks this alike"),
        (Commonness(1234.5, False, 162), "about 1 in 1,200 random pairs looks this alike"),
        # 23 of 200,000: by tables of the Poisson bound at 95 % one side 32.6, so 1 in 6,100 and fewer.
        (Commonness(8695.7, False, 23), "fewer than 1 in 5,000 random pairs look this alike"),
        # 10 and 20 of 200,000 are 1 in 20,000 and 1 in 10,000, and cannot be told apart: at most 16.96 and 29.06.
        (Commonness(20_000.0, False, 10), "fewer than 1 in 10,000 random pairs look this alike"),
        (Commonness(10_000.0, False, 20), "fewer than 1 in 5,000 random pairs look this alike"),
        (Commonness(200_000.0, False, 1), "fewer than 1 in 20,000 random pairs look this alike"),  # at most 4.74
        (Commonness(2.5, False, 80_000), "about 1 in 2.5 random pairs looks this alike"),
        # None of 200,000: at most 3.0 would have been, the rule of three.
        (Commonness(200_000.0, True), "fewer than 1 in 50,000 random pairs look this alike"),
        (Commonness(1.0, True), "too few pairs to say how rare this is"),
        (Commonness(None, False), "no two cases to compare"),
    ],
)
def test_commonness_is_said_in_words(commonness: Commonness, words: str) -> None:
    assert commonness.words == words


def test_a_score_beyond_all_pairs_is_at_least_as_rare_as_the_sample_is_large() -> None:
    beyond = PairSample.draw(fitted(some_rows(40, seed=43))).commonness(99.0)
    assert beyond == Commonness(780.0, True)


@pytest.mark.parametrize(
    ("reached", "bound"),
    [(0, 2.9957), (1, 4.7439), (2, 6.2958), (5, 10.5130), (10, 16.9622), (20, 29.0620), (99, 116.997)],
)
def test_the_bound_is_that_of_published_tables(reached: int, bound: float) -> None:
    # Upper limits of a Poisson mean, one-sided 95 %: half the 95th percentile of chi-squared with 2k + 2 degrees.
    assert _at_most(reached) == pytest.approx(bound, abs=1e-3)


@given(st.floats(1, 1e9))
def test_a_bound_is_never_above_what_it_bounds_and_not_far_below(number: float) -> None:
    assert number / 2.5 <= _below(number) <= number
