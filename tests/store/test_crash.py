"""Processes: two that write in one book, and one that is killed at its work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from builders import findings, new_book, note, opened, row, verify
from thaw.ledger import Leaf

HERE = Path(__file__).resolve()
WRITER = """
import sys
sys.path[:0] = {paths!r}
from builders import note, opened, row
from pathlib import Path
with opened(Path(sys.argv[1])) as store:
    for i in range(100_000):
        seqs = store.append(*[row(f"c_{{i}}_{{n}}") for n in range(20)], note(i)).result
        print(seqs[-1], flush=True)
"""


def write(folder: Path, name: str, count: int, start: Barrier) -> None:
    """What the other process does: entries by ones and twos, with a breath between."""
    with opened(folder) as store:
        start.wait()
        for i in range(count):
            time.sleep(0.003)
            store.append(*[row(f"c_{name}_{i}_{n}", writer=name) for n in range(1 + i % 2)])


def test_two_processes_write_in_one_book_at_the_same_time(tmp_path):
    with new_book(tmp_path / "b") as store:
        spawn = multiprocessing.get_context("spawn")
        start = spawn.Barrier(2)
        workers = [spawn.Process(target=write, args=(tmp_path / "b", name, 40, start)) for name in ("one", "two")]
        for worker in workers:
            worker.start()
        while any(worker.is_alive() for worker in workers):
            store.append(note())
            time.sleep(0.01)
        assert [worker.exitcode for worker in workers] == [0, 0]
        sql = "SELECT body FROM payload JOIN entry_index USING (seq) WHERE case_id IS NOT NULL ORDER BY seq"
        order = ["one" if b'"one"' in body else "two" for (body,) in store.reading_connection().execute(sql)]
        notes = store.reading_connection().execute("SELECT count(*) FROM entry_index WHERE kind = 'note.add'").get
        assert (order.count("one"), order.count("two")) == (60, 60)
        assert store.size() == 121 + notes
        turns = sum(a != b for a, b in pairwise(order))
        assert turns > 2, "the two did not write at the same time"
    assert findings(tmp_path / "b", everything=True) == []


@pytest.mark.parametrize("seconds", [0.05, 0.3])
def test_kill_9_in_the_middle_of_a_bulk_append_loses_no_acknowledged_entry(tmp_path, seconds):
    with new_book(tmp_path / "b"):
        pass
    paths = [str(HERE.parents[2] / "src"), str(HERE.parents[1])]
    script = [sys.executable, "-c", WRITER.format(paths=paths), str(tmp_path / "b")]
    with subprocess.Popen(script, stdout=subprocess.PIPE, text=True) as writer:
        first = writer.stdout.readline()
        time.sleep(seconds)
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged = [int(line) for line in (first + writer.stdout.read()).splitlines(keepends=True) if "\n" in line]
    assert verify(tmp_path / "b", everything=True).status == "ok"
    with opened(tmp_path / "b") as store:
        assert store.size() > max(acknowledged)
        # whole commits of 21 entries behind entry 0
        assert (store.size() - 1) % 21 == 0
        leaves = store.reading_connection().execute("SELECT leaf FROM entry").fetchall()
        assert [Leaf.from_bytes(leaf).seq for (leaf,) in leaves] == list(range(store.size()))
        store.append(note())
    assert findings(tmp_path / "b") == []
