"""Several bodies at once: equal to plain enumeration, nobody named twice but for parts."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thaw.errors import InputError
from thaw.identify import together

ROWS = st.dictionaries(st.sampled_from("abcd"), st.floats(0.01, 0.24), max_size=4)


def slow(chances: Mapping[str, Mapping[str, float]], parts: frozenset[str]) -> dict[str, dict[str, float]]:
    """All ways over all bodies, not divided into groups."""
    bodies = list(chances)
    sums = {b: dict.fromkeys(chances[b], 0.0) for b in bodies}
    total = 0.0
    for way in itertools.product(*[[None, *chances[b]] for b in bodies]):
        named: dict[str, list[str]] = {}
        for body, one in zip(bodies, way, strict=True):
            if one is not None:
                named.setdefault(one, []).append(body)
        if any(len(of) > 1 and not set(of) <= parts for of in named.values()):
            continue
        weight = 1.0
        for body, one in zip(bodies, way, strict=True):
            weight *= 1 - sum(chances[body].values()) if one is None else chances[body][one]
        total += weight
        for body, one in zip(bodies, way, strict=True):
            if one is not None:
                sums[body][one] += weight
    return {b: {one: w / total for one, w in row.items()} for b, row in sums.items()}


@settings(max_examples=60, deadline=None)
@given(
    chances=st.dictionaries(st.sampled_from("UVWXY"), ROWS, max_size=5), parts=st.frozensets(st.sampled_from("UVWXY"))
)
def test_it_equals_plain_enumeration(chances: dict[str, dict[str, float]], parts: frozenset[str]) -> None:
    found = together(chances, parts)
    for body, row in slow(chances, parts).items():
        assert found.joint[body] == pytest.approx(row, rel=1e-9)
        assert sum(found.joint[body].values()) <= 1 + 1e-12


def test_one_person_is_one_body_and_the_likelier_one() -> None:
    # By hand: both none .1*.2=.02, U named .9*.2=.18, V named .1*.8=.08; both is impossible. Total .28.
    found = together({"U": {"a": 0.9}, "V": {"a": 0.8}})
    assert found.joint["U"]["a"] == pytest.approx(0.18 / 0.28)
    assert found.joint["V"]["a"] == pytest.approx(0.08 / 0.28)
    assert (found.best, found.probability) == ({"U": "a", "V": None}, pytest.approx(0.18 / 0.28))


def test_parts_of_one_person_may_be_two_finds() -> None:
    found = together({"U": {"a": 0.9}, "V": {"a": 0.8}}, parts=("U", "V"))
    assert found.joint == {"U": {"a": pytest.approx(0.9)}, "V": {"a": pytest.approx(0.8)}}
    one_whole = together({"U": {"a": 0.9}, "V": {"a": 0.8}}, parts=("U",))
    assert one_whole.joint["U"]["a"] == pytest.approx(0.18 / 0.28)


def test_what_one_body_takes_makes_room_for_another() -> None:
    alone = {"U": {"a": 0.99}, "V": {"a": 0.6, "b": 0.3}}
    assert together(alone).joint["V"]["b"] > 0.3


def test_bodies_that_share_nobody_stay_as_they_are_however_many() -> None:
    alone = {f"U{i}": {f"m{i}": 0.7, f"n{i}": 0.2} for i in range(400)}
    found = together(alone)
    assert found.joint == {b: pytest.approx(row) for b, row in alone.items()}
    assert found.ways == 1_200


def test_two_bodies_that_are_surely_one_person_are_not_told_apart() -> None:
    found = together({"U": {"a": 1.0}, "V": {"a": 1.0}})
    assert (found.joint["U"], found.probability) == ({"a": 1.0}, 0.0)


def test_too_many_ways_are_refused_in_words() -> None:
    alone = {f"U{i}": {f"m{j}": 0.05 for j in range(12)} for i in range(8)}
    with pytest.raises(InputError) as caught:
        together(alone)
    assert str(caught.value) == (
        "bodies taken together: got more than 200,000 ways to name 8 bodies that share candidates, want fewer "
        "bodies, or fewer candidates of each. Take fewer of them, or raise --least."
    )
