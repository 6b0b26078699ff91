"""The likelihood of what was seen of a pedigree at one locus, or at loci that recombine.

Each person has two variables per locus, the allele from the father and the one from the mother (at a locus on the X a
male has only the latter). Founders draw from the population, children get one of a parent's two alleles through the
mutation matrix, and what was seen binds the two. Between linked loci a parent passes on alleles of the same of its two
chromosomes with probability 1 - rho. `likelihood` sums all of it; `genotype_table` leaves one person open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError

from .elimination import Factor, Table, eliminate
from .founders import Draw, Term, founder_terms
from .locus import Locus, Seen
from .pedigree import Pedigree, Person

Ints = NDArray[np.int64]
_CASES = -1  # the variable of the axis of cases


@dataclass(frozen=True, slots=True)
class Observed:
    """One locus and what was seen of each typed person."""

    locus: Locus
    seen: Mapping[str, Seen]


@dataclass
class _Allele:
    """One variable: its number, and the alleles it may be (None: all)."""

    variable: int
    known: Ints | None = None


@dataclass
class _Build:
    """The factors of one locus as they come up; `founders` are summed over, `typed` are known."""

    observed: Observed
    factors: list[Factor] = field(default_factory=list)
    founders: list[Draw] = field(default_factory=list)
    typed: list[Ints] = field(default_factory=list)
    inbred: list[tuple[int, int, float]] = field(default_factory=list)
    alleles: dict[tuple[str, str], _Allele] = field(default_factory=dict)
    gametes: dict[str, _Allele] = field(default_factory=dict)


def likelihood(
    pedigree: Pedigree, observed: Sequence[Observed], *, theta: float = 0.0, rho: Sequence[float] = ()
) -> Table:
    """Probability of what was seen at these loci under the pedigree: shape () or (cases,).

    observed  one locus, or linked loci in their order on the chromosome, each pair with its recombination rate in `rho`
    theta     0 to below 1: how much more alike the founders are than the population (FST)
    """
    return _sum(pedigree, observed, theta, rho, None)


def genotype_table(pedigree: Pedigree, observed: Observed, person: str, *, theta: float = 0.0) -> Table:
    """Probability of what was seen together with each ordered pair of alleles of `person`, who is not typed.

    Returns shape (cases or 1, n, n), axes: case, allele from the father, allele from the mother. For a male at a locus
    on the X shape (cases or 1, n).
    """
    if person in observed.seen:
        raise ValueError(f"{person} is typed; leave them out of `seen`")
    return _sum(pedigree, [observed], theta, (), person)


def _sum(
    pedigree: Pedigree, observed: Sequence[Observed], theta: float, rho: Sequence[float], query: str | None
) -> Table:
    for part in observed:
        _check(pedigree, part)
    needed = frozenset({who for part in observed for who in part.seen} | ({query} if query else set()))
    slim = pedigree.slim(needed)
    numbers = count()
    builds = [_build(slim, part, query, len(observed) > 1, numbers) for part in observed]
    factors = _linked(slim, builds, rho, numbers) if len(observed) > 1 else builds[0].factors
    terms = [Term(1.0, {}, ())]
    for build in builds:
        mine = founder_terms(build.founders, build.typed, build.inbred, build.observed.locus.freqs, theta, _CASES)
        terms = [Term(a.weight * b.weight, {**a.alias, **b.alias}, a.factors + b.factors) for a in terms for b in mine]
    keep = _kept(builds, query)
    return sum((t.weight * _eliminated([*factors, *t.factors], t.alias, keep) for t in terms), np.zeros(()))


def _kept(builds: Sequence[_Build], query: str | None) -> list[int]:
    cases = (
        any(_CASES in f.variables for b in builds for f in b.factors)
        or any(a.ndim == 2 for b in builds for a in b.typed)
        or any(d.known is not None and d.known.ndim == 2 for b in builds for d in b.founders)
    )
    keep = [_CASES] if cases or query is not None else []
    if query is not None:
        keep += [builds[0].alleles[query, side].variable for side in "pm" if (query, side) in builds[0].alleles]
    return keep


def _eliminated(factors: Sequence[Factor], alias: Mapping[int, int], keep: Sequence[int]) -> Table:
    if not alias:
        return eliminate(factors, keep)
    first = list(dict.fromkeys(alias.get(v, v) for v in keep))
    table = eliminate([f.renamed(alias) for f in factors], first)
    if len(first) == len(keep):
        return table
    # Two open alleles of an inbred founder that are copies: only equal pairs have a chance.
    n = table.shape[-1]
    return table[..., None] * np.eye(n)


def _check(pedigree: Pedigree, part: Observed) -> None:
    for who, what in part.seen.items():
        if who not in pedigree.people:
            raise InputError(
                where=f"{pedigree.name}, {part.locus.name}",
                got=f"a genotype of {who!r}, who is not in the pedigree",
                want="genotypes of persons of the pedigree",
                fix="Add the person, unrelated if need be.",
            )
        if part.locus.is_x and pedigree.people[who].sex == "U":
            raise InputError(
                where=f"{pedigree.name}, {who}",
                got=f"no sex, with the X locus {part.locus.name}",
                want="M or F",
                fix="Give the sex.",
            )
        wants = 1 if part.locus.is_x and pedigree.people[who].sex == "M" else 2
        has = (
            what.alleles.shape[-1]
            if what.alleles is not None
            else (what.weights.ndim if what.weights is not None else 0)
        )
        if has != wants:
            raise InputError(
                where=f"{part.locus.name}, {who}",
                got=f"{has} allele{'s' * (has != 1)}",
                want=f"{wants} at this locus",
                fix="Check the sex of the person and the genotype.",
            )


def _build(slim: Pedigree, part: Observed, query: str | None, linked: bool, numbers: count[int]) -> _Build:
    build = _Build(part)
    for person in slim.people.values():
        if _is_gamete_only(slim, part, person, query):
            build.gametes[person.id] = _Allele(next(numbers))
            build.founders.append(Draw(build.gametes[person.id].variable))
            continue
        what = part.seen.get(person.id)
        sides = "m" if part.locus.is_x and person.sex == "M" else "pm"
        for side in sides:
            build.alleles[person.id, side] = _Allele(next(numbers), None if what is None else what.alleles)
        if person.is_founder:
            _found(build, slim, person, what)
            continue
        if what is not None:
            build.factors.append(_seen_factor(build, person.id, what))
        if not linked:
            build.factors += [f for side in sides if (f := _passed_on(build, slim, person, side)) is not None]
        for side in sides:
            if (person.father if side == "p" else person.mother) is None:
                here = build.alleles[person.id, side]
                build.founders.append(Draw(here.variable, here.known))
    return build


def _is_gamete_only(slim: Pedigree, part: Observed, person: Person, query: str | None) -> bool:
    """An untyped founder with one child: only one allele matters, and that is one draw."""
    return (
        person.is_founder and person.id not in part.seen and person.id != query and len(slim.children(person.id)) == 1
    )


def _found(build: _Build, slim: Pedigree, person: Person, what: Seen | None) -> None:
    """A founder's alleles: known up to their order, or to be summed over."""
    mine = [a for (who, _), a in build.alleles.items() if who == person.id]
    share = slim.inbreeding.get(person.id, 0.0)
    if len(mine) == 2 and share > 0:
        build.inbred.append((mine[0].variable, mine[1].variable, share))
        if what is not None and what.alleles is not None:
            # Copies must meet in one domain, so the alleles run over all and what was seen picks.
            what = Seen(weights=_as_weights(what.alleles, len(build.observed.locus.alleles), person.id))
            for allele in mine:
                allele.known = None
    if what is not None and what.alleles is not None:
        build.typed.append(what.alleles)
        build.factors.append(_seen_factor(build, person.id, what))
        return
    build.founders += [Draw(a.variable) for a in mine]
    if what is not None:
        build.factors.append(_seen_factor(build, person.id, what))


def _as_weights(alleles: Ints, n: int, who: str) -> Table:
    if alleles.ndim != 1:
        raise ValueError(f"{who}: an inbred founder cannot be typed differently in many cases at once")
    weights = np.zeros((n, n))
    weights[alleles[0], alleles[1]] = weights[alleles[1], alleles[0]] = 1.0
    return weights


def _seen_factor(build: _Build, who: str, what: Seen) -> Factor:
    mine = tuple(build.alleles[who, side].variable for side in "pm" if (who, side) in build.alleles)
    if what.weights is not None:
        return Factor(mine, what.weights)
    assert what.alleles is not None
    if len(mine) == 1:
        return Factor(mine, np.ones(1))
    return _order_factor(what.alleles, mine)


def _order_factor(alleles: Ints, mine: tuple[int, ...]) -> Factor:
    """Either of a heterozygote's two orders; a homozygote once, though its allele stands twice in the domain."""
    same = alleles[..., 0] == alleles[..., 1]
    table = np.zeros((*same.shape, 2, 2))
    table[..., 0, 1] = table[..., 1, 0] = np.where(same, 0.0, 1.0)
    table[..., 0, 0] = np.where(same, 1.0, 0.0)
    return Factor((_CASES, *mine) if same.ndim else mine, table)


def _matrix(build: _Build, slim: Pedigree, parent: str, side: str) -> Table:
    return build.observed.locus.male if side == "p" else build.observed.locus.female


def _passed_on(build: _Build, slim: Pedigree, person: Person, side: str) -> Factor | None:
    """How the allele from one parent came about; None where that parent is not listed."""
    parent = person.father if side == "p" else person.mother
    if parent is None:
        return None
    child, matrix = build.alleles[person.id, side], _matrix(build, slim, parent, side)
    sources = _sources(build, parent)
    parts = [_gathered(matrix, source, child) for source in sources]
    if len(parts) == 1:
        return parts[0]
    return _half_and_half(parts[0], parts[1])


def _sources(build: _Build, parent: str) -> list[_Allele]:
    if parent in build.gametes:
        return [build.gametes[parent]]
    return [build.alleles[parent, side] for side in "pm" if (parent, side) in build.alleles]


def _gathered(matrix: Table, source: _Allele, child: _Allele) -> Factor:
    """The matrix at the alleles that both may be; variables: cases if they differ by case, source, child."""
    rows = np.arange(matrix.shape[0]) if source.known is None else source.known
    columns = np.arange(matrix.shape[0]) if child.known is None else child.known
    table = matrix[rows[..., :, None], columns[..., None, :]]
    names = (source.variable, child.variable)
    return Factor((_CASES, *names) if table.ndim == 3 else names, table)


def _half_and_half(a: Factor, b: Factor) -> Factor:
    """0.5 a + 0.5 b over cases, first source, second source, child."""
    cases = _CASES in a.variables or _CASES in b.variables
    first = a.table[..., :, None, :]
    second = b.table[..., None, :, :]
    names = (a.variables[-2], b.variables[-2], a.variables[-1])
    return Factor((_CASES, *names) if cases else names, 0.5 * (first + second))


def _linked(slim: Pedigree, builds: Sequence[_Build], rho: Sequence[float], numbers: count[int]) -> list[Factor]:
    """The factors of linked loci: a switch per meiosis and locus says which of the parent's chromosomes it was."""
    factors = [f for build in builds for f in build.factors]
    for person in slim.people.values():
        for side in "pm":
            parent = person.father if side == "p" else person.mother
            if parent is None or (person.id, side) not in builds[0].alleles:
                continue
            switches: list[int | None] = []
            for build in builds:
                child, matrix = build.alleles[person.id, side], _matrix(build, slim, parent, side)
                parts = [_gathered(matrix, source, child) for source in _sources(build, parent)]
                switches.append(None if len(parts) == 1 else next(numbers))
                factors += [parts[0]] if switches[-1] is None else _switched(parts[0], parts[1], switches[-1] or 0)
            factors += _chain(switches, rho)
    return factors


def _switched(a: Factor, b: Factor, switch: int) -> list[Factor]:
    """Factor a where the switch is 0, factor b where it is 1."""

    def one(part: Factor, off: int) -> Factor:
        table = np.stack([np.ones_like(part.table), part.table] if off == 0 else [part.table, np.ones_like(part.table)])
        return Factor((switch, *part.variables), table)

    return [one(a, 1), one(b, 0)]


def _chain(switches: Sequence[int | None], rho: Sequence[float]) -> list[Factor]:
    made: list[Factor] = []
    for i, here in enumerate(switches):
        if here is None:
            continue
        before = switches[i - 1] if i else None
        if before is None:
            made.append(Factor((here,), np.full(2, 0.5)))
        else:
            made.append(Factor((before, here), np.array([[1 - rho[i - 1], rho[i - 1]], [rho[i - 1], 1 - rho[i - 1]]])))
    return made
