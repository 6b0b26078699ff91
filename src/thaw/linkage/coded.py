"""Comparisons of coded values: single codes with a taxonomy and vague codes, and sets of them.

A code may stand for others ("firearm, type not stated"; "other or unknown", which a body found late brings about): it
is read as what it may hide, so it can speak for or against by what is lost more easily, and is no match by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.preset import Feature
from thaw.linkage.profiles import Column, Profile, Profiles
from thaw.linkage.strata import Strata, decade_of, decades_of, ratio

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
_ROUNDS = 2000
_SETTLED = 1e-14

Local = tuple[str, int]
"""A code, and the step of its local share on the grid of `strata`."""


@dataclass(frozen=True)
class CodedComparison:
    """Codes as they are in their decade and agency; `fair[a, b]` of two codes averages to 1 over the background.

    codes   sorted codes of the background; share of each, half a case added
    levels  (code number, step) of what the cases hold, sorted
    known   cases of the background whose code is known; `more` = codes of other cases that the background lacks
    """

    feature: Feature
    codes: tuple[str, ...]
    share: Floats
    fair: Floats
    strata: Strata
    levels: NDArray[np.intp]
    known: float
    more: tuple[str, ...] = ()
    balanced = True
    unit = None

    @staticmethod
    def fit(feature: Feature, profiles: Profiles) -> tuple[CodedComparison, Codes]:
        """From the cases of the background."""
        column = _column(feature, profiles)
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels)).astype(np.float64)
        share = (counts + 0.5) / max(counts.sum() + counts.size / 2, 0.5)
        strata = Strata.fit(column.codes.astype(np.intp), share, decades_of(profiles), profiles)
        fair = fair_kernel(feature, column.levels, share)
        empty = np.empty((0, 2), dtype=np.intp)
        found = CodedComparison(feature, column.levels, share, fair, strata, empty, float(counts.sum()))
        return found.encode(profiles)

    def encode(self, profiles: Profiles) -> tuple[CodedComparison, Codes]:
        """The comparison over the values of these cases, and each case's code (-1 for unknown)."""
        column = _column(self.feature, profiles)
        more = tuple(level for level in column.levels if level not in self._place)
        moved = np.array([self._spot(level, more) for level in column.levels], dtype=np.intp)
        codes = np.where(column.codes >= 0, np.append(moved, -1)[column.codes], -1)
        known = np.where(codes < len(self.codes), codes, -1)
        steps = self.strata.steps_of(known, decades_of(profiles), profiles).astype(np.intp)
        # One number per pair of code and step; the steps lie within a byte.
        key = codes * 256 + steps + 128
        levels, inverse = np.unique(key[codes >= 0], return_inverse=True)
        found = np.full(codes.size, -1, dtype=np.intp)
        found[codes >= 0] = inverse
        pairs = np.column_stack([levels // 256, levels % 256 - 128]).astype(np.intp)
        return replace(self, levels=pairs, more=more), found

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    def _spot(self, code: str, more: tuple[str, ...]) -> int:
        return self._place[code] if code in self._place else len(self.codes) + more.index(code)

    @property
    def size(self) -> int:
        """Number of levels."""
        return int(self.levels.shape[0])

    def shares(self, counts: Floats) -> Floats:
        """Background share of each level: that of its code, divided as the cases are."""
        code = self.levels[:, 0]
        in_code = np.bincount(code, counts, len(self.codes) + len(self.more))[code]
        return np.append(self.share, np.zeros(len(self.more)))[code] * counts / np.maximum(in_code, 1e-300)

    def value_of(self, profile: Profile) -> Local | None:
        """The code and its step."""
        code = profile.categorical.get(self.feature.name)
        if code is None:
            return None
        return code, self.strata.step_of(self._place.get(code, -1), decade_of(profile), profile.agency)

    def level(self, code: int) -> Local:
        """The code at this level, and its step."""
        number, step = self.levels[code].tolist()
        return (*self.codes, *self.more)[number], step

    def code_of(self, value: Local) -> int:
        """Level of the value, -1 if no case has it."""
        if value[0] not in self._place and value[0] not in self.more:
            return -1
        at = np.flatnonzero((self.levels == (self._spot(value[0], self.more), value[1])).all(axis=1))
        return int(at[0]) if at.size else -1

    def equals(self, value: Local) -> NDArray[np.bool_]:
        """Levels with the same code, whatever their decade and agency."""
        spot = self._spot(value[0], self.more) if value[0] in self._place or value[0] in self.more else -1
        return np.asarray(self.levels[:, 0] == spot)

    def alike(self, value: Local) -> Floats:
        """Fair factor of a copy with every level: the taxonomy's, by the more common of the two local shares."""
        row = np.zeros(len(self.codes) + len(self.more))
        if value[0] in self._place:
            row[: len(self.codes)] = self.fair[self._place[value[0]]]
        elif value[0] in self.more:
            # A code that the background lacks counts as half a case of its own.
            row[self._spot(value[0], self.more)] = 2 * self.known + len(self.codes) + 1
        return row[self.levels[:, 0]] / np.maximum(ratio(value[1]), ratio(self.levels[:, 1].astype(np.int8)))

    def alike_level(self, code: int) -> Floats:
        """As `alike`."""
        return self.alike(self.level(code))

    def alike_self(self, value: Local) -> float:
        """A fair kernel is not asked."""
        return 1.0

    def alike_pairs(self, first: Codes, second: Codes) -> Floats:
        """Looked up in the matrix of all levels."""
        return np.asarray(np.array([self.alike_level(code) for code in range(self.size)])[first, second])

    def separation(self, value: Local, other: Local) -> float | None:
        """Codes have no distance."""
        return None

    def label(self, value: Local) -> str:
        """The code itself; the caller knows its words."""
        return value[0]

    def nodes(self, counts: Floats) -> tuple[CodedComparison, Codes]:
        """Itself: code lists are short."""
        return self, np.arange(self.size)


def fair_kernel(feature: Feature, codes: tuple[str, ...], share: Floats) -> Floats:
    """(U, U) factors of a copy: Q(a) Q(b) / p summed over true codes, and over their groups by the group share.

    share  of each code as recorded. Averages to 1 over b for every a: the true shares p are those under which what is
    recorded comes about (expectation and maximization), and each Q is what a recorded code says of the true one. Only
    where two codes of `unknowns` would be a match is it held at 1, which makes that average smaller.
    """
    told = _told(feature, codes, share)
    true = share @ told
    fair = _overlap(told, true)
    silent = np.array([code in feature.unknowns for code in codes], dtype=np.bool_)
    if feature.group_share and feature.groups:
        names = {code: f"group {name}" for name, members in feature.groups.items() for code in members}
        nodes = sorted({names.get(code, code) for code in codes})
        member = np.array([[names.get(code, code) == node for node in nodes] for code in codes], dtype=np.float64)
        fair = (1 - feature.group_share) * fair + feature.group_share * _overlap(told @ member, true @ member)
    # What two records both do not say is never a match, though it shuts out what would have been told.
    return np.where(silent[:, None] & silent[None, :], np.minimum(fair, 1.0), fair)


def _told(feature: Feature, codes: tuple[str, ...], share: Floats) -> Floats:
    """(U, U): row a is the distribution of the true code behind the recorded code a."""
    place = {code: number for number, code in enumerate(codes)}
    told = np.eye(len(codes))
    vague: dict[int, Floats] = {}
    for code, rates in feature.vague.items():
        likely = np.zeros(len(codes))
        for other, rate in rates.items():
            if other in place and other not in feature.vague:
                likely[place[other]] = rate
        if code in place and likely.any():
            vague[place[code]] = likely
    if not vague:
        return told
    for row, likely in vague.items():
        told[row] = likely / likely.sum()
    for _ in range(_ROUNDS):
        true = share @ told
        change = 0.0
        for row, likely in vague.items():
            new = true * likely / (true @ likely)
            change = max(change, float(np.abs(new - told[row]).max()))
            told[row] = new
        if change < _SETTLED:
            break
    return told


def _overlap(told: Floats, true: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(true > 0, told / np.where(true > 0, true, 1.0), 0.0)
    return np.asarray(each @ told.T)


def _column(feature: Feature, profiles: Profiles) -> Column:
    column = profiles.categorical.get(feature.name)
    return Column((), np.full(len(profiles), -1, dtype=np.int16)) if column is None else column


@dataclass(frozen=True)
class SetComparison:
    """Sets of codes, written `a|b`: alike by the share of what either holds that both hold; rare items count more."""

    feature: Feature
    levels: tuple[str, ...]
    worth: Mapping[str, float]
    balanced = False
    unit = None

    @staticmethod
    def fit(feature: Feature, profiles: Profiles) -> tuple[SetComparison, Codes]:
        """From the cases of the background: an item of share p is worth -ln p."""
        column = _column(feature, profiles)
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
        items: dict[str, float] = {}
        for level, count in zip(column.levels, counts.tolist(), strict=True):
            for item in _items(level):
                items[item] = items.get(item, 0.0) + count
        total = counts.sum() + 1.0
        worth = {item: float(-np.log((count + 0.5) / (total + 0.5))) for item, count in sorted(items.items())}
        return SetComparison(feature, (), worth).encode(profiles)

    def encode(self, profiles: Profiles) -> tuple[SetComparison, Codes]:
        """The comparison over the sets of these cases."""
        column = _column(self.feature, profiles)
        return replace(self, levels=column.levels), column.codes.astype(np.intp)

    @property
    def size(self) -> int:
        """Number of different sets."""
        return len(self.levels)

    def shares(self, counts: Floats) -> Floats:
        """Half a case added to each."""
        return np.asarray((counts + 0.5) / max(counts.sum() + counts.size / 2, 0.5))

    def value_of(self, profile: Profile) -> str | None:
        """The set as it is written."""
        return profile.categorical.get(self.feature.name)

    def level(self, code: int) -> str:
        """The set at this place."""
        return self.levels[code]

    def code_of(self, value: str) -> int:
        """Place of the set, -1 if no case has it."""
        return self.levels.index(value) if value in self.levels else -1

    def equals(self, value: str) -> NDArray[np.bool_]:
        """The level with the same set."""
        return np.array([level == value for level in self.levels], dtype=np.bool_)

    def alike(self, value: str) -> Floats:
        """Worth of what both hold over worth of what either holds."""
        ours = _items(value)
        return np.array([self._alike(ours, _items(level)) for level in self.levels])

    def alike_level(self, code: int) -> Floats:
        """As `alike`."""
        return self.alike(self.levels[code])

    def alike_self(self, value: str) -> float:
        """A set is alike itself."""
        return 1.0

    def alike_pairs(self, first: Codes, second: Codes) -> Floats:
        """Looked up in the matrix of all sets."""
        return np.asarray(np.array([self.alike(level) for level in self.levels])[first, second])

    def separation(self, value: str, other: str) -> float | None:
        """Sets have no distance."""
        return None

    def label(self, value: str) -> str:
        """The items with commas."""
        return ", ".join(sorted(_items(value)))

    def nodes(self, counts: Floats) -> tuple[SetComparison, Codes]:
        """Itself."""
        return self, np.arange(self.size)

    def _alike(self, ours: frozenset[str], theirs: frozenset[str]) -> float:
        # Sorted, since the order of a set changes from run to run and sums of floats with it.
        either = sum(self._worth(item) for item in sorted(ours | theirs))
        return sum(self._worth(item) for item in sorted(ours & theirs)) / either if either > 0 else 1.0

    def _worth(self, item: str) -> float:
        return self.worth.get(item, max(self.worth.values(), default=1.0))


def _items(text: str) -> frozenset[str]:
    return frozenset(item for item in text.split("|") if item)
