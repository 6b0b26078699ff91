"""The map: places checked against a map that others projected, shades and frames derived by hand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from thaw.data import places
from thaw.report import place_on_map, us_map
from thaw.report.us_map import Spot, class_steps, frame_of, known_areas, outline, shade

SVG = "{http://www.w3.org/2000/svg}"
# Boxes of counties in counties-albers-10m.json of us-atlas 3.0.1 (npm, ISC): laid on the page by d3's geoAlbersUsa.
FOREIGN = {
    "23003": (899.1, 45.8, 938.7, 85.0),
    "53033": (93.2, 42.3, 117.1, 61.6),
    "27137": (542.2, 78.4, 563.4, 122.4),
    "04013": (170.0, 383.2, 216.5, 420.5),
    "48301": (345.4, 451.9, 357.9, 460.8),
    "15003": (258.1, 540.0, 271.4, 550.2),
    "32003": (139.5, 310.3, 175.3, 356.2),
    "02020": (111.6, 542.2, 117.9, 547.9),
    "06037": (74.1, 343.4, 101.3, 390.1),
    "49035": (222.3, 231.3, 233.6, 242.8),
}


def corners(path: str) -> list[tuple[float, float]]:
    """Corners of an outline as made here: `Mx,yldx,dy dx,dy z`."""
    found = []
    for ring in re.findall(r"M([^z]*)z", path):
        start, _, steps = ring.partition("l")
        x, y = map(float, start.split(","))
        found.append((x, y))
        for step in steps.split():
            dx, dy = map(float, step.split(","))
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


@pytest.mark.parametrize("fips", sorted(FOREIGN))
def test_outlines_lie_where_others_lay_them(fips: str):
    xs, ys = zip(*corners(outline(fips)), strict=True)
    # Half a unit from rounding to tenths and thinning, another from the thinning of the foreign map.
    assert (min(xs), min(ys), max(xs), max(ys)) == pytest.approx(FOREIGN[fips], abs=1.0)


def test_every_county_of_the_states_has_an_outline_and_its_middle_lies_in_its_box():
    on_map = [county for county in places.counties() if county.fips in known_areas()]
    assert len(on_map) == 3142  # 3,231 less the 89 of the territories
    outside = 0
    for county in on_map:
        at = place_on_map(county.lon, county.lat)
        assert at is not None, county.fips
        xs, ys = zip(*corners(outline(county.fips)), strict=True)
        outside += not (min(xs) - 0.5 <= at[0] <= max(xs) + 0.5 and min(ys) - 0.5 <= at[1] <= max(ys) + 0.5)
    assert outside == 0


@pytest.mark.parametrize(("lon", "lat"), [(0.0, 51.5), (-66.1, 18.4), (-96.0, 20.0), (-79.4, 43.7 + 6)])
def test_what_lies_outside_the_states_has_no_place(lon: float, lat: float):
    assert place_on_map(lon, lat) is None


def test_the_middle_of_the_map_is_the_middle_of_the_page():
    assert place_on_map(-96.6, 38.7) == pytest.approx((487.5, 305.0))


def test_shades_at_least_double():
    # 1,000 to the sixth root is 3.16: 1, 4, 10, 32, 100, 317.
    assert class_steps([1, 1000]) == [1, 4, 10, 32, 100, 317]
    assert class_steps([3]) == [1, 2]
    assert class_steps([]) == []
    assert [shade(n, [1, 4, 10]) for n in (0, 1, 3, 4, 99)] == [0, 1, 1, 2, 3]


def test_the_frame_is_the_whole_country_for_nothing_and_for_much():
    assert frame_of({}, []).width == 975
    assert frame_of({"53033": 1, "23003": 1}, []).width == 975
    near = frame_of({"49035": 1}, [])
    assert near.width < 120
    assert near.x < 222.3
    assert near.x + near.width > 233.6


def test_the_radius_of_a_point_is_its_uncertainty():
    made = us_map({"49035": 2}, [Spot(40.77, -111.93, 30.0, "Invented scene", to="/case/c_x")], title="t")
    # Equal area: 1,300 units to the radius of the earth, 6371.0088 km.
    assert f'r="{30 * 1300 / 6371.0088:.2f}" class="unsure"' in made
    assert 'href="/case/c_x"' in made
    assert "Invented scene, within 30 km" in made
    assert "2 cases in 1 areas, 1 points." in made


def test_an_area_that_the_map_does_not_have_is_no_fault():
    made = us_map({"72001": 3, "49035": 1}, [Spot(18.4, -66.1, 1.0, "San Juan")], title="t")
    assert 'data-fips="49035"' in made
    assert "72001" not in made
    assert "San Juan" not in made


def test_what_is_cut_at_the_edge_is_cut_by_a_line_and_no_name_with_it():
    # Eight western states: the picture goes on to the east, where states are cut at the edge.
    west = {"04013": 1, "08031": 1, "16001": 1, "30063": 1, "32003": 1, "41051": 1, "49035": 1, "56021": 1}
    made = us_map(west, [], title="t")
    tree = ET.fromstring(made)
    (edge,) = [e for e in tree.iter(f"{SVG}rect") if e.get("class") == "neatline"]
    assert (edge.get("x"), edge.get("width"), edge.get("fill")) == ("1", "973", "none")
    high = float(edge.get("height", "")) + 2
    names = [e for e in tree.iter(f"{SVG}text") if e.get("class") == "state-name"]
    assert {"UT", "NV", "CO"} <= {e.text for e in names}
    for name in names:
        assert 18 <= float(name.get("x", "")) <= 975 - 18
        assert 18 <= float(name.get("y", "")) <= high - 18
