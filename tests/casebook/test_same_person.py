# ruff: noqa: E501 - tables of values and messages
from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_files import shared
from thaw.casebook.person_levels import Column, levels
from thaw.casebook.person_pairs import candidate_pairs
from thaw.casebook.same_person import propose


def level(kind, one, other):
    column = Column.of([one, other])
    return int(levels(kind, column, np.array([0]), np.array([1]))[0])


@pytest.mark.parametrize(("kind", "one", "other", "found"), [
    ("name", "Terrence", "TERRENCE ", 1), ("name", "terrence", "terence", 2), ("name", "robert", "bob", 2),
    ("name", "t", "terrence", 3), ("name", "terrence", "lena", 4), ("name", None, "lena", 0), ("name", "", "lena", 0),
    ("date", "1950-07-03", "1950-07-03", 1), ("date", "1950-07-03", "1950-07-08", 2), ("date", "1950-07-03", "1950-03-07", 2),
    ("date", "1950-07-03", "1950-12-24", 3), ("date", "1950-07-03", "1961-12-24", 4),
    ("words", "8 stanley street", "stanley street 8", 2), ("words", "8 stanley street", "9 harrow road", 4),
    ("number", "5304218", "5304281", 2), ("number", "5304218", "9911223", 4), ("code", "f", "m", 4),
])  # fmt: skip
def test_how_alike_two_values_are(kind, one, other, found):
    assert level(kind, one, other) == found
    assert level(kind, other, one) == found


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=2, max_size=2), max_size=12), st.booleans())
def test_pairs_are_those_that_share_a_key_each_once(rows, sided):
    keys = [[row[0] for row in rows], [row[1] for row in rows]]
    left = np.array([i % 2 for i in range(len(rows))], np.int64) if sided else None
    one, other = candidate_pairs([Column.of(key) for key in keys], left)
    expected = {
        (i, j)
        for j in range(len(rows))
        for i in range(j)
        if any(key[i] and key[i] == key[j] for key in keys) and (left is None or left[i] != left[j])
    }
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == sorted(expected)


def invented(count, seed, slips=0.15):
    """People with a second record in which some letters slipped; who is who is known."""
    draw = random.Random(seed)
    letters = "abcdefghiklmnoprstuw"

    def word(length):
        return "".join(draw.choice(letters) for _ in range(length))

    def slip(text):
        if draw.random() > slips:
            return text
        i = draw.randrange(len(text))
        return text[:i] + draw.choice(letters) + text[i + 1 :]

    given, family = [word(6) for _ in range(60)], [word(7) for _ in range(200)]
    people = [
        (
            draw.choice(given),
            draw.choice(family),
            f"{draw.randint(1930, 1990)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
        )
        for _ in range(count)
    ]
    return [*people, *[(slip(g), slip(f), b if draw.random() > 0.1 else None) for g, f, b in people]]


def proposals(records, **more):
    given, family, born = (list(column) for column in zip(*records, strict=True))
    fields = {"given": ("name", given), "family": ("name", family), "born": ("date", born)}
    return propose(fields, [given, family, born], **more)


def test_the_parameters_of_invented_records_are_found_again():
    count = 1500
    model, found = proposals(invented(count, 1))
    # 15 of 100 get another letter, which is the same one once in twenty: 0.8575 stay equal.
    assert model.m["given"][1] == pytest.approx(0.8575, abs=0.02)
    assert model.m["family"][1] == pytest.approx(0.8575, abs=0.02)
    assert model.u["given"][1] == pytest.approx(1 / 60 * 0.87, rel=0.2)  # a slip takes most of one record in eight away
    assert model.prior == pytest.approx(count / (2 * count * (2 * count - 1) / 2), rel=0.05)
    true = found.other - found.one == count
    assert found.probability[true].mean() > 0.97
    # Where a birth date is missing, 60 given and 200 family names make some pairs equal by chance.
    assert (found.probability[~true] > 0.5).sum() < 0.04 * count


def test_probabilities_are_true_on_average():
    # Of pairs with probabilities between 0.1 and 0.9, as many are true as the probabilities say.
    told, true = 0.0, 0
    for seed in (2, 3, 4):
        _, found = proposals([(g[:3], f[:3], b) for g, f, b in invented(800, seed)])
        middle = (found.probability > 0.05) & (found.probability < 0.95)
        told += found.probability[middle].sum()
        true += int((found.other - found.one == 800)[middle].sum())
    assert true > 30
    assert told == pytest.approx(true, rel=0.35)


def test_the_parts_and_the_prior_add_up_to_the_probability():
    _, found = proposals(invented(300, 5))
    bits = sum(found.bits.values()) + found.prior_bits
    assert found.probability == pytest.approx(1 / (1 + 2.0**-bits), abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(draw):
    records = invented(40, 6)
    order = list(range(len(records)))
    draw.shuffle(order)
    _, one = proposals(records)
    _, other = proposals([records[i] for i in order])
    plain = {(a, b): p for a, b, p in zip(one.one.tolist(), one.other.tolist(), one.probability.tolist(), strict=True)}
    for a, b, p in zip(other.one.tolist(), other.other.tolist(), other.probability.tolist(), strict=True):
        assert plain[min(order[a], order[b]), max(order[a], order[b])] == pytest.approx(p)


def test_two_records_alone_are_judged_by_usual_figures():
    _, found = proposals([("terrence", "holloway", "1950-07-03"), ("terence", "holloway", "1950-07-03")])
    assert found.probability[0] > 0.99
    _, found = proposals([("terrence", "holloway", "1950-07-03"), ("lena", "holloway", "1961-01-12")])
    assert found.probability[0] < 0.1


def test_nothing_in_gives_nothing_out():
    _, found = proposals([("a", "b", None)])
    assert len(found.one) == 0


@pytest.mark.slow
def test_the_public_set_of_two_lists_is_linked():
    shared("data/linkage/febrl4a.csv.gz")
    from bench import same_person

    fields, keys, left, clusters, total = same_person.febrl4()
    _, found = propose(fields, keys, left=left)
    assert same_person._quality(found.one, found.other, found.probability, clusters, total)["f1"] > 0.999
