"""Makes the packaged sample: homicide records of eight western states, 1976-2018, without any column Thaw does not use.

In: the MAP file shr_map_west8_1976_2018.parquet. Out: the same rows in the same order with the columns of COLUMNS. Run
twice with one DuckDB version it writes the same bytes. Ends with an error when a known count does not come back.

    python scripts/make_sample.py SHR_MAP_PARQUET [OUT_FILE]
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

_OUT = Path(__file__).parents[1] / "src" / "thaw" / "data" / "sample" / "shr_west8_1976_2018.parquet"
# Not carried: offender race and ethnicity (no part of Thaw reads them), the words beside the codes (thaw.data has
# them), metropolitan area and state number (both follow from the county).
COLUMNS = (
    *("rowid", "mapid", "year", "month", "fip", "cnty_name", "state_abbr", "ori", "agency", "agency_type", "solved"),
    *("homicide_type", "incident_num", "vic_age", "vic_sex", "vic_race_code", "vic_ethnic_code", "off_age", "off_sex"),
    *("situation_code", "weapon_code", "relationship_code", "circumstance_code"),
)
_WOMEN = "vic_sex = 'Female'"
_CHECKS = {  # condition: rows that must answer to it
    "true": 41_423,
    "solved = 'No'": 9_555,
    "off_sex = 'Unknown'": 9_553,
    f"fip = '49035' and weapon_code = '80' and {_WOMEN}": 19,
    f"fip = '49035' and weapon_code = '80' and {_WOMEN} and off_sex = 'Unknown'": 14,
    f"fip = '32003' and weapon_code = '90' and {_WOMEN} and year between 1985 and 1989": 17,
    f"fip = '32003' and weapon_code = '90' and {_WOMEN} and year between 1985 and 1989 and off_sex = 'Unknown'": 17,
}


def write_sample(source: Path, target: Path) -> None:
    """Copies the columns of every row, in the order of the source, as one zstd row group."""
    with duckdb.connect() as connection:
        # One thread and the kept order make the bytes depend on nothing but the rows and DuckDB's version.
        connection.execute("set threads = 1; set preserve_insertion_order = true").fetchall()
        connection.execute(
            f"copy (select {', '.join(COLUMNS)} from '{source}') to '{target}' "
            "(format parquet, compression zstd, compression_level 19, row_group_size 122880)"
        ).fetchall()


def check(source: Path, target: Path) -> None:
    """Raises SystemExit when a count differs, a rowid comes twice, or a value or the order is not the source's."""
    for condition, want in _CHECKS.items():
        got = _one(f"select count(*) from '{target}' where {condition}")
        if got != want:
            raise SystemExit(f"{condition}: got {got} rows, want {want}")
    if _one(f"select count(distinct rowid) from '{target}'") != _CHECKS["true"]:
        raise SystemExit("rowid is not unique")
    columns = ", ".join(COLUMNS)
    if _rows(f"select {columns} from '{source}'") != _rows(f"select {columns} from '{target}'"):
        raise SystemExit("rows or their order differ from the source")


def _rows(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return list(connection.execute(query).fetchall())


def _one(query: str) -> Any:
    return _rows(query)[0][0]


def main(arguments: Sequence[str]) -> None:
    """Writes and checks the sample, prints size and digest."""
    source = Path(arguments[0])
    target = Path(arguments[1]) if len(arguments) > 1 else _OUT
    write_sample(source, target)
    check(source, target)
    content = target.read_bytes()
    print(
        f"{_CHECKS['true']} rows, {len(COLUMNS)} columns, {len(content)} bytes, {hashlib.sha256(content).hexdigest()}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
