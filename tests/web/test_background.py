"""The light of the ledger, and what goes on beside the screens."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from thaw.casework.desk import WaitingDocuments
from thaw.casework.watching import Watch
from thaw.errors import InputError, TamperError
from thaw.web.background import Background
from web.invented import Browser, World
from web.test_app import change_content, words


def test_the_light_is_grey_until_the_ledger_was_checked(world: World) -> None:
    assert "Ledger not checked yet" in Browser(world.work).get("/").text


def test_from_the_start_on_pages_know_that_a_check_will_come_and_ask_for_it(new_world: Callable[[], World]) -> None:
    # The check begins after the comparison: a page that was opened before must not stay grey.
    browser = Browser(new_world().work)
    go_on = threading.Event()
    browser.background.make_ready = go_on.wait  # type: ignore[method-assign]
    browser.background.start()
    try:
        desk = browser.get("/").text
        assert 'hx-get="/light" hx-trigger="every 2s"' in desk
        assert 'hx-get="/light?at=desk" hx-trigger="every 2s"' in desk
        assert 'hx-get="/ledger" hx-trigger="every 1s"' in browser.get("/ledger").text
        assert "<button disabled>Checking</button>" in browser.get("/ledger").text
        go_on.set()
        browser.background._threads[2].join(30)
        for path in ("/light", "/light?at=desk"):
            told = browser.get(path).text
            assert "Ledger whole" in told
            assert "hx-get" not in told
        # What the page of the ledger asks for brings the button back, too.
        told = browser.get("/ledger", **{"HX-Request": "true"}).text
        assert "<button>Check now</button>" in told
        assert "hx-get" not in told
    finally:
        go_on.set()
        browser.background.stop()


def test_the_light_is_green_with_entries_and_time_after_a_check(new_world: Callable[[], World]) -> None:
    browser = Browser(new_world().work)
    entries = browser.background._session.book.store.size()
    browser.background.check_ledger()
    light = browser.background.light
    assert (light.state, light.entries, light.found) == ("ok", entries, ())
    assert f'Ledger whole: <span class="seq">{entries}</span> entries, checked <time>' in browser.get("/").text
    told = words(browser.get("/ledger").text)
    newer = browser.background._session.book.store.size() - entries
    assert f"; {newer} newer, not yet checked" in told
    assert "Entries that are newer are checked when you press Check now, each night while the workbench runs" in told


def test_a_changed_byte_turns_the_light_red_and_names_the_entry(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    entry = change_content(world, world.cases["hotel"])
    browser.background.check_ledger()
    answer = browser.get("/")
    assert answer.status_code == 500
    assert f"<td>entry {entry}</td><td><code>commitment-mismatch</code></td>" in answer.text
    ledger = browser.get("/ledger")
    assert ledger.status_code == 200
    assert f"Ledger does not verify: entry {entry}. Stop working in this book." in ledger.text
    assert "Leave the folder of the book as it is, and copy it" in ledger.text


def test_a_red_that_a_read_met_stays_until_the_next_check(new_world: Callable[[], World]) -> None:
    background = Background(new_world().work)
    background.turn_red(TamperError(where="blob ab", got="no such file", want="the bytes", fix="Stop."))
    assert background.light.state == "tampered"
    assert background.light.found[0]["detail"] == "Got no such file, want the bytes."


def test_a_check_that_cannot_be_made_says_why(new_world: Callable[[], World]) -> None:
    world = new_world()
    (world.work.book.folder / "casebook.toml").unlink()
    background = Background(world.work)
    background.check_ledger()
    assert background.light.state == "unknown"
    assert "got no casebook.toml, want a casebook" in str(background.light.problem)


def test_waiting_documents_are_read_and_the_comparison_is_made_ready(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    path = f"/document/{world.documents['waiting.txt']}/page/1"
    assert "This file waits to be read." in browser.get(path).text
    browser.background.start()
    browser.background.stop()
    assert "This invented page waits to be read." in browser.get(path).text
    assert "matcher" in world.work.book.cache


def test_an_idle_book_is_left_as_it_is(new_world: Callable[[], World]) -> None:
    work = new_world().work
    waiting = WaitingDocuments(work)
    assert waiting.read() == 1
    assert waiting.read() == 0  # our own reading was a change: one more look
    size = work.book.store.size()
    assert [waiting.read() for _ in range(5)] == [0] * 5
    assert work.book.store.size() == size


def test_stopping_ends_all_threads(new_world: Callable[[], World]) -> None:
    background = Background(new_world().work)
    background.start()
    background.stop()
    assert not any(thread.is_alive() for thread in background._threads)


def test_a_reader_that_fails_in_an_unknown_way_is_said_on_the_desk(
    new_world: Callable[[], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("thaw.web.background.WaitingDocuments.read", fail)
    browser = Browser(new_world().work)
    browser.background._run(browser.background._read_documents)
    browser.background.stop()
    expected = "A waiting document could not be read (ZeroDivisionError). Try `thaw work`."
    assert expected in browser.get("/").text


@pytest.mark.parametrize("red", [True, False])
def test_what_is_met_while_watching_for_new_material_is_said(
    new_world: Callable[[], World], monkeypatch: pytest.MonkeyPatch, red: bool
) -> None:
    kind = TamperError if red else InputError
    seen = []

    def turn(watch: Watch) -> list[str]:
        seen.append(watch)
        raise kind(where="entry 4", got="other words", want="the words", fix="Stop.")

    monkeypatch.setattr(Watch, "turn", turn)
    monkeypatch.setattr("thaw.web.background._FIRST_WATCH_SECONDS", 0.0)
    background = Background(new_world().work)
    background._run(background._watch)
    while not seen:
        pass
    background.stop()
    assert (background.light.state, background.problem) == (
        ("tampered", None) if red else ("unknown", "entry 4: got other words, want the words. Stop.")
    )


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_book_that_closes_under_a_long_watch_is_no_error(
    new_world: Callable[[], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def turn(watch: Watch) -> list[str]:
        begun.set()
        assert background._stop.wait(20)
        raise RuntimeError("the connection is closed")

    monkeypatch.setattr(Watch, "turn", turn)
    monkeypatch.setattr("thaw.web.background._FIRST_WATCH_SECONDS", 0.0)
    background = Background(new_world().work)
    background._run(background._watch)
    assert begun.wait(20)
    background.stop()
    assert not any(thread.is_alive() for thread in background._threads)
