"""The map of cases: areas and points, by year, without a tile from anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from thaw.casework.case_map import case_map
from thaw.data import places
from thaw.errors import InputError
from thaw.report import geojson, place_on_map, us_map
from thaw.report.us_map import Spot, class_steps, frame_of, known_areas

from .choosing import conditions_of, fields, told, year_condition, years_of
from .figures import asked_format, download, figure_file, list_of, origin_of, shown, table_file, with_query
from .screen import Download, Look, Page, Screen
from .wording import at_the_form


def map_screen(look: Look) -> Page:
    """All cases, or those that meet conditions, or just the ones that the address names."""
    cases = list_of(look, "case")
    values: dict[str, Any] = {
        "choose": fields(look), "cases": cases, "error": None, "map": None, "figure": None, "years": None, "files": {},
        "line": with_query("/timeline", look), "left": [], "largest": [],
    }  # fmt: skip
    try:
        found = _found(look)
    except InputError as error:
        if error.where == "case":
            raise
        return Page("map.html", values | {"error": at_the_form(error)}, 400)
    years = sorted({year for some in found["by_year"].values() for year in some})
    largest = sorted(found["counts"].items(), key=lambda one: (-one[1], one[0]))[:12]
    values |= {
        "map": found,
        "figure": shown(_figure(look, found)),
        "years": (years[0], years[-1]) if len(years) > 1 else None,
        "steps": json.dumps(class_steps(found["counts"].values())),
        "data": json.dumps(found["by_year"], separators=(",", ":"), sort_keys=True),
        "files": {kind: with_query("/map/file", look, format=kind) for kind in ("svg", "png", "geojson", "csv")},
        "left": _left(found),
        "largest": [(found["names"][fips], count, _cases_address(fips, look)) for fips, count in largest],
    }
    return Page("map.html", values)


def map_file(look: Look) -> Download:
    """The map as SVG, PNG, GeoJSON or a table."""
    kind = asked_format(look, "svg", "png", "geojson", "csv")
    found = _found(look)
    about = origin_of(look, "map of cases", filters=told(look), left_out=_left(found))
    ids = [point["case_id"] for point in found["points"]]
    if kind == "geojson":
        body = geojson(found["counts"], found["names"], found["centers"], _spots(found), about)
        return download(look, body, "geojson", "map", about, case_ids=ids, rows=len(found["counts"]) + len(ids))
    if kind == "csv":
        rows = [[fips, found["names"][fips], count] for fips, count in sorted(found["counts"].items())]
        return table_file(look, ["fips", "area", "cases"], rows, "map", about, case_ids=ids)
    return figure_file(look, _figure(look, found), "map", about, case_ids=ids)


def _found(look: Look) -> dict[str, Any]:
    first, last = years_of(look)
    return case_map(
        look.session, where=conditions_of(look), case_ids=list_of(look, "case"), first=first, last=last,
        purpose=look.purpose,
    )  # fmt: skip


def _figure(look: Look, found: Mapping[str, Any]) -> str:
    links = {fips: _cases_address(fips, look) for fips in found["counts"] if len(fips) == 5}
    # One county alone is a shape that nobody knows: its state lies around it.
    states = {fips[:2] for fips in found["counts"]}
    frame = frame_of(dict.fromkeys(states, 1), _spots(found)) if len(found["counts"]) == 1 else None
    return us_map(found["counts"], _spots(found), title="Map of cases", names=found["names"], links=links, frame=frame)


def _cases_address(fips: str, look: Look) -> str:
    """The list of the cases of an area, with the same conditions."""
    state = places.state(fips) if len(fips) == 2 else None
    mine = [f"place.state={state.usps}"] if state else [f"place.county_fips={fips}"]
    others = [c for c in conditions_of(look) if not c.startswith("place.county_fips=")]
    where = [*others, *mine, *year_condition(look)]
    return "/cases?" + urlencode({"where": where}, doseq=True)


def _spots(found: Mapping[str, Any]) -> list[Spot]:
    return [
        Spot(p["lat"], p["lon"], p["precision_km"], p["title"], to=f"/case/{quote(p['case_id'])}")
        for p in found["points"]
    ]


def _left(found: Mapping[str, Any]) -> list[str]:
    on_map = set(known_areas())
    off = sum(count for fips, count in found["counts"].items() if fips not in on_map)
    off += sum(place_on_map(p["lon"], p["lat"]) is None for p in found["points"])
    words: Sequence[tuple[int, str]] = (
        (found["without_place"], "without a place"),
        (found["undated"], "without a date, while years are chosen"),
        (off, "in territories or outside the states, which this map does not have"),
        (found["points_left_out"], "points more than the picture takes"),
    )
    return [f"{count:,} {reason}" for count, reason in words if count]


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/map", map_screen),
    ("GET", "/map/file", map_file),
)
