"""The link chart: drawn here, moved by hand in the browser, kept as a version."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from thaw.casework.chart_versions import chart_versions, keep_chart
from thaw.casework.charts import KINDS, MOST, chart, chart_line
from thaw.casework.desk import desk
from thaw.errors import InputError
from thaw.report import graphml, link_chart
from thaw.report.chart import Edge, Node, chart_names, chart_places

from .figures import asked_format, download, figure_file, list_of, origin_of, shown, table_file, with_query
from .screen import Download, Look, Page, Redirect, Screen

_STEPS = 4
_KIND_WORDS = {
    "person": "persons", "phone": "telephones", "plate": "plates", "place": "places", "vehicle": "vehicles",
    "organisation": "organizations",
}  # fmt: skip


def chart_screen(look: Look) -> Page:
    """The chart of one or more cases; without one, where to begin."""
    cases = list_of(look, "case")
    if not cases:
        return Page("chart_begin.html", {"recent": desk(look.session, purpose=look.purpose)["recent"]})
    try:
        found = _chart(look)
    except InputError as error:
        if error.where != "chart":
            raise
        return Page("failure.html", {"error": error, "heading": "The chart cannot be drawn so"}, 400)
    if found is None:
        return Page("papers_soon.html", {"again": look.address}, passing=True)
    versions = chart_versions(look.session, found["cases"][0]["case_id"], purpose=look.purpose)
    version = next((v for v in versions if str(v["entry"]) == look.asked("version")), None)
    nodes, edges = _nodes(found, look), _edges(found, look)
    places = chart_places(nodes, edges, version["pins"] if version else {})
    names = chart_names(nodes, edges, places, found["path"])
    heaviest = sorted(found["lines"], key=lambda one: -one["sources"])[:20]
    return Page(
        "chart.html",
        {
            "chart": found,
            "figure": shown(_figure(found, nodes, edges, places, names)),
            "unnamed": len(nodes) - len(names),
            "most": MOST,
            "kinds": _KIND_WORDS,
            "kinds_chosen": _kinds(look),
            "crossing": look.asked("crossing") == "yes",
            "around": look.asked("around"),
            "steps": _steps(look),
            "way_from": look.asked("from"),
            "to": look.asked("to"),
            "names": {n["key"]: n["label"] for n in found["nodes"]} | {key: label for label, key in found["names"]},
            "versions": [v | {"to": _version_address(v)} for v in versions],
            "version": version,
            "places": json.dumps({key: [round(x, 4), round(y, 4)] for key, (x, y) in places.items()}),
            "state": urlencode([(n, v) for n, vs in look.query.items() if n not in ("version",) for v in vs]),
            "lines": heaviest,
            "line_to": {(x["one"], x["other"]): _line_address(look, x) for x in heaviest},
            "files": {kind: with_query("/chart/file", look, format=kind) for kind in ("svg", "png", "csv", "graphml")},
            "with_crossing": with_query("/chart", look, crossing="yes"),
        },
    )


def line_screen(look: Look) -> Page:
    """The sentences behind one line."""
    cases, ends = list_of(look, "case"), (look.asked("one"), look.asked("other"))
    ask = partial(
        chart_line, look.session, cases, *ends, crossing=look.asked("crossing") == "yes", purpose=look.purpose
    )
    found = look.when_ready(("chart", look.address), ask)
    if found is None:
        return Page("papers_soon.html", {"again": look.address}, passing=True)
    back = "/chart?" + urlencode({"case": list_of(look, "case")}, doseq=True)
    return Page("chart_line.html", {"line": found, "back_to": back})


def keep(look: Look) -> Page | Redirect:
    """Keep the chart with its pinned nodes as a version."""
    cases = [value.strip() for value in look.form.get("case", ()) if value.strip()]
    try:
        pins = json.loads(look.typed("pins") or "{}")
        if not isinstance(pins, dict):
            raise TypeError
        pins = {str(key): [float(x) for x in place] for key, place in pins.items()}
    except (ValueError, TypeError, RecursionError):
        raise InputError(
            where="chart, places", got="places that cannot be read", want="the places of the chart",
            fix="Move the nodes on the chart, then keep it again.",
        ) from None  # fmt: skip
    shown_as = {name: look.typed(name)[:200] for name in ("around", "steps", "crossing") if look.typed(name)}
    made = keep_chart(look.session, look.typed("name"), cases, pins=pins, shown=shown_as, purpose=look.purpose)
    query = [("case", case_id) for case_id in cases] + list(shown_as.items()) + [("version", str(made["entry"]))]
    return Redirect("/chart?" + urlencode(query))


def chart_file(look: Look) -> Download:
    """The chart as SVG, PNG, GraphML, or its lines as CSV."""
    kind = asked_format(look, "svg", "png", "graphml", "csv")
    found = _chart(look, wait=True)
    assert found is not None
    nodes, edges = _nodes(found, look), _edges(found, look)
    filters = [
        f"{name} {value}" for name in ("case", "kind", "around", "steps", "crossing") for value in list_of(look, name)
    ]
    left = [f"{found['left_out']} nodes beyond {MOST}"] if found["left_out"] else []
    about = origin_of(
        look, "link chart of " + ", ".join(c["title"] for c in found["cases"]), filters=filters, left_out=left
    )
    ids = [n["key"] for n in found["nodes"] if n["kind"] == "case"]
    if kind == "graphml":
        body = graphml(nodes, edges, about)
        return download(look, body, "graphml", "chart", about, case_ids=ids, rows=len(nodes) + len(edges))
    if kind == "csv":
        label = {n["key"]: n["label"] for n in found["nodes"]}
        head = ["one", "other", "kind", "independent sources", "documents", "note"]
        rows = [
            [label[x["one"]], label[x["other"]], x["kind"], x["sources"], x["documents"], x["note"]]
            for x in found["lines"]
        ]
        return table_file(look, head, rows, "chart", about, case_ids=ids)
    return figure_file(look, _figure(found, nodes, edges, chart_places(nodes, edges, {})), "chart", about, case_ids=ids)


def _chart(look: Look, *, wait: bool = False) -> dict[str, Any] | None:
    """The chart; None while the papers of a long case are being read, unless that is waited for."""
    ends = (look.asked("from"), look.asked("to"))
    ask = partial(
        chart,
        look.session,
        list_of(look, "case"),
        kinds=_kinds(look),
        crossing=look.asked("crossing") == "yes",
        around=look.asked("around"),
        steps=_steps(look),
        path=ends if all(ends) else None,
        purpose=look.purpose,
    )
    return ask() if wait else look.when_ready(("chart", look.address), ask)


def _kinds(look: Look) -> list[str]:
    chosen = [kind for kind in list_of(look, "kind") if kind in KINDS]
    return chosen or list(KINDS)


def _steps(look: Look) -> int:
    text = look.asked("steps")
    return min(int(text), _STEPS) if text.isascii() and text.isdigit() and len(text) < 3 else 1


def _nodes(found: Mapping[str, Any], look: Look) -> list[Node]:
    return [Node(n["key"], n["label"], n["kind"], _node_address(n, look), _note(n)) for n in found["nodes"]]


def _note(node: Mapping[str, Any]) -> str:
    if node["kind"] == "case":
        return "invented" if node.get("invented") in (True, "yes") else "case"
    return f"{node['kind']}, named by a person" if node.get("promoted") else str(node["kind"])


def _node_address(node: Mapping[str, Any], look: Look) -> str:
    if node["kind"] == "case":
        cases = list_of(look, "case")
        if node["key"] in cases:
            return "/case/" + quote(str(node["key"]))
        return with_query("/chart", look, case=[*cases, node["key"]], around=None, version=None)
    return with_query("/chart", look, around=node["key"], version=None)


def _edges(found: Mapping[str, Any], look: Look) -> list[Edge]:
    label = {n["key"]: n["label"] for n in found["nodes"]}
    # Thousands of lines share a few hundred ends: each is written into an address once.
    safe = {n["key"]: quote_plus(n["key"]) for n in found["nodes"]}
    rest = _rest_of_address(look)
    edges = []
    for line in found["lines"]:
        one, other = line["one"], line["other"]
        told = f"{label[one]} and {label[other]}: {_weight(line)}"
        to = f"/chart/line?{rest}&one={safe[one]}&other={safe[other]}"
        edges.append(Edge(one, other, line["sources"], line["kind"], to, told))
    return edges


def _rest_of_address(look: Look) -> str:
    crossing = [("crossing", "yes")] if look.asked("crossing") == "yes" else []
    return urlencode([*(("case", case_id) for case_id in list_of(look, "case")), *crossing])


def _weight(line: Mapping[str, Any]) -> str:
    if line["note"]:
        return str(line["note"])
    many, papers = line["sources"], line["documents"]
    return f"{many} independent {'source' if many == 1 else 'sources'}, {papers} {'paper' if papers == 1 else 'papers'}"


def _line_address(look: Look, line: Mapping[str, Any]) -> str:
    return f"/chart/line?{_rest_of_address(look)}&" + urlencode([("one", line["one"]), ("other", line["other"])])


def _version_address(version: Mapping[str, Any]) -> str:
    query = [("case", case_id) for case_id in version["cases"]] + [
        (str(k), str(v)) for k, v in version["shown"].items()
    ]
    return "/chart?" + urlencode([*query, ("version", str(version["entry"]))])


def _figure(
    found: Mapping[str, Any],
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    places: Mapping[str, tuple[float, float]],
    names: Mapping[str, tuple[float, float, str]] | None = None,
) -> str:
    title = "Link chart of " + ", ".join(case["title"] for case in found["cases"])
    return link_chart(nodes, edges, places, title=title, path=found["path"], names=names)


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/chart", chart_screen),
    ("GET", "/chart/line", line_screen),
    ("GET", "/chart/file", chart_file),
    ("POST", "/chart/keep", keep),
)
