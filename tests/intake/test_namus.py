"""NamUs: every kind, every notation, every trap; nobody in here exists."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from books import missing_file
from thaw.intake import Reject, SourceRow, reader_for
from thaw.record import Code, Text, unpack_said

TODAY = date(2026, 11, 20)
UNIDENTIFIED = '"Case","ME/C Case","DBF","Age From","Age To","City","County","State","Biological Sex",'
UNIDENTIFIED += '"Race / Ethnicity","Date Modified"'
UNCLAIMED = '"Case Number","Last Name","First Name","Sex","Race / Ethnicity","County","State","Date Modified"'


def read(path: Path) -> tuple[list[SourceRow], list[Reject]]:
    items = list(reader_for(path).read(path, TODAY))
    return [i for i in items if isinstance(i, SourceRow)], [i for i in items if isinstance(i, Reject)]


def one(path: Path) -> SourceRow:
    (row,), rejects = read(path)
    assert rejects == []
    return row


def values(row: SourceRow, predicate: str, role: str = "person") -> list[Any]:
    return [unpack_said(dict(p)).value for p in row.said[role] if p["p"] == predicate]


def value(row: SourceRow, predicate: str) -> Any:
    (found,) = values(row, predicate)
    return found


def line(**cells: str) -> str:
    told = {
        "number": "MP101", "dlc": "7/3/84", "last": "Example", "first": "Ada", "age": "24 Years", "city": "Moab",
        "county": "Grand", "state": "UT", "sex": "Female", "race": "White / Caucasian", "modified": "1/9/24",
    }  # fmt: skip
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in (told | cells).values())


def test_an_export_of_missing_persons_statements_rejects_and_one_record_whole(tmp_path: Path) -> None:
    path = missing_file(tmp_path / "m.csv", line(), line(number="MP102", dlc="13/45/2001"), line(number="MP103"))
    rows, rejects = read(path)
    assert (reader_for(path).name, len(rows), len(rejects)) == ("namus-missing", 2, 1)
    assert [len(row.said["person"]) for row in rows] == [11, 11]
    row = rows[0]
    assert (row.row, row.line, row.key, row.incident_key, list(row.said)) == (1, 2, "MP101", None, ["person"])
    assert value(row, "kind") == Code("missing", "person.kind")
    assert value(row, "name") == Text("Ada Example")
    assert value(row, "last_seen").to_json() == {
        "from": "1984-07-03", "to": "1984-07-03", "precision": "day", "words": "7/3/84"
    }  # fmt: skip
    assert value(row, "last_seen_place").to_json() == {
        "name": "Moab, UT", "state": "UT", "county_fips": "49019", "role": "encounter"
    }  # fmt: skip
    assert rejects[0] == Reject(
        2, 3, "DLC", "'13/45/2001'", "a date such as 7/3/1984, 7/3/84 or 1984-07-03 that is not in the future",
        line(number="MP102", dlc="13/45/2001"), "MP102",
    )  # fmt: skip


@pytest.mark.parametrize(("dlc", "modified", "expected"), [
    ("7/3/84", "1/9/24", "1984-07-03"),
    ("7/3/05", "1/9/24", "2005-07-03"),
    ("7/3/23", "1/9/24", "2023-07-03"),
    # After the record was last changed it cannot have been: so it was a hundred years before.
    ("7/3/24", "1/9/24", "1924-07-03"),
    ("1/9/24", "1/9/24", "2024-01-09"),
    # 1900 was no leap year, 2000 was: only one century has this day.
    ("2/29/00", "1/9/24", "2000-02-29"),
    ("07/03/1984", "01/09/2024", "1984-07-03"),
    ("1984-07-03", "2024-01-09T10:00:00.5", "1984-07-03"),
])  # fmt: skip
def test_the_century_of_a_two_digit_year_is_the_last_before_the_record_was_changed(
    tmp_path: Path, dlc: str, modified: str, expected: str
) -> None:
    row = one(missing_file(tmp_path / "m.csv", line(dlc=dlc, modified=modified)))
    assert value(row, "last_seen").first.isoformat() == expected


@pytest.mark.parametrize(("cell", "low", "high"), [
    ("46 Years", 46, 46), ("46", 46, 46), ("18 Months", 1.5, 1.5), ("Less than 1 Year", 0, 0), ("< 6 months", 0, 0.5),
    ("35 - 40 Years", 35, 40), ("6 weeks", 0.115, 0.115),
])  # fmt: skip
def test_ages_are_read_in_all_their_forms(tmp_path: Path, cell: str, low: float, high: float) -> None:
    found = value(one(missing_file(tmp_path / "m.csv", line(age=cell))), "age")
    assert (found.low, found.high, found.unit) == (low, high, "years")


def test_a_state_is_its_letters_or_its_name_and_several_ethnicities_are_several_statements(tmp_path: Path) -> None:
    race = "White / Caucasian, Hispanic / Latino"
    row = one(missing_file(tmp_path / "m.csv", line(state="North Carolina", county="Wake", city="", race=race)))
    assert value(row, "last_seen_place").to_json() == {
        "name": "Wake County, NC", "state": "NC", "county_fips": "37183", "role": "encounter"
    }  # fmt: skip
    assert [v.code for v in values(row, "race_ethnicity")] == ["white", "hispanic"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_mark_at_the_start_and_letters_of_latin_1_are_read(tmp_path: Path, encoding: str) -> None:
    row = one(missing_file(tmp_path / "m.csv", line(last="Ejémplo"), encoding=encoding))
    assert (row.key, value(row, "last_name")) == ("MP101", Text("Ejémplo"))


@pytest.mark.parametrize(("cell", "low", "high"), [
    ("70", 177.8, 177.8), ("70.0", 177.8, 177.8), ("5'10\"", 177.8, 177.8), ("5' 10\"", 177.8, 177.8),
    ("5 ft 10 in", 177.8, 177.8), ("178 cm", 178, 178), ("5'2\" - 5'6\"", 157.5, 167.6), ("62 to 66", 157.5, 167.6),
    ("1.78 m", 178, 178), ("1,78m", 178, 178),
])  # fmt: skip
def test_heights_in_all_notations_are_centimeters(tmp_path: Path, cell: str, low: float, high: float) -> None:
    head = "Case Number,DLC,State,Height\n".strip()
    quoted = '"' + cell.replace('"', '""') + '"'
    row = one(missing_file(tmp_path / "m.csv", f"MP1,1/2/1990,UT,{quoted}", head=head))
    found = value(row, "height")
    # 70 in * 2.54 = 177.8 cm; 62 in = 157.48; 66 in = 167.64, to one decimal.
    assert (found.low, found.high, found.unit) == (low, high, "cm")


@pytest.mark.parametrize("cell", ["140", "5.9"])
def test_a_height_that_nobody_has_is_kept_as_text_with_a_doubt_and_the_row_stays(tmp_path: Path, cell: str) -> None:
    row = one(missing_file(tmp_path / "m.csv", f"MP1,1/2/1990,UT,{cell}", head="Case Number,DLC,State,Height"))
    assert value(row, "other") == Text(f"height: {cell}")
    assert row.doubts == (
        "height: kept as text, want a height such as 70, 5'10\", 5 ft 10 in or 178 cm, at most 108 inches",
    )


@pytest.mark.parametrize(("cells", "field", "got"), [
    ({"dlc": "7/3/2031"}, "DLC", "'7/3/2031'"),
    ({"state": "Utopia"}, "State", "'Utopia'"),
    ({"age": "old"}, "Missing Age", "'old'"),
    ({"number": ""}, "Case Number", "''"),
    ({"number": "UP101"}, "Case Number", "'UP101'"),
    ({"modified": "yesterday"}, "record_modified", "'yesterday'"),
])  # fmt: skip
def test_a_cell_that_cannot_be_read_makes_a_reject_that_names_it(
    tmp_path: Path, cells: dict[str, str], field: str, got: str
) -> None:
    _, (reject,) = read(missing_file(tmp_path / "m.csv", line(number="MP5"), line(**cells)))
    assert (reject.field, reject.got, reject.raw) == (field, got, line(**cells))


def test_numbers_of_unidentified_and_unclaimed_persons_do_not_collide(tmp_path: Path) -> None:
    told = '"UP7","ME/C Case 22-1","05/31/2022","25","40","","All","Arizona","Unsure","Uncertain","06/10/2025"'
    body = missing_file(tmp_path / "u.csv", told, head=UNIDENTIFIED)
    left = missing_file(tmp_path / "c.csv", '"UCP7","Sample","Lee","Male","Asian","Pima","AZ","6/1/25"', head=UNCLAIMED)
    assert (reader_for(body).name, reader_for(left).name) == ("namus-unidentified", "namus-unclaimed")
    row = one(body)
    assert (row.key, one(left).key) == ("UP7", "UCP7")
    assert [unpack_said(dict(p)).polarity for p in row.said["person"] if p["p"] == "sex"] == ["unknown"]
    assert value(row, "agency_number") == Text("22-1")
    assert (value(row, "age").low, value(row, "age").high) == (25, 40)
    assert value(row, "found_place").to_json() == {"name": "All, AZ", "state": "AZ", "role": "recovery"}


def test_a_new_column_is_kept_as_text_and_reported(tmp_path: Path) -> None:
    head = "Case Number,DLC,State,Shoe Size"
    path = missing_file(tmp_path / "m.csv", "MP1,1/2/1990,UT,9 wide", head=head)
    assert reader_for(path).notes(path) == [
        "new column 'Shoe Size' kept as text", "no column for sex", "no column for race ethnicity"
    ]  # fmt: skip
    assert value(one(path), "other") == Text("Shoe Size: 9 wide")


def test_the_flat_national_table_is_found_by_its_columns(tmp_path: Path) -> None:
    head = "ID,Date Found,Location,Sex,Estimated Age From,Estimated Age To,Estimated Year of Death From,"
    head += "Estimated Year of Death To,Ethnicity,Height,Weight,Hair Color,Left Eye Color,Right Eye Color"
    told = 'UP9,2003-07-26,"(33.44, -112.07)",Male,30.0,45.0,0.0,2003.0,Asian,65.0,140.0,Brown,Blue,Brown'
    path = missing_file(tmp_path / "f.csv", told, head=head)
    row = one(path)
    assert (reader_for(path).name, row.key) == ("namus-flat", "UP9")
    # 65 in * 2.54 = 165.1 cm; 140 lb * 0.45359237 = 63.5 kg.
    assert (value(row, "height").low, value(row, "weight").low) == (165.1, 63.5)
    assert (value(row, "found_place").lat, value(row, "found_place").lon) == (33.44, -112.07)
    assert values(row, "died") == []
    assert value(row, "died_by").first.isoformat() == "2003-12-31"
    assert [v.code for v in values(row, "eye_color")] == ["blue", "brown"]


def api(number: str = "UP1", **more: Any) -> dict[str, Any]:
    return {
        "idFormatted": number,
        "subjectDescription": {
            "sex": {"name": "Male"}, "ethnicities": [{"name": "White / Caucasian"}, {"name": "Asian"}],
            "heightFrom": 67, "heightTo": 70, "estimatedYearOfBirthFrom": 1974, "estimatedYearOfBirthTo": 1984,
        },
        "circumstances": {"dateFound": "2023-06-11", "address": {"state": {"name": "Nevada"}, "city": "Pahrump"}},
        "physicalFeatureDescriptions": [{"physicalFeature": {"name": "Tattoo"}, "description": "an anchor"}],
        "detailsOfRecovery": {"handsNotRecovered": True},
        "shoes": {"size": 9}, **more,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["list", "results", "lines", "one"])
def test_an_answer_of_the_api_in_all_its_forms(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a.json"
    told = {"list": json.dumps([api()]), "results": json.dumps({"count": 1, "results": [api()]})}
    told |= {"lines": json.dumps(api()) + "\n", "one": json.dumps(api(), indent=1)}
    path.write_text(told[form])
    row = one(path)
    assert (reader_for(path).name, row.key) == ("namus-unidentified", "UP1")
    assert (value(row, "height").low, value(row, "height").high) == (170.2, 177.8)
    assert [v.code for v in values(row, "race_ethnicity")] == ["white", "asian"]
    assert (value(row, "born").first.year, value(row, "born").last.year) == (1974, 1984)
    assert value(row, "mark") == Text("Tattoo: an anchor")
    assert value(row, "not_recovered") == Text("hands")
    assert value(row, "other") == Text("shoes.size: 9")


def test_a_broken_list_gives_what_stands_above_the_break_and_a_reject_with_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([api("UP1"), api("UP2")])[:-40])
    (row,), (reject,) = read(path)
    assert (row.key, reject.row, reject.field, reject.want) == ("UP1", 2, "file", "one JSON object after the other")
    assert reject.raw.startswith('{"idFormatted": "UP2"')


@pytest.mark.parametrize(
    ("manner", "role"), [("Homicide", "victim"), ("Undetermined", "victim"), ("Natural", "person")]
)
def test_a_body_whose_file_says_homicide_or_undetermined_is_a_case_too(tmp_path: Path, manner: str, role: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([api(mannerOfDeath={"name": manner})]))
    row = one(path)
    assert (role in row.said, "case" in row.said) == (True, role == "victim")
    if role == "victim":
        assert [p["p"] for p in row.said["case"]] == ["date", "place"]
        assert value_of_case(row, "date").first.isoformat() == "2023-06-11"


def value_of_case(row: SourceRow, predicate: str) -> Any:
    return values(row, predicate, "case")[0]


@pytest.mark.parametrize(("told", "polarity"), [(True, "asserted"), (False, "denied")])
def test_a_record_says_whether_it_was_made_up_and_so_does_its_case(tmp_path: Path, told: bool, polarity: str) -> None:
    record = {
        "idFormatted": "UP9", "invented": told, "subjectDescription": {"estimatedAgeFrom": 20},
        "circumstances": {"dateFound": "1984-09-01", "mannerOfDeath": {"name": "Homicide"}},
    }  # fmt: skip
    (tmp_path / "b.json").write_text(json.dumps([record]))
    row = one(tmp_path / "b.json")
    for role in ("case", "victim"):
        said = [unpack_said(dict(p)) for p in row.said[role] if p["p"] == "invented"]
        assert [one.polarity for one in said] == [polarity]


def test_a_table_may_have_a_column_for_records_that_were_made_up(tmp_path: Path) -> None:
    head = '"Case Number","DLC","Last Name","Invented"'
    row = one(missing_file(tmp_path / "m.csv", '"MP1","7/3/84","Nobody","Yes"', head=head))
    assert [p["p"] for p in row.said["person"] if p["p"] == "invented"] == ["invented"]
