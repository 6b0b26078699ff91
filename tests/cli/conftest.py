"""A small invented book for the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from books import csv_file, imported, new_book, rows


@pytest.fixture
def book(tmp_path: Path) -> Path:
    work = new_book(tmp_path / "book")
    imported(work, csv_file(tmp_path / "a.csv", rows(4)))
    work.book.close()
    return tmp_path / "book"
