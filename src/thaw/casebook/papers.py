"""The register of papers: boxes, documents, their pages, every text of a page, and what was found in them.

A page may have several texts: the text layer of its file, one of each OCR engine, one that a person typed. All stay;
a person's comes first, then OCR, then a layer that only stamps a picture.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from thaw.store import Entry, Rows, Table

from .alike_pages import bands_of, likeness, print_of

_ALIKE = 0.8  # of the signatures: below this, two pages only speak of the same things
_RANKS = {"person": 3, "ocr": 2, "text": 1}

DOCUMENTS = Table(
    "documents",
    {"document_id": "text", "place": "text", "file": "text", "type": "text", "size": "integer", "seq": "integer"}
    | {"pages": "integer", "read_pages": "integer", "without_text": "integer", "engine": "text", "state": "text"}
    | {"problem": "text", "got": "text", "want": "text", "remarks": "text", "part_of": "text", "depth": "integer"}
    | {"ocr_pages": "integer", "ocr_waiting": "integer", "ocr_failed": "integer", "alarms": "integer"}
    | {"text_seq": "integer", "study_seq": "integer", "priority": "integer"}
    | {"upset": "integer"},
    key=("document_id", "place"),
    indexes=(("case_id",), ("state",), ("part_of",), ("box_id",)),
)
PAGES = Table(
    "pages",
    {"document_id": "text", "place": "text", "page": "integer", "seq": "integer", "layer": "text", "engine": "text"}
    | {"reader": "text", "confidence": "real", "alarm": "text", "ocr": "text", "picture": "text", "alike": "text"}
    | {"kind": "text", "written_from": "text", "written_to": "text", "filed": "text", "author": "text"}
    | {"section_by": "text", "section_why": "text", "problem": "text", "empty": "integer"}
    | {"mentions_of": "integer"},
    key=("document_id", "place", "page"),
    indexes=(("ocr",), ("alike",), ("picture",), ("case_id",)),
)
PAGE_TEXTS = Table(
    "page_texts",
    {"document_id": "text", "place": "text", "page": "integer", "seq": "integer", "layer": "text", "engine": "text"}
    | {"reader": "text", "confidence": "real", "empty": "integer", "by": "text"},
    key=("document_id", "place", "page", "seq"),
)
MENTIONS = Table(
    "mentions",
    {"seq": "integer", "n": "integer", "place": "text", "document_id": "text", "page": "integer", "kind": "text"}
    | {"text": "text", "normal": "text", "role": "text", "rule": "text", "certainty": "text", "start": "integer"}
    | {"date_from": "text", "date_to": "text", "detail": "text", "end": "integer", "box": "text", "status": "text"},
    key=("seq", "n", "place"),
    indexes=(("document_id", "page"), ("kind", "normal"), ("case_id",)),
)
BOXES = Table(
    "boxes",
    {"box_id": "text", "label": "text", "pages_declared": "integer", "seq": "integer", "closed": "integer"},
    key=("box_id",),
    indexes=(("label",), ("case_id",)),
)
COPIES = Table(
    "copies",
    {"seq": "integer", "document_id": "text", "file": "text"},
    key=("seq",),
    indexes=(("document_id",), ("box_id",)),
)
PRINTS = Table(
    "page_prints",
    {"document_id": "text", "place": "text", "page": "integer", "print": "text"} | {"band": "text", "n": "integer"},
    key=("document_id", "place", "page", "n"),
    indexes=(("band",),),
)
QUEUE = Table("queue", {"name": "text", "value": "text", "seq": "integer"}, key=("name",))
_PLACED = ("pages", "page_texts", "mentions", "page_prints")


class Papers:
    """Projection `papers`: tables documents, boxes, copies, pages, page_texts, mentions, page_prints and queue.

    A document has one row per case that it was put to, `place` being the case or ''; so have its pages.
    """

    name = "papers"
    version = 2
    # What entries that hold texts carry, so that pages that say nearly the same are found.
    print_of = staticmethod(print_of)
    tables = (DOCUMENTS, PAGES, PAGE_TEXTS, MENTIONS, BOXES, COPIES, PRINTS, QUEUE)

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Keep what an entry says of papers."""
        payload = entry.payload
        if payload is None:
            return
        group, _, what = entry.leaf.kind.partition(".")
        if group == "box":
            _box(entry, payload, rows)
        elif group == "config" and payload.get("setting") == "queue.paused":
            rows.put("queue", {"name": "paused", "value": "yes" if payload["value"] else "", "seq": entry.leaf.seq})
        elif group == "mention":
            _mention(entry, payload, rows, what)
        elif group in ("document", "job") and "document" in payload.get("scope", {}):
            known = rows.find("documents", {"document_id": payload["scope"]["document"]})
            _KEEPERS.get(entry.leaf.kind, _pass)(entry, payload, rows, known)


def _pass(entry: Entry, payload: Mapping[str, Any], rows: Rows, known: Sequence[dict[str, Any]]) -> None:
    """Kinds that change nothing here."""


def _box(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    box_id = payload["scope"]["box"]
    if entry.leaf.kind == "box.create":
        row = {"box_id": box_id, "label": payload["label"], "pages_declared": payload.get("pages_declared")}
        rows.put("boxes", row | {"seq": entry.leaf.seq, "closed": 0, "case_id": payload["scope"].get("case")})
    elif entry.leaf.kind in ("box.count", "box.close"):
        row = rows.get("boxes", [box_id]) or {}
        if row and payload.get("pages_declared") is not None:
            row["pages_declared"] = payload["pages_declared"]
        if row:
            rows.put("boxes", row | {"closed": int(entry.leaf.kind == "box.close")})


def _copy(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    scope = payload["scope"]
    row = {"seq": entry.leaf.seq, "document_id": scope["document"], "file": payload["file"]}
    rows.put("copies", row | {"box_id": scope.get("box"), "case_id": scope.get("case")})


def _add(entry: Entry, payload: Mapping[str, Any], rows: Rows, known: Sequence[dict[str, Any]]) -> None:
    scope = payload["scope"]
    case_id = scope.get("case")
    row = {"document_id": scope["document"], "place": case_id or "", "case_id": case_id, "box_id": scope.get("box")}
    row |= {name: payload[name] for name in ("file", "type", "size")}
    row |= {"part_of": payload.get("part_of"), "depth": payload.get("depth", 0)}
    row |= {"read_pages": 0, "ocr_pages": 0, "ocr_waiting": 0, "ocr_failed": 0, "alarms": 0, "priority": 0, "upset": 0}
    rows.put("documents", row | {"seq": entry.leaf.seq, "state": "queued"})
    _copy(entry, payload, rows)


def _duplicate(entry: Entry, payload: Mapping[str, Any], rows: Rows, known: Sequence[dict[str, Any]]) -> None:
    _copy(entry, payload, rows)


def _assign(entry: Entry, payload: Mapping[str, Any], rows: Rows, known: Sequence[dict[str, Any]]) -> None:
    if not known:
        return
    case_id = payload["scope"].get("case")
    there = {"place": case_id or "", "case_id": case_id}
    box = payload["scope"].get("box") or known[0]["box_id"]
    rows.put("documents", known[0] | there | {"seq": entry.leaf.seq, "box_id": box})
    if "file" in payload:
        _copy(entry, payload, rows)
    # What was read before stands there too from now on: who may see one of the cases finds it there.
    for table in _PLACED:
        for row in rows.find(table, {"document_id": known[0]["document_id"]}):
            if row["place"] == known[0]["place"]:
                rows.put(table, row | there)


def _read(entry: Entry, payload: Mapping[str, Any], rows: Rows, known: Sequence[dict[str, Any]]) -> None:
    """One run of pages that one reader read; what it says of a page stands in the payload, the words in its layer."""
    reader = payload.get("reader", "text")
    numbers = payload.get("numbers") or list(
        range(payload.get("first_page", 1), payload.get("last_page", payload["pages"]) + 1)
    )
    if reader == "second":
        _second(entry, payload, rows, known)
        return
    bare, waiting = set(payload["without_text"]), set(payload.get("pictures", payload["without_text"]))
    facts = {name: dict(payload.get(name, ())) for name in ("confidence", "alarms", "picture_digests")}
    for document in known:
        row = dict(document)
        for number in numbers:
            page = rows.get("pages", [row["document_id"], row["place"], number]) or _new_page(row, number)
            _tally(row, page, -1)
            if reader == "ocr":
                page |= {"ocr": "done", "picture": facts["picture_digests"].get(number), "problem": None}
            elif number in waiting and page["ocr"] == "":
                page["ocr"] = "waiting"
            text = {"seq": entry.leaf.seq, "layer": payload["layer"], "engine": payload["engine"], "reader": reader}
            text |= {"confidence": facts["confidence"].get(number), "empty": int(number in bare)}
            _put_text(page, text, payload.get("by"), facts["alarms"].get(number), rows)
            _tally(row, page, 1)
        row |= _progress(row, payload, numbers, reader) | {"text_seq": entry.leaf.seq}
        rows.put("documents", _stated(row))
        for number, print_ in payload.get("prints", ()):
            _group(row, number, print_, rows)


def _second(entry: Entry, payload: Mapping[str, Any], rows: Rows, known: Sequence[dict[str, Any]]) -> None:
    """What another engine read of the same picture stands beside the first text and changes nothing else."""
    for document in known:
        for number in payload["numbers"]:
            text = {"seq": entry.leaf.seq, "layer": payload["layer"], "engine": payload["engine"], "reader": "second"}
            text |= {"confidence": None, "empty": int(number in payload["without_text"]), "page": number, "by": None}
            rows.put("page_texts", _scope_of(document) | text)


def _progress(
    document: Mapping[str, Any], payload: Mapping[str, Any], numbers: Sequence[int], reader: str
) -> dict[str, Any]:
    """How far the reading of a file has come with this run."""
    if reader != "text":
        return {}
    remarks = [*filter(None, [document["remarks"]]), *payload.get("remarks", ())]
    return {
        "read_pages": max([document["read_pages"] or 0, *numbers]),
        "pages": payload["pages"],
        "engine": payload["engine"],
        "remarks": "; ".join(dict.fromkeys(remarks)) or None,
        "without_text": (document["without_text"] or 0) + len(payload["without_text"]),
        "state": "read" if payload.get("final", True) else "reading",
        "problem": None,
    }


def _new_page(document: Mapping[str, Any], number: int) -> dict[str, Any]:
    return _scope_of(document) | {"page": number, "ocr": "", "alarm": None, "reader": None, "empty": 1}


def _scope_of(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("document_id", "place", "case_id", "box_id", "sensitivity")}


def _tally(document: dict[str, Any], page: Mapping[str, Any], sign: int) -> None:
    """Count a page in (1) or out (-1) of what its document says of its pages."""
    for column, yes in (
        ("ocr_pages", page["ocr"] == "done"),
        ("ocr_waiting", page["ocr"] == "waiting"),
        ("ocr_failed", page["ocr"] == "failed"),
        ("alarms", bool(page["alarm"])),
        # Its letters were read, and its words upset the rules that find names and dates.
        ("upset", bool(page.get("problem")) and page["ocr"] != "failed"),
    ):
        document[column] = (document[column] or 0) + sign * yes


def _stated(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its state: read by its reader, but pictures of pages may still wait for OCR."""
    if document["state"] in ("read", "waiting"):
        document["state"] = "waiting" if document["ocr_waiting"] else "read"
    return document


def _put_text(page: dict[str, Any], text: Mapping[str, Any], by: str | None, alarm: str | None, rows: Rows) -> None:
    """Keep one text of a page, and in the page the best of its texts."""
    rows.put("page_texts", _scope_of(page) | dict(text) | {"page": page["page"], "by": by})
    if page["reader"] is None or _rank(text["reader"], text["empty"]) >= _rank(page["reader"], page["empty"]):
        page |= dict(text) | {"alarm": alarm}
    rows.put("pages", page)


def _rank(reader: str, empty: int) -> int:
    # A person who says that a page is blank is believed; an engine that finds nothing has no say.
    return _RANKS[reader] * (not empty or reader == "person")


def _transcribe(entry: Entry, payload: Mapping[str, Any], rows: Rows, known: Sequence[dict[str, Any]]) -> None:
    _read(entry, {**payload, "reader": "person", "numbers": [payload["page"]]}, rows, known)


def _fail(entry: Entry, payload: Mapping[str, Any], rows: Rows, known: Sequence[dict[str, Any]]) -> None:
    number = payload.get("page")
    for document in known:
        row = dict(document)
        if number is None:
            facts = {name: payload.get(name) for name in ("problem", "got", "want")}
            rows.put("documents", row | facts | {"state": "failed"})
            continue
        page = rows.get("pages", [row["document_id"], row["place"], number]) or _new_page(row, number)
        _tally(row, page, -1)
        page |= {"ocr": "failed", "problem": payload["problem"]}
        _tally(row, page, 1)
        rows.put("pages", page)
        rows.put("documents", _stated(row))


def _queue(entry: Entry, payload: Mapping[str, Any], rows: Rows, known: Sequence[dict[str, Any]]) -> None:
    """A person asked for a document first, or for another try."""
    for document in known:
        row = dict(document)
        if "priority" in payload:
            row["priority"] = payload["priority"]
        if payload.get("again") and row["state"] == "failed":
            row |= {"state": "reading" if row["read_pages"] else "queued", "problem": None, "got": None, "want": None}
        if payload.get("again"):
            match = {"document_id": row["document_id"], "place": row["place"]}
            match |= {"page": payload["page"]} if payload.get("page") else {"ocr": "failed"}
            for page in rows.find("pages", match):
                _tally(row, page, -1)
                page |= {"ocr": "waiting", "problem": None}
                _tally(row, page, 1)
                rows.put("pages", page)
            if row["upset"] and not payload.get("page"):
                _study_again(row, rows)
        rows.put("documents", _stated(row))


def _study_again(document: dict[str, Any], rows: Rows) -> None:
    """Pages whose words upset the rules are studied anew; their texts stay as they are."""
    for page in rows.find("pages", {"document_id": document["document_id"], "place": document["place"]}):
        if page["problem"] and page["ocr"] != "failed":
            _tally(document, page, -1)
            rows.put("pages", page | {"problem": None, "mentions_of": None})
    document["study_seq"] = None


def _section(entry: Entry, payload: Mapping[str, Any], rows: Rows, known: Sequence[dict[str, Any]]) -> None:
    """Sections of pages; what a person said stays when a program proposes later."""
    person = bool(payload.get("person"))
    for document in known:
        if not person:
            rows.put("documents", document | {"study_seq": entry.leaf.seq})
        for said in payload["pages"]:
            key = [document["document_id"], document["place"], said["page"]]
            page = rows.get("pages", key) or _new_page(document, said["page"])
            if page.get("section_by") and not person and page["section_by"] != "program":
                continue
            for name in ("section", "kind", "written_from", "written_to", "filed", "author"):
                if name in said or not person:
                    page[name] = said.get(name)
            page |= {"section_by": payload["by"] if person else "program", "section_why": said.get("why")}
            rows.put("pages", page)


def _group(document: Mapping[str, Any], number: int, print_: str, rows: Rows) -> None:
    """Put a page beside the pages of the book that say nearly the same; groups are named after their first page."""
    own = [document["document_id"], document["place"], number]
    group = None
    for band in bands_of(print_):
        for other in rows.find("page_prints", {"band": band}):
            same_page = other["document_id"] == document["document_id"] and other["page"] == number
            if not same_page and likeness(other["print"], print_) >= _ALIKE:
                first = rows.get("pages", [other["document_id"], other["place"], other["page"]])
                if first is not None:
                    group = first["alike"] or f"{other['document_id']}/{other['page']}"
                    if first["alike"] is None:
                        rows.put("pages", first | {"alike": group})
                    break
        if group:
            break
    page = rows.get("pages", own)
    if page is not None and group is not None:
        rows.put("pages", page | {"alike": group})
    for n, band in enumerate(bands_of(print_)):
        row = _scope_of(document) | {"page": number, "n": n, "print": print_, "band": band}
        rows.put("page_prints", row)


def _mention(entry: Entry, payload: Mapping[str, Any], rows: Rows, what: str) -> None:
    """Keep proposals of mentions, and what became of them; a later run over a page replaces what nobody took up."""
    if what != "extract":
        # A mention that no stored run proposed has no number of its own; the page's proposals stay as they are.
        seq, n = payload["mention"].get("seq"), payload["mention"].get("n")
        for row in rows.find("mentions", {"seq": seq, "n": n}) if seq is not None else ():
            rows.put("mentions", row | {"status": "promoted" if what == "promote" else "rejected"})
        return
    document, number = payload["scope"]["document"], payload["page"]
    for old in rows.find("mentions", {"document_id": document, "page": number}):
        if old["status"] == "proposed" and old["seq"] < entry.leaf.seq:
            rows.remove("mentions", [old["seq"], old["n"], old["place"]])
    papers = rows.find("documents", {"document_id": document})
    for page in rows.find("pages", {"document_id": document, "page": number}):
        _studied(page, payload, papers, rows)
    for known in papers:
        for n, mention in enumerate(payload["mentions"]):
            row = {name: mention.get(name) for name in ("kind", "text", "role", "rule", "certainty", "start", "end")}
            row |= {name: mention.get(name) for name in ("date_from", "date_to")} | {
                "detail": _json(mention.get("detail"))
            }
            row |= {"normal": _json(mention.get("normal")), "box": _json(mention.get("box")), "status": "proposed"}
            rows.put("mentions", _scope_of(known) | row | {"seq": entry.leaf.seq, "n": n, "page": number})


def _studied(page: dict[str, Any], payload: Mapping[str, Any], papers: Sequence[dict[str, Any]], rows: Rows) -> None:
    """Keep which text of a page was studied, and that its words upset the rules, if they did."""
    now = page | {"mentions_of": payload["text_seq"]}
    if page["ocr"] != "failed":
        now |= {"problem": payload.get("problem")}
    rows.put("pages", now)
    for paper in papers:
        if paper["place"] == page["place"] and bool(page.get("problem")) != bool(now["problem"]):
            _tally(paper, page, -1)
            _tally(paper, now, 1)
            rows.put("documents", paper)


def _json(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


_KEEPERS = {
    "document.add": _add,
    "document.duplicate": _duplicate,
    "document.assign": _assign,
    "document.read": _read,
    "document.transcribe": _transcribe,
    "document.fail": _fail,
    "document.section": _section,
    "document.classify": _section,
    "job.queue": _queue,
}
