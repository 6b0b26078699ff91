"""A browser keeps receipts of what was done in it, and a book that does not hold them shows nothing more."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from books import Clock
from thaw.casework import Session, init_book, open_book, session
from thaw.casework.keeping import backup, restore
from thaw.casework.ledger import verify
from thaw.casework.presented import book_mark
from thaw.errors import TamperError
from thaw.ledger import Checkpoint, SigningKey, sign_checkpoint
from thaw.web.guard import Visit
from thaw.web.receipts import cookies
from web.invented import OWN, Browser, World, invented_world
from web.test_app import words
from web.test_browser import page, served  # noqa: F401  the fixture of a real browser


def opened(folder: Path) -> Session:
    return session(open_book(folder, Clock()), "Invented Detective")


def cookies_of(answer: Any) -> dict[str, str]:
    """What a browser keeps of the Set-Cookie headers, flags left out."""
    return dict(one.partition(";")[0].split("=", 1) for one in answer.headers.get_list("set-cookie"))


def kept_by(browser: Browser, path: str = "/cases") -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The cookies and the receipts that a look leaves in the browser."""
    cookies = cookies_of(browser.get(path))
    answer = browser.post("/receipts", OWN, held="[]", have="[]")
    assert answer.status_code == 200
    return cookies, answer.json()["give"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with an invented book and its key, closed."""
    folder = tmp_path_factory.mktemp("made")
    invented_world(folder).work.book.close()
    return folder


@pytest.fixture
def early(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of which an older copy is kept at `early`; this account keeps no receipts."""
    monkeypatch.setenv("THAW_RECEIPTS", str(tmp_path / "none"))
    shutil.copytree(made, tmp_path / "home")
    shutil.copytree(tmp_path / "home" / "invented-book", tmp_path / "early")
    return tmp_path / "home" / "invented-book"


def put_back(folder: Path, tmp_path: Path) -> Session:
    """The insider: puts the older copy in the place of the book, and takes the receipts of the account away."""
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "early", folder)
    shutil.rmtree(tmp_path / "none")
    return opened(folder)


class Meanwhile(dict[str, Any]):
    """A receipt while whose number is read, another screen of the visit puts one beside it."""

    def __init__(self, visit: Visit, receipt: dict[str, Any]) -> None:
        super().__init__(receipt)
        self._visit = visit

    def __getitem__(self, key: str) -> Any:
        if key == "tree_size":
            self._visit.receipts.append(dict(self))
        return super().__getitem__(key)


def test_a_receipt_may_come_in_while_the_cookies_of_another_screen_are_made(world: World) -> None:
    browser = Browser(world.work)
    _, receipts = kept_by(browser)
    visit = Visit("invented")
    visit.receipts.extend(Meanwhile(visit, one) for one in receipts)
    newest = [value for value in cookies(world.work, visit, 8000) if value.startswith("thaw_kept_")]
    assert len(newest) == 1
    assert len(visit.receipts) == 2 * len(receipts)


def test_every_commit_made_for_a_browser_gives_it_a_receipt_with_the_signed_note(world: World) -> None:
    browser, store = Browser(world.work), world.work.book.store
    before = store.size()
    cookies, receipts = kept_by(browser)
    assert [one["seq"] for one in receipts] == list(range(before, store.size()))
    for one in receipts:
        head = store.opened(one["checkpoint"])
        assert (head.size, head.root.hex()) == (one["tree_size"], one["root"])
    assert f"thaw_kept_{book_mark(world.work.book)}" in cookies
    # What it says that it has is not given again.
    have = json.dumps([one["seq"] for one in receipts])
    assert browser.post("/receipts", OWN, held="[]", have=have).json()["give"] == []


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    headers = Browser(world.work).get("/cases").headers.get_list("set-cookie")
    (kept,) = [one for one in headers if one.startswith("thaw_kept_")]
    assert kept.split("; ")[1:] == ["Path=/", "Max-Age=34560000", "HttpOnly", "SameSite=Strict"]


def test_a_book_that_holds_what_the_browser_kept_goes_on(early: Path) -> None:
    work = opened(early)
    cookies, receipts = kept_by(Browser(work))
    work.book.close()
    again = Browser(opened(early))
    again.cookies |= cookies
    assert again.get("/cases").status_code == 200
    answer = again.post("/receipts", OWN, held=json.dumps(receipts), have="[]")
    assert (answer.status_code, answer.json()["drop"]) == (200, [])
    again.background._session.book.close()


def test_an_older_book_with_the_cookie_of_a_newer_one_is_red_before_a_byte_of_it_is_shown(
    early: Path, tmp_path: Path
) -> None:
    work = opened(early)
    cookies, receipts = kept_by(Browser(work))
    newest = receipts[-1]["seq"]
    work.book.close()
    back = put_back(early, tmp_path)
    size = back.book.store.size()
    browser = Browser(back)
    browser.cookies |= cookies
    answer = browser.get("/cases")
    assert answer.status_code == 500
    told = words(answer.text)
    assert (
        f"Got a receipt for entry {newest}, while the book ends with entry {size - 1}: the newest were taken away, "
        "want a book that holds all that this browser has seen of it."
    ) in told
    assert f"entry {size}" in told  # the row of the table names the first one that is gone
    assert "Salt Lake" not in told
    assert "set-cookie" not in answer.headers  # it must not forget what it knows
    assert back.book.store.size() == size
    # Read-only: nothing is written any more by whoever uses this store, and a check of the book alone changes nothing.
    with pytest.raises(TamperError, match="receipts of this browser: got a receipt for entry"):
        back.book.store.append(back.draft("note.add", {"words": "x"}))
    browser.background.check_ledger()
    assert browser.background.light.state == "tampered"
    assert browser.get("/cases").status_code == 500
    back.book.close()


def test_an_older_book_is_red_when_the_browser_presents_its_receipts(early: Path, tmp_path: Path) -> None:
    work = opened(early)
    _, receipts = kept_by(Browser(work))
    work.book.close()
    back = put_back(early, tmp_path)
    browser = Browser(back)
    assert browser.get("/cases").status_code == 200
    answer = browser.post("/receipts", OWN, held=json.dumps(receipts), have="[]")
    assert answer.status_code == 500
    assert browser.get("/cases").status_code == 500
    told = words(browser.get("/ledger").text)
    # The looks just now took the numbers of those that are gone: other entries stand in their places.
    assert f"Got another entry {receipts[0]['seq']} than the one that it holds a receipt for" in told
    assert f"entry {receipts[0]['seq']} receipts of this browser" in told
    back.book.close()


def test_a_book_that_grew_again_in_another_way_is_red_and_the_first_changed_entry_is_named(
    early: Path, tmp_path: Path
) -> None:
    work = opened(early)
    first = work.book.store.size()
    _, receipts = kept_by(Browser(work))
    work.book.close()
    back = put_back(early, tmp_path)
    back.book.store.append(*[back.draft("note.add", {"words": f"another history {i}"}) for i in range(50)])
    browser = Browser(back)
    held = [*receipts, {**receipts[-1], "checkpoint": "no note"}, {"seq": "x"}, 5]
    assert browser.post("/receipts", OWN, held=json.dumps(held), have="[]").status_code == 500
    (found,) = browser.background.light.found
    assert found["seq"] == first
    assert found["detail"].startswith(f"Got another entry {first} than the one that it holds a receipt for")
    back.book.close()


def test_when_only_entries_below_a_receipt_differ_those_are_named(early: Path) -> None:
    """A signed note of a tree that this book never had, over the entry of the receipt: two histories were shown."""
    work = opened(early)
    _, receipts = kept_by(Browser(work))
    store, seq = work.book.store, receipts[-1]["seq"]
    key = SigningKey.from_text((early.parent / f"{early.name}.key").read_text())
    other = {**receipts[-1], "checkpoint": sign_checkpoint(Checkpoint(store.origin, seq + 1, b"r" * 32), key)}
    browser = Browser(work)
    held = json.dumps([receipts[0], other])
    assert browser.post("/receipts", OWN, held=held, have="[]").status_code == 500
    (found,) = browser.background.light.found
    known = receipts[0]["tree_size"]
    assert found["seq"] == known
    assert found["detail"].startswith(
        f"Got other entries from {known} to {seq} than those that stood there when it kept"
    )
    work.book.close()


def test_a_book_signed_by_another_key_of_the_same_name_is_red(early: Path) -> None:
    work = opened(early)
    _, receipts = kept_by(Browser(work))
    thief = SigningKey(work.book.store.origin, b"t" * 32)
    head = work.book.store.opened(receipts[0]["checkpoint"])
    forged = {**receipts[0], "checkpoint": sign_checkpoint(Checkpoint(head.origin, head.size, head.root), thief)}
    browser = Browser(work)
    assert browser.post("/receipts", OWN, held=json.dumps([forged]), have="[]").status_code == 500
    (found,) = browser.background.light.found
    assert found["seq"] == receipts[0]["seq"]
    assert "that no key of this book signed" in found["detail"]
    work.book.close()


@pytest.mark.parametrize("held", [
    "", "{", "[" * 5000, "{}", "5", "null", '[null, 5, "x", [], {}]',
    '[{"seq": -1, "leaf_hash": "", "checkpoint": ""}]',
    '[{"seq": 1, "leaf_hash": "zz", "checkpoint": "x"}]', '[{"seq": true, "leaf_hash": "00", "checkpoint": "x"}]',
    json.dumps([{"seq": 1, "leaf_hash": "0" * 64, "checkpoint": "thaw.local/x\n1\n\ud800\n\n"}]),
    json.dumps([{"seq": 10**400, "leaf_hash": "0" * 64, "checkpoint": "x"}]),
])  # fmt: skip
def test_what_was_never_a_receipt_says_nothing_of_the_book(world: World, held: str) -> None:
    browser = Browser(world.work)
    answer = browser.post("/receipts", OWN, held=held, have=held)
    assert (answer.status_code, set(answer.json())) == (200, {"give", "drop", "since"})
    assert browser.background.light.state != "tampered"


@pytest.mark.parametrize("value", ["x", "-1.", "-1.AAAA", "5.____", "99999999999999999999.AAAA", "-1." + "A" * 4000])
def test_an_odd_cookie_says_nothing_of_the_book(world: World, value: str) -> None:
    browser = Browser(world.work)
    browser.cookies[f"thaw_kept_{book_mark(world.work.book)}"] = value
    assert browser.get("/cases").status_code == 200


def test_receipts_tell_nothing_of_any_case_and_need_the_session(world: World) -> None:
    browser = Browser(world.work)
    _, receipts = kept_by(browser, f"/case/{world.cases['canal']}")
    for one in receipts:
        assert set(one) == {"seq", "leaf_hash", "tree_size", "root", "checkpoint", "since"}
        assert not any(secret in json.dumps(one) for secret in (*world.cases.values(), "canal", "Detective"))
    assert Browser(world.work, opened=False).post("/receipts", OWN, held="[]").status_code == 403
    assert browser.post("/receipts", {"sec-fetch-site": "cross-site"}, held="[]").status_code == 403


def test_a_copy_in_another_folder_is_another_book(early: Path, tmp_path: Path) -> None:
    work = opened(early)
    cookies, _ = kept_by(Browser(work))
    work.book.close()
    shutil.copy(early.parent / f"{early.name}.key", tmp_path / f"{early.name}.key")
    other = opened(tmp_path / "early")
    browser = Browser(other)
    browser.cookies |= cookies
    assert browser.get("/cases").status_code == 200
    other.book.close()


def test_after_a_loss_that_was_accepted_in_the_open_older_receipts_are_given_up(early: Path, tmp_path: Path) -> None:
    work = opened(early)
    backup(work, tmp_path / "saved")
    cookies, receipts = kept_by(Browser(work))
    work.book.close()
    shutil.rmtree(early)
    entry = restore(tmp_path / "saved", early, accept_loss="the disk burnt", clock=Clock())["entry"]
    back = opened(early)
    browser = Browser(back)
    browser.cookies |= cookies
    assert browser.get("/cases").status_code == 200
    answer = browser.post("/receipts", OWN, held=json.dumps(receipts), have="[]").json()
    assert (answer["drop"], answer["since"]) == ([one["seq"] for one in receipts], entry)
    # What is given from now on counts: the loss excuses nothing that came after it.
    _, fresh = kept_by(browser)
    assert {one["since"] for one in fresh} == {entry}
    forged = {**fresh[-1], "leaf_hash": "0" * 64}
    assert browser.post("/receipts", OWN, held=json.dumps([forged]), have="[]").status_code == 500
    assert browser.background.light.found[0]["detail"].startswith(f"Got another entry {fresh[-1]['seq']} than the one")
    back.book.close()


def saved_as(receipts: dict[str, Any], folder: Path) -> Path:
    """The file that the browser saved, as a person would hand it to `thaw verify --against`."""
    (folder / "thaw-receipts.json").write_text(json.dumps(receipts))
    return folder / "thaw-receipts.json"


@pytest.mark.browser
@pytest.mark.parametrize("by", ["cookie", "storage"])
def test_a_real_browser_notices_that_an_older_book_was_put_back(
    early: Path,
    tmp_path: Path,
    page: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    work = opened(early)
    address, end = served(World(work), monkeypatch)
    port = int(address.split(":")[2].partition("/")[0])
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    for _ in range(20):
        page.goto(address.partition("/open/")[0] + "/cases")
    page.goto(address.partition("/open/")[0] + "/ledger")
    page.wait_for_selector("text=/keeps 2[0-9] receipts, the newest for entry/")
    with page.expect_download() as download:
        page.click("text=Save them as a file")
    saved = json.loads(Path(download.value.path()).read_text())
    newest = max(one["seq"] for one in saved["receipts"])
    end()
    work.book.close()
    assert verify(early, against=[saved_as(saved, tmp_path)])["status"] == "ok"
    back = put_back(early, tmp_path)
    assert newest > back.book.store.size() + 15
    found = verify(early, against=[saved_as(saved, tmp_path)])["findings"]
    assert {one["kind"] for one in found} >= {"witness-beyond-tree", "receipt-mismatch"}
    if by == "storage":
        page.context.clear_cookies()
    # The storage of a browser belongs to one port, a cookie to all ports of this machine.
    address, end = served(World(back), monkeypatch, port if by == "storage" else 0)
    try:
        page.goto(address)
        page.wait_for_selector(".stop")
        assert page.inner_text("h1") == "Stop: something was changed outside the ledger"
        told = page.inner_text(".stop")
        # Which of its receipts it is that shows it depends on how much was looked at since: by the cookie the newest.
        which = r"a receipt for entry \d+, while the book ends with entry \d+: the newest were taken away"
        assert re.search(rf"Got ({which}|another entry \d+ than the one that it holds a receipt for)", told)
        assert re.search(r"entry \d+\s+receipts of this browser", told)
        page.goto(address.partition("/open/")[0] + "/cases")
        assert page.locator(".stop").count() == 1
        assert "Salt Lake" not in page.content()
    finally:
        end()
    assert said == []
    back.book.close()


def test_another_log_in_the_folder_turns_the_workbench_red(made, tmp_path, monkeypatch):
    monkeypatch.setenv("THAW_RECEIPTS", str(tmp_path / "none"))
    shutil.copytree(made, tmp_path / "home")
    folder = tmp_path / "home" / "invented-book"
    before = opened(folder)
    origin = before.book.store.origin
    jar = cookies_of(Browser(before).get("/cases"))
    before.book.close()
    shutil.rmtree(folder)
    (tmp_path / "home" / "invented-book.key").unlink()
    init_book(folder, None, Clock(), "An Insider")
    after = opened(folder)
    browser = Browser(after)
    assert browser.get("/cases").status_code == 200, "without cookies nobody knows"
    browser = Browser(after)
    browser.cookies |= jar
    answer = browser.get("/cases")
    assert answer.status_code == 500
    assert (
        f"a receipt of the log {origin}, while the log {after.book.store.origin} lies in its folder: another book was "
        "put in its place (if that was meant, remove the cookies of this page)"
    ) in words(answer.text)
    assert "thaw_at_" not in str(answer.headers.get_list("set-cookie"))
    after.book.close()
