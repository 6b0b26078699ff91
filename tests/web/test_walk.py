"""The walk of a unit through the workbench, in a real browser on the demo book; outside hosts are blocked.

The book is that of `thaw demo`: 41,423 records, the invented case file read, persons. It is made once; each test has a
copy of its own.
"""

from __future__ import annotations

import csv
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from thaw.casework import Session, utc_now
from thaw.casework.demo import CASE_FILE, open_demo, run_demo
from thaw.casework.documents import read_waiting
from thaw.data import data_path
from web.invented import World, say_more
from web.test_browser import page, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["page"]  # the fixture, taken from its neighbor
SOME = ("11 statement 1.pdf", "11 statement 2.pdf", "11 statement 3.tif", "22 teletype.txt", "26 telephone company.eml")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book of `thaw demo`, its case file read; THAW_DEMO_BOOK names one that an earlier run made."""
    if os.environ.get("THAW_DEMO_BOOK"):
        return Path(os.environ["THAW_DEMO_BOOK"])
    folder = tmp_path_factory.mktemp("demo") / "thaw-demo"
    made = open_demo(folder, utc_now, "Invented Detective")
    assert run_demo(made)["records"] == 41_423
    read_waiting(made)
    made.book.close()
    return folder


@pytest.fixture
def work(demo: Path, tmp_path: Path) -> Iterator[Session]:
    """A copy of the demo book."""
    shutil.copy(demo.with_suffix(".key"), tmp_path)
    made = open_demo(Path(shutil.copytree(demo, tmp_path / demo.name)), utc_now, "Invented Detective")
    yield made
    made.book.close()


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder of mixed files, one of them in a folder of its own, and one that cannot be read.

    A few bytes behind the end of each make them files that the demo does not hold yet.
    """
    folder = tmp_path / "Box 7"
    (folder / "inner").mkdir(parents=True)
    with zipfile.ZipFile(data_path(CASE_FILE)) as packed:
        for name in SOME:
            place = folder / "inner" / name if name.endswith("tif") else folder / name
            place.write_bytes(packed.read(name) + b"\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 cut off here")
    return folder


class Watched:
    """A page with what it asked for, and what its console said."""

    def __init__(self, tab: Any, address: str) -> None:
        self.tab, self.base = tab, address.partition("/open/")[0]
        # The ledger of 43,000 entries is checked and the comparison made ready while the first screens are opened.
        tab.set_default_timeout(90_000)
        self.asked: list[str] = []
        self.said: list[str] = []
        tab.on("request", lambda request: self.asked.append(request.url))
        tab.on("console", lambda message: self.said.append(f"{tab.url}: {message.text}"))
        tab.on("pageerror", lambda error: self.said.append(f"{tab.url}: {error}"))
        tab.route("**/*", lambda route: route.continue_() if self._own(route.request.url) else route.abort())
        tab.goto(address)

    def _own(self, url: str) -> bool:
        return url.startswith((self.base, "data:"))

    def go(self, path: str) -> None:
        self.tab.goto(self.base + path)

    def end(self) -> None:
        assert [url for url in self.asked if not self._own(url)] == []
        assert self.said == []


@pytest.fixture
def watch(page: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Session], Watched]]:
    ends: list[Callable[[], None]] = []

    def start(work: Session) -> Watched:
        address, end = served(World(work), monkeypatch)
        ends.append(end)
        return Watched(page, address)

    yield start
    for end in ends:
        end()


def test_from_a_dropped_folder_to_a_settled_conflict_and_back_to_the_page(
    work: Session, mixed: Path, watch: Callable[[Session], Watched]
) -> None:
    seen = watch(work)
    tab = seen.tab
    tab.add_init_script(NOTE_PROGRESS)
    # A folder of mixed files is dropped, for a new case, out of a box.
    seen.go("/tray")
    before = tab.locator("tr.state-read").count()
    assert before > 30  # the demo's own papers
    tab.fill("#d-title", "Invented: a second box")
    tab.fill("#d-box", "Box 7")
    drop(tab, mixed)
    tab.wait_for_url("**/tray?case=*", timeout=60_000)
    assert f"{len(SOME) + 1} taken in." in tab.inner_text("#drop-progress")
    # The table asks for itself until all is read; nobody loads the page again.
    tab.wait_for_selector("tr.state-failed", timeout=60_000)
    tab.locator("tr.state-read").nth(before + len(SOME) - 1).wait_for(timeout=90_000)
    passed = set(tab.evaluate("sessionStorage.getItem('progress')").split())
    assert passed & {"state-queued", "state-reading", "state-waiting"}
    first = tab.locator("table.tray tbody tr").first
    assert "Box 7/broken.pdf" in first.inner_text()  # failures first, with reason and advice
    assert "What now:" in first.inner_text()
    tab.click("button[aria-label='Try Box 7/broken.pdf again']")
    assert "1 queued again" in tab.inner_text(".banner.done")
    tab.wait_for_selector("tr.state-failed", timeout=60_000)
    # A mention becomes a named person.
    tab.click("text=Box 7/11 statement 1.pdf")
    tab.wait_for_selector("#page image")
    assert tab.locator("#words rect").count() > 40
    tab.click("#panel-named > summary")
    tab.click(".chips button:has-text('Nell Abbot')")
    assert "Named: Nell Abbot" in tab.inner_text(".banner.done")
    # A passage that is dragged over on the picture becomes a statement.
    state_by_drag(tab, "March", "1984", "date", "March 11, 1984")
    assert "Stored as entry" in tab.inner_text(".banner.done")
    assert tab.locator("#cited").count() == 1
    case = tab.get_attribute(".crumb a", "href")
    # A second paper says another day: two readings, one preferred with a reason.
    say_more(
        work, case.rpartition("/")[2], "date", {"date": {"from": "1984-03-12", "to": "1984-03-12", "precision": "day"}}
    )
    seen.go(case)
    assert tab.locator("tr.but").count() == 1
    tab.click("tr.but .decide summary")
    tab.fill("tr.but .decide input[name=reason]", "the witness was there")
    tab.click("text=Prefer this reading")
    assert "shown first from now on" in tab.inner_text(".banner.done")
    assert "the witness was there" in tab.inner_text(".why-first")
    # So do the papers: three shots or four. One account is believed, with a reason.
    tab.wait_for_selector("#papers .conflict")
    shots = tab.locator(".conflict", has_text="shots").first
    shots.locator("input[name=preferred]").first.check()
    shots.locator("input[name=reason]").fill("nearer to the place")
    shots.locator("button", has_text="Settle").click()
    tab.wait_for_selector(".conflict.settled")
    assert "nearer to the place" in tab.inner_text(".conflict.settled")
    # The citation opens the page at the box.
    tab.click("tr.preferred a:has-text('on the page')")
    tab.wait_for_selector("#cited")
    assert tab.evaluate("""() => {
        const box = document.getElementById('cited').getBoundingClientRect();
        const frame = document.getElementById('picture').getBoundingClientRect();
        return box.width > 20 && box.top >= frame.top && box.bottom <= frame.bottom;
    }""")
    seen.end()


NOTE_PROGRESS = """setInterval(() => {
    const seen = new Set((sessionStorage.getItem('progress') || '').split(' '));
    document.querySelectorAll('table.tray tbody tr').forEach((row) => seen.add(row.className));
    sessionStorage.setItem('progress', [...seen].join(' '));
}, 50)"""


def drop(tab: Any, folder: Path) -> None:
    """Drop a folder on the tray as a hand does, by the browser's own events."""
    zone = tab.locator("#drop-zone").bounding_box()
    held = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    browser = tab.context.new_cdp_session(tab)
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": zone["x"] + 200, "y": zone["y"] + 20}
        browser.send("Input.dispatchDragEvent", {"type": kind, **place, "data": held})


def test_from_a_search_over_the_next_hit_to_a_statement(
    work: Session, mixed: Path, watch: Callable[[Session], Watched]
) -> None:
    from thaw.casework.documents import add_documents

    add_documents(work, [mixed], new_title="Invented: a second box", wait=True)
    seen = watch(work)
    tab = seen.tab
    tab.fill("#desk-q", "statement canal")
    tab.fill(".big-search input[name=purpose]", "case 84-0412")
    tab.click(".big-search button")
    assert tab.locator(".hits > li").count() >= 2
    assert "Understood as" in tab.inner_text(".summary")
    tab.click("a[aria-label='Preview of hit 1']")
    tab.wait_for_selector("#preview mark")
    tab.click(".hits > li:first-child a.title")
    tab.wait_for_selector(".text .hit")
    first = tab.url
    assert tab.locator(".text .hit").count() >= 2
    tab.click("#hit-next")
    tab.wait_for_selector("#hit-previous")
    assert tab.url.partition("?")[0] != first.partition("?")[0]
    # By words typed as they stand, without marking: the way that needs no mouse and no script.
    quote = "drove off toward the canal"
    tab.fill("#s-quote", quote)
    # The box for the value is exchanged for one that fits the field: what is written before that is lost.
    with tab.expect_response(lambda answer: "/field" in answer.url):
        tab.select_option("#s-field", "observation")
    tab.wait_for_load_state("networkidle")
    tab.wait_for_selector("#s-value-box input#s-value")
    tab.fill("#s-value", "A car drove off toward the canal.")
    tab.click("text=Make a statement")
    assert quote in " ".join(tab.inner_text("#panel-stated .made").split())
    # Undo is to take it back: it stays, struck through.
    tab.click("#panel-stated .made summary")
    tab.fill("#panel-stated .made input[name=reason]", "another car")
    tab.click("#panel-stated .made button")
    assert tab.locator("#panel-stated .made s").count() == 1
    seen.end()


def test_from_a_new_incident_to_ranked_cases(work: Session, watch: Callable[[Session], Watched]) -> None:
    seen = watch(work)
    tab = seen.tab
    seen.go("/new")
    tab.fill("#f-title", "Invented: by the weir")
    tab.fill("#f-date_from", "July 1985")
    tab.select_option("#f-state", "UT")
    tab.fill("#f-county", "Salt Lake")
    tab.select_option("#f-weapon", "80")
    groups = tab.locator(".behaviour")
    assert groups.count() == 15
    for i in range(15):
        groups.nth(i).locator("input[value=yes]").check()
    tab.click("text=Store the incident")
    tab.wait_for_selector("#alike li", timeout=60_000)
    tab.click("text=For and against, feature by feature")
    assert tab.locator(".alike > li").count() == 10
    assert "40,104 cases searched" in tab.inner_text(".expect") or "40,105 cases searched" in tab.inner_text(".expect")
    # What was told counts, feature by feature: when, where, how.
    assert tab.locator(".alike > li").first.locator(".bars tbody tr").count() >= 3
    seen.end()


def test_the_ledger_turns_from_green_to_red_when_one_byte_is_changed(
    work: Session, watch: Callable[[Session], Watched]
) -> None:
    seen = watch(work)
    tab = seen.tab
    seen.go("/cases")
    case_id = tab.get_attribute("table.list tbody tr:nth-child(40) a.title", "href").rpartition("/")[2]
    title = tab.inner_text("table.list tbody tr:nth-child(40) a.title")
    seen.go("/ledger")
    tab.wait_for_selector(".verdict.light-ok", timeout=90_000)
    with tab.expect_download() as kept:
        tab.click("text=Checkpoint to a file")
    assert kept.value.suggested_filename.startswith("checkpoint-")
    db = apsw.Connection(str(work.book.folder / "casebook.db"))
    (body,) = db.execute("SELECT body FROM payload WHERE seq = ?", (created(work, case_id),)).fetchone()
    changed = bytes(body[:-3]) + bytes([body[-3] ^ 1]) + bytes(body[-2:])
    db.execute("UPDATE payload SET body = ? WHERE seq = ?", (changed, created(work, case_id)))
    db.close()
    tab.click("button:has-text('Check now')")
    tab.wait_for_selector(".light.light-tampered", timeout=60_000)
    seen.go("/ledger")
    assert f"entry {created(work, case_id)}" in tab.inner_text("main").lower()
    assert "What to do" in tab.inner_text("main")
    # Nothing of the records is shown any more.
    assert tab.goto(f"{seen.base}/case/{case_id}").status == 500
    assert title not in tab.inner_text("body")
    seen.said = [line for line in seen.said if "500" not in line]  # the refusal itself is what was asked for
    seen.end()


def created(work: Session, case_id: str) -> int:
    """The entry that made a case."""
    db = apsw.Connection(str(work.book.folder / "casebook.db"), flags=apsw.SQLITE_OPEN_READONLY)
    found = db.execute("SELECT first_seq FROM cases WHERE case_id = ?", (case_id,)).fetchone()[0]
    db.close()
    return int(found)


def state_by_drag(tab: Any, first: str, last: str, field: str, value: str) -> None:
    """Drag over the picture from one word to another, then make what was marked a statement."""
    text = tab.inner_text("#text")
    assert first in text
    spot = """(word) => {
        const text = Array.from(document.getElementById('text').textContent).join('');
        const at = text.indexOf(word);
        const rect = [...document.querySelectorAll('#words rect')].find((r) => +r.dataset.s <= at && +r.dataset.e > at);
        rect.scrollIntoView({ block: 'center' });
        const box = rect.getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2];
    }"""
    x, y = tab.evaluate(spot, first)
    to_x, to_y = tab.evaluate(spot, last)
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move((x + to_x) / 2, (y + to_y) / 2)
    tab.mouse.move(to_x, to_y)
    tab.mouse.up()
    assert first in tab.inner_text("#picked-words")
    tab.click("button[data-make=stated]")
    tab.select_option("#s-field", field)
    tab.wait_for_timeout(500)
    tab.fill("#s-value", value)
    tab.click("text=Make a statement")


RUN = "<script>window.ran=1</script><img src=x onerror=window.ran=1>"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran=1"><text>{RUN}</text></svg>'
MAIL = f"""From: nobody@invented.example
Subject: {RUN}
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><body onload="window.ran=1"><p>An invented wallet {RUN}</p>
<iframe src="javascript:window.parent.ran=1"></iframe><img src="http://outside.example/x.png"></body></html>
"""


def test_hostile_files_never_run_and_their_cells_are_no_formulas(
    work: Session, tmp_path: Path, watch: Callable[[Session], Watched]
) -> None:
    from thaw.casework.documents import add_documents

    files = {
        "<img src=x onerror=window.ran=1>.txt": f"An invented wallet {RUN}",
        "drawing.svg": SVG,
        "letter.html": f"<html><body onload='window.ran=1'>An invented wallet {RUN}</body></html>",
        "letter.eml": MAIL,
        "=HYPERLINK(1).csv": "name,note\n=cmd|' /C calc'!A0,\"An invented wallet\"\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    added = add_documents(work, [tmp_path / name for name in files], new_title=f"Invented {RUN}", wait=True)
    seen = watch(work)
    tab = seen.tab
    dialogs: list[str] = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    tab.fill("#purpose-box", RUN)
    tab.click(".purpose button")
    pages = [f"/document/{one['sha256']}/page/1" for one in added["files"]]
    paths = [
        "/",
        "/tray",
        "/cases",
        f"/case/{added['case_id']}",
        "/search?q=wallet",
        "/saved",
        "/things",
        "/ledger",
        *pages,
    ]
    for path in [*paths, *(f"{one}?mark=wallet&quote=invented" for one in pages)]:
        seen.go(path)
        tab.wait_for_load_state("networkidle")
        assert tab.evaluate("window.ran === undefined"), path
    seen.go("/search?q=wallet")
    tab.click("a[aria-label='Preview of hit 1']")
    tab.wait_for_selector("#preview mark")
    assert tab.evaluate("window.ran === undefined")
    with tab.expect_download() as kept:
        tab.click("text=as CSV")
    with Path(kept.value.path()).open(encoding="utf-8", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.strip()[:1] in ("=", "+", "@")] == []
    assert dialogs == []
    seen.end()
