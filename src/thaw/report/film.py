"""A film strip: how a find grew case by case, and in which frame the first alarm would have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from thaw.record import PartialDate

from .svg import element, figure, link, rect, words

_WIDTH, _FRAME, _GAP, _HIGH, _TOP = 760.0, 88.0, 8.0, 92.0, 6.0
_PER_ROW = int((_WIDTH + _GAP) // (_FRAME + _GAP))
_MOST = 160


@dataclass(frozen=True, slots=True)
class Frame:
    """One month in which a case came in.

    month   `YYYY-MM`
    count   unsolved cases of the find so far, this month's included
    added   how many came in this month
    alarm   whether an alarm would have been standing at the end of the month
    to      address of the case, if there is one to open
    """

    month: str
    count: int
    added: int
    alarm: bool
    to: str | None = None


def film_strip(frames: Sequence[Frame], *, title: str) -> str:
    """Frames in order of time, in rows of seven; the first frame with an alarm is marked, and so are all after it."""
    shown = list(frames[:_MOST])
    rows = max(1, -(-len(shown) // _PER_ROW))
    parts = []
    first = next((i for i, frame in enumerate(shown) if frame.alarm), None)
    for i, frame in enumerate(shown):
        parts.append(_frame(frame, i, is_first=i == first))
    if len(frames) > _MOST:
        parts.append(
            words(0, rows * (_HIGH + _GAP) + 18, f"{len(frames) - _MOST} more frames are not drawn.", class_="muted")
        )
    if not shown:
        parts.append(words(_WIDTH / 2, 40, "No dated case to show.", text_anchor="middle", class_="muted"))
    at = _month(shown[first]) if first is not None else None
    description = f"{len(frames)} months with a new case; " + (f"first alarm {at}." if at else "no alarm.")
    height = rows * (_HIGH + _GAP) + _TOP + (24 if len(frames) > _MOST else 0)
    links = any(frame.to for frame in shown)
    return figure(parts, width=_WIDTH, height=height, name="film", title=title, description=description, links=links)


def _frame(frame: Frame, place: int, *, is_first: bool) -> str:
    x, y = place % _PER_ROW * (_FRAME + _GAP), _TOP + place // _PER_ROW * (_HIGH + _GAP)
    told = f"{_month(frame)}: {frame.added} more, {frame.count} so far" + ("; first alarm" if is_first else "")
    parts = [rect(x, y, _FRAME, _HIGH, "frame alarm" if frame.alarm else "frame", told, rx=3)]
    parts += [rect(x + 6 + 11 * i, y + 4, 5, 4, "hole") for i in range(7)]
    parts.append(words(x + _FRAME / 2, y + 24, _month(frame), text_anchor="middle", class_="ink small"))
    parts.append(words(x + _FRAME / 2, y + 54, frame.count, text_anchor="middle", class_="ink large"))
    # Up to ten dots: the ones of this month are full, those before hollow.
    dots = min(frame.count, 10)
    for i in range(dots):
        new = i >= dots - min(frame.added, dots)
        left = x + _FRAME / 2 - (dots - 1) * 3.5 + i * 7
        parts.append(element("circle", cx=left, cy=y + 66, r=2.6, class_="dot new" if new else "dot"))
    label = "first alarm" if is_first else "alarm stands" if frame.alarm else ""
    parts.append(words(x + _FRAME / 2, y + 84, label, text_anchor="middle", class_="alarm-word small"))
    body = "".join(parts)
    return link(frame.to, body, f"Open the case of {_month(frame)}") if frame.to else body


def _month(frame: Frame) -> str:
    return PartialDate.parse(frame.month).in_words()
