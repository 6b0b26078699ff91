"""The comparisons: what the values of one feature are, and how alike any two of them are.

`Comparison` is the Protocol that a new kind of feature implements (an extension point): the distinct values it met
(`levels`), the code of each case among them, and the alikeness of a value with every level. Everything else (rates,
fair weights, the Bayes factor) is the same for all and lives in `rates`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.levels import cells, distinct, find_row, mean_and_variance
from thaw.linkage.preset import Feature
from thaw.linkage.profiles import Profile, Profiles
from thaw.linkage.separation import alikeness, expected_gap, in_space, place_distance_km

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
AnyCodes = NDArray[np.signedinteger[Any]]


class Comparison(Protocol):
    """One kind of feature over the levels it met; a value is whatever `value_of` returns, None for unknown."""

    @property
    def size(self) -> int:
        """Number of levels U."""

    @property
    def unit(self) -> str | None:
        """Unit of `separation`, None where values have no distance."""

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


@dataclass(frozen=True, slots=True)
class CodedComparison:
    """Coded values: the same code is alike, different codes are not, but for the codes that coders exchange."""

    feature: Feature
    levels: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of levels."""
        return len(self.levels)

    @property
    def unit(self) -> str | None:
        """Codes have no distance."""
        return None

    def value_of(self, profile: Profile) -> str | None:
        """The code."""
        return profile.categorical.get(self.feature.name)

    def level(self, code: int) -> str:
        """The code at this place of the sorted levels."""
        return self.levels[code]

    def code_of(self, value: str) -> int:
        """Place of the code, -1 if never seen."""
        return self.levels.index(value) if value in self.levels else -1

    def alike(self, value: str) -> Floats:
        """1 for the same code, the preset's alikeness for exchanged ones, 0 otherwise."""
        kin = {two for one, two in self.feature.kin if one == value} | {
            one for one, two in self.feature.kin if two == value
        }
        grades = [1.0 if level == value else self.feature.alikeness if level in kin else 0.0 for level in self.levels]
        return np.array(grades)

    def alike_level(self, code: int) -> Floats:
        """As `alike`."""
        return self.alike(self.levels[code])

    def alike_self(self, value: str) -> float:
        """A code is alike itself."""
        return 1.0

    def alike_pairs(self, first: AnyCodes, second: AnyCodes) -> Floats:
        """Looked up in the small matrix of all levels."""
        return np.asarray(np.array([self.alike(level) for level in self.levels])[first, second])

    def separation(self, value: str, other: str) -> float | None:
        """Codes have no distance."""
        return None

    def label(self, value: str) -> str:
        """The code itself; the caller knows its words."""
        return value

    def nodes(self, counts: Floats) -> tuple[Comparison, Codes]:
        """Itself: code lists are short."""
        return self, np.arange(self.size)


@dataclass(frozen=True, slots=True)
class IntervalComparison:
    """Ages or times: intervals, alike by their expected gap."""

    feature: Feature
    levels: Floats  # (U, 2) sorted by low, then high
    most_nodes: int = 1100  # every month of ninety years is a node of its own

    @property
    def size(self) -> int:
        """Number of different intervals."""
        return int(self.levels.shape[0])

    @property
    def unit(self) -> str:
        """Years of age, or days."""
        return "years" if self.feature.kind == "age" else "days"

    def value_of(self, profile: Profile) -> tuple[float, float] | None:
        """(low, high); one end alone is not known."""
        ends = (
            (profile.age_low, profile.age_high) if self.feature.kind == "age" else (profile.date_from, profile.date_to)
        )
        return None if ends[0] is None or ends[1] is None else (ends[0], ends[1])

    def level(self, code: int) -> tuple[float, float]:
        """(low, high)."""
        return float(self.levels[code, 0]), float(self.levels[code, 1])

    def code_of(self, value: tuple[float, float]) -> int:
        """Found in the sorted levels."""
        return find_row(self.levels, value)

    def alike(self, value: tuple[float, float]) -> Floats:
        """By the expected gap to every level."""
        gap = expected_gap(value[0], value[1], self.levels[:, 0], self.levels[:, 1])
        return alikeness(gap, self.feature.scale, self.feature.power)

    def alike_level(self, code: int) -> Floats:
        """As `alike`."""
        return self.alike(self.level(code))

    def alike_self(self, value: tuple[float, float]) -> float:
        """Below 1 for an interval: two cases within it are a third of its width apart on average."""
        return float(alikeness(expected_gap(*value, *value), self.feature.scale, self.feature.power))

    def alike_pairs(self, first: AnyCodes, second: AnyCodes) -> Floats:
        """By the expected gap of each pair."""
        (a, b), (c, d) = self.levels[first].T, self.levels[second].T
        return alikeness(expected_gap(a, b, c, d), self.feature.scale, self.feature.power)

    def separation(self, value: tuple[float, float], other: tuple[float, float]) -> float:
        """Expected gap in years or days."""
        return float(expected_gap(*value, *other))

    def label(self, value: tuple[float, float]) -> str:
        """`24-30` or `24`."""
        return f"{value[0]:g}" if value[0] == value[1] else f"{value[0]:g}-{value[1]:g}"

    def nodes(self, counts: Floats) -> tuple[Comparison, Codes]:
        """Neighboring intervals as one, of the same mean and variance as a case drawn from them."""
        cell = cells(self.levels, self.most_nodes)
        if cell.size <= self.most_nodes:
            return self, cell
        low, high = self.levels.T
        middle, scatter = mean_and_variance(cell, counts, (low + high) / 2)
        within, _ = mean_and_variance(cell, counts, (high - low) ** 2 / 12)  # variance of a uniform
        half = np.sqrt(3 * (scatter + within))
        return IntervalComparison(self.feature, np.column_stack([middle - half, middle + half])), cell


@dataclass(frozen=True, slots=True)
class PlaceComparison:
    """Places: points with a blur, alike by their root mean square distance; the blur is capped by the preset."""

    feature: Feature
    levels: Floats  # (U, 3) lat, lon, spread_km sorted
    spots: Floats  # (U, 4) x, y, z and capped blur in km
    most_nodes: int = 3300  # every county of the United States is a node of its own

    @property
    def size(self) -> int:
        """Number of different places."""
        return int(self.spots.shape[0])

    @property
    def unit(self) -> str:
        """Kilometers."""
        return "km"

    def value_of(self, profile: Profile) -> tuple[float, float, float] | None:
        """(lat, lon, spread_km); a place without a stated blur is a point."""
        if profile.lat is None or profile.lon is None:
            return None
        return profile.lat, profile.lon, profile.spread_km or 0.0

    def level(self, code: int) -> tuple[float, float, float]:
        """(lat, lon, spread_km)."""
        lat, lon, spread = self.levels[code]
        return float(lat), float(lon), float(spread)

    def code_of(self, value: tuple[float, float, float]) -> int:
        """Found in the sorted levels."""
        return find_row(self.levels, value)

    def alike(self, value: tuple[float, float, float]) -> Floats:
        """By the distance to every level."""
        return self._kernel(place_distance_km(self._spot(value), self.spots))

    def alike_level(self, code: int) -> Floats:
        """As `alike`, from the spot: a node has no latitude."""
        return self._kernel(place_distance_km(self.spots[code], self.spots))

    def alike_self(self, value: tuple[float, float, float]) -> float:
        """Below 1 for an area: two cases in one county are not at one spot."""
        spot = self._spot(value)
        return float(self._kernel(place_distance_km(spot, spot[None]))[0])

    def alike_pairs(self, first: AnyCodes, second: AnyCodes) -> Floats:
        """By the distance of each pair."""
        one, two = self.spots[first], self.spots[second]
        apart = one[:, :3] - two[:, :3]
        squared = np.einsum("ij,ij->i", apart, apart) + one[:, 3] ** 2 + two[:, 3] ** 2
        distance: Floats = np.sqrt(squared)
        return self._kernel(distance)

    def separation(self, value: tuple[float, float, float], other: tuple[float, float, float]) -> float:
        """Root mean square distance in km, blurs included."""
        return float(place_distance_km(self._spot(value), self._spot(other)[None])[0])

    def label(self, value: tuple[float, float, float]) -> str:
        """`40.770, -111.930 (1 km)`; the caller knows the county's name."""
        return f"{value[0]:.3f}, {value[1]:.3f} ({value[2]:g} km)"

    def nodes(self, counts: Floats) -> tuple[Comparison, Codes]:
        """Neighboring places as one, whose blur holds their own and their scatter."""
        cell = cells(self.spots[:, :3], self.most_nodes)
        if cell.size <= self.most_nodes:
            return self, cell
        axes = [mean_and_variance(cell, counts, axis) for axis in self.spots[:, :3].T]
        squared, _ = mean_and_variance(cell, counts, self.spots[:, 3] ** 2)
        blur = np.sqrt(squared + sum(variance for _, variance in axes))
        spots = np.column_stack([*(mean for mean, _ in axes), blur])
        return PlaceComparison(self.feature, np.empty((0, 3)), spots), cell

    def _spot(self, value: tuple[float, float, float]) -> Floats:
        spot: Floats = spots_of(np.array([value]), self.feature.spread_cap_km)[0]
        return spot

    def _kernel(self, distance_km: Floats) -> Floats:
        return alikeness(distance_km, self.feature.scale, self.feature.power)


def spots_of(places: Floats, spread_cap_km: float) -> Floats:
    """(U, 3) lat, lon, spread_km as (U, 4) x, y, z, capped blur in km."""
    spread = np.minimum(places[:, 2], spread_cap_km)
    return np.column_stack([in_space(places[:, 0], places[:, 1]), spread])


def compare(feature: Feature, profiles: Profiles) -> tuple[Comparison, Codes]:
    """The comparison of one feature over the values of these cases, and each case's code (-1 for unknown)."""
    if feature.kind == "categorical":
        column = profiles.categorical.get(feature.name)
        if column is None:
            return CodedComparison(feature, ()), np.full(len(profiles), -1, dtype=np.intp)
        return CodedComparison(feature, column.levels), column.codes.astype(np.intp)
    if feature.kind == "place":
        spread = np.where(np.isnan(profiles.spread_km), 0.0, profiles.spread_km)
        levels, codes = distinct(profiles.lat, profiles.lon, spread)
        return PlaceComparison(feature, levels, spots_of(levels, feature.spread_cap_km)), codes
    ends = (profiles.age_low, profiles.age_high) if feature.kind == "age" else (profiles.date_from, profiles.date_to)
    levels, codes = distinct(*ends)
    return IntervalComparison(feature, levels), codes
