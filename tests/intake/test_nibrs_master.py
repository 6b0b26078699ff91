"""The NIBRS master file, put together by position from the record description of the FBI, and window segments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nibrs_lines import codes, head, killing, one, read, says, zero
from shr_records import at
from thaw.intake import Reject, SourceRow, reader_for
from thaw.record import Quantity

_ORI = "UT0180100"


def line(level: str, *cells: tuple[int, str], number: str = "INV1", day: str = "19951218", ori: str = _ORI) -> str:
    return at(132, (1, level), (3, "43"), (5, ori), (14, number), (26, day), *cells)


def agency(*counties: str, city: str = "MURRAY") -> str:
    fips = [(270 + 3 * i, county) for i, county in enumerate(counties)]
    whole = [(1, "BH"), (3, "43"), (5, _ORI), (14, "0" * 12), (42, city), (72, "UT"), (230, "1995")]
    return at(284, *whole, *fips)


def in_three(county: str) -> list[str]:
    """The same agency in the three records of a file whose records have 132 characters."""
    none = {"number": "0" * 12, "day": ""}
    return [
        line("B1", (42, "MURRAY"), (72, "UT"), **none),
        line("B2", **none),
        line("B3", (54, "1995"), (94, county), **none),
    ]


def victim(sequence: str = "001", age: str = "34", sex: str = "F") -> str:
    person = [(67, "I"), (68, age), (70, sex), (71, "B"), (72, "N"), (73, "R"), (74, "01"), (76, "06"), (79, "G")]
    return line("04", (34, sequence), (37, "09A"), *person, (84, "01"), (86, "CH"))


def killed(*victims: str) -> list[str]:
    return [
        line("01", (35, "22"), (37, "01"), (50, "A"), (51, "19960102")),
        line("02", (34, "09A"), (37, "C"), (41, "20"), (46, "G"), (49, "12"), (52, "20"), (58, "88")),
        line("03", (34, "7"), (35, "20")),
        *(victims or [victim()]),
        line("05", (34, "01"), (36, "40"), (38, "M"), (39, "W")),
        line("06", (34, "01"), (36, "A1"), (48, "19960101"), (56, "T"), (57, "N"), (58, "09A")),
    ]


@pytest.mark.parametrize("headers", [[agency("035", "000")], in_three("035")])
def test_a_killing_of_the_master_file_statements_lines_and_one_case_whole(tmp_path: Path, headers: list[str]) -> None:
    *known, row = read(tmp_path, *headers, *killed())
    assert [type(found) for found in known] == [SourceRow] * len(headers)
    assert isinstance(row, SourceRow)
    first = len(headers) + 1
    assert (row.key, row.incident_key, row.lines) == (
        f"{_ORI}/INV1/001", f"nibrs:{_ORI}/INV1", tuple(range(first, first + 6))
    )  # fmt: skip
    # 12 of the incident, 10 of the killing (two weapons, two circumstances), 2 of who is known.
    assert {role: len(said) for role, said in row.said.items()} == {"case": 24, "victim": 5, "offender": 2}
    assert says(row, "date")[0].value.to_json() == {"from": "1995-12-18", "to": "1995-12-18", "precision": "day"}
    assert says(row, "place")[0].value.to_json() == {
        "name": "Murray, UT", "state": "UT", "county_fips": "49035", "role": "report"
    }  # fmt: skip
    assert says(row, "agency_name")[0].value.text == "MURRAY"
    assert (codes(row, "nibrs_weapon"), codes(row, "location_type")) == (["12", "20"], ["20"])
    assert (codes(row, "nibrs_circumstance"), codes(row, "exceptional_clearance")) == (["01", "06"], ["A"])
    assert (codes(row, "nibrs_relationship"), codes(row, "relationship")) == (["CH"], ["DA"])
    assert says(row, "cleared_by_arrest")[0].polarity == "asserted"
    assert says(row, "age", "victim")[0].value == Quantity(34, 34, "years")
    assert (codes(row, "sex", "victim"), codes(row, "sex", "offender")) == (["F"], ["M"])


def test_an_agency_of_several_counties_gives_the_town_alone(tmp_path: Path) -> None:
    _, row = read(tmp_path, agency("035", "049"), *killed())
    assert isinstance(row, SourceRow)
    assert says(row, "place")[0].value.to_json() == {"name": "Murray, UT", "state": "UT", "role": "report"}


def test_each_victim_is_a_case_and_blanks_at_the_end_of_lines_may_be_cut_off(tmp_path: Path) -> None:
    lines = [found.rstrip() for found in killed(victim("001"), victim("002", sex="M"), victim("003", age="NB"))]
    row = one(tmp_path, *lines)
    assert [part.key for part in (row, *row.more)] == [f"{_ORI}/INV1/00{n}" for n in (1, 2, 3)]
    # Without its agency the state is all that is known of the place.
    assert says(row, "place")[0].value.to_json() == {"name": "Utah", "state": "UT", "role": "report"}


def test_a_spoilt_line_of_a_master_file_is_a_reject_in_the_words_of_its_layout(tmp_path: Path) -> None:
    whole = killed()
    levels = "a level of a master file: BH, B1, B2, B3, 01, 02, 03, 04, 05, 06, 07, W1, W3, W6"
    spoilt = [
        (f"99{whole[0][2:]}", "level", "'99'", levels),
        (f"01XX{whole[0][4:]}", "state", "'XX'", "the two digits of a state"),
        (f"0143ut{whole[0][6:]}", "ori", "'ut0180100'", "an agency number of nine letters and digits"),
        (line("01", number=""), "number", "'            '", "the number of an incident or arrest"),
    ]
    found = read(tmp_path, *whole, *(text for text, *_ in spoilt))
    assert [(r.line, r.field, r.got, r.want, r.raw) for r in found if isinstance(r, Reject)] == [
        (6 + n, field, got, want, text) for n, (text, field, got, want) in enumerate(spoilt, 1)
    ]
    assert len(found) == 5


def test_both_layouts_in_one_file_are_told_apart(tmp_path: Path) -> None:
    rows = read(tmp_path, *killed(), *killing(), zero(), *killed())
    assert [getattr(row, "key", None) for row in rows] == [
        f"{_ORI}/INV1/001", "UT0000000/INV1/001", "none/UT0000000/042020", f"{_ORI}/INV1/001"
    ]  # fmt: skip


def test_a_group_b_arrest_of_the_master_file_is_an_incident_of_its_own(tmp_path: Path) -> None:
    row = one(tmp_path, line("07", (34, "01"), (40, "O"), (41, "90D"), (50, "30"), (52, "M"), number="ARR7"))
    assert (row.key, codes(row, "offense", "incident")) == (f"arrest/{_ORI}/ARR7/01", ["90D"])


def test_the_master_file_is_found_by_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n".join([agency("035"), *killed(), ""]))
    assert reader_for(path).name == "nibrs"


@pytest.mark.parametrize(("text", "key", "offenses", "day", "words"), [
    (line("W1", (50, "A"), (59, "09A120"), day="19850704"), "1", ["09A", "120"], "1985-07-04", None),
    (line("W3", (34, "5"), (35, "18"), (103, "240"), day="19850704"), "3/18/19850704", ["240"], "1985-07-04", None),
    (line("W6", (34, "01"), (48, "19951201"), (58, "120"), (75, "09A"), day="19850704"), "6/01", ["09A"], "1985-07-04",
     None),
    (line("W6", (34, "01"), (48, "19951201"), (58, "09A"), day=""), "6/01", ["09A"], "1995-12-01",
     "the date of the arrest"),
])  # fmt: skip
def test_a_window_segment_is_an_incident_from_before_nibrs(
    tmp_path: Path, text: str, key: str, offenses: list[str], day: str, words: str | None
) -> None:
    row = one(tmp_path, text)
    assert (row.key, row.incident_key) == (f"window/{_ORI}/INV1/{key}", f"nibrs:window/{_ORI}/INV1/{key}")
    assert (list(row.said), codes(row, "offense", "incident")) == (["incident"], offenses)
    (told,) = says(row, "date", "incident")
    assert (told.value.first.isoformat(), told.words) == (day, words)
    assert bool(says(row, "cleared_by_arrest", "incident")) == (key[0] == "6")


@pytest.mark.parametrize(("cells", "level", "key", "offenses", "words"), [
    ([(38, "19850704"), (49, "A"), (58, "09A")], "1", "1", ["09A"], None),
    ([(38, "5"), (39, "18"), (50, "19850704"), (278, "240")], "3", "3/18/19850704", ["240"],
     "the date on which property was recovered"),
    ([(38, "01"), (40, "A1"), (52, "19850704"), (62, "120"), (81, "09A09B")], "6", "6/01", ["09A", "09B"],
     "the date of the arrest"),
])  # fmt: skip
def test_a_window_segment_of_a_submission_is_one_too(
    tmp_path: Path, cells: list[tuple[int, str]], level: str, key: str, offenses: list[str], words: str | None
) -> None:
    row = one(tmp_path, at(307, *head(level, 307, action="W"), *cells))
    assert (row.key, codes(row, "offense", "incident")) == (f"window/UT0000000/INV1/{key}", offenses)
    (told,) = says(row, "date", "incident")
    assert (told.value.first, told.words) == (date(1985, 7, 4), words)


def test_a_window_segment_without_any_date_is_a_reject(tmp_path: Path) -> None:
    (reject,) = read(tmp_path, line("W1", (50, "A"), (59, "09A"), day=""))
    assert isinstance(reject, Reject)
    assert (reject.field, reject.got, reject.want) == ("date", "''", "a day as YYYYMMDD, up to 2026-11-20")


def test_a_window_segment_of_any_other_level_is_a_reject(tmp_path: Path) -> None:
    (reject,) = read(tmp_path, at(129, *head("4", 129, action="W")))
    assert isinstance(reject, Reject)
    assert (reject.field, reject.got) == ("action", "'W'")
