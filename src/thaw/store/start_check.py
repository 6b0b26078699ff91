"""What is checked each time a book is opened, in well under a second: its newest end, and that it has not gone back.

A whole `verify` reads everything; this reads the newest checkpoint, the right edge of the tree and the last 1,000
entries, and compares with what was kept outside the book (receipts, witnessed checkpoints).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import apsw

from thaw.errors import TamperError, ThawError
from thaw.ledger import Checkpoint, Leaf, TileTree, Verifier, commitment, leaf_hash, open_checkpoint, root_of

from .connection import savepoint
from .folding import size_of
from .key_chain import KeyChange

LAST = 1000
_TILE = 256
_HASH = 32
TileAt = Callable[[int, int], bytes]


def check_end(
    db: apsw.Connection, folder: Path, first: Verifier, changes: Sequence[KeyChange], kept: Sequence[str]
) -> None:
    """Raise TamperError for the first thing that does not fit.

    kept  signed notes from outside the book, of any age
    """
    with savepoint(db):
        for got in _faults(db, first, changes, kept):
            raise TamperError(
                where=str(folder),
                got=got,
                want="a book whose newest end is whole and which holds all that was ever seen of it",
                fix="Nothing is written and nothing is shown until this is explained. Keep this copy, run "
                "`thaw verify --all`, and compare with the newest backup and with checkpoints kept elsewhere.",
            )


def verifier_for(first: Verifier, changes: Sequence[KeyChange], size: int) -> Verifier:
    """The key that signs the tree of `size` entries."""
    found = [change.verifier for change in changes if change.seq < size]
    return found[-1] if found else first


def _faults(db: apsw.Connection, first: Verifier, changes: Sequence[KeyChange], kept: Sequence[str]) -> Iterator[str]:
    size = size_of(db)
    if not size:
        return

    def tile(level: int, number: int) -> bytes:
        row = db.execute("SELECT hashes FROM tile WHERE level = ? AND number = ?", (level, number)).get
        return row if isinstance(row, bytes) else b""

    try:
        root = root_of(size, tile)
    except ThawError as error:
        # Caught: the caller raises it as the reason why the book is not opened.
        yield f"a stored tree whose end is not whole ({error})"
        return
    row = db.execute("SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1").fetchall()
    if not row:
        yield "no checkpoint over its newest entries"
        return
    newest, note = row[0]
    try:
        head = open_checkpoint(str(note), verifier_for(first, changes, size))
    except ThawError as error:
        # Caught: as above.
        yield f"a newest checkpoint that is not signed by its key ({error})"
        return
    if newest != size or head.size != size:
        yield f"{size} entries under a newest checkpoint for {head.size}"
    elif head.root != root:
        yield "a newest checkpoint that is not over the stored tree"
    yield from _last_entries(db, size, tile)
    yield from _gone_back(size, tile, first, changes, kept)


def _last_entries(db: apsw.Connection, size: int, tile: TileAt) -> Iterator[str]:
    start = max(0, size - LAST) // _TILE * _TILE
    sql = (
        "SELECT e.seq, CAST(e.leaf AS BLOB), CAST(p.salt AS BLOB), CAST(p.body AS BLOB), p.sealed_by "
        "FROM entry AS e LEFT JOIN payload AS p USING (seq) WHERE e.seq >= ? ORDER BY e.seq"
    )
    tree, hashes, want = TileTree(), b"", start
    for seq, leaf, salt, body, sealed_by in db.execute(sql, (start,)):
        if seq != want:
            yield f"no entry {want}"
            return
        digest = leaf_hash(leaf)
        if seq % _TILE == 0:
            tree, hashes = TileTree(), tile(0, seq // _TILE)
        at = seq % _TILE * _HASH
        if hashes[at : at + _HASH] != digest:
            yield f"an entry {seq} that was changed"
            return
        if salt is None or body is None:
            if sealed_by is None:
                yield f"an entry {seq} without its content"
                return
        elif len(salt) != _HASH or commitment(salt, body).hex() != Leaf.from_bytes(leaf).c:
            yield f"an entry {seq} whose content was changed"
            return
        tree.append(digest)
        if tree.size == _TILE and tree.root() != _above(tile, seq // _TILE):
            yield f"a stored tree that does not fit entries {seq - _TILE + 1} to {seq}"
            return
        want = seq + 1


def _above(tile: TileAt, number: int) -> bytes:
    """The hash that level 1 holds for a full tile of level 0."""
    at = number % _TILE * _HASH
    hashes: bytes = tile(1, number // _TILE)
    return hashes[at : at + _HASH]


def _gone_back(
    size: int, tile: TileAt, first: Verifier, changes: Sequence[KeyChange], kept: Sequence[str]
) -> Iterator[str]:
    for note in kept:
        try:
            seen = _opened(note, first, changes)
        except ThawError as error:
            # Caught: as above.
            yield f"a checkpoint kept outside that no key of this book signed ({error})"
            return
        if seen.size > size:
            yield f"{size} entries, while a checkpoint kept outside covers {seen.size}: the newest were taken away"
            return
        if root_of(seen.size, tile) != seen.root:
            yield f"other entries below {seen.size} than a checkpoint kept outside signed"
            return


def _opened(note: str, first: Verifier, changes: Sequence[KeyChange]) -> Checkpoint:
    """The checkpoint of a note that the key in force for its size signed."""
    head = Checkpoint.parse(note.partition("\n\n")[0] + "\n")
    return open_checkpoint(note, verifier_for(first, changes, head.size))
