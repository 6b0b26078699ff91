"""Allele frequencies of STR loci: NIST 1036, FBI 2015, UK DNA-17, as counts in the published samples.

Comes in: the name of a publication and a population. Goes out: per locus the counted alleles. Sources, licences and
limits: README.md beside this file. A table is read on the first question and kept; callers must not change it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

__all__ = ["counts", "locus_name", "populations"]

_HERE = Path(__file__).parent
_TITLES = {"nist1036": "NIST 1036", "fbi2015": "FBI 2015", "uk_dna17": "UK DNA-17"}


def populations() -> list[str]:
    """What can be asked for, as `publication/population`, sorted."""
    return sorted(f"{name}/{population}" for name in _TITLES for population in _table(name))


def counts(name: str) -> Mapping[str, Mapping[str, int]] | None:
    """Counts by locus and allele of `publication/population`, such as `nist1036/Caucasian`; None for another name.

    Letters, spaces and marks are compared loosely: `NIST1036/caucasian` is the same.
    """
    publication, _, population = name.partition("/")
    key = next((k for k in _TITLES if _plain(k) == _plain(publication)), None)
    if key is None:
        return None
    return next((table for who, table in _table(key).items() if _plain(who) == _plain(population)), None)


def locus_name(text: str) -> str:
    """The tables' spelling of a locus, letters, spaces and marks compared loosely: PENTA_D is `Penta D`.

    A locus of no table keeps its name, without blanks around it.
    """
    return _spellings().get(_plain(text), text.strip())


@cache
def _spellings() -> Mapping[str, str]:
    tables = (table for name in _TITLES for table in _table(name).values())
    return {_plain(locus): locus for table in tables for locus in table}


def _plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


@cache
def _table(name: str) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    found: dict[str, dict[str, dict[str, int]]] = {}
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["population"], {}).setdefault(row["locus"], {})[row["allele"]] = int(row["count"])
    return found
