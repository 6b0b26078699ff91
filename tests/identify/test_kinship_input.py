"""What a file may hold, what is assumed where it says too little, and the words where it cannot be used."""

from __future__ import annotations

from typing import Any

import pytest

from identify.cases import APART, DUO, case, marker, person
from thaw.errors import InputError
from thaw.identify import kinship_lr, read_frequencies, read_genotypes, read_profiles, with_tables

GOOD = {"F": ["12", "13"], "C": ["12", "14"]}


def fails(document: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        kinship_lr(document)
    assert str(caught.value) == message


def one(document: Any, **more: Any) -> dict[str, Any]:
    return kinship_lr(document, **more)[0]


def test_an_allele_outside_the_table_is_taken_as_rare_and_said():
    found = one(case([marker(genotypes={**GOOD, "C": ["12", "17"]}, n_alleles_sampled=500)]))
    assert (
        "D1: allele 17 is not in the table; taken as rare with a share of 0.01 (5 of 500 sampled)." in found["warnings"]
    )
    # 1/2 p17 over 2 p12 p17, p12 lowered to 0.2 * 0.99.
    assert found["LR_total"]["H1"] == pytest.approx(0.5 / (2 * 0.2 * 0.99))
    found = one(case([marker(genotypes={**GOOD, "C": ["12", "17"]})]))
    assert (
        "D1: allele 17 is not in the table; taken as rare with a share of 0.001 (the size of the sample is not known)."
        in found["warnings"]
    )


def test_one_allele_counts_every_genotype_that_has_it():
    found = one(case([marker(genotypes={"F": ["12", "12"], "C": ["12"]})]))
    # P(C has a 12 | father 12,12) = 1; unrelated 1 - (1 - 0.2)^2 = 0.36.
    assert found["LR_total"]["H1"] == pytest.approx(1 / 0.36)
    said = "D1, C: one allele was seen; the other is taken as not known. Write it twice for a homozygote."
    assert said in found["warnings"]
    assert one(case([marker(genotypes={"F": ["12", "12"], "C": ["12", None]})]))["LR_total"] == found["LR_total"]


def test_one_allele_with_dropout_weighs_the_genotypes():
    d = 0.1
    found = one(case([marker(genotypes={"F": ["12", "12"], "C": ["12"]}, dropout={"C": d})]))
    p = 0.2
    het, hom = d * (1 - d), 1 - d * d
    want = (p * hom + (1 - p) * het) / (p * p * hom + 2 * p * (1 - p) * het)
    assert found["LR_total"]["H1"] == pytest.approx(want, rel=1e-13)
    assert not any("one allele" in w for w in found["warnings"])


def test_three_alleles_set_the_locus_of_that_person_aside():
    found = one(case([marker(genotypes={**GOOD, "C": ["12", "13", "14"]})]))
    assert "D1, C: 3 alleles were seen; the locus is set aside for this person." in found["warnings"]
    assert found["LR_total"]["H1"] == pytest.approx(1)


def test_a_profile_with_four_loci_is_named_as_small():
    found = one(case([marker(f"D{i}", GOOD) for i in range(4)]))
    assert "C is typed at 4 loci only: a small profile decides little." in found["warnings"]
    assert found["LR_total"]["H1"] == pytest.approx(1.25**4)


@pytest.mark.parametrize(
    ("people", "message"),
    [
        (
            [person("F", sex="F"), person("C", "F")],
            "H1, C: got 'F' as father, whose sex is F, want a father of sex M. Correct the sex or the parent.",
        ),
        (
            [person("F", "C"), person("C", "F")],
            "H1: got 'F', who descends from themselves, want a pedigree without a circle. Correct the parents.",
        ),
        (
            [person("C", "G"), person("F")],
            "H1, C: got father 'G', who is not in the list, want a person of this pedigree, or 0. Add the person.",
        ),
        (
            [person("F"), person("C", "F"), person("C")],
            "H1: got the person 'C' twice, want each person once. Rename one of them.",
        ),
        (
            [person("F"), person("C", "F", sex="X")],
            "H1, C: got sex 'X', want M, F or U. Correct the file.",
        ),
        (
            [person("F", sex="U"), person("C", "F", "F")],
            "H1, C: got 'F' as both parents, want two persons. Correct the file.",
        ),
        (
            [person("F", sex="U"), person("C", "F"), person("D", mother="F")],
            "H1, F: got the father of one person and the mother of another, want one of the two. Correct the parents.",
        ),
    ],
)
def test_an_impossible_pedigree_is_refused(people: list[dict[str, str]], message: str):
    fails(case([marker(genotypes=GOOD)], people), f"the file, case 1 (invented), {message}")


def test_a_person_of_two_sexes_is_refused():
    fails(
        case([marker(genotypes=GOOD)], DUO, [person("F"), person("C", sex="F")]),
        "the file, case 1 (invented), C: got M in one hypothesis and F in another, want one sex. Correct the file.",
    )


def test_a_parent_of_unknown_sex_has_that_of_the_role():
    # On the X a son has nothing of his father, so whatever F shows says nothing of the child of his son S.
    family = [person("F", sex="U"), person("S", "F", sex="U"), person("M", sex="F"), person("C", "S", "M", "F")]
    apart = [person("F", sex="U"), person("C", sex="F")]
    found = one(case([marker(chrom="X", genotypes={"F": ["12"], "C": ["12", "14"]})], family, apart))
    assert found["LR_total"]["H1"] == pytest.approx(1.0)
    # Of his daughter it does: she has his only allele. P(12,14 | father 12) = p14, else 2 p12 p14: 1 / (2 * 0.2).
    family = [person("F", sex="U"), person("C", "F", sex="F")]
    found = one(case([marker(chrom="X", genotypes={"F": ["12"], "C": ["12", "14"]})], family, apart))
    assert found["LR_total"]["H1"] == pytest.approx(2.5)


def test_amelogenin_that_contradicts_the_sex_of_the_file_is_said():
    amel = {"name": "AMEL", "genotypes": {"F": ["X", "X"], "M": ["X", "Y"], "C": ["X", "Y"]}}
    found = one(case([marker(genotypes=GOOD), amel]))
    assert [text for text in found["warnings"] if "amelogenin" in text] == [
        "F: amelogenin shows an X alone, and the file says M. Check the sex and the sample; a Y can be lost.",
        "M: amelogenin shows a Y, and the file says F. Check the sex and the sample.",
    ]


def test_hypotheses_of_another_form_are_refused():
    fails(
        {**case([marker(genotypes=GOOD)]), "hypotheses": {"H1": {"individuals": DUO}}},
        "the file, case 1 (invented), hypotheses: got an object of another form, want a list of hypotheses, each "
        "with a name and individuals. Correct the file.",
    )
    fails(
        {**case([marker(genotypes=GOOD)]), "hypotheses": ["H1"]},
        "the file, case 1 (invented), hypotheses: got a hypothesis that is no object, want a list of hypotheses, each "
        "with a name and individuals. Correct the file.",
    )


def test_two_alleles_of_a_male_on_the_x_are_refused_and_a_sex_is_wanted():
    fails(
        case([marker(chrom="X", genotypes=GOOD)]),
        "the file, case 1 (invented), D1, F: got two alleles of a male at a locus on the X, want one allele. "
        "Check the sex and the locus.",
    )
    unknown = [person("F"), person("C", sex="U")]
    fails(
        case([marker(chrom="X", genotypes={"C": ["12", "13"]})], unknown, unknown),
        "H1, C: got no sex, with the X locus D1, want M or F. Give the sex.",
    )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"freqs": [0.2, 0.3]}, "got 3 alleles and 2 frequencies, want one number for each allele. Correct the table."),
        ({"freqs": [0.2, 0.3, 0.1]}, "got frequencies that add up to 0.6000, want a sum of 1. Correct the table."),
        (
            {"mutation": {"model": "guess", "rate": 0.1}},
            "got mutation model 'guess', want none, equal, proportional, stepwise, onestep, dawid or custom. "
            "Correct the file.",
        ),
        ({"mutation": "equal"}, "got no rate, want a rate from 0 to 1. Correct the mutation model."),
        (
            {"mutation": {"model": "dawid", "rate": 0.9, "range": 0.1}},
            "got dawid mutation with rate 0.9, want a rate that these frequencies allow. Lower the rate.",
        ),
        (
            {"mutation_matrix": [[1, 0], [0, 1]]},
            "got a mutation matrix that cannot be used, want 3 rows of 3 numbers, none below 0, each row adding up to "
            "1. Correct the matrix.",
        ),
        (
            {"chrom": "Y"},
            "got chrom Y, want an autosomal locus or one on the X. "
            "Give Y-STR and mtDNA under `lineage`; they are shown apart.",
        ),
    ],
)
def test_a_locus_that_cannot_be_used_says_why(more: dict[str, Any], message: str):
    fails(case([{**marker(genotypes=GOOD), **more}]), f"the file, case 1 (invented), D1: {message}")


def test_letters_and_steps_do_not_go_together():
    locus = {"name": "D1", "alleles": ["A", "B"], "freqs": [0.5, 0.5], "genotypes": {"F": ["A", "B"]}}
    fails(
        case([{**locus, "mutation": {"model": "stepwise", "rate": 0.1}}]),
        "the file, case 1 (invented), D1: got allele 'A' with stepwise mutation, want alleles named by their number of "
        "repeats, such as 14 or 9.3. Use the model equal or proportional for this locus.",
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "the file: got nothing, want a case, a list of cases, or sets by name. See the manual."),
        ("x", "the file: got a text, want a case, a list of cases, or sets by name. See the manual."),
        ([3], "the file, case 1: got a value, want a case with markers and hypotheses. See the manual."),
        (
            {"id": "a", "hypotheses": [{"individuals": DUO}]},
            "the file, case 1 (a), markers: got a value, want a list of loci. See the manual.",
        ),
        (
            case([marker(genotypes=GOOD)], reference="H9"),
            "the file, case 1 (invented), reference: got 'H9', want one of H1, H2. Correct the file.",
        ),
        (
            case([marker(genotypes=GOOD)], theta=1.5),
            "the file, case 1 (invented), theta: got 1.5, want a number from 0 to below 1. Correct the file.",
        ),
        (
            case([marker(genotypes=GOOD), marker(genotypes=GOOD)]),
            "the file, case 1 (invented), markers: got D1 twice, want each locus once. Correct the file.",
        ),
        (
            case([marker(genotypes=GOOD)], rho=0.1),
            "the file, case 1 (invented), rho: got one recombination rate for 1 loci, want two loci, or a list "
            "`linked`. Name the pairs.",
        ),
    ],
)
def test_a_file_of_another_form_says_what_is_wanted(document: Any, message: str):
    fails(document, message)


def test_a_typed_person_that_a_hypothesis_leaves_out_stands_alone_there():
    found = one(case([marker(genotypes=GOOD)], DUO, [person("C")]))
    assert "F is typed and not named in H2: taken as unrelated there." in found["warnings"]
    assert found["LR_total"]["H1"] == pytest.approx(1.25)


def test_a_contradiction_under_the_reference_gives_no_ratio():
    found = one(case([marker(genotypes={"F": ["12", "12"], "C": ["13", "13"]})], reference="H1"))
    assert found["LR_total"] == {"H1": None, "H2": None}
    assert (
        "D1 cannot be as it is under H1: no ratio exists. Check the profiles, or allow mutation." in found["warnings"]
    )


def test_published_frequencies_and_forms_of_a_genotype():
    locus = {"name": "TH01", "population": "NIST1036/caucasian", "genotypes": {"F": "6/9.30", "C": [6.0, 9.3]}}
    again = {**locus, "genotypes": {"F": ["6", "9.3"], "C": {"alleles": ["9.3", "6"]}}}
    assert one(case([locus]))["LR_total"]["H1"] == pytest.approx(one(case([again]))["LR_total"]["H1"], rel=1e-15)
    with pytest.raises(InputError) as caught:
        kinship_lr(case([{**locus, "population": "nist1036/Nobody"}]))
    assert str(caught.value).startswith(
        "the file, case 1 (invented), TH01: got population 'nist1036/Nobody', want one of fbi2015/African"
    )


def test_twins_and_two_profiles_of_one_person():
    twins = [
        {"name": "H1", "individuals": [person("A")], "identical": [["A", "B"]]},
        {"name": "H2", "individuals": APART},
    ]
    twins[1]["individuals"] = [person("A"), person("B")]
    genes = {"A": ["12", "13"], "B": ["13", "12"]}
    found = one({"hypotheses": twins, "markers": [marker(genotypes=genes)]})
    assert found["LR_total"]["H1"] == pytest.approx(1 / (2 * 0.2 * 0.3))


def test_y_and_mt_are_shown_apart():
    lineage = [
        {"kind": "Y", "profiles": {"F": {"DYS19": "14", "DYS385": "11,14"}, "C": {"DYS19": "14", "DYS385": "14,11"}}},
        {"kind": "mt", "profiles": {"F": "263G 315.1C", "C": "263G 16311C 73G"}, "database": {"size": 1000, "seen": 0}},
    ]
    found = one(case([marker(genotypes=GOOD)], lineage=lineage))
    y, mt = found["lineage"]
    assert (y["kind"], y["result"], y["compared"], y["expected"]) == (
        "Y-STR",
        "consistent",
        2,
        {"H1": True, "H2": False},
    )
    assert (mt["result"], mt["differences"], mt["expected"]["H1"]) == ("not consistent", ["16311C", "73G"], False)
    assert mt["frequency_at_most"] == pytest.approx(1 - 0.05 ** (1 / 1000))
    assert found["LR_total"]["H1"] == pytest.approx(1.25)


def test_the_upper_bound_of_a_seen_haplotype_is_that_of_clopper_and_pearson():
    # One-sided 95 % bound for 2 of 100: 0.061616, from the F distribution (Clopper and Pearson 1934).
    lineage = [{"kind": "Y", "profiles": {"F": {"A": 1}, "C": {"A": 2}}, "database": {"size": 100, "seen": 2}}]
    (y,) = one(case([marker(genotypes=GOOD)], lineage=lineage))["lineage"]
    assert y["frequency_at_most"] == pytest.approx(0.0616, abs=5e-4)
    assert (y["result"], y["differences"]) == ("cannot say", ["A"])


def test_a_locus_in_two_spellings_is_one_that_is_given_twice():
    with pytest.raises(InputError) as caught:
        read_genotypes({"vWA": ["14", "15"], "VWA": ["14", "16"]}, "the profile of Invented")
    assert str(caught.value) == "the profile of Invented, VWA: got a locus twice, want each once. Correct the file."


def test_own_tables_long_and_wide_and_profiles():
    long = "locus,allele,count\nD1,12,20\nD1,13,30\nD1,14,50\n"
    wide = "Allele;D1;D2\n12;0.2;\n13;0.3;1\n14;0.5;\n"
    assert read_frequencies(long, "f.csv")["D1"] == {
        "alleles": ["12", "13", "14"],
        "freqs": [0.2, 0.3, 0.5],
        "n_alleles_sampled": 100,
    }
    assert read_frequencies(wide, "f.csv")["D1"]["freqs"] == [0.2, 0.3, 0.5]
    people = "sample,D1_1,D1_2\nF,12,13\nC,12,14\n"
    by_locus = "Sample Name\tMarker\tAllele 1\tAllele 2\nF\tD1\t12\t13\nC\tD1\t12\t14\n"
    assert (
        read_profiles(people, "p.csv")
        == read_profiles(by_locus, "p.csv")
        == {
            "F": {"D1": ["12", "13"]},
            "C": {"D1": ["12", "14"]},
        }
    )
    bare = {k: v for k, v in case([]).items() if k != "markers"}
    made = with_tables(bare, read_frequencies(long, "f.csv"), read_profiles(people, "p.csv"))
    assert one(made)["LR_total"]["H1"] == pytest.approx(1.25)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("locus,allele,count\n", "t.csv: got no rows, want a header and at least one row. Check the file."),
        ("locus,allele,count\nD1,12,x\n", "t.csv row 1: got 'x', want a number, 0 or more. Correct the table."),
        (
            "locus,allele,count\nD1,12,1\nD1,12,2\n",
            "t.csv row 2: got allele 12 twice, want each once. Keep one population.",
        ),
    ],
)
def test_a_table_that_cannot_be_used_names_the_row(text: str, message: str):
    with pytest.raises(InputError) as caught:
        read_frequencies(text, "t.csv")
    assert str(caught.value) == message


def test_profiles_without_persons_or_twice_are_refused():
    with pytest.raises(InputError) as caught:
        read_profiles("D1_1,D1_2\n12,13\n", "p.csv")
    assert str(caught.value) == (
        "p.csv: got no column of persons, want a column named sample, person, name, id, sample name. Name the column."
    )
    with pytest.raises(InputError) as caught:
        read_profiles("id,D1_1,D1_2\nA,12,13\nA,12,13\n", "p.csv")
    assert str(caught.value) == "p.csv row 2: got 'A' twice, want a row each. Rename one."


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"linked": "vWA"}, ', linked: got a part of another form, want a list such as [{"markers": ["vWA", '
         '"D12S391"], "rho": 0.117}]. Correct the file.'),
        ({"inbreeding": {"F": "much"}}, ", F: got inbreeding 'much', want a number. Correct the file."),
        ({"inbreeding": [1]}, ", inbreeding: got a list, want an object: a coefficient for each founder. Correct the "
         "file."),
        ({"lineage": 3}, ": got a part of another form (TypeError: 'int' object is not iterable), want a case as the "
         "method's page describes it. Compare the file with docs/methods/kinship.md, section 7."),
    ],
)  # fmt: skip
def test_a_part_of_another_form_is_an_error_of_the_file_and_not_of_the_program(more: dict[str, Any], said: str):
    fails(case([marker(genotypes=GOOD)], **more), f"the file, case 1 (invented){said}")


def test_a_lineage_of_another_form_names_the_block():
    for lineage in ("Y", [{"kind": "Y", "profiles": {"F": 1, "C": 2}}]):
        with pytest.raises(InputError) as caught:
            kinship_lr(case([marker(genotypes=GOOD)], lineage=lineage))
        assert "got a part of another form" in str(caught.value)
    with pytest.raises(InputError) as caught:
        kinship_lr(case([marker(genotypes=GOOD)], lineage=[{"kind": "Z", "profiles": {}}]))
    assert str(caught.value) == (
        "invented, lineage: got 'Z', want kind Y or mt, and profiles by person. See the manual."
    )


def test_sets_of_victims_that_contradict_themselves_are_refused():
    family = [person("F"), person("M", "F"), person("R", "F")]
    base = {
        "missing": ["M"],
        "am_pedigrees": [family],
        "pm": [{"id": "V", "sex": "M"}],
        "genotypes_am": {"R": {"D1": ["12", "12"]}},
        "genotypes_pm": {"V": {"D1": ["12", "13"]}},
        "markers": [{"name": "D1", "alleles": ["12", "13", "14"], "freqs": [0.2, 0.3, 0.5]}],
    }
    assert kinship_lr({"set": base})[0]["joint_assignments"] == 2
    fails(
        {"set": base | {"missing": ["X"]}},
        "set: got the missing 'X', who is in no family, want a member of a family. Add them.",
    )
    fails(
        {"set": base | {"pm": [{"id": "R", "sex": "M"}]}},
        "set: got 'R' as a victim and in a family, want a name each. Rename the victim.",
    )
    fails(
        {"set": base | {"theta": 0.01}},
        "the file, case 1 (set), theta: got 0.01, want 0 for a set of disaster victims. "
        "Ask for single victims as cases, where theta is known.",
    )
    fails(
        {"set": base | {"genotypes_am": {"R": {"D1": ["12", "12"]}, "F": {"D1": ["13", "13"]}}}},
        "set, family 1: got profiles that cannot be those of these relatives, want a family without a contradiction, "
        "or a mutation model. Check the relations, or allow mutation.",
    )
