"""A case of kinship and its likelihood ratios: hypotheses as pedigrees, what was seen, ratios per locus and in all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from thaw.errors import InputError

from .locus import Seen, both_seen, join_unseen
from .network import Observed, likelihood
from .pedigree import Pedigree, Person, make_pedigree, prune_as_familias

CONVENTIONS = ("none", "familias")


@dataclass(frozen=True)
class Linked:
    """Loci that recombine: their places in the case's list, and the rate between each and the next, 0 to 0.5."""

    places: tuple[int, ...]
    rho: tuple[float, ...]


@dataclass(frozen=True)
class Case:
    """Hypotheses over the same typed persons, and what was seen of them.

    hypotheses  at least one pedigree, named; each holds every typed person
    reference   name of the hypothesis that the others are compared with
    observed    one per locus
    theta       0 to below 1
    linked      groups of linked loci; the rest recombine freely
    poi         the person in question, if the file says who, or it can be seen
    warnings    assumptions made while reading, in words
    population  the allele frequencies in words
    about       what the file says of the case
    lineage     blocks on Y-STR and mtDNA, see `lineage`
    request     further keys of the file that commands use
    from_familias  the file says that its values are Familias's
    """

    id: str
    hypotheses: tuple[Pedigree, ...]
    reference: str
    observed: tuple[Observed, ...]
    theta: float = 0.0
    linked: tuple[Linked, ...] = ()
    poi: str | None = None
    warnings: tuple[str, ...] = ()
    population: str | None = None
    about: str = ""
    lineage: tuple[Mapping[str, Any], ...] = ()
    request: Mapping[str, Any] = field(default_factory=dict)
    from_familias: bool = False

    def typed(self) -> list[str]:
        """Persons with a genotype at any locus, in order of first sight."""
        return list(dict.fromkeys(who for part in self.observed for who in part.seen))


@dataclass(frozen=True)
class Answer:
    """Likelihood ratios of a case: against the reference, per locus and in total.

    ratios          per locus and hypothesis; None where the reference has likelihood 0
    likelihoods     per locus and hypothesis
    log10_total     sum of log10 ratios, linked loci taken together; -inf for 0, None where it does not exist
    log10_unlinked  the same as if no loci were linked, where some are
    """

    case: Case
    convention: str
    ratios: tuple[Mapping[str, float | None], ...]
    likelihoods: tuple[Mapping[str, float], ...]
    log10_total: Mapping[str, float | None]
    log10_unlinked: Mapping[str, float | None] | None = None
    total: Mapping[str, float | None] = field(default_factory=dict)
    unlinked: Mapping[str, float | None] | None = None


def check_convention(pruning: str) -> None:
    """Raises InputError for a convention that does not exist."""
    if pruning not in CONVENTIONS:
        raise InputError(where="pruning", got=repr(pruning), want="none or familias", fix="Choose one of them.")


def evaluate(case: Case, pruning: str = "none") -> Answer:
    """The likelihood ratios of a case under a pruning convention, `none` or `familias`.

    Raises InputError for another convention, and where a table would be too large to sum.
    """
    check_convention(pruning)
    pedigrees = {h.name: _by_convention(h, case, pruning) for h in case.hypotheses}
    alone = [_group(pedigrees, [part], case.theta, ()) for part in case.observed]
    ratios = [_ratios(found, case.reference) for found in alone]
    grouped = {place for group in case.linked for place in group.places}
    joint = [
        _ratios(_group(pedigrees, [case.observed[i] for i in g.places], case.theta, g.rho), case.reference)
        for g in case.linked
    ]
    parts = [r for i, r in enumerate(ratios) if i not in grouped] + joint
    unlinked = {name: _times(r[name] for r in ratios) for name in pedigrees} if case.linked else None
    total = {name: _times(r[name] for r in parts) for name in pedigrees}
    return Answer(
        case,
        pruning,
        tuple(ratios),
        tuple(alone),
        {name: None if t is None else t.log10 for name, t in total.items()},
        None if unlinked is None else {name: None if t is None else t.log10 for name, t in unlinked.items()},
        {name: None if t is None else t.value for name, t in total.items()},
        None if unlinked is None else {name: None if t is None else t.value for name, t in unlinked.items()},
    )


def usual_convention(case: Case) -> str:
    """The convention where nobody chose one: `none`, but `familias` for a case of Familias where it matters."""
    if not case.from_familias or case.theta > 0 or not any(o.locus.mutates for o in case.observed):
        return "none"
    typed = case.typed()
    return (
        "familias" if any(prune_as_familias(h, typed) != h.slim(frozenset(typed)) for h in case.hypotheses) else "none"
    )


def _by_convention(pedigree: Pedigree, case: Case, pruning: str) -> Pedigree:
    # With theta Familias keeps every person: its values for such cases are those without pruning.
    return pedigree if pruning == "none" or case.theta > 0 else prune_as_familias(pedigree, case.typed())


def _group(
    pedigrees: Mapping[str, Pedigree], observed: Sequence[Observed], theta: float, rho: Sequence[float]
) -> dict[str, float]:
    slim = [Observed(*join_unseen(part.locus, part.seen)) for part in observed]
    return {
        name: float(likelihood(p, [_as_one(part, p) for part in slim], theta=theta, rho=rho))
        for name, p in pedigrees.items()
    }


def _as_one(part: Observed, pedigree: Pedigree) -> Observed:
    """What was seen under the several names of one person, put together."""
    if not pedigree.same:
        return part
    seen: dict[str, Seen] = {}
    for who, what in part.seen.items():
        real = pedigree.same.get(who, who)
        seen[real] = both_seen(seen[real], what, len(part.locus.alleles)) if real in seen else what
    return Observed(part.locus, seen)


def _ratios(found: Mapping[str, float], reference: str) -> dict[str, float | None]:
    below = found[reference]
    return {name: value / below if below > 0 else None for name, value in found.items()}


@dataclass(frozen=True)
class _Product:
    """A product that neither overflows nor loses digits: value None beyond what a float holds."""

    value: float | None
    log10: float


def _times(values: Iterable[float | None]) -> _Product | None:
    """The product; None when a factor does not exist."""
    fraction, exponent = 1.0, 0
    for value in values:
        if value is None:
            return None
        fraction, more = math.frexp(fraction * value)
        exponent += more
    if fraction == 0:
        return _Product(0.0, -math.inf)
    log10 = math.log10(fraction) + exponent * math.log10(2)
    try:
        plain = math.ldexp(fraction, exponent)
    except OverflowError:
        return _Product(None, log10)
    return _Product(plain if plain > 0 else None, log10)


# What the result hangs on: each relative left out, each relative not related after all


@dataclass(frozen=True)
class Without:
    """The case with one typed relative taken out of the evidence, or out of the family.

    left_out            log10 total ratios without this relative's profile
    not_related         log10 total ratios where no hypothesis takes this person for a relative
    support_no_relative log10 of the likelihood with this person unrelated over that as stated, per hypothesis
    """

    who: str
    left_out: Mapping[str, float | None]
    not_related: Mapping[str, float | None]
    support_no_relative: Mapping[str, float | None]


def sensitivity(case: Case, pruning: str = "none") -> list[Without]:
    """How the total changes with each typed relative left out, and with each one not related; empty for two persons."""
    typed = case.typed()
    if len(typed) < 3:
        return []
    stated = evaluate(case, pruning)
    return [_without(case, stated, who, pruning) for who in typed if who != case.poi]


def _without(case: Case, stated: Answer, who: str, pruning: str) -> Without:
    fewer = tuple(Observed(o.locus, {k: v for k, v in o.seen.items() if k != who}) for o in case.observed)
    left = evaluate(replace(case, observed=fewer), pruning)
    apart = evaluate(replace(case, hypotheses=tuple(_detached(h, who) for h in case.hypotheses)), pruning)
    support = {
        name: _log_ratio([x[name] for x in apart.likelihoods], [x[name] for x in stated.likelihoods])
        for name in stated.log10_total
    }
    return Without(who, left.log10_total, apart.log10_total, support)


def _log_ratio(above: Sequence[float], below: Sequence[float]) -> float | None:
    if any(x == 0 for x in below):
        return None
    if any(x == 0 for x in above):
        return -math.inf
    return math.fsum(math.log10(a) - math.log10(b) for a, b in zip(above, below, strict=True))


def _detached(pedigree: Pedigree, who: str) -> Pedigree:
    """The typed person stands alone; in their place in the family is somebody untyped."""
    other = f"{who} (another person)"
    if who in pedigree.same:
        return _renamed_apart(pedigree, who)
    people = []
    for p in pedigree.people.values():
        father, mother = (other if x == who else x for x in (p.father, p.mother))
        people.append(Person(other if p.id == who else p.id, father, mother, p.sex))
    people.append(Person(who, sex=pedigree.people[who].sex))
    inbreeding = {other if k == who else k: v for k, v in pedigree.inbreeding.items()}
    return make_pedigree(
        people, pedigree.name, inbreeding, {k: other if v == who else v for k, v in pedigree.same.items()}
    )


def _renamed_apart(pedigree: Pedigree, who: str) -> Pedigree:
    """A profile under a further name is of somebody else after all."""
    sex = pedigree.people[pedigree.same[who]].sex
    same = {k: v for k, v in pedigree.same.items() if k != who}
    return make_pedigree([*pedigree.people.values(), Person(who, sex=sex)], pedigree.name, pedigree.inbreeding, same)
