"""What a search can be narrowed by: every count is what the search behind it finds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest

from thaw.casework import Session
from thaw.casework.documents import add_documents
from thaw.casework.pages import page_scope, set_section
from web.invented import Browser, World, enter, invented_world

_LINK = re.compile(r'<li><a href="(/search\?[^"]+)">([^<]+)</a> <span class="count">([\d,]+)</span></li>')


def read_by_machine(work: Session, document: str, text: str, sure: float) -> None:
    """Another reading of a page's letters, each word as sure as the others."""
    words = [[found.start(), found.end(), None, sure] for found in re.finditer(r"\S+", text)]
    page = {"number": 1, "text": text, "width": None, "height": None, "words": words}
    layer = work.book.store.blobs.put(json.dumps({"v": 1, "engine": "invented", "pages": [page]}).encode())
    facts = {"layer": layer, "blobs": [layer], "engine": "invented", "reader": "ocr", "page": 1, "first_page": 1}
    facts |= {"last_page": 1, "prints": [], "pictures": [], "without_text": []}
    work.book.store.append(work.draft("document.read", page_scope(work, document, 1, "read") | facts))


def facets(browser: Browser, query: str) -> dict[str, list[tuple[str, int, str]]]:
    """Headings of the search page with their values: words, count, address."""
    page = browser.get(f"/search?q={query}&purpose=test").text
    sections = re.findall(r"<section><h2>([^<]+)</h2><ul class=\"plain\">(.*?)</ul>", page, re.S)
    return {
        name: [(words, int(n.replace(",", "")), unescape(to)) for to, words, n in _LINK.findall(body)]
        for name, body in sections
    }


def total(browser: Browser, to: str) -> int:
    found = re.search(r'<p class="summary"><b>([\d,]+)</b>', browser.get(to).text)
    assert found, to
    return int(found[1].replace(",", ""))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    work = invented_world(tmp_path_factory.mktemp("facets")).work
    folder = tmp_path_factory.mktemp("papers")
    for year in (1984, 1985, 1986):
        enter(work, f"Invented lantern case of {year}", date=str(year))
    enter(work, "Invented lantern case between years", date={"from": "1984-12-30", "to": "1985-01-02"})
    for number, (sure, written) in enumerate([(0.95, "1984-03"), (0.8, "1985-03"), (0.5, "1985-04-02")]):
        text = f"The lantern stood in room {number}."
        (folder / f"{number}.txt").write_text(f"page {number}", encoding="utf-8")
        added = add_documents(work, [folder / f"{number}.txt"], new_title=f"Invented {number}", wait=True)
        digest = added["files"][0]["sha256"]
        read_by_machine(work, digest, text, sure)
        set_section(work, digest, 1, "-", written=written, reason="test")
    yield Browser(work)
    work.book.close()


def test_every_count_is_what_the_search_behind_it_finds(browser: Browser) -> None:
    found = facets(browser, "lantern")
    assert {"Year of the killing", "Year written", "Letters read"} <= found.keys()
    for name, values in found.items():
        for words, count, to in values:
            assert total(browser, to) == count, (name, words)


def test_years_stand_in_their_order_and_a_span_counts_in_each(browser: Browser) -> None:
    # Each case is found by its title and by its record: two texts. One case spans the turn of a year.
    found = facets(browser, "lantern")
    assert [(words, count) for words, count, _ in found["Year of the killing"]] == [
        ("1984", 4),
        ("1985", 4),
        ("1986", 2),
    ]
    assert [(words, count) for words, count, _ in found["Year written"]] == [("1984", 1), ("1985", 2)]


def test_pages_are_told_apart_by_how_sure_the_machine_was(browser: Browser) -> None:
    found = facets(browser, "lantern")
    assert [(words, count) for words, count, _ in found["Letters read"]] == [
        ("well", 1),
        ("with doubts", 1),
        ("badly", 1),
    ]


def test_many_years_are_gathered_by_decade(new_world: Callable[[], World]) -> None:
    world = new_world()
    for year in range(1971, 1985):
        enter(world.work, f"Invented beacon of {year}", date=str(year))
    browser = Browser(world.work)
    found = facets(browser, "beacon")["Year of the killing"]
    assert [(words, count) for words, count, _ in found] == [("1970 to 1979", 18), ("1980 to 1989", 10)]
    assert [total(browser, to) for _, _, to in found] == [18, 10]
