"""The book on disk: made, opened, read, appended to, rebuilt, closed.

Many threads and processes may write; `writer` says how.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import apsw

from thaw.errors import InputError, TamperError
from thaw.ledger import Checkpoint, SigningKey, Verifier, open_checkpoint

from .blobs import Blobs
from .connection import connect, database_errors, migrate, migrations, writing
from .entry_index import EntryIndex
from .folding import fingerprint, first_facts, fold_all, size_of, whole_entry
from .key_chain import BrokenChain, KeyChange, key_chain, note_changes, noted_changes, vouch
from .projection import Projection, Rows, former_tables
from .reading import Readers
from .schema import check_schema, stray_names
from .start_check import check_end, verifier_for
from .transaction import Draft, Transaction
from .writer import Committed, Writer

DATABASE = "casebook.db"
T = TypeVar("T")
Plan = Callable[[Transaction], Any]


class Store:
    """One open book. Open it with `Store.create` or `Store.open`; close it when done."""

    def __init__(
        self, folder: Path, key: SigningKey, projections: Sequence[Projection], clock: Callable[[], datetime]
    ) -> None:
        self.folder = folder
        self.path = folder / DATABASE
        self.blobs = Blobs(folder / "blobs")
        self.projections: tuple[Projection, ...] = (EntryIndex(), *projections)
        self._db = connect(self.path)
        self._readers = Readers(self.path)
        self._writer = Writer(self.path, self._db, key, self.projections, self.blobs, clock)
        self._secret = b""
        self.origin = ""
        self.kind = ""
        self.first_key = key.verifier
        self.key_changes: list[KeyChange] = []
        self.on_commit: Callable[[Committed[Any]], None] | None = None
        self._stopped: TamperError | None = None

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
            made: dict[str, Any] = {"projections": {p.name: p.version for p in store.projections}}
            made |= {"secret_check": store.fingerprint("book").hex()}
            store.append(Draft("book.create", actor, {**facts, **own, **made}))
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
        kept: Sequence[str] = (),
        lost_key: bool = False,
    ) -> Store:
        """Open a book; projections that are new or have another version are rebuilt first, and an entry says so.

        repair  open it though its projections are broken, to call `rebuild` at once
        kept    signed notes from outside the book: it must still hold what each of them signed
        lost_key  `key` is a new one that no entry names yet, to call `change_key` at once
        Raises InputError when there is no whole book, a newer version wrote it, or the key is another book's;
        TamperError when the tables, indexes, views and triggers are not those that Thaw makes, when the newest end is
        not whole (see `start_check`), or when the book is older than a kept note.
        """
        store = cls(folder, key, projections, clock)
        try:
            store._take_up(repair=repair, kept=kept, lost_key=lost_key)
            if not size_of(store._db):
                raise InputError(
                    where=str(folder),
                    got="a casebook whose making was interrupted",
                    want="a casebook with its first entry",
                    fix="It holds nothing yet: remove the folder and make it again with `thaw --book DIR init`.",
                )
        except BaseException:
            store.close()
            raise
        return store

    def _take_up(self, *, repair: bool = False, kept: Sequence[str] = (), lost_key: bool = False) -> None:
        with database_errors(self.path):
            if self._db.pragma("user_version") <= migrations()[-1][0]:
                check_schema(self._db, self.folder, self.projections, repair=repair)
            migrate(self._db)
            meta: dict[str, Any] = dict(self._db.execute("SELECT name, value FROM meta").fetchall())  # type: ignore[arg-type]
        self._secret, self.origin, self.kind = meta["secret"], meta["origin"].decode(), meta["kind"].decode()
        if self.origin != self._writer.key.name:
            raise InputError(
                where=str(self.folder),
                got=f"a log key of {self._writer.key.name}",
                want=f"the log key of {self.origin}",
                fix="Name the right key file in casebook.toml.",
            )
        self._check_key(lost_key)
        with database_errors(self.path):
            check_end(self._db, self.folder, self.first_key, self.key_changes, kept)
        if repair:
            return
        self._check_rows()
        stale = [p for p in self.projections if not self._is_current(p)]
        if stale:
            self.rebuild([p.name for p in stale])

    def _check_key(self, lost_key: bool) -> None:
        """Whether the log key is the last one that the entries name: its name alone anybody can give to a key."""
        if not size_of(self._db):
            return
        if first_facts(self._db) is None:
            raise TamperError(
                where=str(self.folder),
                got="a first entry that does not say what book it is",
                want="the first entry with its content",
                fix="Stop working in this book, run `thaw verify`, and compare with the newest backup.",
            )
        try:
            self.first_key, self.key_changes = key_chain(self._db, noted_changes(self._db))
        except BrokenChain as broken:
            raise TamperError(
                where=str(self.folder),
                got=f"a change of the log key that does not hold ({broken.detail.rstrip('.')})",
                want="a change that the old key and the new one signed",
                fix="Stop working in this book, run `thaw verify`, and compare with the newest backup.",
            ) from None
        self._writer.key_changes = [change.seq for change in self.key_changes]
        if self.verifier != self._writer.key.verifier and not lost_key:
            raise InputError(
                where=str(self.folder),
                got=f"a log key with the public key {self._writer.key.verifier.vkey}",
                want=f"the log key with the public key {self.verifier.vkey}",
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

    @property
    def verifier(self) -> Verifier:
        """The public half of the key that signs now."""
        return self.key_changes[-1].verifier if self.key_changes else self.first_key

    def close(self) -> None:
        """Close the database and every thread's reads, once they end; the WAL is folded in by the last one out.

        A read that is still at work after ten seconds is broken off; a commit that has begun is waited for.
        """
        self._readers.close()
        with self._writer.lock:
            self._db.close()

    def reading_connection(self) -> apsw.Connection:
        """This thread's own connection for reads; for tests and verification only. Reads go through `reading`."""
        return self._readers.connection()

    @contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """This thread's own connection for reads, kept open until the block ends."""
        with database_errors(self.path), self._readers.use() as db:
            yield db

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
        self._go_on()
        committed = self._writer.commit(plan)
        if self.on_commit is not None and committed.leaf_hashes:
            self.on_commit(committed)
        return committed

    def stop_writing(self, reason: TamperError) -> None:
        """From now on nothing is written through this store, and so nothing is shown: every commit raises `reason`."""
        self._stopped = reason

    def _go_on(self) -> None:
        if self._stopped is not None:
            raise TamperError(**self._stopped.to_json())

    def size(self) -> int:
        """Number of entries on disk now."""
        with self.reading() as db:
            return size_of(db)

    def newest_note(self) -> str:
        """The signed note of the newest commit."""
        with self.reading() as db:
            return str(db.execute("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1").get)

    def checkpoint(self, size: int) -> str | None:
        """The signed note of the commit that ended with this size, if one did."""
        with self.reading() as db:
            found = db.execute("SELECT note FROM checkpoint WHERE size = ?", (size,)).get
        return found if isinstance(found, str) else None

    def opened(self, note: str) -> Checkpoint:
        """The checkpoint of a note that the key in force for its size signed.

        Raises InputError for a malformed note, TamperError when the signature is missing or false.
        """
        size = Checkpoint.parse(note.partition("\n\n")[0] + "\n").size
        return open_checkpoint(note, verifier_for(self.first_key, self.key_changes, size))

    @cached_property
    def given_up_at(self) -> int:
        """The newest entry by which a restore gave up what was seen of the book, in the open; -1 when there is none."""
        sql = "SELECT DISTINCT seq FROM entry_index WHERE kind = 'book.restore' ORDER BY seq DESC"
        with self.reading() as db:
            for (seq,) in db.execute(sql).fetchall():
                entry = whole_entry(db, int(str(seq)))
                if entry is not None and entry.leaf.kind == "book.restore" and (entry.payload or {}).get("lost"):
                    return entry.leaf.seq
        return -1

    def tile(self, level: int, number: int) -> bytes:
        """Stored hashes of a tile of the tree, b"" where there is none: what proofs are made from."""
        with self.reading() as db:
            found = db.execute("SELECT hashes FROM tile WHERE level = ? AND number = ?", (level, number)).get
        return found if isinstance(found, bytes) else b""

    def rebuild(self, names: Sequence[str] | None = None, *, by: Draft | None = None) -> list[str]:
        """Drop projections (all, or those named) and make them anew from the entries; returns their names.

        by  the entry that says so; else one of the program itself. It is written in the same transaction and names
            the versions, so that a version that somebody set by hand is found
        Raises TamperError for a payload that its entry did not commit to: what was slipped in never becomes a view.
        """
        chosen = [p for p in self.projections if names is None or p.name in names]
        versions = {p.name: p.version for p in chosen}
        first = by or Draft("projection.rebuild", "unit", {"by": "thaw (program)"})
        facts = {**first.payload, "projections": sorted(versions), "versions": versions}
        draft = Draft(first.kind, first.actor, facts, first.obj, first.prev, first.auth)
        with self._writer.lock, database_errors(self.path), writing(self._db):
            self._fold(chosen)
            if names is None:
                known = json.dumps([p.name for p in self.projections])
                self._db.execute("DELETE FROM projection WHERE name NOT IN (SELECT value FROM json_each(?))", (known,))
            check_schema(self._db, self.folder, self.projections)
            if size_of(self._db):
                self._now(lambda transaction: transaction.add(draft))
        return [p.name for p in chosen]

    def change_key(self, new: SigningKey, kind: str, draft: Callable[[str], Draft]) -> Committed[int]:
        """Make `new` the log's key from the next entry on; that entry holds the note by which it takes over.

        kind   `key.rotate`: the old key vouches for the new one; `key.lost`: this store was opened without it
        draft  makes the entry from the note
        Raises InputError when the key bears another name.
        """
        old = self._writer.key
        with self._writer.lock, database_errors(self.path), writing(self._db):
            size, root = self._writer.head()
            note = vouch(size, root, old if kind == "key.rotate" else self.verifier, new)
            committed = self._now(lambda transaction: transaction.add(draft(note)), new)
            changes = [*self._writer.key_changes, committed.first_seq]
            note_changes(self._db, changes)
        self._writer.key, self._writer.key_changes = new, changes
        self.key_changes.append(KeyChange(committed.first_seq, new.verifier, kind == "key.rotate", root))
        return committed

    def destroy(self, seqs: Sequence[int], draft: Draft) -> Committed[int]:
        """Destroy the contents and salts of these entries, and what was derived from them, under one new entry.

        draft  the entry that says under which order; it must list the entries, since `verify` asks it
        Entry, contents and tables change in one transaction. Files and what the disk still holds are for `scrub` and
        `blobs` afterwards. Raises what the commit raises.
        """
        marks = json.dumps(list(seqs))
        with self._writer.lock, database_errors(self.path), writing(self._db):
            committed = self._now(lambda transaction: transaction.add(draft))
            sql = (
                "UPDATE payload SET salt = NULL, body = NULL, sealed_by = ? "
                "WHERE seq IN (SELECT value FROM json_each(?)) AND seq < ?"
            )
            self._db.execute(sql, (committed.first_seq, marks, committed.first_seq))
            self._fold(self.projections)
        return committed

    def scrub(self) -> bool:
        """Write the database anew without what was deleted, and empty the WAL; False when others were reading it."""
        with self._writer.lock, database_errors(self.path):
            self._db.execute("VACUUM")
            self._writer.forget()
            try:
                self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            except apsw.BusyError:
                return False
        wal = self.path.with_name(self.path.name + "-wal")
        return not wal.exists() or wal.stat().st_size == 0

    def _now(self, plan: Plan, key: SigningKey | None = None) -> Committed[Any]:
        """Run a plan inside the transaction that is open, and raise what it raises."""
        self._go_on()
        try:
            (outcome,) = self._writer.run([plan], key)
        except BaseException:
            self._writer.forget()
            raise
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def _fold(self, chosen: Sequence[Projection]) -> None:
        """Make the tables of these projections anew from the entries."""
        for projection in chosen:
            self._recreate(projection)
        tables = [table for projection in self.projections for table in projection.tables]
        # The index comes first: other projections read it while they fold.
        changed = fold_all(self._db, chosen, Rows(self._db, tables, self.blobs))
        sql = "UPDATE projection SET changed_seq = ? WHERE name = ?"
        self._db.executemany(sql, [(seq, name) for name, seq in changed.items()])

    def _is_current(self, projection: Projection) -> bool:
        sql = "SELECT version FROM projection WHERE name = ?"
        return bool(self._db.execute(sql, (projection.name,)).get == projection.version)

    def _recreate(self, projection: Projection) -> None:
        for name in former_tables(projection):
            self._db.execute(f'DROP TABLE IF EXISTS "{name}"')
        for table in projection.tables:
            self._db.execute(table.drop_sql())
            self._db.execute(table.create_sql())
        sql = "INSERT OR REPLACE INTO projection VALUES (?, ?, -1)"
        self._db.execute(sql, (projection.name, projection.version))
