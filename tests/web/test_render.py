"""Words for numbers; every expected value is worked out by hand beside it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.web.render import (
    apart_words,
    breakable,
    days_words,
    factor,
    fault_words,
    field_label,
    marked,
    share,
    short_quote,
    size_words,
    telephone,
    times_likelier,
)


def test_a_bayes_factor_is_said_as_times() -> None:
    expected = "100 times more likely to look like this if one offender did both"
    assert times_likelier(2.0) == expected  # 10 ** 2
    assert times_likelier(-0.30103).startswith("2.0 times less likely")  # 10 ** 0.30103 = 2
    assert (factor(1.0), factor(-1.0), factor(0.0)) == ("×10", "÷10", "×1.0")


@pytest.mark.parametrize(("value", "said"), [(0.5, "50%"), (0.013, "1.3%"), (0.002, "1 in 500"), (0.0, "0")])
def test_a_probability_is_said_as_share(value: float, said: str) -> None:
    assert share(value) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (16.5, "days", "about 16 days apart"),
        (3652.5, "days", "about 10 years apart"),  # 365.25 days a year
        (1.2, "years", "about 1 year apart"),
        (0.4, "years", "less than 1 year apart"),
        (27.4, "km", "about 27 km apart"),
    ],
)
def test_a_distance_is_said_with_its_unit(value: float, unit: str, said: str) -> None:
    assert apart_words({"value": value, "unit": unit}) == said


def test_codes_have_no_distance() -> None:
    assert apart_words(None) is None


def test_matched_words_are_told_apart():
    hit = {"snippet": "a b c", "marks": [[2, 3]]}
    assert marked(hit) == [(False, "a "), (True, "b"), (False, " c")]
    assert marked({"snippet": "b", "marks": [[0, 1]]}) == [(True, "b")]


def test_sizes_are_said_in_the_unit_that_fits() -> None:
    assert [size_words(n) for n in (12, 2048, 3 * 1024**2)] == ["12 bytes", "2 KB", "3.0 MB"]


def test_fields_have_labels_and_unknown_ones_their_own_name() -> None:
    assert [field_label(n) for n in ("victim.age", "weapon", "offender.hat", "hat")] == [
        *("Age", "Weapon or means", "hat", "hat")
    ]


@pytest.mark.parametrize(("first", "last", "shown"), [
    ("1984-07-03", "1984-07-09", "3 to 9 July 1984"),
    ("1987-09", "1987-11", "September to November 1987"),
    ("1987-09", None, "September 1987"),
    ("1987-09-01", "1987-09-01", "1 September 1987"),
    (date(1984, 7, 3), date(1984, 7, 9), "3 to 9 July 1984"),
    (None, "1987", "? to 1987"),
    (None, None, "?"),
])  # fmt: skip
def test_a_span_of_days_is_said_in_words(first: object, last: object, shown: str) -> None:
    assert days_words(first, last) == shown


def test_a_long_code_may_break_behind_a_slash_and_stays_text() -> None:
    assert str(breakable("Highway/Road")) == "Highway/<wbr>Road"
    assert str(breakable("<b>/</b>")) == "&lt;b&gt;/<wbr>&lt;/<wbr>b&gt;"


@given(st.text(alphabet="ab c", max_size=900), st.text(alphabet="abc", min_size=1, max_size=8))
def test_a_cut_quote_is_a_piece_of_the_quote_with_the_words_in_it(text: str, around: str) -> None:
    short = short_quote(text, around)
    piece = short.removeprefix("… ").removesuffix(" …")
    assert piece in text
    assert len(piece) <= 240
    assert short == text or len(text) > 240
    assert (around in piece) or around not in text or " " not in text


def test_a_long_quote_is_cut_around_the_words_that_it_is_shown_for() -> None:
    text = "LETTERHEAD " * 60 + "Walter Rusk heard three shots " + "and so on " * 60
    assert "Walter Rusk heard three shots" in short_quote(text, "walter rusk")
    assert short_quote(text).startswith("LETTERHEAD")
    assert short_quote("short", "x") == "short"


def test_why_a_file_could_not_be_read_is_a_sentence() -> None:
    problem = "tape 3.pdf: got a damaged PDF (no end), want a PDF that opens. Get an unlocked or whole copy."
    assert fault_words(problem, "tape 3.pdf") == "It is a damaged PDF (no end). Wanted: a PDF that opens."
    assert fault_words("the reader crashed", "tape 3.pdf") == "the reader crashed"
    assert fault_words(None) == ""


def test_ten_digits_are_written_as_a_telephone_number() -> None:
    assert [telephone(text) for text in ("2135550147", "555-0147", "21355501470")] == [
        "213-555-0147",
        "555-0147",
        "21355501470",
    ]
