"""The register of documents: which file, which case and box, how far it has been read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.access import View
from thaw.store import Entry, Rows, Table, Where

DOCUMENT_TABLE = Table(
    "documents",
    {"document_id": "text", "place": "text", "file": "text", "type": "text", "size": "integer", "seq": "integer"}
    | {"pages": "integer", "without_text": "integer", "layer": "text", "engine": "text", "state": "text"}
    | {"problem": "text"},
    key=("document_id", "place"),
    indexes=(("case_id",), ("state",)),
)
_SHOWN = (
    "document_id",
    "case_id",
    "file",
    "type",
    "size",
    "pages",
    "without_text",
    "layer",
    "engine",
    "state",
    "problem",
)


def keep_document(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    """Keep the rows of one document; one row per case it was put to, `place` being the case or ''."""
    scope = payload.get("scope", {})
    document, case_id = scope.get("document"), scope.get("case")
    if document is None:
        return
    known = rows.find("documents", {"document_id": document})
    match entry.leaf.kind:
        case "document.add":
            row = {"document_id": document, "place": case_id or "", "case_id": case_id, "box_id": scope.get("box")}
            facts = {name: payload[name] for name in ("file", "type", "size")}
            rows.put("documents", row | facts | {"seq": entry.leaf.seq, "state": "queued"})
        case "document.assign" if known:
            rows.put("documents", known[0] | {"place": case_id or "", "case_id": case_id, "seq": entry.leaf.seq})
        case "document.read":
            facts = {name: payload[name] for name in ("pages", "layer", "engine")}
            facts["without_text"] = len(payload["without_text"])
            for row in known:
                rows.put("documents", row | facts | {"state": "read", "problem": None})
        case "document.fail":
            for row in known:
                rows.put("documents", row | {"state": "failed", "problem": payload["problem"]})


def list_documents(view: View, where: list[Where]) -> list[dict[str, Any]]:
    """Visible documents in the order in which they were taken in."""
    found = view.select("documents", _SHOWN, where, order=["seq"])
    return [dict(zip(_SHOWN, row, strict=True)) for row in found]
