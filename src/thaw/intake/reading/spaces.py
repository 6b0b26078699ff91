"""Which letters of a text are taken: asked for every word, so answered by one look at a row of bytes."""

from __future__ import annotations

from collections.abc import Iterable


class Spaces:
    """The letters of a text that some places take up; a place is its first letter and the letter after its last."""

    def __init__(self, length: int, places: Iterable[tuple[int, int]] = ()) -> None:
        self._taken = bytearray(length)
        for start, end in places:
            self.take(start, end)

    def take(self, start: int, end: int) -> None:
        """Take a place up; one that is empty, or outside the text, takes nothing."""
        end = min(end, len(self._taken))
        if end > start >= 0:
            self._taken[start:end] = b"\1" * (end - start)

    def holds(self, start: int, end: int) -> bool:
        """Whether any letter of a place is taken; an empty place has none."""
        return self._taken.find(1, start, end) >= 0
