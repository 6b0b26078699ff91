"""Decisions on links, known series, alerts and double coding: kept as entries, refused where they contradict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, new_book, row
from thaw.casework import Session
from thaw.casework.alerts import alert_on_save, alerts, dismiss
from thaw.casework.cases import new_case
from thaw.casework.coding import code
from thaw.casework.decisions import link
from thaw.casework.groups import groups
from thaw.casework.keeping import rebuild
from thaw.casework.labels import label
from thaw.casework.ledger import log, verify
from thaw.casework.similar import similar
from thaw.data.places import counties
from thaw.errors import InputError

COUNTIES = [county.fips for county in counties()][:3000:75]


def table(count: int = 300) -> list[dict[str, str]]:
    """Invented killings all over the map; rows 1 and 2 look very much alike."""
    weapons = ("12", "12", "12", "20", "30", "13", "40")
    rows = [
        row(
            i,
            year=1976 + i % 40,
            month=i % 12 + 1,
            fip=COUNTIES[i % len(COUNTIES)],
            vic_age=15 + i * 7 % 60,
            vic_sex="Male" if i % 4 else "Female",
            weapon_code=weapons[i % 7],
            circumstance_code=("99", "45", "03", "99")[i % 4],
        )
        for i in range(3, count + 1)
    ]
    odd = {"year": 1985, "fip": "49035", "vic_sex": "Female", "weapon_code": "80", "circumstance_code": "02"}
    return [row(1, month=5, vic_age=22, **odd), row(2, month=6, vic_age=23, **odd), *rows]


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, csv_file(tmp_path / "a.csv", table()))
    for alert in alerts(made):  # what the register itself brought
        dismiss(made, alert["alert_id"], reason="invented")
    yield made
    made.book.close()


def case_id(work: Session, key: str) -> str:
    return str(similar(work, key, top=1)["query"]["case_id"])


def incident(tmp_path: Path, **changes: Any) -> Path:
    """A killing that looks like rows 1 and 2."""
    told = {
        "title": "Invented",
        "date": "1985-07",
        "place": {"county_fips": "49035"},
        "weapon": "80",
        "circumstance": "02",
    }
    told |= {"victim": {"sex": "F", "age": 22}} | changes
    path = tmp_path / "incident.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def test_a_decision_stands_in_lists_and_in_the_log_of_both_cases(work: Session) -> None:
    made = link(work, "shr-map:1", "shr-map:2", decision="accept", reason="an invented confession")
    assert made["decision"] == "accept"
    (first,) = similar(work, "shr-map:1", top=1)["results"]
    assert (first["source_key"], first["decision"]) == ("shr-map:2", "accept")
    for one in made["cases"]:
        assert "link.decide" in [entry["kind"] for entry in log(work, case_id=one)]
    link(work, "shr-map:2", "shr-map:1", decision="undecided", reason="the confession was withdrawn")
    assert similar(work, "shr-map:1", top=1)["results"][0]["decision"] == "undecided"


@pytest.mark.parametrize(
    ("fact", "decision", "edge"), [("dna_match", "accept", "linked"), ("dna_exclusion", "reject", "apart")]
)
def test_a_hard_fact_is_certain_and_not_ranked(work: Session, fact: str, decision: str, edge: str) -> None:
    link(work, "shr-map:1", "shr-map:2", decision=decision, reason="an invented report", fact=fact)
    found = similar(work, "shr-map:1", top=400)
    assert "shr-map:2" not in [result["source_key"] for result in found["results"]]
    (certain,) = found["certain"]
    assert (certain["source_key"], certain["edge"], certain["why"]) == ("shr-map:2", edge, fact.replace("_", " "))


def test_a_hard_fact_is_not_set_aside_unseen(work: Session) -> None:
    def decided(decision: str, fact: str | None = None) -> Any:
        return link(work, "shr-map:2", "shr-map:1", decision=decision, reason="x", fact=fact)["sets_aside"]

    assert decided("accept", "dna_match") is None
    assert decided("accept") == "dna_match"  # the same word without the fact: the pair is ranked again
    assert decided("accept", "dna_match") is None
    assert decided("accept", "fingerprint_match") is None
    assert decided("accept", "dna_match") is None
    assert decided("reject", "dna_exclusion") == "dna_match"
    assert decided("undecided") == "dna_exclusion"
    assert decided("accept") is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"decision": "yes"}, "link, --decision: got 'yes', want accept, reject or undecided. Use one of these."),
        ({"reason": " "}, "link, --reason: got no reason, want why, for the log. Use --reason TEXT."),
        (
            {"fact": "dna_exclusion"},
            "link, --fact: got 'dna_exclusion', want for accept: same_incident, dna_match, ballistic_match, "
            "fingerprint_match. Use one of these.",
        ),
        ({"other": "shr-map:1"}, "link: got one case twice, want two cases. Name two different cases."),
    ],
)
def test_a_decision_that_cannot_be_is_refused(work: Session, changes: dict[str, str], message: str) -> None:
    given = {"one": "shr-map:1", "other": "shr-map:2", "decision": "accept", "reason": "invented", **changes}
    with pytest.raises(InputError) as caught:
        link(work, given.pop("one"), given.pop("other"), **given)  # type: ignore[arg-type]
    assert str(caught.value) == message


def labels(tmp_path: Path, *lines: str, head: str = "series,case") -> Path:
    path = tmp_path / "known.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def test_known_series_are_taken_in_once_and_a_case_is_ranked_against_them(work: Session, tmp_path: Path) -> None:
    known = labels(tmp_path, "Canal,shr-map:1", "Canal,shr-map:2", "Alone,shr-map:9")
    made = label(work, known)
    assert (made["added"], made["series"], made["series_of_two_or_more"]) == (3, 2, 1)
    assert label(work, known)["already_held"] == 3
    found = similar(work, incident=incident(tmp_path), top=3)["series"]
    assert [one["series"] for one in found] == ["Canal", "Alone"]
    assert found[0]["log10_bf"] > 1 > found[1]["log10_bf"]
    assert sorted(found[0]["source_keys"]) == ["shr-map:1", "shr-map:2"]
    # a member is compared with the others of its series, not with itself
    own = similar(work, "shr-map:9", top=1)["series"]
    assert [one["series"] for one in own] == ["Canal"]


def test_a_label_can_be_taken_out_again(work: Session, tmp_path: Path) -> None:
    label(work, labels(tmp_path, "Canal,shr-map:1", "Canal,shr-map:2"))
    made = label(work, labels(tmp_path, "Canal,shr-map:2,no", head="Series,Case,Belongs"))
    assert (made["removed"], made["series_of_two_or_more"]) == (1, 0)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["Canal,shr-map:1,yes", "Canal,shr-map:1,no"],
            "line 3: got shr-map:1 both in and not in series Canal (line 2), want labels that do not contradict each "
            "other. Correct one of the lines; nothing of the file was kept.",
        ),
        (
            ["Canal,shr-map:9999,"],
            "line 2: got 'shr-map:9999', want a case of this book. Use the id or source key of a case in this book.",
        ),
        (
            [",shr-map:1,"],
            "line 2: got series '', case 'shr-map:1', want a series and a case, and yes or no where there is a column "
            "for it. Correct the line.",
        ),
    ],
)
def test_labels_that_cannot_be_are_refused_whole(work: Session, tmp_path: Path, lines: list[str], message: str) -> None:
    path = labels(tmp_path, "Other,shr-map:5,yes", head="series,case,belongs")
    path.write_text("series,case,belongs\n" + "\n".join(lines) + "\n", encoding="utf-8")
    size = work.book.store.size()
    with pytest.raises(InputError) as caught:
        label(work, path)
    assert str(caught.value) == f"{path}, {message}"
    assert [e["kind"] for e in log(work)][: work.book.store.size() - size].count("series.add") == 0


def test_a_file_without_the_columns_is_refused(work: Session, tmp_path: Path) -> None:
    path = labels(tmp_path, "1,2", head="a,b")
    with pytest.raises(InputError) as caught:
        label(work, path)
    assert str(caught.value) == (
        f"{path}, line 1: got the columns 'a', 'b', want columns named series and case. Name them in the first line."
    )


def test_a_label_against_a_decision_is_refused(work: Session, tmp_path: Path) -> None:
    made = link(work, "shr-map:1", "shr-map:2", decision="reject", reason="an invented alibi")
    path = labels(tmp_path, "Canal,shr-map:1", "Canal,shr-map:2")
    with pytest.raises(InputError) as caught:
        label(work, path)
    one, other = sorted(made["cases"])
    assert str(caught.value) == (
        f"{path}, series Canal: got {one} and {other}, which were decided to be by different offenders, want labels "
        "that do not contradict what was decided. Take the decision back (`thaw link ... --decision undecided`) or "
        "correct the file."
    )


def test_a_new_case_that_looks_like_old_ones_raises_an_alert_on_both(work: Session, tmp_path: Path) -> None:
    made = new_case(work, incident(tmp_path))
    told = made["alerts"]
    assert {case["source_key"] for alert in told for case in alert["cases"][1:]} >= {"shr-map:1", "shr-map:2"}
    assert all(alert["case_id"] == made["case_id"] and alert["state"] == "open" for alert in told)
    assert [alert["alert_id"] for alert in alerts(work)] == sorted(
        (alert["alert_id"] for alert in told), key=[a["alert_id"] for a in alerts(work)].index
    )
    assert "link.propose" in [entry["kind"] for entry in log(work, case_id=case_id(work, "shr-map:1"))]


def test_a_case_like_no_other_raises_none(work: Session, tmp_path: Path) -> None:
    plain = incident(tmp_path, weapon="12", circumstance="99", victim={"sex": "M"}, place={"state": "UT"}, date="2001")
    assert new_case(work, plain)["alerts"] == []


def test_a_dismissed_alert_comes_back_only_on_new_facts(work: Session, tmp_path: Path) -> None:
    made = new_case(work, incident(tmp_path))
    for alert in made["alerts"]:
        dismiss(work, alert["alert_id"], reason="known to be somebody else's")
    assert alerts(work) == []
    assert alert_on_save(work, [made["case_id"]]) == []
    own = [alert for alert in alerts(work, state="dismissed") if alert["case_id"] == made["case_id"]]
    assert {alert["reason"] for alert in own} == {"known to be somebody else's"}
    facts = tmp_path / "bound.json"
    facts.write_text('{"bound": "yes"}', encoding="utf-8")
    code(work, made["case_id"], facts)
    assert {alert["case_id"] for alert in alerts(work)} == {made["case_id"]}


def test_a_pair_that_was_decided_raises_no_alert(work: Session, tmp_path: Path) -> None:
    made = new_case(work, incident(tmp_path))
    for alert in made["alerts"]:
        link(work, alert["case_id"], alert["other_case_id"], decision="reject", reason="invented")
    own = [alert for alert in alerts(work, state="all") if alert["case_id"] == made["case_id"]]
    assert {alert["state"] for alert in own} == {"rejected"}
    facts = tmp_path / "bound.json"
    facts.write_text('{"bound": "no"}', encoding="utf-8")
    code(work, made["case_id"], facts)
    assert made["case_id"] not in {alert["case_id"] for alert in alerts(work)}


def test_an_alert_that_is_not_there_is_refused(work: Session) -> None:
    with pytest.raises(InputError) as caught:
        dismiss(work, "a_none", reason="invented")
    assert str(caught.value) == ("alerts dismiss: got 'a_none', want the id of an alert. List them with `thaw alerts`.")
    with pytest.raises(InputError) as caught:
        alerts(work, state="new")
    assert str(caught.value) == (
        "alerts, --state: got 'new', want open, dismissed, accepted, rejected, all. Use one of these."
    )


def test_two_coders_show_how_far_they_agree(work: Session, tmp_path: Path) -> None:
    answers = tmp_path / "coded.json"
    answers.write_text('{"bound": "yes", "body_concealed": "no"}', encoding="utf-8")
    first = code(work, "shr-map:1", answers, coder="Invented One")
    assert (first["coded"], first["agreement"]) == (2, [])
    answers.write_text('{"bound": "no", "body_concealed": "no"}', encoding="utf-8")
    second = code(work, "shr-map:1", answers, coder="Invented Two")
    found = {one["field"]: (one["pairs"], one["agreed"]) for one in second["agreement"]}
    assert found == {"bound": (1, 0.0), "body_concealed": (1, 1.0)}


def test_fields_of_the_coding_set_are_compared_as_coded(work: Session, tmp_path: Path) -> None:
    answers = tmp_path / "coded.json"
    answers.write_text(
        json.dumps({"approach": "con_or_ruse", "items_taken": ["photographs", "clothing"], "torture": "unknown"}),
        encoding="utf-8",
    )
    for key in ("shr-map:1", "shr-map:150"):
        code(work, key, answers, coder="Invented One")
    found = next(r for r in similar(work, "shr-map:1", top=400)["results"] if r["source_key"] == "shr-map:150")
    parts = {part["feature"]: part for part in found["parts"]}
    assert parts["approach"]["ours"] == "con or ruse"
    assert parts["items_taken"]["theirs"] == "clothing, photographs"
    assert parts["approach"]["label"] == "Approach"
    assert "torture" in found["missing"]
    same = incident(tmp_path, mo={"approach": "con_or_ruse", "items_taken": ["clothing", "photographs"]})
    from_file = next(r for r in similar(work, incident=same, top=400)["results"] if r["source_key"] == "shr-map:150")
    assert {"approach", "items_taken"} <= {part["feature"] for part in from_file["parts"]}


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"shoe": "44"}, "mo: got 'shoe', want one of approach, control, "),
        ({"approach": "politely"}, "mo.approach: got 'politely', want one of con_or_ruse, "),
        ({"approach": ["con_or_ruse"]}, "mo, approach: got ['con_or_ruse'], want one code. Only one may hold here."),
    ],
)
def test_what_no_coder_can_say_is_refused(work: Session, tmp_path: Path, answers: Any, message: str) -> None:
    path = tmp_path / "coded.json"
    path.write_text(json.dumps(answers), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        code(work, "shr-map:1", path)
    assert str(caught.value).startswith(f"{path}, {message}")


def test_what_is_no_behaviour_is_refused(work: Session, tmp_path: Path) -> None:
    answers = tmp_path / "coded.json"
    answers.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        code(work, "shr-map:1", answers)
    assert str(caught.value) == (
        f'{answers}: got no behavior, want answers such as {{"bound": "yes"}}. Write at least one.'
    )


def test_groups_that_may_be_one_series_are_proposed(work: Session, tmp_path: Path) -> None:
    new_case(work, incident(tmp_path))
    work.book.settings = {**work.book.settings, "linkage.serial_share": 0.5}  # so that a small book has even odds
    found = groups(work)
    keys = {case["source_key"] for case in (*found[0]["core"], *found[0]["fringe"])}
    assert {"shr-map:1", "shr-map:2"} <= keys
    assert "series.propose" in [entry["kind"] for entry in log(work, case_id="shr-map:1")]
    assert groups(work, where=["weapon=20", "year=1900"]) == []


def test_the_tables_can_be_made_again_from_the_entries(work: Session, tmp_path: Path) -> None:
    new_case(work, incident(tmp_path))
    label(work, labels(tmp_path, "Canal,shr-map:1", "Canal,shr-map:2"))
    link(work, "shr-map:1", "shr-map:2", decision="accept", reason="invented")
    before = (alerts(work, state="all"), similar(work, "shr-map:1", top=50))
    rebuild(work)
    assert (alerts(work, state="all"), similar(work, "shr-map:1", top=50)) == before
    assert verify(work.book.folder, everything=True)["status"] == "ok"


def test_cases_are_alike_by_the_nearest_of_their_places(work: Session, tmp_path: Path) -> None:
    far = {"county_fips": "23003", "role": "encounter"}
    one = new_case(work, incident(tmp_path, place=None, places=[far, {"county_fips": "49035", "role": "recovery"}]))
    found = similar(work, one["case_id"], top=3)
    parts = {r["source_key"]: {p["feature"]: p for p in r["parts"]} for r in found["results"]}
    near = parts["shr-map:1"]["place"]
    assert near["log10_bf"] > 0.5
    assert near["apart"]["value"] < 40
    assert "Salt Lake" in near["ours"]
    assert "Aroostook" in near["ours"]


def test_two_cases_of_a_labelled_series_cannot_be_decided_apart(work: Session, tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text("series,case\nOdd,shr-map:1\nOdd,shr-map:2\n", encoding="utf-8")
    label(work, tmp_path / "known.csv")
    with pytest.raises(InputError) as refused:
        link(work, "shr-map:1", "shr-map:2", decision="reject", reason="invented")
    assert str(refused.value) == (
        "link: got two cases that are labelled as series Odd, want a decision that does not contradict the labels. "
        "Take one of them out of the series first: `thaw label` with `no` in the column belongs."
    )
    assert similar(work, "shr-map:1")["series"]  # what was labelled still teaches


@pytest.mark.parametrize("when", ["0001-01-01", "9999-12-31"])
def test_the_first_and_last_day_of_all_are_days(work: Session, tmp_path: Path, when: str) -> None:
    made = new_case(work, incident(tmp_path, date=when))
    assert similar(work, made["case_id"], top=3)["results"]
