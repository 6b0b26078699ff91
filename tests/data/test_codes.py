"""The packaged code lists, against what the official lists are known to hold."""

from __future__ import annotations

import json

import pytest

from shared_files import shared
from thaw.data import data_path, read_json

CODED_COLUMNS = {
    **{name: name for name in ("weapon", "circumstance", "situation", "relationship")},
    **{"race": "vic_race", "ethnicity": "vic_ethnic"},
}
FILES = ("shr", "nibrs", "behaviours", "case_status", "murder_book", "custody_event")


@pytest.mark.parametrize("name", FILES)
def test_a_code_file_says_its_source_and_status_and_every_code_has_a_one_line_label(name: str):
    content = read_json(f"codes/{name}.json")
    assert content["name"]
    assert content["source"]
    assert content["status"]
    for entries in content["lists"].values():
        assert entries
        for entry in entries.values():
            assert entry["label"] == " ".join(entry["label"].split()) != ""
            assert "Note:" not in entry["label"]
            assert entry["note"] is None or entry["note"]


def test_no_file_holds_an_address_of_the_network():
    for path in data_path("codes").glob("*.json"):
        assert "://" not in path.read_text(encoding="utf-8")


def test_the_shr_lists_have_the_codes_of_the_layouts_since_1976():
    lists = read_json("codes/shr.json")["lists"]
    assert "".join(lists["situation"]) == "ABCDEF"
    assert list(lists["homicide_type"]) == ["A", "B"]
    assert sorted(lists["sex"]) == ["F", "M", "U"]
    assert sorted(lists["race"]) == sorted("WBIAPU" + "NCJO")
    assert sorted(lists["ethnicity"]) == ["H", "N", "U"]
    weapons = [
        "11",
        "12",
        "13",
        "14",
        "15",
        "20",
        "30",
        "35",
        "40",
        "50",
        "55",
        "60",
        "65",
        "70",
        "75",
        "80",
        "85",
        "90",
    ]
    assert list(lists["weapon"]) == weapons
    assert len(lists["circumstance"]) == 34
    assert len(lists["relationship"]) == 29


def test_a_code_that_changed_its_meaning_says_so():
    lists = read_json("codes/shr.json")["lists"]
    assert lists["circumstance"]["40"] == {
        "label": "Lovers triangle (until 2018), Domestic Violence (from 2019)",
        "note": "renamed in 2019: read it with the year",
        "group": "Other than Felony Type",
    }
    assert lists["weapon"]["80"]["label"] == "Strangulation - hanging"
    assert lists["weapon"]["35"]["label"] == "Not documented"
    assert lists["race"]["A"]["note"] == "Asian or Pacific Islander until 2012; P was split off in 2013"


def test_nibrs_locations_have_field_and_home_and_the_dropped_school():
    places = read_json("codes/nibrs.json")["lists"]["location_type"]
    assert (places["10"]["label"], places["20"]["label"]) == ("Field/Woods", "Residence/Home")
    assert places["22"]["note"] == "in older lists, absent from the list of 2025; 52 and 53 took its place"
    assert len(places) == 46


def test_the_fifteen_behaviours_keep_their_order_and_lose_their_brackets():
    assert list(read_json("codes/behaviours.json")["lists"]["behaviour"]) == [
        "strangulation_or_ligature",
        "ligature_left_in_place",
        "bound",
        "gagged_or_blindfolded",
        "sexual_element",
        "found_undressed_or_partly_dressed",
        "body_moved_after_death",
        "body_concealed",
        "body_posed_or_covered",
        "entered_dwelling_without_force",
        "weapon_of_opportunity",
        "overkill_or_excessive_wounds",
        "property_taken_as_keepsake",
        "forensic_awareness",
        "victim_approached_by_con_or_ruse",
    ]


def test_practice_lists_turn_brackets_into_notes():
    statuses = read_json("codes/case_status.json")["lists"]["case_status"]
    assert statuses["conviction-reversed"] == {"label": "Conviction reversed", "note": "UK: unresolved"}
    events = read_json("codes/custody_event.json")["lists"]["event_type"]
    assert events["destroyed"] == {"label": "Destroyed", "note": "authority required"}
    sections = read_json("codes/murder_book.json")["lists"]["section"]
    assert list(sections) == [f"{number:02}" for number in range(1, 27)]
    assert sections["01"]["label"] == "Chronological record"


def test_words_of_map_files_stand_for_codes_of_the_shr_lists():
    words, lists = read_json("codes/map_words.json"), read_json("codes/shr.json")["lists"]
    for name in ("weapon", "circumstance", "situation", "relationship", "homicide_type", "sex", "race", "ethnicity"):
        assert set(words[name].values()) <= set(lists[name])
    assert words["weapon"]["Strangulation - hanging"] == "80"
    assert words["weapon"]["Other or type unknown"] == words["weapon"]["Unknown"] == "90"
    assert words["circumstance"]["Robbery"] == "03"
    assert words["circumstance"]["Lovers triangle"] == "40"
    assert words["relationship"]["Homosexual relationship"] == "HO"
    assert words["homicide_type"]["Manslaughter by negligence"] == "B"
    assert words["state"] == {"Rhodes Island": "RI"}


def test_every_word_and_code_of_the_map_file_is_known_and_they_agree():
    import duckdb

    path = shared("data/shr/shr_map_west8_1976_2018.parquet")
    words = read_json("codes/map_words.json")
    with duckdb.connect() as connection:
        for name, column in CODED_COLUMNS.items():
            query = f"select distinct {column}, {column}_code from '{path}'"
            for word, code in connection.execute(query).fetchall():
                assert words[name][word] == (code.zfill(2) if name == "circumstance" else code)


def test_the_invented_incident_uses_only_known_codes_and_says_that_it_is_invented():
    incident = json.loads(data_path("sample/invented_incident.json").read_text(encoding="utf-8"))
    lists = read_json("codes/shr.json")["lists"]
    assert incident["title"].startswith("Invented:")
    assert incident["invented"] is True
    for key, name in (("weapon", "weapon"), ("circumstance", "circumstance"), ("situation", "situation")):
        assert incident[key] in lists[name]
    assert incident["victim"]["sex"] in lists["sex"]
    assert incident["homicide_type"] in lists["homicide_type"]
    assert incident["location_type"] in read_json("codes/nibrs.json")["lists"]["location_type"]
    assert list(incident["behaviours"]) == list(read_json("codes/behaviours.json")["lists"]["behaviour"])
    assert set(incident["behaviours"].values()) <= {"yes", "no", "unknown"}
