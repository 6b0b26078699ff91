"""Beside a running workbench: whoever asked to be told is told of new material as it comes, without a command.

Saved searches and crossings are held against what came, registers that were imported are scored to their end, and what
the first search would wait for is read beforehand.
"""

from __future__ import annotations

from thaw.access import View
from thaw.store import Where

from .book import Session, program
from .crossings import watch_crossings
from .import_alerts import alert_on_import
from .saved_searches import check_saved
from .searching import prepare_search


class Watch:
    """Looks, round after round, whether there is anything new, and does nothing where there is not."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._program = program(session.book)
        self._view: View | None = None
        self._seen: tuple[int, ...] | None = None

    def turn(self) -> list[str]:
        """Hold what is new against what people asked for; names of what was looked through.

        The first turn counts everything as new but for crossings, which begin with what comes while the workbench runs.
        """
        if self._view is None:
            self._view = self._session.look("alerts while the workbench runs", detail={"command": "serve"})
        view = self._view
        now = tuple(view.changed_seq(name) for name in ("words", "casebook"))
        if now == self._seen:
            return []
        first, self._seen = self._seen is None, now
        done = []
        if first:
            prepare_search(self._session, view)
        if alert_on_import(self._session, view, apart=True).waiting:
            self._seen = ()  # not at the end yet: go on in the next round
        done.append("imports")
        if view.log([Where("kind", "=", "search.save")], limit=1):
            check_saved(self._program)
            done.append("saved searches")
        if not first and view.count("documents"):
            watch_crossings(self._program)
            done.append("crossings")
        return done
