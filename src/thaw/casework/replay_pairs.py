"""The replay of pairs and of low clearance: what would have been told on saving, and when a cell first looked unsolved.

A pair is told in the month of its later case, if random pairs reach its factor as seldom as the unit allows. The rates
are those of all cases, later ones too: how common a weapon is changes little by the years to come.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.access import View
from thaw.linkage.all_pairs import nearest

from .alerts import least_log10_bf
from .book import Session
from .matcher import Matcher, matcher_for

_KEPT = 20
_UNSOLVED_SHARE = 2 / 3  # MAP's rule: at most a third solved, two victims or more
Months = NDArray[np.int64]


@dataclass(frozen=True)
class PairReplay:
    """Pairs that would have been told: rows of both cases, and the month (from year 0) of the later one, ascending."""

    matcher: Matcher
    one: NDArray[np.int64]
    other: NDArray[np.int64]
    month: Months
    least: float

    @staticmethod
    def of(session: Session, view: View) -> PairReplay:
        """All pairs of the visible cases above today's threshold of alerts."""
        matcher = matcher_for(session, view)
        nothing = np.empty(0, dtype=np.int64)
        if len(matcher.profiles) < 2:
            return PairReplay(matcher, nothing, nothing, nothing, float("inf"))
        least = least_log10_bf(session, matcher)
        found = nearest(matcher.background, top=_KEPT, threads=len(os.sched_getaffinity(0)))
        one, place = np.nonzero(found.log10_bf >= least)
        other = found.rows[one, place].astype(np.int64)
        pairs = np.unique(np.column_stack([np.minimum(one, other), np.maximum(one, other)]), axis=0)
        month = _month_of(matcher)[pairs].max(axis=1, initial=-1)
        dated = (_month_of(matcher)[pairs] >= 0).all(axis=1)
        order = np.argsort(month[dated], kind="stable")
        pairs, month = pairs[dated][order], month[dated][order]
        return PairReplay(matcher, pairs[:, 0], pairs[:, 1], month, least)

    def first(self, case_ids: Iterable[str]) -> str | None:
        """The month in which two of these cases would first have been told of as a pair: 1987-10; None for never."""
        rows = [row for one in case_ids if (row := self.matcher.row_of(one)) >= 0]
        both = np.isin(self.one, rows) & np.isin(self.other, rows)
        return None if not both.any() else in_words(int(self.month[int(np.argmax(both))]))

    def months_of(self, rows: Sequence[int]) -> Months:
        """Months of some cases, ascending, unknown ones left out."""
        months = np.sort(_month_of(self.matcher)[np.array(rows, dtype=np.intp)])
        return np.asarray(months[months >= 0])


def first_low_clearance(months: Months, unsolved: NDArray[np.bool_]) -> str | None:
    """The first month by which two victims or more were known of whom at most a third was solved; None for never.

    A case counts as unsolved from its first month on if it is unsolved in the records, since they do not say when one
    was solved: so this is the earliest that anybody could have seen it.
    """
    known = months >= 0
    order = np.argsort(months[known], kind="stable")
    month, open_ = months[known][order], np.cumsum(unsolved[known][order])
    count = np.arange(1, month.size + 1)
    last = np.append(month[1:] != month[:-1], True) if month.size else np.zeros(0, dtype=np.bool_)
    low = last & (count >= 2) & (open_ >= _UNSOLVED_SHARE * count - 1e-9)
    return in_words(int(month[int(np.argmax(low))])) if low.any() else None


def known_series(pairs: PairReplay, scan: Any) -> list[dict[str, Any]]:
    """The series that people have labelled: when scan and pairs would first have told of two of their cases.

    scan  gives the month of the first alarm of the scan on some case ids, or None
    """
    listed = []
    for name, rows in sorted(pairs.matcher.series.items()):
        ids = [pairs.matcher.case_ids[row] for row in rows]
        months = pairs.months_of(rows)
        listed.append(
            {
                "series": name,
                "cases": ids,
                "second_case": in_words(int(months[1])) if months.size > 1 else None,
                "first_alarm": scan(ids),
                "first_pair_alert": pairs.first(ids),
            }
        )
    return listed


def in_words(month: int) -> str:
    """A month counted from January of year 0, such as 1987-10."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def _month_of(matcher: Matcher) -> Months:
    """Month of each case by the end of its interval, from January of year 0; -1 where it is unknown."""
    days = matcher.profiles.date_to
    known = ~np.isnan(days)
    found = np.full(days.size, -1, dtype=np.int64)
    start = np.datetime64("1900-01-01") + days[known].astype(np.int64)
    found[known] = start.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return found
