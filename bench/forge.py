"""What somebody with the database file, SQLite and perhaps the log key can do to a book: for the attack suite.

Everything here works on the file behind the product's back. Nobody and nothing in these books exists.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw

from thaw.casebook import Casebook
from thaw.intake import Imports
from thaw.ledger import (
    Checkpoint,
    Leaf,
    Receipt,
    SigningKey,
    TileTree,
    Verification,
    commitment,
    leaf_hash,
    sign_checkpoint,
)
from thaw.search import Words
from thaw.store import DATABASE, Draft, Projection, Store, verify_book
from thaw.store.connection import writing

ORIGIN = "invented.example/attacked"
KEY = SigningKey(ORIGIN, b"k" * 32)
WITNESS = SigningKey("witness.invented.example/w1", b"w" * 32, True)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def projections() -> tuple[Projection, ...]:
    """The tables that an ordinary book has."""
    return (Imports(), Casebook(), Words())


class Clock:
    """A clock that goes on a second at every look."""

    def __init__(self, start: datetime = NOON) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """A second later than last time."""
        self.now += timedelta(seconds=1)
        return self.now


def row(number: int, weapon: str = "80", prev: int | None = None) -> Draft:
    """An entry on an invented case."""
    case = f"c_{number}"
    said = {"case": [{"p": "weapon", "v": {"code": weapon, "list": "shr.weapon"}}], "victim": [], "offender": []}
    payload = {
        "by": "Invented Clerk",
        "scope": {"case": case},
        "row": number,
        "import": 0,
        "held": [f"{number:032x}", f"{number + 1000:032x}"],
        "source_key": f"invented:{number}",
        "subjects": {"case": case, "victim": f"{case}_victim", "offender": f"{case}_offender"},
        "incident": None,
        "source": {"citation": {"data_set": "0" * 64, "row": number}, "recorded_by": "an invented register"},
        "said": said,
    }
    return Draft("import.row", "a_clerk", payload, obj=case, prev=prev)


def look(number: int) -> Draft:
    """The entry of a look at an invented case."""
    payload = {
        "by": "Invented Detective",
        "purpose": f"invented look {number}",
        "scope": {"case": f"c_{number % 7 + 1}"},
    }
    return Draft("access.read", "a_detective", payload)


def document(store: Store) -> str:
    """Take in an invented document with a text layer; returns its digest."""
    digest = store.blobs.put(b"the original of an invented page")
    layer = {"engine": "invented 1", "pages": [{"number": 1, "text": "a canal that is invented", "words": []}]}
    other = store.blobs.put(json.dumps(layer).encode())
    scope = {"document": digest, "case": "c_1"}
    facts = {"scope": scope, "file": "a.txt", "type": "text/plain", "size": 1, "blobs": [digest]}
    read = {"scope": scope, "file": "a.txt", "layer": other, "blobs": [other], "engine": "invented 1", "pages": 1}
    store.append(
        Draft("document.add", "a_clerk", facts), Draft("document.read", "a_clerk", read | {"without_text": []})
    )
    return digest


@dataclass
class Scene:
    """An honest book, and what others keep of it.

    witnessed  a checkpoint that a witness signed, in the middle of the log; receipts of later entries
    late       entries after the last thing that anybody outside has
    """

    folder: Path
    witnessed: str
    witnessed_at: int
    receipts: list[Receipt]
    document: str
    newest: str
    backup: Path


def make_scene(folder: Path) -> Scene:
    """About 60 entries in some 20 commits; the witness signed at about 30, receipts are from 45 to 50."""
    clock = Clock()
    store = Store.create(folder / "book", KEY, projections(), clock, actor="unit", facts={"software": "bench"})
    with closing(store):
        store.append(*[row(i) for i in range(1, 8)])
        digest = document(store)
        for i in range(8):
            store.append(look(i), row(20 + i))
        backup = shutil.copytree(folder / "book", folder / "backup")
        done = store.append(look(90))
        at = int(clock.now.timestamp())
        witnessed = done.note + WITNESS.cosign(done.note, at)
        for i in range(6):
            store.append(look(30 + i), row(40 + i))
        receipts = [one for i in range(3) for one in store.append(look(60 + i)).receipts()]
        newest = store.append(look(70)).note
    return Scene(folder / "book", witnessed, at, receipts, digest, newest, backup)


@dataclass
class Forge:
    """The rows of a book in memory, to be changed and written back, with or without the log key."""

    folder: Path
    leaves: list[bytes] = field(default_factory=list)
    payloads: dict[int, tuple[bytes | None, bytes | None, int | None]] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    key: SigningKey = KEY

    @classmethod
    def load(cls, folder: Path) -> Forge:
        """Read all entries and contents."""
        with closing(apsw.Connection(str(folder / DATABASE))) as db:
            leaves = [bytes(leaf) for (leaf,) in db.execute("SELECT leaf FROM entry ORDER BY seq")]
            rows = db.execute("SELECT seq, salt, body, sealed_by FROM payload ORDER BY seq").fetchall()
            sizes = [size for (size,) in db.execute("SELECT size FROM checkpoint ORDER BY size")]
        return cls(folder, leaves, {seq: (salt, body, by) for seq, salt, body, by in rows}, sizes)  # type: ignore[misc]

    def set_body(self, seq: int, body: bytes, *, recommit: bool) -> None:
        """Another content; with `recommit` the entry commits to it, as only a rewrite of history can have it."""
        salt, _, by = self.payloads[seq]
        salt = os.urandom(32) if recommit else salt
        self.payloads[seq] = (salt, body, by)
        if recommit and salt is not None:
            self.set_leaf(seq, c=commitment(salt, body).hex())

    def set_leaf(self, seq: int, **fields: Any) -> None:
        """Other fields in an entry, in canonical form."""
        self.leaves[seq] = replace(Leaf.from_bytes(self.leaves[seq]), **fields).to_bytes()

    def drop(self, seq: int) -> None:
        """Take one entry out and renumber those after it."""
        del self.leaves[seq]
        kept = [self.payloads[i] for i in sorted(self.payloads) if i != seq]
        self.payloads = dict(enumerate(kept))
        self.renumber(seq)

    def insert(self, seq: int, draft: Draft, at: str) -> None:
        """Put an entry in and renumber those after it."""
        body = json.dumps(draft.payload).encode()
        salt = os.urandom(32)
        leaf = Leaf(seq=seq, kind=draft.kind, at=at, actor=draft.actor, auth="asserted", obj=draft.obj, prev=None,
                    c=commitment(salt, body).hex())  # fmt: skip
        self.leaves.insert(seq, leaf.to_bytes())
        rows = [self.payloads[i] for i in sorted(self.payloads)]
        rows.insert(seq, (salt, body, None))
        self.payloads = dict(enumerate(rows))
        self.renumber(seq + 1)

    def renumber(self, first: int) -> None:
        """Give the entries from `first` on the numbers of their places."""
        for seq in range(first, len(self.leaves)):
            leaf = Leaf.from_bytes(self.leaves[seq])
            prev = leaf.prev if leaf.prev is None or leaf.prev < seq else None
            self.leaves[seq] = replace(leaf, seq=seq, prev=prev).to_bytes()

    def write(self, *, sign: SigningKey | None) -> None:
        """Write the rows back; with a key also the tree, every checkpoint and all tables, so that all fits."""
        with unguarded(self.folder) as db:
            db.execute("DELETE FROM payload; DELETE FROM entry")
            db.executemany("INSERT INTO entry VALUES (?, ?)", list(enumerate(self.leaves)))
            rows = [(seq, salt, body, by) for seq, (salt, body, by) in self.payloads.items()]
            db.executemany("INSERT INTO payload (seq, salt, body, sealed_by) VALUES (?, ?, ?, ?)", rows)
            if sign is not None:
                self._resign(db, sign)
        if sign is not None:
            refold(self.folder, sign)

    def _resign(self, db: apsw.Connection, key: SigningKey) -> None:
        db.execute("DELETE FROM tile; DELETE FROM checkpoint")
        tree = TileTree()
        ends = {size for size in self.sizes if size < len(self.leaves)} | {len(self.leaves)}
        for leaf in self.leaves:
            tree.append(leaf_hash(leaf))
            if tree.size in ends:
                note = sign_checkpoint(Checkpoint(key.name, tree.size, tree.root()), key)
                db.execute("INSERT INTO checkpoint VALUES (?, ?)", (tree.size, note))
        rows = [(tile.level, tile.index, tile.hashes) for tile in tree.take_changed()]
        db.executemany("INSERT INTO tile VALUES (?, ?, ?)", rows)


class unguarded:
    """The database with its triggers off, and on again at the end, as if nobody had been there."""

    def __init__(self, folder: Path) -> None:
        self._db = apsw.Connection(str(folder / DATABASE))
        self._db.execute("PRAGMA synchronous=OFF")

    def __enter__(self) -> apsw.Connection:
        sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        self._guards = self._db.execute(sql).fetchall()
        for name, _ in self._guards:
            self._db.execute(f'DROP TRIGGER "{name}"')
        self._db.execute("PRAGMA ignore_check_constraints=ON")
        return self._db

    def __exit__(self, *_: object) -> None:
        for _, sql in self._guards:
            self._db.execute(str(sql))
        self._db.close()


def change(folder: Path, *statements: str, parameters: Sequence[Any] = ()) -> None:
    """Run SQL with the triggers off."""
    with unguarded(folder) as db:
        for sql in statements:
            db.execute(sql, tuple(parameters))


def sign_again(folder: Path, key: SigningKey = KEY) -> None:
    """Tree and checkpoints anew over the entries as they stand; contents and tables are left as they are."""
    forge = Forge.load(folder)
    with unguarded(folder) as db:
        forge._resign(db, key)


def refold(folder: Path, key: SigningKey) -> None:
    """Make the tables fit the entries, without an entry that says so."""
    try:
        store = Store.open(folder, key, projections(), Clock(), repair=True)
    except Exception:
        # Caught: the forger's book does not open any more; what `verify` says of it is what counts.
        return
    with closing(store), writing(store._db):
        try:
            store._fold(store.projections)
        except Exception:
            return


def check(scene: Scene, folder: Path, helper: str, **more: Any) -> Verification:
    """What `verify --all` finds with the help of: nothing but the book, a witness too, receipts too."""
    outside = [scene.witnessed] if helper in ("witness", "receipt") else []
    receipts = scene.receipts if helper == "receipt" else []
    notes = [receipt.checkpoint_note for receipt in receipts]
    witnesses = {"W1": WITNESS.verifier} if helper != "book" else None
    return verify_book(folder, verifier=KEY.verifier, projections=projections(), everything=True,
                       outside=[*outside, *notes], receipts=receipts, witnesses=witnesses, **more)  # fmt: skip


Do = Callable[[Path, Scene], None]
