"""Beside a running workbench people are told of new material without a command, and nothing is done without any."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from books import csv_file, imported, new_book
from casework.test_crossings import add
from casework.test_links import table
from thaw.casework import Session, import_alerts
from thaw.casework.alerts import alerts
from thaw.casework.ledger import log
from thaw.casework.saved_searches import save_search, saved_searches
from thaw.casework.watching import Watch


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Session]:
    session = new_book(tmp_path / "book")
    yield session
    session.book.close()


def test_new_material_is_held_against_saved_searches_and_other_cases(work: Session, tmp_path: Path) -> None:
    add(work, tmp_path, "canal", "The last call went to 310-555-1234.")
    save_search(work, "truck", "truck", purpose="invented")
    watch = Watch(work)
    assert watch.turn() == ["imports", "saved searches"]
    assert watch.turn() == []
    add(work, tmp_path, "barn", "A notebook in the truck lists (310) 555-1234 twice.")
    assert watch.turn() == ["imports", "saved searches", "crossings"]
    (saved,) = saved_searches(work)
    assert [alert["name"] for alert in saved["alerts"]] == ["truck"]
    assert any(entry["kind"] == "alert.raise" for entry in log(work))
    size = work.book.store.size()
    assert watch.turn() == []
    assert work.book.store.size() == size  # where nothing is new nothing is written


def test_an_import_that_was_not_scored_to_its_end_is_finished(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_alerts, "_PAIRS_A_STEP", 100 * 300)
    monkeypatch.setattr(import_alerts, "SECONDS", 0.0)
    assert imported(work, csv_file(tmp_path / "a.csv", table()))["alerts_waiting"] == 200
    watch = Watch(work)
    assert [watch.turn() for _ in range(3)] == [["imports"], ["imports"], []]
    assert alerts(work)
