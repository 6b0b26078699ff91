"""So many days, weeks, months or years before or after a date, at the precision that the words allow."""

from __future__ import annotations

from datetime import date, timedelta

from thaw.record import PartialDate

from .date_words import NUMBERS, WEEKDAYS, add_months, month_span, season

AMOUNT = (
    r"(?:\d{1,3}|a few|several|some|a couple(?: of)?|a|an|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty)"
)
UNIT = r"(?:day|night|evening|morning|afternoon|wk|week|weekend|month|year|spring|summer|fall|autumn|winter)"
_FEW = {"a few": (2, 5), "several": (3, 7), "some": (2, 9), "a couple": (2, 2), "a couple of": (2, 2)}
_DAYS = ("day", "night", "evening", "morning", "afternoon")
_SEASONS = ("spring", "summer", "fall", "autumn", "winter")
_SHORT = timedelta(3)


def amount_of(words: str) -> tuple[int, int]:
    """The least and the most that words of an amount mean: "a few" is two to five."""
    word = " ".join(words.lower().split())
    if word in _FEW:
        return _FEW[word]
    number = int(word) if word.isdigit() else NUMBERS[word]
    return number, number


def stepped(anchor: PartialDate, unit: str, amount: tuple[int, int], sign: int) -> PartialDate | None:
    """The days that lie so many units before (sign -1) or after (sign 1) an anchor; None when its precision forbids it.

    amount  least and most number of units. A week is the seven days round its day, as in "two weeks ago"
    """
    unit = {"wk": "week"}.get(unit.lower(), unit.lower())
    low, high = amount
    near = anchor.first if sign < 0 else anchor.last
    if unit in WEEKDAYS:
        back = (near.weekday() - WEEKDAYS[unit]) % 7 if sign < 0 else (WEEKDAYS[unit] - near.weekday()) % 7
        return _exact(near + timedelta(sign * ((back or 7) + 7 * (low - 1)))) if _is_short(anchor) else None
    if unit in _DAYS:
        return _interval(near, sign * low, sign * high) if _is_short(anchor) else None
    if unit in ("week", "weekend"):
        return _weeks(near, unit, low, high, sign) if _is_short(anchor) else None
    if unit == "month":
        if anchor.first.year != anchor.last.year or anchor.first.month != anchor.last.month:
            return None
        return _both(month_span(add_months(near, sign * low)), month_span(add_months(near, sign * high)))
    if anchor.first.year != anchor.last.year:
        return None
    if unit in _SEASONS:
        return _season(near, unit, sign)
    years = (near.year + sign * low, near.year + sign * high)
    if not 1 <= min(years) <= max(years) <= 9998:
        return None
    return _both(PartialDate.of_year(years[0]), PartialDate.of_year(years[1]))


def _is_short(anchor: PartialDate) -> bool:
    return anchor.last - anchor.first <= _SHORT


def _weeks(near: date, unit: str, low: int, high: int, sign: int) -> PartialDate:
    if unit == "weekend":
        saturday = near + timedelta((5 - near.weekday()) % 7 or 7)
        if sign < 0:
            saturday = near - timedelta((near.weekday() - 5) % 7 or 7)
            saturday -= timedelta(7) if near.weekday() == 6 else timedelta(0)
        return PartialDate(saturday, saturday + timedelta(1), "interval")
    if (low, high) == (1, 1):
        # "The week before Christmas" is the seven days that end on its eve.
        first = near - timedelta(7) if sign < 0 else near + timedelta(1)
        return PartialDate(first, first + timedelta(6), "interval")
    first, last = sorted((near + timedelta(7 * sign * low), near + timedelta(7 * sign * high)))
    return PartialDate(first - _SHORT, last + _SHORT, "interval")


def _season(near: date, name: str, sign: int) -> PartialDate:
    options = [season(name, year) for year in range(near.year - 2, near.year + 3)]
    if sign > 0:
        return next(o for o in options if o.first > near)
    return next(o for o in reversed(options) if o.last < near)


def _interval(near: date, low: int, high: int) -> PartialDate:
    first, last = sorted((near + timedelta(low), near + timedelta(high)))
    return _exact(first) if first == last else PartialDate(first, last, "interval")


def _exact(one: date) -> PartialDate:
    return PartialDate(one, one, "day")


def _both(one: PartialDate, other: PartialDate) -> PartialDate:
    if one == other:
        return one
    return PartialDate(min(one.first, other.first), max(one.last, other.last), "interval")
