"""Names of agencies against what anybody can look up: the town that an agency serves, and the county it lies in."""

from __future__ import annotations

import pytest

from thaw.data import read_toml
from thaw.data.places import county
from thaw.data.places.agencies import counties_of_city, is_state_alone, place_of_agency
from thaw.data.places.towns import find_towns


@pytest.mark.parametrize(("name", "state", "want"), [
    ("LOS ANGELES PD", "CA", ("LOS ANGELES", "06037")),
    ("Los Angeles Police Department", "CA", ("Los Angeles", "06037")),
    ("Tulsa Dept. of Police", "OK", ("Tulsa", "40143")),
    ("Tulsa Department of Public Safety", "OK", ("Tulsa", "40143")),
    ("Metro Nashville", "TN", ("Nashville", "47037")),
    ("NASHVILLE METRO", "TN", ("NASHVILLE", "47037")),
    ("Las Vegas Metro", "NV", ("Las Vegas", "32003")),
    ("Las Vegas Metropolitan Police Department", "NV", ("Las Vegas", "32003")),
    ("Charlotte-Mecklenburg", "NC", ("Charlotte", "37119")),
    ("Athens-Clarke County", "GA", ("Athens", "13059")),
    ("Charlotte-Durham", "NC", ("Charlotte-Durham", None)),
    ("Winston-Salem PD", "NC", ("Winston-Salem", "37067")),
    ("Baltimore City Police", "MD", ("Baltimore", "24510")),
    ("Salt Lake City", "UT", ("Salt Lake City", "49035")),
    ("Tulsa, OK", "OK", ("Tulsa", "40143")),
])  # fmt: skip
def test_what_makes_a_name_an_agencys_is_left_out_where_a_town_is_left_over(
    name: str, state: str, want: tuple[str, str | None]
) -> None:
    assert place_of_agency(name, state) == want


@pytest.mark.parametrize(("name", "state", "fips"), [
    ("Los Angeles Co Sheriff", "CA", "06037"), ("Cook County", "IL", "17031"),
    ("Cook County Sheriff's Office", "IL", "17031"),
    ("DADE COUNTY", "FL", "12086"), ("Metro-Dade", "FL", "12086"), ("Suffolk County Police Department", "NY", "36103"),
    ("Salt Lake SO", "UT", "49035"), ("Harris", "TX", "48201"), ("Orleans Parish", "LA", "22071"),
    ("Baltimore County", "MD", "24005"),
])  # fmt: skip
def test_the_name_of_a_county_says_nothing_of_a_town(name: str, state: str, fips: str) -> None:
    assert place_of_agency(name, state) == (None, fips)


@pytest.mark.parametrize(("name", "state", "alone"), [
    ("Utah", "UT", True), ("OKLAHOMA", "OK", True), ("New York", "NY", True), ("UT", "Utah", True),
    ("Utah, UT", "UT", False), ("New York, NY", "NY", False), ("Utah", "NV", False), ("Murray", "UT", False),
])  # fmt: skip
def test_the_name_of_the_state_alone_is_told_from_a_county_of_that_name(name: str, state: str, alone: bool) -> None:
    assert is_state_alone(name, state) is alone
    assert place_of_agency("Utah, UT", "UT") == place_of_agency("Utah County Sheriff", "UT") == (None, "49049")


@pytest.mark.parametrize(
    "name", ["New York, NY", "NEW YORK CITY", "New York City PD", "NYPD", "City of New York, New York"]
)
def test_new_york_city_is_five_counties_and_none_of_them(name: str) -> None:
    assert place_of_agency(name, "NY") == ("New York", None)
    assert counties_of_city("New York", "NY") == {"36005", "36047", "36061", "36081", "36085"}
    assert counties_of_city("Buffalo", "NY") == frozenset()


@pytest.mark.parametrize(("name", "fips"), [("Brooklyn", "36047"), ("The Bronx", "36005"), ("QUEENS", "36081")])
def test_a_borough_is_a_county_and_no_town(name: str, fips: str) -> None:
    assert place_of_agency(name, "NY") == (None, fips)


@pytest.mark.parametrize(("name", "state"), [("Nassau", "NY"), ("Fairfax", "VA")])
def test_a_town_with_the_name_of_a_larger_county_elsewhere_has_no_county(name: str, state: str) -> None:
    assert find_towns(name, state)
    assert place_of_agency(name, state) == (name, None)


@pytest.mark.parametrize("name", ["State Police", "Utah Highway Patrol", "University of Utah", "unknown", ""])
def test_an_agency_of_the_whole_state_is_nowhere(name: str) -> None:
    assert place_of_agency(name, "UT") == (None, None)


def test_a_name_that_no_list_has_comes_back_as_it_is() -> None:
    assert place_of_agency("Nowhere Flats", "UT") == ("Nowhere Flats", None)


def test_every_county_of_the_list_of_agencies_exists() -> None:
    table = read_toml("places/agency_names.toml")
    told = [fips for *_, fips in table["names"] if fips]
    told += [fips for *_, counties in table["cities_of_several_counties"] for fips in counties]
    assert [fips for fips in told if county(fips) is None] == []
