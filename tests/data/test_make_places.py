"""The geometry of scripts/make_places.py on shapes whose area and centre are known without it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from scripts.make_places import EARTH_RADIUS_KM, decode_arcs, neighbours, region, signed_area

OCTANT = [(0.0, 0.0), (90.0, 0.0), (0.0, 90.0)]


def test_an_eighth_of_the_sphere_has_an_eighth_of_its_area():
    assert signed_area(OCTANT) == pytest.approx(4 * math.pi / 8)
    assert signed_area(OCTANT[::-1]) == pytest.approx(-4 * math.pi / 8)


def test_arcs_are_steps_scaled_and_shifted():
    topology = {"transform": {"scale": [0.5, 0.1], "translate": [10, -1]}, "arcs": [[[2, 10], [4, 0], [-2, -10]]]}
    assert decode_arcs(topology) == [[(11.0, 0.0), (13.0, 0.0), (12.0, -1.0)]]


def square(west: float, south: float, size: float) -> list[tuple[float, float]]:
    east, north = west + size, south + size
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def polygon(*rings: int) -> dict[str, Any]:
    return {"type": "Polygon", "arcs": [[ring] for ring in rings]}


def test_a_small_square_has_the_area_and_centre_of_a_flat_one():
    found = region(polygon(0), [square(-0.05, -0.05, 0.1)])
    degree_km = math.radians(1) * EARTH_RADIUS_KM
    assert found.area_km2 == pytest.approx((0.1 * degree_km) ** 2, rel=1e-5)
    assert (found.lat, found.lon) == (pytest.approx(0, abs=1e-9), pytest.approx(0, abs=1e-9))


def test_a_hole_is_taken_off_whichever_way_its_ring_runs():
    outer, hole = square(0, 0, 3), square(0, 0, 1)
    whole, gone = region(polygon(0), [outer]).area_km2, region(polygon(0), [hole]).area_km2
    for ring in (hole, hole[::-1]):
        found = region(polygon(0, 1), [outer, ring])
        assert found.area_km2 == pytest.approx(whole - gone)
        assert found.lat > 1.5


def test_two_parts_on_both_sides_of_the_180th_meridian_have_their_centre_between_them():
    parts = {"type": "MultiPolygon", "arcs": [[[0]], [[1]]]}
    found = region(parts, [square(178, 50, 1), square(-179, 50, 1)])
    assert abs(found.lon) == pytest.approx(180, abs=1e-6)


def test_an_outline_flattened_to_a_line_gets_the_circle_over_it():
    line = [(0.0, 0.0), (0.02, 0.0), (0.0, 0.0)]
    found = region(polygon(0), [line])
    assert (found.lat, found.lon) == (0, pytest.approx(0.01))
    assert found.radius_km == pytest.approx(0.01 * math.radians(1) * EARTH_RADIUS_KM, rel=1e-6)


def test_neighbours_share_an_arc_in_either_direction():
    shapes = [
        {"id": name, "type": "Polygon", "arcs": [ring]} for name, ring in (("a", [0, 1]), ("b", [~1, 2]), ("c", [3]))
    ]
    assert neighbours(shapes) == {"a": ["b"], "b": ["a"], "c": []}
