"""The casebook's tables: one row per case with its preferred values, the keys of its sources, same-case links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from thaw.record import pack_said
from thaw.store import Entry, Rows, Table

from .fields import case_fields, column_values
from .fold import cases_of, fold_case
from .incidents import decision_table, incident_table, keep_decision, keep_incident
from .mentions import MENTION_TABLES, keep_mention
from .persons import keep_person, person_tables
from .title import case_title

_OWN = {
    "case_id": "text",
    "first_seq": "integer",
    "source_key": "text",
    "source_row": "integer",
    "title": "text",
    "victims_name": "text",
    "incident_id": "text",
    "missing_since": "text",
    "folded_into": "text",
}
_SOURCES = ("import.row", "case.create")
_REFOLD = ("statement.add", "statement.supersede", "statement.withdraw", "statement.prefer", "import.missing")


class Casebook:
    """Projection `casebook`: cases, source keys, incidents, registers of persons, same case, promoted mentions."""

    name = "casebook"
    version = 9
    former = ("persons", "case_names")  # up to version 8

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Columns of `cases` follow the vocabulary."""
        fields = {column: kind for field in case_fields().values() for column, kind in field.columns.items()}
        return (
            Table("cases", _OWN | fields, ("case_id",), (("incident_id",),)),
            Table("source_keys", {"source_key": "text", "case_id": "text", "seq": "integer"}, ("source_key",)),
            Table("incidents", {"incident_key": "text", "incident_id": "text"}, ("incident_key",)),
            *person_tables(),
            incident_table(),
            decision_table(),
            Table(
                "same_case",
                {"one": "text", "other": "text", "status": "text", "seq": "integer", "probability": "real"},
                ("one", "other"),
            ),
            *MENTION_TABLES,
        )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Keep the row of the case that an entry concerns."""
        kind, payload = entry.leaf.kind, entry.payload
        if payload is None:
            return
        keep_person(entry, payload, rows)
        keep_incident(entry, payload, rows)
        keep_mention(entry, payload, rows)
        if kind in ("same_case.decide", "same_case.undo", "link.decide") and payload.get("incident"):
            keep_decision(entry, payload, rows)
            return
        if kind in _SOURCES:
            self._keep_sources(entry, payload, rows)
            if "case" not in payload["subjects"]:
                return
            if entry.leaf.prev is None:
                self._first(entry, payload, rows)
                return
        if kind in ("import.row", *_REFOLD):
            for case_id in cases_of(payload):
                self._refold(case_id, rows)
        elif kind == "same_case.propose":
            self._proposed(entry, payload, rows)
        elif kind in ("same_case.decide", "same_case.undo"):
            self._same_case(entry, payload, rows)

    def _keep_sources(self, entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
        case_id = payload["subjects"].get("case")
        if payload.get("source_key"):
            row = {"source_key": payload["source_key"], "case_id": case_id, "seq": entry.leaf.seq}
            rows.put("source_keys", row)
        incident = payload.get("incident")
        if incident and incident.get("key"):
            row = {"incident_key": incident["key"], "incident_id": incident["id"], "case_id": case_id}
            rows.put("incidents", row)

    def _first(self, entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
        """The first entry of a case: what it says is the view, nothing to fold yet."""
        row = case_columns(payload["said"])
        row |= {
            "case_id": payload["subjects"]["case"],
            "first_seq": entry.leaf.seq,
            "source_key": payload.get("source_key"),
            "source_row": payload.get("row"),
            "incident_id": (payload.get("incident") or {}).get("id"),
            "victims_name": _victims_name(payload),
        }
        rows.put("cases", row | {"title": case_title(row, payload["said"])})

    def _refold(self, case_id: str, rows: Rows) -> None:
        before = rows.get("cases", [case_id])
        if before is None:
            return
        entries = rows.entries_of_case(case_id)
        view = fold_case(case_id, entries)
        preferred: dict[str, list[dict[str, Any]]] = {}
        for best in (field.preferred for field in view.fields):
            if best is not None:
                preferred.setdefault(best.role, []).append(pack_said(best.statement.said))
        row = {name: before[name] for name in ("case_id", "first_seq", "source_key", "folded_into")}
        row |= case_columns(preferred) | {"incident_id": view.incident_id, "missing_since": view.missing_since}
        newest = [e.payload for e in entries if e.leaf.kind in _SOURCES and e.payload][-1]
        row["source_row"] = newest.get("row")
        told = [name for e in entries if e.payload and e.leaf.kind in _SOURCES and (name := _victims_name(e.payload))]
        row["victims_name"] = told[-1] if told else None
        rows.put("cases", row | {"title": case_title(row, preferred)})

    def _proposed(self, entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
        """Keep a proposal; a pair on which a person has decided stays as decided."""
        one, other = sorted(payload["scope"]["case"])
        if rows.get("same_case", [one, other]) is None:
            row = {"one": one, "other": other, "status": "proposed", "seq": entry.leaf.seq, "case_id": one}
            rows.put("same_case", row | {"probability": payload["probability"]})

    def _same_case(self, entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
        one, other = sorted(payload["scope"]["case"])
        status = payload["decision"] if entry.leaf.kind == "same_case.decide" else "undone"
        before = rows.get("same_case", [one, other]) or {}
        decided = {"one": one, "other": other, "status": status, "seq": entry.leaf.seq, "case_id": one}
        rows.put("same_case", decided | {"probability": before.get("probability")})
        # Lists show one of the two, the one the book knew first; withdrawing brings the other back.
        groups = same_groups((row["one"], row["other"]) for row in rows.find("same_case", {"status": "accept"}))
        for case_id in {one, other}.union(*(group for group in groups if one in group or other in group)):
            row = rows.get("cases", [case_id])
            if row is not None:
                group = next((g for g in groups if case_id in g), {case_id})
                rows.put("cases", row | {"folded_into": _first_known(group, case_id, rows)})


def _victims_name(payload: Mapping[str, Any]) -> str | None:
    """The name that a row or a person gives the victim, or None."""
    for said in payload["said"].get("victim", ()):
        if said["p"] == "name" and "v" in said:
            return str(said["v"]["text"])
    return None


def case_columns(said: Mapping[str, Sequence[dict[str, Any]]]) -> dict[str, Any]:
    """The columns of `cases` for packed sayings by role; what is not a field is left out.

    Of two sayings with one predicate the first counts, as in `fold_case`.
    """
    row: dict[str, Any] = {}
    for role, sayings in said.items():
        for values in column_values(role).each(reversed(sayings)):
            if values:
                row.update(values)
    return row


def same_groups(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The groups that pairs of cases make, each case in at most one of them."""
    groups: list[set[str]] = []
    for pair in pairs:
        apart = [g for g in groups if g.isdisjoint(pair)]
        groups = [*apart, set(pair).union(*(g for g in groups if not g.isdisjoint(pair)))]
    return groups


def _first_known(group: set[str], case_id: str, rows: Rows) -> str | None:
    known = [(row["first_seq"], row["case_id"]) for c in group if (row := rows.get("cases", [c]))]
    first = min(known)[1]
    return None if first == case_id else first
