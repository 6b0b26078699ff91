"""Whom a sentence means: unnamed subjects, pronouns, passives with ranks, several together; days that are a verb's."""

from __future__ import annotations

from typing import Any

import pytest

from thaw.casebook import accounts
from thaw.record import PartialDate


def told(*texts: str, written: str | None = "2020-06-15") -> list[dict[str, Any]]:
    date = PartialDate.parse(written) if written else None
    read = [accounts.Account.read(f"d{i}", text, date=date) for i, text in enumerate(texts)]
    return [claim.to_json() for claim in accounts.claims_of(read)]


def said(found: list[dict[str, Any]], kind: str) -> list[tuple[str, Any]]:
    return [(c["subject"], c["value"]) for c in found if c["kind"] == kind]


LEDE = "A 34-year-old clerk was found shot to death Friday, police said. Ann Poole worked at the depot. "


def test_who_is_unnamed_in_a_lead_is_the_person_named_after_it() -> None:
    found = told(LEDE + "Sheriff Delbert Rusk would not say more.")
    assert ("discovery of Ann Poole", "2020-06-12") in said(found, "date")
    assert ("age of Ann Poole", {"number": 34, "noun": "years old"}) in said(found, "count")
    assert not [s for s, _ in said(found, "date") if s.startswith(("shooting", "death"))]


def test_a_lead_never_means_the_victim_of_its_own_sentence() -> None:
    text = "A 23-year-old cook was charged Friday with killing Ann Poole. Cody Ray Lassiter was arrested Thursday."
    assert ("charges of Cody Ray Lassiter", "2020-06-12") in said(told(text), "date")


def test_an_arrest_far_from_the_one_who_made_it_keeps_both_names() -> None:
    text = "Dale Pruszynski, 41, was arrested Tuesday at a motel in Quincy, Ill., by State Police Sgt. Ray Montoya."
    assert ("Dale Pruszynski", "arrested by Ray Montoya") in said(told(text), "role")


def test_two_who_were_arrested_have_two_dates() -> None:
    text = "Leonard Strauss, 58, of Boston, and Vincent Capolla, 33, of Revere, were arrested Tuesday."
    assert said(told(text), "date") == [
        ("arrest of Leonard Strauss", "2020-06-09"),
        ("arrest of Vincent Capolla", "2020-06-09"),
    ]


def test_he_who_was_buried_is_not_who_found_him() -> None:
    text = (
        "Wendell Brandvold was last seen Thursday. His body was found Saturday by Kevin Stroud. Three bullets "
        "had struck him, according to the coroner, Dr. A. N. Siddiqui. He was buried Sunday."
    )
    assert ("burial of Wendell Brandvold", "2020-06-14") in said(told(text), "date")


def test_a_judge_who_sets_a_sentencing_is_not_sentenced() -> None:
    text = "A jury found Dale Pruszynski guilty Friday. Judge Harriet Oyelaran has set sentencing for July 15, 2020."
    assert ("sentence of Dale Pruszynski", "2020-07-15") in said(told(text), "date")


def test_the_day_of_the_verb_is_not_that_of_a_noun_beside_it() -> None:
    text = "A man wanted in the slaying of Ann Poole was in custody in Quincy Wednesday."
    assert said(told(text), "date") == []


def test_what_was_found_may_be_a_thing() -> None:
    text = "Ann Poole vanished on June 1, 2020. A bloodstained jacket was found Thursday by a railroad worker."
    assert ("discovery of jacket", "2020-06-11") in said(told(text), "date")


def test_a_noun_inside_a_name_is_no_event() -> None:
    text = '"Low Country," a film by Ada Nwosu, will open the Tideline Film Festival on July 9, 2020.'
    assert [s for s, _ in said(told(text), "date")] == ["premiere of low country"]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("The crash killed at least five and injured 40 or more.", [("people hurt", 40), ("people killed", 5)]),
        ("Of the 138 persons aboard, ten died and 52 were injured.", [("people hurt", 52), ("people killed", 10)]),
        ("The number of dead rose to eight.", [("people killed", 8)]),
        ("Fifty-three people were hurt.", [("people hurt", 53)]),
        ("Detectives have interviewed thirty-one people.", [("people interviewed", 31)]),
    ],
)
def test_tolls_are_read_with_and_without_a_noun(text: str, claims: list[tuple[str, int]]) -> None:
    found = [(s, v["number"]) for s, v in said(told(text), "count")]
    assert [one for one in claims if one not in found] == []


def test_a_role_is_played_by_the_one_after_by() -> None:
    text = 'In the musical "Salt" the role of Amos, first announced for Gil Sandoval, will be played by Roy Tillerson.'
    assert said(told(text), "role") == [("Amos", "played by Roy Tillerson")]


def test_credits_of_a_review_give_parts_and_makers() -> None:
    text = "LOW COUNTRY. Written by Ada Nwosu and Simon Acker; directed by Nwosu. With Marge Hale (Ruth Gantt)."
    assert said(told(text), "role") == [
        ("Ada Nwosu", "director of LOW COUNTRY"),
        ("Ada Nwosu", "writer of LOW COUNTRY"),
        ("Ruth Gantt", "played by Marge Hale"),
        ("Simon Acker", "writer of LOW COUNTRY"),
    ]


def test_transcriptions_of_a_name_are_laid_together_and_put_side_by_side() -> None:
    found = told("Oleksandr Hnatiuk, 27, vanished.", "Aleksandr Hnatyuk, 28, vanished.")
    assert len({c["subject"] for c in found if c["kind"] == "count"}) == 1
    assert all(c["conflicts_with"] for c in found if c["kind"] in ("count", "person"))


@pytest.mark.parametrize("other", ["Robert Kessinger", "Petra Novak", "Walter Pruitt"])
def test_other_names_are_not_taken_for_transcriptions(other: str) -> None:
    found = told("Oleksandr Hnatiuk, 27, vanished.", f"{other}, 28, vanished.")
    assert len({c["subject"] for c in found if c["kind"] == "count"}) == 2


def test_father_and_son_of_one_name_stay_two() -> None:
    text = "Wendell Brandvold Jr., 34, is survived by his father, Wendell Brandvold Sr., 61."
    assert said(told(text), "count") == [
        ("age of Wendell Brandvold Jr.", {"number": 34, "noun": "years old"}),
        ("age of Wendell Brandvold Sr.", {"number": 61, "noun": "years old"}),
    ]


def test_a_lead_that_a_desk_went_on_in_its_own_way_counts_once() -> None:
    one = "Fire swept a 110-year-old woolen mill early Friday, killing a watchman and leaving seven firemen injured."
    two = "Fire swept a 110-year-old woolen mill early Friday, killing the night man. Eight firemen were taken to beds."
    (fire,) = [c for c in told(one, two) if c["kind"] == "date"]
    assert (len(fire["documents"]), fire["independent_sources"]) == (2, 1)


@pytest.mark.parametrize(
    ("text", "false"),
    [
        ("Sheriff Rusk told this paper Tuesday that four shots were fired at the store.", "of Rusk"),
        ("One slug removed from Leon Kowal on 25 May is to be picked up.", "arrest"),
        ("Conductor Leon Kowal was last employed as conductor in charge in 1974.", "charge"),
        ("Divers searched the creek on Friday for a graduate student.", "graduation"),
        ("A story on Page 1A Thursday about the arrest of Leon Kowal contained errors.", "arrest"),
        ("The paper is published every Thursday since 1884.", "release"),
        ("Rita Vega, who plays Dora Pell, was hired in June, after Ida Wolfe withdrew.", "Dora"),
        ("Prosecutor Rita Vega said Leon Kowal would be arraigned on June 18, 2020.", "of Rita Vega"),
        ("A salesman named Leon Kowal came by on June 2, 2020.", "appointment"),
        ("RETURN: Executed 12/3/83 by Sgt. Rita Vega.", "execution"),
        ("11/23 Wed. Funeral at Mt. Carmel. Leon Kowal kept away.", "wedding"),
        ("Leon Kowal reports to parole on June 2, 2020 as told by Agent Vega.", "release"),
        ("Body found by Leon Kowal on June 2, 2020.", "Kowal"),
        ("Rita Vega last saw the victim on June 2, 2020.", "Vega"),
        ("Rita Vega learned of the death on June 2, 2020.", "Vega"),
        ("In view of the temperatures taken by Dr. Rita Vega, death is placed on June 2, 2020.", "Vega"),
        ("Leon Kowal, who came here in 1951, died on June 2, 2020.", "1951"),
        ("Ms. Rita Vega says her brother Leon Kowal died on June 2, 2020.", "of Rita Vega"),
        ("On June 2, 2020 he hit the girl, Rita Vega, at the mill.", "strike"),
        ("AUTOPSY PERFORMED: June 2, 2020 by Rita Vega", "concert"),
        ("At your request of June 2, 2020 I reviewed the complete file.", "building"),
        ("I spoke with retired Sheriff Leon Kowal on June 2, 2020.", "departure"),
        ("The judge, Rita Vega, refused bail and adjourned the case until June 18, 2020.", "of Rita Vega"),
    ],
)
def test_nothing_false_is_said_of_a_person(text: str, false: str) -> None:
    assert not [s for s, value in said(told(text), "date") if false in f"{s} {value}"]


def test_an_initial_that_fits_two_is_neither() -> None:
    found = told("Constance Vega was found dead. Her husband, Clifton Vega, was told.", "VICTIM: C. VEGA")
    assert [s for s, value in said(found, "role") if value == "victim"] == ["C. Vega"]


def test_who_wrote_something_down_is_no_writer() -> None:
    assert said(told("Leon Kowal wrote it on a match book."), "role") == []


def test_a_range_is_no_toll() -> None:
    assert said(told("CHECKS 388 THRU 400 MISSING."), "count") == []


def test_an_unnamed_death_years_away_is_not_that_of_the_one_who_is_named() -> None:
    found = told("Leon Kowal died on May 4, 2003.", "Death is estimated to have occurred on February 2, 1991.")
    assert ("death", "1991-02-02") in said(found, "date")


def test_a_birth_is_of_whose_name_was_asked() -> None:
    text = "Judge Rita Vega asked the prisoner his full name (Leon Kowal) and his date of birth (May 1, 1948)."
    assert said(told(text), "date") == [("birth of Leon Kowal", "1948-05-01")]


def test_who_made_the_arrest_arrested_the_one_who_was_arrested() -> None:
    text = (
        'Leon Kowal was arrested on Tuesday. "He knew us," said Ida Wolfe. Sgt. Rita Vega, who made the arrest, '
        "declined to discuss it."
    )
    assert [(s, v) for s, v in said(told(text), "role") if "arrested" in v] == [("Leon Kowal", "arrested by Rita Vega")]


def test_who_was_fired_is_not_who_fired() -> None:
    text = "Leon Kowal drove a truck. Olu Eze fired him on June 2, 1979."
    assert said(told(text), "date") == [("firing (dismissal) of Leon Kowal", "1979-06-02")]
    assert ("Leon Kowal", "fired by Olu Eze") in said(told(text), "role")


def test_children_of_a_dead_woman_were_not_killed() -> None:
    assert said(told("In front sat two children of the dead woman, Ida and Olu."), "count")[0][0] == "children"
    assert said(told("The chief named four officers, living and dead."), "count")[0][0] == "officers"


def test_a_death_by_violence_and_the_killing_are_one_event() -> None:
    found = told(
        "Rita Vega was shot twice on June 2, 1979.",
        "Rita Vega died on June 2, 1979.",
        "Rita Vega was killed on June 2, 1979.",
    )
    assert [(c["subject"], len(c["documents"])) for c in found if c["kind"] == "date"] == [
        ("death (killing) of Rita Vega", 3)
    ]


def test_what_a_release_says_and_who_had_it_says_too_is_one_source() -> None:
    release = (
        "TARNOW POLICE DEPARTMENT\nNEWS RELEASE  FOR IMMEDIATE RELEASE\nJune 14, 2020\n\n"
        "Leon Kowal, age 57, of Elk Prong, was arrested at his residence on June 14, 2020. A glove was sent in."
    )
    wire = "Leon Kowal, 57, was being held, Tarnow police said in a statement. He drove a truck for the store."
    own = "I knew Leon Kowal, 57, from the mill. He never said a word about it to us at all."
    ages = [c for c in told(release, wire, own) if c["kind"] == "count"]
    assert [(len(c["documents"]), c["independent_sources"]) for c in ages] == [(3, 2)]


def test_ages_at_a_death_and_beside_a_birth_date() -> None:
    found = told(
        "Judge Ida Wolfe asked his full name (Leon Kowal) and his date of birth (May 1, 1948, which makes him 58).",
        "Leon Kowal never spoke. He died in January of last year, aged 62.",
        "Chief Olu Eze, now 81, agreed.",
        "Olu Eze died at 84.",
    )
    assert sorted((c["subject"], c["value"]["number"]) for c in found if c["kind"] == "count") == [
        ("age of Leon Kowal", 58),
        ("age of Leon Kowal", 62),
        ("age of Olu Eze", 81),
        ("age of Olu Eze", 84),
    ]


def test_the_days_of_reported_plans_and_of_counted_weekdays() -> None:
    found = told(
        "Prosecutor Ida Wolfe said Leon Kowal would be arraigned Monday.",
        "Rita Vega was killed the first Saturday of October in 1979.",
        written="2006-03-16",
    )
    assert said(found, "date") == [
        ("arraignment of Leon Kowal", "2006-03-20"),
        ("death (killing) of Rita Vega", "1979-10-06"),
    ]


def test_where_somebody_sat_for_a_robbery_is_not_where_it_was() -> None:
    assert said(told("Leon Kowal did two terms in Tarnow for burglary."), "place") == []


def test_money_that_was_given_is_not_stolen() -> None:
    found = told("He gave me eighty dollars and I took it.")
    assert [s for s, _ in said(found, "count")] == ["sum of money"]
