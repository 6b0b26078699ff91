"""Sums a product of tables over most of its variables: the arithmetic under every likelihood.

A `Factor` is a table with one axis per variable. `eliminate` multiplies all factors and sums every variable out except
those to keep, cheapest variable first; on a pedigree this is peeling (Elston and Stewart 1971), and loops only make the
tables larger. A variable that is kept everywhere serves as an axis of many cases at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError

Table = NDArray[np.float64]
MAX_CELLS = 60_000_000  # of one table: half a gigabyte
_SMALL = 4_000


@dataclass(frozen=True, slots=True)
class Factor:
    """A table whose axes belong to these variables, in this order; no variable stands twice."""

    variables: tuple[int, ...]
    table: Table

    def renamed(self, alias: Mapping[int, int]) -> Factor:
        """Under other names; two variables that become one keep the cells where they agree."""
        if not any(v in alias for v in self.variables):
            return self
        names = [alias.get(v, v) for v in self.variables]
        kept = list(dict.fromkeys(names))
        where = {v: i for i, v in enumerate(kept)}
        arguments: list[Any] = [self.table, [where[v] for v in names], [where[v] for v in kept]]
        return Factor(tuple(kept), np.einsum(*arguments))


def eliminate(factors: Sequence[Factor], keep: Sequence[int] = ()) -> Table:
    """The product of `factors`, summed over every variable that is not in `keep`; axes in the order of `keep`.

    A variable of `keep` that no factor has becomes an axis of length 1.
    Raises InputError when a table would not fit in memory.
    """
    sizes: dict[int, int] = {}
    for factor in factors:
        for v, n in zip(factor.variables, factor.table.shape, strict=True):
            sizes[v] = n
    kind = tuple((f.variables, tuple(map(int.bit_length, f.table.shape))) for f in factors), tuple(keep)
    if kind not in _PLANS:
        if len(_PLANS) >= _MAX_PLANS:
            _PLANS.clear()
        _PLANS[kind] = _plan(factors, sizes, keep)
    left = dict(enumerate(factors))
    for number, step in enumerate(_PLANS[kind], len(factors)):
        bucket = [left.pop(place) for place in step.bucket]
        left[number] = step.at_once(bucket) if step.codes else step.in_pairs(bucket)
    return _arranged(list(left.values()), keep)


@dataclass(frozen=True, slots=True)
class _Step:
    """One variable goes: which factors hold it, what is left; with codes for one einsum where the tables are small."""

    variable: int
    bucket: tuple[int, ...]
    out: tuple[int, ...]
    codes: tuple[list[int], ...]

    def at_once(self, bucket: Sequence[Factor]) -> Factor:
        arguments: list[Any] = []
        for factor, code in zip(bucket, self.codes, strict=False):
            arguments += [factor.table, code]
        return Factor(self.out, np.einsum(*arguments, self.codes[-1]))

    def in_pairs(self, bucket: list[Factor]) -> Factor:
        made = _sum_out(bucket, self.variable)
        return Factor(self.out, made.table.transpose([made.variables.index(v) for v in self.out]))


# The order for tables of one shape (sizes to the next power of two): the loci of a case differ in little else.
_PLANS: dict[object, list[_Step]] = {}
_MAX_PLANS = 2_000


def _plan(factors: Sequence[Factor], sizes: Mapping[int, int], keep: Sequence[int]) -> list[_Step]:
    """Which variable goes next, and the numbers of the factors that hold it; what they give gets the next number."""
    left = {place: f.variables for place, f in enumerate(factors)}
    homes: dict[int, set[int]] = {v: {p for p, inside in left.items() if v in inside} for v in sizes}

    def cells(v: int) -> int:
        return prod(sizes[x] for x in set().union(*(left[place] for place in homes[v])))

    price = {v: cells(v) for v in sizes if v not in keep}
    plan: list[_Step] = []
    while price:
        v = min(price, key=lambda v: (price[v], v))
        small = price.pop(v) < _SMALL
        bucket = tuple(sorted(homes.pop(v)))
        parts = [left.pop(place) for place in bucket]
        together = list(dict.fromkeys(x for part in parts for x in part))
        out = tuple(x for x in together if x != v)
        codes = tuple([together.index(x) for x in part] for part in [*parts, out]) if small else ()
        number = len(factors) + len(plan)
        plan.append(_Step(v, bucket, out, codes))
        left[number] = out
        for x in out:
            homes[x] = homes[x] - set(bucket) | {number}
        # Only what met the variable that went can have become cheaper or dearer.
        price.update((x, cells(x)) for x in out if x in price)
    return plan


def _sum_out(bucket: list[Factor], v: int) -> Factor:
    bucket = sorted(bucket, key=lambda f: f.table.size)
    if len(bucket) == 1:
        (only,) = bucket
        axis = only.variables.index(v)
        return Factor(only.variables[:axis] + only.variables[axis + 1 :], only.table.sum(axis=axis))
    result = bucket[0]
    for factor in bucket[1:-1]:
        result = _product(result, factor, None)
    return _product(result, bucket[-1], v)


def _product(a: Factor, b: Factor, drop: int | None) -> Factor:
    """a times b; the variable `drop`, which both have, is summed out."""
    shape = dict(zip(a.variables, a.table.shape, strict=True)) | dict(zip(b.variables, b.table.shape, strict=True))
    out = [v for v in dict.fromkeys(a.variables + b.variables) if v != drop]
    cells = prod(shape[v] for v in out)
    if cells > MAX_CELLS:
        raise InputError(
            where="the pedigree",
            got=f"a step that needs a table of {cells:,} cells",
            want=f"at most {MAX_CELLS:,}",
            fix="Use none, equal or proportional mutation, which lets unseen alleles be joined, or a simpler pedigree.",
        )
    if drop is None or cells * shape[drop] < _SMALL:
        where = {v: i for i, v in enumerate(shape)}
        first, second, third = ([where[v] for v in part] for part in (a.variables, b.variables, out))
        arguments: list[Any] = [a.table, first, b.table, second, third]
        return Factor(tuple(out), np.einsum(*arguments))
    return _matrix_product(a, b, drop, shape)


def _matrix_product(a: Factor, b: Factor, drop: int, shape: Mapping[int, int]) -> Factor:
    both = [v for v in a.variables if v in b.variables and v != drop]
    left = [v for v in a.variables if v not in b.variables]
    right = [v for v in b.variables if v not in a.variables]

    def laid_out(factor: Factor, *groups: list[int]) -> Any:
        order = [factor.variables.index(v) for group in groups for v in group]
        return factor.table.transpose(order).reshape([prod(shape[v] for v in group) for group in groups])

    table = np.matmul(laid_out(a, both, left, [drop]), laid_out(b, both, [drop], right))
    out = [*both, *left, *right]
    return Factor(tuple(out), table.reshape([shape[v] for v in out]))


def _arranged(factors: Sequence[Factor], keep: Sequence[int]) -> Table:
    result = Factor((), np.ones(()))
    for factor in factors:
        result = _product(result, factor, None)
    missing = tuple(v for v in keep if v not in result.variables)
    table = result.table.reshape(result.table.shape + (1,) * len(missing))
    names = result.variables + missing
    return table.transpose([names.index(v) for v in keep])
