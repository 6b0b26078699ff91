"""Tells when something moved a missing person into or out of the ten likeliest names of a body.

After an import and after a ruling the lists before and after are compared. An edit that makes a name disappear from a
list is as worth knowing as one that brings it up: who changed what stands in the ledger, and both ranks are computed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from thaw.access import View
from thaw.casebook.families import dna_of
from thaw.casebook.person_alerts import person_alerts
from thaw.casebook.persons import compared_before, compared_persons
from thaw.casebook.rulings import rulings_of
from thaw.identify import Gallery, Matches, PersonRecord, match
from thaw.record import new_ids
from thaw.store import Where

from .book import Session, scope_of
from .person_records import listed_person, people_of, records_of

TOP = 10
_ALL_BODIES = 1_000  # as many are compared with every change; of more only those below
_BEST = 25  # bodies that fit a changed person best
_PERSONS = 20  # changed persons whose best bodies are looked for
_NEW = 50  # new records that are told of; a whole register coming in is no news of anybody
_LIKELY = 0.5  # from here a new record is told of


@dataclass(frozen=True)
class _Lists:
    """Both lists at one moment, as far as a comparison reads them; `like` has the same missing people, if given."""

    bodies: Mapping[str, PersonRecord]
    missing: Mapping[str, PersonRecord]
    like: _Lists | None = None

    @cached_property
    def gallery(self) -> Gallery:
        return Gallery.of(list(self.missing.values())) if self.like is None else self.like.gallery

    def ranked(self, view: View, body: str, ruled_out: Iterable[str]) -> Matches | None:
        """The ten likeliest names of a body; None where the body is not in the list."""
        if body not in self.bodies or not self.missing:
            return None
        return match(
            self.bodies[body], self.gallery, top=TOP, ruled_out=list(ruled_out), dna=dna_of(view, body), lane=0
        )


def alert_on_people(session: Session, view: View, *, since: int) -> int:
    """Compare the lists before and after the entries that followed `since`; returns how many alerts were raised."""
    touched = {one for (one,) in view.select("person_entries", ["person_id"], [Where("seq", ">=", since + 1)])}
    fresh = {one for (one,) in view.select("person_register", ["person_id"], [Where("first_seq", ">=", since + 1)])}
    if not touched or (touched == fresh and len(fresh) > _NEW):
        return 0
    people = {kind: people_of(view, kind) for kind in ("unidentified", "missing")}
    if not all(people.values()):
        return 0
    after = _lists(people)
    before, edited = _before(view, after, people, touched - fresh, fresh, since)
    new = fresh if len(fresh) <= _NEW else set[str]()
    if not edited and not new:
        return 0
    raised = []
    for body in _bodies(view, before, after, edited | new):
        out = rulings_of(view, body)
        was, now = before.ranked(view, body, out), after.ranked(view, body, out)
        raised += list(_moves(body, was, now, edited, new))
    return _raise(session, view, before, after, raised, "import")


def _lists(people: Mapping[str, Sequence[Mapping[str, Any]]]) -> _Lists:
    bodies, missing = ({r.id: r for r in records_of(people[kind])} for kind in ("unidentified", "missing"))
    return _Lists(bodies, missing)


def alert_on_ruling(session: Session, view: View, body: str, missing: str, before: Mapping[str, int]) -> int:
    """Compare a body's list as it was under earlier rulings with the list as it is; returns the number of alerts."""
    people = {kind: people_of(view, kind) for kind in ("unidentified", "missing")}
    lists = _lists(people)
    was, now = lists.ranked(view, body, before), lists.ranked(view, body, rulings_of(view, body))
    return _raise(session, view, lists, lists, list(_moves(body, was, now, {missing}, set())), "ruling")


def _before(
    view: View,
    after: _Lists,
    people: Mapping[str, Sequence[Mapping[str, Any]]],
    touched: set[str],
    fresh: set[str],
    since: int,
) -> tuple[_Lists, set[str]]:
    """The lists as they were, and who was edited."""
    old: dict[str, dict[str, PersonRecord]] = {}
    edited: set[str] = set()
    for kind, now in (("unidentified", after.bodies), ("missing", after.missing)):
        told = {one["person_id"]: one for one in people[kind] if one["person_id"] in touched}
        was = records_of({**one, "sayings": compared_before(view, key, since)} for key, one in told.items())
        changed = dict(zip(told, was, strict=True))
        edited |= {one for one, record in changed.items() if record != now[one]}
        old[kind] = {one: changed.get(one, record) for one, record in now.items() if one not in fresh}
    same = after if old["missing"] == after.missing else None
    return _Lists(old["unidentified"], old["missing"], same), edited


def _bodies(view: View, before: _Lists, after: _Lists, concerned: set[str]) -> list[str]:
    """The bodies whose lists are compared: those concerned themselves, and those whom a missing person concerns.

    Of many the first are those that somebody asked for; beyond _ALL_BODIES the rest is left out.
    """
    persons = sorted(one for one in concerned if one in after.missing)
    if len(after.bodies) <= _ALL_BODIES:
        return sorted(after.bodies if persons else concerned & after.bodies.keys())
    runs = view.log([Where("kind", "=", "identify.run")], limit=_ALL_BODIES)
    asked = {str((entry.payload or {}).get("person")) for entry in runs} & after.bodies.keys()
    chosen = {one for one in concerned if one in after.bodies}
    for lists in (before, after):
        order = list(lists.bodies)
        for one in persons[:_PERSONS]:
            if one in lists.missing:
                support = lists.gallery.supports_of_one(lists.missing[one], list(lists.bodies.values())).sum(axis=0)
                chosen |= {order[int(i)] for i in np.argsort(-support)[:_BEST]}
    return [*sorted(asked if persons else asked & chosen), *sorted(chosen - asked)][:_ALL_BODIES]


@dataclass(frozen=True)
class _Move:
    body: str
    missing: str
    moved: str
    was: int | None
    now: int | None
    found: Matches | None


def _moves(body: str, was: Matches | None, now: Matches | None, edited: set[str], new: set[str]) -> Iterable[_Move]:
    old = {c.id: c.rank for c in was.candidates} if was else {}
    fresh = {c.id: c for c in now.candidates} if now else {}
    for one in sorted(old.keys() ^ fresh.keys()):
        if (body in edited or one in edited) and was is not None and now is not None:
            rank = fresh[one].rank if one in fresh else None
            yield _Move(body, one, "in" if one in fresh else "out", old.get(one), rank, now)
    for one, candidate in fresh.items():
        if (body in new or one in new) and candidate.posterior >= _LIKELY:
            yield _Move(body, one, "new", None, candidate.rank, now)


def _raise(session: Session, view: View, before: _Lists, after: _Lists, moves: Sequence[_Move], cause: str) -> int:
    drafts = []
    held = {(one["unidentified"], one["missing"]): one for one in person_alerts(view)} if moves else {}
    for move in moves:
        pair = (move.body, move.missing)
        facts = _facts(after.bodies[move.body], after.missing[move.missing], move.moved)
        if pair in held and held[pair]["facts"] == facts:
            continue
        found = next((c for c in move.found.candidates if c.id == move.missing), None) if move.found else None
        changed = _changed(before.bodies.get(move.body), after.bodies[move.body])
        changed |= _changed(before.missing.get(move.missing), after.missing[move.missing])
        (alert_id,) = new_ids("a", 1)
        payload: dict[str, Any] = {"action": "raise", "alert_id": alert_id, "unidentified": pair[0], "missing": pair[1]}
        payload |= {"moved": move.moved, "rank_before": move.was, "rank_after": move.now, "cause": cause}
        payload |= {"changed": sorted(changed), "facts": facts, "model": after.gallery.model.id}
        payload |= {"inputs": after.gallery.digest(after.bodies[move.body])}
        payload |= {"log10_support": found.log10_support if found else None}
        payload |= {"posterior": found.posterior if found else None}
        drafts.append(session.draft("identify.propose", payload | scope_of(_cases(view, pair))))
    if drafts:
        session.book.store.append(*drafts)
    return len(drafts)


def _changed(old: PersonRecord | None, new: PersonRecord) -> set[str]:
    if old is None:
        return set()
    names = {"places": "place"}
    return {names.get(f.name, f.name) for f in fields(new) if getattr(old, f.name) != getattr(new, f.name)}


def _facts(body: PersonRecord, missing: PersonRecord, moved: str) -> str:
    """Digest of what is known of both and where the pair went: a dismissed alert comes back only when it differs."""
    told = "\n".join((moved, body.line(), missing.line()))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _cases(view: View, pair: Sequence[str]) -> list[str | None]:
    return [one for (one,) in view.select("person_register", ["case_id"], [Where("person_id", "in", list(pair))])]


def shown_person_alerts(view: View, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Alerts on persons with the keys of `thaw alerts`; one with a person whom this reader may not see is left out."""
    ids = sorted({one[name] for one in found for name in ("unidentified", "missing")})
    people = {one["person_id"]: one for one in compared_persons(view, [Where("person_id", "in", ids)])} if ids else {}
    shown = []
    for one in found:
        pair = [people.get(one[name]) for name in ("unidentified", "missing")]
        if None in pair:
            continue
        persons = [listed_person(person) for person in pair if person is not None]
        cases = [person["case_id"] for person in persons]
        told = {
            name: one[name] for name in ("alert_id", "state", "posterior", "model", "inputs", "raised_at", "reason")
        }
        told |= {"about": "identification", "case_id": cases[0], "other_case_id": cases[1], "cases": []}
        move = {"way": one["moved"]} | {name: one[name] for name in ("rank_before", "rank_after", "cause", "changed")}
        shown.append(told | {"log10_bf": one["log10_support"], "persons": persons, "moved": move})
    return shown


def dismissed_person_alert(session: Session, view: View, alert_id: str, reason: str) -> dict[str, Any] | None:
    """Set an alert on persons aside; None where there is none of this id that this reader sees."""
    found = shown_person_alerts(view, held := person_alerts(view, [Where("alert_id", "=", alert_id)]))
    if not found:
        return None
    payload = {"action": "dismiss", "alert_id": alert_id, "reason": reason}
    payload |= {name: held[0][name] for name in ("unidentified", "missing")}
    cases = [one["case_id"] for one in found[0]["persons"]]
    session.book.store.append(session.draft("identify.propose", payload | scope_of(cases)))
    return {"alert_id": alert_id, "state": "dismissed", "reason": reason}
