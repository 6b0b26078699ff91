"""Whoever is refused leaves an entry: what was wanted and which rule said no, and never a flood of entries."""

from __future__ import annotations

import importlib
import json
from datetime import timedelta

import pytest

from books import NOON, csv_file, imported, new_book, rows, thaw
from full_disk import fill_up
from thaw.casework.cases import case
from thaw.casework.refusals import GATHER_S, Knocks
from thaw.casework.sealing import destroy, order
from thaw.casework.searching import search
from thaw.errors import AccessDenied, InputError
from thaw.store import Visible

VIEW = importlib.import_module("thaw.access.view")


class Standing:
    """A clock that stands until it is set."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Standing()


@pytest.fixture
def work(tmp_path, clock):
    made = new_book(tmp_path / "book", clock=clock)
    imported(made, csv_file(tmp_path / "a.csv", rows(3)))
    yield made
    made.book.close()


def refusals(work):
    sql = "SELECT body FROM payload JOIN entry_index USING (seq) WHERE kind = 'access.refused' ORDER BY seq"
    return [json.loads(body) for (body,) in work.book.store.reading_connection().execute(sql)]


def test_a_case_that_is_hidden_and_one_that_does_not_exist_leave_the_same_entry(work, monkeypatch):
    known = case(work, "shr-map:1")["case_id"]
    hidden = Visible(hidden_cases=frozenset({known}))
    monkeypatch.setattr(VIEW, "visible_to", lambda actor, at: hidden)
    size = work.book.store.size()
    for asked in (known, "c_" + "a" * 16):
        with pytest.raises(InputError):
            case(work, asked)
    one, other = refusals(work)
    assert one | {"asked": "~"} == other | {"asked": "~"}
    assert (one["asked"], one["wanted"], one["reason"], one["by"]) == (
        known, "access.read", "a case of this book", "Invented Detective"
    )  # fmt: skip
    # One entry each, as for a look that is granted: neither the log's length nor the time of a commit tells them apart.
    assert work.book.store.size() == size + 2


def test_a_search_without_a_purpose_is_refused_and_noted(work):
    with pytest.raises(InputError, match="got no purpose, want why you search, for the log"):
        search(work, "canal", purpose=" ")
    (told,) = refusals(work)
    assert (told["wanted"], told["reason"], told["purpose"]) == (
        "access.search",
        "why you search, for the log",
        "not stated",
    )


def test_what_the_command_line_is_not_allowed_is_noted_once(work, tmp_path, monkeypatch):
    work.book.close()
    hidden = Visible(hidden_cases=frozenset({"c_hidden"}))
    monkeypatch.setattr(VIEW, "visible_to", lambda actor, at: hidden)
    assert thaw("export", tmp_path / "x.zip", book=work.book.folder, person="Reader").code == 4
    assert thaw("search", "canal", book=work.book.folder, as_json=True, person="Reader").code == 2
    opened = new_session(work)
    told = [(one["by"], one["wanted"]) for one in refusals(opened)]
    assert told == [("Reader", "the command export"), ("Reader", "access.search")]
    opened.book.close()


def new_session(work):
    from thaw.casework import open_book, session

    return session(open_book(work.book.folder), "Invented Detective")


def test_a_refusal_that_has_an_entry_of_its_own_kind_gets_no_second_one(work):
    made = order(work, number="1", approved_by=["A", "B"], case_id="shr-map:1")
    with pytest.raises(AccessDenied) as refused:
        destroy(work, made["order"])
    assert refused.value.noted
    assert refusals(work) == []


def test_a_thousand_knocks_are_a_handful_of_entries_with_their_number(work, clock):
    knocks = Knocks(work)
    for _ in range(3):
        for _ in range(1000):
            knocks.note("session")
        clock.now += timedelta(seconds=GATHER_S + 1)
    knocks.note("token")
    knocks.end()
    assert [(one["rule"], one["times"]) for one in refusals(work)] == [
        ("session", 1), ("session", 1000), ("session", 1000), ("token", 1), ("session", 999),
    ]  # fmt: skip


def test_a_refusal_that_cannot_be_noted_is_a_refusal_all_the_same(work):
    fill_up(work)
    Knocks(work).note("session")
    with pytest.raises(InputError, match="got no purpose"):
        search(work, "canal", purpose="")
    assert refusals(work) == []
    work.book.store._db.pragma("max_page_count", 1_000_000)


def test_the_words_of_a_knock(work, monkeypatch):
    said = []
    monkeypatch.setattr("thaw.casework.refusals._write", lambda *told: said.append(str(told[-1])))
    Knocks(work).note("site")
    assert said == ["workbench: got a request, want a form of the workbench itself. Open the address that was printed."]
