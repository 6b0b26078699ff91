"""Claims over articles of eight events that were written with their sheets before the rules met them."""

from __future__ import annotations

from typing import Any

import pytest

from bench.unseen import claim_faults, judged, judged_first
from thaw.casebook import accounts
from thaw.record import PartialDate


def told(*texts: str, written: str = "2020-06-15") -> list[dict[str, Any]]:
    date = PartialDate.parse(written)
    read = [accounts.Account.read(f"d{i}", text, date=date) for i, text in enumerate(texts)]
    return [claim.to_json() for claim in accounts.claims_of(read)]


def said(found: list[dict[str, Any]], kind: str) -> list[tuple[str, Any]]:
    return [(c["subject"], c["value"]) for c in found if c["kind"] == kind]


@pytest.mark.parametrize(("event", "least"), [("arrest", 19), ("series", 18)])
def test_the_claims_of_the_sheet_are_found(event: str, least: int) -> None:
    found, _, _, faults = claim_faults(event)
    assert found >= least, "\n".join(faults)
    assert not [fault for fault in faults if ": conflict " in fault or ", never:" in fault]


def test_his_brother_is_of_whom_the_sentence_before_is_about() -> None:
    text = (
        "Leon Kowal, whose wife, Danuta, died in 2011, has no record. His brother, Zbigniew Kowal, declined to comment."
    )
    assert said(told(text), "role") == [
        ("Danuta", "wife of Leon Kowal"),
        ("Zbigniew Kowal", "brother of Leon Kowal"),
    ]


def test_the_death_of_a_wife_is_not_that_of_her_husband() -> None:
    text = "Leon Kowal, whose wife, Danuta, died in 2011, has no record."
    assert said(told(text), "date") == [("death of Danuta", "2011")]


def test_an_arrest_of_him_is_of_the_one_spoken_of() -> None:
    text = "The name was Leon Kowal, a retired millwright. Olu Adeyemi arrested him at dawn on June 3, 2020."
    found = told(text)
    assert ("Leon Kowal", "arrested by Olu Adeyemi") in said(found, "role")
    assert ("arrest of Leon Kowal", "2020-06-03") in said(found, "date")
    assert not [s for s, _ in said(found, "date") if s.startswith("departure")]


def test_a_correction_never_claims_what_it_takes_back() -> None:
    text = "A story on Friday's front page about the arrest of Leon Kowal misstated his age. He is 61, not 62."
    found = told(text)
    assert [c["value"]["number"] for c in found if c["kind"] == "count"] == [61]
    assert said(found, "date") == []


def test_a_year_before_a_noun_is_the_year_of_that_noun() -> None:
    text = "Ann Poole was arrested Tuesday in the 1987 killing of a night nurse."
    assert sorted(said(told(text), "date")) == [("arrest of Ann Poole", "2020-06-09"), ("death", "1987")]


def test_years_ago_are_no_conflict_with_the_year_itself() -> None:
    found = told("Ann Poole was killed in 1989.", "Ann Poole was killed 30 years ago.")
    assert [c["conflicts_with"] for c in found if c["kind"] == "date"] == [[], []]


def test_two_court_dates_are_two_appearances() -> None:
    found = told(
        "Leon Kowal will appear in court on June 18, 2020.", "Leon Kowal will appear in court on July 2, 2020."
    )
    assert [c["conflicts_with"] for c in found if c["kind"] == "date"] == [[], []]


def test_a_list_of_the_cast_gives_parts_and_actors() -> None:
    text = 'the series "The Ninth Bell"\n\ncast so far:\nNora Bell - Greta Lind\nElias Thorne - Kwame Boateng\n'
    assert said(told(text), "role") == [
        ("Elias Thorne", "played by Kwame Boateng"),
        ("Nora Bell", "played by Greta Lind"),
    ]


def test_an_actor_is_no_relative_of_the_part_of_another() -> None:
    text = "The series stars Imogen Thack as Noreen Callahan. Her brother, Tom Callahan, is played by Malcolm Quist."
    assert ("Tom Callahan", "brother of Noreen Callahan") in said(told(text), "role")


def test_created_with_others_makes_co_creators_of_all() -> None:
    text = 'The series "The Ninth Bell" was created by Ann Poole with Chidi Okafor and Ida Wolfe.'
    assert said(told(text), "role") == [
        (name, "co-creator of The Ninth Bell") for name in ("Ann Poole", "Chidi Okafor", "Ida Wolfe")
    ]


def test_pallbearers_with_titles_are_one_list() -> None:
    text = "Pallbearers were Ramon Ortega, Fred and Albert Lund, Dr. Sunil Bhatt and Carl Young."
    (listed,) = [value for _, value in said(told(text), "list")]
    assert listed == ["Ramon Ortega", "Fred Lund", "Albert Lund", "Sunil Bhatt", "Carl Young"]


def test_names_with_fewer_given_names_are_one_person_in_the_comparison() -> None:
    found = told("Maria del Carmen Vega, 29, was found.", "Nurse Carmen Vega, 28, vanished.")
    ages = [c for c in found if c["kind"] == "count"]
    assert {c["subject"] for c in ages} == {"age of Maria del Carmen Vega"}
    assert all(c["conflicts_with"] for c in ages)


RELEASE = "The body was found on May 4, 2020 by two hikers near the old mill north of the town, police said."


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("A river gave up its dead. " + RELEASE + " Nobody slept in the valley that night.", 1),
        (
            "Officers tell it so. The body was discovered on May 4, 2020 by two hikers close to the old mill north of "
            "town, police said.",
            1,
        ),
        ("I was there. We walked our dog past the mill that morning, May 4, 2020, when my wife found the body.", 2),
    ],
)
def test_a_passage_of_a_release_counts_once_whatever_stands_round_it(text: str, sources: int) -> None:
    found = [c for c in told("Police gave this out. " + RELEASE, text) if c["value"] == "2020-05-04"]
    assert [(len(c["documents"]), c["independent_sources"]) for c in found] == [(2, sources)]


@pytest.mark.parametrize(
    ("event", "least"), [("quarry", 22), ("stage", 21), ("train", 26), ("missing", 21), ("mill", 23), ("film", 21)]
)
def test_the_claims_of_events_written_later_are_found(event: str, least: int) -> None:
    found, _, _, faults = claim_faults(event)
    assert found >= least, "\n".join(faults)
    assert sum(": conflict " in fault for fault in faults) <= 1, "\n".join(faults)
    assert not [fault for fault in faults if ", never:" in fault]


@pytest.mark.parametrize(
    ("event", "least"),
    [("orchard", 61), ("lantern", 59), ("ridge", 68), ("signal", 53), ("mercer", 65), ("harbor", 47)],
)
def test_the_claims_of_another_strangers_articles_are_found(event: str, least: int) -> None:
    found, _, _, faults = claim_faults(event)
    assert found >= least, "\n".join(faults)
    assert not [fault for fault in faults if ", never:" in fault]


@pytest.mark.parametrize("event", sorted(judged_first()))
def test_few_claims_are_false_by_their_own_sentences(event: str) -> None:
    said, _, false, _ = judged_first()[event]
    now = judged(event)
    assert len(now.false) <= min(false, 5), "\n".join(now.false)
    assert now.said >= 0.85 * said  # it does not keep silent instead


def test_the_claims_of_a_strangers_articles_are_found() -> None:
    found, _, _, faults = claim_faults("ford")
    assert found >= 55, "\n".join(faults)
    assert not [fault for fault in faults if ", never:" in fault]
