"""Towns of the USA with the county in which each lies. Source, licence and limits: README.md beside this file."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import _plain, _squeeze, find_county, state

__all__ = ["Town", "find_towns", "sole_county", "town_key", "towns_of_state"]

_TABLE = Path(__file__).parent / "us_towns.csv"
_SPELLINGS = {"mount": "mt", "fort": "ft", "township": "twp", "north": "n", "south": "s", "east": "e", "west": "w"}
_OF = re.compile(r"^(?:city|town|village|borough|township) of\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Town:
    """A place with more than 1,000 inhabitants: USPS code of the state, FIPS code of the county, middle in degrees."""

    name: str
    state: str
    county_fips: str
    lat: float
    lon: float


def find_towns(name: str, state_name: str) -> tuple[Town, ...]:
    """The towns of that name in a state (USPS code, FIPS code or name); several, where a state has it twice.

    Capitals, accents, dots and spaces do not matter, "Saint", "Mount" and "Fort" may be cut short, "City of" may stand
    before, and what follows a comma is left aside.
    """
    where = state(state_name)
    return _towns().get((where.usps, town_key(name)), ()) if where is not None else ()


def sole_county(name: str, state_name: str) -> str | None:
    """FIPS code of the county in which the towns of that name lie, or None where there is none or they lie in several.

    A name that no town has may be that of a county ("Salt Lake").
    """
    found = {town.county_fips for town in find_towns(name, state_name)}
    if found:
        return next(iter(found)) if len(found) == 1 else None
    county = find_county(name.partition(",")[0], state_name)
    return county.fips if county is not None else None


def towns_of_state(state_name: str) -> tuple[Town, ...]:
    """All towns of a state (USPS code, FIPS code or name), by name."""
    where = state(state_name)
    usps = where.usps if where is not None else ""
    return tuple(town for key, found in _towns().items() if key[0] == usps for town in found)


def town_key(name: str) -> str:
    """What the spellings of a town's name have in common."""
    words = _plain(_OF.sub("", name.partition(",")[0].strip())).split()
    return _squeeze(" ".join(_SPELLINGS.get(word, word) for word in words))


@cache
def _towns() -> dict[tuple[str, str], tuple[Town, ...]]:
    found: dict[tuple[str, str], tuple[Town, ...]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for usps, name, fips, lat, lon in rows:
            key = usps, town_key(name)
            found[key] = (*found.get(key, ()), Town(name, usps, fips, float(lat), float(lon)))
    return found
