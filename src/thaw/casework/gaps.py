"""What is missing in the file of a case, as the commands show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thaw.access import View
from thaw.casebook import accounts
from thaw.store import Where

from .book import Progress, Session, no_progress
from .claims import accounts_by_case


def gaps(
    session: Session, case_id: str, *, purpose: str = "", progress: Progress = no_progress
) -> list[dict[str, Any]]:
    """What should be in the file of a case and is not; the answer of `thaw gaps`.

    Raises InputError for a case that is not there.
    """
    view = session.look(purpose, detail={"command": "gaps"}, about=case_id)
    assert view.about is not None
    return gaps_among(view, accounts_by_case(session, view, progress).get(view.about, []))


def gaps_among(view: View, told: Sequence[accounts.Account]) -> list[dict[str, Any]]:
    """The same for papers of the case of a view that are read already."""
    declared: dict[str, int] = {}
    for entry in reversed(view.log([Where("kind", "in", ["box.create", "box.count"])], limit=10_000)):
        payload = entry.payload or {}
        box, pages = payload.get("scope", {}).get("box"), payload.get("pages")
        if isinstance(box, str) and isinstance(pages, int):
            declared[box] = pages
    held: dict[str, int] = {}
    columns = ["box_id", "pages", "document_id"]
    for box, pages, _ in sorted(set(view.select("documents", columns, [Where("case_id", "=", view.about)])), key=str):
        if box:
            held[box] = held.get(box, 0) + (pages or 0)
    boxes = {box: (count, held[box]) for box, count in declared.items() if box in held}
    return [gap.to_json() for gap in accounts.gaps_of(told, boxes)]
