"""Whether figures that could be many things are a day: "8/22", "061552", "exp 03/97"."""

from __future__ import annotations

import re
from datetime import date

from .date_words import day

# What must stand before figures that could be many other things.
BEFORE_FIGURES = {
    "six_digits": re.compile(
        r"(?:\bD\.?O\.?B\.?|\bB/D|\bBORN|\bDATED?|\bOCC(?:URRED)?|\bSINCE|\bON|\bOF|\bOR|\bB\.)\s*[:.]?\s*$|"
        r"\bSEEN\b[A-Z ]{0,24}$",
        re.IGNORECASE,
    ),
    "month_day_numbers": re.compile(
        r"\b(?:on|since|by|until|till|from|dated?|before|after|about|between|and|to|of|the (?:night|morning|evening|"
        r"afternoon) of|"
        r"seen|held|born|left|sold|bought|paid|(?:on|seen|by|of|from|since) \d{1,2}/\d{1,2} (?:or|and)|[a-z]{3,}ed|"
        r"(?:mon|tues?|wed|thur?s?|fri|sat|sun)[a-z]*\.?,?)\s+$|(?:^|\n)[ \t]*(?:#?\d{1,3}[.):]?[ \t]+)?$",
        re.IGNORECASE,
    ),
    "eight_digits": re.compile(r"(?:\bD\.?O\.?B\.?|\bB/D|\bBORN|\bDATE(?: OF BIRTH)?)\s*[:.]?\s*$", re.IGNORECASE),
    "month_year_numbers": re.compile(
        r"\b(?:exp(?:\.|ires?|ired|iration)?|reg(?:\.|istration)?|valid(?: (?:to|thru|until))?|since|until|thru|in|"
        r"of|from|to)\s*:?\s*$",
        re.IGNORECASE,
    ),
}
_ENDS_A_ROW = re.compile(r"\.?[ \t]*(?:\n|$)")
_WHOLE_DAYS = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?![\d/])")
_FRACTION = re.compile(r"(?:1/[2348]|[23]/[34]|[357]/8)$")
_MEASURED = re.compile(r"\s*(?:inch|in\.|cup|mile|pound|lb|hours?|hrs|of an?\b|full|\"|percent|scale)", re.IGNORECASE)


def told_as_date(rule: str, match: re.Match[str], text: str, today: date | None) -> bool:
    """Whether the words round figures say that they are a date: "2/8" may be a size, "061552" the number of a part."""
    start, end = match.span()
    if rule == "six_digits" and re.match(
        r"\s*/?\s*\d{4}\s*(?:hrs?|hours|[ECMP][SD]T)\b", text[end : end + 12], re.IGNORECASE
    ):
        return True
    if rule == "month_day_numbers" and (
        _FRACTION.match(match.group()) and not re.search(r"\bon\s+$", text[:start][-4:])
    ):
        return False
    if match.groupdict().get("w"):
        return True
    if rule == "month_day_numbers" and match["sep"] == "-" and _is_height(match, text):
        return False
    if rule == "month_day_numbers" and match["sep"] == "-" and _in_a_date_column(match, text):
        return True
    if rule == "six_digits" and today is not None and _just_before(match, today):
        return True
    if rule == "month_day_numbers" and re.match(r":\d\d", text[end : end + 3]):
        return False  # "7-7:30 pm"
    if rule == "month_day_numbers" and match["sep"] == "/" and _TO_A_DAY.match(text, end):
        return True  # "out of town 10/11 to 10/14"
    if rule == "month_year_numbers" and _years_after_a_month(match, text, today):
        return True
    led = BEFORE_FIGURES[rule].search(text[max(0, start - 40) : start])
    if rule == "month_day_numbers" and led and not led.group().strip(" \t\n#0123456789.):"):
        # At the head of a row only with a stroke, and when the row goes on: "2/8  0910  Anonymous female".
        row = bool(re.match(r"[:.]?[ \t]+\S", text[end : end + 12]))
        if not row and today is not None and match["sep"] == "/":
            # Alone on its line it heads an entry of a log.
            return bool(_ENDS_A_ROW.match(text, end)) and _shortly_before(match, today)
        apart = text.startswith("  ", end) or bool(_CLOCK_NEXT.match(text, end))
        dashed = today is not None and apart and _shortly_before(match, today)
        return row and (match["sep"] == "/" or dashed)
    if (
        rule == "month_day_numbers"
        and _ENDS_A_ROW.match(text, end)
        and re.search(r"[a-z]{3} $", text[start - 4 : start])
    ):
        if match["sep"] == "-":
            return today is not None and _shortly_before(match, today)  # "At ball game 10-17"
        near = today is not None and _shortly_before(match, today)
        return near or bool(_WHOLE_DAYS.search(text))  # "behind the feed store 12/23."
    if not led and rule == "month_day_numbers" and match["sep"] == "/":
        return (today is not None or bool(_CLOCK_NEXT.match(text, end))) and _free(match, text)
    if not led and rule == "month_day_numbers" and today is not None:
        return _shortly_before(match, today) and bool(_STOPS.match(text, end)) and _free(match, text)
    return bool(led) and not _MEASURED.match(text, end)


_TO_A_DAY = re.compile(r"\s?(?:to|thru|through|until|-|–)\s?\d{1,2}/\d{1,2}(?![\d/])")


def _just_before(match: re.Match[str], today: date) -> bool:
    """Whether "061185" is a day of the two months before the paper was written, with its year."""
    year = today.year - today.year % 100 + int(match["y"])
    found = day(year, int(match["m"]), int(match["d"]))
    return found is not None and 0 <= (today - found.first).days <= _SHORTLY


def _years_after_a_month(match: re.Match[str], text: str, today: date | None) -> bool:
    """Whether "8/78" can only be a month and its year: no month has so many days, and the year is not to come."""
    year = match["y"]
    if len(year) == 4:
        return _free(match, text) and (today is None or int(year) <= today.year + _VALID_YEARS)
    past = today is None or 1900 + int(year) <= today.year + _VALID_YEARS
    return int(year) > _LONGEST_MONTH and past and _free(match, text)


# How many years ahead a registration or a card may end.
_LONGEST_MONTH, _VALID_YEARS = 31, 8
# What stands before or after two figures with a stroke that are no day: sizes, floors, heights ("5/10, 160 lbs").
_NO_DAY_BEFORE = re.compile(
    r"(?:\b(?:size|sizes|plates?|lic|license|tags?|partial|number|apt|lot|unit|rt|route|hwy|highway|page|pages|pp|bp|vision|score|no|nos|ratio|odds|about|approx|w/[mf]|[wbhai][mf]|ht|hgt|"
    r"grade|scale|type|model|form|exit|mile|sec|section|channel|code|signal|10-\d+)\b\.?\s*#?|\d\s|[-+x=(]\s?\d*)$",
    re.IGNORECASE,
)
_NO_DAY_AFTER = re.compile(
    r"\s*(?:,?\s*\d{3}\b(?!\s*(?:hrs|hours))|,\s*\d{2,3}\s*(?:lbs?|#|pounds)|\s\d{2,3}\s*(?:lbs?|#)|feet|ft\b|tall|time\b|size|mm\b|wire|ply|split|odds|lead\b|of\s+(?:the|a)\b|ths?\b|rds?\b)",
    re.IGNORECASE,
)


_DATE_HEAD = re.compile(
    r"[ \t]{0,3}(?i:date|day|rec'?d|ret'?d|returned|released|out|in|when|seized|found|since|issued|expires?|exp|hired|"
    r"entered|from|to)\b"
)
_HEAD_LINES, _SLACK = 40, 2


def _in_a_date_column(match: re.Match[str], text: str) -> bool:
    """Whether "3-22" fills a cell below a head that says DATE."""
    start, end = match.span()
    line = text.rfind("\n", 0, start) + 1
    alone = text[line:start].endswith(("  ", "\t")) or not text[line:start].strip()
    if not alone or not _CELL_ENDS.match(text, end) or ("ate" not in text and "ATE" not in text):
        return False
    column = start - line
    for _ in range(_HEAD_LINES):
        if line < 2:
            return False
        stop, line = line - 1, text.rfind("\n", 0, line - 1) + 1
        at = line + max(0, column - _SLACK)
        if at < stop and (_DATE_HEAD.match(text, at, stop) or _DATE_HEAD.match(text, line + column, stop)):
            return True
    return False


_CELL_ENDS = re.compile(r"[ \t]*(?:\n|$)|[ \t]{2}|\t")
_BODY = re.compile(
    r"(?i:\b(?:thin|slim|slender|heavy|heavyset|stocky|medium|build|built|tall|short|hair(?:ed)?|mustache|beard|bearded|"
    r"lbs?|pounds|husky|skinny|wearing|complexion)\b)"
)


def _is_height(match: re.Match[str], text: str) -> bool:
    """ "Thin, about 5-10, reddish mustache": feet and inches among words of a description."""
    start, end = match.span()
    fits = match["m"] in ("4", "5", "6") and int(match["d"]) <= 11
    return fits and bool(_BODY.search(text, max(0, start - 40), start) or _BODY.search(text, end, end + 40))


_CLOCK_NEXT = re.compile(
    r"\s+(?:at\s+)?(?:\d{1,2}(?::\d\d)?\s*[ap]\.?m\b|\d{1,2}:\d\d|[01]\d[0-5]\d\b|2[0-3][0-5]\d\b)", re.IGNORECASE
)
_STOPS = re.compile(r"\s*(?:[.,;)\n]|$)|\s+(?:by|and|at|to|from|thru|per|\d{4})\b|  ")
_SHORTLY = 62


def _shortly_before(match: re.Match[str], today: date) -> bool:
    """Whether "10-17" is a day of the two months before the paper was written: with a dash it may be much else."""
    for year in (today.year, today.year - 1):
        found = day(year, int(match["m"]), int(match["d"]))
        if found is not None and 0 <= (today - found.first).days <= _SHORTLY:
            return True
    return False


def _free(match: re.Match[str], text: str) -> bool:
    """Whether "8/22" in running words of a dated paper is a day: no fraction, no size, no height."""
    start, end = match.span()
    before = text[max(0, start - 16) : start]
    return not (_NO_DAY_BEFORE.search(before) or _NO_DAY_AFTER.match(text, end) or _MEASURED.match(text, end))
