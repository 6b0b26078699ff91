"""Cases as the commands and screens show them: lists, counts, one case with its sources, a new incident, same-case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.casebook import (
    CaseView,
    Folded,
    Sourced,
    co_victims,
    conditions,
    list_cases,
    list_documents,
    read_case,
    same_as,
    unfolded,
)
from thaw.casebook.incidents import incident_decisions
from thaw.casebook.place_fields import place_hint
from thaw.intake import incident_said, read_incident
from thaw.record import Code, PartialDate, Place, Quantity, Reference, Said, Text, codes_of, new_ids
from thaw.store import Where

from .alerts import alert_on_save
from .book import Session, name_of
from .said_words import ANSWERS, value_in_words
from .same_case import propose_same_cases


def cases(session: Session, where: Sequence[str] = (), *, purpose: str = "", limit: int | None = None) -> list[Any]:
    """The visible cases that meet `FIELD=VALUE` conditions; the answer of `thaw cases`."""
    chosen = conditions(where)
    view = session.look(purpose, kind="access.list", detail={"command": "cases", "where": list(where)})
    return list_cases(view, chosen, limit=limit)


def case_count(session: Session, where: Sequence[str] = (), *, purpose: str = "") -> int:
    """How many visible cases meet the conditions; the answer of `thaw cases --count`."""
    chosen = conditions(where)
    view = session.look(purpose, kind="access.list", detail={"command": "cases --count", "where": list(where)})
    return view.count("cases", [*chosen, unfolded(view)])


def nothing_found_hint(where: Sequence[str]) -> str | None:
    """What to try when no case meets the conditions; from the map of counties alone, never from the book."""
    return place_hint(where)


def case(session: Session, case_id: str, *, purpose: str = "") -> dict[str, Any]:
    """One case with its statements, sources and conflicts; the answer of `thaw case`.

    Raises InputError, in the same words, for a case that does not exist and one that this person may not see.
    """
    view = session.look(purpose, detail={"command": "case"}, about=case_id)
    assert view.about is not None
    return case_document(view, read_case(view, view.about))


def case_document(view: View, folded: CaseView) -> dict[str, Any]:
    """The document of `thaw case` for a folded case."""
    listed = list_cases(view, [Where("case_id", "=", folded.case_id)])
    row = view.select("cases", ["title", "invented"], [Where("case_id", "=", folded.case_id)])[0]
    others = co_victims(view, folded.incident_id, folded.case_id)
    incident = {"incident_id": folded.incident_id, "co_victims": others} if folded.incident_id else None
    return {
        "case_id": folded.case_id,
        "title": row[0],
        "invented": row[1] == "yes",
        "source_keys": list(folded.source_keys),
        "date": listed[0]["date"] if listed else None,
        "place": listed[0]["place"] if listed else None,
        "missing_since": folded.missing_since,
        "statements": [statement_document(field) for field in folded.fields],
        "incident": incident,
        "same_as": same_as(view, folded.case_id),
        "incidents": incident_decisions(view, [Where("case_id", "=", folded.case_id)]),
        "documents": list_documents(view, [Where("case_id", "=", folded.case_id)]),
    }


def new_case(session: Session, path: Path) -> dict[str, Any]:
    """Store the incident of a file as a new case; the answer of `thaw new`."""
    return enter_case(session, read_incident(path), file=name_of(path))


def enter_case(session: Session, said: dict[str, Any], *, file: str | None) -> dict[str, Any]:
    """Store sayings as a new case, score it against all others, and tell of those that look alike."""
    made = create_case(session, said, file=file)
    return made | {"alerts": alert_on_save(session, [made["case_id"]])}


def new_titled_case(session: Session, title: str) -> str:
    """Make a case of which only the title is known; returns its id."""
    said = {"case": [{"p": "title", "v": {"text": title}}], "victim": []}
    return str(create_case(session, said, file=None)["case_id"])


def incident_sayings(data: Any) -> dict[str, list[Any]]:
    """The sayings of an incident given as JSON, such as a form makes it."""
    return dict(incident_said(data, where="incident"))


def create_case(session: Session, said: dict[str, Any], *, file: str | None) -> dict[str, Any]:
    """Store sayings as a new case entered by this person."""
    (case_id,), (victim,), (incident,) = (new_ids(prefix, 1) for prefix in "cpi")
    payload = {
        "scope": {"case": case_id},
        "file": file,
        "subjects": {"case": case_id, "victim": victim},
        "incident": {"id": incident, "key": None},
        "source": {"citation": {"quote": file} if file else {}, "recorded_by": session.actor.name},
        "said": said,
    }
    done = session.book.store.append(session.draft("case.create", payload, obj=case_id))
    view = session.look("same case", kind="access.list", detail={"command": "same"}, about=case_id)
    propose_same_cases(session, view, since=done.result[0] - 1)
    return {"case_id": case_id, "alerts": []}


def statement_document(field: Folded) -> dict[str, Any]:
    """One element of `statements` in the documents of `thaw case` and `thaw person`."""
    best = field.preferred or field.sources[0]
    return {
        "predicate": field.name,
        "value": _value(best.statement.said) if field.preferred else None,
        "words": value_in_words(best.statement.said.value, best.statement.said.polarity) if field.preferred else None,
        "preferred": _source(field.preferred) if field.preferred else None,
        "sources": [_source(sourced) for sourced in field.sources],
        "conflicts": [_source(sourced) for sourced in field.conflicts],
    }


def _value(said: Said) -> Any:
    """The value as the contract shows it: dates and places as objects, codes with list and label, answers as words."""
    match said.value:
        case None:
            return ANSWERS[said.polarity]
        case Text(text):
            return text
        case Code(code, list_name):
            return {"code": code, "list": list_name, "label": codes_of(list_name).get(code)}
        case Quantity(low, high, unit):
            return {"low": low, "high": high, "unit": unit}
        case Reference(target):
            return target
        case PartialDate() | Place() as whole:
            return whole.to_json()


def _source(sourced: Sourced) -> dict[str, Any]:
    statement = sourced.statement
    citation = statement.source.citation
    return {
        "entry": statement.seq,
        "role": sourced.role,
        "index": statement.index,
        "value": _value(statement.said),
        "in_words": value_in_words(statement.said.value, statement.said.polarity),
        "words": statement.said.words,
        "polarity": statement.said.polarity,
        "status": statement.status if sourced.live else "superseded",
        "source_key": sourced.source_key,
        "source_row": sourced.row,
        "citation": citation.to_json(),
        "said_by": statement.source.said_by,
        "recorded_by": statement.source.recorded_by,
        "extracted_by": statement.source.extracted_by,
    }
