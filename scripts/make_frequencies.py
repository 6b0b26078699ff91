"""Makes the tables of `thaw.data.frequencies`: how often each allele was counted, per population and locus.

In: a folder with freq_nist1036.json, freq_fbi2015.json and freq_uk_dna17.json, each `{"populations": {NAME: {LOCUS:
{"n_alleles_sampled", "freqs": {ALLELE: SHARE}}}}}`. Out: one CSV per publication, byte for byte the same on every run.

    python scripts/make_frequencies.py FOLDER [OUT_FOLDER]

Shares are turned back into the counts they came from; one that is no count of its sample stops the run.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

_OUT = Path(__file__).parents[1] / "src" / "thaw" / "data" / "frequencies"
PUBLICATIONS = ("nist1036", "fbi2015", "uk_dna17")
POPULATIONS = {
    "AfAm": "African American", "Cauc": "Caucasian", "Hisp": "Hispanic",
    "White_-_EA1_&_EA2": "White (EA1 and EA2)", "Black_African_&_Caribbean_-_EA3": "Black African and Caribbean (EA3)",
    "Indian_-_EA4": "Indian (EA4)", "Chinese_-_EA5": "Chinese (EA5)",
}  # fmt: skip


def rows(publication: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    """Population, locus, allele and count, sorted. Raises ValueError for a share that is no count."""
    found = []
    for population, loci in publication["populations"].items():
        for locus, table in loci.items():
            for allele, share in table["freqs"].items():
                count = share * table["n_alleles_sampled"]
                if abs(count - round(count)) > 1e-6:
                    raise ValueError(f"{population}, {locus}, {allele}: {count} is no count")
                if round(count):
                    found.append((POPULATIONS.get(population, population), locus, allele, round(count)))
    return sorted(found, key=lambda row: (row[0], row[1], float(row[2]), row[2]))


def main(folder: Path, out: Path = _OUT) -> None:
    """Write the three tables."""
    for name in PUBLICATIONS:
        publication = json.loads((folder / f"freq_{name}.json").read_text(encoding="utf-8"))
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("population", "locus", "allele", "count"))
            writer.writerows(rows(publication))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
