"""Pages of documents: typed by a person, filed, with their mentions and their pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, new_book, rows, text_pdf
from papers import file
from thaw.casework import Session
from thaw.casework.documents import add_documents, document_page, read_waiting, retry
from thaw.casework.entries import ledger_entry
from thaw.casework.ledger import log, verify
from thaw.casework.pages import page_picture, set_section, transcribe, transcribe_file
from thaw.casework.searching import search
from thaw.casework.tray import Tray
from thaw.errors import InputError


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, csv_file(tmp_path / "cases.csv", rows(2)))
    yield made
    made.book.close()


def added(work: Session, *paths: Path, **options: Any) -> list[dict[str, Any]]:
    return list(add_documents(work, paths, **{"wait": True, **options})["files"])


def test_a_persons_transcription_comes_first_and_the_machines_text_stays(work: Session, tmp_path: Path) -> None:
    (one,) = added(work, file(tmp_path / "a.pdf", text_pdf("A rod cor")))
    transcribe(work, one["sha256"], 1, "A red car")
    page = document_page(work, one["sha256"], 1)
    assert page["page"]["text"] == "A red car"
    assert [(text["reader"], text["best"], text["text"]) for text in page["texts"]] == [
        ("text", False, "A rod cor"), ("person", True, "A red car"),
    ]  # fmt: skip
    assert search(work, '"red car"', purpose="test")["total"] == 1
    assert search(work, "cor", purpose="test")["total"] == 1, "what a machine read stays, and is found"
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_a_person_corrects_the_section_and_the_program_does_not_take_it_back(work: Session, tmp_path: Path) -> None:
    (one,) = added(work, file(tmp_path / "a.txt", "AUTOPSY REPORT\nDate of report: 3/12/84\nExternal examination"))
    about = document_page(work, one["sha256"], 1)["about_page"]
    assert (about["section"], about["kind"], about["written_from"], about["section_by"]) == (
        "05", "autopsy report", "1984-03-12", "program",
    )  # fmt: skip
    set_section(work, one["sha256"], 1, "07", kind="toxicology", reason="it is the laboratory's")
    transcribe(work, one["sha256"], 1, "AUTOPSY REPORT\nexternal examination")
    read_waiting(work)
    about = document_page(work, one["sha256"], 1)["about_page"]
    assert (about["section"], about["kind"], about["section_by"]) == ("07", "toxicology", "Invented Detective")
    with pytest.raises(InputError) as caught:
        set_section(work, one["sha256"], 1, "99")
    assert str(caught.value).startswith("section: got '99', want one of 01, 02, 03,")


def test_mentions_are_kept_with_page_span_and_box(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Found:
        kind, text, normal, start, end, rule = "vehicle", "red car", "car red", 2, 9, "vehicle.color"
        certainty, role, date, detail = "certain", None, None, ()

    monkeypatch.setattr("thaw.casework.studying.extractor", lambda: ("invented 1", lambda text, context: [Found()]))
    (one,) = added(work, file(tmp_path / "a.pdf", text_pdf("A red car")), case_id="shr-map:1")
    assert one["mentions"] == 1
    view = work.look("test")
    ((page, text, start, end, box, status),) = view.select(
        "mentions", ["page", "text", "start", "end", "box", "status"]
    )
    assert (page, text, start, end, status) == (1, "red car", 2, 9, "proposed")
    left, top, right, bottom = json.loads(box)
    assert 72 < left < right < 300
    assert 60 < top < bottom < 110
    transcribe(work, one["sha256"], 1, "A red cart")
    read_waiting(work)
    assert view.count("mentions") == 1, "a later run over a page replaces what nobody took up"


def test_words_that_upset_the_reading_cost_one_page_its_mentions(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thaw.casework import studying

    def upset(text: str, context: Any) -> Any:
        if "mad" in text:
            raise ValueError("year 0 is out of range")
        return studying._mentions_of(text, context)

    monkeypatch.setattr("thaw.casework.studying.extractor", lambda: ("invented 1", upset))
    text = "Det. Ada Poole spoke.\fquite mad words\fDet. Ada Poole spoke again."
    (one,) = added(work, file(tmp_path / "a.txt", text), case_id="shr-map:1")
    assert (one["state"], one["mentions"]) == ("read", 2)
    found = [entry for entry in log(work, limit=1000) if entry["kind"] == "mention.extract"]
    problems = [ledger_entry(work, entry["seq"])["content"].get("problem") for entry in reversed(found)]
    assert problems == [None, "the words of this page upset the reading (ValueError)", None]

    # The tray shows it as a failure of one page, which is not one of its letters.
    (row,) = Tray(work, "test").now(state="part")["documents"]
    assert (row["upset"], row["ocr_failed"], row["failed_pages"], row["state"]) == (1, 0, 1, "read")
    assert row["advice"] == "Try again after an update of Thaw. Their text is there, is searched, and can be read."
    # Tried again with rules that still fail, then with rules that do not; the other pages are left as they are.
    assert retry(work)["queued"] == [one["sha256"]]
    read_waiting(work)
    assert Tray(work, "test").now()["counts"]["part"] == 1
    monkeypatch.undo()
    assert retry(work)["queued"] == [one["sha256"]]
    read_waiting(work)
    assert Tray(work, "test").now()["counts"] == dict.fromkeys(
        ("failed", "part", "reading", "queued", "waiting"), 0
    ) | {"read": 1}
    runs = [entry for entry in log(work, limit=1000) if entry["kind"] == "mention.extract"]
    pages = [ledger_entry(work, entry["seq"])["content"]["page"] for entry in reversed(runs)]
    assert pages == [1, 2, 3, 2, 2]
    assert retry(work)["queued"] == []
    work.book.store.rebuild()
    assert Tray(work, "test").now()["counts"]["part"] == 0


@pytest.mark.parametrize("kind", ["pdf", "txt"])
def test_the_picture_of_a_page_is_made_on_first_view(work: Session, tmp_path: Path, kind: str) -> None:
    content = text_pdf("Red car") if kind == "pdf" else b"Red car"
    (one,) = added(work, file(tmp_path / f"a.{kind}", content))
    assert not (work.book.folder / "derived" / "pages").exists()
    made = page_picture(work, one["sha256"], 1)
    if kind == "txt":
        assert made is None
    else:
        assert made is not None
        assert made.startswith(b"\x89PNG")
        assert page_picture(work, one["sha256"], 1) == made


def test_a_picture_that_somebody_put_in_the_place_of_a_page_is_not_shown(work: Session, tmp_path: Path) -> None:
    (one,) = added(work, file(tmp_path / "a.pdf", text_pdf("Red car")))
    made = page_picture(work, one["sha256"], 1)
    (kept,) = (work.book.folder / "derived" / "pages").rglob("*.png")
    for forget in (False, True):
        kept.write_bytes(b"\x89PNG forged")
        if forget:
            # Another program, which has made none of the pictures that lie there.
            work.book.cache.clear()
        assert page_picture(work, one["sha256"], 1) == made
        assert kept.read_bytes() == made


def test_a_page_that_does_not_exist_is_refused(work: Session, tmp_path: Path) -> None:
    (one,) = added(work, file(tmp_path / "a.txt", "A red car."))
    for digest, number in ((one["sha256"], 2), (one["sha256"], 0), ("0" * 64, 1)):
        with pytest.raises(InputError) as caught:
            document_page(work, digest, number)
        assert str(caught.value) == (
            f"document: got '{digest[:16]}', page {number}, want a document of this book and one of its pages. "
            "Look for it with `thaw search`."
        )


def test_a_page_is_called_blank_by_a_persons_word_and_never_by_a_slip(work: Session, tmp_path: Path) -> None:
    (one,) = added(work, file(tmp_path / "a.txt", "A red car."))
    for text, blank, got in ((" \n", False, "no words"), ("A car", True, "words, and that the page is blank")):
        with pytest.raises(InputError) as caught:
            transcribe(work, one["sha256"], 1, text, blank=blank)
        assert str(caught.value) == (
            f"the text of page 1: got {got}, want the words of the page, or that it is blank. "
            "Do one of the two: give the words that stand there, or say that the page is blank."
        )
    assert document_page(work, one["sha256"], 1)["page"]["text"] == "A red car."
    assert transcribe_file(work, one["sha256"], 1, file(tmp_path / "empty.txt", ""), blank=True)["words"] == 0
    page = document_page(work, one["sha256"], 1)
    assert [text["text"] for text in page["texts"]] == ["A red car.", ""], "what the machine read stays beside it"
    assert page["page"]["text"] == ""
