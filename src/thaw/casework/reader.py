"""The reader: one page with everything that hangs on it, found in one look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from thaw.access import View
from thaw.intake import has_pictures
from thaw.record import unpack_said
from thaw.store import Where

from .alignment import page_with_places
from .book import Session
from .documents import case_of, page_document
from .notes import notes_of
from .pages import lies_in
from .said_words import value_in_words
from .tray import cases_to_choose

_MENTION = ("seq", "n", "kind", "text", "normal", "role", "certainty", "start", "end", "box", "status")
_NAMED = ("mention_id", "kind", "text", "name", "start", "stop", "page", "state")
_STATED = ("statement.add", "statement.supersede")


def reader_page(session: Session, document: str, number: int, *, purpose: str = "") -> dict[str, Any]:
    """One page as `thaw page` gives it, with its mentions, what was named, and the statements that cite it.

    has_picture  whether its pages can be shown as pictures
    mentions    proposals of the reading in the order of the text, each with its span and box
    named       persons and things that were promoted on this page, with the group each belongs to
    others      named persons and things of the same case, for merging
    statements  statements of people that cite this page: entry, role, index, field, words, box, quote, live
    cases       id and title of cases that it may be put to
    notes       notes of people on this page, newest first, as `notes_of` gives them
    lies_in     title by id of the cases in whose files the page lies
    Raises InputError, in the same words, for a document or page that does not exist or may not be seen.
    """
    detail = {"command": "page", "asked": document, "page": number}
    view = session.look(purpose, detail=detail, find=lambda seen: case_of(seen, document))
    found = page_document(view, document, number)
    here = [Where("document_id", "=", document), Where("page", "=", number)]
    if found["page"] is not None:
        found["page"] = page_with_places(view, document, number, found["page"])
    found["has_picture"] = has_pictures(found["type"]) and found["state"] != "failed"
    found["mentions"] = _mentions(view, here)
    names = named_groups(view, view.about) if view.about else named_groups(view, None, document)
    on_page = {row[0] for row in view.select("promoted", ["mention_id"], [*here, Where("state", "=", "promoted")])}
    found["named"] = [
        one | {"group": group["name"], "in_group": len(group["mentions"])}
        for group in names
        for one in group["mentions"]
        if one["mention_id"] in on_page
    ]
    found["others"] = [{"name": group["name"], "kind": group["kind"], "id": group["id"]} for group in names]
    found["statements"] = _statements(view, view.about, document, number) if view.about else []
    found["cases"] = cases_to_choose(view)
    found["lies_in"] = lies_in(view, document)
    found["notes"] = [note for note in notes_of(view, document=document) if note["page"] == number]
    return found


def named_groups(view: View, case_id: str | None, document: str | None = None) -> list[dict[str, Any]]:
    """Named persons and things of a case or of a document, those held for one in one group, by first naming.

    Each group: id (of its first mention), name, kind, mentions.
    """
    where = [Where("state", "=", "promoted")] + ([Where("case_id", "=", case_id)] if case_id else [])
    where += [Where("document_id", "=", document)] if document else []
    columns = (*_NAMED, "document_id", "seq")
    rows = [dict(zip(columns, row, strict=True)) for row in view.select("promoted", columns, where, order=["seq"])]
    rank = {row["mention_id"]: i for i, row in enumerate(rows)}
    group = {mention_id: mention_id for mention_id in rank}
    for one, other in view.select("same_mention", ["one", "other"], [Where("status", "=", "one")], order=["seq"]):
        if one in rank and other in rank:
            kept, gone = sorted((group[one], group[other]), key=rank.__getitem__)
            group = {m: kept if g == gone else g for m, g in group.items()}
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        first = group[row["mention_id"]]
        entry = groups.setdefault(first, {"id": first, "name": row["name"], "kind": row["kind"], "mentions": []})
        entry["mentions"].append(row)
    return list(groups.values())


def _mentions(view: View, here: Sequence[Where]) -> list[dict[str, Any]]:
    rows = view.select("mentions", _MENTION, [*here, Where("status", "<>", "rejected")], order=["start", "end"])
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for row in rows:
        one = dict(zip(_MENTION, row, strict=True))
        one["box"] = json.loads(one["box"]) if one["box"] else None
        found.setdefault((one["seq"], one["n"]), one)
    return list(found.values())


def _statements(view: View, case_id: str, document: str, number: int) -> list[dict[str, Any]]:
    """Statements that people made of this page; a withdrawn one stays, marked."""
    where = [Where("case_id", "=", case_id), Where("kind", "in", [*_STATED, "statement.withdraw"])]
    entries = view.log(where, limit=100_000)
    gone = {
        (one.payload["entry"], one.payload["role"], one.payload["index"])
        for one in entries
        if one.leaf.kind == "statement.withdraw" and one.payload
    }
    found = []
    for entry in reversed(entries):
        if entry.leaf.kind not in _STATED or not entry.payload:
            continue
        citation = entry.payload.get("source", {}).get("citation", {})
        if citation.get("document") != document or citation.get("page") != number:
            continue
        for role, sayings in entry.payload["said"].items():
            for index, said in enumerate(sayings):
                field = said["p"] if role == "case" else f"{role}.{said['p']}"
                found.append(
                    {"entry": entry.leaf.seq, "role": role, "index": index, "field": field}
                    | {"words": value_in_words(unpack_said(said).value, said.get("n", "asserted"))}
                    | {"polarity": said.get("n", "asserted"), "by": entry.payload.get("by")}
                    | {"box": citation.get("box"), "span": citation.get("span"), "quote": citation.get("quote")}
                    | {"live": (entry.leaf.seq, role, index) not in gone}
                )
    return found


def named_things(session: Session, *, case_id: str | None = None, purpose: str = "") -> list[dict[str, Any]]:
    """Named persons and things of the book or of one case, in groups: id, name, names, kind, cases, mentions.

    Each mention: mention_id, kind, text, name, page, file, document_id, case_id. Raises InputError for an unknown case.
    """
    detail = {"command": "things"}
    view = session.look(purpose, kind="access.list", detail=detail, about=case_id)
    groups = named_groups(view, view.about)
    documents = sorted({one["document_id"] for group in groups for one in group["mentions"]})
    where = [Where("document_id", "in", documents)]
    files = {d: (file, case) for d, file, case in view.select("documents", ["document_id", "file", "case_id"], where)}
    for group in groups:
        for one in group["mentions"]:
            one["file"], one["case_id"] = files.get(one["document_id"], ("", None))
        group["names"] = list(dict.fromkeys(one["name"] for one in group["mentions"]))
        group["cases"] = sorted({one["case_id"] for one in group["mentions"] if one["case_id"]})
    return groups
