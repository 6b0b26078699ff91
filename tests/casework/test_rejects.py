"""Rejects are settled: by the row that comes in later under the same key, or by hand with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books import imported, line, line_file, new_book, thaw
from thaw.casework import Session
from thaw.casework.ledger import rejects, resolve_reject, verify
from thaw.errors import InputError


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


def test_a_row_that_was_mended_settles_its_reject(work: Session, tmp_path: Path) -> None:
    imported(work, line_file(tmp_path / "a.csv", line(1, month=13), line(2)))
    (reject,) = rejects(work)
    assert reject["resolved"] is None
    imported(work, line_file(tmp_path / "b.csv", line(1, month=12), line(2)))
    assert rejects(work) == []
    (settled,) = rejects(work, everything=True)
    assert settled["id"] == reject["id"]
    assert settled["resolved"]["reason"] == "stored since as shr-map:1"
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_a_row_without_a_key_is_settled_by_hand_with_a_reason(work: Session, tmp_path: Path) -> None:
    imported(work, line_file(tmp_path / "a.csv", "cut off"))
    (reject,) = rejects(work)
    found = resolve_reject(work, reject["id"], reason="an empty line of the export")
    assert (found["resolved"]["reason"], found["resolved"]["by"]) == (
        "an empty line of the export",
        "Invented Detective",
    )
    assert rejects(work) == []


@pytest.mark.parametrize(("number", "reason", "message"), [
    (None, " ", "rejects resolve: got no reason, want what became of the row. Use --reason TEXT."),
    (999, "x", "rejects resolve: got reject 999, which is not there, want the id of an open reject. "
               "List them with `thaw rejects`."),
])  # fmt: skip
def test_what_cannot_be_settled_is_refused(
    work: Session, tmp_path: Path, number: int | None, reason: str, message: str
) -> None:
    imported(work, line_file(tmp_path / "a.csv", "cut off"))
    (reject,) = rejects(work)
    with pytest.raises(InputError) as error:
        resolve_reject(work, number or reject["id"], reason=reason)
    assert str(error.value) == message


def test_a_reject_is_settled_once(work: Session, tmp_path: Path) -> None:
    imported(work, line_file(tmp_path / "a.csv", "cut off"))
    (reject,) = rejects(work)
    resolve_reject(work, reject["id"], reason="x")
    with pytest.raises(InputError, match=f"got reject {reject['id']}, settled already, want"):
        resolve_reject(work, reject["id"], reason="x")


def test_the_command_settles_and_lists(tmp_path: Path) -> None:
    made = new_book(tmp_path / "book")
    imported(made, line_file(tmp_path / "a.csv", "cut off"))
    made.book.close()
    book = tmp_path / "book"
    (reject,) = thaw("rejects", book=book, as_json=True).document
    (found,) = thaw("rejects", "resolve", str(reject["id"]), "--reason", "mended", book=book, as_json=True).document
    assert found["resolved"]["reason"] == "mended"
    assert thaw("rejects", book=book, as_json=True).document == []
    assert len(thaw("rejects", "--all", book=book, as_json=True).document) == 1
    wrong = thaw("rejects", "burn", book=book, as_json=True)
    assert (wrong.code, wrong.document["error"]["want"]) == (2, "nothing, or resolve and the id of a reject")
