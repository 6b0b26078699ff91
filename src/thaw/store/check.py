"""Checks a whole book: the log itself, and with `everything` the projections rebuilt and compared, and the blobs.

Nothing here repairs. It works without the log key, from the database and the public key alone.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw

from thaw.errors import ThawError
from thaw.ledger import TileTree, Verification, Verifier, leaf_hash, open_checkpoint, verify_log

from .blobs import Blobs
from .connection import connect
from .entry_index import EntryIndex
from .projection import Projection, Rows, iterate_entries
from .store import DATABASE, fingerprint
from .table import Table

Progress = Callable[[int, int], None]
Found = tuple[str, int | None, str]


def verify_book(
    folder: Path,
    *,
    verifier: Verifier,
    projections: Sequence[Projection] = (),
    everything: bool = False,
    outside: Sequence[str] = (),
    progress: Progress = lambda done, total: None,
) -> Verification:
    """Verify the book in `folder` against the log's public key; its name is the log's origin.

    everything  also rebuild and compare every projection, and hash every blob
    outside     signed notes kept elsewhere: the book must still hold the tree of each

    Reads one consistent snapshot, so others may go on writing. A database that SQLite itself cannot read is a
    finding (`database-damaged`), not an error.
    """
    try:
        with closing(connect(folder / DATABASE)) as db:
            db.execute("BEGIN")
            found = _verify_log(db, verifier, progress)
            found = found.plus([*_check_facts(db, verifier), *_check_outside(db, verifier, outside)])
            if everything:
                extra = [*_compare(folder, projections, progress), *_check_words(folder, projections)]
                extra += _check_blobs(db, Blobs(folder / "blobs"))
                found = found.plus(extra)
            return found
    except apsw.CorruptError as error:
        return Verification.of(0, "", [("database-damaged", None, f"SQLite cannot read the file: {error}.")])


def _verify_log(db: apsw.Connection, verifier: Verifier, progress: Progress) -> Verification:
    total = int(db.execute("SELECT count(*) FROM entry").get)

    def leaves() -> Iterator[tuple[int, bytes]]:
        for row in db.execute("SELECT seq, leaf FROM entry ORDER BY seq"):
            progress(row[0], total)
            yield row

    return verify_log(
        leaves=leaves(),
        payloads=db.execute("SELECT seq, salt, body, sealed_by FROM payload ORDER BY seq"),
        tiles=db.execute("SELECT level, number, hashes FROM tile ORDER BY level, number"),
        checkpoints=db.execute("SELECT size, note FROM checkpoint ORDER BY size"),
        verifier=verifier,
    )


def _check_facts(db: apsw.Connection, verifier: Verifier) -> Iterator[Found]:
    """Whether the facts of the book that stand outside the entries are those that entry 0 committed to."""
    meta: dict[Any, Any] = dict(db.execute("SELECT name, value FROM meta").fetchall())  # type: ignore[arg-type]
    body = db.execute("SELECT body FROM payload WHERE seq = 0").get
    if body is None:
        return
    first = json.loads(body)
    facts = {"origin": first["origin"].encode(), "kind": first["kind"].encode()}
    for name, value in facts.items():
        if meta.get(name) != value:
            yield ("book-facts", 0, f"The {name} of the book is not the one that entry 0 committed to.")
    if first["origin"] != verifier.name:
        yield ("book-facts", 0, f"The book is {first['origin']}, the public key is of {verifier.name}.")
    secret = meta.get("secret")
    if not isinstance(secret, bytes) or fingerprint(secret, "book").hex() != first["secret_check"]:
        yield ("book-facts", 0, "The secret of the book is not the one that entry 0 committed to.")


def _check_outside(db: apsw.Connection, verifier: Verifier, notes: Sequence[str]) -> Iterator[Found]:
    """Whether the tree that each outside note signed is the beginning of the stored one."""
    size = int(db.execute("SELECT coalesce(max(seq) + 1, 0) FROM entry").get)
    for note in notes:
        try:
            head = open_checkpoint(note, verifier)
        except ThawError as error:
            yield ("witness-signature", None, f"A checkpoint kept outside is not of this log: {error}")
            continue
        if head.size > size:
            detail = f"A checkpoint kept outside covers {head.size} entries; {size} are left: the newest were cut off."
            yield ("witness-beyond-tree", size, detail)
        elif _root_at(db, head.size) != head.root:
            detail = f"The first {head.size} entries are not the ones that a checkpoint kept outside signed."
            yield ("witness-root", None, detail)


def _root_at(db: apsw.Connection, size: int) -> bytes:
    tree = TileTree()
    for (leaf,) in db.execute("SELECT leaf FROM entry WHERE seq < ? ORDER BY seq", (size,)):
        tree.append(leaf_hash(leaf))
    return tree.root()


def newest_checkpoint(folder: Path) -> str:
    """The signed note of the newest commit. Raises InputError when the folder holds no book."""
    with closing(connect(folder / DATABASE)) as db:
        return str(db.execute("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1").get)


def _compare(folder: Path, projections: Sequence[Projection], progress: Progress) -> Iterator[Found]:
    """Rebuild every projection beside the book and compare row by row."""
    chosen: tuple[Projection, ...] = (EntryIndex(), *projections)
    tables = [table for projection in chosen for table in projection.tables]
    with tempfile.TemporaryDirectory() as scratch, closing(connect(Path(scratch) / "twin.db", create=True)) as twin:
        twin.execute("PRAGMA synchronous=OFF")
        for table in tables:
            twin.execute(table.create_sql())
        # Tables that the twin lacks (entry, payload) are found in the attached book by their bare names.
        twin.execute("ATTACH ? AS book", (f"file:{(folder / DATABASE).as_posix()}?mode=ro",))
        twin.execute("BEGIN")
        total = int(twin.execute("SELECT count(*) FROM book.entry").get)
        rows = Rows(twin, tables, Blobs(folder / "blobs"))
        for entry in iterate_entries(twin):
            progress(entry.leaf.seq, total)
            for projection in chosen:
                projection.apply(entry, rows)
        rows.flush()
        for table in tables:
            yield from _differences(twin, table)


def _differences(twin: apsw.Connection, table: Table) -> Iterator[Found]:
    columns = ", ".join(f'"{c}"' for c in (("id",) if table.full_text else ()) + table.all_columns)
    for here, there, what in (("book", "main", "changed or added"), ("main", "book", "changed or missing")):
        sql = f'SELECT {columns} FROM {here}."{table.name}" EXCEPT SELECT {columns} FROM {there}."{table.name}" LIMIT 5'
        for row in twin.execute(sql):
            shown = ", ".join(f"{c}={v!r}" for c, v in zip(table.key, row[1 if table.full_text else 0 :], strict=False))
            detail = f"a row of {table.name} was {what} outside the ledger ({shown}); `thaw rebuild` makes it anew"
            yield ("projection-mismatch", None, detail)


def _check_words(folder: Path, projections: Sequence[Projection]) -> Iterator[Found]:
    """Ask FTS5 whether each word index says what its table says; needs a moment of the writer's lock."""
    tables = [table for projection in projections for table in projection.tables if table.full_text]
    with closing(connect(folder / DATABASE)) as db:
        for table in tables:
            words = f'"{table.name}_words"'
            try:
                db.execute(f"INSERT INTO {words} ({words}, rank) VALUES ('integrity-check', 1)")
            except apsw.CorruptError:
                detail = (
                    f"the word index of {table.name} does not say what its table says; `thaw rebuild` makes it anew"
                )
                yield ("projection-mismatch", None, detail)


def _check_blobs(db: apsw.Connection, blobs: Blobs) -> Iterator[Found]:
    sql = "SELECT seq, body FROM payload WHERE instr(body, CAST('\"blobs\"' AS BLOB)) ORDER BY seq"
    for seq, body in db.execute(sql):
        for digest in json.loads(body).get("blobs", []):
            path = blobs.path(digest)
            if not path.is_file():
                yield ("blob-missing", seq, f"the file {digest[:12]} that entry {seq} names is gone")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                yield ("blob-mismatch", seq, f"the file {digest[:12]} that entry {seq} names has other bytes")
