"""The list of documents: which file, which case and box, how far it has been read."""

from __future__ import annotations

from typing import Any

from thaw.access import View
from thaw.store import Where

_SHOWN = (
    "document_id",
    "case_id",
    "box_id",
    "part_of",
    "file",
    "type",
    "size",
    "pages",
    "read_pages",
    "without_text",
    "ocr_pages",
    "ocr_waiting",
    "ocr_failed",
    "alarms",
    "upset",
    "engine",
    "state",
    "problem",
    "remarks",
)


def list_documents(view: View, where: list[Where]) -> list[dict[str, Any]]:
    """Visible documents in the order in which they were taken in; `box` is the label of the box they came in.

    One that was put to a case after it had come for none stands there first: whoever opens it is in its case.
    """
    found = view.select("documents", _SHOWN, where, order=["seq"])
    documents = [dict(zip(_SHOWN, row, strict=True)) for row in found]
    place: dict[str, int] = {}
    for document in documents:
        place.setdefault(document["document_id"], len(place))
    documents.sort(key=lambda one: (place[one["document_id"]], one["case_id"] is None))
    boxes = sorted({document["box_id"] for document in documents if document["box_id"]})
    named = view.select("boxes", ["box_id", "label"], [Where("box_id", "in", boxes)]) if boxes else []
    labels: dict[str | None, str] = dict(named)
    # Before boxes had entries of their own, their label stood in the place of the id.
    return [d | {"box": labels.get(box, box)} for d in documents for box in [d.pop("box_id")]]
