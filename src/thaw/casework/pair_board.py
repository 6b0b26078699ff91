"""Two cases side by side: what both records say, what each feature weighs, what changes if a value is wrong, and what
was decided before. Words are "looks like" and "support"; nobody is named an offender."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.access import View
from thaw.casebook import co_victims, read_case, same_as
from thaw.errors import InputError
from thaw.linkage import Prior, score
from thaw.linkage.ranking import posterior
from thaw.record import codes_of, predicates
from thaw.store import Where

from .book import Session
from .cases import case_document
from .decisions import certain_edges, decided_pairs
from .matcher import Matcher, case_rows, matcher_for, prior_of, query_of
from .similar import feature_label, similar_to_case

_NOT_COMPARED = ("title", "narrative", "invented")
_BEFORE = ("link.propose", "link.decide", "link.undo")
_NO_PLACE = dict.fromkeys(
    [f"{name}{n}" for name in ("lat", "lon", "spread_km") for n in ("", "_2", "_3")]
)  # fmt: skip
_PLAIN: Mapping[str, Mapping[str, None]] = {
    "place": _NO_PLACE,
    "time": {"date_from": None, "date_to": None},
    "victim_age": {"age_low": None, "age_high": None},
}
_LISTS = {"victim_sex": "shr.sex", "location_type": "nibrs.location_type"}


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
    session: Session, one: str, other: str, *, feature: str = "", value: str = "", purpose: str = ""
) -> dict[str, Any]:
    """The two cases, the likeness of the second to the first, and its history; for the screen of a pair.

    feature, value  what if the first case had this code there instead; an empty value is "not known"
    Raises InputError for a case that is not there, one case twice, or a feature or code that does not exist.
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
    return answer if bench is None else answer | _likeness(session, view, bench, answer, feature, value)


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
    session: Session, view: View, bench: _Bench, answer: Mapping[str, Any], feature: str, value: str
) -> dict[str, Any]:
    ours, theirs = answer["ours"]["case_id"], answer["theirs"]["case_id"]
    query = query_of(case_rows(view, [ours])[ours])
    now = bench.place(query)
    found = similar_to_case(session, view, ours, top=1, among=[Where("case_id", "=", theirs)])
    likeness = now | {"result": found["results"][0] if found["results"] else None, "model": found["model"]}
    known = [part["feature"] for part in likeness["result"]["parts"]] if likeness["result"] else []
    what_if = [
        {"feature": name, "label": feature_label(name), **bench.place(without(query, name)), "ours": part["ours"]}
        for name, part in zip(known, likeness["result"]["parts"] if likeness["result"] else (), strict=True)
    ]
    asked = None
    if feature:
        changed = _changed(bench.matcher, query, feature, value)
        asked = {"feature": feature, "label": feature_label(feature), "value": value} | bench.place(changed)
    record = {"command": "pair", "model": found["model"], "inputs": found["inputs"], "scope": {"case": [ours, theirs]}}
    view.record_result("link.run", record, [theirs], now["searched"], found["inputs"])
    return {"likeness": likeness, "what_if": what_if, "asked": asked, "choices": list(_choices(bench.matcher, query))}


def without(query: Any, feature: str) -> Any:
    """The query as if one of its features were not known."""
    if feature in _PLAIN:
        return replace(query, **_PLAIN[feature])
    return replace(query, categorical={**query.categorical, feature: None})


def _changed(matcher: Matcher, query: Any, feature: str, value: str) -> Any:
    if not value:
        if feature not in matcher.background.preset.names():
            raise _no_feature(feature)
        return without(query, feature)
    column = matcher.profiles.categorical.get(feature)
    if column is None or value not in column.levels:
        raise _no_feature(f"{feature}={value}")
    return replace(query, categorical={**query.categorical, feature: value})


def _no_feature(got: str) -> InputError:
    return InputError(
        where="what if",
        got=repr(got[:60]),
        want="a feature of the comparison and one of its codes",
        fix="Choose both from the lists.",
    )


def _choices(matcher: Matcher, query: Any) -> Iterator[dict[str, Any]]:
    """Features of which another code can be tried, with the codes that occur in this book."""
    for name in matcher.background.preset.names():
        column = matcher.profiles.categorical.get(name)
        if column is not None and 1 < len(column.levels) <= 60:
            known = predicates("case")
            listed = known.get(name) or known.get(f"mo.{name}")
            label_list = _LISTS.get(name) or (listed.list if listed else None)
            labels = codes_of(label_list) if label_list else {}
            codes = [(code, labels.get(code, code)) for code in column.levels]
            yield {"feature": name, "label": feature_label(name), "now": query.categorical.get(name), "codes": codes}


def side_by_side(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each field that either case has: both values in words, and whether they agree, differ, or one is silent."""
    ours, theirs = ({s["predicate"]: s for s in case["statements"]} for case in (one, other))
    for name in dict.fromkeys([*ours, *theirs]):
        if name in _NOT_COMPARED:
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

    decided  n pairs that people settled in this book, k of them accepted; hard facts are left away, since no list rests
             on them
    """
    view = session.look(purpose, detail={"command": "board"}, about=case_id)
    settled = [row for row in decided_pairs(view).values() if not row["fact"] and row["decision"] != "undecided"]
    facts = []
    if view.about is not None:
        for statement in case_document(view, read_case(view, view.about))["statements"]:
            words = _words(statement)
            if words is not None and statement["predicate"] not in _NOT_COMPARED:
                facts.append((statement["predicate"], words))
    accepted = sum(row["decision"] == "accept" for row in settled)
    return {"facts": facts, "decided": {"n": len(settled), "k": accepted}}
