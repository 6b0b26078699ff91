# ruff: noqa: E501 - tables of messages
"""Whole papers: put to a case, a page read again, the original taken out with its entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from books import new_book, text_pdf
from thaw.casework import Session
from thaw.casework.cases import new_titled_case
from thaw.casework.coding import code_by_hand
from thaw.casework.decided import decisions
from thaw.casework.documents import add_documents, document_page, read_waiting
from thaw.casework.ledger import log
from thaw.casework.paperwork import original_file, put_to_case, read_page_again
from thaw.casework.reader import reader_page
from thaw.casework.statements import state_by_hand, state_passage
from thaw.errors import InputError, TamperError
from thaw.intake import ocr_engine


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Session]:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


def paper(work: Session, folder: Path, name: str = "report.pdf", case_id: str | None = None) -> str:
    (folder / name).write_bytes(text_pdf("The invented wallet") if name.endswith("pdf") else b"An invented text")
    found = add_documents(work, [folder / name], case_id=case_id, wait=True)
    return str(found["files"][0]["sha256"])


def test_a_paper_of_no_case_is_put_to_one_and_can_be_stated_from_there(work: Session, tmp_path: Path) -> None:
    case_id, document = new_titled_case(work, "Invented: at the weir"), paper(work, tmp_path)
    assert reader_page(work, document, 1)["case_id"] is None
    put_to_case(work, document, case_id, reason="its number stands on it")
    assert reader_page(work, document, 1)["case_id"] == case_id
    made = state_passage(work, document, 1, field="observation", value="A wallet.", quote="invented wallet")
    assert made["case_id"] == case_id
    (one,) = decisions(work)
    assert (one["what"], one["reason"], [c["case_id"] for c in one["cases"]]) == (
        "put a document to a case", "its number stands on it", [case_id],
    )  # fmt: skip


def test_a_paper_may_lie_in_two_cases_and_in_each_once(work: Session, tmp_path: Path) -> None:
    first, second = (new_titled_case(work, f"Invented: weir {n}") for n in "12")
    document = paper(work, tmp_path, case_id=first)
    put_to_case(work, document, second, reason="a copy lay there")
    refused = [
        ((document, second, "x"), "put to a case: got a document of that case, want another case. Look at the case's papers."),
        ((document, second, " "), "put to a case: got no reason, want why, for the log. Say it in a few words."),
        (("d" * 64, second, "x"), "document: got 'dddddddddddddddd', want a document of this book. List them with `thaw documents`."),
        ((document, "c_no", "x"), "case: got 'c_no', want the id or source key of a case in this book. List cases with `thaw "
         "cases`, or look for words with `thaw search`."),
    ]  # fmt: skip
    for (paper_id, case_id, reason), message in refused:
        with pytest.raises(InputError) as error:
            put_to_case(work, paper_id, case_id, reason=reason)
        assert str(error.value) == message


def test_the_original_is_handed_out_as_it_came_with_an_entry(work: Session, tmp_path: Path) -> None:
    case_id = new_titled_case(work, "Invented: at the weir")
    document = paper(work, tmp_path, case_id=case_id)
    path, name = original_file(work, document, purpose="for the lab")
    assert name == "report.pdf"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == document
    (entry,) = [one for one in log(work, case_id=case_id) if one["kind"] == "access.export"]
    assert entry["purpose"] == "for the lab"
    path.chmod(0o600)
    path.write_bytes(b"something else")
    with pytest.raises(TamperError):
        original_file(work, document)


@pytest.mark.skipif(ocr_engine() is None, reason="Tesseract is not installed")
def test_a_page_with_a_text_layer_is_read_from_its_picture_when_somebody_asks(work: Session, tmp_path: Path) -> None:
    document = paper(work, tmp_path)
    assert [text["reader"] for text in document_page(work, document, 1)["texts"]] == ["text"]
    read_page_again(work, document, 1)
    assert document_page(work, document, 1)["about_page"]["ocr"] == "waiting"
    read_waiting(work)
    found = document_page(work, document, 1)
    assert [text["reader"] for text in found["texts"]] == ["text", "ocr"]
    assert "wallet" in found["texts"][1]["text"].lower()
    # Again: the machine looks again, though it knows this picture.
    read_page_again(work, document, 1)
    read_waiting(work)
    assert [text["reader"] for text in document_page(work, document, 1)["texts"]] == ["text", "ocr", "ocr"]


def test_a_page_without_a_picture_is_not_read_again(work: Session, tmp_path: Path) -> None:
    document = paper(work, tmp_path, "note.txt")
    with pytest.raises(InputError) as error:
        read_page_again(work, document, 1)
    assert str(error.value) == (
        "page 1: got a text without a picture, want a page that can be shown as a picture. Type what you read; your "
        "text stands beside the machine's."
    )


def test_what_was_told_is_stated_with_its_source_in_words(work: Session) -> None:
    case_id = new_titled_case(work, "Invented: at the weir")
    made = state_by_hand(work, case_id, field="weapon", value="80", source="call of 3 May", said_by="the sister")
    from thaw.casework.cases import case

    (said,) = [s for s in case(work, case_id)["statements"] if s["predicate"] == "weapon"]
    (source,) = said["sources"]
    assert (source["entry"], source["said_by"], source["recorded_by"]) == (made["entry"], "the sister", work.actor.name)
    assert source["citation"]["quote"] == "call of 3 May"
    with pytest.raises(InputError) as error:
        state_by_hand(work, case_id, field="weapon", value="80", source=" ")
    assert str(error.value) == "source: got nothing, want where this is from. Such as: call of 3 May with the sister."


def test_behaviors_from_a_form_are_those_of_a_file(work: Session, tmp_path: Path) -> None:
    from thaw.casework.cases import case
    from thaw.casework.coding import code

    one, other = (new_titled_case(work, f"Invented: weir {n}") for n in "12")
    answers = {"bound": "yes", "body_concealed": "unknown"}
    (tmp_path / "answers.json").write_text(json.dumps(answers))
    code(work, one, tmp_path / "answers.json")
    assert code_by_hand(work, other, answers, source="box 7", coder="Invented Reader")["coded"] == 2
    stand = [
        {s["predicate"]: (s["preferred"] or s["sources"][0])["polarity"] for s in case(work, c)["statements"]
         if s["predicate"].startswith("behaviours.")}
        for c in (one, other)
    ]  # fmt: skip
    assert stand[0] == stand[1] == {"behaviours.bound": "asserted", "behaviours.body_concealed": "unknown"}
    with pytest.raises(InputError) as error:
        code_by_hand(work, other, answers, source="")
    assert str(error.value) == "behaviors: got no source, want what you read for them. Say it in a few words."
    with pytest.raises(InputError) as error:
        code_by_hand(work, other, {}, source="box 7")
    assert str(error.value) == 'behaviors: got no behavior, want answers such as {"bound": "yes"}. Write at least one.'


def test_decisions_of_one_person(work: Session, tmp_path: Path) -> None:
    case_id, document = new_titled_case(work, "Invented: at the weir"), paper(work, tmp_path)
    put_to_case(work, document, case_id, reason="x")
    assert len(decisions(work, person=work.actor.name)) == 1
    assert decisions(work, person="Somebody Else") == []
