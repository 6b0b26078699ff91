"""Words for numbers; every expected value is worked out by hand beside it."""

from __future__ import annotations

import pytest

from thaw.web.render import apart_words, factor, field_label, marked, share, size_words, times_likelier


def test_a_bayes_factor_is_said_as_times() -> None:
    expected = "100 times more likely to look like this if one offender did both"
    assert times_likelier(2.0) == expected  # 10 ** 2
    assert times_likelier(-0.30103).startswith("2.0 times less likely")  # 10 ** 0.30103 = 2
    assert (factor(1.0), factor(-1.0), factor(0.0)) == ("×10", "÷10", "×1.0")


@pytest.mark.parametrize(("value", "said"), [(0.5, "50%"), (0.013, "1.3%"), (0.002, "1 in 500"), (0.0, "0")])
def test_a_probability_is_said_as_share(value: float, said: str) -> None:
    assert share(value) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (16.5, "days", "about 16 days apart"),
        (3652.5, "days", "about 10 years apart"),  # 365.25 days a year
        (1.2, "years", "about 1 year apart"),
        (0.4, "years", "less than 1 year apart"),
        (27.4, "km", "about 27 km apart"),
    ],
)
def test_a_distance_is_said_with_its_unit(value: float, unit: str, said: str) -> None:
    assert apart_words({"value": value, "unit": unit}) == said


def test_codes_have_no_distance() -> None:
    assert apart_words(None) is None


def test_matched_words_are_told_apart():
    hit = {"snippet": "a b c", "marks": [[2, 3]]}
    assert marked(hit) == [(False, "a "), (True, "b"), (False, " c")]
    assert marked({"snippet": "b", "marks": [[0, 1]]}) == [(True, "b")]


def test_sizes_are_said_in_the_unit_that_fits() -> None:
    assert [size_words(n) for n in (12, 2048, 3 * 1024**2)] == ["12 bytes", "2 KB", "3.0 MB"]


def test_fields_have_labels_and_unknown_ones_their_own_name() -> None:
    assert [field_label(n) for n in ("victim.age", "weapon", "offender.hat", "hat")] == [
        *("Age", "Weapon or means", "hat", "hat")
    ]
