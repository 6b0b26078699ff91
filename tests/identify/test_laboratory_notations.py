"""How laboratories and other programs write genotypes, loci and tables."""

from __future__ import annotations

from typing import Any

import pytest

from identify.cases import FAM, case, marker
from identify.test_kinship_input import GOOD, fails, one
from thaw.errors import InputError
from thaw.identify import read_fam, read_frequencies, read_profiles, with_tables


@pytest.mark.parametrize("written", ["12/14", "12,14", "12; 14", "12|14", "12 14", "12-14", ["12.0", 14], " 12/14 "])
def test_two_alleles_may_be_written_in_many_ways(written: Any):
    plain = one(case([marker(genotypes=GOOD)]))
    assert one(case([marker(genotypes={**GOOD, "C": written})])) == plain


@pytest.mark.parametrize("blank", ["OL", "-9", "?", "NA", "*", None])
def test_an_allele_that_nobody_could_name_is_not_one_that_two_persons_share(blank: str | None):
    found = one(case([marker(genotypes={"F": ["12", blank], "C": ["12", blank]})]))
    assert found["LR_total"] == one(case([marker(genotypes={"F": ["12"], "C": ["12"]})]))["LR_total"]
    assert not any("not in the table" in w for w in found["warnings"])


def test_a_decimal_comma_is_a_point():
    freqs = {"alleles": ["9.3", "10"], "freqs": [0.4, 0.6]}
    comma, point = (one(case([marker(genotypes={"F": [a, "10"], "C": [a, "10"]}, **freqs)])) for a in ("9,3", "9.3"))
    assert comma == point


def test_truth_values_are_no_alleles():
    fails(
        case([marker(genotypes={**GOOD, "C": [True, "12"]})]),
        'the file, case 1 (invented), D1, C: got a genotype of another form, want such as ["14", "16"]. Correct it.',
    )


@pytest.mark.parametrize("name", ["PENTA D", "PentaD", "Penta_D", "penta d"])
def test_a_locus_is_found_however_the_laboratory_spells_it(name: str):
    genes = {"F": ["9", "12"], "C": ["9", "13"]}
    plain, other = (
        one(case([{"name": n, "population": "nist1036/Caucasian", "genotypes": genes}])) for n in ("Penta D", name)
    )
    assert other["LR_total"] == plain["LR_total"]
    fails(
        case([{"name": n, "population": "nist1036/Caucasian", "genotypes": genes} for n in ("Penta D", "PENTA_D")]),
        "the file, case 1 (invented), markers: got Penta D twice, want each locus once. Correct the file.",
    )


def test_loci_that_tell_the_sex_or_the_fathers_line_are_set_aside_and_said():
    with_sex = [marker(genotypes=GOOD), {"name": "AMEL", "genotypes": {"F": ["X", "Y"]}}, {"name": "DYS391"}]
    found = one({**case(with_sex), "population": "nist1036/Caucasian"})
    assert found["markers"] == ["D1"]
    for name in ("AMEL", "DYS391"):
        said = f"{name} is set aside: it tells the sex, or the line of the fathers (give it under `lineage`)."
        assert said in found["warnings"]


def test_profiles_and_tables_meet_over_spellings():
    profiles = read_profiles("person,VWA_1,VWA_2,AMEL_1,AMEL_2\nF,14,15,X,Y\nC,14,16,X,Y\n", "p.csv")
    table = read_frequencies("locus,allele,frequency\nvWA,14,0.5\nvWA,15,0.2\nvWA,16,0.3\n", "f.csv")
    document = case([])
    del document["markers"]
    found = one(with_tables(document, table, profiles))
    # 1/2 p16 over 2 p14 p16.
    assert found["markers"] == ["vWA"]
    assert found["LR_total"]["H1"] == pytest.approx(0.5 / (2 * 0.5))


def test_rates_may_be_given_by_sex_inside_one_model():
    inside = {"model": "equal", "rate": {"male": 0.002, "female": 0.001}}
    apart = {"female": {"model": "equal", "rate": 0.001}, "male": {"model": "equal", "rate": 0.002}}
    first, second = (one(case([marker(genotypes=GOOD, mutation=m)])) for m in (inside, apart))
    assert first["LR_total"] == second["LR_total"]


@pytest.mark.parametrize("name", ["chrX", "x", "23", "X"])
def test_the_x_goes_by_several_names(name: str):
    genes = {"F": ["12"], "C": ["12"]}
    assert one(case([marker(genotypes=genes, chrom=name)])) == one(case([marker(genotypes=genes, chrom="X")]))


def test_an_inbreeding_that_differs_between_hypotheses_is_said():
    document = case([marker(genotypes=GOOD)])
    document["hypotheses"][0]["founder_inbreeding"] = {"F": 0.25}
    name, other = (h["name"] for h in document["hypotheses"])
    assert (
        f"The inbreeding of F differs between hypotheses (0.25 in {name}, 0 in {other}), so the ratio weighs that too."
        in one(document)["warnings"]
    )


def test_a_number_out_of_place_in_a_familias_project_is_no_endless_list():
    broken = FAM.replace('relations"\n0\n', 'relations"\n99999999999\n', 1)
    with pytest.raises(InputError) as caught:
        read_fam(broken, "invented.fam")
    assert "got 99999999999, want the number of extra females, 0 to 10,000." in str(caught.value)


def test_a_repeat_number_that_is_no_number_is_refused():
    step = {"model": "stepwise", "rate": 0.001}
    fails(
        case([marker(genotypes=GOOD, alleles=["12", "13", "14", "1e999"], freqs=[0.2, 0.3, 0.4, 0.1], mutation=step)]),
        "the file, case 1 (invented), D1: got allele '1e999' with stepwise mutation, want alleles named by their "
        "number of repeats, such as 14 or 9.3. Use the model equal or proportional for this locus.",
    )


def test_a_drop_out_that_is_weighed_is_said():
    found = one(case([marker(genotypes={"F": ["12", "12"], "C": ["12"]}, dropout={"F": 0.05, "C": 0.1})]))
    assert "D1, F: a homozygote, weighed with a drop-out of 0.05." in found["warnings"]
    assert "D1, C: a single allele, weighed with a drop-out of 0.1." in found["warnings"]


@pytest.mark.parametrize("cell", ["14/16", "14 16", '"14, 16"', "14|16"])
def test_one_column_per_locus_holds_both_alleles(cell: str):
    found = read_profiles(f"person,TH01,FGA_1,FGA_2\nF,{cell},20,21\n", "p.csv")
    assert found == {"F": {"TH01": ["14", "16"], "FGA": ["20", "21"]}}


def test_tables_of_the_continent_have_decimal_commas():
    found = read_frequencies("Allele;TH01\n6;0,25\n9,3;0,75\n", "f.csv")
    assert found["TH01"]["freqs"] == [0.25, 0.75]
    told = one(case([marker(genotypes={"F": ["6", "9.3"], "C": ["9.3", "9.3"]}, **found["TH01"])]))
    # 1/2 p9.3 over p9.3 squared.
    assert told["LR_total"]["H1"] == pytest.approx(0.5 / 0.75)
