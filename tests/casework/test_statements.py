"""Statements of passages: what people typed becomes a typed value, the place on the page stays with it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import new_book
from thaw.casework import Session
from thaw.casework.brief import case_brief
from thaw.casework.cases import case
from thaw.casework.demo import CASE_FILE
from thaw.casework.documents import add_documents
from thaw.casework.pages import transcribe
from thaw.casework.reader import reader_page
from thaw.casework.statements import (
    find_span,
    prefer_statement,
    read_value,
    statable,
    state_passage,
    withdraw_statement,
)
from thaw.casework.text_layers import WordBoxes
from thaw.data import data_path
from thaw.errors import InputError
from thaw.record import Code, PartialDate, Place, Quantity, Text
from thaw.store import Where

PAGE = "At 0640 the undersigned was sent to the canal road.\nA blue pickup   was\nseen there on March 11, 1984.\n"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Session]:
    made = new_book(tmp_path / "invented-book")
    yield made
    made.book.close()


@pytest.fixture
def paper(work: Session, tmp_path: Path) -> str:
    """A text of one page in a case of its own."""
    file = tmp_path / "invented report.txt"
    file.write_text(PAGE, encoding="utf-8")
    return str(add_documents(work, [file], new_title="Invented", wait=True)["files"][0]["sha256"])


def field(work: Session, case_id: str, name: str) -> dict[str, object]:
    return next(one for one in case(work, case_id)["statements"] if one["predicate"] == name)


@pytest.mark.parametrize(
    ("name", "typed", "role", "value", "polarity"),
    [
        ("weapon", "80", "case", Code("80", "shr.weapon"), "asserted"),
        ("weapon", "strangulation - hanging", "case", Code("80", "shr.weapon"), "asserted"),
        ("weapon", "unknown", "case", None, "unknown"),
        ("behaviours.bound", "no", "case", None, "denied"),
        ("victim.age", "24 to 30 years", "victim", Quantity(24, 30, "years"), "asserted"),
        ("victim.age", "27", "victim", Quantity(27, 27, "years"), "asserted"),
        ("offender.name", "Nobody Invented", "offender", Text("Nobody Invented"), "asserted"),
        ("place", "Salt Lake, UT", "case", Place("Salt Lake, UT", "UT", "49035"), "asserted"),
        ("place", "behind the mill", "case", Place("behind the mill"), "asserted"),
    ],
)
def test_what_is_typed_becomes_a_value_of_the_field(
    name: str, typed: str, role: str, value: object, polarity: str
) -> None:
    found_role, said = read_value(name, typed)
    assert (found_role, said.value, said.polarity) == (role, value, polarity)


@pytest.mark.parametrize("typed", ["1984-03-11", "March 11, 1984", "03/11/84", "the night of March 11, 1984"])
def test_a_date_is_taken_as_papers_write_it(typed: str) -> None:
    said = read_value("date", typed)[1]
    assert isinstance(said.value, PartialDate)
    assert (said.value.first.isoformat(), said.value.last.isoformat(), said.words) == (
        "1984-03-11",
        "1984-03-11",
        typed,
    )


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("hat", "red", "field: got 'hat', want a field of the list. Choose it again."),
        ("weapon", " ", "value of Weapon or means: got nothing, want a value. Say what it says."),
        ("behaviours.bound", "maybe", "value of Bound: got 'maybe', want yes, no or unknown. Type it again."),
        (
            "victim.age",
            "old",
            "value of Age: got 'old', want a number or a span such as 24 to 30, in years. Type it again.",
        ),
        (
            "victim.age",
            "30 to 24",
            "value of Age: got '30 to 24', want a span whose end is not before its start. Type it again.",
        ),
    ],
)
def test_what_a_field_cannot_hold_is_refused_with_reason(name: str, typed: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_value(name, typed)
    assert str(caught.value) == message


def test_nobody_can_state_the_race_of_an_offender() -> None:
    names = [name for group in statable().values() for name, _ in group]
    assert "victim.race" in names
    assert not any(name.startswith("offender.race") or name.startswith("offender.ethnicity") for name in names)


def test_a_statement_keeps_page_span_and_quote_and_its_words(work: Session, paper: str) -> None:
    made = state_passage(
        work, paper, 1, field="date", value="March 11, 1984", quote="on March 11, 1984", said_by="An invented rider"
    )
    said = field(work, made["case_id"], "date")["preferred"]
    start = PAGE.index("on March")
    assert said["citation"]["document"] == paper
    assert (said["citation"]["page"], said["citation"]["span"]) == (1, (start, start + 17))
    assert (said["citation"]["quote"], said["words"]) == ("on March 11, 1984", "March 11, 1984")
    assert (said["said_by"], said["extracted_by"], said["status"]) == (
        *("An invented rider", "Invented Detective", "confirmed"),
    )


def test_words_are_found_whatever_their_spaces_and_the_marked_place_counts_first(work: Session, paper: str) -> None:
    start = PAGE.index("A blue")
    assert find_span(work, paper, 1, "a BLUE pickup was seen", None, None) == (start, start + 24)
    second = PAGE.index("was\n")
    assert find_span(work, paper, 1, "was", second, second + 3) == (second, second + 3)
    assert find_span(work, paper, 1, "was", None, None)[0] == PAGE.index("was")


def test_words_that_do_not_stand_there_and_pages_that_are_not_there_are_refused(work: Session, paper: str) -> None:
    with pytest.raises(InputError) as caught:
        state_passage(work, paper, 1, field="narrative", value="x", quote="a red van")
    assert str(caught.value) == (
        "passage on page 1: got 'a red van', want words that stand on this page. "
        "Mark them on the page, or type them as they stand there."
    )
    with pytest.raises(InputError) as caught:
        state_passage(work, "d" * 64, 1, field="narrative", value="x", quote="canal")
    assert str(caught.value) == (
        "document: got 'dddddddddddddddd', page 1, want a document of this book and one of its pages. "
        "Look for it with `thaw search`."
    )


def test_a_document_of_no_case_makes_no_statement(work: Session, tmp_path: Path) -> None:
    file = tmp_path / "loose.txt"
    file.write_text("A loose invented leaf.", encoding="utf-8")
    loose = add_documents(work, [file], wait=True)["files"][0]["sha256"]
    with pytest.raises(InputError) as caught:
        state_passage(work, loose, 1, field="narrative", value="x", quote="loose")
    assert str(caught.value) == (
        "document: got a document of no case, want a document that was put to a case. "
        "Add it again with `thaw add FILE --case ID`; its bytes are known, and nothing is read twice."
    )


def test_of_two_readings_the_preferred_one_stands_first_and_the_other_stays(work: Session, paper: str) -> None:
    one = state_passage(work, paper, 1, field="weapon", value="80", quote="blue pickup")
    other = state_passage(work, paper, 1, field="weapon", value="20", quote="canal road")
    case_id = one["case_id"]
    assert field(work, case_id, "weapon")["preferred"]["entry"] == other["entry"]  # the newest, until a person decides
    prefer_statement(work, case_id, entry=one["entry"], role="case", index=0, reason="nearer to it")
    now = field(work, case_id, "weapon")
    assert now["preferred"]["entry"] == one["entry"]
    assert [source["entry"] for source in now["conflicts"]] == [other["entry"]]
    brief = case_brief(work, case_id)
    assert (brief["why"]["weapon"]["reason"], brief["why"]["weapon"]["by"]) == ("nearer to it", "Invented Detective")
    assert brief["decisions"][0]["what"] == "preferred a reading"


def test_a_statement_that_was_taken_back_stays_marked(work: Session, paper: str) -> None:
    made = state_passage(work, paper, 1, field="weapon", value="80", quote="blue pickup")
    withdraw_statement(work, made["case_id"], entry=made["entry"], role="case", index=0, reason="a slip")
    now = field(work, made["case_id"], "weapon")
    assert now["preferred"] is None
    assert [(s["entry"], s["status"]) for s in now["sources"]] == [(made["entry"], "superseded")]
    (one,) = reader_page(work, paper, 1)["statements"]
    assert (one["entry"], one["live"]) == (made["entry"], False)
    with pytest.raises(InputError) as caught:
        withdraw_statement(work, made["case_id"], entry=made["entry"], role="case", index=0, reason="again")
    assert str(caught.value) == (
        f"withdraw: got entry {made['entry']}, case 0, want a standing statement of this case. "
        "Take it from the case's own page."
    )


def test_no_decision_without_a_reason(work: Session, paper: str) -> None:
    made = state_passage(work, paper, 1, field="weapon", value="80", quote="blue pickup")
    for decide, what in ((prefer_statement, "prefer"), (withdraw_statement, "withdraw")):
        with pytest.raises(InputError) as caught:
            decide(work, made["case_id"], entry=made["entry"], role="case", index=0, reason=" ")
        assert str(caught.value) == f"{what}: got no reason, want why, for the log. Say it in a few words."


def test_the_box_of_a_passage_covers_its_words_and_no_others(work: Session, tmp_path: Path) -> None:
    with zipfile.ZipFile(data_path(CASE_FILE)) as packed:
        packed.extract("11 statement 1.pdf", tmp_path)
    added = add_documents(work, [tmp_path / "11 statement 1.pdf"], new_title="Invented", wait=True)
    document = added["files"][0]["sha256"]
    made = state_passage(work, document, 1, field="narrative", value="A red sedan.", quote="red sedan")
    words = reader_page(work, document, 1)["page"]["words"]
    text = reader_page(work, document, 1)["page"]["text"]
    start = text.index("red sedan")
    inside = [w[2] for w in words if start <= w[0] < start + 9]
    assert len(inside) == 2
    # By hand: from the left of the first word to the right of the second, both on one line.
    assert made["box"] == (inside[0][0], min(b[1] for b in inside), inside[1][2], max(b[3] for b in inside))


def test_words_that_a_person_typed_stand_where_the_machine_read_them(work: Session, tmp_path: Path) -> None:
    with zipfile.ZipFile(data_path(CASE_FILE)) as packed:
        packed.extract("11 statement 1.pdf", tmp_path)
    added = add_documents(work, [tmp_path / "11 statement 1.pdf"], new_title="Invented", wait=True)
    document = added["files"][0]["sha256"]
    before = state_passage(work, document, 1, field="observation", value="x", quote="red sedan")["box"]
    text = reader_page(work, document, 1)["page"]["text"]
    transcribe(work, document, 1, text.replace("four shots", "4 shots").replace("sedan,", "sedan"))
    assert state_passage(work, document, 1, field="observation", value="x", quote="red sedan")["box"] == before
    page = reader_page(work, document, 1)["page"]
    boxes = {page["text"][word[0] : word[1]]: word[2] for word in page["words"]}
    assert boxes["4"] is None  # read otherwise, so its place is not known
    assert boxes["red"] is not None


@given(data=st.data())
def test_the_box_of_a_span_is_that_of_a_comparison_of_all_words(data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6)), max_size=12))
    words: list[list[Any]] = []
    at = 0
    for number, (gap, length) in enumerate(lengths):
        # Every fourth word has no place, as of a text that somebody typed.
        words.append([at + gap, at + gap + length, [number, 1.0, number + 0.5, 2.0] if number % 4 else None, None])
        at += gap + length
    start = data.draw(st.integers(0, at + 2))
    end = data.draw(st.integers(start + 1, at + 5))
    boxes = [word[2] for word in words if word[0] < end and word[1] > start and word[2]]
    want = [boxes[0][0], 1.0, boxes[-1][2], 2.0] if boxes else None
    assert WordBoxes(words).box(start, end) == want


def test_what_is_said_of_one_person_of_a_case_has_one_subject(work: Session, paper: str) -> None:
    first = state_passage(work, paper, 1, field="offender.name", value="Nobody Invented", quote="the undersigned")
    second = state_passage(work, paper, 1, field="offender.sex", value="M", quote="the undersigned")
    other = state_passage(work, paper, 1, field="victim.sex", value="F", quote="A blue pickup")
    view = work.look("an invented look")
    made = [view.log([Where("seq", "=", one["entry"])], limit=1)[0].payload for one in (first, second, other)]
    offender, again, victim = (next(iter((payload or {})["subjects"].values())) for payload in made)
    assert offender == again
    assert offender != victim
