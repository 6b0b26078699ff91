"""What a running workbench holds in memory once it has nothing left to do."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

_PAUSE_SECONDS = 7.0  # longer than the workbench's own watch, which hands free memory back
_IDLE_SHARE = 0.05
_MOST_SECONDS = 300.0


def at_rest(pid: int) -> tuple[float, float]:
    """(MB, seconds waited) of a process with its children once they use less than a twentieth of a core.

    Memory is proportional: what is shared counts once. TimeoutError when they are still at work after five minutes.
    """
    started = time.monotonic()
    while time.monotonic() - started < _MOST_SECONDS:
        before = _processor_seconds(pid)
        time.sleep(_PAUSE_SECONDS)
        if _processor_seconds(pid) - before < _IDLE_SHARE * _PAUSE_SECONDS:
            return resident_mb(pid), time.monotonic() - started
    raise TimeoutError(f"process {pid} was still at work after {_MOST_SECONDS:.0f} seconds")


def resident_mb(pid: int) -> float:
    """Proportional memory of a process and its children in MB: what is shared counts once."""
    found = 0.0
    for one in _family(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue  # it ended while it was looked at
        found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return found


def _processor_seconds(pid: int) -> float:
    """Of the process and its children, with those that each has waited for."""
    found = 0.0
    for one in _family(pid):
        try:
            after_name = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it ended while it was looked at
        found += sum(map(int, after_name[11:15])) / os.sysconf("SC_CLK_TCK")
    return found


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text(encoding="ascii").split()
        except OSError:
            continue  # it ended while it was looked at
        for child in children:
            yield from _family(int(child))
