"""The ids of many cases, packed: a million of them in tens of megabytes, with their order and quick finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray


class CaseIds(Sequence[str]):
    """Ids as UTF-8 in one array; reads like a tuple of texts."""

    def __init__(self, ids: Iterable[str] | NDArray[np.bytes_]) -> None:
        if isinstance(ids, np.ndarray):
            self.packed: NDArray[np.bytes_] = ids
        else:
            self.packed = np.array([one.encode() for one in ids], dtype=np.bytes_)

    def __len__(self) -> int:
        return int(self.packed.size)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> CaseIds: ...
    def __getitem__(self, index: int | slice) -> str | CaseIds:
        if isinstance(index, slice):
            return CaseIds(self.packed[index])
        return bytes(self.packed[index]).decode()

    def __iter__(self) -> Iterator[str]:
        return (bytes(one).decode() for one in self.packed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(str.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """Row numbers in the order of the ids; UTF-8 sorts as the texts do."""
        return np.argsort(self.packed, kind="stable")

    @cached_property
    def place(self) -> NDArray[np.intp]:
        """Place of each row in the order of the ids."""
        found = np.empty(len(self), dtype=np.intp)
        found[self.order] = np.arange(len(self))
        return found

    @property
    def distinct(self) -> bool:
        """True when no id stands twice."""
        ranked = self.packed[self.order]
        return not bool((ranked[1:] == ranked[:-1]).any())

    def find(self, one: str) -> int:
        """Row of an id, -1 if it is not here."""
        wanted = one.encode()
        if not len(self) or len(wanted) > self.packed.dtype.itemsize:
            return -1
        spot = int(np.searchsorted(self.packed, np.bytes_(wanted), sorter=self.order))
        row = int(self.order[spot]) if spot < len(self) else -1
        return row if row >= 0 and bytes(self.packed[row]) == wanted else -1
