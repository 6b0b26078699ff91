"""The reader, the screen that people live in: the picture of a page beside its words, and all that is made of them."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from thaw.casework import mentions
from thaw.casework.pages import STRIP, page_picture, page_strip, set_section, transcribe
from thaw.casework.reader import reader_page
from thaw.casework.statements import find_span, statable, state_passage, withdraw_statement
from thaw.data import read_json
from thaw.errors import InputError
from thaw.intake import reading
from thaw.record import codes_of

from .page_text import Mark, lines_of
from .screen import Download, Look, Page, Redirect, Screen
from .texts import text

ZOOMS = (50, 100, 150, 200, 300)
_MOST_MARKS = 40
Document = Mapping[str, Any]


def reader_screen(look: Look) -> Page:
    """One page of a document: picture with boxes, its texts side by side, and what people made of it."""
    return _screen(look)


def picture(look: Look) -> Download:
    """The picture of a page."""
    return _pictured(look, page_picture)


def strip(look: Look) -> Download:
    """Small pictures of a few pages, one below the other."""
    return _pictured(look, page_strip)


def _pictured(look: Look, make: Callable[..., bytes | None]) -> Download:
    shown = look.params["id"], look.params["number"]
    return _png(make(look.session, *shown, purpose=look.purpose, pictures=look.background.pictures))


def state(look: Look) -> Page | Redirect:
    """Make a passage a statement on the case of the document."""
    try:
        made = state_passage(
            look.session,
            look.params["id"],
            look.params["number"],
            field=look.typed("field"),
            value=look.typed("value"),
            quote=look.typed("quote"),
            start=_place(look.typed("start")),
            end=_place(look.typed("end")),
            said_by=look.typed("said_by"),
            sure=look.typed("sure") != "no",
            purpose=look.purpose,
        )
    except InputError as error:
        return refused(look, error)
    look.done("stored_as", entry=made["entry"])
    return Redirect(page_address(look, box=made["box"], quote=made["quote"], open="stated"))


def unstate(look: Look) -> Page | Redirect:
    """Take a statement back; it stays, struck through."""
    try:
        entry, index = _place(look.typed("entry")), _place(look.typed("index"))
        case_id, role, reason = look.typed("case"), look.typed("role"), look.typed("reason")
        withdraw_statement(
            look.session,
            case_id,
            entry=-1 if entry is None else entry,
            role=role,
            index=-1 if index is None else index,
            reason=reason,
            purpose=look.purpose,
        )
    except InputError as error:
        return refused(look, error)
    look.done("taken_back_it_stays_in")
    return Redirect(page_address(look, open="stated"))


def type_page(look: Look) -> Page | Redirect:
    """Keep what a person reads on the page, beside what machines read."""
    words = (look.form.get("text") or [""])[-1].replace("\r\n", "\n")
    try:
        kept = transcribe(
            look.session, look.params["id"], look.params["number"], words, blank=look.typed("blank") == "yes"
        )
    except InputError as error:
        return refused(look, error)
    look.background.read_soon()
    look.done("typed_as", entry=kept["entry"])
    return Redirect(page_address(look))


def file_page(look: Look) -> Page | Redirect:
    """Say which section of the murder book the page belongs to, when it was written, and by whom."""
    told = {name: look.typed(name) or None for name in ("kind", "written", "filed", "author")}
    try:
        set_section(
            look.session,
            look.params["id"],
            look.params["number"],
            look.typed("section") or "-",
            **told,
            reason=look.typed("reason"),
        )
    except InputError as error:
        return refused(look, error)
    look.done("kept_what_this_page_is")
    return Redirect(look.own_path(look.typed("back")) or page_address(look, open="filed"))


def name_passage(look: Look) -> Page | Redirect:
    """Make a mention, or words that the reading did not mark, a named person or thing."""
    document, number = look.params["id"], look.params["number"]
    try:
        start, end = _place(look.typed("start")), _place(look.typed("end"))
        if look.typed("quote"):
            start, end = find_span(look.session, document, number, look.typed("quote"), start, end)
        made = mentions.promote(
            look.session,
            document,
            number,
            -1 if start is None else start,
            -1 if end is None else end,
            name=look.typed("name") or None,
            kind=look.typed("kind") or None,
            reason=look.typed("reason"),
        )
    except InputError as error:
        return refused(look, error)
    look.done("named", name=made["name"])
    return Redirect(page_address(look, open="named"))


def change_name(look: Look) -> Page | Redirect:
    """Rename, merge, split or take back a named person or thing."""
    one, other, reason = look.typed("mention"), look.typed("other"), look.typed("reason")
    try:
        match look.typed("do"):
            case "rename":
                mentions.rename(look.session, one, look.typed("name"), reason=reason)
            case "merge":
                mentions.merge(look.session, one, other, reason=reason)
            case "split":
                mentions.split(look.session, one, other, reason=reason)
            case "withdraw":
                mentions.withdraw(look.session, one, reason=reason)
            case what:
                raise InputError(
                    where="named thing",
                    got=repr(what[:20]),
                    want="rename, merge, split or withdraw",
                    fix="Use a button.",
                )
    except InputError as error:
        return refused(look, error)
    look.done("done_it_can_be_undone")
    return Redirect(look.own_path(look.typed("back")) or page_address(look, open="named"))


def field_control(look: Look) -> Page:
    """The control that fits a field: a list of codes, yes and no, or a line of text."""
    return Page("reader_value.html", {"control": control_of(look.asked("field")), "typed": defaultdict(str)})


def _screen(look: Look, *, error: InputError | None = None, typed: Mapping[str, str] | None = None) -> Page:
    document, number = look.params["id"], look.params["number"]
    found = reader_page(look.session, document, number, purpose=look.purpose)
    texts = [text for text in found["texts"] if text["text"] is not None]
    chosen = _chosen(texts, look.asked("text"))
    beside = _beside(texts, chosen, look.asked("beside"))
    best = bool(chosen and chosen["best"])
    text = (chosen or {}).get("text") or ""
    box = _box(look.asked("box"))
    span = _quoted_span(text, look.asked("quote"))
    marks = _marks(found, text, look.query.get("mark", ()), span, placed=best)
    words = _words(found["page"], marks) if best or not texts else []
    typed = defaultdict(str, typed or {})
    page = found["page"] or {}
    return Page(
        "reader.html",
        {
            "document": found,
            "about": defaultdict(lambda: None, found["about_page"] or {}),
            "texts": texts,
            "chosen": chosen,
            "no_words": _no_words(found, texts, chosen),
            "beside": beside,
            "lines": lines_of(text, marks),
            "other_lines": lines_of(beside["text"], _differences(beside["text"], text)) if beside else [],
            "words": words,
            "width": page.get("width"),
            "height": page.get("height"),
            "box": box,
            "stated_boxes": [one for one in found["statements"] if one["box"] and one["live"]],
            "zoom": _zoom(look.asked("zoom")),
            "zooms": ZOOMS,
            "turn": _turn(look.asked("rotate")),
            "strip": _strip(found),
            "fields": statable(),
            "control": control_of(typed.get("field", "")),
            "kinds": reading.KINDS,
            "sections": [(code, entry["label"]) for code, entry in section_names().items()],
            "section_label": section_names().get((found["about_page"] or {}).get("section") or "", {}).get("label"),
            "error": error,
            "typed": typed,
            "open": look.asked("open") or typed.get("open", ""),
            "q": look.asked("q"),
            "next_hit": _next_hit(look),
            "keep": _kept(look),
            "cite": _cite(found, number, look.asked("quote")),
            "here_link": _link(document, number, box=box, quote=look.asked("quote")),
        },
        400 if error else 200,
    )


def refused(look: Look, error: InputError) -> Page:
    """The page again with what was wrong and everything that was typed."""
    if error.where == "document" and "of no case" not in error.got:
        raise error
    return _screen(look, error=error, typed={name: values[-1] for name, values in look.form.items()})


def _png(found: bytes | None) -> Download:
    if found is None:
        raise InputError(where="document", got="a text", want="a page that has a picture", fix="Read its words.")
    return Download(found, "image/png")


def page_address(look: Look, **more: Any) -> str:
    """The address of the page that a form was sent from."""
    return _link(look.params["id"], look.params["number"], **more)


def _link(document: str, number: int, *, box: Any = None, quote: str = "", open: str = "") -> str:
    asked: list[tuple[str, str]] = []
    if box:
        asked.append(("box", ",".join(f"{part:g}" for part in box)))
    if quote:
        asked.append(("quote", quote[:300]))
    if open:
        asked.append(("open", open))
    path = f"/document/{quoted(document, safe='')}/page/{number}"
    return path + ("?" + urlencode(asked) if asked else "") + ("#cited" if box or quote else "")


def _kept(look: Look) -> str:
    """What goes along to the next page of the document: the search, zoom and turn."""
    kept = [(name, value) for name in ("q", "hit", "mark", "zoom", "rotate") for value in look.query.get(name, ())]
    return "?" + urlencode(kept[:_MOST_MARKS]) if kept else ""


def _next_hit(look: Look) -> dict[str, str | None] | None:
    hit, q = _place(look.asked("hit")), look.asked("q")
    if hit is None or not q:
        return None
    case = [("case", look.asked("case"))] if look.asked("case") else []
    links: dict[str, str | None] = {"next": "/search/hit?" + urlencode([("q", q), ("hit", hit + 1), *case])}
    links["previous"] = None
    if hit > 1:
        links["previous"] = "/search/hit?" + urlencode([("q", q), ("hit", hit - 1), *case])
    return links | {"list": "/search?" + urlencode([("q", q), *case])}


def _chosen(texts: Sequence[Document], asked: str) -> Document | None:
    best = next((text for text in texts if text["best"]), None)
    return next((text for text in texts if str(text["seq"]) == asked), best)


def _no_words(found: Document, texts: Sequence[Document], chosen: Document | None) -> str:
    """Why a page shows no words, and who says so: only a reading that came to its end may call a page blank."""
    about = found["about_page"] or {}
    if found["state"] in ("queued", "reading") and not texts:
        return text("reader.not_read_yet")
    if found["state"] == "failed" and not texts:
        return text("reader.no_words_could_be_taken")
    if chosen is not None and chosen["reader"] == "person":
        return text("reader.nothing_is_written_here_says", by=chosen["by"])
    if about.get("ocr") == "failed":
        return text("reader.its_letters_could_not_be")
    if about.get("ocr") == "waiting":
        return text("reader.this_page_is_a_picture")
    if chosen is not None:
        return text("reader.the_reading_found_no_letters")
    if found["has_picture"]:
        return text("reader.this_page_could_not_be")
    return text("reader.no_words_could_be_taken")


def _beside(texts: Sequence[Document], chosen: Document | None, asked: str) -> Document | None:
    """The text to stand beside: a machine's beside a person's, unless another is asked for."""
    others = [text for text in texts if chosen and text["seq"] != chosen["seq"]]
    if asked == "none" or not others:
        return None
    named = next((text for text in others if str(text["seq"]) == asked), None)
    person = chosen is not None and chosen["reader"] == "person"
    return named or next((text for text in reversed(others) if (text["reader"] == "person") != person), None)


def _marks(
    found: Document, text: str, words: Sequence[str], span: tuple[int, int] | None, *, placed: bool
) -> list[Mark]:
    """Mentions, named things, hits of the search, statements and the cited passage, as spans of the text."""
    marks: list[Mark] = []
    if placed:
        placed_now = [(_still(text, (one["start"], one["stop"]), one["text"]), one) for one in found["named"]]
        named = {place: one for place, one in placed_now if place}
        for one in found["mentions"]:
            known = named.get((one["start"], one["end"]))
            marks.append(Mark(one["start"], one["end"], f"m m-{one['kind']}{' named' if known else ''}", _told(one)))
        seen = {(mark.start, mark.end) for mark in marks}
        for place, one in named.items():
            if place not in seen:
                marks.append(Mark(*place, f"m m-{one['kind']} named", f"{one['kind']}: {one['group']}"))
        for one in found["statements"]:
            spot = _still(text, one["span"], one["quote"]) if one["span"] and one["live"] else None
            if spot:
                marks.append(Mark(*spot, "stated", "statement"))
    marks += hit_marks(text, words)
    if span:
        marks.append(Mark(*span, "cited", ""))
    return marks


def _still(text: str, span: Sequence[int], quote: str | None) -> tuple[int, int] | None:
    """Where words that were marked stand now: another text of the page may have become its best since."""
    start, end = span
    if quote is None or text[start:end].split() == quote.split():
        return start, end
    return _quoted_span(text, quote)


def hit_marks(text: str, words: Sequence[str]) -> list[Mark]:
    """Every place of a text where one of these words or phrases stands."""
    return [Mark(m.start(), m.end(), "hit", "") for word in list(words)[:_MOST_MARKS] for m in _every(word, text)]


def _told(one: Document) -> str:
    role = f", {one['role']}" if one["role"] else ""
    return f"{one['kind']}{role}: {one['normal'] or one['text']} ({one['certainty']})"


def _every(word: str, text: str) -> list[re.Match[str]]:
    parts = word.split()[:20]
    return list(re.finditer(r"(?<!\w)" + r"\W+".join(map(re.escape, parts)) + r"(?!\w)", text, re.I)) if parts else []


def _quoted_span(text: str, quote: str) -> tuple[int, int] | None:
    parts = quote.split()[:80]
    found = re.search(r"\s+".join(map(re.escape, parts)), text, re.I) if parts else None
    return (found.start(), found.end()) if found else None


def _words(page: Document | None, marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """The words of a page that have a place on it, each with what is marked there."""
    if not page or not page["width"]:
        return []
    shown = []
    for start, end, box, sure in page["words"]:
        if not box:
            continue
        names = {mark.name for mark in marks if mark.start < end and mark.end > start}
        doubt = " doubt" if sure is not None and sure < 0.6 else ""
        left, top, right, bottom = box
        size = {"x": round(left, 1), "y": round(top, 1), "w": round(right - left, 1), "h": round(bottom - top, 1)}
        shown.append(size | {"start": start, "end": end, "name": " ".join(sorted(names)) + doubt})
    return shown


def _differences(text: str, other: str) -> list[Mark]:
    """The words of a text that do not stand in the other."""
    mine, theirs = list(re.finditer(r"\S+", text)), re.findall(r"\S+", other)
    matcher = difflib.SequenceMatcher(None, [word[0] for word in mine], theirs, autojunk=False)
    return [
        Mark(mine[i1].start(), mine[i2 - 1].end(), "differs", "")
        for what, i1, i2, _, _ in matcher.get_opcodes()
        if what in ("replace", "delete")
    ]


def _strip(found: Document) -> dict[str, Any]:
    """The run of small pictures that this page belongs to."""
    first = (found["number"] - 1) // STRIP * STRIP + 1
    last = min(first + STRIP - 1, max(found["of"], 1))
    earlier = first - STRIP if first > 1 else None
    later = last + 1 if last < found["of"] else None
    return {"first": first, "pages": list(range(first, last + 1)), "earlier": earlier, "later": later}


def control_of(field: str) -> dict[str, Any]:
    """How the value of a field is typed: type, hint, options."""
    known = {name: predicate for group in statable().values() for name, predicate in group}
    predicate = known.get(field)
    if predicate is None:
        return {"type": "text", "hint": "Choose a field first; then this box fits it.", "options": []}
    if predicate.type == "code":
        options = [(code, label) for code, label in codes_of(predicate.list or "").items()]
        return {"type": "code", "hint": predicate.help, "options": [*options, ("unknown", "not known")]}
    if predicate.type == "tristate":
        options = [("yes", "yes"), ("no", "no"), ("unknown", "not known, which is not no")]
        return {"type": "code", "hint": predicate.help, "options": options}
    hints = {"date": "1984-03-12, March 1984, late summer 1984", "quantity": f"24, or 24 to 30, in {predicate.unit}"}
    hints["place"] = "A name; with state as in Salt Lake, UT"
    return {"type": "text", "hint": hints.get(predicate.type, predicate.help), "options": []}


def section_names() -> Mapping[str, Any]:
    """The sections of the murder book by their two figures."""
    found: Mapping[str, Any] = read_json("codes/murder_book.json")["lists"]["section"]
    return found


def _cite(found: Document, number: int, quote: str) -> str:
    case = f"Case {found['case_id']}, " if found["case_id"] else ""
    said = f", \N{LEFT DOUBLE QUOTATION MARK}{quote}\N{RIGHT DOUBLE QUOTATION MARK}" if quote else ""
    return f"{case}{found['file']}, p. {number}{said}, sha256 {found['document_id'][:16]}"


def _box(text: str) -> list[float] | None:
    parts = text.split(",")
    if len(parts) != 4 or not all(re.fullmatch(r"\d{1,5}(?:\.\d{1,4})?", part) for part in parts):
        return None
    left, top, right, bottom = map(float, parts)
    return [left, top, right, bottom] if left < right and top < bottom else None


def _zoom(text: str) -> int:
    return next((zoom for zoom in ZOOMS if str(zoom) == text), 100)


def _turn(text: str) -> int:
    return {"90": 90, "180": 180, "270": 270}.get(text, 0)


def _place(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None


_PAGE = "/document/{id}/page/{number:page}"
SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", _PAGE, reader_screen),
    ("GET", _PAGE + "/picture", picture),
    ("GET", "/document/{id}/strip/{number:page}", strip),
    ("GET", "/field", field_control),
    ("POST", _PAGE + "/state", state),
    ("POST", _PAGE + "/unstate", unstate),
    ("POST", _PAGE + "/type", type_page),
    ("POST", _PAGE + "/section", file_page),
    ("POST", _PAGE + "/name", name_passage),
    ("POST", _PAGE + "/named", change_name),
)
