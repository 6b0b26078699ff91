"""How alike two values of a person are, in levels: 0 unknown, 1 equal, then less and less. Columns in, levels out.

Each different pair of values is compared once, so a million pairs of records take seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from thaw.data.search import nicknames

Ids = NDArray[np.int64]
Levels = NDArray[np.int8]
# A Jaro-Winkler similarity of 0.92 is about one slip in a name of eight letters, 0.8 about two.
_NEAR, _FAR = 0.92, 0.8


@dataclass(frozen=True, slots=True)
class Column:
    """One field of all records: a number per record for its value, -1 where it is unknown, and the values."""

    numbers: Ids
    values: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Column:
        """Values in small letters without outer blanks; an empty one is unknown."""
        known: dict[str, int] = {}
        cleaned = [" ".join(text.lower().split()) if text else "" for text in texts]
        numbers = [known.setdefault(text, len(known)) if text else -1 for text in cleaned]
        return cls(np.array(numbers, np.int64), tuple(known))

    def shares(self) -> NDArray[np.float64]:
        """Share of the known records that have each value."""
        known = self.numbers[self.numbers >= 0]
        return np.bincount(known, minlength=len(self.values)) / max(len(known), 1)


def levels(kind: str, column: Column, one: Ids, other: Ids) -> Levels:
    """The level of each pair of records; `kind` is a key of `LEVELS`."""
    left, right = column.numbers[one], column.numbers[other]
    low, high = np.minimum(left, right), np.maximum(left, right)
    pairs, place = np.unique(low * (len(column.values) + 1) + high, return_inverse=True)
    a, b = np.divmod(pairs, len(column.values) + 1)
    found = np.zeros(len(pairs), np.int8)
    known = (a >= 0) & (b >= 0) & (pairs >= 0)
    found[known & (a == b)] = 1
    differ = np.flatnonzero(known & (a != b))
    if len(differ):
        firsts = [column.values[i] for i in a[differ].tolist()]
        seconds = [column.values[i] for i in b[differ].tolist()]
        found[differ] = _COMPARED[kind](firsts, seconds)
    result: Levels = found[place.reshape(-1)]
    result[(left < 0) | (right < 0)] = 0
    return result


def _name(firsts: Sequence[str], seconds: Sequence[str]) -> Levels:
    """2 one slip or a short form of it, 3 two slips or an initial, 4 another name."""
    near = process.cpdist(firsts, seconds, scorer=JaroWinkler.similarity, dtype=np.float32)
    found = np.select([near >= _NEAR, near >= _FAR], [2, 3], 4).astype(np.int8)
    short = nicknames()
    for i in np.flatnonzero(found > 2).tolist():
        one, other = firsts[i], seconds[i]
        if other in short.get(one, ()):
            found[i] = 2
        elif min(len(one), len(other)) == 1 and one[0] == other[0]:
            found[i] = 3
    return found


def _date(firsts: Sequence[str], seconds: Sequence[str]) -> Levels:
    """2 one digit or two digits exchanged, or day and month; 3 the same year, or two digits; 4 another date."""
    far = process.cpdist(firsts, seconds, scorer=OSA.distance, dtype=np.int32)
    found = np.select([far <= 1, far == 2], [2, 3], 4).astype(np.int8)
    for i in np.flatnonzero(found > 2).tolist():
        one, other = firsts[i], seconds[i]
        if one[:4] == other[:4]:
            found[i] = 2 if sorted(one) == sorted(other) else 3
    return found


def _words(firsts: Sequence[str], seconds: Sequence[str]) -> Levels:
    """2 nine of ten letters in any order of words, 3 seven of ten, 4 other words."""
    near = process.cpdist(firsts, seconds, scorer=fuzz.token_sort_ratio, dtype=np.float32)
    return np.select([near >= 90, near >= 70], [2, 3], 4).astype(np.int8)


def _number(firsts: Sequence[str], seconds: Sequence[str]) -> Levels:
    """2 one sign differs or two are exchanged, 4 another number. There is no 3."""
    far = process.cpdist(firsts, seconds, scorer=OSA.distance, dtype=np.int32)
    return np.where(far <= 1, 2, 4).astype(np.int8)


def _code(firsts: Sequence[str], seconds: Sequence[str]) -> Levels:
    """4 for whatever is not equal."""
    del seconds
    return np.full(len(firsts), 4, np.int8)


_COMPARED: Mapping[str, Callable[[Sequence[str], Sequence[str]], Levels]] = {
    "name": _name,
    "date": _date,
    "words": _words,
    "number": _number,
    "code": _code,
}
LEVELS = tuple(_COMPARED)
