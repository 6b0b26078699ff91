"""Records that may be of one person: proposed with probability and parts, decided by people, taken back at will."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from thaw.access import View
from thaw.casebook.persons import invented_persons, person_fields
from thaw.casebook.same_person import propose
from thaw.errors import InputError
from thaw.search import name_value
from thaw.store import Where

from .book import Session, scope_of
from .person_decisions import decisions_on_persons, pair_key
from .searching import case_titles, engine_for

# Probability, the one person, the other, and what each field says.
_Pair = tuple[float, dict[str, Any], dict[str, Any], list[dict[str, Any]]]
_LEAST = 0.1
_DECISIONS = ("accept", "reject", "undecided")


def proposed_persons(session: Session, *, purpose: str = "", top: int = 50) -> dict[str, Any]:
    """Pairs of person records that may be one person, the likeliest first; the answer of `thaw namesakes list`.

    Compared are names, birth date, sex and place, as far as the records give them. Pairs that were decided show the
    decision; pairs below a probability of 0.1 are left out. Two people of one case are never proposed as one.
    """
    view = session.look(purpose, kind="access.list", detail={"command": "namesakes list"})
    people = _people(session, view)
    decisions = decisions_on_persons(view)
    pairs = _kept_pairs(session, view, people)
    shown = pairs[:top]
    titles = case_titles(view, [p["case_id"] for _, one, other, _ in shown for p in (one, other) if p["case_id"]])
    made_up = invented_persons(view, [p["person_id"] for _, one, other, _ in shown for p in (one, other)])
    return {
        "persons": len(people),
        "total": len(pairs),
        "proposals": [
            {
                "one": _told(one, titles, made_up),
                "other": _told(other, titles, made_up),
                "probability": round(probability, 4),
                "parts": parts,
                "decision": decisions.get(pair_key(one["person_id"], other["person_id"]), (None, None))[0],
                "reason": decisions.get(pair_key(one["person_id"], other["person_id"]), (None, None))[1],
            }
            for probability, one, other, parts in shown
        ],
    }


def decide_same_person(session: Session, one: str, other: str, *, decision: str, reason: str) -> dict[str, Any]:
    """Record that two persons are one, that they are not, or that it is open; the answer of `thaw namesakes decide`.

    Nothing is merged: both records stay. Raises InputError for persons that are not there or may not be seen, one
    person twice, another decision, or an empty reason.
    """
    view = session.look(reason, kind="access.list", detail={"command": "namesakes decide"})
    cases = _cases(session, view, one, other)
    if decision not in _DECISIONS or not reason.strip():
        got = repr(decision) if decision not in _DECISIONS else "no reason"
        raise InputError(where="same person", got=got, want="accept, reject or undecided, and why", fix="Use --reason.")
    facts = {"persons": sorted((one, other)), "decision": decision, "reason": reason, **scope_of(cases)}
    session.book.store.append(session.draft("same_person.decide", facts))
    return {"persons": sorted((one, other)), "decision": decision, "reason": reason}


def undo_same_person(session: Session, one: str, other: str, *, reason: str) -> dict[str, Any]:
    """Take a decision back: the two stand alone again, the decision stays in the ledger; of `thaw namesakes undo`."""
    view = session.look(reason, kind="access.list", detail={"command": "namesakes undo"})
    cases = _cases(session, view, one, other)
    if pair_key(one, other) not in decisions_on_persons(view) or not reason.strip():
        got = "no decision on these two" if reason.strip() else "no reason"
        want = "a decision to take back, and why"
        raise InputError(where="same person", got=got, want=want, fix="See `thaw namesakes list`.")
    facts = {"persons": sorted((one, other)), "reason": reason, **scope_of(cases)}
    session.book.store.append(session.draft("same_person.undo", facts))
    return {"persons": sorted((one, other)), "decision": None, "reason": reason}


def _kept_pairs(session: Session, view: View, people: list[dict[str, Any]]) -> list[_Pair]:
    """The pairs of these people, compared once for as long as nothing new is known of any of them."""
    kept: dict[Any, tuple[list[dict[str, Any]], list[_Pair]]] = session.book.cache.setdefault("namesakes", {})
    known = kept.get(view.visible)
    if known is None or known[0] != people:
        known = (people, _pairs(people) if len(people) > 1 else [])
        kept.clear()
        kept[view.visible] = known
    return known[1]


def _pairs(
    people: Sequence[dict[str, Any]],
) -> list[_Pair]:
    given, family = [p["given"] for p in people], [p["family"] for p in people]
    born = [p["born"] for p in people]
    fields = {
        "given name": ("name", given),
        "family name": ("name", family),
        "born": ("date", born),
        "sex": ("code", [p["sex"] for p in people]),
    }
    joined = [f"{g[:1]}|{f[:4]}" for g, f in zip(given, family, strict=True)]
    swapped = [" ".join(sorted((g, f))) for g, f in zip(given, family, strict=True)]
    year = [f"{b[:4]}|{f[:2]}" if b else None for b, f in zip(born, family, strict=True)]
    _, found = propose(fields, [joined, swapped, born, family, year])
    listed = []
    for k in (-found.probability).argsort(kind="stable").tolist():
        one, other = people[int(found.one[k])], people[int(found.other[k])]
        # Victim and offender of one case are two people, whatever their names.
        if found.probability[k] < _LEAST:
            break
        if one["case_id"] and one["case_id"] == other["case_id"]:
            continue
        parts = [{"field": "before looking", "bits": round(found.prior_bits, 2), "one": None, "other": None}]
        for name, column in (("given name", given), ("family name", family), ("born", born)):
            values = column[int(found.one[k])], column[int(found.other[k])]
            parts.append(
                {"field": name, "bits": round(float(found.bits[name][k]), 2), "one": values[0], "other": values[1]}
            )
        parts.append(
            {"field": "sex", "bits": round(float(found.bits["sex"][k]), 2), "one": one["sex"], "other": other["sex"]}
        )
        listed.append((float(found.probability[k]), one, other, parts))
    return listed


def _people(session: Session, view: View) -> list[dict[str, Any]]:
    """Person records with a name of two parts, in order of id."""
    engine = engine_for(session, view)
    directory = engine.directory
    ids = [int(i) for i in directory.where("kind", ["name"]).nonzero()[0]]
    bodies = engine.bodies(ids)
    held = {column for field in person_fields().values() for column in field.columns}
    columns = [column for column in ("born_from", "born_to", "sex") if column in held] + ["source_key", "kind"]
    found = view.select("person_register", ["person_id", *columns])
    register = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in found}
    case_of, role_of = (dict(zip(ids, _column(directory, name, ids), strict=True)) for name in ("case_id", "role"))
    cases = sorted({case for i, case in case_of.items() if case and role_of[i] == "victim"})
    sexes = dict(view.select("cases", ["case_id", "victim_sex"], [Where("case_id", "in", cases)]))
    people = {}
    for i in ids:
        value = name_value(bodies.get(i, "").split("\n")[0])
        if value is None:
            continue
        (ref,) = _column(directory, "ref", [i])
        case_id, role = case_of[i], role_of[i]
        known = register.get(ref, {})
        first, last, sex = (known.get(column) for column in ("born_from", "born_to", "sex"))
        given, _, family = value.normal.partition(" ")
        people[ref or ""] = {
            "person_id": ref,
            "case_id": case_id,
            "role": role,
            "name": bodies[i].split("\n")[0],
            "given": given,
            "family": family,
            "born": first if first and first == last else None,
            "source_key": known.get("source_key"),
            "kind": known.get("kind"),
            "sex": sex or (sexes.get(case_id) if role == "victim" else None),
        }
    return [people[key] for key in sorted(people)]


def _column(directory: Any, name: str, ids: Sequence[int]) -> list[str | None]:
    values, numbers = directory.values(name), directory.numbers(name)
    return [values[numbers[i]] for i in ids]


def _told(person: dict[str, Any], titles: Any, made_up: Collection[str]) -> dict[str, Any]:
    title, invented = titles.get(person["case_id"] or "", (None, None))
    names = ("person_id", "name", "role", "case_id", "source_key", "kind")
    never_lived = person["person_id"] in made_up or invented == "yes"
    return {name: person[name] for name in names} | {"case_title": title, "invented": never_lived}


def _cases(session: Session, view: View, one: str, other: str) -> list[str]:
    engine = engine_for(session, view)
    directory = engine.directory
    register = dict(view.select("person_register", ["person_id", "case_id"], [Where("person_id", "in", [one, other])]))
    cases = []
    for person in (one, other):
        if person in register and one != other:
            cases += [register[person]] if register[person] else []
            continue
        ids = (directory.where("kind", ["name"]) & directory.where("ref", [person])).nonzero()[0]
        if not len(ids) or one == other:
            got = repr(person[:40]) if one != other else "one person twice"
            want = "two persons of this book"
            raise InputError(where="same person", got=got, want=want, fix="Take their ids from `thaw namesakes list`.")
        case_id = directory.values("case_id")[directory.numbers("case_id")[ids[0]]]
        cases += [case_id] if case_id else []
    return sorted(set(cases))
