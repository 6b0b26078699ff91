"""Search: facets, hits, preview, marks, saved searches, lists of names, and exports that no spreadsheet runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from thaw.casework.reader import reader_page
from thaw.casework.saved_searches import dismiss_alert, remove_search, save_search, saved_searches
from thaw.casework.search_facets import READ_BADLY, READ_WELL
from thaw.casework.search_files import batch
from thaw.casework.search_files import export as export_hits
from thaw.casework.searching import mark_hit, more_like, search
from thaw.data import read_json
from thaw.errors import InputError

from .page_text import lines_of
from .reader import hit_marks
from .render import type_words
from .screen import Download, Look, Page, Redirect, Screen
from .uploads import scratch_file

_A_PAGE = 25
_MOST_ROWS = 500
_FACETS = ("case_id", "type", "section", "role", "box_id")
_READ = {"good": "well", "fair": "with doubts", "poor": "badly"}
_BANDS = {
    "good": f"quality:>={READ_WELL:g}",
    "fair": f"quality:>={READ_BADLY:g} quality:<{READ_WELL:g}",
    "poor": f"quality:<{READ_BADLY:g}",
}
Document = Mapping[str, Any]


def search_screen(look: Look) -> Page:
    """Words and phrases in pages and records; it asks for a purpose when none was stated."""
    query, purpose = look.asked("q"), look.asked("purpose")
    if purpose:
        look.state_purpose(purpose)
    case_id = look.asked("case") or None
    shown: dict[str, Any] = {"q": query, "case_id": case_id, "found": None, "error": None, "ask": False}
    shown |= {"unread": bool(look.asked("unread")), "like": "", "preview": None, "skip": 0}
    shown["stated"] = look.purpose if look.purpose_is_stated else f"case {case_id}" if case_id else ""
    if not query:
        return Page("search.html", shown)
    if not look.purpose_is_stated:
        return Page("search.html", shown | {"ask": True})
    skip = int(look.asked("from")) if re.fullmatch(r"\d{1,6}", look.asked("from")) else 0
    try:
        found = search(
            look.session,
            query,
            purpose=look.purpose,
            top=_A_PAGE,
            skip=skip,
            case_id=case_id,
            unread=shown["unread"],
            sorted_by=_FACETS,
        )
    except InputError as error:
        if error.where == "case":
            raise
        return Page("search.html", shown | {"error": error}, 400)
    hits = [_hit(hit, skip + i, query, case_id, found) for i, hit in enumerate(found["hits"], start=1)]
    facets = list(_facets(found, query, case_id))
    shown |= {"found": found, "hits": hits, "facets": facets, "skip": skip, "a_page": _A_PAGE}
    shown["asked"] = urlencode([("q", query), *([("case", case_id)] if case_id else [])])
    return Page("search.html", shown)


def hit_screen(look: Look) -> Redirect | Page:
    """Go to the page of the nth hit, its words marked there; after the last, back to the list."""
    query, case_id = look.asked("q"), look.asked("case") or None
    at = int(look.asked("hit")) if re.fullmatch(r"[1-9]\d{0,5}", look.asked("hit")) else 1
    back = [("q", query), *([("case", case_id)] if case_id else [])]
    if not look.purpose_is_stated or not query:
        return Redirect("/search?" + urlencode(back))
    found = search(look.session, query, purpose=look.purpose, top=1, skip=at - 1, case_id=case_id)
    if not found["hits"]:
        look.done("that_was_the_last_hit")
        return Redirect("/search?" + urlencode(back))
    return Redirect(_address(found["hits"][0], at, query, case_id))


def preview(look: Look) -> Page:
    """The page of one hit beside the list, its words marked."""
    document, number = look.asked("document"), look.asked("page")
    if not re.fullmatch(r"\d{1,9}", number):
        raise InputError(where="page", got=repr(number[:20]), want="a page number", fix="Open the hit itself.")
    found = reader_page(look.session, document, int(number), purpose=look.purpose)
    text = (found["page"] or {}).get("text") or ""
    lines = lines_of(text, hit_marks(text, look.query.get("mark", ())))
    at = next((i for i, line in enumerate(lines) if any("hit" in piece.names for piece in line)), 0)
    first = max(at - 8, 0)
    shown = {"document": found, "lines": lines[first : first + 40], "to": look.asked("to"), "first": first + 1}
    return Page("search_preview.html", shown)


def mark(look: Look) -> Redirect:
    """Mark a hit as not relevant to this search, or take the mark back."""
    query = look.typed("q")
    mark_hit(
        look.session,
        query,
        look.typed("hit"),
        relevant=look.typed("relevant") == "yes",
        purpose=look.purpose,
        reason=look.typed("reason"),
    )
    return Redirect(look.own_path(look.typed("back")) or "/search?" + urlencode({"q": query}))


def export(look: Look) -> Download:
    """All hits of a search as CSV; cells that a spreadsheet would run begin with an apostrophe."""
    out = scratch_file(look.session.book.folder, "hits.csv")
    try:
        export_hits(look.session, look.asked("q"), out, purpose=look.purpose, case_id=look.asked("case") or None)
        return Download(out.read_bytes(), "text/csv; charset=utf-8", "thaw-hits.csv")
    finally:
        out.unlink(missing_ok=True)
        out.parent.rmdir()


def alike_screen(look: Look) -> Page:
    """Pages that share the rare words of one page."""
    document, number = look.params["id"], look.params["number"]
    back = f"/document/{quoted(document, safe='')}/page/{number}"
    purpose = look.purpose if look.purpose_is_stated else "more like a page"
    found = more_like(look.session, document, number, purpose=purpose, top=_A_PAGE)
    hits = [_hit(hit, i, "", None, found) for i, hit in enumerate(found["hits"], start=1)]
    return Page("search_alike.html", {"found": found, "hits": hits, "back_to": back, "number": number})


def batch_screen(look: Look) -> Page:
    """A list of names, searched one by one: how often each stands in which case."""
    blank: dict[str, Any] = {
        "found": None,
        "error": None,
        "stated": look.purpose if look.purpose_is_stated else "",
        "rows": [],
    }
    return Page("search_batch.html", blank)


def run_batch(look: Look) -> Page:
    """Search every name of the CSV file that was sent."""
    if look.typed("purpose"):
        look.state_purpose(look.typed("purpose"))
    shown: dict[str, Any] = {"found": None, "error": None, "rows": []}
    shown["stated"] = look.purpose if look.purpose_is_stated else ""
    out = scratch_file(look.session.book.folder, "names.csv")
    try:
        if not look.files:
            raise InputError(where="list of names", got="no file", want="a CSV file", fix="Choose one, then send it.")
        found = batch(look.session, look.files[0][0], purpose=look.purpose, out=out)
        look.visit.open["batch"] = out.read_bytes()
    except InputError as error:
        told = InputError(where="list of names", got=error.got, want=error.want, fix=error.fix)
        return Page("search_batch.html", shown | {"error": told}, 400)
    finally:
        out.unlink(missing_ok=True)
        out.parent.rmdir()
    return Page("search_batch.html", shown | {"found": found, "rows": found["rows"][:_MOST_ROWS]})


def batch_file(look: Look) -> Download:
    """The matrix of the last list of names as CSV."""
    kept = look.visit.open.get("batch")
    if kept is None:
        raise InputError(where="list of names", got="no list", want="a list that was searched", fix="Send one first.")
    return Download(kept, "text/csv; charset=utf-8", "thaw-names.csv")


def saved_screen(look: Look) -> Page:
    """Searches kept by name, with what is new for each."""
    return Page("saved.html", {"saved": saved_searches(look.session, purpose=look.purpose), "error": None})


def save(look: Look) -> Page | Redirect:
    """Keep a search by name: new material that fits it raises an alert."""
    try:
        kept = save_search(look.session, look.typed("name"), look.typed("q"), purpose=look.purpose)
    except InputError as error:
        shown = saved_searches(look.session, purpose=look.purpose)
        return Page("saved.html", {"saved": shown, "error": error}, 400)
    look.done("kept_as", name=kept["name"])
    return Redirect("/saved")


def unsave(look: Look) -> Redirect:
    """End a saved search."""
    remove_search(look.session, look.typed("name"))
    look.done("ended_its_alerts_stay")
    return Redirect("/saved")


def dismiss(look: Look) -> Redirect:
    """Dismiss an alert of a saved search or a crossing, with a reason."""
    text = look.typed("alert")
    dismiss_alert(look.session, int(text) if re.fullmatch(r"\d{1,15}", text) else -1, reason=look.typed("reason"))
    look.done("dismissed_with_your_reason")
    return Redirect(look.own_path(look.typed("back")) or "/saved")


def _hit(hit: Document, at: int, query: str, case_id: str | None, found: Document) -> dict[str, Any]:
    key = f"{hit['ref']}/{hit['page'] or 0}"
    odd = [m for m in hit["matches"] if m["how"] not in ("exact", "pattern")]
    return {
        "hit": hit,
        "at": at,
        "key": key,
        "to": _address(hit, at, query, case_id),
        "marks": urlencode([("mark", m["found"]) for m in hit["matches"][:20]]),
        "gone": key in found.get("not_relevant", ()),
        "opened": key in found.get("opened", ()),
        "odd": bool(odd),
    }


def _address(hit: Document, at: int, query: str, case_id: str | None) -> str:
    """Where a hit is read: its page with the words marked, or its case."""
    if hit["document"]:
        asked = [("mark", m["found"]) for m in hit["matches"][:20]]
        asked += [("q", query), ("hit", str(at))] if query else []
        asked += [("case", case_id)] if case_id else []
        asked += [("open", "notes")] if hit["kind"] == "decision" else []
        return f"/document/{quoted(hit['document'], safe='')}/page/{hit['page'] or 1}?" + urlencode(asked)
    return f"/case/{quoted(hit['case_id'], safe='')}" if hit["case_id"] else "/search"


def _facets(found: Document, query: str, case_id: str | None) -> Any:
    """Ways to narrow: each value with its count, and the search that keeps only it."""
    sections = read_json("codes/murder_book.json")["lists"]["section"]
    names = {"case_id": "Case", "type": "Kind of file", "section": "Section", "role": "Role of a name", "box_id": "Box"}
    conditions = {"case_id": "case", "type": "type", "section": "section", "role": "role", "box_id": "box"}
    for column, label in names.items():
        values = []
        for value, count in found["facets"][column]:
            if value is None or value == "" or (column == "case_id" and case_id):
                continue
            words = {
                "case_id": found["case_titles"].get(value, (value, None))[0],
                "type": type_words(value),
                "section": f"{value} {sections.get(value, {}).get('label', '')}",
            }.get(column, value)
            end = value.rsplit("/", 1)[-1] if column == "type" else value
            values.append((words, count, _narrower(query, f'{conditions[column]}:"{end}"')))
        if column == "case_id" and all(count == 1 for _, count, _ in values):
            continue  # one hit in each: the hits themselves say more
        if len(values) > 1 or (values and column in ("section", "type")):
            yield label, values
    for name, label, asked in (("year", "Year of the killing", "date"), ("written", "Year written", "written")):
        spans = [(value.partition("-")[0], value.rpartition("-")[2], count) for value, count in found["facets"][name]]
        values = [
            (first if first == last else f"{first} to {last}", count, _narrower(query, f"{asked}:[{first} TO {last}]"))
            for first, last, count in spans
        ]
        if len(values) > 1:
            yield label, values
    read = [(_READ[band], count, _narrower(query, _BANDS[band])) for band, count in found["facets"]["quality"]]
    if read:
        yield "Letters read", read


def _narrower(query: str, condition: str) -> str:
    return "/search?" + urlencode({"q": f"({query}) {condition}"})


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/search", search_screen),
    ("GET", "/search/hit", hit_screen),
    ("GET", "/search/preview", preview),
    ("GET", "/search/export.csv", export),
    ("POST", "/search/mark", mark),
    ("GET", "/search/batch", batch_screen),
    ("POST", "/search/batch", run_batch),
    ("GET", "/search/batch.csv", batch_file),
    ("GET", "/document/{id}/page/{number:page}/alike", alike_screen),
    ("GET", "/saved", saved_screen),
    ("POST", "/saved/add", save),
    ("POST", "/saved/remove", unsave),
    ("POST", "/saved/dismiss", dismiss),
)
