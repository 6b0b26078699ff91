"""Tables with an import specification: what it may say, what its rows say, what is wrong with either, a first guess."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thaw.errors import InputError
from thaw.intake import Reject, SourceRow, reader_for
from thaw.intake.import_spec import find_spec, known_specs, read_spec
from thaw.intake.spec_guess import guess_spec
from thaw.record import Code, PartialDate, Quantity, Text, unpack_said

TODAY = date(2026, 11, 20)
HEAD = "uid,reported_date,victim_last,victim_first,victim_race,victim_age,victim_sex,city,state,lat,lon,disposition"
SPEC = """
name = "invented"
key = "no"
[fields.date]
column = "day"
formats = ["%m/%d/%Y"]
[fields.weapon]
column = "means"
codes = { rope = "80" }
unknown = ["?"]
[fields."victim.height"]
column = "tall"
unit = "in"
"""


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def wapo(path: Path, **cells: str) -> list[SourceRow | Reject]:
    told = {
        "uid": "Inv-1", "day": "20150110", "last": "EXAMPLE", "first": "ADA", "race": "White", "age": "29",
        "sex": "Female", "city": "Tulsa", "state": "OK", "lat": "36.1", "lon": "-95.9",
        "disposition": "Closed by arrest",
    } | cells  # fmt: skip
    found = table(path, HEAD, ",".join(f'"{cell}"' for cell in told.values()))
    return list(reader_for(found).read(found, TODAY))


def says(row: Any, predicate: str, role: str = "case") -> list[Any]:
    return [unpack_said(dict(p)) for p in row.said[role] if p["p"] == predicate]


def test_the_first_real_table_is_found_by_its_columns_and_one_record_is_whole(tmp_path: Path) -> None:
    (row,) = wapo(tmp_path / "a.csv")
    assert isinstance(row, SourceRow)
    assert (row.key, row.doubts, {role: len(said) for role, said in row.said.items()}) == (
        "Inv-1", (), {"case": 3, "victim": 6, "offender": 0}
    )  # fmt: skip
    assert says(row, "date")[0].value == PartialDate(date(2015, 1, 10), date(2015, 1, 10), "day")
    assert says(row, "place")[0].value.to_json() == {
        "name": "Tulsa, OK", "state": "OK", "lat": 36.1, "lon": -95.9, "precision_km": 1.0, "role": "offense"
    }  # fmt: skip
    assert says(row, "name", "victim")[0].value == Text("ADA EXAMPLE")
    assert says(row, "sex", "victim")[0].value == Code("F", "shr.sex")


def test_a_town_in_another_state_is_reported_and_kept_as_it_stands(tmp_path: Path) -> None:
    (row,) = wapo(tmp_path / "a.csv", state="AL")
    assert isinstance(row, SourceRow)
    assert row.doubts == ("point: lies outside the state that the row names; both are kept as they stand",)
    assert says(row, "place")[0].value.name == "Tulsa, AL"


def test_a_state_with_a_slip_of_the_hand_is_read_and_reported(tmp_path: Path) -> None:
    (row,) = wapo(tmp_path / "a.csv", city="Milwaukee", state="wI", lat="43.0", lon="-87.9")
    assert isinstance(row, SourceRow)
    assert row.doubts == ("state: written otherwise than its letters or name, read all the same",)
    assert (says(row, "place")[0].value.state, says(row, "place")[0].words) == ("WI", "wI")


@pytest.mark.parametrize(("cells", "field", "want"), [
    ({"day": "201511018"}, "reported_date", "a date as %Y%m%d, not in the future"),
    ({"day": "20271101"}, "reported_date", "a date as %Y%m%d, not in the future"),
    ({"state": "ZZ"}, "state", "a state of the United States or its two letters"),
    ({"age": "twenty"}, "victim_age", "a number of years, or a range such as 20-30"),
    ({"age": "290"}, "victim_age", "an age of at most 130 years"),
    ({"lat": "361"}, "lat", "degrees from -90 to 90"),
])  # fmt: skip
def test_a_cell_that_cannot_be_read_is_a_reject_that_names_it(
    tmp_path: Path, cells: dict[str, str], field: str, want: str
) -> None:
    (reject,) = wapo(tmp_path / "a.csv", **cells)
    assert isinstance(reject, Reject)
    assert (reject.field, reject.got, reject.want) == (field, repr(next(iter(cells.values()))), want)


def test_unknown_is_said_and_not_swallowed_and_hispanic_is_no_race(tmp_path: Path) -> None:
    (row,) = wapo(tmp_path / "a.csv", age="Unknown", race="Hispanic", lat="", lon="")
    (age,), (race,), (ethnicity,) = (says(row, name, "victim") for name in ("age", "race", "ethnicity"))
    assert [(s.value, s.polarity, s.words) for s in (age, race)] == [
        (None, "unknown", "Unknown"), (None, "unknown", "Hispanic")
    ]  # fmt: skip
    assert ethnicity.value == Code("H", "shr.ethnicity")


def test_a_specification_of_ones_own_maps_codes_dates_and_units(tmp_path: Path) -> None:
    table(tmp_path / "s.toml", SPEC)
    path = table(tmp_path / "a.csv", "no,day,means,tall,more", "7,3/14/1985,rope,70,x", "8,3/15/1985,?,,y")
    reader = reader_for(path, spec=str(tmp_path / "s.toml"))
    row, other = list(reader.read(path, TODAY))
    assert (row.key, says(row, "weapon")[0].value, says(row, "weapon")[0].words) == (
        "7",
        Code("80", "shr.weapon"),
        "rope",
    )
    # 70 in * 2.54 = 177.8 cm
    assert says(row, "height", "victim")[0].value == Quantity(177.8, 177.8, "cm")
    assert (says(other, "weapon")[0].polarity, says(other, "height", "victim")) == ("unknown", [])
    assert reader.notes(path) == ["column 'more' is not in the specification"]


@pytest.mark.parametrize(("text", "message"), [
    ("name = 1", "name: got 1, want 1 to 40 letters (A to Z), digits and dashes. See docs/reference/formats.md."),
    ('name = "x"\nshoe = 1', "shoe: got a key that specifications do not have, want one of name, recorded_by, entity, "
     "key, columns, kind, header_row, sheet, decimal, fields. See docs/reference/formats.md."),
    ('name = "x"', "fields: got no fields, want at least one field with its column. See docs/reference/formats.md."),
    ('name = "x"\n[fields.date]\nformats = []', "date: got no column, want the name of a column, or several. "
     "See docs/reference/formats.md."),
    ('name = "x"\n[fields."victim.height"]\ncolumn = "a"\nunit = "lb"', "victim.height, unit: got 'lb', want cm, in, "
     "m. Leave it out, or use one of these."),
    ('name = "x"\n[fields."victim.sex"]\ncolumn = "a"\ncodes = { x = "Z" }', "victim.sex, codes, x: got 'Z', want one "
     "of F, M, U. Use a code of the list."),
    ('name = "x"\nentity = "person"\n[fields.sex]\ncolumn = "a"', "kind: got None, want missing, unidentified or "
     "unclaimed. See docs/reference/formats.md."),
    ('name = "x"\ncolumns = "a"\n[fields.date]\ncolumn = "a"', "columns: got 'a', want a list of names of columns. See "
     "docs/reference/formats.md."),
    ('name = "x"\n[fields.date]\ncolumn = "a"\nformats = 5', "date, formats: got 5, want a list of texts. See "
     "docs/reference/formats.md."),
    ('name = "x"\n[fields.date]\ncolumn = "a"\nformats = ["%Q"]', "date, formats: got '%Q', want a format of strptime "
     "such as %m/%d/%Y, or one of words, excel, unix, unix-ms. See docs/reference/formats.md."),
    ('name = "x"\n[fields.date]\ncolumn = "a"\nformats = ["iso"]', "date, formats: got 'iso', want a format of "
     "strptime such as %m/%d/%Y, or one of words, excel, unix, unix-ms. See docs/reference/formats.md."),
    ('name = "x"\n[fields.weapon]\ncolumn = "a"\nunknown = "none told"', "weapon, unknown: got 'none told', want a "
     "list of texts. See docs/reference/formats.md."),
    ('name = "x"\n[fields.weapon]\ncolumn = "a"\ncodes = ["rope"]', "weapon, codes: got ['rope'], want a table of "
     'words of the column and what they mean, such as { rope = "80" }. See docs/reference/formats.md.'),
    ('name = "x"\n[fields."victim.race"]\ncolumn = "a"\napart = ["H"]', "victim.race, apart: got ['H'], want a table "
     'of words of the column and what they mean, such as { Hispanic = { ethnicity = "H" } }. See '
     "docs/reference/formats.md."),
    ('name = "x"\n[fields."victim.race"]\ncolumn = "a"\napart = { H = "H" }', "victim.race, apart, H: got 'H', want "
     'what it means, such as { ethnicity = "H" }. See docs/reference/formats.md.'),
    ('name = "x"\n[fields.weapon]\ncolumn = "a"\napart = { H = { homicide_type = "Z" } }', "weapon, apart, H, "
     "homicide_type: got 'Z', want one of A, B. Use a code of the list."),
    ('name = "x"\n[fields.place]\ncity = "a"\nprecision_km = -1', "place, precision_km: got -1, want kilometers above "
     "0, at most 20,000. See docs/reference/formats.md."),
    ('name = "x"\n[fields.place]\ncity = "a"\nrole = "here"', "place, role: got 'here', want one of encounter, "
     "offense, recovery, residence, report. See docs/reference/formats.md."),
    ('name = "x"\n[fields.place]\ncity = ["a", "b"]', "place, city: got ['a', 'b'], want the name of a column. See "
     "docs/reference/formats.md."),
])  # fmt: skip
def test_a_slip_in_a_specification_is_one_message(tmp_path: Path, text: str, message: str) -> None:
    path = table(tmp_path / "s.toml", text)
    with pytest.raises(InputError) as error:
        read_spec(path)
    assert str(error.value) == f"{path}, {message}"


def test_a_word_of_another_column_must_be_a_code_of_that_column(tmp_path: Path) -> None:
    text = 'name = "x"\n[fields."victim.race"]\ncolumn = "a"\napart = { Latina = { surname = "H" } }'
    with pytest.raises(InputError) as error:
        read_spec(table(tmp_path / "s.toml", text))
    assert error.value.where == f"{tmp_path / 's.toml'}, victim.race, apart, Latina, surname"
    assert error.value.got == "'surname'"
    assert "ethnicity" in error.value.want
    assert "first_name" not in error.value.want


def test_a_word_that_belongs_to_another_column_gets_the_codes_of_that_columns_list(tmp_path: Path) -> None:
    text = 'name = "x"\nentity = "person"\nkind = "missing"\n[fields.sex]\ncolumn = "a"\n'
    text += 'apart = { Latina = { race_ethnicity = "hispanic" } }'
    spec = table(tmp_path / "s.toml", text)
    path = table(tmp_path / "a.csv", "a,b", "Latina,1")
    (row,) = list(reader_for(path, spec=str(spec)).read(path, TODAY))
    assert says(row, "race_ethnicity", "person")[0].value == Code("hispanic", "person.race_ethnicity")


def test_a_table_without_a_column_of_the_specification_is_refused(tmp_path: Path) -> None:
    table(tmp_path / "s.toml", SPEC)
    path = table(tmp_path / "a.csv", "no,day", "7,3/14/1985")
    with pytest.raises(InputError) as error:
        list(reader_for(path, spec=str(tmp_path / "s.toml")).read(path, TODAY))
    assert str(error.value) == (
        f"{path}: got a table without means, tall, want the columns that the specification invented names. "
        "Correct the specification, or make a new one with --guess."
    )


def test_the_programs_own_specifications_are_found_by_name() -> None:
    assert list(known_specs()) == ["cities", "wapo"]
    assert find_spec("wapo").name == "wapo"
    with pytest.raises(InputError) as error:
        find_spec("nothing")
    assert str(error.value) == "--spec: got 'nothing', want a TOML file, or one of cities, wapo. Make one with --guess."


def test_a_persons_table_needs_a_kind_and_gives_persons(tmp_path: Path) -> None:
    table(
        tmp_path / "s.toml",
        'name = "x"\nentity = "person"\nkind = "missing"\nkey = "no"\n[fields.last_seen]\ncolumn = "d"',
    )
    path = table(tmp_path / "a.csv", "no,d", "7,1985-03")
    (row,) = list(reader_for(path, spec=str(tmp_path / "s.toml")).read(path, TODAY))
    assert isinstance(row, SourceRow)
    assert [p["p"] for p in row.said["person"]] == ["kind", "last_seen"]


@pytest.mark.parametrize(("head", "name"), [
    ('[fields.place_2]', "place_2"), ('[fields.place]', "place"),
])  # fmt: skip
def test_every_place_of_a_case_keeps_its_name(tmp_path: Path, head: str, name: str) -> None:
    spec = table(tmp_path / "s.toml", f'name = "x"\n{head}\ncity = "town"\nstate = "st"')
    path = table(tmp_path / "a.csv", "town,st", "Murray,UT")
    (row,) = list(reader_for(path, spec=str(spec)).read(path, TODAY))
    (found,) = says(row, name)
    assert found.value.to_json() == {"name": "Murray, UT", "state": "UT"}


def test_a_first_guess_reads_the_table_it_was_made_from(tmp_path: Path) -> None:
    lines = [
        f"{i},0{i % 9 + 1}/12/1985,Female,2{i % 10},Moab,UT,{'Hispanic' if i % 3 else 'White'},note {i}"
        for i in range(30)
    ]
    path = table(tmp_path / "my table.csv", "case_id,Date,Victim Sex,Victim Age,City,State,Victim Race,remark", *lines)
    text, left_out = guess_spec(path)
    assert left_out == ["remark"]
    table(tmp_path / "s.toml", text)
    rows = list(reader_for(path, spec=str(tmp_path / "s.toml")).read(path, TODAY))
    assert [type(row) for row in rows] == [SourceRow] * 30
    assert (rows[0].key, says(rows[0], "date")[0].value.first) == ("0", date(1985, 1, 12))
    assert says(rows[0], "place")[0].value.to_json() == {"name": "Moab, UT", "state": "UT"}


def test_a_guess_at_a_table_of_missing_persons_makes_persons_and_no_homicides(tmp_path: Path) -> None:
    lines = [
        f'M{i},"Doe, Ann{i}",0{i % 9 + 1}/12/1985,2{i % 10} Years,Female,Reno,Nevada,Brown,note {i}' for i in range(30)
    ]
    head = "Case ID,Name,Date Missing,Age When Missing,Gender,City,State,Hair,Circumstances"
    path = table(tmp_path / "a.csv", head, *lines)
    text, left_out = guess_spec(path)
    assert left_out == ["Hair"]
    table(tmp_path / "s.toml", text)
    rows = list(reader_for(path, spec=str(tmp_path / "s.toml")).read(path, TODAY))
    assert [list(row.said) for row in rows if isinstance(row, SourceRow)] == [["person"]] * 30
    row = rows[0]
    assert row.key == "M0"
    assert [p["p"] for p in row.said["person"]] == [
        "kind", "last_seen", "last_seen_place", "name", "age", "sex", "circumstances"
    ]  # fmt: skip
    assert says(row, "age", "person")[0].value == Quantity(20, 20, "years")


@pytest.mark.parametrize("more", ["Weapon", "Offense Date", "Victim Sex", "Cause of Death"])
def test_a_table_of_killings_in_which_something_is_missing_is_of_cases(tmp_path: Path, more: str) -> None:
    text, _ = guess_spec(table(tmp_path / "a.csv", f"id,Missing,{more}", "1,x,y", "2,x,z"))
    assert 'entity = "case"' in text
