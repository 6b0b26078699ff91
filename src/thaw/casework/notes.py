"""Notes of people on a case or on one of its pages: each is an entry; one that is taken back stays, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thaw.access import View
from thaw.casebook import list_documents
from thaw.errors import InputError
from thaw.store import Entry, Where

from .book import Session
from .pages import page_scopes

ILLEGIBLE = "illegible"
TAG = "tag"
_KINDS = ("note.add", "note.withdraw")
_LONGEST = 10_000
_MOST = 20_000


def note_on_case(session: Session, case_id: str, text: str, *, purpose: str = "") -> dict[str, Any]:
    """Keep a note on a case (id or source key); its entry. Raises InputError for no case, no words or too many."""
    words = _words(text)
    view = session.look(purpose, detail={"command": "note"}, about=case_id)
    return add_notes(session, [{"case": view.about}], words)[0]


def note_on_page(
    session: Session, document: str, number: int, text: str, *, case_id: str | None = None
) -> dict[str, Any]:
    """Keep a note on a page of a document: one entry for each case in whose files it lies; the first of them.

    case_id  only for this one: whoever sees the page in the files of another case does not see the note
    Raises InputError for no page, no words or too many, and a case that does not hold the page.
    """
    words = _words(text)
    scopes = page_scopes(session, document, number, "note", only=case_id)
    return add_notes(session, scopes, words, page=number)[0]


def mark_illegible(session: Session, document: str, number: int, words: str = "") -> dict[str, Any]:
    """Keep that a person could not read a page, with what they say of it; taken back as any note is. Its entry.

    It is one for each case in whose files the page lies. What machines and other people read stays beside it.
    Raises InputError for no page or too many words.
    """
    told = _words(f"Illegible. {words}".strip())
    scopes = page_scopes(session, document, number, "illegible")
    return add_notes(session, scopes, told, page=number, mark=ILLEGIBLE)[0]


def withdraw_note(session: Session, entry: int, *, reason: str) -> dict[str, Any]:
    """Take a note back: it stays, struck through, with who and why; its entry.

    Raises InputError for a note that is not there, may not be seen or was taken back before, and for no reason.
    """
    view = session.look(reason, detail={"command": "withdraw note", "entry": entry})
    found = view.log([Where("seq", "=", entry)], limit=1) if entry >= 0 else []
    scope = (found[0].payload or {}).get("scope", {}) if found and found[0].leaf.kind == "note.add" else {}
    standing = [one for one in notes_of(view, **_place(scope)) if one["entry"] == entry and not one["gone"]]
    if not standing or not reason.strip():
        got = "no reason" if standing else f"entry {entry}"
        want = "why, for the log" if standing else "a note that stands"
        raise InputError(where="note", got=got, want=want, fix="Take it from the case or the page it stands on.")
    payload = {"scope": scope, "note": entry, "reason": reason.strip()}
    made = session.book.store.append(session.draft("note.withdraw", payload, prev=entry)).result[0]
    return {"entry": made, "note": entry, "scope": scope}


def notes_of(view: View, *, case_id: str | None = None, document: str | None = None) -> list[dict[str, Any]]:
    """Notes on a case with those on its pages, or on the pages of one document, newest first.

    Each: entry, text, by, at, case_id, document, page and file (None on the case as a whole), mark (illegible, tag, or
    None), and gone: by, reason and entry of who took it back, or None.
    """
    where = [Where("kind", "in", list(_KINDS))]
    where += [Where("case_id", "=", case_id)] if case_id else []
    where += [Where("document_id", "=", document)] if document else []
    if len(where) == 1:
        return []
    notes = notes_told(view.log(where, limit=_MOST))
    papers = sorted({note["document"] for note in notes if note["document"]})
    files = {d["document_id"]: d["file"] for d in list_documents(view, [Where("document_id", "in", papers)])}
    return [note | {"file": files.get(note["document"])} for note in notes]


def notes_told(found: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries on notes as `notes_of` gives them, without `file`; each with the `case_id` that it belongs to."""
    entries = {one.leaf.seq: one for one in found if one.payload}
    gone = {
        one.payload["note"]: {"by": one.payload["by"], "reason": one.payload["reason"], "entry": seq}
        for seq, one in entries.items()
        if one.payload and one.leaf.kind == "note.withdraw"
    }
    return [
        _told(seq, one.leaf.at, one.payload, gone)
        for seq, one in entries.items()
        if one.payload and one.leaf.kind == "note.add"
    ]


def _told(seq: int, at: str, payload: Any, gone: dict[int, Any]) -> dict[str, Any]:
    told = {"entry": seq, "at": at, "text": payload["text"], "by": payload["by"], "page": payload.get("page")}
    told |= {"document": payload["scope"].get("document"), "mark": payload.get("mark")}
    told |= {"case_id": payload["scope"].get("case")}
    return told | {"gone": gone.get(seq)}


def _place(scope: dict[str, Any]) -> dict[str, Any]:
    return {"case_id": scope["case"]} if scope.get("case") else {"document": scope.get("document")}


def add_notes(session: Session, scopes: Sequence[dict[str, Any]], words: str, **more: Any) -> list[dict[str, Any]]:
    """Write the entries of a note on the case or page of each scope, all or none; `entry` and `scope` of each."""
    drafts = [session.draft("note.add", {"scope": scope, "text": words} | more) for scope in scopes]
    entries = session.book.store.append(*drafts).result
    return [{"entry": entry, "scope": scope} for entry, scope in zip(entries, scopes, strict=True)]


def _words(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words or len(words) > _LONGEST:
        got = f"{len(words):,} characters" if words else "nothing"
        want = f"words, {_LONGEST:,} characters at most"
        raise InputError(where="note", got=got, want=want, fix="Write it anew.")
    return words
