"""What people decided, on a case or in the whole book, with their reasons: read back from the ledger, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from thaw.access import View
from thaw.store import Entry, Where

from .book import Session, actor_id
from .searching import case_titles


def decisions_of_case(view: View, case_id: str, *, limit: int = 50) -> list[dict[str, Any]]:
    """What people decided on a case, newest first: kind, by, at, reason, what, entry."""
    kinds = [Where("case_id", "=", case_id), Where("kind", "in", list(_DECISIONS))]
    return [_told(one, one.payload) for one in view.log(kinds, limit=limit) if one.payload is not None]


def decisions(session: Session, *, person: str = "", limit: int = 200, purpose: str = "") -> list[dict[str, Any]]:
    """What people decided in this book, newest first, as `decisions_of_case`, and the cases of each: id and title.

    person  only those of this person, by name
    """
    view = session.look(purpose, kind="access.list", detail={"command": "decisions", "by": person})
    where = [Where("kind", "in", list(_DECISIONS))]
    where += [Where("actor", "=", actor_id(session.book, person))] if person else []
    # An entry on two cases stands in the index under both.
    entries = {one.leaf.seq: one for one in view.log(where, limit=2 * limit)}
    made = [(one, one.payload) for one in entries.values() if one.payload is not None][:limit]
    titles = case_titles(view, sorted({case for _, payload in made for case in _cases(payload)}))
    return [
        _told(one, payload) | {"cases": [{"case_id": c, "title": titles[c][0]} for c in _cases(payload) if c in titles]}
        for one, payload in made
    ]


def decision_words(entry: Entry) -> dict[str, Any] | None:
    """An entry that is a decision of a person, as `decisions_of_case` tells it; None for any other."""
    known = entry.payload is not None and entry.leaf.kind in _DECISIONS
    return _told(entry, entry.payload or {}) if known else None


def _told(one: Entry, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "entry": one.leaf.seq,
        "kind": one.leaf.kind,
        "what": _DECISIONS[one.leaf.kind],
        "by": payload.get("by"),
        "at": one.leaf.at,
        "reason": payload.get("reason"),
        "detail": _detail(payload),
    }


def _cases(payload: Mapping[str, Any]) -> list[str]:
    case = payload.get("scope", {}).get("case")
    return list(case) if isinstance(case, list) else [case] if case else []


def _detail(payload: Mapping[str, Any]) -> str:
    field, fact = (str(payload.get(name) or "").replace("_", " ").replace(".", " ") for name in ("field", "fact"))
    decision = payload.get("decision")
    told: Sequence[Any] = [field, _WORDS.get(str(decision), decision), payload.get("name"), fact]
    told = [*told, payload.get("method"), payload.get("expert") or payload.get("authority")]
    return ", ".join(str(one) for one in told if one)


_WORDS = {"accept": "accepted", "reject": "rejected", "undecided": "left open", "dismiss": "set aside"}


_DECISIONS = {
    "statement.prefer": "preferred a reading",
    "statement.withdraw": "took a statement back",
    "claim.resolve": "settled a disagreement of the papers",
    "claim.reopen": "opened a settled disagreement again",
    "mention.promote": "named a person or thing",
    "mention.reject": "took a name back",
    "person.join": "held two mentions for one",
    "person.part": "held two mentions apart",
    "link.decide": "decided on a pair of cases",
    "same_case.decide": "decided whether two records are one killing",
    "same_case.undo": "took back a decision on two records",
    "same_person.decide": "decided whether two persons are one",
    "same_person.undo": "took back a decision on two persons",
    "alert.dismiss": "dismissed an alert",
    "document.assign": "put a document to a case",
    "note.withdraw": "took a note back",
    "identify.rule_out": "kept that an expert rules out that a body is a missing person",
    "identify.decide": "kept that the responsible authority named a body",
    "identify.undo": "opened a pair of a body and a missing person again",
}
