"""Claims and gaps use what persons made of mentions: names, merges, splits, withdrawals, each of them reversible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books import new_book
from thaw.casework import Session
from thaw.casework.claims import claims
from thaw.casework.documents import add_documents
from thaw.casework.mentions import merge, promote, rename, split, undo, withdraw
from thaw.intake import reading

ONE = "Report of June 1, 1990\n\nAda Poole, 41, was interviewed on May 30, 1990.\n"
OTHER = "Report of June 2, 1990\n\nEda Stone, 43, was interviewed on May 29, 1990.\n"


class Papers:
    """A case of two papers and the places of words in them."""

    def __init__(self, folder: Path, one: str = ONE, other: str = OTHER) -> None:
        self.work: Session = new_book(folder / "book")
        self.texts = {"one": one, "other": other}
        paths = []
        for name, text in self.texts.items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
            paths.append(folder / f"{name}.txt")
        added = add_documents(self.work, paths, new_title="Invented", wait=True)
        self.case: str = added["case_id"]
        self.ids = {file["file"].rpartition("/")[2][:-4]: file["sha256"] for file in added["files"]}

    def promote(self, paper: str, words: str, **more: Any) -> str:
        page, start = 1, self.texts[paper].index(words)
        made = promote(self.work, self.ids[paper], page, start, start + len(words), **more)
        return str(made["mention_id"])

    def ages(self) -> dict[str, bool]:
        """The subjects of ages, and whether another account contradicts."""
        found = claims(self.work, case_id=self.case)
        return {c["subject"]: bool(c["conflicts_with"]) for c in found if c["subject"].startswith("age")}


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    return Papers(tmp_path)


def test_a_new_name_is_the_name_in_claims_and_going_back_brings_the_old_one(papers: Papers) -> None:
    ada = papers.promote("one", "Ada Poole")
    rename(papers.work, ada, "Adelaide Poole", reason="birth record")
    assert papers.ages() == {"age of Adelaide Poole": False, "age of Eda Stone": False}
    undo(papers.work, ada, reason="the wrong record")
    assert papers.ages() == {"age of Ada Poole": False, "age of Eda Stone": False}


def test_two_mentions_held_for_one_contradict_each_other_and_a_split_ends_it(papers: Papers) -> None:
    ada, eda = papers.promote("one", "Ada Poole"), papers.promote("other", "Eda Stone")
    merge(papers.work, ada, eda, reason="she married")
    assert papers.ages() == {"age of Ada Poole": True}
    split(papers.work, ada, eda, reason="she did not")
    assert papers.ages() == {"age of Ada Poole": False, "age of Eda Stone": False}


def test_two_of_one_name_held_apart_are_two_persons(tmp_path: Path) -> None:
    papers = Papers(tmp_path, other=OTHER.replace("Eda Stone", "Ada Poole"))
    assert papers.ages() == {"age of Ada Poole": True}
    one, other = papers.promote("one", "Ada Poole"), papers.promote("other", "Ada Poole")
    split(papers.work, one, other, reason="mother and daughter")
    assert papers.ages() == {"age of Ada Poole": False, "age of Ada Poole (2)": False}


def test_a_withdrawn_mention_counts_no_longer(papers: Papers) -> None:
    ada = papers.promote("one", "Ada Poole")
    withdraw(papers.work, ada, reason="the name of a boat")
    assert papers.ages() == {"age of Eda Stone": False}
    undo(papers.work, ada, reason="a person after all")
    assert papers.ages() == {"age of Ada Poole": False, "age of Eda Stone": False}


def test_what_a_person_marked_counts_though_the_reading_missed_it(tmp_path: Path) -> None:
    papers = Papers(tmp_path, one=ONE.replace("Ada Poole", "zq the baker"))
    assert papers.ages() == {"age of Eda Stone": False}
    papers.promote("one", "zq the baker", name="Zq Baker", kind="person")
    assert papers.ages() == {"age of Eda Stone": False, "age of Zq Baker": False}


def test_stored_mentions_are_used_and_nothing_is_read_again(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    before = claims(papers.work, case_id=papers.case)
    papers.work.book.cache.clear()

    def again(*_: Any) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(reading, "read_mentions", again)
    assert claims(papers.work, case_id=papers.case) == before


def test_names_join_over_the_pages_of_one_document(tmp_path: Path) -> None:
    text = "Report of June 1, 1990\n\nDet. Poole was interviewed on May 30, 1990.\fRobert J. Poole, 41, left.\n"
    papers = Papers(tmp_path, one=text)
    found = claims(papers.work, "Poole", case_id=papers.case)
    assert {c["subject"] for c in found if c["kind"] == "date"} == {"interview of Robert J. Poole"}
