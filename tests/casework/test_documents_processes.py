"""Documents read in runs and in processes that are killed, crash, ask for too much, or fall silent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import thaw
from books import csv_file, imported, new_book, rows, text_pdf
from papers import file
from thaw.casework import Session
from thaw.casework.cases import case
from thaw.casework.documents import (
    add_documents,
    document_page,
    read_waiting,
)
from thaw.casework.ledger import log, verify
from thaw.casework.pages import page_picture
from thaw.errors import InputError
from thaw.intake import ocr_engine

NEEDS_OCR = pytest.mark.skipif(ocr_engine() is None, reason="Tesseract is not installed")


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, csv_file(tmp_path / "cases.csv", rows(2)))
    yield made
    made.book.close()


def added(work: Session, *paths: Path, **options: Any) -> list[dict[str, Any]]:
    return list(add_documents(work, paths, **{"wait": True, **options})["files"])


def kinds(work: Session) -> list[str]:
    return [entry["kind"] for entry in reversed(log(work, limit=1000))]


def test_a_long_document_is_read_in_runs_that_stay_read(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(tmp_path / "a.txt", "\f".join(f"page {n}" for n in range(1, 131)))
    added(work, path, case_id="shr-map:1")
    runs = [e.payload for e in work.look("test").entries_of_case(case(work, "shr-map:1")["case_id"]) if e.payload]
    read = [(p["first_page"], p["last_page"], p["final"]) for p in runs if "first_page" in p]
    assert read == [(1, 50, False), (51, 100, False), (101, 130, True)]
    assert document_page(work, added(work, path)[0]["sha256"], 130)["page"]["text"] == "page 130"


def test_a_book_named_from_where_one_stands_reads_its_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The reader works in another folder; the default of --book is the plain name `casebook`.
    monkeypatch.chdir(tmp_path)
    made = new_book(Path("casebook"))
    paper = file(Path("a.pdf"), text_pdf("A woman was found near the canal."))
    (read,) = add_documents(made, [paper], new_title="Invented: X", wait=True)["files"]
    assert (read["state"], read["pages"], read["problem"]) == ("read", 1, None)
    assert document_page(made, read["sha256"], 1)["page"]["text"].strip() == "A woman was found near the canal."
    assert (page_picture(made, read["sha256"], 1) or b"").startswith(b"\x89PNG")
    made.book.close()


CHILD = """
import sys
from pathlib import Path
from thaw.casework import open_book, session
from thaw.casework.documents import read_waiting
read_waiting(session(open_book(Path(sys.argv[1])), "Invented"), workers=2)
"""


@pytest.mark.parametrize("after", [0.3, 0.6, 0.9])
def test_a_reading_that_is_killed_loses_no_page_and_reads_none_twice(tmp_path: Path, after: float) -> None:
    work = new_book(tmp_path / "book")
    files = [
        file(tmp_path / f"{n}.txt", "\f".join(f"file {n} page {p} " + "quiet words " * 200 for p in range(1, 201)))
        for n in range(6)
    ]
    added(work, *files, wait=False)
    work.book.close()
    settings = os.environ | {"PYTHONPATH": str(Path(thaw.__file__).parents[1])}
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path / "book")], env=settings)
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    child.wait()
    from thaw.casework import open_book, session

    again = session(open_book(tmp_path / "book"), "Invented Detective")
    read_waiting(again)
    view = again.look("test")
    assert {row[0] for row in view.select("documents", ["state"])} == {"read"}
    assert view.count("pages") == 6 * 200
    assert view.count("page_texts") == 6 * 200, "a page with two texts was read twice"
    assert verify(tmp_path / "book", everything=True)["status"] == "ok"
    again.book.close()


def test_a_reader_that_crashes_on_a_page_costs_that_page(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = """
import os
from thaw.intake.documents import pdf
real = pdf._page
def page(file, number, boxes):
    if number == 2:
        os.abort()
    return real(file, number, boxes)
pdf._page = page
"""
    from thaw.intake.documents import process

    monkeypatch.setattr(process, "_START", start + process._START)
    (one,) = added(work, file(tmp_path / "a.pdf", text_pdf("one", "two", "three")))
    assert (one["state"], one["pages"]) == ("waiting" if ocr_engine() is None else one["state"], 3)
    assert "page 2 left out: a file that crashed its reader (SIGABRT)" in (one["remarks"] or "")
    assert document_page(work, one["sha256"], 3)["page"]["text"] == "three"


def test_a_reader_that_asks_for_too_much_memory_fails_its_file_only(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = """
from thaw.intake.documents import plain
def read(path):
    if b'hog' in path.read_bytes():
        x = bytearray(3 << 30)
    yield from real(path)
real = plain.read_plain
plain.read_plain = read
"""
    from thaw.intake.documents import process

    monkeypatch.setattr(process, "_START", start + process._START)
    hog, good = added(work, file(tmp_path / "a.txt", "hog"), file(tmp_path / "b.txt", "good"), workers=1)
    assert hog["problem"] == (
        "a.txt: got a file that takes more than 1,024 MB of memory to read, want a file that fits. "
        "Split it, or save it with fewer dots an inch."
    )
    assert good["state"] == "read"


def ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, **limits: float) -> str:
    from thaw.intake import ReadingProcess
    from thaw.intake.documents import process

    monkeypatch.setattr(process, "_START", does)
    with ReadingProcess(**limits) as reader:
        with pytest.raises(InputError) as caught:
            list(reader.read(file(tmp_path / "a.txt", "x"), "text/plain", folder=tmp_path))
        assert reader.crashed
    return caught.value.got


def test_a_reader_that_does_nothing_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    got = ended(tmp_path, monkeypatch, "import time; time.sleep(60)", still_seconds=0.6)
    assert got == "a file whose reader did nothing for 0.6 seconds"


def test_a_reader_that_works_too_long_on_one_page_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    got = ended(tmp_path, monkeypatch, "while True: pass", cpu_seconds=0.5, still_seconds=3)
    assert got == "a file on one page of which its reader works for more than 0.5 seconds of processor time"


def test_a_reader_that_is_waited_for_longer_than_anybody_waits_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = ended(tmp_path, monkeypatch, "import time; time.sleep(60)", wall_seconds=0.3, still_seconds=1)
    assert got == "a file whose reader gave no page for 0.3 seconds"


def test_a_reader_that_gets_little_of_the_processor_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It works a little, sleeps as a process that is not let in sleeps, and takes four times what stillness may.
    from thaw.intake import ReadingProcess
    from thaw.intake.documents import process

    slow = """
import time
end = time.monotonic() + 2.4
while time.monotonic() < end:
    busy = time.process_time() + 0.05
    while time.process_time() < busy: pass
    time.sleep(0.2)
"""
    monkeypatch.setattr(process, "_START", slow + process._START)
    with ReadingProcess(still_seconds=0.6) as reader:
        answers = list(reader.read(file(tmp_path / "a.txt", "x"), "text/plain", folder=tmp_path))
    assert [a["page"]["text"] for a in answers if "page" in a] == ["x"]
