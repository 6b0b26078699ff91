"""One look that lasts while its screen waits: whoever asks again for what is being made writes no further entry.

A screen of a long case asks every two seconds whether its papers are compared. All of that is one look: the first
question commits it, and the answer is shown under that entry. What the entry does not speak of, another person, case,
question or purpose, and what lasts longer than it may, is a look of its own.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from thaw.access import View, resume
from thaw.errors import InputError

from .book import Session
from .tray import OPEN_FOR

ASKED_WITHIN = timedelta(minutes=2)  # a page that lies behind another asks once a minute at least


@dataclass(frozen=True)
class HeldSession(Session):
    """One person at work on one screen: the same look twice is one entry, for at most ten minutes.

    For the requests of one visit to one address; a look that is found by what is visible (`find`) is never held.
    """

    held: dict[str, tuple[int, datetime]] = field(default_factory=dict, compare=False)
    one: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    def look(
        self,
        purpose: str,
        *,
        kind: str = "access.read",
        detail: Mapping[str, Any] | None = None,
        about: str | None = None,
        find: Callable[[View], str | None] | None = None,
    ) -> View:
        """As `Session.look`; one that was committed here before is taken up again, what may be seen asked anew."""
        if find is not None:
            return super().look(purpose, kind=kind, detail=detail, about=about, find=find)
        name = json.dumps([self.actor.id, purpose, kind, dict(detail or {}), about], sort_keys=True, default=repr)
        with self.one:
            found = self._again(name)
            if found is None:
                found = super().look(purpose, kind=kind, detail=detail, about=about)
                self.held[name] = (found.seq, self.book.clock())
        return found

    def _again(self, name: str) -> View | None:
        seq, since = self.held.get(name, (-1, None))
        if since is None or self.book.clock() - since > OPEN_FOR:
            return None
        try:
            return resume(self.book.store, self.actor, seq, self.book.clock)
        except InputError:
            # The case is hidden by now: the look that follows says so in the words that it has for that.
            return None


class Waiting:
    """The looks of one visit whose screens are being made, by address. For use by several threads."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[HeldSession, datetime]] = {}
        self._one = threading.Lock()

    def session(self, at_work: Session, address: str) -> HeldSession:
        """A session for one request: that of the look which waits at this address, if it asked a moment ago."""
        with self._one:
            self._forget(at_work.book.clock())
            held = self._open.get(address)
        # Another person or book at the same address shares nothing with it.
        known = held is not None and (held[0].book, held[0].actor) == (at_work.book, at_work.actor)
        return held[0] if held and known else HeldSession(at_work.book, at_work.actor)

    def keep(self, session: HeldSession, address: str) -> None:
        """What was asked for is still being made: the next request to this address belongs to the same look."""
        with self._one:
            self._open[address] = (session, session.book.clock())

    def end(self, address: str) -> None:
        """What was asked for was shown, or failed: whoever asks again looks again."""
        with self._one:
            self._open.pop(address, None)

    def _forget(self, now: datetime) -> None:
        old = [address for address, (_, asked) in self._open.items() if now - asked > ASKED_WITHIN]
        for address in old:
            del self._open[address]
