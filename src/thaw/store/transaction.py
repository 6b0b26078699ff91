"""One transaction of the writer: entries are added, leaves built, projections told, all or nothing."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import apsw
import msgspec

from thaw.errors import InputError
from thaw.ledger import Leaf, commitment
from thaw.record import PerSaying

from .blobs import Blobs
from .projection import SALT_BYTES, Entry, Projection, Rows

_TO_JSON = msgspec.json.Encoder().encode
_MAX_INT = 2**53
_SALTS = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has a number and a time.

    kind     one of `thaw.ledger.entry_kinds`
    obj      the id of what it concerns, random, since leaves travel
    prev     seq of the entry that this one supersedes
    payload  JSON object; everything that may identify a case or a person belongs here, never in the leaf
    """

    kind: str
    actor: str
    payload: Mapping[str, Any]
    obj: str | None = None
    prev: int | None = None
    auth: str = "asserted"


class Transaction:
    """What a plan may do: look at projection rows, add entries. It is gone when the plan returns."""

    def __init__(
        self,
        db: apsw.Connection,
        projections: Sequence[Projection],
        blobs: Blobs,
        clock: Callable[[], datetime],
        size: int,
        last_at: str,
    ) -> None:
        self._db = db
        self._projections = projections
        self._clock = clock
        self._size = size
        self.last_at = last_at
        tables = [table for projection in projections for table in projection.tables]
        self.rows = Rows(db, tables, blobs, self._write)
        self._entries: list[tuple[int, bytes]] = []
        self._payloads: list[tuple[int, bytes, bytes]] = []
        self._salts: list[bytes] = []
        # The last second that was written down, and how.
        self._second: datetime | None = None
        self._at = ""
        self.leaves: list[bytes] = []

    @property
    def next_seq(self) -> int:
        """The number that the next entry will have."""
        return self._size + len(self.leaves)

    def add(self, draft: Draft) -> int:
        """Append one entry and tell every projection; returns its number.

        Raises InputError when the leaf would exceed 65,535 bytes or the payload cannot be written as UTF-8.
        """
        seq = self.next_seq
        body = _payload_bytes(draft.payload)
        salt = self._salt()
        leaf = Leaf(
            seq=seq,
            kind=draft.kind,
            at=self._next_at(),
            actor=draft.actor,
            auth=draft.auth,
            obj=draft.obj,
            prev=draft.prev,
            c=commitment(salt, body).hex(),
        )
        data = leaf.to_bytes()
        self._entries.append((seq, data))
        self._payloads.append((seq, salt, body))
        self.leaves.append(data)
        entry = Entry(leaf, draft.payload)
        for projection in self._projections:
            projection.apply(entry, self.rows)
        return seq

    def finish(self) -> None:
        """Flush what projections wrote and note which of them changed."""
        self.rows.flush()
        last = self.next_seq - 1
        for projection in self._projections:
            if any(table.name in self.rows.changed for table in projection.tables):
                self._db.execute("UPDATE projection SET changed_seq = ? WHERE name = ?", (last, projection.name))

    def end(self) -> None:
        """Part from the rows: each knows the other, and a batch of an import would stay until cycles are looked for."""
        self.rows.end()

    def _write(self) -> None:
        entries, self._entries = self._entries, []
        payloads, self._payloads = self._payloads, []
        self._db.executemany("INSERT INTO entry (seq, leaf) VALUES (?, ?)", entries)
        self._db.executemany("INSERT INTO payload (seq, salt, body) VALUES (?, ?, ?)", payloads)

    def _salt(self) -> bytes:
        """A salt that no other entry has; drawn by the hundred, since each draw is a call of the system."""
        if not self._salts:
            drawn = os.urandom(SALT_BYTES * (_SALTS if self.leaves else 1))
            self._salts = [drawn[i : i + SALT_BYTES] for i in range(0, len(drawn), SALT_BYTES)]
        return self._salts.pop()

    def _next_at(self) -> str:
        # A clock that was set back must not make honest entries look inserted: time never runs backwards here.
        # Heartbeats with a witness show a clock that is wrong.
        now = self._clock()
        second = now.replace(microsecond=0)
        if second != self._second:
            self._second, self._at = second, second.astimezone(UTC).isoformat()[:19]
        self.last_at = max(f"{self._at}.{now.microsecond // 1000:03}Z", self.last_at)
        return self.last_at


def _payload_bytes(payload: Mapping[str, Any]) -> bytes:
    # What JSON has no type for must not be turned into something like it: a rebuild would fold another value.
    said = payload.get("said")
    try:
        if type(payload) is dict and type(said) is dict and (written := _said_bytes(said)) is not None:
            rest = payload.copy()
            rest["said"] = None
            _check_json(rest)
            rest["said"] = written
            return _TO_JSON(rest)
        _check_json(payload)
        return _TO_JSON(payload)
    except UnicodeEncodeError:
        raise _no_json("a text with a lone surrogate") from None


def _said_bytes(said: dict[Any, Any]) -> dict[str, list[msgspec.Raw]] | None:
    """What is said, role by role, already written; None for a form that sayings do not have."""
    found: dict[str, list[msgspec.Raw]] = {}
    for role, sayings in said.items():
        if type(role) is not str or type(sayings) is not list:
            return None
        found[role] = _written.each(sayings)
    return found


@PerSaying
def _written(saying: Any) -> msgspec.Raw:
    """A saying as JSON: the same ones stand in thousands of payloads, and each is checked and written once."""
    _check_json(saying)
    return msgspec.Raw(_TO_JSON(saying))


def _check_json(value: Any) -> None:
    kind = type(value)
    if kind is list:
        _check_list(value)
    elif kind is dict:
        _check_object(value)
    elif kind is float:
        if not math.isfinite(value):
            raise _no_json(f"the number {value}")
    elif kind is int:
        if abs(value) >= _MAX_INT:
            raise _no_json(f"the number {value}")
    elif kind is not str and kind is not bool and value is not None:
        raise _no_json(f"a value of type {kind.__name__}")


def _check_list(value: list[Any]) -> None:
    if set(map(type, value)) != {str}:
        for part in value:
            _check_json(part)


def _check_object(value: dict[Any, Any]) -> None:
    for key, part in value.items():
        if type(key) is not str:
            raise _no_json(f"a key of type {type(key).__name__}")
        if type(part) is not str and part is not None:
            _check_json(part)


def _no_json(got: str) -> InputError:
    return InputError(
        where="entry to be written",
        got=got,
        want="text, whole numbers below 2**53, finite numbers, yes/no, nothing, and lists and objects of these",
        fix="Correct the value; nothing was written.",
    )
