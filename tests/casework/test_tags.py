"""Tags on cases and pages: put on once, listed with what bears them, taken back as notes are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from books import new_book
from casework.test_notes import paper
from thaw.casework import Session
from thaw.casework.brief import case_brief
from thaw.casework.cases import new_titled_case
from thaw.casework.ledger import log
from thaw.casework.notes import mark_illegible, note_on_case, note_on_page, withdraw_note
from thaw.casework.reader import reader_page
from thaw.casework.tags import tag_case, tag_page, tags
from thaw.errors import InputError
from web.test_visibility import hiding


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Session]:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


def test_a_tag_lists_the_cases_and_pages_that_bear_it(work: Session, tmp_path: Path) -> None:
    weir, mill = (new_titled_case(work, f"Invented: at the {where}") for where in ("weir", "mill"))
    document = paper(work, tmp_path, weir)
    note_on_case(work, weir, "A note is no tag.")
    first = tag_case(work, weir, "  ask   the #lab ")
    page = tag_page(work, document, 2, "Ask the lab")
    tag_case(work, mill, "river")
    found = tags(work, purpose="test")
    assert [(one["tag"], [c["title"] for c in one["cases"]], [p["page"] for p in one["pages"]]) for one in found] == [
        ("ask the lab", ["Invented: at the weir"], [2]),
        ("river", ["Invented: at the mill"], []),
    ]
    assert found[0]["pages"][0] == {"document": document, "page": 2, "entry": page["entry"], "file": "report.txt"}
    # It stands among the notes of its case and page, and an entry of each says so.
    assert [(n["text"], n["mark"]) for n in reader_page(work, document, 2)["notes"]] == [("Ask the lab", "tag")]
    assert first["entry"] in {entry["seq"] for entry in log(work, case_id=weir) if entry["kind"] == "note.add"}


def test_a_tag_is_put_on_once_and_can_be_put_on_again_after_it_was_taken_back(work: Session) -> None:
    case_id = new_titled_case(work, "Invented: at the weir")
    entry = tag_case(work, case_id, "river")["entry"]
    assert tag_case(work, case_id, "River")["entry"] == entry
    withdraw_note(work, entry, reason="it was a lake")
    assert tags(work) == []
    (gone,) = case_brief(work, case_id)["notes"]
    assert (gone["text"], gone["gone"]["reason"]) == ("river", "it was a lake")
    assert tag_case(work, case_id, "river")["entry"] > entry
    assert [one["tag"] for one in tags(work)] == ["river"]


def test_a_tag_is_hidden_with_its_case(work: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    weir, mill = (new_titled_case(work, f"Invented: at the {where}") for where in ("weir", "mill"))
    tag_case(work, weir, "river")
    tag_case(work, mill, "river")
    tag_case(work, mill, "secret")
    with hiding(monkeypatch, mill):
        assert [(one["tag"], [c["case_id"] for c in one["cases"]]) for one in tags(work)] == [("river", [weir])]


@pytest.mark.parametrize(("text", "got"), [(" # ", "nothing"), ("x" * 41, "41 characters")])
def test_what_is_no_tag_is_refused(work: Session, text: str, got: str) -> None:
    case_id = new_titled_case(work, "Invented: at the weir")
    with pytest.raises(InputError) as error:
        tag_case(work, case_id, text)
    assert str(error.value) == (
        f"tag: got {got}, want a word or a few, 40 characters at most. Write it shorter; what is longer is a note."
    )


def two_files(work: Session, tmp_path: Path) -> tuple[str, str, str]:
    """Two cases, and a document that lies in the files of both."""
    weir, mill = (new_titled_case(work, f"Invented: at the {where}") for where in ("weir", "mill"))
    document = paper(work, tmp_path, weir)
    assert paper(work, tmp_path, mill) == document
    return weir, mill, document


def test_a_tag_on_a_page_of_two_files_is_found_with_both_and_stands_once(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weir, mill, document = two_files(work, tmp_path)
    tag_page(work, document, 2, "ask the lab")
    tag_page(work, document, 2, "Ask the lab")  # once is enough
    for case_id in (weir, mill):
        assert [note["text"] for note in case_brief(work, case_id)["notes"]] == ["ask the lab"]
        assert "note.add" in {entry["kind"] for entry in log(work, case_id=case_id)}
    assert [len(one["pages"]) for one in tags(work)] == [1]
    page = reader_page(work, document, 2)
    assert page["lies_in"] == {weir: "Invented: at the weir", mill: "Invented: at the mill"}
    assert {note["case_id"] for note in page["notes"]} == {weir, mill}
    # Whoever may see one of the cases finds it there, and learns nothing of the other.
    for hidden, seen in ((weir, mill), (mill, weir)):
        with hiding(monkeypatch, hidden):
            assert [note["text"] for note in case_brief(work, seen)["notes"]] == ["ask the lab"]
            assert list(reader_page(work, document, 2)["lies_in"]) == [seen]


def test_a_tag_or_note_can_be_kept_with_one_case_alone(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weir, mill, document = two_files(work, tmp_path)
    tag_page(work, document, 1, "his own words", case_id=mill)
    note_on_page(work, document, 1, "Compare with the letter.", case_id=mill)
    assert case_brief(work, weir)["notes"] == []
    assert len(case_brief(work, mill)["notes"]) == 2
    with hiding(monkeypatch, mill):
        assert reader_page(work, document, 1)["notes"] == []
    other = new_titled_case(work, "Invented: at the lock")
    for put in (tag_page, note_on_page):
        with pytest.raises(InputError, match=r"^case: got "):
            put(work, document, 1, "x", case_id=other)


def test_that_nobody_can_read_a_page_is_true_in_every_file(work: Session, tmp_path: Path) -> None:
    weir, mill, document = two_files(work, tmp_path)
    mark_illegible(work, document, 1, "water")
    assert [case_brief(work, case_id)["notes"][0]["mark"] for case_id in (weir, mill)] == ["illegible"] * 2
