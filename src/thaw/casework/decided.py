"""What people decided on a case, with their reasons: read back from the ledger, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from thaw.access import View
from thaw.store import Where


def decisions_of_case(view: View, case_id: str, *, limit: int = 50) -> list[dict[str, Any]]:
    """What people decided on a case, newest first: kind, by, at, reason, what, entry."""
    kinds = [Where("case_id", "=", case_id), Where("kind", "in", list(_DECISIONS))]
    return [
        {
            "entry": one.leaf.seq,
            "kind": one.leaf.kind,
            "what": _DECISIONS[one.leaf.kind],
            "by": one.payload.get("by"),
            "at": one.leaf.at,
            "reason": one.payload.get("reason"),
            "detail": _detail(one.payload),
        }
        for one in view.log(kinds, limit=limit)
        if one.payload is not None
    ]


def _detail(payload: Mapping[str, Any]) -> str:
    told: Sequence[Any] = [payload.get("field"), payload.get("decision"), payload.get("name"), payload.get("fact")]
    return ", ".join(str(one) for one in told if one)


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
}
