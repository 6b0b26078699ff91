"""Times of day that sentences give for their dates; each expectation read off the sentence by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.casebook.claims_account import Account
from thaw.casebook.hours import DAY, Hours, clock, has_time_column, hours_of

DAY_11, DAY_12 = date(1984, 3, 11), date(1984, 3, 12)


def hours(text: str) -> list[tuple[str, str]]:
    """Of the first mentioned day: first day of month, clock, last day, clock."""
    account = Account.read("d" * 64, text)
    (mention, *_) = [m for m in account.mentions if m.kind == "date" and m.date is not None and m.date.last >= DAY_11]
    column = has_time_column(account)
    return [
        (f"{h.first.day} {clock(h.begin)}", f"{h.last.day} {clock(h.end)}")
        for h in hours_of(account, mention, column=column)
    ]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("She left on March 11, 1984 at 2130 hours.", [("11 21:30", "11 21:30")]),
        ("She left at 9:30 p.m. on March 11, 1984.", [("11 21:30", "11 21:30")]),
        ("On March 11, 1984 he was seen at 9 p.m. He left.", [("11 21:00", "11 21:00")]),
        ("On March 11, 1984 between 2230 and 2300 hours he heard it.", [("11 22:30", "11 23:00")]),
        ("On March 11, 1984 between 10:30 p.m. and 11 p.m. he heard it.", [("11 22:30", "11 23:00")]),
        ("On March 11, 1984 from 11 p.m. to 1 a.m. he was out.", [("11 23:00", "12 01:00")]),
        ("On March 11, 1984 between 9 p.m. and dawn it was taken.", [("11 21:00", "12 06:00")]),
        ("On March 11, 1984 at about 11 p.m. he heard it.", [("11 22:30", "11 23:30")]),
        ("On March 11, 1984 at about midnight he heard it.", [("10 23:30", "11 00:30")]),
        ("It was the night of March 11, 1984 and cold.", [("11 18:00", "12 06:00")]),
        ("He came on March 11, 1984 in the morning.", [("11 05:00", "11 12:00")]),
        ("He came on March 11, 1984.", []),
        ("He came in March 1984 at 2130 hours.", []),
    ],
)
def test_times_of_a_sentence(sentence: str, found: list[tuple[str, str]]) -> None:
    assert hours(sentence) == found


def test_a_time_belongs_to_the_date_before_it() -> None:
    account = Account.read("d" * 64, "On March 11, 1984 he left, and on March 12, 1984 at 0610 hours he was back.")
    one, other = [m for m in account.mentions if m.kind == "date"]
    assert hours_of(account, one) == []
    assert hours_of(account, other) == [Hours(DAY_12, DAY_12, 370, 370)]


def test_four_figures_behind_the_days_of_a_log_are_times() -> None:
    log = "Record of March 10, 1984\n03/11/84 2115 Arrived.\n03/12/84 0740 Checked plate.\n03/13/84 1305 Called.\n"
    assert hours(log) == [("11 21:15", "11 21:15")]
    once = "On March 11, 1984 2115 Alder Court was empty.\nHe called on March 12, 1984.\n"
    assert hours(once) == []


@given(st.dates(), st.integers(-30, 2 * DAY), st.integers(0, DAY))
def test_a_span_keeps_its_length_or_is_none(day: date, begin: int, length: int) -> None:
    made = Hours.of(day, begin, begin + length)
    if made is not None:
        minutes = (made.last - made.first).days * DAY + made.end - made.begin
        assert minutes == length
        assert (made.first - day).days * DAY + made.begin == begin
        assert 0 <= made.end <= DAY
