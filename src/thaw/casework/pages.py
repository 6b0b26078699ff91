"""What people do with single pages: type what they read, say what a page is, look at its picture."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.casebook import list_documents
from thaw.casebook.papers import Papers
from thaw.data import read_json
from thaw.errors import InputError
from thaw.intake import ReadingProcess, has_pictures
from thaw.record import PartialDate
from thaw.store import Where

from .book import Session
from .documents import document_page
from .reading import words_layer

_SHOWN_DPI = 150.0


def transcribe_file(session: Session, document: str, number: int, file: Path) -> dict[str, Any]:
    """Keep the text of a file as what a person reads on a page; the answer of `thaw transcribe`."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        got = getattr(error, "strerror", None) or "a file that is no text"
        raise InputError(where=str(file), got=got, want="a text file in UTF-8", fix="Check the name.") from None
    return transcribe(session, document, number, text)


def transcribe(session: Session, document: str, number: int, text: str) -> dict[str, Any]:
    """Keep what a person reads on a page, beside what machines read; entry, and how many words it has.

    Raises InputError for a document or page that is not there.
    """
    about = _about(session, document, number, "transcribe")
    layer, words = words_layer(session, f"typed by {session.actor.name}", number, text)
    prints = [[number, print_]] if (print_ := Papers.print_of(text)) else []
    payload = about | {"layer": layer, "blobs": [layer], "engine": f"typed by {session.actor.name}", "reader": "person"}
    payload |= {"page": number, "first_page": number, "last_page": number, "prints": prints, "pictures": []}
    payload |= {"without_text": [] if text.strip() else [number]}
    entry = session.book.store.append(session.draft("document.transcribe", payload)).result[0]
    return {"entry": entry, "document": document, "page": number, "words": words}


def set_section(
    session: Session,
    document: str,
    number: int,
    section: str,
    *,
    kind: str | None = None,
    written: str | None = None,
    filed: str | None = None,
    author: str | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """Keep what a person says a page is; what is not given stays as it was. The answer of `thaw section`.

    section  two figures of the murder book's sections, or "-" for none
    Raises InputError for a section or a date that does not exist, and for a page that is not there.
    """
    known = read_json("codes/murder_book.json")["lists"]["section"]
    if section != "-" and section not in known:
        raise InputError(
            where="section", got=repr(section), want=f"one of {', '.join(known)}, or - for none", fix="See the list."
        )
    about = _about(session, document, number, "section")
    said: dict[str, Any] = {"page": number, "section": None if section == "-" else section, "why": reason or "a person"}
    said |= {name: value for name, value in (("kind", kind), ("author", author)) if value is not None}
    if written is not None:
        date = PartialDate.parse(written)
        said |= {"written_from": date.first.isoformat(), "written_to": date.last.isoformat()}
    if filed is not None:
        said["filed"] = PartialDate.parse(filed).first.isoformat()
    payload = about | {"person": True, "pages": [said], "reason": reason}
    entry = session.book.store.append(session.draft("document.section", payload)).result[0]
    return {"entry": entry, "document": document, "page": number}


def page_picture(session: Session, document: str, number: int, *, purpose: str = "") -> bytes | None:
    """The picture of a page as PNG, made on first view and kept in `derived`; None for formats without pictures.

    A picture from `derived` is shown only if this program made it: whoever can write there could put another in its
    place, and no signature covers what can be made again.
    Raises InputError for a document or page that is not there or may not be seen.
    """
    found = document_page(session, document, number, purpose=purpose)
    if not has_pictures(found["type"]):
        return None
    folder = session.book.folder / "derived" / "pages" / document[:2]
    kept = folder / f"{document}-{number}.png"
    own: dict[Path, str] = session.book.cache.setdefault("pictures", {})
    picture = kept.read_bytes() if kept in own and kept.is_file() else b""
    if picture and sha256(picture).hexdigest() == own[kept]:
        return picture
    folder.mkdir(parents=True, exist_ok=True)
    path = session.book.store.blobs.check(document)
    with tempfile.TemporaryDirectory(dir=folder) as place, ReadingProcess() as process:
        made = Path(place) / "page.png"
        process.picture(path, found["type"], number, _SHOWN_DPI, made)
        picture = made.read_bytes()
        made.replace(kept)
    own[kept] = sha256(picture).hexdigest()
    return picture


def _about(session: Session, document: str, number: int, command: str) -> dict[str, Any]:
    view = session.look(command, detail={"command": command, "asked": document, "page": number})
    row = _row(view, document, number)
    scope = {"document": document} | ({"case": row["case_id"]} if row["case_id"] else {})
    return {"scope": scope, "file": row["file"], "pages": row["pages"]}


def _row(view: View, document: str, number: int) -> dict[str, Any]:
    found = list_documents(view, [Where("document_id", "=", document)])
    if not found or not 1 <= number <= max(found[0]["pages"] or found[0]["read_pages"] or 0, 1):
        raise InputError(
            where="document",
            got=f"{document[:16]!r}, page {number}",
            want="a document of this book and one of its pages",
            fix="List them with `thaw documents`.",
        )
    return found[0]
