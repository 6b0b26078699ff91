"""Claims in the words of trade papers and courts: casting, makers in a row, seasons, whom a deed was done to."""

from __future__ import annotations

from typing import Any

import pytest

from thaw.casebook import accounts
from thaw.record import PartialDate


def told(*texts: str, written: str | None = "2020-06-15") -> list[dict[str, Any]]:
    date = PartialDate.parse(written) if written else None
    read = [accounts.Account.read(f"d{i}", text, date=date) for i, text in enumerate(texts)]
    return [claim.to_json() for claim in accounts.claims_of(read)]


def said(text: str, kind: str) -> list[tuple[str, Any]]:
    return [(c["subject"], c["value"]) for c in told(text) if c["kind"] == kind]


def parts(text: str) -> list[tuple[str, str]]:
    return [(who, value) for who, value in said(text, "role") if str(value).startswith("played by")]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ('Greta Lind has been cast as Nora Bell in the drama "Salt Road."', "Nora Bell"),
        ('Greta Lind will play Nora Bell in the drama "Salt Road."', "Nora Bell"),
        ('Greta Lind is set to star as Detective Nora Bell in the drama "Salt Road."', "Nora Bell"),
        ('Greta Lind takes on the role of reserve officer Nora Bell in the drama "Salt Road."', "Nora Bell"),
        ('In the drama "Salt Road," Greta Lind turns up in three episodes as Nora Bell.', "Nora Bell"),
        ('The series "Salt Road" follows Det. Nora Bell (a steely Greta Lind).', "Nora Bell"),
        ('In the series "Salt Road," Greta Lind is Nora Bell, a nurse.', "Nora Bell"),
        ('The series "Salt Road" is stolen by Greta Lind, wonderful as her old friend Nora Bell.', "Nora Bell"),
    ],
)
def test_the_words_of_casting_give_a_part_its_actor(words: str, part: str) -> None:
    assert parts(words) == [(part, "played by Greta Lind")]


def test_two_actors_and_two_parts_go_together_in_their_order() -> None:
    text = (
        "Greta Lind and Olu Eze will recur as nurse Nora Bell and Bell's grandmother Ida Wolfe in the drama "
        '"Salt Road."'
    )
    assert parts(text) == [("Ida Wolfe", "played by Olu Eze"), ("Nora Bell", "played by Greta Lind")]


def test_who_was_first_announced_does_not_play_the_part() -> None:
    text = 'In the musical "Salt" the role of Amos, first announced for Gil Sandoval, will be played by Roy Tillerson.'
    assert parts(text) == [("Amos", "played by Roy Tillerson")]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            'Ann Poole, Greta Lind and Ida Wolfe created the series "Salt Road."',
            [
                "Ann Poole co-creator of Salt Road",
                "Greta Lind co-creator of Salt Road",
                "Ida Wolfe co-creator of Salt Road",
            ],
        ),
        (
            'The series "Salt Road" was created by Ann Poole, Greta Lind and Ida Wolfe.',
            [
                "Ann Poole co-creator of Salt Road",
                "Greta Lind co-creator of Salt Road",
                "Ida Wolfe co-creator of Salt Road",
            ],
        ),
        (
            'The series "Salt Road" was created by Ann Poole with Greta Lind.',
            ["Ann Poole co-creator of Salt Road", "Greta Lind co-creator of Salt Road"],
        ),
        ('The series "Salt Road" was created by Ann Poole.', ["Ann Poole creator of Salt Road"]),
        (
            'Ann Poole will direct the film "Salt Road" and executive produce.',
            ["Ann Poole director of Salt Road", "Ann Poole executive producer of Salt Road"],
        ),
        (
            'Ann Poole and Greta Lind will executive produce the series "Salt Road" alongside Ida Wolfe and Olu Eze.',
            [f"{name} executive producer of Salt Road" for name in ("Ann Poole", "Greta Lind", "Ida Wolfe", "Olu Eze")],
        ),
        (
            'Ann Poole, who co-created the series "Salt Road" with Greta Lind, is showrunner.',
            [
                "Ann Poole co-creator of Salt Road",
                "Ann Poole showrunner of Salt Road",
                "Greta Lind co-creator of Salt Road",
            ],
        ),
        (
            'The series "Salt Road" opens. "I did," she said of Ann Poole, the novelist and co-creator of the show.',
            ["Ann Poole co-creator of Salt Road", "Ann Poole novelist"],
        ),
    ],
)
def test_makers_in_a_row_are_each_one_of_them(text: str, made: list[str]) -> None:
    assert sorted(f"{who} {value}" for who, value in said(text, "role")) == made


def test_a_spinoff_is_not_the_work_it_comes_from() -> None:
    text = (
        'Crestline ordered the series "Nine Bells," a spinoff of "Salt Road," a drama now in its ninth year on "Salt '
        'Road" nights. The drama was created by Ann Poole. It premieres June 30.'
    )
    assert ("Ann Poole", "creator of Nine Bells") in said(text, "role")
    assert ("premiere of nine bells", "2020-06-30") in said(text, "date")


def test_the_premiere_of_a_second_season_is_another_event() -> None:
    found = told(
        'The series "Salt Road" premiered June 3, 2019. It has a second season. It will premiere next year.',
        'The series "Salt Road" premiered June 4, 2019.',
    )
    dates = {(c["subject"], c["value"]): c["conflicts_with"] for c in found if c["kind"] == "date"}
    assert dates[("premiere of salt road season 2", "2021")] == []
    assert len(dates[("premiere of salt road", "2019-06-03")]) == 1


@pytest.mark.parametrize(
    ("text", "subject", "value"),
    [
        ("Ann Poole, 58, arrested the so-called Lantern Killer, Leon Kowal, in 2011.", "arrest of Leon Kowal", "2011"),
        ("Leon Kowal is accused of killing Rita Vega in 1988.", "death (killing) of Rita Vega", "1988"),
        ("Leon Kowal, 61, pleaded guilty Friday.", "plea of Leon Kowal", "2020-06-12"),
        (
            "Judge Ida Moon accepted a guilty plea on Tuesday from Leon Kowal.",
            "plea of Leon Kowal",
            "2020-06-09",
        ),
        (
            "On April 9, 1982, officers came to a house on Elm Street, where Rita Vega, 31, a teacher, was found dead.",
            "discovery of Rita Vega",
            "1982-04-09",
        ),
        (
            "Leon Kowal, 67, was taken into custody Wednesday, charged with strangling Rita Vega.",
            "arrest of Leon Kowal",
            "2020-06-10",
        ),
        (
            "Leon Kowal was charged with strangling teacher Rita Vega on Good Friday of 1982.",
            "death (killing) of Rita Vega",
            "1982-04-09",
        ),
        ("Rita Vega was found dead. My mother died in 2004 not knowing.", "death of a mother", "2004"),
    ],
)
def test_a_day_belongs_to_the_one_whom_the_deed_befell(text: str, subject: str, value: str) -> None:
    dates = said(text, "date")
    assert (subject, value) in dates
    assert not [s for s, v in dates if v == value and s.split(" of ")[0] == subject.split(" of ")[0] and s != subject]


def test_a_fire_escape_is_no_fire() -> None:
    assert said("Leon Kowal climbed the fire escape on April 8, 1982.", "date") == []


def test_he_is_not_the_one_whose_sisters_were_named() -> None:
    text = (
        "Leon Kowal admitted it in a soft voice. Vega's sisters, Beatriz and Inez, held hands. Rita Vega was 31.\n\n"
        "Leon Kowal wept. Vega's sisters, Beatriz and Inez, did not. He was arrested in October by Sgt. Neil Odell and "
        "Det. Alana Bright."
    )
    roles = said(text, "role")
    assert ("Leon Kowal", "arrested by Neil Odell") in roles
    assert ("Leon Kowal", "arrested by Alana Bright") in roles
    assert ("Beatriz", "sister of Rita Vega") in roles
    assert ("Inez", "sister of Rita Vega") in roles


def test_two_officers_of_one_account_are_no_conflict_and_of_two_accounts_are_one() -> None:
    both = told("Leon Kowal was arrested Friday by Sgt. Neil Odell and Det. Alana Bright.")
    assert [c["conflicts_with"] for c in both if str(c["value"]).startswith("arrested by")] == [[], []]
    apart = told(
        "Leon Kowal was arrested Friday by Sgt. Neil Odell.", "Leon Kowal was arrested Friday by Det. Alana Bright."
    )
    assert all(c["conflicts_with"] for c in apart if str(c["value"]).startswith("arrested by"))


def test_the_smaller_number_of_an_account_is_a_part_of_the_larger_and_no_conflict() -> None:
    found = told(
        'The series "Salt Road" has 12 episodes. Olu Eze is in three episodes.',
        'The series "Salt Road" has 10 episodes.',
    )
    conflicts = {c["value"]["number"]: len(c["conflicts_with"]) for c in found if c["kind"] == "count"}
    assert conflicts == {10: 1, 12: 1, 3: 0}


@pytest.mark.parametrize(
    ("text", "noun", "names"),
    [
        (
            "Her volunteers included retired FBI agent Paul Odom, law student Tessa Wray, and reserve officers Gus "
            "Lind and Marta Vega.",
            "volunteers",
            ["Paul Odom", "Tessa Wray", "Gus Lind", "Marta Vega"],
        ),
        (
            "Killed were Ann Poole, 34, of Salem, and Greta Lind, 35, of Dover.",
            "dead",
            ["Ann Poole", "Greta Lind"],
        ),
    ],
)
def test_members_with_what_they_are_make_a_list(text: str, noun: str, names: list[str]) -> None:
    assert said(text, "list") == [(noun, names)]


def test_a_release_is_dated_by_its_head() -> None:
    text = "NEWS RELEASE\nFor immediate release: Oct. 17, 2019\n\nLeon Kowal was arrested Wednesday, Oct. 16.\n"
    (found,) = [c for c in told(text, written=None) if c["kind"] == "date"]
    assert (found["value"], found["first"]) == ("2019-10-16", "2019-10-17")


def test_a_day_at_the_foot_of_a_page_of_the_web_dates_it() -> None:
    text = "A teacher was killed Sunday night, police said. " * 3 + "\n" * 3 + "Nobody slept. " * 60
    found = told(text + "\n\nPosted: Monday, Oct. 3, 2016\n", written=None)
    assert {c["first"] for c in found} == {"2016-10-03"}
    assert {c["value"] for c in found if c["kind"] == "date"} == {"2016-10-02"}


def test_a_nickname_and_half_of_a_double_surname_are_one_person_in_the_comparison() -> None:
    found = told(
        'Teodoro "Teddy" Vega-Nolan, 38, was killed Sunday.',
        "Teddy Vega, 39, a teacher, was killed Sunday. Vega rode home.",
    )
    ages = [c for c in found if c["kind"] == "count"]
    assert {c["subject"] for c in ages} == {"age of Teodoro Vega-Nolan"}
    assert all(len(c["conflicts_with"]) == 1 for c in ages)
    assert [c["conflicts_with"] for c in found if c["kind"] == "person"] == [[], []]


def test_two_vegas_beside_each_other_stay_two() -> None:
    found = told("Ann Vega-Nolan, 38, and Ann Vega, 61, were killed Sunday.")
    assert {c["subject"] for c in found if c["kind"] == "count"} == {"age of Ann Vega-Nolan", "age of Ann Vega"}


def test_a_widow_is_no_other_than_the_wife() -> None:
    found = told("Leon Kowal leaves his wife, Ida Kowal.", "Leon Kowal died. His widow, Ida Kowal, wept.")
    kin = [c for c in found if c["kind"] == "role"]
    assert sorted(c["value"] for c in kin) == ["widow of Leon Kowal", "wife of Leon Kowal"]
    assert [c["conflicts_with"] for c in kin] == [[], []]


def test_who_is_arrested_unnamed_is_named_in_the_next_sentence() -> None:
    text = (
        "Deputies arrested a 24-year-old landscaper Tuesday. Cody Strick, of Fern Creek, was booked. Deputy Xiomara "
        "Quan made the arrest. An arraignment is set for Friday."
    )
    assert ("arrest of Cody Strick", "2020-06-09") in said(text, "date")
    assert ("arraignment of Cody Strick", "2020-06-19") in said(text, "date")
    assert ("Cody Strick", "arrested by Xiomara Quan") in said(text, "role")


def test_one_who_was_struck_is_no_storm() -> None:
    assert said("Rita Vega was struck by a pickup on June 2, 2020.", "date") == [
        ("collision of Rita Vega", "2020-06-02")
    ]


def test_a_reward_that_was_raised_is_a_reward() -> None:
    found = told("A $5,000 reward is offered.", "The reward, raised to $12,500 last week, will go to Olu Eze.")
    assert [(c["subject"], len(c["conflicts_with"])) for c in found if c["kind"] == "count"] == [("reward", 1)] * 2


def test_a_point_after_a_short_form_ends_no_sentence_that_looks_ahead() -> None:
    text = "A vigil is planned for 7 p.m. Thursday at the bridge."
    assert [v for _, v in said(text, "date")] == ["2020-06-18"]


def test_a_replacement_turned_round_is_a_conflict_with_who_was_announced() -> None:
    found = told(
        'The drama "Salt Road" stars Wren Castle as Dr. Imani Boyd.',
        "Over eight episodes the show has grown. As Dr. Imani Boyd, Nora Pell gets the line of the season. Zeke "
        "Brandt's Gus Tolliver is a joy, and so is his sister, Maeve (Siobhan Lowe). The finale is its best episode.",
    )
    roles = {(c["subject"], c["value"]): c["conflicts_with"] for c in found if str(c["value"]).startswith("played")}
    assert set(roles) == {
        ("Imani Boyd", "played by Wren Castle"),
        ("Imani Boyd", "played by Nora Pell"),
        ("Gus Tolliver", "played by Zeke Brandt"),
        ("Maeve", "played by Siobhan Lowe"),
    }
    assert [who for who, conflicts in roles.items() if conflicts] == [
        ("Imani Boyd", "played by Nora Pell"),
        ("Imani Boyd", "played by Wren Castle"),
    ]


def test_a_season_to_come_is_not_the_one_that_ended() -> None:
    text = (
        'The series "Salt Road" premiered Feb. 10 and ended its run on Thursday, and will return for a second season '
        "next winter."
    )
    dates = said(text, "date")
    assert ("premiere of salt road", "2020-02-10") in dates
    assert ("end of salt road", "2020-06-11") in dates


def test_short_forms_of_names_are_one_person_in_the_comparison() -> None:
    found = told("Margaret Doolan retired in 2015.", "Peg Doolan retired in 2014.")
    dates = [c for c in found if c["kind"] == "date"]
    assert {c["subject"] for c in dates} == {"retirement of Margaret Doolan"}
    assert all(len(c["conflicts_with"]) == 1 for c in dates)


def test_in_papers_of_no_work_nobody_plays_anybody() -> None:
    text = (
        "As Sgt. Ida Boyd, Nora Pell and others watched, Leon Kowal (Kowal) was led out. Zeke Brandt's Ann Poole sued."
    )
    assert parts(text) == []
