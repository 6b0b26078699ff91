"""Mentions become named persons by a person's hand: each step one entry, each step reversible, rebuilt the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books import new_book
from thaw.casework import Session
from thaw.casework.documents import add_documents
from thaw.casework.keeping import rebuild
from thaw.casework.ledger import verify
from thaw.casework.mentions import merge, promote, promoted, rename, split, undo, withdraw
from thaw.errors import InputError
from thaw.intake import read_mentions

TEXT = "Ada Invented met Bea Stone.\fA. Invented left at noon.\n"


@pytest.fixture
def book(tmp_path: Path) -> tuple[Session, str, str]:
    work = new_book(tmp_path / "book")
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    added = add_documents(work, [tmp_path / "a.txt"], new_title="Invented", wait=True)
    return work, added["files"][0]["sha256"], added["case_id"]


def at(page: int, words: str) -> tuple[int, int]:
    start = TEXT.split("\f")[page - 1].index(words)
    return start, start + len(words)


def named(work: Session, case_id: str) -> list[tuple[str, int]]:
    return [(group["name"], len(group["mentions"])) for group in promoted(work, case_id)]


def test_promote_rename_merge_split_and_withdraw(book: tuple[Session, str, str]) -> None:
    work, document, case_id = book
    ada = promote(work, document, 1, *at(1, "Ada Invented"))["mention_id"]
    again = promote(work, document, 2, *at(2, "A. Invented"), name="A. Invented")["mention_id"]
    assert named(work, case_id) == [("Ada Invented", 1), ("A. Invented", 1)]

    merge(work, ada, again, reason="same dress")
    assert named(work, case_id) == [("Ada Invented", 2)]
    split(work, ada, again, reason="other age")
    assert named(work, case_id) == [("Ada Invented", 1), ("A. Invented", 1)]

    rename(work, again, "Amy Invented", reason="birth record")
    assert sorted(named(work, case_id)) == [("Ada Invented", 1), ("Amy Invented", 1)]
    withdraw(work, ada, reason="a street")
    assert named(work, case_id) == [("Amy Invented", 1)]
    rename(work, ada, "Ada Invented", reason="no street after all")
    assert sorted(named(work, case_id)) == [("Ada Invented", 1), ("Amy Invented", 1)]

    before: list[dict[str, Any]] = promoted(work, case_id)
    rebuild(work)
    assert promoted(work, case_id) == before
    work.book.close()
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_every_step_is_one_entry_of_its_kind(book: tuple[Session, str, str]) -> None:
    work, document, _ = book
    one = promote(work, document, 1, *at(1, "Ada Invented"))["mention_id"]
    other = promote(work, document, 1, *at(1, "Bea Stone"))["mention_id"]
    merge(work, one, other, reason="x")
    split(work, one, other, reason="x")
    rename(work, one, "Ada", reason="x")
    withdraw(work, one, reason="x")
    kinds = [
        e.leaf.kind for e in work.look("test").log([], limit=100) if e.leaf.kind.split(".")[0] in ("mention", "person")
    ]
    kinds = [kind for kind in kinds if kind != "mention.extract"]
    assert kinds[::-1] == ["mention.promote"] * 2 + ["person.join", "person.part", "mention.promote", "mention.reject"]
    work.book.close()


def refused(call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def test_what_cannot_be_promoted_is_refused_in_exact_words(book: tuple[Session, str, str]) -> None:
    work, document, _ = book
    assert refused(promote, work, document, 1, 0, 2) == (
        f"document {document[:12]}, page 1: got letters 0 to 2, where no mention stands, want the place of a mention. "
        "Take start and end from the list of mentions of that page."
    )
    assert refused(promote, work, document, 9, 0, 2) == (
        f"document: got '{document[:16]}', page 9, want a document of this book and one of its pages. "
        "Look for it with `thaw search`."
    )
    one = promote(work, document, 1, *at(1, "Ada Invented"))["mention_id"]
    assert refused(merge, work, one, one, reason="x") == (
        "merge or split: got one mention twice, want two mentions. Name two."
    )
    assert (
        refused(withdraw, work, one, reason=" ")
        == "withdraw a mention: got no reason, want why. Say it in a few words."
    )
    assert (
        refused(rename, work, one, " ", reason="x") == "rename: got an empty name, want a name. Say what it is called."
    )
    assert refused(withdraw, work, "m_none", reason="x") == (
        "withdraw a mention: got 'm_none', want a promoted mention of this book. Promote the mention first."
    )
    work.book.close()


def test_the_places_of_the_second_page_are_those_of_its_own_text() -> None:
    (found,) = [m for m in read_mentions(TEXT) if m.text == "A. Invented"]
    assert found.normal == "Ada Invented"  # one document: the initial joins the full name


def test_undo_takes_the_last_step_back_whatever_it_was(book: tuple[Session, str, str]) -> None:
    work, document, case_id = book
    ada = promote(work, document, 1, *at(1, "Ada Invented"))["mention_id"]
    bea = promote(work, document, 1, *at(1, "Bea Stone"))["mention_id"]

    rename(work, ada, "Ada Smith", reason="x")
    assert undo(work, ada, reason="no") == {
        "mention_id": ada,
        "undone": "mention.promote",
        "name": "Ada Invented",
    }
    merge(work, ada, bea, reason="x")
    assert undo(work, bea, reason="no")["undone"] == "person.join"
    assert len(named(work, case_id)) == 2
    withdraw(work, bea, reason="x")
    assert undo(work, bea, reason="no")["undone"] == "mention.reject"
    assert sorted(name for name, _ in named(work, case_id)) == ["Ada Invented", "Bea Stone"]
    work.book.close()


def test_undo_of_a_promotion_makes_it_a_proposal_again(book: tuple[Session, str, str]) -> None:
    work, document, case_id = book
    ada = promote(work, document, 1, *at(1, "Ada Invented"))["mention_id"]
    assert undo(work, ada, reason="no")["undone"] == "mention.promote"
    assert named(work, case_id) == []
    work.book.close()
