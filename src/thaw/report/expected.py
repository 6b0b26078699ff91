"""What was seen beside what was to be expected, year by year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .svg import element, figure, line, number, rect, words

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _FOOT = 760.0, 230.0, 44.0, 12.0, 30.0, 28.0


@dataclass(frozen=True, slots=True)
class Year:
    """One year of one place, victims and method: killings, unsolved ones, and unsolved ones to be expected."""

    year: int
    total: int
    unsolved: int
    expected: float


def expected_observed(years: Sequence[Year], *, begin: int | None, end: int | None, title: str) -> str:
    """Bars for killings (pale) and unsolved ones (strong), a step line for the expected unsolved, years without gaps.

    begin, end  first and last year of the find, drawn as a band; None for none
    """
    if not years:
        return figure(
            [words(_WIDTH / 2, 40, "No dated case to draw.", text_anchor="middle", class_="muted")],
            width=_WIDTH, height=70.0, name="expected", title=title, description="No dated case to draw.",
        )  # fmt: skip
    known = {year.year: year for year in years}
    first, last = min(known), max(known)
    every = [known.get(y, Year(y, 0, 0, 0.0)) for y in range(first, last + 1)]
    top = nice_top(max(max(year.total, year.expected) for year in every))
    slot = (_WIDTH - _LEFT - _RIGHT) / len(every)

    def y_of(value: float) -> float:
        return _HEIGHT - _FOOT - value / top * (_HEIGHT - _TOP - _FOOT)

    parts = []
    if begin is not None and end is not None:
        left, right = max(begin, first) - first, min(end, last) - first + 1
        parts.append(rect(_LEFT + left * slot, _TOP, (right - left) * slot, _HEIGHT - _TOP - _FOOT, "band", "The find"))
    for value in ticks(top):
        parts.append(line(_LEFT, y_of(value), _WIDTH - _RIGHT, y_of(value), "tick"))
        parts.append(words(_LEFT - 6, y_of(value) + 4, f"{value:g}", text_anchor="end", class_="muted small"))
    for i, year in enumerate(every):
        x, wide = _LEFT + i * slot + slot * 0.15, slot * 0.7
        note = f"{year.year}: {year.total} killed, {year.unsolved} unsolved, {year.expected:.1f} unsolved expected"
        parts.append(rect(x, y_of(year.total), wide, y_of(0) - y_of(year.total), "pale", note))
        parts.append(rect(x, y_of(year.unsolved), wide, y_of(0) - y_of(year.unsolved), "for", note))
        if i % max(1, math.ceil(len(every) * 34 / (_WIDTH - _LEFT - _RIGHT))) == 0:
            parts.append(
                words(_LEFT + (i + 0.5) * slot, _HEIGHT - 10, year.year, text_anchor="middle", class_="muted small")
            )
    steps = f"M{number(_LEFT)},{number(y_of(every[0].expected))}"
    for i, year in enumerate(every):
        steps += f"V{number(y_of(year.expected))}H{number(_LEFT + (i + 1) * slot)}"
    parts.append(element("path", d=steps, class_="expected", fill="none"))
    parts += _legend()
    seen, wanted = sum(y.unsolved for y in every), sum(y.expected for y in every)
    description = f"{first} to {last}: {seen} unsolved killings, {wanted:.1f} expected."
    return figure(parts, width=_WIDTH, height=_HEIGHT, name="expected", title=title, description=description)


def _legend() -> list[str]:
    return [
        rect(_LEFT, 8, 12, 10, "for"),
        words(_LEFT + 17, 17, "unsolved", class_="muted small"),
        rect(_LEFT + 80, 8, 12, 10, "pale"),
        words(_LEFT + 97, 17, "solved when reported, or not known", class_="muted small"),
        element("path", d=f"M{number(_LEFT + 300)},13H{number(_LEFT + 324)}", class_="expected", fill="none"),
        words(_LEFT + 330, 17, "unsolved ones to be expected", class_="muted small"),
    ]


def nice_top(value: float) -> float:
    """The least of 1, 2, 5, 10, 20, 50 ... that is not below the value."""
    if value <= 1:
        return 1.0
    power = 10 ** math.floor(math.log10(value))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= value - 1e-9))


def ticks(top: float) -> list[float]:
    """Up to five values from 0 to the top, whole ones where the top allows."""
    count = 5 if top % 5 == 0 else 4 if top % 4 == 0 else 2 if top % 2 == 0 else 1
    return [top * i / count for i in range(count + 1)]
