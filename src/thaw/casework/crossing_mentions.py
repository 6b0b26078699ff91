"""What people made of mentions, laid over the values that were read: their word counts more than the reader's.

A promoted or renamed mention stands for the value that its name says, also where the reader found none; mentions that
were merged are one value; a withdrawn one is again what the reader makes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from thaw.access import View
from thaw.search import BookEngine, Spot, name_value, read_values
from thaw.store import Where

Values = dict[tuple[str, str], list[Spot]]
_KINDS = {"person": "name", "place": "address"}


@dataclass(frozen=True, slots=True)
class _Named:
    """A promoted mention: its place in a page, and the kind and normal form that its name gives it."""

    mention_id: str
    document: str
    page: int
    start: int
    stop: int
    words: str
    kind: str
    normal: str


def as_decided(view: View, engine: BookEngine, values: Values) -> Values:
    """The values with what people said of mentions in their place; the same object where nobody said anything."""
    named = _named(view)
    if not named:
        return values
    spots = _spots(engine, named)
    taken: dict[int, list[tuple[int, int]]] = {}
    for spot, _ in spots:
        taken.setdefault(spot.text, []).append((spot.start, spot.end))
    laid: Values = {}
    for key, held in values.items():
        left = [spot for spot in held if not _covered(spot, taken.get(spot.text, ()))]
        if left:
            laid[key] = left
    for spot, one in spots:
        laid.setdefault((one.kind, one.normal), []).append(spot)
    return laid


def _covered(spot: Spot, spans: Any) -> bool:
    return any(spot.start < stop and start < spot.end for start, stop in spans)


def _named(view: View) -> list[_Named]:
    """Promoted mentions; of those that were merged each has the value of the first."""
    columns = ("mention_id", "document_id", "page", "start", "stop", "text", "kind", "name")
    rows = view.select("promoted", columns, [Where("state", "=", "promoted")], order=["seq"])
    first = {row[0]: row[0] for row in rows}
    for one, other in view.select("same_mention", ["one", "other"], [Where("status", "=", "one")], order=["seq"]):
        if one in first and other in first:
            kept, gone = first[one], first[other]
            first = {mention: kept if top == gone else top for mention, top in first.items()}
    said = {row[0]: _value(row[6], row[7]) for row in rows}
    return [
        _Named(one, document, page, start, stop, words, *said[first[one]])
        for one, document, page, start, stop, words, _, _ in rows
    ]


def _value(kind: str, name: str) -> tuple[str, str]:
    """Kind and normal form of a name, as the reader would have it; else the name itself."""
    if kind == "person":
        value = name_value(name)
        return "name", value.normal if value else " ".join(name.lower().split())
    found = next(iter(read_values(name)), None)
    if found is not None and found.kind != "name":
        return found.kind, found.normal
    return _KINDS.get(kind, kind), " ".join(name.lower().split())


def _spots(engine: BookEngine, named: list[_Named]) -> list[tuple[Spot, _Named]]:
    """Where each stands in the texts that are searched, with its case; other words at the place: nowhere."""
    directory = engine.directory
    documents, cases = directory.values("document_id"), directory.values("case_id")
    number = {name: place for place, name in enumerate(documents)}
    pages = directory.where("kind", ["page"]) & directory.there()
    places: list[tuple[int, _Named]] = []
    by_document: Mapping[str, Any] = {
        name: pages & (directory.numbers("document_id") == number[name])
        for name in {one.document for one in named}
        if name in number
    }
    for one in named:
        mask = by_document.get(one.document)
        if mask is not None:
            places += [(int(i), one) for i in (mask & (directory.page == one.page)).nonzero()[0]]
    bodies = engine.bodies(sorted({i for i, _ in places}))
    found = []
    for i, one in places:
        case_id = cases[directory.numbers("case_id")[i]]
        if case_id is not None and bodies.get(i, "")[one.start : one.stop] == one.words:
            found.append((Spot(case_id, i, one.document, one.start, one.stop), one))
    return found
