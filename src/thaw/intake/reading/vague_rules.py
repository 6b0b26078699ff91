"""The forms of dates that count from the day of the document, and the words at which each rule can begin."""

from __future__ import annotations

import re

from .anchors import heads_of
from .date_words import MONTH, MONTHS, SEASON, WEEKDAY_LONG
from .holidays import HEADS, HOLIDAY

_COUNT = (
    r"(?P<n>\d{1,3}|a few|several|a couple(?: of)?|a|an|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty)"
)
_LOOSE = (
    r"(?P<loose>(?:about|around|some|nearly|almost|roughly|approximately|more than|over|at least|less than|"
    r"just over|an estimated)\s+)?"
)
_UNIT = r"(?P<unit>day|night|week|fortnight|weekend|month|year|decade)s?"
_DAYPART = r"(?:\s+(?:mornings?|afternoons?|evenings?|nights?|nites?|eve|aft))?"
_RULES = {
    "ago": (
        rf"{_LOOSE}{_COUNT}(?:\s+(?:or|to)\s+(?P<n2>[a-z]+|\d{{1,3}}))?\s+{_UNIT}"
        r"(?P<so>\s+or\s+(?:so|two|three))?\s+(?P<way>ago|back)\b"
    ),
    "ago_named": (
        rf"{_COUNT}\s+(?:(?P<season>{SEASON})|(?P<w>{WEEKDAY_LONG})|(?P<holiday>Christmas|Easter|Thanksgiving))(?:e?s)?"
        r"\s+ago\b"
    ),
    "before_last": (
        rf"(?:the\s+|(?={WEEKDAY_LONG}))(?:(?P<unit>week|weekend|month|year)|(?P<season>{SEASON})|(?P<w>{WEEKDAY_LONG}))\s+before\s+last\b"
        r"(?!\s+\w+day)"
    ),
    "weekend": (
        r"(?:(?<=\bover )|(?<=\bduring )|(?<=\bsince )|(?<=\bon )|(?<=\bfor )|(?<=\bthrough )|(?<=\bthru )|"
        r"(?<=\bbefore )|(?<=\bafter )|(?<=\buntil )|(?<=\bby )|(?<=\ball ))the\s+(?P<which>past\s+)?weekend\b"
        r"(?!\s+(?:before|after|of|prior))"
    ),
    "from_now": rf"(?:in\s+)?{_LOOSE}{_COUNT}\s+{_UNIT}\s+(?P<way>from now|hence)\b",
    "weekday_of": (
        rf"(?P<which>this|last|next|past|this past|"
        rf"this coming)\s+(?P<w>{WEEKDAY_LONG}){_DAYPART}\b"
    ),
    "season": (
        rf"(?:(?P<part>early|mid|late|later)[\s-]+)?(?P<which>this|last|next|this past|this coming|past|"
        rf"that)\s+(?P<season>{SEASON})\b"
    ),
    "month": (
        rf"(?:(?P<part>early|mid|late|later|earlier)[\s-]+)?(?P<which>this|last|next|this past|"
        rf"this coming)\s+(?P<m>{MONTH})(?![a-z])(?!\s+\d)"
    ),
    "period": (
        r"(?:(?P<part>early|earlier|mid|late|later|the end of|the beginning of|"
        r"the middle of)\s+)?(?P<which>this|last|next|this past|this coming)\s+(?P<unit>week|wk|weekend|wkend|month|mo|"
        r"year|yr|decade|century)\b(?!['’-])"
    ),
    "side_of": (
        r"(?:the\s+)?(?P<side>first|middle|end|last|beginning|start|latter part)\s+of\s+"
        r"(?P<which>the|this|last|next)\s+(?P<unit>month|year)\b(?!['’-])"
    ),
    "part_of_month": (
        rf"(?P<part>early|mid|late|the end of|the beginning of|"
        rf"the middle of)[\s-]+(?:in\s+)?(?P<m>{MONTH})(?![a-z])(?!,?\s+(?:of\s+)?\d)"
        r"(?P<told>,?\s+(?:of\s+)?(?:this|last)\s+year\b)?"
    ),
    "holiday": (
        rf"(?P<which>(?:this past|this coming|this|last|past|"
        rf"next)\s+)?(?P<holiday>{HOLIDAY})(?P<weekend>\s+weekend)?(?:,?\s+(?:of\s+)?(?P<y>(?:19|20)\d\d))?"
        r"(?P<told>,?\s+(?:of\s+)?(?:this|last)\s+year\b)?"
    ),
    "part_of_season": (
        rf"(?P<part>early|mid|late)[\s-]+(?:in\s+(?:the\s+)?)?(?P<season>{SEASON})\b"
        r"(?!,?\s+(?:of\s+)?['’]?\d)"
    ),
    "near_day": (
        r"(?P<near>yesterday|today|tonight|tonite|tomorrow|last (?:night|nite|eve|evening)|"
        r"this (?:morning|afternoon|evening|eve|a\.?m|p\.?m)\b|"
        r"(?:earlier|later) (?:today|tonight|this (?:morning|afternoon|evening)))"
        r"(?:\s+(?:morning|afternoon|evening|night))?\b"
    ),
    "this_date": r"this date|same date|same day|same night|above date|today's date",
    "whole_season": (
        r"(?:(?:(?<=all )|(?<=\bthe whole )|(?<=\bthe entire ))(?P<season>spring|summer|fall|winter)|"
        r"(?:(?<=\bduring )|(?<=\bover )|(?<=\bsince )|(?<=\buntil )|(?<=\bin ))the\s+"
        r"(?P<season2>spring|summer|winter))"
        r"(?=[\s.,;:!?)])(?!,?\s+(?:of\b|(?:19|20)?\d\d|['’]\d|before|after|term|semester|job|house|coat|help))"
    ),
    "weekday": (
        rf"(?:(?P<part>[Ee]arly|[Ll]ate)\s+)?(?P<w>{WEEKDAY_LONG}|{WEEKDAY_LONG.upper()}){_DAYPART}\b"
        rf"(?!,?\s+{MONTH}\s+\d)(?!,?\s+the\s+\d)(?!\s*,?\s*\d{{1,2}}[ /-])"
    ),
    # "Tues.", "Sat. night", "last Thurs.": a short form needs its point, a part of the day, or a word that days have.
    "short_weekday": (
        r"(?:(?P<which>last|next|this|past)\s+)?(?P<w>(?:Mon|Tues?|Weds?|Thurs?|Thu|Fri|Sat|Sun)\b\.?|"
        r"(?:MON|TUES?|WEDS?|THURS?|THU|FRI|SAT|SUN)\b\.?)"
        rf"{_DAYPART}(?!,?\s*\d{{1,2}}(?:[ /-](?!\s?[ap]\.?m\b)|st\b|nd\b|rd\b|th\b)|,?\s+{MONTH}|-)(?!,?\s+the\s+\d)"
    ),
    "month_alone": (
        r"(?P<m>January|February|March|April|May|June|July|August|September|October|November|"
        r"December|(?:JANUARY|FEBRUARY|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)(?![a-z'’-])(?!,?\s+(?:of\s+)?['’]?\d)"
    ),
}
# In the order of trying: what holds another rule's words comes before it.
_ORDER = ("holiday", "part_of_month")
PATTERNS = {
    name: re.compile(rf"(?<![\w-]){rule}", 0 if name in ("month_alone", "weekday", "short_weekday") else re.IGNORECASE)
    for name, rule in sorted(_RULES.items(), key=lambda entry: entry[0] not in _ORDER)
}
_MONTH_WORDS = (
    *tuple(name for name in MONTHS if len(name) > 3),
    "may",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
# A rule is tried only on a text that has one of its words at all.
SIGNS = {
    "ago": (" ago", " back"),
    "ago_named": (" ago",),
    "before_last": ("before last",),
    "weekend": ("the weekend", "the past weekend"),
    "from_now": ("from now", "hence"),
    "weekday_of": ("day",),
    "season": ("spring", "summer", "autumn", "fall", "winter"),
    "month": _MONTH_WORDS,
    "period": ("week", "wk", "month", " mo", "year", " yr", "decade", "century"),
    "short_weekday": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "part_of_season": ("spring", "summer", "autumn", "fall", "winter"),
    "side_of": ("of the month", "of the year", "of this", "of last", "of next"),
    "part_of_month": _MONTH_WORDS,
    "holiday": (
        "day",
        "xmas",
        "christmas",
        "thanksgiving",
        "halloween",
        "year",
        " of july",
        "easter",
        "mardi",
        "juneteenth",
    ),
    "near_day": (
        "yesterday",
        "today",
        "tonight",
        "tonite",
        "last nite",
        "last eve",
        "this eve",
        "this a",
        "this p",
        "tomorrow",
        "last night",
        "this morning",
        "this afternoon",
        "this evening",
    ),
    "this_date": ("date", "same"),
    "whole_season": ("spring", "summer", "fall", "winter"),
    "weekday": ("day",),
    "month_alone": _MONTH_WORDS,
}
_WHICH = "this last next past that the early mid late later earlier"
_AMOUNTS = (
    "about around some nearly almost roughly approximately more over at less just an a few several one two three four "
    "five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty"
)
_WEEKDAY_WORDS = "monday tuesday wednesday thursday friday saturday sunday"
# The words that each rule can begin with, by their first three letters.
STARTS = {
    name: heads_of(listed.split())
    for name, listed in {
        "ago": _AMOUNTS,
        "ago_named": _AMOUNTS,
        "before_last": f"the {_WEEKDAY_WORDS}",
        "part_of_season": "early mid late",
        "short_weekday": f"last next this past {_WEEKDAY_WORDS}",
        "weekend": "the",
        "from_now": f"in {_AMOUNTS}",
        **dict.fromkeys(("weekday_of", "season", "month", "period", "part_of_month"), _WHICH),
        "holiday": f"this last next {HEADS}",
        "side_of": "the first middle end last beginning start latter",
        "near_day": "yesterday today tonight tonite tomorrow last this earlier later",
        "this_date": "this same above today",
        "whole_season": "spring summer fall winter the",
        "weekday": f"early late {_WEEKDAY_WORDS}",
        "month_alone": " ".join(MONTHS),
    }.items()
}
