"""One invented book for all tests that only look, and a factory for those that change something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from web.invented import World, invented_world


@pytest.fixture(scope="session")
def only_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The invented book that the tests of this room look at one after the other."""
    made = invented_world(tmp_path_factory.mktemp("world"))
    yield made
    made.work.book.close()


@pytest.fixture
def world(only_world: World) -> Iterator[World]:
    """An invented book to look at. A test that adds more than looks to it fails here, and not the ones after it."""
    before = only_world.work.book.store.size()
    yield only_world
    assert added(only_world, before) == [], "this test changes the book of all: take `new_world`"


def added(world: World, before: int) -> list[str]:
    """Kinds of the entries from `before` on that say more than that somebody looked, and what was shown."""
    sql = "SELECT DISTINCT kind FROM entry_index WHERE seq >= ? AND kind NOT LIKE 'access.%'"
    sql += " AND kind <> 'link.run' ORDER BY kind"  # what a comparison showed
    return [kind for (kind,) in world.work.book.store.reading_connection().execute(sql, (before,))]


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
