"""What moves a missing person across the top ten of a body (an edit, a ruling, a new record) is told once."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from books import bodies_file, imported, missing_file, new_book, thaw
from casework.test_identify import BODY, MISSING
from thaw.casework import Session
from thaw.casework.alerts import alerts, dismiss
from thaw.casework.identify import identify, rule_out, undo_ruling
from thaw.casework.keeping import rebuild
from thaw.errors import InputError
from thaw.store import Visible

ADA = "namus-missing:MP1"
ACCUSED = [
    f'"MP{i}","6/{i - 50}/84","N{i}","X","25 Years","Moab","Grand","UT","Female","White / Caucasian","1/9/24"'
    for i in range(51, 62)
]
PEOPLE = [*MISSING, *ACCUSED]  # eleven more young women of Moab, so that the ten likeliest are all like the body
AWAY = (
    MISSING[0]
    .replace("Female", "Male")
    .replace("24 Years", "70 Years")
    .replace('"Moab","Grand","UT"', '"Miami","","FL"')
)


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, missing_file(tmp_path / "missing.csv", *PEOPLE))
    imported(made, bodies_file(tmp_path / "bodies.csv"))
    assert ADA in [one["source_key"] for one in identify(made, BODY)["candidates"]]
    for alert in alerts(made):
        dismiss(made, alert["alert_id"], reason="the first issue")
    yield made
    made.book.close()


def edited(work: Session, folder: Path, *lines: str) -> None:
    imported(work, missing_file(folder / "missing.csv", *lines, *PEOPLE[1:]))


def test_an_edit_that_makes_a_name_disappear_is_told(work: Session, tmp_path: Path) -> None:
    before = next(c["rank"] for c in identify(work, BODY)["candidates"] if c["source_key"] == ADA)
    edited(work, tmp_path, AWAY)
    assert ADA not in [one["source_key"] for one in identify(work, BODY)["candidates"]]
    (alert,) = alerts(work)
    assert (alert["about"], alert["state"]) == ("identification", "open")
    assert [one["source_key"] for one in alert["persons"]] == [BODY, ADA]
    assert alert["moved"] == {
        "way": "out",
        "rank_before": before,
        "rank_after": None,
        "cause": "import",
        "changed": ["age", "place", "sex"],
    }
    rebuild(work)
    assert alerts(work) == [alert]


def test_an_edit_that_brings_a_name_up_is_told_with_both_ranks(work: Session, tmp_path: Path) -> None:
    edited(work, tmp_path, AWAY)
    edited(work, tmp_path, MISSING[0])
    alert = alerts(work)[0]
    assert (alert["moved"]["way"], alert["moved"]["rank_before"]) == ("in", None)
    assert alert["moved"]["rank_after"] == next(
        c["rank"] for c in identify(work, BODY)["candidates"] if c["source_key"] == ADA
    )
    assert 0 < alert["posterior"] < 1


def test_an_edit_that_moves_nobody_across_is_not_told(work: Session, tmp_path: Path) -> None:
    edited(work, tmp_path, MISSING[0].replace("24 Years", "25 Years"))
    assert alerts(work) == []


def test_an_edit_of_the_body_is_told(work: Session, tmp_path: Path) -> None:
    body = '"UP7","84-1","9/1/84","60","80","Miami","Miami-Dade","Florida","Male","Asian","1/9/24"'
    imported(work, bodies_file(tmp_path / "bodies.csv", body))
    told = alerts(work)
    assert {one["moved"]["way"] for one in told} == {"in", "out"}
    assert any(one["persons"][1]["source_key"] == ADA and one["moved"]["way"] == "out" for one in told)
    assert all("sex" in one["moved"]["changed"] for one in told)


def test_a_dismissed_alert_comes_back_only_on_new_facts(work: Session, tmp_path: Path) -> None:
    edited(work, tmp_path, AWAY)
    (alert,) = alerts(work)
    assert dismiss(work, alert["alert_id"], reason="a slip of the keys")["state"] == "dismissed"
    assert alerts(work) == []
    (kept,) = [one for one in alerts(work, state="dismissed") if one["alert_id"] == alert["alert_id"]]
    assert kept["reason"] == "a slip of the keys"
    imported(work, missing_file(tmp_path / "missing.csv", AWAY, *PEOPLE[1:]))  # the same issue again
    assert alerts(work) == []
    edited(work, tmp_path, MISSING[0])
    assert [one["moved"]["way"] for one in alerts(work)] == ["in"]


def test_a_ruling_that_takes_a_name_from_the_list_is_told(work: Session) -> None:
    made = rule_out(work, BODY, ADA, by="dna", expert="Invented Lab", reason="report 12")
    (alert,) = alerts(work)
    assert (alert["moved"]["way"], alert["moved"]["cause"], alert["moved"]["changed"]) == ("out", "ruling", [])
    undo_ruling(work, made["entry"], reason="mixed up")
    assert alerts(work)[0]["moved"]["way"] == "in"


def test_a_new_record_that_is_likelier_than_not_is_told(work: Session, tmp_path: Path) -> None:
    found = '"UP8","93-2","5/3/93","30","34","Ely","White Pine","Nevada","Male","Asian","1/9/24"'
    lost = '"MP99","4/30/93","New","Record","32 Years","Ely","White Pine","NV","Male","Asian","1/9/24"'
    others = [
        f'"MP{i}","1/1/{i - 120}","O{i}","X","5 Years","Miami","Miami-Dade","FL","Female","White / Caucasian","1/9/24"'
        for i in range(180, 220)
    ]
    imported(work, bodies_file(tmp_path / "more.csv", found))
    imported(work, missing_file(tmp_path / "more-missing.csv", *PEOPLE, *others, *([lost])))
    listed = identify(work, "namus-unidentified:UP8")["candidates"]
    told = [one["persons"][1]["source_key"] for one in alerts(work) if one["moved"]["way"] == "new"]
    assert told == [one["source_key"] for one in listed if one["posterior"] >= 0.5]


def test_who_may_not_see_the_body_hears_of_nothing(work: Session, tmp_path: Path, monkeypatch: Any) -> None:
    head = '"UP9","1","9/1/84","20","30","Moab","Grand","Utah","Female","White / Caucasian","1/9/24","Homicide"'
    columns = '"Case","ME/C Case","Date Found","Age From","Age To","City","County","State","Sex",'
    columns += '"Race / Ethnicity","Date Modified","Manner of Death"'
    (tmp_path / "case.csv").write_text("\n".join([columns, head, ""]), encoding="utf-8")
    imported(work, tmp_path / "case.csv")
    case_id = identify(work, "namus-unidentified:UP9")["person"]["case_id"]
    assert case_id
    edited(work, tmp_path, AWAY)
    assert len(alerts(work)) == 2
    hidden = Visible(hidden_cases=frozenset({case_id}))
    monkeypatch.setattr(importlib.import_module("thaw.access.view"), "visible_to", lambda actor, at: hidden)
    (seen,) = alerts(work)
    assert seen["persons"][0]["source_key"] == BODY
    secret = "a_" + "x" * 16
    with pytest.raises(InputError) as caught:
        dismiss(work, secret, reason="no")
    assert str(caught.value) == (
        f"alerts dismiss: got '{secret}', want the id of an alert. List them with `thaw alerts`."
    )


def test_in_words(work: Session, tmp_path: Path) -> None:
    edited(work, tmp_path, AWAY)
    said = thaw("alerts", book=work.book.folder).out
    assert "a missing person left the ten likeliest names of a body, after an edit of age, place, sex (rank " in said
    assert "    Ada Example  [namus-missing:MP1]\n    Unidentified  [namus-unidentified:UP7]" in said
