"""Papers that are not as papers should be: mixed pages, letters that are none, files in files, late power cuts."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import thaw
from books import new_book, text_pdf
from papers import docx, file, layered_pdf, mail, picture, zipped
from thaw.casework import Session, open_book, session
from thaw.casework.documents import add_documents, document_page, read_waiting
from thaw.casework.ledger import verify
from thaw.intake import ocr_engine
from thaw.intake.documents.legible import is_garbage
from thaw.store import Where

NEEDS_OCR = pytest.mark.skipif(ocr_engine() is None, reason="Tesseract is not installed")
SCAN = picture(*[f"A red car stood near the canal, number {n}." for n in range(8)], size=(1275, 1650), dots=44)
GARBAGE = "\n".join("~|i1l; Wt#s xqzrt {}|jk Rdb~ctl,; qrs]t vwxzk #@! bcdfg" for _ in range(9))
TYPED = "\n".join("The witness told the officer what she had seen that night by the bridge." for _ in range(5))


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


def added(work: Session, *paths: Path, **options: Any) -> list[dict[str, Any]]:
    return list(add_documents(work, paths, new_title="Invented", **{"wait": True, **options})["files"])


@pytest.mark.parametrize(
    ("text", "garbage"),
    [
        (GARBAGE, True),
        ("\ue001\ue002\ue003\ue004 \ue005\ue006\ue007 " * 10, True),
        (TYPED, False),
        ("DR 84-123456 2GAT123 213-555-0142 $1,250.00 03-11-84 2115 " * 4, False),
        ("Свидетель видел красную машину у канала в ту ночь. " * 3, False),
        ("Śledczy przesłuchał świadka w Bydgoszczy, który był u siebie. " * 3, False),
        ("xq", False),
    ],
)
def test_garbage_is_known_by_its_words(text: str, garbage: bool) -> None:
    assert is_garbage(text.split()) == garbage


@NEEDS_OCR
def test_each_page_of_a_mixed_file_is_read_in_its_own_way(work: Session, tmp_path: Path) -> None:
    content = layered_pdf((TYPED, None, 0), ("", SCAN, 0), ("", None, 0), (TYPED, None, 90), (GARBAGE, SCAN, 0))
    (one,) = added(work, file(tmp_path / "mixed.pdf", content))
    assert (one["state"], one["pages"], one["ocr_pages"]) == ("read", 5, 2)
    texts = [document_page(work, one["sha256"], number)["page"]["text"] or "" for number in range(1, 6)]
    assert texts[0].split() == TYPED.split() == texts[3].split()
    assert texts[2] == ""
    for number in (1, 4):
        assert "red car stood near the canal" in texts[number], "the picture is read, whatever the layer says"
    kept = document_page(work, one["sha256"], 5)["texts"]
    assert [text["reader"] for text in kept] == ["text", "ocr"], "the letters of the layer stay beside it"


def test_an_archive_of_a_mail_of_an_archive_is_read_to_its_end(work: Session, tmp_path: Path) -> None:
    letter = mail("See the box.", attached={"inner.zip": zipped({"deep/note.txt": b"Quiet words of a note."})})
    found = added(work, file(tmp_path / "outer.zip", zipped({"a/letter.eml": letter, "b.docx": docx("A letter.")})))
    assert {one["state"] for one in found} == {"read"}
    view = work.look("test")
    files = {row[0]: row[1] for row in view.select("documents", ["file", "state"])}
    assert files == {
        "outer.zip": "read",
        "outer.zip > a/letter.eml": "read",
        "outer.zip > b.docx": "read",
        "outer.zip > a/letter.eml > inner.zip": "read",
        "outer.zip > a/letter.eml > inner.zip > deep/note.txt": "read",
    }


@pytest.mark.slow
def test_a_file_of_twenty_thousand_pages_is_read_to_its_last(work: Session, tmp_path: Path) -> None:
    (one,) = added(work, file(tmp_path / "long.pdf", text_pdf(*(f"page {n}" for n in range(1, 20_001)))))
    assert (one["state"], one["pages"], one["problem"]) == ("read", 20_000, None)
    assert document_page(work, one["sha256"], 20_000)["page"]["text"] == "page 20000"


CHILD = """
import sys
from pathlib import Path
from thaw.casework import open_book, session
from thaw.casework.documents import read_waiting
read_waiting(session(open_book(Path(sys.argv[1])), "Invented"), workers=1)
"""


def killed_when(book: Path, question: str, enough: int) -> None:
    """Read in a process of its own, and kill it when a count of the book is as high as asked for."""
    settings = os.environ | {"PYTHONPATH": str(Path(thaw.__file__).parents[1])}
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(book)], env=settings)
    until = time.monotonic() + 120
    with sqlite3.connect(book / "casebook.db") as db:
        while child.poll() is None and db.execute(question).fetchone()[0] < enough:
            assert time.monotonic() < until
            time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()


def finished(book: Path) -> Session:
    again = session(open_book(book), "Invented")
    read_waiting(again)
    return again


@NEEDS_OCR
def test_a_reading_killed_among_pictures_loses_no_page_and_reads_none_twice(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    scans = [("", picture(f"Number {n} of the invented pages.", size=(850, 1100), dots=44), 0) for n in range(12)]
    added(work, file(tmp_path / "scans.pdf", layered_pdf(*scans)), wait=False)
    work.book.close()
    killed_when(tmp_path / "book", "select count(*) from pages where ocr = 'done'", 1)
    again = finished(tmp_path / "book")
    view = again.look("test")
    assert sorted(view.select("pages", ["page", "ocr"])) == [(n, "done") for n in range(1, 13)]
    read = view.select("page_texts", ["page"], [Where("reader", "=", "ocr")])
    assert sorted(row[0] for row in read) == list(range(1, 13)), "a page with two texts was read twice"
    again.book.close()
    assert verify(tmp_path / "book", everything=True)["status"] == "ok"


def test_a_reading_killed_among_mentions_loses_none_and_finds_none_twice(tmp_path: Path) -> None:
    # The lines at the edges of most pages are print, so what is told stands in the middle.
    edge = "a line of print\n" * 4
    told = "On March {}, 1984, Det. Ada Poole interviewed Bea Stone. Call 555-01{}."
    pages = [f"{edge}{told.format(n % 28 + 1, n % 90 + 10)}\n{edge}" for n in range(40)]
    work = new_book(tmp_path / "book")
    papers = [file(tmp_path / f"{n}.txt", f"file {n}\f" + "\f".join(pages)) for n in range(8)]
    added(work, *papers, wait=False)
    work.book.close()
    killed_when(tmp_path / "book", "select count(distinct document_id) from mentions", 2)
    again = finished(tmp_path / "book")
    view = again.look("test")
    found = view.select("mentions", ["document_id", "page", "kind", "start", "end"])
    assert len(found) == len(set(found)), "a mention that was found twice"
    per_file = {document: 0 for document, *_ in found}
    for document, *_ in found:
        per_file[document] += 1
    # Every page has the same four things to find: a day, two persons and a telephone.
    assert set(per_file.values()) == {40 * 4}
    assert len(per_file) == 8
    again.book.close()
    assert verify(tmp_path / "book", everything=True)["status"] == "ok"
