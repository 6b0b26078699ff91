"""Where cases lie: counts by county and year, points with their uncertainty, and what has no place on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from thaw.casebook import conditions, find_case, no_such_case, unfolded
from thaw.data import places
from thaw.data.places.agencies import is_state_alone, place_of_agency
from thaw.data.places.towns import sole_county
from thaw.errors import InputError
from thaw.store import Where

from .book import Session

MOST_POINTS = 400
_COLUMNS = (
    *("case_id", "title", "invented", "date_from", "date_to"),
    *("place_county_fips", "place_state", "place_name", "place_lat", "place_lon", "place_precision_km"),
)
_CITY_KM = 15.0


def case_map(
    session: Session,
    *,
    where: Sequence[str] = (),
    case_ids: Sequence[str] = (),
    first: int | None = None,
    last: int | None = None,
    purpose: str = "",
) -> dict[str, Any]:
    """Cases by area and year, and points.

    where        conditions as in `thaw cases --where`
    case_ids     only these (ids or source keys); one that is not there raises InputError
    first, last  years that the date must lie in, both included; vague dates count in the year in which they begin
    A case with a point stands as a point and in its county. Of more points than the picture takes the rest is counted.
    """
    if first is not None and last is not None and first > last:
        raise InputError(where="map, years", got=f"{first} to {last}", want="years in order", fix="Swap them.")
    chosen = [*conditions(where)]
    view = session.look(
        purpose,
        kind="access.list",
        detail={"command": "map", "where": list(where), "asked": list(case_ids), "from": first, "to": last},
        find=(lambda seen: find_case(seen, case_ids[0])) if case_ids else None,
    )
    if case_ids:
        ids = [find_case(view, text) for text in case_ids]
        if None in ids:
            raise no_such_case(case_ids[ids.index(None)])
        chosen.append(Where("case_id", "in", [case_id for case_id in ids if case_id]))
    counts: Counter[str] = Counter()
    by_year: dict[str, Counter[int]] = {}
    points: list[dict[str, Any]] = []
    tally: Counter[str] = Counter()
    areas: dict[str, str | None] = {}

    def take(rows: list[tuple[Any, ...]]) -> None:
        for row in rows:
            _take(dict(zip(_COLUMNS, row, strict=True)), first, last, counts, by_year, points, tally, areas)

    view.in_chunks("cases", _COLUMNS, take, [*chosen, unfolded(view)])
    points.sort(key=lambda point: (point["date"] or "", point["case_id"]))
    return {
        "total": tally["all"],
        "counts": dict(counts),
        "by_year": {fips: dict(years) for fips, years in by_year.items()},
        "points": points[:MOST_POINTS],
        "points_left_out": max(0, len(points) - MOST_POINTS),
        "without_place": tally["without place"],
        "state_only": tally["state only"],
        "undated": tally["undated"],
        "names": {fips: _name(fips) for fips in counts},
        "centers": {fips: center for fips in counts if (center := _center(fips)) is not None},
    }


def _take(
    row: dict[str, Any],
    first: int | None,
    last: int | None,
    counts: Counter[str],
    by_year: dict[str, Counter[int]],
    points: list[dict[str, Any]],
    tally: Counter[str],
    areas: dict[str, str | None],
) -> None:
    year = int(row["date_from"][:4]) if row["date_from"] else None
    if first is not None or last is not None:
        if year is None:
            tally["undated"] += 1
            return
        if (first is not None and year < first) or (last is not None and year > last):
            return
    tally["all"] += 1
    area = _area(row["place_county_fips"], row["place_state"], row["place_name"], areas)
    if row["place_lat"] is not None and row["place_lon"] is not None:
        points.append(
            {
                "case_id": row["case_id"],
                "title": row["title"],
                "invented": row["invented"],
                "date": row["date_from"],
                "lat": row["place_lat"],
                "lon": row["place_lon"],
                "precision_km": row["place_precision_km"] or _CITY_KM,
            }
        )
    elif area is None:
        tally["without place"] += 1
        return
    if area is not None:
        counts[area] += 1
        tally["state only"] += len(area) == 2
        if year is not None:
            by_year.setdefault(area, Counter())[year] += 1


def _area(fips: str | None, usps: str | None, name: str | None, known: dict[str, str | None]) -> str | None:
    """Today's code of the county, or of the one in which the town lies; of what only names a state, the state's."""
    text = fips or f"state {usps}, {name}"
    if text not in known:
        county = places.county(fips or _county_of_town(name, usps) or "")
        state = places.state(usps) if usps and county is None else None
        known[text] = county.fips if county else state.fips if state else None
    return known[text]


def _county_of_town(name: str | None, usps: str | None) -> str | None:
    """The county of a place that is named without one, where only one fits."""
    if not name or not usps or is_state_alone(name, usps):
        return None
    town, fips = place_of_agency(name, usps)
    return fips or (sole_county(town, usps) if town else None)


def _name(fips: str) -> str:
    county = places.county(fips)
    if county is not None:
        return f"{county.name}, {county.state}"
    state = places.state(fips)
    return f"{state.name}, county not known" if state else fips


def _center(fips: str) -> tuple[float, float, float] | None:
    area = places.county(fips) or places.state(fips)
    return (area.lon, area.lat, area.radius_km) if area else None
