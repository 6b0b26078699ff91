"""Word search for commands and screens: purpose, result and ids shown become entries before anything is shown."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.search import BookEngine, Conditions, Found, Query, Result, find_texts, name_query, parse_query, query_like
from thaw.store import Where

from .book import Session
from .person_decisions import same_persons
from .refusals import require_purpose
from .search_facets import prepare_years, quality_counts, written_counts, year_counts

# A reader from whom anything is hidden gets each answer at the next full quarter of a second: how long the index needs
# also depends on texts that it leaves out.
_STEP_SECONDS = 0.25
_FACET = 12  # values of a facet that are shown
_LOOKS = 1_000


def search(
    session: Session,
    text: str,
    *,
    purpose: str,
    top: int = 20,
    skip: int = 0,
    case_id: str | None = None,
    unread: bool = False,
    sorted_by: Sequence[str] = (),
) -> dict[str, Any]:
    """Search pages, records, names and decisions; the answer of `thaw search`.

    skip    leave out so many of the best, for the next page of a list
    unread  leave out what this person has marked as not relevant to this search
    sorted_by  columns of texts by whose values all hits are counted, in the key `facets`, with years and how well
               pages were read; then `not_relevant` and `opened` also name, as `ref/page`, the hits shown that this
               person marked and those that they have opened
    Raises InputError for a search that cannot be understood or a missing purpose.
    """
    started = time.perf_counter()
    query = parse_query(text)
    require_purpose(session, purpose)
    view = session.look(purpose, kind="access.search", detail={"query": text}, about=case_id)
    engine = engine_for(session, view)
    marked = not_relevant(view, session, str(query)) if unread else ()
    result = _result(view, engine, query, view.about, marked)
    answer = answer_of(view, query, text, result, top=top, skip=skip)
    if sorted_by:
        facets: dict[str, Sequence[tuple[str | None, int]]] = {
            name: _counted(result.by_value(name)) for name in sorted_by
        }
        titles = [value for value, _ in facets.get("case_id", ()) if value]
        facets |= {"year": year_counts(session, view, result), "written": written_counts(view, result)}
        answer["facets"] = facets | {"quality": quality_counts(result)}
        answer["case_titles"] = case_titles(view, titles)
        done = not_relevant_keys(view, session, str(query))
        opened = _opened(view, session)
        keys = [f"{hit['ref']}/{hit['page'] or 0}" for hit in answer["hits"]]
        answer["not_relevant"] = [key for key in keys if key in done]
        answer["opened"] = [key for key in keys if key in opened]
    _wait(view, started)
    return answer | {"seconds": round(time.perf_counter() - started, 4)}


def _counted(counts: dict[str | None, int]) -> list[tuple[str | None, int]]:
    """The most frequent values first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0] or ""))[:_FACET]


def _opened(view: View, session: Session) -> set[str]:
    """Pages that this person has opened lately, as `ref/page`."""
    where = [Where("kind", "=", "access.read"), Where("actor", "=", session.actor.id)]
    looks = [entry.payload or {} for entry in view.log(where, limit=_LOOKS)]
    return {f"{look['asked']}/{look['page']}" for look in looks if look.get("command") == "page" and "asked" in look}


def more_like(session: Session, document: str, number: int, *, purpose: str, top: int = 20) -> dict[str, Any]:
    """Pages and records with the rare words of one page; the answer of `thaw alike`.

    Raises InputError, in the same words, for a page that does not exist and for one that may not be seen.
    """
    started = time.perf_counter()
    require_purpose(session, purpose)
    detail = {"query": f"more like {document[:16]}, page {number}"}
    view = session.look(purpose, kind="access.search", detail=detail)
    engine = engine_for(session, view)
    directory = engine.directory
    here = directory.where("document_id", [document]) & (directory.page == number) & directory.where("kind", ["page"])
    ids = [int(i) for i in here.nonzero()[0]]
    if not ids:
        raise InputError(
            where="document",
            got=f"{document[:16]!r}, page {number}",
            want="a document of this book and one of its pages",
            fix="Look for it with `thaw search`.",
        )
    query = query_like(engine, engine.bodies(ids[-1:])[ids[-1]])
    if query is None:
        query = parse_query(f"document:{document}")
    result = find_texts(engine, query, Conditions(view, directory), excluded={int(directory.unit[i]) for i in ids})
    answer = answer_of(view, query, detail["query"], result, top=top)
    _wait(view, started)
    return answer | {"seconds": round(time.perf_counter() - started, 4)}


def mentions_of(session: Session, person: str, *, purpose: str, top: int = 50) -> dict[str, Any]:
    """Every mention of a person under all their names; the answer of `thaw mentions`.

    person  an id, or a name as it would be searched for
    """
    started = time.perf_counter()
    require_purpose(session, purpose)
    view = session.look(purpose, kind="access.search", detail={"query": person, "command": "mentions"})
    engine = engine_for(session, view)
    directory = engine.directory
    known = directory.where("kind", ["name"]) & directory.where("ref", same_persons(view, person))
    ids = [int(i) for i in known.nonzero()[0]]
    names = [line for body in engine.bodies(ids).values() for line in body.split("\n")] if ids else [person]
    query = name_query(names)
    result = find_texts(engine, query, Conditions(view, directory))
    answer = answer_of(view, query, person, result, top=top)
    cases = [{"case_id": case_id, "hits": hits} for case_id, hits in result.by_case().items()]
    _wait(view, started)
    seconds = round(time.perf_counter() - started, 4)
    return {"names": names, "cases": cases} | answer | {"seconds": seconds}


def mark_hit(
    session: Session, text: str, key: str, *, relevant: bool, purpose: str, reason: str = ""
) -> dict[str, Any]:
    """Mark one hit of a search as read and not relevant, or take the mark back; the answer of `thaw mark`.

    key  as in `hits`: the `ref` and `page` of a hit with a slash between
    Raises InputError for a hit that is not among the results of the search.
    """
    query = parse_query(text)
    require_purpose(session, purpose)
    view = session.look(purpose, kind="access.search", detail={"query": text, "command": "mark"})
    engine = engine_for(session, view)
    result = _result(view, engine, query, None, ())
    keys = unit_keys(engine, result.units())
    if key not in keys.values():
        raise InputError(
            where="mark",
            got=repr(key[:80]),
            want="a hit of this search",
            fix="Take REF/PAGE from a hit of `thaw search`.",
        )
    directory = engine.directory
    unit = next(unit for unit, name in keys.items() if name == key)
    case_id = directory.values("case_id")[directory.numbers("case_id")[unit]]
    facts = {"scope": {"case": case_id} if case_id else {}, "query": str(query), "hit": key, "purpose": purpose}
    mark = {"mark": "relevant" if relevant else "not relevant", "why": reason}
    session.book.store.append(session.draft("entry.annotate", facts | mark))
    done = not_relevant_keys(view, session, str(query))
    return {
        "query": str(query),
        "query_in_words": query.in_words(),
        "hit": key,
        "mark": mark["mark"],
        "total": result.total,
        "not_relevant": sum(name in done for name in keys.values()),
        "left": sum(name not in done for name in keys.values()),
    }


def not_relevant_keys(view: View, session: Session, query: str) -> set[str]:
    """Hits of this query that this person marked as not relevant, as `ref/page`."""
    marked: dict[str, bool] = {}
    where = [Where("kind", "=", "entry.annotate"), Where("actor", "=", session.actor.id)]
    for entry in reversed(view.log(where, limit=1_000_000)):
        payload = entry.payload or {}
        if payload.get("query") == query and "hit" in payload:
            marked[payload["hit"]] = payload["mark"] == "not relevant"
    return {key for key, gone in marked.items() if gone}


def not_relevant(view: View, session: Session, query: str) -> Collection[int]:
    """The same as numbers of units of the engine."""
    keys = not_relevant_keys(view, session, query)
    engine = engine_for(session, view)
    directory = engine.directory
    wanted = directory.where("ref", {key.rpartition("/")[0] for key in keys})
    units = sorted({int(unit) for unit in directory.unit[wanted]})
    return {unit for unit, key in unit_keys(engine, units).items() if key in keys}


def unit_keys(engine: BookEngine, units: Sequence[int]) -> dict[int, str]:
    """The name of each unit in the ledger: what it is of, and the page."""
    directory = engine.directory
    refs, numbers = directory.values("ref"), directory.numbers("ref")
    return {unit: f"{refs[numbers[unit]]}/{int(directory.page[unit])}" for unit in units}


def answer_of(view: View, query: Query, typed: str, result: Result, *, top: int, skip: int = 0) -> dict[str, Any]:
    """The document of an answer, its entry committed: what was asked, what is shown, a digest of everything found."""
    hits = result.best(top, skip)
    titles = case_titles(view, [hit.case_id for hit in hits if hit.case_id])
    words = query.in_words()
    shown = [hit.key for hit in hits]
    view.record_result("access.search", {"query": typed, "words": words}, shown, result.total, result.digest)
    return {
        "query": str(query),
        "query_in_words": words,
        "total": result.total,
        "hits": [hit_document(hit, titles) for hit in hits],
    }


def hit_document(hit: Found, titles: dict[str, tuple[str, str | None]]) -> dict[str, Any]:
    """One hit as commands and screens show it."""
    title, invented = titles.get(hit.case_id or "", (None, None))
    return {
        # A note on a page leads there; other decisions lead to their case.
        "document": hit.document if hit.kind in ("page", "title") or (hit.kind == "decision" and hit.page) else None,
        "page": hit.page,
        "case_id": hit.case_id,
        "case_title": title,
        "invented": invented,
        "kind": hit.kind,
        "ref": hit.ref,
        "version": hit.version,
        "source": hit.source,
        "snippet": hit.snippet,
        "marks": [list(mark) for mark in hit.marks],
        "why": hit.why,
        "matches": [{"typed": m.typed, "found": m.found, "how": m.why} for m in hit.matches],
        "score": hit.score,
    }


def engine_for(session: Session, view: View) -> BookEngine:
    """The engine over what this view sees; what it learns is kept while the book is open."""
    return BookEngine(view, session.book.cache.setdefault("search", {}))


def prepare_search(session: Session, view: View) -> None:
    """Read now what the first search after a start would wait for: seconds where there are 300,000 pages."""
    engine_for(session, view).lexicon.prepare()
    prepare_years(session, view)


def case_titles(view: View, case_ids: list[str]) -> dict[str, tuple[str, str | None]]:
    """Title of each visible case, and whether it is invented."""
    if not case_ids:
        return {}
    found = view.select("cases", ["case_id", "title", "invented"], [Where("case_id", "in", sorted(set(case_ids)))])
    return {case_id: (title, invented) for case_id, title, invented in found}


def _result(view: View, engine: BookEngine, query: Query, case_id: str | None, marked: Collection[int]) -> Result:
    return find_texts(engine, query, Conditions(view, engine.directory), case_id=case_id, excluded=marked)


def _wait(view: View, started: float) -> None:
    if view.visible != type(view.visible)():
        passed = time.perf_counter() - started
        time.sleep(_STEP_SECONDS - passed % _STEP_SECONDS)
