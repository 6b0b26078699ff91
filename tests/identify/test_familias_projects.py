"""Projects of Familias: read as the same case, and the words where they cannot be used."""

from __future__ import annotations

from typing import Any

import pytest

from identify.cases import FAM, case, marker, person
from thaw.errors import InputError
from thaw.identify import kinship_lr, read_fam, read_frequencies


def one(document: Any, **more: Any) -> dict[str, Any]:
    return kinship_lr(document, **more)[0]


def test_a_familias_project_is_the_same_case():
    read = read_fam(FAM, "invented.fam")
    people = [person("AF"), person("MO", sex="F"), person("CH", "AF", "MO")]
    numbers = {"rate2": 1e-6, "range": 0.1}
    mutation = {"model": "stepwise", "female": {"rate": 0.001, **numbers}, "male": {"rate": 0.002, **numbers}}
    genes = {"AF": ["12", "13"], "CH": ["12", "14"]}
    same = case(
        [marker(genotypes=genes, mutation=mutation, n_alleles_sampled=1000)],
        people,
        [person("AF"), person("MO", sex="F"), person("CH")],
        theta=0.02,
    )
    assert one(read)["LR_total"] == one(same)["LR_total"]
    assert (read["population"], read["theta"]) == ("invented", 0.02)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Output from Familias", "Something", "line 1: got another kind of file, want a project file of Familias 3"),
        ('"Known relations"', '"Relations"', "line 30: got 'Relations', want Known relations"),
        ("#FALSE# (#Data", "#TRUE# (#Data", "line 49: got stored probabilities, want a project without them"),
        ("\n0.3\n", "\nabc\n", "line 69: got 'abc', want an allele frequency"),
    ],
)
def test_a_broken_familias_project_names_the_line(old: str, new: str, message: str):
    with pytest.raises(InputError) as caught:
        read_fam(FAM.replace(old, new), "invented.fam")
    assert str(caught.value).endswith(f"{message}. Save the project in Familias 3 again.")


def test_a_rest_of_all_alleles_in_a_familias_project_mutates_like_the_others_and_this_is_said():
    found = one(read_fam(FAM.replace('"14"', '"Rest allele"'), "invented.fam"))
    said = (
        "D1: allele 'Rest allele' has no repeat number, so every mutation is taken as equally likely there (equal "
        "instead of stepwise, at the same rates)."
    )
    assert said in found["warnings"]
    assert found["mutation"] == ["female equal rate 0.001, male equal rate 0.002"]
    still = FAM.replace('"14"', '"Rest allele"').replace("0.001\n0.002\n4\n4", "0\n0\n4\n4").replace("1e-006", "0")
    assert said not in one(read_fam(still, "invented.fam"))["warnings"]


def test_a_minor_allele_frequency_of_a_familias_project_is_not_passed_over_in_silence():
    found = one(read_fam(FAM.replace("Minor allele frequency = 0 ", "Minor allele frequency = 0.005 "), "invented.fam"))
    said = "D1: the project's minor allele frequency of 0.005 is not applied; frequencies are those of its table."
    assert said in found["warnings"]


def test_a_familias_project_without_people_is_a_table_of_frequencies():
    loci = FAM[FAM.index("#FALSE# (#Data") :]
    empty = FAM[: FAM.index('3\n"AF"')] + '0\n"Known relations"\n0\n0\n0\n0\n' + loci
    table = {"D1": {"alleles": ["12", "13", "14"], "freqs": [0.2, 0.3, 0.5], "n_alleles_sampled": 1000}}
    assert read_frequencies(empty, "db.fam") == table
    assert read_frequencies(FAM, "project.fam") == table
    with pytest.raises(InputError) as caught:
        read_fam(empty, "db.fam")
    assert (
        str(caught.value)
        == "db.fam line 10: got no pedigrees, want at least one. Save the project in Familias 3 again."
    )
    with pytest.raises(InputError) as caught:
        read_fam(empty + "[DVI]\n", "db.fam")
    assert str(caught.value) == (
        "db.fam line 10: got a project of disaster victims, want one with pedigrees, or the set of victims as JSON. "
        "Save the project in Familias 3 again."
    )


def test_the_stationary_model_of_familias_is_refused():
    with pytest.raises(InputError) as caught:
        read_fam(FAM.replace("0.002\n4\n4\n", "0.002\n3\n3\n"), "invented.fam")
    assert str(caught.value) == (
        "invented.fam, D1: got the stationary stepwise mutation model, want equal, proportional, stepwise or extended "
        "stepwise. Choose another model in Familias, or give the matrix in a JSON file."
    )
