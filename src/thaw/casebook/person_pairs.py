"""Which pairs of records are worth comparing: those that agree on one of several keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .person_levels import Column, Ids

# A key that so many records share says nothing; its pairs are left to the other keys.
_MOST_IN_BLOCK = 1_000


def candidate_pairs(keys: Sequence[Column], left: Ids | None = None) -> tuple[Ids, Ids]:
    """Pairs of records that share a value of one of the keys, each pair once, the smaller number first.

    left  1 for records of a first set and 0 for those of a second: pairs are then made across the sets only
    """
    found = [pairs for key in keys for pairs in _pairs(key, left)]
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    size = len(keys[0].numbers)
    every = np.unique(np.concatenate(found))
    one, other = np.divmod(every, size)
    return one, other


def _pairs(key: Column, left: Ids | None) -> list[Ids]:
    """Pairs within each block as one number, first * size + second."""
    size = len(key.numbers)
    order = np.argsort(key.numbers, kind="stable")
    order = order[key.numbers[order] >= 0]
    numbers = key.numbers[order]
    starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]])) if len(numbers) else numbers
    counts = np.diff(np.append(starts, len(numbers)))
    found = []
    # Blocks of one size are paired together.
    for count in np.unique(counts[(counts > 1) & (counts <= _MOST_IN_BLOCK)]).tolist():
        rows = order[starts[counts == count][:, None] + np.arange(count)]
        i, j = np.triu_indices(count, 1)
        one, other = rows[:, i].ravel(), rows[:, j].ravel()
        if left is not None:
            across = left[one] != left[other]
            one, other = one[across], other[across]
        found.append(np.minimum(one, other) * size + np.maximum(one, other))
    return found
