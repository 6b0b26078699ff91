"""Takes in documents: bytes first, then the entry, then reading. What could not be read is said, never dropped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.casebook import list_documents
from thaw.errors import InputError
from thaw.intake import document_type, read_pages, reader_name
from thaw.store import Transaction, Unfinished, Where

from .book import Progress, Session, name_of, no_progress
from .cases import new_titled_case

# A text layer says its form; words are [start, end, box or null, confidence 0 to 1 or null].
_LAYER = {"v": 1, "unit": "pt"}


def add_documents(
    session: Session,
    paths: Sequence[Path],
    *,
    case_id: str | None = None,
    new_title: str | None = None,
    box: str | None = None,
    wait: bool = False,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Take files in, for a case (id or source key), for a new case of which the title is known, or for none.

    The answer of `thaw add`. The original bytes are on disk and their entry is committed before anything reads them.
    With `wait` they are read at once; else `thaw work` or `thaw serve` reads them. A file that fails is reported in
    its `problem`; the new case is made with the first file that can be taken in. Ctrl-C leaves out the rest.
    Raises InputError for a case that is not there or an empty title.
    """
    if new_title is not None and not new_title.strip():
        raise InputError(where="--new-case", got="an empty title", want="a few words", fix="Name the new case.")
    view = session.look("add documents", detail={"command": "add"}, about=case_id)
    place, files = view.about, []
    for i, path in enumerate(paths):
        progress("documents", i, len(paths))
        try:
            media_type = document_type(path)
            if place is None and new_title is not None:
                place = new_titled_case(session, new_title.strip())
            files.append(_take_in(session, path, media_type, place, box, wait))
        except (InputError, Unfinished) as error:
            files.append(_report(path, state="failed", problem=str(error)))
        except OSError as error:
            problem = f"{path}: got {error.strerror or error}, want a file that can be copied into the book."
            files.append(_report(path, state="failed", problem=f"{problem} Give the same command again."))
        except KeyboardInterrupt:
            problem = "interrupted; give the same command again to finish"
            files += [_report(left, state="failed", problem=problem) for left in paths[i:]]
            break
    return {"case_id": place, "files": files}


def read_waiting(session: Session, progress: Progress = no_progress) -> dict[str, Any]:
    """Read the documents that were taken in and not read yet; the answer of `thaw work`."""
    view = session.look("read documents", detail={"command": "work"})
    waiting = {row["document_id"]: row for row in list_documents(view, [Where("state", "=", "queued")])}
    files = []
    for i, (digest, row) in enumerate(waiting.items()):
        progress("documents", i, len(waiting))
        found = _read(session, digest, row["file"], row["type"], row["case_id"])
        files.append({"file": row["file"], "sha256": digest, "pages": None, **found})
    failed = sum(file["state"] == "failed" for file in files)
    return {"read": len(files) - failed, "failed": failed, "files": files}


def document_page(session: Session, document: str, number: int, *, purpose: str = "") -> dict[str, Any]:
    """One page of a document: text, words with boxes, and where it belongs.

    Raises InputError, in the same words, for a document or page that does not exist or may not be seen.
    """
    # The look is filed under the document's case, so that the log of a case shows who read its pages.
    view = session.look(
        purpose,
        detail={"command": "page", "asked": document, "page": number},
        find=lambda seen: _case_of(seen, document),
    )
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
    case = view.select("cases", ["title", "invented"], [Where("case_id", "=", found[0]["case_id"])])
    title, invented = case[0] if case else (None, None)
    place = {"case_title": title, "invented": invented, "number": number, "of": len(pages)}
    return found[0] | {"page": pages[number - 1] if pages else None} | place


def _case_of(view: View, document: str) -> str | None:
    found = list_documents(view, [Where("document_id", "=", document)])
    return found[0]["case_id"] if found else None


def _take_in(
    session: Session, path: Path, media_type: str, case_id: str | None, box: str | None, wait: bool
) -> dict[str, Any]:
    store = session.book.store
    digest, size = store.blobs.put_file(path)
    scope = {k: v for k, v in (("document", digest), ("case", case_id), ("box", box)) if v}
    file = name_of(path)
    payload = {"scope": scope, "file": file, "type": media_type, "size": size, "blobs": [digest]}

    def plan(transaction: Transaction) -> tuple[str, bool]:
        known = transaction.rows.find("documents", {"document_id": digest})
        if not known:
            kind = "document.add"
        else:
            here = any(row["place"] == (case_id or "") for row in known)
            kind = "document.duplicate" if here else "document.assign"
        transaction.add(session.draft(kind, payload, obj=None))
        return kind, all(row["state"] == "queued" for row in known)

    kind, unread = store.commit(plan).result
    report = _report(path, sha256=digest, media_type=media_type)
    if kind != "document.add":
        report |= {"state": "held", "duplicate_of": digest}
    if not (wait and unread):
        return report
    return report | _read(session, digest, file, media_type, case_id)


def _read(session: Session, digest: str, file: str, media_type: str, case_id: str | None) -> dict[str, Any]:
    store = session.book.store
    scope = {"document": digest} | ({"case": case_id} if case_id else {})
    store.blobs.get(digest)  # what is read must be what was taken in: TamperError stops here
    try:
        pages = [
            {
                "number": page.number,
                "text": page.text,
                "width": page.width,
                "height": page.height,
                "words": [[word.start, word.end, word.box, None] for word in page.words],
            }
            for page in read_pages(store.blobs.path(digest), media_type)
        ]
    except InputError as error:
        return _failed(session, scope, file, f"{file}: got {error.got}, want {error.want}. {error.fix}")
    except Exception as error:
        # Caught: a foreign file can upset its reader in ways that nobody foresaw; it is reported, the others go on.
        got = f"a file that its reader stumbles over ({type(error).__name__}: {error})"
        return _failed(session, scope, file, f"{file}: got {got}, want a whole document. Print it to a new PDF.")
    engine = reader_name(media_type)
    layer = store.blobs.put(json.dumps(_LAYER | {"engine": engine, "pages": pages}, ensure_ascii=False).encode())
    bare = [page["number"] for page in pages if page["text"] is None]
    payload = {"scope": scope, "file": file, "layer": layer, "blobs": [layer], "engine": engine, "pages": len(pages)}
    payload |= {"first_page": 1, "last_page": len(pages)}
    store.append(session.draft("document.read", payload | {"without_text": bare}))
    partly = f"{len(bare)} of {len(pages)} pages have no text layer and were not read" if bare else None
    return {"state": "read", "pages": len(pages), "problem": partly}


def _failed(session: Session, scope: dict[str, str], file: str, problem: str) -> dict[str, Any]:
    session.book.store.append(session.draft("document.fail", {"scope": scope, "file": file, "problem": problem}))
    return {"state": "failed", "problem": problem}


def _report(
    path: Path,
    *,
    sha256: str | None = None,
    media_type: str | None = None,
    state: str = "queued",
    problem: str | None = None,
) -> dict[str, Any]:
    return {
        "file": name_of(path),
        "sha256": sha256,
        "type": media_type,
        "pages": None,
        "ocr_pages": 0,
        "state": state,
        "duplicate_of": None,
        "mentions": 0,
        "problem": problem,
    }
