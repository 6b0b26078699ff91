"""What a reader of registers hands on: rows that could be read, and rejects with their reason. Nothing else exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from .look import Header, Look

Packed = Mapping[str, Any]


# Not frozen, though nobody changes one: a million of them are made, and a frozen one takes three times as long.
@dataclass(slots=True)
class SourceRow:
    """One data row, read.

    row           1-based data row of the file
    line          physical line of a text file; the row itself where a format has no lines
    key           the register's own key; None when it has none
    raw           the line, the lines or the cells as they stood
    text          all cells in one text, from which a change is seen
    said_by       who reported it
    said          role -> packed `Said` in the order of the columns. The role `case` makes a case, `incident` an
                  incident that is no case, any other (victim, offender, offender#2, person) a person
    incident_key  the same for rows of one incident; None when the row does not tell
    more          further records of the same row, such as the other victims of a report; they count with it
    lines         physical lines that the row is made of, where they are several
    deletes       incident key of what the register takes back with this row
    replaces      True for a row that says anew what stood under its key above, such as an adjustment
    doubts        what was kept in words only, such as a height that nobody has; counted over the file and shown
    """

    row: int
    line: int
    key: str | None
    raw: str | Sequence[str]
    text: str
    said_by: str | None
    said: Mapping[str, Sequence[Packed]]
    incident_key: str | None
    more: tuple[SourceRow, ...] = ()
    lines: tuple[int, ...] = ()
    deletes: str | None = None
    doubts: tuple[str, ...] = ()
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Reject:
    """One data row that was set aside: physical line, field, what stood there, what was wanted, the row as it was.

    key  the register's own key where it could be read: a row that is set aside is not gone from its data set
    """

    row: int
    line: int
    field: str
    got: str
    want: str
    raw: str
    key: str | None = None


class RowReader(Protocol):
    """A reader of one format. The extension point of intake: one file per format."""

    name: str
    version: int
    unit: str
    recorded_by: str

    def fits(self, look: Look) -> bool:
        """True when a file that begins so is of this format."""

    def header(self, path: Path) -> Header:
        """Names of the columns and the mark between cells; without columns where the format has no header."""

    def key_column(self, columns: Sequence[str]) -> str | None:
        """Name of the column that holds the register's own key; None when the table has none."""

    def notes(self, path: Path) -> list[str]:
        """What of this file is not as the format has it, in sentences, such as a column that is new."""

    def is_whole(self, path: Path) -> bool:
        """True when a file is a whole issue of its data set, so that rows it does not hold are gone from it."""

    def read(self, path: Path, today: date) -> Iterator[SourceRow | Reject]:
        """Every row of the file in order, each exactly once. Raises InputError when the file itself is unreadable."""


class BadCell(Exception):
    """A cell that cannot be read; the row becomes a reject."""

    def __init__(self, field: str, got: str, want: str) -> None:
        super().__init__(field, got, want)
        self.field = field
        self.got = got
        self.want = want


class Implausible(BadCell):
    """A number that can be read and cannot be true: the row is kept, the cell as text, with a doubt."""
