"""Roles with their other end, relatives of those whom only a role names, ages of other times, days of a trial."""

from __future__ import annotations

from typing import Any

import pytest

from thaw.casebook import accounts
from thaw.record import PartialDate


def told(*texts: str, written: str = "2021-06-16") -> list[dict[str, Any]]:
    date = PartialDate.parse(written)
    read = [accounts.Account.read(f"d{i}", text, date=date) for i, text in enumerate(texts)]
    return [claim.to_json() for claim in accounts.claims_of(read)]


def said(found: list[dict[str, Any]], kind: str) -> set[tuple[str, Any]]:
    return {(c["subject"], c["value"]) for c in found if c["kind"] == kind}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Paul Denby, an attorney for Rusk, spoke. Dale Rusk sat.", ("Paul Denby", "attorney of Dale Rusk")),
        ("Paul Denby, Rusk's lawyer, said Dale Rusk is innocent.", ("Paul Denby", "lawyer of Dale Rusk")),
        ("Former Sheriff Gus Tell, 84, said he never forgot.", ("Gus Tell", "former sheriff")),
        ("The department thanks Chief Gus Tell (ret.) for it.", ("Gus Tell", "former chief")),
        ("Prosecuting Attorney Joan Marr said so.", ("Joan Marr", "prosecuting attorney")),
        ("Luis Carranza, a Beaudry County deputy, ran.", ("Luis Carranza", "beaudry county deputy")),
        ("Ned Orr, chief of the Harlan police, said so.", ("Ned Orr", "chief of the Harlan police")),
        ("Ned Orr, who was the chief of police in 1987, died.", ("Ned Orr", "chief of police")),
        ("Gus Tell was elected sheriff in 1982.", ("Gus Tell", "sheriff")),
        ("Ana Lima is chief now, after all.", ("Ana Lima", "chief")),
        (
            "The brick store\nBy Meredith Aoki\nCourier Staff Writer\n\nIt fell.",
            ("Meredith Aoki", "courier staff writer"),
        ),
    ],
)
def test_an_office_is_told_whole(text: str, role: tuple[str, str]) -> None:
    assert role in said(told(text), "role")


def test_one_accused_of_killing_is_not_the_accused_of_the_dead() -> None:
    text = "Dale Rusk, accused of strangling Ellen Strand in 1987, sat."
    assert said(told(text), "role") == {("Dale Rusk", "accused")}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Dale Rusk was arrested Monday. The suspect's mother, Ida Moss, wept.", ("Ida Moss", "mother of Dale Rusk")),
        (
            "Dale Rusk was arrested Monday. Tina Rusk, the prisoner's wife of ten years, wept.",
            ("Tina Rusk", "wife of Dale Rusk"),
        ),
        (
            "Ellen Strand ran it with her husband, the late Walt Strand.",
            ("Walt Strand", "husband of Ellen Strand"),
        ),
        ("Walt Strand married Ellen Moss in 1983.", ("Walt Strand", "husband of Ellen Moss")),
        ("Dale Rusk was Ellen Strand's boyfriend at the time.", ("Dale Rusk", "boyfriend of Ellen Strand")),
        ("Alden Ford is the son of Rosalind and Harold Ford.", ("Alden Ford", "son of Harold Ford")),
        (
            "Ellen Strand was murdered in 1987. In front sat two children of the dead woman, Ty and Ann.",
            ("Ty", "child of Ellen Strand"),
        ),
        (
            "Ellen Strand spoke of it. Her husband, Walt Strand, did not. The couple's daughter, Ann Bloom, came.",
            ("Ann Bloom", "daughter of Ellen Strand"),
        ),
        ("His sons, Ty Strand and Ben Strand, stood behind Walt Strand.", ("Ben Strand", "son of Walt Strand")),
    ],
)
def test_a_relative_of_whom_the_words_leave_open(text: str, role: tuple[str, str]) -> None:
    assert role in said(told(text), "role")


def test_he_of_an_obituary_is_the_dead_man_and_not_the_relative_named_last() -> None:
    text = (
        "Einar Lund, who brought 19 passengers off the ferry in 1951, died Wednesday at Pine Hollow Hospital.\n\n"
        "Born in Bergen, Lund came to Oregon with his aunt, Gudrun Lie. Four crewmen were lost, among them his "
        'brother-in-law, Nils Aasgaard.\n\n"He never talked about it," said his daughter, Karin Ruiz.\n\n'
        "Survivors also include a son, Peder; and a sister, Astrid Holm. He was preceded in death by his wife, Inga."
    )
    found = told(text)
    assert {c["value"] for c in found if c["kind"] == "role"} == {
        f"{kin} of Einar Lund" for kin in ("aunt", "brother-in-law", "daughter", "son", "sister", "wife")
    }
    assert said(found, "place") == {
        ("birth of Einar Lund", "Bergen"),
        ("death of Einar Lund", "Pine Hollow Hospital"),
    }
    assert not [c for c in found if c["subject"] == "people killed"]


def test_relatives_said_the_other_way_round_are_one_claim() -> None:
    found = told(
        "Harold Ford spoke. His wife, Rosalind Ford, did not.",
        "Rosalind Ford spoke. Her husband, Harold Ford, did not.",
        "Rosalind Ford stayed. Her husband, Harold Ford, left town that day.",
    )
    roles = [(c["subject"], c["value"], len(c["documents"])) for c in found if c["kind"] == "role"]
    assert roles == [("Harold Ford", "husband of Rosalind Ford", 3)]


def test_a_police_lieutenant_is_a_lieutenant_and_a_deputy_chief_no_chief() -> None:
    found = told("Police Lt. Ana Lima spoke.", "Lt. Ana Lima spoke.", "Deputy Chief Ned Orr ran.", "Chief Ned Orr ran.")
    assert said(found, "role") == {("Ana Lima", "lieutenant"), ("Ned Orr", "deputy chief"), ("Ned Orr", "chief")}


def test_a_star_beside_the_creator_is_no_co_creator() -> None:
    text = "“The Long Thaw,” a series created by Ana Reyes and starring Tom Pike as Gus Webb, is back."
    assert said(told(text), "role") == {
        ("Ana Reyes", "creator of The Long Thaw"),
        ("Gus Webb", "played by Tom Pike"),
    }


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("Dale Rusk, then 19, lived there.", 19),
        ("At 34, Dale Rusk is the youngest.", 34),
        ("Dale Rusk turned 35 on Sunday.", 35),
        ("Dale Rusk (34) is charged.", 34),
        ("A 61-year-old man, Dale Rusk, was arrested.", 61),
    ],
)
def test_ages_that_stand_apart_from_the_name(text: str, age: int) -> None:
    assert {c["value"]["number"] for c in told(text) if c["subject"] == "age of Dale Rusk"} == {age}


def test_an_age_of_then_or_at_death_is_no_conflict_with_one_of_today() -> None:
    found = told("Dale Rusk, 53, spoke.", "Dale Rusk, then 19, lived there.", "Dale Rusk died at 60.")
    assert [c["conflicts_with"] for c in found if c["kind"] == "count"] == [[], [], []]


def test_a_badge_in_brackets_is_no_age() -> None:
    assert told("Officers: Ptl. D. Mikulecky (67) & Dep. Gerald Lindstrom (31)\n") == [
        c for c in told("Officers: Ptl. D. Mikulecky (67) & Dep. Gerald Lindstrom (31)\n") if c["kind"] != "count"
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("She was shot twice with a revolver.", ("shots that hit", {"number": 2, "noun": "shots"})),
        ("The victim was stabbed 17 times.", ("stab wounds", {"number": 17, "noun": "stab wounds"})),
    ],
)
def test_how_often_somebody_was_hit(text: str, count: tuple[str, dict[str, Any]]) -> None:
    assert count in [(c["subject"], c["value"]) for c in told(text) if c["kind"] == "count"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (
            "A memorial service for Ellen Strand will be held Saturday.",
            ("memorial service of Ellen Strand", "2021-06-19"),
        ),
        ("Jury selection begins Monday in the trial of Dale Rusk.", ("jury selection of Dale Rusk", "2021-06-21")),
        ("Dale Rusk ran. A profile was matched to Rusk in 2019.", ("match of Dale Rusk", "2019")),
        ("The store was torn down in 1988.", ("demolition", "1988")),
        (
            "Investigators exhumed the body of Ellen Strand on May 4, 2019.",
            ("exhumation of Ellen Strand", "2019-05-04"),
        ),
        ("Gus Tell was elected sheriff in 1982.", ("election of Gus Tell", "1982")),
        ("“The Long Thaw” returns for a second season on Oct. 4.", ("premiere of long thaw season 2", "2021-10-04")),
    ],
)
def test_days_of_what_is_held_and_done(text: str, date: tuple[str, str]) -> None:
    assert said(told(text), "date") == {date}


@pytest.mark.parametrize(
    "text",
    [
        "The gunman opened fire on June 8.",
        "He matched the description on June 8.",
        "Carl Ott testified that on the night of June 8 he saw a truck.",
    ],
)
def test_words_that_only_look_like_events(text: str) -> None:
    assert said(told(text), "date") == set()


def test_where_somebody_is_from_is_not_where_he_was_arrested() -> None:
    text = "Dale Rusk, a roofer from Peru, was arrested at a bar on Elm Street."
    assert said(told(text), "place") == {("arrest of Dale Rusk", "Elm Street")}


def test_both_who_made_the_arrest() -> None:
    text = (
        "Dale Rusk was arrested Tuesday. Lt. Ana Lima, who made the arrest with Luis Ott, a county deputy, was silent. "
        "Sgt. Bo Tack, who put the cuffs on him, was not."
    )
    arrests = {v for s, v in said(told(text), "role") if s == "Dale Rusk"}
    assert arrests == {"arrested by Ana Lima", "arrested by Luis Ott", "arrested by Bo Tack"}


def test_an_arrest_of_nobody_named_is_of_whom_a_later_sentence_says_it() -> None:
    text = (
        "A former foreman was arrested Friday in the shooting death of a grower. Sheriff Roy Tell said Gerald Pruitt, "
        "34, of Quillan was taken into custody at a motel in Arlen, Ore., by sheriff's detectives and state police. "
        "Walter Brand, 62, was shot at dusk on Thursday, June 3. Karen Ost said Saturday the family "
        "was told of the arrest."
    )
    found = told(text)
    assert said(found, "date") == {
        ("arrest of Gerald Pruitt", "2021-06-11"),
        ("shooting of Walter Brand", "2021-06-03"),
    }
    assert said(found, "place") == {("arrest of Gerald Pruitt", "Arlen, Ore.")}
    assert ("Gerald Pruitt", "arrested by sheriff's detectives and state police") in said(found, "role")


def test_several_who_are_not_named_are_not_the_one_who_is() -> None:
    text = "The brothers were arrested last year after a third brother, Dan Moss, told a chaplain."
    assert said(told(text), "date") == {("arrest", "2020")}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        (
            "The play “The Long Thaw” is late. The play was supposed to open on May 24, 2021.",
            {("planned premiere of long thaw", "2021-05-24")},
        ),
        ("It was supposed to open on Oct. 24.", set()),
        ("Tom Pike began acting in 1966.", set()),
        ("A neighbor was questioned Monday. The two men are Carl Ott and Dean Moss.", {("questioning", "2021-06-14")}),
        ("Services were held Tuesday, with Pastor Arne Lind officiating.", {("funeral (burial)", "2021-06-15")}),
        (
            "Carl Ott came west with his parents in 1936 and was graduated in 1944.",
            {("graduation of Carl Ott", "1944")},
        ),
        ("Lyle Hask was cleared Monday, the sheriff said.", {("clearing of Lyle Hask", "2021-06-14")}),
    ],
)
def test_days_that_are_not_what_they_look_like(text: str, dates: set[tuple[str, str]]) -> None:
    assert said(told(text), "date") == dates


def test_kinship_between_parts_is_of_the_parts() -> None:
    text = (
        "“The Lantern,” a new drama, opens soon. Des Farrow will play Josiah Vane. Imogen Sayle is "
        "his daughter, Clara, "
        "in the play. With additional material by Carl Pike, it was created and written by Judith Crane."
    )
    roles = said(told(text), "role")
    assert ("Clara", "daughter of Josiah Vane") in roles
    assert ("Clara", "played by Imogen Sayle") in roles
    assert ("Carl Pike", "author of additional material of The Lantern") in roles
    assert ("Judith Crane", "creator of The Lantern") in roles
    assert not [v for _, v in roles if str(v).startswith("co-creator")]


def test_lines_of_credits_name_each_for_his_work() -> None:
    text = "“The Lantern” is a play.\n\nDirector: Tomasz Wieland\nSongs ....... Ruth Bell\nScenery ....... Lars Engel\n"
    assert said(told(text), "role") >= {
        ("Tomasz Wieland", "director of The Lantern"),
        ("Ruth Bell", "songwriter of The Lantern"),
        ("Lars Engel", "designer of scenery of The Lantern"),
    }
