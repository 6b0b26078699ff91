"""The text of a page cut into pieces at everything that is marked in it, so that templates only print and escape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked span of a text: letters `start` to `end` (one past the last), what sort of mark, and what it says."""

    start: int
    end: int
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that lie in the same marks: `names` of all of them, `says` of the shortest that says anything."""

    start: int
    text: str
    names: str
    says: str


def lines_of(text: str, marks: Sequence[Mark]) -> list[list[Piece]]:
    """The lines of a text, each in pieces, line breaks included: all pieces joined are the text again."""
    good = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    lines: list[list[Piece]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        here = [mark for mark in good if mark.start < end and mark.end > start]
        lines.append(list(_pieces(text, start, end, here)))
        start = end
    return lines


def _pieces(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    cuts = {start, end}
    for mark in marks:
        cuts |= {max(mark.start, start), min(mark.end, end)}
    edges = sorted(cuts)
    for low, high in pairwise(edges):
        over = sorted((mark for mark in marks if mark.start < high and mark.end > low), key=_length)
        names = " ".join(dict.fromkeys(mark.name for mark in over))
        yield Piece(low, text[low:high], names, next((mark.says for mark in over if mark.says), ""))


def _length(mark: Mark) -> int:
    return mark.end - mark.start
