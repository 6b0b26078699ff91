# ruff: noqa: E501 - tables of values and messages
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from books import new_book
from thaw.casework import Session
from thaw.casework.cases import create_case
from thaw.casework.same_persons import decide_same_person, proposed_persons, undo_same_person
from thaw.casework.searching import mentions_of
from thaw.errors import InputError


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Session]:
    session = new_book(tmp_path / "book")
    for name in ("Holloway, Terrence", "Terence Holloway", "Lena Marsh"):
        create_case(session, {"case": [], "victim": [{"p": "name", "v": {"text": name}}]}, file=None)
    yield session
    session.book.close()


def pair(work: Session) -> tuple[str, str]:
    (one,) = proposed_persons(work)["proposals"]
    return one["one"]["person_id"], one["other"]["person_id"]


def test_two_spellings_of_a_name_are_proposed_with_their_parts(work: Session) -> None:
    found = proposed_persons(work)
    assert (found["persons"], found["total"]) == (3, 1)
    (one,) = found["proposals"]
    assert {one["one"]["name"], one["other"]["name"]} == {"Holloway, Terrence", "Terence Holloway"}
    assert one["decision"] is None
    parts = {part["field"]: part["bits"] for part in one["parts"]}
    assert parts["family name"] > parts["given name"] > 0 > parts["before looking"]
    assert parts["born"] == 0  # nothing is known, so nothing is said


def test_a_decision_is_shown_used_and_taken_back(work: Session) -> None:
    one, other = pair(work)
    assert mentions_of(work, one, purpose="test")["names"] != mentions_of(work, other, purpose="test")["names"]
    decide_same_person(work, one, other, decision="accept", reason="same handwriting")
    shown = proposed_persons(work)["proposals"][0]
    assert (shown["decision"], shown["reason"]) == ("accept", "same handwriting")
    assert sorted(mentions_of(work, one, purpose="test")["names"]) == ["Holloway, Terrence", "Terence Holloway"]
    undo_same_person(work, one, other, reason="it was not")
    assert proposed_persons(work)["proposals"][0]["decision"] is None
    assert len(mentions_of(work, one, purpose="test")["names"]) == 1


def test_a_decision_names_two_persons_and_a_reason(work: Session) -> None:
    one, other = pair(work)
    cases = [
        (decide_same_person, (one, "p_nobody"), {"decision": "accept", "reason": "x"}, "same person: got 'p_nobody', want two "
         "persons of this book. Take their ids from `thaw namesakes list`."),
        (decide_same_person, (one, one), {"decision": "accept", "reason": "x"}, "same person: got one person twice, want two "
         "persons of this book. Take their ids from `thaw namesakes list`."),
        (decide_same_person, (one, other), {"decision": "merge", "reason": "x"}, "same person: got 'merge', want accept, reject "
         "or undecided, and why. Use --reason."),
        (decide_same_person, (one, other), {"decision": "accept", "reason": " "}, "same person: got no reason, want accept, "
         "reject or undecided, and why. Use --reason."),
        (undo_same_person, (one, other), {"reason": "x"}, "same person: got no decision on these two, want a decision to take "
         "back, and why. See `thaw namesakes list`."),
    ]  # fmt: skip
    for call, persons, more, message in cases:
        with pytest.raises(InputError) as error:
            call(work, *persons, **more)
        assert str(error.value) == message
