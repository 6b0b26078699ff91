"""What a browser kept of a book, presented to it again: does the book still hold it?

A browser keeps the receipts of what was done in it. It is not the book's account and lies in no folder of it: whoever
puts an older book back must also reach every browser that has worked in it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thaw.errors import InputError, TamperError, ThawError
from thaw.ledger import Checkpoint, root_of
from thaw.store import Store

from .book import Book

MOST = 200
_WIDTH = 256
_HASH = 32


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that a browser kept: a signed note, and with `seq` the receipt of that entry.

    since  the entry that said, when it was given, that older receipts are given up (`Store.given_up_at`); -1 for none
    """

    note: str
    seq: int | None = None
    leaf_hash: bytes = b""
    since: int = -1

    @classmethod
    def of_receipt(cls, data: Any) -> Kept | None:
        """A receipt as JSON has it; None when it is none. What a browser sends may be anything."""
        if not isinstance(data, Mapping):
            return None
        seq, since, leaf_hash, note = (data.get(name) for name in ("seq", "since", "leaf_hash", "checkpoint"))
        if type(seq) is not int or not 0 <= seq < 1 << 53 or not isinstance(note, str) or len(note) > 10_000:
            return None
        try:
            digest = bytes.fromhex(leaf_hash) if isinstance(leaf_hash, str) else b""
        except ValueError:
            return None
        return cls(note, seq, digest, since if type(since) is int else -1) if len(digest) == _HASH else None


class Contradiction(TamperError):
    """The book does not hold what was kept of it; `seq` is the entry in which that shows."""

    def __init__(self, seq: int, got: str) -> None:
        super().__init__(
            where="receipts of this browser",
            got=got,
            want="a book that holds all that this browser has seen of it",
            fix="Nothing is written and nothing is shown until this is explained. Keep this copy of the book and the "
            "data of this browser, run `thaw verify --all`, and compare with the newest backup.",
        )
        self.seq = seq


def book_mark(book: Book) -> str:
    """A short name for this copy of this book: a copy in another folder is another book to those who keep receipts."""
    place = os.fsencode(book.folder.resolve())
    return hashlib.sha256(book.store.origin.encode() + b"\0" + place).hexdigest()[:16]


def place_mark(book: Book) -> str:
    """A short name for the folder of a book, whatever log lies in it."""
    return hashlib.sha256(b"place\0" + os.fsencode(book.folder.resolve())).hexdigest()[:16]


def check_presented(store: Store, presented: Sequence[Kept]) -> list[Kept]:
    """Which of these the book does not hold because a restore said so in the open; all others it does hold.

    What is no signed note at all says nothing of the book and is passed over. Raises Contradiction for the oldest that
    the book does not hold.
    """
    given_up: list[Kept] = []
    fits = 0
    for head, kept in sorted(_readable(presented[-MOST:]), key=lambda one: one[0].size):
        fault = _fault(store, head, kept, fits)
        if fault is None:
            fits = head.size
        elif kept.since < store.given_up_at:
            given_up.append(kept)
        else:
            raise Contradiction(*fault)
    return given_up


def _readable(presented: Sequence[Kept]) -> Iterator[tuple[Checkpoint, Kept]]:
    for kept in presented:
        try:
            yield Checkpoint.parse(kept.note.partition("\n\n")[0] + "\n"), kept
        except InputError:
            # Caught: what was never a checkpoint cannot be missing from a book.
            continue


def _fault(store: Store, head: Checkpoint, kept: Kept, fits: int) -> tuple[int, str] | None:
    """The entry in which it shows that the book does not hold `kept`, and what is wrong; None when it does.

    fits  size of a smaller kept tree that the book does hold
    """
    size = store.size()
    named = head.size - 1 if kept.seq is None else kept.seq
    if head.size > size:
        there = f"the book ends with entry {size - 1}" if size else "the book holds no entry"
        return min(named, size), f"a receipt for entry {named}, while {there}: the newest were taken away"
    try:
        store.opened(kept.note)
    except ThawError as error:
        # Caught: the caller raises it with the entry in which it shows.
        return named, f"a receipt for entry {named} that no key of this book signed ({error})"
    if kept.seq is not None and (kept.seq >= head.size or _leaf_at(store, kept.seq) != kept.leaf_hash):
        return kept.seq, f"another entry {kept.seq} than the one that it holds a receipt for"
    if root_of(head.size, store.tile) != head.root:
        return fits, f"other entries from {fits} to {head.size - 1} than those that stood there when it kept a receipt"
    return None


def _leaf_at(store: Store, seq: int) -> bytes:
    at = seq % _WIDTH * _HASH
    return store.tile(0, seq // _WIDTH)[at : at + _HASH]
