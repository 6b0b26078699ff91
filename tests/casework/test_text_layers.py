"""Texts are taken out of stored layers without their places of words, and are the same as those of the whole layer."""

from __future__ import annotations

import json
import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from thaw.casework.text_layers import page_in, texts_in

NUMBERS = st.integers(0, 9999) | st.floats(-1e6, 1e6, allow_nan=False) | st.none()
WORDS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.none() | st.tuples(*[NUMBERS] * 4), NUMBERS))
HOSTILE = st.sampled_from(['"words": [1, 2]', '], "words": [', "[[[", '\\"words": []', "\x00\u2028é😀", ""])
TEXTS = st.none() | st.text(max_size=40) | HOSTILE | st.builds("{} {}".format, HOSTILE, st.text(max_size=9))


def layer(pages: list[dict[str, Any]]) -> bytes:
    return json.dumps({"v": 1, "unit": "pt", "engine": 'e "words": [0]', "pages": pages}, ensure_ascii=False).encode(
        "utf-8", "replace"
    )


@given(st.lists(st.tuples(TEXTS, WORDS), max_size=6))
def test_texts_and_pages_are_those_of_the_whole_layer(made: list[tuple[str | None, list[Any]]]) -> None:
    pages = [{"number": n, "text": text, "width": 612.0, "words": words} for n, (text, words) in enumerate(made, 1)]
    data = layer(pages)
    whole = {page["number"]: page for page in json.loads(data)["pages"]}
    assert texts_in(data) == {number: page["text"] or "" for number, page in whole.items()}
    assert {number: page_in(data, number) for number in whole} == whole
    assert page_in(data, len(made) + 1) is None


def test_a_layer_of_another_form_is_parsed_whole() -> None:
    data = layer([{"number": 1, "text": "one"}, {"number": 2, "text": "two", "words": [[0, 3, None, "odd"]]}])
    assert texts_in(data) == {1: "one", 2: "two"}
    assert page_in(data, 2) == {"number": 2, "text": "two", "words": [[0, 3, None, "odd"]]}


def test_the_places_of_words_cost_next_to_nothing() -> None:
    word = [1200, 1207, [101.5, 203.25, 140.75, 214.0], 0.93]
    data = layer([{"number": n, "text": "typed words " * 400, "words": [word] * 800} for n in range(1, 51)])

    def seconds(does: Any) -> float:
        began = time.process_time()
        does()
        return time.process_time() - began

    whole = min(seconds(lambda: json.loads(data)) for _ in range(3))
    texts = min(seconds(lambda: texts_in(data)) for _ in range(3))
    assert texts < whole / 2
