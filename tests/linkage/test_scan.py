"""The scan: what it finds, what it leaves, that it hangs on the records alone, and that it is what plain loops find."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import scan_reference
from linkage.invented_counts import NEIGHBOURS, Row, cases_of, quiet, row
from thaw.errors import InputError
from thaw.linkage import ScanSettings, scan_cases
from thaw.linkage.scan import MERGED_METHODS, Cluster, Scan, q_values_of
from thaw.linkage.scan_kernel import burst_weight, clearance_weight
from thaw.linkage.scan_nulls import Bursts, Clearances
from thaw.linkage.scan_streams import streams_of, units_of

QUICK = ScanSettings(runs=199, men_shot=True, floor=1.0)


def scanned(rows: list[Row], **options: Any) -> Scan:
    return scan_cases(cases_of(rows), NEIGHBOURS, ScanSettings(**{"runs": 199, **options}))


def ids(rows: list[Row], cluster: Cluster) -> set[str]:
    cases = cases_of(rows)
    return {cases.ids[i] for i in cluster.rows}


def test_eleven_bodies_in_one_month_come_first():
    planted = [row(9000 + i, year=1991, month=4, area="00002", agency="A2", method="90") for i in range(11)]
    rows = [*quiet(1), *planted]
    first = scanned(rows).clusters[0]
    assert {r["id"] for r in planted} <= ids(rows, first)
    assert (first.begin, first.end) == (12 * 1991 + 3, 12 * 1991 + 3)
    assert first.q_value <= 0.01
    assert "burst" in first.found_by
    assert first.unsolved >= 11
    assert first.expected < 2


def test_bodies_that_are_all_that_an_agency_ever_reported_are_found_too():
    # A shuffle of months within such an agency changes nothing; the null's blur over the years is what sees them.
    planted = [row(9000 + i, year=1991, month=4, area="00099", agency="A99") for i in range(6)]
    later = [row(9100 + i, year=1981 + 2 * i, area="00099", agency="A99", method="12", sex="M") for i in range(8)]
    rows = [*quiet(2), *planted, *later]
    first = scanned(rows).clusters[0]
    assert {r["id"] for r in planted} <= ids(rows, first)
    assert first.q_value <= 0.05


def test_a_slow_burn_over_years_is_found():
    quiet_rows = [r for r in quiet(3, count=2500) if (r["area"], r["sex"], r["method"]) != ("00001", "F", "20")]
    # Fourteen women, one or two a year, none solved, by an agency that solves half of the stabbings of men.
    planted = [
        row(9000 + i, year=1980 + i // 2, month=1 + i % 12, area="00001", agency="A1", method="20") for i in range(14)
    ]
    men = [
        row(9100 + i, year=1980 + i % 10, area="00001", agency="A1", method="20", sex="M", unsolved=i % 4 == 0)
        for i in range(60)
    ]
    rows = [*quiet_rows, *planted, *men]
    scan = scanned(rows)
    best = next(c for c in scan.clusters if len({r["id"] for r in planted} & ids(rows, c)) >= 10)
    assert best.q_value <= 0.1
    assert "low clearance" in best.found_by


def test_what_methods_have_in_common_everywhere_is_no_alarm_but_a_slow_burn_may_be_listed():
    # One agency never solves code 90: every one of its cases, so that the clearance null has nothing to shuffle.
    rows = [{**r, "unsolved": r["unsolved"] or (r["agency"], r["method"]) == ("A0", "90")} for r in quiet(4)]
    scan = scanned(rows)
    assert not [c for c in scan.clusters if c.q_value <= 0.1 and c.method == "90" and "clearance" in c.found_by]
    assert [c for c in scan.slow if "90" in c.method or "other" in c.method or "any means" in c.method]
    assert all(c.found_by == "slow burn" for c in scan.slow)


def test_victims_of_one_incident_are_one_event():
    fire = [row(9000 + i, year=1991, month=4, method="65", incident="one fire") for i in range(12)]
    rows = [*quiet(5), *fire]
    assert not [c for c in scanned(rows).clusters if "burst" in c.found_by and ids(rows, c) == {r["id"] for r in fire}]


def test_a_cluster_across_a_county_line_is_found_with_the_neighbor():
    planted = [
        row(9000 + i, year=1991, month=4 + i % 2, area=f"0000{5 + i % 2}", agency=f"A{5 + i % 2}", method="90")
        for i in range(8)
    ]
    rows = [*quiet(6), *planted]
    first = scanned(rows).clusters[0]
    assert {r["id"] for r in planted} <= ids(rows, first)
    assert set(first.areas) >= {"00005", "00006"}


def test_methods_that_coders_exchange_are_taken_together():
    planted = [
        row(9000 + i, year=1991, month=4, area="00002", agency="A2", method=("80", "90")[i % 2]) for i in range(8)
    ]
    rows = [*quiet(7), *planted]
    first = scanned(rows).clusters[0]
    assert {r["id"] for r in planted} <= ids(rows, first)


def test_the_order_of_the_rows_changes_nothing():
    rows = quiet(8, count=400)
    one, other = (scan_cases(cases_of(table), NEIGHBOURS, QUICK) for table in (rows, rows[::-1]))
    assert one.inputs == other.inputs
    assert [_facts(c) for c in one.clusters] == [_facts(c) for c in other.clusters]
    assert one.clusters


def test_the_number_of_threads_changes_nothing():
    rows = quiet(9, count=400)
    before = numba.get_num_threads()
    try:
        found = []
        for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS)):
            numba.set_num_threads(threads)
            found.append([_facts(c) for c in scan_cases(cases_of(rows), NEIGHBOURS, QUICK).clusters])
    finally:
        numba.set_num_threads(before)
    assert found[0] == found[1]


def test_the_seed_says_it_all():
    rows = quiet(10, count=400)
    found = [scanned(rows, seed=seed, floor=1.0) for seed in (5, 5, 6)]
    assert [_facts(c) for c in found[0].clusters] == [_facts(c) for c in found[1].clusters]
    assert [c.q_value for c in found[0].clusters] != [c.q_value for c in found[2].clusters]
    assert found[0].settings.seed == 5


def _facts(cluster: Cluster) -> tuple[Any, ...]:
    return (*cluster.rows.tolist(), cluster.weight, cluster.q_value, cluster.expected, cluster.areas, cluster.found_by)


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_the_heaviest_clusters_are_those_of_plain_loops(seed: int):
    rows = quiet(seed, count=50, years=6)
    cases = cases_of(rows)
    units, unit = units_of(cases)
    streams = streams_of(cases, unit, units, NEIGHBOURS, MERGED_METHODS, np.ones(len(cases), dtype=bool))
    lengths, limits = np.array(sorted(ScanSettings().lengths)), np.array([0.5, 30.0])
    for family, best in (
        (Bursts, scan_reference.best_burst(rows, NEIGHBOURS, MERGED_METHODS)),
        (Clearances, scan_reference.best_clearance(rows, NEIGHBOURS, MERGED_METHODS)),
    ):
        weights = family.of(units, streams, lengths, limits).observed().weight
        if best >= 0.5:
            assert weights[0] == pytest.approx(best, rel=1e-9)
            assert list(weights) == sorted(weights, reverse=True)
        else:
            assert not weights.size


@given(
    st.lists(
        st.tuples(st.integers(2, 12), st.integers(0, 12), st.integers(0, 12)).map(
            lambda t: (t[0], min(t[1], t[0]), min(t[2], t[0]))
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 20),
)
def test_a_clearance_weight_never_claims_more_than_the_exact_chance(strata: list[tuple[int, int, int]], extra: int):
    free = [(n, u, d) for n, u, d in strata if 0 < u < n and d]
    mean = sum(d * u / n for n, u, d in free)
    variance = sum(d * u / n * (1 - u / n) * (n - d) / (n - 1) for n, u, d in free)
    most = sum(min(u, d) for _, u, d in free)
    unsolved = math.floor(mean) + 1 + extra
    if variance > 1e-9 and unsolved <= most:
        weight = clearance_weight(float(unsolved), float(sum(d for *_, d in free)), mean, variance)
        assert math.exp(-weight) >= scan_reference.tail(free, unsolved) * (1 - 1e-9)


def test_a_clearance_weight_by_hand():
    # 4 of 4 where 4 of 10 are unsolved. Hoeffding: 4 ln(4/1.6) = 3.665. Bennett: variance 4 * .24 * 6/9 = .64,
    # ratio 2.4/.64 = 3.75, .64 (4.75 ln 4.75 - 3.75) = 2.337. Exact: 1 in 210, minus its log is 5.35.
    assert clearance_weight(4.0, 4.0, 1.6, 0.64) == pytest.approx(4 * math.log(2.5))
    # 2 of 2 from strata with shares .99 and .1, variance .0099 + .09: Bennett is the larger of the two.
    ratio = (2 - 1.09) / 0.0999
    bennett = 0.0999 * ((1 + ratio) * math.log(1 + ratio) - ratio)
    assert clearance_weight(2.0, 2.0, 1.09, 0.0999) == pytest.approx(max(bennett, 2 * math.log(2 / 1.09)))


@given(st.floats(0.001, 50), st.integers(2, 80))
def test_a_burst_weight_never_claims_more_than_the_exact_chance(mean: float, count: int):
    term, below = math.exp(-mean), 0.0
    for k in range(count):
        below += term
        term *= mean / (k + 1)
    if count > mean:
        assert math.exp(-burst_weight(count, mean)) >= (1 - below) * (1 - 1e-6) - 1e-12


def test_q_values_by_hand():
    # 2 * .01 / 1 = .02; 2 * .05 / 2 = .05; 2 * .4 / 3 = .267; 2 * .5 / 4 = .25, which the third may not exceed.
    assert q_values_of([0.01, 0.05, 0.4, 0.5]) == pytest.approx([0.02, 0.05, 0.25, 0.25])
    assert q_values_of([3.0]) == [1.0]
    assert q_values_of([]) == []


BLANK = {"month": None, "year": None, "agency": None, "sex": None, "method": None}


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row(1)],
        [row(1, **BLANK), row(2, **BLANK), row(3, **BLANK)],
        [row(i, area=None) for i in range(5)],
        [row(i, unsolved=None) for i in range(5)],
        [row(i, month=None) for i in range(9)],
        [row(i) for i in range(300)],
        [row(i, unsolved=False) for i in range(9)],
    ],
)
def test_thin_or_uniform_records_give_an_answer_and_no_alarm(rows: list[Row]):
    scan = scanned(rows, floor=0.5)
    assert scan.alarms == 0
    for cluster in (*scan.clusters, *scan.slow):
        assert math.isfinite(cluster.expected)
        assert math.isfinite(cluster.weight)
        assert 0 <= cluster.q_value <= 1


def test_unknown_month_sex_or_method_does_not_hide_the_others():
    planted = [row(9000 + i, year=1991, month=4, area="00002", agency="A2", method="90") for i in range(11)]
    planted[0] |= {"sex": None}
    planted[1] |= {"month": None}
    planted[2] |= {"method": None}
    rows = [*quiet(1), *planted]
    first = scanned(rows).clusters[0]
    # The one without a method goes with "other or unknown"; those without month or sex cannot be counted in.
    assert len({r["id"] for r in planted} & ids(rows, first)) >= 8


def test_only_cases_that_may_be_counted_stand_in_a_cluster():
    rows = quiet(1)
    cases = cases_of(rows)
    counted = cases.sex.codes == cases.sex.names.index("F")
    scan = scan_cases(cases, NEIGHBOURS, QUICK, counted)
    assert scan.clusters
    assert {c.sex for c in scan.clusters} == {"F"}
    assert all(counted[c.rows].all() for c in scan.clusters)


def test_a_hundred_thousand_equal_cases_end_in_an_answer():
    scan = scanned([row(i) for i in range(100_000)], runs=19)
    assert scan.alarms == 0


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"level": 0.0}, "scan, level: got 0.0, want a share between 0 and 1. Correct the value."),
        ({"runs": 5}, "scan, permutations: got 5, want a whole number from 19 to 99999. Correct the value."),
        ({"seed": -1}, "scan, seed: got -1, want a whole number from 0 to 4294967295. Correct the value."),
        ({"lengths": ()}, "scan, windows: got (), want months, each above 0. Correct the value."),
        ({"floor": 0.0}, "scan, floor: got 0.0, want a number above 0. Correct the value."),
        ({"largest": 0.0}, "scan, largest: got 0.0, want a number above 0. Correct the value."),
    ],
)
def test_a_wrong_setting_is_refused(option: dict[str, Any], message: str):
    with pytest.raises(InputError) as refused:
        ScanSettings(**option)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(1), row(1)], "cases to scan: got an id twice, want one id per case. Count each case once."),
        (
            [row(1, month=13)],
            "cases to scan, month: got 13, want a whole number from 1 to 12. Give None for unknown.",
        ),
        (
            [row(1, year=-4)],
            "cases to scan, year: got -4, want a whole number from 0 to 3000. Give None for unknown.",
        ),
    ],
)
def test_wrong_cases_are_refused(rows: list[Row], message: str):
    with pytest.raises(InputError) as refused:
        cases_of(rows)
    assert str(refused.value) == message


def test_columns_of_unequal_length_are_refused():
    from thaw.linkage import ScanCases

    with pytest.raises(InputError) as refused:
        ScanCases.from_columns(
            ["a", "b"], year=[1980], month=[1, 2], area=["x", "x"], agency=["y", "y"], sex=["F", "F"],
            method=["80", "80"], unsolved=[True, True], incident=[None, None],
        )  # fmt: skip
    assert str(refused.value) == "cases to scan, year: got 1 values, want 2, one per case. Give None for unknown."


def test_the_digest_sees_every_column():
    rows = quiet(1, count=20)
    before = cases_of(rows).digest()
    for name, value in (("month", None), ("area", "x"), ("agency", "x"), ("sex", None), ("method", "x"),
                        ("unsolved", None), ("year", 1950)):  # fmt: skip
        changed = [{**rows[0], name: value}, *rows[1:]]
        assert cases_of(changed).digest() != before, name
    assert np.array_equal(cases_of(rows).month, cases_of(rows[::-1]).month)
