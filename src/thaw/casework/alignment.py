"""Puts the words that a person typed to their places on the page: where a machine read the same, there they stand."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from thaw.access import View
from thaw.store import Where

from .text_layers import layer_page


def page_with_places(view: View, document: str, number: int, page: Mapping[str, Any]) -> dict[str, Any]:
    """The page with places for its words: its own, else those of the newest text of the page that has any.

    page  a page of a text layer: text, width, height, words
    Words that no machine read as a person did get no place.
    """
    if page["width"] or not page["text"]:
        return dict(page)
    where = [Where("document_id", "=", document), Where("page", "=", number)]
    layers = view.select("page_texts", ["layer"], where, order=["-seq"])
    for layer in dict.fromkeys(row[0] for row in layers):
        known = layer_page(view, layer, document, number)
        if known and known["width"]:
            places = {name: known[name] for name in ("width", "height")}
            return {**page, **places, "words": aligned(page["words"], page["text"], known)}
    return dict(page)


def aligned(words: Sequence[Sequence[Any]], text: str, known: Mapping[str, Any]) -> list[list[Any]]:
    """The words of a text with the boxes that the same words have in another text of the page, in the same order."""
    mine = [_plain(text[word[0] : word[1]]) for word in words]
    theirs = [_plain((known["text"] or "")[word[0] : word[1]]) for word in known["words"]]
    found = [list(word) for word in words]
    for one, other, length in difflib.SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks():
        for i in range(length):
            found[one + i][2] = known["words"][other + i][2]
    return found


def _plain(word: str) -> str:
    return re.sub(r"\W+", "", word).casefold() or word
