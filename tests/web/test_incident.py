"""The form for a new incident: what is typed becomes a case, and nothing typed is lost over an error."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from thaw.casework.cases import case, case_count
from web.invented import Browser, World
from web.test_app import words

FILLED = {
    "title": "Woman in the invented reeds",
    "date_from": "2018-12-01",
    "date_to": "2018-12-03",
    "state": "UT",
    "county": "Salt Lake",
    "sex": "F",
    "age_from": "24",
    "age_to": "30",
    "weapon": "80",
    "situation": "B",
    "bound": "yes",
    "gagged_or_blindfolded": "no",
    "body_concealed": "unknown",
    "narrative": "Invented.\nNobody exists.",
    "invented": "yes",
    "once": "a",
}


def test_a_filled_form_becomes_a_case_with_what_was_typed(new_world: Callable[[], World]) -> None:
    world = new_world()
    answer = Browser(world.work).post("/new", **FILLED)
    assert answer.status_code == 303
    found = case(world.work, answer.headers["location"].removeprefix("/case/"))
    said = {s["predicate"]: s["words"] for s in found["statements"]}
    assert said["date"] == "2018-12-01 to 2018-12-03"
    assert said["place"] == "Salt Lake, UT"
    assert said["victim.age"] == "24 to 30 years"
    assert said["weapon"] == "Strangulation - hanging (80)"
    assert (said["behaviours.bound"], said["behaviours.gagged_or_blindfolded"]) == ("yes", "no")
    assert said["behaviours.body_concealed"] == "unknown"
    assert found["invented"]
    assert "circumstance" not in said  # left empty: nothing was said of it


def test_the_new_case_leads_to_what_looks_like_it(new_world: Callable[[], World]) -> None:
    browser = Browser(new_world().work)
    path = browser.post("/new", **FILLED).headers["location"]
    assert f'href="{path}/similar"' in browser.get(path).text
    assert "11 cases searched." in words(browser.get(f"{path}/similar").text)


def test_the_same_form_sent_twice_is_one_case(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    first, second = browser.post("/new", **FILLED), browser.post("/new", **FILLED)
    assert first.headers["location"] == second.headers["location"]
    assert case_count(world.work) == 12


def test_vague_dates_stay_vague(new_world: Callable[[], World]) -> None:
    world = new_world()
    made = Browser(world.work).post("/new", date_from="late summer 1984", once="b").headers["location"]
    date = case(world.work, made.removeprefix("/case/"))["statements"][0]
    assert date["words"] == "late summer 1984"


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"title": "x"}, None, "neither date nor place"),
        ({"date_from": "soon"}, "date_from", "&#39;soon&#39;"),
        ({"date_to": "1985"}, "date_from", "only an end"),
        ({"state": "UT", "county": "Atlantis"}, "county", "&#39;Atlantis&#39;"),
        ({"state": "NV", "county": "49035"}, "county", "&#39;49035&#39;"),
        ({"state": "ZZ"}, "state", "&#39;ZZ&#39;"),
        ({"date_from": "1985", "age_from": "old"}, "age_from", "&#39;old to &#39;"),
        ({"date_from": "1985", "age_from": "200"}, "age_from", "[200.0, 200.0]"),
        ({"date_from": "1985", "age_from": "nan"}, "age_from", "nan"),
        ({"date_from": "1985", "weapon": "99x"}, "weapon", "&#39;99x&#39;"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_form_and_nothing_typed_is_lost(
    world: World, typed: dict[str, str], field: str | None, said: str
) -> None:
    before = world.work.book.store.size()
    answer = Browser(world.work).post("/new", narrative="kept <words>", bound="yes", **typed)
    assert answer.status_code == 400
    assert said in answer.text
    assert "kept &lt;words&gt;</textarea>" in answer.text
    assert 'name="bound" value="yes" checked' in answer.text
    if field is not None:
        assert f'id="f-{field}"' in answer.text.split('aria-invalid="true"')[0].rpartition("<")[2]
    assert world.work.book.store.size() == before


def test_the_form_offers_the_15_behaviours_as_unknown(world: World) -> None:
    text = Browser(world.work).get("/new").text
    assert text.count('value="unknown" checked') == 15
    assert '<option value="UT">UT Utah</option>' in text
    assert "Strangulation - hanging</option>" in text
