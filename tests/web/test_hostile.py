"""Hostile content never runs: markup in titles, names, file names, pages, queries and errors is shown as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from web.invented import HOSTILE, Browser, World

TEMPLATES = Path(__file__).parents[2] / "src" / "thaw" / "web" / "templates"


class Parsed(HTMLParser):
    """What a browser makes of a page: its tags, the names of their attributes, and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: set[str | None] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources |= {value for name, value in attrs if name in ("src", "data")}


def screens(world: World) -> list[str]:
    """Every screen with hostile content in the book or in the address."""
    case_id, bad = world.cases["hostile"], quote(HOSTILE, safe="")
    pages = [f"/document/{digest}/page/1" for digest in world.documents.values()]
    return [
        *("/", "/cases", f"/cases?where={bad}", f"/cases?where=title%3D{bad}", f"/case/{case_id}", f"/case/{bad}"),
        *(f"/case/{case_id}/similar", f"/case/{case_id}/log", f"/case/{world.cases['canal']}", *pages),
        *("/demo", "/ledger", f"/search?q=wallet&purpose={bad}", f"/search?q={bad}&purpose=x", f"/search?q=%22{bad}"),
        *(f"/search?q=wallet&purpose=x&case={bad}", f"/{bad}", f"/open/{bad}", f"/static/{bad}"),
    ]


def test_hostile_content_is_only_ever_text(world: World) -> None:
    browser = Browser(world.work)
    seen = 0
    for path in screens(world):
        text = browser.get(path).text
        found = Parsed(text)
        assert not found.tags & {"script", "style", "iframe", "object", "base"}, path
        assert not {name for name in found.attributes if name.startswith("on") or name == "style"}, path
        assert {source for source in found.sources if source != "/static/mark.svg"} == set(), path
        seen += "&lt;script&gt;" in text
    assert seen >= 8  # it was there to see, as text


def test_a_hostile_form_is_only_ever_text(world: World) -> None:
    browser = Browser(world.work)
    answer = browser.post("/new", title=HOSTILE, county=HOSTILE, once='"><script>', narrative="</textarea>" + HOSTILE)
    assert answer.status_code == 400
    assert "script" not in Parsed(answer.text).tags
    browser.post("/purpose", purpose='"' + HOSTILE)
    assert "script" not in Parsed(browser.get("/cases").text).tags


@pytest.mark.parametrize("query", ["%00", "%ff%fe", "a%02b%03", "%F0%9F%94%8D", "%E2%80%AE", "a" * 3000])
def test_odd_queries_are_answered(world: World, query: str) -> None:
    assert Browser(world.work).get(f"/search?q={query}&purpose=x").status_code in (200, 400)


def test_no_template_marks_text_as_safe_or_carries_script_or_style() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|<script|<style|\sstyle=|\son\w+=|https?://(?!127)", text), template


def test_the_style_sheet_fetches_nothing() -> None:
    sheet = (TEMPLATES.parent / "static" / "thaw.css").read_text(encoding="utf-8")
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert len(sheet.splitlines()) < 500
