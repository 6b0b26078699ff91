"""The ceiling of the planted series: its tables are the log odds that invented pairs were made with."""

from __future__ import annotations

import numpy as np
import pytest

from bench.planted_ceiling import _additive


def test_the_tables_find_the_log_odds_that_the_pairs_were_made_with() -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    one, two = rng.integers(0, 3, 60_000), rng.integers(0, 2, 60_000)
    odds = np.array([-1.0, 0.0, 2.0])[one] + np.array([0.0, 1.5])[two] - 1.0
    truth = (rng.random(60_000) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    first, second = _additive([(one, 3), (two, 2)], truth)
    assert first - first[0] == pytest.approx([0.0, 1.0, 3.0], abs=0.12)
    assert second[1] - second[0] == pytest.approx(1.5, abs=0.08)


def test_a_cell_that_nobody_is_in_says_nothing() -> None:
    (table,) = _additive([(np.array([0, 0, 1, 1]), 3)], np.array([1.0, 0.0, 0.0, 0.0]))
    assert table[2] == 0.0
