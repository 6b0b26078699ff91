"""The word index: one text per page of a document and one per case, found by words and phrases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from thaw.record import codes_of, per_saying
from thaw.store import Entry, Rows, Table

_CASE_KINDS = ("import.row", "case.create", "statement.add", "statement.supersede")


class Words:
    """Projection `words`: table texts. A page's text comes from its text layer, a case's from what its sources say."""

    name = "words"
    version = 1
    tables = (
        Table(
            "texts",
            {"kind": "text", "ref": "text", "page": "integer", "source": "text", "body": "text"},
            key=("kind", "ref", "page"),
            full_text=("body",),
        ),
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Index what an entry says."""
        payload = entry.payload
        if payload is None:
            return
        if entry.leaf.kind == "document.read":
            _index_pages(payload, rows)
        elif entry.leaf.kind in _CASE_KINDS:
            case_id = payload["subjects"]["case"]
            first = entry.leaf.prev is None and entry.leaf.kind in ("import.row", "case.create")
            entries: Sequence[Entry] = [entry] if first else rows.entries_of_case(case_id)
            body = "\n".join(dict.fromkeys(line for e in entries for line in _lines(e)))
            keys = (e.payload["source_key"] for e in entries if e.payload and e.payload.get("source_key"))
            source = next(keys, case_id)
            row = {"kind": "case", "ref": case_id, "page": 0, "source": source, "body": body, "case_id": case_id}
            (rows.add if first else rows.put)("texts", row)


def _index_pages(payload: Mapping[str, Any], rows: Rows) -> None:
    layer = json.loads(rows.blob(payload["layer"]))
    scope = payload["scope"]
    for page in layer["pages"]:
        if page["text"] is not None:
            row = {"kind": "page", "ref": scope["document"], "page": page["number"], "source": payload["file"]}
            ids = {"case_id": scope.get("case"), "document_id": scope["document"]}
            rows.put("texts", row | ids | {"body": page["text"]})


def _lines(entry: Entry) -> Iterator[str]:
    payload = entry.payload
    if payload is None or entry.leaf.kind not in _CASE_KINDS:
        return
    if payload.get("source_key"):
        yield payload["source_key"]
    yield " ".join(_spoken(packed) for saids in payload["said"].values() for packed in saids)


@per_saying
def _spoken(packed: dict[str, Any]) -> str:
    value = packed.get("v", {})
    words = packed.get("w")
    if "code" in value:
        return str(words or codes_of(value["list"]).get(value["code"], value["code"]))
    if "date" in value:
        return str(value["date"].get("words") or value["date"]["from"][:7])
    if "place" in value:
        return str(value["place"].get("name") or "")
    return str(value.get("text") or "")
