"""The date on which a document was written, from its own head: a labelled line, a dateline, or a line of its own."""

from __future__ import annotations

import re

from .dates import Clock, find_dates
from .mention import Mention, Reading

_LABEL = re.compile(
    r"(?:date(?:/time)?(?:\s+(?:of|this)\s+(?:report|statement|typed|written|letter|memo|supplement))?|"
    r"date\s*(?:typed|prepared|submitted|written|filed)|report\s+date|published|posted|updated|printed|"
    r"sent|(?:for\s+)?(?:immediate\s+)?release(?:d)?(?:\s+date)?|embargoed\s+(?:until|to)"
    r"|filed|last\s+(?:updated|modified)|issued|dated)\s*(?:on)?\s*[:.]?\s*$",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"\b(?:posted|published|updated|printed|filed|issued|dated|date)\b", re.IGNORECASE)
_HEAD_LINES, _HEAD_LETTERS = 14, 800
_SHORT_LINE = 90


def document_date(text: str, reading: Reading) -> Mention | None:
    """The mention of the document's own date in the first lines, with role `document`; None when it gives none.

    A date inside a sentence never counts: it may be the date of what is told.
    """
    lines = text.splitlines(keepends=True)
    head = "".join([line for line in lines if line.strip()][:_HEAD_LINES])[:_HEAD_LETTERS]
    limit = text.find(head[-20:]) + 20 if head else 0
    limit = max(limit, min(_HEAD_LETTERS, len(text)))
    part = text[:limit]
    dates = [m for m in find_dates(Clock(part, reading)) if m.date and m.role != "birth"]
    ranked = [(rank, m.start, m) for m in dates if m.date and (rank := _rank(part, m)) is not None]
    # A magazine of "Fall 1976" is dated too, when no line gives a day.
    days = [r for r in ranked if r[2].date and r[2].date.precision == "day"]
    ranked = sorted(
        days or [r for r in ranked if r[2].date and r[2].date.precision in ("month", "season")], key=lambda r: r[:2]
    )
    found = ranked[0][2] if ranked else _at_the_foot(text, limit, reading)
    if found is None:
        return None
    return Mention(
        "date",
        found.text,
        found.normal,
        found.start,
        found.end,
        found.rule,
        found.certainty,
        "document",
        found.date,
        found.detail,
    )


_FOOT_LETTERS = 300


def _at_the_foot(text: str, head: int, reading: Reading) -> Mention | None:
    """A labelled day in the last lines ("Posted: Monday, Oct. 3, 2016"), for papers whose head gives none."""
    start = max(head, len(text.rstrip()) - _FOOT_LETTERS)
    start = text.find("\n", start) + 1 if start else 0
    part = text[start:]
    if not part.strip() or not _LABELLED.search(part):
        return None
    for m in find_dates(Clock(part, reading)):
        if m.date and m.date.precision == "day" and m.role != "birth" and _rank(part, m) == 0:
            return m.moved(start)
    return None


def _rank(text: str, found: Mention) -> int | None:
    """0 for a labelled date, 1 for a dateline or a line of its own, 2 for a short line of a head; None for the rest."""
    start = text.rfind("\n", 0, found.start) + 1
    stop = text.find("\n", found.end)
    line_end = stop if stop >= 0 else len(text)
    before, after = text[start : found.start], text[found.end : line_end]
    if not re.search(r"\d{4}|'\d\d|\d\D+\d{1,2}\D+\d\d", found.text):
        return None
    if _LABEL.search(before):
        return 0
    if re.match(r"[A-Z][A-Z .,'()-]+(?:,\s*[A-Z][\w.]+)?\s*[,(]?\s*(?:\([A-Z]+\)\s*)?$", before) and re.match(
        r"\s*\)?\s*(?:\([A-Z][\w ]+\)\s*)?(?:--|—|–|-)", after
    ):
        return 1
    if not before.strip(" \t|*-–—(") and not after.strip(" \t|.)*-–—"):
        return 1
    if (
        line_end - start > _SHORT_LINE
        or re.search(r"\b(?:was|were|is|has|had|will|on)\b", before)
        or after.strip(" ").endswith(".")
    ):
        return None
    return (
        2 if re.search(r"(?:[|•·,—–-]|By\s.+|\d\s*(?:am|pm))\s*$|^\s*$", before, re.IGNORECASE) or not before else None
    )
