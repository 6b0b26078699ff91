"""The queue of reading: files first, then pictures of pages, then what their words say. It survives power cuts.

What waits stands in the tables that the entries make, so there is nothing to lose: a killed run is finished by the next
one, page for page. Two processes on one book share the work; a document is read by one of them at a time.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, local
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.intake import ReadingProcess, ocr_engine
from thaw.store import Where

from .book import Progress, Session, no_progress
from .reading import document_row, keep_recognized, read_before, read_file
from .studying import study

_OCR_BATCH = 8  # pages that a power cut may cost


@dataclass
class Queue:
    """One run over what waits.

    only  the documents to read, their parts included; None for all
    """

    session: Session
    view: View
    only: Collection[str] | None = None
    progress: Progress = no_progress
    workers: int = 1
    stop: Callable[[], bool] = lambda: False
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    recognized: int = 0

    def run(self) -> None:
        """Read until nothing waits, the queue is paused, or `stop` says so."""
        threads = _Processes()
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                self._files(pool, threads)
                self._pictures(pool, threads)
                self._study(pool)
            finally:
                # Closed before the pool waits for its threads: after Ctrl-C nobody wants the page at hand.
                pool.shutdown(wait=False, cancel_futures=True)
                threads.close()

    def _files(self, pool: ThreadPoolExecutor, threads: _Processes) -> None:
        running: dict[Future[Any], str] = {}
        while True:
            waiting = [] if self._halted() else self._waiting()
            for row in waiting:
                if len(running) >= self.workers:
                    break
                running[pool.submit(self._read, row, threads)] = row["document_id"]
                self.busy.add(row["document_id"])
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                digest = running.pop(future)
                future.result()
                self.progress("documents", len(self.done), len(self.done) + len(waiting))
                if self.only is not None:
                    self.only = {*self.only, *self._parts(digest)}

    def _read(self, row: Mapping[str, Any], threads: _Processes) -> None:
        digest = row["document_id"]
        with claimed(self.session.book.folder, digest) as mine:
            if mine:
                read_file(self.session, self.view, digest, threads.own())
                self.done[digest] = dict(row)

    def _waiting(self) -> list[dict[str, Any]]:
        """Documents that nobody has read to their end: what a person asked for first, then as they came."""
        columns = ("document_id", "file", "type", "case_id", "state")
        where = [Where("state", "in", ["queued", "reading"])]
        found = self.view.select("documents", columns, where, order=["-priority", "seq"])
        rows = {row[0]: dict(zip(columns, row, strict=True)) for row in reversed(found)}
        return [row for digest, row in reversed(rows.items()) if self._wanted(digest) and digest not in self.busy]

    def _parts(self, digest: str) -> set[str]:
        return {row[0] for row in self.view.select("documents", ["document_id"], [Where("part_of", "=", digest)])}

    def _wanted(self, digest: str) -> bool:
        return self.only is None or digest in self.only

    def _halted(self) -> bool:
        return self.stop() or is_paused(self.view)

    def _pictures(self, pool: ThreadPoolExecutor, threads: _Processes) -> None:
        """Letters of pictures, one document after the other, its pages side by side on all cores."""
        engine = ocr_engine()
        if engine is None:
            return
        tried: set[str] = set()
        while not self._halted():
            digest = next((d for d in self._with_pictures() if d not in tried), None)
            if digest is None:
                return
            tried.add(digest)
            with claimed(self.session.book.folder, digest) as mine:
                if mine:
                    self._recognize(digest, pool, threads)

    def _with_pictures(self) -> list[str]:
        """Documents with pages that wait: asked for first, then short ones, whose first pages say what they are."""
        where = [Where("ocr_waiting", ">=", 1)]
        columns = ["document_id", "ocr_waiting"]
        found = self.view.select("documents", columns, where, order=["-priority", "ocr_waiting", "seq"])
        return [d for d in dict.fromkeys(row[0] for row in found) if self._wanted(d)]

    def _recognize(self, digest: str, pool: ThreadPoolExecutor, threads: _Processes) -> None:
        row = document_row(self.view, digest)
        where = [Where("document_id", "=", digest), Where("ocr", "=", "waiting")]
        waiting = self.view.select("pages", ["page", "picture"], where)
        numbers = sorted({n for n, _ in waiting})
        # A page that was recognized before and waits again: somebody wants it looked at, not looked up.
        again = {n for n, picture in waiting if picture}
        path = self.session.book.store.blobs.check(digest)
        todo, batch = iter(numbers), []
        running: dict[Future[dict[str, Any]], int] = {}
        total, self.recognized = len(numbers), 0
        while True:
            while len(running) < 2 * self.workers and not self._halted():
                number = next(todo, None)
                if number is None:
                    break
                known = number not in again
                running[pool.submit(self._recognize_page, path, row["type"], number, threads, known)] = number
            if running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                batch += [(running.pop(future), future.result()) for future in finished]
                self.recognized += len(finished)
                self.progress("pages of " + row["file"], self.recognized, total)
            if batch and (len(batch) >= _OCR_BATCH or not running):
                keep_recognized(self.session, row, batch)
                batch = []
            if not running:
                break
        self.done.setdefault(digest, row)

    def _recognize_page(
        self, path: Path, kind: str, number: int, threads: _Processes, may_be_known: bool
    ) -> dict[str, Any]:
        try:
            digest = threads.own().look(path, kind, number)
            known = read_before(self.session, self.view, digest) if may_be_known else None
            return known or threads.own().recognize(path, kind, number)
        except InputError as error:
            return {"failed": f"got {error.got}, want {error.want}. {error.fix}"}

    def _study(self, pool: ThreadPoolExecutor) -> None:
        """Sections and mentions of every document whose words have changed since they were last looked at."""
        del pool  # reading of words is quick beside the rest; one document after the other keeps memory small
        columns = ["document_id", "text_seq", "study_seq"]
        found = self.view.select("documents", columns, [Where("text_seq", "known")], order=["seq"])
        for digest, text_seq, study_seq in dict.fromkeys(found):
            if self._wanted(digest) and (study_seq is None or study_seq < text_seq) and not self._halted():
                with claimed(self.session.book.folder, digest) as mine:
                    if mine:
                        study(self.session, self.view, digest)


class _Processes:
    """One reading process for each thread that asks."""

    def __init__(self) -> None:
        self._local = local()
        self._all: list[ReadingProcess] = []
        self._lock = Lock()

    def own(self) -> ReadingProcess:
        process: ReadingProcess | None = getattr(self._local, "process", None)
        if process is None:
            process = self._local.process = ReadingProcess()
            with self._lock:
                self._all.append(process)
        return process

    def close(self) -> None:
        for process in self._all:
            process.close()


def is_paused(view: View) -> bool:
    """Whether somebody has paused the queue of this book."""
    return view.select("queue", ["value"], [Where("name", "=", "paused")]) == [("yes",)]


def cores() -> int:
    """How many processes may read side by side."""
    return max(len(os.sched_getaffinity(0)), 1)


@contextmanager
def claimed(folder: Path, digest: str) -> Iterator[bool]:
    """Whether this process may work on a document now; the claim ends with the block, or with the process."""
    place = folder / "derived" / "claims"
    place.mkdir(parents=True, exist_ok=True)
    with (place / digest).open("wb") as claim:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        # The file stays: removing it would let two processes hold two files of one name.
        yield True
