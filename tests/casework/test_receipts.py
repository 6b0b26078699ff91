"""What an account keeps of a book: written while there is work, whole or not at all, never older than it was."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from books import Clock, new_book
from thaw.casework import open_book
from thaw.casework.keeping import backup, restore
from thaw.casework.ledger import verify
from thaw.casework.receipts import ReceiptBook, collected, receipts_folder
from thaw.errors import TamperError
from thaw.ledger import Checkpoint, SigningKey


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
    first = json.loads(kept.path.read_text())
    assert (Checkpoint.parse(first["head"].partition("\n\n")[0] + "\n").size, first["receipts"]) == (1, [])
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


def swapped(work, tmp_path, monkeypatch):
    """Somebody else made another book, with another log, and put it in the place of this one; the old book's origin."""
    note(work)
    work.book.close()
    own = str(receipts_folder())
    with monkeypatch.context() as other:
        other.setenv("THAW_RECEIPTS", str(tmp_path / "of somebody else"))
        new_book(tmp_path / "evil", clock=Clock()).book.close()
    for name in ("book", "book.key"):
        (tmp_path / name).rename(tmp_path / f"old {name}")
    (tmp_path / "evil").rename(tmp_path / "book")
    assert str(receipts_folder()) == own
    return work.book.store.origin


def test_another_log_in_the_folder_is_an_alarm_that_names_it(work, tmp_path, monkeypatch):
    old = swapped(work, tmp_path, monkeypatch)
    key = tmp_path / "evil.key"
    new = SigningKey.from_text(key.read_text()).name
    with pytest.raises(TamperError) as caught:
        open_book(tmp_path / "book", Clock())
    assert str(caught.value) == (
        f"{tmp_path / 'book'}: got the log {new}, while the receipts of this account are of {old}: another book was "
        "put in its place, and entry 0 is not the one that was there, want the book in which this account worked. "
        "Nothing is written and nothing is shown until this is explained. Ask who put it there, and look for the old "
        f"book and its backups. If it was meant, move {work.book.receipts.path} away."
    )
    assert verify(tmp_path / "book")["status"] == "ok"
    found = verify(tmp_path / "book", own_receipts=True)
    assert [(one["kind"], one["seq"]) for one in found["findings"]] == [("receipt-mismatch", 0)]
    assert found["findings"][0]["detail"] == (
        f"Entry 0 is another one: this account keeps receipts of the log {old} for this folder, and none of "
        f"{new} that lies there: another book was put in its place."
    )
    work.book.receipts.path.rename(tmp_path / "away.json")
    open_book(tmp_path / "book", Clock()).close()


def test_who_makes_a_new_book_in_the_same_folder_is_told_nothing(work, tmp_path):
    note(work)
    work.book.close()
    (tmp_path / "book").rename(tmp_path / "put aside")
    (tmp_path / "book.key").rename(tmp_path / "put aside.key")
    new_book(tmp_path / "book", clock=Clock()).book.close()
    open_book(tmp_path / "book", Clock()).close()


def test_a_backup_of_another_log_is_put_there_only_in_the_open(work, tmp_path):
    note(work)
    other = new_book(tmp_path / "other", clock=Clock())
    backup(other, tmp_path / "copy")
    other.book.close()
    work.book.close()
    (tmp_path / "book").rename(tmp_path / "put aside")
    told = f"In this folder lay the log {work.book.store.origin}; the backup is of {other.book.store.origin}."
    with pytest.raises(TamperError, match=re.escape(told)):
        restore(tmp_path / "copy", tmp_path / "book")
    done = restore(
        tmp_path / "copy", tmp_path / "book", accept_loss="the disk was given to another unit", clock=Clock()
    )
    assert done["lost"] == [told]
    open_book(tmp_path / "book", Clock()).close()


def test_verify_asks_the_receipts_of_the_account_and_names_the_entry(work, tmp_path):
    copy = tmp_path / "early"
    shutil.copytree(tmp_path / "book", copy)
    newest = note(work).result[0]
    work.book.close()
    shutil.rmtree(tmp_path / "book")
    copy.rename(tmp_path / "book")
    assert verify(tmp_path / "book")["status"] == "ok"
    found = verify(tmp_path / "book", own_receipts=True)["findings"]
    assert ("receipt-mismatch", newest) in [(one["kind"], one["seq"]) for one in found]
