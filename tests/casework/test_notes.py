# ruff: noqa: E501 - tables of messages
"""Notes on cases and pages: kept, shown newest first, taken back in the open, hidden with their case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from books import new_book
from thaw.casework import Session
from thaw.casework.brief import case_brief
from thaw.casework.cases import new_titled_case
from thaw.casework.documents import add_documents
from thaw.casework.ledger import log
from thaw.casework.notes import note_on_case, note_on_page, withdraw_note
from thaw.casework.reader import reader_page
from thaw.casework.searching import search
from thaw.errors import InputError


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Session]:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


def paper(work: Session, folder: Path, case_id: str | None) -> str:
    (folder / "report.txt").write_text("The invented wallet.\fThe second page.")
    found = add_documents(work, [folder / "report.txt"], case_id=case_id, wait=True)
    return str(found["files"][0]["sha256"])


def test_a_note_stands_on_its_case_and_one_on_a_page_stands_on_both(work: Session, tmp_path: Path) -> None:
    case_id = new_titled_case(work, "Invented: at the weir")
    document = paper(work, tmp_path, case_id)
    note_on_case(work, case_id, "Ask the sister.\r\nShe moved in 1986.")
    note_on_page(work, document, 2, "The date is written over.")
    notes = case_brief(work, case_id)["notes"]
    assert [(n["text"], n["page"], n["file"], n["gone"]) for n in notes] == [
        ("The date is written over.", 2, "report.txt", None),
        ("Ask the sister.\nShe moved in 1986.", None, None, None),
    ]
    assert [n["text"] for n in reader_page(work, document, 2)["notes"]] == ["The date is written over."]
    assert reader_page(work, document, 1)["notes"] == []
    # It is found by its words, on its page.
    (hit,) = search(work, '"written over"', purpose="test")["hits"]
    assert (hit["document"], hit["page"], hit["case_id"]) == (document, 2, case_id)
    assert "note.add" in {entry["kind"] for entry in log(work, case_id=case_id)}


def test_a_note_that_is_taken_back_stays_with_the_reason(work: Session) -> None:
    case_id = new_titled_case(work, "Invented: at the weir")
    entry = note_on_case(work, case_id, "It was the blue car.")["entry"]
    withdraw_note(work, entry, reason="it was green")
    (note,) = case_brief(work, case_id)["notes"]
    assert note["text"] == "It was the blue car."
    assert (note["gone"]["by"], note["gone"]["reason"]) == (work.actor.name, "it was green")
    with pytest.raises(InputError) as error:
        withdraw_note(work, entry, reason="again")
    assert str(error.value) == (
        f"note: got entry {entry}, want a note that stands. Take it from the case or the page it stands on."
    )


def test_notes_on_a_document_of_no_case(work: Session, tmp_path: Path) -> None:
    document = paper(work, tmp_path, None)
    entry = note_on_page(work, document, 1, "Whose?")["entry"]
    withdraw_note(work, entry, reason="known now")
    (note,) = reader_page(work, document, 1)["notes"]
    assert note["gone"]["reason"] == "known now"


def test_what_is_no_note_is_refused(work: Session, tmp_path: Path) -> None:
    case_id = new_titled_case(work, "Invented: at the weir")
    entry = note_on_case(work, case_id, "x")["entry"]
    cases = [
        (lambda: note_on_case(work, case_id, "  "), "note: got nothing, want words, 10,000 characters at most. Write it anew."),
        (lambda: note_on_case(work, case_id, "x" * 10_001), "note: got 10,001 characters, want words, 10,000 characters at most. "
         "Write it anew."),
        (lambda: note_on_case(work, "c_no", "x"), "case: got 'c_no', want the id or source key of a case in this book. List "
         "cases with `thaw cases`, or look for words with `thaw search`."),
        (lambda: note_on_page(work, "d" * 64, 1, "x"), "document: got 'dddddddddddddddd', page 1, want a document of this book "
         "and one of its pages. List them with `thaw documents`."),
        (lambda: withdraw_note(work, entry, reason=" "), "note: got no reason, want why, for the log. Take it from the case or "
         "the page it stands on."),
        (lambda: withdraw_note(work, entry - 1, reason="x"), f"note: got entry {entry - 1}, want a note that stands. Take it "
         "from the case or the page it stands on."),
    ]  # fmt: skip
    for call, message in cases:
        with pytest.raises(InputError) as error:
            call()
        assert str(error.value) == message
