"""Dates that count from another day of the text: "the Friday before Memorial Day", "two years later", "the 27th".

Two ways. Words before a date that is found already make one date of both ("the first week of" March). Words alone
count from the day that the text told last; without one they are passed over, since they date nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from thaw.record import PartialDate

from .anchors import anchors_of, matches_at
from .date_words import (
    NUMBERS,
    ORDINALS,
    WEEKDAY_LONG,
    add_months,
    day,
    iso,
    month_span,
    part_of,
    season,
    weekday_of,
)
from .dates import NIGHT_OF, Clock
from .gazetteers import words
from .mention import Mention
from .steps import AMOUNT, UNIT, amount_of, stepped

_NTH = "first|second|third|fourth|last|1st|2nd|3rd|4th"
_WHICH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "last": -1}
_DAYPART = r"(?:\s+(?:morning|afternoon|evening|night))?"
# What may stand right before a date and makes one date of both.
_LEADS = {
    "beside": re.compile(
        rf"(?:\b(?:the\s+)?(?:(?P<n>{AMOUNT})\s+)?(?:(?P<unit>{UNIT})|(?P<w>{WEEKDAY_LONG}){_DAYPART}))s?\s+"
        r"(?P<way>before|after|following|preceding|prior to)\s+(?:the\s+)?$",
        re.IGNORECASE,
    ),
    "weeks": re.compile(rf"\b(?P<n>{AMOUNT})\s+weeks?\s+(?P<way>ago|from)\s+$", re.IGNORECASE),
    "years": re.compile(rf"\b(?P<n>{AMOUNT})\s+years?\s+ago\s+$", re.IGNORECASE),
    "nth": re.compile(
        rf"\bthe\s+(?P<nth>{_NTH})\s+(?:(?P<unit>week|weekend|day|quarter|half)|(?P<w>{WEEKDAY_LONG}){_DAYPART})\s+"
        r"(?:of|in)\s+(?:the\s+year\s+)?$",
        re.IGNORECASE,
    ),
    "part": re.compile(
        r"(?:\bthe\s+(?P<side>end|beginning|start|middle)\s+of|\b(?P<part>early|late)\s+in)\s+(?:the\s+)?$",
        re.IGNORECASE,
    ),
    "week_of": re.compile(r"\b(?:the\s+)?week\s+(?:of|beginning|starting|ending)\s+$", re.IGNORECASE),
    "number": re.compile(r"\bthe\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?:day\s+)?of\s+$", re.IGNORECASE),
    "of": re.compile(r"\s+of\s+$", re.IGNORECASE),
}
# The last word before a date, and the rules that it may belong to.
_LAST_WORDS = {
    **dict.fromkeys(("before", "after", "following", "preceding", "to"), ("beside",)),
    **dict.fromkeys(("from",), ("weeks",)),
    "ago": ("years", "weeks"),
    "of": ("nth", "part", "number", "week_of"),
    **dict.fromkeys(("beginning", "starting", "ending"), ("week_of",)),
    "in": ("nth", "part"),
    "the": ("beside", "part"),
    "year": ("nth",),
}
_LAST_WORD = re.compile(r"([A-Za-z]+)\s+$")
_REACH = 60
_NEAR = 600


def find_linked_dates(clock: Clock, found: Sequence[Mention]) -> tuple[list[Mention], list[Mention]]:
    """New dates, and those of `found` that they take in: these are no dates of their own any more."""
    dates = sorted((m for m in found if m.kind == "date"), key=lambda m: m.start)
    new: list[Mention] = []
    gone: list[Mention] = []
    for i, mention in enumerate(dates):
        made = _led(clock, mention, dates[i - 1] if i else None)
        if made is not None:
            new.append(made)
            gone += [m for m in dates if made.start < m.end and m.start < made.end]
    left = [m for m in dates if m not in gone]
    told = sorted([*left, *new], key=lambda m: m.start)
    for made in _counted(clock, [m for m in found if m.kind != "date"], told):
        new.append(made)
    return new, gone


def _led(clock: Clock, mention: Mention, before: Mention | None) -> Mention | None:
    """A date together with the words before it that move it, or None."""
    if mention.date is None or mention.role in ("birth", "document"):
        return None
    lead = clock.text[max(0, mention.start - _REACH) : mention.start]
    if before and before.date and before.end < mention.start and _joins(clock.text[before.end : mention.start]):
        span = _of_period(before, mention) if " of " in clock.text[before.end : mention.start] else None
        if span is not None:
            return _made(clock, before.start, mention.end, span, "of")
    last = _LAST_WORD.search(lead)
    for name in _LAST_WORDS.get(last[1].lower(), ()) if last else ():
        match = _LEADS[name].search(lead)
        span = _moved(name, match, mention.date, clock) if match else None
        if match and span is not None:
            return _made(clock, mention.start - len(lead) + match.start(), mention.end, span, name)
    return None


def _joins(between: str) -> bool:
    return between in (" of ", " of the ")


def _of_period(first: Mention, second: Mention) -> PartialDate | None:
    """ "Tuesday of last week", "June of last year": the day or month that lies in the period."""
    assert first.date is not None
    assert second.date is not None
    if first.rule == "date.vague.weekday" and (second.date.last - second.date.first).days == 6:
        wanted = first.date.first.weekday()
        return _one(second.date.first + timedelta((wanted - second.date.first.weekday()) % 7))
    if first.rule == "date.vague.month_alone" and second.date.precision == "year":
        return PartialDate.of_month(second.date.first.year, first.date.first.month)
    return None


def _moved(name: str, match: re.Match[str], anchor: PartialDate, clock: Clock) -> PartialDate | None:
    if name == "beside":
        if match["unit"] and not match["n"] and match.group()[match.end("unit") - match.start()] == "s":
            return None  # "the days after Christmas": nobody says how many
        sign = -1 if match["way"].lower() in ("before", "preceding", "prior to") else 1
        return stepped(anchor, match["unit"] or match["w"], amount_of(match["n"]) if match["n"] else (1, 1), sign)
    if name == "weeks":
        low, high = amount_of(match["n"])
        if anchor.precision != "day" or low != high:
            return None
        if match["way"].lower() == "from" and clock.today and anchor.first < clock.today:
            anchor = _one(anchor.first + timedelta(7))  # "a week from Friday": the Friday to come
        return _one(anchor.first + timedelta((-7 if match["way"].lower() == "ago" else 7) * low))
    if name == "years":
        low, high = amount_of(match["n"])
        return _years_before(anchor, low) if low == high else None
    if name == "week_of":
        if anchor.precision != "day":
            return None
        if "ending" in match.group().lower():
            return PartialDate(anchor.first - timedelta(6), anchor.first, "interval")
        # "The week of the 12th" is the one from Sunday that the day lies in, or begins when it is a Monday.
        sunday = anchor.first - timedelta((anchor.first.weekday() + 1) % 7)
        first = anchor.first if anchor.first.weekday() in (0, 6) else sunday
        return PartialDate(first, first + timedelta(6), "interval")
    if name == "number":
        exact = day(anchor.first.year, anchor.first.month, int(match["d"]))
        return exact if anchor.precision == "month" else None
    if name == "part":
        if anchor.precision not in ("month", "year", "decade", "season"):
            return None
        side = {"end": "late", "beginning": "early", "start": "early", "middle": "mid"}
        return part_of(anchor, match["part"].lower() if match["part"] else side[match["side"].lower()])
    return _nth(match, anchor)


def _nth(match: re.Match[str], anchor: PartialDate) -> PartialDate | None:
    """ "The first week of March", "the last Friday in February", "the third quarter of 1983"."""
    which, unit = _WHICH[match["nth"].lower()], (match["unit"] or "").lower()
    if unit in ("quarter", "half"):
        months = 3 if unit == "quarter" else 6
        which = 12 // months if which < 0 else which
        if anchor.precision != "year" or which * months > 12:
            return None
        first = date(anchor.first.year, (which - 1) * months + 1, 1)
        return PartialDate(first, add_months(first, months) - timedelta(1), "interval")
    if anchor.precision != "month":
        return None
    last = anchor.last
    if unit == "day":
        return _one(last) if which < 0 else day(last.year, last.month, which)
    if unit == "week":
        first = last - timedelta(6) if which < 0 else anchor.first + timedelta(7 * (which - 1))
        return PartialDate(first, first + timedelta(6), "interval")
    weekday = 5 if unit == "weekend" else weekday_of(match["w"])
    days = [anchor.first + timedelta(n) for n in range((last - anchor.first).days + 1)]
    fit = [d for d in days if d.weekday() == weekday]
    chosen = fit[-1] if which < 0 else fit[which - 1]
    return PartialDate(chosen, chosen + timedelta(1), "interval") if unit == "weekend" else _one(chosen)


def _years_before(anchor: PartialDate, years: int) -> PartialDate | None:
    """ "Two years ago this fall", "a year ago last May": the same days so many years before."""
    try:
        return PartialDate(
            anchor.first.replace(year=anchor.first.year - years),
            anchor.last.replace(year=anchor.last.year - years),
            anchor.precision,
        )
    except ValueError:
        return None  # 29 February has no such day


_RULES = {
    "next": re.compile(
        rf"the\s+(?P<way>next|following|previous|preceding)\s+(?:(?P<unit>{UNIT})|(?P<w>{WEEKDAY_LONG}){_DAYPART})\b"
        r"(?!['’-])",
        re.IGNORECASE,
    ),
    "later": re.compile(
        rf"(?P<n>{AMOUNT})\s+(?P<unit>day|night|week|month|year)s?\s+(?P<way>later|afterwards?|earlier|previously|"
        r"after that|before that)\b",
        re.IGNORECASE,
    ),
    "beside": re.compile(
        rf"the\s+(?P<unit>{UNIT})\s+(?P<way>before|after)(?=\s*(?:[.,;:!?)\"”—]|$|\n\n|\s(?:and|at|by|with)\b))",
        re.IGNORECASE,
    ),
    "same": re.compile(
        rf"(?:(?:that|the)\s+same|that)\s+(?P<unit>{UNIT})(?=[\s,.;:!?)])(?!\s+(?:he|she|it|they)\s+(?:was|is)\s+born)",
        re.IGNORECASE,
    ),
    "day_of_month": re.compile(
        rf"(?:the\s+|(?:(?<=[Cc]hecked )|(?<=[Cc]heck )|(?<=night of )|(?<=since )|(?<=until )|(?<=as of ))(?=\d))"
        rf"(?P<d>\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(sorted(ORDINALS, key=len, reverse=True))})"
        r"(?:\s?(?:-|–|/|to|thru|through|until|and|or)\s?(?:the\s+)?(?P<d2>\d{1,2})(?:st|nd|rd|th))?"
        r"(?:\s+(?P<when>inst|ult)\.)?(?!\w|-\w|['’])(?P<next>\s*[A-Za-z.,;:!?)\"”—-]*)",
        re.IGNORECASE,
    ),
    "weekday_nth": re.compile(
        rf"(?P<w>{WEEKDAY_LONG}|(?:Mon|Tues?|Weds?|Thurs?|Fri|Sat|Sun)\b\.?){_DAYPART},?\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)\b(?P<d2>)(?P<when>)",
        re.IGNORECASE,
    ),
}
_HEADS = {
    **dict.fromkeys(("next", "beside", "day_of_month"), ("the",)),
    "same": ("tha", "the"),
    "later": tuple(dict.fromkeys(word[:3] for word in [*NUMBERS, "a", "few", "several", "couple", "some"])),
    "weekday_nth": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
}
# A number of the month alone needs a word before it that days have, and after it none that makes it another number.
_DAY_BEFORE = re.compile(
    r"\b(?:(?:re)?check(?:ed)?|not|was|is|or|for|than|say|said|maybe|definitely|on|of|until|till|by|from|since|before|after|between|thru|through|around|about|night|morning|evening)\s+$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s*(?:$|[.,;:!?)\"”—-]|(?:and|or|at|about|around|when|while|he|she|i|we|they|it|his|her|who|which|that|but|for|was|is|"
    r"were|with|in|through|thru|to|until|till|before|after|inst|ult|by|from|as|because|morning|afternoon|evening|night|"
    r"the|a|an|my|our|there|only|nobody|nothing)$)",
    re.IGNORECASE,
)


# Any small word may follow a day but those that make the number one of many: "the 3rd of four".
_SMALL = words("words", "function") - frozenset(
    ["of", "one", "two", "three", "few", "last", "most", "more", "such", "same"]
)
_AFTER_WEEKDAY = re.compile(r"day,?\s+$")
_LISTED = re.compile(r",?\s*(?:and\s+)?\d+(?:st|nd|rd|th)\b|\s+and\s+[A-Z]")
_CORNER = re.compile(r"\b(?:corner|intersection|block|foot|end|grade|winner|most)\s+of\s+$", re.IGNORECASE)


def _counted(clock: Clock, taken: Sequence[Mention], told: list[Mention]) -> Iterator[Mention]:
    """Words that count from the day told last, in order; each can be the day that the next one counts from."""
    closed = [(m.start, m.end) for m in (*taken, *told)]
    anchors = anchors_of(clock.text)
    hits = [
        (match.start(), name, match)
        for name, rule in _RULES.items()
        for match in matches_at(rule, clock.text, anchors.at(_HEADS[name], figures=name in ("later", "day_of_month")))
    ]
    for start, name, match in sorted(hits, key=lambda h: (h[0], -h[2].end())):
        end = match.end() - len(match["next"]) if name == "day_of_month" else match.end()
        if start and (clock.text[start - 1].isalnum() or clock.text[start - 1] in "-$#"):
            continue
        if any(a < end and start < b for a, b in closed):
            continue
        span = _from_told(name, match, clock, told)
        if span is None:
            continue
        if whole := NIGHT_OF.search(clock.text, max(0, start - 24), start):
            start = whole.start()
        elif span.precision == "day" and (whole := _WHOLE.search(clock.text, max(0, start - 24), start)):
            start = whole.start()
            if whole["unit"].lower() == "week":
                sunday = span.first - timedelta((span.first.weekday() + 1) % 7)
                span = PartialDate(sunday, sunday + timedelta(6), "interval")
            else:
                saturday = span.first - timedelta((span.first.weekday() + 2) % 7)
                span = PartialDate(saturday, saturday + timedelta(1), "interval")
        made = _made(clock, start, end, span, name)
        closed.append((start, end))
        told.append(made)
        yield made


_WHOLE = re.compile(r"\b(?:the\s+)?(?P<unit>week|weekend)\s+of\s+$", re.IGNORECASE)


def _from_told(name: str, match: re.Match[str], clock: Clock, told: list[Mention]) -> PartialDate | None:
    before = [
        m for m in told if m.date and m.end <= match.start() and m.role not in ("birth", "document") and _is_told(m)
    ]
    if name in ("day_of_month", "weekday_nth"):
        return _day_of_month(name, match, clock, before)
    last = max(before, key=lambda m: m.end, default=None)
    groups = match.groupdict()
    if groups.get("w") and clock.today and (last is None or match.start() - last.end > _NEAR):
        return stepped(
            _one(clock.today), groups["w"], (1, 1), 1 if match["way"].lower() in ("next", "following") else -1
        )
    if last is None or last.date is None or match.start() - last.end > _NEAR:
        return None
    if name == "same":
        return _same(match["unit"].lower(), last.date)
    way = match["way"].lower()
    sign = -1 if way in ("previous", "preceding", "before", "earlier", "previously", "before that") else 1
    return stepped(last.date, match["unit"] or groups["w"], amount_of(groups["n"]) if groups.get("n") else (1, 1), sign)


def _is_told(mention: Mention) -> bool:
    """Whether a day is one that the text tells of; "this date" and "today" are the writer's."""
    return mention.rule not in ("date.vague.this_date",)


def _same(unit: str, anchor: PartialDate) -> PartialDate | None:
    if unit in ("day", "night", "evening", "morning", "afternoon"):
        return anchor if anchor.precision == "day" else None
    if unit == "year":
        return PartialDate.of_year(anchor.first.year) if anchor.first.year == anchor.last.year else None
    if unit in ("spring", "summer", "fall", "autumn", "winter"):
        if anchor.first.year != anchor.last.year:
            return None
        return season(
            unit, anchor.first.year - (unit == "winter" and anchor.precision != "year" and anchor.first.month < 7)
        )
    if anchor.precision == "day" and unit in ("week", "weekend"):
        sunday = anchor.first - timedelta((anchor.first.weekday() + 1) % 7)
        if unit == "week":
            return PartialDate(sunday, sunday + timedelta(6), "interval")
        saturday = anchor.first + timedelta((5 - anchor.first.weekday()) % 7 if anchor.first.weekday() != 6 else -1)
        return PartialDate(saturday, saturday + timedelta(1), "interval")
    if unit == "month" and anchor.first.month == anchor.last.month and anchor.first.year == anchor.last.year:
        return month_span(anchor.first)
    return None


def _day_of_month(name: str, match: re.Match[str], clock: Clock, before: list[Mention]) -> PartialDate | None:
    # An interval of days is told of too: "the 19th through the 26th of August ... the night of the 22nd".
    days = [m for m in before if m.date and (m.date.precision == "day" or _few_days(m.date))]
    last = max(days, key=lambda m: m.end, default=None)
    if name == "day_of_month" and not _is_a_day(match, clock.text, last):
        return None
    number = _number(match["d"])
    if match["when"] and clock.today:
        first = add_months(clock.today, -1 if match["when"].lower() == "ult" else 0)
        return day(first.year, first.month, number)
    near = last if last and last.date else None
    whole = max((m for m in before if m.date and m.date.precision == "month"), key=lambda m: m.end, default=None)
    if whole is not None and whole.date and match.start() - whole.end < 24 and (not near or near.end < whole.end):
        return day(whole.date.first.year, whole.date.first.month, number)  # "28 next month, on the 19th"
    for anchor in [d for d in (near.date.first if near and near.date else None, clock.today) if d is not None]:
        options = [
            d for m in (-1, 0, 1) if (first := add_months(anchor, m)) and (d := day(first.year, first.month, number))
        ]
        if name == "weekday_nth":
            options = [d for d in options if d.first.weekday() == weekday_of(match["w"])]
        elif anchor == clock.today and clock.tense(*match.span()) != "ahead":
            options = [d for d in options if d.first <= anchor] or options
        if options:
            found = min(options, key=lambda d: abs((d.first - anchor).days))
            return _until(found, match["d2"])
    return None


def _few_days(span: PartialDate) -> bool:
    return span.precision == "interval" and (span.last - span.first).days <= 14


def _until(first: PartialDate, number: str | None) -> PartialDate | None:
    """ "The 3rd to the 5th": an interval; the last day is the first such one after."""
    if not number:
        return first
    month = first.first
    last = day(month.year, month.month, int(number))
    if last is None or last.first <= first.first:
        later = add_months(month, 1)
        last = day(later.year, later.month, int(number))
    return PartialDate(first.first, last.first, "interval") if last else None


def _is_a_day(match: re.Match[str], text: str, last: Mention | None) -> bool:
    """Whether "the 27th" is a day: a word before it that days have, or a day told close by; no noun after it."""
    if _LISTED.match(text, match.end() - len(match["next"])) or _CORNER.search(
        text[max(0, match.start() - 24) : match.start()]
    ):
        return False
    word = re.match(r"\s*[A-Za-z]+", match["next"])
    small = word is not None and word.group().strip().lower() in _SMALL
    if not small and not _GOES_ON.match(word.group() if word else match["next"]):
        return False
    if match["when"]:
        return True
    spelled = not match["d"][0].isdigit()
    led = _DAY_BEFORE.search(text[max(0, match.start() - 14) : match.start()])
    if spelled:
        # "On the first", "on the second" are mostly said of other things.
        before = led.group().split()[0].lower() if led else ""
        if _AFTER_WEEKDAY.search(text, max(0, match.start() - 14), match.start()):
            return True  # "Friday, the first"
        return _number(match["d"]) > 3 and before in ("on", "until", "till", "by", "night", "morning")
    near = last is not None and match.start() - last.end < 200
    return bool(led) or bool(match["d2"]) or (near and not re.search(r"\bin $", text[: match.start()][-4:]))


def _number(words: str) -> int:
    return int(re.sub(r"\D", "", words)) if words[0].isdigit() else ORDINALS.index(words.lower()) + 1


def _made(clock: Clock, start: int, end: int, span: PartialDate, rule: str) -> Mention:
    return Mention("date", clock.text[start:end], iso(span), start, end, f"date.linked.{rule}", "likely", None, span)


def _one(exact: date) -> PartialDate:
    return PartialDate(exact, exact, "day")
