"""Checks a whole book: the log itself, and with `everything` the projections rebuilt and compared, and the blobs.

Nothing here repairs. It works without the log key, from the database and the public key alone.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import apsw

from thaw.errors import ThawError
from thaw.ledger import Receipt, Verification, Verifier, verify_log

from .blobs import Blobs
from .check_outside import check_outside, check_receipts, check_witnesses, root_at
from .connection import Damaged, connect, migrations, read_only, scratch_copy
from .entry_index import EntryIndex
from .folding import fingerprint, first_facts, fold_all, recorded_versions, whole_entry
from .key_chain import NOTED, BrokenChain, KeyChange, found_changes, key_chain, noted_changes
from .projection import Projection, Rows, checked_entry
from .schema import schema_changes, stray_names
from .start_check import verifier_for
from .store import DATABASE
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
    receipts: Sequence[Receipt] = (),
    witnesses: Mapping[str, Verifier] | None = None,
    enough: Callable[[Collection[str]], bool] | None = None,
    now: float | None = None,
    progress: Progress = lambda done, total: None,
) -> Verification:
    """Verify the book in `folder` against the log's public key; its name is the log's origin.

    everything  also rebuild and compare every projection, and hash every blob
    outside     signed notes kept elsewhere: the book must still hold the tree of each
    receipts    kept elsewhere: the entry of each must still be in its place
    witnesses   by name: what they signed must be of this log and fit the times of its entries; `enough` says whether
                these are as many as are asked for, `now` (seconds since 1970) whether their signatures are recent

    Works on a copy of one moment, so others may go on writing and nothing of the book is touched. A database that
    SQLite itself cannot read is a finding (`database-damaged`), not an error.
    """
    found = Verification.of(0, "", [])
    try:
        with scratch_copy(folder / DATABASE) as (db, copy):
            found = found.plus(_check_schema(db, projections))
            # What the file declares comes last in the list: the entries are what people look for first.
            declared = found.findings
            keys = _keys(db, verifier)
            found = _verify_log(db, keys, progress)
            found = found.plus([*_check_facts(db, keys), *check_outside(db, keys.at, outside), *declared])
            if everything:
                found = found.plus(_check_blobs(db, Blobs(folder / "blobs")))
                found = found.plus(_check_pages(db))
                found = found.plus(_check_tables(folder, copy, db, projections, progress))
            found = found.plus(check_receipts(db, receipts))
            if witnesses is not None:
                found = found.plus(check_witnesses(db, keys.at, witnesses, outside, enough, now))
            return found
    except Damaged as error:
        # Caught: becomes the finding that ends the check.
        return found.plus([("database-damaged", None, f"SQLite cannot read the file: {error.got}.")])
    except (apsw.CorruptError, apsw.SQLError, UnicodeDecodeError) as error:
        return found.plus([("database-damaged", None, f"SQLite cannot read the file: {error}.")])


@dataclass(frozen=True)
class _Keys:
    """The key that the check was asked to use, the keys of the log, and what is wrong with their changes."""

    asked: Verifier
    first: Verifier
    changes: Sequence[KeyChange]
    found: Sequence[Found]

    def at(self, size: int) -> Verifier:
        return verifier_for(self.first, self.changes, size)


def _keys(db: apsw.Connection, asked: Verifier) -> _Keys:
    """The keys of the log as its entries give them. A key that is no key of this log stands alone."""
    changes = found_changes(db)
    problems: list[Found] = []
    if noted_changes(db) != changes:
        seq = changes[-1] if changes else None
        problems.append(("key-change", seq, "The book notes other changes of its key than its entries hold."))
    if not changes:
        return _Keys(asked, asked, [], problems)
    try:
        first, chain = key_chain(db, changes)
    except BrokenChain as broken:
        return _Keys(asked, asked, [], [*problems, ("key-change", broken.seq, broken.detail)])
    known = [first, *(change.verifier for change in chain)]
    if asked not in known:
        return _Keys(asked, asked, [], problems)
    for change in chain:
        if root_at(db, change.seq) != change.root:
            detail = f"The key that came with entry {change.seq} was vouched for over other entries than these."
            problems.append(("key-change", change.seq, detail))
        if not change.vouched and known.index(change.verifier) > known.index(asked):
            detail = (
                f"From entry {change.seq} on, the log is signed by a key that the old one did not vouch for, since "
                f"that was lost. If you know the new key to be right, check with it: {change.verifier.vkey}"
            )
            problems.append(("key-unvouched", change.seq, detail))
    return _Keys(asked, first, chain, problems)


def _verify_log(db: apsw.Connection, keys: _Keys, progress: Progress) -> Verification:
    total = int(db.execute("SELECT count(*) FROM entry").get)

    def leaves() -> Iterator[tuple[int, bytes]]:
        # A damaged row may hold anything in any column; as bytes it can be hashed and shown to be wrong.
        for row in db.execute("SELECT seq, coalesce(CAST(leaf AS BLOB), x'') FROM entry ORDER BY seq"):
            progress(row[0], total)
            yield row

    notes = db.execute("SELECT size, coalesce(CAST(note AS BLOB), x'') FROM checkpoint ORDER BY size")
    return verify_log(
        leaves=leaves(),
        payloads=db.execute(
            "SELECT seq, CAST(salt AS BLOB), CAST(body AS BLOB), CAST(sealed_by AS INTEGER) FROM payload ORDER BY seq"
        ),
        tiles=db.execute(
            "SELECT CAST(level AS INTEGER), CAST(number AS INTEGER), coalesce(CAST(hashes AS BLOB), x'') "
            "FROM tile ORDER BY level, number"
        ),
        checkpoints=((size, note.decode("utf-8", "replace")) for size, note in notes),
        verifier=keys.first,
        later_keys=[(change.seq, change.verifier) for change in keys.changes],
        seal_covers=partial(_seal_covers, db),
    )


def _seal_covers(db: apsw.Connection, seal: int, seq: int) -> bool:
    """Whether the entry of a seal order lists this entry; a list that cannot be read covers nothing."""
    entry = whole_entry(db, seal)
    try:
        payload = (entry.payload if entry else None) or {}
        covered = seq in {one["seq"] if isinstance(one, dict) else one for one in payload["entries"]}
        if entry is None or entry.leaf.kind != "seal.destroy" or "order" not in payload:
            return covered
        # A destruction is worth no more than the earlier order that it names.
        order = whole_entry(db, int(payload["order"]))
        ordered = order.payload if order and order.leaf.kind == "seal.order" and order.leaf.seq < seal else None
        return covered and ordered is not None and seq in ordered["entries"]
    except (TypeError, ValueError, KeyError, AttributeError):
        return False


def _check_facts(db: apsw.Connection, keys: _Keys) -> Iterator[Found]:
    """Whether the facts of the book that stand outside the entries are those that entry 0 committed to."""
    yield from keys.found
    verifier = keys.first
    for (seq,) in db.execute("SELECT seq FROM payload WHERE scheme IS NOT 0 ORDER BY seq LIMIT 100"):
        yield ("commitment-mismatch", seq, f"The content of entry {seq} is marked as written in an unknown scheme.")
    first = first_facts(db)
    if first is None:
        yield ("book-facts", 0, "The book has no first entry that says what book it is.")
        return
    sql = "SELECT CAST(name AS BLOB), CAST(value AS BLOB) FROM meta"
    meta: dict[Any, Any] = dict(db.execute(sql).fetchall())  # type: ignore[arg-type]
    for name in ("origin", "kind"):
        if meta.get(name.encode()) != str(first.get(name)).encode():
            yield ("book-facts", 0, f"The {name} of the book is not the one that entry 0 committed to.")
    if first.get("origin") != verifier.name:
        yield ("book-facts", 0, f"The book is {first.get('origin')}, the public key is of {verifier.name}.")
    elif first.get("public_key") != verifier.vkey:
        detail = f"Entry 0 names the public key {first.get('public_key')}, the check was made with {verifier.vkey}."
        yield ("book-facts", 0, detail)
    if fingerprint(meta.get(b"secret") or b"", "book").hex() != first.get("secret_check"):
        yield ("book-facts", 0, "The secret of the book is not the one that entry 0 committed to.")
    for name in sorted(set(meta) - {b"origin", b"kind", b"secret", NOTED.encode()}, key=str):
        yield ("book-facts", None, f"The book holds a fact that Thaw does not write: {ascii(name)[:60]}.")
    recorded = recorded_versions(db)
    rows = db.execute("SELECT CAST(name AS TEXT), version FROM projection ORDER BY name").fetchall()
    for projection, version in rows:
        if recorded.get(str(projection), version) != version:
            detail = (
                f"The row of {projection} says that version {version} made its tables; the entries say version "
                f"{recorded[str(projection)]}. `thaw rebuild` makes them anew."
            )
            yield ("projection-mismatch", None, detail)


def _check_schema(db: apsw.Connection, projections: Sequence[Projection]) -> Iterator[Found]:
    changes = schema_changes(db, (EntryIndex(), *projections))
    version, newest = db.pragma("user_version"), migrations()[-1][0]
    if version > newest and not any(change.startswith("the format number") for change in changes):
        detail = f"The database is of format {version}, which a newer Thaw wrote; its tables were not compared."
        yield ("not-checked", None, detail)
        return
    for change in changes:
        yield ("schema-changed", None, f"In the database {change}; Thaw did not do that.")


def newest_checkpoint(folder: Path) -> str:
    """The signed note of the newest commit; nothing is written. Raises InputError when the folder holds no book."""
    with read_only(folder / DATABASE) as db:
        return str(db.execute("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1").get)


def _check_pages(db: apsw.Connection) -> Iterator[Found]:
    """Ask SQLite whether its own indexes say what the tables say: a row can be hidden in an index alone."""
    for (problem,) in db.execute("PRAGMA integrity_check(20)"):
        if problem != "ok":
            yield ("database-damaged", None, f"SQLite finds the file damaged: {problem}.")


def _check_tables(
    folder: Path, copy: Path, db: apsw.Connection, projections: Sequence[Projection], progress: Progress
) -> Iterator[Found]:
    """Rebuild the projections beside the book and compare; those of another version are not comparable."""
    chosen: list[Projection] = []
    known = (EntryIndex(), *projections)
    versions: dict[Any, Any] = dict(db.execute("SELECT name, version FROM projection").fetchall())  # type: ignore[arg-type]
    gone, strange = stray_names(db, known)
    for name in gone:
        yield _bad_row(name, "is gone")
    for name in strange:
        yield _bad_row(name, "was added")
    for projection in known:
        if versions.get(projection.name, projection.version) == projection.version and (
            projection.name in versions or projection.name in gone
        ):
            chosen.append(projection)
        else:
            detail = f"The tables of {projection.name} were made by another version; opening the book rebuilds them."
            yield ("not-checked", None, detail)
    try:
        yield from _compare(folder, copy, chosen, progress)
    except ThawError as error:
        # Caught: an entry that cannot be folded has its own finding; this one says that the tables were not compared.
        yield ("not-checked", None, f"The tables could not be compared with the entries: {error}")
    yield from _check_words(db, chosen)


def _bad_row(name: str, what: str) -> Found:
    detail = f"The row that describes the tables of {name} {what}; `thaw rebuild` makes them anew."
    return ("projection-mismatch", None, detail)


def _compare(folder: Path, copy: Path, chosen: Sequence[Projection], progress: Progress) -> Iterator[Found]:
    """Rebuild these projections beside the book and compare row by row."""
    tables = [table for projection in chosen for table in projection.tables]
    with tempfile.TemporaryDirectory() as scratch, closing(connect(Path(scratch) / "twin.db", create=True)) as twin:
        twin.execute("PRAGMA synchronous=OFF")
        for table in tables:
            twin.execute(table.create_sql())
        # Tables that the twin lacks (entry, payload) are found in the attached book by their bare names.
        twin.execute("ATTACH ? AS book", (copy.as_uri() + "?mode=ro",))
        twin.execute("BEGIN")
        total = int(twin.execute("SELECT count(*) FROM book.entry").get)
        rows = Rows(twin, tables, Blobs(folder / "blobs"))
        changed = fold_all(twin, chosen, rows, lambda seq: progress(seq, total))
        # A savepoint makes FTS5 write what it gathers; a COMMIT would let go of the snapshot of the book.
        twin.execute("SAVEPOINT written; RELEASE written")
        for name, last in changed.items():
            if not _is_change(twin, name, last):
                yield _bad_row(name, "names another entry than the last one that changed them")
        for table in tables:
            yield from _differences(twin, table)
            if table.full_text:
                yield from _differing_words(twin, table)


def _is_change(twin: apsw.Connection, name: str, last: int) -> bool:
    """Whether a projection's row names this entry or a later one of the same commit, as the writer notes it."""
    for (seq,) in twin.execute("SELECT changed_seq FROM book.projection WHERE name = ?", (name,)):
        end = twin.execute("SELECT min(size) FROM book.checkpoint WHERE size > ?", (last,)).get if last >= 0 else 0
        return isinstance(seq, int) and last <= seq < max(end or 0, last + 1)
    return True


def _differences(twin: apsw.Connection, table: Table) -> Iterator[Found]:
    columns = ", ".join(f'"{c}"' for c in (("id",) if table.full_text else ()) + table.all_columns)
    for here, there, what in (("book", "main", "changed or added"), ("main", "book", "changed or missing")):
        sql = f'SELECT {columns} FROM {here}."{table.name}" EXCEPT SELECT {columns} FROM {there}."{table.name}" LIMIT 5'
        for row in twin.execute(sql):
            shown = ", ".join(f"{c}={v!r}" for c, v in zip(table.key, row[1 if table.full_text else 0 :], strict=False))
            detail = f"A row of {table.name} was {what} outside the ledger ({shown}); `thaw rebuild` makes it anew."
            yield ("projection-mismatch", None, detail)


def _differing_words(twin: apsw.Connection, table: Table) -> Iterator[Found]:
    """What the word index keeps beside the words: lengths, totals, settings. Ranks rest on it; FTS5 checks it not."""
    for part, columns, rows in (("docsize", "id, sz", "1"), ("config", "k, v", "1"), ("data", "id, block", "id = 1")):
        sides = [f'SELECT {columns} FROM {side}."{table.name}_words_{part}" WHERE {rows}' for side in ("book", "main")]
        for one, other in (sides, sides[::-1]):
            if twin.execute(f"{one} EXCEPT {other} LIMIT 1").get is not None:
                yield _bad_words(table)
                return


def _bad_words(table: Table) -> Found:
    detail = f"The word index of {table.name} does not say what its table says; `thaw rebuild` makes it anew."
    return ("projection-mismatch", None, detail)


def _check_words(db: apsw.Connection, projections: Sequence[Projection]) -> Iterator[Found]:
    """Ask FTS5 whether each word index says what its table says; it writes nothing, but asks for the right to."""
    tables = [table for projection in projections for table in projection.tables if table.full_text]
    for table in tables:
        words = f'"{table.name}_words"'
        try:
            db.execute(f"INSERT INTO {words} ({words}, rank) VALUES ('integrity-check', 1)")
        except apsw.CorruptError:
            yield _bad_words(table)
            continue
        if _hidden_word(db, table) is not None:
            yield _bad_words(table)


def _hidden_word(db: apsw.Connection, table: Table) -> str | None:
    """A word that is found when the index is read through, and not when it is looked up.

    A search goes through a table of the first words of pages, which FTS5's own check does not compare: with that
    emptied, the words are still in the index and no search finds most of them.
    """
    db.execute(f"CREATE VIRTUAL TABLE temp.all_words USING fts5vocab(main, '{table.name}_words', 'row')")
    terms = db.cursor()
    found = None
    for term, documents, times in terms.execute("SELECT term, doc, cnt FROM temp.all_words"):
        if db.execute("SELECT doc, cnt FROM temp.all_words WHERE term = ?", (term,)).fetchall() != [(documents, times)]:
            found = str(term)
            break
    terms.close()
    db.execute("DROP TABLE temp.all_words")
    return found


def _check_blobs(db: apsw.Connection, blobs: Blobs) -> Iterator[Found]:
    sql = (
        "SELECT seq, CAST(leaf AS BLOB), CAST(salt AS BLOB), CAST(body AS BLOB) FROM entry JOIN payload USING (seq) "
        "WHERE instr(body, CAST('\"blobs\"' AS BLOB)) ORDER BY seq"
    )
    for row in db.execute(sql):
        try:
            payload = checked_entry(*row).payload or {}
        except ThawError:
            # Caught: the check of the log has named this entry already.
            continue
        for digest in payload.get("blobs", []):
            yield from _check_blob(row[0], digest, blobs.path(digest))


def _check_blob(seq: int, digest: str, path: Path) -> Iterator[Found]:
    try:
        if path.exists() and not path.is_file():
            # A folder, a pipe: reading one would fail, or wait for ever.
            yield (
                "blob-missing",
                seq,
                f"The file {digest[:12]} that entry {seq} names is gone; something else is there.",
            )
            return
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        yield ("blob-missing", seq, f"The file {digest[:12]} that entry {seq} names is gone.")
    except OSError as error:
        yield ("blob-unreadable", seq, f"The file {digest[:12]} that entry {seq} names: {error.strerror}.")
    else:
        if found != digest:
            yield ("blob-mismatch", seq, f"The file {digest[:12]} that entry {seq} names has other bytes.")
