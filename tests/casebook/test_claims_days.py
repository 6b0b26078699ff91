"""Days and places of events: deeds on things, rows, listings, plans that came to nothing, what is denied, bodies."""

from __future__ import annotations

from typing import Any

import pytest

from thaw.casebook import accounts
from thaw.record import PartialDate


def told(*texts: str, written: str = "2020-06-15") -> list[dict[str, Any]]:
    date = PartialDate.parse(written)
    read = [accounts.Account.read(f"d{i}", text, date=date) for i, text in enumerate(texts)]
    return [claim.to_json() for claim in accounts.claims_of(read)]


def said(text: str, kind: str = "date", written: str = "2020-06-15") -> list[tuple[str, Any]]:
    return [(c["subject"], c["value"]) for c in told(text, written=written) if c["kind"] == kind]


@pytest.mark.parametrize(
    ("text", "subject", "value"),
    [
        ("The widow filed a libel suit Wednesday against the city.", "lawsuit", "2020-06-10"),
        ("The suit, No. 20-CV-11, was filed on June 3, according to the clerk.", "lawsuit", "2020-06-03"),
        ("The suit was filed on Tuesday. It was mailed to the court Wednesday.", "lawsuit mailed", "2020-06-10"),
        ("Two warrants charging murder were issued by a magistrate on May 12.", "warrants issued", "2020-05-12"),
        ("Ada Quill gave a talk here in 2019 and told students of it.", "talk given by Ada Quill", "2019"),
        ("Neighbors told deputies they heard shots late Thursday.", "shots heard", "2020-06-11"),
        ("Leon Kowal, who has kept the store since 1961, lives there.", "start of store kept by Leon Kowal", "1961"),
        ("Leon Kowal will be eligible for parole in 2041.", "parole eligibility of Leon Kowal", "2041"),
        ("Leon Kowal waived extradition on Tuesday.", "extradition waived of Leon Kowal", "2020-06-09"),
        ("Deputies will bring Leon Kowal back to Corbin County on June 26.", "return of Leon Kowal", "2020-06-26"),
        ("Leon Kowal was questioned and was cleared Wednesday.", "clearing of Leon Kowal", "2020-06-10"),
        (
            "A service for Ada Quill, the friend who died with him, will be held Saturday.",
            "service of Ada Quill",
            "2020-06-20",
        ),
    ],
)
def test_a_day_is_that_of_the_deed_beside_it(text: str, subject: str, value: str) -> None:
    assert (subject, value) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Leon Kowal was never arrested on Monday.",
        "Nobody knows whether Leon Kowal was arrested on Monday.",
        "There was a rumor that Leon Kowal was arrested on Monday.",
        "An article on Wednesday about a suit gave the wrong day.",
        "Reached by telephone Saturday, Ada Quill said the family was told of the arrest.",
        "Leon Kowal began acting in 1966.",
        "Ada Quill walked off at the end of a scene Friday.",
        "Ada Quill said the dog died in the spring of 2019.",
        "Leon Kowal put off two trespassers on June 10.",
        "On June 10 Leon Kowal walked to the south end of the yard.",
    ],
)
def test_what_is_denied_doubted_or_of_another_verb_is_no_event(text: str) -> None:
    assert said(text) == []


def test_not_until_tuesday_is_on_tuesday() -> None:
    assert said("Leon Kowal was not arrested until Tuesday.") == [("arrest of Leon Kowal", "2020-06-09")]


def test_a_speaker_is_not_whose_body_was_found() -> None:
    found = said("Sheriff Ed Rand said the bodies were discovered Saturday by Leon Kowal, a hiker.")
    assert found == [("discovery", "2020-06-13")]


def test_both_are_found_whose_bodies_were() -> None:
    found = said("He asked about Ada Quill, 24, and Tom Hale, 27, whose bodies were found on June 10, 2020.")
    assert found == [("discovery of Ada Quill", "2020-06-10"), ("discovery of Tom Hale", "2020-06-10")]


def test_who_was_shot_is_not_the_unnamed_one_who_was_arrested() -> None:
    text = (
        "A former foreman was arrested Friday in the death of a grower. Ida Grant, 62, was shot on Monday. "
        "Sheriff Ed Rand said Leon Kowal, 34, of Quill was taken into custody without a struggle."
    )
    assert ("arrest of Leon Kowal", "2020-06-12") in said(text)
    assert not [s for s, _ in said(text) if s == "arrest of Ida Grant"]


def test_a_row_gives_the_day_of_its_label_alone() -> None:
    text = (
        'The series "Salt Road"\n\n  Premiere ......... 24 May 2019\n  Renewed .......... 10 June 2019\n'
        "  Season 2 began ... 10 May 2020\n"
    )
    assert said(text) == [
        ("premiere of salt road", "2019-05-24"),
        ("renewal of salt road", "2019-06-10"),
        ("start of salt road season 2", "2020-05-10"),
    ]


def test_a_listing_gives_the_coming_day_of_each_title() -> None:
    text = '"SALT ROAD" (Friday, Channel 6)\nA drama.\n\n"NIGHT SKIES" (Monday, Channel 6)\nPlanets.\n'
    assert said(text) == [("broadcast of night skies", "2020-06-15"), ("broadcast of salt road", "2020-06-19")]


def test_a_plan_that_came_to_nothing_is_called_one() -> None:
    found = told('The series "Salt Road" was first going to open on May 1, 2020, but it was put off.')
    days = [(c["subject"], c["value"]) for c in found if c["kind"] == "date"]
    assert days == [("planned premiere of salt road", "2020-05-01")]


def test_a_past_day_without_its_year_is_not_weeks_ahead() -> None:
    assert said("Leon Kowal was arrested Aug. 10 in Ohio.") == [("arrest of Leon Kowal", "2019-08-10")]


def test_an_announced_renewal_is_renewed_that_day() -> None:
    text = 'The series "Salt Road" ran well. On May 9 Halyard announced that it had been renewed for a second season.'
    assert [v for s, v in said(text) if s.startswith("renewal")] == ["2020-05-09"]


def test_two_days_of_a_suit_are_a_conflict_and_its_month_is_none() -> None:
    found = told(
        "The family sued on May 14, 2020.",
        "The family sued on May 15, 2020.",
        "The family sued in May 2020.",
    )
    at_odds = {c["value"]: len(c["conflicts_with"]) for c in found if c["kind"] == "date"}
    assert at_odds == {"2020-05-14": 1, "2020-05-15": 1, "2020-05": 0}


@pytest.mark.parametrize(
    ("text", "subject", "value"),
    [
        (
            "Leon Kowal was arrested at a truck stop in Dayton, Ohio, by deputies.",
            "arrest of Leon Kowal",
            "Dayton, Ohio",
        ),
        ("Ada Quill died at the Cold Spring shelter.", "death of Ada Quill", "Cold Spring shelter"),
        ("The suit was filed in Marlin County Circuit Court by a lawyer.", "lawsuit", "Marlin County Circuit Court"),
        ("Leon Kowal is in the state prison at Hollis.", "detention of Leon Kowal", "state prison at Hollis"),
        (
            "He pleaded guilty Monday to killing Ada Quill on the Tamarack Ridge Trail.",
            "death of Ada Quill",
            "Tamarack Ridge Trail",
        ),
    ],
)
def test_a_place_is_that_of_the_event_beside_it(text: str, subject: str, value: str) -> None:
    assert (subject, value) in said(text, "place")


@pytest.mark.parametrize(
    "text",
    [
        "Rand identified the victim as Ada Quill, 24, a teacher from Dayton.",
        "Reached at her home in Dayton, Ida Grant said Leon Kowal was arrested.",
        "Leon Kowal lives in Dayton and was arrested by deputies.",
        "Two Hikers Found Shot to Death on Mountain Trail",
    ],
)
def test_where_somebody_lives_or_speaks_is_no_place_of_an_event(text: str) -> None:
    assert said(text, "place") == []


def test_a_town_with_and_without_its_state_is_one_place() -> None:
    found = told(
        "Leon Kowal was arrested in Dayton, Ohio.", "Leon Kowal was arrested in Dayton.", "Leon Kowal was jailed."
    )
    arrest = [c for c in found if c["kind"] == "place"]
    assert [(c["value"], c["documents"]) for c in arrest] == [("Dayton, Ohio", ["d0", "d1"])]
