"""What persons made of mentions: promoted, named anew, taken back; and which of them they hold for one.

Every step is an entry, so every step can be taken back by another; the rows here are what the entries add up to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.store import Entry, Rows, Table

MENTION_TABLES = (
    Table(
        "promoted",
        {"mention_id": "text", "seq": "integer", "kind": "text", "text": "text", "name": "text", "page": "integer"}
        | {"start": "integer", "stop": "integer", "rule": "text", "state": "text"},
        key=("mention_id",),
    ),
    Table("same_mention", {"one": "text", "other": "text", "status": "text", "seq": "integer"}, ("one", "other")),
)


def keep_mention(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    """Keep what an entry says of a promoted mention."""
    match entry.leaf.kind:
        case "mention.promote":
            _promote(entry, payload, rows)
        case "mention.reject" if payload.get("mention_id"):
            known = rows.get("promoted", [payload["mention_id"]])
            if known is not None:
                rows.put("promoted", known | {"state": "withdrawn", "seq": entry.leaf.seq})
        case "person.join" | "person.part" if "mentions" in payload:
            one, other = sorted(payload["mentions"])
            status = "one" if entry.leaf.kind == "person.join" else "apart"
            known = rows.get("promoted", [one]) or {}
            row = {"one": one, "other": other, "status": status, "seq": entry.leaf.seq}
            rows.put("same_mention", row | {"case_id": known.get("case_id"), "document_id": known.get("document_id")})


def _promote(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    mention, scope = payload["mention"], payload["scope"]
    row = {key: mention[key] for key in ("kind", "text", "page", "start", "rule")}
    row |= {"mention_id": payload["mention_id"], "name": payload["name"], "stop": mention["end"]}
    row |= {"seq": entry.leaf.seq, "state": "promoted"}
    rows.put("promoted", row | {"case_id": scope.get("case"), "document_id": scope["document"]})
