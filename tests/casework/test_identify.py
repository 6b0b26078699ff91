"""Who is this John Doe, through the book: registers in, candidates out, rulings kept and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books import bodies_file, imported, missing_file, new_book
from thaw.casework import Session
from thaw.casework.identify import identify, rule_out, undo_ruling
from thaw.casework.keeping import rebuild
from thaw.casework.ledger import log
from thaw.casework.person_board import person_lane, person_pair
from thaw.errors import InputError

MISSING = [
    '"MP1","7/3/84","Example","Ada","24 Years","Moab","Grand","UT","Female","White / Caucasian","1/9/24"',
    '"MP2","7/1/84","Sample","Bob","50 Years","Moab","Grand","UT","Male","White / Caucasian","1/9/24"',
    '"MP3","2/3/12","Specimen","Cat","30 Years","Miami","Miami-Dade","FL","Female","Black / African American","1/9/24"',
    *(
        f'"MP{i}","{i % 12 + 1}/3/{60 + i % 40}","N{i}","X","{18 + i} Years","Ely","White Pine","NV","Male","Asian",""'
        for i in range(10, 40)
    ),
]
BODY = "namus-unidentified:UP7"


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, missing_file(tmp_path / "missing.csv", *MISSING))
    imported(made, bodies_file(tmp_path / "bodies.csv"))
    yield made
    made.book.close()


def test_the_body_finds_its_person_and_says_why(work: Session) -> None:
    found = identify(work, BODY)
    first = found["candidates"][0]
    assert (first["source_key"], first["rank"], first["state"]) == ("namus-missing:MP1", 1, "open")
    assert first["name"] == "Ada Example"
    assert {part["feature"] for part in first["parts"]} == {"date", "age", "sex", "ancestry", "place"}
    assert sum(part["log10_bf"] for part in first["parts"]) == pytest.approx(first["log10_support"])
    place = next(part for part in first["parts"] if part["feature"] == "place")
    assert (place["ours"], place["theirs"]) == ("Moab, UT", "Moab, UT")
    assert set(first["missing"]) == {"death", "stature", "weight", "hair", "eyes", "marks", "clothing", "dental"}
    assert found["searched"] == 33
    assert 0 < found["none_of_these"] < 1


def test_the_lane_of_a_field_says_how_long_it_is_and_what_it_holds(work: Session) -> None:
    found = identify(work, BODY, top=3, lane=8)
    assert [one["without"] for one in found["lanes"]][:2] == ["date", "age"]
    for one in found["lanes"]:
        assert one["shown"] == sum(row["without"] == one["without"] for row in found["exception_lane"])
        if ", " not in one["without"]:
            assert 5 <= one["shown"] <= 8
            assert one["covers"] > 0.5
            assert (one["covers"] >= 0.98) == (one["wanted"] <= one["shown"])
    short = identify(work, BODY, top=3, lane=0)["lanes"]
    assert {one["shown"] for one in short} == {5}  # the best five are never left away


def test_everybody_of_a_lane_is_told_by_name(work: Session) -> None:
    lane = person_lane(work, BODY, "sex")
    found = identify(work, BODY)
    told = [one["person_id"] for one in found["exception_lane"] if one["without"] == "sex"]
    assert [one["person_id"] for one in lane["rows"]] == told
    assert {"name", "date", "place", "rank", "source_key"} <= lane["rows"][0].keys()
    assert (lane["lane"], lane["listed"]) == (next(o for o in found["lanes"] if o["without"] == "sex"), 10)


def test_a_pair_below_the_tenth_says_where_it_would_stand_without_a_field(work: Session) -> None:
    lane = identify(work, BODY)["exception_lane"]
    pair = person_pair(work, BODY, lane[0]["person_id"])
    assert pair["candidate"]["rank"] > 10
    assert pair["lane"] == [one for one in lane if one["person_id"] == lane[0]["person_id"]]
    assert person_pair(work, BODY, "namus-missing:MP1")["lane"] == []


def test_a_lane_that_is_not_there(work: Session) -> None:
    with pytest.raises(InputError) as caught:
        person_lane(work, BODY, "shoes")
    assert str(caught.value) == (
        "exception lane: got 'shoes', want one of date, age, sex, ancestry, place. Open it from the list of candidates."
    )
    with pytest.raises(InputError) as caught:
        identify(work, BODY, lane=-1)
    assert str(caught.value) == "--lane: got -1, want a number from 0. Leave it out for the usual lane."


def test_a_missing_person_finds_the_body(work: Session) -> None:
    found = identify(work, "namus-missing:MP1")
    assert found["searched"] == 1
    assert found["candidates"][0]["source_key"] == BODY


def test_a_prior_of_the_unit_counts(work: Session) -> None:
    low, high = identify(work, BODY, in_list=0.01), identify(work, BODY, in_list=0.9)
    assert low["candidates"][0]["posterior"] < high["candidates"][0]["posterior"]
    assert low["candidates"][0]["log10_support"] == high["candidates"][0]["log10_support"]


def test_the_run_is_an_entry_with_model_and_inputs_that_a_rebuild_reproduces(work: Session) -> None:
    found = identify(work, BODY, purpose="to name her")
    (run,) = [entry for entry in log(work, purpose="a look") if entry["kind"] == "identify.run"]
    assert run["purpose"] == "to name her"
    rebuild(work)
    assert identify(work, BODY) == found


def test_an_expert_rules_out_and_the_ruling_can_be_taken_back(work: Session) -> None:
    before = identify(work, BODY)
    made = rule_out(work, BODY, "namus-missing:MP1", by="dna", expert="Invented Lab", reason="report 12")
    out = identify(work, BODY)
    assert "namus-missing:MP1" not in [one["source_key"] for one in (*out["candidates"], *out["exception_lane"])]
    assert (out["ruled_out"], out["searched"]) == (1, before["searched"])
    assert identify(work, "namus-missing:MP1")["candidates"] == []
    undone = undo_ruling(work, made["entry"], reason="sample was mixed up")
    assert undone["state"] == "open"
    assert identify(work, BODY)["candidates"] == before["candidates"]
    with pytest.raises(InputError) as caught:
        undo_ruling(work, made["entry"], reason="again")
    assert str(caught.value) == (
        f"undo: got entry {made['entry']}, want the entry of a ruling that stands. Find it with `thaw log`; it has the "
        "kind identify.rule_out or identify.decide."
    )


def test_rulings_survive_a_rebuild(work: Session) -> None:
    rule_out(work, BODY, "namus-missing:MP1", by="dental", expert="Invented", reason="chart")
    before = identify(work, BODY)
    rebuild(work)
    assert identify(work, BODY) == before


def test_a_newer_issue_of_the_register_counts(work: Session, tmp_path: Path) -> None:
    changed = [MISSING[0].replace("Female", "Male"), *MISSING[1:]]
    before = identify(work, BODY)["candidates"][0]
    imported(work, missing_file(tmp_path / "missing.csv", *changed))
    after = next(c for c in identify(work, BODY)["candidates"] if c["source_key"] == "namus-missing:MP1")
    assert after["log10_support"] < before["log10_support"]
    assert next(part for part in after["parts"] if part["feature"] == "sex")["theirs"] == "Male (M)"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"by": "sex"}, "rule out: got 'sex', want one of dna, fingerprints, dental. Nothing else excludes a person; a "
         "field that does not fit lowers the support by itself."),
        ({"expert": " "}, "rule out, expert: got nothing, want a few words. Use --expert TEXT."),
        ({"reason": ""}, "rule out, reason: got nothing, want a few words. Use --reason TEXT."),
    ],
)  # fmt: skip
def test_only_experts_rule_out(work: Session, given: dict[str, str], words: str) -> None:
    told = {"by": "dna", "expert": "Lab", "reason": "report"} | given
    with pytest.raises(InputError) as caught:
        rule_out(work, BODY, "namus-missing:MP1", **told)
    assert str(caught.value) == words
    assert identify(work, BODY)["ruled_out"] == 0


def test_a_ruling_names_the_unidentified_first(work: Session) -> None:
    with pytest.raises(InputError) as caught:
        rule_out(work, "namus-missing:MP1", BODY, by="dna", expert="Lab", reason="report")
    assert str(caught.value) == (
        "person namus-missing:MP1: got one of the kind missing, want one who is unidentified. Give the unidentified "
        "first, then the missing."
    )


def test_taking_back_wants_a_reason(work: Session) -> None:
    with pytest.raises(InputError) as caught:
        undo_ruling(work, 1, reason="")
    assert str(caught.value) == "undo: got no reason, want a few words. Use --reason TEXT."


def test_somebody_unclaimed_has_a_name_already(work: Session, tmp_path: Path) -> None:
    head = '"Case Number","Last Name","First Name","Sex","Race / Ethnicity","County","State","Date Modified"'
    line = '"UCP5","Example","Dee","Female","Asian","Grand","UT","1/9/24"'
    imported(work, missing_file(tmp_path / "unclaimed.csv", line, head=head))
    with pytest.raises(InputError) as caught:
        identify(work, "namus-unclaimed:UCP5")
    assert str(caught.value) == (
        "identify: got a person of the kind unclaimed, want one who is unidentified or missing. List them with "
        "`thaw persons --where kind=unidentified`."
    )


def test_a_person_who_is_not_there(work: Session) -> None:
    with pytest.raises(InputError) as caught:
        identify(work, "namus-missing:MP999")
    assert str(caught.value) == (
        "person: got 'namus-missing:MP999', want the id or source key of a person in this book. List persons with "
        "`thaw persons`."
    )
