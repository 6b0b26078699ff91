"""What the words of a document say: sections of its pages, and mentions. Proposals all; a person decides."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from thaw.access import View
from thaw.intake import propose_sections, read_mentions, reading
from thaw.record import PartialDate
from thaw.store import Draft, Where

from .book import Session
from .reading import document_row
from .text_layers import WordBoxes, layer_texts, texts_in

Extract = Callable[[str, Mapping[str, Any]], Sequence[Any]]

SECTIONS = "thaw sections 1"
_PAGES_AT_ONCE = 50
_MENTION = ("kind", "text", "normal", "start", "end", "rule", "certainty", "role")


def extractor() -> tuple[str, Extract] | None:
    """Name and function of what finds mentions in a text, or None where nothing does."""
    return "thaw reading 5", _mentions_of


def _mentions_of(text: str, context: Mapping[str, Any]) -> Sequence[Any]:
    day = context["document_date"]
    known = PartialDate.parse(day) if day else None
    return read_mentions(text, reading.Reading(document_date=known, running_lines=context["running_lines"]))


def study(session: Session, view: View, digest: str) -> None:
    """Propose sections for all pages of a document, and mentions for those whose text is new; in runs of 50 pages."""
    pages = best_pages(view, digest)
    row = document_row(view, digest)
    scope = {"document": digest, "case": row["case_id"], "box": row["box_id"]}
    about = {"scope": {name: value for name, value in scope.items() if value}, "file": row["file"]}
    texts = list(_texts(session, pages))
    found = propose_sections([(page["page"], text) for page, text in zip(pages, texts, strict=True)])
    sections = {one.page: one for one in found}
    known = extractor()
    if known is not None:
        running = reading.running_lines([text or "" for page, text in zip(pages, texts, strict=True) if page["layer"]])
        waiting = [page for page, text in zip(pages, texts, strict=True) if text and page["mentions_of"] != page["seq"]]
        for start in range(0, len(waiting), _PAGES_AT_ONCE):
            run = _with_words(session, waiting[start : start + _PAGES_AT_ONCE])
            session.book.store.append(*_mentions(session, about, known, run, sections, running))
    proposed = [_packed(one) for one in found]
    # Last, since it marks the document as studied: a run that was cut off is taken up again.
    payload = about | {"proposed_by": SECTIONS, "pages": proposed}
    session.book.store.append(session.draft("document.section", payload))


def _packed(one: Any) -> dict[str, Any]:
    facts = asdict(one)
    written = facts.pop("written")
    return facts | {"written_from": written, "written_to": written}


def best_pages(view: View, digest: str) -> list[dict[str, Any]]:
    """The pages of a visible document in order: page, seq and layer of the best text, reader, text of the mentions."""
    columns = ("page", "seq", "layer", "reader", "mentions_of")
    found = view.select("pages", columns, [Where("document_id", "=", digest)], order=["page"])
    return list({row[0]: dict(zip(columns, row, strict=True)) for row in found}.values())


def _texts(session: Session, pages: Sequence[Mapping[str, Any]]) -> Iterator[str | None]:
    """The text of each page, None for one without. The places of all words of a book would fill the memory."""
    name, texts = None, dict[int, str]()
    for page in pages:
        if page["layer"] is None:
            yield None
            continue
        # The program's own reading, shown to nobody: what it finds is seen through a view.
        if page["layer"] != name:
            name, texts = page["layer"], texts_in(session.book.store.blobs.get(page["layer"]))
        yield texts.get(page["page"]) or None


def _with_words(
    session: Session, pages: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each page with its text and the places of its words; pages that follow each other mostly share a layer."""
    name, layer = None, dict[int, Any]()
    for page in pages:
        if page["layer"] != name:
            name = page["layer"]
            layer = {one["number"]: one for one in json.loads(session.book.store.blobs.get(name))["pages"]}
        yield page, layer[page["page"]]


def best_texts(view: View, digest: str) -> tuple[str, list[str]]:
    """The best text of every page of a visible document, in order, "" where there is none; and a key of this state.

    The key changes when any page gets another best text; nothing for a document that may not be seen.
    """
    pages = best_pages(view, digest)
    layers: dict[str, dict[int, str]] = {}
    texts: dict[int, str] = {}
    for page in pages:
        name = page["layer"]
        if name and name not in layers:
            layers[name] = layer_texts(view, name, digest)
        texts[page["page"]] = layers[name].get(page["page"], "") if name else ""
    if not any(texts.values()):
        return "", []
    key = f"{digest}/{max(page['seq'] or 0 for page in pages)}"
    return key, [texts.get(number, "") for number in range(1, max(texts) + 1)]


def _mentions(
    session: Session,
    about: Mapping[str, Any],
    known: tuple[str, Extract],
    run: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]],
    sections: Mapping[int, Any],
    running: tuple[frozenset[str], frozenset[str]],
) -> Iterator[Draft]:
    name, extract = known
    for page, layer in run:
        section = sections[page["page"]]
        context = {"document_date": section.written, "section": section.section, "kind": section.kind}
        context |= {"running_lines": running[page["page"] > 1]}
        mentions, words = [], WordBoxes(layer["words"])
        problem: dict[str, str] = {}
        try:
            found = list(extract(layer["text"], context | {"file": about["file"], "page": page["page"]}))
        except Exception as error:
            # Caught: words that upset the rules cost one page its mentions, not the queue; the entry says so.
            found, problem = [], {"problem": f"the words of this page upset the reading ({type(error).__name__})"}
        for mention in found:
            packed = {field: getattr(mention, field) for field in _MENTION}
            if mention.date is not None:
                packed |= {"date_from": mention.date.first.isoformat(), "date_to": mention.date.last.isoformat()}
            packed |= {"detail": dict(mention.detail)} if mention.detail else {}
            mentions.append(packed | {"box": words.box(mention.start, mention.end)})
        payload = {**about, "page": page["page"], "text_seq": page["seq"], "extractor": name, "mentions": mentions}
        payload |= problem
        yield session.draft("mention.extract", payload)
