"""The boards in a real browser on the demo's records: time to content, and how much script a screen carries.

Time to content: from the request until the figure or list is laid out and painted (two frames after it is in the page),
median of five with the server warm. Chromium, headless, on this machine; nothing is fetched from elsewhere.
"""

from __future__ import annotations

import gzip
import os
import queue
import random
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bench.report import Report
from thaw.casework import Session
from thaw.casework.book import utc_now
from thaw.casework.cases import create_case, incident_sayings
from thaw.casework.demo import open_demo, run_demo
from thaw.casework.documents import add_documents
from thaw.web import serve_book

_ROUNDS = 5
_SETTLES_IN = 90.0  # seconds
_BARS_MS = {
    "series board": 800,
    "chart of 300 nodes": 1_500,
    "map of 41,423 records": 1_500,
    "timeline of 2,000 events": 1_000,
}
_SCRIPT_KB = 600
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_FIRST = [
    "Ada",
    "Ben",
    "Cora",
    "Dirk",
    "Elsa",
    "Finn",
    "Greta",
    "Hugo",
    "Ida",
    "Jonas",
    "Karl",
    "Lena",
    "Max",
    "Nora",
    "Otto",
]
_PAINTED = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
)


def run() -> Report:
    """Measure on a demo book of its own."""
    report = Report("Boards in a browser", __doc__.partition("\n\n")[2].strip())  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as folder:
        work = open_demo(Path(folder) / "demo", utc_now, "Invented Detective")
        run_demo(work)
        crowd = crowded_case(work, Path(folder))
        chromium = os.environ.get("THAW_CHROMIUM") or shutil.which("chromium")
        if chromium is None:
            report.words("Not measured: no chromium on this machine.")
            report.missed += 1
            return report
        _measure(report, work, crowd, chromium)
        work.book.close()
    return report


def crowded_case(work: Session, folder: Path) -> str:
    """An invented case whose papers name well over 300 persons, telephones and plates."""
    chance = random.Random(3)
    told = {"title": "Invented: many names", "date": "1985-07", "invented": True}
    case_id = str(create_case(work, incident_sayings(told), file=None)["case_id"])
    people = [f"{chance.choice(_FIRST)} {chr(65 + i % 26)}{chr(97 + i // 26)}verell" for i in range(260)]
    for number in range(12):
        lines = [f"Report {number} of invented officers. Date of report: July {number + 10}, 1985."]
        for _ in range(70):
            one, other = chance.sample(people, 2)
            lines.append(f"{one} called {other} at 213-555-{chance.randint(100, 199):04}.")
        (folder / f"paper {number}.txt").write_text("\n".join(lines), encoding="utf-8")
    add_documents(work, [folder / f"paper {n}.txt" for n in range(12)], case_id=case_id, wait=True)
    return case_id


def _measure(report: Report, work: Session, crowd: str, chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    addresses: queue.Queue[str] = queue.Queue()
    options = {"port": 0, "announce": addresses.put}
    threading.Thread(target=serve_book, args=(work,), kwargs=options, daemon=True).start()
    address = addresses.get(timeout=60)
    base = address.partition("/open/")[0]
    screens = {
        "series board": ("/case/shr-map:598609/similar", ".alike > li"),
        "chart of 300 nodes": (f"/chart?case={crowd}", ".figure-chart"),
        "map of 41,423 records": ("/map", ".figure-map"),
        "timeline of 2,000 events": ("/timeline?where=year%3D1985..1987", ".figure-timeline"),
        "pair side by side": ("", ".figure-waterfall"),
        "candidates for a body": ("/identify/namus-unidentified:UP900001", "ol.alike > li"),
    }
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        outside: list[str] = []
        page.on("request", lambda r: None if r.url.startswith((base, "data:")) else outside.append(r.url))
        page.goto(address)
        _settled(page, base, crowd)
        page.goto(base + screens["series board"][0])
        pair = page.locator("a:has-text('Side by side')").first.get_attribute("href")
        screens["pair side by side"] = (str(pair), ".figure-waterfall")
        rows = []
        for name, (path, wanted) in screens.items():
            times, script, seen = _times(page, base + path, wanted)
            bar = _BARS_MS.get(name)
            middle = statistics.median(times)
            verdict = report.judge(middle, bar, at_most=True) if bar else ""
            weight = f"{script / 1024:.1f} KB {report.judge(script / 1024, _SCRIPT_KB, at_most=True)}"
            limit = f"{bar} ms" if bar else ""
            rows.append([name, f"{middle:,.0f} ms", f"{max(times):,.0f} ms", limit, verdict, weight, seen])
        browser.close()
    head = [
        "screen",
        "to content, median of five",
        "slowest",
        "bar",
        "",
        f"script, gzipped (bar {_SCRIPT_KB} KB)",
        "holds",
    ]
    report.table(head, rows)
    report.words(f"Requests to another host: {len(outside)} {report.judge(len(outside), 0, at_most=True)}.")


def _settled(page: Any, base: str, case_id: str) -> None:
    """Wait until what a workbench does once after it opens is done: the ledger checked, values of texts read."""
    end = time.monotonic() + _SETTLES_IN
    while time.monotonic() < end:
        page.goto(f"{base}/case/{case_id}/crossings")
        if page.locator(".light-ok").count() and not page.locator("[hx-trigger]").count():
            return
        time.sleep(1.0)


def _times(page: Any, url: str, wanted: str) -> tuple[list[float], int, str]:
    page.goto(url)  # once to warm up
    times = []
    for _ in range(_ROUNDS):
        page.goto(url, wait_until="commit")
        page.wait_for_selector(wanted)
        times.append(float(page.evaluate(_PAINTED)))
    sources = page.evaluate("[...document.scripts].map((s) => s.src).filter(Boolean)")
    script = sum(len(gzip.compress(page.request.get(source).body())) for source in sources)
    counts = page.locator(".counts").first
    seen = " ".join(counts.inner_text().split())[:90] if counts.count() else f"{page.locator(wanted).count()} rows"
    return times, script, seen
