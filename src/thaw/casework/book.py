"""Opens books and wires the rooms: the one place that knows projections, key, clock and settings together."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from thaw import __version__
from thaw.access import Actor, View, view
from thaw.casebook import Casebook, find_case, no_such_case
from thaw.casebook.families import Families
from thaw.casebook.papers import Papers
from thaw.casebook.person_alerts import PersonAlerts
from thaw.casebook.rulings import Rulings
from thaw.errors import InputError, TamperError
from thaw.intake import Imports
from thaw.ledger import SigningKey
from thaw.search import Words
from thaw.store import Draft, Projection, Store

from .link_tables import Alerts, Decisions
from .receipts import ReceiptBook, check_place
from .settings import read_settings, write_settings

Clock = Callable[[], datetime]
Progress = Callable[[str, int, int], None]


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def no_progress(what: str, done: int, total: int) -> None:
    """Shows nothing."""


def name_of(path: Path) -> str:
    """The name of a file as text that can be kept: bytes that are no UTF-8 are shown as U+FFFD."""
    return os.fsencode(path.name or str(path)).decode("utf-8", "replace")


def projections() -> tuple[Projection, ...]:
    """The registered projections, in the order in which they are told of an entry."""
    return (Imports(), Casebook(), Papers(), Rulings(), Words(), Decisions(), Alerts(), Families(), PersonAlerts())


@dataclass
class Book:
    """An open book: its folder, store, settings and clock; `cache` holds arrays made from projections."""

    folder: Path
    store: Store
    settings: Mapping[str, Any]
    clock: Clock
    cache: dict[str, Any] = field(default_factory=dict)
    receipts: ReceiptBook | None = None

    def close(self) -> None:
        """Close the store and keep the receipts of what was done."""
        self.store.close()
        if self.receipts is not None:
            self.receipts.save()


@dataclass(frozen=True)
class Session:
    """One person at work in one book: every function of casework takes one."""

    book: Book
    actor: Actor

    def look(
        self,
        purpose: str,
        *,
        kind: str = "access.read",
        detail: Mapping[str, Any] | None = None,
        about: str | None = None,
        find: Callable[[View], str | None] | None = None,
    ) -> View:
        """A view for a purpose, its entry committed. With `about` (id or source key) `View.about` is that case.

        find  instead of `about`: names the case under which the look is filed, if there is one
        Raises InputError when `about` names no case that this person may see; an entry says that they were refused.
        """
        if about is not None:
            find = partial(find_case, text=about)
        asked = {} if about is None else {"asked": about}
        seen = view(
            self.book.store,
            self.actor,
            purpose,
            self.book.clock,
            kind=kind,
            detail=asked | dict(detail or {}),
            find=find,
            required=about is not None,
        )
        if about is not None and seen.about is None:
            raise no_such_case(about)
        return seen

    def draft(self, kind: str, payload: Mapping[str, Any], *, obj: str | None = None, prev: int | None = None) -> Draft:
        """An entry by this person, their name in the payload."""
        return Draft(kind, self.actor.id, {"by": self.actor.name, **payload}, obj, prev)


def init_book(folder: Path, key_file: Path | None, clock: Clock, person: str, *, kind: str = "book") -> dict[str, Any]:
    """Make a book and its log key. Returns book, origin and public_key.

    key_file  must not exist; by default it lies beside the book, named after it
    Raises InputError when folder or key file are taken.
    """
    key_file = (key_file or folder.parent / f"{folder.name}.key").absolute()
    if folder.exists() and not folder.is_dir():
        raise InputError(where=str(folder), got="a file", want="a new or empty folder", fix="Use --book DIR.")
    if folder.exists() and any(folder.iterdir()):
        raise InputError(
            where=str(folder), got="a folder that holds files", want="a new or empty folder", fix="Use --book DIR."
        )
    if key_file.exists():
        raise InputError(
            where=str(key_file), got="a file that exists", want="a new name for the log key", fix="Use --key FILE."
        )
    if not key_file.parent.is_dir() and key_file.parent not in (folder.absolute(), *folder.absolute().parents):
        raise InputError(
            where=str(key_file.parent), got="no such folder", want="a folder for the log key", fix="Make it first."
        )
    # Random, since the origin stands in every note and receipt that leaves the unit; a folder may bear a victim's name.
    key = SigningKey.generate(f"thaw.local/{secrets.token_hex(8)}")
    # Other accounts on the machine have no business in a casebook; the owner can open it to a group.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_key(key_file, key)
    try:
        write_settings(folder, {"log.key": key_path(key_file, folder), "log.public_key": key.verifier.vkey})
        facts = {"software": __version__, "by": person}
        store = Store.create(folder, key, projections(), clock, actor="unit", facts=facts, kind=kind)
        first = store.newest_note()
        store.close()
    except BaseException:
        # The folder was new or empty: what stands there now is a book that never was.
        for made in (key_file, *folder.glob("casebook.*")):
            made.unlink(missing_ok=True)
        raise
    ReceiptBook.begin(key.name, folder, first)
    return {"book": str(folder), "origin": key.name, "public_key": key.verifier.vkey}


def open_book(folder: Path, clock: Clock = utc_now, *, repair: bool = False) -> Book:
    """Open the book in `folder` for reading and writing; its log key must be there.

    repair  open it though its projections are broken, to rebuild them at once
    Raises InputError when there is no book or no key, TamperError when its newest end is not whole or it is older than
    the receipts that this account keeps, or is of another log than they are.
    """
    settings = read_settings(folder)
    key = read_key(folder / settings["log.key"])
    receipts = ReceiptBook.load(key.name, folder)
    # The store first: with a wrong key the trouble is the key, and not the book.
    store = Store.open(folder, key, projections(), clock, repair=repair, kept=receipts.notes())
    try:
        check_place(key.name, folder)
    except TamperError:
        store.close()
        raise
    store.on_commit = receipts.take
    return Book(folder, store, settings, clock, receipts=receipts)


def read_key(key_file: Path) -> SigningKey:
    """The log key in a file; InputError when it is not there or is none."""
    try:
        return SigningKey.from_text(key_file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            where=str(key_file),
            got=getattr(error, "strerror", None) or "a file that is no text",
            want="the log key of this book, since no look goes without an entry",
            fix="Set `key` below [log] in casebook.toml to where it lies; `thaw verify` works without it.",
        ) from None


def session(book: Book, person: str) -> Session:
    """Who works: `person` as asserted by `--as`; leaves carry a keyed pseudonym of it."""
    return Session(book, Actor(actor_id(book, person), person))


def scope_of(cases: Iterable[str | None]) -> dict[str, Any]:
    """The part of a payload that says which cases it concerns; nothing where it concerns none.

    An empty list would file the entry nowhere, so that nobody could find it.
    """
    listed = sorted({one for one in cases if one})
    return {"scope": {"case": listed}} if listed else {}


def program(book: Book) -> Session:
    """The program itself at work, so that what it does on its own is not filed as a person's looks."""
    return session(book, "thaw (program)")


def actor_id(book: Book, person: str) -> str:
    """The pseudonym of a person in the leaves of this book; the same name gives the same one."""
    if not person.strip():
        raise InputError(where="--as", got="an empty name", want="the name of the person at work", fix="Use --as NAME.")
    return "a_" + book.store.fingerprint("actor", person.strip()).hex()[:20]


def key_lies_inside(folder: Path) -> bool:
    """True when the log key lies inside the book: whoever copies the book can then forge its history."""
    key = (folder / str(read_settings(folder)["log.key"])).resolve()
    return key.is_relative_to(folder.resolve())


def write_key(key_file: Path, key: SigningKey) -> None:
    """Write a key to a new file that only its owner can read, and wait until it is on disk."""
    handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(key.to_text())
        out.flush()
        os.fsync(out.fileno())


def key_path(key_file: Path, folder: Path) -> str:
    """How casebook.toml names the key file."""
    # Relative when it lies beside the book, so that both can move together.
    same = key_file.parent.resolve() == folder.absolute().parent.resolve()
    return f"../{key_file.name}" if same else str(key_file)
