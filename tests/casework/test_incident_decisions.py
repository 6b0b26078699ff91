"""A case and an incident in which, as reported, nobody was killed: decided on, listed, taken back, rebuilt."""

from __future__ import annotations

from pathlib import Path

import pytest

from books import csv_file, new_book, rows
from nibrs_lines import admin, offense, victim
from thaw.casework import Session
from thaw.casework.cases import case
from thaw.casework.decisions import link
from thaw.casework.importing import import_files
from thaw.casework.persons import incidents
from thaw.casework.same_case import decide, same_cases
from thaw.errors import InputError

CASE = "shr-map:1"


@pytest.fixture
def work(tmp_path: Path) -> Session:
    made = new_book(tmp_path / "book")
    lines = [admin(), offense("120"), victim(codes="120")]
    path = tmp_path / "nibrs.txt"
    path.write_text("".join(f"{line}\n" for line in lines))
    import_files(made, [csv_file(tmp_path / "a.csv", rows(2)), path])
    return made


def key_of(work: Session) -> str:
    (one,) = incidents(work)
    return str(one["source_key"])


@pytest.mark.parametrize("turned", [False, True])
def test_an_incident_is_held_for_the_same_event_and_that_is_taken_back(work: Session, turned: bool) -> None:
    pair = (key_of(work), CASE) if turned else (CASE, key_of(work))
    (found,) = decide(work, *pair, decision="accept", reason="he died of it in May")
    assert (found["status"], found["cases"][0]["source_key"], found["incident"]["source_key"]) == (
        "accept", CASE, key_of(work),
    )  # fmt: skip
    assert same_cases(work) == []
    assert same_cases(work, everything=True) == [found]
    (on_case,) = case(work, CASE)["incidents"]
    assert (on_case["relation"], on_case["decision"], on_case["reason"], on_case["by"]) == (
        "same", "accept", "he died of it in May", "Invented Detective",
    )  # fmt: skip
    ((decided,),) = [one["decisions"] for one in incidents(work)]
    assert (decided["case_id"], decided["relation"]) == (on_case["case_id"], "same")
    (undone,) = decide(work, *pair, decision="undo", reason="another man of that name")
    assert undone["status"] == "undone"
    with pytest.raises(InputError) as error:
        decide(work, *pair, decision="undo", reason="again")
    assert str(error.value) == (
        "same: got a case and an incident on which nothing was decided, want a decision to undo. See `thaw same --all`."
    )


def test_an_incident_is_linked_by_one_offender_and_a_rebuild_tells_the_same(work: Session) -> None:
    made = link(work, CASE, key_of(work), decision="accept", reason="the same car")
    assert (len(made["cases"]), made["incident"] is not None, made["decision"], made["sets_aside"]) == (
        1, True, "accept", None,
    )  # fmt: skip
    link(work, key_of(work), CASE, decision="reject", reason="the car was sold")
    before = case(work, CASE)["incidents"]
    assert [(one["relation"], one["decision"]) for one in before] == [("link", "reject")]
    work.book.store.rebuild()
    assert case(work, CASE)["incidents"] == before
    assert link(work, CASE, "shr-map:2", decision="undecided", reason="two cases as ever")["incident"] is None


def test_what_cannot_be_decided_is_said(work: Session) -> None:
    key = key_of(work)
    with pytest.raises(InputError) as error:
        decide(work, key, key, decision="accept", reason="x")
    assert str(error.value) == (
        "same: got two incidents in which nobody was killed, want a case and an incident, or two cases. "
        "List cases with `thaw cases`."
    )
    with pytest.raises(InputError) as error:
        link(work, CASE, key, decision="accept", reason=" ")
    assert str(error.value) == "link, --reason: got no reason, want why, for the log. Use --reason TEXT."
    with pytest.raises(InputError) as error:
        decide(work, CASE, key, decision="accept", reason="")
    assert str(error.value) == "same: got no reason, want why, for the log. Use --reason TEXT."
    with pytest.raises(InputError) as error:
        decide(work, "shr-map:77", key, decision="accept", reason="x")
    assert str(error.value) == (
        "case: got 'shr-map:77', want the id or source key of a case in this book. List cases with `thaw cases`, or "
        "look for words with `thaw search`."
    )
