"""One profile against many families: what every genotype would say is worked out beforehand, the search looks it up.

For each family and locus the table holds log10 P(genotype, references | member) / P(genotype, references | unrelated)
for every genotype of the locus. Mutation, theta and the shape of the pedigree cost time when the table is made; a
search adds up one column per locus. Families of one shape are worked out together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError

from .case import Case, evaluate
from .locus import Locus, Seen, seen_pair
from .network import Observed, genotype_table
from .pedigree import Pedigree, Person, make_pedigree
from .profiles import RelativeProfile, RemainsProfile, must_be_relative, must_be_remains
from .published import has_locus, published_loci

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_AT_ONCE = 256  # families of one shape that are worked out together: bounds the memory of building
_POI = "the unidentified person"


@dataclass(frozen=True, slots=True)
class Family:
    """A family that misses somebody.

    pedigree    with the missing person and all references
    missing     id of the missing person, not typed
    references  profiles of members, by id
    """

    id: str
    pedigree: Pedigree
    missing: str
    references: Mapping[str, RelativeProfile]

    def __post_init__(self) -> None:
        if self.missing not in self.pedigree.people or self.missing in self.references:
            raise InputError(
                where=f"family {self.id}",
                got=f"{self.missing!r} as the missing person",
                want="an untyped member of the pedigree",
                fix="Correct the family.",
            )
        for who, profile in self.references.items():
            must_be_relative(profile)
            if who not in self.pedigree.people:
                got = f"a profile of {who!r}, who is not in the pedigree"
                raise InputError(where=f"family {self.id}", got=got, want="members of the family", fix="Add them.")


@dataclass(frozen=True, slots=True)
class Found:
    """A family and what the profile says for it; loci is how many had both the profile and a reference."""

    family: str
    log10_lr: float
    loci: int


@dataclass(frozen=True)
class FamilyRegister:
    """Tables of many families, made by `build`.

    ids     of the families
    tables  per locus: shape (genotypes, families), log10 ratios; genotype (i, j), i <= j, is row `_row(i, j, n)`
    typed   per locus: which families have a reference there
    weights per locus: P(genotype) in the population, for profiles with one allele
    aside   what was left out, in words
    """

    ids: tuple[str, ...]
    loci: Mapping[str, Locus]
    tables: Mapping[str, Floats]
    typed: Mapping[str, NDArray[np.bool_]]
    theta: float
    families: tuple[Family, ...]
    aside: tuple[str, ...] = ()

    @staticmethod
    def build(families: Sequence[Family], loci: Sequence[Locus], *, theta: float = 0.0) -> FamilyRegister:
        """The register of these families over these autosomal loci.

        A family whose references contradict it at a locus loses that locus, which is said in `aside`.
        Raises InputError for a locus on the X, or two families of one id.
        """
        if on_x := [locus.name for locus in loci if locus.is_x]:
            raise InputError(where=on_x[0], got="a locus on the X", want="autosomal loci", fix="Leave it out.")
        ids = [f.id for f in families]
        if len(set(ids)) < len(ids):
            twice = next(i for i in ids if ids.count(i) > 1)
            raise InputError(
                where="register", got=f"family {twice!r} twice", want="each once", fix="Rename one of them."
            )
        aside: list[str] = []
        tables, typed = {}, {}
        for locus in loci:
            tables[locus.name], typed[locus.name] = _table(families, locus, theta, aside)
        return FamilyRegister(
            tuple(ids), {x.name: x for x in loci}, tables, typed, theta, tuple(families), tuple(aside)
        )

    @staticmethod
    def of_population(
        families: Sequence[Family],
        population: str,
        loci: Sequence[str],
        mutation: Mapping[str, Any] | str | None = None,
        *,
        theta: float = 0.0,
    ) -> FamilyRegister:
        """The register with published frequencies; loci that the population lacks are left out and said in `aside`."""
        known = [name for name in loci if has_locus(population, name)]
        made = FamilyRegister.build(families, published_loci(population, known, mutation), theta=theta)
        left = tuple(f"{name} has no frequencies in {population}; left out." for name in loci if name not in known)
        return replace(made, aside=left + made.aside)

    def log10_lr(self, profile: RemainsProfile) -> tuple[Floats, Ints]:
        """log10 likelihood ratio for every family, in the order of `ids`, and the number of loci behind each.

        Loci that the profile or the register lacks say nothing. -inf where a locus excludes.
        Raises AccessDenied for a profile that is not one of unidentified remains.
        """
        names, total = self._summed(profile)
        count = np.zeros(len(self.ids), dtype=np.int64)
        for name in names:
            count += self.typed[name]
        return total, count

    def _summed(self, profile: RemainsProfile) -> tuple[list[str], Floats]:
        """The loci that count, and the sums over them: one column of each table."""
        names, total = [], np.zeros(len(self.ids))
        for name, pair in must_be_remains(profile).genotypes.items():
            locus = self.loci.get(name)
            if locus is None or len(pair) != 2 or not all(a in locus.index for a in pair):
                continue
            low, high = sorted(locus.index[a] for a in pair)
            total += self.tables[name][_row(low, high, len(locus.alleles))]
            names.append(name)
        return names, total

    def search(self, profile: RemainsProfile, top: int = 10) -> list[Found]:
        """The families with the highest ratios, best first; equal ones in the order of the register."""
        names, total = self._summed(profile)
        top = min(top, len(total))
        if not top:
            return []
        # The last places may be shared: everything at least as good as the last is sorted, then cut.
        bar = np.partition(total, len(total) - top)[len(total) - top]
        among = np.flatnonzero(total >= bar)
        order = among[np.argsort(-total[among], kind="stable")][:top]
        return [Found(self.ids[i], float(total[i]), sum(bool(self.typed[n][i]) for n in names)) for i in order]

    def set_aside(self, profile: RemainsProfile) -> list[str]:
        """Loci of a profile that a search passes over, and why, in words."""
        said = []
        for name, pair in must_be_remains(profile).genotypes.items():
            if name not in self.loci:
                said.append(f"{name} is not in the register.")
            elif odd := [a for a in pair if a not in self.loci[name].index]:
                said.append(f"{name}: allele {odd[0]} is not in the table; the full calculation takes it as rare.")
            elif len(pair) != 2:
                said.append(f"{name}: {len(pair)} alleles; the full calculation weighs them.")
        return said

    def slow(self, profile: RemainsProfile, family_id: str) -> float:
        """The same ratio by the full calculation, one pedigree at a time: what the tables must equal."""
        family = self.families[self.ids.index(family_id)]
        observed = []
        for name, pair in must_be_remains(profile).genotypes.items():
            locus = self.loci.get(name)
            if locus is None or len(pair) != 2 or not all(a in locus.index for a in pair):
                continue
            seen = {who: seen_pair(locus, *alleles) for who, alleles in _references(family, locus)}
            if seen:
                seen[_POI] = seen_pair(locus, locus.index[pair[0]], locus.index[pair[1]])
                observed.append(Observed(locus, seen))
        if not observed:
            return 0.0
        case = Case(family_id, (_member(family), _stranger(family)), "unrelated", tuple(observed), self.theta)
        found = evaluate(case).log10_total["member"]
        return 0.0 if found is None else found

    def without(self, gone: Sequence[str]) -> FamilyRegister:
        """The register without these families, as after a withdrawal."""
        keep = [i for i, family in enumerate(self.ids) if family not in set(gone)]
        return replace(
            self,
            ids=tuple(self.ids[i] for i in keep),
            tables={name: np.ascontiguousarray(t[:, keep]) for name, t in self.tables.items()},
            typed={name: t[keep] for name, t in self.typed.items()},
            families=tuple(self.families[i] for i in keep),
        )

    @property
    def megabytes(self) -> float:
        """Memory of the tables."""
        return sum(t.nbytes for t in self.tables.values()) / 1e6


def _row(i: int, j: int, n: int) -> int:
    """Place of genotype (i, j), i <= j, among the pairs in the order (0,0), (0,1), ..., (1,1), ..."""
    return i * n - i * (i - 1) // 2 + j - i


def _member(family: Family) -> Pedigree:
    """The unidentified person is the missing one."""
    people = [
        replace(
            p,
            id=_POI if p.id == family.missing else p.id,
            father=_POI if p.father == family.missing else p.father,
            mother=_POI if p.mother == family.missing else p.mother,
        )
        for p in family.pedigree.people.values()
    ]
    inbreeding = {_POI if k == family.missing else k: v for k, v in family.pedigree.inbreeding.items()}
    return make_pedigree(people, "member", inbreeding)


def _stranger(family: Family) -> Pedigree:
    """The unidentified person is of the same population and no member."""
    return make_pedigree(
        [*family.pedigree.people.values(), Person(_POI, sex=family.pedigree.people[family.missing].sex)],
        "unrelated",
        family.pedigree.inbreeding,
    )


def _references(family: Family, locus: Locus) -> Iterator[tuple[str, tuple[int, int]]]:
    for who, profile in family.references.items():
        pair = profile.genotypes.get(locus.name)
        if pair is not None and len(pair) == 2 and all(a in locus.index for a in pair):
            yield who, (locus.index[pair[0]], locus.index[pair[1]])


def _table(
    families: Sequence[Family], locus: Locus, theta: float, aside: list[str]
) -> tuple[Floats, NDArray[np.bool_]]:
    n = len(locus.alleles)
    upper = np.triu_indices(n)
    table = np.zeros((len(upper[0]), len(families)))
    typed = np.zeros(len(families), dtype=bool)
    shapes: dict[object, list[tuple[int, Ints]]] = {}
    for number, family in enumerate(families):
        for who, profile in family.references.items():
            odd = [a for a in profile.genotypes.get(locus.name, ()) if a not in locus.index]
            if odd:
                aside.append(f"{family.id}, {locus.name}, {who}: allele {odd[0]} is not in the table; set aside.")
        found = dict(_references(family, locus))
        if found:
            typed[number] = True
            alleles = np.array(list(found.values()), dtype=np.int64)
            shapes.setdefault(_shape(family, tuple(found)), []).append((number, alleles))
    for members in shapes.values():
        for start in range(0, len(members), _AT_ONCE):
            part = members[start : start + _AT_ONCE]
            numbers = [number for number, _ in part]
            ratio = _ratios(families[numbers[0]], locus, np.stack([a for _, a in part]), theta)
            with np.errstate(divide="ignore"):
                table[:, numbers] = np.log10(ratio[:, upper[0], upper[1]]).T
            for number in (numbers[i] for i in np.flatnonzero(np.isnan(ratio[:, 0, 0]))):
                table[:, number], typed[number] = 0.0, False
                aside.append(
                    f"{families[number].id}, {locus.name}: the profiles cannot be of these relatives; set aside."
                )
    return table, typed


def _shape(family: Family, typed: tuple[str, ...]) -> object:
    """Equal for families that differ in nothing but names and alleles."""
    place = {who: i for i, who in enumerate(family.pedigree.people)}
    people = tuple(
        (place.get(p.father or "", -1), place.get(p.mother or "", -1), p.sex, family.pedigree.inbreeding.get(p.id, 0.0))
        for p in family.pedigree.people.values()
    )
    return people, place[family.missing], tuple(place[who] for who in typed)


def _ratios(example: Family, locus: Locus, alleles: Ints, theta: float) -> Floats:
    """Ratios of every genotype for families of one shape.

    alleles  of the references, shape (families, references, 2)
    Returns shape (families, n, n), symmetric; nan for a family that contradicts itself.
    """
    who = [name for name, _ in _references(example, locus)]
    seen = {name: Seen(alleles[:, k] if len(alleles) > 1 else alleles[0, k]) for k, name in enumerate(who)}
    observed = Observed(locus, seen)
    as_member = genotype_table(_member(example), observed, _POI, theta=theta)
    if theta == 0:
        alone = np.multiply.outer(locus.freqs, locus.freqs)
        as_stranger = as_member.sum(axis=(1, 2))[:, None, None] * alone
    else:
        as_stranger = genotype_table(_stranger(example), observed, _POI, theta=theta)
    above, below = as_member + as_member.transpose(0, 2, 1), as_stranger + as_stranger.transpose(0, 2, 1)
    with np.errstate(invalid="ignore"):
        return np.asarray(above / below)
