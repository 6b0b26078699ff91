"""Where the header of a table stands: the first line, or below lines of title that somebody put above it.

In come the first lines of a file; out goes which of them names the columns, and by which mark cells are divided.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from thaw.errors import InputError

from .joining import MAX_BYTES, decode, split_line
from .look import Header
from .text_stream import HEAD, open_text

MARKS = ",\t;|"
_LOOKED_AT = 30
_MAX_LINES = 50
_NARROW = 3  # of narrower tables a title cannot be told from a row
_SEPARATOR = re.compile(r"sep=([,;\t|])", re.IGNORECASE)
_VALUE = re.compile(r"[-+$]?[0-9][0-9.,:/ %-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}.*")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the table: its first and last physical line, and its text."""

    first: int
    last: int
    text: str


def csv_header(path: Path, header_row: int | None = None) -> Header:
    """The header of a CSV: columns, mark between cells, lines that stand above it.

    header_row  physical line of the header; else it is found
    Raises InputError for a line that is no CSV, one of more than 1,000,000 bytes, and a line that is not there.
    """
    lines, separator = _first_lines(path, header_row)
    texts = [line.text for line in lines]
    if header_row is not None:
        at = next((i for i, line in enumerate(lines) if line.first <= header_row <= line.last), None)
        if at is None:
            raise InputError(
                where=f"{path} line {header_row}",
                got="no line, or a blank one",
                want="the names of the columns",
                fix="Correct header_row in the specification.",
            )
        delimiter = separator or _mark(texts[at : at + _LOOKED_AT])
    else:
        delimiter = separator or _mark(texts)
        at = header_at([_split(text, delimiter) for text in texts])
    chosen = lines[at]
    columns = _columns(path, chosen, delimiter)
    above = tuple(text for text in texts[:at] if _filled(_split(text, delimiter) or [text]))
    return Header(columns, delimiter, chosen.first, chosen.last, above)


def header_at(rows: Sequence[Sequence[str]]) -> int:
    """The place of the header among the first rows of a table.

    It is the first row, unless that has so few filled cells beside most others that it must be a title: then the first
    row below it that is as full as most and holds names, no numbers and no dates. The first when there is none.
    """
    widths = Counter(filled for row in rows[1:] if (filled := _filled(row)) > 1)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    if usual < _NARROW or not rows or 2 * _filled(rows[0]) > usual:
        return 0
    for i, row in enumerate(rows):
        if 2 * _filled(row) > usual:
            return i if _holds_names(row) and 3 * _filled(row) >= 2 * usual else 0
    return 0


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _holds_names(row: Sequence[str]) -> bool:
    told = [cell.strip() for cell in row if cell.strip()]
    return len(set(told)) == len(told) and not any(_VALUE.fullmatch(cell) for cell in told)


def _mark(texts: Sequence[str]) -> str:
    """The mark by which most of these lines have the same number of cells, more than one; else that of the first."""
    best = ""
    most = (0, 0)
    for mark in MARKS:
        widths = Counter(len(_split(text, mark)) for text in texts)
        for width, lines in widths.items():
            if width > 1 and (lines, width) > most:
                best, most = mark, (lines, width)
    first = max(MARKS, key=texts[0].count) if texts else ","
    # A header without a row, or rows that all differ: the header tells.
    return best if most[0] > 1 else first


def _split(text: str, delimiter: str) -> list[str]:
    try:
        return split_line(text, delimiter)
    except csv.Error:
        return []


def _columns(path: Path, line: _Line, delimiter: str) -> tuple[str, ...]:
    try:
        if len(line.text.encode("utf-8", "replace")) <= MAX_BYTES:
            return tuple(" ".join(name.split()) for name in split_line(line.text, delimiter))
        got = f"a first line of more than {MAX_BYTES:,} bytes"
    except csv.Error as error:
        # The module speaks to programmers of how a file was opened; what stands there is a line break.
        told = "a line break outside quotes" if "new-line" in str(error) else error
        got = f"a header that is no CSV ({told})"
    raise InputError(
        where=f"{path} line {line.first}",
        got=got,
        want="the names of the columns",
        fix="Mend the first line; documents are taken in with `thaw add`.",
    )


def _first_lines(path: Path, header_row: int | None) -> tuple[list[_Line], str | None]:
    """The first lines that are not blank, at most 30 from the header on, and the mark that `sep=;` names."""
    found: list[_Line] = []
    separator: str | None = None
    size = 0
    for line in _logical(path):
        named = _SEPARATOR.fullmatch(line.text.strip(" \r\n")) if not found else None
        if named:
            separator = named[1]
        elif line.text.strip():
            found.append(line)
            size += len(line.text)
        enough = len(found) >= _LOOKED_AT or (size > HEAD and len(found) > 1)
        if enough and (header_row is None or line.last >= header_row):
            break
    return found, separator


def _logical(path: Path) -> Iterator[_Line]:
    """Lines of the table; physical ones are joined while a quote is open, where it is closed again soon."""
    with open_text(path) as stream:
        number = 0
        waiting: list[str] = []
        while data := stream.readline(MAX_BYTES + 1):
            number += 1
            waiting.append(decode(data))
            joined = "\n".join(waiting)
            if joined.count('"') % 2 == 0:
                yield _Line(number - len(waiting) + 1, number, joined)
                waiting = []
            elif len(waiting) == _MAX_LINES or len(joined) > MAX_BYTES:
                # A stray quote: each line stands for itself.
                yield from (_Line(number - len(waiting) + 1 + i, number - len(waiting) + 1 + i, text)
                            for i, text in enumerate(waiting))  # fmt: skip
                waiting = []
        for i, text in enumerate(waiting):
            yield _Line(number - len(waiting) + 1 + i, number - len(waiting) + 1 + i, text)
