"""The exact words of every refusal of the kinship engine that no other test reads: one row per message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from identify.cases import ABC, APART, DUO, FAM, case, marker, person
from thaw.errors import AccessDenied, InputError
from thaw.identify import kinship_lr, read_fam, read_family, read_frequencies, read_genotypes, relatives_worth
from thaw.identify.kinship.assignments import assignments
from thaw.identify.kinship.elimination import Factor, eliminate
from thaw.identify.kinship.locus import Locus, Seen, check_locus, seen_pair
from thaw.identify.kinship.mutation import mutation_matrix
from thaw.identify.kinship.network import Observed, likelihood
from thaw.identify.kinship.pedigree import Person, make_pedigree
from thaw.identify.kinship.profiles import RelativeProfile, same_source
from thaw.identify.kinship.register import FamilyRegister

GOOD = {"F": ["12", "13"], "C": ["12", "14"]}
IN_FILE = "the file, case 1 (invented)"


def fails(made: Callable[[], Any], message: str, kind: type[Exception] = InputError) -> None:
    with pytest.raises(kind) as caught:
        made()
    assert str(caught.value) == message


def good(**more: Any) -> dict[str, Any]:
    return marker(genotypes=GOOD) | more


def locus(chrom: str = "autosomal", alleles: tuple[str, ...] = ("12", "13", "14"), freqs: Any = (0.2, 0.3, 0.5)):
    n = len(alleles)
    return Locus("D1", alleles, np.array(freqs, dtype=float), np.eye(n), np.eye(n), chrom)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (case([]), f"{IN_FILE}: got no markers, want at least one. Add the loci."),
        (
            case([{"name": "D1", **ABC}]),
            f"{IN_FILE}, D1: got no genotypes, want genotypes by person. "
            "Add them; a person who was not typed is left out.",
        ),
        (
            {"id": "invented", "markers": [marker(genotypes={"A": "12/12", "B": "12/12", "C": "12/12"})]},
            f"{IN_FILE}: got genotypes of 3 persons and no hypotheses, want two profiles to compare, or hypotheses. "
            "Add individuals or hypotheses.",
        ),
        (
            case([good()], []),
            f"{IN_FILE}, H1: got no individuals, want a list of persons. Add them.",
        ),
        (
            case([good()], [{"father": "0"}]),
            f"{IN_FILE}, H1: got an object of another form, want persons with an id. Correct the file.",
        ),
        (
            {
                **case([good()]),
                "hypotheses": [{"name": "H1", "individuals": DUO}, {"name": "H1", "individuals": APART}],
            },
            f"{IN_FILE}: got two hypotheses of one name, want a name each. Rename one.",
        ),
        (
            case([good()], linked=[{"markers": ["D1", "D2"], "rho": 0.1}]),
            f"{IN_FILE}, linked: got {{'markers': ['D1', 'D2'], 'rho': 0.1}}, want names of two or more loci of the "
            "case and a rho from 0 to 0.5. Correct the file.",
        ),
        (
            case(
                [good(), {**marker("D2", chrom="X"), "genotypes": {}}], linked=[{"markers": ["D1", "D2"], "rho": 0.1}]
            ),
            f"{IN_FILE}, linked: got D1 and D2, of which one lies on the X, want loci of one chromosome. "
            "Correct the file.",
        ),
        (
            case([good()], linked=[{"markers": ["D1", "D1"], "rho": 0.1}]),
            f"{IN_FILE}, linked: got D1 twice, want each locus in one group, once. "
            "Put loci that hang together into one list.",
        ),
        (
            case(
                [marker(f"D{i}", GOOD) for i in (1, 2, 3)],
                linked=[{"markers": ["D1", "D2"], "rho": 0.1}, {"markers": ["D2", "D3"], "rho": 0.1}],
            ),
            f"{IN_FILE}, linked: got D2 twice, want each locus in one group, once. "
            "Put loci that hang together into one list.",
        ),
        (
            case([good()], poi="Z"),
            f"{IN_FILE}, poi: got 'Z', want a person of a hypothesis. Correct the name, or leave it out.",
        ),
        (
            case([good(mutation_matrix=[[float("nan")] * 3] * 3)]),
            f"{IN_FILE}, D1: got a mutation matrix that cannot be used, want 3 rows of 3 numbers, none below 0, each "
            "row adding up to 1. Correct the matrix.",
        ),
        (
            case([good(mutation={"model": "stepwise", "rate": 0.1, "range": float("nan")})]),
            f"{IN_FILE}, D1: got range nan, want a range above 0. Correct the mutation model.",
        ),
        (
            case([good()], inbreeding={"C": 0.1}),
            f"{IN_FILE}, H1: got an inbreeding coefficient for 'C', want a founder of the pedigree. "
            "Only founders can be given one.",
        ),
        (
            case([good()], inbreeding={"F": 1.5}),
            f"{IN_FILE}, H1, F: got inbreeding 1.5, want a number from 0 to 1. Correct the file.",
        ),
        (
            {
                **case([good()]),
                "hypotheses": [
                    {"name": "H1", "individuals": DUO, "identical": [["F", "C"]]},
                    {"name": "H2", "individuals": APART},
                ],
            },
            f"{IN_FILE}, H1: got 'C' as another name of 'F', want a new name, and a person of the pedigree. "
            "Correct the file.",
        ),
        (
            case([{"name": "D1", "genotypes": GOOD}]),
            f"{IN_FILE}, D1: got no allele frequencies, want alleles and freqs, or a population. "
            "Add them; `population` may be such as nist1036/Caucasian.",
        ),
        (
            case([good(mutation_matrix=np.eye(3).tolist(), genotypes={**GOOD, "C": ["12", "17"]})]),
            f"{IN_FILE}, D1: got allele 17, which is not in the table, want an allele of the table, as the mutation "
            "matrix covers no other. Add the allele to alleles, freqs and matrix.",
        ),
        (
            case([good(rare_allele_frequency=0.7, genotypes={**GOOD, "C": ["12", "17"]})]),
            f"{IN_FILE}, D1: got a share of 0.7 for a rare allele, want a number above 0, small beside 1. "
            "Correct rare_allele_frequency.",
        ),
        (
            case([good(mutation=0.002)]),
            f"{IN_FILE}, D1: got a mutation model of another form, want a name or an object. See the manual.",
        ),
        (
            case([good(genotypes={**GOOD, "C": [["12"], ["13"]]})]),
            f'{IN_FILE}, D1, C: got a genotype of another form, want such as ["14", "16"]. Correct it.',
        ),
        (
            case([good(dropout={"C": 2})]),
            f"{IN_FILE}, D1, C: got dropout 2, want a number from 0 to 1. Correct the file.",
        ),
        (
            case([good(dropout="often")]),
            f"{IN_FILE}, D1, F: got dropout 'often', want a number from 0 to 1. Correct the file.",
        ),
        (
            case([good(alleles=["12", "12", "14"], genotypes={"F": "12/14"})]),
            "D1: got allele 12 twice, want each allele once. Correct the table.",
        ),
        (
            case([good(freqs=[1.2, -0.4, 0.2])]),
            "D1: got an allele frequency outside 0 to 1, want numbers above 0, at most 1. "
            "Leave out alleles that were never seen; the rule for rare alleles covers them.",
        ),
        (
            case([good(mutation={"model": "stepwise", "rate": 0.1, "range": 0})]),
            f"{IN_FILE}, D1: got range 0, want a range above 0. Correct the mutation model.",
        ),
        (
            case([good(mutation={"model": "dawid", "rate": 0.001, "range": 1})]),
            f"{IN_FILE}, D1: got range 1.0, want a range below 1. Correct the mutation model.",
        ),
        (
            case([good(mutation={"model": "equal", "rate": 1.5})]),
            f"{IN_FILE}, D1: got rate 1.5, want a rate from 0 to 1. Correct the mutation model.",
        ),
    ],
)
def test_a_case_that_cannot_be_computed_says_why(document: Any, message: str):
    fails(lambda: kinship_lr(document), message)


def test_a_locus_that_a_population_lacks_names_those_it_has():
    with pytest.raises(InputError) as caught:
        kinship_lr(case([{"name": "D99", "genotypes": GOOD, "population": "nist1036/Caucasian"}]))
    assert caught.value.got == "no frequencies of D99 in nist1036/Caucasian"
    assert caught.value.want.startswith("one of ")
    assert "TH01" in caught.value.want
    assert caught.value.fix == "Give alleles and freqs for this locus, or leave it out."


def test_two_persons_in_two_families_are_refused():
    family = [person("F"), person("M", "F"), person("R", "F")]
    document = {
        "missing": ["M"],
        "am_pedigrees": [family, family],
        "pm": [{"id": "V", "sex": "M"}],
        "genotypes_am": {"R": {"D1": ["12", "12"]}},
        "genotypes_pm": {"V": {"D1": ["12", "13"]}},
        "markers": [{"name": "D1", **ABC}],
    }
    fails(lambda: kinship_lr({"set": document}), "set: got 'M' in two families, want one family. Rename one of them.")


def test_a_locus_of_another_kind_is_refused():
    fails(
        lambda: check_locus(locus("W")),
        "D1: got chrom 'W', want autosomal or X. Correct the file.",
    )
    fails(
        lambda: check_locus(locus(alleles=("12", "13"), freqs=(0.2, 0.3, 0.5))),
        "D1: got 2 alleles and 3 frequencies, want as many as alleles, at least one. Correct the table.",
    )


def test_dawid_mutation_wants_every_allele_to_occur():
    fails(
        lambda: mutation_matrix("dawid", ["12", "13"], [0.0, 1.0], {"rate": 0.001}),
        "mutation: got an allele of frequency 0, want frequencies above 0. Leave the allele out.",
    )


def test_a_genotype_of_a_stranger_and_one_of_the_wrong_size_are_refused():
    pedigree = make_pedigree([Person("A", sex="M")], "H1")
    one = locus()
    fails(
        lambda: likelihood(pedigree, [Observed(one, {"B": seen_pair(one, 0, 1)})]),
        "H1, D1: got a genotype of 'B', who is not in the pedigree, want genotypes of persons of the pedigree. "
        "Add the person, unrelated if need be.",
    )
    fails(
        lambda: likelihood(pedigree, [Observed(one, {"A": Seen(np.array([1]))})]),
        "D1, A: got 1 allele, want 2 at this locus. Check the sex of the person and the genotype.",
    )
    fails(
        lambda: likelihood(pedigree, [Observed(locus("X"), {"A": seen_pair(one, 0, 1)})]),
        "D1, A: got 2 alleles, want 1 at this locus. Check the sex of the person and the genotype.",
    )


def test_a_sum_that_does_not_fit_in_memory_is_refused():
    wide = np.ones((300, 300))
    factors = [Factor((0, 1), wide), Factor((0, 2), wide), Factor((0, 3), wide), Factor((0, 4), wide)]
    fails(
        lambda: eliminate(factors, (1, 2, 3, 4)),
        "the pedigree: got a step that needs a table of 8,100,000,000 cells, want at most 60,000,000. "
        "Use none, equal or proportional mutation, which lets unseen alleles be joined, or a simpler pedigree.",
    )


def test_too_many_founder_alleles_with_theta_and_steps_are_refused():
    # Six untyped founders with two typed children each: twelve alleles of forty that no table can hold.
    founders = [person(f"F{i}", sex="MF"[i % 2]) for i in range(6)]
    children = [person(f"C{i}{j}", f"F{i}", f"F{i + 1}") for i in (0, 2, 4) for j in range(2)]
    typed = {one["id"]: ["10", "12"] for one in children}
    names = [str(i) for i in range(5, 45)]
    steps = {"model": "stepwise", "rate": 0.001, "rate2": 0, "range": 0.1}
    one = {"name": "D1", "alleles": names, "freqs": [1 / 40] * 40, "genotypes": typed, "mutation": steps}
    fails(
        lambda: kinship_lr(case([one], [*founders, *children], [*founders, *children], theta=0.01)),
        "theta: got 12 founder alleles to be summed over at a locus of 40 alleles, want fewer untyped founders, or a "
        "mutation model that lets unseen alleles be joined. "
        "Use none, equal or proportional mutation with theta, or type one more founder.",
    )


def test_too_many_assignments_are_refused():
    choices = {f"V{i}": [f"M{j}" for j in range(9)] for i in range(9)}
    fails(
        lambda: assignments(choices, "set"),
        "set: got more than 200,000 assignments, want a smaller set. "
        "Settle what is beyond doubt first, and leave these victims and persons out.",
    )


def test_a_row_of_frequencies_with_too_few_cells_is_named():
    fails(
        lambda: read_frequencies("locus,allele,count\nD1,12\n", "t.csv"),
        "t.csv row 1: got too few cells, want 3. Correct the row.",
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            {"id": "A"},
            "the family: got a document of another form, want id, individuals, missing and references. "
            "See docs/methods/kinship.md.",
        ),
        (
            {"individuals": DUO, "missing": "C", "references": [{"person": "F"}]},
            "the family, reference 1: got no genotypes, want genotypes by locus. Add them.",
        ),
        (
            {"individuals": DUO, "missing": "C", "references": [{"person": "F", "genotypes": {}, "purpose": "p"}]},
            "the family, reference 1: got no consent, want where the signed consent is kept. "
            "A profile is taken in with its consent only.",
        ),
    ],
)
def test_a_family_that_cannot_be_taken_in_says_why(document: Any, message: str):
    fails(lambda: read_family(document), message)


def test_a_profile_to_search_has_two_alleles_at_each_locus():
    for given, got in ((["12"], "1 allele"), (["12", "13", "14"], "3 alleles")):
        fails(
            lambda given=given: read_genotypes({"D1": given}),
            f"the profile, D1: got {got}, want two alleles. Leave the locus out if it was not typed fully.",
        )


def test_a_register_takes_autosomal_loci():
    fails(
        lambda: FamilyRegister.build([], [locus("X")]),
        "D1: got a locus on the X, want autosomal loci. Leave it out.",
    )


def test_the_worth_of_a_relative_needs_a_family_without_a_contradiction():
    genes = {"F": ["12", "12"], "B": ["13", "13"]}
    people = [*DUO, person("B", "F", "M")]
    document = {"id": "invented", "individuals": people, "markers": [marker(genotypes=genes)], "poi": "C"}
    with pytest.raises(InputError) as caught:
        relatives_worth(document, simulations=100)
    assert str(caught.value).endswith(
        "D1: got profiles that cannot be those of these relatives, want a family without a contradiction, or a "
        "mutation model. Check the relations, or allow mutation."
    )


def test_two_profiles_are_compared_only_where_they_may_be():
    relative = RelativeProfile("sister", {"D1": ("12", "13")}, "to name C")
    fails(
        lambda: same_source(relative, relative, {"D1": locus()}),  # type: ignore[arg-type]
        "comparison of two profiles: got a RelativeProfile, want remains, or a missing person's belongings. "
        "Relatives are compared through a pedigree only; traces of crime scenes are not compared at all.",
        AccessDenied,
    )


def test_a_familias_project_that_names_an_allele_it_lacks_is_refused():
    fails(
        lambda: read_fam(
            FAM.replace(
                '"AF"\n#FALSE#\n-1\n#FALSE#\n#TRUE#\n1\n0\n1\n0', '"AF"\n#FALSE#\n-1\n#FALSE#\n#TRUE#\n1\n0\n7\n0'
            ),
            "invented.fam",
        ),
        "invented.fam, D1, AF: got allele number 7, want one of 3 alleles. Save the project in Familias 3 again.",
    )
