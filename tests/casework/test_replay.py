"""`thaw replay`: the document, first alarms of the finds, what the ledger keeps, and books with nothing to replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from books import csv_file, imported, new_book, row, thaw
from casework.test_links import table as links_table
from thaw.casework import Session
from thaw.casework.labels import label
from thaw.casework.replay import replay
from thaw.casework.replay_pairs import first_low_clearance
from thaw.linkage.replay import ReplaySettings

FAST = ReplaySettings(runs=19)


def table() -> list[dict[str, str]]:
    """Women stabbed over ten years, solved but for one a year; then eight women in the autumn of 1989."""
    usual = [row(i, year=1980 + i % 10, month=i % 12 + 1, weapon_code="20", off_sex="Male", situation_code="A")
             for i in range(1, 91)]  # fmt: skip
    usual += [row(100 + i, year=1980 + i, month=3, weapon_code="20") for i in range(9)]
    return [*usual, *(row(200 + i, year=1989, month=9 + i % 3, weapon_code="20") for i in range(8))]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("replay")
    made = new_book(folder / "book")
    imported(made, csv_file(folder / "a.csv", table()))
    yield made
    made.book.close()


def test_the_autumn_raises_an_alarm_while_it_goes_on(book: Session):
    found = replay(book, settings=FAST)
    assert (found["from"], found["to"], found["cases"]) == ("1980-01-01", "1989-12-31", 107)
    assert found["months"] == 96
    assert found["alarm_count"] == len(found["alarms"])
    alarm = next(a for a in found["alarms"] if a["month"] >= "1989-09")
    assert alarm["month"] == "1989-09"
    assert {"shr-map:200", "shr-map:203", "shr-map:206"} <= set(alarm["source_keys"])
    assert alarm["unsolved"] == len(alarm["cases"])
    first = found["series"][0]
    assert (first["first_alarm"], first["months_after_second_case"]) == ("1989-09", 0)
    assert 2 <= first["unsolved_then"] <= first["unsolved"]
    json.dumps(found, allow_nan=False)


def test_no_alarm_comes_before_its_cases(book: Session):
    for alarm in replay(book, settings=FAST)["alarms"]:
        assert alarm["from"] <= alarm["month"] + "-01" <= alarm["to"]


def test_conditions_and_years_cut_what_is_replayed(book: Session):
    assert replay(book, settings=FAST, last=1988, top=1)["alarms"] == [
        alarm for alarm in replay(book, settings=FAST, last=1988)["alarms"] if alarm["month"] < "1989"
    ]
    assert replay(book, settings=FAST, where=["victim.sex=M"])["alarms"] == []


def test_the_ledger_keeps_the_test_and_its_seed(book: Session):
    found = replay(book, settings=ReplaySettings(runs=19, seed=9), purpose="invented purpose")
    entry = next(e for e in book.look("test").log([], limit=5) if e.leaf.kind == "model.test")
    content = entry.payload
    assert content is not None
    assert (content["seed"], content["model"], content["alarms"]) == (9, "thaw-replay/1", found["alarm_count"])
    assert content["purpose"] == "invented purpose"
    assert content["inputs"] == found["inputs"]


def test_a_thin_book_says_that_there_is_nothing_to_replay(tmp_path: Path):
    work = new_book(tmp_path / "book")
    imported(work, csv_file(tmp_path / "a.csv", [row(1), row(2)]))
    found = replay(work, settings=FAST)
    work.book.close()
    assert (found["months"], found["alarms"], found["expected_false_alarms"]) == (0, [], 0)
    ran = thaw("replay", "--permutations", "19", book=tmp_path / "book")
    assert ran.out == (
        "Nothing to replay: the dated cases span two years or less, and that is what the first alarm needs.\n"
    )
    refused = thaw("replay", "--per-year", "0", book=tmp_path / "book")
    assert refused.code == 2


def test_low_clearance_is_the_first_month_with_two_of_whom_a_third_was_solved():
    months = np.array([24000, 24001, 24001, 24005, -1, 24007])
    # By 24001 one of three is unsolved, by 24005 one of four, by 24007 two of five.
    assert first_low_clearance(months, np.array([True, False, False, True, True, True])) is None
    # Two of three unsolved by 24001 = 2000-02; the one without a month is not waited for.
    assert first_low_clearance(months, np.array([True, True, False, False, True, False])) == "2000-02"
    assert first_low_clearance(months[:1], np.array([True])) is None
    assert first_low_clearance(months[:0], np.array([], dtype=bool)) is None


def test_pairs_and_known_series_are_replayed(tmp_path: Path):
    work = new_book(tmp_path / "book")
    imported(work, csv_file(tmp_path / "a.csv", links_table()))
    (tmp_path / "known.csv").write_text("series,case\nOdd,shr-map:1\nOdd,shr-map:2\n", encoding="utf-8")
    label(work, tmp_path / "known.csv")
    found = replay(work, settings=FAST)
    (known,) = found["known_series"]
    # Cases 1 and 2 are of May and June 1985 and look very much alike.
    assert (known["series"], known["second_case"], known["first_pair_alert"]) == ("Odd", "1985-06", "1985-06")
    assert found["pair_alerts"] >= 1
    assert all({"first_low_clearance", "first_pair_alert"} <= find.keys() for find in found["series"])
    json.dumps(found, allow_nan=False)
    work.book.close()
