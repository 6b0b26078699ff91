"""Screens of a case of thousands of pages: papers are being compared, and what went wrong with that is said."""

from __future__ import annotations

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
