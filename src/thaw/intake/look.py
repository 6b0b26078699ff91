"""The first look at a file: what sort it is by its first bytes, before any reader is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from thaw.errors import InputError

from .text_stream import HEAD, open_text

_LINES = 40
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = {
    b"\x1f\x8b": "gunzip",
    b"BZh": "bunzip2",
    b"\xfd7zXZ": "unxz",
    b"\x28\xb5\x2f\xfd": "unzstd",
    b"7z\xbc\xaf": "7z",
}


@dataclass(frozen=True, slots=True)
class Header:
    """Names of the columns as they were read, and the mark between cells; None for tables that have none.

    line, last  first and last physical line of the header (row of a sheet); 0 where a format has none
    above       lines above it that are not blank: titles, which are no rows
    sheets      names of further sheets of a workbook, which are not read
    """

    columns: tuple[str, ...]
    delimiter: str | None
    line: int = 0
    last: int = 0
    above: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """How a file begins.

    kind   parquet, sheet (an XLSX workbook), json, xml or text
    head   the first 65,536 bytes, of text as UTF-8 with line feeds
    lines  the first lines without their ends, at most 40; the last one may be cut at 65,536 bytes
    """

    path: Path
    kind: str
    head: bytes
    lines: tuple[bytes, ...]


def look_at(path: Path) -> Look:
    """Look at the first bytes of a file.

    Raises InputError for a folder, a missing, empty or compressed file, and a pipe, saying which.
    """
    if path.is_dir():
        raise _bad(path, "a folder", "a file", "Name the files in it one by one.")
    if path.exists() and not path.is_file():
        # It is read more than once: for its columns, its digest and its rows.
        raise _bad(path, "a pipe or device", "a file", "Save it to a file first.")
    try:
        with path.open("rb") as stream:
            first = stream.read(8)
            with open_text(path) as text:
                head = text.read(HEAD)
    except OSError as error:
        raise _bad(path, error.strerror or "an error", "a file that can be read", "Check the name.") from None
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise _bad(path, "an empty file", "a table with rows", "Get the file anew.")
    _refuse_packed(path, first)
    lines = tuple(line.rstrip(b"\r") for line in head.split(b"\n")[:_LINES])
    return Look(path, _kind(path, head), head, lines)


def _refuse_packed(path: Path, first: bytes) -> None:
    for start, program in _PACKED.items():
        if first.startswith(start):
            raise _bad(path, "a compressed file", "a CSV or Parquet table", f"Unpack it first, such as with {program}.")
    if first.startswith(_OLD_OFFICE):
        fix = "Open it and save it as XLSX or as CSV; documents are taken in with `thaw add`."
        raise _bad(path, "a file of an old office program (.xls, .doc)", "a CSV, XLSX or Parquet table", fix)


def _kind(path: Path, head: bytes) -> str:
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:4] == _ZIP:
        return _zipped(path)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return {b"<": "xml", b"[": "json", b"{": "json"}.get(start, "text")


def _zipped(path: Path) -> str:
    """`sheet` for a workbook of a spreadsheet program. Raises InputError for other archives."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _bad(path, f"a damaged archive or workbook ({error})", "a whole file", "Get it anew.") from None
    if "xl/workbook.xml" in names or ("[Content_Types].xml" in names and any(n.startswith("xl/") for n in names)):
        return "sheet"
    if "content.xml" in names and "mimetype" in names:
        fix = "Open it and save it as XLSX or as CSV."
        raise _bad(path, "a sheet or text of OpenDocument", "a CSV, XLSX or Parquet table", fix)
    fix = "Unpack it first and name the files in it; documents are taken in with `thaw add`."
    raise _bad(path, "an archive", "a CSV, XLSX or Parquet table", fix)


def _bad(path: Path, got: str, want: str, fix: str) -> InputError:
    return InputError(where=str(path), got=got, want=want, fix=fix)
