"""Every screen in a real browser: no request leaves the machine, no message in the console."""

from __future__ import annotations

import os
import queue
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from thaw.casework import desk
from thaw.casework.book import Progress
from thaw.casework.mentions import promote
from thaw.casework.notes import note_on_case, note_on_page, withdraw_note
from thaw.casework.saved_searches import save_search
from thaw.casework.statements import state_by_hand
from thaw.casework.tags import tag_case, tag_page
from thaw.web.server import serve_book
from web.invented import World

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--no-first-run"]


@pytest.fixture
def page() -> Iterator[Any]:
    """A page of headless chromium, 1280 by 720."""
    chromium = os.environ.get("THAW_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not on this machine")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser.new_page(viewport={"width": 1280, "height": 720})
        browser.close()


def test_every_screen_stays_on_this_machine_and_keeps_the_console_quiet(
    new_world: Callable[[], World], page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = new_world()
    address, end = served(world, monkeypatch)
    base = address.partition("/open/")[0]
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    try:
        page.goto(address)
        assert page.title() == "Desk · Thaw"
        for path in screens(world):
            assert page.goto(base + path).status == 200, path
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is {wide} px too wide"
        enter_incident(page, base)
    finally:
        end()
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
    assert said == []


def test_keys_go_through_the_words_that_were_found_and_write_a_note(
    new_world: Callable[[], World], page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = new_world()
    address, end = served(world, monkeypatch)
    report = f"{address.partition('/open/')[0]}/document/{world.documents['report 85-0412.txt']}/page/1"
    try:
        page.goto(address)
        page.goto(f"{report}?mark=canal&mark=the")
        found = page.locator(".text .hit")
        assert found.count() >= 3
        for key, now in (("]", 0), ("]", 1), ("]", 2), ("[", 1)):
            page.keyboard.press(key)
            assert found.nth(now).get_attribute("class").split()[-1] == "now"
            assert page.locator(".text .now").count() == 1
        page.keyboard.press("n")
        assert page.locator("#panel-notes[open]").count() == 1
        page.keyboard.type("n] a note")  # keys are letters again inside the note
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".notes .note-words")
        assert page.inner_text(".notes .note-words") == "n] a note"
        # Without a search the same keys turn pages.
        page.goto(report)
        page.keyboard.press("]")
        page.wait_for_url("**/page/2")
        page.keyboard.press("[")
        page.wait_for_url("**/page/1")
    finally:
        end()


def test_keys_lead_through_lists_and_pages(
    new_world: Callable[[], World], page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = new_world()
    address, end = served(world, monkeypatch)
    base = address.partition("/open/")[0]
    try:
        page.goto(address)
        page.goto(f"{base}/cases")
        page.keyboard.press("j")
        page.keyboard.press("j")
        assert page.locator("tr.chosen").count() == 1
        second = page.locator("table.list tbody tr a.title").nth(1).get_attribute("href")
        page.keyboard.press("k")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(base + second)
        page.keyboard.press("?")
        assert page.locator("dialog#keys").is_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        page.keyboard.type("wallet j?")  # keys are letters again inside a field
        assert page.input_value("#quick-q") == "wallet j?"
        assert not page.locator("dialog#keys").is_visible()
    finally:
        end()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_has_a_serious_fault_of_accessibility(
    new_world: Callable[[], World], page: Any, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    world = worked_in(new_world())
    address, end = served(world, monkeypatch)
    base = address.partition("/open/")[0]
    page.emulate_media(color_scheme=scheme)
    faults = []
    try:
        page.goto(address)
        for path in screens(world):
            page.goto(base + path)
            found = axe.run(page).response
            assert len(found["passes"]) > 10, path  # it looked
            for fault in found["violations"]:
                if fault["impact"] in ("serious", "critical"):
                    faults.append((path, fault["id"], [node["html"][:120] for node in fault["nodes"]][:2]))
    finally:
        end()
    assert faults == []


def test_a_ranking_comes_by_itself_when_the_cases_are_ready(
    new_world: Callable[[], World], page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    world, go_on, load = new_world(), threading.Event(), desk.WarmMatcher.load

    def slowly(warm: desk.WarmMatcher, progress: Progress) -> None:
        progress("cases", 5, 12)
        go_on.wait(60)
        load(warm, progress)

    monkeypatch.setattr(desk.WarmMatcher, "load", slowly)
    address, end = served(world, monkeypatch)
    try:
        page.goto(address)
        case = f"{address.partition('/open/')[0]}/case/{world.cases['canal']}"
        page.goto(f"{case}/similar")
        assert page.locator("progress").get_attribute("value") == "41"
        assert [fault["id"] for fault in axe.run(page).response["violations"]] == []
        page.goto(case)
        page.wait_for_selector("#alike progress")
        go_on.set()
        page.wait_for_selector("#alike ol li")
        page.goto(f"{case}/similar")
        page.wait_for_selector(".alike > li")
    finally:
        go_on.set()
        end()


def worked_in(world: World) -> World:
    """The book after a day's work: notes, one taken back; a name; a saved search; a decision."""
    work, case_id = world.work, world.cases["canal"]
    report = world.documents["report 85-0412.txt"]
    note_on_case(work, case_id, "Ask the sister.")
    tag_case(work, case_id, "ask the lab")
    tag_page(work, report, 1, "ask the lab")
    withdraw_note(work, note_on_page(work, report, 1, "Whose hand is this?")["entry"], reason="the sergeant's")
    note_on_page(work, report, 1, "The date is written over.")
    promote(work, report, 1, 0, 8, name="Invented police", kind="organisation")
    save_search(work, "the wallet", "wallet", purpose="test")
    state_by_hand(work, case_id, field="circumstance", value="45", source="call of 3 May", said_by="An invented sister")
    return world


def screens(world: World) -> list[str]:
    cases = [
        f"/case/{case_id}{rest}"
        for case_id in (world.cases["canal"], world.cases["hostile"])
        for rest in ("", "/similar", "/log")
    ]
    pages = [f"/document/{digest}/page/1" for digest in world.documents.values()]
    pages += [f"/case/{world.cases['canal']}{rest}" for rest in ("/papers", "/crossings", "/alike")]
    pages += [
        "/tray",
        "/tray?state=failed",
        "/rejects",
        "/things",
        "/things/records",
        "/same",
        "/same?all=yes",
        "/saved",
        "/tags",
        "/tags?tag=ask+the+lab",
    ]
    pages += [f"/case/{world.cases['canal']}{rest}" for rest in ("/state", "/behaviours")]
    pages += [f"{pages[0]}?open={panel}" for panel in ("named", "type", "filed", "notes")]
    pages += ["/decisions", "/cases?from=1985&state=UT&county=Salt+Lake", "/cases?where=weapon%3D80"]
    pages += ["/search/batch", "/ledger/entry/3", f"/document/{world.documents['report 85-0412.txt']}/page/1/alike"]
    return [*("/", "/cases", "/demo", "/new", "/ledger", "/search", "/search?q=wallet&purpose=x"), *cases, *pages]


def enter_incident(page: Any, base: str) -> None:
    """By keyboard and mouse as a person does: the form, the new case, what looks like it."""
    page.goto(f"{base}/new")
    page.fill("#f-title", "Invented: in the browser")
    page.fill("#f-date_from", "July 1985")
    page.select_option("#f-state", "UT")
    page.fill("#f-county", "Salt Lake")
    page.check("input[name=bound][value=yes]")
    page.click("text=Store the incident")
    page.click("main a.primary:has-text('What looks like it')")
    page.wait_for_selector(".alike > li")
    assert page.locator(".alike > li").count() == 10


def served(world: World, monkeypatch: pytest.MonkeyPatch, port: int = 0) -> tuple[str, Callable[[], None]]:
    """The one-time address of a workbench in a thread, and what ends it."""
    servers: list[Any] = []
    import uvicorn

    class Kept(uvicorn.Server):
        def __init__(self, config: uvicorn.Config) -> None:
            super().__init__(config)
            servers.append(self)

    monkeypatch.setattr(uvicorn, "Server", Kept)
    addresses: queue.Queue[str] = queue.Queue()
    options = {"port": port, "announce": addresses.put}
    thread = threading.Thread(target=serve_book, args=(world.work,), kwargs=options)
    thread.start()

    def end() -> None:
        servers[0].should_exit = True
        thread.join(20)

    return addresses.get(timeout=20), end
