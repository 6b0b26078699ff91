"""The counts of docs/reference/formats.md are what the readers make of the development files, row for row."""

from __future__ import annotations

import pytest

from scripts.count_registers import END, PAGE, START, table
from shared_files import shared


@pytest.mark.slow
def test_the_counts_of_the_page_are_those_of_the_files() -> None:
    data = shared("data")
    text = PAGE.read_text(encoding="utf-8")
    assert text[text.index(START) : text.index(END) + len(END)] == table(data), "run scripts/count_registers.py"
