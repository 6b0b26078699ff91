"""Finds the reader for a file of records: by the name given, else by the columns of the table."""

from __future__ import annotations

from pathlib import Path

from thaw.errors import InputError

from .rows import RowReader
from .shr_map import ShrMap
from .tables import header_of

READERS: tuple[RowReader, ...] = (ShrMap(),)


def reader_for(path: Path, format_name: str | None = None) -> RowReader:
    """The reader whose columns these are, or the one named.

    Raises InputError for a folder, an empty, binary or unknown file, and for a format that does not exist or fit.
    """
    columns = header_of(path).columns
    names = ", ".join(reader.name for reader in READERS)
    if format_name is not None and format_name not in [reader.name for reader in READERS]:
        raise InputError(
            where="--format", got=repr(format_name), want=f"one of {names}", fix="Use one of these, or leave it out."
        )
    chosen = [r for r in READERS if r.accepts(columns) and format_name in (None, r.name)]
    if not chosen:
        shown = ", ".join(columns[:8]) + (", ..." if len(columns) > 8 else "")
        raise InputError(
            where=str(path),
            got=f"a table with the columns {shown}",
            want=f"a table of one of the formats {names}",
            fix="Compare the columns with docs/reference/formats.md; a document is taken in with `thaw add`.",
        )
    return chosen[0]
