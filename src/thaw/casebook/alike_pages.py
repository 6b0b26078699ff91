"""Which pages say nearly the same: a carbon copy, a second scan, a form filled in twice. A page is known by a print.

The print is a minhash: of all runs of four words on a page, hashed in 32 ways, the smallest value of each way. The
share of values that two prints have in common estimates the share of runs that the pages have in common (Broder 1997).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

_WAYS = 32
_RUN = 4
_BANDS = 8
_FEWEST = 20  # words: below this, pages are alike by chance
_HEX = 8  # characters of one value
_MASK = (1 << 32) - 1
# Odd multipliers and offsets for the ways, from a hash so that nobody chose them.
_FACTORS = [
    (
        int.from_bytes(hashlib.sha256(b"factor %d" % way).digest()[:4]) | 1,
        int.from_bytes(hashlib.sha256(b"offset %d" % way).digest()[:4]),
    )
    for way in range(_WAYS)
]


def print_of(text: str) -> str | None:
    """The print of a text as hexadecimal digits; None for a text of fewer than 20 words.

    Letters and figures count, case and punctuation do not: a carbon copy that was read a little worse stays alike.
    """
    import zlib

    words = re.findall(r"\w+", text.lower())
    if len(words) < _FEWEST:
        return None
    import numpy as np

    runs = {" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}
    values = np.fromiter((zlib.crc32(run.encode("utf-8", "replace")) for run in runs), np.uint64, len(runs))
    least = [int(((values * np.uint64(a) + np.uint64(b)) & np.uint64(_MASK)).min()) for a, b in _FACTORS]
    return "".join(f"{value:08x}" for value in least)


def bands_of(print_: str) -> list[str]:
    """Keys of which two pages that are alike very probably share one: runs of four values of the print."""
    width = len(print_) // _BANDS
    return [f"{n}:{print_[n * width : (n + 1) * width]}" for n in range(_BANDS)]


def likeness(one: str, other: str) -> float:
    """Estimated share, 0 to 1, of runs of four words that two pages have in common (over those that either has)."""
    pairs = list(zip(_values(one), _values(other), strict=False))
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0


def _values(print_: str) -> Iterator[str]:
    return (print_[i : i + _HEX] for i in range(0, len(print_), _HEX))
