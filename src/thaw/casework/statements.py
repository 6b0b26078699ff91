"""Statements that a person makes of a passage: added with the place on the page, preferred with a reason, withdrawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from thaw.access import View
from thaw.casebook import list_documents, read_case
from thaw.data import places
from thaw.errors import InputError
from thaw.intake import reading
from thaw.record import (
    Citation,
    Code,
    PartialDate,
    Place,
    Predicate,
    Quantity,
    Said,
    Source,
    Text,
    codes_of,
    new_ids,
    pack_said,
    predicates,
)
from thaw.store import Where

from .alerts import alert_on_save
from .alignment import page_with_places
from .book import Session
from .text_layers import WordBoxes, layer_page

ROLES = ("victim", "offender")
# What a person reads out of a paper; fields that only registers fill are left to them.
_LOOKS = ("name", "alias", "sex", "age", "height", "weight", "hair_color", "eye_color", "mark", "clothing")
_VICTIM = (*_LOOKS, "born", "race", "last_seen", "died", "cause_of_death", "manner_of_death")
# An offender's race is read nowhere.
_OFFENDER = (*_LOOKS, "vehicle")
_NOT_TYPED = ("title", "invented", "other", "agency_type", "disposition", "reported_solved")
_ANSWERS = {"yes": "asserted", "no": "denied", "unknown": "unknown", "not known": "unknown"}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(?:\s*(?:-|to|\N{EN DASH})\s*(\d+(?:\.\d+)?))?")
_MOST_LETTERS = 2_000


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a page: the quote, its span in the page's text, the box round it, the text layer it stands in."""

    quote: str
    span: tuple[int, int]
    box: tuple[float, float, float, float] | None
    layer: str


def statable() -> dict[str, list[tuple[str, Predicate]]]:
    """The fields that a person can state of a case, by group: names as `thaw case` has them, and their predicates."""
    case = [(name, p) for name, p in predicates("case").items() if name not in _NOT_TYPED and "1962" not in name]
    person = predicates("person")
    groups = {
        "The killing": [one for one in case if "." not in one[0]],
        "Victim": [(f"victim.{name}", person[name]) for name in _VICTIM if name in person],
        "Offender": [(f"offender.{name}", person[name]) for name in _OFFENDER if name in person],
        "Behaviours": [one for one in case if one[0].startswith("behaviours.")],
        "How it was done": [one for one in case if one[0].startswith("mo.")],
    }
    return {name: fields for name, fields in groups.items() if fields}


def read_value(field: str, text: str) -> tuple[str, Said]:
    """Role and saying of what a person typed for a field, the words kept.

    Codes are taken by code or by label; "unknown" is said of any field, and is not no.
    Raises InputError for a field that nobody can state, and for words that its type cannot hold.
    """
    known = {name: predicate for group in statable().values() for name, predicate in group}
    if field not in known:
        raise InputError(where="field", got=repr(field[:60]), want="a field of the list", fix="Choose it again.")
    role, _, rest = field.partition(".")
    role, name = (role, rest) if role in ROLES else ("case", field)
    words = text.strip()[:_MOST_LETTERS]
    if not words:
        raise InputError(where=f"value of {known[field].label}", got="nothing", want="a value", fix="Say what it says.")
    return role, _said(name, known[field], words)


def _said(name: str, predicate: Predicate, words: str) -> Said:
    if words.lower() in ("unknown", "not known"):
        return Said(name, None, words, "unknown")
    match predicate.type:
        case "tristate":
            if words.lower() not in _ANSWERS:
                raise _unfit(predicate, words, "yes, no or unknown")
            return Said(name, None, None, _ANSWERS[words.lower()])
        case "date":
            return Said(name, _date(words), words)
        case "code":
            return Said(name, Code(_code(predicate, words), predicate.list or ""), words)
        case "quantity":
            found = _SPAN.fullmatch(words.removesuffix(predicate.unit or "").strip())
            if found is None:
                raise _unfit(predicate, words, f"a number or a span such as 24 to 30, in {predicate.unit}")
            low, high = float(found[1]), float(found[2] or found[1])
            if high < low:
                raise _unfit(predicate, words, "a span whose end is not before its start")
            return Said(name, Quantity(low, high, predicate.unit or ""), words)
        case "place":
            return Said(name, _place(words), words)
    return Said(name, Text(words))


def _date(words: str) -> PartialDate:
    """A date in the forms of the book, or as papers write it: 3/12/84, the night of March 11, 1984."""
    try:
        return PartialDate.parse(words)
    except InputError:
        found = [m.date for m in reading.read_mentions(words, reading.Reading()) if m.kind == "date" and m.date]
        if len(found) != 1 or found[0] is None:
            raise
        return found[0]


def _code(predicate: Predicate, words: str) -> str:
    codes = codes_of(predicate.list or "")
    if words in codes:
        return words
    found = [code for code, label in codes.items() if label.casefold() == words.casefold()]
    if len(found) != 1:
        raise _unfit(predicate, words, "one of " + "; ".join(f"{c} {label}" for c, label in list(codes.items())[:40]))
    return found[0]


def _place(words: str) -> Place:
    """A place by its name; "County, ST" is known as the county that it means."""
    name, _, rest = words.rpartition(",")
    state = places.state(rest.strip()) if name else places.state(words)
    if state is None:
        return Place(name=words)
    county = places.find_county(name.strip(), state.usps) if name else None
    return Place(name=words, state=state.usps, county_fips=county.fips if county else None)


def _unfit(predicate: Predicate, words: str, want: str) -> InputError:
    return InputError(where=f"value of {predicate.label}", got=repr(words[:60]), want=want, fix="Type it again.")


def find_passage(
    view: View, document: str, number: int, quote: str, start: int | None = None, end: int | None = None
) -> Passage:
    """Where these words stand on a page: at the span that is given, else where they are found, spaces aside.

    Raises InputError when they stand nowhere on it.
    """
    row = view.select("pages", ["layer"], [Where("document_id", "=", document), Where("page", "=", number)], limit=1)
    layer = row[0][0] if row else None
    page = layer_page(view, layer, document, number) if layer else None
    text = (page or {}).get("text") or ""
    span = (start, end) if start is not None and end is not None else (-1, -1)
    if not (0 <= span[0] < span[1] <= len(text)) or not _same_words(text[span[0] : span[1]], quote):
        words = quote.split()
        found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
        found = found or (re.search(r"\s+".join(map(re.escape, words)), text, re.I) if words else None)
        if found is None or page is None:
            raise InputError(
                where=f"passage on page {number}",
                got=repr(quote[:80]),
                want="words that stand on this page",
                fix="Mark them on the page, or type them as they stand there.",
            )
        span = (found.start(), found.end())
    assert page is not None
    assert layer is not None
    box = WordBoxes(page_with_places(view, document, number, page)["words"]).box(*span)
    place = (box[0], box[1], box[2], box[3]) if box else None
    return Passage(text[span[0] : span[1]], span, place, layer)


def _same_words(one: str, other: str) -> bool:
    return one.split() == other.split() and bool(one.split())


def state_passage(
    session: Session,
    document: str,
    number: int,
    *,
    field: str,
    value: str,
    quote: str,
    start: int | None = None,
    end: int | None = None,
    said_by: str = "",
    sure: bool = True,
    purpose: str = "",
) -> dict[str, Any]:
    """Make a passage of a page a statement on its case; returns entry, case_id, field and the box that it cites.

    field    as `statable` names it, value as `read_value` reads it
    quote    the words of the passage; start and end say which of them, in the page's own text
    said_by  who says so in the paper, such as a witness
    sure     False keeps the statement as proposed, not confirmed
    Raises InputError for a page that is not there, one of no case, words that do not stand on it, and an unfit value.
    """
    detail = {"command": "state", "asked": document, "page": number}
    view = session.look(purpose, detail=detail, find=lambda seen: _case_of(seen, document))
    if not list_documents(view, [Where("document_id", "=", document)]):
        raise InputError(
            where="document",
            got=f"{document[:16]!r}, page {number}",
            want="a document of this book and one of its pages",
            fix="Look for it with `thaw search`.",
        )
    if view.about is None:
        raise InputError(
            where="document",
            got="a document of no case",
            want="a document that was put to a case",
            fix="Add it again with `thaw add FILE --case ID`; its bytes are known, and nothing is read twice.",
        )
    role, said = read_value(field, value)
    passage = find_passage(view, document, number, quote, start, end)
    citation = Citation(
        document=document, page=number, box=passage.box, quote=passage.quote, layer=passage.layer, span=passage.span
    )
    source = Source(citation, said_by.strip() or None, None, session.actor.name)
    payload: dict[str, Any] = {
        "scope": {"case": view.about, "document": document},
        "subjects": {role: _subject(view, view.about, role)},
        "source": _packed(source),
        "said": {role: [pack_said(said)]},
    }
    if not sure:
        payload["status"] = "proposed"
    entry = session.book.store.append(session.draft("statement.add", payload, obj=view.about)).result[0]
    return {"entry": entry, "case_id": view.about, "field": field, "box": passage.box, "quote": passage.quote}


def state_by_hand(
    session: Session,
    case_id: str,
    *,
    field: str,
    value: str,
    source: str,
    said_by: str = "",
    sure: bool = True,
    purpose: str = "",
) -> dict[str, Any]:
    """State something of a case that stands on no page of the book; entry, case_id, field and alerts.

    source  where it is from, in words: "telephone call of 3 May with the sister"
    The rest as in `state_passage`. Raises InputError for a case that is not there, no source, and an unfit value.
    """
    view = session.look(purpose, detail={"command": "state"}, about=case_id)
    assert view.about is not None
    role, said = read_value(field, value)
    if not source.strip():
        raise InputError(
            where="source", got="nothing", want="where this is from", fix="Such as: call of 3 May with the sister."
        )
    origin = Source(Citation(quote=source.strip()[:_MOST_LETTERS]), said_by.strip() or None, session.actor.name, None)
    payload: dict[str, Any] = {
        "scope": {"case": view.about},
        "subjects": {role: _subject(view, view.about, role)},
        "source": _packed(origin),
        "said": {role: [pack_said(said)]},
    }
    if not sure:
        payload["status"] = "proposed"
    entry = session.book.store.append(session.draft("statement.add", payload, obj=view.about)).result[0]
    return {"entry": entry, "case_id": view.about, "field": field, "alerts": alert_on_save(session, [view.about])}


def _packed(source: Source) -> dict[str, Any]:
    """The JSON form of a source; box and span as lists, since a payload knows no tuples."""
    packed = source.to_json()
    packed["citation"] = {k: list(v) if isinstance(v, tuple) else v for k, v in packed["citation"].items()}
    return packed


def _subject(view: View, case_id: str, role: str) -> str:
    """Whom a statement of this role is about: the case, or the first person known in that role, or a new one."""
    if role == "case":
        return case_id
    named = (entry.payload.get("subjects") or {} for entry in view.entries_of_case(case_id) if entry.payload)
    return next((str(subjects[role]) for subjects in named if role in subjects), None) or new_ids("p", 1)[0]


def prefer_statement(
    session: Session, case_id: str, *, entry: int, role: str, index: int, reason: str, purpose: str = ""
) -> dict[str, Any]:
    """Show this statement first of those that differ; returns case_id, field and entry. The others stay beside it.

    Raises InputError for no reason, a case that is not there, and a statement that it does not have or that was taken
    back.
    """
    view, field = _statement_of(session, case_id, entry, role, index, reason, "prefer", purpose)
    payload = {"scope": {"case": view.about}, "field": field, "entry": entry, "role": role, "index": index}
    session.book.store.append(session.draft("statement.prefer", payload | {"reason": reason.strip()}, obj=view.about))
    return {"case_id": view.about, "field": field, "entry": entry}


def withdraw_statement(
    session: Session, case_id: str, *, entry: int, role: str, index: int, reason: str, purpose: str = ""
) -> dict[str, Any]:
    """Take a statement back: it stays, struck through, with who and why; returns case_id, field and entry.

    Raises InputError as `prefer_statement`.
    """
    view, field = _statement_of(session, case_id, entry, role, index, reason, "withdraw", purpose)
    payload = {"scope": {"case": view.about}, "entry": entry, "role": role, "index": index, "reason": reason.strip()}
    session.book.store.append(session.draft("statement.withdraw", payload, obj=view.about))
    return {"case_id": view.about, "field": field, "entry": entry}


def _statement_of(
    session: Session, case_id: str, entry: int, role: str, index: int, reason: str, what: str, purpose: str
) -> tuple[View, str]:
    if not reason.strip():
        raise InputError(where=what, got="no reason", want="why, for the log", fix="Say it in a few words.")
    view = session.look(purpose, detail={"command": what, "entry": entry}, about=case_id)
    assert view.about is not None
    standing = {
        (one.statement.seq, one.role, one.statement.index): folded.name
        for folded in read_case(view, view.about).fields
        for one in folded.sources
        if one.live
    }
    field = standing.get((entry, role, index))
    if field is None:
        raise InputError(
            where=what,
            got=f"entry {entry}, {role} {index}",
            want="a standing statement of this case",
            fix="Take it from the case's own page.",
        )
    return view, field


def find_span(
    session: Session, document: str, number: int, quote: str, start: int | None, end: int | None
) -> tuple[int, int]:
    """Where words stand on a page, as letters of its text; see `find_passage`."""
    detail = {"command": "find words", "asked": document, "page": number}
    view = session.look("find words on a page", detail=detail, find=lambda seen: _case_of(seen, document))
    return find_passage(view, document, number, quote, start, end).span


def _case_of(view: View, document: str) -> str | None:
    found = list_documents(view, [Where("document_id", "=", document)])
    return found[0]["case_id"] if found else None
