"""Finding words, and reading the page that they stand on."""

from __future__ import annotations

from typing import Any

from thaw.casework.documents import document_page
from thaw.casework.searching import search
from thaw.errors import InputError

from .screen import Look, Page, Screen

_TOP = 50


def search_screen(look: Look) -> Page:
    """Words and phrases in pages and records; it asks for a purpose when none was stated."""
    query, purpose = look.asked("q"), look.asked("purpose")
    if purpose:
        look.state_purpose(purpose)
    case_id = look.asked("case") or None
    shown: dict[str, Any] = {"q": query, "case_id": case_id, "found": None, "error": None, "ask": False}
    shown["stated"] = look.purpose if look.purpose_is_stated else f"case {case_id}" if case_id else ""
    if not query:
        return Page("search.html", shown)
    if not look.purpose_is_stated:
        return Page("search.html", shown | {"ask": True})
    try:
        found = search(look.session, query, purpose=look.purpose, top=_TOP, case_id=case_id)
    except InputError as error:
        if error.where == "case":
            raise
        return Page("search.html", shown | {"error": error}, 400)
    return Page("search.html", shown | {"found": found})


def document_screen(look: Look) -> Page:
    """One page of a document with its text as it was read."""
    found = document_page(look.session, look.params["id"], look.params["number"], purpose=look.purpose)
    page = found["page"]
    text = page["text"] if page else None
    return Page("document.html", {"document": found, "text": text, "lines": _lines(text)})


def _lines(text: str | None) -> list[str]:
    return text.rstrip("\n").splitlines() if text else []


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/document/{id}/page/{number:page}", document_screen),
    ("GET", "/search", search_screen),
)
