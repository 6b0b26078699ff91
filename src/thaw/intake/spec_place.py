"""How the columns of a place are read as a specification says: town, county, state, point."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from thaw.data import places
from thaw.record import Place, Said

from .import_spec import FieldSpec
from .rows import BadCell

_FAR = 2.5  # a point this many radii from the middle of its state lies in another
_EARTH_KM = 6371.0
_NOT_TOLD = frozenset(("", "n/a", "na", "nan", "null", "-", "--", "none", "unknown"))
POINT = re.compile(r"\(?\s*(-?[0-9]+(?:\.[0-9]+)?)\s*[,; ]\s*(-?[0-9]+(?:\.[0-9]+)?)\s*\)?")
WKT = re.compile(r"POINT\s*\(\s*(-?[0-9.]+)\s+(-?[0-9.]+)\s*\)", re.IGNORECASE)
PlaceMaker = Callable[[Sequence[str], list[str]], Iterator[Said]]


def place_maker(field: FieldSpec) -> PlaceMaker:
    """The function that makes a place of the cells of its columns; what is odd in them is added to the doubts.

    It raises BadCell for a state that is none and degrees that cannot be.
    """
    parts = [option for option in field.options if option not in ("precision_km", "role")]

    def make(cells: Sequence[str], doubts: list[str]) -> Iterator[Said]:
        told = {part: cell for part, cell in zip(parts, cells, strict=True) if cell.casefold() not in _NOT_TOLD}
        if told:
            yield _place(field, told, doubts)

    return make


def _place(field: FieldSpec, told: Mapping[str, str], doubts: list[str]) -> Said:
    column = {part: str(field.options[part]) for part in told}
    state = _state(told, column, doubts)
    fips = told.get("county_fips", "")
    if "county" in told and state is not None and told["county"].isdigit():
        fips = state.fips + told["county"].zfill(3)
    elif "county" in told and state is not None:
        county = places.find_county(told["county"], state.usps)
        fips = county.fips if county else fips
    words = None
    if "county" in told and not fips:
        doubts.append("county: none of the state has its name, which is kept in words")
        words = f"county {told['county']}"
    if fips:
        fips = fips.removesuffix(".0").zfill(5)
        if places.county(fips) is None:
            doubts.append("county: unknown, since no list of counties has its number, which is kept in words")
            words, fips = f"county number {fips}", ""
    if "point" in told:
        told, column = _with_point(told, column)
    lat, lon = (_degrees(part, told, column, most) for part, most in (("lat", 90.0), ("lon", 180.0)))
    if lat == lon == 0:
        # Tables write it where there is no point; nobody was ever killed there.
        doubts.append("point: 0, 0 is no place, not used")
        lat = lon = None
    if (lat is None) != (lon is None):
        doubts.append("point: only one of latitude and longitude, not used")
        lat = lon = None
    if lat is not None and lon is not None and state is not None and _is_far(lat, lon, state):
        doubts.append("point: lies outside the state that the row names; both are kept as they stand")
        words = f"the point lies outside {state.usps}"
    town = (
        told.get("name") or told.get("city") or (told.get("county", "") if not told.get("county", "").isdigit() else "")
    )
    name = ", ".join(filter(None, (town, state.usps if state else "")))
    precision = float(field.options["precision_km"]) if "precision_km" in field.options and lat is not None else None
    usps = state.usps if state else None
    spelled = told.get("state")
    if words is None and spelled and state and spelled not in (state.usps, state.name):
        words = spelled
    found = Place(name or None, usps, fips or None, lat, lon, precision, field.options.get("role"))
    return Said(field.predicate.name, found, words)


def _with_point(told: Mapping[str, str], column: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What is told with latitude and longitude out of one cell: (40.77, -111.93) or POINT (-111.93 40.77)."""
    plain, wkt = POINT.fullmatch(told["point"].strip()), WKT.fullmatch(told["point"].strip())
    if not plain and not wkt:
        raise BadCell(column["point"], repr(told["point"]), "a point such as (40.77, -111.93) or POINT (-111.93 40.77)")
    lat, lon = (wkt[2], wkt[1]) if wkt else (plain[1], plain[2]) if plain else ("", "")
    name = column["point"]
    return {**told, "lat": lat, "lon": lon}, {**column, "lat": name, "lon": name}


def _state(told: Mapping[str, str], column: Mapping[str, str], doubts: list[str]) -> places.State | None:
    part = "state" if "state" in told else "state_fips"
    if part not in told:
        return None
    cell = told[part].removesuffix(".0").zfill(2) if part == "state_fips" else told[part]
    # A number in a column of names would be a FIPS code by luck only: UCR has numbers of its own.
    state = None if part == "state" and cell.isdigit() else places.state(cell)
    if state is None:
        raise BadCell(column[part], repr(told[part]), "a state of the United States or its two letters")
    if part == "state" and told[part] not in (state.usps, state.name):
        doubts.append("state: written otherwise than its letters or name, read all the same")
    return state


def _degrees(part: str, told: Mapping[str, str], column: Mapping[str, str], most: float) -> float | None:
    if part not in told:
        return None
    try:
        value = float(told[part].replace(",", "."))
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise BadCell(column[part], repr(told[part]), f"degrees from -{most:g} to {most:g}")
    return value


def _is_far(lat: float, lon: float, state: places.State) -> bool:
    mean = math.radians((lat + state.lat) / 2)
    north, east = math.radians(lat - state.lat), math.radians(lon - state.lon) * math.cos(mean)
    return _EARTH_KM * math.hypot(north, east) > _FAR * state.radius_km
