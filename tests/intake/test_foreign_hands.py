"""Tables as they come from other hands: spreadsheets, other column orders, other letters, other ways of writing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thaw.intake import Reject, SourceRow, reader_for
from thaw.intake.joining import decode
from thaw.intake.namus_json import json_records
from thaw.intake.person_cells import day_of, height_of, weight_of
from thaw.intake.rows import BadCell, Implausible

TODAY = date(2026, 11, 20)
HEAD = "Case Number,DLC,Last Name,First Name,City,State,Sex"
ROW = "MP1,7/3/84,Example,Ada,Moab,UT,Female"


def read(path: Path, data: str | bytes) -> list[SourceRow | Reject]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    reader = reader_for(path)
    assert reader.name == "namus-missing"
    return list(reader.read(path, TODAY))


def said(row: Any) -> dict[str, Any]:
    return {one["p"]: one.get("v") for one in row.said["person"]}


FORMS = {
    "as it is": f"{HEAD}\n{ROW}\n",
    "Windows line ends and a mark": f"\ufeff{HEAD}\r\n{ROW}\r\n",
    "semicolons": f"{HEAD}\n{ROW}\n".replace(",", ";"),
    "tabs": f"{HEAD}\n{ROW}\n".replace(",", "\t"),
    "a line of a spreadsheet above": f"sep=;\r\n{HEAD}\r\n{ROW}\r\n".replace(",", ";"),
    "blank lines above": f"\n  \n{HEAD}\n{ROW}\n",
    "a comma behind every line": f"{HEAD},\n{ROW},\n",
    "all in quotes": "".join(",".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in (HEAD, ROW)),
    "other order": "Sex,State,City,First Name,Case Number,DLC,Last Name\nFemale,UT,Moab,Ada,MP1,7/3/84,Example\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_says_the_same_in_every_form(tmp_path: Path, form: str) -> None:
    (row,) = read(tmp_path / "a.csv", FORMS[form])
    (plain,) = read(tmp_path / "b.csv", FORMS["as it is"])
    assert isinstance(row, SourceRow)
    assert (row.key, said(row)) == ("MP1", said(plain))
    assert said(row)["last_seen"] == {
        "date": {"from": "1984-07-03", "to": "1984-07-03", "precision": "day", "words": "7/3/84"}
    }


def test_lines_above_the_header_are_counted_so_that_a_reject_names_its_line(tmp_path: Path) -> None:
    (reject,) = read(tmp_path / "a.csv", f"sep=,\n\n{HEAD}\n{ROW.replace('7/3/84', '#####')}\n")
    assert isinstance(reject, Reject)
    assert (reject.row, reject.line, reject.field, reject.got) == (1, 4, "DLC", "'#####'")


@pytest.mark.parametrize(("cell", "day"), [
    ("3-Jul-84", "1984-07-03"), ("03-Jul-1984", "1984-07-03"), ("July 3, 1984", "1984-07-03"),
    ("3 July 1984", "1984-07-03"), ("Sept. 3, 1984", "1984-09-03"), ("1984-07-03 00:00:00", "1984-07-03"),
    ("3-Jul-40", "1940-07-03"),
])  # fmt: skip
def test_dates_as_spreadsheets_write_them_are_read(cell: str, day: str) -> None:
    found = day_of("DLC", cell, TODAY, TODAY)
    assert found is not None
    assert (found.first.isoformat(), found.precision) == (day, "day")


@pytest.mark.parametrize("cell", ["30866", "########", "13/3/84", "2/30/84", "30-Feb-84", "3-Juli-84", "3-Jul-2084"])
def test_a_date_that_is_none_or_could_be_several_is_never_guessed(cell: str) -> None:
    with pytest.raises(BadCell) as bad:
        day_of("DLC", cell, TODAY, TODAY)
    assert bad.value.want == "a date such as 7/3/1984, 7/3/84 or 1984-07-03 that is not in the future"


def test_sizes_that_are_said_twice_count_once_and_a_dash_for_feet_is_not_guessed() -> None:
    # 64 inches x 2.54 = 162.56 cm, 66 x 2.54 = 167.64 cm; 150 lb x 0.45359237 = 68.04 kg.
    both = height_of("height", "5' 4\" - 5' 6\" (64-66 Inches)")
    assert both is not None
    assert (both.low, both.high) == (162.6, 167.6)
    weight = weight_of("weight", "150 lbs (68 kg)")
    assert weight is not None
    assert (weight.low, weight.high) == (68, 68)
    with pytest.raises(Implausible) as kept:
        height_of("height", "5-10")
    assert (kept.value.got, kept.value.want) == (
        "5-10", "a height such as 70, 5'10\", 5 ft 10 in or 178 cm, not feet and inches with a dash"
    )  # fmt: skip


@pytest.mark.parametrize(("data", "text"), [
    (b"O\x92Neil \x96 moved", "O\u2019Neil \u2013 moved"),  # Windows-1252, table of the Unicode Consortium
    (b"caf\xe9", "caf\u00e9"),
    ("caf\u00e9".encode(), "caf\u00e9"),
    (b"\x8d\x92", "\x8d\x92"),  # 8D is nothing in Windows-1252
])  # fmt: skip
def test_a_line_that_is_no_utf_8_is_read_as_a_spreadsheet_on_windows_wrote_it(data: bytes, text: str) -> None:
    assert decode(data + b"\r\n") == text


@pytest.mark.parametrize("depth", [50, 400, 900, 990, 2_000, 100_000])
def test_brackets_without_end_are_read_or_set_aside(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"idFormatted": "UP1", "a": ' + "[" * depth + "]" * depth + "}]")
    (one,) = reader_for(path, "namus-unidentified").read(path, TODAY)
    assert isinstance(one, Reject) or one.key == "UP1"


def test_records_of_json_stay_whole_across_blocks_whatever_stands_between(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    records = [f'{{"idFormatted": "UP{i}", "words": "{"x" * (i % 977)}"}}' for i in range(2_000)]
    path.write_text("[" + " ,\n\n ".join(records) + " ,]\n")
    found = list(json_records(path))
    assert [one["idFormatted"] for one in found if not isinstance(one, Reject)] == [f"UP{i}" for i in range(2_000)]
    assert len(found) == 2_000


@pytest.mark.parametrize("escape", ["\\u0000", "\\u001e", "\\u007f", "\\ud800", "\\b", "\\f"])
def test_a_sign_that_is_no_text_is_found_behind_its_escape(tmp_path: Path, escape: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(f'{{"idFormatted": "UP1", "a": "x{escape}y"}}\n{{"idFormatted": "UP2", "a": "x\\\\b"}}')
    reject, row = json_records(path)
    assert isinstance(reject, Reject)
    assert (reject.row, reject.field, reject.want) == (1, "record", "letters and signs")
    assert not isinstance(row, Reject)
    assert row["a"] == "x\\b"
