"""Opens a table, CSV, XLSX or Parquet, and yields its rows as cells of text, one row at a time.

A CSV line is parsed on its own, so that a cut-off line or a stray quote spoils that line and no other. Lines are joined
only where an open quote says that a cell goes on, and only when the joined lines make one row (`joining.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from thaw.errors import InputError

from .header_line import csv_header
from .joining import MAX_BYTES, Lines, decode, join_cell, split_line
from .look import Header, look_at
from .rows import Reject
from .text_stream import open_text
from .workbook import sheet_header, sheet_rows

_BATCH = 4_000
# Tab is a delimiter; the rest is no text, and one of them (U+001F) joins the cells of a row in digests.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


# Not frozen, as rows are not: it takes a third of the time.
@dataclass(slots=True)
class Cells:
    """One data row as text; an empty or missing cell is ''."""

    row: int
    line: int
    cells: Sequence[str]
    raw: str | Sequence[str]


def text_of(columns: Sequence[str]) -> Callable[[Sequence[str]], str]:
    """The function that puts the cells of a row with these columns into one text, from which a change is seen.

    The cells stand in the order of their names: a table with its columns moved about holds the same rows.
    """
    order = sorted(range(len(columns)), key=columns.__getitem__)
    named = "\x1f".join(columns[i].replace("%", "%%") + "=%s" for i in order)
    take = itemgetter(*order)
    return lambda cells: named % take(cells)


def header_of(path: Path, header_row: int | None = None, sheet: str | None = None) -> Header:
    """The columns of a CSV, XLSX or Parquet file. The header of a CSV may be as long as any other line.

    header_row  physical line of the header, row of a sheet; else it is found, see `header_line`
    sheet       name of the sheet of a workbook; else the first that can be seen
    Raises InputError for a folder, a missing, empty or binary file, and a first line that is none, saying which.
    """
    look = look_at(path)
    if look.kind == "parquet":
        return Header(tuple(_parquet_columns(path)), None)
    if look.kind == "sheet":
        return sheet_header(path, sheet, header_row)
    # A stray NUL in a row spoils that row only; in the header, or without any line, this is no text.
    first = next((line for line in look.lines if line.strip()), b"") if b"\n" in look.head else look.head
    if b"\x00" in first:
        raise InputError(
            where=str(path),
            got="a binary file",
            want="a CSV, XLSX or Parquet table",
            fix="Export the table as CSV; documents are taken in with `thaw add`.",
        )
    return csv_header(path, header_row)


def read_table(path: Path, header_row: int | None = None, sheet: str | None = None) -> Iterator[Cells | Reject]:
    """All data rows in order. Lines with too many or too few fields, and lines that are no CSV, are rejects.

    A line of blanks is no row. Lines are read as UTF-8, those that are none as Windows-1252 or Latin-1; UTF-16 and
    UTF-32 as a whole. Raises InputError as `header_of` does.
    """
    header = header_of(path, header_row, sheet)
    if header.delimiter is not None:
        with open_text(path) as stream:
            for _ in range(header.last):
                stream.readline()
            yield from _read_csv(stream, header.delimiter, len(header.columns), header.last + 1)
    elif header.line:
        yield from _read_sheet(path, sheet, header)
    else:
        yield from _read_parquet(path)


def _read_sheet(path: Path, sheet: str | None, header: Header) -> Iterator[Cells | Reject]:
    width, row = len(header.columns), 0
    for number, cells in sheet_rows(path, sheet):
        if number <= header.last:
            continue
        row += 1
        control = _CONTROL.search("".join(cells))
        if control:
            got, want = f"the control character U+{ord(control[0]):04X}", "letters and signs"
            yield Reject(row, number, "row", got, want, "\t".join(cells))
        elif len(cells) > width:
            got, want = f"{len(cells)} fields", f"{width} fields, as in the header"
            yield Reject(row, number, "row", got, want, "\t".join(cells))
        else:
            # A program that saves a sheet leaves out the empty cells at the end of a row.
            whole = [*cells, *[""] * (width - len(cells))]
            yield Cells(row, number, whole, whole)


def _read_csv(stream: BinaryIO, delimiter: str, width: int, first: int) -> Iterator[Cells | Reject]:
    lines = Lines(stream, first=first)
    row = 0
    for line in lines:
        text = decode(line.data)
        if not text.strip():
            continue
        row += 1
        if line.more:
            got = f"a line of {MAX_BYTES + line.more:,} bytes, of which the first {MAX_BYTES:,} are kept here"
            yield Reject(row, line.number, "line", got, f"at most {MAX_BYTES:,} bytes", text)
            continue
        if line.data.count(b'"') % 2:
            text = join_cell(line, lines, delimiter, width) or text
        yield _row(row, line.number, text, delimiter, width)


def _row(row: int, line: int, text: str, delimiter: str, width: int) -> Cells | Reject:
    control = _CONTROL.search(text)
    if control:
        return Reject(row, line, "line", f"the control character U+{ord(control[0]):04X}", "letters and signs", text)
    try:
        cells = split_line(text, delimiter)
    except csv.Error as error:
        return Reject(row, line, "line", f"a line that is no CSV ({error})", "fields, and quotes in pairs", text)
    if len(cells) != width:
        got = f"{len(cells)} field{'' if len(cells) == 1 else 's'}"
        return Reject(row, line, "line", got, f"{width} fields, as in the header", text)
    return Cells(row, line, cells, text)


def _read_parquet(path: Path) -> Iterator[Cells | Reject]:
    import duckdb

    with duckdb.connect() as db:
        # Its own progress bar would go to stdout, into the middle of our JSON.
        db.execute("SET enable_progress_bar = false; SET threads = 1")
        try:
            # Every cell as text: what a number column holds is shown as the file's own writer would print it.
            kinds = db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
            broken = [i for i, kind in enumerate(kinds) if str(kind[1]).startswith(("FLOAT", "DOUBLE", "DECIMAL"))]
            result = db.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
            row = 0
            while batch := result.fetchmany(_BATCH):
                for values in batch:
                    row += 1
                    cells = ["" if value is None else value for value in values]
                    for i in broken:
                        cells[i] = _whole(cells[i])
                    control = _CONTROL.search("".join(cells))
                    if control:
                        got = f"the control character U+{ord(control[0]):04X}"
                        yield Reject(row, row, "row", got, "letters and signs", "\t".join(cells))
                    else:
                        yield Cells(row, row, cells, cells)
        except duckdb.Error as error:
            raise _bad_parquet(path, error) from None


def _whole(number: str) -> str:
    """A month in a column of fractions is "7.0": many programs turn a column with gaps into one."""
    before, _, after = number.partition(".")
    return before if after.strip("0") == "" else number


def _parquet_columns(path: Path) -> list[str]:
    import duckdb

    with duckdb.connect() as db:
        try:
            return [r[0] for r in db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()]
        except duckdb.Error as error:
            raise _bad_parquet(path, error) from None


def _bad_parquet(path: Path, error: Exception) -> InputError:
    reason = str(error).splitlines()[0][:200]
    return InputError(
        where=str(path), got=f"a Parquet file that cannot be read ({reason})", want="a whole file", fix="Get it anew."
    )
