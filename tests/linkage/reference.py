"""The linkage model once more, in plain loops from its formulas: slow, obvious, and sharing no code with src."""

from __future__ import annotations

import math


def expected_gap(a: float, b: float, c: float, d: float, steps: int = 400) -> float:
    """Mean |X - Y| over the middles of a fine grid; points stay points."""

    def spread(low: float, high: float) -> list[float]:
        return [low] if low == high else [low + (high - low) * (k + 0.5) / steps for k in range(steps)]

    ours, theirs = spread(a, b), spread(c, d)
    return sum(abs(x - y) for x in ours for y in theirs) / (len(ours) * len(theirs))


def alikeness(separation: float, scale: float, power: float) -> float:
    return (1 + separation / scale) ** -power


def chord_km(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Straight line through the Earth, by the haversine of the angle."""
    phi, phi2 = math.radians(lat), math.radians(lat2)
    across = math.radians(lon2 - lon)
    haversine = math.sin((phi2 - phi) / 2) ** 2 + math.cos(phi) * math.cos(phi2) * math.sin(across / 2) ** 2
    return 2 * 6371.0088 * math.sqrt(haversine)


def fair_weights(shares: list[float], kernel: list[list[float]]) -> list[float]:
    """w with w_a * sum_b p_b K_ab w_b = 1, by many damped rounds."""
    size = len(shares)
    weights = [1.0] * size
    for _ in range(500):
        seen = [sum(shares[b] * kernel[a][b] * weights[b] for b in range(size)) for a in range(size)]
        weights = [math.sqrt(weights[a] / seen[a]) for a in range(size)]
    return weights


def jeffreys(counts: list[int]) -> list[float]:
    return [(count + 0.5) / (sum(counts) + len(counts) / 2) for count in counts]


def log10_bf(consistency: float, fair: float, clamp_log10: float) -> float:
    factor = math.log10(consistency * fair + 1 - consistency)
    return max(-clamp_log10, min(clamp_log10, factor))


def true_count_chances(posteriors: list[float]) -> list[float]:
    """Chance of 0, 1, ... true ones by going through every combination."""
    chances = [0.0] * (len(posteriors) + 1)
    for combination in range(2 ** len(posteriors)):
        chance, true = 1.0, 0
        for place, posterior in enumerate(posteriors):
            if combination >> place & 1:
                chance, true = chance * posterior, true + 1
            else:
                chance *= 1 - posterior
        chances[true] += chance
    return chances
