"""The boards in a real browser: walks of a detective, no request to elsewhere, a quiet console, axe in both themes."""

# ruff: noqa: F811  (fixtures are taken by name)
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from books import Clock
from thaw.casework import Session
from thaw.casework.alerts import alert_on_save
from web.boards_world import BODY, NAME, fill_boards
from web.invented import World, say_more
from web.test_browser import page, served  # noqa: F401

pytestmark = pytest.mark.browser


class Watched:
    """A page whose requests and messages are kept."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.base = page, address.partition("/open/")[0]
        self.asked: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))
        # Whatever would leave the machine is stopped, so that a test without a network means something.
        page.route(
            "**/*", lambda route: route.continue_() if route.request.url.startswith(self.base) else route.abort()
        )
        page.goto(address)

    def go(self, path: str) -> Any:
        """Open an address of the workbench."""
        answer = self.page.goto(self.base + path)
        assert answer.status == 200, path
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
        return answer

    def is_quiet(self) -> None:
        """Nothing was asked of another host, and nothing was complained of."""
        assert [url for url in self.asked if not url.startswith((self.base, "data:"))] == []
        assert self.said == []


@pytest.fixture
def walk(
    new_world: Callable[[], World],
    page: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[tuple[World, Watched]]:
    """The invented book with papers and persons, served."""
    world = fill_boards(new_world(), tmp_path)
    address, end = served(world, monkeypatch)
    try:
        yield world, Watched(page, address)
    finally:
        end()


def screens(world: World) -> list[str]:
    canal, hotel = world.cases["canal"], world.cases["hotel"]
    return [
        f"/case/{canal}/similar", f"/case/{canal}/pair/{hotel}", "/alerts", "/series", "/identify", f"/identify/{BODY}",
        f"/identify/{BODY}/pair/{NAME}", f"/person/{NAME}", f"/person/{BODY}",
        f"/identify/{BODY}/lane?without=place", "/kinship",
        f"/case/{canal}/claims", f"/case/{canal}/timeline", "/timeline",
        f"/timeline?case={canal}&case={hotel}", "/chart", f"/chart?case={canal}", "/map", f"/map?case={canal}",
    ]  # fmt: skip


def test_every_board_stays_on_this_machine_and_fits_the_window(walk: tuple[World, Watched]) -> None:
    world, watched = walk
    for size in ((1280, 720), (1920, 1080), (900, 700)):
        watched.page.set_viewport_size({"width": size[0], "height": size[1]})
        for path in screens(world):
            watched.go(path)
    watched.is_quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_board_has_a_fault_of_accessibility(walk: tuple[World, Watched], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    world, watched = walk
    watched.page.emulate_media(color_scheme=scheme)
    watched.go("/kinship")
    watched.page.click("text=Use the invented family")
    faults = []
    for path in [watched.page.url.removeprefix(watched.base), *screens(world)]:
        watched.go(path)
        found = axe.run(watched.page).response
        assert len(found["passes"]) > 10, path  # it looked
        for fault in found["violations"]:
            faults.append((path, fault["id"], fault["impact"], [node["html"][:160] for node in fault["nodes"]][:2]))
    assert faults == []


def test_a_node_is_moved_by_hand_and_by_key_and_the_version_holds_it(walk: tuple[World, Watched]) -> None:
    world, watched = walk
    page, canal = watched.page, world.cases["canal"]
    watched.go(f"/chart?case={canal}")
    knot = page.locator('g[data-node="person:walter rusk"]')
    box = knot.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=6)
    page.mouse.up()
    assert page.locator("#pinned").inner_text() == "1 moved by hand"
    assert page.url.endswith(f"case={canal}")  # a drag is no click
    page.locator('a:has(g[data-node="plate:4gpy976"])').focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#pinned").inner_text() == "2 moved by hand"
    moved, still = knot.get_attribute("transform"), page.locator(f'g[data-node="{canal}"]').get_attribute("transform")
    page.fill("#name", "Invented version")
    page.click("text=Keep it")
    page.wait_for_selector("text=Version “Invented version”")
    for node, before in (("person:walter rusk", moved), (canal, still)):
        after = page.locator(f'g[data-node="{node}"]').get_attribute("transform")
        # Kept in ten-thousandths of the picture: a tenth of a unit either way.
        assert numbers(after) == pytest.approx(numbers(before), abs=0.2)
    watched.is_quiet()


def numbers(transform: str) -> list[float]:
    """The two numbers of a translation."""
    return [float(x) for x in transform.removeprefix("translate(").removesuffix(")").split()]


def test_the_years_of_the_map_slide(walk: tuple[World, Watched]) -> None:
    _, watched = walk
    page = watched.page
    watched.go("/map")
    before = page.locator(".slider output").inner_text()
    end = page.locator('.slider input[name="to"]')
    end.focus()
    page.keyboard.press("Home")
    assert page.locator(".slider output").inner_text() != before
    assert "dated cases in areas" in page.locator(".slider output").inner_text()
    watched.is_quiet()


def test_without_scripts_every_board_still_shows_and_decides(
    new_world: Callable[[], World],
    page: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    world = fill_boards(new_world(), tmp_path)
    address, end = served(world, monkeypatch)
    plain = page.context.browser.new_context(java_script_enabled=False).new_page()
    try:
        plain.goto(address)
        base = address.partition("/open/")[0]
        plain.goto(f"{base}/case/{world.cases['canal']}/pair/{world.cases['hotel']}")
        assert plain.locator(".figure-waterfall").is_visible()
        plain.check("input[value=undecided]")
        plain.fill("#reason", "Invented: more paper first")
        plain.click("text=Record the decision")
        plain.locator("text=left open").first.wait_for()
        for path, figure in ((f"/chart?case={world.cases['canal']}", "chart"), ("/map", "map")):
            plain.goto(base + path)
            assert plain.locator(f".figure-{figure}").is_visible()
    finally:
        end()


@pytest.mark.slow
def test_the_walks_of_a_detective_through_the_demo_book(
    tmp_path: Path,
    page: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from thaw.casework.demo import open_demo, run_demo
    from thaw.casework.documents import read_waiting

    work = open_demo(tmp_path / "demo", Clock(), "Invented Detective")
    made = run_demo(work)
    if read_waiting(work)["problem"]:
        pytest.skip("Tesseract is not on this machine")
    address, end = served(World(work), monkeypatch)
    watched = Watched(page, address)
    page.set_default_timeout(180_000)  # a machine that does other work too; speed is measured in bench/boards.py
    try:
        page.fill("#purpose-box", "invented walk")
        page.click(".purpose button")
        pair = _incident_to_alert(watched, work)
        find = _series_to_map(watched)
        body = _body_to_sheet(watched)
        _chart_to_sentence(watched, made["case_file"]["case_id"])
        paper = made["case_file"]["case_id"]
        paths = [pair, pair.rpartition("/pair/")[0] + "/similar", "/alerts?state=all", "/series", find, "/map", body]
        paths += [f"/case/{paper}/timeline", f"/case/{paper}/claims", f"/chart?case={paper}", "/timeline?state=UT"]
        for scheme in ("light", "dark"):
            _is_accessible(watched, paths, scheme)
        watched.is_quiet()
    finally:
        end()
    work.book.close()


def _is_accessible(watched: Watched, paths: list[str], scheme: str) -> None:
    """Axe finds nothing on any of these screens."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    watched.page.emulate_media(color_scheme=scheme)
    faults = []
    for path in paths:
        watched.go(path)
        found = axe.run(watched.page).response
        assert len(found["passes"]) > 10, path  # it looked
        faults += [(path, scheme, fault["id"], fault["nodes"][0]["html"][:160]) for fault in found["violations"]]
    assert faults == []


def _incident_to_alert(watched: Watched, work: Session) -> str:
    """New incident -> ranked list -> side by side -> decision -> entry -> alert dismissed, back on a new fact only.

    The incident is like two others of the register in every field, so that saving it raises an alert with each.
    """
    page, title = watched.page, "Invented: in the demo"
    watched.go("/new")
    page.fill("#f-title", title)
    page.fill("#f-date_from", "November 1998")
    page.select_option("#f-state", "OR")
    page.fill("#f-county", "Josephine")
    page.select_option("#f-weapon", "80")
    page.select_option("#f-circumstance", "02")
    page.select_option("#f-sex", "F")
    page.fill("#f-age_from", "5")
    page.click("text=Store the incident")
    case_id = page.url.rpartition("/")[2]
    page.click("main a.primary:has-text('What looks like it')")
    page.wait_for_selector(".alike > li")
    page.locator("a[href*='/pair/']:has-text('Side by side')").first.click()
    pair = page.url.removeprefix(watched.base)
    page.check("input[value=accept]")
    page.fill("#reason", "Invented: same town, same weeks")
    page.click("text=Record the decision")
    # Another comparison may be at work: the page comes by itself, and says then what was done.
    page.wait_for_selector("main:has-text('Decided, with your reason.')", timeout=60_000)
    row = page.locator("#history tr:has-text('Invented: same town, same weeks')")
    assert "accepted" in row.inner_text()
    row.locator("a.seq").click()  # the entry of the ledger itself
    assert "link.decide" in page.locator("main").inner_text()
    assert "Invented: same town, same weeks" in page.locator("main").inner_text()
    mine = f"ol.alike > li:has-text('{title}')"
    watched.go("/alerts")
    count = page.locator(mine).count()
    assert count >= 1
    for _ in range(count):
        page.locator(mine).first.locator("input[name=reason]").fill("Invented: read, nothing in it")
        page.locator(mine).first.locator("button").click()
        page.wait_for_load_state()
    assert page.locator(mine).count() == 0
    alert_on_save(work, [case_id])  # saved once more, with nothing new
    watched.go("/alerts")
    assert page.locator(mine).count() == 0
    say_more(work, case_id, "location_type", {"code": "13", "list": "nibrs.location_type"})
    alert_on_save(work, [case_id])
    watched.go("/alerts")
    assert page.locator(mine).count() >= 1
    return pair


def _series_to_map(watched: Watched) -> str:
    """Suspected series -> its cases -> timeline and map of just these."""
    page = watched.page
    watched.go("/series")
    page.click("text=Scan now")
    page.wait_for_selector("table.list", timeout=180_000)
    page.locator("table.list a.title").first.click()
    find = page.url.removeprefix(watched.base)
    many = page.locator("table.list tbody tr").count()
    assert many >= 2
    assert page.locator(".figure-expected").is_visible()
    page.click("text=Timeline of these cases")
    assert page.locator(".counts b").first.inner_text() == str(many)
    assert page.locator(".figure-timeline").is_visible()
    page.click("text=The same on the map")
    assert page.locator(".counts b").first.inner_text() == str(many)
    assert page.locator(".figure-map").is_visible()
    return find


def _body_to_sheet(watched: Watched) -> str:
    """A John Doe -> candidates -> exception lane -> pair -> sheet as PDF; kinship -> pedigree -> sheet."""
    page = watched.page
    watched.go("/identify")
    page.locator("table.list a.title").first.click()
    body = page.url.removeprefix(watched.base)
    page.click("text=If one field is wrong")
    assert page.locator("#lane").is_visible()
    assert "ruled out by an expert" in page.locator(".counts").inner_text()
    page.locator("ol.alike h3 a").first.click()
    with page.expect_download() as sheet:
        page.click("text=Sheet as PDF")
    assert Path(sheet.value.path()).read_bytes()[:5] == b"%PDF-"
    watched.go("/kinship")
    page.click("text=Use the invented family")
    page.wait_for_selector(".figure-pedigree")
    assert page.locator(".figure-pedigree").count() == 2
    with page.expect_download() as sheet:
        page.click("text=Sheet as PDF")
    assert Path(sheet.value.path()).read_bytes()[:5] == b"%PDF-"
    return body


def _chart_to_sentence(watched: Watched, case_id: str) -> None:
    """Chart -> line -> sentence -> the page on which it stands, marked."""
    page = watched.page
    watched.go(f"/chart?case={case_id}")
    line = page.locator(".figure-chart a[href*='/chart/line']").first.get_attribute("href")
    watched.go(line)  # a line of the picture itself opens the same page as the list below it
    assert page.locator(".snippet").count() >= 1
    watched.go(f"/chart?case={case_id}")
    page.locator("section:has(h2:text('Lines with most sources')) a").first.click()
    quote = page.locator(".snippet").first.inner_text().strip("“” ")
    page.locator(".hits a.title").first.click()
    page.wait_for_url("**/document/**")
    assert quote.split()[0].lower() in page.locator("main").inner_text().lower()
