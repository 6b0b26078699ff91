from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.identify.matching.words import WordIndex, shared_words, words_of

TABLE = {"repeated": 0.4, "damping": 0.5}


def test_words_are_folded_and_stand_alone_and_in_pairs() -> None:
    assert words_of(("Tattoo@: a ROSE on left forearms",)) == {
        "tattoo", "rose", "left", "forearm", "tattoo rose", "rose left", "left forearm",
    }  # fmt: skip
    assert words_of(("Señora, n/a, unknown",)) == {"senora"}


def test_sides_that_disagree_share_less_than_sides_that_agree() -> None:
    listed = [words_of(("scar on left knee",)), words_of(("scar on right knee",)), *[words_of(("pierced ears",))] * 200]
    support = WordIndex.of(listed).support(words_of(("scar left knee",)), TABLE)
    assert support[0] > support[1] > support[2]


def test_one_shared_word_weighs_as_the_formula_says() -> None:
    listed = [frozenset(("anchor",)), *[frozenset(("ear",))] * 99]
    index = WordIndex.of(listed)
    p = (1 + 100 * 0.002) / (100 + 100)
    assert index.share("anchor") == pytest.approx(p)
    bits = math.log10((0.4 + 0.6 * p) / p)
    chance = math.log10((10**bits + 99 + 100) / 200)
    assert index.support(frozenset(("anchor",)), TABLE)[0] == pytest.approx(bits - chance)
    assert index.supports_of(frozenset(("anchor",)), [("Anchors",), ("ear",), ()], TABLE).tolist() == [
        pytest.approx(bits), 0, 0,
    ]  # fmt: skip


@given(st.lists(st.sampled_from(["red", "Réd", "roses", "ROSE", "a rose, red", "52", "no"]), max_size=4), st.booleans())
def test_the_quick_way_past_descriptions_that_share_nothing_loses_no_word(texts: list[str], both: bool) -> None:
    index = WordIndex.of([words_of(("rose, red 52",)), *[frozenset(("ear",))] * 20])
    own = words_of(("rose, red 52",) if both else ("roses",))
    shares = sorted(index.share(word) for word in own & words_of(texts))
    want = sum(math.log10((0.4 + 0.6 * p) / p) * TABLE["damping"] ** i for i, p in enumerate(shares))
    assert index.supports_of(own, [texts], TABLE)[0] == pytest.approx(want)


def test_records_without_a_description_neither_gain_nor_lose() -> None:
    index = WordIndex.of([frozenset(("anchor",)), frozenset()])
    assert index.support(frozenset(("anchor",)), TABLE)[1] == 0
    assert not index.support(frozenset(), TABLE).any()


@given(st.lists(st.frozensets(st.sampled_from("abcdefgh"), max_size=5), min_size=1, max_size=30))
def test_words_of_chance_gain_nothing_on_average(listed: list[frozenset[str]]) -> None:
    index = WordIndex.of(listed)
    support = index.support(frozenset("abcd"), TABLE)
    # Over the list and the imagined records behind it the factor is 1 on average, so the list alone stays below.
    assert np.where(index.described, 10**support, 0).sum() <= index.described.sum() + 100 + 1e-6


def test_shared_words_are_shown_in_their_pairs() -> None:
    one, other = words_of(("gold ring left hand",)), words_of(("left hand: gold watch",))
    assert shared_words(one, other) == ["gold", "left hand"]
