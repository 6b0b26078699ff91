"""Random identifiers: allotted once, written into the entry, so that a rebuilt book has the same ones.

A random id tells nothing about what it names; a counter would tell a reader that a hidden case exists.
"""

from __future__ import annotations

import os

_ALPHABET = b"abcdefghijklmnopqrstuvwxyz234567"
_LETTERS = 16
# 256 is eight times 32, so that every letter is as likely as any other.
_LETTER_OF = _ALPHABET * (256 // len(_ALPHABET))


def new_ids(prefix: str, count: int) -> list[str]:
    """`count` ids: `prefix`, an underscore, 16 lower-case letters and digits (80 random bits)."""
    text = os.urandom(_LETTERS * count).translate(_LETTER_OF).decode("ascii")
    return [f"{prefix}_{text[i : i + _LETTERS]}" for i in range(0, _LETTERS * count, _LETTERS)]
