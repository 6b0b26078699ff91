"""Takes in documents: bytes first, then the entry, then reading. What could not be read is said, never dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.casebook import list_documents
from thaw.errors import InputError
from thaw.intake import ocr_engine
from thaw.record import new_ids
from thaw.store import Transaction, Unfinished, Where

from .book import Progress, Session, name_of, no_progress
from .cases import new_titled_case
from .queue import Queue, cores, is_paused
from .reading import type_of
from .text_layers import layer_page

NO_OCR = "Tesseract is not installed: install tesseract-ocr, then give `thaw work`"


def add_documents(
    session: Session,
    paths: Sequence[Path],
    *,
    case_id: str | None = None,
    new_title: str | None = None,
    box: str | None = None,
    box_pages: int | None = None,
    wait: bool = False,
    progress: Progress = no_progress,
    workers: int | None = None,
    named: Sequence[tuple[Path, str]] | None = None,
) -> dict[str, Any]:
    """Take files in, for a case (id or source key), for a new case of which the title is known, or for none.

    paths      files, and folders with all files in them
    box        label of the box they came in; made known to the book when it is new, with `box_pages` it should hold
    named      instead of `paths`: files, each with the name it came under
    wait       read them at once, `workers` files or pages side by side; else `thaw work` or `thaw serve` reads them

    The answer of `thaw add`. The original bytes are on disk and their entry is committed before anything reads them.
    A file that fails is reported in its `problem`; the new case is made with the first file that can be taken in.
    Files inside files follow the one that holds them. Ctrl-C leaves out the rest.
    Raises InputError for a case that is not there, or an empty title or label.
    """
    for option, words in (("--new-case", new_title), ("--box", box)):
        if words is not None and not words.strip():
            what = "Name the new case." if option == "--new-case" else "Say what stands on the box."
            raise InputError(where=option, got="an empty " + _EMPTY[option], want="a few words", fix=what)
    view = session.look("add documents", detail={"command": "add"}, about=case_id)
    taken = _Taken(session, view.about, new_title, box.strip() if box else None, box_pages)
    files = list(_files(paths) if named is None else named)
    try:
        for i, (path, name) in enumerate(files):
            progress("files taken in", i, len(files))
            taken.take(path, name)
        taken.count_box()
        if wait:
            chosen = {report["sha256"] for report in taken.reports if report["sha256"]}
            Queue(session, view, only=chosen, progress=progress, workers=workers or cores()).run()
    except KeyboardInterrupt:
        taken.interrupted([name for _, name in files[len(taken.reports) :]])
    return {"case_id": taken.case_id, "files": _reported(view, taken.reports)}


_EMPTY = {"--new-case": "title", "--box": "label"}


def read_waiting(session: Session, progress: Progress = no_progress, *, workers: int | None = None) -> dict[str, Any]:
    """Read what was taken in and not read yet, letters of pictures included; the answer of `thaw work`."""
    view = session.look("read documents", detail={"command": "work"})
    queue = Queue(session, view, progress=progress, workers=workers or cores())
    queue.run()
    rows = {row["document_id"]: row for row in list_documents(view, []) if row["document_id"] in queue.done}
    keys = ("file", "sha256", "pages", "ocr_pages", "state", "problem")
    reports = [_of_row(view, row) for row in rows.values()]
    failed = sum(report["state"] == "failed" for report in reports)
    waiting = sum(row[0] for row in view.select("documents", ["ocr_waiting"], [Where("ocr_waiting", ">=", 1)]))
    return {
        "read": len(reports) - failed,
        "failed": failed,
        "pages_waiting": waiting,
        "paused": is_paused(view),
        "problem": NO_OCR if waiting and ocr_engine() is None else None,
        "files": [{key: report[key] for key in keys} for report in reports],
    }


def set_paused(session: Session, paused: bool) -> None:
    """Stop the reading of documents in this book after the page at hand, or let it go on."""
    payload = {"setting": "queue.paused", "value": paused}
    session.book.store.append(session.draft("config.change", payload))


def ask_first(session: Session, documents: Sequence[str]) -> None:
    """Read these documents before all others. Raises InputError for one that is not there."""
    _queue_jobs(session, "read first", documents, {"priority": 1})


def retry(session: Session, documents: Sequence[str] = ()) -> dict[str, Any]:
    """Queue again what could not be read: these documents, or all; the answer of `thaw retry`.

    Raises InputError for a document that is not there.
    """
    if not documents:
        view = session.look("retry what failed", detail={"command": "retry"})
        failed = view.select("documents", ["document_id"], [Where("state", "=", "failed")])
        partly = view.select("documents", ["document_id"], [Where("ocr_failed", ">=", 1)])
        upset = view.select("documents", ["document_id"], [Where("upset", ">=", 1)])
        documents = list(dict.fromkeys(row[0] for row in (*failed, *partly, *upset)))
    return {"queued": _queue_jobs(session, "retry what failed", documents, {"again": True})}


def _queue_jobs(session: Session, why: str, documents: Sequence[str], job: dict[str, Any]) -> list[str]:
    view = session.look(why, detail={"command": why})
    rows = [rows_of(view, document)[0] for document in documents]
    drafts = []
    for row in rows:
        scope = {"document": row["document_id"]} | ({"case": row["case_id"]} if row["case_id"] else {})
        drafts.append(session.draft("job.queue", {"scope": scope, "file": row["file"], **job}))
    if drafts:
        session.book.store.append(*drafts)
    return [row["document_id"] for row in rows]


def document_list(session: Session, *, state: str | None = None, case_id: str | None = None) -> list[dict[str, Any]]:
    """Documents with how far they were read and why not further; the answer of `thaw documents`.

    state  queued, waiting (pages wait for OCR), read or failed
    """
    view = session.look("list documents", kind="access.list", detail={"command": "documents"}, about=case_id)
    where = [Where("case_id", "=", view.about)] if view.about else []
    shown = [_of_row(view, row) for row in list_documents(view, where)]
    return [report for report in shown if state in (None, report["state"])]


def document_page(session: Session, document: str, number: int, *, purpose: str = "") -> dict[str, Any]:
    """One page of a document: its best text, words with boxes, all its texts, what it is, and where it belongs.

    Raises InputError, in the same words, for a document or page that does not exist or may not be seen.
    """
    # The look is filed under the document's case, so that the log of a case shows who read its pages.
    view = session.look(
        purpose,
        detail={"command": "page", "asked": document, "page": number},
        find=lambda seen: case_of(seen, document),
    )
    return page_document(view, document, number)


def page_document(view: View, document: str, number: int) -> dict[str, Any]:
    """The answer of `document_page` through a view that is there already."""
    found = list_documents(view, [Where("document_id", "=", document)])
    count = (found[0]["pages"] or found[0]["read_pages"] or 0) if found else 0
    if not found or not 1 <= number <= max(count, 1):
        raise InputError(
            where="document",
            got=f"{document[:16]!r}, page {number}",
            want="a document of this book and one of its pages",
            fix="Look for it with `thaw search`.",
        )
    case = view.select("cases", ["title", "invented"], [Where("case_id", "=", found[0]["case_id"])])
    title, invented = case[0] if case else (None, None)
    place = {"case_title": title, "invented": invented, "number": number, "of": count}
    return found[0] | _page(view, document, number) | place


_SAID_OF_PAGE = (
    "seq", "layer", "reader", "confidence", "alarm", "ocr", "alike", "section", "kind", "written_from",
    "written_to", "filed", "author", "section_by", "section_why", "problem",
)  # fmt: skip


def _page(view: View, document: str, number: int) -> dict[str, Any]:
    where = [Where("document_id", "=", document), Where("page", "=", number)]
    found = view.select("pages", _SAID_OF_PAGE, where, limit=1)
    if not found:
        return {"page": None, "about_page": None, "texts": [], "copies": _copies(view, document)}
    about = dict(zip(_SAID_OF_PAGE, found[0], strict=True))
    columns = ("seq", "layer", "engine", "reader", "confidence", "by")
    rows = view.select("page_texts", columns, where, order=["seq"])
    texts = []
    for row in dict.fromkeys(rows):
        text = dict(zip(columns, row, strict=True))
        page = _in_layer(view, text.pop("layer"), document, number)
        texts.append(text | {"page": page, "best": text["seq"] == about["seq"]})
    best = next((text["page"] for text in texts if text["best"]), None)
    shown = [text | {"text": text.pop("page")["text"]} for text in texts if text["page"]]
    alike = (
        view.select("pages", ["document_id", "page"], [Where("alike", "=", about["alike"])]) if about["alike"] else []
    )
    others = [{"document": d, "page": n} for d, n in dict.fromkeys(alike) if (d, n) != (document, number)]
    del about["layer"]
    return {"page": best, "about_page": about | {"alike": others}, "texts": shown, "copies": _copies(view, document)}


def _in_layer(view: View, layer: str | None, document: str, number: int) -> dict[str, Any] | None:
    return layer_page(view, layer, document, number) if layer else None


def _copies(view: View, document: str) -> list[dict[str, Any]]:
    """Every name and box under which the same bytes came."""
    found = view.select("copies", ["file", "box_id"], [Where("document_id", "=", document)], order=["seq"])
    labels = dict(view.select("boxes", ["box_id", "label"]))
    return [{"file": file, "box": labels.get(box, box)} for file, box in dict.fromkeys(found)]


def case_of(view: View, document: str) -> str | None:
    """The case under which a look at a document is filed; None when there is none."""
    found = list_documents(view, [Where("document_id", "=", document)])
    return found[0]["case_id"] if found else None


def rows_of(view: View, document: str) -> list[dict[str, Any]]:
    """What a view sees of a document: a row for each case and box that holds it, those with a case first.

    Raises InputError for a document that is not there.
    """
    found = list_documents(view, [Where("document_id", "=", document)])
    if not found:
        raise InputError(
            where="document",
            got=f"{document[:16]!r}",
            want="a document of this book",
            fix="List them with `thaw documents`.",
        )
    return found


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """The files to take in, each with the name it gets; a folder stands for all files in it, by their names."""
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                # Links out of the folder are not followed: what was given is what is taken.
                if not inner.is_dir() and not inner.is_symlink():
                    yield inner, "/".join(name_of(Path(part)) for part in inner.relative_to(path.parent).parts)
        else:
            yield path, name_of(path)


class _Taken:
    """Files as they are taken in: each in a commit of its own, the case and the box made with the first."""

    def __init__(
        self, session: Session, case_id: str | None, title: str | None, box: str | None, box_pages: int | None
    ) -> None:
        self._session, self._title, self._label, self._box_pages = session, title, box, box_pages
        self.case_id = case_id
        self.box_id: str | None = None
        self.reports: list[dict[str, Any]] = []

    def take(self, path: Path, name: str) -> None:
        """Take in one file; a failure is its report."""
        try:
            if path.exists() and not path.is_file():
                raise InputError(where=str(path), got="a pipe or device", want="a file", fix="Save it to a file first.")
            self.reports.append(self._take(path, name))
        except (InputError, Unfinished) as error:
            self.reports.append(_report(name, state="failed", problem=str(error)))
        except OSError as error:
            problem = f"{path}: got {error.strerror or error}, want a file that can be copied into the book."
            self.reports.append(
                _report(name, state="failed", problem=f"{problem} Give the same command again when it is there.")
            )

    def interrupted(self, names: Sequence[str]) -> None:
        """Report the files that were not reached."""
        problem = "interrupted; give the same command again to finish"
        self.reports += [_report(name, state="failed", problem=problem) for name in names]

    def count_box(self) -> None:
        """Note how many files came in the box."""
        if self.box_id is not None:
            files = sum(report["sha256"] is not None for report in self.reports)
            payload = {"scope": self._scope({"box": self.box_id}), "label": self._label, "files": files}
            self._session.book.store.append(self._session.draft("box.count", payload))

    def _scope(self, more: dict[str, str]) -> dict[str, str]:
        return more | ({"case": self.case_id} if self.case_id else {})

    def _take(self, path: Path, name: str) -> dict[str, Any]:
        session, store = self._session, self._session.book.store
        digest, size = store.blobs.put_file(path)
        media_type = type_of(store.blobs.path(digest), name)
        if self.case_id is None and self._title is not None:
            self.case_id = new_titled_case(session, self._title.strip())

        def plan(transaction: Transaction) -> tuple[str, bool]:
            box = self._box(transaction)
            scope = self._scope({"document": digest} | ({"box": box} if box else {}))
            known = transaction.rows.find("documents", {"document_id": digest})
            here = any(row["place"] == (self.case_id or "") for row in known)
            kind = "document.add" if not known else "document.duplicate" if here else "document.assign"
            payload: dict[str, Any] = {"scope": scope, "file": name, "type": media_type, "size": size}
            payload |= {"blobs": [digest]} | ({"box": self._label} if box else {})
            transaction.add(session.draft(kind, payload))
            self.box_id = box
            return kind, all(row["state"] not in ("queued", "reading") for row in known)

        kind, was_read = store.commit(plan).result
        report = _report(name, sha256=digest, media_type=media_type) | {"box": self._label}
        if kind == "document.add":
            return report
        # Twice in one command: the first of them is read, the second is held.
        was_read = was_read or any(before["sha256"] == digest for before in self.reports)
        return report | {"state": "held", "duplicate_of": digest, "was_read": was_read}

    def _box(self, transaction: Transaction) -> str | None:
        """The box with this label, made known with the first file that came in it."""
        if self._label is None:
            return None
        for row in transaction.rows.find("boxes", {"label": self._label}):
            return str(row["box_id"])
        (box,) = new_ids("b", 1)
        scope = self._scope({"box": box})
        made = {"scope": scope, "label": self._label, "pages_declared": self._box_pages}
        transaction.add(self._session.draft("box.create", made, obj=box))
        received = {"scope": scope, "what": "box", "label": self._label, "to": self._session.actor.name}
        transaction.add(self._session.draft("custody.receive", received, obj=box))
        return box


def _reported(view: View, reports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The reports with what is known now, each file followed by the files that were inside it."""
    found: list[dict[str, Any]] = []
    given = {report["sha256"] for report in reports}
    for report in reports:
        rows = list_documents(view, [Where("document_id", "=", report["sha256"])]) if report["sha256"] else []
        if not rows:
            found.append(report)
            continue
        now = _of_row(view, rows[0])
        now |= {"file": report["file"], "duplicate_of": report["duplicate_of"]}
        # The box in which these bytes came now; the others are listed with the document.
        now["box"] = report["box"] or now["box"]
        # Held before and nothing done now; what waited from an earlier time and was read now is read.
        if report["duplicate_of"] and (report.pop("was_read", True) or now["state"] == "queued"):
            now["state"] = "failed" if now["state"] == "failed" else "held"
        found.append(now)
        found += _parts(view, report["sha256"], given)
    return found


def _parts(view: View, digest: str, given: set[str | None]) -> Iterator[dict[str, Any]]:
    for row in list_documents(view, [Where("part_of", "=", digest)]):
        if row["document_id"] not in given:
            given.add(row["document_id"])
            yield _of_row(view, row)
            yield from _parts(view, row["document_id"], given)


def _of_row(view: View, row: dict[str, Any]) -> dict[str, Any]:
    report = _report(row["file"], sha256=row["document_id"], media_type=row["type"])
    state = "queued" if row["state"] == "reading" else row["state"]
    mentions = view.count("mentions", [Where("document_id", "=", row["document_id"])])
    return report | {
        "pages": row["pages"],
        "ocr_pages": row["ocr_pages"],
        "state": state,
        "mentions": mentions,
        "problem": row["problem"] or _still(row),
        "box": row["box"],
        "part_of": row["part_of"],
        "doubtful_pages": row["alarms"],
        "remarks": row["remarks"],
    }


def _still(row: dict[str, Any]) -> str | None:
    """What is still to do or went wrong on single pages of a document that was read otherwise."""
    said = []
    if row["ocr_waiting"] and row["state"] == "waiting":
        said.append(
            f"{row['ocr_waiting']} of {row['pages']} pages are pictures and wait for OCR"
            + (f" ({NO_OCR})" if ocr_engine() is None else "")
        )
    if row["ocr_failed"]:
        said.append(f"{row['ocr_failed']} of {row['pages']} pages could not be read")
    return "; ".join(said) or None


def _report(
    name: str,
    *,
    sha256: str | None = None,
    media_type: str | None = None,
    state: str = "queued",
    problem: str | None = None,
) -> dict[str, Any]:
    return {
        "file": name,
        "sha256": sha256,
        "type": media_type,
        "pages": None,
        "ocr_pages": 0,
        "state": state,
        "duplicate_of": None,
        "mentions": 0,
        "problem": problem,
        "box": None,
        "part_of": None,
        "doubtful_pages": 0,
        "remarks": None,
    }
