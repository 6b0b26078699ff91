"""Dates written out: numbers, month names, years, decades; with the time that belongs to them and their weekday."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from thaw.record import PartialDate

from .anchors import anchors_of, matches_at
from .bare_years import follows, is_a_short_year, is_a_year
from .date_rules import FIGURE, NEEDS_FIGURE, PATTERNS, STARTS
from .date_words import (
    ORDINALS,
    WEEKDAY,
    day,
    iso,
    month_of,
    part_of,
    season,
    weekday_of,
    whole_year,
)
from .figure_dates import BEFORE_FIGURES, told_as_date
from .holidays import holiday
from .mention import Mention, Reading
from .tense import tense_at
from .told_years import told_year

_ABOUT = re.compile(
    r"\b(?:on or about|on or around|in or around|on approximately|approximately|about|around|circa|"
    r"c\.)\s+(?:the night of\s+)?$",
    re.IGNORECASE,
)
NIGHT_OF = re.compile(r"\bthe\s+(?:night|evening|morning|afternoon)\s+of\s+$", re.IGNORECASE)
_WEEKEND = re.compile(r"\s+weekend\b", re.IGNORECASE)
_WEEKEND_OF = re.compile(r"\bthe\s+weekend\s+of\s+$", re.IGNORECASE)
_STREET = re.compile(r"\s+(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Lane|Ln|Drive|Court|Ct)\b")
_HOUR_NEXT = re.compile(r"\s*/?\s*\d{4}\s*(?:hrs?|hours|[ECMP][SD]T)\b", re.IGNORECASE)
_HOUR = (
    r"(?:(?:at\s+)?(?:\d{3,4}\s*(?:hrs?\.?|hours)|\d{1,2}:\d\d(?:\s*[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?|noon|midnight)"
    r"\s*,?\s*(?:on\s+)?)"
)
_BETWEEN = re.compile(
    rf"^\s*,?\s*{_HOUR}?(?:and|to|through|until|-|–|thru)\s*(?:(?:the|early|late)\s+)?(?:(?:night|evening|morning|afternoon|"
    rf"hours|date)\s+of\s+)?{_HOUR}?$",
    re.IGNORECASE,
)
_OPENS = re.compile(
    rf"\b(?:between|from)\s+(?:the (?:night|evening|morning|hours|dates?) of\s+|{_HOUR})?$", re.IGNORECASE
)
# Two dates of one form with a dash between them, or words that only an interval has.
_DASHED = re.compile(r"(?:[ \t]?(?:-|–|/)[ \t]?|[ \t]+(?:to|thru|through|until)[ \t]+)")
_BIRTH = re.compile(
    r"(?:\bD\.?\s?O\.?\s?B\.?|\bB/D|\bborn(?:\s+on|\s+in)?|\bbirth\s*date|\bdate of birth|"
    r"\bbirthday)\s*(?:is|was|of|:)?[\s:.(-]*(?:on\s+)?$",
    re.IGNORECASE,
)
_TIME_AFTER = re.compile(
    r"(?:\s*/\s*|,?\s+)(?:(?P<mil>(?:[01]\d|2[0-4])[0-5]\d)\s*(?:hrs?\b\.?|hours\b)|"
    r"(?P<h>\d{1,2}):(?P<mi>[0-5]\d)(?:\s*(?P<ap>[ap]\.?m\.?))?(?!\d))",
    re.IGNORECASE,
)
# "03-11-84 2115", "1984-03-11T21:15": four figures right after figures of a day are its hour.
_BARE_TIME = re.compile(
    r"(?:\s*/\s*|[ \t]{1,3}@?[ \t]*|T)(?P<mil>(?:[01]\d|2[0-3]):?[0-5]\d)(?![\w/-]|\.\d)(?P<h>)(?P<mi>)(?P<ap>)"
)
_WITH_A_TIME = frozenset(["numeric", "iso", "six_digits", "military"])
# "On or about" says that the day may be a little off; the law gives no figure. Three days each way is our reading.
_ABOUT_DAYS = 3


# A point after these ends no sentence: "planned for 7 p.m. Thursday", "booked by Sgt. Poole on Friday".
_SHORT = re.compile(
    r"(?:\b[ap]\.m|\b(?:Mr|Mrs|Ms|Dr|St|Sgt|Det|Lt|Capt|Ofc|Dep|Gov|Sen|Rep|Rev|No|vs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)"
    r"|\b[A-Z](?:\.[A-Z])*)$"
)


@dataclass(frozen=True, slots=True)
class Clock:
    """What dates of one text are counted from: the document's day, its own text, and the window of centuries."""

    text: str
    reading: Reading

    @property
    def today(self) -> date | None:
        """The last day on which the document can have been written, or None."""
        known = self.reading.document_date
        return known.last if known else None

    def sentence(self, start: int, end: int) -> tuple[str, int]:
        """The words round a place, as far as the sentence goes, and where they begin."""
        left = max(self.text.rfind(mark, max(0, start - 240), start) for mark in ("\n\n", ".\n", "? ", "! "))
        point = start
        while (point := self.text.rfind(". ", max(0, start - 240), point)) > left:
            if not _SHORT.search(self.text, max(0, point - 6), point):
                left = point
        first = left + 1 if left >= 0 else max(0, start - 240)
        stops = [i for mark in (".\n", "\n\n", "? ") if (i := self.text.find(mark, end, end + 240)) >= 0]
        point = end - 1
        while (point := self.text.find(". ", point + 1, end + 240)) >= 0:
            if not _SHORT.search(self.text, max(0, point - 6), point):
                stops.append(point)
                break
        last = min(stops, default=min(len(self.text), end + 240))
        return self.text[first:last], first

    def tense(self, start: int, end: int) -> str | None:
        """Whether the sentence looks ahead or back at this place."""
        words, first = self.sentence(start, end)
        return tense_at(words, start - first, end - first)


def find_dates(clock: Clock) -> list[Mention]:
    """The dates of a text that are written out, in order, none inside another."""
    chosen: list[tuple[str, re.Match[str]]] = []
    anchors = anchors_of(clock.text)
    for name, pattern in PATTERNS.items():
        if name in NEEDS_FIGURE and not FIGURE.search(clock.text):
            continue
        heads, figures = STARTS[name]
        places = anchors.at(heads, figures=figures)
        if name in ("decade", "short_year"):
            places = sorted([*places, *(at - 1 for at in anchors.figures if at and clock.text[at - 1] in "'’")])
        for match in matches_at(pattern, clock.text, places):
            if "\n  " in match.group() and name in ("month_day", "month_ordinal"):
                continue  # "from autopsy of 15 June", and the next row begins with its number
            if not any(m.start() < match.end() and match.start() < m.end() for _, m in chosen):
                chosen.append((name, match))
    # Days without a year last: they may take it from a date that stands near.
    chosen.sort(key=lambda c: (c[1].groupdict().get("y") is None and c[0] != "decade", c[1].start()))
    found: list[Mention] = []
    for name, match in chosen:
        made = _mention(name, match, clock, found)
        if made is not None:
            found += _both_ends(name, match, made, clock.text)
    return [_with_weekday(m, clock.text) for m in _joined(sorted(found, key=lambda m: m.start), clock)]


def _both_ends(rule: str, match: re.Match[str], made: Mention, text: str) -> list[Mention]:
    """ "November 24 to December 5": two dates, since each has its month; "October 17-18" is one interval."""
    if rule not in ("range", "number_range", "dash_range") or not match["m2"] or made.date is None:
        return [made]
    link = re.sub(r"^(?:st|nd|rd|th)", "", text[match.end("d") : match.start("m2")])
    one = "until" in link or not any(map(str.isalpha, link))
    if one or _BETWEEN_THEM.search(text, max(0, made.start - 48), made.start):
        return [made]
    ends = ((made.start, match.end("d"), made.date.first), (match.start("m2"), made.end, made.date.last))
    days = [(start, end, PartialDate(one, one, "day")) for start, end, one in ends]
    return [replace(made, text=text[a:b], normal=iso(one), start=a, end=b, date=one) for a, b, one in days]


_BETWEEN_THEM, _FROM = re.compile(r"\bbetween\b[^.;]{0,40}$", re.I), re.compile(r"\bfrom\s+$", re.I)
_WEEKDAY_BEHIND = re.compile(rf"[ \t]{{1,3}}\(?(?P<w>{WEEKDAY})(?![a-z'’-])\.?\)?(?!\s+\d)", re.IGNORECASE)


def _with_weekday(mention: Mention, text: str) -> Mention:
    """ "11/23  Wed.": the weekday behind a day that falls on it belongs to it."""
    behind = _WEEKDAY_BEHIND.match(text, mention.end)
    exact = mention.date is not None and mention.date.precision == "day"
    if behind is None or not exact or mention.date is None or mention.role == "birth":
        return mention
    if weekday_of(behind["w"]) != mention.date.first.weekday():
        return mention
    return replace(mention, text=text[mention.start : behind.end()], end=behind.end())


def _mention(rule: str, match: re.Match[str], clock: Clock, before: list[Mention]) -> Mention | None:
    start, end = match.span()
    about = _ABOUT.search(clock.text, max(0, start - 40), start)
    if "\n" in match.group() and _BLANK_LINE.search(match.group()):
        return None  # "in June.", and the next paragraph is the fourth
    if not _stands_alone(clock.text, start, end) or not _is_told(rule, match, clock.text):
        return None
    if rule in BEFORE_FIGURES and not told_as_date(rule, match, clock.text, clock.today):
        return None
    birth = bool(_BIRTH.search(clock.text, max(0, start - 24), start))
    told = None if match.groupdict().get("y") else told_year(clock.text, end, clock.today)
    if told is not None and rule in ("month_day", "day_month", "ordinal", "month_ordinal", "month_day_numbers"):
        end = told[1]
    span, certainty = _span(rule, match, clock, birth, before, told[0] if told else None)
    if span is None and rule not in (
        "month_day",
        "day_month",
        "ordinal",
        "month_ordinal",
        "range",
        "day_range",
        "month_day_numbers",
        "months",
    ):
        return None
    detail: list[tuple[str, str]] = []
    normal = iso(span) if span else words_of(match) if rule == "months" else _without_year(match)
    if normal is None:
        return None
    groups = match.groupdict()
    if span and span.precision == "day" and groups.get("w"):
        agrees = span.first.weekday() == weekday_of(groups["w"])
        detail.append(("weekday", "agrees" if agrees else f"{span.first:%A}, not {groups['w']}"))
    if about and rule != "decade" and not (rule == "year" and groups.get("part")):
        start = about.start()
    if span and span.precision == "day" and about:
        span = PartialDate(span.first - timedelta(_ABOUT_DAYS), span.last + timedelta(_ABOUT_DAYS), "interval")
        normal, certainty = iso(span), "likely"
    time = (_BARE_TIME.match(clock.text, end) if rule in _WITH_A_TIME else None) or _TIME_AFTER.match(clock.text, end)
    if span and time:
        detail.append(("time", _clock_time(time)))
    if span and span.precision == "day" and (weekend := _WEEKEND_OF.search(clock.text, max(0, start - 24), start)):
        start = weekend.start()
        saturday = span.first - timedelta((span.first.weekday() + 2) % 7)
        span = PartialDate(saturday, saturday + timedelta(1), "interval")
        normal, certainty = iso(span), "likely"
    if span and span.precision == "day" and (weekend := _WEEKEND.match(clock.text, end)):
        end, span = weekend.end(), _weekend_round(span.first)
        normal, certainty = iso(span), "likely"
    if span and (whole := NIGHT_OF.search(clock.text, max(0, start - 24), start)):
        start = whole.start()
    words = clock.text[start:end]
    return Mention(
        "date", words, normal, start, end, f"date.{rule}", certainty, "birth" if birth else None, span, tuple(detail)
    )


def _weekend_round(exact: date) -> PartialDate:
    """The weekend nearest to a day, and the day itself: "the July 4th weekend"."""
    saturday = exact + timedelta((5 - exact.weekday() + 3) % 7 - 3)
    return PartialDate(min(exact, saturday), max(exact, saturday + timedelta(1)), "interval")


def words_of(match: re.Match[str]) -> str:
    """The words of a date that nothing dates, in small letters."""
    return re.sub(r"\s+", " ", match.group().lower())


def _is_told(rule: str, match: re.Match[str], text: str) -> bool:
    """Whether words that might be something else are a date here: years, a verb like a month, a street of that name."""
    if rule in ("year", "years"):
        return is_a_year(text, match) and (rule == "year" or follows(match["y"], match["y2"]) > 0)
    if rule == "short_year":
        return is_a_short_year(text, match)
    if match.groupdict().get("m") in ("may", "march", "mar") and not match.groupdict().get("y"):
        return False  # the verbs: "they march 6 miles"
    if rule == "month_ordinal":
        return match["m"][0].isupper()
    if rule in ("day_month", "day_range"):
        return not _STREET.match(text, match.end())
    return True


def _span(
    rule: str, match: re.Match[str], clock: Clock, birth: bool, before: list[Mention], told: int | None
) -> tuple[PartialDate | None, str]:
    groups = match.groupdict()
    year = told if told is not None else _year(groups.get("y"), clock, birth)
    if rule == "holiday_year":
        exact = holiday(groups["holiday"].lower(), year) if year else None
        return (PartialDate(exact, exact, "day"), "certain") if exact else (None, "")
    if rule in ("quarter", "fiscal"):
        return _of_budgets(rule, groups, year)
    if rule == "decade":
        return _decade(groups, clock), "certain"
    if rule == "season_year":
        assert year is not None
        if groups["season"].lower() == "winter" and not groups["y2"]:
            # "Winter 1984" may begin or end in that year; the interval covers both readings.
            return PartialDate(date(year - 1, 12, 1), date(year + 1, 3, 20), "season"), "likely"
        found = season(groups["season"].lower(), year)
        return (part_of(found, groups["part"].lower()) if groups["part"] else found), "certain"
    if rule == "years":
        return PartialDate(
            date(int(groups["y"]), 1, 1), date(follows(groups["y"], groups["y2"]), 12, 31), "interval"
        ), "likely"
    if rule in ("year", "short_year"):
        assert year is not None
        found = PartialDate.of_year(year)
        return (part_of(found, groups["part"].lower()) if groups["part"] else found), "likely"
    month = groups["m"]
    number = int(month) if month.isdigit() else month_of(month)
    if rule == "months":
        return _months(groups, number, year, clock)
    if rule in ("month_year", "month_year_numbers", "unread_day"):
        if not 1 <= number <= 12 or year is None:
            return None, ""
        found = PartialDate.of_month(year, number)
        return (part_of(found, groups["part"].lower()) if groups.get("part") else found), "certain"
    if rule in ("range", "day_range", "number_range", "dash_range"):
        return _range(groups, number, year, match, clock, before)
    days = ORDINALS.index(groups["d"].lower()) + 1 if rule in ("ordinal", "month_ordinal") else int(groups["d"])
    certainty = "certain"
    if rule in ("numeric", "points") and number > 12 >= days:
        number, days, certainty = days, number, "likely"
    if year is None:
        return _nearest(number, days, match, clock, before)
    found_day = day(year, number, days)
    later = found_day is not None and clock.today is not None and len(groups["y"] or "") < 4 and birth
    if later and found_day is not None and clock.today and found_day.first > clock.today:
        found_day = day(year - 100, number, days)
    return found_day, certainty


def _of_budgets(rule: str, groups: dict[str, str], year: int | None) -> tuple[PartialDate | None, str]:
    """ "Q3 1983"; "fiscal 1983" begins in July or in October of the year before, so the interval covers both."""
    if year is None:
        return None, ""
    if rule == "fiscal":
        return PartialDate(date(year - 1, 7, 1), date(year, 9, 30), "interval"), "likely"
    month = 3 * int(groups["q"]) - 2
    last = PartialDate.of_month(year, month + 2).last
    return PartialDate(date(year, month, 1), last, "interval"), "certain"


def _months(groups: dict[str, str], month: int, year: int | None, clock: Clock) -> tuple[PartialDate | None, str]:
    """ "January through March 1991"; without a year the last such months that had begun."""
    last = month_of(groups["m2"])
    if year is None and clock.today is None:
        return None, "possible"
    if year is None:
        assert clock.today is not None
        year = clock.today.year - (last > clock.today.month)
    first_year = year - (last < month)
    span = PartialDate(PartialDate.of_month(first_year, month).first, PartialDate.of_month(year, last).last, "interval")
    return span, "likely"


def _range(
    groups: dict[str, str], month: int, year: int | None, match: re.Match[str], clock: Clock, before: list[Mention]
) -> tuple[PartialDate | None, str]:
    other = groups.get("m2")
    month2 = (int(other) if other.isdigit() else month_of(other)) if other else month
    if year is None:
        first, certainty = _nearest(month, int(groups["d"]), match, clock, before)
        if first is None:
            return None, ""
        year = first.first.year
    else:
        first, certainty = day(year, month, int(groups["d"])), "certain"
    last = day(year + (month2 < month), month2, int(groups["d2"]))
    if first is None or last is None or last.first < first.first:
        return None, ""
    return PartialDate(first.first, last.first, "interval"), certainty


def _nearest(
    month: int, number: int, match: re.Match[str], clock: Clock, before: list[Mention]
) -> tuple[PartialDate | None, str]:
    """A day without its year: the year of the sentence before it, or the one nearest to the document's date."""
    tense = clock.tense(*match.span())
    told = [m for m in before if m.date and m.date.precision == "day" and m.end <= match.start() and m.role != "birth"]
    near = max(told, key=lambda m: m.end, default=None)
    same_paragraph = near is not None and not _NEW_PART.search(clock.text, near.end, match.start())
    told_there = tense == "back" or (near is not None and ". " not in clock.text[near.end : match.start()])
    if near and near.date and same_paragraph and told_there and tense != "ahead" and not near.normal.startswith("--"):
        other_year = clock.today is None or near.date.last.year != clock.today.year
        if other_year:
            return day(near.date.first.year, month, number), "likely"
    today = clock.today
    if today is None:
        return None, ""
    weekday = match.groupdict().get("w")
    options = [d for y in (today.year - 1, today.year, today.year + 1) if (d := day(y, month, number))]
    if tense is None and _BY.search(clock.text, max(0, match.start() - 4), match.start()):
        tense = "ahead"  # "submit the swabs by April 30"
    if tense != "ahead" and (again := _told_again(month, number, told, today)) is not None:
        return again, "likely"
    if weekday and (fit := [d for d in options if d.first.weekday() == weekday_of(weekday)]):
        options = fit
    elif tense == "ahead":
        # A day of the last weeks stays so: "who wishes not to be named" looks ahead, and the day does not.
        recent = [d for d in options if timedelta(0) <= today - d.first <= _JUST_PAST]
        options = recent or [d for d in options if d.first >= today - timedelta(1)] or options
    elif tense == "back":
        # A past tense about a day that is near and still to come is the writer's affair; it is flagged, not moved.
        options = [d for d in options if d.first <= today + timedelta(60)] or options
    if not options:
        return None, ""
    return min(options, key=lambda d: abs((d.first - today).days)), "likely"


# A blank line, or the next point of a list: "3. Item 7, the cap".
_NEW_PART = re.compile(r"\n\s*\n|\n[ \t]*(?:\(?(?:\d{1,2}|[a-z])[.)]|[-*•])[ \t]")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_BY = re.compile(r"\bby\s$")
_SAME_MATTER = timedelta(10)
_JUST_PAST = timedelta(31)
_LONG_AGO = timedelta(120)


def _told_again(month: int, number: int, told: list[Mention], today: date) -> PartialDate | None:
    """The day in the year of a day of long ago that the text gives in full and that lies within ten days of it.

    "Found dead on Oct. 4, 1987 ... last seen on
    Oct. 3": the second belongs to the matter of the first. Ten days are ours.
    """
    for mention in sorted(told, key=lambda m: m.end, reverse=True):
        if mention.date is None or today - mention.date.first < _LONG_AGO or mention.normal.startswith("--"):
            continue
        near = [d for y in (-1, 0, 1) if (d := day(mention.date.first.year + y, month, number))]
        for found in near:
            if abs(found.first - mention.date.first) <= _SAME_MATTER and found.first < today:
                return found
    return None


def _year(text: str | None, clock: Clock, birth: bool) -> int | None:
    if not text:
        return None
    digits = text.lstrip("'’")
    if len(digits) == 4:
        return int(digits)
    latest = clock.today
    if latest and not birth:
        latest = latest + timedelta(366)
    year = whole_year(int(digits), latest=latest, century_from=clock.reading.century_from)
    # "In prison until 2/96", on a paper of 1994: what lies a lifetime back is rather to come.
    ahead = clock.today is not None and not birth and year < clock.today.year - _LIFETIME
    return year + 100 if ahead and clock.today and year + 100 <= clock.today.year + _TO_COME else year


_LIFETIME, _TO_COME = 75, 15


def _decade(groups: dict[str, str], clock: Clock) -> PartialDate:
    text = groups["decade"].lstrip("'’")
    first = int(text) if len(text) == 4 else whole_year(int(text), latest=clock.today, century_from=1900)
    # "The 1900s" may be ten years or a hundred; the interval covers both readings.
    span = PartialDate(
        date(first, 1, 1), date(first + (99 if first % 100 == 0 and len(text) == 4 else 9), 12, 31), "interval"
    )
    return part_of(span, groups["part"].lower()) if groups["part"] else span


def _without_year(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    month = int(groups["m"]) if groups["m"].isdigit() else month_of(groups["m"])
    number = int(groups["d"]) if groups["d"].isdigit() else ORDINALS.index(groups["d"].lower()) + 1
    if not 1 <= month <= 12 or not 1 <= number <= 31:
        return None
    return f"--{month:02}-{number:02}"


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if after == "T" and re.match(r"T\d\d:?\d\d", text[end : end + 6]):
        after = ""  # "1984-03-11T21:15:00Z"
    return not (before.isalnum() or before in ("$", "#")) and not after.isalnum()


def _joined(found: list[Mention], clock: Clock) -> list[Mention]:
    """ "Between 3 March and 5 March 1984" is one interval; the first day takes the year of the second."""
    result: list[Mention] = []
    for mention in found:
        last = result[-1] if result else None
        between = clock.text[last.end : mention.start] if last else ""
        opens = bool(last and _OPENS.search(clock.text[max(0, last.start - 48) : last.start]))
        if last and opens and _FROM.search(clock.text, max(0, last.start - 8), last.start) and "until" not in between:
            opens = last.normal.startswith("--") or not (_has_month(last) and _has_month(mention))
        if last and last.rule == mention.rule and last.role is None and last.date and _DASHED.fullmatch(between):
            opens = opens or bool(mention.date and mention.date.precision == "day" and not _has_month(mention))
        if last and opens and mention.date and (_BETWEEN.match(between) or between == "/"):
            first = last.date
            late = first is not None and first.precision == "day" and first.first > mention.date.last
            if last.normal.startswith("--") or late:
                month, number = (int(n) for n in last.normal[-5:].split("-"))
                first = day(mention.date.last.year, month, number)
            if first and first.first <= mention.date.last:
                span = PartialDate(first.first, mention.date.last, "interval")
                words = clock.text[last.start : mention.end]
                result[-1] = Mention(
                    "date", words, iso(span), last.start, mention.end, "date.between", "certain", None, span
                )
                continue
        result.append(mention)
    return result


def _has_month(mention: Mention) -> bool:
    """Whether the words of a date name its month, so that it is a date by itself: "May 1966", not "1982"."""
    return mention.rule in ("date.month_year", "date.month_day", "date.day_month", "date.range")


def _clock_time(match: re.Match[str]) -> str:
    if match["mil"]:
        return f"{match['mil'][:2]}:{match['mil'][-2:]}"
    hour = int(match["h"])
    if match["ap"]:
        hour = hour % 12 + (12 if match["ap"].lower().startswith("p") else 0)
    return f"{hour:02}:{match['mi']}"
