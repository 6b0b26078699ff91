"""Two cases side by side: what both records say, what each feature weighs, what changes if a value is wrong, and what
was decided before. Words are "looks like" and "support"; nobody is named an offender."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.access import View
from thaw.casebook import co_victims, read_case, same_as
from thaw.errors import InputError
from thaw.linkage import Prior, score
from thaw.linkage.ranking import posterior
from thaw.store import Where

from .alerts import case_alerts
from .book import Session
from .cases import case_document
from .decisions import certain_edges, decided_pairs
from .matcher import Matcher, case_rows, matcher_for, prior_of, query_of
from .similar import feature_label, similar_to_case
from .what_if import choices, instead_of, told, without

_NOT_COMPARED = ("title", "narrative", "invented")
# They serve identification and audits: the linkage has no such feature, so its screens show none beside each other.
_NOT_SHOWN = ("race", "ethnicity", "race_ethnicity")
_BEFORE = ("link.propose", "link.decide", "link.undo")


@dataclass(frozen=True)
class _Bench:
    """What is needed to place one case among all for a query: the matcher, who may be ranked, and the other's row."""

    matcher: Matcher
    eligible: NDArray[np.bool_]
    row: int
    prior: Prior

    def place(self, query: Any) -> dict[str, Any]:
        """Rank, factor and posterior of the other case for this query."""
        scores = score(self.matcher.background, query)
        rows = np.flatnonzero(self.eligible)
        factors = scores.log10_bf(rows)
        own = float(scores.log10_bf(np.array([self.row]))[0])
        measured = own if self.matcher.calibration is None else float(self.matcher.calibration.log10_bf(own))
        odds = self.prior.log10_odds(max(2, rows.size + 1))
        return {
            "rank": 1 + int((factors > own + 1e-9).sum()),
            "log10_bf": own,
            "calibrated_log10_bf": None if self.matcher.calibration is None else measured,
            "posterior": posterior(measured, odds),
            "prior_log10_odds": odds,
            "posterior_log10_odds": odds + measured,
            "searched": int(rows.size),
        }


def pair_board(
    session: Session, one: str, other: str, *, instead: Mapping[str, str] | None = None, purpose: str = ""
) -> dict[str, Any]:
    """The two cases, the likeness of the second to the first, and its history; for the screen of a pair.

    instead  what if the first case had these values: see `what_if.instead_of`
    Raises InputError for a case that is not there, one case twice, or a value that no case could have.
    """
    view = session.look(purpose, detail={"command": "pair"}, about=one)
    second = session.look(purpose, detail={"command": "pair"}, about=other)
    ours, theirs = str(view.about), str(second.about)
    if ours == theirs:
        raise InputError(where="pair", got="one case twice", want="two cases", fix="Name two different cases.")
    documents = [case_document(view, read_case(view, case_id)) for case_id in (ours, theirs)]
    pairs = decided_pairs(view)
    key = (min(ours, theirs), max(ours, theirs))
    certain = next((c for c in certain_edges(view, ours, pairs) if c["case_id"] == theirs), None)
    answer: dict[str, Any] = {
        "ours": documents[0],
        "theirs": documents[1],
        "fields": list(side_by_side(*documents)),
        "decision": pairs.get(key),
        "certain": certain,
        "history": history(view, ours, theirs),
        "likeness": None,
        "what_if": [],
        "asked": None,
        "choices": [],
    }
    bench = _bench(session, view, ours, theirs)
    return answer if bench is None else answer | _likeness(session, view, bench, answer, instead or {})


def _bench(session: Session, view: View, ours: str, theirs: str) -> _Bench | None:
    """None when the pair is not ranked: certain by incident or record, or a death by negligence."""
    matcher = matcher_for(session, view)
    row = matcher.row_of(theirs)
    incident = view.select("cases", ["incident_id"], [Where("case_id", "=", ours)])[0][0]
    apart = [ours, *same_as(view, ours), *(c["case_id"] for c in co_victims(view, incident, ours))]
    if row < 0 or theirs in apart:
        return None
    eligible = np.ones(len(matcher.profiles), dtype=np.bool_)
    eligible[[at for case_id in apart if (at := matcher.row_of(case_id)) >= 0]] = False
    return _Bench(matcher, eligible, row, prior_of(session))


def _likeness(
    session: Session, view: View, bench: _Bench, answer: Mapping[str, Any], instead: Mapping[str, str]
) -> dict[str, Any]:
    ours, theirs = answer["ours"]["case_id"], answer["theirs"]["case_id"]
    row = case_rows(view, [ours])[ours]
    query = query_of(row)
    now = bench.place(query)
    found = similar_to_case(session, view, ours, top=1, among=[Where("case_id", "=", theirs)])
    likeness = now | {"result": found["results"][0] if found["results"] else None, "model": found["model"]}
    known = [part["feature"] for part in likeness["result"]["parts"]] if likeness["result"] else []
    what_if = [
        {"feature": name, "label": feature_label(name), **bench.place(without(query, name)), "ours": part["ours"]}
        for name, part in zip(known, likeness["result"]["parts"] if likeness["result"] else (), strict=True)
    ]
    asked = None
    if instead:
        changed = instead_of(bench.matcher, row, instead, session.book.clock().date())
        asked = {"changes": told(instead)} | bench.place(changed)
    record = {"command": "pair", "model": found["model"], "inputs": found["inputs"], "scope": {"case": [ours, theirs]}}
    view.record_result("link.run", record, [theirs], now["searched"], found["inputs"])
    return {"likeness": likeness, "what_if": what_if, "asked": asked, "choices": list(choices(bench.matcher, query))}


def side_by_side(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each field that either case has: both values in words, and whether they agree, differ, or one is silent."""
    ours, theirs = ({s["predicate"]: s for s in case["statements"]} for case in (one, other))
    for name in dict.fromkeys([*ours, *theirs]):
        if not _is_compared(name):
            continue
        left, right = _words(ours.get(name)), _words(theirs.get(name))
        if left is None and right is None:
            continue
        state = "silent" if left is None or right is None else "same" if left == right else "differs"
        yield {
            "field": name,
            "ours": left,
            "theirs": right,
            "state": state,
            "conflicts": [len(s["conflicts"]) if s else 0 for s in (ours.get(name), theirs.get(name))],
        }


def _is_compared(predicate: str) -> bool:
    return predicate not in _NOT_COMPARED and predicate.rpartition(".")[2] not in _NOT_SHOWN


def _words(statement: Mapping[str, Any] | None) -> str | None:
    if statement is None or not statement["preferred"] or statement["preferred"]["polarity"] == "unknown":
        return None
    return str(statement["preferred"]["in_words"])


def history(view: View, one: str, other: str) -> list[dict[str, Any]]:
    """Alerts and decisions on a pair, oldest first, as the ledger has them."""
    found = []
    for entry in view.entries_of_case(one):
        payload = entry.payload or {}
        if entry.leaf.kind not in _BEFORE or sorted(payload.get("scope", {}).get("case", [])) != sorted([one, other]):
            continue
        found.append(
            {
                "entry": entry.leaf.seq,
                "at": entry.leaf.at,
                "by": payload.get("by"),
                "what": "alert" if entry.leaf.kind == "link.propose" else payload.get("decision"),
                "reason": payload.get("reason"),
                "fact": payload.get("fact"),
                "alert_id": payload.get("alert_id"),
                "log10_bf": payload.get("log10_bf"),
            }
        )
    return found


def query_side(session: Session, case_id: str | None, *, purpose: str = "") -> dict[str, Any]:
    """What stands beside a ranked list: the facts of the case that is asked about, and how lists fared so far.

    alerts   on this case, newest first, whatever became of them
    decided  n pairs that people settled in this book, k of them accepted; hard facts are left away, since no list rests
             on them
    """
    view = session.look(purpose, detail={"command": "board"}, about=case_id)
    settled = [row for row in decided_pairs(view).values() if not row["fact"] and row["decision"] != "undecided"]
    facts = []
    if view.about is not None:
        for statement in case_document(view, read_case(view, view.about))["statements"]:
            words = _words(statement)
            if words is not None and _is_compared(statement["predicate"]):
                facts.append((statement["predicate"], words))
    accepted = sum(row["decision"] == "accept" for row in settled)
    told = case_alerts(view, view.about) if view.about is not None else []
    return {"alerts": told, "facts": facts, "decided": {"n": len(settled), "k": accepted}}
