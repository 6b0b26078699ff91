"""Same-case candidates: parts against a hand calculation, precision and recall on registers with known truth."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date

import pytest

from bench.same_case import DOUBLE, PUBLISHED, generate, measure
from thaw.casebook.same_case import CaseRecord, SameCase

DAY = date(1985, 7, 14).toordinal()
MONTH = (date(1985, 7, 1).toordinal(), date(1985, 7, 31).toordinal())
ONE = CaseRecord("a", "shr", *MONTH, "UT", "49035", None, None, None, "F", 24, 24, "80")
OTHER = CaseRecord("b", "csv/wapo", DAY, DAY, "UT", None, 40.7, -111.9, "Salt Lake City, UT", "F", 24, 24, "80")


def crowd(count: int = 40) -> list[CaseRecord]:
    """Other killings of the same register in the same weeks."""
    return [
        replace(OTHER, case_id=f"x{i}", sex="M", age_low=30 + i % 30, age_high=30 + i % 30, weapon="12",
                first=DAY + i % 30, last=DAY + i % 30) for i in range(count)
    ]  # fmt: skip


def test_the_one_that_fits_is_found_among_others_with_what_speaks_for_it() -> None:
    found = SameCase([ONE, OTHER, *crowd()]).candidates(ONE)
    assert (found[0].one, found[0].other) == ("a", "b")
    assert found[0].probability > 0.9
    assert {part.feature: part.log10_bf > 0 for part in found[0].parts} == {
        "date": True, "place": True, "sex": True, "age": True, "weapon": True
    }  # fmt: skip


def test_the_part_of_the_sex_is_what_a_hand_calculation_gives() -> None:
    # 2 of 42 records are women: agreement is 0.97 against 2/42; a man against a woman 0.03 against 40/42.
    compared = SameCase([ONE, OTHER, *crowd()])
    parts = {c.other: {p.feature: p.log10_bf for p in c.parts} for c in compared.candidates(ONE, top=50)}
    assert parts["b"]["sex"] == pytest.approx(math.log10(0.97 / (2 / 42)), abs=1e-3)
    assert parts["x0"]["sex"] == pytest.approx(math.log10(0.03 / (40 / 42)), abs=1e-3)


def test_what_is_absent_says_nothing() -> None:
    silent = replace(OTHER, sex=None, age_low=None, age_high=None, weapon="90", lat=None, lon=None, town=None)
    (found,) = SameCase([ONE, silent]).candidates(ONE)
    assert [part.feature for part in found.parts] == ["date"]


def test_probabilities_of_all_candidates_and_of_none_make_one() -> None:
    found = SameCase([ONE, OTHER, *crowd()]).candidates(ONE, top=100)
    assert 0 < sum(candidate.probability for candidate in found) < 1


def test_the_records_of_one_register_another_state_and_another_year_are_no_candidates() -> None:
    others = [
        replace(OTHER, case_id="r", realm="shr"), replace(OTHER, case_id="s", state="NV"),
        replace(OTHER, case_id="y", first=DAY + 400, last=DAY + 400),
    ]  # fmt: skip
    assert SameCase([ONE, *others]).candidates(ONE) == []


@pytest.mark.parametrize(("theirs", "level"), [
    ("Ada Example", "the same name"), ("EXAMPLE, ADA", "the same name"), ("Ada Exampel", "the same name"),
    ("Ada Exambles", "a like name"), ("Bo Nobody", "another name"),
])  # fmt: skip
def test_names_count_where_both_have_them(theirs: str, level: str) -> None:
    (found,) = SameCase([ONE, OTHER], {"a": "Ada Example", "b": theirs}).candidates(ONE)
    assert next(part.level for part in found.parts if part.feature == "name") == level


def test_precision_and_recall_on_registers_with_known_truth() -> None:
    for names in (True, False):
        precision, recall, _ = measure(0, PUBLISHED, names=names, a_year=60)
        assert (precision >= 0.95, recall >= 0.85) == (True, True)


def test_registers_that_share_no_killing_are_not_paired() -> None:
    first, second, truth, _ = generate(random.Random(5), PUBLISHED, 600)
    one, other = {pair[0] for pair in truth}, {pair[1] for pair in truth}
    apart = [r for r in first if r.case_id not in one] + [r for r in second if r.case_id not in other]
    assert len(SameCase(apart).proposals()) <= 0.02 * len(apart)


def test_a_record_is_proposed_once_for_each_register_and_the_order_of_records_does_not_matter() -> None:
    twin = replace(OTHER, case_id="t", realm="csv/other")
    records = [ONE, OTHER, replace(OTHER, case_id="b2", age_low=25, age_high=25), twin, *crowd()]
    found = SameCase(records).proposals()
    assert {tuple(sorted((p.one, p.other))) for p in found} == {("a", "b"), ("a", "t"), ("b", "t")}
    back = SameCase(reversed(records)).proposals()
    assert [(p.one, p.other, round(p.probability, 6)) for p in back] == [
        (p.one, p.other, round(p.probability, 6)) for p in found
    ]
    assert SameCase(records).proposals(frozenset({"x3"})) == []


def test_two_killings_that_are_alike_in_all_are_told_to_nobody_as_certain() -> None:
    second = [replace(OTHER, case_id="b2", first=DAY + 1, last=DAY + 1)]
    found = SameCase([ONE, OTHER, *second, *crowd()]).pairs(least=0.0)
    ours = [p.probability for p in found if p.one == "a" or p.other == "a"]
    assert max(ours) < 0.6


def test_a_point_counts_for_the_county_it_lies_in_and_against_one_far_off() -> None:
    washington = replace(ONE, county="49053")  # 400 km to the south
    near, far = (SameCase([one, OTHER, *crowd()]).candidates(one)[0] for one in (ONE, washington))
    place = [next(part.log10_bf for part in c.parts if part.feature == "place") for c in (near, far)]
    assert place[0] > 0 > place[1]


def place_of(one: CaseRecord, other: CaseRecord) -> float:
    """log10 of the Bayes factor of the place of two records, among others."""
    elsewhere = [replace(record, county="49049", town=None, lat=None, lon=None) for record in crowd()]
    found = SameCase([one, other, *elsewhere]).candidates(one, top=99)
    parts = next(candidate.parts for candidate in found if candidate.other == other.case_id)
    return sum(part.log10_bf for part in parts if part.feature == "place")


def test_a_town_counts_most_then_its_county_then_nothing_then_another_county() -> None:
    here = replace(ONE, county="49035", town="Murray")
    town = replace(OTHER, lat=None, lon=None, county="49035", town="Murray")
    beside, unknown = replace(town, town="Sandy"), replace(town, town=None, county=None)
    away = replace(town, town="Logan", county="49005")
    told = [place_of(here, other) for other in (town, beside, unknown, away)]
    assert told == sorted(told, reverse=True)
    assert told[0] > told[1]
    assert told[2] == 0 > told[3]


def test_the_part_of_a_town_is_what_a_hand_calculation_gives() -> None:
    # 2 of 42 records are of this county; both name this town, so that its share there is (2 + 1/2) of 3.
    here = replace(ONE, county="49035", town="Mt. Murray")
    town = replace(OTHER, lat=None, lon=None, county="49035", town="MOUNT MURRAY")
    assert place_of(here, town) == pytest.approx(math.log10(0.80 / (2 / 42 * 2.5 / 3)), abs=1e-3)
    assert place_of(here, replace(town, town="Sandy")) == pytest.approx(math.log10(0.12 / (2 / 42 * 1.5 / 3)), abs=1e-3)
    # Where one of the two has no county, only the town is compared: 0.85 of one killing name the same; here all do.
    assert place_of(here, replace(town, county=None)) == pytest.approx(math.log10(0.85), abs=1e-3)


def test_another_town_of_a_county_says_less_than_the_county_by_itself() -> None:
    here = replace(ONE, county="49035", town="Murray")
    alike = [replace(OTHER, case_id=f"m{i}", lat=None, lon=None, county="49035", town="Murray") for i in range(30)]
    other = replace(alike[0], case_id="b", town="Sandy")
    places = []
    for one in (other, replace(other, town=None)):
        found = SameCase([here, one, *alike]).candidates(here, top=99)
        parts = next(candidate.parts for candidate in found if candidate.other == "b")
        places.append(sum(part.log10_bf for part in parts if part.feature == "place"))
    assert places[0] < places[1]


def test_registers_of_which_one_has_counties_and_the_other_towns_are_paired() -> None:
    precision, recall, _ = measure(0, PUBLISHED, names=False, a_year=60, towns=True)
    assert (precision >= 0.95, recall >= 0.85) == (True, True)


def test_of_a_long_list_so_many_are_given_that_nearly_all_are_expected_to_be_true() -> None:
    first, second, _, _ = generate(random.Random(2), DOUBLE, 1200)
    found = SameCase([*first, *second]).proposals()
    assert len(found) > 20
    assert sum(pair.probability for pair in found) / len(found) >= 0.96
    assert min(pair.probability for pair in found) > 0.5


def test_a_large_state_is_weighed_in_slices_and_gives_nearly_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, truth, _ = generate(random.Random(4), PUBLISHED, 900)
    whole = {(p.one, p.other) for p in SameCase([*first, *second]).pairs()}
    monkeypatch.setattr("thaw.casebook.same_case._SLICE", 300)
    parts = [(p.one, p.other) for p in SameCase([*first, *second]).pairs()]
    assert len(parts) == len(set(parts))
    assert len(whole ^ set(parts)) <= 0.05 * len(whole)
    assert len(truth) > 100
