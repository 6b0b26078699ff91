"""What people do with whole papers: put one to a case, have a page read again, take the original out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from thaw.errors import InputError
from thaw.intake import has_pictures

from .book import Session
from .documents import case_of, document_page, rows_of


def put_to_case(session: Session, document: str, case_id: str, *, reason: str) -> dict[str, Any]:
    """Put a document to a case (id or source key), beside those that hold it already; entry, case_id, document.

    Nothing is read again: pages, texts and mentions stand there too from now on.
    Raises InputError for a case or document that is not there or may not be seen, one that lies there already, and no
    reason.
    """
    if not reason.strip():
        raise InputError(where="put to a case", got="no reason", want="why, for the log", fix="Say it in a few words.")
    view = session.look(reason, detail={"command": "assign", "document": document}, about=case_id)
    rows = rows_of(view, document)
    if any(row["case_id"] == view.about for row in rows):
        raise InputError(
            where="put to a case", got="a document of that case", want="another case", fix="Look at the case's papers."
        )
    payload = {"scope": {"case": view.about, "document": document}, "reason": reason.strip()}
    payload |= {name: rows[0][name] for name in ("file", "type", "size")}
    payload["blobs"] = [document]
    entry = session.book.store.append(session.draft("document.assign", payload, obj=view.about)).result[0]
    return {"entry": entry, "case_id": view.about, "document": document}


def read_page_again(session: Session, document: str, number: int) -> dict[str, Any]:
    """Queue one page for the recognition of its letters, whatever was read of it before; entry, document, page.

    What was read before stays beside it. Raises InputError for a page that is not there or has no picture.
    """
    found = document_page(session, document, number, purpose="read again")
    if not has_pictures(found["type"]):
        raise InputError(
            where=f"page {number}",
            got="a text without a picture",
            want="a page that can be shown as a picture",
            fix="Type what you read; your text stands beside the machine's.",
        )
    scope = {"document": document} | ({"case": found["case_id"]} if found["case_id"] else {})
    payload = {"scope": scope, "file": found["file"], "page": number, "again": True}
    entry = session.book.store.append(session.draft("job.queue", payload)).result[0]
    return {"entry": entry, "document": document, "page": number}


def original_file(session: Session, document: str, *, purpose: str = "") -> tuple[Path, str]:
    """Where the original bytes lie, checked against their digest, and the name they came under.

    The look is an export, filed under the document's case, with the digest. Raises InputError for a document that is
    not there or may not be seen, and TamperError for bytes that are not those that were taken in.
    """
    detail = {"command": "original", "asked": document}
    view = session.look(purpose, kind="access.export", detail=detail, find=lambda seen: case_of(seen, document))
    name = rows_of(view, document)[0]["file"]
    return session.book.store.blobs.check(document), name.replace(" > ", "/").rpartition("/")[2]
