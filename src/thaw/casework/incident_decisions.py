"""What a person decides on a case and an incident in which nobody was killed: one event after all, or one offender."""

from __future__ import annotations

from typing import Any

from thaw.access import View
from thaw.casebook import find_case
from thaw.casebook.incidents import find_incident, incident_decisions
from thaw.errors import InputError
from thaw.store import Where

from .book import Session

_KINDS = {"same": "same_case.decide", "link": "link.decide"}


def case_and_incident(session: Session, one: str, other: str, *, command: str) -> tuple[str, str] | None:
    """The case, as it was named, and the id of the incident, where one of two is an incident that is no case.

    None for two cases, and for what is neither. Raises InputError for two incidents.
    """
    view = session.look("", kind="access.list", detail={"command": command})
    found = [None if find_case(view, text) else find_incident(view, text) for text in (one, other)]
    if all(found):
        raise InputError(
            where=command,
            got="two incidents in which nobody was killed",
            want="a case and an incident, or two cases",
            fix="List cases with `thaw cases`.",
        )
    if found[0]:
        return other, found[0]
    return (one, found[1]) if found[1] else None


def decide_on_incident(
    session: Session, relation: str, case: str, incident: str, *, decision: str, reason: str
) -> dict[str, Any]:
    """Record a decision on a case and an incident; returns it as it stands now.

    relation  same: the incident is this killing; link: one offender did both
    decision  accept, reject, undecided (link), undo (same)
    Raises InputError for a case that is not there, an empty reason, and an undo where nothing was decided.
    """
    if not reason.strip():
        raise InputError(where=relation, got="no reason", want="why, for the log", fix="Use --reason TEXT.")
    view = session.look(relation, about=case)
    case_id = str(view.about)
    before = _decision(view, case_id, incident, relation)
    if decision == "undo" and (before is None or before["decision"] == "undone"):
        raise InputError(
            where=relation,
            got="a case and an incident on which nothing was decided",
            want="a decision to undo",
            fix="See `thaw same --all`.",
        )
    facts: dict[str, Any] = {"scope": {"case": case_id}, "incident": incident, "reason": reason}
    facts |= {} if decision == "undo" else {"decision": decision}
    kind = "same_case.undo" if decision == "undo" else _KINDS[relation]
    session.book.store.append(session.draft(kind, facts, obj=case_id))
    decided = _decision(view, case_id, incident, relation)
    assert decided is not None
    return decided


def _decision(view: View, case_id: str, incident: str, relation: str) -> dict[str, Any] | None:
    where = [Where("case_id", "=", case_id), Where("incident_id", "=", incident), Where("relation", "=", relation)]
    return next(iter(incident_decisions(view, where)), None)
