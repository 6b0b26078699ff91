"""What is missing in the file of a case, as the commands show it."""

from __future__ import annotations

import re
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
    return [gap.to_json() for gap in accounts.gaps_of(told, _boxes(view))]


def _boxes(view: View) -> dict[str, tuple[int, int]]:
    """Of each box of the case that was declared to hold so many pages: its label, those pages, and those that came out.

    A paper counts once for each name under which it came in that box: the same page lies in it twice. A box of which a
    paper is still to be read is left out, since nobody knows yet how many pages it has.
    """
    listed = view.select("boxes", ["box_id", "label", "pages_declared"], [Where("case_id", "=", view.about)])
    found: dict[str, tuple[int, int]] = {}
    for box, label, declared in listed:
        if declared is None:
            continue
        copies = set(view.select("copies", ["document_id", "file"], [Where("box_id", "=", box)]))
        there = [Where("document_id", "in", sorted({document for document, _ in copies}))]
        states = {document: (state, pages) for document, state, pages in view.select("documents", _COLUMNS, there)}
        held = [states.get(document, ("", 0)) for document, _ in copies]
        if not any(state in _UNREAD for state, _ in held):
            found[_BOX.sub("", label) or label] = (declared, sum(pages or 0 for _, pages in held))
    return found


_COLUMNS = ["document_id", "state", "pages"]
_UNREAD = ("queued", "reading")
_BOX = re.compile(r"^box\s+", re.IGNORECASE)  # the answer says "box" before the label
