"""Which relative to sample: shares by simulation against counts over every genotype, and published figures."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from identify.cases import person
from thaw.errors import InputError
from thaw.identify import relatives_worth
from thaw.identify.kinship.locus import Locus, seen_pair
from thaw.identify.kinship.network import Observed
from thaw.identify.kinship.pedigree import Person, make_pedigree
from thaw.identify.kinship.power import exceedance
from thaw.identify.kinship.relation import relation

STILL = np.eye(2)
LOCUS = Locus("D1", ("12", "13"), np.array([0.3, 0.7]), STILL, STILL)
FAMILY = make_pedigree(
    [
        Person("GF", sex="M"),
        Person("GM", sex="F"),
        Person("F", "GF", "GM", "M"),
        Person("U", "GF", "GM", "M"),
        Person("M", sex="F"),
        Person("S", "F", "M", "F"),
        Person("X", "F", "M", "M"),
        Person("M2", sex="F"),
        Person("H", "F", "M2", "F"),
        Person("W", sex="F"),
        Person("C", "U", "W", "M"),
        Person("K", "X", "M2", "M"),
    ]
)


def test_shares_are_those_of_counting_every_genotype():
    # One locus, two alleles, father and child: every pair of genotypes with its probability and ratio, by hand rules.
    p = {0: 0.3, 1: 0.7}
    related, unrelated = 0.0, 0.0
    for f in product((0, 1), repeat=2):
        for c in product((0, 1), repeat=2):
            chance_f = p[f[0]] * p[f[1]]
            passed = sum(0.5 for a in f if a == c[0])
            mother = p[c[1]]
            other = (c[1], c[0])
            ratio_above = passed * mother + sum(0.5 for a in f if a == other[0]) * p[other[1]]
            ratio_below = 2 * p[c[0]] * p[c[1]]
            if ratio_above / ratio_below > 1:
                related += chance_f * passed * mother
                unrelated += chance_f * p[c[0]] * p[c[1]]
    pedigree = make_pedigree([Person("F", sex="M"), Person("M", sex="F"), Person("X", "F", "M", "M")])
    found = exceedance(pedigree, "X", [Observed(LOCUS, {})], "F", simulations=40_000, seed=5)
    assert found.reached(0.0) == pytest.approx(related, abs=0.01)
    assert found.misleading(0.0) == pytest.approx(unrelated, abs=0.01)


def test_what_typed_relatives_say_is_kept_in_mind():
    # A father typed 12,12 gives the missing child a 12; a stranger has none with 0.49, and then the ratio is 0.
    pedigree = make_pedigree([Person("F", sex="M"), Person("M", sex="F"), Person("X", "F", "M", "M")])
    typed = [Observed(LOCUS, {"F": seen_pair(LOCUS, 0, 0)})]
    found = exceedance(pedigree, "X", typed, None, simulations=20_000, seed=2)
    assert np.isfinite(found.related).all()
    assert float(np.isinf(found.unrelated).mean()) == pytest.approx(0.49, abs=0.015)
    assert found.relation == "the relatives typed so far"


def test_with_24_loci_a_parent_decides_always_and_a_half_sibling_seldom():
    # Measured with other code for NIST 1036 Caucasian, 24 STR, above 10^4: parent 1.000, half sibling .089.
    from bench.identify import STR24

    people = [
        person("F"), person("M", sex="F"), person("X", "F", "M"), person("M2", sex="F"), person("H", "F", "M2"),
    ]  # fmt: skip
    asked: dict[str, Any] = {
        "id": "plan",
        "poi": "X",
        "population": "nist1036/Caucasian",
        "markers": STR24,
        "individuals": people,
        "candidates": ["H", "F"],
        "thresholds": [4],
    }
    (found,) = relatives_worth(asked, simulations=600)
    parent, half = found["candidates"]
    assert (parent["person"], parent["relation"], half["relation"]) == ("F", "parent", "half sibling")
    assert parent["decides"][0] >= 0.99
    assert half["decides"][0] == pytest.approx(0.089, abs=0.045)
    assert (found["so_far"], found["typed"], found["loci"]) == (None, [], 24)


def test_the_same_seed_gives_the_same_answer_and_costs_change_the_order():
    asked = {
        "poi": "X",
        "population": "nist1036/Caucasian",
        "markers": ["TH01", "FGA", "D18S51"],
        "individuals": [person("F"), person("M", sex="F"), person("X", "F", "M"), person("S", "F", "M")],
        "candidates": ["S", "F"],
        "thresholds": [0.5],
    }
    assert relatives_worth(asked, simulations=200) == relatives_worth(asked, simulations=200)
    plain = [c["person"] for c in relatives_worth(asked, simulations=200)[0]["candidates"]]
    dear = relatives_worth({**asked, "costs": {"F": 100, "S": 1}}, simulations=200)[0]["candidates"]
    priced = [{"person": "S", "cost": 1}, {"person": "F", "cost": 100}]
    assert relatives_worth({**asked, "candidates": priced}, simulations=200)[0]["candidates"] == dear
    assert plain == ["F", "S"]
    assert [c["person"] for c in dear] == ["S", "F"]


def test_without_candidates_every_untyped_blood_relative_is_looked_at():
    asked = {
        "poi": "X",
        "markers": [{"name": "TH01", "population": "nist1036/Caucasian", "genotypes": {"M": ["6", "7"]}}],
        "individuals": [person("F"), person("M", sex="F"), person("X", "F", "M"), person("M2", sex="F")],
    }
    (found,) = relatives_worth(asked, simulations=100)
    assert [c["person"] for c in found["candidates"]] == ["F"]
    assert found["so_far"]["relation"] == "the relatives typed so far"


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("F", "parent"), ("GM", "grandparent"), ("S", "full sibling"), ("H", "half sibling"), ("U", "uncle or aunt"),
        ("C", "first cousin"), ("K", "child"), ("M2", "no blood relative"),
    ],
)  # fmt: skip
def test_relations_in_words(who: str, words: str):
    assert relation(FAMILY, who, "X") == words


def test_more_relations_in_words():
    assert relation(FAMILY, "X", "U") == "nephew or niece"
    assert relation(FAMILY, "H", "U") == "nephew or niece"
    assert relation(FAMILY, "K", "GF") == "great-grandchild"
    assert relation(FAMILY, "K", "S") == "nephew or niece"
    assert relation(FAMILY, "K", "C") == "relative by 5 steps"
    assert relation(FAMILY, "K", "H") == "half sibling"  # by their mother, closer than by X


def test_a_candidate_must_be_an_untyped_member_and_a_missing_person_named():
    with pytest.raises(InputError) as caught:
        exceedance(FAMILY, "X", [Observed(LOCUS, {"F": seen_pair(LOCUS, 0, 0)})], "F")
    assert str(caught.value) == (
        "pedigree: got 'F' as a relative to sample, want an untyped member of the pedigree. Correct it."
    )
    with pytest.raises(InputError) as caught:
        exceedance(FAMILY, "X", [], "X")
    assert str(caught.value) == (
        "pedigree: got the missing person as a relative to sample, want somebody else. Correct it."
    )
    with pytest.raises(InputError) as caught:
        relatives_worth({"id": "a", "markers": ["TH01"], "population": "nist1036/Asian", "individuals": [person("F")]})
    assert str(caught.value) == "a, poi: got None, want the missing person's id in H1. Name the missing person."
