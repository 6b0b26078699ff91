"""What is taken of a text is told as a comparison of every two places would tell it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from thaw.intake.reading.spaces import Spaces

PLACES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)))


@given(PLACES, st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_a_place_is_held_when_it_shares_a_letter_with_one_that_is_taken(
    taken: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    letters = {letter for start, end in taken for letter in range(start, min(end, 40))}
    assert Spaces(40, taken).holds(*asked) == bool(letters & set(range(*asked)))
