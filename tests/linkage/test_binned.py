"""The peer's model: by hand, and digit for digit with the outputs of the R package where they are on this machine."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench import linkage_burglary
from shared_files import shared
from thaw.linkage.binned import Binned


def test_answers_by_hand() -> None:
    # linked 1,1,0 and unlinked 0,0,0,1: nothing is added at as many degrees as bins; yes: (2/3) / (1/4)
    values = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    linked = np.array([True] * 3 + [False] * 4)
    model = Binned.fit_answers(values, linked, np.ones(7))
    assert model.factor(np.array([1.0, 0.0, 0.5])) == pytest.approx(
        [math.log(8 / 3), math.log((1 / 3) / (3 / 4)), 0.0], abs=1e-7
    )


def test_bins_are_drawn_together_until_the_degrees_are_left() -> None:
    # two bins, degrees 1.5: each gets T (2 - 1.5) / (2 * 0.5) = T / 2 more; linked 4 and 0 of 4: (4 + 2) / 8
    values = np.arange(8, dtype=np.float64)
    linked = values < 4
    model = Binned.fit(values, linked, np.ones(8), bins=2, degrees=1.5)
    assert model.factor(np.array([0.0, 7.0, 99.0])) == pytest.approx(
        [math.log(0.75 / 0.25), math.log(0.25 / 0.75), 0.0]
    )


def test_the_factors_of_all_pairs_are_those_of_the_r_package() -> None:
    shared("vectors/crimelinkage")
    ours, theirs = linkage_burglary.peer_factors()
    assert ours.size == 119_805
    assert np.abs(ours - theirs).max() < 1e-12


def test_the_closed_forms_are_those_of_the_r_package() -> None:
    shared("vectors/crimelinkage")
    found = linkage_burglary.closed_forms(linkage_burglary.read())
    for name in ("spatial", "temporal"):
        ours, theirs = found[name]
        assert np.abs(ours - theirs).max() < 2e-10
    ours, theirs = found["tod"]
    assert np.median(np.abs(ours - theirs)) < 1e-9


@pytest.mark.slow
def test_labels_and_none_reach_the_bars_on_fictitious_burglaries() -> None:
    shared("vectors/crimelinkage")
    from bench.report import Report

    report = Report("burglaries", "")
    linkage_burglary.add_to(report)
    assert report.missed == 0, report.text()
