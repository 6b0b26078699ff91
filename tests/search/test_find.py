from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import CLERK, add_document, look, new_book, row, statement, withdraw
from thaw.errors import InputError
from thaw.search import BookEngine, Conditions, find_texts, parse_query
from thaw.store import Draft


@dataclass
class Answer:
    total: int
    hits: tuple
    digest: str


def find(store, text, *, top=10, case_id=None, **hiding):
    view = look(store, **hiding)
    engine = BookEngine(view, {})
    result = find_texts(engine, parse_query(text), Conditions(view, engine.directory), case_id=case_id)
    return Answer(result.total, result.best(top), result.digest)


def hits(store, text, **more):
    return [(hit.document if hit.page else hit.case_id, hit.page) for hit in find(store, text, **more).hits]


def test_pages_and_cases_are_found_and_say_where(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1", {"narrative": "found by the old canal"}))
        document = add_document(store, ["first page", "a boat on the canal"], case_id="c_1", file="box 14.txt")
        found = find(store, "canal")
        assert found.total == 2
        assert all(hit.score > 0 for hit in found.hits)
        page, case = sorted(found.hits, key=lambda hit: hit.source)
        assert (page.kind, page.ref, page.page, page.case_id) == ("page", document, 2, "c_1")
        assert (page.snippet, page.marks, page.why) == ("a boat on the canal", ((14, 19),), "all words as typed")
        assert (case.kind, case.ref, case.page, case.case_id, case.source) == (
            "record",
            "c_1",
            None,
            "c_1",
            "invented:c_1",
        )
        assert (case.snippet, case.marks) == ("invented:c_1\nfound by the old canal", ((30, 35),))


def test_a_code_is_found_by_its_label_or_by_the_words_of_the_record(tmp_path):
    said = {"weapon": "80", "place": "Invented Flats", "victim.age": (24, 24), "date": "late summer 1984"}
    with new_book(tmp_path / "b") as store:
        draft = row("c_1", said)
        draft.payload["said"]["case"].append(
            {"p": "circumstance", "v": {"code": "99", "list": "shr.circumstance"}, "w": "Undetermined"}
        )
        store.append(draft)
        for words in ("strangulation", '"invented flats"', '"late summer"', "undetermined", '"invented c_1"'):
            assert hits(store, words) == [("c_1", None)]


def test_all_parts_must_be_in_one_text_and_a_phrase_in_order(tmp_path):
    with new_book(tmp_path / "b") as store:
        document = add_document(store, ["the red canal", "canal red", "red only"])
        assert sorted(hits(store, "red canal")) == [(document, 1), (document, 2)]
        assert hits(store, '"red canal"') == [(document, 1)]
        assert hits(store, "red canal boat") == []


@pytest.mark.parametrize(("written", "typed"), [
    ("strangled", "strangling"),
    ("canals", "canal"),
    ("Müller", "muller"),
    ("MULLER", "Müller"),
    ("café", "cafe\u0301"),
])  # fmt: skip
def test_endings_accents_and_capitals_do_not_matter(tmp_path, written, typed):
    with new_book(tmp_path / "b") as store:
        document = add_document(store, [f"the word {written} on a page"])
        assert hits(store, typed) == [(document, 1)]


def test_a_page_without_a_text_layer_is_not_searched(tmp_path):
    with new_book(tmp_path / "b") as store:
        document = add_document(store, [None, "words"])
        assert store.reading_connection().execute("SELECT page FROM texts WHERE kind = 'page'").fetchall() == [(2,)]
        assert hits(store, "words") == [(document, 2)]


def test_a_search_can_be_kept_to_one_case(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1", {"narrative": "canal"}), row("c_2", {"narrative": "canal"}))
        assert find(store, "canal").total == 2
        assert hits(store, "canal", case_id="c_2") == [("c_2", None)]


def test_what_is_hidden_is_neither_shown_nor_counted(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1", {"narrative": "canal"}), row("c_2", {"narrative": "canal"}))
        document = add_document(store, ["canal"], case_id="c_1")
        assert find(store, "canal").total == 3
        assert find(store, "canal", hidden=["c_1"]).total == 1
        assert hits(store, "canal", documents=[document], case_id="c_1") == [("c_1", None)]
        nothing = find(store, "canal", hidden=["c_1"], case_id="c_1")
        assert (nothing.total, nothing.hits) == (0, ())
        with pytest.raises(InputError) as hidden:
            find(store, "canal case:c_1", hidden=["c_1"])
        with pytest.raises(InputError) as absent:
            find(store, "canal case:c_9")
        assert str(hidden.value).replace("c_1", "c_9") == str(absent.value)


def test_a_document_of_two_cases_is_found_in_each_of_them(tmp_path):
    with new_book(tmp_path / "b") as store:
        document = add_document(store, ["canal"], case_id="c_1")
        scope = {"scope": {"document": document, "case": "c_2"}}
        store.append(Draft("document.assign", CLERK.id, scope))
        assert hits(store, "canal", case_id="c_2") == [(document, 1)]
        assert [hit.case_id for hit in find(store, "canal", hidden=["c_1"]).hits] == ["c_2"]


def test_the_total_counts_all_and_the_list_stops_at_top(tmp_path):
    with new_book(tmp_path / "b") as store:
        add_document(store, ["canal"] * 7)
        short, long = find(store, "canal", top=3), find(store, "canal", top=7)
        assert (short.total, len(short.hits), len(long.hits)) == (7, 3, 7)
        assert short.digest == long.digest  # it stands for the full result, not for what is shown


def test_words_that_come_later_are_found_and_the_case_keeps_its_source(tmp_path):
    with new_book(tmp_path / "b") as store:
        first = store.append(row("c_1", {"narrative": "canal"})).result[0]
        store.append(statement("c_1", {"narrative": "a barn"}))
        assert [(hit.case_id, hit.source) for hit in find(store, "barn").hits] == [("c_1", "invented:c_1")]
        store.append(row("c_1", {"narrative": "a quarry"}, prev=first))
        for word in ("canal", "barn", "quarry"):  # nothing that was said is ever lost to a search
            assert hits(store, word) == [("c_1", None)]
        assert find(store, "canal barn quarry").total == 1


def test_a_document_that_is_read_again_is_found_by_the_words_of_both_readings_and_counted_once(tmp_path):
    with new_book(tmp_path / "b") as store:
        document = add_document(store, ["a blurred word: cnal"])
        layer = store.blobs.put(json.dumps({"pages": [{"number": 1, "text": "a clear word: canal"}]}).encode())
        facts = {"scope": {"document": document}, "file": "a.txt", "layer": layer, "blobs": [layer], "pages": 1}
        store.append(Draft("document.read", CLERK.id, facts | {"engine": "invented 2", "without_text": []}))
        assert hits(store, "clear") == [(document, 1)]
        assert hits(store, "blurred") == [(document, 1)]
        both = find(store, "word")
        assert (both.total, [hit.page for hit in both.hits]) == (1, [1])


def test_a_withdrawn_statement_is_still_found_since_nothing_is_dropped(tmp_path):
    with new_book(tmp_path / "b") as store:
        entry = store.append(row("c_1", {"narrative": "canal"})).result[0]
        store.append(withdraw("c_1", entry, 0))
        assert hits(store, "canal") == [("c_1", None)]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["canal", "barn", "quarry", "boat"]), max_size=4), max_size=6), st.data())
def test_a_search_finds_exactly_the_pages_that_hold_all_words(tmp_path_factory, pages, data):
    words = data.draw(st.lists(st.sampled_from(["canal", "barn", "quarry", "boat"]), min_size=1, max_size=2))
    with new_book(tmp_path_factory.mktemp("book") / "b") as store:
        add_document(store, [" ".join(page) for page in pages])
        expected = {number for number, page in enumerate(pages, 1) if set(words) <= set(page)}
        found = find(store, " ".join(words))
        assert found.total == len(expected)
        assert {hit.page for hit in found.hits} == expected
