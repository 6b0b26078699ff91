"""The background: how common every value is among the cases searched, and their columns packed for scoring.

In: `Profiles` and a `Preset`. Out: `Background`, fitted once per set of cases and held in memory. True links are so few
among all pairs that the rates need no labels (docs/methods/linkage.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError
from thaw.linkage.comparison import Comparison, compare
from thaw.linkage.preset import CODED, Preset
from thaw.linkage.profiles import Profile, Profiles
from thaw.linkage.rates import Rates

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
AnyCodes = NDArray[np.signedinteger[Any]]
# Tables of this many float64 stay in the second-level cache of a laptop while a million rows are looked up.
_PACK_ROOM = 1 << 14


@dataclass(frozen=True, slots=True)
class Pack:
    """Features whose combined values fit one table: one look-up per case instead of one per feature.

    sizes  levels of each feature plus one for unknown, the last; codes  mixed-radix code of each case
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    codes: NDArray[np.int32]

    def table(self, rows: Mapping[str, Floats]) -> Floats:
        """Sum of the features' log10 factors for every combination; `rows` hold U+1 entries each, 0 for unknown."""
        total = np.zeros(1)
        for name, size in zip(self.names, self.sizes, strict=True):
            total = (total[:, None] + rows.get(name, np.zeros(size))[None, :]).ravel()
        return total


@dataclass(frozen=True, slots=True)
class Coded:
    """Cases ready to be scored: per feature the levels, their fair weights, and each case's code (-1 unknown)."""

    profiles: Profiles
    comparisons: Mapping[str, Comparison]
    weights: Mapping[str, Floats]
    codes: Mapping[str, AnyCodes]
    packs: tuple[Pack, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """Rates of every feature over the fitted cases, those cases packed, and their digest."""

    preset: Preset
    rates: Mapping[str, Rates]
    coded: Coded
    id_order: Codes
    digest: str

    @staticmethod
    def fit(profiles: Profiles, preset: Preset) -> Background:
        """Rates from all these cases; raises InputError for a categorical column that the preset does not know."""
        known = preset.names(*CODED)
        for name in profiles.categorical:
            if name not in known:
                raise InputError(
                    where="cases to link",
                    got=f"the column {name}",
                    want=f"a categorical feature of the preset {preset.name}",
                    fix="Leave the column out.",
                )
        compared: dict[str, tuple[Comparison, AnyCodes]] = {}
        rates: dict[str, Rates] = {}
        for feature in preset.features:
            levels, codes = compare(feature, profiles)
            rates[feature.name] = Rates.fit(feature, levels, codes)
            compared[feature.name] = levels, _narrow(codes, levels.size)
        coded = _coded(profiles, compared, {name: rate.weight for name, rate in rates.items()})
        order = profiles.id_order()
        return Background(preset, rates, coded, order, profiles.digest(order))

    def encode(self, profiles: Profiles) -> Coded:
        """Other cases, ready to be scored against these rates; the fitted cases themselves cost nothing."""
        if profiles is self.coded.profiles:
            return self.coded
        compared: dict[str, tuple[Comparison, AnyCodes]] = {}
        for name, rate in self.rates.items():
            levels, codes = rate.comparison.encode(profiles)
            compared[name] = levels, _narrow(codes, levels.size)
        weights = {name: self._weights(name, levels) for name, (levels, _) in compared.items()}
        return _coded(profiles, compared, weights)

    def values(self, query: Profile) -> dict[str, object]:
        """The query's known values by feature, in scoring order; raises InputError for an unknown feature."""
        for name in query.categorical:
            if name not in self.rates:
                raise InputError(
                    where=f"case {query.id}",
                    got=f"the feature {name}",
                    want=f"a categorical feature of the preset {self.preset.name}",
                    fix="Leave it out.",
                )
        found = {name: rate.comparison.value_of(query) for name, rate in self.rates.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _weights(self, name: str, levels: Comparison) -> Floats:
        rate = self.rates[name]
        return np.array([rate.weight_of(levels.level(code)) for code in range(levels.size)], dtype=np.float64)


def _coded(
    profiles: Profiles, compared: Mapping[str, tuple[Comparison, AnyCodes]], weights: Mapping[str, Floats]
) -> Coded:
    comparisons = {name: levels for name, (levels, _) in compared.items()}
    codes = {name: case_codes for name, (_, case_codes) in compared.items()}
    return Coded(profiles, comparisons, weights, codes, tuple(_packed(comparisons, codes)))


def _narrow(codes: Codes, size: int) -> AnyCodes:
    """The codes in the narrowest type that holds them: a million cases of 40 fields then take 60 MB and not 320."""
    kind = np.int8 if size < 2**7 else np.int16 if size < 2**15 else np.int32
    return codes.astype(kind)


def _packed(comparisons: Mapping[str, Comparison], codes: Mapping[str, AnyCodes]) -> list[Pack]:
    """Features in scoring order, as many to a pack as fit; features that no case knows are in none."""
    groups: list[list[str]] = []
    room = 0
    for name, levels in comparisons.items():
        if levels.size == 0:
            continue
        if not groups or room * (levels.size + 1) > _PACK_ROOM:
            groups.append([])
            room = 1
        groups[-1].append(name)
        room *= levels.size + 1
    return [_pack(tuple(group), comparisons, codes) for group in groups]


def _pack(names: tuple[str, ...], comparisons: Mapping[str, Comparison], codes: Mapping[str, AnyCodes]) -> Pack:
    sizes = tuple(comparisons[name].size + 1 for name in names)
    # A pack has at most `_PACK_ROOM` combinations, or the levels of one feature: no more than there are cases.
    packed = np.zeros(codes[names[0]].size, dtype=np.int32)
    for name, size in zip(names, sizes, strict=True):
        packed *= size
        packed += np.where(codes[name] < 0, np.int32(size - 1), codes[name])
    return Pack(names, sizes, packed)
