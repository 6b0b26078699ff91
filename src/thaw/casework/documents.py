"""Takes in documents: bytes first, then the entry, then reading. What could not be read is said, never dropped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from thaw.casebook import list_documents
from thaw.errors import InputError, ThawError
from thaw.intake import document_type, read_pages, reader_name
from thaw.store import Where

from .book import Progress, Session, no_progress


def add_documents(
    session: Session,
    paths: Sequence[Path],
    *,
    case_id: str | None = None,
    box: str | None = None,
    wait: bool = False,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Take files in, for a case (id or source key) or none; the answer of `thaw add`.

    The original bytes are on disk and their entry is committed before anything reads them. With `wait` they are read
    at once; else `thaw work` or `thaw serve` reads them. A file that fails is reported in its `problem`.
    Raises InputError for a case that is not there.
    """
    view = session.look("add documents", detail={"command": "add"}, about=case_id)
    files = []
    for i, path in enumerate(paths):
        progress("documents", i, len(paths))
        try:
            files.append(_take_in(session, path, view.about, box, wait))
        except InputError as error:
            files.append(_report(path, state="failed", problem=str(error)))
    return {"case_id": view.about, "files": files}


def read_waiting(session: Session, progress: Progress = no_progress) -> int:
    """Read the documents that were taken in and not read yet; returns how many there were."""
    view = session.look("read documents", detail={"command": "work"})
    waiting = list_documents(view, [Where("state", "=", "queued")])
    for i, document in enumerate(waiting):
        progress("documents", i, len(waiting))
        _read(session, document["document_id"], document["file"], document["type"], document["case_id"])
    return len(waiting)


def document_page(session: Session, document: str, number: int, *, purpose: str = "") -> dict[str, Any]:
    """One page of a document: text, words with boxes, and where it belongs.

    Raises InputError, in the same words, for a document or page that does not exist or may not be seen.
    """
    view = session.look(purpose, detail={"command": "page", "asked": document, "page": number})
    found = list_documents(view, [Where("document_id", "=", document)])
    layer = view.blob(found[0]["layer"], document) if found and found[0]["layer"] else None
    pages = json.loads(layer)["pages"] if layer else []
    if not found or not 1 <= number <= max(len(pages), 1):
        raise InputError(
            where="document",
            got=f"{document[:16]!r}, page {number}",
            want="a document of this book and one of its pages",
            fix="Look for it with `thaw search`.",
        )
    return found[0] | {"page": pages[number - 1] if pages else None, "number": number, "of": len(pages)}


def _take_in(session: Session, path: Path, case_id: str | None, box: str | None, wait: bool) -> dict[str, Any]:
    media_type = document_type(path)
    store = session.book.store
    digest, size = store.blobs.put_file(path)
    scope = {k: v for k, v in (("document", digest), ("case", case_id), ("box", box)) if v}
    payload = {"scope": scope, "file": path.name, "type": media_type, "size": size, "blobs": [digest]}

    def plan(transaction: Any) -> str:
        known = transaction.rows.find("documents", {"document_id": digest})
        if not known:
            kind = "document.add"
        else:
            here = any(row["place"] == (case_id or "") for row in known)
            kind = "document.duplicate" if here else "document.assign"
        transaction.add(session.draft(kind, payload, obj=None))
        return kind

    kind = store.commit(plan).result
    report = _report(path, sha256=digest, media_type=media_type)
    if kind != "document.add":
        return report | {"state": "held", "duplicate_of": digest}
    return report | _read(session, digest, path.name, media_type, case_id) if wait else report


def _read(session: Session, digest: str, file: str, media_type: str, case_id: str | None) -> dict[str, Any]:
    store = session.book.store
    scope = {"document": digest} | ({"case": case_id} if case_id else {})
    try:
        pages = [
            {
                "number": page.number,
                "text": page.text,
                "width": page.width,
                "height": page.height,
                "words": [[word.start, word.end, *(word.box or ())] for word in page.words],
            }
            for page in read_pages(store.blobs.path(digest), media_type)
        ]
    except ThawError as error:
        problem = f"{file}: got {error.got}, want {error.want}. {error.fix}"
        store.append(session.draft("document.fail", {"scope": scope, "file": file, "problem": problem}))
        return {"state": "failed", "problem": problem}
    engine = reader_name(media_type)
    layer = store.blobs.put(json.dumps({"engine": engine, "pages": pages}, ensure_ascii=False).encode())
    bare = [page["number"] for page in pages if page["text"] is None]
    payload = {"scope": scope, "file": file, "layer": layer, "blobs": [layer], "engine": engine, "pages": len(pages)}
    store.append(session.draft("document.read", payload | {"without_text": bare}))
    partly = f"{len(bare)} of {len(pages)} pages have no text layer and were not read" if bare else None
    return {"state": "read", "pages": len(pages), "problem": partly}


def _report(
    path: Path,
    *,
    sha256: str | None = None,
    media_type: str | None = None,
    state: str = "queued",
    problem: str | None = None,
) -> dict[str, Any]:
    return {
        "file": path.name,
        "sha256": sha256,
        "type": media_type,
        "pages": None,
        "ocr_pages": 0,
        "state": state,
        "duplicate_of": None,
        "mentions": 0,
        "problem": problem,
    }
