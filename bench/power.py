"""A disk whose power fails: records every write and sync of a run, and says what could lie on it at any moment.

A write that was not followed by a sync may be on the disk, or not, or in parts of 512 bytes; after the sync it is
there. The run itself goes through SQLite's own interface for disks (a VFS of apsw). Faults (a full disk, a disk error)
are made by the same VFS. SQLite's shared memory is not part of it, so the book is opened for one connection alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

import thaw.store.connection as connection

SECTOR = 512
NAME = "thaw-power"


@dataclass(frozen=True)
class Op:
    """One thing that happened to a file: write (offset, data), cut (size), sync, delete, or an acknowledgement."""

    kind: str
    file: str = ""
    offset: int = 0
    data: bytes = b""


@dataclass
class Recorder:
    """What happened, in order; `fail_at` makes the n-th write (from 0) and, if `stays`, all after it fail."""

    ops: list[Op] = field(default_factory=list)
    writes: int = 0
    fail_at: int | None = None
    fault: type[Exception] = apsw.IOError
    stays: bool = False
    record: bool = True

    def take(self, op: Op) -> None:
        """Note what happens to a file, or fail instead."""
        if op.kind == "write":
            number, self.writes = self.writes, self.writes + 1
            if self.fail_at is not None and (number == self.fail_at or (self.stays and number > self.fail_at)):
                raise self.fault("made by the bench")
        if self.record:
            self.ops.append(op)


_now: Recorder = Recorder()


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int]) -> None:
        self._name = Path(name.filename() if isinstance(name, apsw.URIFilename) else str(name)).name
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        _now.take(Op("write", self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        _now.take(Op("cut", self._name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        _now.take(Op("sync", self._name))
        # Real syncs would only slow the run down: what they promise is what the recording is about.


class _Disk(apsw.VFS):
    def __init__(self) -> None:
        super().__init__(NAME, "unix")

    def xOpen(self, name: Any, flags: list[int]) -> _File:
        return _File(name, flags)

    def xDelete(self, name: str, sync: bool) -> None:
        _now.take(Op("delete", Path(name).name))
        super().xDelete(name, sync)


class _Apsw:
    """apsw with connections that go through the recording disk and hold the file alone."""

    def __getattr__(self, name: str) -> Any:
        return getattr(apsw, name)

    def Connection(self, filename: str, flags: int = 6, vfs: str | None = None) -> apsw.Connection:
        if filename.startswith("file:") or "memory" in filename:
            return apsw.Connection(filename, flags)
        db = apsw.Connection(filename, flags, vfs=NAME)
        db.execute("PRAGMA locking_mode=EXCLUSIVE")
        return db


@contextmanager
def recording(recorder: Recorder) -> Iterator[Recorder]:
    """Books opened inside the block lie on the recording disk."""
    global _now
    disk, before = _Disk(), connection.apsw
    _now = recorder
    connection.apsw = _Apsw()  # type: ignore[assignment]
    try:
        yield recorder
    finally:
        connection.apsw = before
        _now = Recorder()
        disk.unregister()


class Disk:
    """What lies on the disk, moment by moment: certain content, and writes that were not synced yet, by file."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._sure = {name: bytearray(data) for name, data in files.items()}
        self._unsure: dict[str, list[Op]] = {}
        self.acknowledged = 0

    def apply(self, op: Op) -> None:
        """Let one thing happen."""
        if op.kind == "ack":
            self.acknowledged = op.offset
        elif op.kind == "sync":
            content = self._sure.setdefault(op.file, bytearray())
            for one in self._unsure.pop(op.file, []):
                _do(content, one)
        elif op.kind == "delete":
            self._sure.pop(op.file, None)
            self._unsure.pop(op.file, None)
        else:
            self._unsure.setdefault(op.file, []).append(op)

    def after_a_cut(self, rng: random.Random | None) -> dict[str, bytes]:
        """The files after the power failed now. With None nothing unsynced is there; else any part of it may be."""
        found = {name: bytearray(data) for name, data in self._sure.items()}
        for name, ops in self._unsure.items():
            content = found.setdefault(name, bytearray())
            share = 0.0 if rng is None else rng.random()
            for op in ops:
                if rng is not None and rng.random() < share:
                    _do(content, _torn(op, rng))
        return {name: bytes(data) for name, data in found.items()}


def _torn(op: Op, rng: random.Random) -> Op:
    """All of a write, or a part of it up to the border of a sector."""
    if op.kind != "write" or len(op.data) <= SECTOR or rng.random() < 0.7:
        return op
    return Op("write", op.file, op.offset, op.data[: SECTOR * rng.randrange(1, len(op.data) // SECTOR + 1)])


def _do(content: bytearray, op: Op) -> None:
    if op.kind == "cut":
        del content[op.offset :]
        return
    if len(content) < op.offset:
        content.extend(bytes(op.offset - len(content)))
    content[op.offset : op.offset + len(op.data)] = op.data
