"""Power cuts while a box of papers is read: what lies on the disk then, read on, must hold every page once.

The database goes through the recording disk of `power`; files of the book that are not the database (texts of pages)
are there from the moment at which the store had made them safe, and not before.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench import power
from bench.power import Disk, Op, Recorder, recording
from thaw.casework import init_book, open_book, session, utc_now
from thaw.casework.documents import add_documents, read_waiting
from thaw.casework.ledger import verify
from thaw.store import Blobs, reading

_DATABASE = "casebook.db"
FILES, PAGES = 4, 60


@dataclass
class Cuts:
    """What became of some power cuts: how many, and of each that went wrong what was wrong."""

    cuts: int
    moments: int
    faults: list[str]


def cut_readings(folder: Path, count: int, seed: int, *, verified: int = 3) -> Cuts:
    """Cut the power at `count` random moments of one reading of 4 files of 60 pages; read on after each.

    folder    an empty folder for the book and its copies
    verified  after so many of the cuts, spread evenly, the whole book is verified as well (slow)
    """
    # What the one who reads keeps outside the book is written after each commit: it is of no moment but the last.
    os.environ["THAW_RECEIPTS"] = str(folder / "receipts")
    rng, book = random.Random(seed), folder / "book"
    init_book(book, folder / "key", utc_now, "Invented")
    opened = open_book(book)
    add_documents(session(opened, "Invented"), list(_files(folder)), new_title="Invented: a box")
    opened.close()
    before = folder / "before"
    shutil.copytree(book, before)
    ops = _recorded(book)
    made = {path.relative_to(book): path.read_bytes() for path in (book / "blobs").rglob("*") if path.is_file()}
    disk = Disk({path.name: path.read_bytes() for path in before.iterdir() if path.name.startswith(_DATABASE)})
    safe: set[str] = set()
    moments = sorted(rng.sample(range(len(ops)), min(count, len(ops))))
    found, at = Cuts(len(moments), len(ops), []), 0
    for number, moment in enumerate(moments):
        while at <= moment:
            if ops[at].kind == "blob":
                safe.add(ops[at].file)
            else:
                disk.apply(ops[at])
            at += 1
        shutil.rmtree(book)
        shutil.rmtree(folder / "receipts", ignore_errors=True)
        shutil.copytree(before, book, ignore=lambda _, names: [n for n in names if n.startswith(_DATABASE)])
        for name, data in disk.after_a_cut(rng if number % 3 else None).items():
            (book / name).write_bytes(data)
        for path, data in made.items():
            if path.name in safe:
                (book / path).parent.mkdir(parents=True, exist_ok=True)
                (book / path).write_bytes(data)
        whole = bool(verified) and number % max(len(moments) // verified, 1) == 0
        found.faults += [f"cut after operation {moment}: {fault}" for fault in _read_on(book, whole)]
    return found


def _read_on(book: Path, whole: bool) -> Iterator[str]:
    opened = open_book(book)
    work = session(opened, "Invented")
    read_waiting(work, workers=1)
    view = work.look("bench")
    states = sorted({row[0] for row in view.select("documents", ["state"])})
    pages, texts = view.count("pages"), view.count("page_texts")
    opened.close()
    if states != ["read"]:
        yield f"documents are {', '.join(states)}"
    if (pages, texts) != (FILES * PAGES, FILES * PAGES):
        yield f"{pages} pages and {texts} texts, want {FILES * PAGES} of each"
    if whole and (status := verify(book, everything=True)["status"]) != "ok":
        yield f"verify says {status}"


def _files(folder: Path) -> Iterator[Path]:
    for n in range(FILES):
        path = folder / f"{n}.txt"
        path.write_text("\f".join(f"File {n}, page {p}. " + "quiet words " * 20 for p in range(1, PAGES + 1)), "utf-8")
        yield path


def _recorded(book: Path) -> list[Op]:
    """Everything that happens on the disk while the book is read, files made safe among it."""
    with recording(Recorder()) as recorder, _noting_blobs(recorder), _one_connection():
        opened = open_book(book)
        read_waiting(session(opened, "Invented"), workers=1)
        ops = list(recorder.ops)
        recorder.record = False
        opened.close()
    return ops


class _Shared:
    """The only connection of the recording disk, lent to a reader who closes nothing."""

    def __init__(self, db: Any) -> None:
        self._db = db

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def close(self) -> None:
        """The writer's to close."""


@contextmanager
def _one_connection() -> Iterator[None]:
    """The recording disk has no shared memory, so that readers read through the connection that writes."""
    made: list[Any] = []
    first, lend = power._Apsw.Connection, vars(reading)["connect"]

    def connection(self: Any, *arguments: Any, **options: Any) -> Any:
        made.append(first(self, *arguments, **options))
        return made[-1]

    def lent(path: Path) -> Any:
        return _Shared(made[0]) if made else lend(path)

    with patch.object(power._Apsw, "Connection", connection), patch.object(reading, "connect", lent):
        yield


@contextmanager
def _noting_blobs(recorder: Recorder) -> Iterator[None]:
    real = Blobs._put

    def put(self: Blobs, chunks: Iterator[bytes]) -> tuple[str, int]:
        done = real(self, chunks)
        recorder.ops.append(Op("blob", done[0]))
        return done

    with patch.object(Blobs, "_put", put):
        yield
