from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.test_place import PLACES
from thaw.errors import InputError
from thaw.record import Code, PartialDate, Quantity, Reference, Text, value_from_json, value_to_json

VALUES = st.one_of(
    st.builds(Text, st.text()),
    st.builds(Code, st.text(min_size=1), st.text(min_size=1)),
    st.tuples(st.integers(-10, 200), st.integers(0, 50)).map(lambda p: Quantity(p[0], p[0] + p[1], "years")),
    st.floats(-1e9, 1e9).map(lambda n: Quantity(n, n, "km")),
    st.dates().map(lambda d: PartialDate(d, d, "day")),
    st.sampled_from(["late summer 1984", "1984", "1980s"]).map(PartialDate.parse),
    PLACES,
    st.builds(Reference, st.text(min_size=1)),
)


@given(VALUES)
def test_every_value_comes_back_from_its_json_text(value):
    assert value_from_json(json.loads(json.dumps(value_to_json(value)))) == value


@pytest.mark.parametrize(("value", "packed"), [
    (Text("x"), {"text": "x"}),
    (Code("80", "shr.weapon"), {"code": "80", "list": "shr.weapon"}),
    (Quantity(24, 24, "years"), {"low": 24, "high": 24, "unit": "years"}),
    (PartialDate.of_year(1984), {"date": {"from": "1984-01-01", "to": "1984-12-31", "precision": "year"}}),
    (Reference("p_1"), {"ref": "p_1"}),
])  # fmt: skip
def test_the_form_of_a_value_inside_a_payload_is_fixed(value, packed):
    # These forms stand in the ledger for good: a change here makes old books unreadable.
    assert value_to_json(value) == packed


@pytest.mark.parametrize(
    "data", [None, [], "text", {}, {"text": 5}, {"code": "80"}, {"low": "1", "high": 2, "unit": "y"}]
)
def test_another_form_is_refused(data):
    with pytest.raises(InputError) as error:
        value_from_json(data)
    assert str(error.value) == (
        f"value of a statement: got {data!r}, want an object with text, code and list, low/high/unit, date, place or "
        "ref. The payload was written by another version; use that version to read it."
    )


@pytest.mark.parametrize(("low", "high"), [(30, 20), (float("nan"), 1)])
def test_a_range_that_is_none_is_refused(low, high):
    with pytest.raises(InputError) as error:
        Quantity(low, high, "years")
    assert str(error.value) == (
        f"quantity in years: got {low} to {high}, want two numbers, the smaller first. Swap them or correct one."
    )
