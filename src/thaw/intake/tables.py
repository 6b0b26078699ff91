"""Opens a table, CSV or Parquet, and yields its rows as cells of text, one physical row at a time.

A CSV line is parsed on its own, so that one stray quote or a cut-off line spoils that line and no other.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from thaw.errors import InputError

from .rows import Reject

_HEAD = 65_536
_BATCH = 4_000
_MAX_LINE = 1_000_000
# Tab is a delimiter; the rest is no text, and one of them (U+001F) joins the cells of a row in digests.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Cells:
    """One data row as text; an empty or missing cell is ''."""

    row: int
    line: int
    cells: Sequence[str]
    raw: str | Sequence[str]


def columns_of(path: Path) -> list[str]:
    """Names of the columns of a CSV or Parquet file.

    Raises InputError for a folder, a missing, empty or binary file, saying which.
    """
    if path.is_dir():
        raise InputError(where=str(path), got="a folder", want="a file", fix="Name the files in it one by one.")
    if path.exists() and not path.is_file():
        # It is read more than once: for its columns, its digest and its rows.
        raise InputError(where=str(path), got="a pipe or device", want="a file", fix="Save it to a file first.")
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise InputError(
            where=str(path), got=error.strerror or "an error", want="a file that can be read", fix="Check the name."
        ) from None
    if not head.strip():
        raise InputError(where=str(path), got="an empty file", want="a table with rows", fix="Get the file anew.")
    if head[:4] == b"PAR1":
        return _parquet_columns(path)
    first, newline, _ = head.partition(b"\n")
    # A stray NUL in a row spoils that row only; in the header, or without any line, this is no text.
    if head[:2] == b"\x1f\x8b" or b"\x00" in (first if newline else head):
        packed = head[:2] == b"\x1f\x8b"
        raise InputError(
            where=str(path),
            got="a compressed file" if packed else "a binary file",
            want="a CSV or Parquet table",
            fix="Unpack it first, such as with gunzip."
            if packed
            else "Export the table as CSV; documents are taken in with `thaw add`.",
        )
    try:
        return _split(_decode(first), _delimiter(first))
    except csv.Error as error:
        raise InputError(
            where=f"{path} line 1",
            got=f"a header that is no CSV ({error})",
            want="the names of the columns",
            fix="Mend the first line; documents are taken in with `thaw add`.",
        ) from None


def read_table(path: Path) -> Iterator[Cells | Reject]:
    """All data rows in order. Lines with too many or too few fields, and lines that are no CSV, are rejects.

    A line of blanks is no row. Lines are read as UTF-8, those that are none as Latin-1.
    """
    with path.open("rb") as stream:
        parquet = stream.read(4) == b"PAR1"
    yield from _read_parquet(path) if parquet else _read_csv(path)


def _read_csv(path: Path) -> Iterator[Cells | Reject]:
    with path.open("rb") as stream:
        first = stream.readline()
        delimiter = _delimiter(first)
        width = len(_split(_decode(first), delimiter))
        row = 0
        for line, data in enumerate(iter(lambda: stream.readline(_MAX_LINE), b""), start=2):
            text, more = _decode(data), 0
            while not data.endswith(b"\n") and (data := stream.readline(_MAX_LINE)):
                more += len(data)
            if not text.strip():
                continue
            row += 1
            if more:
                got = f"a line of {_MAX_LINE + more:,} bytes, of which the first {_MAX_LINE:,} are kept here"
                yield Reject(row, line, "line", got, f"at most {_MAX_LINE:,} bytes", text)
                continue
            yield _row(row, line, text, delimiter, width)


def _row(row: int, line: int, text: str, delimiter: str, width: int) -> Cells | Reject:
    control = _CONTROL.search(text)
    if control:
        return Reject(row, line, "line", f"the control character U+{ord(control[0]):04X}", "letters and signs", text)
    try:
        cells = _split(text, delimiter)
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
            result = db.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
            row = 0
            while batch := result.fetchmany(_BATCH):
                for values in batch:
                    row += 1
                    cells = ["" if value is None else value for value in values]
                    control = _CONTROL.search("".join(cells))
                    if control:
                        got = f"the control character U+{ord(control[0]):04X}"
                        yield Reject(row, row, "row", got, "letters and signs", "\t".join(cells))
                    else:
                        yield Cells(row, row, cells, cells)
        except duckdb.Error as error:
            raise _bad_parquet(path, error) from None


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


def _delimiter(line: bytes) -> str:
    return max(",\t;|", key=lambda mark: line.count(mark.encode()))


def _split(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter, strict=True), [])


def _decode(data: bytes) -> str:
    data = data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
