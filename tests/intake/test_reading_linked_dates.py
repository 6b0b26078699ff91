"""Dates that count from another day of the text, days of the month, holidays, and forms of logs and machines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.intake import read_mentions
from thaw.intake.reading import Reading
from thaw.intake.reading.holidays import easter, holiday, nth_weekday
from thaw.intake.reading.steps import stepped
from thaw.record import PartialDate

WRITTEN = "1984-03-20"  # a Tuesday


def normals(text: str, kind: str = "date", written: str | None = WRITTEN) -> list[str]:
    reading = Reading(PartialDate.parse(written)) if written else None
    return [m.normal for m in read_mentions(text, reading) if m.kind == kind]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was the Friday before Memorial Day.", "1983-05-27"),
        ("It was the Saturday after Thanksgiving 1983.", "1983-11-26"),
        ("He left the week before Christmas.", "1983-12-18/1983-12-24"),
        ("He left two days after Christmas.", "1983-12-27"),
        ("He was seen the day before yesterday.", "1984-03-18"),
        ("They marched on the first Monday of May 1983.", "1983-05-02"),
        ("They met on the last Friday in February.", "1984-02-24"),
        ("He came the first week of March.", "1984-03-01/1984-03-07"),
        ("He came the last week of August 1983.", "1983-08-25/1983-08-31"),
        ("the weekend before Halloween", "1983-10-29/1983-10-30"),
        ("the third quarter of 1983", "1983-07-01/1983-09-30"),
        ("the first half of 1983", "1983-01-01/1983-06-30"),
        ("He came Tuesday of last week.", "1984-03-13"),
        ("in June of last year", "1983-06"),
        ("the 15th of last month", "1984-02-15"),
        ("He came a week ago Tuesday.", "1984-03-13"),
        ("The trial opens a week from Friday.", "1984-03-30"),
        ("found two years ago this fall", "1982-09-01/1982-12-21"),
    ],
)
def test_words_before_a_date_make_one_date_of_both(text: str, found: str) -> None:
    assert normals(text) == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He died on March 11, 1984. She had seen him the evening before.", "1984-03-11 1984-03-10"),
        ("He died on March 11, 1984. The next morning the car was gone.", "1984-03-11 1984-03-12"),
        ("He died on March 11, 1984. The following day it was found.", "1984-03-11 1984-03-12"),
        ("He was shot on March 11, 1984, and died two days later.", "1984-03-11 1984-03-13"),
        ("He was shot on March 11, 1984. The following Friday she left.", "1984-03-11 1984-03-16"),
        ("She vanished in 1979. Two years later the house burned.", "1979 1981"),
        ("She vanished in 1979 and the following year he moved.", "1979 1980"),
        ("He died in 1979. That summer she moved.", "1979 1979-06-01/1979-09-22"),
        ("He died on June 5, 1979. She left that same week.", "1979-06-05 1979-06-03/1979-06-09"),
        ("He died on June 5, 1979. A month later she left.", "1979-06-05 1979-07"),
    ],
)
def test_words_alone_count_from_the_day_told_last(text: str, found: str) -> None:
    assert " ".join(normals(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "The next morning the car was gone.",
        "Two years later the house burned.",
        "the night before the trial",
        "two days after the murder",
        "that night shift of ours",
        "the next week's paper",
    ],
)
def test_what_counts_from_a_day_that_nobody_tells_is_no_date(text: str) -> None:
    assert normals(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He rented it on the 14th and returned it the 16th.", "1984-03-14 1984-03-16"),
        ("It happened the night of the 14th/15th.", "1984-03-14/1984-03-15"),
        ("The truck was gone from the 3rd to the 5th.", "1984-03-03/1984-03-05"),
        ("It was in the shop from the 3rd through the 5th of March.", "1984-03-03/1984-03-05"),
        ("He called Friday, May 27, 1983. So, what, the 27th.", "1983-05-27 1983-05-27"),
        ("Yours of the 28th ult. is at hand.", "1984-02-28"),
        ("It was on the fifteenth, he said.", "1984-03-15"),
    ],
)
def test_a_day_of_the_month_belongs_to_the_month_spoken_of(text: str, found: str) -> None:
    assert " ".join(normals(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "the 3rd and 4th graders sang",
        "the corner of the 5th and Main",
        "on the 1st, 2nd and 3rd floors",
        "on the second he left",
        "She finished in the 5th.",
        "by the fourth shot",
        "the 14th Amendment",
        "Case No. 1979-81 was closed.",
        "He wore a 32/34 pant",
        "since '66 Ford has built them",
        "they march 6 miles",
        "a Colt May 45 times",
        "Sgt. Friday spoke",
        "He lives at 14 March Street",
    ],
)
def test_other_ordinals_and_figures_are_no_days(text: str) -> None:
    assert normals(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Date/time occurred: 03-11-84 2115", "1984-03-11"),
        ("Occ: 3-11-84/2115 hrs", "1984-03-11"),
        ("1984-03-11/1984-03-14", "1984-03-11/1984-03-14"),
        ("stamp 1984-03-11T21:15:00Z", "1984-03-11"),
        ("filed 1984/03/11", "1984-03-11"),
        ("112115MAR84", "1984-03-11"),
        ("Mar-11-1984", "1984-03-11"),
        ("DOB 06301947", "1947-06-30"),
        ("3/11-3/12/84", "1984-03-11/1984-03-12"),
        ("3/11/84 - 3/14/84", "1984-03-11/1984-03-14"),
        ("from 2300 hrs 3/11/84 to 0700 hrs 3/12/84", "1984-03-11/1984-03-12"),
        ("on the night of 14/15 March 1984", "1984-03-14/1984-03-15"),
        ("the night of March 14/15, 1984", "1984-03-14/1984-03-15"),
        ("11-12 March 1984", "1984-03-11/1984-03-12"),
        ("March 11th through the 14th", "1984-03-11/1984-03-14"),
        ("on March eleventh", "1984-03-11"),
        ("arrested Sept 79", "1979-09"),
        ("in late '79", "1979-09-01/1979-12-31"),
        ("during 1982-83", "1982-01-01/1983-12-31"),
        ("in Q3 1983", "1983-07-01/1983-09-30"),
        ("in fiscal 1983", "1982-07-01/1983-09-30"),
        ("two summers ago", "1982-06-01/1982-09-22"),
        ("two Fridays ago", "1984-03-09"),
        ("a fortnight ago", "1984-03-03/1984-03-09"),
        ("ten or twelve years ago", "1972-01-01/1974-12-31"),
        ("the summer before last", "1982-06-01/1982-09-22"),
        ("the week before last", "1984-03-04/1984-03-10"),
        ("over the weekend", "1984-03-17/1984-03-18"),
        ("He came in mid-July", "1983-07-11/1983-07-20"),
        ("He came Thursday last with a truck.", "1984-03-15"),
    ],
)
def test_dates_of_logs_machines_and_talk_are_read(text: str, found: str) -> None:
    assert normals(text) == [found]


def test_a_day_with_its_hour_is_no_telephone() -> None:
    assert normals("Date/time occurred: 03-11-84 2115", "phone") == []
    (found,) = [m for m in read_mentions("Date/time occurred: 03-11-84 2115") if m.kind == "date"]
    assert found.part("time") == "21:15"


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        # Calendars of the years: the Uniform Monday Holiday Act moved four of them in 1971.
        ("memorial day", 1970, (5, 30)),
        ("memorial day", 1971, (5, 31)),
        ("veterans day", 1975, (10, 27)),
        ("veterans day", 1978, (11, 11)),
        ("columbus day", 1970, (10, 12)),
        ("columbus day", 1983, (10, 10)),
        ("washington's birthday", 1985, (2, 18)),
        ("election day", 1984, (11, 6)),
        ("thanksgiving", 1983, (11, 24)),
        ("mother's day", 1984, (5, 13)),
        ("good friday", 1984, (4, 20)),
        ("mardi gras", 1984, (3, 6)),
    ],
)
def test_holidays_are_those_of_their_year(name: str, year: int, day: tuple[int, int]) -> None:
    assert holiday(name, year) == date(year, *day)


@pytest.mark.parametrize(
    "exact", [(1961, 4, 2), (1954, 4, 18), (1979, 4, 15), (2000, 4, 23), (2008, 3, 23), (2038, 4, 25), (1818, 3, 22)]
)
def test_easter_is_that_of_the_almanac(exact: tuple[int, int, int]) -> None:
    assert easter(exact[0]) == date(*exact)


@given(st.integers(1583, 4000))
def test_easter_is_a_sunday_of_march_or_april(year: int) -> None:
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


@given(st.integers(1, 9998), st.integers(1, 12), st.integers(0, 6), st.sampled_from([1, 2, 3, 4, -1]))
def test_the_nth_weekday_lies_in_its_month(year: int, month: int, weekday: int, which: int) -> None:
    found = nth_weekday(year, month, weekday, which)
    assert (found.year, found.month, found.weekday()) == (year, month, weekday)
    assert which < 0 or (found.day - 1) // 7 == which - 1
    assert which > 0 or (found + timedelta(7)).month != month


@given(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["day", "week", "weekend", "month", "year", "summer", "winter", "friday"]),
    st.integers(1, 30),
)
def test_what_lies_before_is_before_and_what_lies_after_is_after(day: date, unit: str, number: int) -> None:
    anchor = PartialDate(day, day, "day")
    back, on = (stepped(anchor, unit, (number, number), sign) for sign in (-1, 1))
    assert back is not None
    assert on is not None
    assert back.first < day < on.last


_WORDS = """
the first|the last|the next|the previous|that same|two|999|a few|several|ten or twelve|week|weeks|month|months|years
decade|days|night of|the 31st|the 29th/30th|on the 5th|Friday|the Friday|weekend|before|after|earlier|later|ago|back
of|in|from|to|until|and|-|/|,|.|1600|1984|'84|99|2/29|02-30-84|2/29/83|1999-13-45|2099-12-31|1600-01-01|31 Feb 84|Feb 29
10-10-0061|29 February 1900|Easter|Mardi Gras 1600|Memorial Day|Christmas|Q4 2099|fiscal 1984
the winter of 1983-84|mid-July
yesterday|this date|last year|next century|summer|two summers ago|before last|the third quarter of|the end of|late in
2115|2115 hrs|9:15pm|T21:15:00Z|301234FEB84|DOB|born|on or about|the weekend of|weekend|Posted:
"""
PIECES = st.sampled_from(
    [*(word for line in _WORDS.split("\n") for word in line.split("|") if word), "\n", "\n\n", "\f"]
)


@given(st.lists(PIECES, max_size=14), st.sampled_from([None, "1600-01-01", "1984-02-29", "2099-12-31"]))
def test_no_words_about_days_upset_the_reading(pieces: list[str], written: str | None) -> None:
    text = " ".join(pieces)
    for mention in read_mentions(text, Reading(PartialDate.parse(written)) if written else None):
        assert text[mention.start : mention.end] == mention.text
        assert mention.date is None or mention.date.first <= mention.date.last


def test_a_year_before_paper_is_none() -> None:
    # As the day of the document it would make of "Feb 84" a year before the first.
    assert [m.normal for m in read_mentions("10-10-0061\n\nSeen in Feb 84 at the bar.") if m.kind == "date"] == [
        "1984-02"
    ]


def test_days_before_the_calendar_are_no_dates() -> None:
    text = "It was in 1984. " + "999 years earlier it was so. " * 3 + "999 months earlier too. 999 weeks earlier too."
    assert normals(text)[:2] == ["1984", "985"] or normals(text)[:2] == ["1984", "0985"]
