"""Places the nodes of a chart: springs along edges, repulsion between all, the same input gives the same picture.

Fruchterman and Reingold, Graph drawing by force-directed placement (1991), from a sunflower spiral instead of a random
start, with a fixed number of rounds; parts that nothing joins are arranged apart. At most a few hundred nodes: all
pairs are computed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_ROUNDS = 220
_SMALL = 0.06  # of the picture that each node of a small part takes
_GOLDEN = math.pi * (3 - math.sqrt(5))


def force_layout(
    count: int,
    edges: Sequence[tuple[int, int, float]],
    *,
    pinned: Mapping[int, tuple[float, float]] | None = None,
    rounds: int = _ROUNDS,
) -> Floats:
    """Places of `count` nodes in the unit square, shape (count, 2); every value from 0 to 1.

    edges   pairs of nodes with a weight > 0: heavier ones pull harder
    pinned  nodes that stay where they are; all others arrange themselves around them
    """
    if count == 0:
        return np.zeros((0, 2))
    held = dict(pinned or {})
    if held:
        return _arranged(count, edges, held, rounds)
    return _packed(count, edges, rounds)


def _packed(count: int, edges: Sequence[tuple[int, int, float]], rounds: int) -> Floats:
    """Each connected part arranged for itself: the largest above, the others in a row below it, by their size."""
    parts = _parts(count, edges)
    at = np.zeros((count, 2))
    rest = sum(len(part) for part in parts[1:])
    strip = 0.0 if rest == 0 else min(0.45, 0.12 + 0.4 * rest / count)
    left = 0.0
    for i, part in enumerate(parts):
        number = {node: k for k, node in enumerate(part)}
        own = [(number[a], number[b], weight) for a, b, weight in edges if a in number]
        places = _arranged(len(part), own, {}, rounds)
        if i == 0:
            at[part] = places * [1.0, 1.0 - strip - (0.06 if strip else 0.0)]
            continue
        # Wide enough for the names below the nodes, and a pair no wider than a pair needs.
        wide = (math.sqrt(len(part)) / sum(math.sqrt(len(p)) for p in parts[1:])) if rest else 1.0
        size = [min(wide * 0.8, _SMALL * len(part)), min(strip, _SMALL * len(part))]
        at[part] = [left + (wide * 0.8 - size[0]) / 2, 1.0 - size[1]] + places * size
        left += wide
    return at


def _parts(count: int, edges: Sequence[tuple[int, int, float]]) -> list[list[int]]:
    """Connected parts, the largest first; equal ones by their first node."""
    head = list(range(count))

    def find(node: int) -> int:
        while head[node] != node:
            head[node] = head[head[node]]
            node = head[node]
        return node

    for one, other, _ in edges:
        head[max(find(one), find(other))] = min(find(one), find(other))
    found: dict[int, list[int]] = {}
    for node in range(count):
        found.setdefault(find(node), []).append(node)
    return sorted(found.values(), key=lambda part: (-len(part), part[0]))


def _arranged(
    count: int, edges: Sequence[tuple[int, int, float]], held: Mapping[int, tuple[float, float]], rounds: int
) -> Floats:
    at = _spiral(count)
    for node, place in held.items():
        at[node] = place
    free = np.array([node not in held for node in range(count)])
    ends = np.array([(a, b) for a, b, _ in edges if a != b], dtype=np.intp).reshape(-1, 2)
    pull = np.array([min(2.0, 0.6 + 0.4 * math.log2(1 + weight)) for a, b, weight in edges if a != b])
    ideal = 0.9 / math.sqrt(count)
    # A crowd finds its places roughly, and each round of it costs more.
    rounds = rounds if count <= 150 else rounds * 150 // count
    # Who is joined to many pushes harder, so that a hub does not gather everything on one spot.
    mass = np.ones(count)
    for end in ends.ravel().tolist():
        mass[end] += 0.6
    mass = np.sqrt(mass)
    for turn in range(rounds):
        heat = 0.12 * (1 - turn / rounds) ** 1.5 + 0.0005
        push = _repulsion(at, ideal, mass)
        _attract(push, at, ends, pull, ideal)
        push -= 0.6 * ideal * (at - 0.5)  # what is connected to nothing must not drift away
        length = np.maximum(np.hypot(push[:, 0], push[:, 1]), 1e-12)
        step = push / length[:, None] * np.minimum(length, heat)[:, None]
        at[free] += step[free]
    return _fitted(at, bool(held))


def _spiral(count: int) -> Floats:
    i = np.arange(count)
    radius = 0.42 * np.sqrt((i + 0.5) / count)
    return np.stack([0.5 + radius * np.cos(i * _GOLDEN), 0.5 + radius * np.sin(i * _GOLDEN)], axis=1)


def _repulsion(at: Floats, ideal: float, mass: Floats) -> Floats:
    x, y = at[:, 0], at[:, 1]
    squared = np.maximum((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2, 1e-6)
    weight = ideal**2 / squared * mass[:, None] * mass
    # The sum of weight * (own place - other place), without an array of all the differences.
    return np.asarray(at * weight.sum(axis=1)[:, None] - weight @ at)


def _attract(push: Floats, at: Floats, ends: NDArray[np.intp], pull: Floats, ideal: float) -> None:
    if not ends.size:
        return
    apart = at[ends[:, 1]] - at[ends[:, 0]]
    length = np.hypot(apart[:, 0], apart[:, 1])
    force = apart * (length / ideal * pull)[:, None]
    np.add.at(push, ends[:, 0], force)
    np.add.at(push, ends[:, 1], -force)


def _fitted(at: Floats, anchored: bool) -> Floats:
    """Into the unit square; with pinned nodes the picture stays where they hold it and is only cut at the edges."""
    if anchored:
        return np.clip(at, 0.0, 1.0)
    low, high = at.min(axis=0), at.max(axis=0)
    wide = np.where(high - low < 1e-9, 1.0, high - low)
    return np.where(high - low < 1e-9, 0.5, (at - low) / wide)
