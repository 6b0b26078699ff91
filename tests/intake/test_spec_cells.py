"""Cells of tables with a specification: dates in many notations, numbers, codes, points; and first guesses."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thaw.errors import InputError
from thaw.intake import Reject, SourceRow, reader_for
from thaw.intake.guess_cells import code_lines, date_formats
from thaw.intake.import_spec import read_spec
from thaw.intake.rows import BadCell
from thaw.intake.spec_cells import date_of, date_of_parts
from thaw.intake.spec_guess import guess_spec
from thaw.record import unpack_said

TODAY = date(2026, 11, 20)


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def read(folder: Path, spec: str, *lines: str) -> list[SourceRow | Reject]:
    path = table(folder / "a.csv", *lines)
    table(folder / "s.toml", 'name = "x"', spec)
    return list(reader_for(path, spec=str(folder / "s.toml")).read(path, TODAY))


def says(row: Any, predicate: str, role: str = "case") -> list[Any]:
    return [unpack_said(dict(p)) for p in row.said[role] if p["p"] == predicate]


@pytest.mark.parametrize(("cell", "formats", "first", "last", "precision"), [
    ("1984-07-03", (), "1984-07-03", "1984-07-03", "day"),
    ("2015-01-10T10:00:00.000Z", (), "2015-01-10", "2015-01-10", "day"),
    ("2015-01-10 00:00:00", (), "2015-01-10", "2015-01-10", "day"),
    ("July 1984", ("%m/%d/%Y", "words"), "1984-07-01", "1984-07-31", "month"),
    # A format without a day or month is as precise as it is, not the first of January.
    ("1984", ("%Y",), "1984-01-01", "1984-12-31", "year"),
    ("7/1984", ("%m/%Y",), "1984-07-01", "1984-07-31", "month"),
    # Of two digits the last year that is not in the future: strptime alone says 2062.
    ("7/3/62", ("%m/%d/%y",), "1962-07-03", "1962-07-03", "day"),
    ("7/3/26", ("%m/%d/%y",), "2026-07-03", "2026-07-03", "day"),
    ("Jul-62", ("%b-%y",), "1962-07-01", "1962-07-31", "month"),
    # Day 36526 of spreadsheets is 1 January 2000 (Microsoft's own example of DATEVALUE counts so).
    ("36526", ("excel",), "2000-01-01", "2000-01-01", "day"),
    ("36526.75", ("excel",), "2000-01-01", "2000-01-01", "day"),
    # 2**30 seconds after 1970 is 2004-01-10 13:37:04 UTC.
    ("1073741824", ("unix",), "2004-01-10", "2004-01-10", "day"),
    ("1073741824000", ("unix-ms",), "2004-01-10", "2004-01-10", "day"),
])  # fmt: skip
def test_a_date_is_as_precise_as_its_notation(
    cell: str, formats: tuple[str, ...], first: str, last: str, precision: str
) -> None:
    found = date_of("day", cell, formats, TODAY)
    assert (found.first.isoformat(), found.last.isoformat(), found.precision) == (first, last, precision)


@pytest.mark.parametrize(("cell", "formats"), [
    ("2/29/85", ("%m/%d/%y",)), ("60", ("excel",)), ("9" * 14, ("unix",)), ("2027-01-01", ()), ("1750-01-01", ()),
    ("11/21/2026", ("%m/%d/%Y",)), ("2015111", ("%Y%m%d",)),
])  # fmt: skip
def test_what_cannot_be_a_date_is_none(cell: str, formats: tuple[str, ...]) -> None:
    with pytest.raises(BadCell):
        date_of("day", cell, formats, TODAY)


@pytest.mark.parametrize(("cells", "told"), [
    (("1984", "7", "3"), ("1984-07-03", "day")), (("1984", "July", ""), ("1984-07-01", "month")),
    (("1984", "00", "00"), ("1984-01-01", "year")), (("1984.0", "7.0", "unk"), ("1984-07-01", "month")),
    # A day without its month says nothing that can be used.
    (("1984", "", "3"), ("1984-01-01", "year")),
])  # fmt: skip
def test_a_date_in_three_columns_is_as_precise_as_they_are(cells: tuple[str, ...], told: tuple[str, str]) -> None:
    found = date_of_parts(("y", "m", "d"), cells, frozenset(("unk",)), TODAY)
    assert (found.first.isoformat(), found.precision) == told


@pytest.mark.parametrize(("cells", "column", "want"), [
    (("84", "7", "3"), "y", "a year from 1800 to 2026"),
    (("1984", "13", "3"), "m", "a number from 1 to 12, or a month's name"),
    (("1984", "7", "45"), "d", "a number from 1 to 31"),
    (("1985", "2", "29"), "d", "a day that the calendar has"),
    (("2026", "12", "1"), "y", "a date that is not in the future"),
])  # fmt: skip
def test_parts_that_make_no_date_name_their_column(cells: tuple[str, ...], column: str, want: str) -> None:
    with pytest.raises(BadCell) as error:
        date_of_parts(("y", "m", "d"), cells, frozenset(), TODAY)
    assert (error.value.field, error.value.want) == (column, want)


@pytest.mark.parametrize(("cell", "low", "high"), [
    ("46", 46, 46), ("46 Years", 46, 46), ("20-30", 20, 30), ("65+", 65, 99), ("90 and over", 90, 99), ("<1", 0, 0),
    ("20s", 20, 29), ("18 months", 1.5, 1.5), ("100+", 100, 100),
])  # fmt: skip
def test_ages_are_read_as_people_write_them(tmp_path: Path, cell: str, low: float, high: float) -> None:
    (row,) = read(tmp_path, '[fields."victim.age"]\ncolumn = "age"', "no,age", f"1,{cell}")
    (age,) = says(row, "age", "victim")
    assert (age.value.low, age.value.high, age.words) == (low, high, None if cell == "46" else cell)


def test_a_decimal_comma_is_read_where_the_specification_says_so(tmp_path: Path) -> None:
    spec = (
        'decimal = ","\n[fields."victim.height"]\ncolumn = "tall"\nunit = "m"\n[fields.place]\nlat = "lat"\nlon = "lon"'
    )
    (row,) = read(tmp_path, spec, "no;tall;lat;lon", "1;1,75;40,77;-111,93")
    assert says(row, "height", "victim")[0].value.low == 175
    assert says(row, "place")[0].value.to_json() == {"lat": 40.77, "lon": -111.93}


@pytest.mark.parametrize("cell", ["(40.77, -111.93)", "POINT (-111.93 40.77)", "40.77 -111.93"])
def test_a_point_in_one_cell_is_a_point(tmp_path: Path, cell: str) -> None:
    (row,) = read(tmp_path, '[fields.place]\npoint = "at"', "no|at", f"1|{cell}")
    assert says(row, "place")[0].value.to_json() == {"lat": 40.77, "lon": -111.93}


def test_nowhere_is_no_point_and_a_county_that_is_none_stays_in_words(tmp_path: Path) -> None:
    spec = '[fields.place]\ncounty = "c"\nstate = "s"\nlat = "lat"\nlon = "lon"'
    (row,) = read(tmp_path, spec, "no,c,s,lat,lon", "1,Atlantis,UT,0,0.0")
    assert isinstance(row, SourceRow)
    assert row.doubts == (
        "county: none of the state has its name, which is kept in words", "point: 0, 0 is no place, not used",
    )  # fmt: skip
    (place,) = says(row, "place")
    assert (place.value.to_json(), place.words) == ({"name": "Atlantis, UT", "state": "UT"}, "county Atlantis")


def test_letters_of_the_fbi_of_1976_are_no_codes_of_another_table(tmp_path: Path) -> None:
    spec = '[fields."victim.race"]\ncolumn = "r"\notherwise = "keep"'
    row, kept = read(tmp_path, spec, "no,r", "1,W", "2,C")
    assert says(row, "race", "victim")[0].value.code == "W"
    assert isinstance(kept, SourceRow)
    assert (says(kept, "race", "victim"), kept.doubts) == ([], ("r: words that have no code, kept as text",))
    assert says(kept, "other", "victim")[0].value.text == "r: C"
    reject = read(tmp_path, spec.replace("keep", "reject"), "no,r", "2,C")[0]
    assert isinstance(reject, Reject)
    assert (reject.field, reject.got, reject.raw) == ("r", "'C'", "2,C")


@pytest.mark.parametrize(("line", "message"), [
    ("header_row = 0", "header_row: got 0, want the number of the line with the names of the columns."),
    ("sheet = 3", "sheet: got 3, want the name of a sheet."),
    ('decimal = ";"', "decimal: got ';', want a dot or a comma."),
])  # fmt: skip
def test_a_slip_in_the_shape_of_the_table_is_one_message(tmp_path: Path, line: str, message: str) -> None:
    path = table(tmp_path / "s.toml", 'name = "x"', line, '[fields.date]\ncolumn = "d"')
    with pytest.raises(InputError) as error:
        read_spec(path)
    assert str(error.value) == f"{path}, {message} See docs/reference/formats.md."


def test_otherwise_is_reject_or_keep(tmp_path: Path) -> None:
    path = table(tmp_path / "s.toml", 'name = "x"', '[fields.weapon]\ncolumn = "w"\notherwise = "drop"')
    with pytest.raises(InputError) as error:
        read_spec(path)
    assert (
        str(error.value)
        == f"{path}, weapon, otherwise: got 'drop', want reject or keep. See docs/reference/formats.md."
    )


def test_the_header_is_where_the_specification_says(tmp_path: Path) -> None:
    spec = 'header_row = 3\nkey = "no"\n[fields.date]\ncolumn = "day"'
    (row,) = read(tmp_path, spec, "made by,records", "on,2020-01-01", "no,day", "7,1985-03-04")
    assert (row.row, row.line, row.key) == (1, 4, "7")
    with pytest.raises(InputError) as error:
        read(tmp_path, spec.replace("3", "9", 1), "no,day", "7,1985-03-04")
    assert str(error.value) == (
        f"{tmp_path / 'a.csv'} line 9: got no line, or a blank one, want the names of the columns. "
        "Correct header_row in the specification."
    )


@pytest.mark.parametrize(("cells", "found"), [
    (["13/2/2001", "1/2/2001", "28/2/2001"], ["%d/%m/%Y"]),
    (["1/2/2001", "3/4/2001"], ["%m/%d/%Y"]),
    (["2001-02-03", "2001-02-04", "3/7/2001"], ["words", "%m/%d/%Y"]),
    (["20010203", "20010204"], ["%Y%m%d"]),
    (["01/08/2020 12:00:00 AM"] * 3, ["%m/%d/%Y %I:%M:%S %p"]),
    (["7-Mar-84", "unknown"], ["%d-%b-%y"]),
    (["30000", "30001"], ["excel"]),
    (["red", "2001-02-03"], None),
    ([], None),
])  # fmt: skip
def test_the_notations_of_a_column_are_found(cells: list[str], found: list[str] | None) -> None:
    assert date_formats(cells, named=True) == found


def test_a_count_of_days_is_a_date_only_where_the_column_is_called_so() -> None:
    assert date_formats(["30000", "30001"], named=False) is None


def test_words_become_the_codes_that_they_mean() -> None:
    # By their first letters these three would be Asian, Asian and no code at all.
    assert code_lines("race", ["African American", "American Indian", "Caucasian", "Hispanic", "?"]) == [
        'unknown = ["?"]',
        'codes = { "African American" = "B", "American Indian" = "I", "Caucasian" = "W" }',
        'apart = { "Hispanic" = { ethnicity = "H" } }',
        'otherwise = "keep"',
    ]
    assert code_lines("sex", ["Woman", "Man", "M"]) == ['codes = { "Man" = "M", "Woman" = "F" }']
    assert code_lines("weapon", [f"exhibit {i}" for i in range(9)]) is None


def test_a_guess_of_a_table_with_titles_names_its_header_and_reads_it(tmp_path: Path) -> None:
    body = [f"{i},{i % 12 + 1}/3/{60 + i % 40},Ada {i},{i % 80},{'MF'[i % 2]},Knife" for i in range(40)]
    path = table(
        tmp_path / "log.csv", "Invented log,,,,,", "", "No,Date of Death,Victim,Age,Sex,Weapon", *body, "Total,40,,,,"
    )
    text, left_out = guess_spec(path)
    assert ("header_row = 3" in text, left_out) == (True, [])
    table(tmp_path / "s.toml", text)
    rows = list(reader_for(path, spec=str(tmp_path / "s.toml")).read(path, TODAY))
    assert [type(row) for row in rows] == [SourceRow] * 40 + [Reject]
    assert says(rows[0], "date")[0].value.first == date(1960, 1, 3)
    assert says(rows[0], "weapon")[0].value.code == "20"


def test_a_guess_of_nothing_says_how_to_go_on(tmp_path: Path) -> None:
    text, left_out = guess_spec(table(tmp_path / "a.csv", "q,r,s"))
    assert left_out == ["q", "r", "s"]
    assert text.endswith('# No column was recognised. Name them so:\n# [fields.date]\n# column = "..."\n')


@pytest.mark.parametrize(("name", "unit", "cell", "size"), [
    # 5 * 12 + 10 = 70 inches, 70 * 2.54 = 177.8 cm; 150 * 0.45359237 = 68.04 kg.
    ("height", "in", "5'10\"", 177.8), ("height", "cm", "5 ft 10 in", 177.8), ("height", "in", "178 cm", 178),
    ("height", "in", "70", 177.8), ("weight", "lb", "68 kg", 68), ("weight", "kg", "150 lbs", 68),
    ("weight", "lb", "150", 68.039),
])  # fmt: skip
def test_a_size_with_its_unit_in_the_cell_goes_by_it(
    tmp_path: Path, name: str, unit: str, cell: str, size: float
) -> None:
    spec = f'[fields."victim.{name}"]\ncolumn = "size"\nunit = "{unit}"'
    quoted = cell.replace('"', '""')
    (row,) = read(tmp_path, spec, "size,b", f'"{quoted}",1')
    assert says(row, name, "victim")[0].value.low == size


def test_a_size_that_nobody_has_or_that_cannot_be_read_is_a_reject(tmp_path: Path) -> None:
    spec = '[fields."victim.height"]\ncolumn = "size"\nunit = "in"'
    more = ", or a size with its unit such as 178 cm or 150 lbs"
    rejects = read(tmp_path, spec, "size,b", "tall,1", "5'13,1", "400 cm,1")
    assert [(r.field, r.got, r.want) for r in rejects if isinstance(r, Reject)] == [
        ("size", repr(cell), f"a number of in, or a range such as 20-30{more}") for cell in ("tall", "5'13", "400 cm")
    ]
