"""The packaged sample holds the rows, columns and counts that its page promises."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from thaw.data import data_path

SAMPLE = data_path("sample/shr_west8_1976_2018.parquet")


def rows(select: str, where: str = "true") -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        found: list[tuple[Any, ...]] = connection.execute(f"select {select} from '{SAMPLE}' where {where}").fetchall()
    return found


def test_the_sample_has_41423_rows_with_a_rowid_of_their_own_in_rising_order():
    ids = [rowid for (rowid,) in rows("rowid")]
    assert len(ids) == len(set(ids)) == 41_423
    assert ids == sorted(ids)


def test_the_sample_is_small():
    assert SAMPLE.stat().st_size < 700_000


def test_no_column_holds_an_offenders_race_a_name_or_an_address():
    with duckdb.connect() as connection:
        columns = [row[0] for row in connection.execute(f"describe select * from '{SAMPLE}'").fetchall()]
    assert columns == [
        *("rowid", "mapid", "year", "month", "fip", "cnty_name", "state_abbr", "ori", "agency", "agency_type"),
        *("solved", "homicide_type", "incident_num", "vic_age", "vic_sex", "vic_race_code", "vic_ethnic_code"),
        *("off_age", "off_sex", "situation_code", "weapon_code", "relationship_code", "circumstance_code"),
    ]


@pytest.mark.parametrize(
    ("where", "count"),  # counts known before the sample was made, from the source
    [
        ("solved = 'No'", 9_555),
        ("off_sex = 'Unknown'", 9_553),
        ("off_sex = 'Unknown' or situation_code in ('B', 'F')", 9_555),
        ("fip = '49035' and weapon_code = '80' and vic_sex = 'Female'", 19),
        ("fip = '49035' and weapon_code = '80' and vic_sex = 'Female' and off_sex = 'Unknown'", 14),
        ("fip = '32003' and weapon_code = '90' and vic_sex = 'Female' and year between 1985 and 1989", 17),
        (
            "fip = '32003' and weapon_code = '90' and vic_sex = 'Female' and year between 1985 and 1989"
            " and off_sex = 'Unknown'",
            17,
        ),
    ],
)
def test_known_counts_come_back(where: str, count: int):
    assert rows("count(*)", where) == [(count,)]


def test_the_two_rows_without_a_known_offender_that_give_his_sex_have_an_unknown_offender_situation():
    assert rows("situation_code, off_age", "solved = 'No' and off_sex != 'Unknown'") == [("B", 999), ("B", 999)]


def test_the_page_beside_the_sample_names_source_licence_and_what_was_left_out():
    text = (SAMPLE.parent / "README.md").read_text(encoding="utf-8")
    for words in ("US government", "Murder Accountability Project", "GPL-3", "Left out", "mapid", "month"):
        assert words in text
