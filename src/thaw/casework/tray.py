"""The intake tray: what was taken in, how far it is, what failed and what to do about it.

A tray is one look that stays open while somebody watches the reading, so that a page that asks every two seconds does
not fill the ledger with looks; after ten minutes the next question is a look of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from thaw.access import View
from thaw.casebook import list_documents
from thaw.intake import ocr_engine
from thaw.store import Where

from .book import Session
from .documents import NO_OCR
from .queue import is_paused
from .searching import case_titles

OPEN_FOR = timedelta(minutes=10)
_ORDER = {"failed": 0, "part": 1, "reading": 2, "queued": 3, "waiting": 4, "read": 5}
_SHOWN = 200
_CHOICES = 40


class Tray:
    """One person's look at the tray, open for ten minutes. For use by one browser session."""

    def __init__(self, session: Session, purpose: str) -> None:
        self._session = session
        self.purpose = purpose
        self._view: View | None = None
        self._since: datetime | None = None

    def now(self, *, state: str = "", box: str = "", offset: int = 0) -> dict[str, Any]:
        """Counts by state, the documents that are asked for (failures first), and whether reading is paused.

        state   only failed, part (some pages failed, or their words upset the reading), reading, queued, waiting (for
                OCR) or read
        box     only those that came in this box
        """
        view = self._open()
        rows = _once(list_documents(view, []))
        every = [
            row | {"shown": _state(row), "share": _share(row), "advice": _advice(row), "failed_pages": _failed(row)}
            for row in rows
        ]
        counts = {name: sum(row["shown"] == name for row in every) for name in _ORDER}
        chosen = [row for row in every if state in ("", row["shown"]) and box in ("", row["box"] or "")]
        # What failed stands first, then what is being worked on, then the newest.
        chosen.reverse()
        chosen.sort(key=lambda row: _ORDER[row["shown"]])
        pages = sum(row["pages"] or 0 for row in every)
        shown = chosen[offset : offset + _SHOWN]
        sections = _sections(view, [row["document_id"] for row in shown])
        titles = case_titles(view, [row["case_id"] for row in shown if row["case_id"]])
        for row in shown:
            row["sections"] = sections.get(row["document_id"], [])
            row["case_title"] = titles.get(row["case_id"] or "", (None, None))[0]
        return {
            "counts": counts,
            "total": len(chosen),
            "documents": shown,
            "offset": offset,
            "boxes": sorted({row["box"] for row in every if row["box"]}),
            "pages": pages,
            "pages_waiting": sum(row["ocr_waiting"] or 0 for row in every),
            "cases": cases_to_choose(view),
            "paused": is_paused(view),
            "busy": any(counts[name] for name in ("reading", "queued")) or (bool(counts["waiting"]) and _can_read()),
            "problem": NO_OCR if counts["waiting"] and not _can_read() else None,
        }

    def _open(self) -> View:
        now = self._session.book.clock()
        if self._view is None or self._since is None or now - self._since > OPEN_FOR:
            self._view = self._session.look(self.purpose, kind="access.list", detail={"command": "tray"})
            self._since = now
        return self._view


def cases_to_choose(view: View) -> list[tuple[str, str]]:
    """Id and title of the cases that papers are likely for: entered last, or holding papers already; newest first."""
    newest = [row[0] for row in view.select("cases", ["case_id"], [], order=["-first_seq"], limit=_CHOICES)]
    holding = [row[0] for row in view.select("documents", ["case_id"], [Where("case_id", "known")], order=["-seq"])]
    chosen = list(dict.fromkeys([*holding, *newest]))[:_CHOICES]
    titles = case_titles(view, chosen)
    return [(case_id, titles[case_id][0]) for case_id in chosen if case_id in titles]


def _sections(view: View, documents: Sequence[str]) -> dict[str, list[str]]:
    """The sections of the murder book to which the pages of each document belong, in the order of the pages."""
    where = [Where("document_id", "in", list(documents)), Where("section", "known")]
    found: dict[str, list[str]] = {}
    for document, section in view.select("pages", ["document_id", "section"], where, order=["page"]):
        kept = found.setdefault(document, [])
        if section not in kept:
            kept.append(section)
    return found


def _can_read() -> bool:
    return ocr_engine() is not None


def _once(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each document once, whatever the number of cases that it was put to; the last case is shown."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        before = found.get(row["document_id"])
        found[row["document_id"]] = row if before is None or row["case_id"] else before
    return list(found.values())


def _state(row: dict[str, Any]) -> str:
    if row["state"] == "failed":
        return "failed"
    if _failed(row):
        return "part"
    return str(row["state"])


def _failed(row: dict[str, Any]) -> int:
    """Pages that could not be read, and those whose words upset the reading of names and dates."""
    return (row["ocr_failed"] or 0) + (row["upset"] or 0)


def _share(row: dict[str, Any]) -> int:
    """How much of a document is read, in percent."""
    pages = row["pages"] or 0
    if row["state"] == "read":
        return 100
    if not pages:
        return 0
    return int(100 * max((row["read_pages"] or 0) - (row["ocr_waiting"] or 0), 0) / pages)


def _advice(row: dict[str, Any]) -> str | None:
    """What a person can do about a file or its pages that could not be read; None when there is nothing to do."""
    if row["state"] == "failed":
        return next((words for sign, words in _WHAT_TO_DO.items() if sign in (row["problem"] or "")), _ELSE)
    if row["ocr_failed"]:
        return "Try these pages again, or open them and type what you read."
    if row["upset"]:
        return "Try again after an update of Thaw. Their text is there, is searched, and can be read."
    if row["alarms"]:
        return "Some pages were read with doubt: look at them beside their picture."
    return None


_WHAT_TO_DO = {
    "sort that is not known": "Open it where it came from, print it to PDF there, and add that file too.",
    "password": "Ask who sent it for a copy without password, or open it there, save it anew, and add that file too.",
    "encrypted": "Ask who sent it for a copy without password, or open it there, save it anew, and add that file too.",
    "bomb": "It unpacks to more than a machine can hold. Have it unpacked by somebody who trusts it; add the files.",
    "memory": "Close other programs and try again; else split the file and add the parts.",
    "crashed": "Try once more. If it fails again, print it to a new PDF elsewhere and add that file too.",
    "silent": "Try once more when the machine is less busy; else split the file and add the parts.",
    "empty": "The file holds nothing. Ask for it again.",
    "type": "Save it as PDF, Word, text or picture, and add that file too; these bytes are kept as they came.",
    "damaged": "Copy it again from where it came; it may have broken on the way.",
}
_ELSE = "Try once more. Else copy it again from where it came, or save it as PDF and add that file too."
