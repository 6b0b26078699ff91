"""The first look at a file: what sort it is by its first bytes, before any reader is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from thaw.errors import InputError

HEAD = 65_536
_LINES = 40


@dataclass(frozen=True, slots=True)
class Header:
    """Names of the columns as they were read, and the mark between cells; None for Parquet, which has none."""

    columns: tuple[str, ...]
    delimiter: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """How a file begins.

    kind   parquet, json, xml or text
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
            head = stream.read(HEAD)
    except OSError as error:
        raise _bad(path, error.strerror or "an error", "a file that can be read", "Check the name.") from None
    if not head.strip():
        raise _bad(path, "an empty file", "a table with rows", "Get the file anew.")
    if head[:2] == b"\x1f\x8b":
        raise _bad(path, "a compressed file", "a CSV or Parquet table", "Unpack it first, such as with gunzip.")
    lines = tuple(line.rstrip(b"\r") for line in head.split(b"\n")[:_LINES])
    return Look(path, _kind(head), head, lines)


def _kind(head: bytes) -> str:
    if head[:4] == b"PAR1":
        return "parquet"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return {b"<": "xml", b"[": "json", b"{": "json"}.get(start, "text")


def _bad(path: Path, got: str, want: str, fix: str) -> InputError:
    return InputError(where=str(path), got=got, want=want, fix=fix)
