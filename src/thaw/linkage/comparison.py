"""The comparisons: what the values of one feature are, and how alike any two of them are.

`Comparison` is the Protocol that a new kind of feature implements (an extension point): the distinct values it met
(`levels`), the code of each case among them, and the alikeness of a value with every level. Everything else (rates,
fair weights, the Bayes factor) is the same for all and lives in `rates`.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.coded import CodedComparison, SetComparison
from thaw.linkage.intervals import IntervalComparison
from thaw.linkage.preset import Feature
from thaw.linkage.profiles import Profile, Profiles
from thaw.linkage.spots import PlaceComparison

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
AnyCodes = NDArray[np.signedinteger[Any]]


class Comparison(Protocol):
    """One kind of feature over the levels it met; a value is whatever `value_of` returns, None for unknown.

    A balanced comparison gives factors that average to 1 over the background already and need no fair weights.
    """

    @property
    def balanced(self) -> bool:
        """True when `alike` is a fair factor."""

    @property
    def size(self) -> int:
        """Number of levels U."""

    @property
    def unit(self) -> str | None:
        """Unit of `separation`, None where values have no distance."""

    def encode(self, profiles: Profiles) -> tuple[Comparison, Codes]:
        """The comparison over the values of other cases, and each case's code (-1 for unknown)."""

    def shares(self, counts: Floats) -> Floats:
        """Background share of each level, given how many cases of the background have it; adds up to 1."""

    def equals(self, value: Any) -> NDArray[np.bool_]:
        """Levels that hold the same value as a person would say it."""

    def value_of(self, profile: Profile) -> Any:
        """The profile's value of this feature, None if unknown."""

    def level(self, code: int) -> Any:
        """The value of level `code`."""

    def code_of(self, value: Any) -> int:
        """Code of the level equal to the value, -1 if it is not among them."""

    def alike(self, value: Any) -> Floats:
        """Alikeness (0 to 1) of a value with all U levels."""

    def alike_level(self, code: int) -> Floats:
        """Alikeness of level `code` with all U levels."""

    def alike_self(self, value: Any) -> float:
        """Alikeness of a value with itself; below 1 where the value is vague."""

    def alike_pairs(self, first: AnyCodes, second: AnyCodes) -> Floats:
        """Alikeness of pairs of level codes."""

    def separation(self, value: Any, other: Any) -> float | None:
        """Expected distance of two values in `unit`."""

    def label(self, value: Any) -> str:
        """The value as a short text."""

    def nodes(self, counts: Floats) -> tuple[Comparison, Codes]:
        """A coarser comparison of at most some thousand levels, and the node of each level; itself where small."""


def compare(feature: Feature, profiles: Profiles) -> tuple[Comparison, Codes]:
    """The comparison of one feature over the values of these cases, and each case's code (-1 for unknown)."""
    if feature.kind == "categorical":
        return CodedComparison.fit(feature, profiles)
    if feature.kind == "set":
        return SetComparison.fit(feature, profiles)
    if feature.kind == "place":
        return PlaceComparison.fit(feature, profiles)
    return IntervalComparison.fit(feature, profiles)
