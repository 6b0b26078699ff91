"""Who gets in: token, session, host, site, headers. The expected headers are written out by hand."""

from __future__ import annotations

import hashlib

import pytest
from starlette.datastructures import Headers

from thaw.web.guard import Door
from web.invented import OWN, PORT, TOKEN, Browser, World

SCREENS = ["/", "/cases", "/search?q=wallet", "/new", "/ledger", "/demo", "/case/x", "/document/x/page/1", "/nothing"]
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; connect-src 'self'"
)


def stored(world: World) -> int:
    """Number of entries but those that say that somebody was refused."""
    sql = "SELECT count(*) FROM entry_index WHERE kind != 'access.refused'"
    return int(world.work.book.store.reading_connection().execute(sql).get)


def test_the_one_time_address_opens_a_session_with_a_strict_cookie(world: World) -> None:
    answer = Browser(world.work, opened=False).get(f"/open/{TOKEN}")
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert (answer.status_code, answer.headers["location"], name) == (303, "/", f"thaw_{PORT}")
    value, *flags = rest.split("; ")
    assert flags == ["Path=/", "HttpOnly", "SameSite=Strict"]
    assert len(value) == 43  # 256 bits in base 64: 256 / 6 rounded up


def test_a_second_use_of_the_address_is_refused_with_what_to_do(world: World) -> None:
    browser = Browser(world.work)
    browser.cookies.clear()
    answer = browser.get(f"/open/{TOKEN}")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "stop <code>thaw serve</code> with Ctrl-C, start it again" in answer.text


def test_a_second_use_in_the_same_browser_points_to_the_desk(world: World) -> None:
    answer = Browser(world.work).get(f"/open/{TOKEN}")
    assert answer.status_code == 403
    assert 'Go on to the <a href="/">desk</a>' in answer.text


def test_a_wrong_token_opens_nothing_and_leaves_the_right_one_usable(world: World) -> None:
    browser = Browser(world.work, opened=False)
    assert browser.get("/open/another").status_code == 403
    assert browser.get(f"/open/{TOKEN}").status_code == 303


def test_a_program_that_only_asks_for_headers_does_not_use_the_token_up(world: World) -> None:
    browser = Browser(world.work, opened=False)
    assert browser.ask("HEAD", f"/open/{TOKEN}").status_code == 403
    assert browser.get(f"/open/{TOKEN}").status_code == 303


def test_only_digests_of_token_and_cookie_are_kept() -> None:
    door = Door("secret-token", 1)
    cookie = door.open("secret-token") or ""
    value = cookie.partition("=")[2].split(";")[0]
    kept = repr(vars(door))
    assert "secret-token" not in kept
    assert value not in kept
    assert list(vars(door)["_visits"]) == [hashlib.sha256(value.encode()).digest()]


@pytest.mark.parametrize("cookie", ["thaw_1=guess", "other=x", "thaw_1", "thaw_1=\x7f;;=;", ""])
def test_no_other_cookie_is_a_session(cookie: str) -> None:
    assert Door("t", 1).visit(Headers({"cookie": cookie})) is None


@pytest.mark.parametrize("path", SCREENS)
def test_no_screen_opens_without_the_session(world: World, path: str) -> None:
    answer = Browser(world.work, opened=False).get(path)
    assert answer.status_code == 403
    assert "The workbench is not open in this browser" in answer.text
    assert "Salt Lake" not in answer.text


def test_a_form_without_the_session_stores_nothing(world: World) -> None:
    before = stored(world)
    assert Browser(world.work, opened=False).post("/new", title="x", date_from="1985").status_code == 403
    assert stored(world) == before


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"[::1]:{PORT}"])
def test_a_foreign_host_is_refused_even_with_the_session(world: World, host: str) -> None:
    answer = Browser(world.work).get("/", host=host)
    assert answer.status_code == 421
    assert "The workbench answers only under the address that <code>thaw serve</code> printed" in answer.text


def test_localhost_is_this_machine_too(world: World) -> None:
    assert Browser(world.work).get("/", host=f"localhost:{PORT}").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
    ],
)
def test_a_form_from_another_site_is_refused(world: World, headers: dict[str, str]) -> None:
    before = stored(world)
    answer = Browser(world.work).post("/new", headers, title="x", date_from="1985")
    assert answer.status_code == 403
    assert "This form was sent from a page that is not the workbench. Nothing was changed." in answer.text
    assert stored(world) == before


@pytest.mark.parametrize("headers", [OWN, {**OWN, "origin": "null"}, {"origin": f"http://127.0.0.1:{PORT}"}])
def test_a_form_of_the_workbench_is_taken(world: World, headers: dict[str, str]) -> None:
    assert Browser(world.work).post("/purpose", headers, purpose="x").status_code == 303


@pytest.mark.parametrize("path", ["/", "/nothing", "/case/nothing", "/static/thaw.css", "/open/x"])
@pytest.mark.parametrize("opened", [True, False])
def test_every_answer_carries_the_headers(world: World, path: str, opened: bool) -> None:
    headers = Browser(world.work, opened=opened).get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_the_style_sheet_is_no_case_data_and_nothing_else_is_served_as_a_file(world: World) -> None:
    browser = Browser(world.work, opened=False)
    assert browser.get("/static/thaw.css").headers["content-type"] == "text/css; charset=utf-8"
    assert browser.get("/static/mark.svg").headers["content-type"] == "image/svg+xml"
    assert browser.get("/static/..%2fapp.py").status_code in (403, 404)
    assert browser.get("/static/app.py").status_code == 404
