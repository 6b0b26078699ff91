"""Searches pages and records through a view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thaw.access import View
from thaw.store import Where

from .query import Query


@dataclass(frozen=True, slots=True)
class Found:
    """One hit; `snippet` has the matched words between \\x02 and \\x03, `score` is higher for better."""

    document: str | None
    page: int | None
    case_id: str | None
    source: str
    snippet: str
    score: float


def find_texts(view: View, query: Query, *, top: int, case_id: str | None = None) -> tuple[int, list[Found]]:
    """Total of visible texts that hold all parts, and the best `top` by how densely they hold them."""
    where = [Where("case_id", "=", case_id)] if case_id else []
    total, hits = view.match("texts", query.fts(), limit=top, where=where)
    return total, [_found(hit.row, hit.score, hit.snippet) for hit in hits]


def _found(row: Any, score: float, snippet: str) -> Found:
    is_page = row["kind"] == "page"
    return Found(
        document=row["ref"] if is_page else None,
        page=row["page"] if is_page else None,
        case_id=row["case_id"],
        source=row["source"],
        snippet=snippet,
        score=round(score, 4),
    )
