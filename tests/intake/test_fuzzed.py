"""Spoilt files of every format: no row is lost, none counted twice, and nothing but a refusal of the file is raised."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books import csv_file, missing_file, rows
from nibrs_lines import arrest, killing, zero
from shr_records import record_80, record_1962, record_1976, record_1980
from thaw.errors import InputError
from thaw.intake import SourceRow, reader_for
from thaw.intake.joining import decode

TODAY = date(2026, 11, 20)


def _lines(*lines: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_text("".join(f"{line}\n" for line in lines))
        return path

    return write


def _person(number: int) -> str:
    return f'"MP{number}","7/3/84","Example","Ada","24 Years","Moab","Grand","UT","Female","Asian","1/9/24"'


def _body(number: int) -> dict[str, object]:
    return {"idFormatted": f"UP{number}", "circumstances": {"dateFound": "2001-02-03"}, "more": [{"a": 1}, {"b": None}]}


def _report(number: int) -> str:
    return (
        "<Report><NIBRSReportCategoryCode>GROUP A INCIDENT REPORT</NIBRSReportCategoryCode><ReportActionCategoryCode>I"
        "</ReportActionCategoryCode><ReportHeader><ReportingAgency><IdentificationID>UT0000000</IdentificationID>"
        f"</ReportingAgency></ReportHeader><Incident><ActivityIdentification><IdentificationID>INV{number}"
        "</IdentificationID></ActivityIdentification><ActivityDate><Date>2020-03-14</Date></ActivityDate></Incident>"
        '<Offense id="O1"><OffenseUCRCode>09A</OffenseUCRCode></Offense></Report>'
    )


WAPO = "uid,reported_date,victim_last,victim_first,victim_race,victim_age,victim_sex,city,state,lat,lon,disposition"
FILES: dict[str, Callable[[Path], Path]] = {
    "shr-map": lambda path: csv_file(path, rows(6)),
    "shr": _lines(*(record_1980(incident=f"{i:03}") for i in range(1, 5)), record_1976(), record_1962(), record_80()),
    "nibrs": _lines(*killing(), *killing(number="INV2"), zero(), arrest()),
    "namus-missing": lambda path: missing_file(path, *map(_person, range(1, 7))),
    "namus-unidentified": _lines(json.dumps([_body(i) for i in range(1, 7)])),
    "nibrs-xml": _lines('<Submission xmlns="nibrs">', *map(_report, range(1, 5)), "</Submission>"),
    "csv": _lines(WAPO, *(f"I{i},20150110,A,B,White,29,Female,Tulsa,OK,36.1,-95.9,Open" for i in range(6))),
}


@pytest.mark.parametrize("format_name", sorted(FILES))
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_row_of_a_spoilt_file_is_read_or_set_aside_once(
    tmp_path_factory: pytest.TempPathFactory, format_name: str, seed: int
) -> None:
    draw = random.Random(seed)
    path = FILES[format_name](tmp_path_factory.mktemp("f") / "a.txt")
    data = bytearray(path.read_bytes())
    for _ in range(draw.randint(1, 12)):
        at = draw.randrange(len(data))
        match draw.randrange(4):
            case 0:
                data[at] = draw.randrange(256)
            case 1:
                del data[at : at + draw.randint(1, 40)]
            case 2:
                data[at:at] = bytes(draw.randrange(256) for _ in range(draw.randint(1, 5)))
            case 3:
                data[at:at] = data[max(0, at - 30) : at]
        if not data:
            data = bytearray(b"x")
    path.write_bytes(bytes(data))
    try:
        items = list(reader_for(path, format_name).read(path, TODAY))
    except InputError:
        return  # the file as a whole is refused, with a message
    numbers = []
    for item in items:
        # The lines of an incident are one item; the rows of its lines are those that no reject has taken.
        count = len(item.lines) or 1 if isinstance(item, SourceRow) else 1
        numbers.append(count)
        assert item.row >= 1
    if format_name == "nibrs":
        # A stray carriage return ends a line too, as in tables.
        told = [line for line in re.split(rb"\r*\n|\r", bytes(data)) if decode(line).strip()]
        assert sum(numbers) == len(told)
    else:
        assert [item.row for item in items] == list(range(1, len(items) + 1))
