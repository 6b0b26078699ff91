"""Loci with published frequencies and one mutation model, ready for a register or a simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from thaw.data import frequencies

from .locus import Locus
from .locus_file import read_locus


def has_locus(population: str, name: str) -> bool:
    """Whether the population has frequencies for the locus; true for an unknown population, which is refused later."""
    table = frequencies.counts(population)
    return table is None or frequencies.locus_name(name) in table


def published_loci(
    population: str, names: Sequence[str], mutation: Mapping[str, Any] | str | None = None
) -> list[Locus]:
    """These loci with the frequencies of a population such as `nist1036/Caucasian`.

    mutation  as in a file: a name, or a model with its numbers for `female` and `male`
    Raises InputError for a population or a locus that is not on board.
    """
    made = []
    for name in names:
        marker = {"name": name, "population": population, "mutation": mutation}
        made.append(read_locus(marker, {}, {}, "published loci", lambda text: None)[0])
    return made
