"""Lines without quotes are parted without the CSV reader: the same cells must come out."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.intake.joining import split_line


@given(st.text(min_size=1), st.sampled_from(",;\t|"))
def test_the_cells_of_a_line_are_those_of_the_csv_reader(text: str, delimiter: str) -> None:
    try:
        want = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        with pytest.raises(csv.Error):
            split_line(text, delimiter)
        return
    assert split_line(text, delimiter) == want


def test_a_cell_that_is_too_long_is_refused_with_and_without_quotes() -> None:
    for cell in ("x" * 131_073, '"' + "x" * 131_073 + '"'):
        with pytest.raises(csv.Error):
            split_line(f"a,{cell}", ",")
