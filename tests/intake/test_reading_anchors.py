"""Rules tried at the beginnings of words and figures find what they would find at every letter."""

from __future__ import annotations

import re

import pytest

from bench.unseen import papers
from thaw.intake.reading import dates, measures, places, things, vague_dates
from thaw.intake.reading.anchors import anchors_of, heads_of, matches_at

TEXTS = [paper.text for paper in papers()]


def _same(pattern: re.Pattern[str], starts: list[int], text: str) -> None:
    assert [m.span() for m in matches_at(pattern, text, starts)] == [m.span() for m in pattern.finditer(text)]


@pytest.mark.parametrize("name", [name for name in dates._PATTERNS if name != "decade"])
def test_dates_are_found_at_words_and_figures(name: str) -> None:
    for text in TEXTS:
        heads, figures = dates._STARTS[name]
        _same(dates._PATTERNS[name], anchors_of(text).at(heads, figures=figures), text)


@pytest.mark.parametrize("name", list(vague_dates._PATTERNS))
def test_vague_dates_are_found_at_their_words(name: str) -> None:
    for text in TEXTS:
        places_ = anchors_of(text).at(vague_dates._STARTS[name], figures=name in ("ago", "from_now"))
        _same(vague_dates._PATTERNS[name], places_, text)


def test_counts_weights_and_addresses_are_found_at_their_words() -> None:
    for text in TEXTS:
        anchors = anchors_of(text)
        _same(things._COUNT, anchors.at(things._COUNT_HEADS, figures=True), text)
        _same(places._ADDRESS, anchors.figures, text)
        _same(measures._TIME, anchors.at(("noo", "mid"), figures=True), text)


def test_heads_are_three_letters_at_most_and_each_once() -> None:
    assert heads_of(["May", "mayor", "in", "January"]) == ("may", "in", "jan")
