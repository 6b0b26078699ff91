"""How far two cases are apart in age, time and place, and how alike that makes them: closed forms, no data.

Intervals are [low, high] pairs (a point has low = high); places are points in space with a blur. All functions compare
one thing with many at once and return float64 arrays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
# An interval narrower than this share of the other counts as a point at its middle: the error is the square of it,
# while the cubes below would lose all digits.
_NARROW = 1e-4


def alikeness(separation: ArrayLike, scale: float, power: float) -> Floats:
    """(1 + separation/scale)^-power: 1 at no separation, falling steadily, never 0.

    A power law and not an exponential, because intervals between serial killings follow one (docs/methods/linkage.md).
    """
    return np.asarray(np.power(1.0 + np.asarray(separation, dtype=np.float64) / scale, -power))


def expected_gap(low: ArrayLike, high: ArrayLike, lows: ArrayLike, highs: ArrayLike) -> Floats:
    """Mean |X - Y| for X uniform on [low, high] and Y uniform on each [lows, highs]; same unit as the input.

    Overlapping: E|X-Y| = (|b-c|^3 + |a-d|^3 - |b-d|^3 - |a-c|^3) / (6 (b-a) (d-c)) with [a,b], [c,d].
    Apart: the distance of the middles, exactly, and without the cancellation of the cubes. A point in an interval:
    ((x-c)^2 + (d-x)^2) / (2 (d-c)).
    """
    a, b, c, d = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (low, high, lows, highs)))
    gap = np.array(np.abs((a + b) - (c + d)) / 2)
    overlap = (a < d) & (c < b)
    if overlap.any():
        gap[overlap] = _overlapping(a[overlap], b[overlap], c[overlap], d[overlap])
    return gap


def _overlapping(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    """Mean distance of overlapping intervals, at least one of which has a width; in units of the wider one."""
    wide, narrow = np.maximum(b - a, d - c), np.minimum(b - a, d - c)
    first_is_narrow = b - a < d - c
    middle = np.where(first_is_narrow, (a + b) / 2, (c + d) / 2)
    low, high = np.where(first_is_narrow, c, a), np.where(first_is_narrow, d, b)
    inside = (((middle - low) / wide) ** 2 + ((high - middle) / wide) ** 2) / 2
    cubes = sum(sign * (np.abs(end) / wide) ** 3 for sign, end in ((1, b - c), (1, a - d), (-1, b - d), (-1, a - c)))
    ratio = np.maximum(narrow / wide, _NARROW)
    return np.asarray(wide * np.where(narrow / wide <= _NARROW, inside, cubes / (6 * ratio)))


def in_space(lat: ArrayLike, lon: ArrayLike) -> Floats:
    """Points on the sphere as (N, 3) kilometers from the center of the Earth; degrees in."""
    phi, lam = np.radians(np.asarray(lat, dtype=np.float64)), np.radians(np.asarray(lon, dtype=np.float64))
    unit = np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)
    return np.asarray(EARTH_RADIUS_KM * unit)


def place_distance_km(point: Floats, points: Floats) -> Floats:
    """Root mean square distance between a place and each of N places; rows are x, y, z, blur in kilometers.

    With a blur s the place may be anywhere, s being the root mean square distance from its point; for independent
    places E d^2 = chord^2 + s_a^2 + s_b^2 exactly. The chord through the Earth is 0.1 % short of the arc at 1,000 km.
    """
    apart = points[:, :3] - point[:3]
    squared = np.einsum("ij,ij->i", apart, apart) + points[:, 3] ** 2 + point[3] ** 2
    return np.asarray(np.sqrt(squared))
