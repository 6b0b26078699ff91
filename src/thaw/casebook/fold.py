"""Folds the entries that concern a case into its current view: preferred values, the others beside them, conflicts.

Nothing is overwritten: a superseded or withdrawn statement stays in the list of sources, marked as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thaw.record import Said, Source, Statement, predicates, unpack_said
from thaw.store import Entry

_CARRIERS = ("import.row", "case.create", "statement.add", "statement.supersede")


@dataclass(frozen=True, slots=True)
class Sourced:
    """One statement in the list of sources of a value; `live` is False once superseded or withdrawn."""

    statement: Statement
    role: str
    live: bool
    source_key: str | None
    row: int | None


@dataclass(frozen=True, slots=True)
class Folded:
    """One field of a case: the preferred statement, all sources (preferred first), and those that say otherwise."""

    name: str
    preferred: Sourced | None
    sources: tuple[Sourced, ...]
    conflicts: tuple[Sourced, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the ledger tells it now."""

    case_id: str
    fields: tuple[Folded, ...]
    incident_id: str | None
    source_keys: tuple[str, ...]
    missing_since: str | None
    seqs: tuple[int, ...]


def fold_case(case_id: str, entries: Sequence[Entry]) -> CaseView:
    """The current view of a case from its entries in order.

    Preferred is the live statement that the last decision chose, else the newest live one, confirmed before proposed.
    A live statement with another value or polarity than the preferred one is a conflict.
    """
    dead = _superseded(entries)
    chosen = _chosen(entries)
    groups: dict[str, list[Sourced]] = {}
    for entry in entries:
        for sourced in _statements(entry, dead):
            name = sourced.statement.said.predicate
            groups.setdefault(name if sourced.role == "case" else f"{sourced.role}.{name}", []).append(sourced)
    payloads = [e.payload for e in entries if e.leaf.kind in ("import.row", "case.create") and e.payload]
    keys = [payload["source_key"] for payload in payloads if payload.get("source_key")]
    # Incident and absence are those of this case, not of another that was found to be the same killing.
    own = [payload for payload in payloads if payload["subjects"].get("case") == case_id]
    # The newest row decides: a correction may move a case to another incident, or to none.
    incident = own[-1].get("incident") if own else None
    return CaseView(
        case_id=case_id,
        fields=tuple(_fold(name, sources, chosen) for name, sources in groups.items()),
        incident_id=incident["id"] if incident else None,
        source_keys=tuple(dict.fromkeys(keys)),
        missing_since=_missing_since(case_id, entries),
        seqs=tuple(e.leaf.seq for e in entries),
    )


@dataclass(frozen=True, slots=True)
class FoldedPerson:
    """What the entries say of one person, and which they are."""

    fields: tuple[Folded, ...]
    source_keys: tuple[str, ...]
    missing_since: str | None
    seqs: tuple[int, ...]


def fold_person(person_id: str, entries: Sequence[Entry]) -> FoldedPerson:
    """The current view of a person from the entries that speak of them, in order; preferred is as in `fold_case`."""
    dead = _superseded(entries)
    chosen = _chosen(entries)
    groups: dict[str, list[Sourced]] = {}
    keys: dict[str, None] = {}
    missing: str | None = None
    for entry in entries:
        for sourced in _statements(entry, dead):
            if sourced.statement.subject == person_id:
                groups.setdefault(sourced.statement.said.predicate, []).append(sourced)
                keys |= {sourced.source_key: None} if sourced.source_key else {}
        if entry.leaf.kind == "import.missing":
            missing = missing or entry.leaf.at
        elif entry.leaf.kind == "import.row":
            missing = None
    return FoldedPerson(
        fields=tuple(_fold(name, sources, chosen) for name, sources in groups.items()),
        source_keys=tuple(keys),
        missing_since=missing,
        seqs=tuple(e.leaf.seq for e in entries),
    )


# Entry, key of the role in `said`, place in its list: what names one statement. (entry, "", -1) is the whole entry.
_Name = tuple[int, str, int]


def _statements(entry: Entry, dead: frozenset[_Name]) -> Iterator[Sourced]:
    payload = entry.payload
    if entry.leaf.kind not in _CARRIERS or payload is None:
        return
    source = Source.from_json(payload["source"])
    status = payload.get("status", "confirmed")
    seq = entry.leaf.seq
    for role, saids in payload["said"].items():
        for index, packed in enumerate(saids):
            statement = Statement(payload["subjects"][role], unpack_said(packed), source, seq, index, status)
            live = (seq, role, index) not in dead and (seq, "", -1) not in dead
            yield Sourced(statement, role, live, payload.get("source_key"), payload.get("row"))


def _superseded(entries: Sequence[Entry]) -> frozenset[_Name]:
    """Every statement that was superseded or withdrawn."""
    dead: set[_Name] = set()
    for entry in entries:
        if entry.leaf.prev is not None and entry.leaf.kind in ("import.row", "statement.supersede"):
            # A person replaces one statement of an entry and names it; a register sends its whole row anew.
            payload = entry.payload or {}
            if payload.get("partial"):
                dead |= _said_anew(entry.leaf.prev, payload, entries)
            else:
                dead.add((entry.leaf.prev, payload.get("role", ""), payload.get("index", -1)))
        if entry.leaf.kind == "statement.withdraw" and entry.payload:
            dead.add((entry.payload["entry"], entry.payload["role"], entry.payload["index"]))
    return frozenset(dead)


def _said_anew(prev: int, payload: Mapping[str, Any], entries: Sequence[Entry]) -> set[_Name]:
    """The statements of an earlier row that a row with other columns says anew; on the rest it is silent."""
    before = next((e.payload for e in entries if e.leaf.seq == prev), None) or {}
    anew = {(role, said["p"]) for role, saids in payload["said"].items() for said in saids}
    return {
        (prev, role, index)
        for role, saids in before.get("said", {}).items()
        for index, said in enumerate(saids)
        if (role, said["p"]) in anew
    }


def _chosen(entries: Sequence[Entry]) -> Mapping[str, _Name]:
    picks = [e.payload for e in entries if e.leaf.kind == "statement.prefer" and e.payload]
    return {pick["field"]: (pick["entry"], pick["role"], pick["index"]) for pick in picks}


def _missing_since(case_id: str, entries: Sequence[Entry]) -> str | None:
    missing: str | None = None
    for entry in entries:
        if not entry.payload or case_id not in cases_of(entry.payload):
            continue
        if entry.leaf.kind == "import.missing":
            missing = missing or entry.leaf.at
        elif entry.leaf.kind == "import.row":
            missing = None
    return missing


def cases_of(payload: Mapping[str, Any]) -> list[str]:
    """The cases that a payload names as its scope: none, one or several."""
    cases = payload.get("scope", {}).get("case")
    return cases if isinstance(cases, list) else [cases] if cases else []


def _fold(name: str, sources: list[Sourced], chosen: Mapping[str, _Name]) -> Folded:
    def order(sourced: Sourced) -> tuple[bool, bool, bool, int, int]:
        statement = sourced.statement
        picked = chosen.get(name) == (statement.seq, sourced.role, statement.index)
        return (not sourced.live, not picked, statement.status != "confirmed", -statement.seq, statement.index)

    ordered = sorted(sources, key=order)
    best = ordered[0] if ordered[0].live else None
    if best is None or _may_be_several(best):
        return Folded(name, best, tuple(ordered), ())
    conflicts = tuple(s for s in ordered[1:] if s.live and _differs(s.statement.said, best.statement.said))
    return Folded(name, best, tuple(ordered), conflicts)


def _may_be_several(sourced: Sourced) -> bool:
    """True where several values may hold at once, such as scars: those side by side do not contradict each other."""
    entity = "case" if sourced.role in ("case", "incident") else "person"
    predicate = predicates(entity).get(sourced.statement.said.predicate)
    return predicate is not None and predicate.several


def _differs(one: Said, other: Said) -> bool:
    return (one.value, one.polarity) != (other.value, other.polarity)
