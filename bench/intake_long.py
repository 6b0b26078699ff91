"""Bench `intake-long`: many large files, killed and read on; a PDF of 20,000 pages; scans of 600 megapixels.

The memory of a reading is that of its whole family of processes: proportional shares (PSS) summed ten times a second,
so that what processes share counts once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.intake import invented_pdf
from bench.report import Report
from bench.resident import resident_mb
from thaw.access import View
from thaw.casework import init_book, open_book, session, utc_now
from thaw.casework.documents import add_documents
from thaw.casework.ledger import verify
from thaw.store import Where

FILES = int(os.environ.get("THAW_BENCH_FILES", "40"))
FILE_PAGES = 1000
_MEMORY = 1024
_KILLS = 4
_EVERY = 0.1


def run() -> Report:
    """The box with its power cuts, then the giants."""
    report = Report(
        "Intake of large files",
        "`./run bench intake --long` (or `intake-long` alone). Memory is that of all processes of a reading together, "
        "shared pages counted once, looked at ten times a second. `THAW_BENCH_FILES` makes it smaller.",
    )
    # What the one who reads keeps outside the book belongs to this run only.
    with tempfile.TemporaryDirectory() as folder:
        os.environ["THAW_RECEIPTS"] = str(Path(folder) / "receipts")
        box(report, Path(folder), FILES)
        giants(report, Path(folder))
    return report


def box(report: Report, folder: Path, files: int, seed: int = 5) -> None:
    """A box of many files: read, killed at random moments, read on; every page there once, memory bounded."""
    one = invented_pdf(folder / "pages.pdf", 200, seed=2)
    book = folder / "book"
    init_book(book, folder / "key", utc_now, "bench")
    opened = open_book(book)
    add_documents(session(opened, "bench"), list(_copies(one, folder / "files", files)), box="Bench")
    opened.close()
    chance, seconds, peak, kills = random.Random(seed), 0.0, 0.0, 0
    # A kill needs something left to read: the first ones come soon, whatever the size of the box.
    for turn in range(_KILLS + 1):
        last = turn == _KILLS
        started = time.perf_counter()
        child = subprocess.Popen([sys.executable, "-c", _READ, str(book)])
        with _Watch(child.pid) as watch:
            try:
                child.wait(None if last else files * chance.uniform(0.5, 5.0))
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
                kills += 1
        seconds, peak = seconds + time.perf_counter() - started, max(peak, watch.peak)
        if not last and child.returncode != -signal.SIGKILL:
            break
    wanted = files * FILE_PAGES
    total, texts, studied, again = _counted(book)
    status = verify(book, everything=False)["status"]
    report.words(f"## A box of {files} files of {FILE_PAGES:,} pages, all cores, killed {kills} times (SIGKILL)")

    def none(count: int) -> list[str]:
        return [f"{count:,}", "0", report.judge(abs(count), 0, at_most=True)]

    rows = [
        ["pages in the book afterwards", f"{total:,}", f"{wanted:,}", none(total - wanted)[2]],
        ["pages read twice", *none(texts - total)],
        ["pages without their mentions", *none(wanted - studied)],
        ["mentions that stand twice", *none(again)],
        ["`thaw verify`", status, "ok", report.judge(float(status == "ok"), 1, at_most=False)],
        ["pages a second, to words in the index, sections and mentions", f"{total / seconds:,.0f}", "-", ""],
        ["most memory of all processes together", *_memory_row(report, peak)],
    ]
    report.table(["", "measured", "bar", ""], rows)


def _memory_row(report: Report, peak: float) -> list[str]:
    return [f"{peak:,.0f} MB", f"{_MEMORY:,}", report.judge(peak, _MEMORY, at_most=True)]


def _counted(book: Path) -> tuple[int, int, int, int]:
    """Pages, texts of pages, pages that were looked through for mentions, and mentions that stand there twice."""
    opened = open_book(book)
    view = session(opened, "bench").look("bench")
    pages, texts = view.count("pages"), view.count("page_texts")
    studied = again = 0
    for (document,) in view.select("documents", ["document_id"]):
        found = _mentions_of(view, document)
        studied += len({page for page, *_ in found})
        again += len(found) - len(set(found))
    opened.close()
    return pages, texts, studied, again


def _mentions_of(view: View, document: str) -> Sequence[tuple[Any, ...]]:
    return view.select("mentions", ["page", "kind", "start", "end"], [Where("document_id", "=", document)])


class _Watch:
    """Looks at the memory of a process and of all its children until the block ends; `peak` in MB."""

    def __init__(self, pid: int) -> None:
        self.peak, self._pid, self._over = 0.0, pid, threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_EVERY):
            self.peak = max(self.peak, resident_mb(self._pid))


def giants(report: Report, folder: Path) -> None:
    """One PDF of 20,000 pages and scans of 600 megapixels, each taken in and read as `thaw add --wait` does."""
    import pypdfium2  # type: ignore[import-untyped]
    from PIL import Image

    one = pypdfium2.PdfDocument(invented_pdf(folder / "many.pdf", 200, seed=3))
    made = pypdfium2.PdfDocument.new()
    for _ in range(100):
        made.import_pages(one, list(range(len(one))))
    made.save(folder / "giant.pdf")
    Image.new("1", (25_000, 24_000), 1).save(folder / "giant.tif", compression="group4")
    Image.new("1", (25_000, 24_000), 1).save(folder / "giant.png")
    rows = []
    for name in ("giant.pdf", "giant.tif", "giant.png"):
        book, start = folder / f"book-{name}", time.perf_counter()
        init_book(book, folder / f"key-{name}", utc_now, "bench")
        child = subprocess.Popen([sys.executable, "-c", _GIANT, str(book), str(folder / name)], stdout=subprocess.PIPE)
        with _Watch(child.pid) as watch:
            out, _ = child.communicate()
        told = json.loads(out)["files"][0]
        came = f"{told['state']}, {told['pages'] or 0:,} pages" + (f": {told['problem']}" if told["problem"] else "")
        took = f"{time.perf_counter() - start:,.0f} s"
        rows.append([name, came, f"{told['mentions'] or 0:,}", took, *_memory_row(report, watch.peak)])
    report.words("## A PDF of 20,000 pages, and scans of 600 megapixels, each taken in and read to the end")
    report.table(["file", "what came of it", "mentions", "time", "most memory", "bar", ""], rows)


_GIANT = """
import json, sys
from pathlib import Path
from thaw.casework import open_book, session
from thaw.casework.documents import add_documents
print(json.dumps(add_documents(session(open_book(Path(sys.argv[1])), "bench"), [Path(sys.argv[2])], wait=True)))
"""


def _copies(one: Path, folder: Path, files: int) -> Iterator[Path]:
    """Files of 1,000 pages that differ: the same pages five times over, each file in an order of its own."""
    import pypdfium2

    folder.mkdir()
    source = pypdfium2.PdfDocument(one)
    for number in range(files):
        made = pypdfium2.PdfDocument.new()
        order = list(range(len(source)))
        for turn in range(FILE_PAGES // len(source)):
            random.Random(f"{number}/{turn}").shuffle(order)
            made.import_pages(source, order)
        path = folder / f"{number:02}.pdf"
        made.save(path)
        made.close()
        yield path


_READ = """
import sys
from pathlib import Path
from thaw.casework import open_book, session
from thaw.casework.documents import read_waiting
read_waiting(session(open_book(Path(sys.argv[1])), "bench"))
"""
