"""Rules tried at the beginnings of words and figures find what they would find at every letter."""

from __future__ import annotations

import re

import pytest

from bench.unseen import papers
from thaw.intake.reading import date_rules, linked_dates, measures, places, things, vague_rules
from thaw.intake.reading.anchors import anchors_of, heads_of, matches_at

TEXTS = [paper.text for paper in papers()]


def _same(pattern: re.Pattern[str], starts: list[int], text: str) -> None:
    assert [m.span() for m in matches_at(pattern, text, starts)] == [m.span() for m in pattern.finditer(text)]


@pytest.mark.parametrize("name", [name for name in date_rules.PATTERNS if name not in ("decade", "short_year")])
def test_dates_are_found_at_words_and_figures(name: str) -> None:
    for text in TEXTS:
        heads, figures = date_rules.STARTS[name]
        _same(date_rules.PATTERNS[name], anchors_of(text).at(heads, figures=figures), text)


@pytest.mark.parametrize("name", list(vague_rules.PATTERNS))
def test_vague_dates_are_found_at_their_words(name: str) -> None:
    for text in TEXTS:
        places_ = anchors_of(text).at(vague_rules.STARTS[name], figures=name in ("ago", "ago_named", "from_now"))
        _same(vague_rules.PATTERNS[name], places_, text)


@pytest.mark.parametrize("name", list(linked_dates._RULES))
def test_dates_that_count_from_others_are_found_at_their_words(name: str) -> None:
    rule = linked_dates._RULES[name]
    whole_words = re.compile(rf"(?<![\w]){rule.pattern}", rule.flags)
    for text in TEXTS:
        starts = anchors_of(text).at(linked_dates._HEADS[name], figures=name in ("later", "day_of_month"))
        assert {m.span() for m in whole_words.finditer(text)} <= {m.span() for m in matches_at(rule, text, starts)}


def test_counts_weights_and_addresses_are_found_at_their_words() -> None:
    for text in TEXTS:
        anchors = anchors_of(text)
        _same(things._COUNT, anchors.at(things._COUNT_HEADS, figures=True), text)
        _same(places._ADDRESS, anchors.figures, text)
        _same(measures._TIME, anchors.at(("noo", "mid"), figures=True), text)


def test_heads_are_three_letters_at_most_and_each_once() -> None:
    assert heads_of(["May", "mayor", "in", "January"]) == ("may", "in", "jan")
