"""A database file that was damaged or cut: every command says so in words, with exit 1, and shows nothing."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from books import csv_file, imported, new_book, rows, thaw

COMMANDS = (
    ["cases"], ["case", "shr-map:1"], ["log"], ["search", "handgun", "--purpose", "x"], ["rebuild"], ["checkpoint"],
    ["backup", "{files}/copy"], ["export", "{files}/x.zip"], ["certify"],
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damaged")
    work = new_book(folder / "book")
    imported(work, csv_file(folder / "a.csv", rows(30)))
    work.book.close()
    return folder


def damaged(made: Path, tmp_path: Path) -> tuple[Path, Path]:
    shutil.rmtree(tmp_path / "home", ignore_errors=True)
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home" / "book", tmp_path / "home" / "book" / "casebook.db"


@pytest.mark.parametrize("left", [100, 8192, 40_000])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_file_that_was_cut_is_exit_1_in_words(made: Path, tmp_path: Path, command: list[str], left: int) -> None:
    book, file = damaged(made, tmp_path)
    os.truncate(file, left)
    found = thaw(*(part.replace("{files}", str(tmp_path)) for part in command), book=book, as_json=True)
    assert found.code == 1
    assert found.document["error"] == {
        "where": str(file),
        "got": "a damaged database file (database disk image is malformed)",
        "want": "the file as it was written",
        "fix": "Nothing is shown. Keep a copy of the folder, run `thaw verify --all`, and go on with the newest backup "
        "(`thaw restore`).",
    }
    checked = thaw("verify", "--all", book=book, as_json=True)
    assert (checked.code, checked.document["findings"][0]["kind"]) == (1, "database-damaged")


def test_no_changed_bits_end_in_an_unexpected_error(made: Path, tmp_path: Path) -> None:
    rng, codes = random.Random(7), set()
    for count in (1, 60, 3000) * 8:
        book, file = damaged(made, tmp_path)
        data = bytearray(file.read_bytes())
        # Not the first page: without its header a file is no database, which is said as such.
        for _ in range(count):
            data[rng.randrange(100, len(data))] ^= 1 << rng.randrange(8)
        file.write_bytes(data)
        for command in (["cases"], ["log"], ["search", "handgun", "--purpose", "x"], ["verify", "--all"]):
            found = thaw(*command, book=book, as_json=True)
            assert found.code in (0, 1), (command, found.err)
            codes.add(found.code)
    assert 1 in codes
