# ruff: noqa: E501 - tables of sentences
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.planted_crossings import planted_crossings
from thaw.search import LEAST_WEIGHT, Spot, crossings, name_value, read_values
from thaw.search.crossings import may_be_one


def values(text, *kinds):
    return [(v.kind, v.normal) for v in read_values(text) if not kinds or v.kind in kinds]


@pytest.mark.parametrize(("text", "found"), [
    ("call (310) 555-1234 now", [("phone", "3105551234")]),
    ("310.555.1234 or 1-310-555-1234", [("phone", "3105551234"), ("phone", "3105551234")]),
    ("31O-555-l234", [("phone", "3105551234")]),
    ("dial 555-1234", [("phone", "5551234")]),
    ("on 03-12-1984 and 12345-6789", []),
    ("plate 7ABC123", [("plate", "7A8C123")]),
    ("license no. 7abc 123", [("plate", "7A8C123")]),
    ("a California license plate of 7ABCI23", [("plate", "7A8C123")]),
    ("license was revoked", []),
    ("write to J.Doe@Invented.example today", [("email", "j.doe@invented.example")]),
    ("seen at 1422 N. Larkspur Avenue, unit 3", [("address", "1422 n larkspur ave")]),
    ("1422 N Larkspur Ave.", [("address", "1422 n larkspur ave")]),
    ("12 people walked the Street", []),
    ("a 1978 grey Chevy Malibu", [("vehicle", "1978 gray chevrolet malibu")]),
    ("blue ford", [("vehicle", "blue ford")]),
    ("serial number AB-123456", [("number", "serial AB123456")]),
    ("SSN 078-05-1120", [("number", "ssn 078-05-1120")]),
    ("Witness Terrence Holloway left", [("name", "terrence holloway")]),
    ("HOLLOWAY, TERRENCE J.", [("name", "terrence holloway")]),
    ("Holloway, Terrence was seen", [("name", "terrence holloway")]),
    ("the Grant Street file", []),
])  # fmt: skip
def test_what_stands_in_a_text(text, found):
    assert values(text) == found


@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(["310", "555", "-", " ", "(", ")", "plate", "O'", "Terrence", "St", "1", "@", ".", "x"]),
        max_size=40,
    ).map("".join)
)
def test_any_text_is_read_and_values_lie_inside(text):
    for value in read_values(text):
        assert 0 <= value.start < value.end <= len(text)
        assert value.normal


def test_reading_takes_time_in_proportion_to_the_text():
    import time

    for piece in ("(310) ", "plate no ", "1 ", "A ", "a@", "a.a@a.", "Bob ", "1 N A ", "blue "):
        started = time.process_time()
        list(read_values(piece * (40_000 // len(piece))))
        assert time.process_time() - started < 3, piece


@pytest.mark.parametrize(("one", "other", "same"), [
    ("terrence holloway", "terrence holloway", True), ("terrence holloway", "terrence h0lloway", True), ("terrence holloway", "terence holloway", True),
    ("robert marsh", "bob marsh", True), ("robert marsh", "robert marks", False), ("john smith", "john smyth", True),
    ("marion carter", "marlon carter", False), ("terrence holloway", "lena holloway", False), ("ann clark", "ann clarke", True), ("ann reed", "ann weed", False),
])  # fmt: skip
def test_two_names_may_be_one(one, other, same):
    assert may_be_one(one, other) is same
    assert may_be_one(other, one) is same


def test_a_known_name_needs_two_parts():
    assert name_value("HOLLOWAY, Terrence J.").normal == "terrence holloway"
    assert name_value("Dr. Lena Marsh").normal == "lena marsh"
    assert name_value("Marsh") is None


def spots(*cases):
    return [Spot(case, i, f"document of {case}", 0, 1) for i, case in enumerate(cases)]


def test_a_value_of_two_cases_weighs_less_the_more_cases_hold_it():
    # (100 + 50) / (2 - 2 + 0.05) = 3,000: log10 is 3.48; with ten holders 150 / 8.05: 1.27
    rare = crossings({("phone", "3105551234"): spots("a", "b")}, 100)[0]
    usual = crossings({("phone", "3105551234"): spots(*"abcdefghij")}, 100)[0]
    assert (rare.weight, usual.weight) == (3.48, 1.27)
    assert usual.weight < LEAST_WEIGHT < rare.weight


def test_a_common_name_weighs_less_than_a_rare_one():
    found = {
        c.value: c.weight
        for c in crossings({("name", n): spots("a", "b") for n in ("john smith", "zebulon quackenbos")}, 500)
    }
    # john 1.6355 %, smith 1.006 %; 4 names in the book: 4 * 0.000165 = 0.00066 -> 3.18
    assert found["john smith"] == pytest.approx(3.18, abs=0.01)
    assert found["zebulon quackenbos"] > 4


def test_one_killing_or_one_document_is_no_crossing():
    value = {("phone", "3105551234"): spots("a", "b")}
    assert crossings(value, 10, [frozenset(("a", "b"))]) == []
    shared = [Spot("a", 1, "one paper", 0, 1), Spot("b", 2, "one paper", 0, 1)]
    assert crossings({("phone", "3105551234"): shared}, 10) == []
    assert crossings({("phone", "3105551234"): spots("a", "a")}, 10) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_planted_crossings_are_found_and_little_else(seed):
    planted = planted_crossings(cases=200, crossings=60, seed=seed)
    held = {}
    for case, pages in planted.pages.items():
        for page in pages:
            for value in read_values(page):
                held.setdefault((value.kind, value.normal), []).append(Spot(case, 0, case, value.start, value.end))
    found = {(c.kind, frozenset(s.case_id for s in c.spots)) for c in crossings(held, 200) if c.weight >= LEAST_WEIGHT}
    truth = set(planted.truth)
    assert len(found & truth) / len(truth) >= 0.95
    assert len(found & truth) / len(found) >= 0.9


def test_an_office_is_nobody_s_name() -> None:
    for text in ("George Washington Hospital", "GEORGE WASHINGTON POLICE", "the Carlos Apache Tribal court"):
        assert values(text, "name") == [], text
    for text in ("George Washington told police", "GEORGE WASHINGTON  POLICE: none", "George Washington. Police came."):
        assert values(text, "name") == [("name", "george washington")], text
