# ruff: noqa: E501 - queries in one piece
"""What a reader may not see does not exist: the answers are those of a book that never held it."""

from __future__ import annotations

import pytest

from builders import add_document, look, new_book, not_same, row, same
from thaw.errors import InputError
from thaw.search import BookEngine, Conditions, find_texts, parse_query, query_like

QUERIES = [
    "canal", "holoway", '"red boat"', "cana*", "/can.l/", "canal~1", "boat OR marsh", "red -boat", "page:red", "the canal",
    "zyzzyva", "zyzzyvas", "type:text", "source:a*", "marsh", "quaxo*", "reason", "decision:marsh",
]  # fmt: skip


def fill(store, *, secret):
    store.append(row("c_1", {"narrative": "the canal and the red boat of Holloway"}))
    add_document(store, ["a red boat on the canal", "H0lloway was there"], case_id="c_1")
    store.append(row("c_3", {"narrative": "another canal"}))
    if secret:
        store.append(row("c_2", {"narrative": "zyzzyva canal canal canal by Holaway, quaxolotl"}))
        add_document(store, ["canals canal zyzzyva marsh marsh", "red boat red boat"], case_id="c_2", file="b.txt")
        store.append(same("c_1", "c_2"), not_same("c_1", "c_2"))


def answers(store, **hiding):
    view = look(store, **hiding)
    engine = BookEngine(view, {})
    found = {}
    for text in QUERIES:
        result = find_texts(engine, parse_query(text), Conditions(view, engine.directory))
        found[text] = (result.total, [(hit.key, hit.score, hit.snippet, hit.why) for hit in result.best(50)])
    like = query_like(engine, "a red boat on the canal with a zyzzyva")
    return found, str(like), engine.lexicon.words


def test_hidden_texts_change_no_count_score_snippet_reason_or_vocabulary(tmp_path):
    with new_book(tmp_path / "with") as store:
        fill(store, secret=True)
        hidden = answers(store, hidden=["c_2"])
        seen = answers(store)
    with new_book(tmp_path / "without") as store:
        fill(store, secret=False)
        never = answers(store)

    def without_keys(found):  # documents and entries have other numbers in another book
        return {text: (total, [hit[1:] for hit in hits]) for text, (total, hits) in found[0].items()}, *found[1:]

    assert without_keys(hidden) == without_keys(never)
    assert seen[0] != hidden[0]
    assert "zyzzyva" in seen[2]


def test_a_decision_on_two_cases_is_hidden_with_either(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1", {}), row("c_2", {}))
        store.append(same("c_1", "c_2"))
        assert answers_of(store, "invented")[0] == 3  # two records and the decision, whose reason is "invented"
        assert answers_of(store, "decision:invented", hidden=["c_2"]) == (0, [])
        assert answers_of(store, "decision:invented", hidden=["c_1"])[0] == 0


def answers_of(store, text, **hiding):
    view = look(store, **hiding)
    engine = BookEngine(view, {})
    result = find_texts(engine, parse_query(text), Conditions(view, engine.directory))
    return result.total, [hit.kind for hit in result.best(50)]


def test_a_hidden_case_and_none_at_all_are_refused_in_the_same_words(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1", {}), row("c_2", {}))
        said = []
        for case, hiding in (("c_2", {"hidden": ["c_2"]}), ("c_9", {})):
            with pytest.raises(InputError) as error:
                answers_of(store, f"case:{case}", **hiding)
            said.append(str(error.value).replace(case, "c_x"))
        assert said[0] == said[1]


def test_texts_that_come_later_are_taken_in_by_the_same_engine(tmp_path):
    with new_book(tmp_path / "b") as store:
        kept = {}
        store.append(row("c_1", {"narrative": "canal"}))
        assert BookEngine(look(store), kept).lexicon.forms("barn")[0].words == ("barn",)
        first = store.append(row("c_2", {"narrative": "barn"})).result[0]
        store.append(row("c_2", {"narrative": "quarry"}, prev=first))
        view = look(store)
        engine = BookEngine(view, kept)
        fresh = BookEngine(look(store), {})
        for text in ("barn", "quarry", "canal", "bam", "q*"):
            result = find_texts(engine, parse_query(text), Conditions(view, engine.directory))
            anew = find_texts(fresh, parse_query(text), Conditions(view, fresh.directory))
            assert [(h.key, h.score) for h in result.best(9)] == [(h.key, h.score) for h in anew.best(9)], text
        assert engine.directory.count == fresh.directory.count == 2


def test_a_rebuilt_book_is_read_anew(tmp_path):
    with new_book(tmp_path / "b") as store:
        kept = {}
        store.append(row("c_1", {"narrative": "canal"}))
        BookEngine(look(store), kept)
        store.rebuild()
        view = look(store)
        engine = BookEngine(view, kept)
        assert len(kept) == 1
        assert find_texts(engine, parse_query("canal"), Conditions(view, engine.directory)).total == 1
