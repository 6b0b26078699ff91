"""The intake tray: files are dropped here, progress is seen here, and what failed stands first with what to do."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from thaw.casework.documents import add_documents, document_page, retry, set_paused
from thaw.casework.ledger import rejects, resolve_reject
from thaw.casework.tray import Tray
from thaw.errors import InputError

from .reader import section_names
from .screen import Look, Page, Redirect, Screen
from .texts import text
from .uploads import MOST_BYTES, MOST_FILES

_STATES = ("failed", "part", "reading", "queued", "waiting", "read")
_A_PAGE = 200
_REJECTS = 200


def tray_screen(look: Look) -> Page:
    """All that was taken in, failures first; while files are being read the table asks for itself every two seconds."""
    return Page(
        "tray_part.html" if look.is_part else "tray.html", _shown(look) | {"error": None, "typed": defaultdict(str)}
    )


def add(look: Look) -> Page | Redirect:
    """Take in the files that were dropped or chosen; the reading begins at once, in the background."""
    typed = {name: look.typed(name) for name in ("case", "title", "box", "box_pages")}
    try:
        if not look.files:
            raise InputError(where="files", got="none", want="one or more", fix="Choose or drop files, then send them.")
        if typed["case"] and typed["title"]:
            raise InputError(
                where="case", got="a case and a title for a new one", want="one of them", fix="Leave one of them empty."
            )
        pages = typed["box_pages"]
        if pages and not re.fullmatch(r"\d{1,6}", pages):
            raise InputError(where="pages in the box", got=repr(pages), want="a number", fix="Write digits only.")
        made = add_documents(
            look.session,
            (),
            named=look.files,
            case_id=typed["case"] or None,
            new_title=typed["title"] or None,
            box=typed["box"] or None,
            box_pages=int(pages) if pages else None,
        )
    except InputError as error:
        return Page("tray.html", _shown(look) | {"error": error, "typed": typed}, 400)
    look.background.read_soon()
    bad = [report for report in made["files"] if report["state"] == "failed"]
    held = sum(report["state"] == "held" for report in made["files"])
    words = [text("said.taken_in", count=len(made["files"]) - len(bad))]
    words += [text("said.known_already", count=held)] if held else []
    words += [text("said.not_taken_in", file=one["file"], problem=one["problem"]) for one in bad[:5]]
    look.visit.told = " ".join(words)
    return Redirect("/tray" + (f"?case={made['case_id']}" if made["case_id"] else ""))


def try_again(look: Look) -> Redirect:
    """Queue again what could not be read: one file, or all."""
    document = look.typed("document")
    done = retry(look.session, [document] if document else [])
    look.background.read_soon()
    count = len(done["queued"])
    if count:
        look.done("queued_again", count=count)
    else:
        look.done("nothing_had_failed")
    return Redirect("/tray")


def pause(look: Look) -> Redirect:
    """Stop the reading after the page at hand, or let it go on."""
    set_paused(look.session, look.typed("paused") == "yes")
    look.background.read_soon()
    return Redirect("/tray")


def section_form(look: Look) -> Page:
    """The form in which the section of a document's first page is corrected without leaving the tray."""
    document = look.asked("document")
    found = document_page(look.session, document, 1, purpose=look.purpose)
    about = found["about_page"] or {"section": None}
    sections = [(code, entry["label"]) for code, entry in section_names().items()]
    shown = {"document": found, "now": about["section"], "sections": sections}
    return Page("tray_section.html" if look.is_part else "tray_section_alone.html", shown)


def rejects_screen(look: Look) -> Page:
    """Rows of registers and papers that could not be read, each with what it said and what was wanted."""
    found = rejects(look.session, purpose=look.purpose)
    shown = {"rows": found[:_REJECTS], "total": len(found)}
    return Page("rejects.html", shown)


def settle(look: Look) -> Redirect:
    """Settle a row that was set aside, with what became of it."""
    text = look.typed("reject")
    number = int(text) if re.fullmatch(r"\d{1,15}", text) else -1
    resolve_reject(look.session, number, reason=look.typed("reason"), purpose=look.purpose)
    look.done("settled_with_your_words")
    return Redirect("/rejects")


def _shown(look: Look) -> dict[str, Any]:
    kept = look.visit.open.get("tray")
    # The look stays open while this page asks for its table again; opening the page is a look of its own.
    if not isinstance(kept, Tray) or not look.is_part or kept.purpose != look.purpose:
        kept = look.visit.open["tray"] = Tray(look.session, look.purpose)
    state = look.asked("state") if look.asked("state") in _STATES else ""
    offset = int(look.asked("from")) if re.fullmatch(r"\d{1,6}", look.asked("from")) else 0
    found = kept.now(state=state, box=look.asked("box"), offset=offset)
    return {
        "tray": found,
        "state": state,
        "box": look.asked("box"),
        "case": look.asked("case"),
        "states": _STATES,
        "names": {code: entry["label"] for code, entry in section_names().items()},
        "a_page": _A_PAGE,
        "most_files": MOST_FILES,
        "most_gb": MOST_BYTES // 1024**3,
        "problem": look.background.problem,
        "poll": look.address,
    }


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/tray", tray_screen),
    ("GET", "/tray/section", section_form),
    ("POST", "/tray/add", add),
    ("POST", "/tray/retry", try_again),
    ("POST", "/tray/pause", pause),
    ("GET", "/rejects", rejects_screen),
    ("POST", "/rejects/settle", settle),
)
