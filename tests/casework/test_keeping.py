"""Backup, restore, rebuild, checkpoint, verify: copies that verify, and nothing that overwrites."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, new_book, rows
from thaw.casework import Session, open_book, session
from thaw.casework.cases import case, cases
from thaw.casework.documents import add_documents
from thaw.casework.keeping import backup, rebuild, restore
from thaw.casework.ledger import checkpoint, verify
from thaw.errors import InputError, TamperError


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, csv_file(tmp_path / "a.csv", rows(5)))
    text = tmp_path / "tip.txt"
    text.write_text("A red car.")
    add_documents(made, [text], case_id="shr-map:1", wait=True)
    yield made
    made.book.close()


def refused(function: Any, *arguments: Any) -> str:
    with pytest.raises(InputError) as caught:
        function(*arguments)
    return str(caught.value)


def test_a_backup_verifies_and_is_restored_with_every_answer_the_same(work: Session, tmp_path: Path) -> None:
    before = cases(work)
    made = backup(work, tmp_path / "copy")
    assert set(made) == {"backup", "entries", "root", "status"}
    assert not list((tmp_path / "copy").glob("*.key"))
    back = restore(tmp_path / "copy", tmp_path / "again")
    assert set(back) == {"book", "log_key", "log_key_there", "entry", "lost", "entries", "root", "status"}
    assert (back["entries"], back["root"]) == (made["entries"], made["root"])
    shutil.copy(tmp_path / "book.key", tmp_path / "again.key")
    other = session(open_book(tmp_path / "again"), "Invented Detective")
    assert cases(other) == before
    other.book.close()
    assert verify(tmp_path / "again", everything=True)["status"] == "ok"


def test_a_backup_overwrites_nothing(work: Session, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "letter.txt").write_text("x")
    message = refused(backup, work, tmp_path / "copy")
    assert message.startswith(f"{tmp_path / 'copy'}: got a folder that holds files, want a new or empty folder.")


def test_a_restore_overwrites_no_book(work: Session, tmp_path: Path) -> None:
    backup(work, tmp_path / "copy")
    assert refused(restore, tmp_path / "copy", tmp_path / "book") == (
        f"{tmp_path / 'book'}: got a folder that holds files, want a folder without a book, since a restore overwrites "
        "nothing. Name another folder with --book, or move the old book away first."
    )


def test_what_is_no_backup_is_not_restored(work: Session, tmp_path: Path) -> None:
    message = refused(restore, tmp_path / "none", tmp_path / "again")
    assert (
        message == f"{tmp_path / 'none'}: got no casebook.toml, want a casebook. Make one with `thaw --book DIR init`."
    )
    assert not (tmp_path / "again").exists()


def test_a_backup_that_was_changed_is_not_restored(work: Session, tmp_path: Path) -> None:
    backup(work, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy" / "casebook.db") as db:
        db.execute("UPDATE payload SET body = CAST(replace(body, 'shr-map:3', 'shr-map:4') AS BLOB) WHERE seq = 4")
    db.close()
    with pytest.raises(TamperError) as caught:
        restore(tmp_path / "copy", tmp_path / "again")
    assert caught.value.where == str(tmp_path / "copy")
    assert caught.value.got.startswith("a copy that does not verify (")
    assert caught.value.want == "a copy whose ledger is whole"
    assert caught.value.fix == "Do not use it; verify the book itself with `thaw verify --all`."
    assert not (tmp_path / "again").exists()


def test_a_backup_with_one_changed_row_of_a_table_is_not_restored(work: Session, tmp_path: Path) -> None:
    backup(work, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy" / "casebook.db") as db:
        db.execute("UPDATE cases SET title = 'Somebody else' WHERE source_key = 'shr-map:1'")
    db.close()
    with pytest.raises(TamperError, match="A row of cases was changed"):
        restore(tmp_path / "copy", tmp_path / "again")


def test_a_backup_is_as_private_as_the_book(work: Session, tmp_path: Path) -> None:
    backup(work, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o700


def test_a_rebuilt_book_gives_the_same_cases(work: Session) -> None:
    before = case(work, "shr-map:1")
    made = rebuild(work)
    assert set(made) == {"rebuilt", "entries"}
    assert {"imports", "casebook", "words"} <= set(made["rebuilt"])
    assert case(work, "shr-map:1") == before
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_a_checkpoint_kept_outside_is_checked_against_the_book(work: Session, tmp_path: Path) -> None:
    out = tmp_path / "head.txt"
    found = checkpoint(work, out)
    assert set(found) == {"origin", "size", "root", "note", "file"}
    assert out.read_text() == found["note"]
    cases(work)
    assert verify(work.book.folder, against=[out])["status"] == "ok"


def test_a_checkpoint_of_another_book_does_not_fit(work: Session, tmp_path: Path) -> None:
    other = new_book(tmp_path / "other")
    checkpoint(other, tmp_path / "head.txt")
    other.book.close()
    assert verify(work.book.folder, against=[tmp_path / "head.txt"])["status"] == "tampered"


def test_a_checkpoint_overwrites_no_file(work: Session, tmp_path: Path) -> None:
    out = tmp_path / "head.txt"
    out.write_text("mine")
    assert refused(checkpoint, work, out) == f"{out}: got File exists, want a new file. Name another file."
    assert out.read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "got"),
    [(None, "No such file or directory"), (b"\xff\xfe", "a file that is no text"), (b"x", "a text without signature")],
)
def test_an_unreadable_checkpoint_file_is_refused(
    work: Session, tmp_path: Path, content: bytes | None, got: str
) -> None:
    path = tmp_path / "head.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        verify(work.book.folder, against=[path])
    assert str(caught.value) == (
        f"{path}: got {got}, want a checkpoint file from `thaw checkpoint --out`. Check the name."
    )


def test_a_book_without_public_key_cannot_be_verified(work: Session) -> None:
    path = work.book.folder / "casebook.toml"
    path.write_text('[log]\nkey = "../book.key"\n')
    assert refused(verify, work.book.folder) == (
        f"{path}: got no public_key, want the log's public key. Copy it from where it was noted when the book was made."
    )
