"""Endings: what each error becomes, in which words and with which status."""

from __future__ import annotations

import re
from collections.abc import Callable

import apsw
import pytest

from thaw.errors import AccessDenied
from thaw.store import Unfinished, store
from web.invented import Browser, World


def words(html: str) -> str:
    """The text of a page, tags and runs of space gone."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_an_unknown_case_says_where_got_want_and_what_now(world: World) -> None:
    answer = Browser(world.work).get("/case/nothing")
    assert answer.status_code == 404
    assert (
        "Where case Got &#39;nothing&#39; Wanted the id or source key of a case in this book "
        "What now Look in the list of cases , or search for words ."
    ) in words(answer.text)


@pytest.mark.parametrize("path", ["/case/nothing/similar", "/case/nothing/log", "/search?q=a&purpose=b&case=nothing"])
def test_an_unknown_case_is_not_there_on_any_screen(world: World, path: str) -> None:
    assert Browser(world.work).get(path).status_code == 404


def test_an_unknown_page_of_a_document_is_not_there(world: World) -> None:
    digest = world.documents["report 85-0412.txt"]
    found = [Browser(world.work).get(f"/document/{d}/page/{n}") for d, n in ((digest, 3), (digest, 0), ("ab", 1))]
    assert [answer.status_code for answer in found] == [404, 404, 404]
    assert f"Got &#39;{digest[:16]}&#39;, page 3" in words(found[0].text)


def test_an_address_without_a_screen_says_so(world: World) -> None:
    answer = Browser(world.work).get("/suspects")
    assert answer.status_code == 404
    assert "The workbench has no screen under this address." in answer.text


def test_a_form_sent_to_a_screen_that_takes_none_is_no_page(world: World) -> None:
    assert Browser(world.work).post("/ledger").status_code == 404


def test_a_denied_look_says_which_grant_is_missing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object, **__: object) -> None:
        raise AccessDenied(where="this book", got="no grant", want="a grant to read", fix="Ask the unit's head.")

    monkeypatch.setattr("thaw.web.desk.desk", deny)
    answer = Browser(world.work).get("/")
    assert answer.status_code == 403
    expected = "Not allowed Where this book Got no grant Wanted a grant to read What now Ask the unit&#39;s head."
    assert expected in words(answer.text)


@pytest.mark.parametrize("path", ["/", "/cases", "/case/shr-map:1", "/search?q=wallet&purpose=x", "/ledger", "/demo"])
def test_nothing_is_shown_when_the_look_cannot_be_written_down(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise Unfinished(where="casebook.db", got="a full disk", want="room", fix="Free some space.")

    monkeypatch.setattr(store.Store, "append", full)
    answer = Browser(world.work).get(path)
    assert answer.status_code == 503
    assert "Nothing is shown, since nothing can be noted Where casebook.db Got a full disk" in words(answer.text)
    assert "Salt Lake" not in answer.text


def test_an_unexpected_error_shows_no_traceback(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("personal data in an error")

    monkeypatch.setattr("thaw.web.desk.desk", break_down)
    answer = Browser(world.work).get("/")
    assert answer.status_code == 500
    assert "Something went wrong that should not" in answer.text
    assert "personal data" not in answer.text
    assert "Traceback" not in answer.text


def test_a_changed_content_turns_the_screen_red_and_stops_the_rest(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    entry = change_content(world, world.cases["hotel"])
    answer = browser.get(f"/case/{world.cases['hotel']}")
    assert answer.status_code == 500
    assert "Stop: something was changed outside the ledger" in answer.text
    assert f"entry {entry}" in words(answer.text)
    size = world.work.book.store.size()
    assert "Stop: something was changed" in browser.get("/cases").text
    assert "entry" in browser.get("/ledger").text
    assert world.work.book.store.size() == size  # nothing more is written into the changed book


def test_a_form_of_more_than_a_million_characters_is_refused(world: World) -> None:
    answer = Browser(world.work).post("/new", narrative="x" * 1_000_001)
    assert answer.status_code == 413
    assert "The form held more than a million characters. Nothing was stored." in answer.text


def change_content(world: World, case_id: str) -> int:
    """Change one byte of the entry that made a case, behind the ledger's back; returns its number."""
    db = apsw.Connection(str(world.work.book.store.path))
    sql = (
        "SELECT max(seq) FROM payload WHERE instr(body, CAST('\"file\":null' AS BLOB)) AND instr(body, CAST(? AS BLOB))"
    )
    seq = int(db.execute(sql, (case_id,)).get)
    db.execute("UPDATE payload SET body = CAST(replace(CAST(body AS TEXT), 'old hotel', 'old motel') AS BLOB)")
    db.close()
    return seq
