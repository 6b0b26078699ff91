"""Suspected series as a screen shows them: finds of the scan by name, their years, and how an alarm came about.

A scan and a replay take seconds to minutes on a large book, so they run in the background; what is in memory is shown
at once, and it is never an older state of the casebook.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thaw.access import View
from thaw.casebook import list_cases
from thaw.errors import InputError
from thaw.linkage import ScanSettings
from thaw.linkage.replay import ReplaySettings
from thaw.linkage.scan import Scan
from thaw.store import Where

from .book import Session
from .counting import Counted
from .nameless import nameless_among
from .replay import is_replayed, replayed
from .series import is_scanned, listed, scanned, shown


def finds(session: Session, *, top: int = 40, purpose: str = "") -> list[dict[str, Any]] | None:
    """The finds of `thaw series` with a `find_id` each; None while no scan of this state stands in memory."""
    view = session.look(purpose, kind="access.list", detail={"command": "finds"})
    if not is_scanned(session, view):
        return None
    held, scan = scanned(session, view, settings=ScanSettings())
    return shown(view, held, scan, [find | {"find_id": find_id(find)} for find in listed(held, scan)[:top]])


def make_scan(session: Session, *, purpose: str = "scan for series") -> None:
    """Scan all cases, so that `finds` has an answer."""
    view = session.look(purpose, kind="access.list", detail={"command": "scan"})
    scanned(session, view, settings=ScanSettings())


def make_replay(session: Session, *, purpose: str = "replay") -> None:
    """Replay all cases month by month, so that a find can say when it would have been seen."""
    view = session.look(purpose, kind="access.list", detail={"command": "replay"})
    held, _ = scanned(session, view, settings=ScanSettings())
    replayed(session, view, held, ReplaySettings())


def find_board(session: Session, wanted: str, *, purpose: str = "") -> dict[str, Any]:
    """One find: its cases, expected against observed year by year, and month by month how it grew.

    `film` is None while no replay stands in memory. Raises InputError for a find that is not there now: after a change
    of the casebook finds may be others.
    """
    view = session.look(purpose, kind="access.list", detail={"command": "find", "asked": wanted})
    if not is_scanned(session, view):
        raise _no_find(wanted)
    held, scan = scanned(session, view, settings=ScanSettings())
    ranked = listed(held, scan)
    found = next((find for find in ranked if find_id(find) == wanted), None)
    if found is None:
        raise _no_find(wanted)
    shown(view, held, scan, [found])
    cases = {case["case_id"]: case for case in list_cases(view, [Where("case_id", "in", found["cases"])])}
    return {
        "find": found | {"find_id": wanted},
        "of": len(ranked),
        "cases": [cases[case_id] for case_id in found["cases"] if case_id in cases],
        "nameless": nameless_among(view, list(cases)),
        "years": years_of(held, scan, found),
        "film": film_of(session, view, held, found),
    }


def find_id(find: Mapping[str, Any]) -> str:
    """The name of a find: the same cases found in the same way have the same one."""
    said = json.dumps([sorted(find["cases"]), find["found_by"], find["from"], find["to"]])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def years_of(held: Counted, scan: Scan, find: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Killings of the same counties, victims and methods as the find, by year: all, unsolved, unsolved to be expected.

    Expected is what the clearance null says: how often the same agencies cleared the same methods in that decade.
    """
    cases = held.cases
    wanted = set(find["cases"])
    own = [row for row, name in enumerate(cases.ids) if held.rows["case_id"][held.row_of[name]] in wanted]
    if not own:
        return []
    alike = np.ones(len(cases), dtype=np.bool_)
    for column in (cases.area, cases.sex, cases.method):
        alike &= np.isin(column.codes, np.unique(column.codes[own]))
    rows = np.flatnonzero(alike & (cases.month >= 0))
    found = []
    for year in np.unique(cases.month[rows] // 12):
        mine = rows[cases.month[rows] // 12 == year]
        found.append(
            {
                "year": int(year),
                "total": int(mine.size),
                "unsolved": int((cases.unsolved[mine] == 1).sum()),
                "expected": float(scan.expected(mine)),
            }
        )
    return found


def film_of(session: Session, view: View, held: Counted, find: Mapping[str, Any]) -> dict[str, Any] | None:
    """Months in which an unsolved case of the find came in, and the month of the first alarm that held two of them."""
    if not is_replayed(session, view):
        return None
    run = replayed(session, view, held, ReplaySettings())
    wanted = set(find["cases"])
    rows = [row for row, name in enumerate(held.cases.ids) if held.rows["case_id"][held.row_of[name]] in wanted]
    open_rows = np.array([row for row in rows if held.cases.unsolved[row] == 1], dtype=np.int64)
    alarm = run.first_seen(open_rows)
    first = None if alarm is None else int(alarm.month)
    months: dict[int, list[str]] = {}
    for row in open_rows:
        month = int(held.cases.month[row])
        if month >= 0:
            months.setdefault(month, []).append(str(held.rows["case_id"][held.row_of[held.cases.ids[row]]]))
    return {
        "first_alarm": None if first is None else _month(first),
        "false_alarms_a_year": run.settings.per_year,
        "frames": _frames(months, first),
    }


def _frames(months: Mapping[int, Sequence[str]], first: int | None) -> list[dict[str, Any]]:
    frames, count = [], 0
    for month in sorted(months):
        count += len(months[month])
        alarm = first is not None and month >= first
        frames.append(
            {
                "month": _month(month),
                "count": count,
                "added": len(months[month]),
                "alarm": alarm,
                "case_id": months[month][0],
            }
        )
    return frames


def _month(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


def _no_find(wanted: str) -> InputError:
    return InputError(
        where="find",
        got=repr(wanted[:40]),
        want="a find of the scan of this casebook as it is now",
        fix="Open the list of suspected series again; after a change finds may be others.",
    )
