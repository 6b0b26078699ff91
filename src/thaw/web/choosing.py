"""Which cases a map or a timeline is of: plain fields of a form, turned into the conditions that `thaw cases` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from thaw.data import places
from thaw.errors import InputError
from thaw.record import codes_of

from .figures import list_of
from .screen import Look

_KNOWN = {"no": "not known", "yes": "known"}
_FIELDS = ("state", "county", "weapon", "sex", "offender", "from", "to")


def conditions_of(look: Look) -> list[str]:
    """All conditions of an address: those written out, and those of the plain fields; years are left to the caller.

    Raises InputError for a county that is none of the chosen state.
    """
    found = list_of(look, "where")
    county, state = look.asked("county"), look.asked("state")
    if county:
        found.append(f"place.county_fips={_county(county, state)}")
    elif state:
        found.append(f"place.state={state}")
    for name, field in (("weapon", "weapon"), ("sex", "victim.sex"), ("offender", "offender_known")):
        if look.asked(name):
            found.append(f"{field}={look.asked(name)}")
    return found


def years_of(look: Look) -> tuple[int | None, int | None]:
    """First and last year that the address asks for. Raises InputError for words that are no year."""
    return _year(look.asked("from")), _year(look.asked("to"))


def year_condition(look: Look) -> list[str]:
    """The years as a condition of `thaw cases`; none where none are asked for. Raises InputError for no years."""
    first, last = years_of(look)
    if first is not None and last is not None and first > last:
        raise InputError(where="years", got=f"{first} to {last}", want="years in order", fix="Swap them.")
    return [] if first is None and last is None else [f"year={first or 1900}..{last or 2100}"]


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise InputError(where="years", got=repr(text[:20]), want="a year such as 1985", fix="Correct it.")
    return int(text)


def _county(text: str, state: str) -> str:
    found = places.county(text) if text.isdigit() else places.find_county(text, state) if state else None
    if found is None:
        raise InputError(
            where="county",
            got=repr(text[:40]),
            want="the name of a county of the chosen state",
            fix="Choose the state and write the county's name, or leave the county empty.",
        )
    return found.fips


def fields(look: Look) -> dict[str, Any]:
    """What the form of the screen shows: the lists, and what was chosen."""
    asked = {name: look.asked(name) for name in _FIELDS} | {"where": list_of(look, "where")}
    known = {county.state for county in places.counties()}
    states = [(state.usps, state.name) for usps in sorted(known) if (state := places.state(usps))]
    return {
        "asked": asked,
        "states": sorted(states, key=lambda one: one[1]),
        "weapons": list(codes_of("shr.weapon").items()),
        "sexes": [("F", "female"), ("M", "male")],
        "offenders": list(_KNOWN.items()),
        "any": any(asked.values()),
    }


def told(look: Look, *more: str) -> list[str]:
    """The filters of an address as a file states them."""
    shown: Mapping[str, Sequence[str]] = {name: list_of(look, name) for name in (*_FIELDS, "where", "case", *more)}
    return [f"{name} {value}" for name, values in shown.items() for value in values]
