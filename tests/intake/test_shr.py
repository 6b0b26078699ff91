"""The Supplementary Homicide Report: four layouts, the record of 80 characters, every trap, and the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_files import shared
from shr_records import (
    offender,
    record_80,
    record_1962,
    record_1976,
    record_1980,
    records_80,
    records_1962,
    records_1976,
    records_1980,
    victim,
)
from thaw.errors import InputError
from thaw.intake import Reject, SourceRow, reader_for
from thaw.intake.shr_layout import layouts
from thaw.intake.shr_record import RecordReader
from thaw.intake.shr_writer import write_record
from thaw.record import Code, Quantity, Text, unpack_said

TODAY = date(2026, 11, 20)


def file(path: Path, *lines: str) -> Path:
    path.write_text("".join(line + "\n" for line in lines), encoding="latin-1")
    return path


def read(path: Path) -> list[SourceRow | Reject]:
    return list(reader_for(path, "shr").read(path, TODAY))


def one(folder: Path, line: str, name: str = "a.txt") -> SourceRow:
    (row,) = read(file(folder / name, line))
    assert isinstance(row, SourceRow), row
    return row


def refused(folder: Path, line: str) -> tuple[str, str, str]:
    *_, reject = read(file(folder / "a.txt", record_1980(), record_1980(incident="002"), line))
    assert isinstance(reject, Reject)
    assert reject.raw == line
    return reject.field, reject.got, reject.want


def test_a_file_that_lost_its_layout_after_it_was_recognised_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path / "a.txt", record_1980())
    reader = reader_for(path, "shr")
    file(path, "words that are no record")
    wanted = ", ".join(f"{layout.length} ({layout.name})" for layout in layouts().values())
    with pytest.raises(InputError) as caught:
        list(reader.read(path, TODAY))
    assert str(caught.value) == (
        f"{path}: got lines of no SHR layout, want records of one of the lengths {wanted}. Check the file, or name "
        "another format with --format."
    )


def says(row: SourceRow, predicate: str, role: str = "case") -> list[Any]:
    return [unpack_said(dict(p)) for p in row.said[role] if p["p"] == predicate]


def value(row: SourceRow, predicate: str, role: str = "case") -> Any:
    (found,) = says(row, predicate, role)
    return found.value


# One record of each layout


def test_a_file_of_1980_statements_rejects_and_one_record_whole(tmp_path: Path) -> None:
    path = file(tmp_path / "a.txt", record_1980(), record_1980(incident="002", month="13"))
    row, reject = read(path)
    assert (reader_for(path).name, type(row), type(reject)) == ("shr", SourceRow, Reject)
    assert isinstance(row, SourceRow)
    assert sum(map(len, row.said.values())) == 22
    assert (row.row, row.line, row.key, row.incident_key) == (
        1,
        1,
        "UT00000/1985/07/001/1",
        "shr-fixed:UT00000/1985/07/001",
    )
    assert row.said_by == "INVENTED CITY"
    assert value(row, "date").to_json() == {"from": "1985-07-01", "to": "1985-07-31", "precision": "month"}
    assert value(row, "place").to_json() == {"name": "Invented City, UT", "state": "UT", "role": "report"}
    assert value(row, "weapon") == Code("80", "shr.weapon")
    assert value(row, "nibrs_weapon") == Code("85", "nibrs.weapon")
    assert value(row, "age", "victim") == Quantity(24, 24, "years")
    assert says(row, "offender_known")[0].polarity == "denied"
    assert isinstance(reject, Reject)
    assert (reject.line, reject.field, reject.got, reject.want) == (2, "month", "'13'", "a month from 01 to 12")


def test_several_victims_of_a_report_are_cases_that_share_an_incident_and_the_first_has_the_relationship(
    tmp_path: Path,
) -> None:
    victims = (victim("24", "F", "W", "N"), victim("BB", "M", "W", "N"), victim("00", "U", "U", "U"))
    row = one(tmp_path, record_1980(victims=victims, offenders=(offender(ethnicity="U", relationship="WI"),)))
    assert [part.key for part in (row, *row.more)] == [f"UT00000/1985/07/001/{n}" for n in (1, 2, 3)]
    assert {part.incident_key for part in (row, *row.more)} == {"shr-fixed:UT00000/1985/07/001"}
    assert [len(says(part, "relationship")) for part in (row, *row.more)] == [1, 0, 0]
    assert [len(says(part, "weapon")) for part in (row, *row.more)] == [1, 1, 1]


def test_trailing_blanks_that_were_cut_off_change_nothing(tmp_path: Path) -> None:
    whole, cut = one(tmp_path, record_1980()), one(tmp_path, record_1980().rstrip())
    assert (whole.said, whole.key) == (cut.said, cut.key)


def test_a_file_that_mixes_layouts_reads_each_line_by_its_length(tmp_path: Path) -> None:
    rows = read(file(tmp_path / "a.txt", record_1980(), record_1976(), record_1962()))
    assert [row.key for row in rows] == ["UT00000/1985/07/001/1", "NB00000/1977/07/001/1", "UT00000/1968/07/01/1"]


# The traps


def test_ch_and_ss_mean_other_things_in_nibrs(tmp_path: Path) -> None:
    for code, nibrs in (("CH", "CS"), ("SS", "SC")):
        row = one(tmp_path, record_1980(offenders=(offender(ethnicity="U", relationship=code),)))
        assert value(row, "relationship") == Code(code, "shr.relationship")
        assert value(row, "nibrs_relationship") == Code(nibrs, "nibrs.relationship")


@pytest.mark.parametrize(("digit", "update", "first", "last"), [
    ("6", "0010169", "1966-07-01", "1966-07-31"),
    ("0", "0010171", "1970-07-01", "1970-07-31"),
    ("2", "0010163", "1962-07-01", "1962-07-31"),
    ("2", "0010173", "1972-07-01", "1972-07-31"),
    # No update: 1962 or 1972, and nobody can say which.
    ("2", "       ", "1962-07-01", "1972-07-31"),
])  # fmt: skip
def test_a_year_of_one_digit_is_settled_by_the_last_update_or_stays_open(
    tmp_path: Path, digit: str, update: str, first: str, last: str
) -> None:
    (found,) = says(one(tmp_path, record_1962(year=digit, update=update)), "date")
    assert (found.value.first.isoformat(), found.value.last.isoformat(), found.words) == (first, last, f"07/{digit}")


def test_the_name_of_the_file_settles_the_decade(tmp_path: Path) -> None:
    row = one(tmp_path, record_1962(year="2", update="       "), name="shr_1972.txt")
    assert value(row, "date").first.year == 1972
    assert reader_for(tmp_path / "shr_1972.txt").notes(tmp_path / "shr_1972.txt") == [
        "layout 1962-1975, records of 101 characters"
    ]


@pytest.mark.parametrize(("years", "name"), [
    (("85", "12"), "1980-2012"), (("13", "20"), "2013 on"), (("12", "13"), "1980-2012 and 2013 on"),
])  # fmt: skip
def test_the_years_of_the_records_say_which_of_two_layouts_of_one_length_it_is(
    tmp_path: Path, years: tuple[str, ...], name: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("".join(f"{record_1980(year=year)}\n" for year in years))
    assert reader_for(path).notes(path) == [f"layout {name}, records of 268 characters"]


@pytest.mark.parametrize(("code", "infant"), [("NB", "under_7_days"), ("BB", "days_7_to_364")])
def test_nb_and_bb_are_infants_and_00_is_unknown(tmp_path: Path, code: str, infant: str) -> None:
    row = one(tmp_path, record_1980(victims=(victim(code, "F", "W", "N"),)))
    assert value(row, "age", "victim") == Quantity(0, 0, "years")
    assert value(row, "infant", "victim") == Code(infant, "person.infant")
    (age,) = says(one(tmp_path, record_1980(victims=(victim("00", "F", "W", "N"),))), "age", "victim")
    assert (age.value, age.polarity, age.words) == (None, "unknown", "00")


def test_an_infant_of_1962_stands_in_the_breakdown(tmp_path: Path) -> None:
    row = one(tmp_path, record_1962(age="001NB"))
    assert value(row, "age", "victim") == Quantity(0, 0, "years")
    assert value(row, "infant", "victim") == Code("under_7_days", "person.infant")


def test_weapon_35_is_read_though_no_shr_list_has_it(tmp_path: Path) -> None:
    row = one(tmp_path, record_1980(offenders=(offender(ethnicity="U", weapon="35"),)))
    assert value(row, "weapon") == Code("35", "shr.weapon")
    assert value(row, "nibrs_weapon") == Code("35", "nibrs.weapon")


@pytest.mark.parametrize(("year", "words"), [("12", "Asian or Pacific Islander"), ("13", None)])
def test_race_a_meant_pacific_islanders_too_before_2013(tmp_path: Path, year: str, words: str | None) -> None:
    (race,) = says(one(tmp_path, record_1980(year=year, victims=(victim(race="A", ethnicity="N"),))), "race", "victim")
    assert (race.value, race.words) == (Code("A", "shr.race"), words)


@pytest.mark.parametrize(("year", "meant", "quarrel"), [
    ("18", "Lovers triangle", "Lovers' quarrel"), ("19", "Domestic violence", None),
])  # fmt: skip
def test_circumstance_40_changed_its_meaning_in_2019(
    tmp_path: Path, year: str, meant: str, quarrel: str | None
) -> None:
    row = one(tmp_path, record_1980(year=year, offenders=(offender(ethnicity="U", circumstance="40"),)))
    (found,), (nibrs,) = says(row, "circumstance"), says(row, "nibrs_circumstance")
    assert (found.value, found.words) == (Code("40", "shr.circumstance"), meant)
    assert (nibrs.value, nibrs.words) == (Code("06", "nibrs.circumstance"), quarrel)


def test_the_second_offender_begins_after_twelve_characters(tmp_path: Path) -> None:
    # The workbook says 11; the first of the additional offenders stands at 149 to 160, the next at 161.
    two = (
        offender(ethnicity="U"),
        offender("31", "M", "W", "N", weapon="20"),
        offender("44", "F", "B", "N", weapon="30"),
    )
    row = one(tmp_path, record_1980(situation="C", offenders=two))
    assert value(row, "weapon", "offender#2") == Code("20", "shr.weapon")
    assert value(row, "age", "offender#3") == Quantity(44, 44, "years")
    assert value(row, "weapon", "offender#3") == Code("30", "shr.weapon")


@pytest.mark.parametrize(
    ("number", "agency", "usps"), [("26", "NB00000", "NE"), ("55", "GM00000", "GU"), ("52", "CZ00000", None)]
)
def test_states_are_ucrs_own_numbers_and_letters(tmp_path: Path, number: str, agency: str, usps: str | None) -> None:
    place = value(one(tmp_path, record_1980(state=number, agency=agency)), "place")
    assert place.state == usps
    assert value(one(tmp_path, record_80(agency=agency)), "place").state == usps


def test_the_race_of_an_offender_is_kept_as_it_stands_and_not_read(tmp_path: Path) -> None:
    row = one(tmp_path, record_1980(offenders=(offender("31", "M", "B", "H"),)))
    assert [p["p"] for p in row.said["offender"]] == ["age", "sex", "other"]
    assert value(row, "other", "offender") == Text("not read: race=B; ethnicity=H")


@pytest.mark.parametrize(("circumstance", "sub", "today", "kin"), [
    ("34", "02", "02", None), ("34", "16", "10", None), ("34", "20", "26", None), ("21", "  ", "40", None),
    ("11", "  ", None, "WI"), ("12", "  ", None, "DA"), ("42", "60", "81", None), ("59", "  ", "99", None),
])  # fmt: skip
def test_circumstances_of_1962_keep_their_code_and_say_what_it_means_today(
    tmp_path: Path, circumstance: str, sub: str, today: str | None, kin: str | None
) -> None:
    row = one(tmp_path, record_1962(circumstance=circumstance, sub=sub))
    assert value(row, "circumstance_1962") == Code(circumstance, "shr.circumstance_1962")
    assert [s.value.code for s in says(row, "circumstance")] == ([today] if today else [])
    assert [s.value.code for s in says(row, "relationship")] == ([kin] if kin else [])
    assert all(s.words.startswith("from the code of 1962-75: ") for s in says(row, "circumstance"))


# The record of 80 characters


def test_returns_adjustments_deletes_and_months_without_a_homicide(tmp_path: Path) -> None:
    none = record_80(kind="14", incident="   ")
    told = (record_80(), record_80(victim_block="BBMWN"), none, record_80(kind="16"), record_80(incident="002"))
    rows = read(file(tmp_path / "a.txt", *told))
    assert [row.key for row in rows] == [
        "UT00000/1985/07/001/1", "UT00000/1985/07/001/2", "none/UT00000/1985/07", "delete/UT00000/1985/07/001",
        "UT00000/1985/07/002/1",
    ]  # fmt: skip
    assert [bool(row.said) for row in rows if isinstance(row, SourceRow)] == [True, True, False, False, True]
    assert [row.deletes for row in rows if isinstance(row, SourceRow)][3] == "shr-fixed:UT00000/1985/07/001"


# What cannot be read


@pytest.mark.parametrize(("line", "expected"), [
    (record_1980(victims=(victim("1O", "F", "W", "N"),)), ("victim_age", "'1O'", "an age 00 to 99, NB or BB")),
    (record_1980(victims=(victim("24", "X", "W", "N"),)), ("sex", "'X'", "one of F, M, U")),
    (record_1980(month="00"), ("month", "'00'", "a month from 01 to 12")),
    (record_1980(year="8A"), ("year", "'8A'", "the last digits of a year")),
    (record_1980(year="27"), ("year", "'27'", "a month up to 2026-11")),
    (record_1980(state="99"), ("state", "'99'", "a UCR state: 01 to 62, or its letters such as NB for Nebraska")),
    ("7" + record_1980()[1:], ("identifier", "'7'", "6, the mark of a homicide report")),
    (record_1980() + "  X", ("line", "271 characters", "at most 268")),
    (record_1980()[:40] + "\t" + record_1980()[41:],
     ("line", "the control character U+0009", "letters, digits and blanks")),
    (record_1980(agency="       "), ("agency", "'       '", "an agency number (ORI)")),
])  # fmt: skip
def test_a_record_that_cannot_be_read_is_a_reject_that_says_where_and_why(
    tmp_path: Path, line: str, expected: tuple[str, str, str]
) -> None:
    assert refused(tmp_path, line) == expected


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_of_a_spoilt_file_every_line_is_a_row_or_a_reject(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    lines = [record_1980(incident=f"{i:03}") for i in range(1, 5)]
    spoilt = data.draw(st.integers(0, 3))
    line = list(lines[spoilt])
    for _ in range(data.draw(st.integers(1, 5))):
        line[data.draw(st.integers(0, len(line) - 1))] = data.draw(
            st.characters(codec="latin-1", exclude_characters="\n\r")
        )
    lines[spoilt] = "".join(line)[: data.draw(st.integers(1, 268))]
    path = file(tmp_path_factory.mktemp("s") / "a.txt", *lines)
    found = read(path)
    assert len(found) == sum(bool(line.strip()) for line in lines)
    assert [item.row for item in found] == list(range(1, len(found) + 1))


# The way back


def _again(name: str, line: str) -> str:
    layout = layouts()[name]
    reader = RecordReader(layout, TODAY, frozenset())
    # The sayings go through their JSON form, as they stand in the book.
    told: list[tuple[int, Mapping[str, Any]]] = json.loads(json.dumps(list(reader.victims(line))))
    return write_record(layout, [(number, said) for number, said in told])


@settings(max_examples=60, deadline=None)
@given(records_1980(tuple(range(1980, 2013)), "WBIAU"))
def test_every_record_of_1980_to_2012_can_be_written_back_byte_for_byte(line: str) -> None:
    assert _again("1980-2012", line) == line


@settings(max_examples=60, deadline=None)
@given(records_1980(tuple(range(2013, 2026)), "WBIAPU"))
def test_every_record_since_2013_can_be_written_back_byte_for_byte(line: str) -> None:
    assert _again("1980-2012", line) == line


@settings(max_examples=60, deadline=None)
@given(records_1976())
def test_every_record_of_1976_to_1979_can_be_written_back_byte_for_byte(line: str) -> None:
    assert _again("1976-1979", line) == line


@settings(max_examples=60, deadline=None)
@given(records_1962())
def test_every_record_of_1962_to_1975_can_be_written_back_byte_for_byte(line: str) -> None:
    assert _again("1962-1975", line) == line


@settings(max_examples=60, deadline=None)
@given(records_80())
def test_every_record_of_80_characters_can_be_written_back_byte_for_byte(line: str) -> None:
    assert _again("submission", line) == line


# The table of positions


@pytest.mark.parametrize(("era", "name"), [
    ("1962-1975", "1962-1975"), ("1976-1979", "1976-1979"), ("1980-2012", "1980-2012"), ("2013-", "1980-2012"),
])  # fmt: skip
def test_the_positions_are_those_of_the_record_description(era: str, name: str) -> None:
    table = json.loads(shared("codes/shr_master.json").read_text(encoding="utf-8"))["eras"][era]
    layout = layouts()[name]
    ours = {(at.start + 1, at.stop) for at in layout.fields.values()}
    if layout.victims and layout.offenders:
        for blocks in (layout.victims, layout.offenders):
            first = blocks.slices[0].start
            ours |= {(first + at.start + 1, first + at.stop) for at in blocks.parts.values()}
            ours.add((blocks.slices[1].start + 1, blocks.slices[-1].stop))
    theirs = {tuple(field["pos"]) for field in table["fields"]}
    # 77 to 79 of 1976-1979 stand in no sheet; later layouts have the incident number between the same two fields.
    assert ours - theirs == ({(77, 79)} if era == "1976-1979" else set())
    assert theirs - ours == set()
    assert layout.length == table["lrecl"]


def test_a_line_with_its_blanks_cut_off_is_of_the_layout_of_its_file(tmp_path: Path) -> None:
    # Cut to 101 characters it is as long as a record of 1962 to 1975, which has the year elsewhere.
    whole = record_1980(incident="001")
    path = tmp_path / "a.txt"
    path.write_text("\n".join([whole, whole.replace("001", "002")[:101], record_1962(), ""]))
    found = [item for item in reader_for(path, "shr").read(path, TODAY) if isinstance(item, SourceRow)]
    assert [row.key for row in found] == ["UT00000/1985/07/001/1", "UT00000/1985/07/002/1", "UT00000/1968/07/01/1"]
