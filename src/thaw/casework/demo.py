"""The demo: a flagged book from the bundled sample, an invented new incident, and what looks like it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from thaw.data import data_path
from thaw.errors import InputError
from thaw.intake import reader_for
from thaw.record import Said, pack_said
from thaw.store import Where

from .book import Clock, Progress, Session, init_book, no_progress, open_book, session
from .documents import add_documents
from .importing import import_checked
from .ledger import verify
from .similar import similar

SAMPLE = "sample/shr_west8_1976_2018.parquet"
INCIDENT = "sample/invented_incident.json"
CASE_FILE = "sample/invented_case_file.zip"
CASE_TITLE = "Invented: Lena Corvin, found by the canal"
CASE_PAGES = 61
PERSONS = ("sample/invented_missing.json", "sample/invented_unidentified.json")


def open_demo(folder: Path, clock: Clock, person: str) -> Session:
    """The demo book in `folder`, made when there is none. Raises InputError for a book that is no demo."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        init_book(folder, None, clock, person, kind="demo")
    book = open_book(folder, clock)
    if book.store.kind != "demo":
        book.close()
        raise InputError(
            where=str(folder),
            got="a book of real cases",
            want="a demo book, so that invented and real cases never mix",
            fix="Leave --book out, or name a new folder.",
        )
    return session(book, person)


def run_demo(demo: Session, progress: Progress = no_progress) -> dict[str, Any]:
    """Import the sample (rows already held stay), rank against the invented incident, verify; the demo's document.

    An import that was stopped ends it: `problem` says why, and what comes after the import is None.
    """
    sample = data_path(SAMPLE)
    (imported,) = import_checked(demo, [(sample, reader_for(sample))], False, progress)
    names = ("stored", "rejected", "already_held", "problem")
    document = {"book": str(demo.book.folder), "records": imported["read"]} | {name: imported[name] for name in names}
    document["import_seconds"] = imported["seconds"]
    if imported["problem"]:
        return document | dict.fromkeys(("similar", "similar_seconds", "verify", "verify_seconds", "case_file"))
    started = time.monotonic()
    alike = similar(demo, incident=data_path(INCIDENT), purpose="demo")
    similar_seconds = time.monotonic() - started
    started = time.monotonic()
    verdict = verify(demo.book.folder, progress=progress)
    return document | {
        "similar": alike,
        "similar_seconds": round(similar_seconds, 3),
        "verify": verdict,
        "verify_seconds": round(time.monotonic() - started, 3),
        "case_file": _case_file(demo),
        "persons": _persons(demo),
    }


def _persons(demo: Session) -> int:
    """Take in the invented bodies and missing persons, unless they are held; how many the book has."""
    view = demo.look("demo", kind="access.list", detail={"command": "demo"})
    if not view.count("person_register"):
        import_checked(demo, [(data_path(name), reader_for(data_path(name))) for name in PERSONS], False, no_progress)
        view = demo.look("demo", kind="access.list", detail={"command": "demo"})
    return view.count("person_register")


def _case_file(demo: Session) -> dict[str, Any]:
    """Take in the invented case file, unless it is held; the workbench or `thaw work` reads it behind the answer."""
    path = data_path(CASE_FILE)
    view = demo.look("demo", kind="access.list", detail={"command": "demo"})
    held = view.select("documents", ["case_id"], [Where("file", "=", path.name)], limit=1)
    if held:
        case_id = held[0][0]
    else:
        case_id = add_documents(demo, [path], new_title=CASE_TITLE, box="Demo box", box_pages=CASE_PAGES)["case_id"]
        _mark_invented(demo, case_id)
    states = {state: view.count("documents", [Where("state", "=", state)]) for state in ("queued", "waiting", "read")}
    return {"case_id": case_id, "title": CASE_TITLE, "pages": CASE_PAGES, **states}


def _mark_invented(demo: Session, case_id: str) -> None:
    """State that a case never happened, so that every screen says so and not its title alone."""
    source = {"citation": {"quote": "packaged with Thaw as an example"}, "recorded_by": demo.actor.name}
    said = {"case": [pack_said(Said("invented", None, None))]}
    payload = {"scope": {"case": case_id}, "subjects": {"case": case_id}, "source": source, "said": said}
    demo.book.store.append(demo.draft("statement.add", payload, obj=case_id))
