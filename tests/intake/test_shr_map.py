"""Reader `shr-map`: number of rows, number of rejects, one whole row; every wrong cell with its words."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from books import CODED, WORDED, csv_file, line, line_file, parquet_file, row, rows
from shared_files import shared
from thaw.data import data_path
from thaw.errors import InputError
from thaw.intake import Reject, SourceRow, reader_for
from thaw.record import Place, unpack_said

TODAY = date(2026, 11, 20)


def read(path: Path) -> list[SourceRow | Reject]:
    return list(reader_for(path).read(path, TODAY))


def split(items: Iterable[SourceRow | Reject]) -> tuple[list[SourceRow], list[Reject]]:
    listed = list(items)
    return [i for i in listed if isinstance(i, SourceRow)], [i for i in listed if isinstance(i, Reject)]


def only_reject(path: Path) -> Reject:
    found, rejects = split(read(path))
    assert not found
    (reject,) = rejects
    return reject


def test_a_coded_row_is_read_whole(tmp_path: Path) -> None:
    (found,) = read(line_file(tmp_path / "a.csv", line()))
    assert isinstance(found, SourceRow)
    assert (found.row, found.line, found.key, found.said_by) == (1, 2, "1", "Invented City")
    assert found.incident_key == "shr:UT00000/1985/7/1"
    assert found.raw == line()
    assert found.said == {
        "case": [
            {"p": "date", "v": {"date": {"from": "1985-07-01", "to": "1985-07-31", "precision": "month"}}},
            {
                "p": "place",
                "v": {"place": {"name": "Salt Lake, UT", "state": "UT", "county_fips": "49035", "role": "report"}},
            },
            {"p": "weapon", "v": {"code": "80", "list": "shr.weapon"}},
            {"p": "circumstance", "v": {"code": "99", "list": "shr.circumstance"}},
            {"p": "situation", "v": {"code": "B", "list": "shr.situation"}},
            {"p": "relationship", "v": {"code": "UN", "list": "shr.relationship"}},
            {
                "p": "homicide_type",
                "v": {"code": "A", "list": "shr.homicide_type"},
                "w": "Murder and non-negligent manslaughter",
            },
            {"p": "offender_known", "n": "denied"},
            {"p": "agency", "v": {"text": "UT00000"}},
            {"p": "agency_name", "v": {"text": "Invented City"}},
            {"p": "agency_type", "v": {"text": "Municipal police"}},
            {"p": "incident_number", "v": {"text": "1"}},
            {"p": "reported_solved", "v": {"text": "No"}},
        ],
        "victim": [
            {"p": "sex", "v": {"code": "F", "list": "shr.sex"}, "w": "Female"},
            {"p": "age", "v": {"low": 24, "high": 24, "unit": "years"}},
            {"p": "race", "v": {"code": "W", "list": "shr.race"}},
            {"p": "ethnicity", "v": {"code": "N", "list": "shr.ethnicity"}},
        ],
        "offender": [{"p": "sex", "w": "Unknown", "n": "unknown"}, {"p": "age", "w": "999", "n": "unknown"}],
    }


def test_the_words_of_the_original_table_mean_the_same_codes(tmp_path: Path) -> None:
    (found,) = read(csv_file(tmp_path / "words.csv", [WORDED]))
    (coded,) = read(line_file(tmp_path / "codes.csv", line()))
    assert isinstance(found, SourceRow)
    assert isinstance(coded, SourceRow)
    assert (found.key, found.incident_key) == ("198507001UT00000", "shr:UT00000/1985/July/1")
    values = [(role, said["p"], said.get("v"), said.get("n")) for role, s in found.said.items() for said in s]
    wanted = [(role, said["p"], said.get("v"), said.get("n")) for role, s in coded.said.items() for said in s]
    assert values == wanted


def test_the_suspects_race_stands_in_no_statement(tmp_path: Path) -> None:
    cells = {**WORDED, "OffRace": "White", "OffEthnic": "Hispanic origin", "VicRace": "Black"}
    (found,) = read(csv_file(tmp_path / "a.csv", [cells]))
    assert isinstance(found, SourceRow)
    assert [said["p"] for said in found.said["offender"]] == ["sex", "age"]
    said = json.dumps(found.said)
    assert "White" not in said
    assert '"Hispanic origin"' not in said
    assert "White" in str(found.raw)


@pytest.mark.slow
def test_the_bundled_sample_is_read_to_the_last_row() -> None:
    found, rejects = split(read(data_path("sample/shr_west8_1976_2018.parquet")))
    assert (len(found), rejects) == (41_423, [])
    assert len({r.key for r in found}) == 41_423
    assert sum(len(said) for r in found for said in r.said.values()) > 15 * 41_423
    unknown = [r for r in found for said in r.said["case"] if said == {"p": "offender_known", "n": "denied"}]
    assert len(unknown) == 9_555


def test_the_national_sample_is_read_to_the_last_row(tmp_path: Path) -> None:
    packed = shared("data/shr/shr_map_national_solved_sample_5831.csv.gz")
    path = tmp_path / "national.csv"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    found, rejects = split(read(path))
    assert (len(found), rejects) == (5_831, [])
    first = found[0]
    assert (first.row, first.line, first.key, first.incident_key) == (1, 2, None, None)
    assert {said["p"] for said in first.said["case"]} == {
        "date", "place", "weapon", "circumstance", "relationship", "homicide_type", "offender_known",
        "agency_name", "agency_type", "reported_solved",
    }  # fmt: skip


def test_the_same_table_as_csv_and_as_parquet_gives_the_same_rows(tmp_path: Path) -> None:
    table = [*rows(9), row(10, vic_age="", agency='Invented "Old" Town, North', fip="4013", state_abbr="AZ")]
    from_csv, _ = split(read(csv_file(tmp_path / "a.csv", table)))
    from_parquet, _ = split(read(parquet_file(tmp_path / "a.parquet", table)))
    assert len(from_csv) == 10
    for one, other in zip(from_csv, from_parquet, strict=True):
        assert (one.key, one.text, one.said, one.incident_key) == (
            other.key,
            other.text,
            other.said,
            other.incident_key,
        )


WEAPONS = "11, 12, 13, 14, 15, 20, 30, 35, 40, 50, 55, 60, 65, 70, 75, 80, 85, 90"
AGES = "an age from 0 to 99, a range such as 18-21 or 65+, or 999 for unknown"
WRONG = [
    ("month", "13", "month", "'13'", "a month from 1 to 12 or its name"),
    ("month", "Juli", "month", "'Juli'", "a month from 1 to 12 or its name"),
    ("month", "²", "month", "'²'", "a month from 1 to 12 or its name"),
    ("month", "", "month", "''", "a month from 1 to 12 or its name"),
    ("year", "2027", "year", "'2027'", "a year from 1900 to 2026"),
    ("year", "1899", "year", "'1899'", "a year from 1900 to 2026"),
    ("year", "85", "year", "'85'", "a year from 1900 to 2026"),
    ("year", "١٩٨٥", "year", "'١٩٨٥'", "a year from 1900 to 2026"),
    ("vic_age", "1O4", "vic_age", "'1O4'", AGES),
    ("vic_age", "twelve", "vic_age", "'twelve'", AGES),
    ("vic_age", "-1", "vic_age", "'-1'", AGES),
    ("vic_age", "30-20", "vic_age", "'30-20'", AGES),
    ("off_age", "100", "off_age", "'100'", AGES),
    ("fip", "4903X", "fip", "'4903X'", "five digits, or the name of a county"),
    ("fip", "49035.0", "fip", "'49035.0'", "five digits, or the name of a county"),
    ("fip", "²²²²²", "fip", "'²²²²²'", "five digits, or the name of a county"),
    ("fip", "490351", "fip", "'490351'", "five digits, or the name of a county"),
    ("state_abbr", "ZZ", "state_abbr", "'ZZ'", "a state of the United States or its two letters"),
    ("state_abbr", "", "state_abbr", "''", "a state of the United States or its two letters"),
    ("weapon_code", "99", "weapon_code", "'99'", f"one of {WEAPONS}"),
    ("weapon_code", "banana", "weapon_code", "'banana'", f"one of {WEAPONS}"),
    ("situation_code", "Z", "situation_code", "'Z'", "one of A, B, C, D, E, F"),
    ("circumstance_code", "98", "circumstance_code", "'98'", None),
    ("relationship_code", "QQ", "relationship_code", "'QQ'", None),
    ("homicide_type", "Z", "homicide_type", "'Z'", "one of A, B"),
    ("vic_sex", "X", "vic_sex", "'X'", "one of F, M, U"),
    ("off_sex", "X", "off_sex", "'X'", "one of F, M, U"),
    ("vic_race_code", "Z", "vic_race_code", "'Z'", "one of A, B, C, I, J, N, O, P, U, W"),
    ("vic_ethnic_code", "Z", "vic_ethnic_code", "'Z'", "one of H, N, U"),
]


@pytest.mark.parametrize(("column", "cell", "field", "got", "want"), WRONG)
def test_a_wrong_cell_makes_its_row_a_reject(
    tmp_path: Path, column: str, cell: str, field: str, got: str, want: str | None
) -> None:
    path = line_file(tmp_path / "a.csv", line(**{column: cell}))
    reject = only_reject(path)
    assert (reject.row, reject.line, reject.field, reject.got) == (1, 2, field, got)
    assert reject.raw == path.read_text(encoding="utf-8").splitlines()[1]
    assert reject.key == "1"
    assert want is None or reject.want == want
    assert reject.want


def test_this_month_is_read_and_the_next_is_in_the_future(tmp_path: Path) -> None:
    path = line_file(tmp_path / "a.csv", line(1, year=2026, month=11), line(2, year=2026, month=12))
    found, (reject,) = split(read(path))
    assert [r.key for r in found] == ["1"]
    assert (reject.line, reject.field, reject.got) == (3, "month", "2026-12")
    assert reject.want == "a month that is not in the future"


@pytest.mark.parametrize(
    ("cell", "low", "high", "words"), [("0", 0, 0, None), ("18-21", 18, 21, None), ("65+", 65, 99, "65+")]
)
def test_an_age_may_be_a_range(tmp_path: Path, cell: str, low: int, high: int, words: str | None) -> None:
    (found,) = read(line_file(tmp_path / "a.csv", line(vic_age=cell)))
    assert isinstance(found, SourceRow)
    (age,) = [said for said in found.said["victim"] if said["p"] == "age"]
    assert (age["v"], age.get("w")) == ({"low": low, "high": high, "unit": "years"}, words)


def test_a_county_code_that_lost_its_zero_gets_it_back(tmp_path: Path) -> None:
    (found,) = read(line_file(tmp_path / "a.csv", line(fip="4013", state_abbr="AZ", cnty_name="Maricopa, AZ")))
    assert isinstance(found, SourceRow)
    assert found.said["case"][1]["v"]["place"]["county_fips"] == "04013"


def test_an_unknown_county_name_is_kept_without_a_code(tmp_path: Path) -> None:
    (found,) = read(line_file(tmp_path / "a.csv", line(fip="", cnty_name="Nowhere, UT")))
    assert isinstance(found, SourceRow)
    assert found.said["case"][1]["v"]["place"] == {"name": "Nowhere, UT", "state": "UT", "role": "report"}


@pytest.mark.parametrize(
    ("sex", "situation", "polarity"),
    [("Unknown", "A", "denied"), ("Male", "A", None), ("Male", "B", "denied"), ("Female", "F", "denied")],
)
def test_offender_known_is_no_when_sex_or_situation_says_unknown(
    tmp_path: Path, sex: str, situation: str, polarity: str | None
) -> None:
    (found,) = read(line_file(tmp_path / "a.csv", line(off_sex=sex, situation_code=situation)))
    assert isinstance(found, SourceRow)
    (known,) = [said for said in found.said["case"] if said["p"] == "offender_known"]
    assert known.get("n") == polarity


def test_an_empty_offender_sex_says_nothing_about_the_offender(tmp_path: Path) -> None:
    (found,) = read(line_file(tmp_path / "a.csv", line(off_sex="", off_age="")))
    assert isinstance(found, SourceRow)
    assert found.said["offender"] == []
    assert "offender_known" not in [said["p"] for said in found.said["case"]]


def test_rows_of_one_incident_share_its_key(tmp_path: Path) -> None:
    path = line_file(tmp_path / "a.csv", line(1, incident_num=7), line(2, incident_num=7), line(3, incident_num=8))
    found, _ = split(read(path))
    assert [r.incident_key for r in found] == [
        "shr:UT00000/1985/7/7",
        "shr:UT00000/1985/7/7",
        "shr:UT00000/1985/7/8",
    ]


def test_a_row_without_agency_tells_no_incident(tmp_path: Path) -> None:
    (found,) = read(line_file(tmp_path / "a.csv", line(ori="")))
    assert isinstance(found, SourceRow)
    assert found.incident_key is None


def test_a_table_of_another_kind_is_refused_by_the_reader_itself(tmp_path: Path) -> None:
    good = line_file(tmp_path / "a.csv", line())
    bad = tmp_path / "b.csv"
    bad.write_text("name,color\nx,y\n")
    with pytest.raises(InputError) as caught:
        list(reader_for(good).read(bad, TODAY))
    assert str(caught.value) == (
        f"{bad}: got columns name, color, want the columns of shr-map (docs/reference/formats.md). "
        "Check the file, or name another format with --format."
    )


def test_column_names_are_known_in_any_case_and_order(tmp_path: Path) -> None:
    shuffled = dict(sorted((name.upper(), cell) for name, cell in CODED.items()))
    (found,) = read(csv_file(tmp_path / "a.csv", [shuffled]))
    (wanted,) = read(line_file(tmp_path / "b.csv", line()))
    assert isinstance(found, SourceRow)
    assert isinstance(wanted, SourceRow)
    assert found.said == wanted.said


def test_a_county_number_that_no_list_has_is_an_unknown_county_and_said_so(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [row(1, fip="99999")])
    (found,) = list(reader_for(path).read(path, TODAY))
    assert isinstance(found, SourceRow)
    (place,) = [unpack_said(dict(p)) for p in found.said["case"] if p["p"] == "place"]
    assert place.value == Place(name="Salt Lake, UT", state="UT", role="report")
    assert place.words == "county number 99999"
    assert found.doubts == ("county: unknown, since no list of counties has its number, which is kept in words",)
