"""Makes the place tables of `thaw.data.places` from the us-atlas county topology and the UCR state list.

In: the folder of the unpacked npm package us-atlas 3.0.1 (file counties-10m.json), the file agency_state.json of the
code tables. Out: us_counties.csv and us_states.csv, byte for byte the same on every run.

    python scripts/make_places.py US_ATLAS_FOLDER AGENCY_STATE_JSON [OUT_FOLDER]

Everything is computed on a sphere with great-circle edges, so nothing depends on a map projection and a ring that
crosses the 180th meridian (the Aleutians) needs no special case.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EARTH_RADIUS_KM = 6371.0088  # mean radius of the WGS84 ellipsoid (IUGG)
_OUT = Path(__file__).parents[1] / "src" / "thaw" / "data" / "places"
_ATLAS_NAME_TO_UCR = {"United States Virgin Islands": "Virgin Islands"}
_USPS_NOT_IN_UCR = {"Commonwealth of the Northern Mariana Islands": "MP"}

Point = tuple[float, float]  # longitude, latitude in degrees
Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Region:
    """Centroid in degrees, area in square kilometres."""

    lat: float
    lon: float
    area_km2: float

    @property
    def radius_km(self) -> float:
        """Radius of the circle of the same area."""
        return math.sqrt(self.area_km2 / math.pi)


def decode_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Arcs in degrees: each stored point is a whole-number step from the one before, scaled and shifted."""
    (scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for stored in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in stored:
            x, y = x + step_x, y + step_y
            arc.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(arc)
    return arcs


def polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Polygons of a geometry, each a list of rings (the first is the outline, the others are holes) of arc numbers."""
    found: list[list[list[int]]] = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return found


def ring_points(ring: Iterable[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """Corners of a ring, the first not repeated; arc number ~n is arc n walked backwards."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[:-1])
    return points


def _unit(point: Point) -> Vector:
    lon, lat = math.radians(point[0]), math.radians(point[1])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _edges(points: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    return zip(points, [*points[1:], points[0]], strict=True)


def signed_area(points: Sequence[Point]) -> float:
    """Area of a ring on the unit sphere, positive when walked counterclockwise.

    Sum over the edges of the spherical excess between the edge and the equator:
    tan(E/2) = tan(dlon/2) (t1 + t2) / (1 + t1 t2) with t = tan(lat/2) (Todhunter, Spherical Trigonometry, art. 103).
    """
    total = 0.0
    for (lon1, lat1), (lon2, lat2) in _edges(points):
        t1, t2 = math.tan(math.radians(lat1) / 2), math.tan(math.radians(lat2) / 2)
        step = math.radians((lon2 - lon1 + 180) % 360 - 180)
        total += 2 * math.atan2(math.tan(step / 2) * (t1 + t2), 1 + t1 * t2)
    return -total


def vector_area(points: Sequence[Point]) -> Vector:
    """Integral of the outward normal over the ring's inside on the unit sphere.

    Half the sum over the edges of angle times unit normal (Stokes: integral n dA = 1/2 closed integral r x dr). Its
    direction is the area centroid, exact for great-circle edges.
    """
    x = y = z = 0.0
    corners = [_unit(point) for point in points]
    for (ax, ay, az), (bx, by, bz) in zip(corners, [*corners[1:], corners[0]], strict=True):
        cx, cy, cz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
        sine = math.sqrt(cx * cx + cy * cy + cz * cz)
        ratio = math.asin(min(1.0, sine)) / sine / 2 if sine else 0.0  # edges are far shorter than 90 degrees
        x, y, z = x + cx * ratio, y + cy * ratio, z + cz * ratio
    return x, y, z


def region(geometry: dict[str, Any], arcs: Sequence[Sequence[Point]]) -> Region:
    """Centroid and area of a polygon or multipolygon; holes are taken off, whichever way their ring runs."""
    area = x = y = z = 0.0
    corners: list[Point] = []
    for polygon in polygons(geometry):
        for index, ring in enumerate(polygon):
            points = ring_points(ring, arcs)
            corners += points
            signed, (vx, vy, vz) = signed_area(points), vector_area(points)
            sign = math.copysign(1.0, signed) * (1 if index == 0 else -1)
            area, x, y, z = area + sign * signed, x + sign * vx, y + sign * vy, z + sign * vz
    if area == 0:
        return _collapsed(corners)
    lat, lon = math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
    return Region(lat, lon, area * EARTH_RADIUS_KM**2)


def _collapsed(corners: Sequence[Point]) -> Region:
    """An outline that the simplification of the map flattened to a line (Falls Church): the circle over it."""
    lon, lat = (sum(axis) / len(corners) for axis in zip(*corners, strict=True))
    middle = _unit((lon, lat))
    radius_km = max(math.dist(middle, _unit(corner)) for corner in corners) * EARTH_RADIUS_KM
    return Region(lat, lon, math.pi * radius_km**2)


def neighbours(geometries: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """For each id the sorted ids that share a stretch of border (an arc); a common corner alone is not enough."""
    owners: dict[int, set[str]] = defaultdict(set)
    for geometry in geometries:
        for polygon in polygons(geometry):
            for ring in polygon:
                for number in ring:
                    owners[number if number >= 0 else ~number].add(geometry["id"])
    beside: dict[str, set[str]] = {geometry["id"]: set() for geometry in geometries}
    for ids in owners.values():
        for one in ids:
            beside[one] |= ids - {one}
    return {one: sorted(others) for one, others in beside.items()}


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _numbers(place: Region) -> tuple[str, str, str]:
    return f"{place.lat:.4f}", f"{place.lon:.4f}", f"{place.radius_km:.2f}"


def state_rows(topology: dict[str, Any], ucr_states: dict[str, Any]) -> list[tuple[str, ...]]:
    """fips, usps, name, lat, lon, radius_km, UCR numeric and alphabetic code (empty where UCR has none), by fips."""
    arcs = decode_arcs(topology)
    ucr = {entry["name"]: (code, entry["ucr_alpha"], entry["usps"]) for code, entry in ucr_states.items()}
    rows = []
    for geometry in topology["objects"]["states"]["geometries"]:
        name = geometry["properties"]["name"]
        none = ("", "", _USPS_NOT_IN_UCR.get(name, ""))
        numeric, alpha, usps = ucr.get(_ATLAS_NAME_TO_UCR.get(name, name), none)
        rows.append((geometry["id"], usps, name, *_numbers(region(geometry, arcs)), numeric, alpha))
    return sorted(rows)


def county_rows(topology: dict[str, Any], usps: dict[str, str]) -> list[tuple[str, ...]]:
    """fips, name, state, state_fips, lat, lon, radius_km, neighbours (fips with spaces between), by fips."""
    arcs = decode_arcs(topology)
    geometries = topology["objects"]["counties"]["geometries"]
    beside = neighbours(geometries)
    rows = []
    for geometry in geometries:
        fips, name = geometry["id"], geometry["properties"]["name"]
        place = _numbers(region(geometry, arcs))
        rows.append((fips, name, usps[fips[:2]], fips[:2], *place, " ".join(beside[fips])))
    return sorted(rows)


def main(arguments: Sequence[str]) -> None:
    """Writes both tables and prints their counts."""
    atlas, agency_state = Path(arguments[0]), Path(arguments[1])
    out = Path(arguments[2]) if len(arguments) > 2 else _OUT
    topology = json.loads((atlas / "counties-10m.json").read_text(encoding="utf-8"))
    states = state_rows(topology, json.loads(agency_state.read_text(encoding="utf-8"))["states"])
    counties = county_rows(topology, {row[0]: row[1] for row in states})
    state_header = ("fips", "usps", "name", "lat", "lon", "radius_km", "ucr_numeric", "ucr_alpha")
    _write(out / "us_states.csv", state_header, states)
    county_header = ("fips", "name", "state", "state_fips", "lat", "lon", "radius_km", "neighbours")
    _write(out / "us_counties.csv", county_header, counties)
    print(f"{len(states)} states and territories, {len(counties)} counties")


if __name__ == "__main__":
    main(sys.argv[1:])
