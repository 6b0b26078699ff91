"""Counties and states of the USA as areas: where each lies, how large it is, which counties border on it.

Comes in: a county or state code, or a name as an old record has it. Goes out: `County` and `State`, with centroid in
degrees and the radius in kilometres of a circle of the same area. Sources, licence and limits: README.md beside this
file. The tables are read on the first question and kept; values handed out are shared and frozen.
"""

from __future__ import annotations

import csv
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["County", "State", "counties", "county", "find_county", "state", "states"]

_HERE = Path(__file__).parent
# Longest first, so that "City and Borough" goes as a whole.
_KINDS = (
    " city and borough", " census area", " planning region", " municipality", " municipio", " borough", " county",
    " parish",
)  # fmt: skip
_SPELLINGS = {"saint": "st", "sainte": "ste"}


@dataclass(frozen=True, slots=True)
class County:
    """A county or what counts as one (parish, borough, independent city, municipio).

    `fips` is the five-digit FIPS code, `state` the USPS code, `lat` and `lon` the area centroid in degrees, `radius_km`
    the radius of the circle of equal area, `neighbours` the codes that share a stretch of border, sorted.
    """

    fips: str
    name: str
    state: str
    state_fips: str
    lat: float
    lon: float
    radius_km: float
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A state, the District of Columbia or a territory; the two UCR codes are empty where UCR has none."""

    fips: str
    usps: str
    name: str
    lat: float
    lon: float
    radius_km: float
    ucr_numeric: str
    ucr_alpha: str


def counties() -> tuple[County, ...]:
    """All counties of the map (edition of 2017), by FIPS code."""
    return tuple(_counties().values())


def county(fips: str) -> County | None:
    """The county of a five-digit FIPS code, or None.

    A code that the map no longer has (12025 Dade) answers with the county it became, under today's code; where several
    counties took its place, with their united area under the old code and name.
    """
    return _counties().get(fips) or _former().get(fips)


def find_county(name: str, state_name: str) -> County | None:
    """The county of that name in a state (USPS code, FIPS code or name), or None.

    Capitals, accents, dots, spaces, "County", "Parish" and the like do not matter; "Saint" is "St.". Where a county and
    an independent city share a name (St. Louis), the bare name means the county and "St. Louis city" the city.
    """
    where = state(state_name)
    if where is None:
        return None
    plain = _plain(name)
    named = _names()
    return named.get((where.usps, _squeeze(plain))) or named.get((where.usps, _squeeze(_without_kind(plain))))


def state(code: str) -> State | None:
    """The state of a USPS code, a two-digit FIPS code or a name, capitals or not, or None. UCR codes are not accepted:
    UCR 04 is California, FIPS 04 is Arizona."""
    return _states().get(code.strip().casefold())


def states() -> tuple[State, ...]:
    """Every state, the District of Columbia and the territories, by FIPS code."""
    return tuple(dict.fromkeys(_states().values()))


def _rows(name: str) -> Iterator[list[str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


@cache
def _counties() -> dict[str, County]:
    return {
        fips: County(fips, name, usps, state_fips, float(lat), float(lon), float(radius), tuple(beside.split()))
        for fips, name, usps, state_fips, lat, lon, radius, beside in _rows("us_counties.csv")
    }


@cache
def _former() -> dict[str, County]:
    now = _counties()
    return {
        fips: now[codes] if " " not in codes else _united(fips, name, [now[code] for code in codes.split()])
        for fips, name, _state, _kind, _year, codes, _note, _source in _rows("us_counties_former.csv")
    }


@cache
def _states() -> dict[str, State]:
    found = {}
    for fips, usps, name, lat, lon, radius, numeric, alpha in _rows("us_states.csv"):
        entry = State(fips, usps, name, float(lat), float(lon), float(radius), numeric, alpha)
        found[fips] = found[usps.casefold()] = found[name.casefold()] = entry
    return found


@cache
def _names() -> dict[tuple[str, str], County]:
    """State and squeezed name to county; counties come before independent cities, today's names before former ones."""
    named: dict[tuple[str, str], County] = {}
    for entry in counties():
        key = _squeeze(_plain(entry.name))
        named.setdefault((entry.state, key), entry)
        if _is_independent_city(entry):
            named.setdefault((entry.state, key + "city"), entry)
    for fips, name, usps, *_rest in _rows("us_counties_former.csv"):
        named.setdefault((usps, _squeeze(_plain(name))), _former()[fips])
    return named


def _is_independent_city(entry: County) -> bool:
    # Codes from 510 up are cities outside any county: Baltimore, St. Louis, Carson City and those of Virginia.
    return entry.state in ("MD", "MO", "NV", "VA") and entry.fips[2:] >= "510"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = "".join(
        c if c.isalnum() else " " for c in letters if c not in ".'’" and not unicodedata.combining(c)
    ).split()
    return " ".join(_SPELLINGS.get(word, word) for word in words)


def _without_kind(plain: str) -> str:
    for kind in _KINDS:
        if plain.endswith(kind):
            return plain.removesuffix(kind)
    return plain


def _squeeze(plain: str) -> str:
    return plain.replace(" ", "")


def _united(fips: str, name: str, parts: Sequence[County]) -> County:
    """The counties that took the place of a former one, as one area."""
    weights = [part.radius_km**2 for part in parts]
    x = y = z = 0.0
    for part, weight in zip(parts, weights, strict=True):
        lat, lon = math.radians(part.lat), math.radians(part.lon)
        x += weight * math.cos(lat) * math.cos(lon)
        y += weight * math.cos(lat) * math.sin(lon)
        z += weight * math.sin(lat)
    inside = {part.fips for part in parts}
    beside = sorted({code for part in parts for code in part.neighbours} - inside)
    lat, lon = math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
    radius_km = math.sqrt(sum(weights))
    return County(fips, name, parts[0].state, parts[0].state_fips, lat, lon, radius_km, tuple(beside))
