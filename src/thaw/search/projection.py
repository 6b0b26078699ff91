"""The word index: one text per page of a document and one per case, found by words and phrases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from thaw.record import codes_of, per_saying
from thaw.store import Entry, Rows, Table

_CASE_KINDS = ("import.row", "case.create", "statement.add", "statement.supersede")


class Words:
    """Projection `words`: tables texts and text_places.

    A page's text comes from its text layer, a case's from what its sources say. A page stands once for each case that
    its document was put to: who may see one of them finds it there.
    """

    name = "words"
    version = 1
    tables = (
        Table(
            "texts",
            {"kind": "text", "ref": "text", "page": "integer", "place": "text", "source": "text", "body": "text"},
            key=("kind", "ref", "page", "place"),
            indexes=(("document_id",),),
            full_text=("body",),
        ),
        Table("text_places", {"document_id": "text", "place": "text"}, key=("document_id", "place")),
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Index what an entry says."""
        payload = entry.payload
        if payload is None:
            return
        if entry.leaf.kind == "document.read":
            _index_pages(payload, rows)
        elif entry.leaf.kind in ("document.add", "document.assign"):
            _place(payload["scope"], rows)
        elif entry.leaf.kind in _CASE_KINDS and "case" in payload["subjects"]:
            case_id = payload["subjects"]["case"]
            first = entry.leaf.prev is None and entry.leaf.kind in ("import.row", "case.create")
            entries: Sequence[Entry] = [entry] if first else rows.entries_of_case(case_id)
            body = "\n".join(dict.fromkeys(line for e in entries for line in _lines(e)))
            keys = (e.payload["source_key"] for e in entries if e.payload and e.payload.get("source_key"))
            source = next(keys, case_id)
            row = {"kind": "case", "ref": case_id, "page": 0, "place": case_id, "source": source, "body": body}
            row["case_id"] = case_id
            (rows.add if first else rows.put)("texts", row)


def _index_pages(payload: Mapping[str, Any], rows: Rows) -> None:
    layer = json.loads(rows.blob(payload["layer"]))
    document = payload["scope"]["document"]
    for placed in rows.find("text_places", {"document_id": document}):
        for page in layer["pages"]:
            if page["text"] is not None:
                row = {"kind": "page", "ref": document, "page": page["number"], "source": payload["file"]}
                ids = {"place": placed["place"], "case_id": placed["case_id"], "document_id": document}
                rows.put("texts", row | ids | {"body": page["text"]})


def _place(scope: Mapping[str, Any], rows: Rows) -> None:
    """Note the case that a document was put to; pages that were read before stand there too from now on."""
    document, case_id = scope["document"], scope.get("case")
    pages = rows.find("texts", {"document_id": document})
    for page in pages:
        if page["place"] == pages[0]["place"]:
            rows.put("texts", page | {"place": case_id or "", "case_id": case_id})
    rows.put("text_places", {"document_id": document, "place": case_id or "", "case_id": case_id})


def _lines(entry: Entry) -> Iterator[str]:
    payload = entry.payload
    if payload is None or entry.leaf.kind not in _CASE_KINDS:
        return
    if payload.get("source_key"):
        yield payload["source_key"]
    yield " ".join(map(_spoken, chain.from_iterable(payload["said"].values())))


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
