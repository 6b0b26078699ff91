"""Days that a register gives in words or only roughly: June 1985, summer 1985, circa 1985, 1980s, 1984 to 1986.

In: the words of one cell. Out: the days that they allow, with the words kept; None for words of another kind.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from thaw.record import PartialDate

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}  # the first of three months
_ABOUT = r"(?:circa|ca?\.?|about|abt\.?|approximately|approx\.?|around|~)"
_NAMES = "|".join(sorted((*_MONTHS, *(name[:3] for name in _MONTHS), "sept"), key=len, reverse=True))
_MONTH = rf"(?P<month>{_NAMES})\.?"
_SLACK_YEARS = 1  # "circa": one year to both sides, elicited
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (?P<year>\d{{4}})",
        rf"{_MONTH}(?: of|,)? (?P<year>\d{{4}})",
        r"(?P<number>\d{1,2})/(?P<year>\d{4})",
        r"(?:(?:early|mid|late)[ -])?(?P<season>spring|summer|fall|autumn|winter)(?: of|,)? (?P<year>\d{4})",
        rf"{_ABOUT} ?(?P<about>\d{{4}})",
        r"(?:(?:early|mid|late)[ -])?(?:the )?(?P<decade>\d{3})0['’]?s",
        r"(?P<year>\d{4}) ?(?:-|–|to|or) ?(?P<until>\d{4})",
    )
)


def vague_day(words: str) -> PartialDate | None:
    """The days that these words allow. Raises ValueError for a day that no calendar has, such as 31 June."""
    found = next((m for form in _FORMS if (m := form.fullmatch(words.strip()))), None)
    if found is None:
        return None
    told = found.groupdict()
    year = int(told.get("year") or told.get("about") or 0)
    if told.get("month"):
        month = next(n for n, name in enumerate(_MONTHS, 1) if name[:3] == told["month"][:3].lower())
        if told.get("day"):
            day = date(year, month, int(told["day"]))
            return PartialDate(day, day, "day", words)
        return PartialDate.of_month(year, month, words)
    if told.get("number"):
        return PartialDate.of_month(year, int(told["number"]), words)
    if told.get("season"):
        return _season(year, _SEASONS[told["season"].lower()], words)
    if told.get("decade"):
        first, last = int(told["decade"]) * 10, int(told["decade"]) * 10 + 9
    else:
        slack = _SLACK_YEARS if told.get("about") else 0
        first, last = sorted((year - slack, int(told.get("until") or year + slack)))
    return PartialDate(date(first, 1, 1), date(last, 12, 31), "interval", words)


def _season(year: int, month: int, words: str) -> PartialDate:
    """Three months; a winter ends in the year after."""
    after = date(year + (month + 3 > 12), (month + 2) % 12 + 1, 1)
    return PartialDate(date(year, month, 1), after - timedelta(days=1), "interval", words)
