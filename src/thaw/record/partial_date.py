"""A date as far as it is known: an interval of days with a precision, and the words it came from.

"Late summer 1984" stays that. A date with only a year is the interval of that year, never a guess of 1 January.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from thaw.errors import InputError

_PRECISIONS = ("day", "month", "season", "year", "decade", "interval")
# Not those of the module `calendar`, which follow the language of the machine.
_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTHS = {name.lower(): i for i, name in enumerate(_NAMES, start=1)}
_MONTHS |= {name[:3].lower(): i for i, name in enumerate(_NAMES, start=1)} | {"sept": 9}
# Each season covers the meteorological and the astronomical reading, since a witness does not say which.
_SEASONS = {
    "spring": ((3, 1), (6, 20)),
    "summer": ((6, 1), (9, 22)),
    "autumn": ((9, 1), (12, 21)),
    "fall": ((9, 1), (12, 21)),
}
_PARTS = {"early": (0, 1), "mid": (1, 2), "late": (2, 3)}
_WANT = "a date such as 1984, 1984-07, 1984-07-03, 1984-07-03..1984-07-09, July 1984, late summer 1984 or 1980s"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """Days `first` to `last`, both included; `precision` says how the interval came about; `words` as recorded."""

    first: date
    last: date
    precision: str
    words: str | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(
                where="date",
                got=f"{self.first.isoformat()} to {self.last.isoformat()}",
                want="an interval whose end is not before its start",
                fix="Swap the two dates or correct one of them.",
            )
        if self.precision not in _PRECISIONS:
            raise InputError(
                where="date precision",
                got=repr(self.precision),
                want="one of " + ", ".join(_PRECISIONS),
                fix="Use the precision that the source supports.",
            )
        first, last = self.first.timetuple()[:3], self.last.timetuple()[:3]
        shared = {"day": 3, "month": 2, "year": 1}.get(self.precision, 0)
        if first[:shared] != last[:shared]:
            raise InputError(
                where="date precision",
                got=f"{self.precision!r} for {self.first.isoformat()} to {self.last.isoformat()}",
                want=f"an interval within one {self.precision}",
                fix="Use the precision that the source supports.",
            )

    @classmethod
    def of_month(cls, year: int, month: int, words: str | None = None) -> PartialDate:
        """The interval of one calendar month. Raises ValueError outside years 1-9999 and months 1-12."""
        last = calendar.monthrange(year, month)[1]
        return cls(date(year, month, 1), date(year, month, last), "month", words)

    @classmethod
    def of_year(cls, year: int, words: str | None = None) -> PartialDate:
        """The interval of one calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31), "year", words)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ISO dates, ISO intervals and a small set of plain words; the words are kept when they say more.

        Raises InputError for anything else: a date is never guessed. The grammar of police paper lives in intake.
        """
        words = text.strip()
        try:
            found = _iso(words) or _interval(words) or _plain(words.lower())
        except ValueError:
            found = None
        if found is None:
            raise InputError(where="date", got=repr(text), want=_WANT, fix="Write the date in one of these ways.")
        first, last, precision = found
        return cls(first, last, precision, None if _iso(words) else words)

    @classmethod
    def from_json(cls, data: Any) -> PartialDate:
        """Read `{"from","to","precision"?,"words"?}` or a text that `parse` understands."""
        if isinstance(data, str):
            return cls.parse(data)
        if not isinstance(data, dict) or not isinstance(data.get("from"), str):
            raise InputError(
                where="date", got=repr(data), want='{"from": "YYYY-MM-DD", "to": "YYYY-MM-DD"} or a text', fix=_FIX
            )
        for key in ("to", "precision", "words"):
            if not isinstance(data.get(key), str | None):
                raise InputError(where=f"date, {key}", got=repr(data[key]), want="a text", fix="Put it between quotes.")
        start = cls.parse(data["from"])
        end = cls.parse(data["to"]) if data.get("to") else start
        precision = data.get("precision") or _precision_of(start.first, end.last)
        return cls(start.first, end.last, precision, data.get("words"))

    def to_json(self) -> dict[str, str]:
        """`{"from","to","precision"}` in ISO form, with `words` where they were kept."""
        result = {"from": self.first.isoformat(), "to": self.last.isoformat(), "precision": self.precision}
        if self.words is not None:
            result["words"] = self.words
        return result

    def in_words(self) -> str:
        """How a reader sees it: the recorded words, or the interval as precisely as it is known."""
        if self.words and not _only_iso(self.words):
            return self.words
        return _span_in_words(self.first, self.last)


_FIX = "Give at least the first day as YYYY-MM-DD; `to` may be left out."
_Span = tuple[date, date, str]


# A notation for programs, not words of a source: a person reads "11 to 12 July 1985".
_only_iso = re.compile(r"\s*\d{4}(-\d\d){0,2}(\s*(\.\.|/| to )\s*\d{4}(-\d\d){0,2})?\s*", re.ASCII).fullmatch


def _span_in_words(first: date, last: date) -> str:
    """Days, whole months or whole years, whichever says the interval; what both ends share is said once."""
    ends: list[tuple[str, ...]]
    if (first.month, first.day) == (1, 1) and (last.month, last.day) == (12, 31):
        ends = [(str(day.year),) for day in (first, last)]
    elif first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        ends = [(_NAMES[day.month - 1], str(day.year)) for day in (first, last)]
    else:
        ends = [(str(day.day), _NAMES[day.month - 1], str(day.year)) for day in (first, last)]
    if ends[0] == ends[1]:
        return " ".join(ends[0])
    left = list(ends[0])
    for mine, other in zip(reversed(ends[0]), reversed(ends[1]), strict=True):
        if mine != other:
            break
        left.pop()
    return f"{' '.join(left)} to {' '.join(ends[1])}"


def _precision_of(first: date, last: date) -> str:
    if first == last:
        return "day"
    if first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        if (first.year, first.month) == (last.year, last.month):
            return "month"
        if first.year == last.year and first.month == 1 and last.month == 12:
            return "year"
    return "interval"


def _iso(text: str) -> _Span | None:
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    if not found:
        return None
    year, month, day = found.groups()
    if day:
        exact = date(int(year), int(month), int(day))
        return exact, exact, "day"
    span = PartialDate.of_month(int(year), int(month)) if month else PartialDate.of_year(int(year))
    return span.first, span.last, span.precision


def _interval(text: str) -> _Span | None:
    for separator in ("..", "/", " to "):
        left, found, right = text.partition(separator)
        if found:
            start, end = _iso(left.strip()), _iso(right.strip())
            if start and end:
                return start[0], end[1], "interval"
    return None


def _plain(text: str) -> _Span | None:
    text = re.sub(r"[,\s]+", " ", text.replace("mid-", "mid ")).strip()
    # "the" and "in" are no words of their own here: "late in the 1980s" is "late 1980s".
    text = re.sub(r"\b(?:in|the|of) ", "", text)
    found = re.fullmatch(r"(?:(early|mid|late) )?(?:([a-z]+) )?([0-9]{4})(s?)", text)
    if not found:
        return None
    part, word, year_text, plural = found.groups()
    year = int(year_text)
    if plural:
        return _decade(part, year) if word is None and year % 10 == 0 else None
    if word is None:
        first, last = date(year, 1, 1), date(year, 12, 31)
        return _third(first, last, part) if part else (first, last, "year")
    if word in _MONTHS:
        month = PartialDate.of_month(year, _MONTHS[word])
        return _third(month.first, month.last, part) if part else (month.first, month.last, "month")
    if word == "winter":
        # "Winter 1984" may begin or end in that year; the interval covers both readings.
        return date(year - 1, 12, 1), date(year + 1, 3, 20), "season"
    if word not in _SEASONS:
        return None
    (m1, d1), (m2, d2) = _SEASONS[word]
    first, last = date(year, m1, d1), date(year, m2, d2)
    return (*_third(first, last, part)[:2], "season") if part else (first, last, "season")


def _decade(part: str | None, year: int) -> _Span:
    # "The 1900s" may be ten years or a hundred; the interval covers both readings.
    century = year % 100 == 0
    first, last = date(year, 1, 1), date(year + (99 if century else 9), 12, 31)
    return _third(first, last, part) if part else (first, last, "interval" if century else "decade")


def _third(first: date, last: date, part: str) -> _Span:
    low, high = _PARTS[part]
    days = (last - first).days + 1
    return first + timedelta(days * low // 3), first + timedelta(days * high // 3 - 1), "interval"
