"""The list of cases by plain fields: what is chosen becomes conditions, and what cannot be meant is said."""

from __future__ import annotations

import pytest

from web.invented import Browser, World
from web.test_app import words


def found(world: World, query: str) -> str:
    answer = Browser(world.work).get("/cases?" + query)
    assert answer.status_code == 200
    return words(answer.text)


def test_plain_fields_mean_what_conditions_mean(world: World) -> None:
    same = [
        ("from=1985&to=1985", "where=year%3D1985"),
        ("from=1986", "where=year%3D1986..2999"),
        ("to=1985", "where=year%3D1000..1985"),
        ("state=UT&county=salt+lake", "where=place.county_fips%3D49035"),
        ("state=UT", "where=place.state%3DUT"),
        ("weapon=20&sex=F", "where=weapon%3D20&where=victim.sex%3DF"),
        ("known=no", "where=offender_known%3Dno"),
        ("weapon=80&where=year%3D1986", "where=weapon%3D80&where=year%3D1986"),
    ]
    for plain, where in same:
        listed = [
            text.partition(" Case Date Place Source ")[2] or text for text in (found(world, plain), found(world, where))
        ]
        assert listed[0].partition(" From the book ")[0] == listed[1].partition(" From the book ")[0], plain
        assert listed[0], plain


def test_what_was_chosen_stays_chosen(world: World) -> None:
    text = Browser(world.work).get("/cases?from=1985&state=UT&weapon=80&sex=F&known=no").text
    for shown in (
        'value="1985"',
        '<option value="UT" selected>',
        '<option value="80" selected>',
        '<option value="F" selected>',
    ):
        assert shown in text
    assert 'href="/cases">' in text  # show all


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("from=85", "a year in four digits"),
        ("county=Salt+Lake", "the name of a county of the state that you chose"),
        ("state=UT&county=Nowhere", "the name of a county of the state that you chose"),
        ("weapon=nothing", "weapon"),
        ("state=%3Cb%3E", "state"),
    ],
)
def test_what_cannot_be_meant_is_said_at_the_form(world: World, query: str, message: str) -> None:
    answer = Browser(world.work).get("/cases?" + query)
    assert answer.status_code == 400
    assert message in words(answer.text)
