"""NIBRS in the book: killings are cases, others incidents, deletes take back, and every line is accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books import counts, imported, new_book
from nibrs_lines import admin, arrest, killing, offense, victim, zero
from thaw.casework import Session
from thaw.casework.cases import case, cases, new_case
from thaw.casework.ledger import verify
from thaw.casework.persons import incidents
from thaw.casework.searching import search
from thaw.casework.similar import similar
from thaw.errors import InputError


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


def sent(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{text}\n" for text in lines))
    return path


def robbery(**more: str) -> list[str]:
    return [admin(**more), offense("120", **more), victim(codes="120", **more)]


def test_killings_are_cases_and_others_incidents_that_can_be_asked_for(work: Session, tmp_path: Path) -> None:
    path = sent(tmp_path / "a.txt", zero(), *killing(), *robbery(number="INV2"), arrest(number="B1"))
    assert counts(imported(work, path)) == (9, 9, 0, 0, 0, 0)
    assert counts(imported(work, path)) == (9, 0, 0, 9, 0, 0)
    assert [found["source_key"] for found in cases(work)] == ["nibrs:UT0000000/INV1/001"]
    assert [found["source_key"] for found in incidents(work)] == [
        "nibrs:UT0000000/INV2", "nibrs:arrest/UT0000000/B1/01"
    ]  # fmt: skip
    (found,) = incidents(work, ["offense=120", "year=2020", "place.state=UT"])
    assert (found["offenses"], found["date"]["from"], found["deleted"]) == (["120"], "2020-03-14", None)
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_a_delete_takes_back_and_the_incident_may_come_again(work: Session, tmp_path: Path) -> None:
    imported(work, sent(tmp_path / "a.txt", *killing(), *robbery(number="INV2")))
    back = sent(tmp_path / "b.txt", admin(action="D"), admin(action="D", number="INV2"))
    assert counts(imported(work, back)) == (2, 2, 0, 0, 0, 0)
    assert case(work, "nibrs:UT0000000/INV1/001")["missing_since"] is not None
    assert incidents(work)[0]["deleted"] is not None
    # Deleted and sent again in one file, with another age: a correction, no key twice.
    again = sent(tmp_path / "c.txt", admin(action="D"), admin(), offense(), victim(age="42"))
    assert counts(imported(work, again)) == (4, 0, 0, 1, 3, 0)
    found = case(work, "nibrs:UT0000000/INV1/001")
    assert found["missing_since"] is None
    assert [s["value"]["low"] for s in found["statements"] if s["predicate"] == "victim.age"] == [42]
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_an_incident_in_which_nobody_was_killed_is_found_by_its_words(work: Session, tmp_path: Path) -> None:
    imported(work, sent(tmp_path / "a.txt", *killing(), *robbery(number="INV2")))
    (hit,) = search(work, "robbery", purpose="test")["hits"]
    assert (hit["kind"], hit["case_id"], hit["source"]) == ("record", None, "nibrs:UT0000000/INV2")
    # Sent again as a burglary: its newest row is what is searched.
    again = [admin(number="INV2"), offense("220", number="INV2"), victim(codes="220", number="INV2")]
    assert counts(imported(work, sent(tmp_path / "b.txt", *again))) == (3, 0, 0, 0, 3, 0)
    assert search(work, "robbery", purpose="test")["total"] == 0
    assert search(work, "burglary", purpose="test")["total"] == 1
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_cases_that_look_like_an_incident_are_ranked_when_asked(work: Session, tmp_path: Path) -> None:
    imported(work, sent(tmp_path / "a.txt", *killing(), *robbery(number="INV2")))
    found = similar(work, "nibrs:UT0000000/INV2")
    assert found["query"]["case_id"] is None
    assert [one["source_key"] for one in found["results"]] == ["nibrs:UT0000000/INV1/001"]
    # Asphyxiation (85) in both: the weapon of an incident is read as that of a killing is.
    weapon = next(part for part in found["results"][0]["parts"] if part["feature"] == "weapon")
    assert weapon["ours"] == weapon["theirs"] == "Asphyxiation - includes death by gas (85)"
    (listed,) = incidents(work)
    assert similar(work, listed["incident_id"])["inputs"] == found["inputs"]
    with pytest.raises(InputError) as missing:
        similar(work, "nibrs:UT0000000/INV9")
    assert str(missing.value) == (
        "case: got 'nibrs:UT0000000/INV9', want the id or source key of a case in this book. List cases with `thaw "
        "cases`, or look for words with `thaw search`."
    )


def test_incidents_near_a_case_are_listed_its_own_agency_first(work: Session, tmp_path: Path) -> None:
    far = [admin(number="INV4", date="20200801"), offense("120", number="INV4"), victim(codes="120", number="INV4")]
    elsewhere = robbery(ori="UT0010000", number="INV5")
    late = [admin(number="INV6", date="20200320"), offense("120", number="INV6"), victim(codes="120", number="INV6")]
    imported(work, sent(tmp_path / "a.txt", *killing(), *late, *elsewhere, *far))
    found = incidents(work, near="nibrs:UT0000000/INV1/001")
    assert [(one["source_key"], one["days_apart"], one["same_agency"]) for one in found] == [
        ("nibrs:UT0000000/INV6", 6, True), ("nibrs:UT0010000/INV5", 0, False)
    ]  # fmt: skip
    assert len(incidents(work, near="nibrs:UT0000000/INV1/001", days=0)) == 1
    assert incidents(work)[0]["days_apart"] is None
    assert len(incidents(work)) == 3


def test_a_case_without_a_date_has_nothing_near(work: Session, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text('{"title": "Invented", "invented": true, "place": {"state": "UT"}, "victim": {"sex": "F"}}')
    made = new_case(work, path)
    with pytest.raises(InputError) as refused:
        incidents(work, near=made["case_id"])
    assert str(refused.value) == (
        "--near: got a case without a date or a state, want a case of which both are known. Add what is known to the "
        "case, or ask with --where."
    )
