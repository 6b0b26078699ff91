"""Where an agency is by its name: "LOS ANGELES PD", "Metro Nashville", "Charlotte-Mecklenburg", "Cook County Sheriff".

Registers of police name the agency where others name the town. Comes in: that name and a state. Goes out: the town as
others would write it, and the county where there is but one.
"""

from __future__ import annotations

import re
from functools import cache

from thaw.data import read_toml

from . import find_county, state
from .towns import find_towns, sole_county, town_key

__all__ = ["counties_of_city", "is_state_alone", "place_of_agency"]

_ALIASES = "places/agency_names.toml"
_SHERIFF = r"sheriff.*|s\.?o\.?"
_POLICE_WORDS = (
    r"(?:metro(?:politan)?\s+)?(?:city\s+)?(?:police(?:\s+(?:dep(?:artmen)?t\.?|bureau|division))?|p\.?\s?d\.?)"
)
_COUNTY_S = re.compile(
    rf"(?P<name>.+?)\s+(?:(?:co\.?|county|parish)(?:\s+(?:{_SHERIFF}|{_POLICE_WORDS}))?|{_SHERIFF})", re.IGNORECASE
)
_POLICE = re.compile(
    rf"\s+(?:{_POLICE_WORDS}|(?:dep(?:artmen)?t\.?|division|bureau)\s+of\s+police"
    r"|(?:dep(?:artmen)?t\.?\s+of\s+)?public\s+safety)$",
    re.IGNORECASE,
)
_METRO = re.compile(r"^metro(?:politan)?[\s-]+(?=\S)|\s+metro(?:politan)?$", re.IGNORECASE)
_CITY = re.compile(r"\s+city$", re.IGNORECASE)
_NOWHERE = re.compile(
    r"(?:.*\s)?(?:state\s+police|highway\s+patrol|state\s+patrol|university|unincorporated|unknown)(?:\s.*)?",
    re.IGNORECASE,
)


@cache
def place_of_agency(name: str, state_name: str) -> tuple[str | None, str | None]:
    """(town, FIPS code of the county) of an agency or town; None for what the name does not tell.

    A sheriff's name is that of the county. What makes a name an agency's is left out where a town or county is left
    over; a name that says neither comes back as it is. "A-B" is the town A where A lies in the county B. A city that
    is several counties (New York) has no county, and a part of it that is one (Brooklyn) no town.

    state_name  USPS code, FIPS code or name
    """
    told = name.partition(",")[0].strip()
    part = _known(told, state_name)
    if part is not None:
        return part
    if find_towns(told, state_name):
        return told, sole_county(told, state_name)
    county = _COUNTY_S.fullmatch(told)
    if county and (found := find_county(county["name"], state_name)):
        return None, found.fips
    return _without_agency(told, state_name) or (None if _NOWHERE.fullmatch(told) else told or None, None)


def is_state_alone(name: str, state_name: str) -> bool:
    """True for the name of a place that is that of its state and nothing more ("Utah", not "Utah, UT").

    Some states have a county, a city or both of their own name: Utah, Iowa, Oklahoma, New York.
    """
    told = state(name)
    return told is not None and told == state(state_name)


def counties_of_city(town: str, state_name: str) -> frozenset[str]:
    """FIPS codes of the counties that a city consists of, where it is several whole ones; else none."""
    return _several().get((town_key(state_name), town_key(town)), frozenset())


def _without_agency(told: str, state_name: str) -> tuple[str | None, str | None] | None:
    """The town and county of a name that no town has, or None where it has no other part than itself."""
    bare = _METRO.sub("", _POLICE.sub("", told))
    for name in dict.fromkeys((bare, _CITY.sub("", bare))):
        if (part := _known(name, state_name)) is not None:
            return part
        if find_towns(name, state_name):
            return name, sole_county(name, state_name)
    found = find_county(bare, state_name)
    # No town, so it is the county's name, wherever in it the killing was.
    return (None, found.fips) if found is not None else _twin(bare, state_name)


def _known(name: str, state_name: str) -> tuple[str | None, str | None] | None:
    """The town and county of a name in the list of those that follow no rule."""
    found = _aliases().get((town_key(state_name), town_key(name)))
    return None if found is None else (found[0] or None, found[1] or None)


def _twin(name: str, state_name: str) -> tuple[str, str] | None:
    """A town and its county in one name, as agencies of both have it."""
    town, dash, county = re.sub(r"\s+county$", "", name, flags=re.IGNORECASE).partition("-")
    fips = sole_county(town, state_name) if dash and find_towns(town, state_name) else None
    found = find_county(county, state_name) if fips else None
    return (town, fips) if fips and found is not None and found.fips == fips else None


@cache
def _aliases() -> dict[tuple[str, str], tuple[str, str]]:
    rows = read_toml(_ALIASES)["names"]
    return {(town_key(usps), town_key(name)): (town, fips) for usps, name, town, fips in rows}


@cache
def _several() -> dict[tuple[str, str], frozenset[str]]:
    rows = read_toml(_ALIASES)["cities_of_several_counties"]
    return {(town_key(usps), town_key(name)): frozenset(counties) for usps, name, counties in rows}
