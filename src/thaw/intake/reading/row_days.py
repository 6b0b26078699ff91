"""The day at the head of an entry of a log: the entry counts from it, not from the day the log was closed."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from .date_words import MONTH, WEEKDAY, day, month_of, whole_year

_YEAR = r"(?:19|20)?\d\d"
_HEAD = re.compile(
    rf"^[ \t]*(?:#?\d{{1,3}}[.):]?[ \t]+)?(?:{WEEKDAY}\.?,?[ \t]+)?(?:"
    rf"(?P<m>1[0-2]|0?[1-9])(?P<s>[/-])(?P<d>3[01]|[12]\d|0?[1-9])(?:(?P=s)(?P<y>{_YEAR}))?|"
    rf"(?P<name>{MONTH})[ ](?P<d2>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?:,?[ ](?P<y2>{_YEAR}))?"
    r")(?=[ \t:.,;]|[ ]?[-–—]|$)",
    re.MULTILINE | re.IGNORECASE,
)
_HOUR = re.compile(r"[ \t]*(?:#?\d{1,3}[.):][ \t]+)?(?:[01]?\d|2[0-3]):?[0-5]\d\b")
_HANGING = re.compile(r"[ \t]{8}|\t")
_MOST_LINES = 14


def day_of_row(text: str, at: int, latest: date) -> date | None:
    """The day of the entry in which a place lies, or None where no day heads it.

    latest  the last day on which the paper can have been written: a day without its year is the last such one
    """
    line = text.rfind("\n", 0, at) + 1
    heads = _heads(text)
    for _ in range(_MOST_LINES if len(heads) > 1 else 1):
        head = heads.get(line)
        if head is not None:
            return _day(head, latest) if head.end() <= at else None
        told = _HANGING.match(text, line) or _HOUR.match(text, line)
        if line == 0 or not (told or not text[line : text.find("\n", line)].strip()):
            return None
        line = text.rfind("\n", 0, line - 1) + 1
    return None


@lru_cache(maxsize=4)
def _heads(text: str) -> dict[int, re.Match[str]]:
    return {m.start(): m for m in _HEAD.finditer(text)}


def _day(head: re.Match[str], latest: date) -> date | None:
    year = head["y"] or head["y2"]
    years = [latest.year, latest.year - 1]
    if year:
        years = [int(year) if len(year) == 4 else whole_year(int(year), latest=latest, century_from=1930)]
    month = int(head["m"]) if head["m"] else month_of(head["name"])
    days = [found.first for y in years if (found := day(y, month, int(head["d"] or head["d2"])))]
    return next((found for found in days if found <= latest), None)
