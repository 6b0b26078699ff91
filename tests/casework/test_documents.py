"""Documents through casework: taken in, read, held once, told what went wrong, found under their case."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, locked_pdf, new_book, rows, text_pdf
from papers import file, mail, picture, png, scanned_pdf, zipped
from thaw.casework import Session
from thaw.casework.cases import case, case_count
from thaw.casework.documents import (
    add_documents,
    ask_first,
    document_list,
    document_page,
    read_waiting,
    retry,
    set_paused,
)
from thaw.casework.ledger import log, rejects, verify
from thaw.casework.searching import search
from thaw.errors import InputError, TamperError
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


def test_a_text_is_taken_in_and_read_at_once(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "tip.txt", "Nothing here.\fNor there.")
    found = add_documents(work, [path], case_id="shr-map:1", box="Box 7", wait=True)
    assert found == {
        "case_id": case(work, "shr-map:1")["case_id"],
        "files": [
            {
                "file": "tip.txt", "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "type": "text/plain",
                "pages": 2, "ocr_pages": 0, "state": "read", "duplicate_of": None, "mentions": 0, "problem": None,
                "box": "Box 7", "part_of": None, "doubtful_pages": 0, "remarks": None,
            }
        ],
    }  # fmt: skip


def test_bytes_and_entry_come_before_anything_reads_them(work: Session, tmp_path: Path) -> None:
    before = len(kinds(work))
    added(work, file(tmp_path / "a.txt", "A red car."), box="Box 7")
    assert [kind for kind in kinds(work)[before:] if not kind.startswith("access.")] == [
        "box.create", "custody.receive", "document.add", "box.count", "document.read", "mention.extract",
        "document.section",
    ]  # fmt: skip


def test_the_label_of_the_box_is_shown_with_case_page_and_log(work: Session, tmp_path: Path) -> None:
    (one,) = added(work, file(tmp_path / "a.txt", "A red car."), case_id="shr-map:1", box="Box 7")
    assert case(work, "shr-map:1")["documents"][0]["box"] == "Box 7"
    assert document_page(work, one["sha256"], 1)["box"] == "Box 7"
    assert "a.txt in box Box 7" in [entry["about"] for entry in log(work)]


def test_a_box_is_made_known_once_and_counts_what_came(work: Session, tmp_path: Path) -> None:
    added(work, file(tmp_path / "a.txt", "A red car."), box="Box 7", box_pages=40)
    added(work, file(tmp_path / "b.txt", "A blue car."), box="Box 7")
    assert kinds(work).count("box.create") == 1
    view = work.look("test")
    assert view.select("boxes", ["label", "pages_declared"]) == [("Box 7", 40)]


def test_without_waiting_a_document_is_queued_until_work_reads_it(work: Session, tmp_path: Path) -> None:
    (queued,) = added(work, file(tmp_path / "tip.txt", "A red car."), wait=False)
    assert (queued["state"], queued["pages"]) == ("queued", None)
    found = {"file": "tip.txt", "sha256": queued["sha256"], "pages": 1, "ocr_pages": 0, "state": "read"}
    rest = {"pages_waiting": 0, "paused": False, "problem": None}
    assert read_waiting(work) == {"read": 1, "failed": 0, **rest, "files": [{**found, "problem": None}]}
    assert read_waiting(work) == {"read": 0, "failed": 0, **rest, "files": []}


def test_a_folder_stands_for_all_files_in_it(work: Session, tmp_path: Path) -> None:
    (tmp_path / "box" / "inner").mkdir(parents=True)
    file(tmp_path / "box" / "a.txt", "one")
    file(tmp_path / "box" / "inner" / "b.txt", "two")
    (tmp_path / "box" / "link").symlink_to(tmp_path / "cases.csv")
    assert [one["file"] for one in added(work, tmp_path / "box")] == ["box/a.txt", "box/inner/b.txt"]


def test_a_pdf_is_found_by_its_words_with_page_and_boxes(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "report.pdf", text_pdf("Nothing here", "A red car"))
    (one,) = added(work, path, case_id="shr-map:2")
    (hit,) = search(work, '"red car"', purpose="test")["hits"]
    assert (hit["document"], hit["page"]) == (one["sha256"], 2)
    page = document_page(work, hit["document"], 2)
    assert page["page"]["text"] == "A red car"
    assert [page["page"]["text"][start:end] for start, end, box, _ in page["page"]["words"] if len(box) == 4] == [
        "A", "red", "car",
    ]  # fmt: skip


def test_without_an_engine_pictures_wait_and_that_is_said(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("queue", "documents"):
        monkeypatch.setattr(f"thaw.casework.{module}.ocr_engine", lambda: None)
    (one,) = added(work, file(tmp_path / "scan.pdf", scanned_pdf(picture("red car"), picture("blue car"))))
    assert (one["state"], one["pages"], one["ocr_pages"]) == ("waiting", 2, 0)
    assert one["problem"] == (
        "2 of 2 pages are pictures and wait for OCR (Tesseract is not installed: install tesseract-ocr, then give "
        "`thaw work`)"
    )
    assert read_waiting(work)["pages_waiting"] == 2
    assert document_page(work, one["sha256"], 1)["about_page"]["ocr"] == "waiting"


@NEEDS_OCR
def test_a_scan_is_read_with_boxes_and_confidence_and_found_by_its_words(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "scan.png", png("The witness saw a red car", "near the canal at night"))
    (one,) = added(work, path)
    assert (one["state"], one["pages"], one["ocr_pages"]) == ("read", 1, 1)
    assert search(work, '"red car"', purpose="test")["total"] == 1
    page = document_page(work, one["sha256"], 1)
    assert page["about_page"]["reader"] == "ocr"
    words = {page["page"]["text"][s:e]: (box, sure) for s, e, box, sure in page["page"]["words"]}
    (left, top, right, bottom), sure = words["witness"]
    # The first line begins 60 dots from the left and from the top, in letters 40 dots high, of a page of 360 points.
    assert 360 * 60 / 1000 < left < right < 200
    assert 360 * 60 / 1000 - 1 < top < bottom < 360 * 110 / 1000
    assert 0.8 < sure <= 1
    assert verify(work.book.folder, everything=True)["status"] == "ok"


@NEEDS_OCR
def test_a_page_of_a_picture_that_was_read_before_is_not_read_again(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = picture("The witness saw a red car")
    added(work, file(tmp_path / "a.pdf", scanned_pdf(image)))

    def read_again(*page: Any) -> Any:
        raise AssertionError(page)

    monkeypatch.setattr("thaw.intake.ReadingProcess.recognize", read_again)
    (other,) = added(work, file(tmp_path / "b.pdf", scanned_pdf(image, image)))
    assert other["ocr_pages"] == 2
    assert "red car" in document_page(work, other["sha256"], 2)["page"]["text"]
    view = work.look("test")
    found = view.select("pages", ["picture"])
    assert len(found) == 3
    assert len(set(found)) == 1


def test_the_same_bytes_again_are_held_once_with_both_names_and_boxes(work: Session, tmp_path: Path) -> None:
    one, other = file(tmp_path / "a.txt", "A red car."), file(tmp_path / "b.txt", "A red car.")
    first, again = added(work, one, other, case_id="shr-map:1", box="Box 1")
    assert (first["state"], first["duplicate_of"]) == ("read", None)
    assert (again["state"], again["duplicate_of"]) == ("held", first["sha256"])
    added(work, one, case_id="shr-map:1", box="Box 2")
    assert search(work, "car", purpose="test")["total"] == 1
    assert document_page(work, first["sha256"], 1)["copies"] == [
        {"file": "a.txt", "box": "Box 1"}, {"file": "b.txt", "box": "Box 1"}, {"file": "a.txt", "box": "Box 2"},
    ]  # fmt: skip


def test_pages_that_say_nearly_the_same_are_grouped(work: Session, tmp_path: Path) -> None:
    text = " ".join(f"The witness of house {n} saw a red car near the canal at night." for n in range(30))
    carbon = text.replace("house 7", "hous3 7").replace("house 20", "house 2o")
    paths = [file(tmp_path / f"{n}.txt", one) for n, one in enumerate((text, carbon, "Quite another thing. " * 30))]
    one, copy, other = added(work, *paths, workers=1)
    alike = document_page(work, one["sha256"], 1)["about_page"]["alike"]
    assert alike == [{"document": copy["sha256"], "page": 1}]
    assert document_page(work, other["sha256"], 1)["about_page"]["alike"] == []


def test_one_document_may_belong_to_two_cases(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "a.txt", "A red car.")
    for key in ("shr-map:1", "shr-map:2"):
        added(work, path, case_id=key)
    assert [len(case(work, key)["documents"]) for key in ("shr-map:1", "shr-map:2")] == [1, 1]
    assert case(work, "shr-map:2")["documents"][0]["state"] == "read"


def test_a_queued_document_given_again_with_wait_is_read(work: Session, tmp_path: Path) -> None:
    path = file(tmp_path / "a.txt", "A red car.")
    added(work, path, wait=False)
    (again,) = added(work, path)
    assert (again["state"], again["pages"]) == ("read", 1)


def test_files_inside_files_become_documents_of_the_same_case_and_box(work: Session, tmp_path: Path) -> None:
    inner = zipped({"deep/../../evil.txt": b"A red car."})
    message = mail("See the table.", attached={"tolls.csv": b"213-555-0101,2"})
    path = file(tmp_path / "box.zip", zipped({"inner.zip": inner, "m.eml": message}))
    found = added(work, path, case_id="shr-map:1", box="Box 7", workers=1)
    assert [(one["file"], one["state"], one["pages"]) for one in found] == [
        ("box.zip", "read", 0),
        ("box.zip > inner.zip", "read", 0),
        ("box.zip > inner.zip > deep/../../evil.txt", "read", 1),
        ("box.zip > m.eml", "read", 1),
        ("box.zip > m.eml > tolls.csv", "read", 1),
    ]
    assert {one["box"] for one in found} == {"Box 7"}
    assert len(case(work, "shr-map:1")["documents"]) == 5
    assert [one["part_of"] for one in found][:2] == [None, found[0]["sha256"]]
    assert not (tmp_path / "evil.txt").exists()


def test_files_in_files_in_files_have_an_end(work: Session, tmp_path: Path) -> None:
    data = zipped({"a.txt": b"x"})
    for _ in range(8):
        data = zipped({"a.zip": data})
    found = added(work, file(tmp_path / "a.zip", data))
    assert len(found) == 5
    assert found[-1]["remarks"] == ("a.zip: got a file inside 5 others, want at most 4. Unpack it and add the files.")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.txt", b"", "a.txt: got an empty file, want a document. Scan or copy it again."),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00", "a.png: got a damaged picture (no picture begins like this)"),
        ("new\nline \U0001f600.bin", b"\x00\x01\x02" * 200, "new\nline \U0001f600.bin: got a file of a sort that is"),
    ],
)
def test_a_file_of_no_use_is_kept_and_listed_and_the_others_go_on(
    work: Session, tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    bad, good = file(tmp_path / name, content), file(tmp_path / "good.txt", "A red car.")
    one, other = added(work, bad, good)
    assert (one["file"], one["state"], one["sha256"]) == (name, "failed", hashlib.sha256(content).hexdigest())
    assert one["problem"].startswith(problem)
    assert other["state"] == "read"
    assert [(reject["id"], reject["file"]) for reject in rejects(work)] == [(one["sha256"], name)]


@pytest.mark.parametrize(
    ("content", "got"),
    [(locked_pdf(), "a PDF that is locked with a password"), (b"%PDF-1.4\nlost", "a damaged PDF (")],
)
def test_a_pdf_that_does_not_open_is_kept_and_its_failure_recorded(
    work: Session, tmp_path: Path, content: bytes, got: str
) -> None:
    (one,) = added(work, file(tmp_path / "a.pdf", content), case_id="shr-map:1")
    assert one["state"] == "failed"
    assert one["problem"].startswith(f"a.pdf: got {got}")
    assert one["problem"].endswith("want a PDF that opens. Get an unlocked or whole copy.")
    assert work.book.store.blobs.get(one["sha256"]) == content
    (kept,) = case(work, "shr-map:1")["documents"]
    assert (kept["state"], kept["problem"]) == ("failed", one["problem"])


def test_what_failed_can_be_tried_again(work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = added(work, file(tmp_path / "a.pdf", locked_pdf()))
    assert retry(work) == {"queued": [one["sha256"]]}
    assert document_list(work, state="queued")[0]["sha256"] == one["sha256"]
    assert read_waiting(work)["failed"] == 1
    with pytest.raises(InputError) as caught:
        retry(work, ["0" * 64])
    assert str(caught.value) == (
        f"document: got '{'0' * 16}', want a document of this book. List them with `thaw documents`."
    )


def test_the_states_add_up_to_the_files_given(work: Session, tmp_path: Path) -> None:
    contents = {"a.txt": b"one", "b.txt": b"", "c.txt": b"one", "d.pdf": locked_pdf(), "e.zip": zipped({"f.txt": b"x"})}
    found = added(work, *(file(tmp_path / name, data) for name, data in contents.items()), tmp_path / "none.txt")
    given = [one["state"] for one in found if one["part_of"] is None]
    assert given == ["read", "failed", "held", "failed", "read", "failed"]


def test_a_paused_queue_reads_nothing_until_it_goes_on(work: Session, tmp_path: Path) -> None:
    added(work, file(tmp_path / "a.txt", "A red car."), wait=False)
    set_paused(work, True)
    found = read_waiting(work)
    assert (found["read"], found["paused"]) == (0, True)
    set_paused(work, False)
    assert read_waiting(work)["read"] == 1


def test_what_a_person_asks_for_is_read_first(work: Session, tmp_path: Path) -> None:
    files = [file(tmp_path / f"{n}.txt", f"Page of file {n}.") for n in range(4)]
    digests = [one["sha256"] for one in added(work, *files, wait=False)]
    ask_first(work, [digests[2]])
    read_waiting(work, workers=1)
    view = work.look("test")
    assert view.select("documents", ["document_id"], order=["text_seq"])[0] == (digests[2],)


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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"new_title": " "}, "--new-case: got an empty title, want a few words. Name the new case."),
        ({"box": ""}, "--box: got an empty label, want a few words. Say what stands on the box."),
    ],
)
def test_a_new_case_needs_a_title_and_a_box_a_label(
    work: Session, tmp_path: Path, options: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        add_documents(work, [file(tmp_path / "a.txt", "x")], **options)  # type: ignore[arg-type]
    assert str(caught.value) == message


def test_a_pipe_is_not_waited_for(work: Session, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (one,) = added(work, tmp_path / "pipe")
    assert (one["state"], one["sha256"]) == ("failed", None)
    assert one["problem"] == f"{tmp_path / 'pipe'}: got a pipe or device, want a file. Save it to a file first."


def test_an_interruption_leaves_out_the_rest_and_says_so(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thaw.casework.reading import type_of

    def interrupted(path: Path, name: str) -> str:
        if name == "b.txt":
            raise KeyboardInterrupt
        return type_of(path, name)

    monkeypatch.setattr("thaw.casework.documents.type_of", interrupted)
    files = [file(tmp_path / f"{name}.txt", name) for name in "abc"]
    found = added(work, *files)
    assert [f["state"] for f in found] == ["queued", "failed", "failed"]
    assert {f["problem"] for f in found[1:]} == {"interrupted; give the same command again to finish"}


def test_bytes_that_were_changed_after_they_were_taken_in_are_not_read(work: Session, tmp_path: Path) -> None:
    (queued,) = added(work, file(tmp_path / "a.txt", "A red car."), wait=False)
    work.book.store.blobs.path(queued["sha256"]).write_text("A blue car.")
    with pytest.raises(TamperError) as caught:
        read_waiting(work)
    assert caught.value.got == "other bytes than were taken in"


def test_the_text_layer_is_a_blob_that_the_entry_names(work: Session, tmp_path: Path) -> None:
    added(work, file(tmp_path / "a.txt", "A red car."), case_id="shr-map:1")
    ((layer,),) = work.look("test").select("pages", ["layer"])
    assert json.loads(work.book.store.blobs.get(layer))["pages"][0]["text"] == "A red car."
    assert verify(work.book.folder, everything=True)["status"] == "ok"
