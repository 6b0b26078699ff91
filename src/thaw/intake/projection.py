"""The intake's tables: which rows are held, which imports ran, which rows were set aside, which have gone missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.store import Entry, Rows, Table


class Imports:
    """Projection `imports`. A row is known again by keyed digests of its key and of its bytes, never by its text."""

    name = "imports"
    version = 3
    tables = (
        # `came_from` is the import that a changed row was held from before; null for a row that is as it first was.
        Table(
            "held",
            {"key_mac": "blob", "row_mac": "blob", "seq": "integer", "import_seq": "integer", "came_from": "integer"}
            | {"source_key": "text", "sealed": "integer", "subject": "text"},
            key=("key_mac",),
            indexes=(("import_seq",),),
        ),
        Table(
            "imports",
            {"seq": "integer", "file": "text", "format": "text", "sha256": "text", "data_set": "text", "at": "text"}
            | {"finished": "integer", "issue_of": "integer"},
            key=("seq",),
        ),
        Table(
            "rejects",
            {"seq": "integer", "mac": "blob", "file": "text", "line": "integer", "field": "text", "got": "text"}
            | {"want": "text", "raw": "text", "row": "integer", "import_seq": "integer", "key_mac": "blob"}
            | {"resolved": "text", "resolved_by": "text", "resolved_at": "text"},
            key=("seq",),
            indexes=(("mac",), ("key_mac",)),
        ),
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Keep one import entry."""
        payload = entry.payload
        if payload is None:
            return
        match entry.leaf.kind:
            case "import.start":
                facts = {name: payload[name] for name in ("file", "format", "data_set", "sha256")}
                rows.put("imports", facts | {"seq": entry.leaf.seq, "at": entry.leaf.at, "finished": 0})
            case "import.finish":
                started = rows.get("imports", [payload["import"]])
                if started is not None:
                    rows.put("imports", started | {"finished": 1, "issue_of": payload["issue_of"]})
            case "import.row":
                rows.put("held", _held(entry, payload, rows))
            case "seal.destroy":
                _seal(payload, rows)
            case "import.reject":
                rows.put("rejects", _rejected(entry, payload))
            case "import.resolve":
                reject = rows.get("rejects", [payload["reject"]])
                if reject is not None:
                    facts = {"resolved": payload["reason"], "resolved_by": payload["by"], "resolved_at": entry.leaf.at}
                    rows.put("rejects", reject | facts)


def _rejected(entry: Entry, payload: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: payload[name] for name in ("file", "line", "field", "got", "want", "raw")}
    facts |= {"seq": entry.leaf.seq, "mac": bytes.fromhex(payload["mac"]), "row": payload.get("row")}
    facts |= {"import_seq": payload.get("import"), "case_id": payload.get("scope", {}).get("case")}
    return facts | {"key_mac": bytes.fromhex(payload["key"]) if payload.get("key") else None}


def _seal(payload: Mapping[str, Any], rows: Rows) -> None:
    """A destroyed row is still known by its digests, so that it cannot slip in again as new."""
    for sealed in payload["entries"]:
        if sealed.get("held"):
            key_mac, row_mac = (bytes.fromhex(mac) for mac in sealed["held"])
            known = rows.get("held", [key_mac])
            if known is None or known["seq"] == sealed["seq"]:
                row = {"key_mac": key_mac, "row_mac": row_mac, "seq": sealed["seq"], "sealed": 1}
                rows.put("held", row)


def _held(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    key_mac, row_mac = (bytes.fromhex(mac) for mac in payload["held"])
    row = {"key_mac": key_mac, "row_mac": row_mac, "seq": entry.leaf.seq, "import_seq": payload["import"]}
    if entry.leaf.prev is not None:
        row["came_from"] = _came_from(key_mac, rows)
    subjects = payload["subjects"]
    subject = next((subjects[role] for role in ("case", "person", "incident") if role in subjects), None)
    return row | {"source_key": payload["source_key"], "case_id": subjects.get("case"), "subject": subject}


def _came_from(key_mac: bytes, rows: Rows) -> int | None:
    """The newest import with an end that held this row before."""
    before = rows.get("held", [key_mac])
    if before is None:
        return None
    run = rows.get("imports", [before["import_seq"]])
    stopped = run is not None and not run["finished"]
    origin: int = before["came_from"] if stopped and before["came_from"] is not None else before["import_seq"]
    return origin
