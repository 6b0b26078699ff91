"""What is read out of a stored text layer: whole pages with the places of their words, or their texts alone.

A layer is JSON of pages, and nine tenths of it are places of words, `"words": [[start, end, [box], sure], ...]`. Who
wants the texts only passes over them: they hold figures, brackets and `null` and no quote, so the end of such a list is
seen without parsing it, and a text that has the same letters has a backslash before its quotes.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from thaw.access import View

_PLACES = re.compile(rb'"words": \[[\d\s.,eE+\-\[\]nul]*\]')


def layer_texts(view: View, layer: str, digest: str) -> dict[int, str]:
    """The text of each page in a text layer of a visible document, '' for one without; none when it may not be seen."""
    data = view.blob(layer, digest)
    return texts_in(data) if data else {}


def texts_in(data: bytes) -> dict[int, str]:
    """The texts of a layer's bytes by page number, '' for a page without text; places of words are not parsed."""
    pages = json.loads(_PLACES.sub(b'"words": []', data))["pages"]
    return {page["number"]: page["text"] or "" for page in pages}


def layer_page(view: View, layer: str, digest: str, number: int) -> dict[str, Any] | None:
    """One page of a text layer with the places of its words; None when it is not there or may not be seen."""
    data = view.blob(layer, digest)
    return page_in(data, number) if data else None


def page_in(data: bytes, number: int) -> dict[str, Any] | None:
    """One page of a layer's bytes; the places of words on the other pages are not parsed."""
    places = [found.span() for found in _PLACES.finditer(data)]
    pages = json.loads(_PLACES.sub(b'"words": []', data))["pages"]
    if len(places) != len(pages):
        pages = json.loads(data)["pages"]  # a layer of another form: parsed whole
        return next((page for page in pages if page["number"] == number), None)
    for page, (start, end) in zip(pages, places, strict=True):
        if page["number"] == number:
            words = json.loads(data[start + len(b'"words": ') : end])
            return {**page, "words": words}
    return None


class WordBoxes:
    """The words of a page with their places, as in a text layer: [start, end, box or null, ...]."""

    def __init__(self, words: Sequence[Sequence[Any]]) -> None:
        self._words = sorted(words, key=_start)
        self._starts = [word[0] for word in self._words]
        # Words stand beside each other; where two should share letters, the last that ends counts from there on.
        self._ends = list(accumulate((word[1] for word in self._words), max))

    def box(self, start: int, end: int) -> list[float] | None:
        """The box round the words that a span of text touches; None where the text has no places."""
        near = self._words[bisect_right(self._ends, start) : bisect_left(self._starts, end)]
        boxes = [word[2] for word in near if word[1] > start and word[2]]
        if not boxes:
            return None
        left, top, right, bottom = zip(*boxes, strict=True)
        return [min(left), min(top), max(right), max(bottom)]


def _start(word: Sequence[Any]) -> int:
    return int(word[0])
