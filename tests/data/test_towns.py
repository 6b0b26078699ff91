"""Towns against facts that anybody can look up, and against the counties that exports of persons name with them."""

from __future__ import annotations

import csv

import pytest

from scripts.make_towns import towns as made
from shared_files import shared
from thaw.data.places import county, find_county
from thaw.data.places.towns import find_towns, sole_county, town_key, towns_of_state


@pytest.mark.parametrize(("town", "state", "fips"), [
    ("Tulsa", "OK", "40143"), ("SALT LAKE CITY", "Utah", "49035"), ("Saint Paul", "MN", "27123"),
    ("St Paul", "MN", "27123"), ("Mt. Pleasant", "SC", "45019"), ("City of Fresno", "CA", "06019"),
    ("Baltimore", "MD", "24510"), ("Washington, D.C.", "DC", "11001"), ("Ft. Worth, TX", "TX", "48439"),
])  # fmt: skip
def test_a_town_lies_in_its_county(town: str, state: str, fips: str) -> None:
    assert sole_county(town, state) == fips


def test_the_name_of_a_county_is_one_when_no_town_has_it() -> None:
    assert find_towns("Salt Lake", "UT") == ()
    assert sole_county("Salt Lake", "UT") == "49035"


@pytest.mark.parametrize(("town", "state"), [("Nowhere Flats", "UT"), ("Tulsa", "XX"), ("", "UT"), ("Tulsa", "AL")])
def test_what_no_list_has_has_no_county(town: str, state: str) -> None:
    assert sole_county(town, state) is None


def test_a_name_that_lies_in_several_counties_of_a_state_is_not_put_into_one() -> None:
    by_name: dict[str, set[str]] = {}
    for town in towns_of_state("PA"):
        by_name.setdefault(town_key(town.name), set()).add(town.county_fips)
    twice = next(name for name, found in by_name.items() if len(found) > 1)
    assert len(find_towns(twice, "PA")) > 1
    assert sole_county(twice, "PA") is None


def test_every_county_of_a_town_is_one_of_its_state_and_near_it() -> None:
    for usps in ("AK", "CA", "RI", "VA"):
        found = towns_of_state(usps)
        assert found
        for town in found:
            its = county(town.county_fips)
            assert its is not None
            assert its.state == usps
            # Counties are long and the Aleutians cross the 180th meridian; a wrong county would lie far off.
            assert abs(its.lat - town.lat) * 111 < 4 * its.radius_km + 30, town


def test_the_table_is_made_of_the_towns_of_the_usa_whose_county_is_known() -> None:
    names = ("lat", "lon", "name", "admin1", "admin2", "cc")
    rows = [dict(zip(names, cells, strict=True)) for cells in (
        ("40.76078", "-111.89105", "Salt Lake City", "Utah", "Salt Lake County", "US"),
        ("37.27", "-79.94", "Roanoke", "Virginia", "City of Roanoke", "US"),
        ("38.895", "-77.036", "Washington, D.C.", "Washington, D.C.", "", "US"),
        ("1", "1", "Unplaced", "Utah", "Invented County", "US"),
        ("1", "1", "Elsewhere", "Utah", "Salt Lake County", "FR"),
    )]  # fmt: skip
    assert made(iter(rows)) == (
        [
            ("DC", "Washington, D.C.", "11001", "38.8950", "-77.0360"),
            ("UT", "Salt Lake City", "49035", "40.7608", "-111.8911"),
            ("VA", "Roanoke", "51770", "37.2700", "-79.9400"),
        ],
        1,
    )


@pytest.mark.parametrize("name", [
    "namus_export_format_missing_300_names_replaced.csv", "namus_export_format_unidentified_300.csv"
])  # fmt: skip
def test_towns_of_exports_lie_in_the_county_that_the_export_names(name: str) -> None:
    with shared(f"data/namus/{name}").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    city, state = next(c for c in rows[0] if "City" in c), next(c for c in rows[0] if "State" in c)
    right = found = 0
    for row in rows:
        its = find_county(row["County"], row[state]) if row["County"] else None
        fips = sole_county(row[city], row[state]) if row[city] else None
        if its is not None and fips is not None:
            found += 1
            right += fips == its.fips
    assert found > 150
    assert right / found > 0.95
