from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.errors import InputError
from thaw.record import PartialDate

WANT = "a date such as 1984, 1984-07, 1984-07-03, 1984-07-03..1984-07-09, July 1984, late summer 1984 or 1980s"
DAYS = st.dates(min_value=date(1, 1, 1))
SPANS = st.tuples(DAYS, DAYS).map(sorted)
WORDS = st.builds(
    lambda part, of, word, year: " ".join(filter(None, (part, of, word, year))),
    st.sampled_from(["", "early", "mid", "late", "in", "in the", "mid-", "early in"]),
    st.sampled_from(["", "the", "of"]),
    st.sampled_from(["", "July", "feb", "summer of", "winter", "Autumn", "fall", "yesterday", "May,"]),
    st.one_of(st.integers(0, 9999).map(lambda y: f"{y:04}"), st.sampled_from(["1980s", "1985s", "9990s", "0000s", ""])),
)


# Each expectation is read off a calendar by hand; seasons are the union of the meteorological and astronomical ones.
@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("1984", "1984-01-01", "1984-12-31", "year"),
        ("1984-02", "1984-02-01", "1984-02-29", "month"),
        ("1985-02", "1985-02-01", "1985-02-28", "month"),
        ("1984-07-03", "1984-07-03", "1984-07-03", "day"),
        ("1984-07-03..1984-07-09", "1984-07-03", "1984-07-09", "interval"),
        ("1984-07-03/1984-07-09", "1984-07-03", "1984-07-09", "interval"),
        ("1984-12 to 1985-02", "1984-12-01", "1985-02-28", "interval"),
        ("1985..1989", "1985-01-01", "1989-12-31", "interval"),
        ("July 1984", "1984-07-01", "1984-07-31", "month"),
        ("Sept 1984", "1984-09-01", "1984-09-30", "month"),
        ("in July, 1984", "1984-07-01", "1984-07-31", "month"),
        ("in 1984", "1984-01-01", "1984-12-31", "year"),
        ("summer 1984", "1984-06-01", "1984-09-22", "season"),
        ("the fall of 1984", "1984-09-01", "1984-12-21", "season"),
        ("winter 1984", "1983-12-01", "1985-03-20", "season"),
        ("late winter 1984", "1983-12-01", "1985-03-20", "season"),
        ("1980s", "1980-01-01", "1989-12-31", "decade"),
        ("in the 1980s", "1980-01-01", "1989-12-31", "decade"),
        ("early 1984", "1984-01-01", "1984-05-01", "interval"),  # 366 days: a third is 122
        ("mid-June 1984", "1984-06-11", "1984-06-20", "interval"),
        ("late June 1984", "1984-06-21", "1984-06-30", "interval"),
        ("the 1900s", "1900-01-01", "1999-12-31", "interval"),
    ],
)
def test_a_date_is_the_interval_that_its_words_cover(text, first, last, precision):
    found = PartialDate.parse(text)
    assert (found.first.isoformat(), found.last.isoformat(), found.precision) == (first, last, precision)


def test_late_summer_1984_stays_that():
    found = PartialDate.parse("late summer 1984")
    # 1 June to 22 September are 114 days; the last third begins 76 days after 1 June
    assert (found.first, found.last, found.precision) == (date(1984, 8, 16), date(1984, 9, 22), "season")
    assert found.words == found.in_words() == "late summer 1984"
    assert PartialDate.from_json(found.to_json()) == found


@pytest.mark.parametrize("text", ["1984", "1984-07", "1984-07-03"])
def test_an_iso_date_keeps_no_words_since_they_would_say_nothing_more(text):
    assert PartialDate.parse(text).words is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "1984-13",
        "1984-02-30",
        "84",
        "12/7/1984",
        "2 weeks ago",
        "1985s",
        "summer 1980s",
        "0000",
        "٤١٩٨",
        "smarch 1984",
        "before 1984",
        "circa 1984",
        "1984?",
        "1984-07-03..",
        "winter 9999",
        "July",
        "late",
    ],
)
def test_what_is_not_understood_is_refused_and_never_guessed(text):
    with pytest.raises(InputError) as error:
        PartialDate.parse(text)
    assert str(error.value) == f"date: got {text!r}, want {WANT}. Write the date in one of these ways."


def test_an_interval_that_ends_before_it_starts_is_refused():
    with pytest.raises(InputError) as error:
        PartialDate.parse("1985..1984")
    assert str(error.value) == (
        "date: got 1985-01-01 to 1984-12-31, want an interval whose end is not before its start. "
        "Swap the two dates or correct one of them."
    )


def test_an_unknown_precision_is_refused():
    with pytest.raises(InputError) as error:
        PartialDate(date(1984, 1, 1), date(1984, 1, 1), "minute")
    assert str(error.value) == (
        "date precision: got 'minute', want one of day, month, season, year, decade, interval. "
        "Use the precision that the source supports."
    )


@pytest.mark.parametrize(
    ("precision", "last"), [("day", "1984-07-02"), ("month", "1984-08-01"), ("year", "1985-01-01")]
)
def test_a_precision_finer_than_the_interval_is_refused_since_it_would_be_a_guess(precision, last):
    with pytest.raises(InputError) as error:
        PartialDate(date(1984, 7, 1), date.fromisoformat(last), precision)
    assert str(error.value) == (
        f"date precision: got '{precision}' for 1984-07-01 to {last}, want an interval within one {precision}. "
        "Use the precision that the source supports."
    )


@given(SPANS)
def test_every_interval_comes_back_from_its_json_form(span):
    found = PartialDate.from_json({"from": span[0].isoformat(), "to": span[1].isoformat()})
    assert (found.first, found.last) == tuple(span)
    assert PartialDate.from_json(found.to_json()) == found


@given(WORDS)
def test_words_give_an_interval_in_order_that_survives_json_or_are_refused(text):
    try:
        found = PartialDate.parse(text)
    except InputError:
        return
    assert found.first <= found.last
    assert PartialDate.from_json(found.to_json()) == found


@given(st.text(max_size=30))
def test_no_text_makes_the_parser_crash(text):
    with suppress(InputError):
        assert PartialDate.parse(text).first.year >= 1


@pytest.mark.parametrize(("first", "last", "precision"), [
    ("1984-07-03", "1984-07-03", "day"),
    ("1984-07-01", "1984-07-31", "month"),
    ("1984-01-01", "1984-12-31", "year"),
    ("1984-01-01", "1985-12-31", "interval"),
    ("1984-07-01", "1984-08-31", "interval"),
    ("9999-12-01", "9999-12-31", "month"),
])  # fmt: skip
def test_the_precision_of_two_days_is_found_where_it_is_not_given(first, last, precision):
    assert PartialDate.from_json({"from": first, "to": last}).precision == precision


def test_an_end_that_is_left_out_is_the_end_of_the_start():
    assert PartialDate.from_json({"from": "1984-07"}) == PartialDate.of_month(1984, 7)
    assert PartialDate.from_json("1984") == PartialDate.of_year(1984)


@pytest.mark.parametrize("data", [5, None, [], {}, {"from": 1984}, {"to": "1984"}])
def test_json_of_another_form_is_refused(data):
    with pytest.raises(InputError) as error:
        PartialDate.from_json(data)
    assert str(error.value) == (
        f'date: got {data!r}, want {{"from": "YYYY-MM-DD", "to": "YYYY-MM-DD"}} or a text. '
        "Give at least the first day as YYYY-MM-DD; `to` may be left out."
    )


@pytest.mark.parametrize("key", ["to", "precision", "words"])
def test_json_with_a_number_for_a_text_is_refused(key):
    with pytest.raises(InputError) as error:
        PartialDate.from_json({"from": "1984-07-03", key: 5})
    assert str(error.value) == f"date, {key}: got 5, want a text. Put it between quotes."


@pytest.mark.parametrize(("text", "shown"), [
    ("1984-07-03", "3 July 1984"),
    ("1984-07", "July 1984"),
    ("1984", "1984"),
    ("late summer 1984", "late summer 1984"),
])  # fmt: skip
def test_a_reader_sees_the_date_as_precisely_as_it_is_known(text, shown):
    assert PartialDate.parse(text).in_words() == shown


@pytest.mark.parametrize(("first", "last", "shown"), [
    ("1984-07-03", "1984-07-09", "3 to 9 July 1984"),
    ("1984-07-31", "1984-08-02", "31 July to 2 August 1984"),
    ("1984-12-30", "1985-01-02", "30 December 1984 to 2 January 1985"),
    ("1984-07-03", "1985-07-03", "3 July 1984 to 3 July 1985"),
    ("1984-07-01", "1984-09-30", "July to September 1984"),
    ("1984-11-01", "1985-02-28", "November 1984 to February 1985"),
    ("1984-07-01", "1984-07-31", "July 1984"),
    ("1984-01-01", "1984-12-31", "1984"),
    ("1980-01-01", "1989-12-31", "1980 to 1989"),
    ("1984-07-03", "1984-07-03", "3 July 1984"),
])  # fmt: skip
def test_an_interval_without_words_says_what_both_ends_share_once(first, last, shown):
    found = PartialDate(date.fromisoformat(first), date.fromisoformat(last), "interval")
    assert found.in_words() == shown


@pytest.mark.parametrize("typed", ["1984-07-03 to 1984-07-09", "1984-07-03..1984-07-09", "1984-07-03/1984-07-09"])
def test_a_notation_for_programs_is_not_shown_as_the_words_of_a_source(typed):
    found = PartialDate.parse(typed)
    assert (found.words, found.in_words()) == (typed, "3 to 9 July 1984")


def test_month_names_do_not_follow_the_language_of_the_machine(monkeypatch):
    monkeypatch.setattr("calendar.month_name", ["", *"abcdefghijkl"])
    assert PartialDate.of_month(1984, 5).in_words() == "May 1984"


def test_months_and_years_outside_the_calendar_are_an_error():
    with pytest.raises(ValueError, match="month"):
        PartialDate.of_month(1984, 13)
