"""`thaw claims` and `thaw gaps` over documents of a book, the look on record."""

from __future__ import annotations

from pathlib import Path

import pytest

from books import new_book, thaw
from thaw.casework.claims import claims
from thaw.casework.documents import add_documents
from thaw.casework.gaps import gaps
from thaw.errors import InputError

ONE = "June 3, 2020\n\nSix people died when the bridge fell on June 1. Ada Invented, 41, was arrested.\n"
OTHER = "June 4, 2020\n\nSeven people died on the bridge. Ada Invented, 42, was arrested on June 2.\nPage 1 of 2\n"


def test_claims_and_gaps_come_from_the_documents_of_a_case(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    for name, text in (("one.txt", ONE), ("other.txt", OTHER), ("apart.txt", "Nine people died on June 1, 2020.\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [tmp_path / "one.txt", tmp_path / "other.txt"]
    case_id = add_documents(work, files, new_title="Invented", wait=True)["case_id"]
    add_documents(work, [tmp_path / "apart.txt"], wait=True)

    found = claims(work, case_id=case_id, conflicts_only=True)
    assert [(c["subject"], c["value"]["number"]) for c in found] == [
        ("age of Ada Invented", 41),
        ("age of Ada Invented", 42),
        ("people killed", 6),
        ("people killed", 7),
    ]
    assert {d for c in claims(work, "people killed", case_id=case_id) for d in c["documents"]} == {
        d for c in found for d in c["documents"]
    }
    assert len(claims(work, "people killed")) == 3  # the paper of no case is compared with none of the case
    assert [(g["kind"], g["what"]) for g in gaps(work, case_id)] == [("page_missing", "page 2 of 2")]
    work.book.close()


def test_a_box_with_fewer_pages_than_were_declared_is_a_gap(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    for name in ("one.txt", "other.txt"):
        (tmp_path / name).write_text(f"Nothing in {name}.\n", encoding="utf-8")
    one = [tmp_path / "one.txt"]
    case_id = add_documents(work, one, new_title="Invented", box="Box 7", box_pages=3, wait=True)["case_id"]
    assert [(g["kind"], g["what"]) for g in gaps(work, case_id)] == [("box_short", "box 7: 1 of 3 declared pages")]
    # The same page under another name lies in the box twice; the same file given again does not.
    (tmp_path / "carbon.txt").write_text("Nothing in one.txt.\n", encoding="utf-8")
    add_documents(work, [*one, tmp_path / "carbon.txt"], case_id=case_id, box="Box 7", wait=True)
    assert [g["what"] for g in gaps(work, case_id)] == ["box 7: 2 of 3 declared pages"]
    add_documents(work, [tmp_path / "other.txt"], case_id=case_id, box="Box 7", wait=False)
    assert gaps(work, case_id) == []  # how many pages it has is not known yet
    work.book.close()


def test_the_commands_show_both_sides_of_a_conflict(tmp_path: Path) -> None:
    thaw("init", book=tmp_path / "book")
    for name, text in (("one.txt", ONE), ("other.txt", OTHER)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    thaw("add", tmp_path / "one.txt", tmp_path / "other.txt", "--wait", book=tmp_path / "book")
    shown = thaw("claims", "people killed", "--conflicts", book=tmp_path / "book")
    assert shown.code == 0
    assert "count: people killed: 6 people" in shown.out
    assert "    against it: 7 people" in shown.out
    nothing = thaw("claims", "submarine", book=tmp_path / "book")
    assert (nothing.code, nothing.out) == (0, "No account says anything of that.\n")


def test_a_case_that_is_not_there_is_refused(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    with pytest.raises(InputError) as caught:
        gaps(work, "c_nothing")
    assert "c_nothing" in str(caught.value)
    work.book.close()
