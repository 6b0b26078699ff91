"""Spreadsheets as documents: the rows of every sheet, cell by cell, as they were last shown. Nothing is computed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from .limits import CELLS, refuse
from .pages import LINES_A_PAGE, Page, Read, Remark, plain_words
from .unpacking import checked_package

_WIDEST = 16_384


def read_sheets(path: Path) -> Iterator[Read]:
    """The pages of an XLSX file: 60 rows a page, cells divided by tabs, each sheet on pages of its own.

    Raises InputError for a damaged or locked file, and for one with more cells than people fill.
    """
    import warnings

    import openpyxl  # type: ignore[import-untyped]

    names = checked_package(path)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        yield Remark("macros left out")
    # Opened here, since openpyxl goes by the ending of a name, and files of the book have none.
    with warnings.catch_warnings(), path.open("rb") as one, path.open("rb") as other:
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that it does not keep
        shown = openpyxl.load_workbook(one, read_only=True, data_only=True, keep_links=False)
        meant = openpyxl.load_workbook(other, read_only=True, data_only=False, keep_links=False)
        number, cells = 1, 0
        for sheet, formulas in zip(shown.worksheets, meant.worksheets, strict=True):
            hidden = "" if sheet.sheet_state == "visible" else " (hidden)"
            lines = [f"Sheet: {sheet.title}{hidden}"]
            for row in _rows(sheet, formulas):
                cells += len(row)
                if cells > CELLS:
                    raise refuse(
                        "a table of more than 5,000,000 cells",
                        "a table that people filled in",
                        "If it is a register, give it to `thaw import`.",
                    )
                lines.append("\t".join(row).rstrip("\t"))
                if len(lines) == LINES_A_PAGE:
                    yield _page(number, lines)
                    number, lines = number + 1, []
            if lines:
                yield _page(number, lines)
                number += 1


def _rows(sheet: Any, formulas: Any) -> Iterator[list[str]]:
    """Rows up to the last that holds something; a formula that was never computed is shown as it is written."""
    blank = 0
    for values, meant in zip(sheet.iter_rows(values_only=True), formulas.iter_rows(values_only=True), strict=False):
        row = [_text(value if value is not None else formula) for value, formula in zip(values, meant, strict=False)]
        if not any(row):
            blank += 1
            continue
        # A few blank rows divide a table; a million of them are a mark somebody set at the far end.
        yield from [[] for _ in range(min(blank, 2))]
        blank = 0
        yield row[:_WIDEST]


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
        case float():
            return f"{value:.10g}"
    return " ".join(str(value).split())


def _page(number: int, lines: list[str]) -> Page:
    text = "\n".join(lines) + "\n"
    return Page(number, text, plain_words(text), None, None)
