"""The replay: nothing of the future, planted bursts seen as they happen, as many alarms by chance as it says."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import scan_reference
from linkage.invented_counts import NEIGHBOURS, Row, cases_of, quiet, row
from thaw.errors import InputError
from thaw.linkage.replay import Replay, ReplaySettings, candidates_of, replay_scan
from thaw.linkage.scan import MERGED_METHODS


def replayed(rows: list[Row], **options: Any) -> Replay:
    return replay_scan(cases_of(rows), NEIGHBOURS, ReplaySettings(**{"runs": 39, **options}))


def test_a_burst_is_seen_in_the_month_of_its_third_case_or_sooner():
    planted = [row(9000 + i, year=1991, month=4 + i, area="00002", agency="A2", method="90") for i in range(6)]
    rows = [*quiet(1), *planted]
    cases, found = cases_of(rows), replayed(rows)
    own = np.array([i for i, name in enumerate(cases.ids) if name >= "r009000"])
    seen = found.first_seen(own)
    assert seen is not None
    assert seen.month <= 12 * 1991 + 3 + 4
    assert set(seen.rows.tolist()) & set(own.tolist())
    assert [alarm.month for alarm in found.alarms] == sorted(alarm.month for alarm in found.alarms)


def test_what_comes_later_changes_nothing_that_was_seen():
    rows = quiet(2, count=500, years=10)
    cut = 12 * 1986 + 5
    early = [r for r in rows if 12 * r["year"] + r["month"] - 1 <= cut]
    whole, short = (_heaviest(table) for table in (rows, early))
    assert short
    assert {month: weight for month, weight in whole.items() if month <= cut} == pytest.approx(short)


def _heaviest(rows: list[Row]) -> dict[int, float]:
    cases = cases_of(rows)
    found: dict[int, float] = {}
    for weight, month in candidates_of(cases, NEIGHBOURS, ReplaySettings(men_shot=True)):
        found[month] = max(weight, found.get(month, 0.0))
    return found


@settings(max_examples=6)
@given(st.integers(0, 10_000))
def test_the_heaviest_window_of_every_month_is_that_of_plain_loops(seed: int):
    rows = quiet(seed, count=60, years=6)
    rows += [row(900 + i, year=1985, month=9 + i % 2, area="00002", agency="A2") for i in range(4)]
    found, wanted = _heaviest(rows), _plain(rows)
    assert wanted
    assert found == pytest.approx(wanted)


def _plain(rows: list[Row]) -> dict[int, float]:
    """Each month: cases so far times the share of their agency's and method's volume that the window should hold."""
    months, best = scan_reference.months_of(rows), {}
    start = min(12 * r["year"] + r["month"] - 1 for r in rows)
    for group in scan_reference.groups(rows, NEIGHBOURS, MERGED_METHODS):
        events = [r for r in group if r["unsolved"]]
        for month in {months[r["id"]] for r in events}:
            for length in (1, 3, 6, 12, 24, 36, 60, 120):
                weight = _weight(rows, events, months, month, length)
                if month >= 24 and weight >= 3.0:
                    best[start + month] = max(weight, best.get(start + month, 0.0))
    return best


def _weight(rows: list[Row], events: list[Row], months: dict[str, int], month: int, length: int) -> float:
    count = sum(month - length < months[r["id"]] <= month for r in events)
    so_far = Counter((r["agency"], r["method"]) for r in events if months[r["id"]] <= month)
    mean = 0.0
    for (agency, method), held in so_far.items():
        opened = min(months[r["id"]] for r in rows if r["agency"] == agency)
        volume = [
            months[r["id"]] for r in rows if (r["agency"], r["method"]) == (agency, method) and months[r["id"]] <= month
        ]
        back = max(length, min(60, month + 1 - opened))
        recent = sum(m > month - back for m in volume)
        mean += held * recent / len(volume) * min(1.0, length / back)
    return count * math.log(count / mean) - (count - mean) if count >= 2 and count > mean else 0.0


def test_an_alarm_that_stands_is_not_raised_again_for_a_year():
    planted = [row(9000 + i, year=1991, month=1 + i, area="00002", agency="A2", method="90") for i in range(10)]
    found = replayed([*quiet(3), *planted])
    own = [a for a in found.alarms if "00002" in a.areas and a.sex == "F" and 12 * 1991 <= a.month < 12 * 1992]
    assert len(own) <= 2
    assert len(found.standing) >= len(found.alarms)


@pytest.mark.slow
def test_where_nothing_goes_on_there_are_as_many_alarms_as_it_says():
    found = [replayed(quiet(seed), per_year=0.5) for seed in range(40)]
    raised, expected = sum(len(r.alarms) for r in found), sum(r.expected for r in found)
    # Alarms of one data set go together a little; four standard deviations of a Poisson count, and 15 % beside.
    assert raised <= expected * 1.15 + 4 * math.sqrt(expected)
    assert all(r.expected <= 0.5 * 18 for r in found)


def test_order_of_rows_and_seed():
    rows = quiet(4, count=600)
    one, two = replayed(rows), replayed(rows[::-1])
    assert [(a.month, a.weight, a.rows.tolist()) for a in one.alarms] == [
        (a.month, a.weight, a.rows.tolist()) for a in two.alarms
    ]
    assert (one.threshold, one.expected, one.inputs) == (two.threshold, two.expected, two.inputs)


@pytest.mark.parametrize("rows", [[], [row(1)], [row(i, month=None) for i in range(9)], [row(i) for i in range(99)]])
def test_records_of_two_years_or_less_raise_nothing(rows: list[Row]):
    found = replayed(rows)
    assert found.alarms == ()
    assert found.first is None
    assert found.first_seen(np.arange(len(rows))) is None


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (
            {"per_year": 0.0},
            "replay, false alarms a year: got 0.0, want a number above 0, at most 1000. Correct the value.",
        ),
        ({"runs": 5}, "replay, permutations: got 5, want a whole number from 19 to 9999. Correct the value."),
        ({"seed": -1}, "replay, seed: got -1, want a whole number from 0 to 4294967295. Correct the value."),
    ],
)
def test_a_wrong_setting_is_refused(option: dict[str, Any], message: str):
    with pytest.raises(InputError) as refused:
        ReplaySettings(**option)
    assert str(refused.value) == message
