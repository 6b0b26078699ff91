"""Pieces of SVG: what a stranger wrote stays text, and a coordinate is a number."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from thaw.report.svg import cut, element, figure, link, number, plain, words

HOSTILE = '"><script>alert(1)</script>&\x00\u202e'


def test_numbers_have_two_decimals_at_most():
    assert [number(x) for x in (1.0, 1.25, 1.239, -0.001, 1e3)] == ["1", "1.25", "1.24", "0", "1000"]


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_what_is_no_finite_number_is_no_coordinate(odd: float):
    with pytest.raises(ValueError, match=f"{odd} is no coordinate"):
        number(odd)


def test_hostile_text_stays_text_in_elements_attributes_and_titles():
    made = figure([words(1, 2, HOSTILE)], width=10, height=10, name="x", title=HOSTILE, description=HOSTILE)
    root = ET.fromstring(made)
    assert [e.tag.partition("}")[2] for e in root.iter()] == ["svg", "title", "desc", "text"]
    assert root[0].text == '"><script>alert(1)</script>&\ufffd\ufffd'
    assert element("g", None, aria_label='a"b') == '<g aria-label="a&quot;b"/>'


def test_signs_that_xml_forbids_or_that_turn_writing_are_shown_as_unknown():
    assert plain("a\x00b\u202ec\td") == "a\ufffdb\ufffdc d"


def test_a_text_is_cut_to_its_room_and_keeps_the_whole_as_its_title():
    # 12 units high, 0.56 wide: a letter takes 6.72, so 34 units hold 5 letters, the last of them the ellipsis.
    assert cut("abcdefgh", 34) == "abcd…"
    assert words(0, 0, "abcdefgh", room=34.0) == '<text x="0" y="0">abcd…<title>abcdefgh</title></text>'
    assert words(0, 0, "abc", room=34.0) == '<text x="0" y="0">abc</text>'


@pytest.mark.parametrize("to", ["http://elsewhere/", "//elsewhere/", "javascript:alert(1)", "/\\elsewhere"])
def test_a_link_leads_to_our_own_paths_only(to: str):
    with pytest.raises(ValueError, match="is no path of the workbench"):
        link(to, "x")
