"""Whoever the workbench turns away leaves an entry, and is told no more than before."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from thaw.web.routes import screens
from web.invented import Browser, World


def refusals(world: World) -> list[tuple[str, str, int]]:
    sql = "SELECT body FROM payload JOIN entry_index USING (seq) WHERE kind = 'access.refused' ORDER BY seq"
    found = [json.loads(body) for (body,) in world.work.book.store.reading_connection().execute(sql)]
    return [(one["by"], one.get("rule", one["wanted"]), one.get("times", 1)) for one in found]


def test_those_who_are_turned_away_at_the_door_are_noted(new_world: Callable[[], World]) -> None:
    world = new_world()
    stranger, browser = Browser(world.work, opened=False), Browser(world.work)
    assert stranger.get("/open/guess").status_code == 403
    assert stranger.get("/cases").status_code == 403
    assert browser.get("/cases", host="evil.example").status_code == 421
    assert browser.post("/new", {"sec-fetch-site": "cross-site"}, title="x").status_code == 403
    who = "thaw (program)"
    assert refusals(world) == [(who, "token", 1), (who, "session", 1), (who, "host", 1), (who, "site", 1)]
    # What a stranger sent is nowhere in the log: neither guesses at the token nor names of hosts.
    said = world.work.book.store.reading_connection().execute("SELECT group_concat(body) FROM payload").get
    assert "guess" not in str(said)
    assert "evil.example" not in str(said)


def test_a_flood_of_strangers_fills_no_disk(new_world: Callable[[], World]) -> None:
    world = new_world()
    # The invented clock goes on by a second at each look at it: 200 knocks take less than four minutes.
    stranger = Browser(world.work, opened=False)
    for _ in range(200):
        stranger.get("/cases")
    assert len(refusals(world)) <= 8


@pytest.mark.parametrize("path", sorted({path for method, path, _ in screens() if method == "GET"}))
def test_a_stranger_gets_the_same_page_from_every_route(world: World, path: str) -> None:
    assert Browser(world.work, opened=False).get(path).text == Browser(world.work, opened=False).get("/nothing").text
