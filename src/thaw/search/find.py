"""Searches pages and records through a view."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from thaw.access import View
from thaw.store import Where

from .query import Query


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: a page of a document, or a case; `score` is higher for better.

    marks  where the matched words stand in `snippet`: first and one past the last character of each
    """

    document: str | None
    page: int | None
    case_id: str | None
    source: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a search found: the total, the best hits, and a digest of the full result in order."""

    total: int
    hits: tuple[Found, ...]
    digest: str


def find_texts(view: View, query: Query, *, top: int, case_id: str | None = None) -> Answer:
    """All visible texts that hold every part of the query; the best `top` by how densely they hold them."""
    where = [Where("case_id", "=", case_id)] if case_id else []
    found = view.match("texts", query.fts(), limit=top, where=where)
    return Answer(found.total, tuple(_found(hit.row, hit.score, hit.snippet) for hit in found.hits), found.digest)


def _found(row: Any, score: float, marked: str) -> Found:
    snippet, marks = _unmarked(marked)
    is_page = row["kind"] == "page"
    return Found(
        document=row["ref"] if is_page else None,
        page=row["page"] if is_page else None,
        case_id=row["case_id"],
        source=row["source"],
        snippet=snippet,
        marks=marks,
        score=round(score, 4),
    )


def _unmarked(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A snippet without the index's marks, and where they were."""
    text, marks, start = "", [], None
    for piece in re.split("([\x02\x03])", marked):
        if piece == "\x02":
            start = len(text)
        elif piece == "\x03":
            marks += [] if start is None else [(start, len(text))]
            start = None
        else:
            text += piece
    return text, tuple(marks)
