"""What a found result can be narrowed by beyond the columns of its texts: years, and how well pages were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from thaw.access import View
from thaw.search import Result
from thaw.store import Where

from .book import Session

READ_WELL, READ_BADLY = 0.9, 0.7  # mean certainty of the words of a page
_ASKED_ONE_BY_ONE = 500
_MOST_PAGES = 2_000
_MOST_CASES = 200_000
_MOST_VALUES = 12
Counts = list[tuple[str, int]]
Span = tuple[int, int]


def quality_counts(result: Result) -> Counts:
    """Pages found whose letters a machine read, by how sure it was: `good`, `fair` or `poor`."""
    counts = result.by_quality((0.0, READ_BADLY, READ_WELL))
    return [(name, count) for name, count in zip(("poor", "fair", "good"), counts, strict=True) if count][::-1]


def year_counts(session: Session, view: View, result: Result) -> Counts:
    """Pages and records found, by the years in which their killings may lie; by decades where those are many.

    In time order. A value is `1985`, or `1980-1989`. What the dates of a case span counts in each of these years, as
    `date:1985` finds it.
    """
    found = result.by_case()
    years = _case_years(session, view, [case_id for case_id in found if case_id])
    spans: Counter[Span] = Counter()
    for case_id, count in found.items():
        if case_id is not None and case_id in years:
            spans[years[case_id]] += count
    return _in_time_order(spans)


def prepare_years(session: Session, view: View) -> None:
    """Read now what the first search with very many hits would wait for."""
    _case_years(session, view, None)


def written_counts(view: View, result: Result) -> Counts:
    """Pages found, by the year in which they were written as far as that is known; none where very many were found."""
    pages = result.pages(_MOST_PAGES)
    if not pages:
        return []
    columns = ["document_id", "page", "written_from", "written_to"]
    among = [Where("document_id", "in", sorted({document for document, _ in pages})), Where("written_from", "known")]
    wanted, spans = set(pages), Counter[Span]()
    for document, page, first, last in view.select("pages", columns, among):
        if (document, page) in wanted:
            spans[_span(first, last)] += 1
    return _in_time_order(spans)


def _span(first: str, last: str | None) -> Span:
    return int(first[:4]), int((last or first)[:4])


def _in_time_order(spans: Mapping[Span, int]) -> Counts:
    years: Counter[int] = Counter()
    for (first, last), count in spans.items():
        for year in range(first, last + 1):
            years[year] += count
    if len(years) <= _MOST_VALUES:
        return [(str(year), count) for year, count in sorted(years.items())]
    decades: Counter[int] = Counter()
    for (first, last), count in spans.items():
        for decade in range(first // 10 * 10, last + 1, 10):
            decades[decade] += count
    return [(f"{decade}-{decade + 9}", count) for decade, count in sorted(decades.items())]


def _case_years(session: Session, view: View, case_ids: Sequence[str] | None) -> Mapping[str, Span]:
    """First and last year of these cases that have a date; of many, or None, of all of the book, kept in memory.

    Of a search that finds many in a very large book none: it would hold more memory than the choice is worth.
    """
    key = (view.changed_seq("casebook"), view.visible)
    kept = session.book.cache.get("case years")
    if kept is not None and kept[0] == key:
        years: Mapping[str, Span] = kept[1]
        return years
    few = case_ids is not None and len(case_ids) <= _ASKED_ONE_BY_ONE
    if not few and view.count("cases") > _MOST_CASES:
        return {}
    where = [Where("date_from", "known")] + ([Where("case_id", "in", sorted(case_ids or ()))] if few else [])
    rows = view.select("cases", ["case_id", "date_from", "date_to"], where) if case_ids != [] else []
    same: dict[Span, Span] = {}
    found = {case_id: same.setdefault(span := _span(first, last), span) for case_id, first, last in rows}
    if not few:
        session.book.cache["case years"] = (key, found)
    return found
