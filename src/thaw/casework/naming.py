"""The name that the responsible authority decided on: kept, taken back, and what it tells of the case.

A body of a homicide is a case too. With its name come the age, the sex and the day when the person was last seen, said
of the victim and citing the record of the missing person, so the case is compared anew with all others. The body's own
record stays as it was: what a name adds is no evidence for the name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.access import View
from thaw.casebook.rulings import names_decided
from thaw.errors import InputError
from thaw.record import PartialDate, Said, pack_said

from .alerts import alert_on_save
from .book import Session
from .person_records import person_of_kind

_OF_VICTIM = ("name", "sex", "age", "race_ethnicity")


def decide_name(
    session: Session, unidentified: str, missing: str, *, authority: str, reason: str, purpose: str = ""
) -> dict[str, Any]:
    """Keep that the authority decided who a body is; the answer of `thaw ruling name`.

    authority  medical examiner or coroner, by name
    Raises InputError for a person who is not there or of another kind, a body that has a name already, and an empty
    authority or reason.
    """
    for name, text in (("authority", authority), ("reason", reason)):
        if not text.strip():
            raise InputError(where=f"ruling name, {name}", got="nothing", want="a few words", fix=f"Use --{name} TEXT.")
    view = session.look(purpose, detail={"command": "ruling name"})
    body, person = person_of_kind(view, unidentified, "unidentified"), person_of_kind(view, missing, "missing")
    if body["person_id"] in names_decided(view):
        raise InputError(
            where="ruling name",
            got="a body that has a name",
            want="one without",
            fix="Take the first decision back: `thaw ruling undo ENTRY --reason TEXT`.",
        )
    pair = {"unidentified": body["person_id"], "missing": person["person_id"]}
    scope = {"scope": {"case": body["case_id"]}} if body["case_id"] else {}
    payload = {**pair, "authority": authority.strip(), "reason": reason.strip(), **scope}
    drafts = [session.draft("identify.decide", payload)]
    if body["case_id"]:
        drafts.append(session.draft("statement.add", _of_the_case(body, person, authority), obj=body["case_id"]))
    entry = session.book.store.append(*drafts).result[0]
    raised = alert_on_save(session, [body["case_id"]]) if body["case_id"] else []
    return {"entry": entry, **pair, "state": "identified", "case_id": body["case_id"], "alerts": raised}


def undo_name(session: Session, view: View, entry: int, *, reason: str) -> dict[str, Any] | None:
    """Take the decision of an entry back, with what it told of the case; None where no name stands on that entry."""
    found = names_decided(view, seq=entry)
    if not found:
        return None
    ((body, missing),) = found.items()
    subject = person_of_kind(view, body, "unidentified")
    case_id = subject["case_id"]
    payload: dict[str, Any] = {"unidentified": body, "missing": missing, "reason": reason}
    drafts = [session.draft("identify.undo", payload | ({"scope": {"case": case_id}} if case_id else {}), prev=entry)]
    if case_id:
        drafts += [
            session.draft(
                "statement.withdraw",
                {"scope": {"case": case_id}, "entry": seq, "role": "", "index": -1, "reason": reason},
                obj=case_id,
            )
            for seq in _told(view, case_id, body, missing)
        ]
    result = session.book.store.append(*drafts).result
    if case_id:
        alert_on_save(session, [case_id])
    return {"entry": result[0], "unidentified": body, "missing": missing, "state": "open"}


def _told(view: View, case_id: str, body: str, missing: str) -> list[int]:
    """Entries that said of the case what its name told, and were not withdrawn."""
    entries = view.entries_of_case(case_id)
    gone = {(e.payload or {}).get("entry") for e in entries if e.leaf.kind == "statement.withdraw"}
    pair = [body, missing]
    made = [e for e in entries if e.leaf.kind == "statement.add" and (e.payload or {}).get("identification") == pair]
    return [e.leaf.seq for e in made if e.leaf.seq not in gone]


def _of_the_case(body: Mapping[str, Any], person: Mapping[str, Any], authority: str) -> dict[str, Any]:
    said = [pack_said(one) for name in _OF_VICTIM for one in person["sayings"].get(name, ())[:1]]
    when = _between(person["sayings"].get("last_seen", ()), body["sayings"].get("found", ()))
    return {
        "scope": {"case": body["case_id"]},
        "identification": [body["person_id"], person["person_id"]],
        "subjects": {"case": body["case_id"], "victim": person["person_id"]},
        "source": {"citation": {"quote": f"identified as {person['source_key']}"}, "recorded_by": authority.strip()},
        "said": {"victim": said, "case": [pack_said(Said("date", when))] if when else []},
    }


def _between(seen: Any, found: Any) -> PartialDate | None:
    """The days in which death lies: from when last seen to the finding; None where the record says it the other way."""
    first = next((s.value.first for s in seen if isinstance(s.value, PartialDate)), None)
    last = next((s.value.last for s in found if isinstance(s.value, PartialDate)), None)
    if first is None or last is None or first > last:
        return None
    return PartialDate(first, last, "day" if first == last else "interval")
