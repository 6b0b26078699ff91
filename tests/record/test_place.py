from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.errors import InputError
from thaw.record import Place

PLACES = st.builds(
    lambda point, precision_km, **rest: Place(lat=point[0], lon=point[1], precision_km=precision_km, **rest),
    point=st.one_of(st.just((None, None)), st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
    precision_km=st.none() | st.floats(0.001, 5000),
    name=st.none() | st.text(),
    state=st.none() | st.sampled_from(["UT", "NV"]),
    county_fips=st.none() | st.integers(0, 99999).map(lambda n: f"{n:05}"),
    role=st.none() | st.sampled_from(["encounter", "offense", "recovery", "residence", "report"]),
)


@given(PLACES)
def test_a_place_comes_back_from_its_json_form(place):
    assert Place.from_json(place.to_json()) == place


def test_json_holds_only_what_is_known():
    assert Place(state="UT").to_json() == {"state": "UT"}
    assert Place().to_json() == {}


@pytest.mark.parametrize(("parts", "message"), [
    ({"lat": 40.0}, "place, lat and lon: got only one of them, want both or neither. Add the other or leave both out."),
    ({"lon": 40.0}, "place, lat and lon: got only one of them, want both or neither. Add the other or leave both out."),
    ({"lat": 91, "lon": 0}, "place, lat: got 91, want degrees from -90 to 90. Correct the latitude."),
    ({"lat": float("nan"), "lon": 0}, "place, lat: got nan, want degrees from -90 to 90. Correct the latitude."),
    ({"lat": 0, "lon": -181}, "place, lon: got -181, want degrees from -180 to 180. Correct the longitude."),
    ({"precision_km": 0}, "place, precision_km: got 0, want a number above 0. Give the radius in kilometers."),
    ({"county_fips": "4903"}, "place, county_fips: got '4903', want five digits such as 49035. "
     "Look the county up in its FIPS list."),
    ({"county_fips": "٤٩٠٣٥"}, "place, county_fips: got '٤٩٠٣٥', want five digits such as 49035. "
     "Look the county up in its FIPS list."),
    ({"role": "scene"}, "place, role: got 'scene', want one of encounter, offense, recovery, residence, report. "
     "Use one of these or leave it out."),
    ({"street": "x"}, "place, 'street': got a field that places do not have, want county_fips, lat, lon, name, "
     "precision_km, role, state. Rename it."),
    ({"lat": "40", "lon": 0}, "place, lat: got '40', want a number. Correct the value."),
    ({"lat": True, "lon": 0}, "place, lat: got True, want a number. Correct the value."),
    ({"name": 5}, "place, name: got 5, want a text. Correct the value."),
])  # fmt: skip
def test_a_place_that_cannot_be_is_refused_with_its_field(parts, message):
    with pytest.raises(InputError) as error:
        Place.from_json(parts)
    assert str(error.value) == message


def test_a_place_that_is_no_object_is_refused():
    with pytest.raises(InputError) as error:
        Place.from_json("Salt Lake")
    assert str(error.value) == "place: got 'Salt Lake', want an object with place fields. Use { }."


def test_a_null_field_is_unknown():
    assert Place.from_json({"name": None, "state": "UT"}) == Place(state="UT")


@pytest.mark.parametrize(("place", "shown"), [
    (Place(name="Invented Canal", state="UT"), "Invented Canal"),
    (Place(county_fips="49035", state="UT"), "county 49035"),
    (Place(lat=40.77, lon=-111.93), "40.7700, -111.9300"),
    (Place(state="UT"), "UT"),
    (Place(), "unknown"),
])  # fmt: skip
def test_a_reader_sees_the_most_telling_part(place, shown):
    assert place.in_words() == shown
