"""Accounts for the comparison of papers: from the stored mentions, as persons have corrected them.

A promoted mention has the name that a person gave it, and so has every other mention that the reading holds for the
same person or thing in that document; merged mentions have one name, split ones have two; a withdrawn one counts no
longer. A document whose mentions are older than its text is read again here, and nothing is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from thaw.access import View
from thaw.casebook import accounts
from thaw.intake import Mention
from thaw.record import PartialDate
from thaw.store import Where

from .book import Session
from .reader import named_groups
from .studying import best_pages
from .text_layers import layer_texts

# Mentions in the accounts that stay in memory, some 20 MB with their words: a casebook of long files may hold millions.
_KEPT = 10_000
_COLUMNS = ("seq", "n", "page", "kind", "text", "normal", "start", "end", "rule", "certainty", "role", "date_from")
_MORE = ("date_to", "detail", "status")
Spot = tuple[str, int, int, int]


@dataclass(frozen=True)
class Corrections:
    """What persons made of mentions, by document, page, start and end in the page's text.

    names  kind and name of a promoted mention; those held for one have one name, those held apart never the same
    gone   mentions that were withdrawn
    """

    names: Mapping[Spot, tuple[str, str]]
    gone: frozenset[Spot]

    @classmethod
    def seen(cls, view: View) -> Corrections:
        """The corrections that a view may see; merges hold over all its documents."""
        spots: dict[str, Spot] = {}
        gone = []
        columns = ["mention_id", "document_id", "page", "start", "stop", "state"]
        for mention_id, document, page, start, stop, state in view.select("promoted", columns, [], order=["seq"]):
            spots[mention_id] = (document, page, start, stop)
            if state == "withdrawn":
                gone.append(spots[mention_id])
        groups = named_groups(view, None)
        owner = {one["mention_id"]: i for i, group in enumerate(groups) for one in group["mentions"]}
        called = [group["name"] for group in groups]
        apart = view.select("same_mention", ["one", "other"], [Where("status", "=", "apart")], order=["seq"])
        for one, other in apart:
            if one in owner and other in owner and owner[one] != owner[other]:
                later = max(owner[one], owner[other])
                if called[owner[one]] == called[owner[other]]:
                    called[later] = f"{groups[later]['name']} ({later + 1})"
        named = {
            spots[one["mention_id"]]: (one["kind"], called[i])
            for i, group in enumerate(groups)
            for one in group["mentions"]
        }
        return cls(named, frozenset(gone) - frozenset(named))

    def of(self, document: str) -> Corrections:
        """Those of one document."""
        names = {spot: name for spot, name in self.names.items() if spot[0] == document}
        return Corrections(names, frozenset(spot for spot in self.gone if spot[0] == document))


def account_of(session: Session, view: View, row: Mapping[str, Any], corrected: Corrections) -> accounts.Account | None:
    """The account of one document, or None when none of its pages has a text; kept in memory while nothing changes."""
    document = row["document_id"]
    mine = corrected.of(document)
    pages = best_pages(view, document)
    state = [(page["page"], page["seq"], page["layer"], page["mentions_of"]) for page in pages]
    key = hashlib.sha256(repr((document, state, sorted(mine.names.items()), sorted(mine.gone))).encode()).hexdigest()
    kept: dict[str, accounts.Account | None] = session.book.cache.setdefault("accounts", {})
    try:
        return kept[key]
    except KeyError:  # Caught: not worked out yet, or given up by another thread
        pass
    found = _told(view, row, pages, mine)
    size = len(found.mentions) if found else 0
    while kept and size + sum(len(one.mentions) for one in list(kept.values()) if one) > _KEPT:
        kept.pop(next(iter(list(kept)), ""), None)  # the oldest; another thread may have been quicker
    if size <= _KEPT:
        kept[key] = found
    return found


def _told(
    view: View, row: Mapping[str, Any], pages: Sequence[Mapping[str, Any]], corrected: Corrections
) -> accounts.Account | None:
    document = row["document_id"]
    texts = texts_of(view, document, pages)
    text = "\f".join(texts)
    if not text.strip():
        return None
    offsets = [0]
    for one in texts:
        offsets.append(offsets[-1] + len(one) + 1)
    stored = all(page["mentions_of"] == page["seq"] for page in pages if texts[page["page"] - 1].strip())
    found = _stored(view, document, offsets) if stored else list(accounts.Account.read(document, text).mentions)
    if corrected.names or corrected.gone:
        found = list(_corrected(found, corrected, offsets))
    if stored:
        return accounts.Account.of_mentions(document, text, found, name=row["file"])
    own = next((m.date for m in found if m.role == "document"), None)
    return accounts.Account(document, text, tuple(found), own, row["file"])


def texts_of(view: View, document: str, pages: Sequence[Mapping[str, Any]]) -> list[str]:
    """The best text of each page of a visible document, in order; '' for a page that has none."""
    rows = {page["page"]: page["layer"] for page in pages}
    layers = {layer: layer_texts(view, layer, document) for layer in dict.fromkeys(rows.values()) if layer}
    texts = {number: layers[layer].get(number, "") for number, layer in rows.items() if layer}
    return [texts.get(number, "") for number in range(1, max(rows, default=0) + 1)]


def _stored(view: View, document: str, offsets: Sequence[int]) -> list[Mention]:
    """The stored proposals of a document at their places in its whole text, those that a person rejected left out."""
    found: dict[tuple[int, int], Mention] = {}
    for values in view.select("mentions", (*_COLUMNS, *_MORE), [Where("document_id", "=", document)]):
        row = dict(zip((*_COLUMNS, *_MORE), values, strict=True))
        if row["status"] == "rejected" or row["page"] >= len(offsets):
            continue
        by = offsets[row["page"] - 1]
        found[row["seq"], row["n"]] = Mention(
            *(
                row["kind"],
                row["text"],
                row["normal"],
                row["start"] + by,
                row["end"] + by,
                row["rule"],
                row["certainty"],
            ),
            role=row["role"],
            date=_date(row),
            detail=tuple(json.loads(row["detail"]).items()) if row["detail"] else (),
        )
    return sorted(found.values(), key=lambda m: (m.start, m.end))


def _date(row: Mapping[str, Any]) -> PartialDate | None:
    if not row["date_from"]:
        return None
    first, last = row["date_from"], row["date_to"]
    return PartialDate.parse(row["normal"] if row["normal"][:4].isdigit() else f"{first}/{last}")


def _corrected(found: Iterable[Mention], corrected: Corrections, offsets: Sequence[int]) -> Iterable[Mention]:
    """Mentions as persons named them; what was promoted where the reading found nothing is added."""
    places = {
        (offsets[page - 1] + start, offsets[page - 1] + stop): (kind, name)
        for (_, page, start, stop), (kind, name) in corrected.names.items()
        if page < len(offsets)
    }
    gone = {
        (offsets[page - 1] + start, offsets[page - 1] + stop)
        for _, page, start, stop in corrected.gone
        if page < len(offsets)
    }
    told = list(found)
    called: dict[tuple[str, str], set[str]] = {}
    for m in told:
        if (given := places.get((m.start, m.end))) is not None:
            called.setdefault((m.kind, m.normal), set()).add(given[1])
    seen = set()
    for m in told:
        place = (m.start, m.end)
        if place in gone:
            continue
        seen.add(place)
        if place in places:
            kind, name = places[place]
            yield replace(m, kind=kind, normal=name, certainty="certain")
        elif len(names := called.get((m.kind, m.normal), set())) == 1:
            yield replace(m, normal=next(iter(names)))
        else:
            yield m
    for (start, end), (kind, name) in places.items():
        if (start, end) not in seen:
            yield Mention(kind, name, name, start, end, "person", "certain")
