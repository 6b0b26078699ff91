"""Documents through casework: taken in, read, held once, told what went wrong, found under their case."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, locked_pdf, new_book, rows, text_pdf
from thaw.casework import Session
from thaw.casework.cases import case, case_count
from thaw.casework.documents import add_documents, document_page, read_waiting
from thaw.casework.ledger import verify
from thaw.casework.searching import search
from thaw.errors import InputError, TamperError


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, csv_file(tmp_path / "cases.csv", rows(2)))
    yield made
    made.book.close()


def file(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_text_is_taken_in_and_read_at_once(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "tip.txt", "A red car was seen.\fTwice.")
    found = add_documents(work, [path], case_id="shr-map:1", box="Box 7", wait=True)
    assert found == {
        "case_id": case(work, "shr-map:1")["case_id"],
        "files": [
            {
                "file": "tip.txt", "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "type": "text/plain",
                "pages": 2, "ocr_pages": 0, "state": "read", "duplicate_of": None, "mentions": 0, "problem": None,
            }
        ],
    }  # fmt: skip


def test_without_waiting_a_document_is_queued_until_work_reads_it(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "tip.txt", "A red car.")
    (queued,) = add_documents(work, [path])["files"]
    assert (queued["state"], queued["pages"]) == ("queued", None)
    assert read_waiting(work) == {
        "read": 1,
        "failed": 0,
        "files": [{"file": "tip.txt", "sha256": queued["sha256"], "pages": 1, "state": "read", "problem": None}],
    }
    assert read_waiting(work) == {"read": 0, "failed": 0, "files": []}


def test_a_pdf_is_found_by_its_words_with_page_and_boxes(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "report.pdf", text_pdf("Nothing here", "A red car"))
    (added,) = add_documents(work, [path], case_id="shr-map:2", wait=True)["files"]
    (hit,) = search(work, '"red car"', purpose="test")["hits"]
    assert (hit["document"], hit["page"]) == (added["sha256"], 2)
    page = document_page(work, hit["document"], 2)
    assert page["page"]["text"] == "A red car"
    assert [page["page"]["text"][start:end] for start, end, box, _ in page["page"]["words"] if len(box) == 4] == [
        "A", "red", "car",
    ]  # fmt: skip


def test_pages_without_text_layer_are_said(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "scan.pdf", text_pdf("", "typed", ""))
    (added,) = add_documents(work, [path], wait=True)["files"]
    assert (added["state"], added["pages"]) == ("read", 3)
    assert added["problem"] == "2 of 3 pages have no text layer and were not read"


def test_the_same_bytes_again_are_held_once(work: Session, tmp_path: Path) -> None:
    one, other = file(tmp_path / "a.txt", "A red car."), file(tmp_path / "b.txt", "A red car.")
    first, again = add_documents(work, [one, other], case_id="shr-map:1", wait=True)["files"]
    assert (first["state"], first["duplicate_of"]) == ("read", None)
    assert (again["state"], again["duplicate_of"]) == ("held", first["sha256"])
    assert search(work, "car", purpose="test")["total"] == 1


def test_one_document_may_belong_to_two_cases(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "a.txt", "A red car.")
    for key in ("shr-map:1", "shr-map:2"):
        add_documents(work, [path], case_id=key, wait=True)
    assert [len(case(work, key)["documents"]) for key in ("shr-map:1", "shr-map:2")] == [1, 1]
    assert case(work, "shr-map:2")["documents"][0]["state"] == "read"


def test_a_queued_document_given_again_with_wait_is_read(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "a.txt", "A red car.")
    add_documents(work, [path])
    (again,) = add_documents(work, [path], wait=True)["files"]
    assert (again["state"], again["pages"]) == ("read", 1)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.txt", b"", "got an empty file, want a document. Scan or copy it again."),
        (
            "a.png",
            b"\x89PNG\x00",
            "got a binary file, want a text file or a PDF. Print it to PDF with a text layer and add that.",
        ),
    ],
)
def test_a_file_of_no_use_is_reported_and_the_others_go_on(
    work: Session, tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    bad, good = file(tmp_path / name, content), file(tmp_path / "good.txt", "A red car.")
    one, other = add_documents(work, [bad, good], wait=True)["files"]
    assert one == {
        "file": name, "sha256": None, "type": None, "pages": None, "ocr_pages": 0, "state": "failed",
        "duplicate_of": None, "mentions": 0, "problem": f"{bad}: {problem}",
    }  # fmt: skip
    assert other["state"] == "read"


@pytest.mark.parametrize(
    ("content", "got"),
    [(locked_pdf(), "a PDF that is locked with a password"), (b"%PDF-1.4\nlost", "a damaged PDF (")],
)
def test_a_pdf_that_does_not_open_is_kept_and_its_failure_recorded(
    work: Session, tmp_path: Path, content: bytes, got: str
) -> None:
    path = file(tmp_path / "a.pdf", content)
    (added,) = add_documents(work, [path], case_id="shr-map:1", wait=True)["files"]
    assert added["state"] == "failed"
    assert added["problem"].startswith(f"a.pdf: got {got}")
    assert added["problem"].endswith("want a PDF that opens. Get an unlocked or whole copy.")
    assert work.book.store.blobs.get(added["sha256"]) == content
    (kept,) = case(work, "shr-map:1")["documents"]
    assert (kept["state"], kept["problem"]) == ("failed", added["problem"])


def test_a_reader_that_stumbles_fails_its_file_only(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(path: Path, media_type: str) -> Any:
        raise ZeroDivisionError("invented")

    monkeypatch.setattr("thaw.casework.documents.read_pages", stumble)
    (added,) = add_documents(work, [file(tmp_path / "a.txt", "A red car.")], wait=True)["files"]
    assert added["problem"] == (
        "a.txt: got a file that its reader stumbles over (ZeroDivisionError: invented), want a whole document. "
        "Print it to a new PDF."
    )


def test_an_unknown_case_is_refused_before_anything_is_taken_in(work: Session, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        add_documents(work, [file(tmp_path / "a.txt", "x")], case_id="c_none")
    assert str(caught.value) == (
        "case: got 'c_none', want the id or source key of a case in this book. "
        "List cases with `thaw cases`, or look for words with `thaw search`."
    )
    assert not (work.book.folder / "blobs").exists()


def test_a_new_case_is_made_with_the_first_file_that_can_be_taken_in(work: Session, tmp_path: Path) -> None:
    good, bad = file(tmp_path / "a.txt", "A red car."), tmp_path / "none.txt"
    assert add_documents(work, [bad], new_title="Invented box")["case_id"] is None
    assert case_count(work) == 2
    found = add_documents(work, [bad, good], new_title="Invented box", wait=True)
    assert [f["state"] for f in found["files"]] == ["failed", "read"]
    made = case(work, found["case_id"])
    assert (made["title"], len(made["documents"])) == ("Invented box", 1)


def test_a_new_case_needs_a_title(work: Session, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        add_documents(work, [file(tmp_path / "a.txt", "x")], new_title=" ")
    assert str(caught.value) == "--new-case: got an empty title, want a few words. Name the new case."


def test_an_interruption_leaves_out_the_rest_and_says_so(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thaw.intake import document_type

    def interrupted(path: Path) -> str:
        if path.name == "b.txt":
            raise KeyboardInterrupt
        return document_type(path)

    monkeypatch.setattr("thaw.casework.documents.document_type", interrupted)
    files = [file(tmp_path / f"{name}.txt", name) for name in "abc"]
    found = add_documents(work, files, wait=True)["files"]
    assert [f["state"] for f in found] == ["read", "failed", "failed"]
    assert {f["problem"] for f in found[1:]} == {"interrupted; give the same command again to finish"}


def test_a_page_that_does_not_exist_is_refused(work: Session, tmp_path: Path) -> None:
    (added,) = add_documents(work, [file(tmp_path / "a.txt", "A red car.")], wait=True)["files"]
    for digest, number in ((added["sha256"], 2), (added["sha256"], 0), ("0" * 64, 1)):
        with pytest.raises(InputError) as caught:
            document_page(work, digest, number)
        assert str(caught.value) == (
            f"document: got '{digest[:16]}', page {number}, want a document of this book and one of its pages. "
            "Look for it with `thaw search`."
        )


def test_bytes_that_were_changed_after_they_were_taken_in_are_not_read(work: Session, tmp_path: Path) -> None:
    (queued,) = add_documents(work, [file(tmp_path / "a.txt", "A red car.")])["files"]
    work.book.store.blobs.path(queued["sha256"]).write_text("A blue car.")
    with pytest.raises(TamperError) as caught:
        read_waiting(work)
    assert caught.value.got == "other bytes than were taken in"


def test_the_text_layer_is_a_blob_that_the_entry_names(work: Session, tmp_path: Path) -> None:
    (added,) = add_documents(work, [file(tmp_path / "a.txt", "A red car.")], case_id="shr-map:1", wait=True)["files"]
    (kept,) = case(work, "shr-map:1")["documents"]
    layer = json.loads(work.book.store.blobs.get(kept["layer"]))
    assert layer["pages"][0]["text"] == "A red car."
    assert added["sha256"] == kept["document_id"]
    assert verify(work.book.folder, everything=True)["status"] == "ok"
