"""Factories for tests: invented statements, entries and small books. Nobody and nothing in here exists."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw

from thaw.access import Actor, View, view
from thaw.casebook import Casebook
from thaw.casebook.papers import Papers
from thaw.ledger import SigningKey, Verification
from thaw.record import Code, PartialDate, Place, Quantity, Said, Text, pack_said
from thaw.search import Words
from thaw.store import DATABASE, Draft, Projection, Store, Visible, verify_book

ORIGIN = "invented.example/book"
KEY = SigningKey(ORIGIN, b"i" * 32)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLERK = Actor("a_clerk", "Ines Invented")


def clock() -> datetime:
    return NOON


def ticking(step_ms: int = 1000) -> Callable[[], datetime]:
    """A clock that goes on by `step_ms` each time it is read."""
    moments = iter(range(10**9))
    return lambda: NOON + timedelta(milliseconds=step_ms * next(moments))


def projections() -> tuple[Projection, ...]:
    return (Casebook(), Papers(), Words())


@contextmanager
def new_book(
    folder: Path, *, chosen: Sequence[Projection] | None = None, clock: Callable[[], datetime] = clock
) -> Iterator[Store]:
    """A book with its entry 0 and nothing else, closed in the end."""
    kept = projections() if chosen is None else tuple(chosen)
    store = Store.create(folder, KEY, kept, clock, actor="unit", facts={"software": "test"})
    try:
        yield store
    finally:
        store.close()


@contextmanager
def opened(
    folder: Path, *, chosen: Sequence[Projection] | None = None, clock: Callable[[], datetime] = clock
) -> Iterator[Store]:
    """The book in `folder`, closed in the end."""
    store = Store.open(folder, KEY, projections() if chosen is None else tuple(chosen), clock)
    try:
        yield store
    finally:
        store.close()


def note(number: int = 0, **more: Any) -> Draft:
    """An entry that no projection but the index cares for."""
    return Draft("note.add", "a_clerk", {"words": f"invented note {number}", **more})


def sayings(role_values: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """`{"weapon": "80", "victim.sex": "F", "bound": ...}` as packed sayings by role, for short tests."""
    said: dict[str, list[dict[str, Any]]] = {"case": [], "victim": [], "offender": []}
    for name, value in role_values.items():
        head, _, rest = name.partition(".")
        role, predicate = (head, rest) if head in ("victim", "offender") else ("case", name)
        said[role].append(pack_said(saying(predicate, value)))
    return said


def saying(predicate: str, value: Any) -> Said:
    """One saying; a code is given by its text, an age as (low, high), yes/no/unknown as such."""
    if value in ("yes", "no", "unknown"):
        return Said(predicate, None, None, {"yes": "asserted", "no": "denied", "unknown": "unknown"}[value])
    if predicate == "date":
        return Said(predicate, PartialDate.parse(value))
    if predicate == "place":
        return Said(predicate, Place(**value) if isinstance(value, dict) else Place(name=value))
    if predicate == "age":
        return Said(predicate, Quantity(*value, "years"))
    if predicate in ("title", "narrative", "agency", "agency_name", "name"):
        return Said(predicate, Text(value))
    lists = {"location_type": "nibrs.location_type", "status": "case_status.case_status"}
    return Said(predicate, Code(value, lists.get(predicate, f"shr.{predicate}")))


WOMAN = {
    "date": "1984-07",
    "place": {"name": "Invented County, UT", "state": "UT", "county_fips": "49035"},
    "weapon": "80",
    "victim.sex": "F",
    "victim.age": (24, 24),
}


def row(case_id: str, said: dict[str, Any] | None = None, *, prev: int | None = None, **more: Any) -> Draft:
    """An `import.row` entry of an invented register."""
    payload = {
        "by": CLERK.name,
        "scope": {"case": case_id},
        "row": 1,
        "source_key": f"invented:{case_id}",
        "subjects": {"case": case_id, "victim": f"{case_id}_victim", "offender": f"{case_id}_offender"},
        "incident": None,
        "source": {"citation": {"data_set": "0" * 64, "row": 1}, "recorded_by": "an invented register"},
        "said": sayings(WOMAN if said is None else said),
    }
    return Draft("import.row", CLERK.id, payload | more, obj=case_id, prev=prev)


def register_row(person_id: str, *, prev: int | None = None, **more: Any) -> Draft:
    """An `import.row` entry of an invented register of missing persons; `more` goes into its payload."""
    said = [
        {"p": "kind", "v": {"code": "missing", "list": "person.kind"}},
        {"p": "name", "v": {"text": "Ada Example"}},
        {"p": "mark", "v": {"text": "Tattoo: an anchor"}},
        {"p": "mark", "v": {"text": "Scar: on the chin"}},
        {"p": "last_seen", "v": {"date": {"from": "1984-07-03", "to": "1984-07-03", "precision": "day"}}},
        {"p": "last_seen_place", "v": {"place": {"name": "Moab, UT", "state": "UT", "county_fips": "49019"}}},
    ]
    payload = {
        "by": CLERK.name,
        "scope": {},
        "row": 1,
        "source_key": f"invented:{person_id}",
        "subjects": {"person": person_id},
        "source": {"citation": {"data_set": "0" * 64, "row": 1}, "recorded_by": "an invented register"},
        "said": {"person": said},
    }
    return Draft("import.row", CLERK.id, payload | more, obj=person_id, prev=prev)


def incident_row(incident_id: str, **more: Any) -> Draft:
    """An `import.row` entry of an invented incident in which nobody was killed."""
    said = [{"p": "offense", "v": {"code": "120", "list": "nibrs.offense"}}, *sayings({"date": "1985-03"})["case"]]
    payload = {
        "by": CLERK.name,
        "scope": {},
        "row": 1,
        "source_key": f"invented:{incident_id}",
        "subjects": {"incident": incident_id},
        "source": {"citation": {"data_set": "0" * 64, "row": 1}, "recorded_by": "an invented register"},
        "said": {"incident": said},
    }
    return Draft("import.row", CLERK.id, payload | more, obj=incident_id)


def statement(case_id: str, said: dict[str, Any], *, kind: str = "statement.add", **more: Any) -> Draft:
    """An entry with sayings about a case that the book knows."""
    prev = more.pop("prev", None)
    payload = {
        "by": CLERK.name,
        "scope": {"case": case_id},
        "subjects": {"case": case_id, "victim": f"{case_id}_victim", "offender": f"{case_id}_offender"},
        "source": {"citation": {"quote": "an invented quote"}, "said_by": "an invented witness"},
        "said": sayings(said),
    }
    return Draft(kind, CLERK.id, payload | more, obj=case_id, prev=prev)


def withdraw(case_id: str, entry: int, index: int, role: str = "case") -> Draft:
    payload = {"scope": {"case": case_id}, "entry": entry, "role": role, "index": index}
    return Draft("statement.withdraw", CLERK.id, payload)


def prefer(case_id: str, field: str, entry: int, index: int, role: str = "case") -> Draft:
    payload = {"scope": {"case": case_id}, "field": field, "entry": entry, "role": role, "index": index}
    return Draft("statement.prefer", CLERK.id, payload)


def missing(*case_ids: str) -> Draft:
    return Draft("import.missing", CLERK.id, {"scope": {"case": list(case_ids)}})


def same(one: str, other: str, decision: str = "accept") -> Draft:
    payload = {"scope": {"case": [one, other]}, "decision": decision, "reason": "invented"}
    return Draft("same_case.decide", CLERK.id, payload)


def not_same(one: str, other: str) -> Draft:
    return Draft("same_case.undo", CLERK.id, {"scope": {"case": [one, other]}, "reason": "invented"})


def add_document(store: Store, pages: Sequence[str | None], *, case_id: str | None = None, file: str = "a.txt") -> str:
    """Take in an invented document whose text layer is `pages`; returns its id."""
    digest = store.blobs.put(f"original of {file}: {pages}".encode())
    scope = {"document": digest} | ({"case": case_id} if case_id else {})
    facts = {"scope": scope, "file": file, "type": "text/plain", "size": 1, "blobs": [digest]}
    layer = {"engine": "invented 1", "pages": [{"number": i, "text": t, "words": []} for i, t in enumerate(pages, 1)]}
    layer_digest = store.blobs.put(json.dumps(layer).encode())
    read = {"scope": scope, "file": file, "layer": layer_digest, "blobs": [layer_digest], "engine": "invented 1"}
    bare = [i for i, text in enumerate(pages, 1) if text is None]
    store.append(
        Draft("document.add", CLERK.id, facts),
        Draft(
            "document.read",
            CLERK.id,
            read | {"pages": len(pages), "first_page": 1, "last_page": len(pages), "without_text": bare},
        ),
    )
    return digest


def look(store: Store, *, hidden: Sequence[str] = (), documents: Sequence[str] = ()) -> View:
    """A view from which these cases and documents are hidden."""
    seen = view(store, CLERK, "a test", clock)
    seen._reader._visible = Visible(frozenset(hidden), frozenset(documents))
    return seen


def verify(folder: Path, **more: Any) -> Verification:
    more.setdefault("projections", projections())
    return verify_book(folder, verifier=KEY.verifier, **more)


def findings(folder: Path, **more: Any) -> list[tuple[str, int | None]]:
    """Kind and entry of what a verification finds."""
    return [(found.kind, found.seq) for found in verify(folder, **more).findings]


def attack(folder: Path, *sql: str, parameters: Sequence[Any] = ()) -> None:
    """Change a closed book as somebody with the file and SQLite would: keys unchecked, guards off and on again."""
    db = apsw.Connection(str(folder / DATABASE))
    guards = []
    try:
        guards = db.execute("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _, _ in guards:
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute("PRAGMA ignore_check_constraints=ON")
        for statement_ in sql:
            db.execute(statement_, tuple(parameters))
    finally:
        left = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for _, table, guard in guards:
            if table in left:
                db.execute(guard)
        db.close()


def dump(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all projection tables, sorted: two books with the same entries must give the same."""
    db = store.reading_connection()
    names = [table.name for projection in store.projections for table in projection.tables]
    return {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
