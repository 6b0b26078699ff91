"""The slow and obvious way: every ordered pair of alleles for every person, one after the other.

Nothing is clever here: a list of persons with parents before children, a loop over all pairs of alleles, the product
of the textbook probabilities. It shares no code with the engine but the classes that hold its input.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from thaw.identify.kinship.locus import Locus, Seen
from thaw.identify.kinship.pedigree import Pedigree


def likelihood(pedigree: Pedigree, locus: Locus, seen: dict[str, Seen], theta: float = 0.0) -> float:
    people = list(pedigree.people.values())
    n = len(locus.alleles)

    def draw(drawn: tuple[int, ...], allele: int) -> float:
        return (drawn.count(allele) * theta + (1 - theta) * locus.freqs[allele]) / (1 + (len(drawn) - 1) * theta)

    def from_parent(who: str, genes: dict[str, Any], matrix: Any, allele: int) -> float:
        have = genes[who]
        return float(sum(matrix[a, allele] for a in have) / len(have))

    def rest(at: int, genes: dict[str, Any], drawn: tuple[int, ...]) -> float:
        if at == len(people):
            return 1.0
        person = people[at]
        one = locus.is_x and person.sex == "M"
        total = 0.0
        for pair in product(range(n), repeat=1 if one else 2):
            chance = fits(seen.get(person.id), pair)
            if chance == 0:
                continue
            after = drawn
            share = pedigree.inbreeding.get(person.id, 0.0)
            if person.is_founder and len(pair) == 2 and share > 0:
                # With probability `share` the two are copies of one draw, else two draws.
                once = draw(drawn, pair[0]) if pair[0] == pair[1] else 0.0
                twice = draw(drawn, pair[0]) * draw((*drawn, pair[0]), pair[1])
                later = {**genes, person.id: pair}
                total += chance * share * once * rest(at + 1, later, (*drawn, pair[0])) if once else 0.0
                total += chance * (1 - share) * twice * rest(at + 1, later, (*drawn, *pair))
                continue
            parents = (person.mother,) if one else (person.father, person.mother)
            matrices = (locus.female,) if one else (locus.male, locus.female)
            for parent, matrix, allele in zip(parents, matrices, pair, strict=True):
                if parent is None:
                    chance *= draw(after, allele)
                    after = (*after, allele)
                else:
                    chance *= from_parent(parent, genes, matrix, allele)
            if chance:
                total += chance * rest(at + 1, {**genes, person.id: pair}, after)
        return total

    return rest(0, {}, ())


def fits(what: Seen | None, pair: tuple[int, ...]) -> float:
    if what is None:
        return 1.0
    if what.weights is not None:
        return float(what.weights[pair])
    assert what.alleles is not None
    return float(sorted(pair) == sorted(np.asarray(what.alleles).tolist()))


def linked_likelihood(
    pedigree: Pedigree,
    loci: tuple[Locus, Locus],
    seen: tuple[dict[str, Seen], dict[str, Seen]],
    rho: float,
    theta: float = 0.0,
) -> float:
    """Two linked loci: all pairs of alleles of everybody at both, and which chromosome each meiosis passed on."""
    people = list(pedigree.people.values())

    def passed(genes: dict[str, Any], parent: str, matrices: tuple[Any, Any], got: tuple[int, int]) -> float:
        """One gamete: from chromosome s at the first locus, from the same one at the second but for a recombination."""
        total = 0.0
        count = len(genes[parent][0])
        for first, second in product(range(count), repeat=2):
            chance = 1.0 if count == 1 else 0.5 * ((1 - rho) if first == second else rho)
            at = (genes[parent][0][first], genes[parent][1][second])
            total += chance * matrices[0][at[0], got[0]] * matrices[1][at[1], got[1]]
        return float(total)

    def drawn_next(drawn: tuple[int, ...], allele: int, freqs: Any) -> float:
        return float((drawn.count(allele) * theta + (1 - theta) * freqs[allele]) / (1 + (len(drawn) - 1) * theta))

    def rest(at: int, genes: dict[str, Any], drawn: tuple[tuple[int, ...], tuple[int, ...]]) -> float:
        if at == len(people):
            return 1.0
        person = people[at]
        one = loci[0].is_x and person.sex == "M"
        places = 1 if one else 2
        total = 0.0
        pairs = [list(product(range(len(locus.alleles)), repeat=places)) for locus in loci]
        for first, second in product(*pairs):
            chance = fits(seen[0].get(person.id), first) * fits(seen[1].get(person.id), second)
            parents = (person.mother,) if one else (person.father, person.mother)
            sides = ("female",) if one else ("male", "female")
            after = drawn
            for k, (parent, side) in enumerate(zip(parents, sides, strict=True)):
                if chance == 0:
                    break
                if parent is None:
                    got = (first[k], second[k])
                    for n in (0, 1):
                        chance *= drawn_next(after[n], got[n], loci[n].freqs)
                    after = ((*after[0], got[0]), (*after[1], got[1]))
                else:
                    matrices = (getattr(loci[0], side), getattr(loci[1], side))
                    chance *= passed(genes, parent, matrices, (first[k], second[k]))
            if chance:
                total += chance * rest(at + 1, {**genes, person.id: (first, second)}, after)
        return total

    return rest(0, {}, ((), ()))
