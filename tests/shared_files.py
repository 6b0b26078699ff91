"""Finds the development folder `shared/` beside the checkout; tests that want it skip, saying so, when it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(name: str) -> Path:
    """Path of `shared/NAME`; skips the test when the folder is not on this machine."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"shared/{name} is not on this machine")
    return path
