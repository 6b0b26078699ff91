"""What an engine must do, and the one over the book's own word index.

An engine knows words and texts by number, nothing of spelling, ranking or conditions: those are the same on every
engine. `tests/engine_suite.py` holds an engine against a slow one that is obviously right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, Protocol

import numpy as np

from thaw.access import View

from .directory import COLUMNS, Directory, Ids
from .lexicon import Lexicon
from .tokens import searchable, tokens

TABLE = "texts"
_AT_ONCE = 20_000
_NOBODY: Ids = np.zeros(0, np.int64)


class Engine(Protocol):
    """Texts that a reader may see, by number; words are folded as `tokens` folds them."""

    @property
    def directory(self) -> Directory:
        """Every visible text."""

    @property
    def lexicon(self) -> Lexicon:
        """Every word of the visible texts."""

    def places(self, word: str) -> Ids:
        """The texts with a word, in order; a text stands as often as the word stands in it."""

    def side_by_side(self, rows: Iterable[Sequence[str]], within: int | None = None) -> Ids:
        """Texts with one of these rows of words side by side; or, with `within`, in any order that near. Each once."""

    def beginning(self, start: str) -> Ids:
        """Texts with a word that begins so, each once, in order."""

    def bodies(self, ids: Sequence[int]) -> dict[int, str]:
        """The words of these texts as they stand there."""


class BookEngine:
    """The word index of a book through one view; what it learns of the texts is kept from view to view."""

    def __init__(self, view: View, kept: dict[Any, Any]) -> None:
        self._view = view
        key = (view.visible, view.generation())
        held = kept.get(key)
        if held is None:
            for old in [k for k in list(kept) if k[0] == view.visible]:
                kept.pop(old, None)
            held = kept.setdefault(key, [Directory(), [], Lock()])
        self._words: list[Lexicon] = held[1]
        self._lock: Lock = held[2]
        self._hides = view.visible != type(view.visible)()
        # Two who search at once must not both take in the same texts.
        with self._lock:
            self._directory = held[0] = self._caught_up(held[0])

    @property
    def directory(self) -> Directory:
        """Every visible text."""
        return self._directory

    @property
    def lexicon(self) -> Lexicon:
        """Every word of the visible texts; read when a word is first asked for."""
        with self._lock:
            if not self._words:
                words = self._view.vocabulary(TABLE) if not self._hides else self._seen_words(self._directory_ids())
                self._words.append(Lexicon(words))
        return self._words[0]

    def places(self, word: str) -> Ids:
        """The texts with a word, in order; a text stands as often as the word stands in it."""
        return self._directory.known(_numbers(self._view.text_places(TABLE, word)))

    def side_by_side(self, rows: Iterable[Sequence[str]], within: int | None = None) -> Ids:
        """Texts with one of these rows of words side by side; or, with `within`, in any order that near. Each once."""
        if within is None:
            query = " OR ".join('"' + " ".join(row) + '"' for row in rows)
        else:
            query = " OR ".join("NEAR(" + " ".join(f'"{word}"' for word in row) + f", {within})" for row in rows)
        return self._directory.known(_numbers(self._view.text_ids(TABLE, query))) if query else _NOBODY

    def beginning(self, start: str) -> Ids:
        """Texts with a word that begins so, each once, in order."""
        return self._directory.known(_numbers(self._view.text_ids(TABLE, f'"{start}"*')))

    def bodies(self, ids: Sequence[int]) -> dict[int, str]:
        """The words of these texts as they stand there."""
        return {i: str(row[0]) for i, row in self._view.texts(TABLE, ["body"], ids).items()}

    def _caught_up(self, known: Directory) -> Directory:
        """The directory with texts that were written since the last look; who searches now keeps the one they had."""
        after, beyond, new = known.seq, -1, []
        while rows := self._view.new_texts(TABLE, COLUMNS, after, beyond, _AT_ONCE):
            known = known if beyond >= 0 else known.renewed()
            known.add(rows)
            beyond = rows[-1][0]
            new += [row[0] for row in rows] if self._words else []
            if len(rows) < _AT_ONCE:
                break
        if new:
            self._words[0].add(self._seen_words(new))
        return known

    def _directory_ids(self) -> list[int]:
        found: list[int] = np.flatnonzero(self._directory.there()).tolist()
        return found

    def _seen_words(self, ids: list[int]) -> set[str]:
        """The words of these texts; where anything is hidden, the index itself would tell words of hidden texts."""
        found: set[str] = set()
        for start in range(0, len(ids), 1000):
            for body in self.bodies(ids[start : start + 1000]).values():
                found.update(tokens(body))
        return {word for word in found if searchable(word)}


def _numbers(text: str) -> Ids:
    found: Ids = np.fromstring(text, dtype=np.int64, sep=" ") if text else _NOBODY
    return found
