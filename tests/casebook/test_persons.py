"""Persons of registers: the list, the fold, several values side by side, what a newer row says and what it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builders import CLERK, clock, missing, new_book, register_row, row, ticking
from thaw.access import View, view
from thaw.casebook import person, persons
from thaw.errors import InputError
from thaw.record import Text


def seen(store: Any) -> View:
    return view(store, CLERK, "a test", clock)


def test_a_person_of_a_register_is_listed_with_date_and_place(tmp_path: Path) -> None:
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"), register_row("p_1"))
        (found,) = persons(seen(store))
    assert found == {
        "person_id": "p_1", "source_key": "invented:p_1", "source_row": 1, "case_id": None, "kind": "missing",
        "name": "Ada Example", "status": None, "missing_since": None,
        "date": {"from": "1984-07-03", "to": "1984-07-03", "precision": "day"},
        "place": {"name": "Moab, UT", "state": "UT", "county_fips": "49019"},
    }  # fmt: skip


@pytest.mark.parametrize(("where", "number"), [
    ("kind=missing", 1), ("kind=unclaimed", 0), ("year=1980..1989", 1), ("place.state=UT", 1), ("place.state=NV", 0),
    ("date=1984-07", 1), ("name=ada example", 1), ("source_key=invented:p_1", 1),
])  # fmt: skip
def test_persons_are_found_by_their_fields(tmp_path: Path, where: str, number: int) -> None:
    with new_book(tmp_path / "b") as store:
        store.append(register_row("p_1"))
        assert len(persons(seen(store), [where])) == number


def test_an_unknown_field_is_refused_with_the_fields_that_there_are(tmp_path: Path) -> None:
    with new_book(tmp_path / "b") as store, pytest.raises(InputError) as error:
        persons(seen(store), ["shoe=9"])
    assert str(error.value) == (
        "--where: got 'shoe', want one of age, date, kind, manner_of_death, name, place, place.county_fips, place.lat, "
        "place.lon, place.name, place.precision_km, place.state, register_number, sex, source_key, status, year. "
        "Use one of these fields."
    )


def test_several_marks_of_one_person_do_not_contradict_each_other(tmp_path: Path) -> None:
    with new_book(tmp_path / "b") as store:
        store.append(register_row("p_1"))
        found = person(seen(store), "invented:p_1")
    (marks,) = [field for field in found.fields if field.name == "mark"]
    assert marks.conflicts == ()
    assert [s.statement.said.value for s in found.values("mark")] == [
        Text("Tattoo: an anchor"), Text("Scar: on the chin")
    ]  # fmt: skip


def test_a_newer_row_supersedes_and_a_row_of_other_columns_only_what_it_says(tmp_path: Path) -> None:
    renamed = {"said": {"person": [
        {"p": "kind", "v": {"code": "missing", "list": "person.kind"}}, {"p": "name", "v": {"text": "Eda Example"}}
    ]}}  # fmt: skip
    for folder, partial, marks in (("whole", {}, 0), ("partial", {"partial": True}, 2)):
        with new_book(tmp_path / folder) as store:
            first = store.append(register_row("p_1")).result[0]
            store.append(register_row("p_1", prev=first, **renamed, **partial))
            found = person(seen(store), "p_1")
            assert [s.statement.said.value for s in found.values("name")] == [Text("Eda Example")]
            assert len(found.values("mark")) == marks
            assert persons(seen(store))[0]["name"] == "Eda Example"


def test_a_person_gone_from_a_newer_issue_says_since_when(tmp_path: Path) -> None:
    with new_book(tmp_path / "b", clock=ticking()) as store:
        store.append(register_row("p_1"))
        gone = missing("c_none")
        store.append(type(gone)(gone.kind, gone.actor, {"by": CLERK.name, "import": 0, "person": "p_1"}, obj="p_1"))
        found = person(seen(store), "p_1")
        assert found.missing_since is not None
        assert persons(seen(store))[0]["missing_since"] == found.missing_since


@pytest.mark.parametrize("text", ["p_2", "invented:p_2", "c_1_victim"])
def test_a_person_who_is_not_in_a_register_is_refused(tmp_path: Path, text: str) -> None:
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"), register_row("p_1"))
        with pytest.raises(InputError) as error:
            person(seen(store), text)
    assert str(error.value) == (
        f"person: got '{text}', want the id or source key of a person in this book. List persons with `thaw persons`."
    )
