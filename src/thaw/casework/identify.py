"""Who is this unidentified person: candidates from the registers of the book, rulings of experts, and what changed."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thaw.access import View
from thaw.casebook.families import dna_of
from thaw.casebook.persons import compared_persons, person_conditions
from thaw.casebook.rulings import names_decided, rulings_of, standing_ruling
from thaw.errors import InputError
from thaw.identify import FIELDS, Candidate, Gallery, Matches, PersonRecord, match, rank, together
from thaw.store import Where

from .book import Session, scope_of
from .nameless import series_of
from .naming import undo_name
from .person_alerts import alert_on_ruling
from .person_decisions import decisions_on_persons
from .person_records import (
    compared_person,
    listed_person,
    only_parts,
    people_of,
    person_of_kind,
    records_of,
    shown_fields,
)

OTHER = {"unidentified": "missing", "missing": "unidentified"}
EXPERT = ("dna", "fingerprints", "dental")


@dataclass(frozen=True)
class _Side:
    """The people of one kind that a reader sees at one state of the book."""

    people: Mapping[str, Mapping[str, Any]]
    records: Sequence[PersonRecord]
    gallery: Gallery


def identify(
    session: Session,
    person: str,
    *,
    top: int = 10,
    in_list: float | None = None,
    lane: int | None = None,
    beside: int | None = None,
    purpose: str = "",
) -> Any:
    """Rank the missing of the book as the name of an unidentified person, or the bodies for a missing one.

    The answer of `thaw identify`; `lane` is how many the exception lane may show for a field, None the usual number,
    and `beside` how long the list is that it stands beside, None all of it.
    Raises InputError for a person who is not there or is neither missing nor unidentified, or a lane below 0.
    """
    if lane is not None and lane < 0:
        raise InputError(where="--lane", got=str(lane), want="a number from 0", fix="Leave it out for the usual lane.")
    view = session.look(purpose, kind="access.read", detail={"command": "identify", "person": person, "top": top})
    subject = compared_person(view, person)
    if subject["kind"] not in OTHER:
        raise InputError(
            where="identify",
            got=f"a person of the kind {subject['kind']}",
            want="one who is unidentified or missing",
            fix="List them with `thaw persons --where kind=unidentified`.",
        )
    found, side = _ranked(session, view, subject, top=top, in_list=in_list, lane_most=lane, beside=beside)
    document = _document(subject, found, side, names_decided(view)) | {"series": series_of(view, subject["case_id"])}
    detail = {"person": subject["person_id"], "model": found.model, "in_list": in_list, "inputs": document["inputs"]}
    ids = [candidate["person_id"] for candidate in document["candidates"]]
    view.record_result("identify.run", detail, ids, found.searched, document["inputs"])
    return document


def _ranked(
    session: Session,
    view: View,
    subject: Mapping[str, Any],
    *,
    top: int,
    in_list: float | None,
    lane: int | None = None,
    lane_most: int | None = None,
    beside: int | None = None,
) -> tuple[Matches, _Side]:
    side = _side(session, view, OTHER[subject["kind"]])
    (record,) = records_of([subject])
    asked: dict[str, Any] = {"top": top, "in_list": in_list, "lane": lane, "lane_most": lane_most, "beside": beside}
    asked |= {"ruled_out": rulings_of(view, subject["person_id"]), "dna": dna_of(view, subject["person_id"])}
    if subject["kind"] == "unidentified":
        return match(record, side.gallery, **asked), side
    missing = _side(session, view, "missing").gallery
    supports = missing.supports_of_one(record, side.records)
    position = {one.id: i for i, one in enumerate(side.records)}
    return rank(supports, position, missing.model, **asked), side


def _side(session: Session, view: View, kind: str) -> _Side:
    """From memory while the casebook has not changed."""
    decided = tuple(sorted(decisions_on_persons(view).items()))
    key = (view.changed_seq("casebook"), view.visible, decided)
    kept = session.book.cache.get(f"people.{kind}")
    if kept is None or kept[0] != key:
        people = people_of(view, kind)
        records = records_of(people)
        side = _Side({one["person_id"]: one for one in people}, records, Gallery.of(records))
        kept = session.book.cache[f"people.{kind}"] = (key, side)
    found: _Side = kept[1]
    return found


def seen_people(session: Session, view: View, kind: str) -> Mapping[str, Mapping[str, Any]]:
    """The visible persons of one kind by id, as `people_of` gives them; from memory while the casebook is the same."""
    return _side(session, view, kind).people


def _document(subject: Mapping[str, Any], found: Matches, side: _Side, names: Mapping[str, str]) -> dict[str, Any]:
    mine = subject["person_id"]
    same = {*(b for b, m in names.items() if m == mine), *(m for b, m in names.items() if b == mine)}
    taken = {*names, *names.values()} - same
    return {
        "model": found.model,
        "inputs": side.gallery.digest(records_of([subject])[0]),
        "person": listed_person(subject),
        "searched": found.searched,
        "none_of_these": found.none_of_these,
        "identified_as": next(iter(sorted(same)), None),
        "candidates": [
            _candidate(subject, one, side)
            | ({"state": "identified"} if one.id in same else {"state": "named elsewhere"} if one.id in taken else {})
            for one in found.candidates
        ],
        "exception_lane": [
            {"without": one.without, **listed_person(side.people[one.id]), "rank": one.rank} for one in found.lane
        ],
        "lanes": [
            {"without": one.without, "shown": len(one.ids), "covers": one.covers, "wanted": one.wanted}
            for one in found.lanes
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
    if (named := undo_name(session, view, entry, reason=reason.strip())) is not None:
        return named
    standing = standing_ruling(view, entry)
    if standing is None:
        raise InputError(
            where="undo",
            got=f"entry {entry}",
            want="the entry of a ruling that stands",
            fix="Find it with `thaw log`; it has the kind identify.rule_out or identify.decide.",
        )
    one, other = standing
    before = rulings_of(view, one)
    payload = {"unidentified": one, "missing": other, "reason": reason.strip()}
    result = session.book.store.append(session.draft("identify.undo", payload, prev=entry)).result
    alert_on_ruling(session, view, one, other, before)
    return {"entry": result[0], "unidentified": one, "missing": other, "state": "open"}


def _pair(view: View, unidentified: str, missing: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return person_of_kind(view, unidentified, "unidentified"), person_of_kind(view, missing, "missing")


def identify_together(
    session: Session,
    bodies: Sequence[str],
    *,
    where: Sequence[str] = (),
    least: float = 0.01,
    in_list: float | None = None,
    purpose: str = "",
) -> dict[str, Any]:
    """Several bodies at once, one missing person for one of them at most; the answer of `thaw together`.

    bodies  ids or source keys of unidentified persons
    where   conditions as of `thaw persons`, for more of them
    least   persons below this probability in the list of a body alone are left to "none of these"
    Bodies of which only parts were found may be one person. Raises InputError for nobody at all, a person who is not
    there or is not unidentified, a `least` that is no chance, or too many ways to name them.
    """
    asked = {"command": "together", "persons": list(bodies), "where": list(where)}
    view = session.look(purpose, kind="access.read", detail=asked)
    if not 0 < least < 1:
        raise InputError(where="--least", got=f"{least:g}", want="a chance between 0 and 1", fix="Use 0.01.")
    subjects = {one["person_id"]: one for one in (person_of_kind(view, text, "unidentified") for text in bodies)}
    if where:
        chosen = [*person_conditions(where), Where("kind", "=", "unidentified")]
        subjects |= {one["person_id"]: one for one in compared_persons(view, chosen)}
    if not subjects:
        raise InputError(
            where="together", got="no bodies", want="ids of unidentified persons, or --where", fix="Name two or more."
        )
    chances: dict[str, dict[str, float]] = {}
    none: dict[str, float] = {}
    for one, subject in subjects.items():
        found, side = _ranked(session, view, subject, top=math.ceil(1 / least), in_list=in_list, lane=0)
        chances[one] = {c.id: c.posterior for c in found.candidates if c.posterior >= least}
        none[one] = 1 - sum(chances[one].values())
    parts = [one for one, subject in subjects.items() if only_parts(subject)]
    answer = together(chances, parts)
    listed = [
        {
            "person": listed_person(subject),
            "only_parts": one in parts,
            "none_alone": none[one],
            "none_of_these": 1 - sum(answer.joint[one].values()),
            "candidates": [
                {**listed_person(side.people[m]), "alone": chances[one][m], "posterior": chance}
                for m, chance in sorted(answer.joint[one].items(), key=lambda kept: (-kept[1], kept[0]))
            ],
            "best": answer.best[one],
        }
        for one, subject in subjects.items()
    ]
    document = {"model": side.gallery.model.id, "searched": len(side.records), "ways": answer.ways}
    document |= {"probability": answer.probability, "bodies": listed}
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    detail = {**asked, "model": document["model"], "in_list": in_list, "least": least}
    detail |= scope_of(one["case_id"] for one in subjects.values())
    view.record_result("identify.run", detail, list(subjects), len(side.records), digest)
    return document
