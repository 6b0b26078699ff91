"""A hidden case leaves no trace: every screen answers as in a book that never had it, times and entry numbers aside."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from books import Clock
from thaw.casework import Session, open_book, session
from thaw.casework.documents import add_documents
from thaw.store import Visible
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
    for pattern in (r'<span class="seq">[\d,]*</span>', r"<time[^>]*>[^<]*</time>", r'(?s)<pre class="note".*?</pre>'):
        html = re.sub(pattern, "~", html)
    return re.sub(r'<code class="root">[^<]*</code>|name="once" value="[^"]*"', "~", html)


def paths(world: World, secret: str, document: str) -> list[str]:
    pages = [f"/document/{digest}/page/1" for digest in [*world.documents.values(), document]]
    cases = [secret, *world.cases.values(), "shr-map:1", "shr-map:9"]
    found = ["/", "/cases", "/cases?page=2", "/cases?where=title%3DSecret+invented+cellar", "/demo", "/new", "/ledger"]
    found += [f"/search?q={q}&purpose=x" for q in ("cellar", "wallet", "zyzzyva", "invented")]
    found += [f"/search?q=wallet&purpose=x&case={secret}", *pages, f"/document/{document}/page/2"]
    return found + [f"/case/{case_id}{rest}" for case_id in cases for rest in ("", "/similar", "/log")]


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
            assert other.headers.items() == other.headers.items(), path
            assert leveled(other.text) == leveled(one.text), path
            assert "ecret invented cellar" not in other.text.replace("title=Secret invented cellar", ""), path
    never.book.close()
    having.book.close()


def test_hidden_and_absent_get_the_same_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, case_id = Browser(world.work), world.cases["hotel"]
    with hiding(monkeypatch, case_id):
        hidden, absent = browser.get(f"/case/{case_id}"), browser.get("/case/c_nothing")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.text.replace(case_id, "~") == absent.text.replace("c_nothing", "~")
