"""What the reader does with whole papers: put one to a case, have a page read again, take the original out."""

from __future__ import annotations

from urllib.parse import quote as quoted

from thaw.casework.paperwork import original_file, put_to_case, read_page_again
from thaw.errors import InputError

from .reader import page_address, refused
from .screen import Download, Look, Page, Redirect, Screen


def original(look: Look) -> Download:
    """The bytes as they were taken in, always as a file to keep: no browser shows what strangers wrote."""
    path, name = original_file(look.session, look.params["id"], purpose=look.purpose)
    return Download(b"", "application/octet-stream", name, path=path)


def read_again(look: Look) -> Page | Redirect:
    """Queue the page for the recognition of its letters; what was read before stays beside it."""
    try:
        read_page_again(look.session, look.params["id"], look.params["number"])
    except InputError as error:
        return refused(look, error)
    look.background.read_soon()
    look.done("read_again")
    return Redirect(page_address(look))


def assign(look: Look) -> Page | Redirect:
    """Put the document of the page to a case."""
    try:
        made = put_to_case(look.session, look.params["id"], look.typed("case"), reason=look.typed("reason"))
    except InputError as error:
        if error.where == "document":
            raise
        return refused(look, error)
    look.done("put_to_case")
    return Redirect(f"/case/{quoted(made['case_id'], safe='')}")


_PAGE = "/document/{id}/page/{number:page}"
SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/document/{id}/original", original),
    ("POST", _PAGE + "/again", read_again),
    ("POST", _PAGE + "/assign", assign),
)
