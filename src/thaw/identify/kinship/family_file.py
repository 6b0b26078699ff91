"""Reads a family that misses somebody: who is who, who is missing, and what each relative gave a profile for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.data.frequencies import locus_name
from thaw.errors import InputError

from .case_file import read_people
from .form import reading
from .locus_file import called, is_no_kinship
from .profiles import RelativeProfile
from .register import Family
from .roles import check_roles


def read_family(document: Any, where: str = "the family") -> Family:
    """A family from parsed JSON: id, individuals, missing, references.

    `references` is a list of `{"person", "purpose", "consent", "genotypes": {locus: [allele, allele]}}`; purpose and
    consent must be there. Raises InputError for another form, AccessDenied for a reference without a purpose.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("references"), list):
        raise InputError(
            where=where,
            got="a document of another form",
            want="id, individuals, missing and references",
            fix="See docs/methods/kinship.md.",
        )
    with reading(where):
        pedigree = read_people(document.get("individuals"), where)
    references: dict[str, RelativeProfile] = {}
    for n, given in enumerate(document["references"], 1):
        at = f"{where}, reference {n}"
        if not isinstance(given, Mapping) or not isinstance(given.get("genotypes"), Mapping):
            raise InputError(where=at, got="no genotypes", want="genotypes by locus", fix="Add them.")
        if not str(given.get("consent") or "").strip():
            raise InputError(
                where=at,
                got="no consent",
                want="where the signed consent is kept",
                fix="A profile is taken in with its consent only.",
            )
        genotypes = read_genotypes(given["genotypes"], at)
        person = str(given.get("person") or "")
        if given.get("role"):
            check_roles({person: given["role"]}, at)
        references[person] = RelativeProfile(person, genotypes, str(given.get("purpose") or ""))
    return Family(str(document.get("id") or where), pedigree, str(document.get("missing") or ""), references)


def read_genotypes(genotypes: Mapping[str, Any], where: str = "the profile") -> dict[str, tuple[str, str]]:
    """Two alleles per locus, loci and alleles in the spelling of the tables; what tells the sex is left out.

    Raises InputError for one or three alleles, and for a locus given twice.
    """
    found: dict[str, tuple[str, str]] = {}
    for given, raw in genotypes.items():
        locus = locus_name(str(given))
        if is_no_kinship(locus):
            continue
        if locus in found:
            raise InputError(where=f"{where}, {given}", got="a locus twice", want="each once", fix="Correct the file.")
        found[locus] = _pair(raw, f"{where}, {locus}")
    return found


def _pair(raw: Any, where: str) -> tuple[str, str]:
    alleles = [a for a in called(raw, where) if a is not None]
    if len(alleles) != 2:
        got = f"{len(alleles)} allele{'s' * (len(alleles) != 1)}"
        raise InputError(where=where, got=got, want="two alleles", fix="Leave the locus out if it was not typed fully.")
    return alleles[0], alleles[1]
