"""Persons and incidents of registers as the commands show them: lists, and one person with all sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from thaw.access import View
from thaw.casebook import list_incidents, read_case
from thaw.casebook import person as fold_person
from thaw.casebook import persons as list_persons
from thaw.casebook.incidents import incident_decisions
from thaw.casebook.persons import invented_persons
from thaw.errors import InputError
from thaw.record import Text
from thaw.store import Where

from .book import Session
from .cases import statement_document
from .person_decisions import same_persons


def persons(
    session: Session, where: Sequence[str] = (), *, purpose: str = "", limit: int | None = None
) -> list[dict[str, Any]]:
    """The visible persons of registers that meet `FIELD=VALUE` conditions; the answer of `thaw persons`."""
    view = session.look(purpose, kind="access.list", detail={"command": "persons", "where": list(where)})
    return list_persons(view, where, limit=limit)


def person(session: Session, text: str, *, purpose: str = "") -> dict[str, Any]:
    """One person with statements, sources and conflicts; the answer of `thaw person`.

    text  id or source key
    Raises InputError, in the same words, for a person who is not there and one whom this reader may not see.
    """

    def its_case(view: Any) -> str | None:
        column = "source_key" if ":" in text else "person_id"
        found = view.select("person_register", ["case_id"], [Where(column, "=", text)])
        return found[0][0] if found else None

    view = session.look(purpose, detail={"command": "person", "asked": text}, find=its_case)
    found = fold_person(view, text)
    (listed,) = list_persons(view, [f"person_id={found.person_id}"])
    return {
        **{name: listed[name] for name in ("person_id", "source_key", "case_id", "kind", "date", "place", "status")},
        "invented": found.person_id in invented_persons(view, [found.person_id]),
        "source_keys": list(found.source_keys),
        "missing_since": found.missing_since,
        "same_as": [one for one in same_persons(view, found.person_id) if one != found.person_id],
        "statements": [statement_document(field) for field in found.fields],
    }


def incidents(
    session: Session, where: Sequence[str] = (), *, near: str | None = None, days: int = 31, purpose: str = ""
) -> list[dict[str, Any]]:
    """The incidents that are no case and meet `FIELD=VALUE` conditions; the answer of `thaw incidents`.

    near  a case, by id or source key: those of its state at most so many days from it, its own agency's first, then
          by days. Each then has `days_apart` and `same_agency`, which are None otherwise
    Raises InputError for a case that is not there, or has no date or no state.
    """
    detail = {"command": "incidents", "where": list(where), "days": days if near else None}
    view = session.look(purpose, kind="access.list", detail=detail, about=near)
    if near is None or view.about is None:
        listed = [one | {"days_apart": None, "same_agency": None} for one in list_incidents(view, where)]
        return _with_decisions(view, listed)
    columns = ("date_from", "date_to", "place_state")
    ((first, last, state),) = view.select("cases", columns, [Where("case_id", "=", view.about)])
    if not first or not state:
        raise InputError(
            where="--near",
            got="a case without a date or a state",
            want="a case of which both are known",
            fix="Add what is known to the case, or ask with --where.",
        )
    span = [date.fromisoformat(day).toordinal() + add for day, add in ((first, -days), (last, days))]
    begin, end = (date.fromordinal(max(1, day)).isoformat() for day in span)
    found = list_incidents(view, [*where, f"place.state={state}", f"date={begin}..{end}"])
    said = read_case(view, view.about).fields
    told = [source.statement.said.value for field in said if field.name == "agency" for source in field.sources]
    agency = {value.text for value in told if isinstance(value, Text)}
    listed = [
        one | {"days_apart": _apart(first, last, one["date"]), "same_agency": one["agency"] in agency} for one in found
    ]
    listed = sorted(listed, key=lambda one: (not one["same_agency"], one["days_apart"], one["source_key"]))
    return _with_decisions(view, listed)


def _with_decisions(view: View, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The incidents with what was decided on them and cases that this reader may see."""
    decided: dict[str, list[dict[str, Any]]] = {}
    for one in incident_decisions(view, []):
        told = {name: one[name] for name in ("case_id", "relation", "decision", "reason", "by", "at")}
        decided.setdefault(one["incident_id"], []).append(told)
    return [one | {"decisions": decided.get(one["incident_id"], [])} for one in listed]


def _apart(first: str, last: str, other: dict[str, Any]) -> int:
    """Days between two intervals; 0 when they meet."""
    days = [date.fromisoformat(day).toordinal() for day in (first, last, other["from"], other["to"])]
    return max(0, days[2] - days[1], days[0] - days[3])
