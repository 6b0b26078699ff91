"""Dates that count from the day on which the document was written: "this summer", "last Friday", "ten years ago".

Each becomes the interval of days that its words allow. A document without a date leaves them undated: the words stay,
the normal form is the words, and `date` is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from thaw.record import PartialDate

from .anchors import anchors_of, matches_at
from .date_words import (
    MONTHS,
    NUMBERS,
    add_months,
    iso,
    month_of,
    month_span,
    part_of,
    season,
    weekday_of,
)
from .dates import NIGHT_OF, Clock
from .holidays import holiday
from .mention import Mention
from .row_days import day_of_row
from .vague_rules import PATTERNS, SIGNS, STARTS

_NAME_OF_ONE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sgt|Lt|Det|Capt|Ofc|Dep|Joe|Miss)\.?\s+$")
_FOLLOWING = re.compile(r"\b(?:[Tt]he\s+)(?:following|next|previous|preceding)\s+$")
_WEEKDAY_BEFORE = re.compile(
    r"(?:\b(?:on|since|until|till|by|last|next|this|from|thru|through|to|or|and|both|every|each|about|around|DAY|DATE|made|seen|off|of|for|late|early|"
    r"&)\s*:?\s*|[-–]\s?)$",
    re.IGNORECASE,
)


def _is_weekday(match: re.Match[str], text: str) -> bool:
    """Whether "Sat", "Sun.", "Wed" is a day and no seat, star or wedding."""
    word, start, end = match["w"], match.start(), match.end()
    if (start and text[start - 1] in "-/'’") or match.group().rstrip(".") != match["w"].rstrip(".") or match["which"]:
        return match["which"] is not None or text[start - 1 : start] not in ("-", "/", "'", "’")
    plain = word.rstrip(".")
    if (
        _IN_A_SENTENCE.search(text, max(0, start - 3), start) is not None
        and word[1:].islower()
        and plain not in ("Sun", "Mon")
    ):
        return True  # "borrowed it Fri noon", "brought back Sat 7 am"
    if plain.isupper() and _letters_around(text, start, end):
        if _IN_A_BOX.search(text, max(0, start - 4), start) and _BOX_ENDS.match(text, end):
            return True  # "5. DAY" and under it "THU / FRI"
        return bool(_DAY_FIELD.search(text, max(0, start - 12), start))
    if word.endswith(".") or plain.lower() in ("tues", "thurs", "weds", "thur"):
        return text[end : end + 1] != "\n" or plain.lower() not in ("sun", "sat") or word[0].isupper()
    led = _WEEKDAY_BEFORE.search(text, max(0, start - 10), start)
    return led is not None and (led.group().strip().lower() == "since" or not text[end : end + 2].strip()[:1].isalpha())


_IN_A_SENTENCE = re.compile(r"[a-z] $")
_DAY_FIELD = re.compile(r"\b(?:DAY|DATE|ON|LAST|NEXT|THIS)\b\s*:?\s*$")


_IN_A_BOX, _BOX_ENDS = re.compile(r"(?: {2}|\t| / ?)$"), re.compile(r" ?/ ?[A-Z]|[ \t]{2,}|[ \t]*$", re.MULTILINE)


def _letters_around(text: str, start: int, end: int) -> bool:
    """Whether the words beside a word in capitals are in capitals too: then its print says nothing."""
    line = text[text.rfind("\n", 0, start) + 1 : (text + "\n").find("\n", end)]
    return line.upper() == line


_MONTH_BEFORE = re.compile(
    r"\b(?:in|thru|maybe|about|around|early|late|mid|last|next|since|until|till|by|during|of|from|to|through|for|and|or|before|after|a|the)\s+$|\($"
)
_FEW = {"a few": (2, 5), "several": (3, 7), "a couple": (2, 2), "a couple of": (2, 2)}


def find_vague_dates(clock: Clock, taken: list[Mention]) -> list[Mention]:
    """The vague dates of a text outside the mentions that are taken, in order."""
    found: list[Mention] = []
    spans = [(m.start, m.end) for m in taken]
    low, anchors = clock.text.lower(), anchors_of(clock.text)
    for name, pattern in PATTERNS.items():
        if not any(word in low for word in SIGNS[name]):
            continue
        for match in matches_at(
            pattern, clock.text, anchors.at(STARTS[name], figures=name in ("ago", "from_now", "ago_named"))
        ):
            start, end = match.span()
            if any(a < end and start < b for a, b in spans):
                continue
            if name == "month_alone" and not _MONTH_BEFORE.search(clock.text[max(0, start - 12) : start].lower()):
                continue
            if name == "short_weekday" and not _is_weekday(match, clock.text):
                continue
            if name == "weekday" and _FOLLOWING.search(clock.text, max(0, start - 14), start):
                continue  # "the following Monday" counts from the day told last
            if name in ("month_alone", "weekday") and _NAME_OF_ONE.search(clock.text[max(0, start - 9) : start]):
                continue
            span = _MEANINGS[name](match, clock) if clock.today or name == "holiday" else None
            if span is None and clock.today and name not in ("ago", "ago_named"):
                continue
            if span and (whole := NIGHT_OF.search(clock.text, max(0, start - 24), start)):
                start = whole.start()
            words = clock.text[start:end]
            normal = iso(span) if span else re.sub(r"\s+", " ", words.lower())
            certainty = "likely" if span else "possible"
            found.append(Mention("date", words, normal, start, end, f"date.vague.{name}", certainty, None, span))
            spans.append((start, end))
    return sorted(found, key=lambda m: m.start)


def _counted(match: re.Match[str]) -> tuple[int, int, bool]:
    word = match["n"].lower()
    loose = bool(match.groupdict().get("loose"))
    if word in _FEW:
        return (*_FEW[word], True)
    number = int(word) if word.isdigit() else NUMBERS.get(word, 1)
    groups = match.groupdict()
    if groups.get("n2"):
        other = int(groups["n2"]) if groups["n2"].isdigit() else NUMBERS.get(groups["n2"].lower(), number)
        return min(number, other), max(number, other), loose
    if groups.get("so"):
        more = {"two": 1, "three": 2}.get(groups["so"].split()[-1].lower(), 0)
        return number, number + more, loose or not more
    return number, number, loose


def _ago(match: re.Match[str], clock: Clock, sign: int = -1) -> PartialDate | None:
    today = clock.today
    if today is None:
        return None
    low, high, loose = _counted(match)
    unit = match["unit"].lower()
    more = 1 if loose and low == high else 0
    low, high = max(low - more, 0), high + more
    first, last = (high, low) if sign < 0 else (low, high)
    if unit in ("day", "night"):
        return _interval(today + timedelta(sign * first), today + timedelta(sign * last))
    if unit == "fortnight":
        first, last = 2 * first, 2 * last
    if unit in ("week", "weekend", "fortnight"):
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


def _ago_named(match: re.Match[str], clock: Clock) -> PartialDate | None:
    """ "Two summers ago", "two Fridays ago": the last one that is over, and so many less one before it."""
    today = clock.today
    if today is None:
        return None
    number = _counted(match)[0] - 1
    if match["w"]:
        back = (today.weekday() - weekday_of(match["w"])) % 7 or 7
        return _one(today - timedelta(back + 7 * number))
    if match["season"]:
        return _ended_season(match["season"].lower(), today, number)
    exact = holiday(match["holiday"].lower(), today.year)
    year = today.year - (exact is None or exact >= today) - number
    exact = holiday(match["holiday"].lower(), year)
    return _one(exact) if exact else None


def _ended_season(name: str, today: date, more: int) -> PartialDate:
    """The last season of a name that is over; with `more`, so many years before it."""
    year = next(y for y in (today.year, today.year - 1, today.year - 2) if season(name, y).last < today)
    return season(name, year - more)


def _before_last(match: re.Match[str], clock: Clock) -> PartialDate | None:
    assert clock.today is not None
    today = _day_of_row(match, clock) or clock.today
    if match["season"]:
        return _ended_season(match["season"].lower(), today, 1)
    if match["w"]:
        back = (today.weekday() - weekday_of(match["w"])) % 7 or 7
        return _one(today - timedelta(back + 7))
    unit = match["unit"].lower()
    if unit == "year":
        return PartialDate.of_year(today.year - 2)
    if unit == "month":
        return month_span(add_months(today, -2))
    sunday = today - timedelta((today.weekday() + 1) % 7 + 14)
    return _interval(sunday, sunday + timedelta(6)) if unit == "week" else _weekend_before(today - timedelta(7))


def _weekend(match: re.Match[str], clock: Clock) -> PartialDate | None:
    assert clock.today is not None
    ahead = not match["which"] and clock.tense(*match.span()) == "ahead"
    return _weekend_before(clock.today + timedelta(7 if ahead else 0))


def _weekend_before(today: date) -> PartialDate:
    """The last weekend whose Saturday lies before a day."""
    saturday = today - timedelta((today.weekday() - 5) % 7 or 7)
    return _interval(saturday, saturday + timedelta(1))


def _from_now(match: re.Match[str], clock: Clock) -> PartialDate | None:
    return _ago(match, clock, sign=1)


def _weekday_of(match: re.Match[str], clock: Clock) -> PartialDate | None:
    assert clock.today is not None
    today = _day_of_row(match, clock) or clock.today
    which, number = match["which"].lower(), weekday_of(match["w"])
    back = (today.weekday() - number) % 7
    if which in ("last", "past", "this past"):
        return _one(today - timedelta(back or 7))
    if which == "next":
        return _one(today + timedelta((number - today.weekday()) % 7 or 7))
    return _weekday(match, clock)


def _short_weekday(match: re.Match[str], clock: Clock) -> PartialDate | None:
    return _weekday_of(match, clock) if match["which"] else _weekday(match, clock)


def _part_of_season(match: re.Match[str], clock: Clock) -> PartialDate | None:
    """ "Early spring": of the season that was last, or of the one to come when the sentence looks ahead."""
    today, name = clock.today, match["season"].lower()
    assert today is not None
    options = [season(name, year) for year in range(today.year - 2, today.year + 3)]
    if clock.tense(*match.span()) == "ahead":
        return part_of(next(o for o in options if o.last >= today), match["part"].lower())
    return part_of(next(o for o in reversed(options) if o.first <= today), match["part"].lower())


def _weekday(match: re.Match[str], clock: Clock) -> PartialDate | None:
    """A weekday alone is within a week of the paper: before it, unless the sentence looks ahead."""
    today = clock.today
    assert today is not None
    number = weekday_of(match["w"])
    today = _day_of_row(match, clock) or today
    if clock.tense(*match.span()) == "ahead":
        return _one(today + timedelta((number - today.weekday()) % 7))
    return _one(today - timedelta((today.weekday() - number) % 7))


def _day_of_row(match: re.Match[str], clock: Clock) -> date | None:
    """The day at the head of the row of a log: what the row tells is counted from it, not from the log's last day."""
    assert clock.today is not None
    return day_of_row(clock.text, match.start(), clock.today)


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


def _whole_season(match: re.Match[str], clock: Clock) -> PartialDate | None:
    """ "All summer", "during the winter": the last one that had begun, or the next one if the sentence looks ahead."""
    today = clock.today
    assert today is not None
    name = (match["season"] or match["season2"]).lower()
    options = [season(name, year) for year in range(today.year - 2, today.year + 3)]
    if clock.tense(*match.span()) == "ahead":
        return next(o for o in options if o.last >= today)
    return next(o for o in reversed(options) if o.first <= today)


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
    unit = {"wk": "week", "wkend": "weekend", "mo": "month", "yr": "year"}.get(unit, unit)
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
    if found is None or not match.groupdict().get("part"):
        return found
    part = match["part"].lower()
    if part in ("earlier", "later"):
        # "Earlier this month" lies between its first day and today.
        if part == "earlier":
            return _interval(found.first, max(found.first, min(today, found.last)))
        return _interval(max(today, found.first), max(today, found.last))
    return _part(found, part)


def _side_of(match: re.Match[str], clock: Clock) -> PartialDate | None:
    """ "The first of the month", "the end of last year"; a first that is still far off was the one before."""
    whole = _period(match, clock)
    if whole is None:
        return None
    side = match["side"].lower()
    if side == "first":
        return _one(whole.first)
    if side == "last":
        return _one(whole.last)
    return part_of(whole, {"middle": "mid", "end": "late", "latter part": "late"}.get(side, "early"))


def _part_of_month(match: re.Match[str], clock: Clock) -> PartialDate | None:
    found = _month_alone(match, clock)
    if match["told"] and clock.today:
        found = PartialDate.of_month(clock.today.year - ("last" in match["told"].lower()), month_of(match["m"]))
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
    # "Seen with it in June", in December: of two that are equally far, paper tells rather of the one that has been.
    return min(options, key=lambda o: abs((o.first - today).days) * (3 if o.first > today else 2))


def _holiday(match: re.Match[str], clock: Clock) -> PartialDate | None:
    name, today = match["holiday"].lower().replace("’", "'"), clock.today
    if match["y"]:
        exact = holiday(name, int(match["y"]))
    elif today is None:
        return None
    else:
        which = (match["which"] or "").strip().lower()
        if match["told"]:
            exact = holiday(name, today.year - ("last" in match["told"].lower()))
            return _one(exact) if exact else None
        ahead = which == "next" or (which != "last" and clock.tense(*match.span()) == "ahead")
        days = [d for y in (today.year - 1, today.year, today.year + 1) if (d := holiday(name, y))]
        exact = min(d for d in days if d >= today) if ahead else max(d for d in days if d <= today)
    if exact is None:
        return None
    if match["weekend"]:
        return _interval(exact - timedelta(3), exact + timedelta(3))
    return _one(exact)


def _near_day(match: re.Match[str], clock: Clock) -> PartialDate | None:
    assert clock.today is not None
    today, near = _day_of_row(match, clock) or clock.today, match["near"].lower()
    if near == "yesterday" or near.startswith("last"):
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
    "ago_named": _ago_named,
    "before_last": _before_last,
    "weekend": _weekend,
    "from_now": _from_now,
    "weekday_of": _weekday_of,
    "season": _season,
    "month": _month,
    "period": _period,
    "side_of": _side_of,
    "part_of_month": _part_of_month,
    "holiday": _holiday,
    "near_day": _near_day,
    "this_date": _this_date,
    "whole_season": _whole_season,
    "weekday": _weekday,
    "short_weekday": _short_weekday,
    "part_of_season": _part_of_season,
    "month_alone": _month_alone,
}
