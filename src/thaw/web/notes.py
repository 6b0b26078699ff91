"""Notes and tags on a case or on a page: written, shown where they stand, taken back with a reason."""

from __future__ import annotations

import re

from thaw.casework.notes import mark_illegible, note_on_case, note_on_page, withdraw_note
from thaw.casework.tags import tag_case, tag_page, tags
from thaw.errors import InputError

from .reader import page_address, refused
from .screen import Look, Page, Redirect, Screen


def on_page(look: Look) -> Page | Redirect:
    """Keep a note on a page."""
    try:
        made = note_on_page(
            look.session, look.params["id"], look.params["number"], _written(look), case_id=_kept_with(look)
        )
    except InputError as error:
        return refused(look, error)
    look.done("noted", entry=made["entry"])
    return Redirect(page_address(look, open="notes"))


def tag_on_page(look: Look) -> Page | Redirect:
    """Put a tag on a page."""
    try:
        tag_page(look.session, look.params["id"], look.params["number"], look.typed("tag"), case_id=_kept_with(look))
    except InputError as error:
        return refused(look, error)
    look.done("tagged")
    return Redirect(page_address(look, open="notes"))


def illegible(look: Look) -> Page | Redirect:
    """Keep that nobody here can read a page."""
    try:
        made = mark_illegible(look.session, look.params["id"], look.params["number"], look.typed("seen"))
    except InputError as error:
        return refused(look, error)
    look.done("noted", entry=made["entry"])
    return Redirect(page_address(look, open="notes"))


def on_case(look: Look) -> Redirect:
    """Keep a note on a case."""
    made = note_on_case(look.session, look.params["id"], _written(look), purpose=look.purpose)
    look.done("noted", entry=made["entry"])
    return Redirect(look.path.removesuffix("/note") + "#notes")


def tag_on_case(look: Look) -> Redirect:
    """Put a tag on a case."""
    tag_case(look.session, look.params["id"], look.typed("tag"), purpose=look.purpose)
    look.done("tagged")
    return Redirect(look.path.removesuffix("/tag") + "#notes")


def tags_screen(look: Look) -> Page:
    """All tags, and what bears the one that is asked for."""
    found = tags(look.session, purpose=look.purpose)
    asked = look.asked("tag").casefold()
    chosen = next((one for one in found if one["tag"].casefold() == asked), None) if asked else None
    return Page("tags.html", {"tags": found, "chosen": chosen, "asked": look.asked("tag")})


def take_back(look: Look) -> Redirect:
    """Take a note back, with a reason; it stays, struck through."""
    text = look.typed("note")
    withdraw_note(look.session, int(text) if re.fullmatch(r"\d{1,12}", text) else -1, reason=look.typed("reason"))
    look.done("note_taken_back")
    return Redirect(look.own_path(look.typed("back")) or "/")


def _kept_with(look: Look) -> str | None:
    """The case that was chosen where a page lies in the files of several; None for each of them."""
    return look.typed("with") or None


def _written(look: Look) -> str:
    return (look.form.get("text") or [""])[-1]


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("POST", "/document/{id}/page/{number:page}/note", on_page),
    ("POST", "/document/{id}/page/{number:page}/illegible", illegible),
    ("POST", "/case/{id}/note", on_case),
    ("POST", "/case/{id}/tag", tag_on_case),
    ("POST", "/document/{id}/page/{number:page}/tag", tag_on_page),
    ("GET", "/tags", tags_screen),
    ("POST", "/note/withdraw", take_back),
)
