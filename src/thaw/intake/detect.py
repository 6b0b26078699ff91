"""Finds the reader for a file of records: by the name given, else by the columns of the table."""

from __future__ import annotations

from pathlib import Path

from thaw.errors import InputError

from .look import Look, look_at
from .namus import Namus
from .nibrs import Nibrs
from .nibrs_xml import NibrsXml
from .rows import RowReader
from .shr import Shr
from .shr_map import ShrMap
from .tables import header_of

READERS: tuple[RowReader, ...] = (
    Shr(),
    Nibrs(),
    NibrsXml(),
    ShrMap(),
    Namus("missing"),
    Namus("unidentified"),
    Namus("unclaimed"),
    Namus("unidentified", flat=True),
)


def reader_for(path: Path, format_name: str | None = None) -> RowReader:
    """The reader whose columns these are, or the one named.

    Raises InputError for a folder, an empty, binary or unknown file, and for a format that does not exist or fit.
    """
    names = ", ".join(reader.name for reader in READERS)
    if format_name is not None and format_name not in [reader.name for reader in READERS]:
        raise InputError(
            where="--format", got=repr(format_name), want=f"one of {names}", fix="Use one of these, or leave it out."
        )
    look = look_at(path)
    chosen = [r for r in READERS if format_name in (None, r.name) and r.fits(look)]
    if not chosen:
        raise InputError(
            where=str(path),
            got=_shown(look),
            want=f"a table of one of the formats {names}",
            fix="Compare the columns with docs/reference/formats.md; a document is taken in with `thaw add`.",
        )
    return chosen[0]


def _shown(look: Look) -> str:
    if look.kind in ("json", "xml"):
        return f"a file that looks like {look.kind.upper()}"
    columns = header_of(look.path).columns
    return "a table with the columns " + ", ".join(columns[:8]) + (", ..." if len(columns) > 8 else "")
