"""Word search for commands and screens: purpose, result and ids shown become entries before anything is shown."""

from __future__ import annotations

import time
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.search import find_texts, parse_query
from thaw.store import Where

from .book import Session


def search(session: Session, text: str, *, purpose: str, top: int = 20, case_id: str | None = None) -> dict[str, Any]:
    """Search pages and records; the answer of `thaw search`. `marks` says where matched words stand in a snippet.

    Raises InputError for a search that cannot be understood or a missing purpose.
    """
    started = time.perf_counter()
    query = parse_query(text)
    if not purpose.strip():
        raise InputError(
            where="search", got="no purpose", want="why you search, for the log", fix="Use --purpose TEXT."
        )
    view = session.look(purpose, kind="access.search", detail={"query": text}, about=case_id)
    found = find_texts(view, query, top=top, case_id=view.about)
    hits = found.hits
    ids = [f"{hit.document or hit.case_id}/{hit.page or 0}" for hit in hits]
    titles = _titles(view, [hit.case_id for hit in hits if hit.case_id])
    view.record_result("access.search", {"query": text, "words": query.in_words()}, ids, found.total, found.digest)
    return {
        "query_in_words": query.in_words(),
        "total": found.total,
        "hits": [
            {
                "document": hit.document,
                "page": hit.page,
                "case_id": hit.case_id,
                "case_title": titles.get(hit.case_id or "", (None, None))[0],
                "invented": titles.get(hit.case_id or "", (None, None))[1],
                "source": hit.source,
                "snippet": hit.snippet,
                "marks": [list(mark) for mark in hit.marks],
                "why": "all words found",
                "score": hit.score,
            }
            for hit in hits
        ],
        "seconds": round(time.perf_counter() - started, 4),
    }


def _titles(view: View, case_ids: list[str]) -> dict[str, tuple[str, str | None]]:
    """Title of each visible case, and whether it is invented."""
    if not case_ids:
        return {}
    found = view.select("cases", ["case_id", "title", "invented"], [Where("case_id", "in", sorted(set(case_ids)))])
    return {case_id: (title, invented) for case_id, title, invented in found}
