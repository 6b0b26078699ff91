"""What the program does on its own, with an entry for each: heartbeats, the nightly verification, asking witnesses."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

from thaw.errors import ThawError

from .book import Progress, Session, no_progress
from .ledger import verify
from .policies import policy_file
from .witnessing import check_not_behind, send

EVERY_S = 60
"""Seconds of work between two heartbeats: no entry can be dated back further than this without a trace."""
_IDLE_S = 24 * 3600
_NIGHT_HOUR = 2
_LISTED = 20


def heartbeat(session: Session) -> int:
    """An entry that says what time it is; returns its number."""
    now = session.book.clock().isoformat(timespec="milliseconds")
    draft = session.draft("checkpoint.heartbeat", {"clock": now, "head": session.book.store.newest_note()})
    return session.book.store.append(draft).result[0]


def nightly(session: Session, progress: Progress = no_progress) -> dict[str, Any]:
    """Heartbeat, `verify --all` with its result as an entry, an alarm when it is not ok, and the witnesses asked.

    Keys heartbeat, verify (as `thaw verify`), entry, alarm, witnesses (None without a policy).
    """
    beat = heartbeat(session)
    verdict = verify(session.book.folder, everything=True, progress=progress)
    found = {name: verdict[name] for name in ("status", "entries", "root")}
    found |= {"findings": verdict["findings"][:_LISTED], "found": len(verdict["findings"])}
    entry = session.book.store.append(session.draft("verify.result", found)).result[0]
    alarm = None
    if verdict["status"] != "ok":
        words = verdict["findings"][0]["detail"]
        alarm = session.book.store.append(session.draft("alarm.raise", {"about": "verify", "words": words})).result[0]
    witnesses = send(session) if policy_file(session.book) else None
    return {"heartbeat": beat, "verify": verdict, "entry": entry, "alarm": alarm, "witnesses": witnesses}


class Keeper:
    """A thread beside a running workbench: a heartbeat a minute while there is work, one a day, and the nightly job.

    problem  why the last round failed, None when it did not: for the screen to show
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._seen = session.book.store.size()
        self._beat: datetime | None = None
        self._night: datetime | None = None
        self.problem: str | None = None

    def start(self) -> None:
        """Begin. Raises TamperError when a witness that can be reached has seen more of the log than there is."""
        check_not_behind(self._session)
        self._thread.start()

    def stop(self) -> None:
        """End; a job that has begun is waited for."""
        self._stop.set()
        self._thread.join()

    def turn(self, now: datetime) -> list[str]:
        """Do what is due at this moment; the names of what was done."""
        done = []
        size = self._session.book.store.size()
        worked = size != self._seen
        idle = self._beat is None or now - self._beat >= timedelta(seconds=_IDLE_S)
        if idle or (worked and self._beat is not None and now - self._beat >= timedelta(seconds=EVERY_S)):
            heartbeat(self._session)
            self._beat = now
            done.append("heartbeat")
        due = now.replace(hour=_NIGHT_HOUR, minute=0, second=0, microsecond=0)
        if self._night is None:
            self._night = now
        elif now >= due > self._night:
            nightly(self._session)
            self._night = now
            done.append("nightly")
        self._seen = self._session.book.store.size()
        return done

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            try:
                self.turn(self._session.book.clock())
                self.problem = None
            except ThawError as error:
                # Caught: shown on the screen until the next round goes well; work itself fails closed on its own.
                self.problem = str(error)
