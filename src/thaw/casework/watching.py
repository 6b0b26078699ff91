"""Beside a running workbench: whoever asked to be told is told of new material as it comes, without a command.

Saved searches and crossings are held against what came, registers that were imported are scored to their end, and what
the first search would wait for is read beforehand.
"""

from __future__ import annotations

import threading

from thaw.access import View
from thaw.errors import ThawError
from thaw.store import Where

from .book import Session, program
from .crossings import watch_crossings
from .import_alerts import alert_on_import
from .saved_searches import check_saved
from .searching import prepare_search

EVERY_S = 5
_FIRST_S = 0.5


class Watch:
    """A thread that looks every few seconds whether there is anything new, and does nothing where there is not.

    problem  why the last round failed, None when it did not
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._program = program(session.book)
        self._view: View | None = None
        self._seen: tuple[int, ...] | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.problem: str | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; a round that has begun is waited for."""
        self._stop.set()
        self._thread.join()

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
        if alert_on_import(self._session, view).waiting:
            self._seen = ()  # not at the end yet: go on in the next round
        done.append("imports")
        if view.log([Where("kind", "=", "search.save")], limit=1):
            check_saved(self._program)
            done.append("saved searches")
        if not first and view.count("documents"):
            watch_crossings(self._program)
            done.append("crossings")
        return done

    def _run(self) -> None:
        wait = min(_FIRST_S, EVERY_S)  # soon after the start: whoever opens the workbench will search
        while not self._stop.wait(wait):
            wait = EVERY_S
            try:
                self.turn()
                self.problem = None
            except ThawError as error:
                # Caught: the next round tries again; what a person asks for fails closed on its own.
                self.problem = str(error)
