"""What an account keeps of a book: written while there is work, whole or not at all, never older than it was."""

from __future__ import annotations

import json

import pytest

from books import Clock, new_book
from thaw.casework.receipts import ReceiptBook, collected


@pytest.fixture
def work(tmp_path):
    made = new_book(tmp_path / "book", clock=Clock())
    yield made
    made.book.close()


def note(work, words="x"):
    return work.book.store.append(work.draft("note.add", {"words": words}))


def test_a_workbench_that_is_killed_has_kept_its_receipts_of_a_minute_ago(work, monkeypatch):
    kept = work.book.receipts
    note(work)
    assert not kept.path.exists()
    monkeypatch.setattr("thaw.casework.receipts._EVERY_S", 0.0)
    newest = note(work)
    on_disk = json.loads(kept.path.read_text())
    assert (on_disk["head"], on_disk["receipts"][-1]["seq"]) == (newest.note, newest.result[0])


def test_another_program_that_has_seen_less_does_not_make_the_file_older(work):
    early = work.book.store.newest_note()
    note(work)
    work.book.receipts.save()
    other = ReceiptBook.load(work.book.store.origin, work.book.folder)
    newest = other.head
    other.head, other._changed = early, True
    other.save()
    assert json.loads(other.path.read_text())["head"] == newest


def test_what_a_thread_commits_can_be_collected_one_receipt_for_each_commit(work):
    with collected() as receipts:
        one = work.book.store.append(*[work.draft("note.add", {"words": str(i)}) for i in range(3)])
        two = note(work)
    note(work)
    assert [receipt.seq for receipt in receipts] == [one.result[-1], two.result[0]]
    assert [receipt.checkpoint_note for receipt in receipts] == [one.note, two.note]


def test_a_place_that_cannot_be_written_is_a_problem_and_no_error(work, tmp_path):
    (tmp_path / "file").write_text("")
    work.book.receipts.path = tmp_path / "file" / "kept.json"
    note(work)
    work.book.receipts.save()
    assert work.book.receipts.problem == (
        f"The receipts could not be kept in {tmp_path / 'file' / 'kept.json'}: File exists."
    )
