"""Registers with the same keys, corrections of an incident's number, and what is kept to read raw rows again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books import counts, csv_file, imported, line, line_file, new_book, parquet_file, row, rows
from shr_records import record_80
from thaw.casework import Session
from thaw.casework.cases import case, case_count
from thaw.casework.importing import import_files
from thaw.casework.ledger import rejects, verify
from thaw.casework.similar import similar
from thaw.cli import show
from thaw.errors import InputError
from thaw.store.projection import iterate_entries

ELSEWHERE = {"year": 1999, "state_abbr": "AZ", "fip": "4013", "cnty_name": "Maricopa, AZ"}


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


def payloads(work: Session, kind: str) -> list[Any]:
    return [entry.payload for entry in iterate_entries(work.book.store._db) if entry.leaf.kind == kind]


def test_a_second_register_with_the_same_keys_is_stored_beside_the_first(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", rows(4)))
    other = csv_file(tmp_path / "b.csv", rows(4, **ELSEWHERE))
    found = imported(work, other, data_set="arizona-2")
    assert (counts(found), found["data_set"], found["missing_since"]) == ((4, 4, 0, 0, 0, 0), "arizona-2", [])
    assert case_count(work) == 8
    assert "UT" in case(work, "shr-map:3")["title"]
    assert "AZ" in case(work, "shr-map/arizona-2:3")["title"]
    assert case(work, "shr-map/arizona-2:3")["source_keys"] == ["shr-map/arizona-2:3"]
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_corrections_and_missing_rows_stay_within_their_data_set(work: Session, tmp_path: Path) -> None:
    for name in (None, "arizona"):
        imported(work, csv_file(tmp_path / "a.csv", rows(4)), data_set=name)
    found = imported(work, csv_file(tmp_path / "b.csv", [row(1, vic_age=77), *rows(3)[1:]]), data_set="arizona")
    assert counts(found) == (3, 0, 0, 2, 1, 0)
    assert found["missing_since"] == ["shr-map/arizona:4"]
    assert case(work, "shr-map:4")["missing_since"] is None
    assert "77" in case(work, "shr-map/arizona:1")["title"]
    assert "77" not in case(work, "shr-map:1")["title"]


def test_the_name_of_the_data_set_stands_in_the_entry_and_the_table(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", rows(1)), data_set="utah")
    imported(work, csv_file(tmp_path / "a.csv", rows(1)))
    assert [start["data_set"] for start in payloads(work, "import.start")] == ["utah", None]
    table = work.book.store._db.execute("SELECT data_set, finished FROM imports ORDER BY seq")
    assert list(table) == [("utah", 1), (None, 1)]


@pytest.mark.parametrize("name", ["", "two words", "a/b", "a:b", "é", "x" * 41])
def test_a_name_of_other_signs_is_refused(work: Session, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        import_files(work, [csv_file(tmp_path / "a.csv", rows(1))], data_set=name)
    assert str(caught.value) == (
        f"--data-set: got {name!r}, want 1 to 40 letters (A to Z), digits and dashes. Use a name such as utah-1976."
    )


def test_a_held_key_with_another_year_and_state_is_a_reject_that_tells_what_to_do(
    work: Session, tmp_path: Path
) -> None:
    imported(work, csv_file(tmp_path / "a.csv", rows(4)))
    other = line_file(tmp_path / "b.csv", line(1, **ELSEWHERE), line(9, **ELSEWHERE), line(1, **ELSEWHERE))
    for dry_run in (True, False):
        assert counts(imported(work, other, dry_run=dry_run)) == (3, 1, 2, 0, 0, 0)
    assert counts(imported(work, other)) == (3, 0, 2, 1, 0, 0)
    first, second = rejects(work)
    assert {name: first[name] for name in ("file", "line", "field", "got", "want", "raw")} == {
        "file": "b.csv", "line": 2, "field": "rowid", "got": "'1', held already for another year and state",
        "want": "a key that names one victim in a data set; name another register with --data-set NAME",
        "raw": line(1, **ELSEWHERE),
    }  # fmt: skip
    assert second["line"] == 4
    assert "UT" in case(work, "shr-map:1")["title"]
    # What people read is not cut off before the advice.
    assert "name another register with --data-set NAME\n" in show.rejects([first])


@pytest.mark.parametrize("cells", [{"year": 1999}, {"state_abbr": "AZ", "fip": "", "cnty_name": ""}])
def test_another_year_or_another_state_alone_is_a_correction(
    work: Session, tmp_path: Path, cells: dict[str, Any]
) -> None:
    imported(work, csv_file(tmp_path / "a.csv", [row(1)]))
    assert counts(imported(work, csv_file(tmp_path / "b.csv", [row(1, **cells)]))) == (1, 0, 0, 0, 1, 0)


def test_keys_of_another_register_do_not_make_rows_missing(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", rows(10)))
    found = imported(work, csv_file(tmp_path / "b.csv", rows(7, **ELSEWHERE)))
    assert (found["rejected"], found["missing_since"]) == (7, [])


def test_the_entry_of_an_import_tells_how_its_raw_rows_are_read(work: Session, tmp_path: Path) -> None:
    table = rows(2)
    semicolons = tmp_path / "a.csv"
    cells = row(1, cnty_name="Salt Lake", agency="Inventé")
    semicolons.write_bytes(f"{';'.join(cells)}\n{';'.join(cells.values())}\n".encode("latin-1"))
    imported(work, semicolons)
    imported(work, csv_file(tmp_path / "b.csv", table))
    imported(work, parquet_file(tmp_path / "c.parquet", table))
    starts = payloads(work, "import.start")
    assert [start["columns"] for start in starts] == [list(table[0])] * 3
    assert [(start["delimiter"], start["encoding"]) for start in starts] == [
        (";", "utf-8, windows-1252"),
        (",", "utf-8"),
        (None, None),
    ]


def test_a_corrected_incident_number_joins_its_incident(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", [row(1), row(2, vic_age=31), *rows(8)[2:]]))
    assert case(work, "shr-map:1")["incident"]["co_victims"] == []
    before = case(work, "shr-map:2")["case_id"]
    imported(work, csv_file(tmp_path / "b.csv", [row(1), row(2, vic_age=31, incident_num=1), *rows(8)[2:]]))
    one, other = case(work, "shr-map:1"), case(work, "shr-map:2")
    assert (other["case_id"], other["incident"]["incident_id"]) == (before, one["incident"]["incident_id"])
    assert [victim["case_id"] for victim in one["incident"]["co_victims"]] == [before]
    found = similar(work, "shr-map:1", top=20)
    assert [match["case_id"] for match in found["certain"]] == [before]
    assert before not in [match["case_id"] for match in found["results"]]


def test_a_correction_may_name_a_new_incident_or_none(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", [row(1), row(2, incident_num=1), row(3, incident_num=1)]))
    imported(work, csv_file(tmp_path / "b.csv", [row(1), row(2, incident_num=7), row(3, incident_num="")]))
    first, *_, corrected, without = payloads(work, "import.row")
    assert corrected["incident"]["key"] == "shr:UT00000/1985/7/7"
    assert corrected["incident"]["id"] != first["incident"]["id"]
    assert without["incident"] is None
    assert case(work, "shr-map:2")["incident"]["co_victims"] == []
    assert set(corrected["subjects"]) == set(first["subjects"])


def test_caches_that_are_emptied_on_the_way_change_nothing(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thaw.casework.import_run._BATCH", 2)
    monkeypatch.setattr("thaw.casework.import_run._KEPT", 1)
    monkeypatch.setattr("thaw.intake.shr_map._KEPT", 1)
    table = [row(i, incident_num=i % 3, month=7, vic_age=20 + i, agency=f"Invented {i % 2}") for i in range(1, 13)]
    path = csv_file(tmp_path / "a.csv", table)
    assert counts(imported(work, path)) == (12, 12, 0, 0, 0, 0)
    assert len({payload["incident"]["id"] for payload in payloads(work, "import.row")}) == 3
    assert [payload["said"]["victim"][1]["v"]["low"] for payload in payloads(work, "import.row")] == list(range(21, 33))
    assert counts(imported(work, path)) == (12, 0, 0, 12, 0, 0)


def sent_in(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{text}\n" for text in lines))
    return path


def test_an_adjustment_says_anew_and_a_delete_takes_back_what_the_agency_sent(work: Session, tmp_path: Path) -> None:
    first = sent_in(tmp_path / "a.txt", record_80(), record_80(incident="002"), record_80(incident="003"))
    assert counts(imported(work, first)) == (3, 3, 0, 0, 0, 0)
    again = sent_in(
        tmp_path / "b.txt", record_80(kind="13", victim_block="42FWN"), record_80(kind="16", incident="002"),
        record_80(kind="14", incident="   ", month="08"),
    )  # fmt: skip
    assert counts(imported(work, again)) == (3, 2, 0, 0, 1, 0)
    ages = [s for s in case(work, "shr:UT00000/1985/07/001/1")["statements"] if s["predicate"] == "victim.age"]
    assert ages[0]["value"]["low"] == 42
    gone = {n: case(work, f"shr:UT00000/1985/07/{n}/1")["missing_since"] for n in ("001", "002", "003")}
    assert [gone[n] is None for n in gone] == [True, False, True]
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_an_adjustment_in_the_same_file_is_no_key_twice(work: Session, tmp_path: Path) -> None:
    path = sent_in(tmp_path / "a.txt", record_80(), record_80(kind="13", victim_block="42FWN"))
    assert counts(imported(work, path)) == (2, 1, 0, 0, 1, 0)


def test_a_return_that_was_adjusted_does_not_undo_its_adjustment_when_it_comes_again(
    work: Session, tmp_path: Path
) -> None:
    first = sent_in(tmp_path / "a.txt", record_80())
    assert counts(imported(work, first)) == (1, 1, 0, 0, 0, 0)
    for age in (42, 43):
        again = sent_in(tmp_path / f"{age}.txt", record_80(kind="13", victim_block=f"{age}FWN"))
        assert counts(imported(work, again)) == (1, 0, 0, 0, 1, 0)
    assert counts(imported(work, first)) == (1, 0, 0, 1, 0, 0)
    ages = [s for s in case(work, "shr:UT00000/1985/07/001/1")["statements"] if s["predicate"] == "victim.age"]
    assert ages[0]["value"]["low"] == 43
    # A return with other words is a new one, and counts.
    other = sent_in(tmp_path / "c.txt", record_80(victim_block="50FWN"))
    assert counts(imported(work, other)) == (1, 0, 0, 0, 1, 0)


def test_a_file_with_an_adjustment_adds_nothing_when_it_is_read_twice(work: Session, tmp_path: Path) -> None:
    path = sent_in(tmp_path / "a.txt", record_80(), record_80(kind="13", victim_block="42FWN"))
    imported(work, path)
    assert counts(imported(work, path)) == (2, 0, 0, 2, 0, 0)
