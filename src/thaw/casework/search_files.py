"""Searches that read or write files: a list of names in, a matrix of hits out; the full result of a search as CSV."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from thaw.errors import InputError
from thaw.search import Conditions, Result, find_texts, name_query, parse_query

from .book import Session, name_of
from .refusals import require_purpose
from .searching import case_titles, engine_for, hit_document, not_relevant_keys

# Letters that begin a formula (OWASP, CSV Injection), the wide ones of East Asian keyboards too.
_FORMULA = "=+-@|%\uff1d\uff0b\uff0d\uff20"
_MOST_NAMES = 5_000
_MOST_BYTES = 10_000_000
_AT_ONCE = 1_000
_HEADS = {"name", "names", "query", "search", "person", "full name", "full_name"}
_EXPORTED = ("kind", "source", "page", "case_id", "case_title", "document", "why", "snippet", "score", "not_relevant")


def batch(session: Session, path: Path, *, purpose: str, out: Path | None = None) -> dict[str, Any]:
    """Search every name of a CSV file; the answer of `thaw batch`, and the matrix of names by cases in `out`.

    The names stand in the column `name` or `query`, or in the first one. A name is found in any order of its parts, in
    every spelling. Raises InputError for a file that is no CSV, is empty or holds more than 5,000 names.
    """
    require_purpose(session, purpose)
    names = _names(path)
    view = session.look(
        purpose, kind="access.search", detail={"query": f"batch of {len(names)} names", "file": name_of(path)}
    )
    engine = engine_for(session, view)
    rows: list[dict[str, Any]] = []
    columns: set[str] = set()
    for number, name in names:
        query, problem, found = None, None, None
        try:
            query = name_query([name])
            found = find_texts(engine, query, Conditions(view, engine.directory))
        except InputError as error:
            problem = str(error)
        cases = found.by_case() if found else {}
        columns |= {case_id for case_id in cases if case_id}
        rows.append(
            {
                "row": number,
                "name": name,
                "query_in_words": query.in_words() if query else None,
                "total": found.total if found else 0,
                "cases": [{"case_id": case_id, "hits": hits} for case_id, hits in sorted(cases.items(), key=_order)],
                "digest": found.digest if found else None,
                "problem": problem,
            }
        )
    titles = case_titles(view, sorted(columns))
    for row in rows:
        for one in row["cases"]:
            one["title"] = titles[one["case_id"]][0] if one["case_id"] in titles else None
    shown = [f"{row['row']}: {row['total']}" for row in rows]
    total = sum(row["total"] for row in rows)
    digest = hashlib.sha256("".join(row["digest"] or "" for row in rows).encode()).hexdigest()
    view.record_result("access.search", {"query": f"batch of {len(names)} names"}, shown, total, digest)
    if out is not None:
        _write_csv(out, _matrix(rows, sorted(columns), titles))
        facts = {"purpose": purpose, "file": name_of(out), "rows": len(rows)}
        session.book.store.append(session.draft("access.export", facts))
    return {
        "names": len(rows),
        "found": sum(row["total"] > 0 for row in rows),
        "rows": rows,
        "file": str(out) if out else None,
    }


def export(session: Session, text: str, out: Path, *, purpose: str, case_id: str | None = None) -> dict[str, Any]:
    """Write the full result of a search as CSV, best first; the answer of `thaw search --csv`.

    Cells that a spreadsheet would run as a formula begin with an apostrophe. The entry of the export names the search,
    the number of rows and the digest of the result. Raises InputError when `out` exists.
    """
    query = parse_query(text)
    require_purpose(session, purpose)
    if out.exists():
        raise InputError(where=str(out), got="a file that exists", want="a new name", fix="Choose another name.")
    view = session.look(purpose, kind="access.export", detail={"query": text}, about=case_id)
    engine = engine_for(session, view)
    result = find_texts(engine, query, Conditions(view, engine.directory), case_id=view.about)
    done = not_relevant_keys(view, session, str(query))
    keys: list[str] = []
    _write_csv(out, _rows(view, result, done, keys))
    detail = {"query": text, "words": query.in_words(), "file": name_of(out), "rows": len(keys)}
    view.record_result("access.export", detail, keys, result.total, result.digest)
    return {
        "query": str(query),
        "query_in_words": query.in_words(),
        "total": result.total,
        "file": str(out),
        "rows": len(keys),
        "digest": result.digest,
    }


def safe_cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before `=`, `+`, `-`, `@` and their like."""
    text = "" if value is None else str(value)
    if isinstance(value, int | float):
        return text
    # What stands in front unseen (blanks, a mark of byte order or of direction) does not hide it from every program.
    first = next((letter for letter in text if letter.isprintable() and not letter.isspace()), "")
    return f"'{text}" if (first and first in _FORMULA) or text[:1] in ("\t", "\r", "\n") else text


def _rows(view: Any, result: Result, done: set[str], keys: list[str]) -> Iterator[Sequence[Any]]:
    yield _EXPORTED
    for start in range(0, result.total, _AT_ONCE):
        hits = result.best(_AT_ONCE, start)
        titles = case_titles(view, [hit.case_id for hit in hits if hit.case_id])
        for hit in hits:
            document = hit_document(hit, titles)
            keys.append(hit.key)
            document["not_relevant"] = "yes" if hit.key in done else ""
            yield [document[name] for name in _EXPORTED]


def _matrix(rows: Sequence[dict[str, Any]], cases: Sequence[str], titles: Any) -> Iterator[Sequence[Any]]:
    yield ["row", "name", "total", "problem", *(f"{titles.get(c, (c, None))[0]} [{c}]" for c in cases)]
    for row in rows:
        hits = {one["case_id"]: one["hits"] for one in row["cases"]}
        yield [row["row"], row["name"], row["total"], row["problem"], *(hits.get(case_id, 0) for case_id in cases)]


def _write_csv(path: Path, rows: Iterator[Sequence[Any]]) -> None:
    with path.open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for row in rows:
            writer.writerow([safe_cell(cell) for cell in row])


def _names(path: Path) -> list[tuple[int, str]]:
    """Data row, counted from 1, and text of every name."""
    raw = path.read_bytes()
    if len(raw) > _MOST_BYTES or b"\0" in raw:
        raise _no_list(path, "a file that is no list of names")
    text = raw.decode("utf-8-sig", "replace")
    try:
        table = [row for row in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise _no_list(path, f"a file that is no CSV ({error})") from None
    head = [cell.strip().lower() for cell in table[0]] if table else []
    column = next((i for i, cell in enumerate(head) if cell in _HEADS), None)
    if column is not None:
        table = table[1:]
    names = [(i, row[column or 0].strip()) for i, row in enumerate(table, 1) if len(row) > (column or 0)]
    names = [(i, name) for i, name in names if name]
    if not names:
        raise _no_list(path, "no name")
    if len(names) > _MOST_NAMES:
        raise _no_list(path, f"{len(names):,} names")
    return names


def _no_list(path: Path, got: str) -> InputError:
    want = f"a CSV file with 1 to {_MOST_NAMES:,} names in the column `name` or in the first one"
    return InputError(where=str(path), got=got, want=want, fix="Save the list as CSV.")


def _order(item: tuple[str | None, int]) -> tuple[int, str]:
    return -item[1], item[0] or ""
