"""Who is this unidentified person: candidates from the registers of the book, rulings of experts, and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thaw.access import View
from thaw.casebook.families import dna_of
from thaw.casebook.rulings import rulings_of, standing_ruling
from thaw.errors import InputError
from thaw.identify import FIELDS, Candidate, Gallery, Matches, PersonRecord, match, rank

from .book import Session
from .person_alerts import alert_on_ruling
from .person_records import compared_person, listed_person, people_of, person_of_kind, records_of, shown_fields

OTHER = {"unidentified": "missing", "missing": "unidentified"}
EXPERT = ("dna", "fingerprints", "dental")


@dataclass(frozen=True)
class _Side:
    """The people of one kind that a reader sees at one state of the book."""

    people: Mapping[str, Mapping[str, Any]]
    records: Sequence[PersonRecord]
    gallery: Gallery


def identify(session: Session, person: str, *, top: int = 10, in_list: float | None = None, purpose: str = "") -> Any:
    """Rank the missing of the book as the name of an unidentified person, or the bodies for a missing one.

    The answer of `thaw identify`. Raises InputError for a person who is not there or is neither missing nor
    unidentified.
    """
    view = session.look(purpose, kind="access.read", detail={"command": "identify", "person": person, "top": top})
    subject = compared_person(view, person)
    if subject["kind"] not in OTHER:
        raise InputError(
            where="identify",
            got=f"a person of the kind {subject['kind']}",
            want="one who is unidentified or missing",
            fix="List them with `thaw persons --where kind=unidentified`.",
        )
    found, side = _ranked(session, view, subject, top=top, in_list=in_list)
    document = _document(subject, found, side)
    detail = {"person": subject["person_id"], "model": found.model, "in_list": in_list, "inputs": document["inputs"]}
    ids = [candidate["person_id"] for candidate in document["candidates"]]
    view.record_result("identify.run", detail, ids, found.searched, document["inputs"])
    return document


def _ranked(
    session: Session, view: View, subject: Mapping[str, Any], *, top: int, in_list: float | None
) -> tuple[Matches, _Side]:
    side = _side(session, view, OTHER[subject["kind"]])
    (record,) = records_of([subject])
    out, dna = rulings_of(view, subject["person_id"]), dna_of(view, subject["person_id"])
    if subject["kind"] == "unidentified":
        return match(record, side.gallery, top=top, ruled_out=out, dna=dna, in_list=in_list), side
    missing = _side(session, view, "missing").gallery
    supports = missing.supports_of_one(record, side.records)
    position = {one.id: i for i, one in enumerate(side.records)}
    return rank(supports, position, missing.model, top=top, ruled_out=out, dna=dna, in_list=in_list), side


def _side(session: Session, view: View, kind: str) -> _Side:
    """From memory while the casebook has not changed."""
    key = (view.changed_seq("casebook"), view.visible)
    kept = session.book.cache.get(f"people.{kind}")
    if kept is None or kept[0] != key:
        people = people_of(view, kind)
        records = records_of(people)
        side = _Side({one["person_id"]: one for one in people}, records, Gallery.of(records))
        kept = session.book.cache[f"people.{kind}"] = (key, side)
    found: _Side = kept[1]
    return found


def _document(subject: Mapping[str, Any], found: Matches, side: _Side) -> dict[str, Any]:
    return {
        "model": found.model,
        "inputs": side.gallery.digest(records_of([subject])[0]),
        "person": listed_person(subject),
        "searched": found.searched,
        "none_of_these": found.none_of_these,
        "candidates": [_candidate(subject, one, side) for one in found.candidates],
        "exception_lane": [
            {
                "without": one.without,
                "person_id": one.id,
                "source_key": side.people[one.id]["source_key"],
                "rank": one.rank,
            }
            for one in found.lane
        ],
        "ruled_out": found.ruled_out,
        "contradiction_only": found.contradiction_only,
    }


def _candidate(subject: Mapping[str, Any], one: Candidate, side: _Side) -> dict[str, Any]:
    other = side.people[one.id]
    ours, theirs = shown_fields(subject), shown_fields(other)
    parts = [
        {"feature": name, "log10_bf": one.parts[name], "ours": ours.get(name), "theirs": theirs.get(name)}
        for name in FIELDS
        if name in one.parts
    ]
    return {
        "rank": one.rank,
        **listed_person(other),
        "posterior": one.posterior,
        "log10_support": one.log10_support,
        "parts": sorted(parts, key=lambda part: -part["log10_bf"]),
        "missing": [name for name in FIELDS if name not in one.parts],
        "dna_log10_lr": one.dna_log10_lr,
        "log10_combined": one.log10_support + (one.dna_log10_lr or 0.0),
        "state": one.state,
    }


def rule_out(
    session: Session, unidentified: str, missing: str, *, by: str, expert: str, reason: str, purpose: str = ""
) -> dict[str, Any]:
    """An expert's statement that two records are not one person. Reversible by `undo_ruling`.

    by  dna, fingerprints or dental: nothing else excludes anybody
    Raises InputError for another method, a person who is not there, or an empty reason or expert.
    """
    if by not in EXPERT:
        raise InputError(
            where="rule out",
            got=repr(by),
            want="one of " + ", ".join(EXPERT),
            fix="Nothing else excludes a person; a field that does not fit lowers the support by itself.",
        )
    for name, text in (("expert", expert), ("reason", reason)):
        if not text.strip():
            raise InputError(where=f"rule out, {name}", got="nothing", want="a few words", fix=f"Use --{name} TEXT.")
    view = session.look(purpose, detail={"command": "rule-out"})
    one, other = _pair(view, unidentified, missing)
    before = rulings_of(view, one["person_id"])
    payload = {
        "unidentified": one["person_id"],
        "missing": other["person_id"],
        "method": by,
        "expert": expert.strip(),
        "reason": reason.strip(),
        "scope": {"case": one["case_id"]} if one["case_id"] else {},
    }
    result = session.book.store.append(session.draft("identify.rule_out", payload)).result
    alert_on_ruling(session, view, one["person_id"], other["person_id"], before)
    return {"entry": result[0], "unidentified": one["person_id"], "missing": other["person_id"], "state": "ruled_out"}


def undo_ruling(session: Session, entry: int, *, reason: str, purpose: str = "") -> dict[str, Any]:
    """Take a ruling back: the pair is open again. Raises InputError when the entry is no ruling that stands."""
    if not reason.strip():
        raise InputError(where="undo", got="no reason", want="a few words", fix="Use --reason TEXT.")
    view = session.look(purpose, detail={"command": "undo-ruling"})
    standing = standing_ruling(view, entry)
    if standing is None:
        raise InputError(
            where="undo",
            got=f"entry {entry}",
            want="the entry of a ruling that stands",
            fix="Find it with `thaw log`; it has the kind identify.rule_out.",
        )
    one, other = standing
    before = rulings_of(view, one)
    payload = {"unidentified": one, "missing": other, "reason": reason.strip()}
    result = session.book.store.append(session.draft("identify.undo", payload, prev=entry)).result
    alert_on_ruling(session, view, one, other, before)
    return {"entry": result[0], "unidentified": one, "missing": other, "state": "open"}


def _pair(view: View, unidentified: str, missing: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return person_of_kind(view, unidentified, "unidentified"), person_of_kind(view, missing, "missing")
