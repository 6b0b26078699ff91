"""Random identifiers: allotted once, written into the entry, so that a rebuilt book has the same ones.

A random id tells nothing about what it names; a counter would tell a reader that a hidden case exists.
"""

from __future__ import annotations

import base64
import os

_BYTES = 10


def new_ids(prefix: str, count: int) -> list[str]:
    """`count` ids: `prefix`, an underscore, 16 lower-case letters and digits (80 random bits)."""
    text = base64.b32encode(os.urandom(_BYTES * count)).decode("ascii").lower()
    return [f"{prefix}_{text[i : i + 16]}" for i in range(0, 16 * count, 16)]
