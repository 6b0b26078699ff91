"""How fast the ledger is: acknowledged entries with 8 and 64 writers, bulk, and a log of a million entries."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from bench.forge import KEY, Clock, look
from thaw.data import data_path
from thaw.ledger import inclusion_proof, leaf_hash, open_checkpoint, verify_inclusion
from thaw.store import DATABASE, Draft, Store

SECONDS = 4.0
_VERIFY = """
import json, resource, sys, time
from pathlib import Path
from bench.forge import KEY
from thaw.store import verify_book
started = time.process_time(), time.monotonic()
found = verify_book(Path(sys.argv[1]), verifier=KEY.verifier)
print(json.dumps({"status": found.status, "entries": found.entries, "cpu": time.process_time() - started[0],
                  "seconds": time.monotonic() - started[1],
                  "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


@dataclass(frozen=True)
class Rate:
    """Entries a second, and how long an append took, in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float


def fsyncs(folder: Path) -> float:
    """Syncs of a small write that the disk does in a second."""
    with (folder / "sync").open("wb") as file:
        started, count = time.monotonic(), 0
        while time.monotonic() - started < 1.5:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            count += 1
    return count / (time.monotonic() - started)


def bare_sqlite(folder: Path, per_commit: int) -> float:
    """Rows a second of the same tables that bare SQLite writes, with the same durability, so many in a commit.

    The same bytes without hashing, signing and thinking: what the disk and SQLite allow.
    """
    Store.create(folder, KEY, (), Clock(), actor="unit", facts={"software": "bench"}).close()
    with closing(apsw.Connection(str(folder / DATABASE))) as db:
        db.execute("PRAGMA synchronous=FULL").fetchall()
        started, seq = time.monotonic(), 1
        while time.monotonic() - started < SECONDS / 2:
            db.execute("BEGIN IMMEDIATE")
            rows = range(seq, seq + per_commit)
            db.executemany("INSERT INTO entry VALUES (?, ?)", [(n, b"l" * 230) for n in rows])
            db.executemany(
                "INSERT INTO payload (seq, salt, body) VALUES (?, ?, ?)", [(n, b"s" * 32, b"p" * 110) for n in rows]
            )
            db.executemany(
                "INSERT INTO entry_index (seq, n, kind, at, actor, case_id) VALUES (?, 0, 'access.read', ?, 'a_x', ?)",
                [(n, "2026-11-20T12:00:00.000Z", f"c_{n % 7}") for n in rows],
            )
            seq += per_commit
            db.execute("INSERT OR REPLACE INTO tile VALUES (0, ?, ?)", (seq // 256, b"h" * (32 * (seq % 256))))
            db.execute("INSERT INTO checkpoint VALUES (?, ?)", (seq, "n" * 190))
            db.execute("UPDATE projection SET changed_seq = ?", (seq,))
            db.execute("COMMIT")
        return (seq - 1) / (time.monotonic() - started)


def appends(folder: Path, writers: int) -> Rate:
    """Acknowledged entries a second when so many threads each append one entry at a time."""
    store = Store.create(folder, KEY, (), Clock(), actor="unit", facts={"software": "bench"})
    times: list[list[float]] = [[] for _ in range(writers)]
    stop = threading.Event()

    def work(place: int) -> None:
        mine, number = times[place], 0
        while not stop.is_set():
            before = time.perf_counter()
            store.append(look(number))
            mine.append(time.perf_counter() - before)
            number += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(writers)]
    with closing(store):
        started = time.monotonic()
        for thread in threads:
            thread.start()
        time.sleep(SECONDS)
        stop.set()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - started
    taken = sorted(1000 * one for some in times for one in some)
    return Rate(len(taken) / seconds, statistics.median(taken), taken[int(0.99 * len(taken))])


def entry_of_300_bytes(number: int) -> Draft:
    """An entry whose content is about 300 bytes."""
    payload = {
        "by": "Invented Clerk",
        "scope": {"case": f"c_{number % 10_000}"},
        "words": f"invented {number:>9} " * 10,
    }
    return Draft("note.add", "a_clerk", payload)


def bulk(store: Store, count: int, per_commit: int = 1000) -> float:
    """Entries a second when they come in commits of a thousand."""
    started = time.monotonic()
    for first in range(0, count, per_commit):
        drafts = [entry_of_300_bytes(n) for n in range(first, min(first + per_commit, count))]
        store.append(*drafts)
    return count / (time.monotonic() - started)


def proofs(store: Store, count: int = 400) -> dict[str, float]:
    """Bytes of the longest proof, and milliseconds to make and microseconds to check one (medians)."""
    note = store.newest_note()
    head = open_checkpoint(note, KEY.verifier)
    made, checked, longest = [], [], 0
    for i in range(count):
        seq = (i * 2_654_435_761) % head.size
        started = time.perf_counter()
        proof = inclusion_proof(seq, head.size, store.tile)
        made.append(time.perf_counter() - started)
        with store.reading() as db:
            digest = leaf_hash(bytes(db.execute("SELECT leaf FROM entry WHERE seq = ?", (seq,)).get))  # type: ignore[arg-type]
        started = time.perf_counter()
        verify_inclusion(digest, seq, head.size, proof, head.root)
        checked.append(time.perf_counter() - started)
        longest = max(longest, sum(map(len, proof)))
    return {"bytes": longest, "made_ms": 1000 * statistics.median(made), "checked_us": 1e6 * statistics.median(checked)}


def verify_by_the_product(folder: Path) -> dict[str, Any]:
    """`verify` in a process of its own: seconds, processor seconds, memory in MiB."""
    ran = subprocess.run([sys.executable, "-c", _VERIFY, str(folder)], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def verify_by_the_bundle(bundle: Path) -> dict[str, Any]:
    """`verify.py` in a process of its own: seconds, processor seconds, memory of the largest such process so far."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    program = str(data_path("bundle/verify.py"))
    ran = subprocess.run([sys.executable, program, str(bundle), "--json"], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    report: dict[str, Any] = json.loads(ran.stdout)
    return {"status": report["status"], "seconds": time.monotonic() - started, "cpu": cpu}


def million(count: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """A log of `count` entries: how fast it is filled, proven and verified, by the product and by `verify.py`."""
    from thaw.access import Actor
    from thaw.casework import Book, Session
    from thaw.casework.bundles import export
    from thaw.casework.settings import SETTINGS

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "book"
        store = Store.create(folder, KEY, (), Clock(), actor="unit", facts={"software": "bench"})
        with closing(store):
            tell(f"filling a log of {count} entries")
            found: dict[str, Any] = {"bulk": bulk(store, count), "proofs": proofs(store)}
            settings = {name: setting.default for name, setting in SETTINGS.items()}
            at_work = Session(Book(folder, store, settings, Clock()), Actor("a_x", "bench"))
            tell("exporting it")
            started = time.monotonic()
            export(at_work, Path(scratch) / "bundle.zip", purpose="bench")
            found["export_seconds"] = time.monotonic() - started
        found["database_mib"] = (folder / DATABASE).stat().st_size / 2**20
        tell("verifying it")
        found["product"] = verify_by_the_product(folder)
        found["verify.py"] = verify_by_the_bundle(Path(scratch) / "bundle.zip")
    return found
