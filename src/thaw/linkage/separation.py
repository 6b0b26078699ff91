"""How far two cases are apart in age, time and place, and how alike that makes them: closed forms, no data.

Intervals are [low, high] pairs (a point has low = high); places are points in space with a blur. All functions compare
one thing with many at once and return float64 arrays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
# On the clock an interval narrower than this share of the period counts as a point at its middle: the error is the
# square of it, while differences of cubes would lose the digits.
_NARROW = 1e-5
_BLOCK = 8192  # places compared at once


def alikeness(separation: ArrayLike, scale: float, power: float) -> Floats:
    """(1 + separation/scale)^-power: 1 at no separation, falling steadily, never 0.

    A power law and not an exponential, because intervals between serial killings follow one (docs/methods/linkage.md).
    """
    near = np.asarray(np.asarray(separation, dtype=np.float64) / scale)
    near += 1.0
    return np.asarray(np.power(near, -power, out=near))


def expected_gap(low: ArrayLike, high: ArrayLike, lows: ArrayLike, highs: ArrayLike) -> Floats:
    """Mean |X - Y| for X uniform on [low, high] and Y uniform on each [lows, highs]; same unit as the input.

    Apart: the distance of the middles. The narrower interval of width n inside the wider [c, d] of width w, its middle
    at m: ((m-c)^2 + (d-m)^2 + n^2/6) / (2 w). Half in: the part inside and the part outside, each by its share. Exact,
    and nothing cancels, unlike in the formula with the cubes of all four ends.
    """
    a, b, c, d = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (low, high, lows, highs)))
    gap = np.array(np.abs((a + b) - (c + d)) / 2)
    overlap = (a < d) & (c < b)
    if overlap.any():
        gap[overlap] = _overlapping(a[overlap], b[overlap], c[overlap], d[overlap])
    return gap


def _overlapping(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    """Mean distance of overlapping intervals, at least one of which has a width."""
    first_is_narrow = b - a < d - c
    near, far = np.where(first_is_narrow, a, c), np.where(first_is_narrow, b, d)
    start, end = np.where(first_is_narrow, c, a), np.where(first_is_narrow, d, b)
    inner, outer = np.maximum(near, start), np.minimum(far, end)
    middle = (inner + outer) / 2
    inside = ((middle - start) ** 2 + (end - middle) ** 2 + (outer - inner) ** 2 / 6) / (2 * (end - start))
    # At most one end of the narrower interval sticks out of the wider one.
    width = far - near
    stuck = (width - (outer - inner)) / np.where(width > 0, width, 1)
    rest = np.where(near < start, (near + start) / 2, (end + far) / 2)
    outside = np.abs(rest - (start + end) / 2)
    return np.asarray(np.where(stuck > 0, stuck * outside + (1 - stuck) * inside, inside))


def circular_gap(low: ArrayLike, high: ArrayLike, lows: ArrayLike, highs: ArrayLike, period: float) -> Floats:
    """Mean distance round a clock of `period` of X uniform on [low, high] and Y uniform on each [lows, highs].

    Intervals are not folded: one longer than the period covers some hours twice, as the night does in two days. The
    distance is the triangle wave |x| on [-P/2, P/2], repeated; its mean is P/4 and the second antiderivative of what is
    left is y^3/6 - P y^2/8 at y = the folded x. The same four ends as in a plain gap give the mean, exactly.
    """
    a, b, c, d = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (low, high, lows, highs)))
    first, second = (a + b) / 2, (c + d) / 2
    wide, broad = b - a, d - c
    point, other = wide < _NARROW * period, broad < _NARROW * period
    gap = np.array(np.abs(_folded(first - second, period)))
    for still, x, start, end in ((point & ~other, first, c, d), (other & ~point, second, a, b)):
        swept = _swept(x[still] - start[still], period) - _swept(x[still] - end[still], period)
        gap[still] = period / 4 + swept / (end - start)[still]
    both = ~point & ~other
    ends = ((1, b - c), (-1, a - c), (-1, b - d), (1, a - d))
    total = sum(sign * _swept_twice(x[both], period) for sign, x in ends)
    gap[both] = period / 4 + total / (wide * broad)[both]
    return np.asarray(np.maximum(gap, 0.0))


def _folded(x: Floats, period: float) -> Floats:
    return np.asarray((x + period / 2) % period - period / 2)


def _swept(x: Floats, period: float) -> Floats:
    """First antiderivative of the triangle wave less its mean."""
    y = _folded(x, period)
    return np.asarray(np.sign(y) * (y * y / 2 - period * np.abs(y) / 4))


def _swept_twice(x: Floats, period: float) -> Floats:
    """Second antiderivative of the triangle wave less its mean."""
    y = np.abs(_folded(x, period))
    return np.asarray(y**3 / 6 - period * y * y / 8)


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
    distance = np.empty(points.shape[0])
    # In blocks that stay in the cache: a million scattered places then take a third of the time and no large copies.
    for start in range(0, points.shape[0], _BLOCK):
        block = points[start : start + _BLOCK]
        squared = block[:, 3] ** 2 + point[3] ** 2
        for axis in range(3):
            apart = block[:, axis] - point[axis]
            apart *= apart
            squared += apart
        np.sqrt(squared, out=distance[start : start + _BLOCK])
    return distance
