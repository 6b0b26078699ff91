"""A map without tiles: counties shaded by how many cases they hold, points with their uncertainty, outlines."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from thaw.data import places, read_json

from .albers import HEIGHT, WIDTH, place_on_map, units_per_km
from .svg import element, figure, link, number, rect, safe, words

CLASSES = 6
_LEGEND = 34.0
_WIDE = 975.0
_INSETS = ("02", "15")
_NAME_ROOM = 18.0  # units of the picture from the middle of a state's letters to its edge: nearer they would be cut
_LEAST = 60.0  # units of the page that the smallest picture shows


@dataclass(frozen=True, slots=True)
class Spot:
    """A place known as a point: degrees (WGS 84), how far off it may be, how many cases, and what opens it."""

    lat: float
    lon: float
    precision_km: float
    label: str
    count: int = 1
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the map's page that is drawn: left, top, width, height in its units."""

    x: float
    y: float
    width: float
    height: float


def us_map(
    counts: Mapping[str, int],
    spots: Sequence[Spot] = (),
    *,
    title: str,
    names: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    frame: Frame | None = None,
) -> str:
    """The picture.

    counts  cases by FIPS code of the county (five digits) or state (two), which an area is shaded for
    names   of areas, for who points at one; links: what opens one
    frame   what is drawn; without it all areas and points, with a margin
    """
    shown = frame or frame_of(counts, spots)
    scale = _WIDE / shown.width
    height = shown.height * scale
    steps = class_steps(counts.values())
    parts = [*_areas(counts, steps, names or {}, links or {}, shown)]
    inside = [spot for spot in spots if place_on_map(spot.lon, spot.lat) is not None]
    dots = [_spot(spot, scale) for spot in inside]
    # Strokes are set here for the scale, and not in the style sheet: a drawing program may not know fixed widths.
    drawn = element(
        "g",
        "".join([*parts, *dots]),
        stroke_width=0.6 / scale,
        transform=f"scale({number(scale)}) translate({number(-shown.x)} {number(-shown.y)})",
    )
    clip = element(
        "svg",
        drawn,
        x=0,
        y=0,
        width=_WIDE,
        height=height,
        viewBox=f"0 0 {number(_WIDE)} {number(height)}",
        overflow="hidden",
    )
    description = f"{sum(counts.values()):,} cases in {len(counts):,} areas, {len(inside):,} points."
    names_of = [name for fips in _drawn_states(counts, shown) for name in _state_name(fips, shown, scale)]
    # A line around what is drawn: states beyond it are cut there on purpose.
    edge = rect(1.0, 1.0, _WIDE - 2, height - 2, "neatline", fill="none")
    body = [clip, *names_of, edge, *_legend(steps, height)]
    has_links = bool(links) or any(spot.to for spot in inside)
    return figure(
        body, width=_WIDE, height=height + _LEGEND, name="map", title=title, description=description, links=has_links
    )


def class_steps(values: Iterable[int]) -> list[int]:
    """Lowest count of each shade: a doubling or more from one to the next, the first 1."""
    top = max(values, default=0)
    if top <= 0:
        return []
    ratio = max(2.0, top ** (1 / CLASSES))
    steps = [1]
    while len(steps) < CLASSES:
        following = max(steps[-1] + 1, math.ceil(ratio ** len(steps)))
        if following > top:
            break
        steps.append(following)
    return steps


def shade(count: int, steps: Sequence[int]) -> int:
    """Number of the shade of a count, from 1; 0 for none."""
    return sum(count >= step for step in steps)


def frame_of(counts: Mapping[str, int], spots: Sequence[Spot]) -> Frame:
    """All areas and points with a margin; the whole country when there is nothing, or more than half of it."""
    boxes = [_box(fips) for fips in counts if outline(fips)]
    points = [at for spot in spots if (at := place_on_map(spot.lon, spot.lat)) is not None]
    boxes += [(x - 10, y - 10, x + 10, y + 10) for x, y in points]
    if not boxes:
        return Frame(0, 0, WIDTH, HEIGHT)
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[2] for b in boxes), max(b[3] for b in boxes)
    wide, high = max(right - left, _LEAST) * 1.16, max(bottom - top, _LEAST * 0.6) * 1.16
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    if wide > WIDTH * 0.6:
        return Frame(0, 0, WIDTH, HEIGHT)
    high = min(max(high, wide * 0.45), HEIGHT)
    wide = max(wide, high * WIDTH / HEIGHT)  # as wide as the whole country would be, so that no edge cuts into the page
    return Frame(middle_x - wide / 2, middle_y - high / 2, wide, high)


@cache
def outline(fips: str) -> str:
    """The outline of a state or county as an SVG path in units of the map; empty for one that the map does not have."""
    shapes = read_json("places/us_shapes.json")
    rings: list[list[int]] = shapes["states" if len(fips) == 2 else "counties"].get(fips, [])
    return "".join(_ring(ring, shapes["arcs"]) for ring in rings)


def _ring(ring: Sequence[int], arcs: Sequence[Sequence[int]]) -> str:
    corners: list[tuple[int, int]] = []
    for n in ring:
        arc = _corners(arcs[n]) if n >= 0 else _corners(arcs[~n])[::-1]
        corners += arc[1:] if corners and corners[-1] == arc[0] else arc
    (x, y), path = corners[0], f"M{number(corners[0][0] / 10)},{number(corners[0][1] / 10)}l"
    steps = []
    for next_x, next_y in corners[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{number((next_x - x) / 10)},{number((next_y - y) / 10)}")
            x, y = next_x, next_y
    return path + " ".join(steps) + "z" if steps else ""


def _corners(arc: Sequence[int]) -> list[tuple[int, int]]:
    x, y = arc[0], arc[1]
    found = [(x, y)]
    for i in range(2, len(arc), 2):
        x, y = x + arc[i], y + arc[i + 1]
        found.append((x, y))
    return found


@cache
def _box(fips: str) -> tuple[float, float, float, float]:
    shapes = read_json("places/us_shapes.json")
    rings = shapes["states" if len(fips) == 2 else "counties"].get(fips, [])
    corners = [c for ring in rings for n in ring for c in _corners(shapes["arcs"][n if n >= 0 else ~n])]
    xs, ys = [x / 10 for x, _ in corners], [y / 10 for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _meets(fips: str, shown: Frame) -> bool:
    left, top, right, bottom = _box(fips)
    return left <= shown.x + shown.width and right >= shown.x and top <= shown.y + shown.height and bottom >= shown.y


def _areas(
    counts: Mapping[str, int],
    steps: Sequence[int],
    names: Mapping[str, str],
    links: Mapping[str, str],
    shown: Frame,
) -> Iterable[str]:
    shapes = read_json("places/us_shapes.json")
    touched = {fips[:2] for fips in counts}
    states = _drawn_states(counts, shown)
    yield from (element("path", d=outline(fips), class_="ground") for fips in states)
    # Empty counties of states in which something lies are one path: thousands of elements would only slow the page.
    empty = [f for f in shapes["counties"] if f[:2] in touched and f not in counts and _meets(f, shown)]
    if empty:
        yield element("path", d="".join(map(outline, empty)), class_="county")
    for fips in sorted(counts, key=lambda code: (len(code), code)):
        if not outline(fips) or not _meets(fips, shown):
            continue
        count = counts[fips]
        told = f"{names.get(fips, fips)}: {count:,} {'case' if count == 1 else 'cases'}"
        path = element(
            "path",
            element("title", safe(told)),
            d=outline(fips),
            class_=f"area shade-{shade(count, steps)}",
            data_fips=fips,
        )
        yield link(links[fips], path, told) if fips in links else path
    scale = _WIDE / shown.width
    yield element("path", d="".join(map(outline, states)), class_="state", fill="none", stroke_width=1.0 / scale)


def _drawn_states(counts: Mapping[str, int], shown: Frame) -> list[str]:
    """States of which something is seen. Alaska and Hawaii are insets: beside a part of the mainland that is drawn
    large they are not there."""
    touched = {fips[:2] for fips in counts}
    whole = shown.width >= WIDTH
    states = read_json("places/us_shapes.json")["states"]
    return [s for s in states if _meets(s, shown) and (whole or s in touched or s not in _INSETS)]


def _state_name(fips: str, shown: Frame, scale: float) -> Iterable[str]:
    """The two letters of a state in its middle, where the picture is large enough for them."""
    state = places.state(fips)
    at = place_on_map(state.lon, state.lat) if state else None
    if state is None or at is None or scale < 1.0:
        return
    left, top, right, bottom = _box(fips)
    margin = _NAME_ROOM / scale
    if not shown.x + margin < at[0] < shown.x + shown.width - margin:
        return
    if not shown.y + margin < at[1] < shown.y + shown.height - margin:
        return
    if (right - left) * scale > 40 and (bottom - top) * scale > 30:
        x, y = (at[0] - shown.x) * scale, (at[1] - shown.y) * scale
        yield words(x, y, state.usps, text_anchor="middle", class_="state-name")


def _spot(spot: Spot, scale: float) -> str:
    place = place_on_map(spot.lon, spot.lat)
    assert place is not None
    x, y = place
    radius = spot.precision_km * units_per_km(spot.lon, spot.lat)
    told = element("title", safe(f"{spot.label}, within {spot.precision_km:g} km"))
    body = element("circle", cx=x, cy=y, r=radius, class_="unsure") if radius * scale > 3 else ""
    body += element("circle", told, cx=x, cy=y, r=min(3.5 + math.log2(max(spot.count, 1)), 9.0) / scale, class_="spot")
    return link(spot.to, body, spot.label) if spot.to else body


def _legend(steps: Sequence[int], top: float) -> list[str]:
    parts = []
    for i, low in enumerate(steps, start=1):
        last = i == len(steps)
        label = f"{low:,}+" if last else f"{low:,}" if steps[i] == low + 1 else f"{low:,} to {steps[i] - 1:,}"
        x = 4 + (i - 1) * 150.0
        # Larger than other words: the map is drawn much smaller than it is when it stands on a screen.
        parts += [rect(x, top + 12, 24, 17, f"area shade-{i}"), words(x + 32, top + 27, label, class_="muted legend")]
    return parts


def known_areas() -> Collection[str]:
    """FIPS codes of the states and counties that the map has."""
    shapes = read_json("places/us_shapes.json")
    return {*shapes["states"], *shapes["counties"]}
