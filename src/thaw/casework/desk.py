"""What the workbench asks for beyond the commands: the desk, one page of a list, and work in the background."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thaw.access import View
from thaw.casebook import conditions, list_cases, unfolded
from thaw.store import Where

from .book import Progress, Session, no_progress
from .documents import read_waiting
from .matcher import is_ready, matcher_for
from .saved_searches import alerts
from .searching import case_titles


def desk(session: Session, *, recent: int = 8, purpose: str = "") -> dict[str, Any]:
    """Counts of cases, documents by state and rejects, and the cases entered last, newest first."""
    view = session.look(purpose, kind="access.list", detail={"command": "desk"})
    states = {state: view.count("documents", [Where("state", "=", state)]) for state in ("queued", "read", "failed")}
    return {
        "cases": view.count("cases", [unfolded(view)]),
        "recent": _listed(view, (), order=("-first_seq",), offset=0, limit=recent),
        "documents": states,
        "failed": _failed(view),
        "rejects": view.count("rejects"),
    }


def open_alerts(session: Session, *, purpose: str = "") -> dict[str, list[dict[str, Any]]]:
    """Open alerts of saved searches (key `search`) and of crossings (key `crossing`), newest first, with titles."""
    view = session.look(purpose, kind="access.list", detail={"command": "alerts of searches and crossings"})
    found = {sort: alerts(view, sort)[::-1] for sort in ("search", "crossing")}
    for told in found.values():
        for one in told:
            cases = one["scope"].get("case") or []
            one["cases"] = cases if isinstance(cases, list) else [cases]
    titles = case_titles(view, sorted({c for told in found.values() for one in told for c in one["cases"]}))
    for told in found.values():
        for one in told:
            one["cases"] = [{"case_id": c, "title": titles.get(c, (c, None))[0]} for c in one["cases"]]
    return found


def _failed(view: View, limit: int = 5) -> list[dict[str, Any]]:
    """The files that could not be read, the newest first."""
    columns = ("document_id", "file", "problem")
    rows = view.select("documents", columns, [Where("state", "=", "failed")], order=["-seq"], limit=limit)
    return [dict(zip(columns, row, strict=True)) for row in dict.fromkeys(rows)]


def case_page(
    session: Session, where: Sequence[str] = (), *, offset: int, limit: int, purpose: str = ""
) -> dict[str, Any]:
    """The visible cases from `offset` on that meet `FIELD=VALUE` conditions, and the total; `thaw cases` in pages.

    Raises InputError for a condition that cannot be read.
    """
    chosen = conditions(where)
    detail = {"command": "cases", "where": list(where), "offset": offset}
    view = session.look(purpose, kind="access.list", detail=detail)
    found = _listed(view, chosen, order=("date_from", "first_seq"), offset=offset, limit=limit)
    return {"total": view.count("cases", [*chosen, unfolded(view)]), "cases": found}


class WarmMatcher:
    """Loads what a ranking needs into memory, so that no question waits for it; one look for as long as it lives."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._view: View | None = None

    def load(self, progress: Progress = no_progress) -> None:
        """Load it, unless it lies there for the casebook as it is now."""
        view = self._seen()
        if view.count("cases", [unfolded(view)]):
            _ = matcher_for(self._session, view, progress).pairs

    def is_warm(self) -> bool:
        """Whether a ranking could be made now without loading anything."""
        view = self._seen()
        return is_ready(self._session, view) or not view.count("cases", [unfolded(view)])

    def _seen(self) -> View:
        if self._view is None:
            self._view = self._session.look("make ready for comparison", kind="access.list", detail={"command": "warm"})
        return self._view


class WaitingDocuments:
    """Reads documents as they are taken in, by this process or another.

    One look is committed when it starts, and one more only when the casebook has changed since: an idle book stays
    as it is. For use in one thread.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._view: View | None = None
        self._seen = -1

    def read(self) -> int:
        """Read what waits; returns how many documents there were."""
        if self._view is None:
            self._view = self._session.look("read documents", detail={"command": "work"})
        changed = self._view.changed_seq("papers")
        if changed == self._seen:
            return 0
        self._seen = changed
        return len(read_waiting(self._session)["files"])


def _listed(
    view: View, where: Sequence[Where], *, order: Sequence[str], offset: int, limit: int
) -> list[dict[str, Any]]:
    rows = view.select("cases", ["case_id"], [*where, unfolded(view)], order=order, limit=limit, offset=offset)
    place = {case_id: i for i, (case_id,) in enumerate(rows)}
    found = list_cases(view, [Where("case_id", "in", list(place))]) if place else []
    return sorted(found, key=lambda case: place[case["case_id"]])
