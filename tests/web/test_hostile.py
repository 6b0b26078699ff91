"""Hostile content never runs: markup in titles, names, file names, pages, queries and errors is shown as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from web.invented import HOSTILE, Browser, World

TEMPLATES = Path(__file__).parents[2] / "src" / "thaw" / "web" / "templates"
OURS = {f"/static/{path.name}" for path in (TEMPLATES.parent / "static").glob("*.js")}


class Parsed(HTMLParser):
    """What a browser makes of a page: its tags, the names of their attributes, and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: set[str | None] = set()
        self.scripts: list[str | None] = []
        self.inline = ""
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources |= {value for name, value in attrs if name in ("src", "data")}
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append(dict(attrs).get("src"))

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        self.inline += data.strip() if self._in_script else ""

    @property
    def only_our_script(self) -> bool:
        """At most the packaged islands, by address; not one line inside the page."""
        return set(self.scripts) <= OURS and self.inline == ""


def screens(world: World) -> list[str]:
    """Every screen with hostile content in the book or in the address."""
    case_id, bad = world.cases["hostile"], quote(HOSTILE, safe="")
    pages = [f"/document/{digest}/page/1" for digest in world.documents.values()]
    return [
        *("/", "/cases", f"/cases?where={bad}", f"/cases?where=title%3D{bad}", f"/case/{case_id}", f"/case/{bad}"),
        *(f"/case/{case_id}/similar", f"/case/{case_id}/log", f"/case/{world.cases['canal']}", *pages),
        *("/demo", "/ledger", f"/search?q=wallet&purpose={bad}", f"/search?q={bad}&purpose=x", f"/search?q=%22{bad}"),
        *(
            "/tray",
            "/rejects",
            "/things",
            "/things/records",
            "/same",
            "/saved",
            "/tags",
            "/search/batch",
            f"/things?case={bad}",
        ),
        *(f"/case/{case_id}/papers", f"/case/{case_id}/crossings", f"/case/{case_id}/alike", f"/person/{bad}"),
        *(f"{page}?{name}={bad}" for page in pages for name in ("quote", "mark", "q", "box", "zoom", "text", "open")),
        *(f"{pages[-1]}?hit=1&q={bad}", f"{pages[-1]}/alike", f"/tray?state={bad}&box={bad}", f"/field?field={bad}"),
        *(f"/chart?case={case_id}", f"/chart?case={bad}", f"/case/{case_id}/claims?subject={bad}", "/alerts?state=all"),
        *(
            f"/case/{case_id}/timeline?window={bad}&lane={bad}",
            f"/case/{case_id}/pair/{world.cases['canal']}?try={bad}",
        ),
        *(f"/map?state={bad}&county={bad}&where={bad}", f"/timeline?case={case_id}&by={bad}"),
        *(f"/timeline?where={bad}", "/light"),
        *(f"/map?case={case_id}", f"/identify?q={bad}", f"/identify/{bad}", f"/series/{bad}", f"/kinship/{bad}"),
        *(f"/search?q=wallet&purpose=x&case={bad}", f"/{bad}", f"/open/{bad}", f"/static/{bad}"),
    ]


def test_hostile_content_is_only_ever_text(world: World) -> None:
    browser = Browser(world.work)
    seen = 0
    for path in screens(world):
        text = browser.get(path).text
        found = Parsed(text)
        assert not found.tags & {"style", "iframe", "object", "base"}, path
        assert found.only_our_script, path
        assert not {name for name in found.attributes if name.startswith("on") or name == "style"}, path
        ours = ("/static/mark.svg", *OURS)
        assert [s for s in found.sources if s not in ours and not s.startswith("/document/")] == [], path
        seen += "&lt;script&gt;" in text
    assert seen >= 8  # it was there to see, as text


def test_a_hostile_form_is_only_ever_text(world: World) -> None:
    browser = Browser(world.work)
    answer = browser.post("/new", title=HOSTILE, county=HOSTILE, once='"><script>', narrative="</textarea>" + HOSTILE)
    assert answer.status_code == 400
    assert Parsed(answer.text).only_our_script
    browser.post("/purpose", purpose='"' + HOSTILE)
    assert Parsed(browser.get("/cases").text).only_our_script


@pytest.mark.parametrize("query", ["%00", "%ff%fe", "a%02b%03", "%F0%9F%94%8D", "%E2%80%AE", "a" * 3000])
def test_odd_queries_are_answered(world: World, query: str) -> None:
    assert Browser(world.work).get(f"/search?q={query}&purpose=x").status_code in (200, 400)


def test_no_template_marks_text_as_safe_or_carries_script_or_style() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        for ours in OURS:
            text = text.replace(f'<script src="{ours}" defer></script>', "")
        assert not re.search(r"\|\s*safe|autoescape|<script|<style|\sstyle=|\son\w+=|https?://(?!127)", text), template


def test_the_style_sheet_fetches_nothing() -> None:
    sheet = (TEMPLATES.parent / "static" / "thaw.css").read_text(encoding="utf-8")
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert len(sheet.splitlines()) < 500
