"""Dates on the form of a new incident, as the papers of an American unit write them."""

from __future__ import annotations

import pytest

from thaw.web.incident import _iso


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12/1/2018", "2018-12-01"),
        ("3-4-1984", "1984-03-04"),
        ("3.4.1984", "1984-03-04"),
        ("2018-12-01", "2018-12-01"),
        ("summer 1984", "summer 1984"),
        ("3/4/84", "3/4/84"),
        ("", ""),
    ],
)
def test_month_day_and_year_are_taken_in_that_order(typed: str, meant: str) -> None:
    assert _iso(typed) == meant
