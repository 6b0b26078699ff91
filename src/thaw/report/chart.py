"""A link chart: who and what is named together, drawn with as thick a line as there are independent sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .layout import force_layout
from .svg import cut, element, figure, link, number, safe, words

_WIDTH, _HEIGHT, _MARGIN = 1080.0, 720.0, 46.0
_EASY = 800
_NAME = 150.0  # units that a name may take
_LETTER = 6.2  # units of a letter of a name
_HUBS, _FAR = 12, 24  # nodes with most lines, which are named first; nodes whose names may stand further away
_SQUARE = 48.0
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


def chart_names(
    nodes: Sequence[Node], edges: Sequence[Edge], places: Mapping[str, tuple[float, float]], path: Sequence[str] = ()
) -> dict[str, tuple[float, float, str]]:
    """Where the name of each node stands, from its middle, and which end of the words (`text-anchor`) is there.

    Those that matter come first: on the way, cases, what most is joined to, what several sources name. No name lies on
    another name or on a node; one that finds no free place has none, and is shown on hover and focus.
    """
    at = _spots(places)
    shown = [node for node in nodes if node.key in at]
    order = _by_weight(shown, edges, set(path))
    taken = _Taken()
    knots = _Taken()
    for node in shown:
        knots.add(_around(at[node.key], _SHAPES.get(node.kind, 6.0), _high(node)), node.key)
    found: dict[str, tuple[float, float, str]] = {}
    for rank, node in enumerate(order):
        for spot, box in _choices(node, at[node.key], far=rank < _FAR):
            if _inside(box) and not taken.meets(box, "") and not knots.meets(box, node.key):
                found[node.key] = spot
                taken.add(box, "")
                break
    return found


def link_chart(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    places: Mapping[str, tuple[float, float]],
    *,
    title: str,
    path: Sequence[str] = (),
    names: Mapping[str, tuple[float, float, str]] | None = None,
) -> str:
    """The picture. One source: a thin grey line; more: thicker, at most nine units.

    places  of each node, in parts from 0 to 1
    path    nodes in order whose joining lines are marked
    names   as `chart_names` gives them, where they are known; a node that has none shows its name on hover and focus
    """
    at = _spots(places)
    steps = {frozenset(pair) for pair in pairwise(path)}
    # A wide, unseen line is easier to hit; among thousands it would only weigh the page down.
    easy = len(edges) <= _EASY
    parts = [
        _edge(edge, at, frozenset((edge.one, edge.other)) in steps, easy=easy)
        for edge in edges
        if edge.one in at and edge.other in at
    ]
    shown = [node for node in nodes if node.key in at]
    names = chart_names(nodes, edges, places, path) if names is None else names
    parts += [_node(node, at[node.key], node.key in path, name=names.get(node.key)) for node in shown]
    heavier = sum(e.sources > 1 for e in edges)
    description = f"{len(nodes)} nodes and {len(edges)} lines; {heavier} with more than one source."
    if len(names) < len(shown):
        description += f" {len(names)} names are written; the others are shown on hover and focus."
    return figure(parts, width=_WIDTH, height=_HEIGHT, name="chart", title=title, description=description, links=True)


def _spots(places: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Places in units of the picture."""
    wide, high = _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    return {key: (_MARGIN + x * wide, _MARGIN + y * high) for key, (x, y) in places.items()}


def _by_weight(nodes: Sequence[Node], edges: Sequence[Edge], path: set[str]) -> list[Node]:
    heavy = {key for edge in edges if edge.sources > 1 for key in (edge.one, edge.other)}
    lines: dict[str, int] = {}
    for edge in edges:
        for key in (edge.one, edge.other):
            lines[key] = lines.get(key, 0) + max(edge.sources, 1)
    hubs = set(sorted(lines, key=lambda key: (-lines[key], key))[:_HUBS])

    def weight(node: Node) -> tuple[bool, bool, bool, bool, int, str]:
        key = node.key
        return key not in path, node.kind != "case", key not in hubs, key not in heavy, -lines.get(key, 0), key

    return sorted(nodes, key=weight)


def _choices(node: Node, place: tuple[float, float], *, far: bool) -> Iterator[tuple[tuple[float, float, str], _Box]]:
    """Places for a name, the best first: below, above, to the right, to the left; then a line further away."""
    x, y = place
    high, side = _high(node), _SHAPES.get(node.kind, 6.0) + 4
    wide = len(cut(node.label, _NAME)) * _LETTER
    for away in (0.0, 12.0, 24.0) if far else (0.0,):
        for down in (high + 13 + away, -high - 5 - away):
            yield (0.0, down, "middle"), (x - wide / 2, y + down - 10, x + wide / 2, y + down + 3)
        yield (side + away, 4.0, "start"), (x + side + away, y - 6, x + side + away + wide, y + 7)
        yield (-side - away, 4.0, "end"), (x - side - away - wide, y - 6, x - side - away, y + 7)


def _inside(box: _Box) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= _WIDTH and box[3] <= _HEIGHT


class _Taken:
    """Boxes that lie in a picture already, found by the squares they touch."""

    def __init__(self) -> None:
        self._squares: dict[tuple[int, int], list[tuple[_Box, str]]] = {}

    def add(self, box: _Box, name: str) -> None:
        for square in _squares(box):
            self._squares.setdefault(square, []).append((box, name))

    def meets(self, box: _Box, but: str) -> bool:
        """Whether a box of another name lies there."""
        near = (one for square in _squares(box) for one in self._squares.get(square, ()))
        return any(_touch(box, other) for other, name in near if not but or name != but)


def _squares(box: _Box) -> Iterator[tuple[int, int]]:
    for i in range(int(box[0] // _SQUARE), int(box[2] // _SQUARE) + 1):
        for j in range(int(box[1] // _SQUARE), int(box[3] // _SQUARE) + 1):
            yield i, j


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


def _node(node: Node, place: tuple[float, float], marked: bool, *, name: tuple[float, float, str] | None) -> str:
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
    right, down, anchor = name or (0.0, _high(node) + 13, "middle")
    # A drawing program knows no hover: what has no place is hidden for it by an attribute.
    label = words(
        right, down, node.label, room=_NAME, text_anchor=anchor,
        class_="label small" if name else "label small later", visibility=None if name else "hidden",
    )  # fmt: skip
    body = element(
        "g", shape + label, transform=f"translate({number(x)} {number(y)})", data_node=node.key, class_="knot"
    )
    return link(node.to, body, node.label) if node.to else body
