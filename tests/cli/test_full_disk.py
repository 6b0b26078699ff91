"""On a full disk no command shows a byte of a record: the look could not be noted. Every command is given."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from books import csv_file, imported, missing_file, new_book, row, rows, thaw
from cli.test_hidden_case import CALLS, ID, no_server  # noqa: F401  the workbench has a test of its own
from full_disk import fill_up, full_disk
from thaw.casework.documents import add_documents

# Words that stand in the records of this book and in nothing that a command says by itself.
MARKS = ("Inventedmark", "Zebulon", "violet", "shr-map:", "informant")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full")
    work = new_book(folder / "book", person="Chief")
    imported(work, csv_file(folder / "a.csv", [*rows(12, agency="Office of Inventedmark"), row(14, year="19x4")]))
    imported(work, missing_file(folder / "missing.csv"))
    (folder / "tip.txt").write_text("Zebulon Inventedmark was seen by an informant in a violet car by the canal.")
    add_documents(work, [folder / "tip.txt"], case_id="shr-map:2", wait=True)
    files = folder / "files"
    files.mkdir()
    csv_file(files / "newer.csv", rows(13))
    (files / "names.csv").write_text("name\nnobody\n")
    (files / "other.txt").write_text("Another text.")
    (files / "known.csv").write_text("series,case\nOne,shr-map:3\nOne,shr-map:2\n")
    (files / "hidden.csv").write_text("series,case\nOne,shr-map:1\n")
    (files / "coded.json").write_text('{"bound": "yes"}')
    fill_up(work)
    work.book.close()
    return folder


@pytest.mark.parametrize("command", sorted(CALLS))
def test_not_one_byte_of_a_record_is_shown_when_the_look_cannot_be_noted(
    made: Path, tmp_path: Path, command: str
) -> None:
    shutil.copytree(made, tmp_path / "full")
    book, files = tmp_path / "full" / "book", tmp_path / "full" / "files"
    before = {path for path in files.rglob("*") if path.is_file()}
    for call in CALLS[command]:
        given = [part.replace("{files}", str(files)).replace(ID, "shr-map:2") for part in call]
        for as_json in (True, False):
            with full_disk():
                found = thaw(*given, book=book, as_json=as_json, person="Reader")
            shown = found.out + found.err
            for part in given:
                shown = shown.replace(part, "")
            assert [mark for mark in MARKS if mark.lower() in shown.lower()] == [], (given, shown)
    for path in {path for path in files.rglob("*") if path.is_file()} - before:
        content = path.read_bytes()
        assert not [mark for mark in MARKS if mark.encode() in content], path


LOOKS = ("cases", "case", "log", "search", "documents", "persons", "similar", "rejects", "export", "gaps", "claims")


@pytest.mark.parametrize("command", LOOKS)
def test_a_look_on_a_full_disk_says_so_and_with_room_it_shows_the_records(
    made: Path, tmp_path: Path, command: str
) -> None:
    """The control: the marks are there to be seen."""
    shutil.copytree(made, tmp_path / "full")
    book = tmp_path / "full" / "book"
    call = {"case": ["shr-map:2"], "search": ["violet", "--purpose", "x"], "similar": ["shr-map:2"],
            "export": [tmp_path / "x.zip"], "gaps": ["shr-map:2"], "log": ["--case", "shr-map:2"]}  # fmt: skip
    given = [command, *call.get(command, [])]
    with full_disk():
        found = thaw(*given, book=book, as_json=True)
    assert (found.code, found.document["error"]["where"]) == (3, str(book / "casebook.db"))
    assert not (tmp_path / "x.zip").exists()
    again = thaw(*given, book=book, as_json=True)
    assert again.code == 0
    if command not in ("log", "export", "persons", "claims", "gaps", "documents", "rejects"):
        assert [mark for mark in MARKS if mark.lower() in again.out.lower()]
