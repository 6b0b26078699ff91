"""The engine against the slow enumeration on random small pedigrees, and against numbers derived by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identify import enumeration
from identify.cases import DUO, case, marker, person
from thaw.identify import kinship_lr
from thaw.identify.kinship import founders
from thaw.identify.kinship.locus import Locus, Seen, join_unseen, seen_one, seen_pair, seen_x_male
from thaw.identify.kinship.mutation import mutation_matrix
from thaw.identify.kinship.network import Observed, genotype_table, likelihood
from thaw.identify.kinship.pedigree import Pedigree, Person, make_pedigree, prune_as_familias

MODELS: list[tuple[str, dict[str, float]]] = [
    ("none", {}),
    ("equal", {"rate": 0.05}),
    ("proportional", {"rate": 0.04}),
    ("stepwise", {"rate": 0.06, "rate2": 0.01, "range": 0.3}),
    ("dawid", {"rate": 0.02, "range": 0.3}),
    ("onestep", {"rate": 0.03}),
]


@st.composite
def pedigrees(draw: st.DrawFn, most: int = 6, inbred: bool = True) -> Pedigree:
    """Up to six people, parents chosen among those before: loops, half sibs and single parents come by themselves."""
    count = draw(st.integers(2, most))
    people: list[Person] = []
    for i in range(count):
        men = [p.id for p in people if p.sex == "M"]
        women = [p.id for p in people if p.sex == "F"]
        father = draw(st.sampled_from([None, *men]))
        mother = draw(st.sampled_from([None, *women])) if father else None
        people.append(Person(f"p{i}", father, mother, draw(st.sampled_from("MF"))))
    founder_ids = [p.id for p in people if p.is_founder]
    shares = {f: draw(st.sampled_from([0.0, 0.25])) for f in founder_ids[:1]} if inbred else {}
    return make_pedigree(people, inbreeding={k: v for k, v in shares.items() if v})


@st.composite
def loci(draw: st.DrawFn, chrom: str = "autosomal", silent: bool = False) -> Locus:
    alleles = draw(st.sampled_from([("12", "13"), ("12", "12.3", "13"), ("11", "12", "14")]))
    weights = np.array([draw(st.integers(1, 9)) for _ in alleles], dtype=float)
    if silent:
        alleles, weights = (*alleles, "silent"), np.append(weights, 0.5)
    freqs = weights / weights.sum()
    model, numbers = draw(st.sampled_from([m for m in MODELS if m[0] != "onestep" or "12.3" not in alleles]))
    female = mutation_matrix(model, alleles, freqs, numbers)
    male = mutation_matrix(model, alleles, freqs, {k: v / 2 if k == "rate" else v for k, v in numbers.items()})
    return Locus("L", alleles, freqs, female, male, chrom)


def observe(draw: Any, pedigree: Pedigree, locus: Locus, odd: bool = False) -> dict[str, Seen]:
    real = [i for i, a in enumerate(locus.alleles) if a != "silent"]
    seen: dict[str, Seen] = {}
    for who, p in pedigree.people.items():
        kind = draw(st.sampled_from(["untyped", "typed", "typed", *(["one", "dropout"] if odd else [])]))
        first, second = draw(st.sampled_from(real)), draw(st.sampled_from(real))
        if kind == "untyped":
            continue
        if locus.is_x and p.sex == "M":
            seen[who] = seen_x_male(first)
        elif kind == "typed":
            seen[who] = seen_pair(locus, first, second)
        else:
            seen[who] = seen_one(locus, first, 0.1 if kind == "dropout" else None)
    return seen


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from([0.0, 0.0, 0.03]), st.sampled_from(["autosomal", "X"]))
def test_the_engine_agrees_with_enumeration_for_up_to_six_people(data: st.DataObject, theta: float, chrom: str):
    pedigree, locus = data.draw(pedigrees(inbred=chrom != "X")), data.draw(loci(chrom))
    seen = observe(data.draw, pedigree, locus)
    slow = enumeration.likelihood(pedigree, locus, seen, theta)
    fast = float(likelihood(pedigree, [Observed(*join_unseen(locus, seen))], theta=theta))
    assert fast == pytest.approx(slow, rel=1e-12, abs=1e-300)


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from([0.0, 0.02]))
def test_silent_alleles_dropouts_and_single_alleles_agree_with_enumeration(data: st.DataObject, theta: float):
    pedigree, locus = data.draw(pedigrees(most=5)), data.draw(loci(silent=data.draw(st.booleans())))
    seen = observe(data.draw, pedigree, locus, odd=True)
    slow = enumeration.likelihood(pedigree, locus, seen, theta)
    fast = float(likelihood(pedigree, [Observed(*join_unseen(locus, seen))], theta=theta))
    assert fast == pytest.approx(slow, rel=1e-12, abs=1e-300)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_theta_by_copies_is_theta_by_one_table(data: st.DataObject):
    # Where one table would be too large, the draws are split by which allele copies which; both must be the same.
    pedigree, locus = data.draw(pedigrees(most=4)), data.draw(loci())
    seen = observe(data.draw, pedigree, locus, odd=True)
    once = float(likelihood(pedigree, [Observed(locus, seen)], theta=0.05))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(founders, "MAX_DENSE_CELLS", 0)
        again = float(likelihood(pedigree, [Observed(locus, seen)], theta=0.05))
    assert again == pytest.approx(once, rel=1e-12, abs=1e-300)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_an_open_genotype_adds_up_to_the_likelihood_without_it(data: st.DataObject):
    pedigree, locus = data.draw(pedigrees(most=5)), data.draw(loci())
    seen = observe(data.draw, pedigree, locus)
    who = data.draw(st.sampled_from(sorted(pedigree.people)))
    seen.pop(who, None)
    table = genotype_table(pedigree, Observed(locus, seen), who)
    assert table.sum() == pytest.approx(float(likelihood(pedigree, [Observed(locus, seen)])), rel=1e-12, abs=1e-300)
    one = seen_pair(locus, 0, 1)
    typed = float(likelihood(pedigree, [Observed(locus, {**seen, who: one})]))
    assert float(table[0, 0, 1] + table[0, 1, 0]) == pytest.approx(typed, rel=1e-12, abs=1e-300)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from([0.0, 0.02]))
def test_free_recombination_is_the_product_of_two_loci(data: st.DataObject, theta: float):
    pedigree, one, two = data.draw(pedigrees(most=5)), data.draw(loci()), data.draw(loci())
    seen = [observe(data.draw, pedigree, one), observe(data.draw, pedigree, two)]
    both = [Observed(one, seen[0]), Observed(two, seen[1])]
    together = float(likelihood(pedigree, both, rho=(0.5,), theta=theta))
    apart = float(likelihood(pedigree, both[:1], theta=theta)) * float(likelihood(pedigree, both[1:], theta=theta))
    assert together == pytest.approx(apart, rel=1e-12, abs=1e-300)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["autosomal", "X"]), st.sampled_from([0.0, 0.117, 0.4]), st.sampled_from([0.0, 0.03]))
def test_two_linked_loci_agree_with_enumeration(data: st.DataObject, chrom: str, rho: float, theta: float):
    pedigree = data.draw(pedigrees(most=4, inbred=False))
    pair = tuple(data.draw(loci(chrom).filter(lambda one: len(one.alleles) == 2)) for _ in range(2))
    seen = tuple(observe(data.draw, pedigree, one, odd=True) for one in pair)
    slow = enumeration.linked_likelihood(pedigree, pair, seen, rho, theta)  # type: ignore[arg-type]
    both = [Observed(o, s) for o, s in zip(pair, seen, strict=True)]
    fast = float(likelihood(pedigree, both, rho=(rho,), theta=theta))
    assert fast == pytest.approx(slow, rel=1e-12, abs=1e-300)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_convention_of_familias_is_enumeration_of_the_pruned_family(data: st.DataObject):
    pedigree, locus = data.draw(pedigrees(inbred=False)), data.draw(loci())
    seen = observe(data.draw, pedigree, locus)
    # By the rule's own words: take out one person at a time until nobody is left to take out.
    left = dict(pedigree.people)
    while True:
        children = {who: [c for c in left.values() if who in (c.father, c.mother)] for who in left}
        gone = next(
            (
                who
                for who, p in left.items()
                if who not in seen and (not children[who] or (p.is_founder and len(children[who]) == 1))
            ),
            None,
        )
        if gone is None:
            break
        left = {
            who: Person(who, None if p.father == gone else p.father, None if p.mother == gone else p.mother, p.sex)
            for who, p in left.items()
            if who != gone
        }
    slow = enumeration.likelihood(make_pedigree(left.values()), locus, seen)
    fast = float(likelihood(prune_as_familias(pedigree, seen), [Observed(*join_unseen(locus, seen))]))
    assert fast == pytest.approx(slow, rel=1e-12, abs=1e-300)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_order_of_alleles_and_of_persons_does_not_matter(data: st.DataObject):
    pedigree, locus = data.draw(pedigrees()), data.draw(loci())
    seen = observe(data.draw, pedigree, locus)
    turned = {w: Seen(s.alleles[::-1]) for w, s in reversed(seen.items()) if s.alleles is not None}
    other = make_pedigree(list(pedigree.people.values())[::-1], inbreeding=pedigree.inbreeding)
    assert float(likelihood(other, [Observed(locus, turned)])) == pytest.approx(
        float(likelihood(pedigree, [Observed(locus, seen)])), rel=1e-12, abs=1e-300
    )


def test_a_duo_by_hand():
    # F 12,13 and C 12,14: P(C | F is father) = 1/2 p14 = 0.25; P(C) = 2 * 0.2 * 0.5 = 0.2; ratio 1.25.
    found = kinship_lr(case([marker(genotypes={"F": ["12", "13"], "C": ["12", "14"]})]))[0]
    assert found["LR_total"] == {"H1": pytest.approx(1.25), "H2": 1.0}
    assert found["log10LR_total"]["H1"] == pytest.approx(np.log10(1.25))
    assert found["LR_per_marker"] == [{"H1": pytest.approx(1.25), "H2": 1.0}]
    assert found["convention"] == "none"


def test_full_sibs_by_hand():
    # Both 12,13: 1/4 + 1/4 * (p12 + p13) / (2 p12 p13) + 1/4 * 1 / (2 p12 p13) / ... with shares by identity:
    # P(0) = 1/4, P(1) = 1/2, P(2) = 1/4; ratio = 1/4 + 1/2 * (p12 + p13) / (4 p12 p13) + 1/4 / (2 p12 p13).
    p, q = 0.2, 0.3
    want = 0.25 + 0.5 * (p + q) / (4 * p * q) + 0.25 / (2 * p * q)
    sibs = [person("1"), person("2", sex="F"), person("A", "1", "2"), person("B", "1", "2")]
    found = kinship_lr(
        case([marker(genotypes={"A": ["12", "13"], "B": ["13", "12"]})], sibs, [person("A"), person("B")])
    )[0]
    assert found["LR_total"]["H1"] == pytest.approx(want, rel=1e-14)


def test_identity_with_theta_is_the_formula_of_balding_and_nichols():
    # Balding and Nichols 1994, equation for a heterozygote: 2 (t + (1-t) p)(t + (1-t) q) / ((1+t)(1+2t)).
    t, p, q = 0.03, 0.2, 0.3
    chance = 2 * (t + (1 - t) * p) * (t + (1 - t) * q) / ((1 + t) * (1 + 2 * t))
    direct = {
        "id": "same",
        "theta": t,
        "markers": [{"name": "D1", "alleles": ["12", "13", "14"], "freqs": [0.2, 0.3, 0.5]}],
    }
    direct["markers"][0]["genotype"] = ["12", "13"]  # type: ignore[index]
    assert kinship_lr(direct)[0]["LR_total"]["H1"] == pytest.approx(1 / chance, rel=1e-14)


def test_two_profiles_that_differ_are_not_of_one_person():
    direct = {"id": "two", "markers": [marker(genotypes={"A": ["12", "13"], "B": ["12", "14"]})]}
    found = kinship_lr(direct)[0]
    assert found["LR_total"] == {"H1": 0.0, "unrelated": 1.0}
    assert found["log10LR_total"]["H1"] is None
    assert "D1 cannot be as it is under H1: the model allows no such mutation." in found["warnings"]


def test_grandparents_of_an_x_locus_by_hand():
    # A man's mother's father has allele 12; the mother gets it, the man gets it from her with 1/2, else p12.
    # P(man 12 | grandfather 12) = 1/2 + 1/2 * p12 = 0.6; unrelated 0.2; ratio 3.
    related = [person("G"), person("W", sex="F"), person("M", "G", "W", "F"), person("F"), person("C", "F", "M")]
    found = kinship_lr(
        case([marker(chrom="X", genotypes={"G": ["12"], "C": ["12"]})], related, [person("G"), person("C")])
    )[0]
    assert found["LR_total"]["H1"] == pytest.approx(3.0)


def test_a_father_tells_nothing_of_his_son_on_the_x():
    found = kinship_lr(case([marker(chrom="X", genotypes={"F": ["12"], "C": ["12"]})]))[0]
    assert found["LR_total"]["H1"] == pytest.approx(1.0)


def test_familias_takes_out_untyped_persons_who_connect_nobody():
    pedigree = make_pedigree(
        [Person("F", sex="M"), Person("M", sex="F"), Person("C", "F", "M", "M"), Person("K", "C", None, "M")]
    )
    assert sorted(prune_as_familias(pedigree, ["F", "C"]).people) == ["C", "F"]


def test_pruning_matters_only_where_mutation_would_change_the_frequencies():
    # Equal mutation: P(child's allele from an untyped mother) = p M and not p. F 12,12 and C 13,13, rate 0.02:
    # none: M_f[12,13] * (p M_m)[13]; familias: M_f[12,13] * p13, with (p M)[13] = p13 (1-r) + (1-p13) r/2.
    one = marker(genotypes={"F": ["12", "12"], "C": ["13", "13"]}, mutation={"model": "equal", "rate": 0.02})
    none, familias = (kinship_lr(case([one]), pruning=p)[0] for p in ("none", "familias"))
    below = 0.3**2
    assert familias["LR_total"]["H1"] == pytest.approx(0.01 * 0.3 / below, rel=1e-13)
    assert none["LR_total"]["H1"] == pytest.approx(0.01 * (0.3 * 0.98 + 0.7 * 0.01) / below, rel=1e-13)
    assert (none["convention"], familias["convention"]) == ("none", "familias")


def test_a_case_of_familias_is_taken_by_its_convention_unless_another_is_chosen():
    one = marker(genotypes={"F": ["12", "12"], "C": ["13", "13"]}, mutation={"model": "equal", "rate": 0.02})
    made = case([one], produced_by="Familias 2.6.4")
    assert [kinship_lr(made, pruning=p)[0]["convention"] for p in (None, "none")] == ["familias", "none"]
    assert kinship_lr(case([one], produced_by="Familias 2.6.4", theta=0.01))[0]["convention"] == "none"


def test_totals_beyond_a_float_keep_their_logarithm():
    rare = [
        {"name": f"L{i}", "alleles": ["1", "2"], "freqs": [1e-5, 1 - 1e-5], "genotype": ["1", "1"]} for i in range(40)
    ]
    found = kinship_lr({"id": "many", "markers": rare})[0]
    assert found["LR_total"]["H1"] is None
    assert found["log10LR_total"]["H1"] == pytest.approx(400)


def test_each_relative_can_be_left_out_or_not_be_one():
    # The sib S fits nothing, the father F fits: leaving S out brings the ratio of F alone back.
    people = [person("F"), person("M", sex="F"), person("C", "F", "M"), person("S", "F", "M")]
    apart = [*people[:2], people[3], person("C")]
    genes = {"F": ["12", "12"], "C": ["12", "13"], "S": ["14", "14"]}
    found = kinship_lr(case([marker(genotypes=genes)], people, apart), sensitive=True)[0]
    assert found["LR_total"]["H1"] is None  # the stated family cannot be, with or without C
    without = {w["person"]: w for w in found["without"]}
    alone = kinship_lr(case([marker(genotypes={k: genes[k] for k in "FC"})], DUO))[0]
    assert without["S"]["left_out"]["H1"] == pytest.approx(alone["log10LR_total"]["H1"])
    assert without["S"]["not_related"]["H1"] == pytest.approx(alone["log10LR_total"]["H1"])
    assert sorted(without) == ["F", "S"]


def test_an_unknown_convention_is_refused():
    from thaw.errors import InputError

    with pytest.raises(InputError) as caught:
        kinship_lr(case([marker()]), pruning="some")
    assert str(caught.value) == "pruning: got 'some', want none or familias. Choose one of them."
