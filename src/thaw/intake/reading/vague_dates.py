"""Dates that count from the day on which the document was written: "this summer", "last Friday", "ten years ago".

Each becomes the interval of days that its words allow. A document without a date leaves them undated: the words stay,
the normal form is the words, and `date` is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from thaw.record import PartialDate

from .anchors import anchors_of, heads_of, matches_at
from .date_words import (
    MONTH,
    MONTHS,
    NUMBERS,
    SEASON,
    WEEKDAY_LONG,
    add_months,
    day,
    holiday,
    iso,
    month_of,
    month_span,
    part_of,
    season,
    weekday_of,
    whole_year,
)
from .dates import NIGHT_OF, Clock
from .mention import Mention

_COUNT = (
    r"(?P<n>\d{1,3}|a few|several|a couple(?: of)?|a|an|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|fifteen|twenty|thirty|forty|fifty)"
)
_LOOSE = (
    r"(?P<loose>(?:about|around|some|nearly|almost|roughly|approximately|more than|over|at least|less than|"
    r"just over|an estimated)\s+)?"
)
_UNIT = r"(?P<unit>day|night|week|weekend|month|year|decade)s?"
_DAYPART = r"(?:\s+(?:morning|afternoon|evening|night))?"
_HOLIDAY = (
    r"(?:Christmas(?: Eve| Day)?|Thanksgiving(?: Day)?|Halloween|New Year['’]s(?: (?:Eve|Day))?|Labor Day|"
    r"Memorial Day|Independence Day"
    r"|the Fourth of July|Valentine['’]s Day|Veterans Day|St\. Patrick['’]s Day)"
)
_RULES = {
    "ago": rf"{_LOOSE}{_COUNT}\s+{_UNIT}\s+(?P<way>ago|earlier|back|before that)\b",
    "from_now": rf"(?:in\s+)?{_LOOSE}{_COUNT}\s+{_UNIT}\s+(?P<way>from now|hence)\b",
    "weekday_of": (
        rf"(?P<which>this|last|next|past|this past|this coming|the previous|"
        rf"the following)\s+(?P<w>{WEEKDAY_LONG}){_DAYPART}\b"
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
        r"the middle of)\s+)?(?P<which>this|last|next|this past|this coming)\s+(?P<unit>week|weekend|month|"
        r"year|decade|century)\b(?!['’-])"
    ),
    "part_of_month": (
        rf"(?P<part>early|mid|late|the end of|the beginning of|"
        rf"the middle of)[\s-]+(?:in\s+)?(?P<m>{MONTH})(?![a-z])(?!,?\s+\d)"
    ),
    "holiday": (
        rf"(?P<which>(?:this|last|"
        rf"next)\s+)?(?P<holiday>{_HOLIDAY})(?P<weekend>\s+weekend)?(?:,?\s+(?:of\s+)?(?P<y>(?:19|20)\d\d))?"
    ),
    "near_day": (
        r"(?P<near>yesterday|today|tonight|tomorrow|last night|this (?:morning|afternoon|evening)|"
        r"earlier today)(?:\s+(?:morning|afternoon|evening|night))?\b"
    ),
    "day_of_month": (
        r"(?:(?<=\bon )|(?<=\bof )|(?<=\buntil )|(?<=\bby ))the\s+(?P<d>\d{1,2})(?:st|nd|rd|"
        r"th)\b(?!\s+(?:street|st\.|avenue|floor|day|hole|of|ave|"
        r"anniversary|birthday|century|grade|precinct|district|annual|and)\b)"
    ),
    "weekday_nth": rf"(?P<w>{WEEKDAY_LONG}){_DAYPART},?\s+the\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)\b",
    "that_day": (
        r"that\s+(?:same\s+)?(?P<day>day|night|evening|morning|afternoon)(?=[\s,.;])(?!\s+(?:he|she|it|"
        r"they)\s+(?:was|is)\s+born)"
    ),
    "this_date": r"this date|same date|above date|today's date",
    "weekday": rf"(?:(?P<part>early|late)\s+)?(?P<w>{WEEKDAY_LONG}){_DAYPART}\b(?!,?\s+{MONTH}\s+\d)(?!,?\s+the\s+\d)",
    "month_alone": (
        r"(?P<m>January|February|March|April|May|June|July|August|September|October|November|"
        r"December)(?![a-z'’-])(?!,?\s+(?:of\s+)?['’]?\d)"
    ),
}
_PATTERNS = {
    name: re.compile(rf"(?<![\w-]){rule}", 0 if name in ("month_alone", "weekday") else re.IGNORECASE)
    for name, rule in _RULES.items()
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
_SIGNS = {
    "ago": (" ago", "earlier", " back", "before that"),
    "from_now": ("from now", "hence"),
    "weekday_of": ("day",),
    "season": ("spring", "summer", "autumn", "fall", "winter"),
    "month": _MONTH_WORDS,
    "period": ("week", "month", "year", "decade", "century"),
    "part_of_month": _MONTH_WORDS,
    "holiday": (
        "christmas",
        "thanksgiving",
        "halloween",
        "new year",
        "labor day",
        "memorial day",
        "independence day",
        "fourth of july",
        "valentine",
        "veterans day",
        "patrick",
    ),
    "near_day": (
        "yesterday",
        "today",
        "tonight",
        "tomorrow",
        "last night",
        "this morning",
        "this afternoon",
        "this evening",
    ),
    "day_of_month": ("st", "nd", "rd", "th"),
    "weekday_nth": ("day",),
    "that_day": ("that ",),
    "this_date": ("date",),
    "weekday": ("day",),
    "month_alone": _MONTH_WORDS,
}
_WHICH = "this last next past that the early mid late later earlier"
_AMOUNTS = (
    "about around some nearly almost roughly approximately more over at less just an a few several one two three four "
    "five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty"
)
_HOLIDAYS = "christmas thanksgiving halloween new labor memorial independence the valentine veterans st"
_WEEKDAY_WORDS = "monday tuesday wednesday thursday friday saturday sunday"
# The words that each rule can begin with, by their first three letters.
_STARTS = {
    name: heads_of(listed.split())
    for name, listed in {
        "ago": _AMOUNTS,
        "from_now": f"in {_AMOUNTS}",
        **dict.fromkeys(("weekday_of", "season", "month", "period", "part_of_month"), _WHICH),
        "holiday": f"this last next {_HOLIDAYS}",
        "near_day": "yesterday today tonight tomorrow last this earlier",
        "day_of_month": "the",
        "weekday_nth": _WEEKDAY_WORDS,
        "that_day": "that",
        "this_date": "this same above today",
        "weekday": f"early late {_WEEKDAY_WORDS}",
        "month_alone": " ".join(MONTHS),
    }.items()
}
_MONTH_BEFORE = re.compile(r"\b(?:in|since|until|till|by|during|of|from|to|through|for|and|or|before|after|a|the)\s+$")
_NEAR = 600
_FEW = {"a few": (2, 5), "several": (3, 7), "a couple": (2, 2), "a couple of": (2, 2)}


def find_vague_dates(clock: Clock, taken: list[Mention]) -> list[Mention]:
    """The vague dates of a text outside the mentions that are taken, in order."""
    found: list[Mention] = []
    spans = [(m.start, m.end) for m in taken]
    low, anchors = clock.text.lower(), anchors_of(clock.text)
    for name, pattern in _PATTERNS.items():
        if not any(word in low for word in _SIGNS[name]):
            continue
        for match in matches_at(pattern, clock.text, anchors.at(_STARTS[name], figures=name in ("ago", "from_now"))):
            start, end = match.span()
            if any(a < end and start < b for a, b in spans):
                continue
            if name == "month_alone" and not _MONTH_BEFORE.search(clock.text[max(0, start - 12) : start]):
                continue
            if name in _COUNTED_FROM:
                span = _from_told(name, match, clock, [*taken, *found])
            else:
                span = _MEANINGS[name](match, clock) if clock.today or name == "holiday" else None
            if span is None and (name in _COUNTED_FROM or (clock.today and name != "ago")):
                continue
            if span and (whole := NIGHT_OF.search(clock.text, max(0, start - 24), start)):
                start = whole.start()
            words = clock.text[start:end]
            normal = iso(span) if span else re.sub(r"\s+", " ", words.lower())
            certainty = "likely" if span else "possible"
            found.append(Mention("date", words, normal, start, end, f"date.vague.{name}", certainty, None, span))
            spans.append((start, end))
    return sorted(found, key=lambda m: m.start)


_COUNTED_FROM = ("that_day", "day_of_month", "weekday_nth")


def _from_told(name: str, match: re.Match[str], clock: Clock, told: list[Mention]) -> PartialDate | None:
    """ "That night", "on the 2nd": counted from the day that the text told last, else from the document's own."""
    days = [m for m in told if m.date and m.date.precision == "day" and m.end <= match.start() and m.role != "birth"]
    last = max(days, key=lambda m: m.end, default=None)
    if name == "that_day":
        return last.date if last and match.start() - last.end < _NEAR else None
    number = int(match["d"])
    anchors = [d for d in (last.date.first if last and last.date else None, clock.today) if d is not None]
    for anchor in anchors:
        options = [
            d for m in (-1, 0, 1) if (first := add_months(anchor, m)) and (d := day(first.year, first.month, number))
        ]
        if name == "weekday_nth":
            options = [d for d in options if d.first.weekday() == weekday_of(match["w"])]
        elif anchor == clock.today and clock.tense(*match.span()) != "ahead":
            options = [d for d in options if d.first <= anchor] or options
        if options:
            return min(options, key=lambda d: abs((d.first - anchor).days))
    return None


def _counted(match: re.Match[str]) -> tuple[int, int, bool]:
    word = match["n"].lower()
    loose = bool(match["loose"])
    if word in _FEW:
        return (*_FEW[word], True)
    number = int(word) if word.isdigit() else NUMBERS.get(word, 1)
    return number, number, loose


def _ago(match: re.Match[str], clock: Clock, sign: int = -1) -> PartialDate | None:
    today = clock.today
    if today is None or match["way"] in ("earlier", "before that"):
        return None  # counted from something else that the text speaks of
    low, high, loose = _counted(match)
    unit = match["unit"].lower()
    more = 1 if loose and low == high else 0
    low, high = max(low - more, 0), high + more
    first, last = (high, low) if sign < 0 else (low, high)
    if unit in ("day", "night"):
        return _interval(today + timedelta(sign * first), today + timedelta(sign * last))
    if unit in ("week", "weekend"):
        # "Two weeks ago" may be any day of that week.
        return _interval(today + timedelta(sign * 7 * first - 3), today + timedelta(sign * 7 * last + 3))
    if unit == "month":
        return _span(month_span(add_months(today, sign * first)), month_span(add_months(today, sign * last)))
    years = 10 if unit == "decade" else 1
    low_year, high_year = today.year + sign * first * years, today.year + sign * last * years
    if unit == "decade":
        low_year, high_year = low_year - 1, high_year + 1
    if low_year < 1:
        return None
    return _span(PartialDate.of_year(low_year), PartialDate.of_year(high_year))


def _from_now(match: re.Match[str], clock: Clock) -> PartialDate | None:
    return _ago(match, clock, sign=1)


def _weekday_of(match: re.Match[str], clock: Clock) -> PartialDate | None:
    today = clock.today
    assert today is not None
    which, number = match["which"].lower(), weekday_of(match["w"])
    back = (today.weekday() - number) % 7
    if which in ("last", "past", "this past", "the previous"):
        return _one(today - timedelta(back or 7))
    if which in ("next", "the following"):
        return _one(today + timedelta((number - today.weekday()) % 7 or 7))
    return _weekday(match, clock)


def _weekday(match: re.Match[str], clock: Clock) -> PartialDate | None:
    """A weekday alone is within a week of the paper: before it, unless the sentence looks ahead."""
    today = clock.today
    assert today is not None
    number = weekday_of(match["w"])
    today = _day_of_row(match, clock) or today
    if clock.tense(*match.span()) == "ahead":
        return _one(today + timedelta((number - today.weekday()) % 7))
    return _one(today - timedelta((today.weekday() - number) % 7))


_ROW = re.compile(
    r"[ \t]*(?:#?\d{1,3}[.):]?[ \t]+)?(?P<m>1[0-2]|0?[1-9])[/-](?P<d>3[01]|[12]\d|0?[1-9])(?:[/-](?P<y>(?:19|"
    r"20)?\d\d))?(?=[ \t])"
)


def _day_of_row(match: re.Match[str], clock: Clock) -> date | None:
    """The day at the head of the row of a log: what the row tells is counted from it, not from the log's last day."""
    assert clock.today is not None
    head = _ROW.match(clock.text, clock.text.rfind("\n", 0, match.start()) + 1)
    if head is None or head.end() > match.start():
        return None
    latest = clock.today
    years = (latest.year, latest.year - 1)
    if head["y"]:
        years = (
            int(head["y"]) if len(head["y"]) == 4 else whole_year(int(head["y"]), latest=latest, century_from=1930),
        ) * 2
    days = [d.first for y in years if (d := day(y, int(head["m"]), int(head["d"]))) and d.first <= latest]
    return days[0] if days else None


def _season(match: re.Match[str], clock: Clock) -> PartialDate | None:
    today, which, name = clock.today, match["which"].lower(), match["season"].lower()
    assert today is not None
    if which == "that":
        return None
    this = season(name, today.year - 1 if name == "winter" and today.month < 7 else today.year)
    if which in ("last", "past", "this past"):
        found = this if this.last < today else season(name, this.first.year - 1)
    elif which in ("next", "this coming"):
        found = this if this.first > today else season(name, this.first.year + 1)
    else:
        found = this
    return _part(found, match["part"])


def _month(match: re.Match[str], clock: Clock) -> PartialDate | None:
    today, which, number = clock.today, match["which"].lower(), month_of(match["m"])
    assert today is not None
    year = today.year
    if which in ("last", "this past"):
        year -= number >= today.month
    elif which in ("next", "this coming"):
        year += number <= today.month
    return _part(PartialDate.of_month(year, number), match["part"])


def _period(match: re.Match[str], clock: Clock) -> PartialDate | None:
    today, unit = clock.today, match["unit"].lower()
    assert today is not None
    step = {"last": -1, "this past": -1, "next": 1, "this coming": 1}.get(match["which"].lower(), 0)
    found: PartialDate | None = None
    if unit == "week":
        sunday = today - timedelta((today.weekday() + 1) % 7) + timedelta(7 * step)
        found = _interval(sunday, sunday + timedelta(6))
    elif unit == "weekend":
        saturday = today + timedelta((5 - today.weekday()) % 7 if today.weekday() != 6 else -1)
        if step < 0 or (step == 0 and today.weekday() < 5 and clock.tense(*match.span()) == "back"):
            saturday -= timedelta(7)
        found = _interval(saturday, saturday + timedelta(1))
    elif unit == "month":
        found = month_span(add_months(today, step))
    elif unit == "year":
        found = PartialDate.of_year(today.year + step)
    elif unit == "decade":
        first = today.year - today.year % 10 + 10 * step
        found = PartialDate(date(first, 1, 1), date(first + 9, 12, 31), "decade")
    if found is None or not match["part"]:
        return found
    part = match["part"].lower()
    if part in ("earlier", "later"):
        # "Earlier this month" lies between its first day and today.
        if part == "earlier":
            return _interval(found.first, max(found.first, min(today, found.last)))
        return _interval(max(today, found.first), max(today, found.last))
    return _part(found, part)


def _part_of_month(match: re.Match[str], clock: Clock) -> PartialDate | None:
    found = _month_alone(match, clock)
    return _part(found, match["part"]) if found else None


def _month_alone(match: re.Match[str], clock: Clock) -> PartialDate | None:
    today, number = clock.today, MONTHS[match["m"].lower().rstrip(".")]
    assert today is not None
    tense = clock.tense(*match.span())
    options = [PartialDate.of_month(y, number) for y in (today.year - 1, today.year, today.year + 1)]
    if tense == "ahead":
        options = [o for o in options if o.last >= today]
    elif tense == "back":
        options = [o for o in options if o.first <= today]
    return min(options, key=lambda o: abs((o.first - today).days))


def _holiday(match: re.Match[str], clock: Clock) -> PartialDate | None:
    name, today = match["holiday"].lower().replace("’", "'"), clock.today
    if match["y"]:
        exact = holiday(name, int(match["y"]))
    elif today is None:
        return None
    else:
        which = (match["which"] or "").strip().lower()
        ahead = which == "next" or (which != "last" and clock.tense(*match.span()) == "ahead")
        days = [d for y in (today.year - 1, today.year, today.year + 1) if (d := holiday(name, y))]
        exact = min(d for d in days if d >= today) if ahead else max(d for d in days if d <= today)
    if exact is None:
        return None
    if match["weekend"]:
        return _interval(exact - timedelta(3), exact + timedelta(3))
    return _one(exact)


def _near_day(match: re.Match[str], clock: Clock) -> PartialDate | None:
    today, near = clock.today, match["near"].lower()
    assert today is not None
    if near in ("yesterday", "last night"):
        return _one(today - timedelta(1))
    return _one(today + timedelta(1) if near == "tomorrow" else today)


def _this_date(match: re.Match[str], clock: Clock) -> PartialDate | None:
    del match
    return _one(clock.today) if clock.today else None


def _part(found: PartialDate, part: str | None) -> PartialDate:
    if not part:
        return found
    word = {
        "the end of": "late",
        "the beginning of": "early",
        "the middle of": "mid",
        "later": "late",
        "earlier": "early",
    }
    return part_of(found, word.get(part.lower(), part.lower()))


def _one(exact: date) -> PartialDate:
    return PartialDate(exact, exact, "day")


def _interval(first: date, last: date) -> PartialDate:
    return PartialDate(min(first, last), max(first, last), "day" if first == last else "interval")


def _span(one: PartialDate, other: PartialDate) -> PartialDate:
    if one == other:
        return one
    return PartialDate(min(one.first, other.first), max(one.last, other.last), "interval")


_MEANINGS: Mapping[str, Callable[[re.Match[str], Clock], PartialDate | None]] = {
    "ago": _ago,
    "from_now": _from_now,
    "weekday_of": _weekday_of,
    "season": _season,
    "month": _month,
    "period": _period,
    "part_of_month": _part_of_month,
    "holiday": _holiday,
    "near_day": _near_day,
    "this_date": _this_date,
    "weekday": _weekday,
    "month_alone": _month_alone,
}
