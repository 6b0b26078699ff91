"""What a screen gets and gives: a look at the book for one request; a page, or another address to go to."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from thaw.casework import Session

from .background import Background
from .guard import NOT_STATED, Visit
from .texts import text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """One request: who asks (session), in which visit, for what (path, params, query, form).

    files    of a form with files: each lies in a scratch folder while the screen works, beside it the name it had
    is_part  the page asks for a piece of itself, so that only that piece is answered
    """

    session: Session
    visit: Visit
    background: Background
    path: str
    params: Mapping[str, Any]
    query: Mapping[str, Sequence[str]]
    form: Mapping[str, Sequence[str]]
    files: Sequence[tuple[Path, str]] = ()
    is_part: bool = False
    method: str = "GET"

    @property
    def purpose(self) -> str:
        """Why this person looks, for the ledger."""
        return self.visit.purpose

    @property
    def purpose_is_stated(self) -> bool:
        """False until somebody has said why they look."""
        return self.visit.purpose != NOT_STATED

    @property
    def address(self) -> str:
        """Path and query, to come back to."""
        return self.path + ("?" + urlencode(self.query, doseq=True) if self.query else "")

    def asked(self, name: str) -> str:
        """A value of the query, stripped; empty when it is not there."""
        return (self.query.get(name) or [""])[-1].strip()

    def typed(self, name: str) -> str:
        """A value of the form, stripped; empty when it is not there."""
        return (self.form.get(name) or [""])[-1].strip()

    @staticmethod
    def own_path(path: str) -> str | None:
        """The path if it is one of the workbench: two slashes or a backslash would name another host."""
        own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
        return path if own else None

    def when_ready(self, key: Hashable, ask: Callable[..., T | None]) -> T | None:
        """What `ask` answers, or None while a thread works it out, which takes minutes for thousands of pages.

        key  of the work: who asks for the same waits for the same thread
        ask  with `kept_only=True` it answers None where that would take long; it looks through `session` of this
             request, so that the thread and whoever asks again share its look
        Raises what the work met.
        """
        bench = self.background
        found = ask(kept_only=bench.started)
        if found is not None or not bench.started:
            return found
        return ask(kept_only=False) if bench.soon(key, partial(ask, kept_only=False)) else None

    def done(self, name: str, /, **values: Any) -> None:
        """Say on the next screen what was done, in the words that `said` of the catalogue has for it."""
        self.visit.told = text(f"said.{name}", **values)

    def state_purpose(self, words: str) -> None:
        """Keep why this person looks for all further looks of the visit."""
        self.visit.purpose = words.strip()[:300] or NOT_STATED


@dataclass(frozen=True, slots=True)
class Page:
    """A template with its values, and the status of the answer.

    passing  it gives way to another page by itself: what was done last is said on that one, and both are one look
    """

    template: str
    context: Mapping[str, Any]
    status: int = 200
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go to this address of the workbench instead; always one of our own paths."""

    to: str


@dataclass(frozen=True, slots=True)
class Download:
    """Bytes as they are: a picture, a table, a file to keep.

    file   name to keep it under; None when the browser shows it in its place
    cache  what the browser may keep; nothing, unless said otherwise
    path   where the bytes lie, for those that are too many to be held in memory; `body` is empty then
    """

    body: bytes
    media_type: str
    file: str | None = None
    cache: str = "no-store"
    path: Path | None = None


Screen = Callable[[Look], Page | Redirect | Download]
