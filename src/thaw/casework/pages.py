"""What people do with single pages: type what they read, say what a page is, look at its picture."""

from __future__ import annotations

import io
import tempfile
import threading
from hashlib import sha256
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.casebook import list_documents, no_such_case
from thaw.casebook.papers import Papers
from thaw.data import read_json
from thaw.errors import InputError
from thaw.intake import ReadingProcess, has_pictures
from thaw.record import PartialDate
from thaw.store import Where

from .book import Session
from .documents import case_of, document_page, rows_of
from .reading import words_layer

STRIP = 8
STRIP_SIZE = (96, 124)
_SHOWN_DPI = 150.0
_SMALL_DPI = 20.0


def transcribe_file(session: Session, document: str, number: int, file: Path, *, blank: bool = False) -> dict[str, Any]:
    """Keep the text of a file as what a person reads on a page; the answer of `thaw transcribe`."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        got = getattr(error, "strerror", None) or "a file that is no text"
        raise InputError(where=str(file), got=got, want="a text file in UTF-8", fix="Check the name.") from None
    return transcribe(session, document, number, text, blank=blank)


def transcribe(session: Session, document: str, number: int, text: str, *, blank: bool = False) -> dict[str, Any]:
    """Keep what a person reads on a page, beside what machines read; entry, and how many words it has.

    blank  the person says that nothing stands on the page; must go with a text without words
    Raises InputError for a document or page that is not there, for a text without words that nobody called
    blank (a slip would take the page out of the search), and for words on a page called blank.
    """
    if blank != (not text.strip()):
        raise InputError(
            where=f"the text of page {number}",
            got="words, and that the page is blank" if blank else "no words",
            want="the words of the page, or that it is blank",
            fix="Do one of the two: give the words that stand there, or say that the page is blank.",
        )
    about = page_scope(session, document, number, "transcribe")
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
    about = page_scope(session, document, number, "section")
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


class Pictures:
    """Makes pictures of pages in one process that stays; for all threads of a workbench. Close it at the end."""

    def __init__(self) -> None:
        self._process = ReadingProcess()
        self._one = threading.Lock()

    def make(self, path: Path, kind: str, number: int, dpi: float, to: Path) -> None:
        """Write one page as PNG; the process is started when it is needed first, and anew after a crash."""
        with self._one:
            self._process.picture(path, kind, number, dpi, to)

    def close(self) -> None:
        """End the process."""
        self._process.close()


def page_picture(
    session: Session, document: str, number: int, *, purpose: str = "", pictures: Pictures | None = None
) -> bytes | None:
    """The picture of a page as PNG, made on first view and kept in `derived`; None for formats without pictures.

    pictures  makes it; one of its own when absent, which takes longer
    Raises InputError for a document or page that is not there or may not be seen.
    """
    found = document_page(session, document, number, purpose=purpose)
    if not has_pictures(found["type"]):
        return None
    return _kept_picture(session, document, found["type"], number, _SHOWN_DPI, pictures)


def page_strip(
    session: Session, document: str, first: int, *, purpose: str = "", pictures: Pictures | None = None
) -> bytes | None:
    """Small pictures of STRIP pages from `first` on, one below the other, as one PNG; None as for `page_picture`.

    Each lies in a field of STRIP_SIZE pixels; one look shows them all.
    """
    from PIL import Image

    found = document_page(session, document, first, purpose=purpose)
    if not has_pictures(found["type"]):
        return None
    last = min(first + STRIP - 1, max(found["of"], 1))
    width, height = STRIP_SIZE
    sheet = Image.new("L", (width, height * (last - first + 1)), 255)
    for i, number in enumerate(range(first, last + 1)):
        try:
            kept = _kept_picture(session, document, found["type"], number, _SMALL_DPI, pictures)
        except InputError:
            continue  # a page without picture leaves its field white; the page itself says why
        with Image.open(io.BytesIO(kept)) as small:
            small.thumbnail((width - 4, height - 4))
            sheet.paste(small, ((width - small.width) // 2, height * i + (height - small.height) // 2))
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _kept_picture(
    session: Session, document: str, kind: str, number: int, dpi: float, pictures: Pictures | None
) -> bytes:
    """The picture from `derived` if this program made it, else made now from the checked file.

    Whoever can write in `derived` could put another picture there, and no signature covers what can be made again.
    """
    folder = session.book.folder / "derived" / "pages" / document[:2]
    kept = folder / (f"{document}-{number}.png" if dpi == _SHOWN_DPI else f"{document}-{number}-{dpi:.0f}.png")
    own: dict[Path, bytes] = session.book.cache.setdefault("pictures", {})
    picture = kept.read_bytes() if kept in own and kept.is_file() else b""
    if picture and sha256(picture).digest() == own[kept]:
        return picture
    folder.mkdir(parents=True, exist_ok=True)
    path = session.book.store.blobs.check(document)
    maker = pictures or Pictures()
    try:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            made = Path(place) / "page.png"
            maker.make(path, kind, number, dpi, made)
            picture = made.read_bytes()
            made.replace(kept)
    finally:
        if pictures is None:
            maker.close()
    own[kept] = sha256(picture).digest()
    return picture


def page_scope(session: Session, document: str, number: int, command: str) -> dict[str, Any]:
    """What an entry on a page says of it: scope (document and case), file, pages; the look is an entry of its case.

    Raises InputError for a document or page that is not there or may not be seen.
    """
    detail = {"command": command, "asked": document, "page": number}
    view = session.look(command, detail=detail, find=lambda seen: case_of(seen, document))
    row = _row(view, document, number)
    scope = {"document": document} | ({"case": row["case_id"]} if row["case_id"] else {})
    return {"scope": scope, "file": row["file"], "pages": row["pages"]}


def page_scopes(
    session: Session, document: str, number: int, command: str, *, only: str | None = None
) -> list[dict[str, Any]]:
    """The scope (document and case) of an entry on a page for each case in whose files it lies; the look is an entry.

    only  the id of one of these cases: its scope alone
    Raises InputError as `page_scope` does, and for a case in whose files the page does not lie.
    """
    detail = {"command": command, "asked": document, "page": number}
    view = session.look(command, detail=detail, find=lambda seen: case_of(seen, document))
    _row(view, document, number)
    cases = lies_in(view, document)
    if only is not None and only not in cases:
        raise no_such_case(only)
    chosen = [only] if only is not None else list(cases)
    return [{"document": document, "case": case_id} for case_id in chosen] or [{"document": document}]


def lies_in(view: View, document: str) -> dict[str, str]:
    """Title by id of the visible cases in whose files a document lies."""
    ids = list(dict.fromkeys(row["case_id"] for row in rows_of(view, document) if row["case_id"]))
    titles = dict(view.select("cases", ["case_id", "title"], [Where("case_id", "in", ids)]))
    return {case_id: str(titles.get(case_id) or case_id) for case_id in ids}


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
