"""Decisions on pairs of cases: accepted, rejected, left open, or certain by a hard fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.access import View
from thaw.casebook import list_cases
from thaw.errors import InputError
from thaw.store import Where

from .book import Session
from .incident_decisions import case_and_incident, decide_on_incident
from .link_tables import DECISIONS

# Facts that settle a pair outside the sum of likenesses, and what each of them settles.
FACTS: Mapping[str, str] = {
    "same_incident": "accept",
    "dna_match": "accept",
    "ballistic_match": "accept",
    "fingerprint_match": "accept",
    "dna_exclusion": "reject",
    "offender_in_prison": "reject",
    "offender_dead": "reject",
}


def link(
    session: Session, one: str, other: str, *, decision: str, reason: str, fact: str | None = None, purpose: str = ""
) -> dict[str, Any]:
    """Record what a person decided about a pair of cases, or a case and another incident; the answer of `thaw link`.

    fact  a hard fact (see FACTS) that settles the pair: it is then certain and not ranked
    Raises InputError for a case that is not there, one case twice, an unknown decision or fact, an empty reason, or a
    fact that says otherwise.
    """
    if decision not in DECISIONS:
        raise InputError(
            where="link, --decision", got=repr(decision), want="accept, reject or undecided", fix="Use one of these."
        )
    if not reason.strip():
        raise InputError(where="link, --reason", got="no reason", want="why, for the log", fix="Use --reason TEXT.")
    if fact is not None and FACTS.get(fact) != decision:
        want = ", ".join(name for name, means in FACTS.items() if means == decision) or "no fact"
        raise InputError(where="link, --fact", got=repr(fact), want=f"for {decision}: {want}", fix="Use one of these.")
    mixed = case_and_incident(session, one, other, command="link") if fact is None else None
    if mixed is not None:
        decided = decide_on_incident(session, "link", *mixed, decision=decision, reason=reason)
        told = {"cases": [decided["case_id"]], "incident": decided["incident_id"], "decision": decision}
        return told | {"fact": None, "reason": reason, "sets_aside": None}
    views = [session.look(purpose, detail={"command": "link"}, about=case) for case in (one, other)]
    ids = [str(view.about) for view in views]
    if ids[0] == ids[1]:
        raise InputError(where="link", got="one case twice", want="two cases", fix="Name two different cases.")
    if decision == "reject" and (series := _of_one_series(session, ids, purpose)):
        raise InputError(
            where="link",
            got=f"two cases that are labelled as series {series}",
            want="a decision that does not contradict the labels",
            fix="Take one of them out of the series first: `thaw label` with `no` in the column belongs.",
        )
    before = decided_pairs(views[1]).get((min(ids), max(ids)))
    payload = {"scope": {"case": sorted(ids)}, "decision": decision, "reason": reason, "fact": fact}
    session.book.store.append(session.draft("link.decide", payload, obj=min(ids)))
    # The last word counts, so that an error can be mended; a hard fact that it sets aside must not go unseen.
    set_aside = before["fact"] if before and (before["decision"] != decision or fact is None) else None
    told = {"cases": ids, "incident": None, "decision": decision, "fact": fact}
    return told | {"reason": reason, "sets_aside": set_aside}


def _of_one_series(session: Session, ids: list[str], purpose: str) -> str | None:
    """A labelled series that holds both cases, if there is one."""
    view = session.look(purpose, detail={"command": "link"}, about=ids[0])
    found = view.select("series_cases", ["series", "case_id"], [Where("case_id", "in", ids)])
    held = [{series for series, case_id in found if case_id == one} for one in ids]
    return min(held[0] & held[1], default=None)


def decided_pairs(view: View) -> dict[tuple[str, str], dict[str, Any]]:
    """The last decision on each pair of visible cases, the lower id first."""
    names = ("one", "other", "decision", "fact", "reason", "by", "at")
    hidden = view.visible.hidden_cases
    found = (dict(zip(names, row, strict=True)) for row in view.select("link_decisions", names))
    return {(row["one"], row["other"]): row for row in found if row["other"] not in hidden}


def certain_edges(view: View, case_id: str, pairs: Mapping[tuple[str, str], Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Cases that a hard fact ties to this one or keeps apart from it, as lists show them."""
    facts = {
        (two if one == case_id else one): row
        for (one, two), row in pairs.items()
        if case_id in (one, two) and row["fact"]
    }
    listed = list_cases(view, [Where("case_id", "in", sorted(facts))]) if facts else []
    return [
        {"why": facts[case["case_id"]]["fact"].replace("_", " "), "edge": _EDGES[facts[case["case_id"]]["decision"]]}
        | {"reason": facts[case["case_id"]]["reason"], "by": facts[case["case_id"]]["by"]}
        | case
        for case in listed
    ]


_EDGES = {"accept": "linked", "reject": "apart"}


def double_codings(view: View) -> list[tuple[str, str, str]]:
    """(field, first coder's value, second coder's value) of every visible case that two people coded, by coder's name.

    Of three coders the first two by name count: one pair per field and case, so that pairs are independent.
    """
    by_field: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for case_id, field, coder, value in view.select("codings", ["case_id", "field", "coder", "value"]):
        by_field.setdefault((case_id, field), []).append((coder, value))
    return [
        (field, *(value for _, value in sorted(said)[:2]))  # type: ignore[misc]
        for (_, field), said in sorted(by_field.items())
        if len(said) > 1
    ]
