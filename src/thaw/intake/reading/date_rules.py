"""The forms of dates that are written out, one rule each, and the words at which each rule can begin."""

from __future__ import annotations

import re

from .anchors import heads_of
from .date_words import MONTH, MONTHS, ORDINALS, WEEKDAY, WEEKDAYS, YEAR
from .holidays import HEADS, HOLIDAY

_D = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)"
_D2 = r"(?:0[1-9]|[12]\d|3[01])"
_N = r"(?:1[0-2]|0?[1-9])"
_TH = r"(?:st|nd|rd|th|d)?"
_Y = rf"(?:{YEAR}(?!\d)|['’]?\d\d(?!\d))"
# What must not stand right before the first letter of a rule.
_GLUED = {
    **dict.fromkeys(("months", "range", "month_day", "month_ordinal", "dashed"), r"(?<![A-Za-z])"),
    **dict.fromkeys(("month_year", "season_year"), r"(?<![A-Za-z])"),
    **dict.fromkeys(("day_range", "group"), r"(?<![\w/.,$#-])"),
    **{"day_month": r"(?<![A-Za-z\d])", "military": r"(?<!\d)", "decade": r"(?<![\w])", "year": r"(?<![\w])"},
}
_DAYPART = r"(?:\s+(?:morning|afternoon|evening|night))?"
_NTH = "|".join(sorted(ORDINALS, key=len, reverse=True))
_RULES = {
    "months": rf"(?P<m>{MONTH})\s*(?:-|–|to|thru|through|"
    rf"until)\s*(?P<m2>{MONTH})(?![a-z])(?![ \t]*\d{{1,2}}\b)(?:,?\s+(?:of\s+)?(?P<y>{YEAR}|['’]\d\d))?(?!\d)",
    "range": (
        rf"(?P<m>{MONTH})\s+(?P<d>{_D}){_TH}\s*(?!(?:and|or)\s+{MONTH})(?:-|–|—|/|to|thru|through|and|or|"
        rf"until)\s*(?:the\s+)?(?:(?P<m2>{MONTH})\s+)?(?P<d2>{_D}){_TH}(?:,?\s+(?P<y>{YEAR}(?!\d)|['’]\d\d(?!\d)))?"
    ),
    "day_range": (
        rf"(?:the\s+)?(?P<d>{_D}){_TH}\s*(?:-|–|/|to|thru|through|and|or|until)\s*(?:the\s+)?(?P<d2>{_D}){_TH}"
        rf"(?:\s+of)?[\s-]+(?P<m>{MONTH})(?![a-z])(?:,?[\s-]+(?P<y>{_Y}))?"
    ),
    "dashed": rf"(?P<m>{MONTH})-(?P<d>{_D})-(?P<y>{YEAR}|\d\d)(?!\d)",
    "number_range": (
        # "10/11 to 10/14" is two days; "10/5-6/84" has its year behind.
        rf"(?<![\d/.$-])(?P<m>{_N})/(?P<d>{_D})(?!(?:\s?[-–]\s?|\s+(?:to|thru|through)\s+){_N}/{_D}(?![\d/]))"
        rf"(?:\s?[-–]\s?|\s+(?:to|thru|through)\s+)"
        rf"(?:(?P<m2>{_N})/)?(?P<d2>{_D})/(?P<y>\d{{4}}|\d\d)(?![\d/]|-\d)"
    ),
    "dash_range": (
        rf"(?<![\d/.$-])(?P<m>{_N})-(?P<d>{_D})\s+(?:to|thru|through|and|until)\s+(?P<m2>{_N})-(?P<d2>{_D})-"
        r"(?P<y>\d{4}|\d\d)(?![\d/]|-\d)"
    ),
    "month_day": (
        rf"(?:(?P<w>{WEEKDAY}){_DAYPART}(?:,\s+|"
        rf"[ \t]+))?(?P<m>{MONTH})\s+(?:the\s+)?(?P<d>{_D}){_TH}(?:,?\s+(?:of\s+)?(?P<y>{YEAR}(?!\d)|"
        rf"['’]\d\d(?!\d)))?"
    ),
    "day_month": (
        rf"(?:(?P<w>{WEEKDAY}){_DAYPART}(?:,\s+|[ \t]+))?(?:the\s+)?(?P<d>{_D}){_TH}(?:\s+(?:day\s+)?of)"
        rf"?[\s-]+(?P<m>{MONTH})(?![a-z])(?:,?(?:[ \t-]+|\s(?![ \t]))(?:A\.?D\.?\s+)?(?P<y>{_Y}))?"
    ),
    "ordinal": rf"the\s+(?P<d>{_NTH})(?:\s+day)?\s+of\s+(?P<m>{MONTH})(?:,?\s+(?P<y>{YEAR}))?",
    "month_ordinal": rf"(?P<m>{MONTH})\s+(?:the\s+)?(?P<d>{_NTH})\b(?:,?\s+(?P<y>{YEAR}))?",
    "group": rf"(?P<d>{_D2})(?:[01]\d|2[0-4])[0-5]\d[A-Z]?\s?(?P<m>{MONTH})\s?(?P<y>{YEAR}|\d\d)(?!\d)",
    "military": rf"(?P<d>\d\d)(?P<m>{MONTH})(?P<y>{YEAR}|\d\d)(?!\d)",
    "month_year": (
        rf"(?-i:(?!dec\.))(?:(?P<part>early|mid|late)[\s-]+(?:in\s+)?)?(?P<m>{MONTH}),?\s+(?:of\s+|in\s+(?=(?:19|20)\d\d\b))?(?P<y>{YEAR}(?!\d)|"
        rf"['’]\d\d(?!\d)|(?:3[2-9]|[4-9]\d)(?![\d:/.,-]?\d)"
        r"(?!\s*(?:cal|years?\b|yrs?\b|special|mm\b|times|percent|cents|miles|dollars|people|men\b|women|pounds|lbs|feet|%)))"
    ),
    "season_year": (
        rf"(?:(?P<part>early|mid|late)[\s-]+)?(?:the\s+)?(?P<season>spring|summer|autumn|fall|"
        rf"winter)\s+(?:of\s+)?(?P<y>{YEAR}|['’]\d\d)(?!\d)(?:[-/](?P<y2>\d\d(?:\d\d)?))?"
    ),
    "holiday_year": rf"(?P<holiday>{HOLIDAY}),?\s+(?:(?:of|in)\s+)?(?P<y>{YEAR}|['’]\d\d)(?!\d)",
    "iso": (
        r"(?<![\d-])(?:(?<!/)|(?<=-\d\d/))(?P<y>(?:1[6-9]|20)\d\d)(?P<s>[/-])(?P<m>\d\d)(?P=s)(?P<d>\d\d)"
        r"(?:(?=T\d\d:?\d\d)|(?![\w-]|/(?!\d{4}-)))"
    ),
    "numeric": (
        # Not the end of another word: "Reviewed 6/14/85".
        rf"(?:(?<![A-Za-z])(?P<w>{WEEKDAY})(?:,\s+|"
        rf"[ \t]+))?(?<![\d/.$-])(?P<m>\d{{1,2}})(?P<s>[/-])(?P<d>\d{{1,2}})(?P=s)(?P<y>\d{{4}}|"
        rf"\d\d)(?!\d|/(?!(?:[01]\d|2[0-4])[0-5]\d(?!\d))|-\d)"
    ),
    "points": r"(?<![\d/.$-])(?P<m>\d{1,2})\.(?P<d>\d{1,2})\.(?P<y>(?:19|20)\d\d|\d\d)(?![\d/]|[.-]\d)",
    "six_digits": (
        r"(?<![\w/.-])(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?P<y>\d\d)"
        r"(?:(?=\s*/?\s*\d{4}\s*(?:hrs?|hours|[ECMP][SD]T)\b)|(?![\w/]|[.,-]\d))"
    ),
    "eight_digits": r"(?<![\w/.-])(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?P<y>(?:19|20)\d\d)(?![\w/]|[.,-]\d)",
    "quarter": rf"Q(?P<q>[1-4])(?:\s+of)?[\s,/-]+(?P<y>{YEAR}|['’]\d\d)(?!\d)",
    "fiscal": rf"(?:fiscal(?:\s+year)?|FY)\s*(?P<y>{YEAR}|['’]?\d\d)(?![\d/-])",
    "spaced": (
        r"(?<![\w/.-])(?:(?<=[\n\t:])|(?<=  ))(?P<m>0[1-9]|1[0-2]) (?P<d>0[1-9]|[12]\d|3[01]) (?P<y>\d\d)"
        r"(?=[ \t]*(?:\n|$|  ))"
    ),
    "month_day_numbers": rf"(?:(?<![A-Za-z])(?P<w>{WEEKDAY})(?:,\s+|[ \t]+))?"
    r"(?<![\w$#/.,:-])(?P<m>1[0-2]|0?[1-9])(?P<sep>[/-])(?P<d>3[01]|[12]\d|0?[1-9])(?![\w/?]|[.,-]\d|\s*[\"”½])",
    "unread_day": (
        r"(?<![\w$#/.,:-])(?P<m>1[0-2]|0?[1-9])(?P<s>[/-])(?:-{1,3}|\?{1,2}|[xX_]{1,3}|00)(?P=s)(?P<y>(?:19|20)\d\d|\d\d)(?![\w/]|[.,-]\d)"
    ),
    "month_year_numbers": r"(?<![\w$#/.,:-])(?P<m>1[0-2]|0?[1-9])/(?P<y>(?:19|20)\d\d|\d\d)(?![\w/]|[.,-]\d)",
    "years": rf"(?<![\d$#.,/:-])\b(?P<y>{YEAR})\s?[-–/]\s?(?P<y2>{YEAR}|\d\d)(?![\d-]|[/.:]\d)",
    "short_year": r"(?:(?P<part>early|mid|late)[\s-]+(?:in\s+)?)?(?P<y>['’]\d\d)(?![\w'’])",
    "decade": r"(?:(?P<part>early|mid|late)[\s-]+(?:in\s+)?)?(?:the\s+)?(?P<decade>(?:1[89]|20)\d0|['’]\d0)s\b",
    "year": (
        rf"(?:(?P<part>early|mid|late)[\s-]+(?:in\s+)?|(?<![\d$#.,/:-]))\b(?P<y>{YEAR})(?![\d,]*\d|%|"
        rf"['’]?s\b|[-/]\d)(?!\s*(?:hrs?|hours|h)\b)"
    ),
}
PATTERNS = {name: re.compile(_GLUED.get(name, "") + rule, re.IGNORECASE) for name, rule in _RULES.items()}
_MONTH_HEADS, _WEEKDAY_HEADS = heads_of(MONTHS), heads_of(WEEKDAYS)
_PART_HEADS = heads_of(("early", "mid", "late"))
# The words that each rule can begin with, by their first three letters, and the figures that it can begin with.
STARTS: dict[str, tuple[tuple[str, ...], bool | str]] = {
    "months": (_MONTH_HEADS, False),
    "range": (_MONTH_HEADS, False),
    "day_range": (("the",), "short"),
    "dashed": (_MONTH_HEADS, False),
    "number_range": ((), "marked"),
    "dash_range": ((), "marked"),
    "month_ordinal": (_MONTH_HEADS, False),
    "group": ((), "long"),
    "years": ((), "four"),
    "short_year": (_PART_HEADS, True),
    "month_day": ((*_MONTH_HEADS, *_WEEKDAY_HEADS), False),
    "day_month": ((*_WEEKDAY_HEADS, "the"), "short"),
    "ordinal": (("the",), False),
    "military": ((), "short"),
    "month_year": ((*_MONTH_HEADS, *_PART_HEADS), False),
    "season_year": ((*_PART_HEADS, *heads_of(("the", "spring", "summer", "autumn", "fall", "winter"))), False),
    "holiday_year": (heads_of(HEADS.split()), False),
    "iso": ((), "marked"),
    "numeric": (_WEEKDAY_HEADS, "marked"),
    "points": ((), "marked"),
    "six_digits": ((), "long"),
    "eight_digits": ((), "long"),
    "quarter": (("q",), False),
    "fiscal": (("fis", "fy"), False),
    "spaced": ((), "short"),
    "month_day_numbers": (_WEEKDAY_HEADS, "marked"),
    "unread_day": ((), "marked"),
    "month_year_numbers": ((), "marked"),
    "decade": ((*_PART_HEADS, "the"), True),
    "year": (_PART_HEADS, "four"),
}
FIGURE = re.compile(r"\d[/.-]\d")
NEEDS_FIGURE = {"iso", "numeric", "number_range", "dash_range", "points", "month_day_numbers", "month_year_numbers"}
