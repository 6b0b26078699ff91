"""Refused attempts are entries too: who was refused what, by which rule; many at the doors of the house in one entry.

A refusal is given whether its entry can be written or not: nothing is shown either way.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from thaw.access import refuse
from thaw.errors import AccessDenied, InputError, ThawError

from .book import Session

GATHER_S = 60
"""Strangers who knock without end write one entry a minute for each reason, not one each: the disk is not theirs."""
_RULES = {
    "host": "the address that was printed, on this machine",
    "session": "a session that the one-time address opened",
    "site": "a form of the workbench itself",
    "token": "the one-time address, not used before",
}


def note_refusal(session: Session, refusal: ThawError, wanted: str, purpose: str = "") -> None:
    """Write `access.refused` for a refusal that has no entry yet.

    wanted  what was asked for: a command or an address, nothing of what the record holds
    """
    if isinstance(refusal, AccessDenied) and refusal.noted:
        return
    _write(session, purpose, {"wanted": wanted}, refusal)


def require_purpose(session: Session, purpose: str) -> None:
    """Raise InputError for a search without a purpose; an entry says so."""
    if purpose.strip() and purpose != "not stated":
        return
    problem = InputError(
        where="search", got="no purpose", want="why you search, for the log", fix="Use --purpose TEXT."
    )
    note_refusal(session, problem, "access.search")
    raise problem


class Knocks:
    """Those who were turned away before anybody knew who they are, counted by reason: host, session, site or token."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()
        self._written: dict[str, datetime] = {}

    def note(self, reason: str) -> None:
        """Count one. The first is an entry at once; those of the next minute are one entry, with their number."""
        now = self._session.book.clock()
        with self._lock:
            self._waiting[reason] += 1
            last = self._written.get(reason)
            if last is not None and now - last < timedelta(seconds=GATHER_S):
                return
            self._written[reason] = now
            times = self._waiting.pop(reason)
        self._tell(reason, times)

    def end(self) -> None:
        """Write what was counted and not written yet."""
        with self._lock:
            left, self._waiting = self._waiting, Counter()
        for reason, times in left.items():
            self._tell(reason, times)

    def _tell(self, reason: str, times: int) -> None:
        rule = _RULES[reason]
        refusal = AccessDenied(where="workbench", got="a request", want=rule, fix="Open the address that was printed.")
        _write(self._session, "", {"wanted": "the workbench", "rule": reason, "times": times}, refusal)


def _write(session: Session, purpose: str, told: Mapping[str, Any], refusal: ThawError) -> None:
    try:
        refuse(session.book.store, session.actor, purpose or "not stated", told, refusal)
    except ThawError:
        # Caught: on a full disk, or in a book that went back, the refusal stands without an entry; nothing is shown.
        return
