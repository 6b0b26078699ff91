"""Many screens of one visit asked for at once, while papers come in and people decide: nobody meets an error."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import httpx
import numpy as np

from thaw.casework.documents import add_documents
from thaw.search import BookEngine
from web.boards_world import BODY, NAME, fill_boards
from web.invented import OWN, PORT, Browser, World

FORM = {"content-type": "application/x-www-form-urlencoded", **OWN}


def addresses(world: World) -> list[str]:
    canal, hotel = world.cases["canal"], world.cases["hotel"]
    report = world.documents["report 85-0412.txt"]
    found = [
        "/",
        "/cases",
        "/tray",
        "/alerts",
        "/things",
        "/things/records",
        "/saved",
        "/tags",
        "/decisions",
        "/rejects",
        "/same",
    ]
    found += ["/search?q=wallet&purpose=x", "/search?q=canal+shots&purpose=x", "/search?q=rusk&purpose=x", "/ledger"]
    found += [
        f"/case/{canal}{rest}" for rest in ("", "/papers", "/crossings", "/alike", "/similar", "/claims", "/timeline")
    ]
    found += [
        f"/document/{report}/page/1",
        f"/document/{world.documents['scan.pdf']}/page/1/picture",
        f"/chart?case={canal}",
        "/map",
    ]
    return [*found, f"/identify/{BODY}", f"/identify/{BODY}/pair/{NAME}", f"/case/{canal}/pair/{hotel}", "/kinship"]


def forms(world: World, turn: int) -> list[tuple[str, dict[str, str]]]:
    canal, hotel = world.cases["canal"], world.cases["hotel"]
    told = {
        "title": "Invented: at once",
        "date_from": "July 1985",
        "state": "UT",
        "county": "Salt Lake",
        "weapon": "80",
    }
    return [
        (f"/case/{canal}/note", {"text": "An invented note"}),
        ("/new", told),
        (f"/case/{canal}/pair/{hotel}", {"decision": "undecided", "reason": "invented"}),
        ("/saved/add", {"name": f"invented {turn}", "q": "wallet"}),
        ("/purpose", {"purpose": "an invented reason"}),
        ("/kinship", {"example": "yes"}),
    ]


def test_no_screen_meets_an_error_when_many_are_asked_for_at_once(
    new_world: Callable[[], World], tmp_path: Path
) -> None:
    world = fill_boards(new_world(), tmp_path)
    browser = Browser(world.work)
    bench, chance = browser.background, random.Random(7)
    browser.post("/purpose", purpose="an invented reason")  # a search is kept by whoever says why
    asked = addresses(world) * 3
    chance.shuffle(asked)
    answers: list[tuple[str, int]] = []

    async def everything() -> None:
        base, transport = f"http://127.0.0.1:{PORT}", httpx.ASGITransport(app=browser.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url=base, cookies=browser.cookies, timeout=300
        ) as client:

            async def get(path: str) -> None:
                answers.append((path, (await client.get(path)).status_code))

            async def post(path: str, form: dict[str, str]) -> None:
                body = urlencode(form | {"once": f"{path}{chance.random()}"})
                answers.append((path, (await client.post(path, content=body, headers=FORM)).status_code))

            gets = [get(path) for path in asked]
            posts = [post(path, form) for turn in (1, 2) for path, form in forms(world, turn)]
            await asyncio.gather(*[one for pair in zip(gets, posts) for one in pair], *gets[len(posts) :])  # noqa: B905

    bench.start()
    coming = threading.Thread(target=_papers_come_in, args=(world, tmp_path))
    coming.start()
    try:
        asyncio.run(everything())
    finally:
        coming.join(60)
        bench.stop()
    assert len(answers) == len(asked) + 2 * len(forms(world, 1))
    assert [(path, status) for path, status in answers if status >= 400] == []
    assert bench.problem is None
    assert bench.light.state in ("ok", "unknown")


def _papers_come_in(world: World, folder: Path) -> None:
    for number in range(12):
        file = folder / f"invented {number}.txt"
        file.write_text(
            f"Invented page {number}: a wallet, 213-555-01{number:02}, Walter Rusk at the canal.", encoding="utf-8"
        )
        add_documents(world.work, [file], case_id=world.cases["canal"], wait=True)
        time.sleep(0.1)


def test_who_searches_keeps_the_texts_they_began_with_while_others_come_in(
    new_world: Callable[[], World], tmp_path: Path
) -> None:
    world, kept = new_world(), {}
    view = world.work.look("test")
    mine = BookEngine(view, kept).directory
    before = mine.size, mine.count, mine.where("kind", ["page"]).copy()
    for number in range(10):
        (tmp_path / f"{number}.txt").write_text(f"Invented page {number}", encoding="utf-8")
    add_documents(world.work, [tmp_path / f"{number}.txt" for number in range(10)], new_title="Invented", wait=True)
    later = BookEngine(view, kept).directory
    assert later.count > mine.count
    assert (mine.size, mine.count) == before[:2]
    assert len({len(mine.length), len(mine.page), len(mine.quality), len(mine.unit), len(mine.numbers("kind"))}) == 1
    assert np.array_equal(mine.where("kind", ["page"])[: len(before[2])] & before[2], before[2])


def test_two_who_search_first_take_in_the_texts_once(world: World) -> None:
    kept: dict[object, object] = {}
    view = world.work.look("test")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: BookEngine(view, kept).directory.count, range(32)))
    assert len(kept) == 1
    assert len(set(found)) == 1
