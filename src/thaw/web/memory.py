"""Free memory back to the system: the C library keeps what a large piece of work has freed, for as long as it runs."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

_STATM = Path("/proc/self/statm")
_GROWN_BYTES = 16 << 20

_M_ARENA_MAX = -8  # malloc.h of glibc


def one_arena() -> bool:
    """Have all threads share one heap; call it before the first thread starts. False on systems without glibc.

    Else each thread has a heap of its own, and what one has freed another cannot use: 30 MB in a workbench. Only one of
    our threads runs Python at a time, so they hardly ever wait for each other there.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    return set_option is not None and set_option(_M_ARENA_MAX, 1) == 1


class FreeMemory:
    """Hands back what lies free when the process has grown since the last time; nothing on systems without glibc."""

    def __init__(self) -> None:
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if _STATM.exists() else None
        self._after = 0

    def hand_back(self) -> bool:
        """Whether there was reason to; takes some milliseconds then, and microseconds otherwise."""
        if self._trim is None or resident_bytes() < self._after + _GROWN_BYTES:
            return False
        self._trim(0)
        self._after = resident_bytes()
        return True


def resident_bytes() -> int:
    """What the process holds in memory now."""
    return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
