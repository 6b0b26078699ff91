"""What lies free goes back to the system."""

from __future__ import annotations

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
