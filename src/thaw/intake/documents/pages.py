"""What a reader hands out: pages with their words, parts that are files of their own, counts and remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

LINES_A_PAGE = 60
_LETTERS_A_PAGE = 20_000
Box = tuple[float, float, float, float]


class Word(NamedTuple):
    """One word on a page: where its letters stand in the page's text, and its box if the format has places.

    box         left, top, right, bottom in points (1/72 inch) from the top left corner of the page as it is seen
    confidence  0 to 1 as the engine says, or None where nothing was guessed
    """

    start: int
    end: int
    box: Box | None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: text as read, its words, size in points.

    text     None when the page has no text layer
    picture  a picture fills most of the page: its letters, if there are any, are read by OCR
    """

    number: int
    text: str | None
    words: tuple[Word, ...]
    width: float | None
    height: float | None
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A file inside a file: an attachment, a member of an archive, a picture in a text.

    file     where its bytes lie now; None when they could not be taken out
    problem  why they could not be
    """

    name: str
    file: Path | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many pages there will be, said before the first one by formats that know."""

    pages: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a reader of the pages should know: what was left out, and why."""

    words: str


Read = Page | Part | Total | Remark


def plain_words(text: str) -> tuple[Word, ...]:
    """The words of a text without places."""
    return tuple(Word(found.start(), found.end(), None) for found in re.finditer(r"\S+", text))


def paged(text: str, first: int = 1) -> Iterator[Page]:
    """A text as pages from number `first` on, none of it lost.

    Form feeds divide it, else every 60 lines, so that a page can be cited; what no page of paper holds is cut as well.
    """
    parts = text.split("\f") if "\f" in text else _chunks(text)
    number = first
    for part in parts:
        for start in range(0, max(len(part), 1), _LETTERS_A_PAGE):
            piece = part[start : start + _LETTERS_A_PAGE]
            yield Page(number, piece, plain_words(piece), None, None)
            number += 1


def _chunks(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    for start in range(0, max(len(lines), 1), LINES_A_PAGE):
        yield "".join(lines[start : start + LINES_A_PAGE])
