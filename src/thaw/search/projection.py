"""The texts that are searched: pages in all versions, what records and statements say, names, titles, decisions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from thaw.record import PerSaying, codes_of
from thaw.store import Entry, Rows, Table

_CASE_KINDS = ("import.row", "case.create", "statement.add", "statement.supersede")
_LAYER_KINDS = ("document.read", "document.transcribe", "document.translate")
_NAMES = ("name", "alias", "aliases", "nickname", "maiden_name")
_NAME_PARTS = ("first_name", "middle_name", "last_name")
_NAMING = frozenset((*_NAMES, *_NAME_PARTS))
# What a person wrote in an entry that is no statement: decisions with their reasons, notes, answers.
_WRITTEN = ("reason", "words", "text", "note", "answer", "decision", "title", "explanation")
_NOT_SEARCHED = ("access", "import", "document", "book", "seal", "job", "mention", "search", "watch")


class Words:
    """Projection `words`: tables texts and text_places.

    A page's text comes from its text layers, one text for each; a case's from what its sources say, a person's from
    their names, an incident's in which nobody was killed from its row, a decision's from its reason. A page stands once
    for each case that its document was put to: who may see one of them finds it there.
    """

    name = "words"
    version = 3
    tables = (
        Table(
            "texts",
            {"kind": "text", "ref": "text", "page": "integer", "place": "text", "version": "text", "source": "text"}
            | {"size": "integer", "seq": "integer", "entry": "integer", "role": "text", "quality": "real"}
            | {"type": "text", "body": "text"},
            key=("ref", "page", "kind", "place", "version"),
            indexes=(("document_id",), ("case_id",), ("seq",), ("entry",)),
            full_text=("body",),
        ),
        Table(
            "text_places",
            {"document_id": "text", "place": "text", "file": "text", "type": "text"},
            key=("document_id", "place"),
        ),
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Index what an entry says."""
        payload, kind = entry.payload, entry.leaf.kind
        if payload is None:
            return
        if kind in _LAYER_KINDS and payload.get("layer"):
            _index_pages(entry, payload, rows)
        elif kind in ("document.add", "document.assign"):
            _place(entry, payload, rows)
        elif kind in _CASE_KINDS:
            _index_people(entry, payload, rows)
            if "case" in payload["subjects"]:
                _index_case(entry, payload, rows)
            elif "incident" in payload["subjects"]:
                _index_incident(entry, payload["subjects"]["incident"], rows)
        elif kind.partition(".")[0] not in _NOT_SEARCHED:
            _index_decision(entry, payload, rows)


def _index_case(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    case_id = payload["subjects"]["case"]
    first = entry.leaf.prev is None and entry.leaf.kind in ("import.row", "case.create")
    entries: Sequence[Entry] = (entry,) if first else rows.entries_of_case(case_id)
    body = "\n".join(dict.fromkeys(line for e in entries for line in _lines(e)))
    source = payload.get("source_key") if first else None
    if not first:
        source = next((e.payload["source_key"] for e in entries if e.payload and e.payload.get("source_key")), None)
    row = _row("record", case_id, body, entry, source=source or case_id, place=case_id)
    row["case_id"] = case_id
    (rows.add if first else rows.put)("texts", row)
    titles = [p["v"]["text"] for e in entries for p in _said(e, "case") if p["p"] == "title" and "v" in p]
    if titles:
        title = _row("title", case_id, "\n".join(dict.fromkeys(titles)), entry, source=source or case_id, place=case_id)
        (rows.add if first else rows.put)("texts", title | {"case_id": case_id})


def _index_incident(entry: Entry, incident_id: str, rows: Rows) -> None:
    """An incident in which nobody was killed: what its newest row says."""
    assert entry.payload is not None
    source = entry.payload["source_key"]
    row = _row("record", incident_id, "\n".join(dict.fromkeys(_lines(entry))), entry, source=source, place="")
    rows.put("texts", row)


def _index_people(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    case_id = payload["subjects"].get("case")
    # The people of a row that supersedes nothing were never named before: no look at what stands there.
    first = entry.leaf.prev is None and entry.leaf.kind == "import.row"
    for role, person_id in payload["subjects"].items():
        names = [] if role == "case" else _names(payload["said"].get(role, ()))
        if not names:
            continue
        known = [] if first else rows.find("texts", {"ref": person_id, "kind": "name"})
        before = known[0]["body"].split("\n") if known else []
        body = "\n".join(dict.fromkeys([*before, *names]))
        source = payload.get("source_key") or case_id or person_id
        row = _row("name", person_id, body, entry, source=source, place=case_id or "")
        row["case_id"], row["role"] = case_id, role.partition("#")[0]
        (rows.add if first else rows.put)("texts", row)


def _names(sayings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names that are said of a person; first, middle and last name of a register make one."""
    told = [p for p in sayings if p["p"] in _NAMING]
    if not told:
        return []
    said = [(p["p"], p["v"]["text"]) for p in told if "text" in p.get("v", {})]
    parts = dict(reversed([one for one in said if one[0] in _NAME_PARTS]))
    whole = " ".join(parts[part] for part in _NAME_PARTS if part in parts)
    return [*([whole] if whole else []), *(text for predicate, text in said if predicate in _NAMES)]


def _index_decision(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    written = [str(payload[key]) for key in _WRITTEN if isinstance(payload.get(key), str) and payload[key].strip()]
    if not written:
        return
    scope = payload.get("scope", {})
    cases = scope.get("case")
    case_id = (cases[0] if cases else None) if isinstance(cases, list) else cases
    row = _row("decision", str(entry.leaf.seq), "\n".join(written), entry, source=entry.leaf.kind, place=case_id or "")
    ids = {"case_id": case_id, "document_id": scope.get("document"), "box_id": scope.get("box")}
    if entry.leaf.kind == "note.add":
        ids["page"] = payload.get("page") or 0
    rows.add("texts", row | ids | {"entry": entry.leaf.seq})


def _index_pages(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    layer = json.loads(rows.blob(payload["layer"]))
    document, version = payload["scope"]["document"], payload["layer"][:16]
    for placed in rows.find("text_places", {"document_id": document}):
        ids = {"case_id": placed["case_id"], "box_id": placed["box_id"], "document_id": document}
        for page in layer["pages"]:
            if page["text"] is not None:
                row = _row("page", document, page["text"], entry, source=payload["file"], place=placed["place"])
                row |= ids | {"page": page["number"], "version": version, "type": placed["type"]}
                rows.put("texts", row | {"quality": _quality(page)})


def _quality(page: Mapping[str, Any]) -> float | None:
    """Mean confidence of the words of a page, 0 to 1; None where the reader gave none."""
    known = [word[3] for word in page.get("words", ()) if len(word) > 3 and word[3] is not None]
    return round(sum(known) / len(known), 4) if known else None


def _place(entry: Entry, payload: Mapping[str, Any], rows: Rows) -> None:
    """Note the case that a document was put to; pages that were read before stand there too from now on."""
    scope = payload["scope"]
    document, case_id = scope["document"], scope.get("case")
    pages = rows.find("texts", {"document_id": document, "kind": "page"})
    first = pages[0]["place"] if pages else None
    for page in pages:
        if page["place"] == first:
            ids = {"place": case_id or "", "case_id": case_id, "box_id": scope.get("box")}
            rows.put("texts", page | ids | {"seq": entry.leaf.seq})
    file = payload.get("file") or ""
    place = {"document_id": document, "place": case_id or "", "file": file, "type": payload.get("type")}
    place |= {"case_id": case_id, "box_id": scope.get("box")}
    rows.put("text_places", place)
    if file:
        row = _row("title", document, file, entry, source=file, place=case_id or "")
        rows.put("texts", row | {"case_id": case_id, "document_id": document, "type": payload.get("type")})


def _row(kind: str, ref: str, body: str, entry: Entry, *, source: str, place: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "ref": ref,
        "page": 0,
        "place": place,
        "version": "",
        "source": source,
        "size": len(body),
        "seq": entry.leaf.seq,
        "body": body,
    }


def _lines(entry: Entry) -> list[str]:
    payload = entry.payload
    if payload is None or entry.leaf.kind not in _CASE_KINDS:
        return []
    lines = [payload["source_key"]] if payload.get("source_key") else []
    lines.append(" ".join(_spoken.each(chain.from_iterable(payload["said"].values()))))
    quote = payload.get("source", {}).get("citation", {}).get("quote")
    if quote and entry.leaf.kind != "case.create":
        lines.append(quote)
    return lines


def _said(entry: Entry, role: str) -> Sequence[dict[str, Any]]:
    if entry.payload is None or entry.leaf.kind not in _CASE_KINDS:
        return ()
    found: Sequence[dict[str, Any]] = entry.payload["said"].get(role, ())
    return found


@PerSaying
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
