"""The alleles of founders: independent draws from the population, or draws in turn from a subpopulation (theta).

With theta the next allele is a with probability (n_a theta + (1 - theta) p_a) / (1 + (n - 1) theta), n_a of the n drawn
so far being a (Balding and Nichols 1994, Forensic Sci Int 64:125). The order does not matter. The founders of a
hypothesis, the unidentified person among them, are taken from one subpopulation.

A `Draw` names one founder allele: its variable and its domain. The result is a list of `Term`s: the likelihood is the
sum of their weights times the product of their factors, variables renamed first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError

from .elimination import Factor, Table

Floats = NDArray[np.float64]
MAX_DENSE_CELLS = 4_000_000
MAX_PARTITIONS = 25_000


@dataclass(frozen=True, slots=True)
class Draw:
    """One founder allele.

    variable  its number
    known     places of the alleles it may be, shape (k,) or (cases, k); None for all alleles
    """

    variable: int
    known: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """weight times the product of factors, after two variables of an entry of `alias` became one."""

    weight: float
    alias: Mapping[int, int]
    factors: tuple[Factor, ...]


def founder_terms(
    draws: Sequence[Draw],
    typed: Sequence[NDArray[np.int64]],
    inbred: Sequence[tuple[int, int, float]],
    freqs: Floats,
    theta: float,
    batch: int,
) -> list[Term]:
    """How the founder alleles of one locus are distributed.

    draws   founder alleles that are summed over
    typed   alleles of founders whose genotype is known, shape (2,) or (cases, 2) each, or (1,)
    inbred  pairs of variables of a founder, and the probability that both are one and the same allele by descent
    batch   variable of the axis of cases
    """
    terms = [Term(1.0, {}, ())]
    for first, second, share in inbred:
        terms = [
            Term(t.weight * w, {**t.alias, **alias}, ())
            for t in terms
            for w, alias in ((1 - share, {}), (share, {second: first}))
            if w > 0
        ]
    return [
        Term(t.weight * part.weight, _resolved(t.alias, part.alias), part.factors)
        for t in terms
        for part in _drawn([d for d in draws if d.variable not in t.alias], typed, freqs, theta, batch)
    ]


def _resolved(first: Mapping[int, int], second: Mapping[int, int]) -> dict[int, int]:
    """Both renamings, one after the other."""
    return {**{old: second.get(new, new) for old, new in first.items()}, **second}


def _drawn(
    draws: Sequence[Draw], typed: Sequence[NDArray[np.int64]], freqs: Floats, theta: float, batch: int
) -> list[Term]:
    if theta == 0:
        factors = [_population(draw, freqs, batch) for draw in draws]
        factors += [_typed_factor(alleles, freqs, batch) for alleles in typed]
        return [Term(1.0, {}, tuple(factors))]
    counts, start = _typed_in_turn(typed, freqs, theta, batch)
    cells = prod(len(freqs) if d.known is None else d.known.shape[-1] for d in draws) * counts.shape[0]
    if cells <= MAX_DENSE_CELLS or any(d.known is not None for d in draws):
        return [Term(1.0, {}, (start, _in_turn(draws, counts, freqs, theta, batch)))]
    return _partitions(draws, counts, freqs, theta, batch, start)


def _population(draw: Draw, freqs: Floats, batch: int) -> Factor:
    return _one(freqs if draw.known is None else freqs[draw.known], draw.variable, batch)


def _one(values: Table, variable: int, batch: int) -> Factor:
    return Factor((batch, variable) if values.ndim == 2 else (variable,), values)


def _typed_factor(alleles: NDArray[np.int64], freqs: Floats, batch: int) -> Factor:
    values = freqs[alleles].prod(axis=-1)
    return Factor((batch,) if values.ndim else (), values)


def _typed_in_turn(
    typed: Sequence[NDArray[np.int64]], freqs: Floats, theta: float, batch: int
) -> tuple[Floats, Factor]:
    """Counts of known founder alleles, shape (cases or 1, n), and the probability of drawing them in turn."""
    cases = max([a.shape[0] for a in typed if a.ndim == 2], default=1)
    counts, chance = np.zeros((cases, len(freqs))), np.ones(cases)
    rows, drawn = np.arange(cases), 0
    for alleles in typed:
        for column in np.broadcast_to(alleles, (cases, alleles.shape[-1])).T:
            chance *= (counts[rows, column] * theta + (1 - theta) * freqs[column]) / (1 + (drawn - 1) * theta)
            counts[rows, column] += 1
            drawn += 1
    return counts, Factor((batch,), chance) if cases > 1 else Factor((), chance[0])


def _in_turn(draws: Sequence[Draw], counts: Floats, freqs: Floats, theta: float, batch: int) -> Factor:
    """One table over all these alleles: the probability of drawing them after those that `counts` holds."""
    cases, total = counts.shape[0], int(counts[0].sum())
    places = [np.arange(len(freqs))[None] if d.known is None else np.atleast_2d(d.known) for d in draws]
    cases = max([cases, *(p.shape[0] for p in places)])
    table = np.ones((cases,))
    rows = np.arange(cases)[:, None]
    all_counts = np.broadcast_to(counts, (cases, len(freqs)))
    for k, here in enumerate(places):
        here = np.broadcast_to(here, (cases, here.shape[1]))
        base = all_counts[rows, here] * theta + (1 - theta) * freqs[here]
        ways = np.zeros((cases,) + (1,) * k + (here.shape[1],)) + base.reshape((cases,) + (1,) * k + (-1,))
        for earlier in range(k):
            before = np.broadcast_to(places[earlier], (cases, places[earlier].shape[1]))
            same = (before[:, :, None] == here[:, None, :]).astype(np.float64) * theta
            shape = [cases] + [1] * k + [here.shape[1]]
            shape[1 + earlier] = before.shape[1]
            ways = ways + same.reshape(shape)
        table = table[..., None] * ways / (1 + (total + k - 1) * theta)
    variables = tuple(d.variable for d in draws)
    return Factor((batch, *variables), table) if cases > 1 else Factor(variables, table[0])


def _partitions(
    draws: Sequence[Draw], counts: Floats, freqs: Floats, theta: float, batch: int, start: Factor
) -> list[Term]:
    """Too many cells for one table: a sum over which of the alleles are copies of which.

    The k-th allele copies one of the m alleles of an earlier group with weight m theta, or is new with the weight that
    it has after the known ones; each way to group them is one term with fewer variables.
    """
    total = int(counts[0].sum())
    denominator = prod(1 + (total + k - 1) * theta for k in range(len(draws)))
    fresh = counts * theta + (1 - theta) * freqs
    fresh = fresh if counts.shape[0] > 1 else fresh[0]
    terms = []
    for groups in _set_partitions([d.variable for d in draws]):
        weight = prod(prod(m * theta for m in range(1, len(group))) for group in groups) / denominator
        alias = {v: group[0] for group in groups for v in group[1:]}
        terms.append(Term(weight, alias, (start, *(_one(fresh, group[0], batch) for group in groups))))
        if len(terms) > MAX_PARTITIONS:
            raise InputError(
                where="theta",
                got=f"{len(draws)} founder alleles to be summed over at a locus of {len(freqs)} alleles",
                want="fewer untyped founders, or a mutation model that lets unseen alleles be joined",
                fix="Use none, equal or proportional mutation with theta, or type one more founder.",
            )
    return terms


def _set_partitions(items: Sequence[int]) -> Iterator[list[list[int]]]:
    if not items:
        yield []
        return
    for groups in _set_partitions(items[:-1]):
        yield [*groups, [items[-1]]]
        for i in range(len(groups)):
            yield [*groups[:i], [*groups[i], items[-1]], *groups[i + 1 :]]
