"""Compares a book with what others hold of it: checkpoints, receipts, and the signatures of witnesses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime

import apsw

from thaw.errors import ThawError
from thaw.ledger import Checkpoint, Leaf, Receipt, TileTree, Verifier, leaf_hash, open_checkpoint

from .folding import whole_entry

Found = tuple[str, int | None, str]
KeyAt = Callable[[int], Verifier]
CLOCK_S = 120
"""Seconds by which the clocks of log and witness may differ."""
_DAY_S = 24 * 3600


def check_outside(db: apsw.Connection, key_at: KeyAt, notes: Sequence[str]) -> Iterator[Found]:
    """Whether the tree that each outside note signed is the beginning of the stored one."""
    size = int(db.execute("SELECT coalesce(max(seq) + 1, 0) FROM entry").get)
    for note in notes:
        try:
            head = _opened(note, key_at)
        except ThawError as error:
            # Caught: what is wrong with one note becomes a finding, the others are still compared.
            yield ("witness-signature", None, f"A checkpoint kept outside is not of this log: {error}")
            continue
        if head.size > size:
            detail = f"A checkpoint kept outside covers {head.size} entries; {size} are left: the newest were cut off."
            yield ("witness-beyond-tree", size, detail)
        elif root_at(db, head.size) != head.root:
            detail = f"The first {head.size} entries are not the ones that a checkpoint kept outside signed."
            yield ("witness-root", None, detail)


def check_receipts(db: apsw.Connection, receipts: Sequence[Receipt]) -> Iterator[Found]:
    """Whether the entry of each receipt is still in its place; the notes of receipts are checked as notes."""
    for receipt in receipts:
        leaf = db.execute("SELECT CAST(leaf AS BLOB) FROM entry WHERE seq = ?", (receipt.seq,)).get
        if not isinstance(leaf, bytes):
            detail = f"A receipt kept outside is for entry {receipt.seq}, which is not there."
            yield ("receipt-mismatch", receipt.seq, detail)
        elif leaf_hash(leaf) != receipt.leaf_hash:
            detail = f"Entry {receipt.seq} is not the one that a receipt kept outside was given for."
            yield ("receipt-mismatch", receipt.seq, detail)


def check_witnesses(
    db: apsw.Connection,
    key_at: KeyAt,
    witnesses: Mapping[str, Verifier],
    outside: Sequence[str],
    enough: Callable[[Collection[str]], bool] | None,
    now: float | None,
) -> Iterator[Found]:
    """What the witnesses have signed: in the book's own entries, and in the notes that were kept outside."""
    newest: dict[str, int] = {}
    kept = list(_cosigned(db))
    yield from check_outside(db, key_at, [note for _, note in kept])
    for seq, note in [*kept, *((None, note) for note in outside)]:
        for name, verifier in witnesses.items():
            try:
                at = verifier.signed_at(note)
            except ThawError as error:
                # Caught: a false signature is a finding; what others signed still counts.
                yield ("witness-signature", seq, f"A signature in the name of the witness {name} is false: {error}")
                continue
            if at is not None:
                newest[name] = max(newest.get(name, 0), at)
                yield from _check_time(db, name, note, at)
    if enough is not None and not enough(set(newest)):
        detail = f"The policy asks for more witnesses than have signed ({', '.join(sorted(newest)) or 'none'})."
        yield ("witness-quorum", None, detail)
    recent = {name for name, at in newest.items() if now is None or now - at <= _DAY_S}
    if enough is not None and enough(set(newest)) and not enough(recent):
        yield ("witness-stale", None, "The newest signatures of enough witnesses are older than a day.")


def root_at(db: apsw.Connection, size: int) -> bytes:
    """Root of the first `size` entries, computed from the entries themselves."""
    tree = TileTree()
    for (leaf,) in db.execute("SELECT leaf FROM entry WHERE seq < ? ORDER BY seq", (size,)):
        tree.append(leaf_hash(leaf))
    return tree.root()


def _cosigned(db: apsw.Connection) -> Iterator[tuple[int, str]]:
    sql = 'SELECT seq FROM entry WHERE instr(leaf, CAST(\'"kind":"witness.cosign"\' AS BLOB)) ORDER BY seq'
    for (seq,) in db.execute(sql).fetchall():
        entry = whole_entry(db, int(str(seq)))
        if entry is not None and entry.payload:
            yield entry.leaf.seq, str(entry.payload.get("note"))


def _check_time(db: apsw.Connection, name: str, note: str, at: int) -> Iterator[Found]:
    """The last entry under a witnessed checkpoint cannot be from later, the next one not from before."""
    size = Checkpoint.parse(note.partition("\n\n")[0] + "\n").size
    for seq, late in ((size - 1, True), (size, False)):
        leaf = db.execute("SELECT CAST(leaf AS BLOB) FROM entry WHERE seq = ?", (seq,)).get
        try:
            when = datetime.fromisoformat(Leaf.from_bytes(leaf).at).timestamp() if isinstance(leaf, bytes) else at
        except ThawError:
            # Caught: the check of the log has named this entry already.
            continue
        if (when > at + CLOCK_S) if late else (when < at - CLOCK_S):
            detail = f"Entry {seq} is dated {'after' if late else 'before'} the time at which witness {name} signed."
            yield ("witness-time", seq, detail)


def _opened(note: str, key_at: KeyAt) -> Checkpoint:
    head = Checkpoint.parse(note.partition("\n\n")[0] + "\n")
    return open_checkpoint(note, key_at(head.size))
