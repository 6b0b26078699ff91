"""Opens a table, CSV or Parquet, and yields its rows as cells of text, one physical row at a time.

A CSV line is parsed on its own, so that one stray quote or a cut-off line spoils that line and no other.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from thaw.errors import InputError

from .rows import Reject

_HEAD = 65_536
_BATCH = 4_000
_MAX_LINE = 1_000_000


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
    if b"\x00" in head:
        raise InputError(
            where=str(path),
            got="a binary file",
            want="a CSV or Parquet table",
            fix="Export the table as CSV; documents are taken in with `thaw add`.",
        )
    first = head.split(b"\n", 1)[0]
    return _split(_decode(first), _delimiter(first))


def read_table(path: Path) -> Iterator[Cells | Reject]:
    """All data rows in order. Rows with too many or too few fields, and lines that are no CSV, are rejects."""
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
            text = _decode(data)
            if not text:
                continue
            row += 1
            try:
                cells = _split(text, delimiter)
            except csv.Error as error:
                yield Reject(row, line, "line", f"a line that is no CSV ({error})", "quotes in pairs", text)
                continue
            if len(cells) != width:
                yield Reject(row, line, "line", f"{len(cells)} fields", f"{width} fields, as in the header", text)
            else:
                yield Cells(row, line, cells, text)


def _read_parquet(path: Path) -> Iterator[Cells]:
    import duckdb

    with duckdb.connect() as db:
        db.execute("SET threads = 1")
        try:
            # Every cell as text: what a number column holds is shown as the file's own writer would print it.
            result = db.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
            row = 0
            while batch := result.fetchmany(_BATCH):
                for values in batch:
                    row += 1
                    cells = ["" if value is None else value for value in values]
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
