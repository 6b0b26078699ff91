"""Files that leave: what they state of themselves, and that no cell becomes a formula."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.report import Origin, csv_table, geojson, graphml, png, standalone, waterfall
from thaw.report.chart import Edge, Node
from thaw.report.us_map import Spot
from thaw.report.waterfall import Step

ORIGIN = Origin("cases", ["weapon=80"], ["1 without a date"], 12, "ab" * 32, "2026-11-21 10:00", "Invented", "a test")


def read(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_a_table_says_what_it_is():
    rows = read(csv_table(["case", "year"], [["c_1", 1985], ["c_2", None]], ORIGIN))
    assert rows == [
        ["case", "year"],
        ["c_1", "1985"],
        ["c_2", ""],
        [],
        ["Of", "cases"],
        ["Filters", "weapon=80"],
        ["Rows", "2"],
        ["Left out", "1 without a date"],
        ["Ledger", f"12 entries, root {'ab' * 32}"],
        ["Made", "2026-11-21 10:00 by Invented, purpose: a test"],
    ]


@pytest.mark.parametrize(
    "bad", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", '=HYPERLINK("http://x")']
)
def test_a_formula_is_text(bad: str):
    (cell,) = read(csv_table(["x"], [[bad]], ORIGIN))[1]
    assert cell.startswith("'")
    assert cell[1:].strip() == bad.strip()


@given(st.text(max_size=30))
def test_no_text_at_all_begins_as_a_formula(text: str):
    (cell,) = read(csv_table(["x"], [[text or "a"]], ORIGIN))[1]
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_numbers_stay_numbers_and_what_is_none_is_empty():
    table = csv_table(["x", "y", "z"], [[-1.5, float("nan"), True]], ORIGIN)
    assert table.decode("utf-8-sig").split("\r\n")[1] == '-1.5,"","yes"'


def test_the_purpose_and_the_name_are_cells_like_others():
    origin = Origin("=cmd", [], [], 1, "00", "now", "=evil", "@x")
    rows = read(csv_table(["x"], [], origin))
    assert ["Of", "'=cmd"] in rows
    assert all(not cell.startswith(("=", "@")) for row in rows for cell in row)


def test_graphml_holds_every_node_and_edge_with_its_sources():
    nodes = [Node("a", 'A "quoted" <b>', "case"), Node("b", "B\x00", "person")]
    root = ET.fromstring(graphml(nodes, [Edge("a", "b", 3, note="x & y")], ORIGIN))
    ns = {"g": "http://graphml.graphdrawing.org/xmlns"}
    assert [n.get("id") for n in root.iterfind(".//g:node", ns)] == ["a", "b"]
    (edge,) = root.iterfind(".//g:edge", ns)
    assert (edge.get("source"), edge.get("target")) == ("a", "b")
    assert [d.text for d in edge] == ["3", "named", "x & y"]
    keys = {k.get("id") for k in root.iterfind("g:key", ns)}
    assert {d.get("key") for d in root.iterfind(".//g:data", ns)} <= keys
    assert "12 entries, root" in graphml(nodes, [], ORIGIN).decode()


def test_geojson_has_points_areas_and_what_has_no_place():
    made = json.loads(
        geojson({"49035": 2, "99999": 1}, {"49035": "Salt Lake, UT"}, {"49035": (-111.9, 40.7, 25.0)},
                [Spot(40.77, -111.93, 1.0, "Scene")], ORIGIN)
    )  # fmt: skip
    assert [f["geometry"]["coordinates"] for f in made["features"]] == [[-111.93, 40.77], [-111.9, 40.7]]
    assert made["features"][1]["properties"] == {
        "kind": "area", "fips": "49035", "label": "Salt Lake, UT", "cases": 2, "radius_km": 25.0,
    }  # fmt: skip
    assert made["without_place"] == ["99999"]
    assert made["about"]["left_out"] == "1 without a date"
    assert made["about"]["rows"] == "2"


def test_a_figure_on_its_own_has_its_colors_its_origin_and_no_links():
    figure = waterfall(-4.0, [Step("Place", 2.0)], -2.0, title="t").replace("<rect", '<a href="/case/x"><rect', 1)
    figure = figure.replace("</rect>", "</rect></a>", 1)
    made = standalone(figure, ORIGIN)
    root = ET.fromstring(made)
    assert "var(" not in made
    assert "href" not in made
    assert "#1c5d8a" in made
    said = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Filters: weapon=80" in said
    assert float(root.get("height", "")) > 130


def test_the_same_figure_gives_the_same_picture():
    made = standalone(waterfall(-4.0, [Step("Place", 2.0)], -2.0, title="t"))
    assert png(made)[:8] == b"\x89PNG\r\n\x1a\n"
    assert png(made) == png(made)


def test_what_is_no_figure_is_refused():
    with pytest.raises(ValueError, match="no figure of ours"):
        standalone("<svg></svg>")
