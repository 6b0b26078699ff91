"""`thaw replay`: the records month by month, when each find of `thaw series` would first have raised an alarm, and how
many alarms there were in all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from thaw.access import View
from thaw.linkage import ScanSettings
from thaw.linkage.replay import ReplaySettings, replay_scan

from .book import Session
from .counting import Counted, neighbours_of
from .replay_pairs import PairReplay, first_low_clearance, in_words, known_series
from .series import SEX, first_day, last_day, listed, method_in_words, place_in_words, scanned

MODEL = "thaw-replay/1"
# Answers of the linkage room, whose face has no room for the names of their types.
Replay: TypeAlias = Any
Alarm: TypeAlias = Any


def replay(
    session: Session,
    *,
    where: Sequence[str] = (),
    first: int | None = None,
    last: int | None = None,
    top: int = 20,
    settings: ReplaySettings | None = None,
    purpose: str = "",
) -> dict[str, Any]:
    """The answer of `thaw replay`: every alarm in order of time, and for the first `top` finds of `thaw series` when an
    alarm first held two of their unsolved cases.

    Raises InputError for a wrong condition or setting.
    """
    chosen = settings or ReplaySettings()
    detail = {"command": "replay", "where": list(where), "from": first, "to": last, "top": top}
    view = session.look(purpose, detail=detail)
    scan_settings = ScanSettings(seed=chosen.seed, men_shot=chosen.men_shot)
    held, scan = scanned(session, view, where=where, first=first, last=last, settings=scan_settings)
    run = replayed(session, view, held, chosen)
    document = _document(held, run, listed(held, scan)[:top], PairReplay.of(session, view))
    ids = [case_id for alarm in document["alarms"] for case_id in alarm["cases"]]
    ids += [case_id for find in (*document["series"], *document["known_series"]) for case_id in find["cases"]]
    ids = list(dict.fromkeys(ids))
    origin = {name: document[name] for name in ("model", "inputs", "seed", "permutations", "false_alarms_a_year")}
    record = {"scope": {"case": ids}, "command": "replay", **origin, "alarms": document["alarm_count"]}
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    view.record_result("model.test", record, ids, run.cases, digest)
    return document


def replayed(session: Session, view: View, held: Counted, settings: ReplaySettings) -> Replay:
    """The run month by month: from memory while the casebook has not changed."""
    key = (*_key(view, settings), held.chosen.tobytes())
    kept = session.book.cache.get("replay")
    if kept is None or kept[0] != key:
        run = replay_scan(held.cases, neighbours_of(held.cases), settings, held.chosen)
        kept = session.book.cache["replay"] = (key, run)
    return kept[1]


def is_replayed(session: Session, view: View, settings: ReplaySettings | None = None) -> bool:
    """Whether a replay of all cases stands in memory for what this view sees."""
    kept = session.book.cache.get("replay")
    return kept is not None and kept[0][:-1] == _key(view, settings or ReplaySettings())


def _key(view: View, settings: ReplaySettings) -> tuple[Any, ...]:
    return view.changed_seq("casebook"), view.visible, repr(settings)


def _document(held: Counted, run: Replay, finds: Sequence[dict[str, Any]], pairs: PairReplay) -> dict[str, Any]:
    months = 0 if run.first is None else max(0, run.last - run.first + 1 - run.settings.warm_up)
    return {
        "from": first_day(run.first),
        "to": last_day(run.last),
        "cases": run.cases,
        "months": months,
        "alarm_count": len(run.alarms),
        "expected_false_alarms": round(run.expected, 2),
        "false_alarms_a_year": run.settings.per_year,
        "alarms": [_alarm(held, alarm) for alarm in run.alarms],
        "series": [_find(held, run, find, pairs) for find in finds],
        "known_series": known_series(pairs, lambda ids: _month(run.first_seen(_rows(held, ids)))),
        "pair_alerts": int(pairs.month.size),
        "threshold": run.threshold,
        "model": MODEL,
        "inputs": run.inputs,
        "seed": run.settings.seed,
        "permutations": run.settings.runs,
    }


def _alarm(held: Counted, alarm: Alarm) -> dict[str, Any]:
    names = [held.cases.ids[row] for row in alarm.rows]
    rows = [held.row_of[name] for name in names]
    return {
        "month": first_day(alarm.month)[:7],  # type: ignore[index]
        "place": place_in_words(held, alarm.areas, names),
        "from": first_day(alarm.begin),
        "to": last_day(alarm.month),
        "victims": SEX[alarm.sex],
        "method": method_in_words(alarm.method),
        "unsolved": len(rows),
        "expected_unsolved": round(alarm.expected, 3),
        "cases": [held.rows["case_id"][row] for row in rows],
        "source_keys": [key for row in rows if (key := held.rows["source_key"][row])],
    }


def _rows(held: Counted, case_ids: Sequence[str]) -> Any:
    """Rows of some cases that are counted."""
    wanted = set(case_ids)
    found = [row for row, name in enumerate(held.cases.ids) if held.rows["case_id"][held.row_of[name]] in wanted]
    return np.array(found, dtype=np.int64)


def _month(alarm: Alarm | None) -> str | None:
    return None if alarm is None else in_words(alarm.month)


def _find(held: Counted, run: Replay, find: dict[str, Any], pairs: PairReplay) -> dict[str, Any]:
    """One find of `thaw series`, with the month of its first alarm and how late that was."""
    rows = _rows(held, find["cases"])
    open_rows = rows[held.cases.unsolved[rows] == 1]
    months = np.sort(held.cases.month[open_rows])
    months = months[months >= 0]
    alarm = run.first_seen(open_rows)
    known = ("rank", "place", "from", "to", "victims", "method", "found_by", "q_value", "cases", "unsolved")
    return {
        **{name: find[name] for name in known},
        "first_alarm": _month(alarm),
        "first_low_clearance": first_low_clearance(held.cases.month[rows], held.cases.unsolved[rows] == 1),
        "first_pair_alert": pairs.first(find["cases"]),
        "unsolved_then": None if alarm is None else int((months <= alarm.month).sum()),
        # Two cases are the least that can be seen to belong together.
        "months_after_second_case": None if alarm is None else int(alarm.month - months[1]),
    }
