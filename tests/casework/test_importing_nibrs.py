"""NIBRS in the book: killings are cases, others incidents, deletes take back, and every line is accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books import counts, imported, new_book
from nibrs_lines import admin, arrest, killing, offense, victim, zero
from thaw.casework import Session
from thaw.casework.cases import case, cases
from thaw.casework.ledger import verify
from thaw.casework.persons import incidents


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
