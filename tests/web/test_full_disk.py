"""On a full disk no screen shows a byte of a record: the look could not be noted. Every route of the table is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlencode

import httpx
import pytest

from full_disk import fill_up
from thaw.web.routes import screens
from web.invented import Browser, World, invented_world

ROUTES = sorted({(method, path) for method, path, _ in screens()})
# Words that stand in the records and nowhere in the workbench itself.
MARKS = (
    "canal",
    "old hotel",
    "Invented City",
    "invented reporter",
    "wrists",
    "pickup",
    "wallet",
    "85-0412",
    "shr-map:",
)
QUERY = {"q": "invented", "purpose": "to test", "title": "x", "reason": "to test", "decision": "accept", "back": "/"}


@dataclass
class Asked:
    """The workbench before and after the disk was full."""

    world: World
    browser: Browser
    before: Mapping[tuple[str, str], httpx.Response]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    world = invented_world(tmp_path_factory.mktemp("full"))
    browser = Browser(world.work)
    before = {(method, path): ask(browser, method, path) for method, path in addresses(world) if method == "GET"}
    fill_up(world.work)
    yield Asked(world, browser, before)
    browser.background.stop()
    world.work.book.store._db.pragma("max_page_count", 10_000_000)
    world.work.book.close()


def addresses(world: World) -> list[tuple[str, str]]:
    """Every route with everything that could stand in its address: cases, people, documents, entries."""
    db = world.work.book.store.reading_connection()
    told = (json.loads(body).get("subjects", {}) for (body,) in db.execute("SELECT body FROM payload ORDER BY seq"))
    people = [one for subjects in told for one in subjects.values() if one.startswith("p_")][:2]
    assert people
    names = [*list(world.cases.values())[:2], *people, *list(world.documents.values())[:2], "shr-map:1", "1"]
    found = []
    for method, path in ROUTES:
        places = re.findall(r"\{[^}]*\}", path)
        for chosen in product(*(["1"] if re.search(r":(page|int|float)\}", place) else names for place in places)):
            filled = path
            for place, name in zip(places, chosen, strict=True):
                filled = filled.replace(place, name, 1)
            found.append((method, filled))
    return found


def ask(browser: Browser, method: str, path: str) -> httpx.Response:
    return browser.get(f"{path}?{urlencode(QUERY)}") if method == "GET" else browser.post(path, **QUERY)


def marks_in(answer: httpx.Response) -> list[str]:
    # The words that were asked for may come back; what a browser was told to keep is no record.
    text = answer.text.replace(urlencode(QUERY), "").replace("shr-map:1", "")
    return [mark for mark in MARKS if mark.lower() in text.lower()]


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_not_one_byte_of_a_record_is_served_when_the_look_cannot_be_noted(full: Asked, method: str, route: str) -> None:
    pattern = re.compile(re.sub(r"\{[^}]*\}", "[^/]+", route))
    size = full.world.work.book.store.size()
    asked = [one for one in addresses(full.world) if one[0] == method and pattern.fullmatch(one[1])]
    assert asked
    for one in asked:
        answer = ask(full.browser, *one)
        assert marks_in(answer) == [], one
        if one in full.before and (
            marks_in(full.before[one]) or full.before[one].headers.get("content-type", "")[:5] == "image"
        ):
            assert answer.status_code == 503, one
            assert "Nothing is shown, since nothing can be noted" in answer.text
    assert full.world.work.book.store.size() == size


def test_most_screens_have_something_to_hide(full: Asked) -> None:
    """The control: the same addresses do show records while there is room."""
    shown = {path for (_, path), answer in full.before.items() if marks_in(answer)}
    assert len(shown) >= 10
    assert {"/", "/cases", "/search", "/demo"} <= shown
