"""When within a day: the times of day that a sentence gives for one of its dates, in minutes.

A time belongs to the date before it in the sentence, else to the one after it. "About" is half an hour each way, the
night of a day begins at 18:00 and ends at 06:00 of the next one: both are our reading, and drawn as bars, not as dots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .claims_account import Account

DAY = 24 * 60
_ABOUT_MINUTES = 30
_ABOUT = re.compile(
    r"\b(?:about|around|approx(?:imately|\.)?|circa|shortly (?:after|before)|roughly)\s*$", re.IGNORECASE
)
_JOINED = re.compile(r"\s*(?:hrs?\.?|hours)?\s*(?:-|–|—|to|and|until|till)\s*(?:about|around)?\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from)\s*(?:about|around)?\s*$", re.IGNORECASE)
# "between 2230 and 2300 hours": the first of the two does not say that it is a time.
_BARE_BEFORE = re.compile(
    r"\b(?:between|from)\s+(?:about\s+|approximately\s+)?([01]\d|2[0-3])([0-5]\d)\s*(?:and|to|until|-|–)\s*$",
    re.IGNORECASE,
)
_TO_DAWN = re.compile(r"\s*(?:hrs?\.?|hours)?\s*(?:and|to|until|till)\s*(?:dawn|daybreak|sunrise)\b", re.IGNORECASE)
_PART_BEFORE = re.compile(r"\b(morning|afternoon|evening|night)\s+of\s*\Z", re.IGNORECASE)
_PART_WITHIN = re.compile(r"\b(morning|afternoon|evening|night)\b", re.IGNORECASE)
_PART_AFTER = re.compile(r"\s*,?\s*(?:(?:in|during)\s+the\s+|at\s+)?(morning|afternoon|evening|night)\b", re.IGNORECASE)
# Minutes from the beginning of the day. The bounds are our reading: no source gives any.
_PARTS = {"morning": (300, 720), "afternoon": (720, 1080), "evening": (1080, 1440), "night": (1080, 1800)}
_FIGURES = re.compile(r"[ \t|,]+([01]\d|2[0-3])([0-5]\d)\b(?![-/.:]\d)")
_LEAST_LINES = 3
_DAWN = DAY + 360


@dataclass(frozen=True, slots=True)
class Hours:
    """A span within days: minutes after the beginning of `first` and of `last`; the same for an exact time."""

    first: date
    last: date
    begin: int
    end: int

    @classmethod
    def of(cls, day: date, begin: int, end: int) -> Hours | None:
        """A span of minutes counted from the beginning of `day`; None where the calendar ends."""
        first, from_minute = divmod(begin, DAY)
        last, to_minute = divmod(end, DAY)
        if to_minute == 0 and end > begin:  # the end of a day, not the beginning of the next
            last, to_minute = last - 1, DAY
        if day.toordinal() + first < 1 or day.toordinal() + last > date.max.toordinal():
            return None
        return cls(day + timedelta(first), day + timedelta(last), from_minute, to_minute)


def has_time_column(account: Account) -> bool:
    """Whether four figures behind a date are a time, as in a log, where most lines begin so: "03/11/84 2115"."""
    dates = [m for m in account.mentions if m.kind == "date" and m.date is not None]
    behind = sum(_FIGURES.match(account.text, m.end) is not None for m in dates)
    return behind >= _LEAST_LINES and behind * 2 > len(dates)


def hours_of(account: Account, mention: Any, *, column: bool = False) -> list[Hours]:
    """The times of day that its sentence gives for a mentioned day; none where no single day is meant.

    column  four figures behind the date are a time: see `has_time_column`
    """
    when = mention.date
    if when is None or when.first != when.last:
        return []
    start, end = account.sentence_of(mention.start)
    times = [m for m in account.inside(start, end, "time") if _date_of(account, m, start, end) is mention]
    spans = list(_spans(account.text[start:end], start, times))
    if column and (figures := _FIGURES.match(account.text, mention.end)):
        own_minute = int(figures[1]) * 60 + int(figures[2])
        spans = [(own_minute, own_minute)]
    if not spans and (own := mention.part("time")):
        spans = [(_minutes(own), _minutes(own))]
    if not spans and (part := _part_of_day(account.text, mention)):
        spans = [part]
    found = [Hours.of(when.first, *span) for span in spans]
    return [one for one in dict.fromkeys(found) if one is not None]


def _date_of(account: Account, time: Any, start: int, end: int) -> Any:
    dates = [m for m in account.inside(start, end, "date") if m.date is not None]
    before = [m for m in dates if m.start <= time.start]
    return before[-1] if before else (dates[0] if dates else None)


def _spans(sentence: str, start: int, times: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Begin and end of each time, in minutes; two that a sentence joins are one span."""
    skip = False
    for i, time in enumerate(times):
        if skip:
            skip = False
            continue
        begin, before = _minutes(time.normal), sentence[: time.start - start]
        after = sentence[time.end - start :]
        following = times[i + 1] if i + 1 < len(times) else None
        gap = "" if following is None else sentence[time.end - start : following.start - start]
        joined = _JOINED.fullmatch(gap) and (_BETWEEN.search(before) or " and" not in gap.lower())
        if following is not None and joined:
            end = _minutes(following.normal)
            skip = True
            yield begin, end if end >= begin else end + DAY
        elif bare := _BARE_BEFORE.search(before):
            first = int(bare[1]) * 60 + int(bare[2])
            yield first, begin if begin >= first else begin + DAY
        elif _BETWEEN.search(before) and _TO_DAWN.match(after):
            yield begin, _DAWN
        elif _ABOUT.search(before):
            yield begin - _ABOUT_MINUTES, begin + _ABOUT_MINUTES
        else:
            yield begin, begin


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return min(int(hours) * 60 + int(minutes), DAY)


def _part_of_day(text: str, mention: Any) -> tuple[int, int] | None:
    """A part of the day named before, within or after the words of the date."""
    found = (
        _PART_BEFORE.search(text, max(0, mention.start - 24), mention.start)
        or _PART_WITHIN.search(mention.text)
        or _PART_AFTER.match(text, mention.end)
    )
    return _PARTS[found[1].lower()] if found else None


def clock(minutes: int) -> str:
    """Minutes of a day as HH:MM; 24:00 is the end of a day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
