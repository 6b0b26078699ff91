"""A link chart: who and what is named together, drawn with as thick a line as there are independent sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .layout import force_layout
from .svg import cut, element, figure, link, number, safe, words

_WIDTH, _HEIGHT, _MARGIN = 1080.0, 720.0, 46.0
_EASY = 800
_MANY = 120  # nodes, beyond which things with one source have no name
_NAME = 150.0  # units that a name may take
_SHAPES = {"case": 11.0, "person": 7.0}
_FLAT = 0.7  # height of a case by its width


@dataclass(frozen=True, slots=True)
class Node:
    """Somebody or something: `key` is unique, `kind` goes to the style sheet, `to` opens it."""

    key: str
    label: str
    kind: str
    to: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """What joins two nodes: `sources` independent sources say so; `kind` is `named`, `decided` or `certain`."""

    one: str
    other: str
    sources: int
    kind: str = "named"
    to: str | None = None
    note: str = ""


def chart_places(
    nodes: Sequence[Node], edges: Sequence[Edge], pinned: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Where each node stands, in parts of the picture from 0 to 1; pinned ones where they are."""
    index = {node.key: i for i, node in enumerate(nodes)}
    lines = [
        (index[e.one], index[e.other], float(max(e.sources, 1))) for e in edges if e.one in index and e.other in index
    ]
    held = {index[key]: place for key, place in pinned.items() if key in index}
    at = force_layout(len(nodes), lines, pinned=held)
    return {node.key: (float(at[i, 0]), float(at[i, 1])) for i, node in enumerate(nodes)}


def link_chart(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    places: Mapping[str, tuple[float, float]],
    *,
    title: str,
    path: Sequence[str] = (),
) -> str:
    """The picture. One source: a thin grey line; more: thicker, at most nine units.

    places  of each node, in parts from 0 to 1
    path    nodes in order whose joining lines are marked
    """
    at = {
        key: (_MARGIN + x * (_WIDTH - 2 * _MARGIN), _MARGIN + y * (_HEIGHT - 2 * _MARGIN))
        for key, (x, y) in places.items()
    }
    steps = {frozenset(pair) for pair in pairwise(path)}
    # A wide, unseen line is easier to hit; among thousands it would only weigh the page down.
    easy = len(edges) <= _EASY
    parts = [
        _edge(edge, at, frozenset((edge.one, edge.other)) in steps, easy=easy)
        for edge in edges
        if edge.one in at and edge.other in at
    ]
    shown = [node for node in nodes if node.key in at]
    names = _names(shown, edges, at, set(path))
    parts += [_node(node, at[node.key], node.key in path, name_y=names.get(node.key)) for node in shown]
    heavier = sum(e.sources > 1 for e in edges)
    description = f"{len(nodes)} nodes and {len(edges)} lines; {heavier} with more than one source."
    return figure(parts, width=_WIDTH, height=_HEIGHT, name="chart", title=title, description=description, links=True)


def _names(
    nodes: Sequence[Node], edges: Sequence[Edge], at: Mapping[str, tuple[float, float]], path: set[str]
) -> dict[str, float]:
    """How far below its node each name stands (above: negative). A name that would lie on another name or on a node is
    left away and said on hover; on a crowded picture so is that of a thing with one source."""
    heavy = {key for edge in edges if edge.sources > 1 for key in (edge.one, edge.other)}
    lines: dict[str, int] = {}
    for edge in edges:
        for key in (edge.one, edge.other):
            lines[key] = lines.get(key, 0) + max(edge.sources, 1)
    order = sorted(nodes, key=lambda n: (n.key not in path, n.kind != "case", n.key not in heavy, -lines.get(n.key, 0)))
    halves = {node.key: _SHAPES.get(node.kind, 6.0) for node in nodes}
    knots = {node.key: _around(at[node.key], halves[node.key], _high(node)) for node in nodes}
    taken: list[_Box] = []
    found: dict[str, float] = {}
    for node in order:
        if len(nodes) > _MANY and not (node.kind == "case" or node.key in heavy or node.key in path):
            continue
        x, y = at[node.key]
        high, wide = _high(node), len(cut(node.label, _NAME)) * 6.2 / 2
        others = [box for key, box in knots.items() if key != node.key and abs(at[key][0] - x) < wide + _SHAPES["case"]]
        for down in (high + 13, -high - 5):
            box = (x - wide, y + down - 10, x + wide, y + down + 3)
            if not any(_touch(box, other) for other in (*taken, *others)):
                taken.append(box)
                found[node.key] = down
                break
    return found


_Box = tuple[float, float, float, float]


def _high(node: Node) -> float:
    """Half the height of a node's shape."""
    return _SHAPES["case"] * _FLAT if node.kind == "case" else _SHAPES.get(node.kind, 6.0)


def _around(place: tuple[float, float], wide: float, high: float) -> _Box:
    return place[0] - wide, place[1] - high, place[0] + wide, place[1] + high


def _touch(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _edge(edge: Edge, at: Mapping[str, tuple[float, float]], marked: bool, *, easy: bool) -> str:
    (x1, y1), (x2, y2) = (tuple(round(v, 1) for v in at[key]) for key in (edge.one, edge.other))
    kind = (
        f"edge {edge.kind}"
        + (" single" if edge.sources <= 1 and edge.kind == "named" else "")
        + (" on-path" if marked else "")
        + ("" if easy else " crowd")
    )
    wide = min(1.0 + 1.6 * (max(edge.sources, 1) - 1), 9.0)
    told = edge.note or f"{edge.sources} independent {'source' if edge.sources == 1 else 'sources'}"
    # Put together by hand: thousands of lines are most of the work of a crowded picture.
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    hit = f'<line {ends} class="hit"/>' if easy else ""
    body = (
        f'<g data-one="{safe(edge.one)}" data-other="{safe(edge.other)}"><title>{safe(told)}</title>{hit}'
        f'<line {ends} class="{kind}" stroke-width="{number(wide)}"/></g>'
    )
    return link(edge.to, body) if edge.to else body


def _node(node: Node, place: tuple[float, float], marked: bool, *, name_y: float | None) -> str:
    x, y = place
    half = _SHAPES.get(node.kind, 6.0)
    kind = f"node {node.kind}" + (" on-path" if marked else "")
    told = element("title", safe(node.label + (f": {node.note}" if node.note else "")))
    if node.kind == "case":
        shape = element(
            "rect", told, x=-half, y=-half * _FLAT, width=2 * half, height=2 * half * _FLAT, rx=3, class_=kind
        )
    elif node.kind == "person":
        shape = element("circle", told, cx=0.0, cy=0.0, r=half, class_=kind)
    else:
        shape = element("path", told, d=f"M0,{-half}L{half},0L0,{half}L{-half},0Z", class_=kind)
    label = ""
    if name_y is not None:
        label = words(0, name_y, node.label, room=_NAME, text_anchor="middle", class_="label small")
    body = element(
        "g", shape + label, transform=f"translate({number(x)} {number(y)})", data_node=node.key, class_="knot"
    )
    return link(node.to, body, node.label) if node.to else body
