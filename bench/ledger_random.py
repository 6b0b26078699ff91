"""Random changes, none of which may be missed, and random honest histories, none of which may be suspected."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw

from bench.forge import KEY, ORIGIN, WITNESS, Clock, Scene, document, look, make_scene, projections, row, unguarded
from thaw.ledger import SigningKey
from thaw.store import DATABASE, Draft, EntryIndex, Store, copy_book, verify_book

LOG_CELLS = (
    ("entry", "leaf", "seq"), ("payload", "body", "seq"), ("payload", "salt", "seq"), ("tile", "hashes", "rowid"),
    ("checkpoint", "note", "size"), ("meta", "value", "rowid"),
)  # fmt: skip
NOT_FOUND_ALONE = "checkpoint"
"""Rows of older checkpoints may be missing: the newest covers all entries. docs/methods/ledger.md says so."""


def mutations(count: int, seed: int) -> list[str]:
    """Make `count` random changes, each alone, to an honest book; the descriptions of those that were missed."""
    rng, missed = random.Random(seed), []
    with tempfile.TemporaryDirectory() as scratch:
        scene = make_scene(Path(scratch) / "scene")
        for number in range(count):
            # One in eight changes what is derived; comparing all tables takes ten times as long.
            derived = number % 8 == 7
            told = (_change_derived if derived else _change_log)(scene, rng)
            found = verify_book(scene.folder, verifier=KEY.verifier, projections=projections(), everything=derived)
            if found.status != "tampered":
                missed.append(told[0])
            told[1]()
    return missed


Told = tuple[str, Callable[[], None]]


def _change_log(scene: Scene, rng: random.Random) -> Told:
    table, column, key = rng.choice(LOG_CELLS)
    with closing(apsw.Connection(str(scene.folder / DATABASE))) as db:
        rows = db.execute(f"SELECT {key}, {column} FROM {table}").fetchall()
    place, value = rng.choice([row_ for row_ in rows if row_[1]])
    if rng.random() < 0.2 and table in ("entry", "payload", "tile", "meta"):
        return _delete(scene, table, key, place)
    data = value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[arg-type]
    changed = _mutated(data, rng)
    put: Any = changed.decode("utf-8", "replace") if isinstance(value, str) else changed
    sql = f"UPDATE {table} SET {column} = ? WHERE {key} = ?"
    with unguarded(scene.folder) as db:
        db.execute(sql, (put, place))

    def back() -> None:
        with unguarded(scene.folder) as db:
            db.execute(sql, (value, place))

    return f"{table}.{column} of {place}", back


def _mutated(data: bytes, rng: random.Random) -> bytes:
    """A flipped bit, a lost or an added byte, or two bytes in the other order; never the same bytes."""
    while True:
        at = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            changed = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
        elif kind == 1:
            changed = data[:at] + data[at + 1 :]
        elif kind == 2:
            changed = data[:at] + bytes([rng.randrange(256)]) + data[at:]
        else:
            changed = data[:at] + data[at + 1 : at + 2] + data[at : at + 1] + data[at + 2 :]
        if changed != data and changed.decode("utf-8", "replace") != data.decode("utf-8", "replace"):
            return changed


def _delete(scene: Scene, table: str, key: str, place: Any) -> Told:
    with unguarded(scene.folder) as db:
        cursor = db.execute(f"SELECT * FROM {table} WHERE {key} = ?", (place,))
        (kept,) = cursor.fetchall()
        db.execute(f"DELETE FROM {table} WHERE {key} = ?", (place,))

    def back() -> None:
        with unguarded(scene.folder) as db:
            db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(kept))})", kept)

    return f"row {place} of {table}", back


def _change_derived(scene: Scene, rng: random.Random) -> Told:
    tables = [table for projection in (EntryIndex(), *projections()) for table in projection.tables]
    with closing(apsw.Connection(str(scene.folder / DATABASE))) as db:
        filled = [table for table in tables if db.execute(f'SELECT 1 FROM "{table.name}"').get is not None]
        table = rng.choice(filled)
        rowid = rng.choice([r for (r,) in db.execute(f'SELECT rowid FROM "{table.name}"').fetchall()])
        column = rng.choice(table.all_columns)
        value = db.execute(f'SELECT "{column}" FROM "{table.name}" WHERE rowid = ?', (rowid,)).get
    new: dict[str, Any] = {"text": f"changed {rng.random()}", "integer": rng.randrange(10**9), "blob": rng.randbytes(8)}
    new["real"] = rng.random() * 1e6
    sql = f'UPDATE "{table.name}" SET "{column}" = ? WHERE rowid = ?'
    with unguarded(scene.folder) as db:
        db.execute(sql, (new[table.columns.get(column, "text")], rowid))

    def back() -> None:
        with unguarded(scene.folder) as db:
            db.execute(sql, (value, rowid))

    return f"{table.name}.{column} of row {rowid}", back


def honest_histories(count: int, seed: int) -> list[str]:
    """Live `count` random honest lives of a book; what was suspected in them."""
    rng, suspected = random.Random(seed), []
    for number in range(count):
        with tempfile.TemporaryDirectory() as scratch:
            told = _Life(Path(scratch), random.Random(rng.random())).live()
        suspected += [f"history {number}: {one}" for one in told]
    return suspected


class _Life:
    """One book: entries, looks, documents, seals, changes of key, crashes, backups put back, witnesses."""

    def __init__(self, scratch: Path, rng: random.Random) -> None:
        self.scratch, self.rng, self.clock = scratch, rng, Clock()
        self.folder, self.key, self.moves = scratch / "b0", KEY, 0
        self.witnessed: list[str] = []
        self.store = Store.create(
            self.folder, KEY, projections(), self.clock, actor="unit", facts={"software": "bench"}
        )
        self.store.append(*[row(i) for i in range(1, rng.randrange(2, 6))])

    def live(self) -> list[str]:
        steps = [
            self.write,
            self.write,
            self.look,
            self.read,
            self.seal,
            self.rotate,
            self.crash,
            self.restore,
            self.witness,
        ]
        done = []
        try:
            for _ in range(self.rng.randrange(3, 9)):
                step = self.rng.choice(steps)
                done.append(step.__name__)
                step()
            found = verify_book(
                self.folder, verifier=KEY.verifier, projections=projections(), everything=True, outside=self.witnessed,
                witnesses={"W1": WITNESS.verifier},
            )  # fmt: skip
        finally:
            self.store.close()
        return [f"{one.kind} {one.detail} after {', '.join(done)}" for one in found.findings]

    def write(self) -> None:
        self.store.append(*[row(self.rng.randrange(10, 10**6)) for _ in range(self.rng.randrange(1, 4))])

    def look(self) -> None:
        self.store.append(look(self.rng.randrange(99)))

    def read(self) -> None:
        document(self.store)

    def seal(self) -> None:
        size = self.store.size()
        chosen = sorted(self.rng.sample(range(1, size), min(2, size - 1)))
        kinds = dict(self.store.reading_connection().execute("SELECT seq, kind FROM entry_index").fetchall())  # type: ignore[arg-type]
        chosen = [seq for seq in chosen if str(kinds[seq]).startswith("import.")]
        if chosen:
            order = self.store.append(Draft("seal.order", "a_x", {"number": "1", "entries": chosen})).result[0]
            listed = [{"seq": seq, "scope": {}} for seq in chosen]
            self.store.destroy(chosen, Draft("seal.destroy", "a_x", {"order": order, "entries": listed}))
            self.store.scrub()

    def rotate(self) -> None:
        self.key = SigningKey(ORIGIN, self.rng.randbytes(32))
        self.store.change_key(self.key, "key.rotate", lambda note: Draft("key.rotate", "a_x", {"note": note}))

    def crash(self) -> None:
        """What a power cut leaves after a commit: the files as they are, WAL and all."""
        self._move(lambda target: shutil.copytree(self.folder, target))

    def restore(self) -> None:
        self._move(lambda target: copy_book(self.folder, target))

    def witness(self) -> None:
        note = self.store.newest_note()
        at = int(self.clock.now.timestamp())
        cosigned = note + WITNESS.cosign(note, at)
        payload = {"witness": "W1", "size": self.store.size(), "at": at, "note": cosigned}
        self.store.append(Draft("witness.cosign", "a_x", payload))
        self.witnessed.append(cosigned)

    def _move(self, copy: Callable[[Path], object]) -> None:
        self.moves += 1
        target = self.scratch / f"b{self.moves}"
        copy(target)
        self.store.close()
        self.folder = target
        self.clock.now += timedelta(minutes=1)
        self.store = Store.open(target, self.key, projections(), self.clock, kept=self.witnessed)
