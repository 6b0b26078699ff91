"""What `thaw import` says of rows in words: cases, persons, several cases of a row, or neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from books import missing_file, new_book
from nibrs_lines import admin, killing, offense, victim, zero
from shr_records import record_1980
from shr_records import victim as shr_victim
from thaw.casework.importing import import_files
from thaw.cli.show import imports


def told(folder: Path, path: Path) -> str:
    made = new_book(folder / "book")
    try:
        return imports(import_files(made, [path]), dry_run=False).splitlines()[1].strip()
    finally:
        made.book.close()


def test_rows_of_a_register_of_persons_are_stored_as_persons(tmp_path: Path) -> None:
    people = [
        f'"MP{n}","7/3/84","Example","Ada","24 Years","Moab","Grand","UT","Female","Asian","1/9/24"' for n in (1, 2)
    ]
    assert told(tmp_path, missing_file(tmp_path / "missing.csv", *people)) == "2  stored as new persons"


@pytest.mark.parametrize(("lines", "words"), [
    ([record_1980(victims=(shr_victim("24"),))], "1  stored as new cases"),
    ([record_1980(victims=(shr_victim("24"), shr_victim("25")))], "1  stored, making 2 cases"),
    (killing(), "4  stored, making 1 case"),
    ([zero(), admin(), offense("120"), victim(codes="120")], "4  stored; they make no case and no person"),
])  # fmt: skip
def test_a_row_that_is_not_one_case_is_not_called_so(tmp_path: Path, lines: list[str], words: str) -> None:
    path = tmp_path / "rows.txt"
    path.write_text("".join(f"{line}\n" for line in lines))
    assert told(tmp_path, path) == words
