from __future__ import annotations

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.errors import InputError
from thaw.search import parse_query


@pytest.mark.parametrize(("text", "parts"), [
    ("red canal", ("red", "canal")),
    ('"red canal" boat', ("red canal", "boat")),
    ("“red canal”", ("red canal",)),
    ("«red» „canal”", ("red", "canal")),
    ("red-canal, O'Brien", ("red", "canal", "O", "Brien")),
    ('one "" two', ("one", "two")),
    ('"*** red ***"', ("red",)),
    ("NEAR(a b) OR col:x -y ^z", ("NEAR", "a", "b", "OR", "col", "x", "y", "z")),
])  # fmt: skip
def test_a_search_is_words_and_phrases_that_must_all_be_there(text, parts):
    assert parse_query(text).parts == parts


def test_a_reader_sees_how_the_search_was_understood():
    assert parse_query('"red canal" boat').in_words() == 'texts with the phrase "red canal" and the word "boat"'


def test_no_part_can_be_an_operator_of_the_index():
    assert parse_query('a OR "b NEAR c"').fts() == '"a" AND "OR" AND "b NEAR c"'


@pytest.mark.parametrize(("text", "message"), [
    ("", "search: got '', want at least one word. Type a word, or a phrase between quotes."),
    (" *-+ ", "search: got ' *-+ ', want at least one word. Type a word, or a phrase between quotes."),
    ('""', "search: got '\"\"', want at least one word. Type a word, or a phrase between quotes."),
    ('a "b', "search: got a quote at character 3 that is not closed, want quotes in pairs. Close the quote."),
    ("a " * 1001, "search: got 2002 characters, want at most 2000. Search for fewer words."),
])  # fmt: skip
def test_a_search_that_cannot_be_understood_says_why(text, message):
    with pytest.raises(InputError) as error:
        parse_query(text)
    assert str(error.value) == message


@given(st.text(max_size=60) | st.text(alphabet='ab "“*:()^-+{}OR', max_size=30))
def test_any_text_gives_a_query_that_the_index_takes_or_a_message(text):
    db = apsw.Connection(":memory:")
    db.execute("CREATE VIRTUAL TABLE words USING fts5(body, tokenize='porter unicode61 remove_diacritics 2')")
    try:
        query = parse_query(text)
    except InputError as error:
        assert error.where == "search"  # noqa: PT017
        return
    db.execute("SELECT count(*) FROM words WHERE words MATCH ?", (query.fts(),)).fetchall()


@given(st.text(max_size=60))
def test_a_query_that_was_understood_is_understood_the_same_again(text):
    try:
        query = parse_query(text)
    except InputError:
        return
    again = parse_query(" ".join(f'"{part}"' for part in query.parts))
    assert again == query
    assert again.in_words() == query.in_words()


def test_the_longest_search_is_still_taken_by_the_index():
    db = apsw.Connection(":memory:")
    db.execute("CREATE VIRTUAL TABLE words USING fts5(body)")
    db.execute("INSERT INTO words VALUES (?)", (" ".join("abcdefghij"),))
    query = parse_query(" ".join("abcdefghij" * 100))
    assert db.execute("SELECT count(*) FROM words WHERE words MATCH ?", (query.fts(),)).get == 1
