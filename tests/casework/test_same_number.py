"""One number of one register that came in by two formats is one person, and people can take that back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from books import bodies_file, imported, missing_file, new_book, thaw
from casework.test_identify import MISSING
from thaw.casework import Session
from thaw.casework.identify import identify
from thaw.casework.keeping import rebuild
from thaw.casework.persons import person

EXPORT, FLAT = "namus-unidentified:UP7", "namus-flat:UP7"
HEAD = "ID,Date Found,Location,Sex,Estimated Age From,Estimated Age To,Estimated Year of Death From,"
HEAD += "Estimated Year of Death To,Ethnicity,Height,Weight,Hair Color,Left Eye Color,Right Eye Color\n"


def flat_file(path: Path, *numbers: str) -> Path:
    told = '1984-09-01,"(38.57, -109.55)",Female,20.0,30.0,0.0,1984.0,White / Caucasian,65.0,140.0,Brown,Blue,Brown'
    rows = [f"{n},{told}\n" for n in numbers]
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, missing_file(tmp_path / "missing.csv", *MISSING))
    yield made
    made.book.close()


@pytest.mark.parametrize("flat_first", [True, False])
def test_either_order_makes_one_person_of_two_records(work: Session, tmp_path: Path, flat_first: bool) -> None:
    files = [flat_file(tmp_path / "flat.csv", "UP7", "UP8"), bodies_file(tmp_path / "bodies.csv")]
    for file in files if flat_first else files[::-1]:
        imported(work, file)
    flat, export = person(work, FLAT), person(work, EXPORT)
    assert flat["same_as"] == [export["person_id"]]
    assert export["same_as"] == [flat["person_id"]]
    assert person(work, "namus-flat:UP8")["same_as"] == []
    bodies = [one["source_key"] for one in identify(work, "namus-missing:MP1")["candidates"]]
    assert sorted(bodies) == sorted([FLAT if flat_first else EXPORT, "namus-flat:UP8"])
    rebuild(work)
    assert person(work, FLAT)["same_as"] == [export["person_id"]]


def test_it_is_a_decision_with_a_reason_that_can_be_taken_back(work: Session, tmp_path: Path) -> None:
    imported(work, bodies_file(tmp_path / "bodies.csv"))
    imported(work, flat_file(tmp_path / "flat.csv", "UP7"))
    (entry,) = [e for e in work.look("test").log([], limit=40) if e.leaf.kind == "same_person.decide"]
    assert entry.payload is not None
    assert (entry.payload["reason"], entry.payload["by"]) == ("the same number of the same register", "thaw (program)")
    ids = [person(work, key)["person_id"] for key in (EXPORT, FLAT)]
    ran = thaw("namesakes", "undo", *ids, "--reason", "two bodies after all", book=work.book.folder, as_json=True)
    assert json.loads(ran.out)["decision"] is None
    assert person(work, FLAT)["same_as"] == []
    assert len(identify(work, "namus-missing:MP1")["candidates"]) == 2


def test_a_pair_that_a_person_decided_stays_as_decided(work: Session, tmp_path: Path) -> None:
    imported(work, bodies_file(tmp_path / "bodies.csv"))
    imported(work, flat_file(tmp_path / "flat.csv", "UP7"))
    ids = [person(work, key)["person_id"] for key in (EXPORT, FLAT)]
    ran = thaw("namesakes", "decide", *ids, "--decision", "reject", "--reason", "checked", book=work.book.folder)
    assert ran.code == 0, ran.err
    imported(work, flat_file(tmp_path / "flat.csv", "UP7", "UP9"))
    assert person(work, FLAT)["same_as"] == []


def test_numbers_of_the_missing_and_of_the_unidentified_are_not_one(work: Session, tmp_path: Path) -> None:
    imported(work, flat_file(tmp_path / "flat.csv", "UP1"))
    assert person(work, "namus-missing:MP1")["same_as"] == []
    assert not [e for e in work.look("test").log([], limit=40) if e.leaf.kind == "same_person.decide"]
