"""What `--where` means on the parts of a place: counties and states are known ones, degrees are numbers or ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from thaw.data import places
from thaw.errors import InputError
from thaw.store import Where

PLACE_PARTS: Mapping[str, str] = {
    "name": "text", "state": "text", "county_fips": "text", "lat": "real", "lon": "real", "precision_km": "real"
}  # fmt: skip


def place_condition(stem: str, part: str, value: str) -> list[Where]:
    """The conditions that `place.PART=VALUE` means; `unknown` finds the silent.

    county_fips  numbers or names with their state (`49035`, `Salt Lake, UT`), several numbers with commas
    state        two letters or a name, several with commas
    Raises InputError for a county or state that there is none of: an empty list would look like an answer.
    """
    column = f"{stem}_{part}"
    if value.lower() == "unknown":
        return [Where(column, "unknown")]
    if part == "county_fips":
        return [Where(column, "in", _counties(value))]
    if part == "state":
        return [Where(column, "in", [_state(one.strip()) for one in value.split(",")])]
    if PLACE_PARTS[part] == "real":
        return _degrees(column, part, value)
    return [Where(column, "same", value)]


def place_hint(texts: Sequence[str]) -> str | None:
    """For conditions that found nothing: how the county that was perhaps meant is written; None without an idea.

    It knows the map and not the book, so it tells nothing about what anybody may not see.
    """
    for text in texts:
        field, _, value = text.partition("=")
        if field.strip() not in ("place", "place.name") or not value.strip():
            continue
        name = value.strip().casefold().removesuffix(" county")
        spelt: dict[str, list[str]] = {}
        for county in places.counties():
            for spelling in (county.name, f"{county.name}, {county.state}"):
                shown = f"{county.name}, {county.state} ({county.fips})"
                spelt.setdefault(spelling.casefold(), []).append(shown)
        near = spelt.get(name) or [one for key in get_close_matches(name, spelt, n=1) for one in spelt[key]]
        if near:
            return f"No place is called {value.strip()!r} here. Counties with such a name: {'; '.join(near)}."
    return None


def _counties(value: str) -> list[str]:
    named = _county_named(value)
    if named:
        return [named]
    numbers = [one.strip() for one in value.split(",")]
    for number in numbers:
        if not (number.isascii() and number.isdigit() and len(number) == 5) or places.county(number) is None:
            raise InputError(
                where="--where place.county_fips",
                got=repr(number),
                want="the five digits of a county, or its name with the state, such as 49035 or Salt Lake, UT",
                fix="A zero in front counts: Maricopa, AZ is 04013.",
            )
    return numbers


def _county_named(value: str) -> str | None:
    name, comma, state = value.rpartition(",")
    found = places.find_county(name, state.strip()) if comma and name.strip() and not name.strip().isdigit() else None
    return found.fips if found else None


def _state(value: str) -> str:
    found = places.state(value)
    if found is not None:
        return found.usps
    raise InputError(
        where="--where place.state",
        got=repr(value),
        want="a state of the United States",
        fix="Use its two letters, such as UT, or its name.",
    )


def _degrees(column: str, part: str, value: str) -> list[Where]:
    first, dots, last = value.partition("..")
    try:
        low, high = float(first), float(last if dots else first)
        if not low <= high:
            raise ValueError(value)
    except ValueError:
        raise InputError(
            where=f"--where place.{part}",
            got=repr(value),
            want="a number or a range such as 40.5..41",
            fix="Write digits, the smaller one first.",
        ) from None
    return [Where(column, ">=", low), Where(column, "<=", high)]
