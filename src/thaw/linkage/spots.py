"""Comparison of places: up to three per case, each a point with a blur, since a county is an area."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.levels import cells, distinct, find_row, mean_and_variance
from thaw.linkage.preset import Feature
from thaw.linkage.profiles import PLACES, Profile, Profiles
from thaw.linkage.separation import alikeness, in_space, place_distance_km

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
_ABSENT = 1e6  # stands for a place that a case does not have: no degree is that large


@dataclass(frozen=True, slots=True)
class PlaceComparison:
    """Alike by the shortest of the root mean square distances between any place of one case and any of the other.

    levels  (U, 3 k) lat, lon, spread_km of k places, sorted; `_ABSENT` where a case has fewer
    spots   (U, k, 4) x, y, z and capped blur in km, NaN where a case has fewer
    """

    feature: Feature
    levels: Floats
    spots: Floats
    most_nodes: int = 3300  # every county of the United States is a node of its own
    balanced = False
    unit = "km"

    @staticmethod
    def fit(feature: Feature, profiles: Profiles) -> tuple[PlaceComparison, Codes]:
        """Nothing is learned but which places there are."""
        return PlaceComparison(feature, np.empty((0, 3)), np.empty((0, 1, 4))).encode(profiles)

    def encode(self, profiles: Profiles) -> tuple[PlaceComparison, Codes]:
        """The comparison over the places of these cases, and each case's level (-1 for none known)."""
        levels, codes = distinct(*_columns(profiles))
        return replace(self, levels=levels, spots=spots_of(levels, self.feature.spread_cap_km)), codes

    @property
    def size(self) -> int:
        """Number of different places."""
        return int(self.spots.shape[0])

    def shares(self, counts: Floats) -> Floats:
        """Half a case added to each."""
        return np.asarray((counts + 0.5) / max(counts.sum() + counts.size / 2, 0.5))

    def value_of(self, profile: Profile) -> tuple[float, ...] | None:
        """(lat, lon, spread_km) of each place; a place without a stated blur is a point."""
        found: list[float] = []
        for lat, lon, spread in ((getattr(profile, name) for name in names) for names in PLACES):
            if lat is not None and lon is not None:
                found += [lat, lon, spread or 0.0]
        return tuple(found) or None

    def level(self, code: int) -> tuple[float, ...]:
        """(lat, lon, spread_km) of each place."""
        return _there(self.levels[code].tolist())

    def code_of(self, value: tuple[float, ...]) -> int:
        """Found in the sorted levels."""
        return find_row(self.levels, self._padded(value)) if len(value) <= self.levels.shape[1] else -1

    def equals(self, value: tuple[float, ...]) -> NDArray[np.bool_]:
        """The level with the same places."""
        return np.asarray(np.arange(self.size) == self.code_of(value))

    def alike(self, value: tuple[float, ...]) -> Floats:
        """By the distance to every level."""
        return self._kernel(_shortest(self._spots(value), self.spots))

    def alike_level(self, code: int) -> Floats:
        """As `alike`, from the spots: a node has no latitude."""
        return self._kernel(_shortest(self.spots[code], self.spots))

    def alike_self(self, value: tuple[float, ...]) -> float:
        """Below 1 for an area: two cases in one county are not at one spot."""
        spots = self._spots(value)
        return float(self._kernel(_shortest(spots, spots[None]))[0])

    def alike_pairs(self, first: Codes, second: Codes) -> Floats:
        """By the distance of each pair."""
        one, two = self.spots[first], self.spots[second]
        best = np.full(first.size, np.inf)
        for ours in range(one.shape[1]):
            for theirs in range(two.shape[1]):
                apart = one[:, ours, :3] - two[:, theirs, :3]
                blur = one[:, ours, 3] ** 2 + two[:, theirs, 3] ** 2
                best = np.fmin(best, np.sqrt(np.einsum("ij,ij->i", apart, apart) + blur))
        return self._kernel(best)

    def separation(self, value: tuple[float, ...], other: tuple[float, ...]) -> float:
        """Root mean square distance in km, blurs included, of the two places that are nearest."""
        return float(_shortest(self._spots(value), self._spots(other)[None])[0])

    def label(self, value: tuple[float, ...]) -> str:
        """`40.770, -111.930 (1 km)`; the caller knows the county's name."""
        known = [value[i : i + 3] for i in range(0, len(value), 3) if value[i] != _ABSENT]
        return "; ".join(f"{lat:.3f}, {lon:.3f} ({spread:g} km)" for lat, lon, spread in known)

    def nodes(self, counts: Floats) -> tuple[PlaceComparison, Codes]:
        """Neighboring places as one, whose blur holds their own and their scatter; by the first place of a case."""
        first = self.spots[:, 0]
        cell = cells(first[:, :3], self.most_nodes)
        if cell.size <= self.most_nodes:
            return self, cell
        axes = [mean_and_variance(cell, counts, axis) for axis in first[:, :3].T]
        squared, _ = mean_and_variance(cell, counts, first[:, 3] ** 2)
        blur = np.sqrt(squared + sum(variance for _, variance in axes))
        spots = np.column_stack([*(mean for mean, _ in axes), blur])
        return replace(self, levels=np.empty((0, 3)), spots=spots[:, None]), cell

    def _padded(self, value: tuple[float, ...]) -> tuple[float, ...]:
        return (*value, *([_ABSENT] * (self.levels.shape[1] - len(value))))

    def _spots(self, value: tuple[float, ...]) -> Floats:
        spots: Floats = spots_of(np.array([value]), self.feature.spread_cap_km)[0]
        return spots

    def _kernel(self, distance_km: Floats) -> Floats:
        return alikeness(distance_km, self.feature.scale, self.feature.power)


def _there(parts: list[float]) -> tuple[float, ...]:
    while len(parts) > 3 and parts[-1] == _ABSENT:
        parts = parts[:-3]
    return tuple(parts)


def spots_of(places: Floats, spread_cap_km: float) -> Floats:
    """(U, 3 k) lat, lon, spread_km as (U, k, 4) x, y, z, capped blur in km; NaN where there is no place."""
    each = places.reshape(places.shape[0], places.shape[1] // 3, 3)
    absent = each[:, :, 0] == _ABSENT
    space = in_space(np.where(absent, 0.0, each[:, :, 0]), np.where(absent, 0.0, each[:, :, 1]))
    spots = np.concatenate([space, np.minimum(each[:, :, 2:], spread_cap_km)], axis=2)
    return np.where(absent[:, :, None], np.nan, spots)


def _shortest(ours: Floats, theirs: Floats) -> Floats:
    """Shortest distance between the k places of one case and those of each of N cases."""
    best = np.full(theirs.shape[0], np.inf)
    for one in ours[~np.isnan(ours[:, 0])]:
        for place in range(theirs.shape[1]):
            best = np.fmin(best, place_distance_km(one, theirs[:, place]))
    return best


def _columns(profiles: Profiles) -> list[Floats]:
    """lat, lon, spread_km of each place, the known ones first; NaN where a case has no place at all."""
    found: list[Floats] = []
    for lat, lon, spread in ((getattr(profiles, name) for name in names) for names in PLACES):
        there = ~np.isnan(lat) & ~np.isnan(lon)
        if found and not there.any():
            continue
        parts = (lat, lon, np.where(np.isnan(spread), 0.0, spread))
        found += [np.where(there, part, _ABSENT) for part in parts]
    _move_up(found)
    none = found[0] == _ABSENT
    found[0] = np.where(none, np.nan, found[0])
    return found


def _move_up(columns: list[Floats]) -> None:
    """Where an earlier place is not known, a later one takes its turn."""
    for _ in range(len(columns) // 3 - 1):
        for start in range(0, len(columns) - 3, 3):
            gap = (columns[start] == _ABSENT) & (columns[start + 3] != _ABSENT)
            for part in range(3):
                here, there = columns[start + part], columns[start + 3 + part]
                columns[start + part] = np.where(gap, there, here)
                columns[start + 3 + part] = np.where(gap, _ABSENT, there)
