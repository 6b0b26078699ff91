"""Disagreements of the papers: settled by a person with a reason, opened again, and never decided by the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from books import new_book
from thaw.casework import Session
from thaw.casework.brief import case_papers
from thaw.casework.claim_decisions import reopen_claims, resolve_claims
from thaw.casework.documents import add_documents
from thaw.errors import InputError

ONE = "Invented City Police\nDate of report: 03/12/84\n\nNeighbors heard three shots at the canal.\n"
OTHER = "Invented City Police\nDate of report: 03/14/84\n\nHe heard four shots at the canal.\n"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Session]:
    made = new_book(tmp_path / "invented-book")
    for name, text in (("one.txt", ONE), ("other.txt", OTHER)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    yield made
    made.book.close()


def test_a_settled_disagreement_names_who_why_and_what_and_can_be_opened_again(work: Session, tmp_path: Path) -> None:
    case_id = add_documents(work, [tmp_path / "one.txt", tmp_path / "other.txt"], new_title="Invented", wait=True)[
        "case_id"
    ]
    group = next(g for g in case_papers(work, case_id)["disagreements"] if g["kind"] == "count")
    values = [claim["value"]["number"] for claim in group["claims"]]
    assert sorted(values) == [3, 4]
    assert group["settled"] is None
    chosen = next(claim["claim_id"] for claim in group["claims"] if claim["value"]["number"] == 4)
    others = [claim["claim_id"] for claim in group["claims"] if claim["claim_id"] != chosen]
    resolve_claims(work, case_id, preferred=chosen, others=others, reason="he stood nearer")
    group = next(g for g in case_papers(work, case_id)["disagreements"] if g["kind"] == "count")
    assert (group["settled"]["preferred"], group["settled"]["reason"]) == (chosen, "he stood nearer")
    assert group["claims"][0]["claim_id"] == chosen  # both stay, the believed one first
    assert len(group["claims"]) == 2
    reopen_claims(work, case_id, preferred=chosen, reason="a third witness")
    group = next(g for g in case_papers(work, case_id)["disagreements"] if g["kind"] == "count")
    assert group["settled"] is None


def test_only_claims_that_contradict_each_other_are_settled_and_only_with_a_reason(
    work: Session, tmp_path: Path
) -> None:
    case_id = add_documents(work, [tmp_path / "one.txt"], new_title="Invented", wait=True)["case_id"]
    with pytest.raises(InputError) as caught:
        resolve_claims(work, case_id, preferred="k_x", others=["k_y"], reason="x")
    assert str(caught.value) == (
        "claims: got 'k_x' and 1 others, want a claim of this case and those that contradict it. "
        "Take them from `thaw claims --case ID --conflicts`."
    )
    with pytest.raises(InputError) as caught:
        resolve_claims(work, case_id, preferred="k_x", others=["k_y"], reason=" ")
    assert str(caught.value) == "claims: got no reason, want why, for the log. Say it in a few words."
    with pytest.raises(InputError) as caught:
        reopen_claims(work, case_id, preferred="k_x", reason="x")
    assert str(caught.value) == (
        "claims: got 'k_x', want a settled disagreement of this case. Take it from the case's own page."
    )
