"""From prior to posterior: one bar per feature, each starting where the one before ended, in powers of ten."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .svg import figure, line, rect, words

_WIDTH, _LEFT, _RIGHT = 980.0, 230.0, 330.0
_VALUES = 72.0  # units that a factor takes before the values stand
_ROW, _TOP, _FOOT = 24.0, 26.0, 8.0


@dataclass(frozen=True, slots=True)
class Step:
    """One feature: its name, log10 Bayes factor, a note for the reader who points at it, and its values in short."""

    label: str
    log10_bf: float
    note: str = ""
    values: str = ""


def waterfall(prior_log10_odds: float, steps: Sequence[Step], posterior_log10_odds: float, *, title: str) -> str:
    """The odds before looking, what each feature adds or takes, and the odds after.

    posterior_log10_odds  as the model gives it. Where it differs from prior and steps together (a calibration learned
                          from known series, for one), the difference stands in a step of its own and is named.
    """
    odds = [prior_log10_odds]
    rows = list(steps)
    rest = posterior_log10_odds - prior_log10_odds - sum(step.log10_bf for step in steps)
    if abs(rest) >= 0.005:
        rows.append(Step("Calibration", rest, "what such factors turned out to be worth among known series"))
    for step in rows:
        odds.append(odds[-1] + step.log10_bf)
    low, high = math.floor(min(*odds, 0.0)), math.ceil(max(*odds, 0.0))
    high = max(high, low + 1)
    height = _TOP + _ROW * (len(rows) + 2) + _FOOT

    def x(value: float) -> float:
        return _LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    parts = _scale(low, high, x, height)
    parts += _end(0, "Before looking", prior_log10_odds, x)
    for i, step in enumerate(rows, start=1):
        start, end = odds[i - 1], odds[i]
        y = _TOP + _ROW * i
        side = "for" if step.log10_bf >= 0 else "against"
        note = f"{step.label}: {factor_words(step.log10_bf)}" + (f". {step.note}" if step.note else "")
        parts.append(line(x(start), y - _ROW + 18, x(start), y + 6, "join"))
        parts.append(rect(min(x(start), x(end)), y + 6, max(abs(x(end) - x(start)), 1.0), 12, side, note))
        parts.append(words(_LEFT - 10, y + 16, step.label, room=_LEFT - 14, text_anchor="end", class_="ink"))
        parts.append(words(_WIDTH - _RIGHT + 10, y + 16, factor_words(step.log10_bf), class_=f"ink {side}-word"))
        if step.values:
            at = _WIDTH - _RIGHT + 10 + _VALUES
            parts.append(words(at, y + 16, step.values, room=_WIDTH - at - 4, size=11.0, class_="muted small"))
    parts += _end(len(rows) + 1, "After looking", odds[-1], x)
    told = "; ".join(f"{step.label} {factor_words(step.log10_bf)}" for step in rows)
    description = f"Odds before looking {odds_words(prior_log10_odds)}; {told}; odds after {odds_words(odds[-1])}."
    return figure(parts, width=_WIDTH, height=height, name="waterfall", title=title, description=description)


def factor_words(log10_bf: float) -> str:
    """A factor in short: ×86, ÷2.0."""
    times = 10 ** min(abs(log10_bf), 300)
    return (
        f"{'×' if log10_bf >= 0 else '÷'}{times:,.0f}" if times >= 10 else f"{'×' if log10_bf >= 0 else '÷'}{times:.1f}"
    )


def odds_words(log10_odds: float) -> str:
    """Odds as people say them: 1 to 400, even, 20 to 1."""
    if abs(log10_odds) < 0.02:
        return "even"
    times = 10 ** min(abs(log10_odds), 300)
    many = f"{times:,.0f}" if times >= 10 else f"{times:.1f}"
    return f"{many} to 1" if log10_odds > 0 else f"1 to {many}"


def _scale(low: int, high: int, place: Callable[[float], float], height: float) -> list[str]:
    longest = max(len(odds_words(power)) for power in (low, high))
    room = abs(place(1.0) - place(0.0))
    # As many powers of ten as have room for their words; counted from even, which always stands.
    step = max(1, math.ceil((longest * 5.6 + 10) / room))
    parts = []
    for power in range(low, high + 1):
        if power % step:
            continue
        parts.append(line(place(power), _TOP - 4, place(power), height - _FOOT, "even" if power == 0 else "tick"))
        label = "even" if power == 0 else odds_words(power)
        parts.append(words(place(power), _TOP - 10, label, text_anchor="middle", class_="muted small", size=10.0))
    return parts


def _end(row: int, label: str, log10_odds: float, place: Callable[[float], float]) -> list[str]:
    y = _TOP + _ROW * row
    start, end = sorted((place(0.0), place(log10_odds)))
    return [
        rect(start, y + 6, max(end - start, 1.0), 12, "whole", f"{label}: odds {odds_words(log10_odds)}"),
        words(_LEFT - 10, y + 16, label, text_anchor="end", class_="ink strong"),
        words(_WIDTH - _RIGHT + 10, y + 16, odds_words(log10_odds), class_="ink strong"),
    ]
