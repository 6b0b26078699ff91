"""The workbench on the demo's 41,423 records: slow, since it imports them first."""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path

import pytest

from books import Clock
from thaw.casework.demo import _case_file, _persons, open_demo, run_demo
from web.invented import Browser
from web.test_app import words


@pytest.mark.slow
def test_every_screen_of_the_demo_answers_within_its_bar(tmp_path: Path) -> None:
    work = open_demo(tmp_path / "demo", Clock(), "Invented Detective")
    run_demo(work)
    browser = Browser(work)
    browser.background.make_ready()
    one = re.findall(r'href="(/case/[^"]+)"', browser.get("/").text)[0]
    for path in ("/", "/cases", "/cases?page=800", one, f"{one}/similar", "/demo", "/search?q=salt&purpose=x", "/new"):
        seconds = []
        for _ in range(5):
            started = time.perf_counter()
            assert browser.get(path).status_code == 200, path
            seconds.append(time.perf_counter() - started)
        assert statistics.median(seconds) < 0.5, path
    # 40,103 killings of the sample, and the invented case that the box of paper belongs to
    assert "40,104 cases searched." in words(browser.get("/demo").text)
    work.book.close()


def test_everybody_and_everything_invented_in_the_demo_says_so_and_not_in_its_title_alone(tmp_path: Path) -> None:
    work = open_demo(tmp_path / "demo", Clock(), "Invented Detective")
    case_id = _case_file(work)["case_id"]
    _persons(work)
    _case_file(work)  # a second start takes in nothing twice
    browser, mark = Browser(work), '<span class="invented">Invented</span>'
    for path, marks in (
        ("/", 1),
        ("/cases", 1),
        (f"/case/{case_id}", 1),
        (f"/chart?case={case_id}", 1),
        ("/identify", 17),
    ):
        text = browser.get(path).text
        assert text.count(mark) >= marks, path
    assert "This case is invented. It never happened" in words(browser.get(f"/case/{case_id}").text)
    work.book.close()
