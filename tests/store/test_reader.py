from __future__ import annotations

import pytest

from builders import (
    WOMAN,
    add_document,
    attack,
    new_book,
    note,
    opened,
    row,
    same,
    statement,
)
from thaw.errors import InputError, TamperError
from thaw.store import Reader, Visible, Where


def fill(store):
    """Three cases, one of them secret; a document for each of two."""
    store.append(row("c_1"), row("c_2", {**WOMAN, "weapon": "20"}), row("c_secret", {"narrative": "an invented canal"}))
    ids = [add_document(store, [f"the page of {case}"], case_id=case) for case in ("c_1", "c_secret")]
    store.append(same("c_1", "c_secret"), note(), statement("c_2", {"narrative": "a barn"}))
    return ids


def reader(store, *cases, documents=()):
    return Reader(store, Visible(frozenset(cases), frozenset(documents)))


def test_rows_can_be_handed_over_some_at_a_time(tmp_path):
    with new_book(tmp_path / "b") as store:
        fill(store)
        chunks = []
        reader(store).in_chunks("cases", ["case_id"], chunks.append, at_once=2)
        assert [len(some) for some in chunks] == [2, 1]
        assert sorted(row for some in chunks for row in some) == [("c_1",), ("c_2",), ("c_secret",)]
        seen = []
        reader(store, "c_secret").in_chunks("cases", ["case_id"], seen.extend, [Where("weapon", "=", "20")])
        assert seen == [("c_2",)]


def test_rows_come_in_the_order_asked_for_and_by_pages(tmp_path):
    with new_book(tmp_path / "b") as store:
        fill(store)
        every = reader(store)
        ids = every.select("cases", ["case_id"], order=["first_seq"])
        assert ids == [("c_1",), ("c_2",), ("c_secret",)]
        assert every.select("cases", ["case_id"], order=["-first_seq"]) == ids[::-1]
        assert every.select("cases", ["case_id"], order=["first_seq"], limit=1, offset=1) == [("c_2",)]
        assert every.select("cases", ["weapon", "case_id"], [Where("weapon", "=", "20")]) == [("20", "c_2")]


def test_a_hidden_case_is_in_no_answer_of_any_kind(tmp_path):
    with new_book(tmp_path / "b") as store:
        fill(store)
        seen = reader(store, "c_secret")
        for table in ("cases", "source_keys", "incidents", "documents", "texts", "entry_index"):
            assert ("c_secret",) not in seen.select(table, ["case_id"])
            # The decision on both cases speaks of the hidden one, so its words are hidden too.
            also = 1 if table == "texts" else 0
            assert seen.count(table) == reader(store).count(table) - also - reader(store).count(
                table, [Where("case_id", "=", "c_secret")]
            )
            assert seen.count(table, [Where("case_id", "=", "c_secret")]) == 0
        assert seen.match("texts", '"canal"', limit=5)[:2] == (0, [])
        assert seen.entries_of_case("c_secret") == seen.entries_of_case("c_absent") == []


def test_a_hidden_document_is_in_no_answer_of_any_kind(tmp_path):
    with new_book(tmp_path / "b") as store:
        document, _ = fill(store)
        layer = reader(store).select("pages", ["layer"], [Where("document_id", "=", document)])[0][0]
        assert reader(store).blob(layer, document) is not None
        seen = reader(store, documents=[document])
        assert seen.count("documents") == 1
        assert seen.match("texts", '"page" AND "c_1"', limit=5)[0] == 0
        assert seen.blob(layer, document) is None
        assert document not in [entry.payload["scope"].get("document") for entry in seen.entries_of_case("c_1")]


def test_a_blob_is_given_only_with_a_visible_document_that_names_it(tmp_path):
    with new_book(tmp_path / "b") as store:
        mine, secret = fill(store)
        seen = reader(store, "c_secret")
        assert seen.blob(mine, mine).startswith(b"original of")
        assert seen.blob(secret, secret) is None
        assert seen.blob(secret, mine) is None
        assert seen.blob("0" * 64, mine) is None


def test_the_log_leaves_out_what_touches_a_hidden_case_even_beside_a_visible_one(tmp_path):
    with new_book(tmp_path / "b") as store:
        fill(store)
        every = [entry.leaf.seq for entry in reader(store).log([], limit=100)]
        seen = [entry.leaf.seq for entry in reader(store, "c_secret").log([], limit=100)]
        assert every == list(range(10, -1, -1))
        # 3 is the case, 6 and 7 its document, 8 the decision that it is the same as c_1
        assert sorted(set(every) - set(seen)) == [3, 6, 7, 8]


def test_the_log_takes_conditions_and_a_limit(tmp_path):
    with new_book(tmp_path / "b") as store:
        fill(store)
        every = reader(store)
        assert [e.leaf.seq for e in every.log([Where("case_id", "=", "c_2")], limit=9)] == [10, 2]
        assert [e.leaf.seq for e in every.log([Where("kind", "=", "note.add")], limit=9)] == [9]
        assert [e.leaf.seq for e in every.log([], limit=2)] == [10, 9]


def test_a_word_query_gives_the_total_and_the_best_hits_with_marked_words(tmp_path):
    with new_book(tmp_path / "b") as store:
        fill(store)
        total, hits, _ = reader(store).match("texts", '"page"', limit=1)
        assert total == 2
        assert len(hits) == 1
        assert hits[0].snippet == "the \x02page\x03 of c_1"
        assert (hits[0].row["kind"], hits[0].row["page"], hits[0].row["case_id"]) == ("page", 1, "c_1")
        # 1 hit in a text of 5 words (c_1 is two), by hand: 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 5 / 250))
        assert hits[0].score == pytest.approx(2.2 / 1.318)
        assert reader(store).match("texts", '"page"', limit=5, where=[Where("case_id", "=", "c_1")])[0] == 1


@pytest.mark.parametrize(("query", "reason"), [
    ('"open', 'unterminated string'),
    ("AND", 'fts5: syntax error near "AND"'),
    ("nope:word", "no such column: nope"),
])  # fmt: skip
def test_a_query_that_the_index_refuses_is_the_users_to_mend(tmp_path, query, reason):
    with new_book(tmp_path / "b") as store, pytest.raises(InputError) as error:
        reader(store).match("texts", query, limit=5)
    assert str(error.value) == f"search: got {query!r}, want words and quoted phrases. The index says: {reason}."


@pytest.mark.parametrize("name", ["nope", "id", "rowid", 'case_id" FROM meta; --', "(SELECT value FROM meta)", "*", ""])
def test_no_column_name_reaches_sql_that_the_table_does_not_have(tmp_path, name):
    with new_book(tmp_path / "b") as store:
        seen = reader(store)
        known = "incident_id, incident_key"
        message = f"query over incidents: got {name!r}, want one of {known}. Use one of these names."
        for ask in (
            lambda: seen.select("incidents", [name]),
            lambda: seen.select("incidents", ["incident_id"], order=[f"-{name}"]),
            lambda: seen.select("incidents", ["incident_id"], [Where(name, "=", 1)]),
            lambda: seen.count("incidents", [Where(name, "=", 1)]),
        ):
            with pytest.raises(InputError) as error:
                ask()
            assert str(error.value) == message


@pytest.mark.parametrize("table", ["entry", "payload", "meta", "sqlite_schema", "cases; DROP TABLE cases"])
def test_only_tables_of_projections_can_be_asked(tmp_path, table):
    with new_book(tmp_path / "b") as store, pytest.raises(KeyError):
        reader(store).count(table)


def test_entries_of_a_case_are_checked_against_what_was_committed(tmp_path):
    with new_book(tmp_path / "b") as store:
        fill(store)
        assert [e.leaf.seq for e in reader(store).entries_of_case("c_2")] == [2, 10]
    sql = "UPDATE payload SET body = CAST(replace(CAST(body AS TEXT), 'barn', 'farm') AS BLOB)"
    message = (
        "entry 10: got a payload that is not the one committed to, want the payload whose digest stands in the entry. "
        "Stop working in this book, run `thaw verify`, and compare with the newest backup."
    )
    with opened(tmp_path / "b") as store:
        attack(tmp_path / "b", sql)
        for ask in (lambda: reader(store).entries_of_case("c_2"), lambda: reader(store).log([], limit=5)):
            with pytest.raises(TamperError) as error:
                ask()
            assert str(error.value) == message


def test_an_entry_whose_content_was_destroyed_is_still_there_without_it(tmp_path):
    with new_book(tmp_path / "b") as store:
        fill(store)
    attack(tmp_path / "b", "UPDATE payload SET body = NULL, salt = NULL, sealed_by = 9 WHERE seq = 2")
    with opened(tmp_path / "b") as store:
        found = reader(store).entries_of_case("c_2")
        assert [(e.leaf.seq, e.payload is None) for e in found] == [(2, True), (10, False)]


def test_a_reader_knows_which_entry_last_changed_a_projection(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        store.append(note())
        assert (reader(store).changed_seq("casebook"), reader(store).changed_seq("entry_index")) == (1, 2)


def test_many_hidden_cases_are_no_problem_for_a_query(tmp_path):
    with new_book(tmp_path / "b") as store:
        fill(store)
        assert reader(store, "c_secret", *[f"c_{n}" for n in range(50, 70_000)]).count("cases") == 2
