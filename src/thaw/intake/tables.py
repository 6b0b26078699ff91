"""Opens a table, CSV or Parquet, and yields its rows as cells of text, one row at a time.

A CSV line is parsed on its own, so that a cut-off line or a stray quote spoils that line and no other. Lines are joined
only where an open quote says that a cell goes on, and only when the joined lines make one row (`joining.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from thaw.errors import InputError

from .joining import MAX_BYTES, Lines, decode, join_cell, split_line
from .look import Header, look_at
from .rows import Reject

_BATCH = 4_000
_SEPARATOR = re.compile(rb"(?:\xef\xbb\xbf)?sep=[,;\t|]", re.IGNORECASE)
# Tab is a delimiter; the rest is no text, and one of them (U+001F) joins the cells of a row in digests.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
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
    named = [f"{columns[i]}=" for i in order]
    return lambda cells: "\x1f".join(map(str.__add__, named, map(cells.__getitem__, order)))


def header_of(path: Path) -> Header:
    """The columns of a CSV or Parquet file. The first line of a CSV may be as long as any other.

    Raises InputError for a folder, a missing, empty or binary file, and a first line that is none, saying which.
    """
    look = look_at(path)
    head = look.head
    with path.open("rb") as stream:
        first, _ = _first_line(stream)
    if head[:4] == b"PAR1":
        return Header(tuple(_parquet_columns(path)), None)
    # A stray NUL in a row spoils that row only; in the header, or without any line, this is no text.
    if b"\x00" in (first if b"\n" in head else head):
        raise InputError(
            where=str(path),
            got="a binary file",
            want="a CSV or Parquet table",
            fix="Export the table as CSV; documents are taken in with `thaw add`.",
        )
    return _csv_header(path, first)


def _csv_header(path: Path, first: bytes) -> Header:
    delimiter = max(",\t;|", key=lambda mark: first.count(mark.encode()))
    try:
        if len(first) <= MAX_BYTES:
            return Header(tuple(split_line(decode(first), delimiter)), delimiter)
        got = f"a first line of more than {MAX_BYTES:,} bytes"
    except csv.Error as error:
        got = f"a header that is no CSV ({error})"
    raise InputError(
        where=f"{path} line 1",
        got=got,
        want="the names of the columns",
        fix="Mend the first line; documents are taken in with `thaw add`.",
    )


def read_table(path: Path) -> Iterator[Cells | Reject]:
    """All data rows in order. Lines with too many or too few fields, and lines that are no CSV, are rejects.

    A line of blanks is no row. Lines are read as UTF-8, those that are none as Latin-1. Raises InputError as
    `header_of` does.
    """
    header = header_of(path)
    if header.delimiter is None:
        yield from _read_parquet(path)
        return
    with path.open("rb") as stream:
        _, number = _first_line(stream)
        yield from _read_csv(stream, header.delimiter, len(header.columns), number + 1)


def _first_line(stream: BinaryIO) -> tuple[bytes, int]:
    """The line of the header and its number: blank lines above it, and a spreadsheet's `sep=;`, are passed over."""
    number = 1
    line = stream.readline(MAX_BYTES + 1)
    while line and (not line.removeprefix(b"\xef\xbb\xbf").strip() or _SEPARATOR.fullmatch(line.strip())):
        line, number = stream.readline(MAX_BYTES + 1), number + 1
    return line, number


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
