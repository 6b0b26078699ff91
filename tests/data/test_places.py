"""Places against facts that anybody can look up: areas, borders and counts of the United States."""

from __future__ import annotations

import math
import time

import pytest

from shared_files import shared
from thaw.data.places import County, State, counties, county, find_county, state


def area_km2(place: County | State) -> float:
    return math.pi * place.radius_km**2


def distance_km(one: County, other: County) -> float:
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(
        math.radians(one.lon - other.lon)
    )
    return 6371 * math.acos(min(1.0, cosine))


def test_the_map_of_2017_has_3142_counties_in_the_states_and_dc_and_78_in_puerto_rico():
    # Census Bureau, 2017: 3,142 counties and equivalents in 50 states and DC; Texas 254, Delaware 3, Virginia 133.
    found = counties()
    assert sum(c.state_fips <= "56" for c in found) == 3142
    assert sum(c.state == "PR" for c in found) == 78
    assert [sum(c.state == usps for c in found) for usps in ("TX", "DE", "VA", "DC")] == [254, 3, 133, 1]
    assert [c.fips for c in found] == sorted(c.fips for c in found)


@pytest.mark.parametrize(
    ("fips", "square_km"),  # total areas as commonly published; counties without a sea coast, where map and law agree
    [("06071", 52_070), ("04005", 48_332), ("32007", 44_560), ("49035", 2_090), ("48201", 4_604), ("04013", 23_890)],
)
def test_a_countys_area_is_the_published_one_within_three_percent(fips: str, square_km: float):
    found = county(fips)
    assert found is not None
    assert area_km2(found) == pytest.approx(square_km, rel=0.03)


@pytest.mark.parametrize(
    ("usps", "square_km"),  # total areas, US Geological Survey; states without a sea or Great Lakes coast
    [("CO", 269_601), ("WY", 253_335), ("UT", 219_882), ("NV", 286_380), ("AZ", 295_234), ("KS", 213_100)],
)
def test_a_states_area_is_the_published_one_within_one_percent(usps: str, square_km: float):
    found = state(usps)
    assert found is not None
    assert area_km2(found) == pytest.approx(square_km, rel=0.01)


def test_rhode_island_is_the_smallest_state_and_its_map_area_is_land_and_inland_water():
    # Land 2,678 km2, land and all water 4,001 km2: the map stops at the shore line.
    states = [found for c in counties() if c.state_fips <= "56" and (found := state(c.state)) and found.usps != "DC"]
    smallest = min(states, key=area_km2)
    assert smallest.usps == "RI"
    assert 2_600 < area_km2(smallest) < 3_000


def test_the_counties_of_a_state_add_up_to_the_state():
    for usps in ("UT", "TX", "AK"):
        whole = state(usps)
        assert whole is not None
        assert sum(area_km2(c) for c in counties() if c.state == usps) == pytest.approx(area_km2(whole), rel=0.001)


def test_salt_lake_county_borders_on_its_six_neighbours():
    salt_lake = county("49035")
    assert salt_lake is not None
    # Davis, Morgan, Summit, Tooele, Utah, Wasatch
    assert salt_lake.neighbours == ("49011", "49029", "49043", "49045", "49049", "49051")


def test_counties_that_meet_in_a_corner_are_no_neighbours():
    # Four Corners: Montezuma CO and Apache AZ touch in one point, San Juan UT and San Juan NM in the same.
    montezuma, san_juan_utah = county("08083"), county("49037")
    assert montezuma is not None
    assert san_juan_utah is not None
    assert "04001" not in montezuma.neighbours
    assert "35045" not in san_juan_utah.neighbours
    assert "49037" in montezuma.neighbours


def test_being_a_neighbour_is_mutual_and_never_with_oneself():
    beside = {c.fips: set(c.neighbours) for c in counties()}
    assert all(one in beside[other] for one, others in beside.items() for other in others)
    assert all(one not in others for one, others in beside.items())


def test_islands_have_no_neighbours():
    assert [county(fips).neighbours for fips in ("15003", "25019", "66010")] == [(), (), ()]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fips", "lat", "lon"),  # as commonly published from the Census gazetteer; inland counties, whose point is no water
    [("49035", 40.67, -111.92), ("32003", 36.21, -115.01), ("04013", 33.35, -112.49), ("08031", 39.76, -104.88)],
)
def test_a_centroid_lies_where_the_gazetteer_puts_it(fips: str, lat: float, lon: float):
    found = county(fips)
    assert found is not None
    assert (found.lat, found.lon) == (pytest.approx(lat, abs=0.1), pytest.approx(lon, abs=0.1))


def test_every_centroid_lies_in_the_box_of_its_state():
    boxes = {"UT": (36.9, 42.1, -114.1, -109.0), "CO": (36.9, 41.1, -109.1, -102.0), "NV": (35.0, 42.1, -120.1, -114.0)}
    for found in counties():
        south, north, west, east = boxes.get(found.state, (-15, 72, -180, 180))
        assert south < found.lat < north
        assert west < found.lon < east
        assert found.radius_km > 0.5


def test_the_aleutians_lie_on_the_western_side_although_they_cross_the_180th_meridian():
    aleutians = county("02016")
    assert aleutians is not None
    assert aleutians.lon < -165
    assert 51 < aleutians.lat < 55


def test_neighbours_are_near():
    by_fips = {c.fips: c for c in counties()}
    for found in by_fips.values():
        if found.state in ("UT", "CO", "NV", "AZ"):
            for other in (by_fips[fips] for fips in found.neighbours):
                assert distance_km(found, other) < 3 * (found.radius_km + other.radius_km)


@pytest.mark.parametrize(
    ("name", "where", "fips"),
    [
        ("Salt Lake", "UT", "49035"),
        ("SALT LAKE COUNTY", "utah", "49035"),
        ("Orleans Parish", "LA", "22071"),
        ("Saint Louis", "MO", "29189"),
        ("St. Louis County", "MO", "29189"),
        ("St Louis city", "Missouri", "29510"),
        ("Baltimore City", "MD", "24510"),
        ("Carson City city", "NV", "32510"),
        ("James City", "VA", "51095"),
        ("Richmond", "VA", "51159"),
        ("Richmond (city)", "VA", "51760"),
        ("De Kalb", "GA", "13089"),
        ("Prince Georges", "MD", "24033"),
        ("Dona Ana", "NM", "35013"),
        ("Juneau City and Borough", "AK", "02110"),
        ("Dade", "12", "12086"),
        ("Bedford city", "VA", "51019"),
    ],
)
def test_a_county_is_found_under_the_names_that_records_use(name: str, where: str, fips: str):
    found = find_county(name, where)
    assert found is not None
    assert found.fips == fips


def test_an_unknown_county_or_state_is_none():
    assert find_county("Nowhere", "UT") is None
    assert find_county("Salt Lake", "XX") is None
    assert find_county("Salt Lake", "CO") is None
    assert county("99999") is None
    assert county("") is None
    assert state("") is None


def test_a_renamed_county_answers_under_todays_code():
    assert county("12025") == county("12086")
    assert county("46113") == find_county("Oglala Lakota", "SD")
    assert county("51780") == find_county("Halifax", "VA")


def test_a_county_that_was_split_answers_with_the_united_area_of_its_parts():
    # Skagway-Hoonah-Angoon became Hoonah-Angoon (02105) and Skagway (02230).
    old, parts = county("02232"), [county("02105"), county("02230")]
    assert old is not None
    assert (old.fips, old.name, old.state) == ("02232", "Skagway-Hoonah-Angoon", "AK")
    assert area_km2(old) == pytest.approx(sum(area_km2(part) for part in parts if part))
    assert not {"02105", "02230"} & set(old.neighbours)
    assert old.neighbours


def test_a_state_is_known_by_usps_code_fips_code_and_name_but_not_by_ucr_code():
    nebraska = state("NE")
    assert nebraska == state("31") == state(" nebraska ")
    assert nebraska is not None
    assert (nebraska.ucr_numeric, nebraska.ucr_alpha) == ("26", "NB")
    assert state("NB") is None
    arizona, california = state("04"), state("CA")
    assert arizona is not None
    assert california is not None
    assert (arizona.usps, california.ucr_numeric) == ("AZ", "04")


def test_the_tables_load_fast():
    for cached in ("_counties", "_former", "_states", "_names"):
        __import__("thaw.data.places", fromlist=[cached]).__dict__[cached].cache_clear()
    start = time.perf_counter()
    assert county("49035") is not None
    assert time.perf_counter() - start < 0.3  # about 0.015 s on an idle machine


def test_every_county_of_the_sample_is_found_by_code_and_by_name():
    import duckdb

    path = shared("data/shr/shr_map_west8_1976_2018.parquet")
    with duckdb.connect() as connection:
        rows = connection.execute(f"select distinct fip, cnty_name from '{path}'").fetchall()
    assert len(rows) == 278
    for fips, name in rows:
        found = find_county(*name.rsplit(", ", 1))
        assert found is not None
        assert found == county(fips)
        assert found.fips == fips
