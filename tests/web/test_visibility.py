"""A hidden case leaves no trace: every screen answers as in a book that never had it, times and entry numbers aside."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from books import Clock
from thaw.casework import Session, open_book, session
from thaw.casework.documents import add_documents
from thaw.store import Visible
from thaw.web.routes import screens
from web.boards_world import board_paths
from web.invented import Browser, World, enter

SECRET = "Secret invented cellar"


@contextmanager
def hiding(monkeypatch: pytest.MonkeyPatch, *case_ids: str) -> Iterator[None]:
    """Hide cases from everybody."""
    view = sys.modules["thaw.access.view"]
    with monkeypatch.context() as patch:
        patch.setattr(view, "visible_to", lambda actor, at: Visible(hidden_cases=frozenset(case_ids)))
        yield


def opened(folder: Path) -> Session:
    return session(open_book(folder, Clock()), "Invented Detective")


def leveled(html: str) -> str:
    """A page without what differs between any two looks: entry numbers, times, the signed note, its root."""
    html = re.sub(r'<(a|span) class="seq"[^>]*>[\d,]*</\1>|/ledger/entry/\d+|"Entry \d+"', "~", html)
    for pattern in (r'<span class="seq">[\d,]*</span>', r"<time[^>]*>[^<]*</time>", r'(?s)<pre class="note".*?</pre>'):
        html = re.sub(pattern, "~", html)
    return re.sub(r'<code class="root">[^<]*</code>|name="once" value="[^"]*"', "~", html)


def paths(world: World, secret: str, document: str) -> list[str]:
    pages = [f"/document/{digest}/page/1" for digest in [*world.documents.values(), document]]
    cases = [secret, *world.cases.values(), "shr-map:1", "shr-map:9"]
    found = [
        "/",
        "/cases",
        "/cases?page=2",
        "/cases?where=title%3DSecret+invented+cellar",
        "/demo",
        "/new",
        "/ledger",
        "/light",
    ]
    found += [f"/search?q={q}&purpose=x" for q in ("cellar", "wallet", "zyzzyva", "invented")]
    found += [f"/search?q=wallet&purpose=x&case={secret}", *pages, f"/document/{document}/page/2"]
    found += [f"{page}{rest}" for page in pages for rest in ("/picture", "/alike", "?quote=wallet&mark=cellar")]
    found += [
        f"/document/{digest}/{rest}"
        for digest in [*world.documents.values(), document]
        for rest in ("strip/1", "original")
    ]
    found += ["/decisions", "/decisions?by=Invented+Detective"]
    found += [
        f"/search/preview?document={document}&page=1",
        "/search/hit?q=wallet&hit=1",
        "/search/hit?q=zyzzyva&hit=1",
    ]
    found += ["/search/batch", "/search/batch.csv", "/search/export.csv?q=wallet", "/search/export.csv?q=zyzzyva"]
    found += [
        "/tray",
        "/tray?state=read",
        f"/tray/section?document={document}",
        f"/tray?case={secret}",
        "/rejects",
        "/saved",
        "/tags",
        "/tags?tag=cellar",
        "/things",
        "/things/records",
    ]
    found += [
        f"/things?case={secret}",
        "/things/preview?one=m_x&other=m_y",
        "/same",
        "/same?all=yes",
        "/person/p_nobody",
    ]
    found += [
        "/ledger/entry",
        "/ledger/entry?number=3",
        "/ledger/entry/3",
        "/ledger/entry/999999/proof",
        "/field?field=date",
    ]
    found += ["/ledger/verify.py", "/ledger?by=Invented+Detective"]
    parts = ("", "/similar", "/log", "/papers", "/crossings", "/alike", "/state", "/behaviours")
    return found + [f"/case/{case_id}{rest}" for case_id in cases for rest in parts]


# What differs between any two looks by nature: signed notes and keys of the log.
_NOT_COMPARED = {"/ledger/checkpoint.txt", "/ledger/policy.txt", "/ledger/entry/{number:page}/proof"}


def test_every_screen_is_among_those_that_are_compared(world: World) -> None:
    compared = [*paths(world, "c_secret", "d" * 64), *board_paths("c_canal", "c_hotel", "c_secret")]
    asked = [path.partition("?")[0] for path in compared]
    left = []
    for method, pattern, _ in screens():
        fits = re.compile(re.sub(r"\{number:page\}", r"\\d+", re.sub(r"\{(?:id|other)\}", "[^/]+", pattern)) + "$")
        if method == "GET" and pattern not in _NOT_COMPARED and not any(map(fits.match, asked)):
            left.append(pattern)
    assert left == [], "add these addresses to `paths`"


def test_no_screen_tells_that_a_hidden_case_exists(
    new_world: Callable[[], World], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world = new_world()
    world.work.book.close()
    home = world.work.book.folder.parent
    shutil.copytree(home, tmp_path / "other")
    never, having = opened(world.work.book.folder), opened(tmp_path / "other" / world.work.book.folder.name)
    secret = enter(having, SECRET, narrative="wallet zyzzyva")
    file = tmp_path / "secret.txt"
    file.write_text("wallet cellar zyzzyva on an invented page", encoding="utf-8")
    document = str(add_documents(having, [file], case_id=secret, wait=True)["files"][0]["sha256"])
    plain, hidden = Browser(never), Browser(having)
    assert (SECRET in hidden.get("/").text, SECRET in plain.get("/").text) == (True, False)
    with hiding(monkeypatch, secret):
        for path in paths(world, secret, document):
            one, other = plain.get(path), hidden.get(path)
            assert other.status_code == one.status_code, path
            assert one.status_code != 500, path
            assert told(other.headers) == told(one.headers), path
            assert leveled(other.text) == leveled(one.text), path
            assert "ecret invented cellar" not in other.text.replace("title=Secret invented cellar", ""), path
    never.book.close()
    having.book.close()


def told(headers: Mapping[str, str]) -> dict[str, str]:
    """What the headers of an answer say; its length and the newest note depend on numbers of entries."""
    return {name: value for name, value in headers.items() if name not in ("content-length", "set-cookie")}


def test_hidden_and_absent_get_the_same_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, case_id = Browser(world.work), world.cases["hotel"]
    with hiding(monkeypatch, case_id):
        hidden, absent = browser.get(f"/case/{case_id}"), browser.get("/case/c_nothing")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.text.replace(case_id, "~") == absent.text.replace("c_nothing", "~")


def test_no_form_tells_whether_what_it_names_is_hidden_or_absent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, case_id = Browser(world.work), world.cases["canal"]
    browser.post("/purpose", purpose="x")
    document = world.documents["report 85-0412.txt"]
    absent = "d" * len(document)
    entry = world.work.book.store.size() - 1
    typed = {
        "field": "weapon",
        "value": "80",
        "quote": "wallet",
        "reason": "x",
        "text": "x",
        "section": "01",
        "kind": "person",
    }
    typed |= {"entry": "1", "role": "case", "index": "0", "decision": "accept", "do": "merge", "start": "0", "end": "6"}
    typed |= {
        "preferred": "k_x",
        "claims": "k_y",
        "crossing": "x_x",
        "alert": str(entry),
        "hit": f"{document}/1",
        "q": "wallet",
    }
    for method, pattern, _ in screens():
        if method != "POST" or not ("{id}" in pattern or pattern in ("/same", "/tray/retry", "/search/mark")):
            continue
        with hiding(monkeypatch, case_id):
            answers = []
            for case, paper in ((case_id, document), ("c_" + "x" * (len(case_id) - 2), absent)):
                path = pattern.replace("{id}", paper if "document" in pattern else case).replace("{number:page}", "1")
                form = typed | {"one": case, "other": world.cases["hotel"], "document": paper, "case": case}
                form |= {"mention": "m_x", "hit": f"{paper}/1"}
                made = browser.post(path, **form)
                text = made.text.replace(case, "~").replace(paper, "~").replace(paper[:16], "~")
                answers.append((made.status_code, made.headers.get("location", "").replace(case, "~"), leveled(text)))
            assert answers[0] == answers[1], path
            assert answers[0][0] != 500, path


def test_a_note_on_a_hidden_case_is_no_note(new_world: Callable[[], World], monkeypatch: pytest.MonkeyPatch) -> None:
    world = new_world()
    browser, case_id = Browser(world.work), world.cases["canal"]
    browser.post(f"/case/{case_id}/note", text="Ask the sister")
    entry = browser.get(f"/case/{case_id}").text.partition('name="note" value="')[2].partition('"')[0]
    with hiding(monkeypatch, case_id):
        answers = [browser.post("/note/withdraw", note=number, reason="x") for number in (entry, "999999")]
    assert [a.status_code for a in answers] == [400, 400]
    assert leveled(answers[0].text).replace(entry, "~") == leveled(answers[1].text).replace("999999", "~")
