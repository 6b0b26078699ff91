"""The writer of an open book: appends entries with their projections in one transaction, and signs each commit.

Requests that wait for the writer are committed together (group commit), each in its own savepoint, so that one that
fails takes no other with it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

import apsw

from thaw.errors import InputError, TamperError
from thaw.ledger import Checkpoint, Leaf, Receipt, SigningKey, TileTree, commitment, leaf_hash, sign_checkpoint

from .blobs import Blobs
from .connection import database_errors, savepoint, writing
from .folding import size_of
from .key_chain import noted_changes
from .projection import Projection
from .schema import check_schema
from .transaction import Transaction

_GATHER_S, _GATHER_SHARE, _PAUSE_S = 0.004, 0.4, 0.0001
T = TypeVar("T")
Plan = Callable[[Transaction], Any]


@dataclass(frozen=True)
class Committed(Generic[T]):
    """What a commit gave: the plan's result, and what proves it.

    leaf_hashes  of the plan's own entries, from `first_seq` on
    tree_size, root, note  of the signed tree after the commit, which may hold entries of others too
    """

    result: T
    first_seq: int
    leaf_hashes: tuple[bytes, ...]
    tree_size: int
    root: bytes
    note: str

    def receipts(self, last: int | None = None) -> list[Receipt]:
        """One receipt per entry, or for the `last` few only, each with the signed note of the commit."""
        first = 0 if last is None else max(0, len(self.leaf_hashes) - last)
        return [
            Receipt(self.first_seq + i, self.leaf_hashes[i], self.tree_size, self.root, self.note)
            for i in range(first, len(self.leaf_hashes))
        ]


class _Request:
    """A plan that waits: `turn` is let go of when it has its outcome, or when it is its thread's turn to lead."""

    __slots__ = ("leads", "outcome", "plan", "turn")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.outcome: Committed[Any] | BaseException | None = None
        self.leads = False
        self.turn = threading.Lock()
        self.turn.acquire()


class Writer:
    """One book's writer. `db` is used under `lock` only."""

    def __init__(
        self,
        path: Path,
        db: apsw.Connection,
        key: SigningKey,
        projections: Sequence[Projection],
        blobs: Blobs,
        clock: Callable[[], datetime],
    ) -> None:
        self.path = path
        self.db = db
        self.key = key
        self.lock = threading.Lock()
        self.queue: list[_Request] = []
        self.key_changes: list[int] = []
        self._projections = projections
        self._blobs = blobs
        self._clock = clock
        self._queue_lock = threading.Lock()
        self._led = False
        self._expected = 1
        self._commit_s = 0.0
        self._tree = TileTree(0, {})
        self._last_at = ""
        self._seen_version = -1
        self._seen_schema = -1

    def commit(self, plan: Callable[[Transaction], T]) -> Committed[T]:
        """Run a plan inside a transaction, together with those that wait; see `Store.commit`."""
        request = _Request(plan)
        with self._queue_lock:
            self.queue.append(request)
            request.leads, self._led = not self._led, True
        if not request.leads:
            self._wait(request)
        if request.outcome is None:
            self._lead(request)
        if isinstance(request.outcome, BaseException):
            raise request.outcome
        assert request.outcome is not None
        return request.outcome

    def _wait(self, request: _Request) -> None:
        """Until the request has its outcome, or its thread is to lead."""
        try:
            request.turn.acquire()
        except BaseException:
            # Ctrl-C while waiting: nobody may wait for a leader that has gone.
            with self._queue_lock:
                if request in self.queue:
                    self.queue.remove(request)
                if request.leads and request.outcome is None:
                    self._pass_on()
            raise

    def _lead(self, request: _Request) -> None:
        """Commit all that wait, this request among them; then another that came meanwhile leads the next commit."""
        batch: list[_Request] = []
        try:
            with self.lock:
                self._gather()
                with self._queue_lock:
                    batch, self.queue = self.queue, []
                started = time.monotonic()
                self._commit_batch(batch)
                self._commit_s, self._expected = time.monotonic() - started, len(batch)
        finally:
            with self._queue_lock:
                if request in self.queue:
                    self.queue.remove(request)
                self._pass_on()
            for one in batch:
                if one is not request:
                    one.turn.release()

    def _pass_on(self) -> None:
        """Under the lock of the queue: the first that waits leads now, or nobody."""
        self._led = bool(self.queue)
        if self.queue:
            self.queue[0].leads = True
            self.queue[0].turn.release()

    def _gather(self) -> None:
        """Wait for those who were in the last commit to come again, a fraction of what a commit takes at most.

        Without it the first thread that wakes commits alone, while the others wait for another sync of the disk.
        """
        until = time.monotonic() + min(_GATHER_S, _GATHER_SHARE * self._commit_s)
        while len(self.queue) < self._expected and time.monotonic() < until:
            time.sleep(_PAUSE_S)

    def forget(self) -> None:
        """Read the tree's right edge from disk before the next commit."""
        self._seen_version = -1

    def run(self, plans: Sequence[Plan], key: SigningKey | None = None) -> list[Committed[Any] | BaseException]:
        """Run plans inside the open transaction of `db` and sign the tree they make, by `key` if it is another."""
        self._load_head()
        outcomes = [self._run(plan, alone=len(plans) == 1) for plan in plans]
        size, root, note = self._sign(outcomes, key or self.key)
        self._check_written(outcomes, size, note)
        return [
            one if isinstance(one, BaseException) else Committed(one[0], one[1], tuple(one[2]), size, root, note)
            for one in outcomes
        ]

    def head(self) -> tuple[int, bytes]:
        """Size and root of the tree before the next entry; inside an open transaction only."""
        self._load_head()
        return self._tree.size, self._tree.root()

    def _commit_batch(self, batch: list[_Request]) -> None:
        try:
            with database_errors(self.path), writing(self.db):
                outcomes = self.run([request.plan for request in batch])
            for request, outcome in zip(batch, outcomes, strict=True):
                request.outcome = outcome
        except BaseException as error:
            # Caught: every waiting request raises it in its own thread. The tree in memory may be ahead: read it anew.
            self.forget()
            for request in batch:
                request.outcome = request.outcome or error
            if not isinstance(error, Exception):
                raise

    def _run(self, plan: Plan, *, alone: bool) -> tuple[Any, int, list[bytes]] | BaseException:
        """One plan in its own savepoint; a failing plan leaves tree and tables as they were.

        A plan that is alone has the whole transaction to fall back on: a savepoint would keep a copy in memory of every
        page that it changes, in a large book 200 MB for a batch of an import. What it raises is raised.
        """
        before, last_at = self._tree.copy(), self._last_at
        transaction = Transaction(self.db, self._projections, self._blobs, self._clock, self._tree.size, self._last_at)
        try:
            with nullcontext() if alone else savepoint(self.db):
                result = plan(transaction)
                transaction.finish()
                hashes = [leaf_hash(data) for data in transaction.leaves]
                first = self._tree.size
                for digest in hashes:
                    self._tree.append(digest)
                self._last_at = transaction.last_at
        except (apsw.FullError, apsw.IOError, apsw.CorruptError):
            raise
        except BaseException as error:
            # Caught: the plan's own failure is raised to whoever gave the plan, not to the others of the group.
            self._tree, self._last_at = before, last_at
            if alone:
                raise
            return error
        finally:
            transaction.end()
        return result, first, hashes

    def _sign(self, outcomes: list[Any], key: SigningKey) -> tuple[int, bytes, str]:
        """Store the changed tiles and a checkpoint over them; size, root and signed note of the tree."""
        size, root, note = self._tree.size, b"", ""
        grown = any(not isinstance(o, BaseException) and o[2] for o in outcomes)
        if size:
            root = self._tree.root()
            note = sign_checkpoint(Checkpoint(key.name, size, root), key)
        if grown:
            for tile in self._tree.take_changed():
                sql = "INSERT OR REPLACE INTO tile (level, number, hashes) VALUES (?, ?, ?)"
                self.db.execute(sql, (tile.level, tile.index, tile.hashes))
            self.db.execute("INSERT INTO checkpoint (size, note) VALUES (?, ?)", (size, note))
        return size, root, note

    def _check_written(self, outcomes: list[Any], size: int, note: str) -> None:
        """Whether the database holds what it was given: a trigger can swallow rows, and no look goes without an entry.

        All new entries are counted; the last one, its content and the checkpoint are compared.
        """
        grown = [(first, hashes) for _, first, hashes in (o for o in outcomes if isinstance(o, tuple)) if hashes]
        if not grown:
            return
        sql = (
            "SELECT (SELECT count(*) FROM entry WHERE seq >= ?1), (SELECT count(*) FROM payload WHERE seq >= ?1), "
            "(SELECT note FROM checkpoint WHERE size = ?2), leaf, salt, body "
            "FROM (SELECT 1) LEFT JOIN entry ON seq = ?2 - 1 LEFT JOIN payload USING (seq)"
        )
        first, last_hash = grown[0][0], grown[-1][1][-1]
        row: Any
        (row,) = self.db.execute(sql, (first, size)).fetchall()
        entries, payloads, kept, leaf, salt, body = row
        whole = entries == payloads == size - first and kept == note and None not in (leaf, salt, body)
        if not whole or leaf_hash(leaf) != last_hash or commitment(salt, body).hex() != Leaf.from_bytes(leaf).c:
            raise TamperError(
                where=str(self.path.parent),
                got="a database that did not keep the entries as they were written",
                want="every entry, its content and its checkpoint",
                fix="Nothing was written. Stop working in this book, run `thaw verify`, and compare with the newest "
                "backup.",
            )

    def _load_head(self) -> None:
        """Take the tree's right edge from disk when another process has written since."""
        schema = self.db.pragma("schema_version")
        if schema != self._seen_schema:
            check_schema(self.db, self.path.parent, self._projections)
            self._seen_schema = schema
        version = self.db.pragma("data_version")
        if version == self._seen_version:
            return
        if noted_changes(self.db) != self.key_changes:
            raise InputError(
                where=str(self.path.parent),
                got="a log key that was replaced while this program was at work",
                want="the new key",
                fix="Start the program again; nothing was written.",
            )
        size = size_of(self.db)
        edge = {}
        for level, number, hashes in self.db.execute(
            "SELECT level, number, hashes FROM tile WHERE (level, number) IN "
            "(SELECT level, max(number) FROM tile GROUP BY level)"
        ):
            if number == size >> (8 * (level + 1)):
                edge[level] = hashes
        self._tree = TileTree(size, edge)
        last = self.db.execute("SELECT leaf FROM entry ORDER BY seq DESC LIMIT 1").get
        self._last_at = Leaf.from_bytes(last).at if last else ""
        self._seen_version = version
