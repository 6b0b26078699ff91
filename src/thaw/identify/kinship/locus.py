"""One STR locus: its alleles with their shares in a population, how it mutates, and what was seen of whom.

What was seen of a person is an `Seen`: two alleles, one allele with the other not known, or a weight for every ordered
pair of alleles. Alleles that nobody showed are joined into one where that changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_REST = "(all others)"


@dataclass(frozen=True)
class Locus:
    """A locus with `n` alleles.

    freqs          share of each allele, in the order of `alleles`; above 0, together 1
    female, male   mutation matrices (n, n), row = parent's allele; of a mother and of a father
    chrom          "autosomal" or "X"
    sampled        how many alleles the frequencies were counted on, if known
    model          the mutation model in words
    """

    name: str
    alleles: tuple[str, ...]
    freqs: Floats
    female: Floats
    male: Floats
    chrom: str = "autosomal"
    sampled: int | None = None
    model: str = "none"

    @property
    def is_x(self) -> bool:
        """Lies on the X chromosome: males have one allele."""
        return self.chrom == "X"

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Place of each allele."""
        return {name: i for i, name in enumerate(self.alleles)}

    @property
    def silent(self) -> int | None:
        """Place of the silent allele, if there is one."""
        return next((i for i, name in enumerate(self.alleles) if name.lower() == "silent"), None)

    @cached_property
    def mutates(self) -> bool:
        """Whether any mutation is possible."""
        n = len(self.alleles)
        return not (np.array_equal(self.female, np.eye(n)) and np.array_equal(self.male, np.eye(n)))


@dataclass(frozen=True)
class Seen:
    """What was seen of one person at one locus.

    alleles  places of the alleles: shape (2,) or (cases, 2); (1,) or (cases, 1) for a male at a locus on the X
    weights  probability of what was seen given each ordered pair, shape (n, n), or (n,) for a male on the X
    Exactly one of the two is given.
    """

    alleles: Ints | None = None
    weights: Floats | None = None


def seen_pair(locus: Locus, first: int, second: int) -> Seen:
    """Two alleles were seen. With a silent allele at the locus, a homozygote may carry it unseen."""
    silent = locus.silent
    if silent is None or first != second or first == silent:
        return Seen(np.array([first, second]))
    weights = np.zeros((len(locus.alleles),) * 2)
    weights[first, first] = weights[first, silent] = weights[silent, first] = 1.0
    return Seen(weights=weights)


def seen_one(locus: Locus, allele: int, dropout: float | None = None) -> Seen:
    """One allele was seen of two.

    dropout  None: the other allele is simply not known, every genotype with this allele counts in full.
             d: the other allele was lost with probability d (both of a homozygote with d * d), so that a heterozygote
             gives what was seen with d (1 - d) and a homozygote with 1 - d * d.
    """
    n = len(locus.alleles)
    weights = np.zeros((n, n))
    weights[allele, :] = weights[:, allele] = 1.0 if dropout is None else dropout * (1 - dropout)
    weights[allele, allele] = 1.0 if dropout is None else 1 - dropout * dropout
    silent = locus.silent
    if dropout is not None and silent is not None:
        weights[allele, silent] = weights[silent, allele] = 1 - dropout
    return Seen(weights=weights)


def seen_x_male(allele: int) -> Seen:
    """The one allele of a male at a locus on the X."""
    return Seen(np.array([allele]))


def both_seen(a: Seen, b: Seen, n: int) -> Seen:
    """Two profiles of one person at a locus of n alleles."""
    if a.alleles is not None and b.alleles is not None and np.array_equal(np.sort(a.alleles), np.sort(b.alleles)):
        return a
    return Seen(weights=_weights(a, n) * _weights(b, n))


def _weights(what: Seen, n: int) -> Floats:
    if what.weights is not None:
        return what.weights
    assert what.alleles is not None
    weights = np.zeros((n,) * len(what.alleles))
    weights[tuple(what.alleles)] = weights[tuple(what.alleles[::-1])] = 1.0
    return weights


def join_unseen(locus: Locus, seen: Mapping[str, Seen]) -> tuple[Locus, dict[str, Seen]]:
    """The same locus with all unseen alleles joined into one, where the likelihood stays exactly the same.

    That is so when every unseen allele mutates alike to each seen one and to the rest (always without mutation and in
    the models equal and proportional, seldom in the stepwise ones). Else, or when somebody's alleles are given as
    weights over all alleles without a pattern, the locus comes back as it is.
    """
    n = len(locus.alleles)
    kept = _told_apart(locus, seen.values())
    rest = [i for i in range(n) if i not in kept]
    if len(rest) < 2 or not (_alike(locus.female, kept, rest) and _alike(locus.male, kept, rest)):
        return locus, dict(seen)
    place = np.zeros(n, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    take = [*kept, rest[0]]

    def matrix(full: Floats) -> Floats:
        part = full[np.ix_(take, take)].copy()
        part[:, -1] = full[take][:, rest].sum(axis=1)
        return part

    # Not the sum of the joined ones: published shares add up to 1 only to some digits, and founders must.
    freqs = np.append(locus.freqs[kept], max(1 - float(locus.freqs[kept].sum()), float(locus.freqs[rest].min())))
    joined = replace(
        locus,
        alleles=(*(locus.alleles[i] for i in kept), _REST),
        freqs=freqs,
        female=matrix(locus.female),
        male=matrix(locus.male),
    )
    return joined, {who: _moved(what, place, take) for who, what in seen.items()}


def _told_apart(locus: Locus, seen: Iterable[Seen]) -> list[int]:
    apart: set[int] = set() if locus.silent is None else {locus.silent}
    for what in seen:
        if what.alleles is not None:
            apart.update(what.alleles.ravel().tolist())
        elif what.weights is not None:
            apart.update(_not_like_most(what.weights))
    return sorted(apart)


def _not_like_most(weights: Floats) -> set[int]:
    """Alleles whose row differs from that of most others."""
    rows = weights.reshape(weights.shape[0], -1).copy()
    if weights.ndim == 1:
        values, counts = np.unique(rows[:, 0], return_counts=True)
        return {i for i in range(len(rows)) if rows[i, 0] != values[counts.argmax()]}
    # A row of the unseen: what it gives with each seen allele; cells between unseen ones are compared as one value.
    _, inverse, counts = np.unique(np.sort(rows, axis=1), axis=0, return_inverse=True, return_counts=True)
    return {int(i) for i in np.flatnonzero(inverse.ravel() != counts.argmax())}


def _alike(matrix: Floats, kept: Sequence[int], rest: Sequence[int]) -> bool:
    outward = matrix[np.ix_(rest, kept)]
    return bool(np.abs(outward - outward[0]).max(initial=0.0) <= 1e-15)


def _moved(what: Seen, place: NDArray[np.int64], take: Sequence[int]) -> Seen:
    if what.alleles is not None:
        return Seen(place[what.alleles])
    assert what.weights is not None
    return Seen(weights=what.weights[np.ix_(*[list(take)] * what.weights.ndim)])


def check_locus(locus: Locus) -> None:
    """Raises InputError for alleles named twice, shares out of range or matrices of another size."""
    n = len(locus.alleles)
    where = locus.name
    if len(set(locus.alleles)) != n:
        twice = next(a for a in locus.alleles if locus.alleles.count(a) > 1)
        raise InputError(where=where, got=f"allele {twice} twice", want="each allele once", fix="Correct the table.")
    if n == 0 or len(locus.freqs) != n:
        got = f"{n} alleles and {len(locus.freqs)} frequencies"
        raise InputError(where=where, got=got, want="as many as alleles, at least one", fix="Correct the table.")
    if not (np.isfinite(locus.freqs).all() and (locus.freqs > 0).all() and (locus.freqs <= 1 + 1e-9).all()):
        raise InputError(
            where=where,
            got="an allele frequency outside 0 to 1",
            want="numbers above 0, at most 1",
            fix="Leave out alleles that were never seen; the rule for rare alleles covers them.",
        )
    if locus.chrom not in ("autosomal", "X"):
        raise InputError(where=where, got=f"chrom {locus.chrom!r}", want="autosomal or X", fix="Correct the file.")
