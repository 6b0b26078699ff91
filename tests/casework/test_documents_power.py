"""The power fails while a box is read: no file is lost, no page read twice, whatever part of the disk was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.reading_cuts import cut_readings


def test_a_reading_goes_on_after_power_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAW_RECEIPTS", str(tmp_path / "receipts"))
    found = cut_readings(tmp_path, 3, seed=7, verified=1)
    assert (found.cuts, found.faults) == (3, [])
    assert found.moments > 500, "too few writes were recorded for the cuts to mean anything"


@pytest.mark.slow
def test_a_reading_goes_on_after_forty_power_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAW_RECEIPTS", str(tmp_path / "receipts"))
    assert cut_readings(tmp_path, 40, seed=8).faults == []
