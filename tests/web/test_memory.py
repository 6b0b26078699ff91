"""What lies free goes back to the system."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from thaw.web import memory
from thaw.web.memory import FreeMemory, resident_bytes

pytestmark = pytest.mark.skipif(not memory._STATM.exists(), reason="no /proc")


def test_freed_memory_is_handed_back_once() -> None:
    free = FreeMemory()
    if free._trim is None:
        pytest.skip("another C library")
    free.hand_back()
    # Pieces below the size that the library maps apart; the last one stays, so that the rest lies below something held.
    pieces = [np.ones(4_000) for _ in range(4_000)]
    kept = pieces[-1]
    full = resident_bytes()
    del pieces
    assert free.hand_back()
    assert resident_bytes() < full - (64 << 20)
    assert not free.hand_back()  # nothing has grown since
    assert kept.sum() == 4_000


def test_a_system_without_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_STATM", memory.Path("/nowhere/statm"))
    assert not FreeMemory().hand_back()


def test_all_threads_share_one_heap() -> None:
    """In a process of its own, since the setting stays: glibc counts its heaps itself."""
    told = """
import ctypes, threading
from thaw.web.memory import one_arena
print(one_arena())
kept = []
threads = [threading.Thread(target=lambda: kept.append([bytearray(5_000) for _ in range(200)])) for _ in range(6)]
for one in threads: one.start()
for one in threads: one.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
out = libc.fdopen(1, b"w")
libc.malloc_info(0, ctypes.c_void_p(out))
libc.fflush(ctypes.c_void_p(out))
"""
    if getattr(ctypes.CDLL(None), "malloc_info", None) is None:
        pytest.skip("another C library")
    source = str(Path(memory.__file__).parents[2])
    shown = subprocess.run(
        [sys.executable, "-u", "-c", told], env=os.environ | {"PYTHONPATH": source}, capture_output=True, check=True
    ).stdout.decode()
    assert shown.startswith("True\n")
    assert shown.count("<heap nr=") == 1
    several = told.replace("print(one_arena())", "print(True)")
    shown = subprocess.run(
        [sys.executable, "-u", "-c", several], env=os.environ | {"PYTHONPATH": source}, capture_output=True, check=True
    ).stdout.decode()
    assert shown.count("<heap nr=") > 1  # so without it: the test can fail
