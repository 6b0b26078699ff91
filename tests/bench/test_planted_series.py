"""Planted series: the parameters that went in are found again in what comes out. All rows here are invented."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from bench.planted_series import MURDER, Planted, PlantSettings, Row, plant

WEAPONS = ("12", "20", "30", "40", "80")  # five known values, each as likely: a chance match has probability 1/5
COUNTIES = ("99001", "99003", "99005", "99007")
NEIGHBOURS = {"99001": ("99003",), "99003": ("99001",), "99005": ("99007",), "99007": ("99005",)}


def invented_rows(count: int = 12_000) -> list[Row]:
    draw = random.Random(7)
    rows = []
    for number in range(1, count + 1):
        fips, year, month = draw.choice(COUNTIES), draw.randint(1980, 1999), draw.randint(1, 12)
        rows.append(
            {
                **{"rowid": number, "mapid": f"{number}", "year": year, "month": month, "incident_num": number},
                **{"fip": fips, "cnty_name": f"Invented {fips}", "state_abbr": "ZZ", "ori": f"ZZ{fips}"},
                **{"agency": f"Invented {fips}", "agency_type": "Sheriff", "homicide_type": MURDER, "solved": "No"},
                **{"vic_age": draw.randint(15, 80), "vic_sex": draw.choice(("Male", "Female")), "off_sex": "Unknown"},
                **{"weapon_code": draw.choice(WEAPONS), "circumstance_code": "45", "situation_code": "B"},
            }
        )
    return rows


ROWS = invented_rows()


def planted(seed: int = 1, **settings: Any) -> Planted:
    return plant(ROWS, NEIGHBOURS, seed, PlantSettings(**({"n_series": 300} | settings)))


def share_like_signature(result: Planted, column: str) -> tuple[float, float]:
    """Share of planted rows whose value is the signature's, and four standard errors of a share at a half."""
    by_rowid = {row["rowid"]: row for row in result.rows}
    hits = [
        by_rowid[rowid][column] == result.offenders[series].signature[column]
        for series, ids in result.truth.items()
        for rowid in ids
    ]
    return sum(hits) / len(hits), 4 * 0.5 / math.sqrt(len(hits))


@pytest.mark.parametrize("copy_rate", [0.0, 0.3, 0.7, 1.0])
def test_without_noise_a_field_matches_with_the_copy_rate_plus_chance(copy_rate: float):
    result = planted(noise=0.0, copy_rate=(copy_rate, copy_rate))
    share, band = share_like_signature(result, "weapon_code")
    assert share == pytest.approx(copy_rate + (1 - copy_rate) / 5, abs=band)


def test_noise_blanks_half_of_its_hits_and_replaces_the_other_half():
    result = planted(noise=0.3, copy_rate=(0.5, 0.5))
    share, band = share_like_signature(result, "weapon_code")
    # Before noise 0.5 + 0.5/5 = 0.6 match. A hit (0.3) is blank (half) or one of the four other values (half).
    assert share == pytest.approx(0.7 * 0.6 + 0.15 * 0.4 / 4, abs=band)
    blank = sum(row["weapon_code"] == "90" for row in result.rows) / len(result.rows)
    assert blank == pytest.approx(0.15, abs=band)


def test_each_series_has_its_own_copy_rate_spread_evenly_over_the_range():
    rates = [offender.copy_rate for offender in planted().offenders.values()]
    assert min(rates) >= 0.3
    assert max(rates) <= 0.7
    # Mean of a uniform on 0.3 to 0.7 is 0.5, its standard deviation 0.4/sqrt(12).
    assert sum(rates) / len(rates) == pytest.approx(0.5, abs=4 * 0.4 / math.sqrt(12 * len(rates)))


def test_series_have_three_to_ten_cases_all_sizes_alike():
    sizes = [len(ids) for ids in planted().truth.values()]
    assert set(sizes) == set(range(3, 11))
    assert sum(sizes) / len(sizes) == pytest.approx(6.5, abs=4 * 2.3 / math.sqrt(len(sizes)))


def test_a_faithful_offender_keeps_to_home_neighbours_active_years_and_the_age_band():
    result = planted(noise=0.0, copy_rate=(1.0, 1.0))
    by_rowid = {row["rowid"]: row for row in result.rows}
    away = 0
    for series, ids in result.truth.items():
        offender = result.offenders[series]
        home = offender.signature["fip"]
        assert 1980 <= offender.first_year <= offender.signature["year"] <= offender.last_year <= 1999
        assert offender.last_year - offender.first_year < 10
        for row in (by_rowid[rowid] for rowid in ids):
            assert row["fip"] in (home, *NEIGHBOURS[home])
            assert row["agency"] == f"Invented {row['fip']}"
            assert offender.first_year <= row["year"] <= offender.last_year
            assert abs(row["vic_age"] - offender.signature["vic_age"]) <= 4
            away += row["fip"] != home
    assert away / len(result.rows) == pytest.approx(0.3, abs=4 * 0.5 / math.sqrt(len(result.rows)))


def test_the_same_seed_plants_the_same_and_another_seed_does_not():
    assert planted(seed=3) == planted(seed=3)
    assert planted(seed=3).rows != planted(seed=4).rows


def test_truth_names_each_planted_row_once_under_a_fresh_rowid_and_incident():
    before = [dict(row) for row in ROWS]
    result = planted()
    ids = [rowid for series in result.truth.values() for rowid in series]
    assert sorted(ids) == [row["rowid"] for row in result.rows] == list(range(12_001, 12_001 + len(ids)))
    assert len({row["mapid"] for row in (*ROWS, *result.rows)}) == len(ROWS) + len(ids)
    assert before == ROWS


def test_planted_rows_take_the_place_of_the_rows_they_started_from():
    result = planted()
    searched = result.among(ROWS)
    assert len(searched) == len(ROWS)
    assert not result.replaced & {row["rowid"] for row in searched}


def test_negligent_killings_known_offenders_and_co_victims_are_no_background():
    rows = invented_rows(400)
    for row, change in zip(rows, ({"homicide_type": "Manslaughter by negligence"}, {"off_sex": "Male"}), strict=False):
        row.update(change)
    rows[2]["mapid"] = rows[3]["mapid"]
    result = plant(rows, {}, 1, PlantSettings(n_series=39))
    assert not result.replaced & {1, 2, 3, 4}


def test_too_few_rows_are_refused():
    with pytest.raises(ValueError, match=r"^12 background rows are too few for 40 series$"):
        plant(invented_rows(12), {}, 1)
