"""Two records of persons side by side: does this body bear that name? Support by field, never a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from thaw.casebook.families import dna_of
from thaw.casebook.rulings import names_decided, rulings_of
from thaw.errors import InputError
from thaw.store import Where

from .book import Session
from .identify import OTHER, identify, seen_people
from .person_records import listed_person, people_of, shown_fields
from .persons import person as person_document

_ALL = 5_000
_TOP = 10
_RULINGS = {"identify.rule_out": "ruled out", "identify.decide": "named", "identify.undo": "taken back"}


def person_pair(session: Session, one: str, other: str, *, purpose: str = "") -> dict[str, Any]:
    """The pair field by field, with what each field says for and against, and the rulings on it.

    one, other  ids or source keys; one is unidentified and the other missing, in any order
    Raises InputError for a person who is not there or two of one kind.
    """
    documents = [person_document(session, text, purpose=purpose) for text in (one, other)]
    kinds = [document["kind"] for document in documents]
    if sorted(kinds) != ["missing", "unidentified"]:
        raise InputError(
            where="pair of persons",
            got=" and ".join(kinds),
            want="one who is unidentified and one who is missing",
            fix="Open the pair from the list of candidates.",
        )
    body, missing = documents if kinds[0] == "unidentified" else documents[::-1]
    # The whole list is ranked, so that rank, posterior and "none of these" are those of the list; the lane is the one
    # that stands beside the list of ten.
    found = identify(session, body["person_id"], top=_ALL, beside=_TOP, purpose=purpose)
    candidate = next((c for c in found["candidates"] if c["person_id"] == missing["person_id"]), None)
    view = session.look(purpose, detail={"command": "pair of persons"})
    people = {who: p for kind in ("unidentified", "missing") for who, p in seen_people(session, view, kind).items()}
    ours, theirs = (people[d["person_id"]] for d in (body, missing))
    parts = {part["feature"]: part["log10_bf"] for part in candidate["parts"]} if candidate else {}
    named = names_decided(view).get(body["person_id"])
    return {
        "unidentified": listed_person(ours),
        "missing": listed_person(theirs),
        "documents": [body, missing],
        "fields": list(_fields(shown_fields(ours), shown_fields(theirs), parts)),
        "candidate": candidate,
        "searched": found["searched"],
        "none_of_these": found["none_of_these"],
        "ruled_out": found["ruled_out"],
        "contradiction_only": found["contradiction_only"],
        "lane": [one for one in found["exception_lane"] if one["person_id"] == missing["person_id"]],
        "model": found["model"],
        "inputs": found["inputs"],
        "rulings": (rulings := _rulings(view, body["person_id"], missing["person_id"])),
        "standing": rulings_of(view, body["person_id"]).get(missing["person_id"]),
        "dna_log10_lr": dna_of(view, body["person_id"]).get(missing["person_id"]),
        "named": named,
        "naming": next((r["entry"] for r in reversed(rulings) if r["what"] == "named"), None)
        if named == missing["person_id"]
        else None,
        "cases": [p["case_id"] for p in (body, missing) if p["case_id"]],
    }


def person_lane(session: Session, person: str, without: str, *, purpose: str = "") -> dict[str, Any]:
    """Everybody whom the exception lane of one person shows with a field left out, with name, date and place.

    Raises InputError as `identify` does, and for a field that has no lane here.
    """
    found = identify(session, person, top=_TOP, purpose=purpose)
    lanes = {one["without"]: one for one in found["lanes"] if one["covers"] is not None}
    lane = lanes.get(without)
    if lane is None:
        raise InputError(
            where="exception lane",
            got=repr(without),
            want="one of " + ", ".join(lanes),
            fix="Open it from the list of candidates.",
        )
    view = session.look(purpose, detail={"command": "exception lane", "person": person, "without": without})
    people = seen_people(session, view, OTHER[found["person"]["kind"]])
    rows = [one for one in found["exception_lane"] if one["without"] == without]
    return {
        **{name: found[name] for name in ("person", "searched", "ruled_out", "model", "inputs")},
        "lane": lane,
        "listed": len(found["candidates"]),
        "rows": [{**listed_person(people[one["person_id"]]), "rank": one["rank"]} for one in rows],
    }


def _fields(ours: Mapping[str, str], theirs: Mapping[str, str], parts: Mapping[str, float]) -> Iterator[dict[str, Any]]:
    for name in dict.fromkeys([*parts, *ours, *theirs]):
        yield {
            "field": name,
            "ours": ours.get(name),
            "theirs": theirs.get(name),
            "log10_bf": parts.get(name),
            "state": "silent" if name not in parts else "for" if parts[name] >= 0 else "against",
        }


def _rulings(view: Any, unidentified: str, missing: str) -> list[dict[str, Any]]:
    found = []
    for entry in reversed(view.log([Where("kind", "in", list(_RULINGS))], limit=10_000)):
        payload = entry.payload or {}
        if (payload.get("unidentified"), payload.get("missing")) == (unidentified, missing):
            found.append(
                {
                    "entry": entry.leaf.seq,
                    "at": entry.leaf.at,
                    "by": payload.get("by"),
                    "what": _RULINGS[entry.leaf.kind],
                    "method": payload.get("method"),
                    "expert": payload.get("expert") or payload.get("authority"),
                    "reason": payload.get("reason"),
                }
            )
    return found


def person_counts(session: Session, *, purpose: str = "") -> dict[str, Any]:
    """The unidentified and the missing whom this person may see, for the front of the desk."""
    view = session.look(purpose, kind="access.list", detail={"command": "identification desk"})
    people = {kind: [listed_person(p) for p in people_of(view, kind)] for kind in ("unidentified", "missing")}
    return {kind: sorted(some, key=lambda p: p["source_key"] or p["person_id"]) for kind, some in people.items()}
