"""Makes the outlines of states and counties for the map from the us-atlas county topology.

In: the folder of the unpacked npm package us-atlas 3.0.1 (file counties-10m.json). Out: us_shapes.json in
src/thaw/data/places, byte for byte the same on every run.

    python scripts/make_shapes.py US_ATLAS_FOLDER

Arcs (borders that two counties share are kept once) are laid on the map of `thaw.report.place_on_map`, thinned by the
area of the triangle that a corner makes with its neighbours (Visvalingam and Whyatt 1993), and kept as whole tenths of
a unit. Territories are not on the map.
"""

from __future__ import annotations

import heapq
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from thaw.report import place_on_map

_OUT = Path(__file__).parents[1] / "src" / "thaw" / "data" / "places" / "us_shapes.json"
_LEAST_AREA = 25.0  # square tenths, a quarter of a square unit: less than the eye sees at the width of a page
_TERRITORIES = ("60", "66", "69", "72", "78")
Point = tuple[float, float]


def arcs_in_degrees(topology: dict[str, Any]) -> list[list[Point]]:
    """Arcs in degrees: each stored point is a step from the one before, scaled and shifted."""
    (scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for stored in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in stored:
            x, y = x + step_x, y + step_y
            arc.append((x * scale_x + shift_x, y * scale_y + shift_y))
        found.append(arc)
    return found


def thinned(arc: Sequence[Point]) -> list[Point]:
    """The arc without the corners that matter least; its ends stay."""
    alive = dict.fromkeys(range(len(arc)))
    before = {i: i - 1 for i in alive}
    after = {i: i + 1 for i in alive}

    def weight(i: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = arc[before[i]], arc[i], arc[after[i]]
        return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2

    heap = [(weight(i), i) for i in range(1, len(arc) - 1)]
    heapq.heapify(heap)
    # A border that ends where it began is an island or a town inside a county: it must stay an area.
    fewest = 5 if arc[0] == arc[-1] else 2
    while heap and len(alive) > fewest:
        area, i = heapq.heappop(heap)
        if area >= _LEAST_AREA:
            break
        if i not in alive or area < weight(i):
            if i in alive:
                heapq.heappush(heap, (weight(i), i))
            continue
        del alive[i]
        after[before[i]], before[after[i]] = after[i], before[i]
    return [arc[i] for i in alive]


def whole_steps(arc: Sequence[Point]) -> list[int]:
    """Whole tenths, the first place and then steps: x0, y0, dx, dy, ..."""
    places = [(round(x), round(y)) for x, y in arc]
    kept = [places[0], *(b for a, b in pairwise(places) if a != b)]
    if len(kept) == 1:
        kept.append(kept[0])
    steps = [kept[0][0], kept[0][1]]
    for (ax, ay), (bx, by) in pairwise(kept):
        steps += [bx - ax, by - ay]
    return steps


def rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """Rings of a geometry as lists of arc numbers, holes like outlines."""
    for polygon in [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]:
        yield from polygon


def make(folder: Path) -> dict[str, Any]:
    """The document."""
    topology = json.loads((folder / "counties-10m.json").read_text(encoding="utf-8"))
    shapes = {
        name: {
            g["id"]: list(rings(g)) for g in topology["objects"][name]["geometries"] if g["id"][:2] not in _TERRITORIES
        }
        for name in ("states", "counties")
    }
    degrees = arcs_in_degrees(topology)
    used = sorted(
        {n if n >= 0 else ~n for kind in shapes.values() for shape in kind.values() for r in shape for n in r}
    )
    number = {old: new for new, old in enumerate(used)}
    arcs = []
    for old in used:
        laid = [at for lon, lat in degrees[old] if (at := place_on_map(lon, lat)) is not None]
        arcs.append(whole_steps(thinned([(x * 10, y * 10) for x, y in laid])))
    renamed = {
        kind: {
            fips: [[number[n] if n >= 0 else ~number[~n] for n in ring] for ring in shape]
            for fips, shape in sorted(some.items())
        }
        for kind, some in shapes.items()
    }
    return {
        "source": "npm package us-atlas 3.0.1, counties-10m.json (Census Bureau, edition of 2017), ISC; see README.md",
        "date": "2026-11-21",
        "units": "tenths of the units of thaw.report.place_on_map, 975 by 610",
        "arcs": arcs,
        **renamed,
    }


def main(arguments: Sequence[str]) -> int:
    """Write the file; 2 without a folder."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    _OUT.write_text(json.dumps(make(Path(arguments[0])), separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
