"""The nulls: what a shuffle keeps and breaks, p-values uniform where nothing goes on, false alarms at their level."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from linkage import scan_reference
from linkage.invented_counts import NEIGHBOURS, cases_of, quiet, row
from thaw.linkage import ScanCases, ScanSettings, scan_cases
from thaw.linkage.scan import MERGED_METHODS
from thaw.linkage.scan_nulls import BURST, CLEARANCE, Bursts, Clearances, Null, clearance_of, seeds_of
from thaw.linkage.scan_streams import profiles_of_strata, reflected, streams_of, units_of

_LIMITS = np.array([1.0, 30.0])
_LENGTHS = np.array([1, 3, 6, 12, 24, 36, 60, 120])


def families(cases: ScanCases) -> tuple[Bursts, Clearances]:
    units, unit = units_of(cases)
    everyone = np.ones(len(cases), dtype=np.bool_)
    streams = streams_of(cases, unit, units, NEIGHBOURS, MERGED_METHODS, everyone)
    return Bursts.of(units, streams, _LENGTHS, _LIMITS), Clearances.of(units, streams, _LENGTHS, _LIMITS)


def test_a_shuffle_of_flags_keeps_how_many_are_unsolved_in_each_agency_decade_and_method():
    _, clearances = families(cases_of(quiet(1)))
    units = clearances.units
    before, after = units.unsolved[clearances.order], clearances.shuffled(7)
    strata = units.by_flag[clearances.order]
    assert Counter(zip(strata.tolist(), before.tolist(), strict=True)) == Counter(
        zip(strata.tolist(), after.tolist(), strict=True)
    )
    assert (before != after).any()


def test_a_shuffle_of_months_keeps_the_months_of_each_agency_and_method():
    bursts, _ = families(cases_of(quiet(1)))
    units = bursts.units
    before, after = units.time[bursts.order], bursts.shuffled(7, blur=False)
    strata = units.by_month[bursts.order]
    assert Counter(zip(strata.tolist(), before.tolist(), strict=True)) == Counter(
        zip(strata.tolist(), after.tolist(), strict=True)
    )
    assert (before != after).any()


def test_months_are_blurred_only_where_a_shuffle_would_leave_them_as_they_are():
    rows = [row(i, month=1 + i % 12, agency="A1") for i in range(24)]
    rows += [row(100 + i, month=6, agency="A2") for i in range(5)] + [row(110, month=1, agency="A2")]
    rows += [row(200 + i, month=6, agency="A3") for i in range(2)]
    units, _ = units_of(cases_of(rows))
    blurred = {rows[0]["agency"]: 0, "A2": 0, "A3": 0}
    for first, stratum in zip(units.first, units.by_month, strict=True):
        name = cases_of(rows).agency.name(int(cases_of(rows).agency.codes[first]))
        blurred[str(name)] = int(units.blur[stratum])
    assert blurred["A1"] == blurred["A3"] == 0
    assert blurred["A2"] > 0


def test_cases_of_one_number_but_another_method_or_outcome_are_not_one_incident():
    rows = [
        row(i, incident="x", method=m, unsolved=u)
        for i, (m, u) in enumerate([("20", True), ("20", True), ("20", False), ("80", True)])
    ]
    units, unit = units_of(cases_of(rows))
    assert units.first.size == 3
    assert unit[0] == unit[1]


def test_blurred_months_stay_in_the_time_of_their_agency_and_follow_its_profile():
    rows = [*quiet(1, count=300), *(row(9000 + i, year=1985 + i, area="00009", agency="A9") for i in range(4))]
    bursts, _ = families(cases_of(rows))
    units, drawn = bursts.units, np.stack([bursts.shuffled(seed, blur=True) for seed in range(2000)])
    strata = units.by_month[bursts.order]
    assert (drawn >= units.opens[strata]).all()
    assert (drawn <= units.closes[strata]).all()
    profile = profiles_of_strata(units)
    for stratum in (0, int(strata[-1])):
        own = drawn[:, strata == stratum]
        share = np.bincount(own.ravel(), minlength=units.months) / own.size
        # Four standard errors of a share among so many draws, of which those of one shuffle go together.
        assert np.abs(share - profile[stratum]).max() < 4 * np.sqrt(0.25 / len(drawn))


def test_the_profile_of_a_stratum_is_that_of_plain_loops_with_fractions():
    rows = quiet(2, count=60, years=6)
    cases = cases_of(rows)
    units, unit = units_of(cases)
    table = profiles_of_strata(units)
    at = {name: i for i, name in enumerate(cases.ids)}
    for r in rows[:12]:
        wanted = scan_reference.month_profile(r, rows)
        assert sum(wanted.values()) == Fraction(1)
        own = table[units.by_month[unit[at[r["id"]]]]]
        assert own == pytest.approx([float(wanted.get(m, 0)) for m in range(units.months)])


def test_months_are_folded_at_both_ends():
    # 5 to 8: one below 5 is 5 again, two below is 6; one above 8 is 8 again. Down to -3 it goes 5 6 7 8, 8 7 6 5.
    folded = reflected(np.array([4, 3, 9, 10, 6, -3]), np.full(6, 5), np.full(6, 8))
    assert folded.tolist() == [5, 6, 8, 7, 6, 5]
    assert reflected(np.array([-40, 40]), np.array([3, 3]), np.array([3, 3])).tolist() == [3, 3]


def test_expected_unsolved_of_some_units_is_that_of_plain_loops():
    rows = quiet(3, count=200)
    cases = cases_of(rows)
    units, unit = units_of(cases)
    chosen = [r for r in rows if r["area"] == "00000" and r["sex"] == "F"]
    at = {name: i for i, name in enumerate(cases.ids)}
    expected, weight = clearance_of(units, np.array([unit[at[r["id"]]] for r in chosen]))
    assert expected == pytest.approx(scan_reference.expected_unsolved(chosen, rows))
    assert weight == pytest.approx(scan_reference.clearance_weight(chosen, rows))


def test_expected_alarms_count_the_records_as_one_shuffle_more():
    null = Null(4, np.array([1.0, 2.0, 2.0, 5.0]))
    assert [null.expected_alarms(w) for w in (0.5, 2.0, 3.0, 6.0)] == [1.0, 0.8, 0.4, 0.2]


def test_a_seed_gives_the_same_shuffles_however_many_there_are():
    assert seeds_of(1, 10, BURST).tolist() == seeds_of(1, 99, BURST).tolist()[:10]
    assert seeds_of(1, 10, BURST).tolist() != seeds_of(1, 10, CLEARANCE).tolist()


def heaviest(null_of: object, seed: int) -> float:
    weights = null_of.null(seeds_of(seed, 1, 0)).weights  # type: ignore[attr-defined]
    return float(weights[-1]) if weights.size else 0.0


@pytest.mark.slow
def test_p_values_of_the_heaviest_cluster_are_uniform_where_nothing_goes_on():
    shares: tuple[list[float], list[float]] = ([], [])
    for data_set in range(120):
        for family, own in zip(families(cases_of(quiet(1000 + data_set, count=700))), shares, strict=True):
            found = family.observed().weight
            observed = float(found[0]) if found.size else 0.0
            shuffles = [heaviest(family, 50 * data_set + i) for i in range(39)]
            own.append((1 + sum(w >= observed for w in shuffles)) / 40)
    for own in shares:
        # Kolmogorov and Smirnov: above 1.63 / sqrt(n) in one of a hundred; 1/40 more for the steps of the p-values.
        steps = np.arange(1, 121) / 120
        assert np.abs(np.sort(own) - steps).max() < 1.63 / np.sqrt(120) + 1 / 40


@pytest.mark.slow
def test_where_nothing_goes_on_false_alarms_stay_at_their_level():
    settings = ScanSettings(level=0.1, runs=199, men_shot=True)
    alarmed = sum(scan_cases(cases_of(quiet(seed)), NEIGHBOURS, settings).alarms > 0 for seed in range(150))
    # Binomial(150, 0.1): more than 27 in fewer than one of a thousand.
    assert alarmed <= 27


def test_a_few_quiet_data_sets_raise_hardly_any_alarm():
    settings = ScanSettings(level=0.1, runs=99, men_shot=True)
    alarmed = sum(scan_cases(cases_of(quiet(seed)), NEIGHBOURS, settings).alarms > 0 for seed in range(12))
    # Binomial(12, 0.1): more than 5 in fewer than one of a thousand.
    assert alarmed <= 5
