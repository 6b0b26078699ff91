"""Persons and incidents of registers as the commands show them: lists, and one person with all sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thaw.casebook import list_incidents
from thaw.casebook import person as fold_person
from thaw.casebook import persons as list_persons
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
        "source_keys": list(found.source_keys),
        "missing_since": found.missing_since,
        "same_as": [one for one in same_persons(view, found.person_id) if one != found.person_id],
        "statements": [statement_document(field) for field in found.fields],
    }


def incidents(session: Session, where: Sequence[str] = (), *, purpose: str = "") -> list[dict[str, Any]]:
    """The incidents that are no case and meet `FIELD=VALUE` conditions; the answer of `thaw incidents`."""
    view = session.look(purpose, kind="access.list", detail={"command": "incidents", "where": list(where)})
    return list_incidents(view, where)
