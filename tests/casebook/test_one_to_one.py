"""Pairs weighed together: against every way to pair the records, counted one by one, and against known shares."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.casebook.one_to_one import Feature, learned, marginals


def every_way(ours: list[int], theirs: list[int], odds: list[float]) -> list[float]:
    """The probability of each pair, by counting all sets of pairs in which no record stands twice."""
    total, held = 0.0, [0.0] * len(odds)
    for size in range(len(odds) + 1):
        for chosen in itertools.combinations(range(len(odds)), size):
            if len({ours[k] for k in chosen}) == len({theirs[k] for k in chosen}) == size:
                weight = float(np.prod([odds[k] for k in chosen]))
                total += weight
                for k in chosen:
                    held[k] += weight
    return [weight / total for weight in held]


@given(st.integers(0, 10_000))
def test_pairs_that_make_no_ring_get_exactly_what_counting_gives(seed: int) -> None:
    draw = random.Random(seed)
    # A tree: each new record is bound to one that is there, so no ring can close.
    ours, theirs, sides = [], [], [("one", 0)]
    for number in range(1, 8):
        side, at = draw.choice(sides)
        new = ("other" if side == "one" else "one", number)
        sides.append(new)
        ours.append(at if side == "one" else number)
        theirs.append(number if side == "one" else at)
    odds = [10 ** draw.uniform(-2, 3) for _ in ours]
    found = marginals(np.array(ours), np.array(theirs), np.array(odds))
    assert found == pytest.approx(every_way(ours, theirs, odds), abs=1e-4)


def test_two_for_one_share_what_there_is_and_a_ring_is_near_to_what_counting_gives() -> None:
    # Odds 3 and 1 for one record: 3/5, 1/5, and 1/5 for none of them, by hand.
    assert marginals(np.array([0, 0]), np.array([0, 1]), np.array([3.0, 1.0])) == pytest.approx([0.6, 0.2])
    ours, theirs, odds = [0, 0, 1, 1], [0, 1, 0, 1], [8.0, 1.0, 1.0, 8.0]
    found = marginals(np.array(ours), np.array(theirs), np.array(odds))
    assert found == pytest.approx(every_way(ours, theirs, odds), abs=0.05)


def test_no_record_is_given_away_more_than_once() -> None:
    draw = random.Random(3)
    ours = np.array([draw.randrange(30) for _ in range(200)])
    theirs = np.array([draw.randrange(30) for _ in range(200)])
    found = marginals(ours, theirs, np.array([10 ** draw.uniform(-3, 6) for _ in range(200)]))
    assert np.bincount(ours, found).max() <= 1.001
    assert np.bincount(theirs, found).max() <= 1.001
    assert len(marginals(np.zeros(0, int), np.zeros(0, int), np.zeros(0))) == 0


def test_shares_are_learned_from_pairs_and_stay_as_they_were_where_nothing_matched() -> None:
    levels = np.array([0] * 90 + [1] * 10 + [-1] * 50)
    feature = Feature(levels, np.full(150, 0.5), (0.6,))
    assert learned(feature, np.ones(150), weight=0.0) == pytest.approx((0.9,))
    assert learned(feature, np.zeros(150), weight=30.0) == pytest.approx((0.6,))
    # 90 + 30 x 0.6 of 130.
    assert learned(feature, np.ones(150), weight=30.0) == pytest.approx((108 / 130,))
    assert feature.log_ratio((0.6,))[[0, 90, 100]] == pytest.approx([np.log10(1.2), np.log10(0.8), 0.0])
