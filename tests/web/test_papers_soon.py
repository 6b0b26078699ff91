"""Screens of a case of thousands of pages: papers are being compared, and what went wrong with that is said."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest

from thaw.casework import compared, papers_apart
from thaw.errors import TamperError, ThawError
from web.invented import Browser, World
from web.test_app import words

WRONG = ThawError(where="papers of this case", got="a comparison that ended", want="memory", fix="Look again.")


@pytest.fixture
def browser(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A workbench as it is when it was started, in which every case with papers is a long one."""
    monkeypatch.setattr(papers_apart, "LONG_PAGES", 1)
    world.work.book.cache.pop("compared", None)
    made = Browser(world.work)
    made.background.started = True
    yield made
    made.background.stop()
    world.work.book.cache.pop("compared", None)


@pytest.fixture
def case(world: World) -> str:
    return world.cases["canal"]


def test_long_papers_are_compared_beside_the_screens_which_come_by_themselves(
    browser: Browser, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    real = papers_apart.ask

    def slow(*order: object) -> object:
        go_on.wait(30)
        return real(*order)  # type: ignore[arg-type]

    monkeypatch.setattr(compared, "ask", slow)
    monkeypatch.setattr("thaw.casework.charts.ask", slow)
    boards = [f"/case/{case}/claims", f"/case/{case}/timeline", f"/chart?case={case}"]
    for path in boards:
        answer = browser.get(path)
        assert answer.status_code == 200
        assert 'data-again="2000"' in answer.text
        assert "The papers are being compared" in words(answer.text)
    part = browser.get(f"/case/{case}/papers", **{"HX-Request": "true"}).text
    assert 'hx-trigger="load delay:2s"' in part
    assert "With thousands of pages this takes a minute the first time." in words(part)
    go_on.set()
    for thread in list(browser.background._threads):
        thread.join(60)
    for path in [*boards, f"/case/{case}/papers"]:
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "data-again" not in answer.text
        assert "being compared" not in words(answer.text)


def entries_of(world: World, before: int) -> list[tuple[str, str]]:
    """Kind and command of the entries from `before` on."""
    sql = "SELECT kind, body FROM entry_index JOIN payload USING (seq) WHERE seq >= ? ORDER BY seq"
    found = world.work.book.store.reading_connection().execute(sql, (before,))
    return [(kind, json.loads(body).get("command")) for kind, body in found]


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Comparisons wait until this is set."""
    go_on = threading.Event()
    real = papers_apart.ask

    def slow(*order: object) -> object:
        go_on.wait(30)
        return real(*order)  # type: ignore[arg-type]

    monkeypatch.setattr(compared, "ask", slow)
    monkeypatch.setattr("thaw.casework.charts.ask", slow)
    yield go_on
    go_on.set()


@pytest.mark.parametrize(
    ("path", "looks"),
    [
        ("/case/{}/claims", ["case", "claims", "documents"]),
        ("/case/{}/timeline", ["timeline"]),
        ("/chart?case={}", ["chart", "chart versions"]),
        ("/case/{}/papers", ["claims"]),
    ],
)
def test_however_often_a_waiting_page_asks_it_is_one_look(
    world: World, browser: Browser, case: str, held_up: threading.Event, path: str, looks: list[str]
) -> None:
    at, before = path.format(case), world.work.book.store.size()
    part = {"HX-Request": "true"} if at.endswith("/papers") else {}
    for _ in range(4):
        assert "being compared" in words(browser.get(at, **part).text)
    waited = entries_of(world, before)
    held_up.set()
    for thread in list(browser.background._threads):
        thread.join(60)
    assert "being compared" not in words(browser.get(at, **part).text)
    shown = entries_of(world, before)
    assert waited == shown[: len(waited)]
    assert [command for _, command in shown] == looks
    # It was shown: whoever looks again looks again.
    assert browser.get(at, **part).status_code == 200
    assert len(entries_of(world, before)) == 2 * len(looks)


def test_a_poll_is_bound_to_its_person_purpose_and_address(
    world: World, browser: Browser, case: str, held_up: threading.Event
) -> None:
    at = f"/case/{case}/timeline"
    before = world.work.book.store.size()
    browser.get(at)
    assert len(entries_of(world, before)) == 1
    browser.get(at + "?window=all")  # another address
    assert len(entries_of(world, before)) == 2
    browser.get(at, **{"HX-Request": "true"})  # a piece of a page is none of its polls
    assert len(entries_of(world, before)) == 3
    browser.post("/purpose", purpose="another reason")
    browser.get(at)
    assert len(entries_of(world, before)) == 4
    browser.get(at)
    assert len(entries_of(world, before)) == 4
    other = Browser(world.work)  # another visit
    other.background.started = True
    other.get(at)
    assert len(entries_of(world, before)) == 5
    other.background.stop()


def test_while_values_are_read_the_part_of_a_case_that_waits_for_them_is_one_look(
    world: World, browser: Browser, case: str
) -> None:
    browser.background.reading_values = True
    before, part = world.work.book.store.size(), {"HX-Request": "true"}
    for _ in range(3):
        assert "hx-trigger" in browser.get(f"/case/{case}/crossings", **part).text
    browser.background.reading_values = False
    assert "hx-trigger" not in browser.get(f"/case/{case}/crossings", **part).text
    assert entries_of(world, before) == [("access.list", "crossings")]


def test_what_went_wrong_is_said_in_its_place_and_can_be_tried_again(
    browser: Browser, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = papers_apart.ask
    told = []

    def wrong_once(*order: object) -> object:
        if not told:
            told.append(1)
            raise WRONG
        return real(*order)  # type: ignore[arg-type]

    monkeypatch.setattr(compared, "ask", wrong_once)
    part = browser.get(f"/case/{case}/papers", **{"HX-Request": "true"})
    assert part.status_code == 200
    assert "got a comparison that ended, want memory. Look again." in words(part.text)
    assert "hx-trigger" not in part.text
    for _ in range(200):
        part = browser.get(f"/case/{case}/papers", **{"HX-Request": "true"})
        if "being compared" not in part.text:
            break
    assert "comparison that ended" not in part.text
    assert "Where the papers disagree" in words(part.text)


def test_a_board_says_what_went_wrong(browser: Browser, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*order: object) -> object:
        raise WRONG

    monkeypatch.setattr(compared, "ask", wrong)
    answer = browser.get(f"/case/{case}/timeline")
    assert answer.status_code == 500
    assert "That did not work" in words(answer.text)
    assert "a comparison that ended" in words(answer.text)


def test_papers_that_were_changed_turn_the_light_red(
    browser: Browser, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(*order: object) -> object:
        raise TamperError(where="entry 3", got="another content", want="the one committed to", fix="Verify.")

    monkeypatch.setattr(compared, "ask", changed)
    assert browser.get(f"/case/{case}/papers").status_code == 500
    assert browser.background.light.state == "tampered"
