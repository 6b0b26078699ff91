"""What stands where: for every text that a reader may see its length, kind, case, document, dates; as arrays by id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLUMNS = (
    *("kind", "ref", "page", "place", "version", "source", "size", "seq", "role", "quality", "type"),
    *("case_id", "box_id", "document_id", "section"),
)
_TEXTS = ("kind", "ref", "place", "version", "source", "role", "type", "case_id", "box_id", "document_id", "section")
Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Directory:
    """The visible texts of an index by their ids, 0 to `size` - 1; a place without a text has `length` 0."""

    def __init__(self) -> None:
        self.size = 0
        self.seq = -1
        self.length: NDArray[np.float32] = np.zeros(0, np.float32)
        self.page: NDArray[np.int32] = np.zeros(0, np.int32)
        self.quality: NDArray[np.float32] = np.zeros(0, np.float32)
        self.entry: Ids = np.zeros(0, np.int64)
        self.unit: Ids = np.zeros(0, np.int64)
        self._codes: dict[str, NDArray[np.int32]] = {name: np.zeros(0, np.int32) for name in _TEXTS}
        self._numbers: dict[str, dict[str | None, int]] = {name: {None: 0} for name in _TEXTS}
        self._names: dict[str, list[str | None]] = {name: [None] for name in _TEXTS}

    def renewed(self) -> Directory:
        """The same texts, to which others may be added while somebody still searches this one."""
        made = copy(self)
        made._codes = dict(self._codes)
        return made

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take in rows of id and COLUMNS; what has all the names of an older text replaces it."""
        if not rows:
            return
        for name in ("count", "relative_length"):
            self.__dict__.pop(name, None)
        columns = dict(zip(("id", *COLUMNS), zip(*rows, strict=True), strict=True))
        ids = np.array(columns["id"], np.int64)
        self._grow(int(ids.max()) + 1)
        self.length[ids], self.unit[ids] = 0, -1
        refs = [self._number("ref", ref) for ref in set(columns["ref"])]
        old = np.flatnonzero(np.isin(self._codes["ref"], refs) & self.there()) if self.seq >= 0 else ids[:0]
        self.page[ids] = columns["page"]
        self.entry[ids] = columns["seq"]
        self.quality[ids] = [np.nan if value is None else value for value in columns["quality"]]
        for name in _TEXTS:
            numbers = self._numbers[name]
            for value in set(columns[name]) - numbers.keys():
                self._number(name, value)
            self._codes[name][ids] = [numbers[value] for value in columns[name]]
        # Late: whoever holds a copy from before sees a text only when its words and place are known.
        self.length[ids] = np.maximum(np.array(columns["size"], np.float32), 1)
        self._join_versions(old, ids)
        self.seq = max(self.seq, *columns["seq"])

    def _join_versions(self, old: Ids, new: Ids) -> None:
        """Give all versions of one page the same unit, the id of the first; drop what was replaced."""
        every = np.concatenate([old, new])
        keys = self._keys(every)
        first = np.unique(keys, return_index=True, return_inverse=True)
        self.unit[new] = self._first_unit(every, first[1])[first[2]][len(old) :]
        if len(old):
            versions = self._codes["version"]
            newest = {
                (k, v): i for k, v, i in zip(keys.tolist(), versions[every].tolist(), every.tolist(), strict=True)
            }
            gone = [
                i
                for k, v, i in zip(keys.tolist(), versions[every].tolist(), every.tolist(), strict=True)
                if newest[k, v] != i
            ]
            self.length[gone] = 0

    def _first_unit(self, every: Ids, first: NDArray[np.intp]) -> Ids:
        known = self.unit[every[first]]
        return np.where(known >= 0, known, every[first])

    def there(self) -> Mask:
        """Which ids have a text."""
        return self.length > 0

    @cached_property
    def count(self) -> int:
        """How many texts there are."""
        return int(self.there().sum())

    @cached_property
    def relative_length(self) -> NDArray[np.float32]:
        """Length of each text over the average of its kind."""
        kinds, there = self._codes["kind"], self.there()
        sums = np.bincount(kinds, weights=self.length)
        means = sums / np.maximum(np.bincount(kinds, weights=there), 1)
        return (self.length / np.maximum(means, 1)[kinds]).astype(np.float32)

    def known(self, ids: Ids) -> Ids:
        """Those of the ids that have a text here."""
        inside: Ids = ids[ids < self.size]
        return inside[self.length[inside] > 0]

    def values(self, name: str) -> list[str | None]:
        """The different values of a column of texts, by their number."""
        return self._names[name]

    def numbers(self, name: str) -> NDArray[np.int32]:
        """The number of the value of a column of texts, by id."""
        return self._codes[name]

    def where(self, name: str, values: Iterable[str | None]) -> Mask:
        """Which texts have one of these values in a column of texts."""
        chosen = [number for value in values if (number := self._numbers[name].get(value)) is not None]
        return np.isin(self._codes[name], chosen) & self.there()

    def _keys(self, ids: Ids) -> Ids:
        """One number per kind, ref, page and place. Room for a million documents, pages of one, and cases."""
        kind, ref, place = (self._codes[name][ids].astype(np.int64) for name in ("kind", "ref", "place"))
        return ((kind << 20 | ref) << 20 | (self.page[ids].astype(np.int64) & 0xFFFFF)) << 20 | place

    def _number(self, name: str, value: str | None) -> int:
        numbers = self._numbers[name]
        if value not in numbers:
            numbers[value] = len(numbers)
            self._names[name].append(value)
        return numbers[value]

    def _grow(self, size: int) -> None:
        if size <= self.size:
            return
        room = max(size, self.size + self.size // 4)
        more = room - len(self.length)
        if more > 0:
            self.length = np.append(self.length, np.zeros(more, np.float32))
            self.entry = np.append(self.entry, np.zeros(more, np.int64))
            self.unit = np.append(self.unit, np.full(more, -1, np.int64))
            self.page = np.append(self.page, np.zeros(more, np.int32))
            self.quality = np.append(self.quality, np.full(more, np.nan, np.float32))
            for name in _TEXTS:
                self._codes[name] = np.append(self._codes[name], np.zeros(more, np.int32))
        self.size = len(self.length)
