# ruff: noqa: E501 - queries in one piece
"""What every engine must do, as tests: it answers as a slow engine that is obviously right.

A new engine inherits `EngineSuite` and gives `make(texts)`: an engine over texts with the numbers 1, 2, ... The
readable engine keeps lists of words and looks at every text for every question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from thaw.errors import InputError
from thaw.search import Engine, find_texts, parse_query
from thaw.search.directory import COLUMNS, Directory
from thaw.search.lexicon import Lexicon
from thaw.search.tokens import tokens

WORDS = [
    "canal",
    "canals",
    "c4nal",
    "red",
    "boat",
    "holloway",
    "h0lloway",
    "marsh",
    "310",
    "555",
    "1234",
    "the",
    "Müller",
]
texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), min_size=1, max_size=7)
queries = st.sampled_from([
    "canal", "red canal", '"red canal"', "red OR boat", "(red OR boat) -marsh", "can*", "c?nal", "/c.nals?/", "310-555-12??",
    '"red boat"~3', "holloway", "holloway~1", "the", "the red", '"the red boat"', "muller", "3105551234", "page:red", "name:red",
    "red -(boat canal)", "halloway", '"holloway marsh"~0', "red red", "boat OR boat", "-red canal", "marsh NOT red",
])  # fmt: skip


class Readable:
    """An engine that is slow and plain."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self._bodies = dict(enumerate(bodies, 1))
        self._words = {i: tokens(body) for i, body in self._bodies.items()}
        self.directory = directory(bodies)
        self.lexicon = Lexicon({word for words in self._words.values() for word in words})

    def places(self, word: str) -> Any:
        return np.array([i for i, words in self._words.items() for other in words if other == word], np.int64)

    def side_by_side(self, rows: Iterable[Sequence[str]], within: int | None = None) -> Any:
        wanted = [list(row) for row in rows]
        meets = (lambda words, row: near(words, row, within)) if within is not None else beside
        return np.array([i for i, words in self._words.items() if any(meets(words, row) for row in wanted)], np.int64)

    def beginning(self, start: str) -> Any:
        return np.array([i for i, words in self._words.items() if any(w.startswith(start) for w in words)], np.int64)

    def bodies(self, ids: Sequence[int]) -> dict[int, str]:
        return {i: self._bodies[i] for i in ids}


def beside(words: list[str], row: list[str]) -> bool:
    return any(words[i : i + len(row)] == row for i in range(len(words)))


def near(words: list[str], row: list[str], within: int) -> bool:
    """Whether one place of each word can be chosen with at most `within` other words between first and last."""
    places = [[i for i, word in enumerate(words) if word == wanted] for wanted in row]
    return any(
        all(any(low <= i <= low + within + len(row) - 1 for i in spots) for spots in places)
        for low in range(len(words))
    )


def directory(bodies: Sequence[str]) -> Directory:
    found = Directory()
    row = dict.fromkeys(COLUMNS) | {"kind": "page", "ref": "d", "place": "", "version": "", "source": "a", "seq": 1}
    rows = [row | {"page": i, "size": len(body)} for i, body in enumerate(bodies, 1)]
    found.add([(i, *(r[c] for c in COLUMNS)) for i, r in enumerate(rows, 1)])
    return found


def answer(engine: Engine, text: str) -> list[tuple[int, float, tuple[str, ...]]]:
    """Numbers, scores and reasons of everything that a query finds, in order."""
    result = find_texts(engine, parse_query(text), lambda condition: engine.directory.there())
    assert result.total == len(result.ids)
    return [(hit.id, hit.score, tuple(m.why for m in hit.matches)) for hit in result.best(100)]


class EngineSuite:
    """Inherit this, and give `make`."""

    def make(self, bodies: Sequence[str], folder: Any) -> Any:
        """A context manager of an engine over these pages."""
        raise NotImplementedError

    @settings(max_examples=25, deadline=None)
    @given(bodies=texts, query=queries)
    def test_it_answers_as_the_readable_engine(self, bodies: list[str], query: str, tmp_path_factory: Any) -> None:
        with self.make(bodies, tmp_path_factory.mktemp("engine")) as engine:
            assert answer(engine, query) == answer(Readable(bodies), query)

    def test_it_knows_every_word_and_every_text(self, tmp_path_factory: Any) -> None:
        bodies = ["Red canal, red boat.", "", "Müller's 310-555-1234"]
        with self.make(bodies, tmp_path_factory.mktemp("engine")) as engine:
            assert engine.lexicon.words == ["1234", "310", "555", "boat", "canal", "muller", "red", "s"]
            assert engine.directory.count == 3
            assert engine.places("red").tolist() == [1, 1]
            assert engine.beginning("mu").tolist() == [3]
            assert engine.side_by_side([("310", "555"), ("red", "boat")]).tolist() == [1, 3]
            assert engine.bodies([1, 3]) == {1: bodies[0], 3: bodies[2]}
            assert engine.places("nothing").tolist() == []

    def test_a_pattern_that_too_many_words_fit_is_refused(self, tmp_path_factory: Any) -> None:
        body = " ".join(f"x{i}y" for i in range(2_001))
        with self.make([body], tmp_path_factory.mktemp("engine")) as engine:
            try:
                answer(engine, "a OR x*y")
            except InputError as error:
                assert str(error) == (  # noqa: PT017
                    "search, character 6: got x*y, which more than 2,000 different words fit, want a narrower pattern. "
                    "Type more letters or digits of it."
                )
            else:
                raise AssertionError("not refused")
            assert [i for i, _, _ in answer(engine, "x1*y OR x*")] == [1]
