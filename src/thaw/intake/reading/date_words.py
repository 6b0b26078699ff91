"""Months, weekdays, seasons and number words, and the century of a year with two digits."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from thaw.record import PartialDate

MONTHS = {
    name: i
    for i, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: i
    for i, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday weds wed",
            "thursday thurs thur thu",
            "friday fri",
            "saturday sat",
            "sunday sun",
        ),
    )
    for name in names.split()
}
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\b\.?|July?\b\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
WEEKDAY = (
    r"(?:Mon(?:day|\b\.?)|Tue(?:s(?:day)?)?\b\.?|Wed(?:nesday|s)?\b\.?|Thu(?:r(?:s(?:day)?)?)?\b\.?|Fri(?:day|\b\.?)"
    r"|Sat(?:urday|\b\.?)|Sun(?:day|\b\.?))"
)
WEEKDAY_LONG = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
SEASON = r"(?:spring|summer|autumn|fall|winter)"
YEAR = r"(?:1[89]\d\d|20\d\d)"
NUMBERS = {
    word: i
    for i, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ONES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = ("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth")
ORDINALS = [*_ONES, "tenth", *_TEENS, "nineteenth", "twentieth", *(f"twenty-{one}" for one in _ONES)]
ORDINALS += ["thirtieth", "thirty-first"]
# Both readings of a season, as `PartialDate` has them.
_SEASON_DAYS = {
    "spring": ((3, 1), (6, 20)),
    "summer": ((6, 1), (9, 22)),
    "autumn": ((9, 1), (12, 21)),
    "fall": ((9, 1), (12, 21)),
}


def month_of(word: str) -> int:
    """Number of a month by its name or short form."""
    return MONTHS[word.lower().rstrip(".")]


def weekday_of(word: str) -> int:
    """Number of a weekday, Monday is 0."""
    return WEEKDAYS[word.lower().rstrip(".")]


def season(name: str, year: int) -> PartialDate:
    """The season that begins in a year; a winter runs into the next one."""
    if name == "winter":
        return PartialDate(date(year, 12, 1), date(year + 1, 3, 20), "season")
    (m1, d1), (m2, d2) = _SEASON_DAYS[name]
    return PartialDate(date(year, m1, d1), date(year, m2, d2), "season")


def day(year: int, month: int, number: int) -> PartialDate | None:
    """One day, or None when the calendar has no such day, or the year is none that papers have ("10-10-0061")."""
    if not (1 <= month <= 12 and 1000 <= year <= 9999 and 1 <= number <= calendar.monthrange(year, month)[1]):
        return None
    exact = date(year, month, number)
    return PartialDate(exact, exact, "day")


def whole_year(two_digits: int, *, latest: date | None, century_from: int) -> int:
    """The year that two digits mean: the last one not after `latest`; without it, in 100 years from `century_from`."""
    if latest is None:
        first = century_from
        return first + (two_digits - first) % 100
    year = latest.year - latest.year % 100 + two_digits
    return year if year <= latest.year else year - 100


def part_of(span: PartialDate, part: str) -> PartialDate:
    """The early, mid or late third of an interval."""
    low, high = {"early": (0, 1), "mid": (1, 2), "middle": (1, 2), "late": (2, 3)}[part]
    days = (span.last - span.first).days + 1
    return PartialDate(
        span.first + timedelta(days * low // 3), span.first + timedelta(days * high // 3 - 1), "interval"
    )


def add_months(start: date, months: int) -> date:
    """The first day of the month that lies so many months on."""
    index = start.year * 12 + start.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_span(first: date) -> PartialDate:
    """The month that a day lies in."""
    return PartialDate.of_month(first.year, first.month)


def iso(span: PartialDate) -> str:
    """A day, month or year in ISO form, else `from/to`."""
    if span.precision == "day" and span.first == span.last:
        return span.first.isoformat()
    if span.precision == "month":
        return span.first.isoformat()[:7]
    if span.precision == "year":
        return span.first.isoformat()[:4]
    return f"{span.first.isoformat()}/{span.last.isoformat()}"
