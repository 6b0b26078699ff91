"""Finds the reader for a file of records: by the name given, else by the columns of the table."""

from __future__ import annotations

from pathlib import Path

from thaw.errors import InputError

from .import_spec import find_spec, known_specs
from .look import Look, look_at
from .namus import Namus
from .nibrs import Nibrs
from .nibrs_xml import NibrsXml
from .rows import RowReader
from .shr import Shr
from .shr_map import ShrMap
from .spec_table import SpecTable
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


_TABLES = ("csv", "parquet")
FORMATS = (*(reader.name for reader in READERS), *_TABLES)


def reader_for(path: Path, format_name: str | None = None, spec: str | None = None) -> RowReader:
    """The reader whose columns these are, or the one named; for a table that none knows, one with a specification.

    spec  a TOML file or the name of one of the program's own specifications; then the format is csv

    Raises InputError for a folder, an empty, binary or unknown file, and for a format that does not exist or fit.
    """
    names = ", ".join(FORMATS)
    if format_name is not None and format_name not in FORMATS:
        raise InputError(
            where="--format", got=repr(format_name), want=f"one of {names}", fix="Use one of these, or leave it out."
        )
    look = look_at(path)
    if spec is not None:
        return _with_spec(spec, format_name)
    chosen = [r for r in READERS if format_name in (None, r.name) and r.fits(look)]
    if not chosen and format_name in (None, *_TABLES) and look.kind in ("text", "sheet", "parquet"):
        chosen = [reader for known in known_specs().values() if (reader := SpecTable(known)).fits(look)]
    if not chosen:
        raise InputError(
            where=str(path),
            got=_shown(look),
            want=f"a table of one of the formats {names}",
            fix="Compare the columns with docs/reference/formats.md, or write a specification with --guess and give it "
            "with --spec; a document is taken in with `thaw add`.",
        )
    return chosen[0]


def _with_spec(spec: str, format_name: str | None) -> RowReader:
    if format_name not in (None, *_TABLES):
        raise InputError(
            where="--spec",
            got=f"a specification with --format {format_name}",
            want="csv or parquet",
            fix="Leave one out.",
        )
    return SpecTable(find_spec(spec))


def _shown(look: Look) -> str:
    if look.kind in ("json", "xml"):
        return f"a file that looks like {look.kind.upper()}"
    columns = header_of(look.path).columns
    return "a table with the columns " + ", ".join(columns[:8]) + (", ..." if len(columns) > 8 else "")
