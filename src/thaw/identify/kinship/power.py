"""Which relative to sample: how often would this relative's profile decide, before anybody is asked.

For a missing person in a family, some members perhaps typed, profiles of a relative who could be sampled are drawn from
the model given what is known, then profiles of the missing person, and of a stranger; each pair gives a likelihood
ratio. The share of ratios above a threshold is what can be promised. Simulation follows Kling, Egeland, Herrera
Pinero and Vigeland 2017, Forensic Sci Int Genet 31:57 (exceedance probabilities), conditioned on typed members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError

from .locus import Seen
from .network import Observed, genotype_table
from .pedigree import Pedigree, Person, make_pedigree
from .relation import relation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
THRESHOLDS = (2.0, 4.0, 6.0)
_STRANGER = "somebody unrelated"


@dataclass(frozen=True, slots=True)
class Exceedance:
    """What sampling one relative would be worth.

    related, unrelated  simulated log10 ratios where the remains are the missing person's, and where a stranger's
    """

    person: str
    relation: str
    related: Floats
    unrelated: Floats

    def reached(self, log10: float) -> float:
        """Share of cases of the missing person that come out above 10 ** log10."""
        return float((self.related > log10).mean())

    def misleading(self, log10: float) -> float:
        """Share of strangers who come out above 10 ** log10."""
        return float((self.unrelated > log10).mean())

    def quantiles(self) -> tuple[float, float, float]:
        """5 %, 50 % and 95 % of the log10 ratios of the missing person; -inf where a locus excludes."""
        low, middle, high = np.quantile(self.related, [0.05, 0.5, 0.95], method="lower")
        return float(low), float(middle), float(high)


def exceedance(
    pedigree: Pedigree,
    missing: str,
    typed: Sequence[Observed],
    candidate: str | None,
    *,
    theta: float = 0.0,
    simulations: int = 1000,
    seed: int = 1,
) -> Exceedance:
    """Log10 ratios to expect if `candidate` were sampled too; None for the relatives typed so far alone.

    typed  per locus what was seen of members; the missing person and the candidate are not among them
    Raises InputError for a candidate or missing person who is not an untyped member.
    """
    for role, who in (("the missing person", missing), ("a relative to sample", candidate)):
        if who is not None and (who not in pedigree.people or any(who in o.seen for o in typed)):
            raise InputError(
                where=pedigree.name,
                got=f"{who!r} as {role}",
                want="an untyped member of the pedigree",
                fix="Correct it.",
            )
    if candidate == missing:
        raise InputError(
            where=pedigree.name,
            got="the missing person as a relative to sample",
            want="somebody else",
            fix="Correct it.",
        )
    related, unrelated = np.zeros(simulations), np.zeros(simulations)
    chance = np.random.default_rng(seed)
    apart = make_pedigree(
        [*pedigree.people.values(), Person(_STRANGER, sex=pedigree.people[missing].sex)],
        pedigree.name,
        pedigree.inbreeding,
    )
    for part in typed:
        seen = dict(part.seen)
        if candidate is not None:
            seen[candidate] = _drawn(pedigree, Observed(part.locus, seen), candidate, theta, simulations, chance)
        if not seen:
            continue
        one, other = _ratios(pedigree, apart, Observed(part.locus, seen), missing, theta, simulations, chance)
        related += one
        unrelated += other
    named = "the relatives typed so far" if candidate is None else relation(pedigree, candidate, missing)
    return Exceedance(candidate or "", named, related, unrelated)


def _pairs(table: Floats) -> Floats:
    """Probabilities of unordered genotypes as a square with the lower half empty, or a row for one allele."""
    if table.ndim == 2:
        return table
    n = table.shape[-1]
    both = table + table.transpose(0, 2, 1)
    both[:, np.arange(n), np.arange(n)] /= 2
    return np.triu(both)


def _draw(table: Floats, count: int, chance: np.random.Generator) -> Ints:
    """Places of cells drawn by their weights, one for each case; a single case is drawn from `count` times."""
    flat = table.reshape(table.shape[0], -1)
    steps = np.cumsum(flat, axis=1)
    points = chance.random(count) * steps[:, -1] if len(steps) > 1 else chance.random(count) * steps[0, -1]
    if len(steps) == 1:
        return np.searchsorted(steps[0], points, side="right").clip(max=flat.shape[1] - 1)
    return np.asarray((points[:, None] >= steps).sum(axis=1).clip(max=flat.shape[1] - 1))


def _drawn(
    pedigree: Pedigree, known: Observed, who: str, theta: float, count: int, chance: np.random.Generator
) -> Seen:
    table = _pairs(genotype_table(pedigree, known, who, theta=theta))
    if table.sum() == 0:
        raise InputError(
            where=f"{pedigree.name}, {known.locus.name}",
            got="profiles that cannot be those of these relatives",
            want="a family without a contradiction, or a mutation model",
            fix="Check the relations, or allow mutation.",
        )
    cells, n = _draw(table, count, chance), table.shape[-1]
    return Seen(cells[:, None] if table.ndim == 2 else np.stack([cells // n, cells % n], axis=1))


def _ratios(
    pedigree: Pedigree,
    apart: Pedigree,
    known: Observed,
    missing: str,
    theta: float,
    count: int,
    chance: np.random.Generator,
) -> tuple[Floats, Floats]:
    """log10 ratios of `count` missing persons and of as many strangers."""
    with np.errstate(divide="ignore", invalid="ignore"):
        as_member = _pairs(genotype_table(pedigree, known, missing, theta=theta))
        as_stranger = _pairs(genotype_table(apart, known, _STRANGER, theta=theta))
        ratio = np.log10(as_member / as_stranger).reshape(as_member.shape[0], -1)
    found = []
    for table in (as_member, as_stranger):
        cells = _draw(table, count, chance)
        found.append(ratio[np.arange(count) if len(ratio) > 1 else 0, cells])
    return found[0], found[1]


def rank(found: Sequence[Exceedance], log10: float, costs: Mapping[str, float] | None = None) -> list[Exceedance]:
    """Best first: by the share of cases decided at this threshold, per unit of cost where costs are known."""
    price = costs or {}
    return sorted(
        found, key=lambda e: (-e.reached(log10) / price.get(e.person, 1.0), -float(np.mean(e.related > 0)), e.person)
    )
