"""Lays degrees on the flat map of the United States: an equal-area cone for the mainland, Alaska and Hawaii as insets.

The page is 975 by 610 units, as that of the pre-projected maps of us-atlas, so that these serve as a check.
Formulas: Snyder, Map Projections: A Working Manual (USGS Professional Paper 1395, 1987), equations 14-1 to 14-6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDTH, HEIGHT = 975.0, 610.0
EARTH_KM = 6371.0088  # mean radius of the WGS 84 ellipsoid (IUGG)
_SCALE = 1300.0


@dataclass(frozen=True, slots=True)
class _Cone:
    """One part of the map: its central meridian, standard parallels, middle (degrees), where it lies and how large."""

    meridian: float
    parallels: tuple[float, float]
    middle: tuple[float, float]
    at: tuple[float, float]
    scale: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Degrees to units of the page, y downward."""
        first, second = (math.radians(each) for each in self.parallels)
        n = (math.sin(first) + math.sin(second)) / 2
        c = math.cos(first) ** 2 + 2 * n * math.sin(first)

        def flat(degrees_east: float, degrees_north: float) -> tuple[float, float]:
            rho = math.sqrt(max(c - 2 * n * math.sin(math.radians(degrees_north)), 0.0)) / n
            theta = n * math.radians((degrees_east + 180) % 360 - 180)
            return rho * math.sin(theta), -rho * math.cos(theta)

        x, y = flat(lon - self.meridian, lat)
        middle_x, middle_y = flat(self.middle[0] - self.meridian, self.middle[1])
        return self.at[0] + self.scale * (x - middle_x), self.at[1] - self.scale * (y - middle_y)


_MIDDLE = (WIDTH / 2, HEIGHT / 2)
# Meridians, parallels and the places of the insets are those of the usual composite (d3's Albers USA).
_MAINLAND = _Cone(-96.0, (29.5, 45.5), (-96.6, 38.7), _MIDDLE, _SCALE)
_ALASKA = _Cone(
    -154.0, (55.0, 65.0), (-156.0, 58.5), (_MIDDLE[0] - 0.307 * _SCALE, _MIDDLE[1] + 0.201 * _SCALE), 0.35 * _SCALE
)
_HAWAII = _Cone(-157.0, (8.0, 18.0), (-160.0, 19.9), (_MIDDLE[0] - 0.205 * _SCALE, _MIDDLE[1] + 0.212 * _SCALE), _SCALE)


def part_of(lon: float, lat: float) -> str | None:
    """Which part of the map a point belongs to: mainland, alaska or hawaii; None where the map has nothing."""
    if 24.0 <= lat <= 49.6 and -125.5 <= lon <= -66.5:
        return "mainland"
    if 50.5 <= lat <= 72.0 and (lon <= -129.0 or lon >= 172.0):
        return "alaska"
    return "hawaii" if 18.5 <= lat <= 23.0 and -161.0 <= lon <= -154.0 else None


def place_on_map(lon: float, lat: float) -> tuple[float, float] | None:
    """Units of the page for a point in degrees (WGS 84); None outside the fifty states and DC."""
    part = part_of(lon, lat)
    return None if part is None else _PARTS[part].place(lon, lat)


def units_per_km(lon: float, lat: float) -> float:
    """How many units of the page a kilometre has there: areas are true, so this is the mean over all directions."""
    part = part_of(lon, lat)
    return (_PARTS[part].scale if part else _SCALE) / EARTH_KM


_PARTS = {"mainland": _MAINLAND, "alaska": _ALASKA, "hawaii": _HAWAII}
