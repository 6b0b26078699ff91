"""Figures with coordinates derived by hand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.report import expected_observed, film_strip, link_chart, pedigree, timeline, waterfall
from thaw.report.chart import Edge, Node, chart_names, chart_places
from thaw.report.expected import Year, nice_top, ticks
from thaw.report.film import Frame
from thaw.report.layout import force_layout
from thaw.report.timeline import Event, Window, axis_days, place_of
from thaw.report.waterfall import Step, odds_words

SVG = "{http://www.w3.org/2000/svg}"


def boxes(svg: str, kind: str) -> list[tuple[float, float]]:
    """x and width of the rectangles of a class."""
    return [
        (float(r.get("x", "")), float(r.get("width", "")))
        for r in ET.fromstring(svg).iter(f"{SVG}rect")
        if kind in r.get("class", "").split()
    ]


def test_each_bar_of_a_waterfall_starts_where_the_one_before_ended():
    # Plot from x 230 to 650, odds 10^-4 to 10^0: 105 units for a power of ten. Prior at 230, +2 to 440, -1 to 335.
    made = waterfall(-4.0, [Step("Place", 2.0), Step("Time", -1.0)], -3.0, title="t")
    assert boxes(made, "whole") == [(230.0, 420.0), (335.0, 315.0)]
    assert boxes(made, "for") == [(230.0, 210.0)]
    assert boxes(made, "against") == [(335.0, 105.0)]


def test_a_calibration_stands_in_a_step_of_its_own():
    made = waterfall(-2.0, [Step("Place", 1.0)], -1.5, title="t")
    assert "Calibration: ÷3.2" in made
    assert "Calibration" not in waterfall(-2.0, [Step("Place", 1.0)], -1.0, title="t")


@pytest.mark.parametrize(("log10", "said"), [(0.0, "even"), (-2.0, "1 to 100"), (1.0, "10 to 1"), (0.3, "2.0 to 1")])
def test_odds_in_words(log10: float, said: str):
    assert odds_words(log10) == said


def test_expected_and_observed_share_one_scale():
    # Top 5; 172 units of height from y 30 to 202. 1980 to 1982: three slots of 234.67 from x 44.
    made = expected_observed([Year(1980, 5, 2, 1.0), Year(1982, 1, 1, 0.5)], begin=1980, end=1980, title="t")
    bars = [r for r in ET.fromstring(made).iter(f"{SVG}rect") if r.get("class") == "for" and r.get("y") != "8"]
    assert [(b.get("y"), b.get("height")) for b in bars] == [("133.2", "68.8"), ("202", "0"), ("167.6", "34.4")]
    assert boxes(made, "band") == [(44.0, 234.67)]
    assert "3 unsolved killings, 1.5 expected" in made


def test_no_year_is_said_and_not_drawn():
    assert "No dated case to draw." in expected_observed([], begin=None, end=None, title="t")


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (1.2, 2), (3, 5), (7, 10), (11, 20), (50, 50), (51, 100)])
def test_the_top_of_a_scale(value: float, top: float):
    assert nice_top(value) == top
    assert ticks(top)[0] == 0
    assert ticks(top)[-1] == top


def test_a_film_strip_marks_the_first_alarm_once():
    frames = [Frame("1980-01", 1, 1, False), Frame("1980-03", 3, 2, True), Frame("1981-01", 4, 1, True, "/case/c_x")]
    made = film_strip(frames, title="t")
    assert made.count(">first alarm<") == 1
    assert made.count(">alarm stands<") == 1
    assert made.count('class="dot new"') == 4  # 1 + 2 + 1
    assert 'href="/case/c_x"' in made
    assert "3 months with a new case; first alarm March 1980." in made


def test_frames_beyond_the_strip_are_counted():
    frames = [Frame(f"{1900 + i}-01", i, 1, False) for i in range(163)]
    assert "3 more frames are not drawn." in film_strip(frames, title="t")


FAMILY = [
    {"id": "father", "father": "0", "mother": "0", "sex": "M"},
    {"id": "mother", "father": "0", "mother": "0", "sex": "F"},
    {"id": "child", "father": "father", "mother": "mother", "sex": "U"},
]


def test_a_family_of_three_is_drawn_with_the_child_below_the_middle():
    made = pedigree(FAMILY, typed=["mother"], sought="child", title="t")
    root = ET.fromstring(made)
    square = next(r for r in root.iter(f"{SVG}rect"))
    circle = next(c for c in root.iter(f"{SVG}circle"))
    assert float(square.get("x", "")) + 17 == 52  # father: half a step from the left
    assert (circle.get("cx"), circle.get("class")) == ("156", "person typed")
    diamond = next(p for p in root.iter(f"{SVG}path"))
    assert diamond.get("d", "").startswith("M104.0,")  # between 52 and 156
    assert "father, founder, no profile" in made
    assert "child, child of father and mother, no profile, the one who is sought" in made


def test_somebody_with_two_partners_stands_between_them():
    people = [*FAMILY, {"id": "second", "father": "0", "mother": "0", "sex": "F"}]
    people.append({"id": "half", "father": "father", "mother": "second", "sex": "M"})
    made = pedigree(people, typed=[], sought=None, title="t")
    at = {t.text: float(t.get("x", "")) for t in ET.fromstring(made).iter(f"{SVG}text")}
    assert at["mother"] < at["father"] < at["second"]


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=8))
def test_no_pedigree_puts_two_persons_on_one_place(pairs: list[tuple[int, int]]):
    people = [{"id": str(i), "father": str(a), "mother": str(b), "sex": "M"} for i, (a, b) in enumerate(pairs)]
    made = pedigree(people, typed=[], sought=None, title="t")
    names = [(t.get("x"), t.get("y")) for t in ET.fromstring(made).iter(f"{SVG}text")]
    assert len(names) == len(set(names)) == len(people)


def test_an_exact_day_is_a_dot_in_the_middle_of_its_day():
    # Ten days from x 190 to 1060: 87 units a day; the middle of the third day is 190 + 2.5 * 87.
    shown = Window(date(1984, 3, 1), date(1984, 3, 10))
    made = timeline([Event("L", "seen", date(1984, 3, 3), date(1984, 3, 3))], lanes=["L"], title="t", window=shown)
    circle = next(c for c in ET.fromstring(made).iter(f"{SVG}circle"))
    assert float(circle.get("cx", "")) == 407.5
    assert place_of(date(1984, 3, 1), shown) == 190


def test_a_vague_date_is_a_bar_from_its_first_to_its_last_day_and_cut_at_the_window():
    shown = Window(date(1984, 3, 1), date(1984, 3, 10))
    event = Event("L", "some day", date(1984, 3, 9), date(1984, 4, 9))
    made = timeline([event], lanes=["L"], title="t", window=shown)
    assert boxes(made, "cut") == [(886.0, 174.0)]  # two days of 87


def test_events_outside_of_the_window_are_counted_and_not_drawn():
    events = [
        Event("L", "in", date(1984, 3, 3), date(1984, 3, 3)),
        Event("L", "out", date(1990, 1, 1), date(1990, 1, 1)),
    ]
    made = timeline(events, lanes=["L"], title="t", window=Window(date(1984, 3, 1), date(1984, 3, 10)))
    assert "1 outside of this time are not drawn." in made
    assert ">out<" not in made


def test_last_seen_alive_has_a_mark_of_its_own():
    made = timeline([Event("L", "seen", date(1984, 3, 3), date(1984, 3, 3), "seen")], lanes=["L"], title="t")
    assert made.count('class="seen-mark"') == 1


def test_the_axis_has_about_a_dozen_days_at_most():
    for first, last in [(date(1, 1, 1), date(9999, 12, 31)), (date(1976, 1, 1), date(2018, 12, 31)),
                        (date(1984, 3, 1), date(1984, 3, 10)), (date(1984, 1, 1), date(1985, 2, 1))]:  # fmt: skip
        days = axis_days(Window(first, last))
        assert 1 <= len(days) <= 14, (first, last)
        assert all(first <= day <= last for day, _ in days)


def test_the_layout_is_the_same_every_time_and_inside_the_picture():
    edges = [(0, 1, 1.0), (1, 2, 3.0), (3, 4, 1.0)]
    one, other = force_layout(6, edges), force_layout(6, edges)
    assert np.array_equal(one, other)
    assert one.min() >= 0
    assert one.max() <= 1
    assert np.isfinite(one).all()


def test_what_is_joined_stands_nearer_than_what_is_not():
    edges = [(i, i + 1, 1.0) for i in range(4)] + [(i, i + 1, 1.0) for i in range(5, 9)]
    at = force_layout(10, edges)
    apart = lambda a, b: float(np.hypot(*(at[a] - at[b])))  # noqa: E731
    assert np.mean([apart(a, b) for a, b, _ in edges]) < np.mean([apart(a, b) for a in range(5) for b in range(5, 10)])


def test_pinned_nodes_stay_where_they_are():
    at = force_layout(5, [(0, i, 1.0) for i in range(1, 5)], pinned={0: (0.9, 0.1)})
    assert tuple(at[0]) == (0.9, 0.1)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_chart_of_hardly_anything_has_places_too(count: int):
    at = force_layout(count, [(0, 1, 1.0)] if count == 2 else [])
    assert at.shape == (count, 2)
    assert np.isfinite(at).all()


def test_a_line_is_as_thick_as_its_independent_sources():
    nodes = [Node("a", "A", "case"), Node("b", "B", "person"), Node("c", "C", "phone")]
    edges = [Edge("a", "b", 1), Edge("b", "c", 3, to="/chart/edge?x=1")]
    made = link_chart(nodes, edges, chart_places(nodes, edges, {}), title="t", path=["b", "c"])
    lines = [e for e in ET.fromstring(made).iter(f"{SVG}line") if e.get("class") != "hit"]
    # 1 + 1.6 for each source beyond the first
    assert [(e.get("class"), e.get("stroke-width")) for e in lines] == [
        ("edge named single", "1"),
        ("edge named on-path", "4.2"),
    ]
    assert "<title>3 independent sources</title>" in made
    assert re.search(r'role="group"', made)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["case", "person", "phone"])), max_size=40))
def test_no_name_of_a_chart_lies_on_another_nodes_shape(spots):
    # By hand from the picture itself: letters stand 6.2 wide, from 10 above the foot of a name to 3 below it.
    nodes = [Node(str(i), f"Ada Nobody {i}", kind) for i, (_, _, kind) in enumerate(spots)]
    made = link_chart(nodes, [], {str(i): (x, y) for i, (x, y, _) in enumerate(spots)}, title="t")
    sizes = {"case": (11.0, 7.7), "person": (7.0, 7.0), "phone": (6.0, 6.0)}
    at = {}
    for group in ET.fromstring(made).iter("{http://www.w3.org/2000/svg}g"):
        if "data-node" in group.attrib:
            x, y = (float(v) for v in re.findall(r"[-\d.]+", group.attrib["transform"]))
            label = group.find("{http://www.w3.org/2000/svg}text")
            hidden = label is None or label.get("visibility") == "hidden"
            at[group.attrib["data-node"]] = x, y, None if hidden else label
    assert len(at) == len(nodes)
    for key, (x, y, name) in at.items():
        if name is None:
            continue
        wide, foot = len(name.text) * 6.2, y + float(name.get("y"))
        left_end = x + float(name.get("x")) - {"start": 0, "middle": wide / 2, "end": wide}[name.get("text-anchor")]
        assert left_end + 0.2 >= 0
        assert left_end + wide - 0.2 <= 1080
        for other in nodes:
            if other.key != key:
                left, high = sizes[other.kind]
                ox, oy, _ = at[other.key]
                beside = ox + left <= left_end + 0.2 or left_end + wide - 0.2 <= ox - left
                assert beside or oy + high <= foot - 9.8 or foot + 2.8 <= oy - high


def test_those_that_matter_have_a_name_and_the_others_show_it_on_hover_and_focus():
    # A star too dense for its names: the middle, a case, and the one that two sources name come first.
    hub = [
        Node("hub", "Ada Nobody", "person"),
        Node("case", "Invented case", "case"),
        Node("two", "Otto Nobody", "person"),
    ]
    rest = [Node(f"n{i}", f"213-555-{i:04}", "phone") for i in range(200)]
    edges = [Edge("hub", one.key, 1) for one in rest] + [Edge("case", "two", 2)]
    places = {"hub": (0.3, 0.5), "case": (0.1, 0.1), "two": (0.9, 0.9)}
    places |= {one.key: (0.4 + (i % 20) / 100, 0.4 + (i // 20) / 50) for i, one in enumerate(rest)}
    nodes = [*rest, *hub]
    names = chart_names(nodes, edges, places)
    assert {"hub", "case", "two"} <= names.keys()
    assert len(names) < len(nodes)
    made = ET.fromstring(link_chart(nodes, edges, places, title="t", names=names))
    labels = [e for e in made.iter(f"{SVG}text") if "label" in e.get("class", "")]
    hidden = [e for e in labels if e.get("visibility") == "hidden"]
    assert (len(labels), len(hidden)) == (len(nodes), len(nodes) - len(names))
    assert all("later" in e.get("class", "") for e in hidden)
    (told,) = made.iter(f"{SVG}desc")
    assert told.text.endswith(f"{len(names)} names are written; the others are shown on hover and focus.")


@pytest.mark.parametrize("count", [1, 40])
def test_a_chart_with_room_names_everybody(count: int):
    nodes = [Node(str(i), f"Nobody {i}", "person") for i in range(count)]
    places = {str(i): ((i % 5) / 5, (i // 5) / 10) for i in range(count)}
    assert chart_names(nodes, [], places).keys() == places.keys()
    assert "hover" not in link_chart(nodes, [], places, title="t")


def test_a_label_with_room_on_neither_side_of_its_bar_stands_below_it_and_nothing_lies_on_it():
    july = Event("Record", "Date: July 1985", date(1985, 7, 1), date(1985, 7, 31), "event")
    day = Event("Record", "Seen", date(1985, 7, 3), date(1985, 7, 3), "event")
    made = timeline([july, day], lanes=["Record"], title="t", window=Window(date(1985, 7, 1), date(1985, 7, 31)))
    tree = ET.fromstring(made)
    (bar,) = [e for e in tree.iter(f"{SVG}rect") if "span" in e.get("class", "")]
    feet = {e.text: float(e.get("y", 0)) for e in tree.iter(f"{SVG}text")}
    # The bar ends above the letters, which stand some eight units high above their foot.
    assert float(bar.get("y", 0)) + float(bar.get("height", 0)) <= feet["Date: July 1985"] - 8
    assert feet["Seen"] > feet["Date: July 1985"]  # the third row: its label would lie on the first one's
    (lane,) = [e for e in tree.iter(f"{SVG}rect") if e.get("class") == "lane"]
    assert feet["Seen"] < float(lane.get("y", 0)) + float(lane.get("height", 0))
