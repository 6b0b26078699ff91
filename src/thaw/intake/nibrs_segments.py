"""Segments of a NIBRS flat file: positions of the fields of each level, and the check of a line's frame.

There are two layouts: what agencies send in (submission), and what the FBI gives out (master), whose levels have two
characters and whose agencies stand in records of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from thaw.data import read_toml

from .rows import BadCell

SUBMISSION, MASTER = "submission", "master"
_FILE = "formats/nibrs_segments.toml"
_ACTIONS = {"0": "A", "7": "ADM"}
_GROUP_A_ACTIONS = "IMDAW"
_MASTER_LEVELS = ("BH", "B1", "B2", "B3", "01", "02", "03", "04", "05", "06", "07", "W1", "W3", "W6")
# No line of a submission begins so: its fifth character is a level, a digit.
_OF_MASTER = re.compile("(?:" + "|".join(_MASTER_LEVELS) + ")[0-9]{2}[A-Z]{2}[A-Z0-9]{5}")
_ORI = re.compile(r"[A-Z]{2}[A-Z0-9]{7}")


@dataclass(frozen=True, slots=True)
class Segment:
    """One line: its level (0 to 7, in a master file BH and B1 to B3 too), action, agency, number, and the line.

    action  I incident, D delete, A add, M modify, W window: of an incident from before NIBRS
    """

    level: str
    action: str
    ori: str
    number: str
    month: str
    year: str
    text: str
    layout: str = SUBMISSION

    def cell(self, name: str) -> str:
        """A field of this level, without the blanks behind it; '' where the line ends before it or has none such."""
        at = fields_of(self.layout, self.level).get(name)
        return self.text[at].rstrip() if at is not None else ""

    def cells(self, name: str) -> list[str]:
        """A field that occurs several times, without those that are blank."""
        places = repeated(self.layout, self.level).get(name, ())
        return [cell for at in places if (cell := self.text[at].rstrip())]


def _table(layout: str) -> Mapping[str, Any]:
    table = read_toml(_FILE)
    found: Mapping[str, Any] = table[MASTER] if layout == MASTER else table
    return found


@cache
def fields_of(layout: str, level: str) -> Mapping[str, slice]:
    """Name -> slice of the fields of a level that occur once."""
    table = _table(layout)
    found = {**table["header"], **table["levels"][level].get("fields", {})}
    return {name: slice(first - 1, last) for name, (first, last) in found.items()}


@cache
def repeated(layout: str, level: str) -> Mapping[str, tuple[slice, ...]]:
    """Name -> slices of the fields of a level that occur several times: first position, width, step, times."""
    found = _table(layout)["levels"][level].get("repeated", {})
    return {
        name: tuple(slice(first - 1 + step * i, first - 1 + step * i + width) for i in range(times))
        for name, (first, width, step, times) in found.items()
    }


def is_of_master(line: str) -> bool:
    """True for level, number of the state and agency in the places of a master file, right or wrong."""
    return _OF_MASTER.match(line) is not None


def master_segment_of(line: str) -> Segment:
    """The frame of a line of a master file. Raises BadCell for a level, state, agency or number that cannot be."""
    level, state, ori, number = line[:2], line[2:4], line[4:13].strip(), line[13:25].strip()
    if level not in _MASTER_LEVELS:
        raise BadCell("level", repr(level), "a level of a master file: " + ", ".join(_MASTER_LEVELS))
    if not re.fullmatch(r"[0-9]{2}", state):
        raise BadCell("state", repr(state), "the two digits of a state")
    if not _ORI.fullmatch(ori):
        raise BadCell("ori", repr(line[4:13]), "an agency number of nine letters and digits")
    if not number:
        raise BadCell("number", repr(line[13:25]), "the number of an incident or arrest")
    if level[0] == "B":
        return Segment(level, "I", ori, number, "", "", line, MASTER)
    action = "W" if level[0] == "W" else "I"
    return Segment(level[1], action, ori, number, line[29:31], line[25:29], line, MASTER)


def segment_of(line: str) -> Segment:
    """The frame of a line of a submission. Raises BadCell for a length, level, action or agency that cannot be."""
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
    if not _ORI.fullmatch(segment.ori):
        raise BadCell("ori", repr(text[16:25]), "an agency number of nine letters and digits")
    if not segment.number:
        raise BadCell("number", repr(text[25:37]), "the number of an incident or arrest")
    month = segment.month
    if month.strip() and not (month.isdigit() and 0 <= int(month) <= 12):
        raise BadCell("month", repr(month), "a month from 01 to 12")
    return segment
