"""Persons of registers (missing, unidentified, unclaimed): the table that lists them, and one person with all sources.

A victim or offender of a case is found through the case; here stands who a register of persons names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.record import PartialDate, Place, Predicate, Said, pack_said, predicates, unpack_said
from thaw.store import Entry, Rows, Table, Where

from .fields import Field, columns_of, condition_on, values_of
from .fold import Folded, Sourced, fold_person

_OWN = {
    "person_id": "text",
    "first_seq": "integer",
    "source_key": "text",
    "source_row": "integer",
    "missing_since": "text",
    "compared": "text",
}
# What a comparison of two persons reads; kept beside the row, so that thousands are read without their entries.
_COMPARED = frozenset(
    (
        *("name", "sex", "age", "age_group", "died", "died_by", "postmortem_interval", "height", "weight"),
        *("race_ethnicity", "hair_color", "eye_color"),
        *(
            "mark",
            "clothing",
            "dental",
            "condition_of_remains",
            "invented",
            "last_seen",
            "last_seen_place",
            "found",
            "found_place",
        ),
    )
)
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_DAY = ("from", "to", "precision")
_PLACE = ("name", "state", "county_fips", "lat", "lon", "precision_km")
_MEANT = {"last_seen": "date", "found": "date", "last_seen_place": "place", "found_place": "place"}
_REFOLD = ("import.missing", "statement.add", "statement.supersede", "statement.withdraw", "statement.prefer")


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person of a register as the ledger tells it now.

    fields  by predicate, each with its preferred statement, all sources and conflicts; where a predicate may hold
            several values at once (`race_ethnicity`, `mark`), those that hold are `values(name)`
    kind    missing, unidentified or unclaimed
    """

    person_id: str
    kind: str | None
    case_id: str | None
    fields: tuple[Folded, ...]
    source_keys: tuple[str, ...]
    missing_since: str | None
    seqs: tuple[int, ...]

    def values(self, predicate: str) -> tuple[Sourced, ...]:
        """The live statements of one predicate, the preferred first; none when nothing is said.

        A single-valued predicate gives more than one only where sources differ.
        """
        return tuple(s for field in self.fields if field.name == predicate for s in field.sources if s.live)


@cache
def person_fields() -> Mapping[str, Field]:
    """What `thaw persons --where` finds a person by: listed predicates, and date and place of contact or find."""
    known = predicates("person")
    date = Predicate("date", "Date", "date", "Day of the last contact of a missing person, else of the find.")
    place = Predicate("place", "Place", "place", "Place of the last contact of a missing person, else of the find.")
    found = [p for p in known.values() if p.listed]
    return {p.name: Field(p.name, "person", p, columns_of(p.name, p)) for p in (*found, date, place)}


@cache
def person_tables() -> tuple[Table, ...]:
    """One row per person of a register, and which entries speak of whom."""
    columns = {column: kind for field in person_fields().values() for column, kind in field.columns.items()}
    return (
        Table("person_register", _OWN | columns, ("person_id",), (("kind",), ("source_key",), ("case_id",))),
        Table("person_entries", {"person_id": "text", "seq": "integer"}, ("person_id", "seq")),
    )


def keep_person(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    """Keep the row of each person of a register that an entry speaks of."""
    kind = entry.leaf.kind
    if kind == "import.row":
        for role, person_id in payload["subjects"].items():
            # Readers of registers of persons say the kind first.
            said = payload["said"].get(role)
            if said and said[0]["p"] == "kind":
                _keep(entry, payload, person_id, role, rows)
    elif kind in _REFOLD:
        named = {payload.get("person"), *payload.get("subjects", {}).values()}
        for person_id in sorted(str(one) for one in named if one):
            if rows.get("person_register", [person_id]) is not None:
                rows.put("person_entries", {"person_id": person_id, "seq": entry.leaf.seq, **_scope(payload)})
                _refold(person_id, rows)


def _keep(entry: Entry, payload: Mapping[str, Any], person_id: str, role: str, rows: Rows) -> None:
    scope = _scope(payload)
    rows.add("person_entries", {"person_id": person_id, "seq": entry.leaf.seq, **scope})
    if entry.leaf.prev is not None:
        _refold(person_id, rows)
        return
    row = {"person_id": person_id, "first_seq": entry.leaf.seq, "source_key": payload["source_key"]}
    row |= {"source_row": payload["row"], "compared": _compared(payload["said"][role])}
    rows.add("person_register", row | scope | _columns(payload["said"][role]))


def _refold(person_id: str, rows: Rows) -> None:
    seqs = sorted(seq for (seq,) in rows.scan("person_entries", ("seq",), {"person_id": person_id}))
    entries = [rows.entry(seq) for seq in seqs]
    first = next((e for e in entries if e.payload is not None and e.leaf.kind == "import.row"), None)
    if first is None:
        return
    view = fold_person(person_id, entries)
    newest = [e.payload for e in entries if e.payload and e.leaf.kind == "import.row"][-1]
    said = [pack_said(field.preferred.statement.said) for field in view.fields if field.preferred is not None]
    row = {"person_id": person_id, "first_seq": seqs[0], "source_key": newest["source_key"]}
    row |= {"source_row": newest["row"], "missing_since": view.missing_since} | _scope(newest)
    live = [pack_said(s.statement.said) for field in view.fields for s in field.sources if s.live]
    row["compared"] = _compared(live)
    rows.put("person_register", row | _columns(said))


def _compared(said: Iterable[Mapping[str, Any]]) -> str:
    return _to_json([one for one in said if one["p"] in _COMPARED])


def _scope(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"case_id": payload.get("scope", {}).get("case")}


def _columns(said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for packed in reversed(said):
        field = person_fields().get(_MEANT.get(packed["p"], packed["p"]))
        if field is not None:
            row.update(values_of(field, packed))
    return row


def person_conditions(texts: Sequence[str]) -> list[Where]:
    """The conditions that `FIELD=VALUE` texts mean for persons, all to be met; see `conditions` for the forms.

    `date` and `year` are of the last contact or the find, `place.state` and `place.county_fips` of its place.
    """
    own = ("person_id", "source_key", "case_id")
    return [where for text in texts for where in condition_on(text, person_fields(), own)]


def persons(view: View, where: Sequence[str] = (), *, limit: int | None = None) -> list[dict[str, Any]]:
    """Visible persons of registers that meet `FIELD=VALUE` conditions, in the order in which they came.

    Each has `person_id`, `source_key`, `source_row`, `case_id`, `kind`, `name`, `date` and `place` (of the last
    contact of a missing person, else of the find), `status`, `missing_since`. Raises InputError for an unknown field.
    """
    names = ("person_id", "source_key", "source_row", "case_id", "kind", "name", "status", "missing_since")
    columns = [*names, *(f"date_{part}" for part in _DAY), *(f"place_{part}" for part in _PLACE)]
    conditions = person_conditions(where)
    found = view.select("person_register", columns, conditions, order=["first_seq"], limit=limit)
    return [_listed(dict(zip(columns, row, strict=True)), names) for row in found]


def _listed(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    day = {part: row[f"date_{part}"] for part in _DAY}
    place = Place(**{part: row[f"place_{part}"] for part in _PLACE})
    date = PartialDate.from_json(day).to_json() if day["from"] else None
    return {name: row[name] for name in names} | {"date": date, "place": place.to_json() or None}


def compared_persons(view: View, where: Sequence[Where]) -> list[dict[str, Any]]:
    """Visible persons with what a comparison reads of them, in the order in which they came.

    Each has `person_id`, `source_key`, `case_id`, `kind`, `invented` (an example that never lived), and `sayings`: the
    live `Said` by predicate, the preferred first; nothing that is denied or stated as unknown.
    """
    columns = ["person_id", "source_key", "case_id", "kind", "compared"]
    found = []
    for person_id, source_key, case_id, kind, compared in view.select(
        "person_register", columns, where, order=["first_seq"]
    ):
        sayings: dict[str, list[Said]] = {}
        for packed in json.loads(compared):
            said = unpack_said(packed)
            if said.polarity == "asserted" and said.value is not None:
                sayings.setdefault(said.predicate, []).append(said)
        found.append(
            {"person_id": person_id, "source_key": source_key, "case_id": case_id, "kind": kind}
            | {"invented": _is_invented(compared), "sayings": sayings}
        )
    return found


def invented_persons(view: View, person_ids: Sequence[str]) -> set[str]:
    """Those of these persons whose records say that they are examples who never lived."""
    where = [Where("person_id", "in", sorted(set(person_ids)))]
    return {who for who, said in view.select("person_register", ["person_id", "compared"], where) if _is_invented(said)}


def _is_invented(compared: str) -> bool:
    told = (unpack_said(packed) for packed in json.loads(compared) if packed["p"] == "invented")
    return any(said.polarity == "asserted" for said in told)


def compared_before(view: View, person_id: str, seq: int) -> dict[str, list[Said]]:
    """The `sayings` of `compared_persons` as the entries up to `seq` told them."""
    where = [Where("person_id", "=", person_id), Where("seq", "<=", seq)]
    seqs = [one for (one,) in view.select("person_entries", ["seq"], where)]
    entries = sorted(view.log([Where("seq", "in", seqs)], limit=len(seqs) + 1), key=lambda e: e.leaf.seq)
    found: dict[str, list[Said]] = {}
    for field in fold_person(person_id, entries).fields:
        for sourced in field.sources:
            said = sourced.statement.said
            if sourced.live and said.predicate in _COMPARED and said.polarity == "asserted" and said.value is not None:
                found.setdefault(said.predicate, []).append(said)
    return found


def no_such_person(text: str) -> InputError:
    """The one answer for a person who is not there and for one whom this reader may not see."""
    return InputError(
        where="person",
        got=repr(text),
        want="the id or source key of a person in this book",
        fix="List persons with `thaw persons`.",
    )


def person(view: View, text: str) -> PersonView:
    """The folded view of the person of a register with this id or source key.

    Raises InputError, the same for one who is not there and one whom this reader may not see.
    """
    column = "source_key" if ":" in text else "person_id"
    columns = ["person_id", "kind", "case_id", "missing_since"]
    found = view.select("person_register", columns, [Where(column, "=", text)])
    if not found:
        raise no_such_person(text)
    person_id, kind, case_id, missing = found[0]
    seqs = [seq for (seq,) in view.select("person_entries", ["seq"], [Where("person_id", "=", person_id)])]
    entries = sorted(view.log([Where("seq", "in", seqs)], limit=len(seqs) + 1), key=lambda e: e.leaf.seq)
    folded = fold_person(person_id, entries)
    return PersonView(person_id, kind, case_id, folded.fields, folded.source_keys, missing, folded.seqs)
