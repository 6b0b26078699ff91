"""The register of families: its tables equal the full calculation, and it takes remains only."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from shared_files import shared
from thaw.errors import AccessDenied, InputError
from thaw.identify import FamilyRegister, RemainsProfile
from thaw.identify.kinship.pedigree import Person, make_pedigree
from thaw.identify.kinship.profiles import RelativeProfile
from thaw.identify.kinship.published import published_loci
from thaw.identify.kinship.register import Family

STEPWISE = {"model": "stepwise", "rate": 0.002, "rate2": 1e-5, "range": 0.2}
LOCI = ["TH01", "vWA", "D21S11", "TPOX"]
PARENTS = [Person("F", sex="M"), Person("M", sex="F")]
SIBS = make_pedigree([*PARENTS, Person("S", "F", "M", "F"), Person("X", "F", "M", "M")])
GRAND = make_pedigree(
    [
        Person("A", sex="M"),
        Person("B", sex="F"),
        Person("F", "A", "B", "M"),
        Person("M", sex="F"),
        Person("X", "F", "M", "M"),
    ]
)


def relative(**genes: tuple[str, str]) -> RelativeProfile:
    return RelativeProfile("somebody", {k.replace("_", " "): v for k, v in genes.items()}, "name the missing X")


def families() -> list[Family]:
    one = relative(TH01=("6", "9.3"), vWA=("16", "17"), D21S11=("30", "30.2"), TPOX=("8", "8"))
    two = relative(TH01=("7", "9"), vWA=("14", "18"), TPOX=("8", "11"))
    three = relative(TH01=("9", "9.3"), vWA=("14", "17"), D21S11=("29", "32.2"), TPOX=("11", "12"))
    return [
        Family("sib 1", SIBS, "X", {"S": one}),
        Family("sib 2", SIBS, "X", {"S": two}),
        Family("mother and sib", SIBS, "X", {"M": two, "S": three}),
        Family("grandparents", GRAND, "X", {"A": one, "B": three}),
        Family("one grandparent", GRAND, "X", {"B": two}),
    ]


FOUND = RemainsProfile("remains", {"TH01": ("6", "9"), "vWA": ("16", "17"), "D21S11": ("30", "30"), "TPOX": ("8", "8")})


@pytest.mark.parametrize("theta", [0.0, 0.02])
@pytest.mark.parametrize("model", ["none", STEPWISE, {"model": "equal", "rate": 0.001}])
def test_every_ratio_of_the_register_is_that_of_the_full_calculation(theta: float, model: Any):
    register = FamilyRegister.build(families(), published_loci("nist1036/Caucasian", LOCI, model), theta=theta)
    fast, _ = register.log10_lr(FOUND)
    for family, value in zip(register.ids, fast, strict=True):
        slow = register.slow(FOUND, family)
        assert value == slow == -np.inf or 10 ** (value - slow) == pytest.approx(1, abs=1e-9)


def test_a_search_gives_the_best_first_with_the_loci_behind_it():
    register = FamilyRegister.build(families(), published_loci("nist1036/Caucasian", LOCI, STEPWISE))
    best = register.search(FOUND, top=3)
    totals, _ = register.log10_lr(FOUND)
    assert [f.log10_lr for f in best] == sorted(totals.tolist(), reverse=True)[:3]
    assert {f.family: f.loci for f in register.search(FOUND, top=9)}["sib 2"] == 3


def test_a_withdrawn_family_is_gone():
    register = FamilyRegister.build(families(), published_loci("nist1036/Caucasian", LOCI, STEPWISE))
    fewer = register.without(["sib 1"])
    assert "sib 1" not in {f.family for f in fewer.search(FOUND, top=9)}
    assert fewer.log10_lr(FOUND)[0].tolist() == register.log10_lr(FOUND)[0][1:].tolist()


def test_an_allele_that_is_not_in_the_table_is_said_and_passed_over():
    register = FamilyRegister.build(families(), published_loci("nist1036/Caucasian", LOCI, "none"))
    odd = dataclasses.replace(FOUND, genotypes={**FOUND.genotypes, "TH01": ("6", "99"), "FGA": ("20", "21")})
    assert register.set_aside(odd) == [
        "TH01: allele 99 is not in the table; the full calculation takes it as rare.",
        "FGA is not in the register.",
    ]
    without = {k: v for k, v in FOUND.genotypes.items() if k != "TH01"}
    expected = register.log10_lr(RemainsProfile("r", without))[0]
    assert register.log10_lr(odd)[0].tolist() == expected.tolist()


def test_an_odd_allele_of_a_relative_sets_that_locus_of_the_family_aside():
    family = Family("odd", SIBS, "X", {"S": relative(TH01=("6", "99"), TPOX=("8", "8"))})
    register = FamilyRegister.build([family], published_loci("nist1036/Caucasian", LOCI, "none"))
    assert register.aside == ("odd, TH01, S: allele 99 is not in the table; set aside.",)
    assert register.search(FOUND)[0].loci == 1


def test_the_register_takes_no_other_profile_than_that_of_remains():
    register = FamilyRegister.build(families(), published_loci("nist1036/Caucasian", LOCI, "none"))
    with pytest.raises(AccessDenied) as caught:
        register.search(relative(TH01=("6", "9")))  # type: ignore[arg-type]
    assert str(caught.value) == (
        "search among families: got a RelativeProfile, want a profile of unidentified remains. "
        "Relatives gave their profiles to name the missing, and for nothing else."
    )


def test_a_family_that_contradicts_itself_loses_that_locus_and_the_register_says_so():
    trio = make_pedigree([Person("F", sex="M"), Person("M", sex="F"), Person("K", "F", "M"), Person("X", "F", "M")])
    genes = {"F": relative(TH01=("6", "6"), TPOX=("8", "8")), "K": relative(TH01=("9", "9"), TPOX=("8", "11"))}
    made = [Family("odd", trio, "X", genes), families()[0]]
    register = FamilyRegister.build(made, published_loci("nist1036/Caucasian", ["TH01", "TPOX"], "none"))
    assert register.aside == ("odd, TH01: the profiles cannot be of these relatives; set aside.",)
    assert {f.family: f.loci for f in register.search(FOUND)} == {"odd": 1, "sib 1": 2}
    only = RemainsProfile("r", {"TH01": ("6", "9")})
    assert register.log10_lr(only)[0][0] == 0.0


def test_a_family_twice_and_a_typed_missing_person_are_refused():
    loci = published_loci("nist1036/Caucasian", ["TH01"], "none")
    with pytest.raises(InputError) as caught:
        FamilyRegister.build([families()[0]] * 2, loci)
    assert str(caught.value) == "register: got family 'sib 1' twice, want each once. Rename one of them."
    with pytest.raises(InputError) as caught:
        Family("f", SIBS, "X", {"X": relative(TH01=("6", "6"))})
    assert str(caught.value) == (
        "family f: got 'X' as the missing person, want an untyped member of the pedigree. Correct the family."
    )
    with pytest.raises(InputError) as caught:
        Family("f", SIBS, "X", {"Z": relative(TH01=("6", "6"))})
    assert str(caught.value) == (
        "family f: got a profile of 'Z', who is not in the pedigree, want members of the family. Add them."
    )


def test_unrelated_people_of_nist_as_siblings():
    from bench.identify import unrelated_counts

    file = shared("data/str/nist1036_genotypes.csv")
    assert unrelated_counts(file, "Caucasian", "Cauc") == (64_980, (402, 23, 0), (402, 23, 0))
    assert unrelated_counts(file, "Hispanic", "Hisp") == (27_730, (199, 12, 0), (199, 12, 0))
    # One person has no TPOX. Thaw lets that locus say nothing; the expected 336 takes it as one where nothing matches.
    assert unrelated_counts(file, "African American", "AA") == (58_311, (337, 12, 0), (336, 12, 0))


def test_bench_families_are_found_again():
    from bench.identify import MUTATION, STR24, invented_families

    loci = published_loci("nist1036/Caucasian", STR24, MUTATION)
    made, missing = invented_families(80, loci, seed=3)
    register = FamilyRegister.build(made, loci)
    first = sum(register.search(m, top=1)[0].family == f.id for f, m in zip(made, missing, strict=True))
    assert first >= 78
    for i in range(0, 80, 9):
        fast = register.log10_lr(missing[i])[0][i]
        assert 10 ** (fast - register.slow(missing[i], made[i].id)) == pytest.approx(1, abs=1e-9)
