"""Alerts on import: what a register brings is scored too, without a flood, in steps that go on where one stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, new_book, row
from casework.test_links import COUNTIES, table
from thaw.casework import Session, import_alerts
from thaw.casework.alerts import alerts, dismiss
from thaw.casework.import_alerts import alert_on_import, finish_alerts
from thaw.casework.keeping import rebuild
from thaw.casework.ledger import verify

ODD = {"year": 1985, "fip": "49035", "vic_sex": "Female", "weapon_code": "80", "circumstance_code": "02"}


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


def pairs(work: Session, state: str = "open") -> set[frozenset[str]]:
    return {frozenset(case["source_key"] for case in alert["cases"]) for alert in alerts(work, state=state)}


def test_a_first_register_raises_few_alerts_and_the_pair_that_stands_out(work: Session, tmp_path: Path) -> None:
    found = imported(work, csv_file(tmp_path / "a.csv", table()))
    # Five false alarms a month are allowed, of whatever number of pairs; the list is scored by threshold, not cut off.
    assert found["alerts"] == len(alerts(work)) <= 15
    assert (found["alerts_held_back"], found["alerts_waiting"]) == (0, 0)
    assert frozenset({"shr-map:1", "shr-map:2"}) in pairs(work)
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_a_row_that_comes_later_is_held_against_those_before(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", table()[1:]))
    assert frozenset({"shr-map:1", "shr-map:2"}) not in pairs(work)
    assert imported(work, csv_file(tmp_path / "b.csv", [row(1, month=5, vic_age=22, **ODD)]))["alerts"] >= 1
    assert frozenset({"shr-map:1", "shr-map:2"}) in pairs(work)


def test_the_same_file_again_tells_nothing_twice(work: Session, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", table())
    imported(work, path)
    before = alerts(work)
    assert imported(work, path)["alerts"] == 0
    assert alerts(work) == before


def test_a_changed_row_brings_a_dismissed_pair_back(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", table()))
    for alert in alerts(work):
        dismiss(work, alert["alert_id"], reason="invented")
    changed = [row(1, month=6, vic_age=23, **ODD), *table()[1:]]
    imported(work, csv_file(tmp_path / "b.csv", changed))
    assert frozenset({"shr-map:1", "shr-map:2"}) in pairs(work)


def test_what_was_not_scored_in_time_is_scored_next_time(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_alerts, "_PAIRS_A_STEP", 100 * 300)
    monkeypatch.setattr(import_alerts, "SECONDS", 0.0)
    at_once = imported(work, csv_file(tmp_path / "a.csv", table()))
    assert at_once["alerts_waiting"] == 200
    rebuild(work)  # how far it came stands in the entries
    view = work.look("invented")
    assert [alert_on_import(work, view).waiting for _ in range(3)] == [100, 0, 0]
    assert frozenset({"shr-map:1", "shr-map:2"}) in pairs(work)
    assert len(alerts(work)) <= 15


def test_equal_records_by_the_hundred_raise_no_flood(work: Session, tmp_path: Path) -> None:
    same = [row(i, month=5, vic_age=22, **ODD) for i in range(1, 201)]
    other = [row(1000 + i, year=2000 + i % 9, fip=COUNTIES[i % 40], vic_age=20 + i % 50) for i in range(400)]
    found = imported(work, csv_file(tmp_path / "a.csv", same + other))
    assert found["alerts"] <= 200
    assert found["alerts"] == len(alerts(work))


@pytest.mark.parametrize("count", [1, 2])
def test_hardly_any_row_raises_nothing(work: Session, tmp_path: Path, count: int) -> None:
    found = imported(work, csv_file(tmp_path / "a.csv", [row(i) for i in range(count)]))
    assert (found["alerts"], found["alerts_waiting"]) == (0, 0)  # two records have nothing to be rare against


def test_a_whole_register_waits_for_thaw_work(work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thaw.casework.importing._SCORED_AT_ONCE", 299)
    with monkeypatch.context() as patch:
        # What waits is counted: two million rows of a register would fill the memory with their ids.
        patch.delattr(import_alerts, "_waiting")
        found = imported(work, csv_file(tmp_path / "a.csv", table()))
    assert (found["alerts"], found["alerts_waiting"]) == (0, 300)
    assert alerts(work) == []
    told = finish_alerts(work)
    assert told.waiting == 0
    assert told.raised == len(alerts(work)) > 0
