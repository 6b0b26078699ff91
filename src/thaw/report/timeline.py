"""A timeline in lanes: exact times as dots, vague ones as bars, two versions marked where they differ.

Nothing undated is drawn: it belongs in a list beside the picture.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from thaw.record import PartialDate

from .svg import element, figure, line, link, rect, safe, words

DAY = 24 * 60  # minutes
_HOURS_UP_TO = 4  # days that have an axis in hours
_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _FOOT = 1080.0, 190.0, 20.0, 34.0, 17.0, 10.0
_LETTERS = 6.3  # units that a letter of a label takes
_MOST_ROWS = 14  # of one lane: beyond it events share rows and lose their labels


@dataclass(frozen=True, slots=True)
class Event:
    """Something with a date.

    first, last  of the interval in which it lies; the same day is an exact one
    begin, end   minutes after the beginning of `first` and of `last`, where a time of day is known; the same for an
                 exact time. None for whole days
    kind         `event`, `seen` (last seen alive), `differs` (two versions of it disagree) or `paper`
    to           address to open, if there is one
    """

    lane: str
    label: str
    first: date
    last: date
    kind: str = "event"
    note: str = ""
    to: str | None = None
    begin: int | None = None
    end: int | None = None

    @property
    def timed(self) -> bool:
        """Whether a time of day is known."""
        return self.begin is not None and self.end is not None

    @property
    def exact(self) -> bool:
        """One day, or one minute of it where a time is known."""
        return self.first == self.last and self.begin == self.end


@dataclass(frozen=True, slots=True)
class Window:
    """The first and last day that are drawn; of the first from minute `begin`, of the last until minute `end`."""

    first: date
    last: date
    begin: int = 0
    end: int = DAY

    @property
    def minutes(self) -> int:
        """How long it is, at least a minute."""
        return max(1, (self.last - self.first).days * DAY + self.end - self.begin)

    @property
    def in_hours(self) -> bool:
        """Short enough for an axis in hours: then a whole day is a span."""
        return self.minutes <= _HOURS_UP_TO * DAY


def timeline(events: Sequence[Event], *, lanes: Sequence[str], title: str, window: Window | None = None) -> str:
    """The picture.

    lanes   in the order in which they are drawn, those without an event in the window left away; events of other lanes
            are left out
    window  what is drawn; without it all, with a margin. An event that only touches the window is cut at its edge
    """
    among = [event for event in events if event.lane in set(lanes)]
    if not among:
        return _nothing("Nothing with a date to draw.", title)
    shown = window or whole_window(among)
    inside = [event for event in among if _touches(event, shown)]
    if not inside:
        return _nothing("Nothing in this time.", title)
    body: list[str] = []
    y = _TOP
    drawn = [lane for lane in lanes if any(event.lane == lane for event in inside)]
    for lane in drawn:
        mine = sorted((e for e in inside if e.lane == lane), key=_in_time)
        rows, count = _rows(mine, shown)
        height = max(1, min(count, _MOST_ROWS)) * _ROW + 8
        body.append(rect(0, y, _WIDTH, height, "lane"))
        body.append(words(8, y + 16, lane, room=_LEFT - 16, class_="ink"))
        for event, (row, room, turned) in zip(mine, rows, strict=True):
            body.append(_event(event, shown, y + 4 + row * _ROW, room, turned=turned))
        y += height + 3
    height = y + _FOOT
    parts = [*_axis(shown, height), *body]
    left = len(among) - len(inside)
    description = (
        f"{len(inside)} events in {PartialDate(shown.first, shown.last, 'interval').in_words()}, {len(drawn)} lanes"
        + (f"; {left} outside of this time are not drawn." if left else ".")
    )
    links = any(event.to for event in inside)
    return figure(
        parts, width=_WIDTH, height=height, name="timeline", title=title, description=description, links=links
    )


def _nothing(said: str, title: str) -> str:
    text = words(_WIDTH / 2, 40, said, text_anchor="middle", class_="muted")
    return figure([text], width=_WIDTH, height=70.0, name="timeline", title=title, description=said)


def _in_time(event: Event) -> tuple[date, int, date, int, str]:
    return event.first, event.begin or 0, event.last, DAY if event.end is None else event.end, event.label


def whole_window(events: Sequence[Event]) -> Window:
    """All events with a margin of a thirtieth on each side, at least a day."""
    first, last = min(e.first for e in events), max(e.last for e in events)
    margin = timedelta(days=max(1, (last - first).days // 30))
    # No margin beyond the days that a calendar has.
    early = first - margin if first - date.min > margin else date.min
    late = last + margin if date.max - last > margin else date.max
    return Window(early, late)


def dense_window(events: Sequence[Event]) -> Window | None:
    """The time in which nine of ten events lie, with a margin, if it is less than a third of all; else None."""
    if len(events) < 10:
        return None
    middles = sorted(event.first.toordinal() for event in events)
    kept = -(-len(middles) * 9 // 10)
    spans = [(middles[i], middles[i + kept - 1]) for i in range(len(middles) - kept + 1)]
    first, last = min(spans, key=lambda ends: ends[1] - ends[0])
    whole = whole_window(events)
    margin = max(3, (last - first) // 10)
    if (last - first + 2 * margin) * 3 > (whole.last - whole.first).days:
        return None
    low, high = max(first - margin, whole.first.toordinal()), min(last + margin, whole.last.toordinal())
    return Window(date.fromordinal(low), date.fromordinal(high))


def place_of(day: date, shown: Window, minute: int = 0) -> float:
    """Where a minute of a day stands, in units from the left; without one its beginning."""
    minutes = (day - shown.first).days * DAY + minute - shown.begin
    return _LEFT + minutes / shown.minutes * (_WIDTH - _LEFT - _RIGHT)


def _span(event: Event, shown: Window) -> tuple[float, float]:
    """Begin and end of an event as places, however far outside."""
    begin, end = (event.begin or 0, DAY if event.end is None else event.end) if event.timed else (0, DAY)
    return place_of(event.first, shown, begin), place_of(event.last, shown, end)


def _touches(event: Event, shown: Window) -> bool:
    begin, end = _span(event, shown)
    return begin < _WIDTH - _RIGHT and (end > _LEFT or (event.exact and end >= _LEFT))


def _ends(event: Event, shown: Window) -> tuple[float, float]:
    begin, end = _span(event, shown)
    return max(begin, _LEFT), min(end, _WIDTH - _RIGHT)


def _is_dot(event: Event, shown: Window) -> bool:
    """A day is a point among months, and a span among hours."""
    return event.exact and (event.timed or not shown.in_hours)


def _rows(events: Sequence[Event], shown: Window) -> tuple[list[tuple[int, float, bool]], int]:
    """Row of each event (the first that is free, or the last), room for its label, and whether that stands left; and
    how many rows there are. A label that has room on neither side of its mark takes the row below it.
    """
    free: list[float] = []
    found = []
    for event in events:
        start, end = _ends(event, shown)
        start = (start + end) / 2 - 5 if _is_dot(event, shown) else start
        after = max(end, start + 10)
        wide = min(len(event.label), 44) * _LETTERS + 12
        # A label that the right edge would cut stands left of its mark, if there is room.
        turned = _WIDTH - 4 - after < wide <= start - _LEFT
        begin = start - wide if turned else start
        below = not turned and _is_below(after, wide)
        row = next(
            (
                i
                for i, taken in enumerate(free)
                if taken <= begin and (not below or all(one <= begin for one in free[i + 1 : i + 2]))
            ),
            -1,
        )
        row = len(free) if row < 0 else row
        labelled = row + below < _MOST_ROWS - 1
        row = min(row, _MOST_ROWS - 1)
        free += [0.0] * (row + 1 + (below and labelled) - len(free))
        free[row] = max(free[row], after + (wide if labelled and not turned and not below else 0))
        if below and labelled:
            free[row + 1] = max(free[row + 1], start + wide)
        found.append((row, wide if labelled else 0.0, turned))
    return found, len(free)


def _is_below(after: float, wide: float) -> bool:
    """Whether the picture ends before a label that begins there does."""
    return _WIDTH - 4 - after < wide - 20


def _event(event: Event, shown: Window, y: float, room: float, *, turned: bool) -> str:
    start, end = _ends(event, shown)
    told = f"{when_words(event)}: {event.label}" + (f" ({event.note})" if event.note else "")
    exact = _is_dot(event, shown)
    if exact:
        middle = (start + end) / 2
        mark = element("circle", element("title", safe(told)), cx=middle, cy=y + 8, r=5.0, class_=f"dot {event.kind}")
        after = middle + 9
    else:
        whole = _span(event, shown)
        cut = " cut" if whole[0] < _LEFT - 0.01 or whole[1] > _WIDTH - _RIGHT + 0.01 else ""
        mark = rect(start, y + 4, max(end - start, 6.0), 8, f"span {event.kind}{cut}", told, rx=4)
        after = max(end, start + 6) + 4
    if event.kind == "seen":
        at = (start + end) / 2 if exact else end
        mark += element("path", d=f"M{at:.2f},{y - 2:.2f}v20m-4,-20h8", class_="seen-mark", fill="none")
    label = _label(event.label, start, after, y, room, turned=turned)
    body = mark + label
    return link(event.to, body, told) if event.to else body


def when_words(event: Event) -> str:
    """The days of an event, with the times of day that are known."""
    if not event.timed:
        return PartialDate(event.first, event.last, "interval").in_words()
    ends = ((event.first, event.begin), (event.last, event.end))
    first, last = (f"{PartialDate(day, day, 'day').in_words()}, {_clock(at or 0)}" for day, at in ends)
    return first if first == last else f"{first} to {_clock(event.end or 0) if event.first == event.last else last}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _label(text: str, start: float, after: float, y: float, wide: float, *, turned: bool) -> str:
    """Right of the mark; left of it where the picture ends; below it where neither side has room."""
    if wide <= 0:
        return ""
    if turned:
        return words(start - 8, y + 12, text, room=wide, size=11.0, text_anchor="end", class_="ink small")
    if not _is_below(after, wide):
        return words(after, y + 12, text, room=wide, size=11.0, class_="ink small")
    return words(min(start, _WIDTH - wide), y + _ROW + 10, text, room=wide, size=11.0, class_="ink small")


def _axis(shown: Window, height: float) -> list[str]:
    parts = []
    marks = axis_hours(shown) if shown.in_hours else [(day, 0, label) for day, label in axis_days(shown)]
    for day, minute, label in marks:
        x = place_of(day, shown, minute)
        parts.append(line(x, _TOP - 8, x, height - _FOOT, "tick"))
        parts.append(words(x, _TOP - 14, label, text_anchor="middle", class_="muted small"))
    return parts


def axis_hours(shown: Window) -> list[tuple[date, int, str]]:
    """Day, minute and words of each mark of a short window: the day at midnight, the hour at others; about a dozen."""
    step = next((s for s in (15, 30, 60, 120, 180, 360, 720) if shown.minutes <= s * 13), DAY)
    found: list[tuple[date, int, str]] = []
    for at in range(-(-shown.begin // step) * step, shown.begin + shown.minutes, step):
        day, minute = shown.first + timedelta(days=at // DAY), at % DAY
        named = f"{day.day} {calendar.month_abbr[day.month]}" + ("" if found else f" {day.year}")
        at_midnight = named if minute == 0 else f"{named} {_clock(minute)}"
        found.append((day, minute, _clock(minute) if found and minute else at_midnight))
    return found


def axis_days(shown: Window) -> list[tuple[date, str]]:
    """Days to write on the axis: decades, years, months or days, at most about a dozen."""
    days = (shown.last - shown.first).days + 1
    if days > 366 * 3:
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if days / 365.25 / s <= 13)
        return [
            (date(year, 1, 1), str(year))
            for year in range(shown.first.year, shown.last.year + 1)
            if year % step == 0 and shown.first <= date(year, 1, 1)
        ]
    if days > 75:
        step = 3 if days > 400 else 1
        return [(d, f"{calendar.month_abbr[d.month]} {d.year}") for d in _months(shown) if (d.month - 1) % step == 0]
    step = max(1, -(-days // 12))
    found = [shown.first + timedelta(days=i) for i in range(0, days, step)]
    return [
        (d, f"{d.day} {calendar.month_abbr[d.month]} {d.year if i == 0 else ''}".strip()) for i, d in enumerate(found)
    ]


def _months(shown: Window) -> Iterator[date]:
    year, month = shown.first.year, shown.first.month
    while date(year, month, 1) <= shown.last:
        if date(year, month, 1) >= shown.first:
            yield date(year, month, 1)
        if (year, month) == (9999, 12):
            return
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
