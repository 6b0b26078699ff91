"""One invented book for all tests that only look, and a factory for those that change something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from web.invented import World, invented_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An invented book to look at; nothing but looks may be added to it."""
    made = invented_world(tmp_path_factory.mktemp("world"))
    yield made
    made.work.book.close()


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
