"""A sheet of an XLSX workbook as rows of text: values as last shown; a formula that nobody computed as written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from thaw.errors import InputError

from .documents.unpacking import checked_package
from .header_line import header_at
from .look import Header

_LOOKED_AT = 30
_FIX = "Open it and save the sheet as CSV."


def sheet_header(path: Path, sheet: str | None, header_row: int | None) -> Header:
    """The columns of a sheet: its first row, or the one below the titles; see `header_line.header_at`.

    Raises InputError for a workbook that cannot be read, a sheet that it does not have, and a row that is not there.
    """
    numbers: list[int] = []
    rows: list[list[str]] = []
    for number, cells in sheet_rows(path, sheet):
        if number > (header_row or 0) and len(rows) >= _LOOKED_AT:
            break
        numbers.append(number)
        rows.append(cells)
    if not rows or (header_row is not None and header_row not in numbers):
        where = f"{path} row {header_row}" if rows else str(path)
        got = "no row, or a blank one" if rows else "a sheet without a row"
        fix = "Correct header_row in the specification." if rows else "Name another with `sheet` in a specification."
        raise InputError(where=where, got=got, want="the names of the columns", fix=fix)
    at = header_at(rows) if header_row is None else numbers.index(header_row)
    columns = tuple(" ".join(name.split()) for name in rows[at])
    above = tuple("\t".join(row).strip() for row in rows[:at])
    return Header(columns, None, numbers[at], numbers[at], above, _others(path, sheet))


def sheet_rows(path: Path, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells as text) of each row that holds something, without the empty cells at its end."""
    with path.open("rb") as one, path.open("rb") as other:
        shown, meant = _opened(path, one, data_only=True), _opened(path, other, data_only=False)
        chosen = _chosen(path, shown, sheet)
        values, formulas = (book[chosen].iter_rows(values_only=True) for book in (shown, meant))
        try:
            for number, (row, written) in enumerate(zip(values, formulas, strict=True), start=1):
                cells = [_text(v if v is not None else f) for v, f in zip(row, written, strict=True)]
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    yield number, cells
        except Exception as error:
            # Caught: what a damaged sheet makes its reader raise is many things; the file is refused with it.
            if isinstance(error, (MemoryError, InputError)):
                raise
            raise _damaged(path, error) from None


def _others(path: Path, sheet: str | None) -> tuple[str, ...]:
    with path.open("rb") as stream:
        book = _opened(path, stream, data_only=True)
        chosen = _chosen(path, book, sheet)
        return tuple(one.title for one in book.worksheets if one.title != chosen)


def _chosen(path: Path, book: Any, sheet: str | None) -> str:
    names = [one.title for one in book.worksheets]
    if sheet is not None and sheet not in names:
        want = "one of " + ", ".join(names)
        raise InputError(where=f"{path}, sheet", got=repr(sheet), want=want, fix="Correct it in the specification.")
    visible = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    if sheet is None and not visible:
        raise InputError(where=str(path), got="a workbook without a sheet", want="a sheet with a table", fix=_FIX)
    return sheet or visible[0]


def _opened(path: Path, stream: Any, *, data_only: bool) -> Any:
    import warnings

    import openpyxl  # type: ignore[import-untyped]

    try:
        checked_package(path)
    except InputError as error:
        raise InputError(where=str(path), got=error.got, want=error.want, fix=_FIX) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that it does not keep
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=data_only, keep_links=False)
        except Exception as error:
            # Caught: what a damaged workbook makes its reader raise is many things; the file is refused with it.
            if isinstance(error, MemoryError):
                raise
            raise _damaged(path, error) from None
    for one in book.worksheets:
        # The extent that a file states may be false: rows are read to the end of the sheet.
        one.reset_dimensions()
    return book


def _damaged(path: Path, error: Exception) -> InputError:
    got = f"a workbook that cannot be read ({type(error).__name__}: {str(error)[:120]})"
    return InputError(where=str(path), got=got, want="a whole XLSX file", fix=_FIX)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case float():
            return f"{value:.15g}"
    return str(value)
