"""What leaves the workbench as a file: tables as CSV, charts as GraphML, maps as GeoJSON, each with what it holds.

Every file says which filters it was made with, how many rows it has, what was left out, and the position of the ledger
that it shows. The caller puts the digest of the bytes into the ledger and beside the file.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from .chart import Edge, Node
from .svg import plain
from .us_map import Spot

# A cell that begins so is a formula to a spreadsheet, and a formula can send the table away (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Origin:
    """What every export states.

    what      of what it is, in words
    filters   what was asked for, in words; empty for none
    left_out  what is not in the file although it belongs there, in words; empty for nothing
    size      number of entries of the ledger when it was made; root is the digest over them
    """

    what: str
    filters: Sequence[str]
    left_out: Sequence[str]
    size: int
    root: str
    at: str
    by: str
    purpose: str

    def lines(self, rows: int) -> list[tuple[str, str]]:
        """Name and words of each statement."""
        return [
            ("Of", self.what),
            ("Filters", "; ".join(self.filters) or "none"),
            ("Rows", str(rows)),
            ("Left out", "; ".join(self.left_out) or "nothing"),
            ("Ledger", f"{self.size} entries, root {self.root}"),
            ("Made", f"{self.at} by {self.by}, purpose: {self.purpose}"),
        ]


def csv_table(head: Sequence[str], rows: Sequence[Sequence[Any]], origin: Origin) -> bytes:
    """A table in UTF-8 with a byte order mark, CRLF, every text quoted; what it is stands below it after a blank line.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in head])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    out.write("\r\n")
    for name, words in origin.lines(len(rows)):
        writer.writerow([_cell(name), _cell(words)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value if math.isfinite(value) else ""
    text = "".join(c for c in str(value) if c in "\t\n\r" or c.isprintable())
    # Blanks in front do not hide a formula from every program.
    return "'" + text if text.lstrip(" \u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def graphml(nodes: Sequence[Node], edges: Sequence[Edge], origin: Origin) -> bytes:
    """The chart as GraphML: labels and kinds of nodes; sources, kind and note of edges."""
    keys = (
        *(("node", name, "string") for name in ("label", "kind", "note")),
        *(("edge", name, kind) for name, kind in (("sources", "int"), ("kind", "string"), ("note", "string"))),
        *(("graph", name, "string") for name, _ in origin.lines(0)),
    )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    for scope, name, kind in keys:
        lines.append(
            f'<key id={_id(scope, name)} for="{scope}" attr.name={quoteattr(name.lower())} attr.type="{kind}"/>'
        )
    lines.append('<graph id="chart" edgedefault="undirected">')
    lines += [_datum("graph", name, words) for name, words in origin.lines(len(nodes) + len(edges))]
    for node in nodes:
        said = [_datum("node", name, getattr(node, name)) for name in ("label", "kind", "note")]
        lines.append(f"<node id={_attribute(node.key)}>{''.join(said)}</node>")
    for edge in edges:
        said = [_datum("edge", name, getattr(edge, name)) for name in ("sources", "kind", "note")]
        lines.append(f"<edge source={_attribute(edge.one)} target={_attribute(edge.other)}>{''.join(said)}</edge>")
    return "\n".join([*lines, "</graph>", "</graphml>", ""]).encode("utf-8")


def _id(scope: str, name: str) -> str:
    return quoteattr(f"{scope}-{name.lower().replace(' ', '-')}")


def _attribute(value: str) -> str:
    return quoteattr(plain(value))


def _datum(scope: str, name: str, value: object) -> str:
    return f"<data key={_id(scope, name)}>{escape(plain(value))}</data>"


def geojson(
    counts: Mapping[str, int],
    names: Mapping[str, str],
    centers: Mapping[str, tuple[float, float, float]],
    spots: Iterable[Spot],
    origin: Origin,
) -> bytes:
    """The map as GeoJSON (RFC 7946): points with their uncertainty, areas as the middle of the area and its radius.

    centers  longitude, latitude, radius in km of each area; one without is named in `without_place`
    """
    features: list[dict[str, Any]] = [
        _feature(
            spot.lon,
            spot.lat,
            {"kind": "point", "label": spot.label, "precision_km": spot.precision_km, "cases": spot.count},
        )
        for spot in spots
    ]
    without = []
    for fips, count in sorted(counts.items()):
        if fips not in centers:
            without.append(fips)
            continue
        lon, lat, radius = centers[fips]
        told = {"kind": "area", "fips": fips, "label": names.get(fips, fips), "cases": count}
        features.append(_feature(lon, lat, told | {"radius_km": radius}))
    document = {
        "type": "FeatureCollection",
        "features": features,
        "about": {name.lower().replace(" ", "_"): words for name, words in origin.lines(len(features))},
        "without_place": without,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def _feature(lon: float, lat: float, properties: Mapping[str, Any]) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
    return {"type": "Feature", "geometry": point, "properties": dict(properties)}
