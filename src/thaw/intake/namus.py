"""Reads NamUs: missing, unidentified and unclaimed persons, as tables of any year and as answers of the API.

One row is one person. Column names are those of data/formats/namus.toml; a column that is not there is kept as text and
reported, since the register changes its exports without notice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from thaw.data import read_toml
from thaw.errors import InputError
from thaw.record import Said, Text, pack_said

from .look import Header, Look
from .namus_json import Paths, json_records
from .namus_record import SEPARATOR, PersonReader
from .person_cells import says_nothing
from .rows import BadCell, Packed, Reject, SourceRow
from .tables import header_of, read_table, text_of
from .text_stream import open_text

_FORMAT = "formats/namus.toml"
_JOINED = ("mark", "clothing", "vehicle", "dental", "alias")
# The members of a record in one order, so that a record whose members changed places is the same record.
_in_order = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_EXPECTED = ("sex", "race_ethnicity", "state")


class Namus:
    """Reader of one kind of NamUs record; `flat` is the national table of unidentified persons without narratives."""

    version = 1
    unit = "rows"
    recorded_by = "National Missing and Unidentified Persons System"

    def __init__(self, kind: str, *, flat: bool = False) -> None:
        self.kind = kind
        self.flat = flat
        facts = read_toml(_FORMAT)["kinds"][kind]
        self.name: str = "namus-flat" if flat else facts["format"]
        self.prefix: str = facts["number"]

    def fits(self, look: Look) -> bool:
        """True when the columns are those of NamUs and the first number has the letters of this kind."""
        if look.kind == "json":
            found = re.search(rb'"idFormatted"\s*:\s*"(UCP|UP|MP)[0-9]', look.head)
            return not self.flat and found is not None and found[1] == self.prefix.encode()
        if look.kind == "xml":
            return False
        columns = header_of(look.path).columns
        at = _layout(columns)
        if "number" not in at or self.flat != _is_flat(columns):
            return False
        prefix = self._first_prefix(look.path, at["number"])
        if prefix is not None:
            return prefix == self.prefix
        facts = read_toml(_FORMAT)["kinds"][self.kind]
        known = all(name in at for name in facts["required"]) and any(name in at for name in facts["one_of"])
        return known and not (self.kind == "unclaimed" and ("last_seen" in at or "found" in at))

    def _first_prefix(self, path: Path, at: int) -> str | None:
        """The letters of the first number in the first rows; None when no row has one."""
        for i, row in enumerate(read_table(path)):
            if not isinstance(row, Reject):
                found = re.match(r"(UCP|UP|MP)[ #-]?[0-9]", row.cells[at].strip().upper())
                if found:
                    return found[1]
            if i >= 50:
                return None
        return None

    def header(self, path: Path) -> Header:
        """The columns of a table; none for an answer of the API."""
        return Header((), None) if _is_json(path) else header_of(path)

    def is_whole(self, path: Path) -> bool:
        """Always: an export is an issue, and one of few rows is none of the whole."""
        return True

    def key_column(self, columns: Sequence[str]) -> str | None:
        """The column of the register's number."""
        at = _layout(columns).get("number")
        return None if at is None else columns[at]

    def notes(self, path: Path) -> list[str]:
        """Columns that are new, and those that are expected and absent."""
        if _is_json(path):
            return []
        columns = header_of(path).columns
        at = _layout(columns)
        known = set(at.values())
        new = [f"new column {name!r} kept as text" for i, name in enumerate(columns) if i not in known]
        seen = "last_seen" if self.kind == "missing" else "found"
        expected = () if self.flat else (seen, *_EXPECTED)
        return new + [f"no column for {name.replace('_', ' ')}" for name in expected if name not in at]

    def read(self, path: Path, today: date) -> Iterator[SourceRow | Reject]:
        """Every person in order; a number, date, size or state that cannot be read makes the row a reject."""
        person = PersonReader(self.kind, self.prefix, today)
        if _is_json(path):
            yield from self._read_json(path, person)
            return
        columns = header_of(path).columns
        at = _layout(columns)
        if "number" not in at:
            raise InputError(
                where=str(path),
                got="columns " + ", ".join(columns[:12]),
                want=f"the columns of {self.name} (docs/reference/formats.md)",
                fix="Check the file, or name another format with --format.",
            )
        text = text_of(columns)
        further = [(i, name) for i, name in enumerate(columns) if i not in at.values()]
        for row in read_table(path):
            if isinstance(row, Reject):
                yield row
                continue
            cells = {name: row.cells[i].strip() for name, i in at.items()}
            for name in _JOINED:
                if name in cells:
                    cells[name] = cells[name].replace("|", SEPARATOR)
            other = [_other(name, row.cells[i]) for i, name in further if not says_nothing(row.cells[i].strip())]
            yield self._row(
                person, cells, other, row.row, row.line, row.raw, text(row.cells), columns[at["number"]], at, columns
            )

    def _read_json(self, path: Path, person: PersonReader) -> Iterator[SourceRow | Reject]:
        paths = Paths(read_toml(_FORMAT))
        for number, found in enumerate(json_records(path), start=1):
            if isinstance(found, Reject):
                yield found
                continue
            text = _in_order(found)
            cells, other = paths.cells(found)
            if cells.get("resolved") == "true":
                cells["status"] = "Resolved"
            more = [_other(name, words) for name, words in other]
            yield self._row(person, cells, more, number, number, text, text, "idFormatted", {}, ())

    def _row(
        self,
        person: PersonReader,
        cells: Mapping[str, str],
        other: list[Packed],
        row: int,
        line: int,
        raw: str | Sequence[str],
        text: str,
        number_column: str,
        at: Mapping[str, int],
        columns: Sequence[str],
    ) -> SourceRow | Reject:
        key: str | None = None
        try:
            key = person.number(cells.get("number", ""))
            said, doubts = person.said(cells, key, other)
        except BadCell as bad:
            column = number_column if bad.field == "number" else bad.field
            column = columns[at[bad.field]] if bad.field in at else column
            return Reject(row, line, column, bad.got, bad.want, raw if isinstance(raw, str) else text, key)
        return SourceRow(row, line, key, raw, text, None, said, None, doubts=doubts)


def _other(name: str, cell: str) -> Packed:
    return pack_said(Said("other", Text(f"{name}: {cell.strip()}")))


def _is_json(path: Path) -> bool:
    with open_text(path) as stream:
        start = stream.read(256).removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] in (b"[", b"{")


def _is_flat(columns: Sequence[str]) -> bool:
    squeezed = {_squeezed(name) for name in columns}
    return {"id", "location", "datefound"} <= squeezed


def _layout(columns: Sequence[str]) -> dict[str, int]:
    """What each known thing stands in: name -> index of the column."""
    places_of = {_squeezed(name): i for i, name in reversed(list(enumerate(columns)))}
    found: dict[str, int] = {}
    for name, aliases in read_toml(_FORMAT)["columns"].items():
        index = next((places_of[_squeezed(a)] for a in aliases if _squeezed(a) in places_of), None)
        if index is not None and index not in found.values():
            found[name] = index
    return found


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.casefold())
