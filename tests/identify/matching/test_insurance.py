"""Places after the tenth: kept for those whom one wrong field would hide."""

from __future__ import annotations

import itertools
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identify.matching import invented_people as invented
from thaw.identify import FIELDS, Area, Gallery, PersonRecord, match
from thaw.identify.matching.gallery import PAIRED
from thaw.identify.matching.insurance import FIRST, LAST, best, brought_up, insured, place_of
from thaw.identify.matching.model import load_model


def people(seed: int, number: int, gaps: float = 0.0) -> list[PersonRecord]:
    random = Random(seed)
    return [invented.missing(random, f"m{i}", gaps=gaps) for i in range(number)]


def held(orders: np.ndarray, shown: set[int]) -> float:
    """The slow way: what list and lanes of five hold of all, each field as likely to be the wrong one."""
    total = 0.0
    for order in orders:
        rest = sorted((10**support for i, support in enumerate(order) if i not in shown), reverse=True)
        total += sum(10 ** order[i] for i in shown) + sum(rest[:5])
    return total


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), fields=st.integers(1, 4), top=st.sampled_from((11, 13, 20)))
def test_each_place_goes_to_whoever_adds_most(seed: int, fields: int, top: int) -> None:
    draw = np.random.default_rng(seed)
    score, orders = draw.normal(0, 1, 60), draw.normal(0, 1.5, (fields, 60))
    found = insured(score, {f"f{k}": order for k, order in enumerate(orders)}, top)
    assert list(found) == sorted(found, key=lambda i: -score[i])
    chosen = set(np.argsort(-score)[:FIRST].tolist())
    while len(chosen) < top:
        values = {i: held(orders, chosen | {i}) for i in range(60) if i not in chosen}
        chosen.add(max(values, key=values.__getitem__))
    # Equal worth may go to either of two; what the whole list holds is the same.
    assert held(orders, set(found.tolist())) == pytest.approx(held(orders, chosen))


def test_one_by_one_comes_close_to_the_best_choice() -> None:
    # Three places after the tenth among fifteen others: every choice tried.
    shares = []
    for seed in range(20):
        draw = np.random.default_rng(seed)
        score, orders = draw.normal(0, 1, 25), draw.normal(0, 1.5, (3, 25))
        found = insured(score, {str(k): order for k, order in enumerate(orders)}, 13)
        ten = set(np.argsort(-score)[:10].tolist())
        choices = itertools.combinations(sorted(set(range(25)) - ten), 3)
        most = max(held(orders, ten | set(three)) for three in choices)
        shares.append(held(orders, set(found.tolist())) / most)
    assert min(shares) > 0.98
    assert max(shares) == pytest.approx(1.0)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), gaps=st.sampled_from((0.0, 0.3)), top=st.sampled_from((1, 10, 11, 30, 50, 80)))
def test_the_first_ten_are_the_likeliest_and_all_are_in_order(seed: int, gaps: float, top: int) -> None:
    random, listed = Random(seed), people(seed, 150, gaps=gaps)
    gallery, body = Gallery.of(listed), invented.body(Random(seed), invented.missing(random, "x"))
    out = {p.id for p in random.sample(listed, 20)}
    asked = {"top": top, "ruled_out": out, "dna": {"m7": 1.5}}
    found, plain = match(body, gallery, **asked), match(body, gallery, lane=0, **asked)
    ids = [c.id for c in found.candidates]
    assert ids[:10] == [c.id for c in plain.candidates][:10]
    assert (len(set(ids)), found.none_of_these) == (top, plain.none_of_these)
    assert not set(ids) & out
    assert [c.rank for c in found.candidates] == list(range(1, top + 1))
    posteriors = [c.posterior for c in found.candidates]
    assert posteriors == sorted(posteriors, reverse=True)
    everyone = [c.id for c in match(body, gallery, top=200, lane=0, ruled_out=out, dna={"m7": 1.5}).candidates]
    assert [c.by_support for c in found.candidates] == [everyone.index(c.id) + 1 for c in found.candidates]
    assert all((c.if_wrong is None) == (c.by_support <= top) for c in found.candidates)
    assert all(lane.without not in PAIRED or not set(lane.ids) & set(ids) for lane in found.lanes)


def test_a_longer_list_keeps_whom_the_shorter_one_shows() -> None:
    listed = people(3, 400)
    gallery, body = Gallery.of(listed), invented.body(Random(3), invented.missing(Random(4), "x"))
    shorter: set[str] = set()
    for top in (10, 20, 35, LAST, 120):
        longer = {c.id for c in match(body, gallery, top=top).candidates}
        assert shorter <= longer
        shorter = longer


def test_somebody_whom_a_wrong_field_hides_is_listed_with_the_field_named() -> None:
    random, listed = Random(30), people(30, 2_500)
    gallery, hidden, named, laned = Gallery.of(listed), 0, 0, 0
    for person in listed[:90]:
        body = replace(invented.body(random, person), age=(85.0, 95.0), places=(), marks=(), stature=None, weight=None)
        plain = match(body, gallery, top=50, lane=0)
        without = match(replace(body, age=None), gallery, top=10, lane=0)
        if person.id in {c.id for c in without.candidates} - {c.id for c in plain.candidates}:
            hidden += 1
            found = match(body, gallery, top=50)
            named += any(
                c.id == person.id and c.if_wrong == ("age", c.if_wrong[1]) for c in found.candidates if c.if_wrong
            )
            laned += any(person.id in lane.ids[:5] for lane in found.lanes if lane.without == "age")
    assert named >= 3
    assert named + laned == hidden


def test_a_list_beside_which_no_lane_stands_is_by_support_alone() -> None:
    listed = people(5, 300)
    gallery, body = Gallery.of(listed), invented.body(Random(5), listed[0])
    whole = match(body, gallery, top=300, lane=0).candidates
    assert [c.by_support for c in whole] == list(range(1, 301))
    assert [c.id for c in match(body, gallery, top=50, beside=10).candidates] == [c.id for c in whole[:50]]


def test_a_wrong_place_is_one_that_is_not_near() -> None:
    # 100 km off, the other end of the country, and next door: nobody is brought up for being next door.
    listed = [PersonRecord("near", places=(Area(40.0, -100.0),)), PersonRecord("next", places=(Area(40.9, -100.0),))]
    listed += [PersonRecord(f"far{i}", places=(Area(33.0 + i / 10, -118.0),)) for i in range(50)]
    body = PersonRecord("u", "M", places=(Area(40.0, -100.0),))
    gallery = Gallery.of([*listed, PersonRecord("sex", "F")])
    supports, without = gallery.compared(body)
    wrong = gallery.if_wrong(body, without)
    assert set(wrong) == {"place", "sex"}
    assert wrong["sex"] == pytest.approx(without[("sex",)])
    row = supports[FIELDS.index("place")]
    near, other, far = wrong["place"][:3] - without[("place",)][:3]
    # By hand: 1/60^2 against e^(-100/60)/60^2, the flat and the widest part beside them, is 0.71; with 1/8^2 it is 2.7.
    assert near - other == pytest.approx(0.71, abs=0.03)
    assert row[0] - row[1] == pytest.approx(2.7, abs=0.05)
    assert other - far > 0.5
    assert load_model().without_near_places()["place"]["weights"] == [0.0, *load_model()["place"]["weights"][1:]]


def test_of_equals_the_earlier_stands_first() -> None:
    score = np.array([1.0, 3.0, 3.0, -np.inf, 2.0])
    assert best(score, 9).tolist() == [1, 2, 4, 0]
    assert [place_of(score, i) for i in (1, 2, 4, 0)] == [1, 2, 3, 4]
    assert brought_up({"age": score, "sex": score[::-1]}, 4) == ("age", 3)
    assert brought_up({"age": score, "sex": score[::-1]}, 2) == ("sex", 1)
