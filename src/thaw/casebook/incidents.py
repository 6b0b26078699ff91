"""Incidents that are no case: the table that lists them, so that they can be asked for and looked at beside a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from thaw.access import View
from thaw.data.ucr import shr_weapon
from thaw.record import Code, PartialDate, Place, Said, pack_said, predicates
from thaw.store import Entry, Rows, Table, Where

from .fields import Field, columns_of, condition_on, values_of

_FIELDS = ("date", "place", "location_type", "agency", "incident_number")
_OWN = {
    "incident_id": "text",
    "first_seq": "integer",
    "source_key": "text",
    "source_row": "integer",
    "offenses": "text",
}
_DAY = ("from", "to", "precision")
_PLACE = ("name", "state", "county_fips", "lat", "lon", "precision_km")


@cache
def _fields() -> Mapping[str, Field]:
    known = predicates("case")
    return {name: Field(name, "incident", known[name], columns_of(name, known[name])) for name in _FIELDS}


@cache
def incident_table() -> Table:
    """One row per incident of a register in which nobody was killed."""
    columns = {column: kind for field in _fields().values() for column, kind in field.columns.items()}
    more = {"deleted": "text"}
    return Table("incident_register", _OWN | columns | more, ("source_key",), (("incident_id",),))


def keep_incident(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    """Keep the row of an incident as its newest source row states it, or mark it as taken back by its register."""
    if entry.leaf.kind == "import.missing" and payload.get("incident"):
        for row in rows.find("incident_register", {"incident_id": payload["incident"]}):
            rows.put("incident_register", row | {"deleted": entry.leaf.at})
    if entry.leaf.kind != "import.row" or "incident" not in payload["subjects"]:
        return
    said = payload["said"].get("incident", ())
    kept: dict[str, Any] = {"incident_id": payload["subjects"]["incident"], "first_seq": entry.leaf.seq}
    kept |= {"source_key": payload["source_key"], "source_row": payload["row"]}
    kept["offenses"] = " ".join(packed["v"]["code"] for packed in said if packed["p"] == "offense" and "v" in packed)
    for packed in reversed(said):
        field = _fields().get(packed["p"])
        if field is not None:
            kept.update(values_of(field, packed))
    rows.put("incident_register", kept)


@cache
def decision_table() -> Table:
    """What people decided on a case and an incident that is none: one killing (`same`), or one offender (`link`)."""
    columns = {"incident_id": "text", "relation": "text", "decision": "text", "reason": "text", "by": "text"}
    key = ("case_id", "incident_id", "relation")
    return Table(
        "incident_decisions", {"case_id": "text", **columns, "at": "text", "seq": "integer"}, key, (("incident_id",),)
    )


def keep_decision(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    """Keep the last decision on a case and an incident; one that was taken back stays as `undone`."""
    relation = "link" if entry.leaf.kind == "link.decide" else "same"
    row = {"case_id": payload["scope"]["case"], "incident_id": payload["incident"], "relation": relation}
    row |= {"decision": payload.get("decision", "undone"), "reason": payload["reason"], "by": payload["by"]}
    rows.put("incident_decisions", row | {"at": entry.leaf.at, "seq": entry.leaf.seq})


def incident_decisions(view: View, where: Sequence[Where]) -> list[dict[str, Any]]:
    """Decisions on visible cases and incidents, oldest first.

    Each has `case_id`, `incident_id`, `source_key` of the incident, `relation`, `decision`, `reason`, `by`, `at`.
    """
    names = ("case_id", "incident_id", "relation", "decision", "reason", "by", "at")
    found = [
        dict(zip(names, row, strict=True)) for row in view.select("incident_decisions", names, where, order=["seq"])
    ]
    ids = sorted({one["incident_id"] for one in found})
    rows = view.select("incident_register", ["incident_id", "source_key"], [Where("incident_id", "in", ids)])
    keys: dict[str, str] = dict(rows)
    return [one | {"source_key": keys.get(one["incident_id"])} for one in found]


def find_incident(view: View, text: str) -> str | None:
    """The id of the incident that is no case with this id or source key, or None."""
    column = "source_key" if ":" in text else "incident_id"
    found = view.select("incident_register", ["incident_id"], [Where(column, "=", text)])
    return str(found[0][0]) if found else None


def list_incidents(view: View, where: Sequence[str] = (), *, limit: int | None = None) -> list[dict[str, Any]]:
    """Incidents that are no case and meet `FIELD=VALUE` conditions on date, place, type of place, agency, offense.

    Each has `incident_id`, `source_key`, `source_row`, `offenses` (codes), `location_type`, `agency`, `deleted`, `date`
    and `place`. `offense=120` finds those with that code among their offenses.
    """
    wanted = [text.partition("=")[2].strip().upper() for text in where if text.startswith("offense=")]
    own = ("incident_id", "source_key")
    conditions = [w for t in where if not t.startswith("offense=") for w in condition_on(t, _fields(), own)]
    names = ["incident_id", "source_key", "source_row", "offenses", "location_type", "agency", "deleted"]
    columns = [*names, *(f"date_{part}" for part in _DAY), *(f"place_{part}" for part in _PLACE)]
    found = view.select("incident_register", columns, conditions, order=["date_from", "first_seq"])
    listed = [_listed(dict(zip(columns, row, strict=True)), names) for row in found]
    chosen = [one for one in listed if all(code in one["offenses"] for code in wanted)]
    return chosen[:limit]


def said_of_incident(view: View, text: str) -> dict[str, list[dict[str, Any]]] | None:
    """What an incident without a case says as a killing would: packed sayings by role, of its newest row.

    text  id or source key
    The weapon is the SHR code that the NIBRS one is read as. None when there is no such incident.
    """
    column = "source_key" if ":" in text else "incident_id"
    found = view.select("incident_register", ["first_seq"], [Where(column, "=", text)])
    entries = view.log([Where("seq", "=", found[-1][0])], limit=1) if found else []
    payload = entries[0].payload if entries else None
    if payload is None:
        return None
    said = list(payload["said"].get("incident", ()))
    for code in (one["v"]["code"] for one in said if one["p"] == "nibrs_weapon" and "v" in one):
        weapon = shr_weapon(code)
        if weapon is not None:
            said.append(pack_said(Said("weapon", Code(weapon, "shr.weapon"), f"from NIBRS {code}")))
            break
    return {"case": said}


def _listed(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    day = {part: row[f"date_{part}"] for part in _DAY}
    place = Place(**{part: row[f"place_{part}"] for part in _PLACE})
    shown = {name: row[name] for name in names} | {"offenses": row["offenses"].split()}
    date = PartialDate.from_json(day).to_json() if day["from"] else None
    return shown | {"date": date, "place": place.to_json() or None}
