"""Two sources of one killing: proposed on import, folded only when a person accepts, never proposed twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, new_book, row
from shr_records import record_1980, victim
from thaw.casework import Session
from thaw.casework.cases import case, case_count, new_case
from thaw.casework.ledger import verify
from thaw.casework.same_case import comparable_place, decide, same_cases
from thaw.errors import InputError

OTHERS = [row(i, vic_sex="Male", month=8, vic_age=30 + i, weapon_code="12") for i in range(1, 12)]


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, csv_file(tmp_path / "map.csv", [*OTHERS, row(99, month=7)]))
    yield made
    made.book.close()


def report(path: Path) -> Path:
    """The homicide report of the killing of row 99: woman, 24, July 1985, strangled."""
    path.write_text(record_1980(agency="UT01800", victims=(victim("24", "F", "W", "N"),)) + "\n")
    return path


def test_two_records_of_one_killing_are_proposed_with_a_probability_and_its_parts(
    work: Session, tmp_path: Path
) -> None:
    found = imported(work, report(tmp_path / "shr.txt"))
    assert found["same_case_proposed"] == 1
    (pair,) = same_cases(work)
    assert sorted(one["source_key"] for one in pair["cases"]) == ["shr-map:99", "shr:UT01800/1985/07/001/1"]
    assert 0.5 <= pair["probability"] <= 1
    assert {"date", "sex", "age", "weapon"} <= {part["feature"] for part in pair["parts"]}
    # Proposed is not folded: both stand in the lists.
    assert case_count(work) == 13
    assert case(work, "shr-map:99")["same_as"] == []


def test_a_pair_is_folded_when_accepted_and_proposed_no_more(work: Session, tmp_path: Path) -> None:
    imported(work, report(tmp_path / "shr.txt"))
    (pair,) = decide(work, "shr-map:99", "shr:UT01800/1985/07/001/1", decision="accept", reason="the same report")
    assert (pair["status"], same_cases(work), case_count(work)) == ("accept", [], 12)
    assert len(case(work, "shr-map:99")["same_as"]) == 1
    assert imported(work, report(tmp_path / "shr.txt"))["same_case_proposed"] == 0
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_a_pair_that_was_rejected_is_not_proposed_again(work: Session, tmp_path: Path) -> None:
    imported(work, report(tmp_path / "shr.txt"))
    decide(work, "shr-map:99", "shr:UT01800/1985/07/001/1", decision="reject", reason="two sisters")
    imported(work, csv_file(tmp_path / "more.csv", [row(77, month=9)]), data_set="other")
    assert [pair for pair in same_cases(work) if pair["status"] == "proposed"] == []


def test_an_incident_that_is_entered_twice_is_proposed(work: Session, tmp_path: Path) -> None:
    told = {
        "title": "Invented", "invented": True, "date": "2018-12-01", "place": {"county_fips": "49035", "state": "UT"},
        "victim": {"sex": "F", "age": 24}, "weapon": "80",
    }  # fmt: skip
    path = tmp_path / "i.json"
    path.write_text(json.dumps(told))
    made = {new_case(work, path)["case_id"] for _ in range(2)}
    (pair,) = same_cases(work)
    assert {one["case_id"] for one in pair["cases"]} == made


def test_another_decision_is_refused(work: Session) -> None:
    with pytest.raises(InputError) as error:
        decide(work, "shr-map:1", "shr-map:2", decision="maybe", reason="x")
    assert str(error.value) == "--decision: got 'maybe', want accept, reject or undo. Use one of these."


def test_a_decision_is_undone_and_an_undo_of_nothing_is_refused(work: Session, tmp_path: Path) -> None:
    pair = ("shr-map:99", "shr:UT01800/1985/07/001/1")
    imported(work, report(tmp_path / "shr.txt"))
    with pytest.raises(InputError) as error:
        decide(work, *pair, decision="undo", reason="x")
    assert str(error.value) == (
        "same: got two cases on which nothing was decided, want a decision to undo. See `thaw same --all`."
    )
    decide(work, *pair, decision="accept", reason="the same report")
    (found,) = decide(work, *pair, decision="undo", reason="another agency")
    assert (found["status"], case_count(work)) == ("undone", 13)
    assert case(work, pair[0])["same_as"] == []


def test_a_large_state_is_taken_by_years_and_the_same_pairs_are_proposed(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thaw.casework import same_case as module

    asked: list[int] = []
    propose = module._propose_in
    monkeypatch.setattr(module, "_AT_ONCE", 1)
    monkeypatch.setattr(module, "_propose_in", lambda *a: asked.append(len(a[2])) or propose(*a))
    years = [record_1980(agency="UT01800", year=year, victims=(victim("24", "F", "W", "N"),)) for year in ("85", "91")]
    path = tmp_path / "shr.txt"
    path.write_text("\n".join([*years, ""]))
    assert imported(work, path)["same_case_proposed"] == 1
    assert asked == [1, 1]
    (pair,) = same_cases(work)
    assert "shr:UT01800/1985/07/001/1" in {one["source_key"] for one in pair["cases"]}


@pytest.mark.parametrize(("told", "want"), [
    # Old files name the agency's town and no county.
    ({"name": "Murray, UT", "agency": "UT01802"}, ("Murray", "49035")),
    ({"name": "MURRAY PD", "agency": "UT01802"}, ("MURRAY", "49035")),
    ({"name": "Salt Lake, UT", "agency": "UT01800"}, (None, "49035")),
    ({"name": "Nowhere Flats", "agency": ""}, ("Nowhere Flats", None)),
    ({"name": "Murray", "agency": "", "has_point": True}, ("Murray", None)),
    ({"name": "", "agency": ""}, (None, None)),
    # A NIBRS submission names the state alone: Utah is no county here, and no town that another could contradict.
    ({"name": "Utah", "agency": "UT0180200"}, (None, None)),
    ({"name": "Utah", "agency": "UT0180000"}, (None, None)),
    # Others name the county, and the agency beside it: a town's, or the sheriff's.
    ({"county": "49035", "agency": "UT01802", "agency_name": "Murray"}, ("Murray", "49035")),
    ({"county": "49035", "agency": "UT01802", "agency_name": "Murray Police Department"}, ("Murray", "49035")),
    ({"county": "49035", "agency": "UT01800", "agency_name": "Salt Lake"}, (None, "49035")),
    ({"county": "49035", "agency": "UTHP000", "agency_name": "Highway Patrol"}, (None, "49035")),
    ({"county": "49035", "agency": "UT01802", "agency_name": "Logan"}, (None, "49035")),
    ({"county": "49035", "agency": "", "agency_name": None}, (None, "49035")),
])  # fmt: skip
def test_the_town_of_an_agency_is_compared_when_it_is_one(told: dict[str, Any], want: tuple[str, str]) -> None:
    usual = {"county": None, "name": None, "agency_name": None, "has_point": False}
    assert comparable_place("UT", **(usual | told)) == want


def test_one_county_that_stands_for_all_of_new_york_city_contradicts_no_borough() -> None:
    told = {
        "county": "36061",
        "name": "New York, NY",
        "agency": "NY03030",
        "agency_name": "New York",
        "has_point": False,
    }
    assert comparable_place("NY", **told) == ("New York", None)
    assert comparable_place("NY", **{**told, "county": "36047"}) == ("New York", None)
    assert comparable_place("NY", **{**told, "county": "36029"}) == (None, "36029")
    assert comparable_place("NY", **{**told, "agency_name": "Brooklyn", "county": "36047"}) == (None, "36047")


def test_a_file_that_names_towns_is_compared_with_one_that_names_counties(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    elsewhere = [one | {"fip": "49049", "cnty_name": "Utah"} for one in OTHERS]
    try:
        imported(work, csv_file(tmp_path / "map.csv", [*elsewhere, row(99, month=7)]))
        told = record_1980(agency="UT01802", victims=(victim("24", "F", "W", "N"),)).replace(
            "INVENTED CITY", "MURRAY       "
        )
        path = tmp_path / "shr.txt"
        path.write_text(told + "\n")
        imported(work, path)
        (pair,) = same_cases(work)
        (place,) = [part for part in pair["parts"] if part["feature"] == "place"]
        assert place["log10_bf"] > 0
        assert place["level"] in (
            "Murray, Salt Lake (49035) and Salt Lake (49035)", "Salt Lake (49035) and Murray, Salt Lake (49035)"
        )  # fmt: skip
    finally:
        work.book.close()
