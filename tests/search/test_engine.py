from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from builders import look, new_book
from engine_suite import EngineSuite
from thaw.search import BookEngine, Engine, Words


@contextmanager
def book_engine(bodies: Sequence[str], folder: Path, **hiding: object) -> Iterator[Engine]:
    """The book's engine over pages with the numbers 1, 2, ..."""
    with new_book(folder / "b", chosen=(Words(),)) as store:

        def plan(transaction):
            for i, body in enumerate(bodies, 1):
                row = {"kind": "page", "ref": "d", "page": i, "place": "", "version": "", "source": "a"}
                transaction.rows.add("texts", row | {"size": len(body), "seq": 1, "body": body})

        store.commit(plan)
        yield BookEngine(look(store), {})


class TestTheBooksEngine(EngineSuite):
    def make(self, bodies, folder):
        return book_engine(bodies, folder)
