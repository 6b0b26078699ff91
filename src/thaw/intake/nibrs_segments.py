"""Segments of a NIBRS flat file: positions of the fields of each level, and the check of a line's frame."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from thaw.data import read_toml

from .rows import BadCell

_FILE = "formats/nibrs_segments.toml"
_ACTIONS = {"0": "A", "7": "ADM"}
_GROUP_A_ACTIONS = "IMDAW"


@dataclass(frozen=True, slots=True)
class Segment:
    """One line: its level (0 to 7), action (I incident, D delete, A add, M modify), agency, number, and the line."""

    level: str
    action: str
    ori: str
    number: str
    month: str
    year: str
    text: str

    def cell(self, name: str) -> str:
        """A field of this level, without the blanks behind it; '' where the line ends before it."""
        return self.text[fields_of(self.level)[name]].rstrip()

    def cells(self, name: str) -> list[str]:
        """A field that occurs several times, without those that are blank."""
        return [cell for at in repeated(self.level)[name] if (cell := self.text[at].rstrip())]


@cache
def fields_of(level: str) -> Mapping[str, slice]:
    """Name -> slice of the fields of a level that occur once."""
    table = read_toml(_FILE)
    found = {**table["header"], **table["levels"][level]["fields"]}
    return {name: slice(first - 1, last) for name, (first, last) in found.items()}


@cache
def repeated(level: str) -> Mapping[str, tuple[slice, ...]]:
    """Name -> slices of the fields of a level that occur several times: first position, width, step, times."""
    found = read_toml(_FILE)["levels"][level].get("repeated", {})
    return {
        name: tuple(slice(first - 1 + step * i, first - 1 + step * i + width) for i in range(times))
        for name, (first, width, step, times) in found.items()
    }


def segment_of(line: str) -> Segment:
    """The frame of a line. Raises BadCell for a length, level, action or agency that cannot be."""
    text = line.rstrip(" ")
    if not re.fullmatch(r"[0-9]{4}", text[:4]):
        raise BadCell("length", repr(text[:4]), "four digits, the length of the record")
    level, action = text[4:5], text[5:6]
    if level not in read_toml(_FILE)["levels"]:
        raise BadCell("level", repr(level), "a level from 0 to 7")
    able = _ACTIONS.get(level, _GROUP_A_ACTIONS)
    if action not in able or not action:
        raise BadCell("action", repr(action), "one of " + ", ".join(able))
    declared = int(text[:4])
    if len(text) > declared:
        raise BadCell("length", f"{len(text)} characters", f"at most the {declared} that the record states")
    segment = Segment(level, action, text[16:25].strip(), text[25:37].strip(), text[6:8], text[8:12], line)
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{7}", segment.ori):
        raise BadCell("ori", repr(text[16:25]), "an agency number of nine letters and digits")
    if not segment.number:
        raise BadCell("number", repr(text[25:37]), "the number of an incident or arrest")
    month = segment.month
    if month.strip() and not (month.isdigit() and 0 <= int(month) <= 12):
        raise BadCell("month", repr(month), "a month from 01 to 12")
    return segment
