from __future__ import annotations

import pytest

from thaw.intake.vague_day import vague_day


@pytest.mark.parametrize(
    ("words", "first", "last", "precision"),
    [
        ("June 1985", "1985-06-01", "1985-06-30", "month"),
        ("Feb. 1984", "1984-02-01", "1984-02-29", "month"),
        ("6/1985", "1985-06-01", "1985-06-30", "month"),
        ("June 5, 1985", "1985-06-05", "1985-06-05", "day"),
        ("5th June 1985", "1985-06-05", "1985-06-05", "day"),
        ("Summer 1985", "1985-06-01", "1985-08-31", "interval"),
        ("fall of 1985", "1985-09-01", "1985-11-30", "interval"),
        ("winter 1985", "1985-12-01", "1986-02-28", "interval"),
        ("circa 1985", "1984-01-01", "1986-12-31", "interval"),
        ("ca. 1985", "1984-01-01", "1986-12-31", "interval"),
        ("about 1985", "1984-01-01", "1986-12-31", "interval"),
        ("1980s", "1980-01-01", "1989-12-31", "interval"),
        ("1984 to 1986", "1984-01-01", "1986-12-31", "interval"),
        ("1986-1984", "1984-01-01", "1986-12-31", "interval"),
    ],
)
def test_words_become_the_days_that_they_allow(words: str, first: str, last: str, precision: str) -> None:
    found = vague_day(words)
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat(), found.precision) == (first, last, precision)
    assert found.words == words


@pytest.mark.parametrize("words", ["", "soon", "Marchy 1985", "x 1985", "1985", "13/45/1985", "5 1985"])
def test_words_of_another_kind_say_no_day(words: str) -> None:
    assert vague_day(words) is None


@pytest.mark.parametrize("words", ["31 June 1985", "13/1985", "0/1985"])
def test_a_day_that_no_calendar_has_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"out of range|must be 1-12|must be in 1\.\.12"):
        vague_day(words)
