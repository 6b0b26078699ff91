"""Closing a book while others read: it waits, within bounds, and leaves no connection open."""

from __future__ import annotations

import threading
import time

import pytest

from builders import new_book, note
from thaw.store import Unfinished

SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) SELECT count(*) FROM n"


def reading(store, rows, outcome, started):
    def work():
        try:
            with store.reading() as db:
                started.set()
                outcome.append(db.execute(SLOW.format(rows)).get)
        except Unfinished as error:
            outcome.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    started.wait()
    return thread


def test_a_close_waits_for_a_read_that_is_at_work_and_then_closes_all(tmp_path):
    outcome, started = [], threading.Event()
    with new_book(tmp_path / "b") as store:
        store.append(note())
        thread = reading(store, 3_000_000, outcome, started)
    thread.join()
    assert outcome == [3_000_000]
    # The last connection folds the WAL in: a file left beside the book would mean that one was not closed.
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == ["casebook.db"]


def test_a_read_that_does_not_end_is_broken_off(tmp_path):
    outcome, started = [], threading.Event()
    with new_book(tmp_path / "b") as store:
        store.append(note())
        thread = reading(store, 10**12, outcome, started)
        before = time.monotonic()
        store._readers.close(0.2)
        assert time.monotonic() - before < 5
        thread.join()
    assert outcome == [
        f"{tmp_path / 'b' / 'casebook.db'}: got a casebook that was closed, want an open one. Give the command again."
    ]
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == ["casebook.db"]


def test_a_book_that_was_closed_reads_no_more(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(note())
    with pytest.raises(Unfinished, match="got a casebook that was closed, want an open one"):
        store.size()


def test_many_readers_and_a_close_never_hang_or_crash(tmp_path):
    outcomes = []
    with new_book(tmp_path / "b") as store:
        store.append(*[note(i) for i in range(50)])

        def work():
            try:
                while True:
                    store.size()
            except Unfinished as error:
                outcomes.append(error.got)

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
    for thread in threads:
        thread.join(20)
    assert outcomes == ["a casebook that was closed"] * 6
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == ["casebook.db"]
