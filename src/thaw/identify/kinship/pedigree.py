"""Who descends from whom: persons, parents, sex, inbred founders; checked once, then trusted.

A parent may be unknown: a person without parents is a founder, one with a single parent listed gets the other allele
straight from the population. Loops (parents that are related) need nothing special.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from thaw.errors import InputError

SEXES = ("M", "F", "U")


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a pedigree; father and mother are ids or None; sex is M, F or U (unknown)."""

    id: str
    father: str | None = None
    mother: str | None = None
    sex: str = "U"

    @property
    def is_founder(self) -> bool:
        """No parent is listed."""
        return self.father is None and self.mother is None


@dataclass(frozen=True, slots=True)
class Pedigree:
    """Persons by id, every parent before its children.

    inbreeding  coefficient of a founder's own inbreeding, 0 to 1, by id; absent is 0
    same        further names of a person: profiles under them are of that person (or of an identical twin)
    A parent of unknown sex has that of the role.
    Raises InputError for a parent who is not listed, a sex that contradicts a role, one who is their own ancestor.
    """

    people: Mapping[str, Person]
    name: str = "pedigree"
    inbreeding: Mapping[str, float] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    _children: dict[str, list[str]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _slim: dict[frozenset[str], Pedigree] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        for person in self.people.values():
            self._check(person)
        for who, share in self.inbreeding.items():
            if who not in self.people or not self.people[who].is_founder:
                got = f"an inbreeding coefficient for {who!r}"
                raise InputError(
                    where=self.name, got=got, want="a founder of the pedigree", fix="Only founders can be given one."
                )
            if not 0 <= share <= 1:
                raise InputError(
                    where=f"{self.name}, {who}",
                    got=f"inbreeding {share}",
                    want="a number from 0 to 1",
                    fix="Correct the file.",
                )
        for who, real in self.same.items():
            if who in self.people or real not in self.people:
                got = f"{who!r} as another name of {real!r}"
                raise InputError(
                    where=self.name, got=got, want="a new name, and a person of the pedigree", fix="Correct the file."
                )
        told = self._sexes_of_roles()
        ordered = _in_order(self.people, self.name)
        object.__setattr__(self, "people", {p.id: replace(p, sex=told.get(p.id, p.sex)) for p in ordered})
        for p in self.people.values():
            for parent in (p.father, p.mother):
                if parent is not None:
                    self._children.setdefault(parent, []).append(p.id)

    def _check(self, person: Person) -> None:
        where = f"{self.name}, {person.id}"
        if person.sex not in SEXES:
            raise InputError(where=where, got=f"sex {person.sex!r}", want="M, F or U", fix="Correct the file.")
        for role, parent, sex in (("father", person.father, "M"), ("mother", person.mother, "F")):
            if parent is None:
                continue
            if parent not in self.people:
                got = f"{role} {parent!r}, who is not in the list"
                raise InputError(where=where, got=got, want="a person of this pedigree, or 0", fix="Add the person.")
            if self.people[parent].sex not in (sex, "U"):
                got = f"{parent!r} as {role}, whose sex is {self.people[parent].sex}"
                raise InputError(
                    where=where, got=got, want=f"a {role} of sex {sex}", fix="Correct the sex or the parent."
                )
        if person.father is not None and person.father == person.mother:
            raise InputError(
                where=where, got=f"{person.father!r} as both parents", want="two persons", fix="Correct the file."
            )

    def _sexes_of_roles(self) -> dict[str, str]:
        """Who is a father is male, whatever the file leaves open, and who is a mother female."""
        told: dict[str, str] = {}
        for person in self.people.values():
            for parent, sex in ((person.father, "M"), (person.mother, "F")):
                if parent is not None and told.setdefault(parent, sex) != sex:
                    raise InputError(
                        where=f"{self.name}, {parent}",
                        got="the father of one person and the mother of another",
                        want="one of the two",
                        fix="Correct the parents.",
                    )
        return told

    def children(self, who: str) -> list[str]:
        """Ids of the children of `who`, in order."""
        return self._children.get(who, [])

    def slim(self, needed: frozenset[str]) -> Pedigree:
        """The pedigree without persons who have no descendant among `needed`: they add up to 1 and change nothing."""
        if needed not in self._slim:
            self._slim[needed] = _drop_barren(self, needed)
        return self._slim[needed]

    def without(self, gone: Iterable[str]) -> Pedigree:
        """The pedigree without these persons; their children keep the other parent."""
        out = set(gone)
        kept = {
            p.id: replace(
                p,
                father=None if p.father in out else p.father,
                mother=None if p.mother in out else p.mother,
            )
            for p in self.people.values()
            if p.id not in out
        }
        return Pedigree(kept, self.name, {k: v for k, v in self.inbreeding.items() if k in kept}, self.same)

    def holds(self, who: str) -> bool:
        """A person of the pedigree goes by this name."""
        return who in self.people or who in self.same


def make_pedigree(
    people: Iterable[Person],
    name: str = "pedigree",
    inbreeding: Mapping[str, float] | None = None,
    same: Mapping[str, str] | None = None,
) -> Pedigree:
    """A pedigree of these persons. Raises InputError for an id that stands twice, and as `Pedigree` does."""
    known: dict[str, Person] = {}
    for person in people:
        if person.id in known:
            raise InputError(
                where=name, got=f"the person {person.id!r} twice", want="each person once", fix="Rename one of them."
            )
        known[person.id] = person
    return Pedigree(known, name, dict(inbreeding or {}), dict(same or {}))


def prune_as_familias(pedigree: Pedigree, typed: Iterable[str]) -> Pedigree:
    """The pedigree as Familias sees it: untyped persons who connect nobody are taken out, over and over.

    Taken out are untyped persons without children, and untyped persons without parents who have at most one child; that
    child's allele then comes straight from the population, without a chance to mutate on the way. Where allele
    frequencies are not those that mutation would keep, this changes the likelihood ratio.
    Source: the rule as documented for Familias 2.6.4, and the two values stored with the reference cases.
    """
    keep = {pedigree.same.get(who, who) for who in typed}
    while True:
        gone = [
            p.id
            for p in pedigree.people.values()
            if p.id not in keep
            and (
                not (n := len(pedigree.children(p.id))) or (p.is_founder and n == 1 and p.id not in pedigree.inbreeding)
            )
        ]
        if not gone:
            return pedigree
        # One at a time would give the same set: taking one person out never makes another one needed.
        pedigree = pedigree.without(gone)


def _drop_barren(pedigree: Pedigree, needed: frozenset[str]) -> Pedigree:
    wanted: set[str] = set()
    for person in reversed(list(pedigree.people.values())):
        if person.id in needed or any(child in wanted for child in pedigree.children(person.id)):
            wanted.add(person.id)
    return pedigree.without(p for p in pedigree.people if p not in wanted)


def _in_order(people: Mapping[str, Person], name: str) -> list[Person]:
    done: dict[str, Person] = {}
    left = list(people.values())
    while left:
        ready = [p for p in left if all(x is None or x in done for x in (p.father, p.mother))]
        if not ready:
            got = f"{left[0].id!r}, who descends from themselves"
            raise InputError(where=name, got=got, want="a pedigree without a circle", fix="Correct the parents.")
        done.update((p.id, p) for p in ready)
        left = [p for p in left if p.id not in done]
    return list(done.values())
