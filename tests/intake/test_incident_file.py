"""Incident files: every key, unknown everywhere, and the words of every message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from thaw.data import data_path
from thaw.errors import InputError
from thaw.intake import incident_said, read_incident

# DESIGN.md section 6, word for word.
DESIGN = """
    {"title": "Invented: woman found near the canal", "invented": true,
     "date": {"from": "2018-12-01", "to": "2018-12-03"},
     "place": {"county_fips": "49035", "lat": 40.77, "lon": -111.93, "precision_km": 1, "role": "recovery"},
     "victim": {"sex": "F", "age": [24, 30]}, "homicide_type": "A", "weapon": "80", "circumstance": "99", "situation": "B",
     "location_type": "10", "behaviours": {"bound": "yes", "body_moved_after_death": "unknown"}, "narrative": "..."}
"""  # noqa: E501


def said(**keys: Any) -> dict[str, list[Any]]:
    return dict(incident_said({"date": "2018", **keys}, where="new.json"))


def refused(data: Any) -> str:
    with pytest.raises(InputError) as caught:
        incident_said(data, where="new.json")
    return str(caught.value)


def test_the_incident_of_the_design_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    path.write_text(DESIGN)
    place = {"county_fips": "49035", "lat": 40.77, "lon": -111.93, "precision_km": 1, "role": "recovery"}
    assert read_incident(path) == {
        "case": [
            {"p": "title", "v": {"text": "Invented: woman found near the canal"}},
            {"p": "narrative", "v": {"text": "..."}},
            {"p": "invented"},
            {"p": "date", "v": {"date": {"from": "2018-12-01", "to": "2018-12-03", "precision": "interval"}}},
            {"p": "place", "v": {"place": place}},
            {"p": "weapon", "v": {"code": "80", "list": "shr.weapon"}},
            {"p": "circumstance", "v": {"code": "99", "list": "shr.circumstance"}},
            {"p": "situation", "v": {"code": "B", "list": "shr.situation"}},
            {"p": "homicide_type", "v": {"code": "A", "list": "shr.homicide_type"}},
            {"p": "location_type", "v": {"code": "10", "list": "nibrs.location_type"}},
            {"p": "behaviours.bound"},
            {"p": "behaviours.body_moved_after_death", "n": "unknown"},
        ],
        "victim": [
            {"p": "sex", "v": {"code": "F", "list": "shr.sex"}},
            {"p": "age", "v": {"low": 24, "high": 30, "unit": "years"}},
        ],
    }


def test_the_bundled_incident_is_read() -> None:
    found = read_incident(data_path("sample/invented_incident.json"))
    assert {"p": "invented"} in found["case"]
    assert sum(packed["p"].startswith("behaviours.") for packed in found["case"]) == 15


def test_unknown_is_allowed_everywhere_and_is_not_no() -> None:
    codes = ("weapon", "circumstance", "situation", "relationship", "homicide_type", "location_type")
    keys = dict.fromkeys((*codes, "title", "narrative", "invented", "date", "place"), "unknown")
    found = incident_said({**keys, "victim": {"sex": "unknown", "age": "unknown"}}, where="new.json")
    assert {packed["p"] for packed in found["case"]} == set(keys)
    for packed in (*found["case"], *found["victim"]):
        assert packed == {"p": packed["p"], "n": "unknown"}


@pytest.mark.parametrize("key", ["victim", "behaviours"])
def test_a_whole_part_may_be_unknown(key: str) -> None:
    assert said(**{key: "unknown"}) == said()


@pytest.mark.parametrize(
    "place", [{"county_fips": "49035", "lat": "unknown", "lon": "unknown"}, {"county_fips": "49035", "name": None}]
)
def test_unknown_parts_of_a_place_are_left_out(place: dict[str, Any]) -> None:
    assert said(place=place)["case"][1]["v"] == {"place": {"county_fips": "49035"}}


def test_a_date_with_only_unknown_parts_is_unknown() -> None:
    found = incident_said({"date": {"from": "unknown", "to": "unknown"}}, where="new.json")
    assert found["case"] == [{"p": "date", "n": "unknown"}]


@pytest.mark.parametrize(
    ("answer", "packed"), [("yes", {}), (True, {}), ("no", {"n": "denied"}), (False, {"n": "denied"})]
)
def test_behaviours_are_answered_yes_no_or_unknown(answer: Any, packed: dict[str, str]) -> None:
    assert said(behaviours={"bound": answer})["case"][-1] == {"p": "behaviours.bound", **packed}


def test_a_number_may_stand_for_a_code() -> None:
    assert said(circumstance=3)["case"][-1]["v"] == {"code": "03", "list": "shr.circumstance"}


@pytest.mark.parametrize(("age", "low", "high"), [(24, 24, 24), ([24, 30], 24, 30), (0, 0, 0), (0.5, 0.5, 0.5)])
def test_an_age_is_one_number_or_a_range(age: Any, low: float, high: float) -> None:
    assert said(victim={"age": age})["victim"][0]["v"] == {"low": low, "high": high, "unit": "years"}


WEAPONS = "11, 12, 13, 14, 15, 20, 30, 35, 40, 50, 55, 60, 65, 70, 75, 80, 85, 90"
KEYS = (
    "title, invented, date, place, places, victim, behaviours, mo, narrative, weapon, circumstance, situation, "
    "relationship, homicide_type, location_type"
)
BEHAVIOURS = (
    "strangulation_or_ligature, ligature_left_in_place, bound, gagged_or_blindfolded, sexual_element, "
    "found_undressed_or_partly_dressed, body_moved_after_death, body_concealed, body_posed_or_covered, "
    "entered_dwelling_without_force, weapon_of_opportunity, overkill_or_excessive_wounds, "
    "property_taken_as_keepsake, forensic_awareness, victim_approached_by_con_or_ruse"
)
PERSON = 'want an object with sex and age. Write {"sex": "F", "age": 24}.'
AGE = "want years such as 24, or a range [24, 30]. Correct it."
MESSAGES: list[tuple[dict[str, Any], str]] = [
    (
        {"wepon": "80"},
        f"new.json, wepon: got a key that incidents do not have, want one of {KEYS}. Rename or remove it.",
    ),
    ({"weapon": "81"}, f"new.json, weapon: got '81', want one of {WEAPONS} or unknown. Use a code."),
    ({"weapon": ["80"]}, f"new.json, weapon: got ['80'], want one of {WEAPONS} or unknown. Use a code."),
    ({"weapon": True}, f"new.json, weapon: got True, want one of {WEAPONS} or unknown. Use a code."),
    (
        {"behaviours": {"tied": "yes"}},
        f"new.json, behaviours: got 'tied', want one of {BEHAVIOURS}. Use one of the 15 behaviours.",
    ),
    (
        {"behaviours": {"bound": "maybe"}},
        "new.json, behaviours, bound: got 'maybe', want yes, no or unknown. Use one of these.",
    ),
    ({"behaviours": {"bound": 1}}, "new.json, behaviours, bound: got 1, want yes, no or unknown. Use one of these."),
    ({"behaviours": ["bound"]}, 'new.json, behaviours: got [\'bound\'], want an object. Write {"bound": "yes"}.'),
    ({"victim": {"name": "Jane Invented"}}, f"new.json, victim: got the key 'name', {PERSON}"),
    ({"victim": ["F", 24]}, f"new.json, victim: got a JSON list, {PERSON}"),
    ({"victim": {"sex": "W"}}, "new.json, sex: got 'W', want one of F, M, U or unknown. Use a code."),
    ({"victim": {"age": "24"}}, f"new.json, victim, age: got '24', {AGE}"),
    ({"victim": {"age": 131}}, f"new.json, victim, age: got 131, {AGE}"),
    ({"victim": {"age": -1}}, f"new.json, victim, age: got -1, {AGE}"),
    ({"victim": {"age": [24]}}, f"new.json, victim, age: got [24], {AGE}"),
    (
        {"victim": {"age": [30, 24]}},
        "new.json, quantity in years: got 30 to 24, want two numbers, the smaller first. Swap them or correct one.",
    ),
    (
        {"date": "1985-02-30"},
        "new.json, date: got '1985-02-30', want a date such as 1984, 1984-07, 1984-07-03, 1984-07-03..1984-07-09, "
        "July 1984, late summer 1984 or 1980s. Write the date in one of these ways.",
    ),
    (
        {"date": {"from": "2018-12-03", "to": "2018-12-01"}},
        "new.json, date: got 2018-12-03 to 2018-12-01, want an interval whose end is not before its start. "
        "Swap the two dates or correct one of them.",
    ),
    (
        {"place": {"county_fips": "4903"}},
        "new.json, place, county_fips: got '4903', want five digits such as 49035. "
        "Look the county up in its FIPS list.",
    ),
    (
        {"place": {"lat": 40.0}},
        "new.json, place, lat and lon: got only one of them, want both or neither. Add the other or leave both out.",
    ),
    ({"place": "the canal"}, "new.json, place: got 'the canal', want an object with place fields. Use { }."),
    ({"title": 5}, "new.json, title: got 5, want a text. Put it between quotes."),
    ({"invented": "perhaps"}, "new.json, invented: got 'perhaps', want yes, no or unknown. Use one of these."),
]


@pytest.mark.parametrize(("keys", "message"), MESSAGES)
def test_a_wrong_part_is_refused_in_these_words(keys: dict[str, Any], message: str) -> None:
    assert refused({"date": "2018", **keys}) == message


def test_an_incident_needs_a_date_or_a_place() -> None:
    wanted = "new.json: got neither date nor place, want at least one of them. Add what is known."
    assert refused({"weapon": "80"}) == wanted
    assert refused({"date": None, "place": None}) == wanted


@pytest.mark.parametrize(("data", "kind"), [([], "list"), ("text", "str"), (None, "NoneType"), (5, "int")])
def test_an_incident_must_be_an_object(data: Any, kind: str) -> None:
    wanted = f"new.json: got a JSON {kind}, want a JSON object. Write the incident between {{ and }}."
    assert refused(data) == wanted


def refused_file(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_incident(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Expecting value: line 1 column 1 (char 0)"),
        (b'{"date": ', "Expecting value: line 1 column 10 (char 9)"),
        (b'{"date": "2018", "victim": {"age": NaN}}', "NaN is no number"),
        (b'{"date": "2018", "weapon": "80", "weapon": "20"}', "the key 'weapon' twice"),
        (b"[" * 100_000, "brackets nested too deep"),
    ],
)
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "new.json"
    path.write_bytes(content)
    assert refused_file(path) == f"{path}: got a text that is no JSON ({reason}), want an incident file. Mend the file."


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.json"
    want = "want an incident file (JSON). Check the name."
    assert refused_file(path) == f"{path}: got No such file or directory, {want}"
    assert refused_file(tmp_path) == f"{tmp_path}: got Is a directory, {want}"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"date": "2018"}).encode())
    assert read_incident(path)["case"][0]["p"] == "date"


def test_a_county_given_by_name_and_state_is_that_county() -> None:
    said = incident_said({"place": {"name": "Clark County", "state": "Nevada"}}, where="incident")
    assert said["case"][0]["v"]["place"] == {"name": "Clark County", "state": "NV", "county_fips": "32003"}


def test_a_state_in_words_is_kept_by_its_letters() -> None:
    said = incident_said({"place": {"name": "Invented Creek", "state": "utah"}}, where="incident")
    assert said["case"][0]["v"]["place"] == {"name": "Invented Creek", "state": "UT"}
    said = incident_said({"place": {"county_fips": "49035", "state": "Utah"}}, where="incident")
    assert said["case"][0]["v"]["place"] == {"state": "UT", "county_fips": "49035"}


def test_a_county_number_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        incident_said({"place": {"county_fips": "99999"}}, where="incident")
    assert str(caught.value) == (
        "incident, place, county_fips: got '99999', want the number of a county of the United States. "
        "Look it up in the FIPS list, or give name and state instead."
    )


def test_up_to_three_places_each_with_its_role() -> None:
    places = [
        {"county_fips": "49035", "role": "encounter"},
        {"state": "NV", "role": "offense"},
        {"lat": 1.0, "lon": 2.0},
    ]
    said = incident_said({"places": places}, where="a file")["case"]
    found = {one["p"]: one["v"]["place"] for one in said}
    assert found == {"place": places[0], "place_2": places[1], "place_3": places[2]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            {"place": {"state": "NV"}, "places": [{"state": "UT"}]},
            "a file, places: got place and places, want one of them. Put all of them into places.",
        ),
        (
            {"places": [{"state": "UT"}] * 4},
            "a file, places: got 4 places, want a list of one to three places. Keep the three that matter most.",
        ),
        (
            {"date": "1985", "places": []},
            "a file, places: got 0 places, want a list of one to three places. Keep the three that matter most.",
        ),
        (
            {"places": {"state": "UT"}},
            "a file, places: got {'state': 'UT'}, want a list of one to three places. Keep the three that matter most.",
        ),
    ],
)
def test_places_that_are_no_list_of_one_to_three_are_refused(data: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as refused:
        incident_said(data, where="a file")
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("name", "county"), [("Utah", None), ("UT", None), ("Utah, UT", "49049"), ("Utah County", "49049")]
)
def test_a_state_named_like_its_county_is_the_state(name: str, county: str | None) -> None:
    place = incident_said({"place": {"name": name, "state": "UT"}}, where="incident")["case"][0]["v"]["place"]
    assert place == {"name": name, "state": "UT"} | ({"county_fips": county} if county else {})
