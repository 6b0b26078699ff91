"""Cases, new incidents, same-case decisions, the log: documents as the contract promises them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, new_book, row, rows
from thaw.casework import Session
from thaw.casework.cases import (
    case,
    case_count,
    cases,
    new_case,
    new_titled_case,
    value_in_words,
)
from thaw.casework.ledger import log
from thaw.casework.same_case_decision import decide_same_case, undo_same_case
from thaw.casework.searching import search
from thaw.data import data_path
from thaw.errors import InputError
from thaw.record import Code, PartialDate, Place, Quantity, Reference, Text


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, csv_file(tmp_path / "a.csv", [*rows(4), row(5, incident_num=4, month=5)]))
    yield made
    made.book.close()


def refused(function: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises(InputError) as caught:
        function(*arguments, **more)
    return str(caught.value)


def test_a_listed_case_has_the_keys_of_the_contract(work: Session) -> None:
    (found,) = cases(work, ["source_key=shr-map:2"])
    assert found.pop("case_id").startswith("c_")
    assert found == {
        "source_key": "shr-map:2", "source_row": 2, "title": "Woman, 20, handgun: Salt Lake, UT, March 1985",
        "status": None, "invented": None, "date": {"from": "1985-03-01", "to": "1985-03-31", "precision": "month"},
        "place": {"name": "Salt Lake, UT", "state": "UT", "county_fips": "49035"},
    }  # fmt: skip


def test_counts_and_lists_agree(work: Session) -> None:
    for where in ([], ["weapon=80"], ["year=1985..1985"], ["offender_known=no", "place.county_fips=49035"]):
        assert case_count(work, where) == len(cases(work, where))


def test_a_case_tells_its_statements_with_sources(work: Session) -> None:
    found = case(work, "shr-map:4")
    assert {"case_id", "statements", "incident", "same_as"} <= set(found)
    (weapon,) = [s for s in found["statements"] if s["predicate"] == "weapon"]
    assert set(weapon) >= {"predicate", "value", "preferred", "sources", "conflicts"}
    assert weapon["value"]["code"] == "80"
    (source,) = weapon["sources"]
    assert (source["source_key"], source["source_row"], source["said_by"]) == ("shr-map:4", 4, "Invented City")
    assert source["recorded_by"] == "FBI Supplementary Homicide Report"
    assert source["extracted_by"] == "shr-map 1"
    assert set(source["citation"]) == {"data_set", "row"}


def test_victims_of_one_incident_are_shown_with_each_other(work: Session) -> None:
    found = case(work, "shr-map:4")["incident"]
    assert [other["source_key"] for other in found["co_victims"]] == ["shr-map:5"]


def test_a_case_that_does_not_exist_is_refused_but_the_look_is_an_entry(work: Session) -> None:
    size = work.book.store.size()
    assert refused(case, work, "shr-map:99") == (
        "case: got 'shr-map:99', want the id or source key of a case in this book. "
        "List cases with `thaw cases`, or look for words with `thaw search`."
    )
    assert work.book.store.size() == size + 1


def test_a_new_incident_is_a_case_with_what_was_said(work: Session) -> None:
    made = new_case(work, data_path("sample/invented_incident.json"))
    assert (set(made), made["alerts"]) == ({"case_id", "alerts"}, [])
    found = case(work, made["case_id"])
    assert (found["title"], found["invented"]) == ("Invented: woman found near the canal", True)
    said = {s["predicate"]: s["value"] for s in found["statements"]}
    assert said["behaviours.bound"] == "yes"
    assert said["behaviours.body_moved_after_death"] == "unknown"
    assert said["victim.age"] == {"low": 24, "high": 30, "unit": "years"}
    assert said["place"]["precision_km"] == 1
    assert found["statements"][0]["sources"][0]["recorded_by"] == "Invented Detective"


def test_an_incident_of_which_nothing_is_known_is_a_case_too(work: Session, tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    path.write_text(json.dumps({"date": "unknown", "place": "unknown", "victim": "unknown"}))
    found = case(work, new_case(work, path)["case_id"])
    assert (found["date"], found["place"]) == (None, None)
    assert {s["predicate"]: s["value"] for s in found["statements"]} == {"date": "unknown", "place": "unknown"}


def test_a_case_can_be_made_from_a_title(work: Session) -> None:
    assert case(work, new_titled_case(work, "Invented box"))["title"] == "Invented box"


def test_same_cases_fold_and_unfold(work: Session) -> None:
    decide_same_case(work, "shr-map:1", "shr-map:2", same=True, reason="invented")
    assert case_count(work) == 4
    one, other = case(work, "shr-map:1"), case(work, "shr-map:2")
    assert one["same_as"] == [other["case_id"]]
    assert sorted(one["source_keys"]) == ["shr-map:1", "shr-map:2"]
    undo_same_case(work, "shr-map:2", "shr-map:1", reason="a mistake")
    assert (case_count(work), case(work, "shr-map:1")["same_as"]) == (5, [])


def test_a_same_case_decision_needs_two_cases_and_a_reason(work: Session) -> None:
    arguments: dict[str, Any] = {"same": True, "reason": "invented"}
    assert refused(decide_same_case, work, "shr-map:1", "shr-map:1", **arguments) == (
        "same case: got one case twice, want two cases. Name two different cases."
    )
    arguments["reason"] = " "
    assert refused(decide_same_case, work, "shr-map:1", "shr-map:2", **arguments) == (
        "same case: got no reason, want why they are or are not the same. Use --reason TEXT."
    )


def test_the_log_tells_who_did_what_newest_first(work: Session) -> None:
    case(work, "shr-map:1", purpose="an invented purpose")
    newest, before, *_ = log(work)
    assert (newest["kind"], before["kind"]) == ("access.list", "access.read")
    assert before["purpose"] == "an invented purpose"
    assert set(before) == {
        "seq", "at", "kind", "by", "actor", "auth", "purpose", "about", "object", "supersedes", "content",
    }  # fmt: skip


def test_the_log_of_a_case_and_of_a_person_hold_theirs_only(work: Session) -> None:
    case(work, "shr-map:1")
    assert [e["kind"] for e in log(work, case_id="shr-map:1")] == ["access.list", "access.read", "import.row"]
    assert log(work, person="Nobody Invented") == []
    assert {e["by"] for e in log(work, person="Invented Detective")} == {"Invented Detective"}
    assert len(log(work, limit=2)) == 2


def test_a_search_says_how_it_was_understood_and_is_two_entries(work: Session) -> None:
    size = work.book.store.size()
    found = search(work, 'handgun "salt lake"', purpose="test")
    assert set(found) == {"query", "query_in_words", "total", "hits", "seconds"}
    assert found["query_in_words"] == 'texts with the word "handgun" and the phrase "salt lake"'
    assert set(found["hits"][0]) >= {"document", "page", "case_id", "snippet", "why", "score"}
    assert work.book.store.size() == size + 2


def test_a_search_without_purpose_is_refused_before_any_look(work: Session) -> None:
    size = work.book.store.size()
    wanted = "search: got no purpose, want why you search, for the log. Use --purpose TEXT."
    assert refused(search, work, "handgun", purpose=" ") == wanted
    # The refusal is the only entry: nothing was looked at.
    assert work.book.store.size() == size + 1
    assert log(work, limit=2)[1]["kind"] == "access.refused"


@pytest.mark.parametrize(
    ("value", "polarity", "words"),
    [
        (None, "asserted", "yes"),
        (None, "denied", "no"),
        (None, "unknown", "unknown"),
        (Text("as told"), "asserted", "as told"),
        (Code("80", "shr.weapon"), "asserted", "Strangulation - hanging (80)"),
        (Code("??", "shr.weapon"), "asserted", "code not in the list (??)"),
        (Quantity(24, 24, "years"), "asserted", "24 years"),
        (Quantity(24, 30, "years"), "asserted", "24 to 30 years"),
        (Reference("p_x"), "asserted", "p_x"),
        (PartialDate.of_month(1985, 7), "asserted", "July 1985"),
        (Place(name="Salt Lake, UT"), "asserted", "Salt Lake, UT"),
    ],
)
def test_values_are_told_in_words(value: Any, polarity: str, words: str) -> None:
    assert value_in_words(value, polarity) == words
