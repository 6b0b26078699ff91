"""How cells of registers of persons are read: dates, ages, heights, weights, codes by their words, places.

Each function takes the text of a cell and gives a value or None for a cell that says nothing. What cannot be read is a
`BadCell`, which makes the row a reject.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from thaw.data import places
from thaw.errors import InputError
from thaw.record import Code, PartialDate, Place, Quantity, Text, codes_of

from .rows import BadCell, Implausible
from .vague_day import vague_day

_CM_PER_INCH = 2.54  # exact, by definition of the international inch of 1959
_KG_PER_LB = 0.45359237  # exact, by definition of the international pound of 1959
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {word: i for i, name in enumerate(_MONTH_NAMES, start=1) for word in (name, name[:3])} | {"sept": 9}
_NAMES = {
    "virgin islands": "VI",
    "u.s. virgin islands": "VI",
    "us virgin islands": "VI",
    "northern mariana islands": "MP",
}
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 365.25 / 12, "year": 365.25}
_OLDEST = 130
_AGE = re.compile(
    r"([0-9]+(?:\.[0-9]+)?)(?:\s*(?:-|to)\s*([0-9]+(?:\.[0-9]+)?))?"
    r"\s*(years?|yrs?|months?|weeks?|days?|hours?)?(?: old)?"
)
_UNDER = re.compile(r"(?:<|under|less than)\s*([0-9]+|one|a)\s*(years?|yrs?|months?|weeks?|days?)(?: old)?")
_FEET = re.compile(r"([0-9])\s*(?:'|ft\.?|feet|foot)\s*(?:([0-9]{1,2}(?:\.[0-9]+)?)\s*(?:\"|''|in\.?|inches|inch)?)?")
# A point of NamUs stands for a town or a county: how far the true place may be from it. Ours, not the register's.
_CITY_KM, _COUNTY_KM, _STATE_KM = 10.0, 40.0, 300.0
_NOTHING = frozenset(("", "nan", "null", "n/a", "na", "-", "--"))
_UNKNOWN = frozenset(
    (
        "unknown",
        "unsure",
        "uncertain",
        "cannot determine",
        "cannot estimate",
        "not known",
        "unk",
        "none",
        "undetermined",
    )
)


def says_nothing(cell: str) -> bool:
    """True for a cell that is empty in effect."""
    return cell.casefold() in _NOTHING


def is_unknown(cell: str) -> bool:
    """True for a cell that says "not known"."""
    return cell.casefold() in _UNKNOWN


def day_of(field: str, cell: str, latest: date, today: date) -> PartialDate | None:
    """A day as M/D/YY, M/D/YYYY, ISO or ISO with a time; also a month, a season, a year or some in words.

    latest  of two-digit years the last one that is not after this day: when the record was changed, else today
    """
    if says_nothing(cell) or is_unknown(cell):
        return None
    want = "a date such as 7/3/1984, 7/3/84 or 1984-07-03 that is not in the future"
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.+Z-]*)?", cell)
    told = _in_digits(cell)
    american = re.fullmatch(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4}|[0-9]{2})(?: [0-9:]+(?: ?[AP]M)?)?", told)
    try:
        if iso:
            day = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif american:
            day = _american(american[1], american[2], american[3], latest)
        elif re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", cell):
            found = PartialDate.parse(cell)
            if found.first > today or found.first.year < 1800:
                raise BadCell(field, repr(cell), want)
            return found
        elif (vague := vague_day(cell)) is not None and vague.first.year >= 1800 and vague.first <= today:
            return vague
        else:
            raise BadCell(field, repr(cell), want)
    except ValueError:
        raise BadCell(field, repr(cell), want) from None
    if day > today or day.year < 1800:
        raise BadCell(field, repr(cell), want)
    return PartialDate(day, day, "day", cell if american and len(american[3]) == 2 else None)


def _in_digits(cell: str) -> str:
    """A date with the name of its month as spreadsheets write it (3-Jul-84, July 3, 1984) as M/D/Y; else the cell."""
    found = re.fullmatch(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ -]([0-9]{4}|[0-9]{2})", cell)
    day, name, year = found.groups() if found else (None, None, None)
    found = re.fullmatch(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})", cell)
    name, day, year = found.groups() if found else (name, day, year)
    number = _MONTHS.get((name or "").casefold())
    return f"{number}/{day}/{year}" if number else cell


def _american(month: str, day: str, year: str, latest: date) -> date:
    if len(year) == 4:
        return date(int(year), int(month), int(day))
    century = latest.year // 100 * 100
    found = date(century + int(year), int(month), int(day)) if _exists(century + int(year), month, day) else None
    if found is None or found > latest:
        return date(century - 100 + int(year), int(month), int(day))
    return found


def _exists(year: int, month: str, day: str) -> bool:
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True


def number_of(field: str, cell: str, low: float, high: float, want: str) -> float | None:
    """A number between two bounds; None for an empty cell."""
    if says_nothing(cell) or is_unknown(cell):
        return None
    found = re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", cell)
    if not found:
        raise BadCell(field, repr(cell), want)
    if not low <= float(cell) <= high:
        raise Implausible(field, cell, want)
    return float(cell)


def age_of(field: str, cell: str) -> Quantity | None:
    """ "46", "46 Years", "18 Months", "35 - 40 Years": years as a range."""
    if says_nothing(cell) or is_unknown(cell):
        return None
    want = "an age such as 46, 46 Years, 18 Months or 35 - 40 Years, at most 130 years"
    found = _AGE.fullmatch(cell.casefold())
    if not found and (under := _UNDER.fullmatch(cell.casefold())):
        # "Less than 1 Year" is age 0, as "less than 6 Months" is half a year at most.
        most = int(under[1]) if under[1].isdigit() else 1
        whole = most - 1 if under[2].startswith("y") else most * _unit(under[2])
        return _range(field, cell, 0.0, float(whole), _OLDEST, want, "years")
    if not found:
        raise BadCell(field, repr(cell), want)
    unit = _unit(found[3] or "year")
    # Years are counted as they stand; parts of a year are a fraction of one.
    low, high = (round(float(part) * unit, 3) for part in (found[1], found[2] or found[1]))
    return _range(field, cell, low, high, _OLDEST, want, "years")


def _unit(word: str) -> float:
    """How many years one of these is."""
    return _DAYS[word.rstrip("s").replace("yr", "year")] / _DAYS["year"]


def range_of(field: str, low: str, high: str, top: float, want: str, unit: str, factor: float = 1.0) -> Quantity | None:
    """Two cells, from and to, as one range; one alone stands for both. 0 is no size. The smaller comes first."""
    values = [v * factor for cell in (low, high) if (v := number_of(field, cell, 0, top, want)) is not None]
    if unit != "years":
        values = [value for value in values if value > 0]
    if not values:
        return None
    return Quantity(_short(min(values)), _short(max(values)), unit)


def height_of(field: str, low: str, high: str = "") -> Quantity | None:
    """Inches ("70", "70.0"), feet and inches (5'10", 5 ft 10 in), centimeters ("178 cm"), or ranges of these."""
    if re.fullmatch(r"[3-7] ?- ?(?:[0-9]|1[01])", low):
        # Five feet ten as some write it, and also five to ten inches: nobody can say which.
        raise Implausible(
            field, low, "a height such as 70, 5'10\", 5 ft 10 in or 178 cm, not feet and inches with a dash"
        )
    low, high = (_unbracketed(cell) for cell in (low, high))
    parts = [part for cell in (low, high) for part in re.split(r"\s+(?:-|to)\s+|(?<=[\"0-9m])\s*-\s*(?=[0-9])", cell)]
    values = [value for part in parts if (value := _height(field, part.strip())) is not None]
    return Quantity(_short(min(values)), _short(max(values)), "cm") if values else None


def _unbracketed(cell: str) -> str:
    """A size without the same size in other units behind it in brackets: 5' 4" (64 Inches)."""
    return re.sub(r"\s*\([^()]*\)$", "", cell)


def _height(field: str, cell: str) -> float | None:
    if says_nothing(cell) or is_unknown(cell):
        return None
    text = cell.casefold().replace("\u2019", "'").replace("\u2032", "'").replace("\u201d", '"').replace("\u2033", '"')
    feet = _FEET.fullmatch(text)
    metric = re.fullmatch(r"([0-9]{2,3}(?:\.[0-9]+)?)\s*cm", text)
    meters = re.fullmatch(r"([0-2][.,][0-9]{1,2})\s*m", text)
    inches = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*(?:\"|in\.?|inches)?", text)
    if feet and float(feet[2] or 0) < 12:
        value = (int(feet[1]) * 12 + float(feet[2] or 0)) * _CM_PER_INCH
    elif metric:
        value = float(metric[1])
    elif meters:
        value = float(meters[1].replace(",", ".")) * 100
    elif inches:
        value = float(inches[1]) * _CM_PER_INCH
    else:
        raise BadCell(field, repr(cell), "a height such as 70, 5'10\", 5 ft 10 in or 178 cm, at most 108 inches")
    # Nobody on record was taller than 107.1 inches; 5.9 is five feet and something, and no child of six inches.
    if value > 108 * _CM_PER_INCH or 0 < value < 8 * _CM_PER_INCH:
        raise Implausible(field, cell, "a height such as 70, 5'10\", 5 ft 10 in or 178 cm, at most 108 inches")
    return value or None


def weight_of(field: str, low: str, high: str = "") -> Quantity | None:
    """Pounds ("150", "150 lbs") or kilograms ("68 kg"), or a range of these."""
    low, high = (_unbracketed(cell) for cell in (low, high))
    parts = [part for cell in (low, high) for part in re.split(r"\s*(?:-|to)\s*", cell)]
    values = [value for part in parts if (value := _weight(field, part.strip())) is not None]
    return Quantity(_short(min(values)), _short(max(values)), "kg") if values else None


def _weight(field: str, cell: str) -> float | None:
    if says_nothing(cell) or is_unknown(cell):
        return None
    found = re.fullmatch(r"([0-9]{1,4}(?:\.[0-9]+)?)\s*(kgs?|lbs?\.?|pounds?)?", cell.casefold())
    if not found:
        raise BadCell(field, repr(cell), "a weight such as 150, 150 lbs or 68 kg, at most 1500")
    if float(found[1]) > 1500:
        raise Implausible(field, cell, "a weight of at most 1500")
    return float(found[1]) * (1.0 if (found[2] or "").startswith("kg") else _KG_PER_LB) or None


def days_of(field: str, number: str, unit: str) -> Quantity | None:
    """A number and its unit (Minutes to Years) as days."""
    value = number_of(field, number, 0, 100_000, "a number of days, weeks, months or years")
    if value is None:
        return None
    per = _DAYS.get(unit.casefold().rstrip("s"))
    if per is None:
        raise Implausible(field, f"{number} {unit}".strip(), "Minutes, Hours, Days, Weeks, Months or Years")
    return Quantity(_short(value * per), _short(value * per), "days")


def years_of(field: str, low: str, high: str, today: date) -> tuple[PartialDate | None, PartialDate | None]:
    """From and to as (interval, "not later than"): with no beginning only the second is known. 0 is no year."""
    want = f"a year from 1800 to {today.year}"
    first, last = (number_of(field, cell, 0, today.year, want) or None for cell in (low, high))
    for value in (first, last):
        if value is not None and (value < 1800 or value != int(value)):
            raise Implausible(field, low if value == first else high, want)
    if first is None:
        return None, PartialDate.of_year(int(last)) if last else None
    start, end = sorted((int(first), int(last or first)))
    if start == end:
        return PartialDate.of_year(start), None
    return PartialDate(date(start, 1, 1), date(end, 12, 31), "interval"), None


def _range(field: str, cell: str, low: float, high: float, top: float, want: str, unit: str) -> Quantity:
    if max(low, high) > top:
        raise Implausible(field, cell, want)
    return Quantity(_short(min(low, high)), _short(max(low, high)), unit)


def _short(value: float) -> float:
    rounded = round(value, 1) if value >= 3 else round(value, 3)
    return int(rounded) if rounded == int(rounded) else rounded


@cache
def _by_label(list_name: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, label in codes_of(list_name).items():
        found[_squeezed(label)] = code
        for part in re.split(r"[/,]| or ", label):
            found.setdefault(_squeezed(part), code)
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.casefold())


def coded(list_name: str, cell: str) -> Code | Text | None:
    """The code whose label the cell is; the words as text when no code has them; None for nothing and not known."""
    if says_nothing(cell):
        return None
    labels = _by_label(list_name)
    code = labels.get(_squeezed(cell)) or labels.get(_squeezed(cell).rstrip("s"))
    return Code(code, list_name) if code else Text(cell)


def place_of(role: str, city: str, county: str, state: str, lat: str, lon: str) -> Place | None:
    """City, county, state and point as one place.

    A point stands for its town or county, so it has a precision. A state must be one; a county may be none that a map
    has ("All"): then it stays in the name only.
    """
    city, county, state = ("" if says_nothing(c) or is_unknown(c) else c for c in (city, county, state))
    if not any((city, county, state, lat)):
        return None
    known = places.state(_NAMES.get(state.casefold(), state)) if state else None
    if state and known is None:
        raise BadCell("state", repr(state), "a state or territory of the United States, or its two letters")
    found = places.find_county(county, known.usps) if county and known else None
    named = (f"{county} County" if found and "county" not in county.casefold() else county) if county else ""
    name = ", ".join(filter(None, (city or named, known.usps if known else "")))
    point: dict[str, Any] = {}
    if not says_nothing(lat) or not says_nothing(lon):
        precision = _CITY_KM if city else _COUNTY_KM if county else _STATE_KM
        point = {"lat": _degrees("lat", lat, 90), "lon": _degrees("lon", lon, 180), "precision_km": precision}
    try:
        return Place(
            name=name or None,
            state=known.usps if known else None,
            county_fips=found.fips if found else None,
            role=role,
            **point,
        )
    except InputError as error:
        raise BadCell("place", error.got, error.want) from None


def _degrees(field: str, cell: str, most: float) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise BadCell(field, repr(cell), f"degrees from -{most:g} to {most:g}")
    return value


def point_of(cell: str) -> tuple[str, str]:
    """ "(33.44, -112.07)" as latitude and longitude; two empty texts for an empty cell."""
    if says_nothing(cell):
        return "", ""
    found = re.fullmatch(r"\(?\s*(-?[0-9.]+)\s*,\s*(-?[0-9.]+)\s*\)?", cell)
    if not found:
        raise BadCell("location", repr(cell), "latitude and longitude such as (33.44, -112.07)")
    return found[1], found[2]


def yes_or_no(cell: str) -> str | None:
    """The polarity of yes and no words; None for an empty cell."""
    word = cell.casefold()
    if word in ("true", "yes", "y", "1", "t"):
        return "asserted"
    if word in ("false", "no", "n", "0", "f"):
        return "denied"
    return None if says_nothing(cell) else "unknown"
