"""Physical lines of a CSV, and the lines that make up one row when a cell holds line breaks.

An open quote may be a cell that goes on in the next line, or one stray sign. It is taken for a cell only when the
joined lines have as many fields as the header and none of them looks like a row of its own: a stray quote must not
swallow the rows below it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_BYTES = 1_000_000
_MAX_LINES = 50
_LONGEST = csv.field_size_limit()
_NOT_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line: its number, its first 1,000,000 bytes with the line end, how many more bytes it has."""

    number: int
    data: bytes
    more: int


class Lines:
    """The lines of a stream in order; lines that were looked at can be put back.

    quoted  whether quotes make cells, which may hold carriage returns; in records of fixed places they do not
    """

    def __init__(self, stream: BinaryIO, *, first: int, quoted: bool = True) -> None:
        self._stream = stream
        self._quoted = quoted
        self._next = first
        self._back: list[Line] = []

    def __iter__(self) -> Iterator[Line]:
        return iter(self.take, None)

    def take(self) -> Line | None:
        """The next line; None at the end."""
        if self._back:
            return self._back.pop()
        data = self._stream.readline(MAX_BYTES)
        if not data:
            return None
        more, rest = 0, data
        while not rest.endswith(b"\n") and (rest := self._stream.readline(MAX_BYTES)):
            more += len(rest)
        self._next += 1
        if b"\r" in data[:-2] and not more:
            return self._parted(data)
        return Line(self._next - 1, data, more)

    def _parted(self, data: bytes) -> Line:
        """The first of the lines that stray carriage returns divide, where no quote is open: there it is of a cell."""
        parts = data.rstrip(b"\r\n").split(b"\r")
        whole = [parts[0]]
        for part in parts[1:]:
            if self._quoted and whole[-1].count(b'"') % 2:
                whole[-1] += b"\r" + part
            else:
                whole.append(part)
        first, *others = whole
        lines = [Line(self._next + i, part, 0) for i, part in enumerate(others)]
        self._next += len(lines)
        self.put_back(lines)
        return Line(self._next - len(lines) - 1, first, 0)

    def put_back(self, lines: list[Line]) -> None:
        """Give lines back that were taken last, in the order in which they were taken."""
        self._back += reversed(lines)


def join_cell(first: Line, lines: Lines, delimiter: str, width: int) -> str | None:
    """The text of the row that begins with `first`, in which a quote is open, and goes on in the next lines.

    At most 50 lines and 1,000,000 bytes. None when they make no row of `width` fields; then nothing is taken.
    """
    if not _is_open(decode(first.data), delimiter, width):
        return None
    taken: list[Line] = []
    size = len(first.data)
    while len(taken) < _MAX_LINES - 1 and (line := lines.take()) is not None:
        taken.append(line)
        size += len(line.data)
        # Of the fields of a row at least one begins in a line above.
        if line.more or size > MAX_BYTES or decode(line.data).count(delimiter) >= width - 1:
            break
        if line.data.count(b'"') % 2:
            text = decode(b"".join([first.data, *(part.data for part in taken)]))
            if _fields(text, delimiter) == width:
                return text
            break
    lines.put_back(taken)
    return None


def _is_open(text: str, delimiter: str, width: int) -> bool:
    """True when a cell goes on in the next line.

    When what stands behind the open quote holds all the fields that are missing, the quote is the flaw.
    """
    if _fields(text, delimiter):
        return False
    try:
        cells = split_line(text + '"', delimiter)
    except csv.Error:
        return False
    return not len(cells) < width <= len(cells) + cells[-1].count(delimiter)


def _fields(text: str, delimiter: str) -> int:
    try:
        return len(split_line(text, delimiter))
    except csv.Error:
        return 0


def split_line(text: str, delimiter: str) -> list[str]:
    """The cells of one row. Raises csv.Error for quotes that are not in pairs and for a cell over 131,072 letters."""
    if '"' not in text and "\r" not in text and "\n" not in text and 0 < len(text) < _LONGEST:
        # Without quotes each mark parts two cells: most lines of most tables, in a third of the time.
        return text.split(delimiter)
    return next(csv.reader([text], delimiter=delimiter, strict=True), [])


def decode(data: bytes) -> str:
    """The text of a line without its end: UTF-8, else Windows-1252, else Latin-1.

    The two differ in the bytes 80 to 9F only: dashes and curly quotes in the one, control characters in the other. Five
    of them are none in Windows-1252.
    """
    data = data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1" if _NOT_1252.search(data) else "cp1252")
