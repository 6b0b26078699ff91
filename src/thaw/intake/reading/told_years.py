"""The year that words after a day give it: "March 10th of last year", "June 4 this year", "May 2 two years ago"."""

from __future__ import annotations

import re
from datetime import date

from .date_words import NUMBERS

_AFTER = re.compile(
    r",?\s+(?:of\s+)?(?:(?P<which>last|this|next|that same|the same)\s+year|"
    r"(?P<n>\d{1,2}|[a-z]+)\s+years?\s+(?:ago|earlier))(?![\w-])",
    re.IGNORECASE,
)
_STEPS = {"last": -1, "this": 0, "next": 1}


def told_year(text: str, end: int, today: date | None) -> tuple[int, int] | None:
    """The year that the words after a place give, and where they end; None without them or a day to count from."""
    found = _AFTER.match(text, end) if today is not None else None
    if found is None or today is None:
        return None
    if found["which"]:
        step = _STEPS.get(found["which"].lower())
        return None if step is None else (today.year + step, found.end())
    word = found["n"].lower()
    number = int(word) if word.isdigit() else NUMBERS.get(word)
    return None if number is None else (today.year - number, found.end())
