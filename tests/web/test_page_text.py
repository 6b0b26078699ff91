"""A text cut into pieces is still the same text, whatever is marked in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from thaw.web.page_text import Mark, lines_of

MARKS = st.lists(
    st.builds(Mark, st.integers(-3, 60), st.integers(-3, 60), st.sampled_from(["m", "hit", "cited"]), st.just("")),
    max_size=8,
)


@given(st.text(alphabet="ab \n\r\u2028é😀", max_size=50), MARKS)
def test_all_pieces_joined_are_the_text(text: str, marks: list[Mark]) -> None:
    assert "".join(piece.text for line in lines_of(text, marks) for piece in line) == text


@given(st.text(alphabet="ab \n", max_size=50), MARKS)
def test_a_letter_is_marked_exactly_when_a_mark_covers_it(text: str, marks: list[Mark]) -> None:
    pieces = [piece for line in lines_of(text, marks) for piece in line]
    for piece in pieces:
        for i in range(piece.start, piece.start + len(piece.text)):
            over = {m.name for m in marks if 0 <= m.start <= i < m.end <= len(text)}
            assert set(piece.names.split()) == over


def test_marks_over_a_line_break_stand_in_both_lines() -> None:
    lines = lines_of("one two\nthree", [Mark(4, 10, "hit", "x")])
    assert [[(p.text, p.names) for p in line] for line in lines] == [
        [("one ", ""), ("two\n", "hit")],
        [("th", "hit"), ("ree", "")],
    ]
