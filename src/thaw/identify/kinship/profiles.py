"""Profiles with the purpose they were given for in their type, and the wall between these purposes.

A relative gives a sample so that one missing person can be named, and for nothing else: such a profile is compared
with unidentified remains through a pedigree, never with a trace of a crime scene, and never one to one. The types carry
this: the functions that compare take the types they may see, check them again when they run, and refuse all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from thaw.errors import AccessDenied

from .case import Case, evaluate
from .locus import Locus, seen_pair
from .network import Observed
from .pedigree import Person, make_pedigree

Genotypes = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RelativeProfile:
    """Of somebody who gave it to help name one missing person.

    purpose  in words, such as "identify the missing brother only"; it must not be empty
    """

    person: str
    genotypes: Genotypes
    purpose: str

    def __post_init__(self) -> None:
        if not self.purpose.strip():
            raise AccessDenied(
                where=f"profile of {self.person}",
                got="no purpose",
                want="the purpose that the person agreed to",
                fix="A relative's profile without one must not be used.",
            )


@dataclass(frozen=True, slots=True)
class RemainsProfile:
    """Of unidentified human remains."""

    person: str
    genotypes: Genotypes

    @staticmethod
    def of_role(person: str, genotypes: Genotypes, role: str) -> RemainsProfile:
        """The profile, if a file gives it in this role. Raises AccessDenied for every other role."""
        if role.strip().lower() not in ("remains", "unidentified"):
            raise AccessDenied(
                where=f"profile of {person}",
                got=f"the role {role!r}",
                want="remains",
                fix="Relatives gave their profiles to name the missing, and for nothing else.",
            )
        return RemainsProfile(person, genotypes)


@dataclass(frozen=True, slots=True)
class BelongingsProfile:
    """From a missing person's own things, such as a toothbrush; said to be of that person."""

    person: str
    genotypes: Genotypes


@dataclass(frozen=True, slots=True)
class SceneProfile:
    """From a trace of a crime scene. Thaw compares it with nothing; the type is here so that it can be refused."""

    person: str
    genotypes: Genotypes


Profile = RelativeProfile | RemainsProfile | BelongingsProfile | SceneProfile


def must_be_remains(profile: object) -> RemainsProfile:
    """The profile, if it may be searched among families. Raises AccessDenied for every other type."""
    if not isinstance(profile, RemainsProfile):
        raise AccessDenied(
            where="search among families",
            got=f"a {type(profile).__name__}",
            want="a profile of unidentified remains",
            fix="Relatives gave their profiles to name the missing, and for nothing else.",
        )
    return profile


def must_be_relative(profile: object) -> RelativeProfile:
    """The profile, if it may stand in a family. Raises AccessDenied for every other type."""
    if not isinstance(profile, RelativeProfile):
        raise AccessDenied(
            where="a family",
            got=f"a {type(profile).__name__}",
            want="a profile that a relative gave for this purpose",
            fix="Enter the profile with its purpose.",
        )
    return profile


def same_source(
    first: RemainsProfile | BelongingsProfile,
    second: RemainsProfile | BelongingsProfile,
    loci: Mapping[str, Locus],
    *,
    theta: float = 0.0,
) -> float | None:
    """log10 likelihood ratio of "one person left both" against "two unrelated persons", over the loci both have.

    loci  by name; a locus that lacks one of the alleles is passed over
    Returns -inf where a locus excludes, None where no locus is shared.
    Raises AccessDenied for a relative's profile or one of a crime scene.
    """
    for profile in (first, second):
        if not isinstance(profile, RemainsProfile | BelongingsProfile):
            raise AccessDenied(
                where="comparison of two profiles",
                got=f"a {type(profile).__name__}",
                want="remains, or a missing person's belongings",
                fix="Relatives are compared through a pedigree only; traces of crime scenes are not compared at all.",
            )
    observed = []
    for name, locus in loci.items():
        pairs = [p.genotypes.get(name) for p in (first, second)]
        if all(pair is not None and all(a in locus.index for a in pair) for pair in pairs):
            a, b = (seen_pair(locus, *(locus.index[x] for x in pair)) for pair in pairs if pair is not None)
            observed.append(Observed(locus, {"a": a, "b": b}))
    if not observed:
        return None
    one = make_pedigree([Person("a")], "one", same={"b": "a"})
    two = make_pedigree([Person("a"), Person("b")], "two")
    return evaluate(Case("direct", (one, two), "two", tuple(observed), theta)).log10_total["one"]
