"""Reads the FBI's Supplementary Homicide Report, format `shr`: fixed width, four layouts by year, the 80-byte record.

One line is one report. It may name up to eleven victims: each is a case, and they share an incident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from thaw.errors import InputError

from .joining import MAX_BYTES, Lines, decode
from .look import Header, Look, look_at
from .rows import BadCell, Reject, SourceRow
from .shr_layout import SUBMISSION, Layout, layout_of, layout_of_length, layouts, looks_like
from .shr_record import RecordReader
from .text_stream import open_text

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DELETED_1962 = "2"
_TWO_IN_ONE = "1980-2012"


class Shr:
    """Reader of format `shr`."""

    name = "shr"
    version = 1
    unit = "rows"
    recorded_by = "FBI Supplementary Homicide Report"

    def fits(self, look: Look) -> bool:
        """True when most of the first lines look like records of one layout."""
        return look.kind == "text" and layout_of(_first_lines(look)) is not None

    def header(self, path: Path) -> Header:
        """None: the layout of a line says what stands where."""
        return Header((), None)

    def is_whole(self, path: Path) -> bool:
        """True for master files; what agencies send in are returns of a month, adjustments and deletes."""
        layout = layout_of(_first_lines(look_at(path)))
        return layout is None or layout.name != SUBMISSION

    def key_column(self, columns: Sequence[str]) -> str | None:
        """None: the key is made of agency, year, month, incident number and victim."""
        return None

    def notes(self, path: Path) -> list[str]:
        """The layout, and years that the records leave open."""
        first = _first_lines(look_at(path))
        layout = layout_of(first)
        if layout is None:
            return []
        notes = [f"layout {_called(layout, first)}, records of {layout.length} characters"]
        if layout.name == "1962-1975" and not _years_named(path):
            notes.append(
                "the year has one digit: 2 to 5 may be 196x or 197x. Where the last update does not tell, the date is "
                "an interval of both; put the year into the name of the file to settle it"
            )
        return notes

    def read(self, path: Path, today: date) -> Iterator[SourceRow | Reject]:
        """Every record in order; a line of another length, a code or date that cannot be makes it a reject."""
        first = layout_of(_first_lines(look_at(path)))
        if first is None:
            lengths = {len(line) for line in _first_lines(look_at(path))}
            first = next((found for length in lengths if (found := layout_of_length(length))), None)
        if first is None:
            wanted = ", ".join(f"{layout.length} ({layout.name})" for layout in layouts().values())
            raise InputError(
                where=str(path),
                got="lines of no SHR layout",
                want=f"records of one of the lengths {wanted}",
                fix="Check the file, or name another format with --format.",
            )
        yield from _Reading(first, today, _years_named(path)).rows(path)


class _Reading:
    def __init__(self, first: Layout, today: date, years: frozenset[int]) -> None:
        self._first = first
        self._readers = {name: RecordReader(layout, today, years) for name, layout in layouts().items()}
        self._before: tuple[str, int] = ("", 0)

    def rows(self, path: Path) -> Iterator[SourceRow | Reject]:
        row = 0
        with open_text(path) as stream:
            for line in Lines(stream, first=1, quoted=False):
                text = decode(line.data)
                if not text.strip():
                    continue
                row += 1
                if line.more:
                    got = f"a line of {MAX_BYTES + line.more:,} bytes"
                    yield Reject(row, line.number, "line", got, f"at most {MAX_BYTES:,} bytes", text)
                    continue
                yield self._row(row, line.number, text)

    def _row(self, row: int, number: int, text: str) -> SourceRow | Reject:
        layout = self._layout(text)
        control = _CONTROL.search(text)
        if control:
            got = f"the control character U+{ord(control[0]):04X}"
            return Reject(row, number, "line", got, "letters, digits and blanks", text)
        if len(text) > layout.length:
            return Reject(row, number, "line", f"{len(text)} characters", f"at most {layout.length}", text)
        reader = self._readers[layout.name]
        try:
            return self._read(row, number, text, text.ljust(layout.length), layout, reader)
        except BadCell as bad:
            return Reject(row, number, bad.field, bad.got, bad.want, text)

    def _layout(self, text: str) -> Layout:
        """The file's layout, or that of a line's length where the line does not look like the file's.

        Blanks cut off at the end can make a line of one layout as long as the records of another.
        """
        if len(text) == self._first.length:
            return self._first
        other = layout_of_length(len(text))
        return self._first if other is None or looks_like(text, self._first) else other

    def _read(self, row: int, number: int, text: str, line: str, layout: Layout, reader: RecordReader) -> SourceRow:
        fields = layout.fields
        sent = layout.name == SUBMISSION
        if not sent and line[0] != "6":
            raise BadCell("identifier", repr(line[0]), "6, the mark of a homicide report")
        agency = line[fields["agency"]]
        year, month = reader.year_and_month(line)
        when = f"{year or line[fields['year']]}/{month or 0:02}"
        kind = line[fields["record_type"]] if sent else ""
        if kind == "14":
            # A month without a homicide: nothing to say, and no row may be lost.
            return SourceRow(row, number, f"none/{agency}/{when}", text, text, agency, {}, None)
        if sent and kind not in ("00", "13", "16"):
            raise BadCell("record_type", repr(kind), "00, 13, 14 or 16")
        incident = line[fields.get("incident_number") or fields.get("form_line_number") or slice(0)].strip()
        stem = f"{agency}/{when}/{incident}"
        if incident and (kind == "16" or (layout.name == "1962-1975" and line[33] == _DELETED_1962)):
            taken = f"shr-fixed:{stem}"
            return SourceRow(row, number, f"delete/{stem}", text, text, agency, {}, None, deletes=taken)
        name = line[fields["agency_name"]].strip() if "agency_name" in fields else ""
        parts = []
        # An adjustment says anew what a return above it, or in an earlier file, said.
        adjusts = kind == "13"
        for victim, said in reader.victims(line):
            key = f"{stem}/{self._number(layout, stem, victim, adjusts=adjusts)}" if incident else None
            shared = f"shr-fixed:{stem}" if incident else None
            parts.append(SourceRow(row, number, key, text, text, name or agency, said, shared, replaces=adjusts))
        first, *more = parts
        return replace(first, more=tuple(more)) if more else first

    def _number(self, layout: Layout, stem: str, victim: int, *, adjusts: bool) -> int:
        """The number of the victim; records of 80 bytes hold one each, the next of the incident in the next line."""
        if layout.name != SUBMISSION:
            return victim
        if adjusts:
            stem += " adjusted"
        again = self._before[1] + 1 if self._before[0] == stem else 1
        self._before = (stem, again)
        return again


def _first_lines(look: Look) -> list[str]:
    whole = look.lines[:-1] if len(look.head) >= 65_536 and len(look.lines) < 40 else look.lines
    return [decode(line) for line in whole if line.strip()]


def _called(layout: Layout, lines: Sequence[str]) -> str:
    """The name of a layout; 1980-2012 and 2013 on have the same positions, and the years of the records tell them."""
    years = [int(line[13:15]) for line in lines if line[13:15].isdigit()] if layout.name == _TWO_IN_ONE else []
    late = [13 <= year < 80 for year in years]
    return layout.name if not any(late) else "2013 on" if all(late) else f"{layout.name} and 2013 on"


def _years_named(path: Path) -> frozenset[int]:
    """Years of 1962 to 1975 that the name of the file holds; of `1962-1975` both ends say nothing of one record."""
    found = frozenset(int(year) for year in re.findall(r"(?<![0-9])(19[67][0-9])(?![0-9])", path.name))
    return found if len(found) == 1 else frozenset()
