"""The book on disk: appends entries with their projections in one transaction, and signs each commit.

Many threads and processes may write. Requests that wait for the writer are committed together (group commit), each in
its own savepoint, so that one that fails takes no other with it.
"""

from __future__ import annotations

import hmac
import json
import os
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

import apsw

from thaw.errors import InputError, TamperError, ThawError
from thaw.ledger import Checkpoint, Leaf, Receipt, SigningKey, TileTree, commitment, leaf_hash, sign_checkpoint

from .blobs import Blobs
from .connection import connect, database_errors, migrate, migrations, savepoint, writing
from .entry_index import EntryIndex
from .projection import Projection, Rows, checked_entry, iterate_entries
from .schema import check_schema, stray_names
from .transaction import Draft, Transaction

DATABASE = "casebook.db"
T = TypeVar("T")


def fingerprint(secret: bytes, *parts: str) -> bytes:
    """HMAC-SHA-256 over the parts, each behind its length in 8 bytes, first 16 bytes; see `Store.fingerprint`."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    # With a separator instead, a text that holds the separator could pass for two parts.
    message = b"".join(len(part).to_bytes(8, "big") + part for part in encoded)
    return hmac.digest(secret, message, "sha256")[:16]


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

    def receipts(self) -> list[Receipt]:
        """One receipt per entry, each with the signed note of the commit."""
        return [
            Receipt(self.first_seq + i, digest, self.tree_size, self.root, self.note)
            for i, digest in enumerate(self.leaf_hashes)
        ]


class _Request:
    def __init__(self, plan: Callable[[Transaction], Any]) -> None:
        self.plan = plan
        self.outcome: Committed[Any] | BaseException | None = None


class Store:
    """One open book. Open it with `Store.create` or `Store.open`; close it when done."""

    def __init__(
        self, folder: Path, key: SigningKey, projections: Sequence[Projection], clock: Callable[[], datetime]
    ) -> None:
        self.folder = folder
        self.path = folder / DATABASE
        self.blobs = Blobs(folder / "blobs")
        self.projections: tuple[Projection, ...] = (EntryIndex(), *projections)
        self._key = key
        self._clock = clock
        self._queue: list[_Request] = []
        self._queue_lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._db = connect(self.path)
        self._readers = threading.local()
        self._open_readers: weakref.WeakSet[apsw.Connection] = weakref.WeakSet()
        self._secret = b""
        self.origin = ""
        self.kind = ""
        self._tree = TileTree(0, {})
        self._last_at = ""
        self._seen_version = -1
        self._seen_schema = -1

    @classmethod
    def create(
        cls,
        folder: Path,
        key: SigningKey,
        projections: Sequence[Projection],
        clock: Callable[[], datetime],
        *,
        actor: str,
        facts: Mapping[str, Any],
        kind: str = "book",
    ) -> Store:
        """Make a new book whose entry 0 says so; its origin is the name of the key.

        kind   what the book is for: `book`, or `demo` for one that takes nothing but the sample
        facts  more for the payload of entry 0
        Raises InputError when the folder already holds a book.
        """
        path = folder / DATABASE
        if path.exists():
            raise InputError(
                where=str(folder), got="a casebook", want="a folder without one", fix="Choose another folder."
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with database_errors(path), closing(connect(path, create=True)) as db:
                migrate(db)
                with writing(db):
                    values = {"origin": key.name.encode(), "secret": os.urandom(32), "kind": kind.encode()}
                    db.executemany("INSERT INTO meta VALUES (?, ?)", values.items())
            store = cls(folder, key, projections, clock)
            store._take_up()
            # Entry 0 commits to the secret, so that another one cannot be slipped in later to re-import held rows.
            own = {"origin": key.name, "public_key": key.verifier.vkey, "kind": kind}
            store.append(Draft("book.create", actor, {**facts, **own, "secret_check": store.fingerprint("book").hex()}))
        except BaseException:
            for rest in folder.glob(f"{DATABASE}*"):
                rest.unlink()
            raise
        return store

    @classmethod
    def open(
        cls,
        folder: Path,
        key: SigningKey,
        projections: Sequence[Projection],
        clock: Callable[[], datetime],
        *,
        repair: bool = False,
    ) -> Store:
        """Open a book; projections that are new or have another version are rebuilt first.

        repair  open it though its projections are broken, to call `rebuild` at once
        Raises InputError when there is no whole book, a newer version wrote it, or the key is another book's;
        TamperError when the tables, indexes, views and triggers are not those that Thaw makes.
        """
        store = cls(folder, key, projections, clock)
        try:
            store._take_up(repair=repair)
            if not store.size():
                raise InputError(
                    where=str(folder),
                    got="a casebook whose making was interrupted",
                    want="a casebook with its first entry",
                    fix="It holds nothing yet: remove the folder and make it again with: thaw --book DIR init",
                )
        except BaseException:
            store.close()
            raise
        return store

    def _take_up(self, *, repair: bool = False) -> None:
        with database_errors(self.path):
            if self._db.pragma("user_version") <= migrations()[-1][0]:
                check_schema(self._db, self.folder, self.projections, repair=repair)
            migrate(self._db)
            meta: dict[str, Any] = dict(self._db.execute("SELECT name, value FROM meta").fetchall())  # type: ignore[arg-type]
        self._secret, self.origin, self.kind = meta["secret"], meta["origin"].decode(), meta["kind"].decode()
        if self.origin != self._key.name:
            raise InputError(
                where=str(self.folder),
                got=f"a log key of {self._key.name}",
                want=f"the log key of {self.origin}",
                fix="Name the right key file in casebook.toml.",
            )
        self._check_key()
        if repair:
            return
        self._check_rows()
        stale = [p for p in self.projections if not self._is_current(p)]
        if stale:
            self.rebuild([p.name for p in stale])

    def _check_key(self) -> None:
        """Whether the log key is that of entry 0: its name alone anybody can give to a key."""
        if not _size(self._db):
            return
        facts = first_facts(self._db)
        if facts is None:
            raise TamperError(
                where=str(self.folder),
                got="a first entry that does not say what book it is",
                want="the first entry with its content",
                fix="Stop working in this book, run `thaw verify`, and compare with the newest backup.",
            )
        if facts.get("public_key") != self._key.verifier.vkey:
            raise InputError(
                where=str(self.folder),
                got=f"a log key with the public key {self._key.verifier.vkey}",
                want=f"the log key with the public key {facts.get('public_key')}",
                fix="Name the right key file in casebook.toml.",
            )

    def _check_rows(self) -> None:
        """A projection that has tables but no row was hidden from its version check: never rebuild that in silence."""
        gone, _ = stray_names(self._db, self.projections)
        for name in gone:
            raise TamperError(
                where=str(self.folder),
                got=f"tables of {name} without the row that says which version made them",
                want=f"the row of {name}",
                fix="Keep a copy of the file, run `thaw verify --all`, then make the tables anew with `thaw rebuild`.",
            )

    def close(self) -> None:
        """Close the database and every thread's reads; the WAL is folded in by the last one out."""
        for reader in list(self._open_readers):
            try:
                reader.close()
            except apsw.ThreadingViolationError:
                # Caught: another thread is in the middle of a read; its connection ends with it and changes nothing.
                continue
        self._db.close()

    def reading_connection(self) -> apsw.Connection:
        """This thread's own connection for reads; for `Reader` and verification only."""
        db: apsw.Connection | None = getattr(self._readers, "db", None)
        if db is None:
            db = self._readers.db = connect(self.path)
            self._open_readers.add(db)
        return db

    def fingerprint(self, *parts: str) -> bytes:
        """Keyed digest (HMAC-SHA-256, first 16 bytes) under the book's secret: knows a row again, tells nothing."""
        return fingerprint(self._secret, *parts)

    def append(self, *drafts: Draft) -> Committed[list[int]]:
        """Append entries in one commit; returns their numbers with receipts."""
        return self.commit(lambda transaction: [transaction.add(draft) for draft in drafts])

    def commit(self, plan: Callable[[Transaction], T]) -> Committed[T]:
        """Run a plan inside the writer's transaction; it is durable when this returns.

        Whatever the plan raises is raised here and leaves nothing behind. Raises `Unfinished` for a full disk or a
        lock held too long.
        """
        request = _Request(plan)
        with self._queue_lock:
            self._queue.append(request)
        with self._write_lock:
            if request.outcome is None:
                with self._queue_lock:
                    batch, self._queue = self._queue, []
                self._commit_batch(batch)
        if isinstance(request.outcome, BaseException):
            raise request.outcome
        assert request.outcome is not None
        return request.outcome

    def size(self) -> int:
        """Number of entries on disk now."""
        with database_errors(self.path):
            return _size(self.reading_connection())

    def rebuild(self, names: Sequence[str] | None = None) -> list[str]:
        """Drop projections (all, or those named) and make them anew from the entries; returns their names.

        Raises TamperError for a payload that its entry did not commit to: what was slipped in never becomes a view.
        """
        chosen = [p for p in self.projections if names is None or p.name in names]
        with self._write_lock, database_errors(self.path), writing(self._db):
            for projection in chosen:
                self._recreate(projection)
            tables = [table for projection in self.projections for table in projection.tables]
            # The index comes first: other projections read it while they fold.
            changed = fold_all(self._db, chosen, Rows(self._db, tables, self.blobs))
            sql = "UPDATE projection SET changed_seq = ? WHERE name = ?"
            self._db.executemany(sql, [(seq, name) for name, seq in changed.items()])
            if names is None:
                known = json.dumps([p.name for p in self.projections])
                self._db.execute("DELETE FROM projection WHERE name NOT IN (SELECT value FROM json_each(?))", (known,))
            check_schema(self._db, self.folder, self.projections)
        return [p.name for p in chosen]

    def _is_current(self, projection: Projection) -> bool:
        sql = "SELECT version FROM projection WHERE name = ?"
        return bool(self._db.execute(sql, (projection.name,)).get == projection.version)

    def _recreate(self, projection: Projection) -> None:
        for table in projection.tables:
            self._db.execute(table.drop_sql())
            self._db.execute(table.create_sql())
        sql = "INSERT OR REPLACE INTO projection VALUES (?, ?, -1)"
        self._db.execute(sql, (projection.name, projection.version))

    def _commit_batch(self, batch: list[_Request]) -> None:
        try:
            with database_errors(self.path), writing(self._db):
                self._load_head()
                outcomes = [self._run(request.plan) for request in batch]
                size, root, note = self._sign(outcomes)
                self._check_written(outcomes, size, note)
            for request, outcome in zip(batch, outcomes, strict=True):
                if isinstance(outcome, BaseException):
                    request.outcome = outcome
                else:
                    result, first, hashes = outcome
                    request.outcome = Committed(result, first, tuple(hashes), size, root, note)
        except BaseException as error:
            # Caught: every waiting request raises it in its own thread. The tree in memory may be ahead: read it anew.
            self._seen_version = -1
            for request in batch:
                request.outcome = request.outcome or error
            if not isinstance(error, Exception):
                raise

    def _run(self, plan: Callable[[Transaction], Any]) -> tuple[Any, int, list[bytes]] | BaseException:
        """One plan in its own savepoint; a failing plan leaves tree and tables as they were."""
        before, last_at = self._tree.copy(), self._last_at
        transaction = Transaction(self._db, self.projections, self.blobs, self._clock, self._tree.size, self._last_at)
        try:
            with savepoint(self._db):
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
            return error
        return result, first, hashes

    def _sign(self, outcomes: list[Any]) -> tuple[int, bytes, str]:
        """Store the changed tiles and a checkpoint over them; size, root and signed note of the tree."""
        size, root, note = self._tree.size, b"", ""
        grown = any(not isinstance(o, BaseException) and o[2] for o in outcomes)
        if size:
            root = self._tree.root()
            note = sign_checkpoint(Checkpoint(self.origin, size, root), self._key)
        if grown:
            for tile in self._tree.take_changed():
                sql = "INSERT OR REPLACE INTO tile (level, number, hashes) VALUES (?, ?, ?)"
                self._db.execute(sql, (tile.level, tile.index, tile.hashes))
            self._db.execute("INSERT INTO checkpoint (size, note) VALUES (?, ?)", (size, note))
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
        (row,) = self._db.execute(sql, (first, size)).fetchall()
        entries, payloads, kept, leaf, salt, body = row
        whole = entries == payloads == size - first and kept == note and None not in (leaf, salt, body)
        if not whole or leaf_hash(leaf) != last_hash or commitment(salt, body).hex() != Leaf.from_bytes(leaf).c:
            raise TamperError(
                where=str(self.folder),
                got="a database that did not keep the entries as they were written",
                want="every entry, its content and its checkpoint",
                fix="Nothing was written. Stop working in this book, run `thaw verify`, and compare with the newest "
                "backup.",
            )

    def _load_head(self) -> None:
        """Take the tree's right edge from disk when another process has written since."""
        schema = self._db.pragma("schema_version")
        if schema != self._seen_schema:
            check_schema(self._db, self.folder, self.projections)
            self._seen_schema = schema
        version = self._db.pragma("data_version")
        if version == self._seen_version:
            return
        self._seen_version = version
        size = _size(self._db)
        edge = {}
        for level, number, hashes in self._db.execute(
            "SELECT level, number, hashes FROM tile WHERE (level, number) IN "
            "(SELECT level, max(number) FROM tile GROUP BY level)"
        ):
            if number == size >> (8 * (level + 1)):
                edge[level] = hashes
        self._tree = TileTree(size, edge)
        last = self._db.execute("SELECT leaf FROM entry ORDER BY seq DESC LIMIT 1").get
        self._last_at = Leaf.from_bytes(last).at if last else ""


def fold_all(
    db: apsw.Connection,
    projections: Sequence[Projection],
    rows: Rows,
    progress: Callable[[int], None] = lambda seq: None,
) -> dict[str, int]:
    """Tell projections of every entry, in order; by name the last entry that changed each, -1 for none."""
    last = dict.fromkeys((projection.name for projection in projections), -1)
    for entry in iterate_entries(db):
        progress(entry.leaf.seq)
        for projection in projections:
            rows.changed.clear()
            projection.apply(entry, rows)
            if rows.changed:
                last[projection.name] = entry.leaf.seq
    rows.flush()
    return last


def first_facts(db: apsw.Connection) -> dict[str, Any] | None:
    """The payload of entry 0 when it is there, is a `book.create`, and is what the entry committed to."""
    sql = (
        "SELECT seq, CAST(leaf AS BLOB), CAST(salt AS BLOB), CAST(body AS BLOB) "
        "FROM entry JOIN payload USING (seq) WHERE seq = 0"
    )
    for row in db.execute(sql):
        try:
            entry = checked_entry(*row)
        except ThawError:
            # Caught: whoever asks says so in its own words; the check of the log names the entry.
            return None
        return dict(entry.payload) if entry.leaf.kind == "book.create" and entry.payload else None
    return None


def _size(db: apsw.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(seq) + 1, 0) FROM entry").get)
