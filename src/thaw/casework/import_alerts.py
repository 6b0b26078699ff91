"""Alerts on what registers brought: new and changed cases are scored against all, in steps that survive a power cut.

One import may bring as many false alarms as a month, however many rows it has: a first register of forty years raises
no flood. Each step writes its alerts and how far it came in one transaction; the next import, `thaw work` or the
workbench goes on from there.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thaw.access import View
from thaw.store import Where

from .book import Progress, Session, no_progress

if TYPE_CHECKING:
    from thaw.linkage.all_pairs import Scored

    from .matcher import Matcher

SECONDS = 60.0
_PAIRS_A_STEP = 1_000_000_000  # a few seconds on one core
_FEW = 32  # cases that are scored one by one: the compiled kernel takes longer to load
_MOST = 200  # alerts of one import; what a hundred thousand equal records would bring beyond that is counted only


@dataclass(frozen=True)
class Told:
    """alerts raised; pairs alike enough beyond the most that are told at once; cases that still wait."""

    raised: int = 0
    held_back: int = 0
    waiting: int = 0


def alert_on_import(
    session: Session,
    view: View,
    *,
    seconds: float | None = None,
    always: bool = False,
    at_most: int | None = None,
    apart: bool = False,
    progress: Progress = no_progress,
) -> Told:
    """Score the cases that came in or changed since the last time, for about so many seconds; returns what was told.

    seconds  None: a minute
    always   leave an entry also where nothing is scored, so that it does not tell whether anything came in
    at_most  leave more cases than this for `thaw work` or the workbench; None: begin with any number
    apart    compare in a process of its own, for whoever stays: its memory goes back

    The factor from which a pair is told follows from `linkage.false_alarms_per_month` and the pairs that wait together.
    """
    upto, left, planned = _told_before(view)
    many = view.count("source_keys", _since(upto))
    if not many or (at_most is not None and many > at_most):
        if always:
            facts: dict[str, Any] = {"command": "alerts on import", "upto": upto, "left": many}
            facts |= {"pairs": planned if left else 0.0, "cases": 0, "raised": 0, "least": None, "held_back": 0}
            session.book.store.append(session.draft("link.run", facts))
        return Told(waiting=many)
    # Loaded here, since most imports need none of it; and two million rows that wait are counted only.
    from .alerts import least_log10_bf, proposals
    from .apart import run_apart
    from .matcher import matcher_for

    waiting = _waiting(view, upto)
    matcher = matcher_for(session, view)
    rows, seqs = _rows(matcher, waiting)
    count = len(matcher.profiles)
    pairs = rows.size * max(count - 1, 0) - rows.size * (rows.size - 1) / 2
    # What goes on where a step before stopped counts with what that began with, or each step had a month's allowance.
    pairs = max(pairs, planned if left else 0.0)
    least = least_log10_bf(session, matcher, at_once=pairs) if count > 1 else np.inf
    raised = held_back = done = 0
    started = time.monotonic()
    step = max(1, _PAIRS_A_STEP // max(count, 1))
    while True:
        some = rows[done : done + step]
        done += some.size
        ids = [matcher.case_ids[row] for row in _alike(matcher, some, least, run_apart if apart else None)]
        drafts, _ = proposals(session, view, matcher, ids, least)
        told = drafts[: max(0, _MOST - raised)]
        raised, held_back = raised + len(told), held_back + len(drafts) - len(told)
        left = rows.size - done
        facts = {"command": "alerts on import", "upto": seqs[done - 1] if left else waiting[-1][0]}
        facts |= {"left": left, "pairs": pairs, "cases": int(some.size), "raised": len(told)}
        facts |= {"least": float(least) if count > 1 else None}
        facts |= {"held_back": len(drafts) - len(told), "model": matcher.background.preset.model_id}
        session.book.store.append(*told, session.draft("link.run", facts | {"inputs": matcher.background.digest}))
        progress("alerts", done, rows.size)
        if not left or time.monotonic() - started > (SECONDS if seconds is None else seconds):
            return Told(raised, held_back, left)


def finish_alerts(session: Session, progress: Progress = no_progress) -> Told:
    """Go on with what an import left, to the end."""
    view = session.look("alerts on import", kind="access.list", detail={"command": "work"})
    return alert_on_import(session, view, seconds=np.inf, progress=progress)


def _told_before(view: View) -> tuple[int, int, float]:
    """The entry up to which cases were scored, how many were left then, and the pairs that they were taken for."""
    found = view.select("alerts_told", ["upto", "left", "pairs"], [Where("name", "=", "import")])
    return (int(found[0][0]), int(found[0][1]), float(found[0][2])) if found else (-1, 0, 0.0)


def _waiting(view: View, upto: int) -> list[tuple[int, str]]:
    """Entry and case of every row of a register that came after that entry, in this order."""
    found: list[tuple[int, str]] = []
    view.in_chunks("source_keys", ["seq", "case_id"], found.extend, _since(upto))
    return sorted(found)


def _since(upto: int) -> list[Where]:
    return [Where("seq", ">=", upto + 1), Where("case_id", "known")]


def _rows(matcher: Matcher, waiting: list[tuple[int, str]]) -> tuple[NDArray[np.intp], list[int]]:
    """Rows of the cases that are ranked, each once, and the entry of each."""
    newest: dict[int, int] = {}
    for seq, case_id in waiting:
        row = matcher.row_of(case_id)
        if row >= 0:
            newest[row] = seq
    ordered = sorted(newest.items(), key=lambda item: item[1])
    return np.array([row for row, _ in ordered], dtype=np.intp), [seq for _, seq in ordered]


def _alike(matcher: Matcher, rows: NDArray[np.intp], least: float, scored: Scored | None) -> list[int]:
    """Those of the rows that have another case at least so alike; all of them where they are few."""
    if len(matcher.profiles) < 2:
        return []
    if rows.size > _FEW:
        from thaw.linkage.all_pairs import nearest

        threads = len(os.sched_getaffinity(0))
        best = nearest(matcher.background, top=1, threads=threads, asked=rows, scored=scored).log10_bf[:, 0]
        rows = rows[best >= least]
    return [int(row) for row in rows]
