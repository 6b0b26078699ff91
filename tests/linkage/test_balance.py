"""Fair weights: they make any kernel average to 1, and are the copy model for the identity kernel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import reference
from thaw.linkage.balance import balanced_weights, newcomer_weight


def test_the_identity_kernel_gives_one_over_the_root_of_the_share() -> None:
    share = np.array([0.5, 0.3, 0.2])
    weight, _ = balanced_weights(share, lambda row: np.eye(3)[row])
    assert weight**2 == pytest.approx(1 / share)


def test_a_kernel_of_ones_says_nothing() -> None:
    weight, _ = balanced_weights(np.array([0.9, 0.1]), lambda row: np.ones(2))
    assert weight == pytest.approx([1, 1])


def test_two_values_by_hand() -> None:
    # p = 1/2 each, K = [[1, k], [k, 1]]: by symmetry w^2 (1 + k)/2 = 1
    kernel = np.array([[1.0, 0.4], [0.4, 1.0]])
    weight, _ = balanced_weights(np.array([0.5, 0.5]), lambda row: kernel[row])
    assert weight**2 == pytest.approx([2 / 1.4, 2 / 1.4])


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1000), st.integers(0, 50)), min_size=1, max_size=12, unique_by=lambda x: x[0]))
def test_every_value_averages_to_one_over_the_background(places: list[tuple[float, int]]) -> None:
    spots = np.array([place for place, _ in places])
    share = np.array(reference.jeffreys([count for _, count in places]))
    weight, kernel = balanced_weights(share, lambda row: (1 + np.abs(spots - spots[row]) / 5) ** -3)
    assert weight * (kernel @ (share * weight)) == pytest.approx(np.ones(spots.size), abs=1e-9)
    assert weight == pytest.approx(reference.fair_weights(list(share), kernel.tolist()), rel=1e-6)


def test_a_newcomer_far_from_all_does_not_lend_its_copy_to_the_nearest() -> None:
    # seen = 0: w * own * w = 1, so with half a case in a thousand w = sqrt(2000)
    assert newcomer_weight(0.0, 1.0, 0.0005) == pytest.approx(2000**0.5)


def test_a_newcomer_among_many_weighs_as_its_surroundings_say() -> None:
    # own share 0: w = 1/seen
    assert newcomer_weight(4.0, 1.0, 0.0) == pytest.approx(0.25)
    weight = newcomer_weight(4.0, 0.5, 0.01)
    assert weight * (4.0 + 0.01 * 0.5 * weight) == pytest.approx(1)
