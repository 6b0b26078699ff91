"""Cells of typed tables: what stands under the head of a column, row by row, as far as the rows go."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CELL = re.compile(r"\S+(?: \S+)*")
_HEAD_LINE = re.compile(r"^[^\d\n]*\S  [^\d\n]*$", re.MULTILINE)
_RULED = re.compile(r"[\s=_*+|-]*$")
_EMPTY, _SLACK, _MOST_ROWS = 2, 2, 80


def cells_under(text: str, heads: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Places of the cells under each column whose head fits a rule.

    heads  matches the words of a head from their first letter; the line must have another head two blanks away.
    A cell belongs to the column when it begins between two letters left of the head and the next head. Two empty lines
    end a table; a line drawn with hyphens or the like ends it too once a row was seen.
    """
    for head in heads.finditer(text):
        yield from cells_below(text, head.start())


def cells_below(text: str, head: int) -> Iterator[tuple[int, int]]:
    """Places of the cells under the head that begins at this letter; none where its line has no other head."""
    begin = text.rfind("\n", 0, head) + 1
    stop = (text + "\n").find("\n", head)
    row = [m.start() - begin for m in _CELL.finditer(text, begin, stop)]
    column = head - begin
    if len(row) < 2 or column not in row:
        return
    limit = next((other for other in row if other > column), 1 << 20) - _SLACK
    yield from _column(text, stop + 1, column - _SLACK, limit)


def heads_of_tables(text: str) -> Iterator[tuple[int, str]]:
    """Place and words of every cell in lines that may be heads of tables: two cells at least, and no figure."""
    for line in _HEAD_LINE.finditer(text) if "  " in text else ():
        cells = [(m.start(), m.group()) for m in _CELL.finditer(text, *line.span())]
        if len(cells) > 1:
            yield from cells


def _column(text: str, at: int, first: int, limit: int) -> Iterator[tuple[int, int]]:
    empty = rows = 0
    while at < len(text) and empty < _EMPTY and rows < _MOST_ROWS:
        stop = (text + "\n").find("\n", at)
        if _RULED.fullmatch(text, at, stop):
            if rows and text[at:stop].strip():
                return
            empty += 1
        else:
            cells = list(_CELL.finditer(text, at, stop))
            # A head may run over two lines, the second with few words: only rows end at a drawn line.
            empty, rows = 0, rows + (len(cells) > 1)
            for cell in cells:
                if first <= cell.start() - at < limit:
                    yield cell.span()
        at = stop + 1
