"""A disk that is full: the database of a book takes no page more, whoever opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from thaw.casework import Session
from thaw.store import Unfinished


def fill_up(work: Session) -> None:
    """Write until nothing goes in any more, and let nothing in from now on."""
    db = work.book.store._db
    db.wal_checkpoint()
    db.pragma("max_page_count", db.pragma("page_count"))
    for words in ("x" * 2000, ""):
        for _ in range(2000):
            try:
                work.book.store.append(work.draft("note.add", {"words": words}))
            except Unfinished:
                break
        else:
            pytest.fail("the disk was never full")


@contextmanager
def full_disk() -> Iterator[None]:
    """Every book that is opened inside the block lies on a full disk."""
    import thaw.store.store as module

    real = module.connect

    def connect(*arguments, **more):
        db = real(*arguments, **more)
        db.pragma("max_page_count", db.pragma("page_count"))
        return db

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "connect", connect)
        yield
