"""Days, roles and sums that stand in a sentence and belong to another event, person or clause of it."""

from __future__ import annotations

from typing import Any

import pytest

from bench.unseen import judged
from thaw.casebook import accounts
from thaw.record import PartialDate


def said(text: str, kind: str, written: str = "1988-06-15") -> list[tuple[str, Any]]:
    read = [accounts.Account.read("d", text, date=PartialDate.parse(written))]
    found = [claim.to_json() for claim in accounts.claims_of(read)]
    return [(c["subject"], c["value"]) for c in found if c["kind"] == kind]


def test_a_car_that_was_found_is_not_its_owner() -> None:
    text = "Ida Poole vanished June 3. Her blue Buick, Iowa license QRT 118, was found June 5 behind a church."
    dates = said(text, "date")
    assert ("discovery of car", "1988-06-05") in dates
    assert not [s for s, _ in dates if s.startswith("discovery of Ida")]


def test_who_says_that_a_woman_was_found_was_not_found() -> None:
    text = "Sheriff Owen Tate said the woman was found about 9 a.m. Sunday near a barn."
    assert [s for s, _ in said(text, "date")] == ["discovery"]


def test_who_is_named_in_a_clause_about_a_man_is_not_who_was_arrested() -> None:
    text = (
        "A 30-year-old man who once drove for the firm where Ida Poole kept the books was arrested June 9. "
        "Earl Moss, 30, was charged with murder."
    )
    assert ("arrest of Earl Moss", "1988-06-09") in said(text, "date")
    assert not [s for s, _ in said(text, "date") if "Poole" in s]


def test_who_reported_somebody_missing_is_not_missing() -> None:
    text = "Ida Poole was last seen June 3. Her husband, Roy Poole, reported her missing June 4."
    assert [s for s, _ in said(text, "date") if s.startswith("missing report")] == ["missing report of Ida Poole"]


@pytest.mark.parametrize(
    ("text", "event", "never"),
    [
        ("Earl Moss, the driver who killed her, went on trial in April 1985.", "death", "1985-04"),
        ("Earl Moss was found guilty, and in May 1985 Judge Ida Poole sent him away.", "verdict", "1985-05"),
        ("Earl Moss was ordered June 7 to stand trial on two counts.", "trial", "1988-06-07"),
        ("A court of appeals upheld the conviction of Earl Moss in 1985.", "verdict", "1985"),
        ("Since a new law took effect on June 1, 1986, the state could not ask for death.", "death", "1986-06-01"),
        ("The lawyer asked that the trial of Earl Moss be moved to June 30.", "trial", "1988-06-30"),
    ],
)
def test_a_day_of_another_clause_is_not_that_of_the_event(text: str, event: str, never: str) -> None:
    found = said(text, "date")
    assert not [s for s, value in found if s.startswith(event) and value == never], found


def test_announced_today_is_the_day_of_the_paper() -> None:
    text = (
        "NEWS RELEASE\nDate: June 15, 1988\n\n"
        "The fire which destroyed the Harlan Hotel early on Saturday, June 11, 1988, "
        "was deliberately set, Chief Owen Tate announced today."
    )
    assert [v for s, v in said(text, "date") if s == "announcement"] == ["1988-06-15"]


def test_a_day_without_its_year_in_a_look_back_is_not_of_this_year() -> None:
    text = (
        "Ten years ago a killing shook a town.\n\n"
        "Sheriff Owen Tate thinks of the arrest, June 29, more than of anything."
    )
    assert not [s for s, _ in said(text, "date") if s.startswith("arrest")]
    assert [s for s, _ in said(text.replace("Ten years ago a", "A"), "date")] == ["arrest"]


def test_a_husband_after_a_quotation_is_of_who_spoke() -> None:
    text = (
        'Ida Poole was killed in 1978.\n\n"I was angry," says Opal Stroud, 68, the mother. Her husband, Virgil Stroud, '
        "died in 1986."
    )
    assert ("Virgil Stroud", "husband of Opal Stroud") in said(text, "role")
    assert not [v for s, v in said(text, "role") if s == "Virgil Stroud" and "Poole" in v]


def test_survivors_are_of_the_dead_whom_the_notice_is_of() -> None:
    text = (
        "Walter Stroud, 70, of Elm, died June 14, 1988.\n\nIn 1948 he married Ida Poole. She died in 1980.\n\n"
        "Survivors include a sister, Opal Tate of Duluth."
    )
    assert ("Opal Tate", "sister of Walter Stroud") in said(text, "role")


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Through a prison spokesman, Earl Moss declined to be interviewed.", "spokesman"),
        ("He had registered under the name of Ray Earl, the county sheriff said.", "sheriff"),
    ],
)
def test_a_role_of_another_clause_is_nobodys_here(text: str, never: str) -> None:
    assert not [v for _, v in said(text, "role") if never in v]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Through his lawyer, Paul Denby, Earl Moss declined to speak.", ("Paul Denby", "lawyer")),
        ("It was found by Detective Ray Earl, the county sheriff said.", ("Ray Earl", "detective")),
    ],
)
def test_a_role_that_is_his_stays(text: str, role: tuple[str, str]) -> None:
    assert role[0] in [s for s, v in said(text, "role") if v.startswith(role[1])]


def test_a_bond_that_was_asked_for_was_not_set() -> None:
    assert said("She asked that bond be set at $50,000.", "count") == []
    assert said("The judge set bond at $50,000.", "count") == [("bond", {"number": 50000, "noun": "dollars"})]


def test_a_town_before_the_word_for_a_crime_is_not_where_the_trial_is() -> None:
    text = "Earl Moss was charged June 9 with arson. Judge orders trial in Port Linden{} for Earl Moss."
    assert said(text.format(""), "place") == [("trial of Earl Moss", "Port Linden")]
    assert said(text.format(" fire deaths"), "place") == []


def test_the_number_of_a_road_stays_with_it() -> None:
    places = said("The body of Ida Poole was found June 5 in a ditch off Township Road 61.", "place")
    assert [v for _, v in places] == ["Township Road 61"]


@pytest.mark.parametrize("event", ["mercer", "harbor"])
def test_what_an_independent_judge_found_false_is_not_said_any_more(event: str) -> None:
    assert judged(event).false == ()
