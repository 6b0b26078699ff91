"""Alerts: a new or edited case is scored against all when it is saved, and who knows either case is told.

The threshold is a number of false alarms that a unit is willing to look at in a month. A dismissed alert comes back
only when something new is known of one of the two cases.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from thaw.access import View
from thaw.casebook import co_victims, list_cases, same_as
from thaw.casebook.person_alerts import person_alerts
from thaw.errors import InputError
from thaw.linkage import Ranking, rank, score
from thaw.record import new_ids
from thaw.store import Draft, Where

from .alert_deeds import with_deeds
from .book import Session
from .decisions import decided_pairs
from .matcher import Matcher, case_rows, matcher_for, prior_of, query_of
from .person_alerts import dismissed_person_alert, shown_person_alerts

_MOST = 20  # alerts that one saved case can raise
_LOOKED_AT = 20  # cases entered last whose comparison may have been cut short
_STATES = ("open", "dismissed", "accepted", "rejected", "all")
_NAMES = (
    "alert_id",
    "state",
    "one",
    "other",
    "saved",
    "log10_bf",
    "posterior",
    "model",
    "inputs",
    "raised_at",
    "reason",
)


def alerts(session: Session, *, state: str = "open", purpose: str = "") -> list[dict[str, Any]]:
    """Alerts on visible cases, newest first; the answer of `thaw alerts`. Raises InputError for an unknown state.

    decided  by, at and entry of what dismissed, accepted or rejected it; None while it is open
    """
    if state not in _STATES:
        raise InputError(where="alerts, --state", got=repr(state), want=", ".join(_STATES), fix="Use one of these.")
    view = session.look(purpose, kind="access.list", detail={"command": "alerts", "state": state})
    where = [] if state == "all" else [Where("state", "=", state)]
    found = [
        dict(zip(_NAMES, row, strict=True)) for row in view.select("alerts", _NAMES, where, order=["-seq", "alert_id"])
    ]
    seen = [row for row in found if row["other"] not in view.visible.hidden_cases]
    both = with_deeds(view, [*_shown(view, seen), *shown_person_alerts(view, person_alerts(view, where))])
    return sorted(both, key=lambda one: one["raised_at"] or "", reverse=True)


def case_alerts(view: View, case_id: str) -> list[dict[str, Any]]:
    """Every alert on a visible case with another visible one, newest first, whatever became of it."""
    found = [
        dict(zip(_NAMES, row, strict=True))
        for side in ("one", "other")
        for row in view.select("alerts", _NAMES, [Where(side, "=", case_id)], order=["-seq", "alert_id"])
    ]
    hidden = view.visible.hidden_cases
    seen = [row for row in found if not hidden & {row["one"], row["other"]}]
    return sorted(with_deeds(view, _shown(view, seen)), key=lambda one: one["raised_at"] or "", reverse=True)


def dismiss(session: Session, alert_id: str, *, reason: str, purpose: str = "") -> dict[str, Any]:
    """Set an alert aside with a reason; it returns only on new facts. The answer of `thaw alerts dismiss`.

    Raises InputError for an alert that is not there or an empty reason.
    """
    if not reason.strip():
        raise InputError(where="alerts dismiss", got="no reason", want="why, for the log", fix="Use --reason TEXT.")
    view = session.look(purpose, kind="access.list", detail={"command": "alerts dismiss", "asked": alert_id})
    if (persons := dismissed_person_alert(session, view, alert_id, reason)) is not None:
        return persons
    found = view.select("alerts", ["one", "other", "state"], [Where("alert_id", "=", alert_id)])
    if not found or found[0][1] in view.visible.hidden_cases:
        raise InputError(
            where="alerts dismiss", got=repr(alert_id), want="the id of an alert", fix="List them with `thaw alerts`."
        )
    one, other, _ = found[0]
    payload = {"scope": {"case": [one, other]}, "decision": "dismiss", "reason": reason, "alert_id": alert_id}
    session.book.store.append(session.draft("link.decide", payload, obj=one))
    return {"alert_id": alert_id, "state": "dismissed", "reason": reason}


def alert_on_save(session: Session, case_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Score these cases, just saved, against all others and raise what is alike enough; returns the new alerts."""
    about = case_ids[0] if case_ids else None  # filed with the case: who may not see it sees no look either
    view = session.look("alerts on save", kind="access.list", detail={"command": "alerts on save"}, about=about)
    matcher = matcher_for(session, view)
    if len(matcher.profiles) < 2:
        return []
    raised, told = proposals(session, view, matcher, case_ids, least_log10_bf(session, matcher))
    if raised:
        session.book.store.append(*raised)
    return _shown(view, told)


def alert_on_missed(session: Session) -> list[str]:
    """Score the cases entered last that nobody scored, since the workbench was ended in the midst of it; their ids."""
    view = session.look("alerts on save", kind="access.list", detail={"command": "alerts missed"})
    missed = []
    for entry in view.log([Where("kind", "=", "case.create")], limit=_LOOKED_AT):
        case_id = entry.leaf.obj
        said = (entry.payload or {}).get("said", {}).get("case", ())
        if case_id is None or len(said) < 2:  # only a title: there is nothing to compare
            continue
        later = view.log([Where("case_id", "=", case_id), Where("kind", "=", "access.list")], limit=_LOOKED_AT)
        if not any((one.payload or {}).get("command") == "alerts on save" for one in later):
            missed.append(case_id)
    for case_id in reversed(missed):
        alert_on_save(session, [case_id])  # one by one: each look is filed with its case
    return missed[::-1]


def proposals(
    session: Session, view: View, matcher: Matcher, case_ids: Sequence[str], least: float, most: int | None = None
) -> tuple[list[Draft], list[dict[str, Any]]]:
    """What is to be told of these cases, each against all others: entries to be written, and the same as rows.

    least  log10 factor from which a pair is told; most = pairs in all, the highest factors first
    """
    decided = decided_pairs(view)
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for case_id in case_ids:
        row = case_rows(view, [case_id]).get(case_id)
        if row is None or matcher.row_of(case_id) < 0:
            continue
        ranking = _ranking(session, view, matcher, row, case_id)
        for match in ranking.results:
            other = matcher.case_ids[match.index]
            pair = (min(case_id, other), max(case_id, other))
            if match.log10_bf < least or pair in told:
                continue
            facts = _facts(matcher, case_id, match.index)
            if _settled(view, decided, pair, facts):
                continue
            payload: dict[str, Any] = {"scope": {"case": list(pair)}, "saved": case_id, "facts": facts}
            payload |= {"log10_bf": match.log10_bf, "posterior": match.posterior}
            told[pair] = payload | {"model": ranking.model, "inputs": ranking.inputs}
    chosen = sorted(told.items(), key=lambda item: (-item[1]["log10_bf"], item[0]))[:most]
    drafts, rows = [], []
    for (pair, payload), alert_id in zip(chosen, new_ids("a", len(chosen)), strict=True):
        payload["alert_id"] = alert_id
        drafts.append(session.draft("link.propose", payload, obj=pair[0]))
        rows.append(payload | {"one": pair[0], "other": pair[1], "state": "open", "reason": None, "raised_at": None})
    return drafts, rows


def least_log10_bf(session: Session, matcher: Matcher, at_once: float = 0) -> float:
    """The factor from which a pair is told: random pairs reach it as often as the false alarms that are allowed.

    A month brings as many cases as the last full year of the book had per month, each compared with all; where more
    pairs than that are compared `at_once`, all of these together may bring as many false alarms as a month.
    """
    settings = session.book.settings
    # A month of a small book holds few pairs: of what is merely more alike than most nobody needs to be told.
    months = float(settings["linkage.cases_per_month"]) or _cases_per_month(matcher)
    pairs = max(months * max(len(matcher.profiles) - 1, 1), at_once)
    least = math.log10(float(settings["linkage.alert_from"]))
    return max(least, matcher.pairs.reached_by(float(settings["linkage.false_alarms_per_month"]) / pairs))


def _cases_per_month(matcher: Matcher) -> float:
    days = matcher.profiles.date_to[~np.isnan(matcher.profiles.date_to)]
    if not days.size:
        return 1.0
    return max(1.0, float((days > days.max() - 365.25).sum()) / 12)


def _ranking(session: Session, view: View, matcher: Matcher, row: Mapping[str, Any], case_id: str) -> Ranking:
    eligible = np.ones(len(matcher.profiles), dtype=np.bool_)
    apart = [*same_as(view, case_id), *(one["case_id"] for one in co_victims(view, row["incident_id"], case_id))]
    eligible[[at for one in apart if (at := matcher.row_of(one)) >= 0]] = False
    prior = prior_of(session)
    scores = score(matcher.background, query_of(row))
    return rank(scores, eligible, top=_MOST, prior=prior, calibration=matcher.calibration)


def _facts(matcher: Matcher, case_id: str, other: int) -> str:
    """Digest of what is known of both cases: an alert that was dismissed comes back when it changes."""
    # Without the number of the incident, which changes when other cases come in.
    both = (matcher.profiles.profile(row) for row in (matcher.row_of(case_id), other))
    sides = sorted(repr(replace(profile, incident=None)) for profile in both)
    return hashlib.sha256("\0".join(sides).encode()).hexdigest()


def _settled(
    view: View, decided: Mapping[tuple[str, str], Mapping[str, Any]], pair: tuple[str, str], facts: str
) -> bool:
    if pair in decided and decided[pair]["decision"] != "undecided":
        return True
    where = [Where("one", "=", pair[0]), Where("other", "=", pair[1])]
    before = view.select("alerts", ["state", "facts"], where)
    return bool(before) and before[0][1] == facts


def _shown(view: View, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ids = sorted({row[name] for row in found for name in ("one", "other")})
    listed = {case["case_id"]: case for case in list_cases(view, [Where("case_id", "in", ids)])} if ids else {}
    shown = []
    for row in found:
        # The case that was saved first, the one it is like second.
        pair = sorted((row["one"], row["other"]), key=lambda case_id: case_id != row["saved"])
        shown.append(
            {
                "alert_id": row["alert_id"],
                "about": "link",
                "state": row["state"],
                "case_id": pair[0],
                "other_case_id": pair[1],
                "cases": [listed[case_id] for case_id in pair if case_id in listed],
                "log10_bf": row["log10_bf"],
                "posterior": row["posterior"],
                "model": row["model"],
                "inputs": row["inputs"],
                "raised_at": row["raised_at"],
                "reason": row["reason"],
                "persons": [],
                "moved": None,
            }
        )
    return shown
