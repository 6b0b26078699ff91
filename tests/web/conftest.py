"""One invented book for all tests that only look, and a factory for those that change something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from thaw.casework.ledger import log
from web.invented import World, invented_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An invented book to look at; nothing but looks may be added to it, or tests would hang on their order."""
    made = invented_world(tmp_path_factory.mktemp("world"))
    filled = made.work.book.store.size()
    yield made
    added = Counter(entry["kind"] for entry in log(made.work, limit=10_000_000) if entry["seq"] >= filled)
    made.work.book.close()
    assert [kind for kind in added if not kind.startswith(("access.", "link.run"))] == []  # a ranking is noted too


@pytest.fixture
def new_world(tmp_path: Path) -> Iterator[Callable[[], World]]:
    """Makes an invented book of the test's own."""
    made: list[World] = []

    def make() -> World:
        folder = tmp_path / f"world{len(made)}"
        folder.mkdir()
        made.append(invented_world(folder))
        return made[-1]

    yield make
    for each in made:
        each.work.book.close()
