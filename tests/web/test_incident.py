"""The form for a new incident: what is typed becomes a case, and nothing typed is lost over an error."""

from __future__ import annotations

import threading
from collections.abc import Callable
from html import unescape

import pytest

from thaw.casework import desk
from thaw.casework.alerts import alert_on_missed
from thaw.casework.book import Progress
from thaw.casework.cases import case, case_count
from thaw.casework.ledger import log
from web.invented import Browser, World, enter
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
    assert said["date"] == "1 to 3 December 2018"
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
        ({"date_from": "1985", "age_from": "old"}, "age_from", "&#39;old&#39;"),
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


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"date_to": "1985"},
            "Where date_from Got only an end Wanted a first day What now Fill in the first date too.",
        ),
        (
            {"state": "ZZ"},
            "Where state Got 'ZZ' Wanted a state of the list What now Choose it again.",
        ),
        (
            {"state": "UT", "county": "Atlantis"},
            "Where county Got 'Atlantis' Wanted the name of a county of the state that you chose, or a FIPS code of"
            " five digits What now Correct it, or leave it empty and keep the state.",
        ),
        (
            {"date_from": "1985", "age_from": "old", "age_to": "older"},
            "Where age Got 'old to older' Wanted years in digits What now Write 24, or 24 and 30.",
        ),
    ],
)
def test_the_form_says_where_got_want_and_what_now(world: World, typed: dict[str, str], said: str) -> None:
    assert said in unescape(words(Browser(world.work).post("/new", **typed).text))


def test_everything_wrong_is_said_at_once(world: World) -> None:
    answer = Browser(world.work).post(
        "/new", date_from="soon", state="UT", county="Atlantis", age_from="old", weapon="99x", once="c"
    )
    said = unescape(words(answer.text))
    assert answer.status_code == 400
    assert [got in said for got in ("'soon'", "'Atlantis'", "'old'", "'99x'")] == [True] * 4
    assert "neither date nor place" not in said  # both were typed; what is wrong with them is said
    for i, field in enumerate(("date_from", "county", "age_from", "weapon")):
        tag = next(tag for tag in answer.text.split("<") if f'id="f-{field}"' in tag)
        assert "aria-invalid" in tag, (i, field)
    assert answer.text.count('id="form-error-') == 4


def test_the_form_offers_the_15_behaviours_as_unknown(world: World) -> None:
    text = Browser(world.work).get("/new").text
    assert text.count('value="unknown" checked') == 15
    assert '<option value="UT">UT Utah</option>' in text
    assert "Strangulation - hanging</option>" in text


def test_storing_waits_for_no_comparison_and_the_ranking_comes_when_it_is_ready(
    new_world: Callable[[], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = new_world()
    browser = Browser(world.work)
    bench, go_on, load = browser.background, threading.Event(), desk.WarmMatcher.load

    def slowly(warm: desk.WarmMatcher, progress: Progress) -> None:
        progress("cases", 3, 12)
        go_on.wait(30)
        load(warm, progress)

    monkeypatch.setattr(desk.WarmMatcher, "load", slowly)
    bench.started = True  # as beside a workbench that runs, without its other threads
    answer = browser.post("/new", **FILLED)
    path = answer.headers["location"]
    try:
        assert answer.status_code == 303
        assert browser.get(path).status_code == 200
        for rest in ("/similar", "/alike", f"/pair/{world.cases['canal']}"):
            page = browser.get(path + rest).text
            assert "The cases are being made ready to be compared." in page, rest
            assert 'value="25"' in page, rest
        assert 'data-again="1000"' in browser.get(path + "/similar").text
        browser.post(f"{path}/pair/{world.cases['canal']}", decision="undecided", reason="invented")
        assert "Decided, with your reason." not in browser.get(f"{path}/pair/{world.cases['canal']}").text
    finally:
        go_on.set()
    for thread in bench._threads:
        thread.join(30)
    # What was done is said on the page that comes, not on the one that gives way to it.
    assert "Decided, with your reason." in browser.get(f"{path}/pair/{world.cases['canal']}").text
    assert "What looks like" in browser.get(path + "/similar").text
    assert bench.problem is None
    looks = [entry["kind"] for entry in log(world.work, case_id=path.rpartition("/")[2], limit=50, purpose="test")]
    assert "access.list" in looks  # the alerts on it, filed with it


def test_a_comparison_that_was_cut_short_is_made_when_the_workbench_opens_again(
    new_world: Callable[[], World],
) -> None:
    world = new_world()
    cut_short = enter(world.work, "Invented: the power went")
    enter(world.work, "Invented: compared")
    known = alert_on_missed(world.work)
    assert cut_short in known
    assert alert_on_missed(world.work) == []
    browser = Browser(world.work)
    browser.post("/new", **FILLED)
    assert alert_on_missed(world.work) == []
