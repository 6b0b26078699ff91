"""MAP's rule on small tables, against a count in plain loops, and on the sample of eight states."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage import scan_reference
from linkage.invented_counts import cases_of, quiet, row
from thaw.data import data_path
from thaw.linkage import ScanCases, map_cells


def test_a_cell_is_a_county_a_method_and_women_at_most_a_third_solved():
    # Two unsolved of three stabbed: exactly a third solved. One of two beaten: half. One shot: too few.
    table = [
        *(row(i, method="20", unsolved=i > 0) for i in range(3)),
        *(row(i, method="40", unsolved=i > 3) for i in range(3, 5)),
        row(5, method="12"),
        *(row(i, method="80", sex="M") for i in range(6, 9)),
    ]
    found = map_cells(cases_of(table))
    assert [(c.area, c.method, c.sex, c.total, c.unsolved) for c in found.cells] == [("00000", "20", "F", 3, 2)]
    assert found.of == 3


def test_most_unsolved_come_first():
    table = [row(1, method="20"), row(2, method="20"), *(row(i, method="80") for i in range(3, 6))]
    assert [c.method for c in map_cells(cases_of(table)).cells] == ["80", "20"]


def test_without_women_there_is_no_cell():
    assert map_cells(cases_of([row(1, sex="M"), row(2, sex=None)])).cells == ()
    assert map_cells(cases_of([])).of == 0


@given(st.integers(0, 10_000), st.randoms())
def test_the_rule_is_that_of_plain_loops_in_any_order(seed: int, order: Any):
    table = quiet(seed, count=120)
    order.shuffle(table)
    found = map_cells(cases_of(table))
    assert {(c.area, c.method, c.total, c.unsolved) for c in found.cells} == scan_reference.map_rule(table)
    unsolved = [c.unsolved for c in found.cells]
    assert unsolved == sorted(unsolved, reverse=True)


def test_on_the_sample_the_published_counts_come_back():
    duckdb = pytest.importorskip("duckdb")
    path = data_path("sample/shr_west8_1976_2018.parquet")
    with duckdb.connect() as db:
        query = (
            "SELECT CAST(rowid AS VARCHAR), year, month, fip, ori, vic_sex, weapon_code, solved FROM read_parquet(?)"
        )
        table = db.execute(query, [str(path)]).fetchall()
    ids, year, month, area, agency, sex, method, solved = zip(*table, strict=True)
    found = map_cells(
        ScanCases.from_columns(
            ids, year=year, month=month, area=area, agency=agency, method=method, incident=[None] * len(ids),
            sex=[{"Female": "F", "Male": "M"}.get(s) for s in sex], unsolved=[s == "No" for s in solved],
        )
    )  # fmt: skip
    assert (len(found.cells), found.of) == (23, 1385)
    first = [(c.area, c.method, c.total, c.unsolved) for c in found.cells[:2]]
    assert first == [("49035", "80", 19, 14), ("41067", "90", 12, 8)]
