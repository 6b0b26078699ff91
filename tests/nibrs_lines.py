"""Invented segments of a NIBRS flat file, put together by position from the FBI's record layouts, and what they say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from shr_records import at
from thaw.intake import Reject, SourceRow, reader_for
from thaw.record import unpack_said

TODAY = date(2026, 11, 20)


def head(
    level: str, length: int, *, action: str = "I", ori: str = "UT0000000", number: str = "INV1"
) -> list[tuple[int, str]]:
    return [(1, f"{length:04}"), (5, level), (6, action), (7, "04"), (9, "2020"), (17, ori), (26, number)]


def admin(*, date: str = "20200314", hour: str = "23", clearance: str = "N", report: str = " ", **more: str) -> str:
    return at(88, *head("1", 88, **more), (38, date), (46, report), (47, hour), (49, clearance))


def offense(code: str = "09A", *, place: str = "20", weapons: str = "85 ", **more: str) -> str:
    return at(63, *head("2", 63, **more), (38, code), (41, "C"), (42, "N"), (45, place), (53, weapons), (62, "88"))


def victim(
    sequence: str = "001", *, codes: str = "09A", age: str = "24", sex: str = "F", race: str = "W",
    circumstances: str = "01", ties: str = "01CH", why: str = " ", **more: str,
) -> str:  # fmt: skip
    return at(
        129, *head("4", 129, **more), (38, sequence), (41, codes), (71, "I"), (72, age), (76, sex), (77, race),
        (78, "N"), (79, "R"), (80, circumstances), (84, why), (85, "I"), (90, ties),
    )  # fmt: skip


def offender(sequence: str = "01", *, age: str = "31", sex: str = "M", **more: str) -> str:
    return at(46, *head("5", 46, **more), (38, sequence), (40, age), (44, sex), (45, "W"), (46, "N"))


def arrestee(**more: str) -> str:
    return at(110, *head("6", 110, **more), (38, "01"), (40, "A1"), (52, "20200401"), (60, "O"), (61, "N"), (62, "09A"))


def arrest(**more: str) -> str:
    return at(
        66, *head("7", 66, action=more.pop("action", "A"), **more), (38, "01"), (40, "20200402"), (48, "O"), (49, "90D")
    )


def zero() -> str:
    return at(43, *head("0", 43, action="A", number="000000000000"), (38, "04"), (40, "2020"))


def killing(**more: str) -> list[str]:
    return [admin(**more), offense(**more), victim(**more), offender(**more)]


def read(folder: Path, *lines: str) -> list[SourceRow | Reject]:
    path = folder / "a.txt"
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="latin-1")
    return list(reader_for(path, "nibrs").read(path, TODAY))


def one(folder: Path, *lines: str) -> SourceRow:
    (row,) = read(folder, *lines)
    assert isinstance(row, SourceRow), row
    return row


def says(row: SourceRow, predicate: str, role: str = "case") -> list[Any]:
    return [unpack_said(dict(p)) for p in row.said[role] if p["p"] == predicate]


def codes(row: SourceRow, predicate: str, role: str = "case") -> list[str]:
    return [said.value.code for said in says(row, predicate, role)]
