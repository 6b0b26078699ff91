"""Processes that are killed, power that fails, disks that are full or broken: nothing acknowledged may be lost."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import struct
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import apsw

from bench.forge import KEY, Clock, look, projections
from bench.power import Disk, Op, Recorder, recording
from thaw.errors import ThawError
from thaw.store import DATABASE, Store, verify_book

WRITERS = 8
# The disk of these runs is a recording: what the real one does with it is of no matter, so memory will do.
_SCRATCH = "/dev/shm" if os.path.isdir("/dev/shm") else None


@dataclass
class Tally:
    """How often it was tried, how many acknowledged entries there were, what was lost, what was not whole."""

    tries: int = 0
    acknowledged: int = 0
    lost: int = 0
    broken: int = 0
    first: str = ""

    def take(self, folder: Path, acknowledged: int, words: str) -> int:
        """Open the book as after a crash and compare; returns its size."""
        self.tries += 1
        self.acknowledged += acknowledged
        size, problem = _state(folder)
        if size < acknowledged:
            self.lost += acknowledged - size
            self.first = self.first or f"{words}: {size} of {acknowledged} entries are there"
        if problem:
            self.broken += 1
            self.first = self.first or f"{words}: {problem}"
        return size


def _state(folder: Path) -> tuple[int, str]:
    """Entries that are there after recovery, and what does not hold."""
    try:
        with closing(Store.open(folder, KEY, projections(), Clock())) as store:
            size = store.size()
        found = verify_book(folder, verifier=KEY.verifier, projections=projections())
        return size, "; ".join(one.detail for one in found.findings)
    except (ThawError, apsw.Error) as error:
        # Caught: counted as a broken book with its words.
        return 0, str(error)


def _new(folder: Path) -> None:
    Store.create(folder, KEY, projections(), Clock(), actor="unit", facts={"software": "bench"}).close()


def kills(count: int, seed: int) -> Tally:
    """kill -9 of a process in which eight threads append, `count` times; a new book every 25 kills."""
    rng, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for number in range(count):
            if number % 25 == 0:
                folder = Path(scratch) / f"book{number}"
                _new(folder)
            acknowledged = _killed(folder, rng.uniform(0.005, 0.08))
            tally.take(folder, acknowledged, f"kill {number}")
    return tally


def _killed(folder: Path, seconds: float) -> int:
    """Run a writer for a moment and kill it; the size of the tree that it acknowledged last."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _work(folder, writing)
        finally:
            os._exit(9)
    os.close(writing)
    data = os.read(reading, 8)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while chunk := os.read(reading, 65_536):
        data += chunk
    os.close(reading)
    whole = len(data) // 8 * 8
    return max((size for (size,) in struct.iter_unpack("<Q", data[:whole])), default=0)


def _work(folder: Path, pipe: int) -> None:
    store = Store.open(folder, KEY, projections(), Clock())

    def append(number: int) -> None:
        for i in range(10**9):
            size = store.append(look(number * 1000 + i)).tree_size
            os.write(pipe, struct.pack("<Q", size))

    threads = [threading.Thread(target=append, args=(n,), daemon=True) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    threads[0].join()


def recorded_run(folder: Path, commits: int, *, normal: bool = False) -> tuple[dict[str, bytes], list[Op]]:
    """The files before a scripted run, and everything that happens to them in it; acknowledgements are among it.

    normal  with synchronous=NORMAL, which the product never uses: the control, which must lose entries
    """
    _new(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with recording(Recorder()) as recorder:
        store = Store.open(folder, KEY, projections(), Clock())
        if normal:
            store._db.execute("PRAGMA synchronous=NORMAL")
        for i in range(commits):
            size = store.append(*[look(i * 7 + n) for n in range(1 + i % 3)]).tree_size
            recorder.ops.append(Op("ack", offset=size))
        ops = list(recorder.ops)
        recorder.record = False
        store._db.close()
    return before, ops


def cut_at_every_operation(commits: int, seed: int, part: tuple[int, int] = (0, 1)) -> Tally:
    """The power fails after each write and each sync of a run; `part` (n, of) does every of-th only."""
    rng, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory(dir=_SCRATCH) as scratch:
        before, ops = recorded_run(Path(scratch) / "run", commits)
        disk = Disk(before)
        for number, op in enumerate(ops):
            disk.apply(op)
            if number % part[1] == part[0]:
                _try(tally, Path(scratch), disk, rng if number % 3 else None, f"power cut after operation {number}")
    return tally


def cut_at_random(count: int, commits: int, seed: int, *, normal: bool = False) -> Tally:
    """The power fails at `count` random moments of a run, with random parts of what was not synced on the disk."""
    rng, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory(dir=_SCRATCH) as scratch:
        before, ops = recorded_run(Path(scratch) / "run", commits, normal=normal)
        moments = sorted(rng.choices(range(len(ops)), k=count))
        disk, at = Disk(before), 0
        for moment in moments:
            while at <= moment:
                disk.apply(ops[at])
                at += 1
            _try(tally, Path(scratch), disk, rng, f"power cut after operation {moment}")
    return tally


def _try(tally: Tally, scratch: Path, disk: Disk, rng: random.Random | None, words: str) -> None:
    folder = scratch / "after"
    folder.mkdir(exist_ok=True)
    for rest in folder.glob(f"{DATABASE}*"):
        rest.unlink()
    for name, data in disk.after_a_cut(rng).items():
        (folder / name).write_bytes(data)
    tally.take(folder, disk.acknowledged, words)


def faults(commits: int, seed: int) -> Tally:
    """A full disk and a disk error at each write of a run, once and for good: what was acknowledged stays."""
    tally = Tally()
    with tempfile.TemporaryDirectory(dir=_SCRATCH) as scratch:
        _new(Path(scratch) / "count")
        writes = _run_with(Path(scratch) / "count", commits, Recorder(record=False))[1]
        for number in range(writes):
            fault = (apsw.FullError, apsw.IOError)[number % 2]
            for stays in (False, True):
                folder = Path(scratch) / f"f{number}{stays}"
                _new(folder)
                recorder = Recorder(fail_at=number, fault=fault, stays=stays, record=False)
                acknowledged, _ = _run_with(folder, commits, recorder)
                tally.take(folder, acknowledged, f"{fault.__name__} at write {number}")
    return tally


def _run_with(folder: Path, commits: int, recorder: Recorder) -> tuple[int, int]:
    """Run against a faulty disk; the size of the tree that was acknowledged last, and the number of writes."""
    acknowledged = 0
    with recording(recorder):
        try:
            store = Store.open(folder, KEY, projections(), Clock())
        except (ThawError, apsw.Error):
            # Caught: a book that cannot be opened acknowledges nothing.
            return acknowledged, recorder.writes
        for i in range(commits):
            try:
                acknowledged = store.append(look(i)).tree_size
            except (ThawError, apsw.Error):
                # Caught: an append that fails is what the fault is for; the next ones are tried as people would.
                continue
        recorder.fail_at = None
        # The close of a broken disk: what is on it is compared by the caller.
        with contextlib.suppress(apsw.Error):
            store._db.close()
    return acknowledged, recorder.writes
