from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    add_document,
    attack,
    clock,
    dump,
    findings,
    missing,
    new_book,
    not_same,
    note,
    opened,
    prefer,
    projections,
    row,
    same,
    statement,
    ticking,
    withdraw,
)
from thaw.casebook import Casebook
from thaw.errors import TamperError
from thaw.store import EntryIndex, Table
from thaw.store.projection import iterate_entries

CASES = ["c_0", "c_1", "c_2", "c_3"]
ONE, TWO, SMALL = st.sampled_from(CASES), st.sampled_from(CASES), st.integers(0, 3)
WEAPONS = st.sampled_from(["11", "12", "20", "80"])
OPERATIONS = st.one_of(
    st.tuples(st.just("row"), ONE, WEAPONS),
    st.tuples(st.just("again"), ONE, WEAPONS),
    st.tuples(st.just("say"), ONE, WEAPONS),
    st.tuples(st.just("replace"), ONE, WEAPONS, SMALL),
    st.tuples(st.just("withdraw"), ONE, SMALL),
    st.tuples(st.just("prefer"), ONE, SMALL),
    st.tuples(st.just("same"), ONE, TWO),
    st.tuples(st.just("not_same"), ONE, TWO),
    st.tuples(st.just("missing"), ONE, TWO),
    st.tuples(st.just("document"), ONE, st.booleans()),
    st.tuples(st.just("fail"), ONE),
)


class Scribe:
    """Writes random but possible histories; knows what each case has said so far."""

    def __init__(self, store):
        self.store = store
        self.rows, self.said = {}, {}

    def write(self, operation):
        kind, case, *rest = operation
        if kind not in ("row", "document", "fail") and case not in self.rows:
            return
        if kind in ("same", "not_same", "missing") and (rest[0] not in self.rows or rest[0] == case):
            return
        getattr(self, kind)(case, *rest)

    def row(self, case, weapon):
        if case not in self.rows:
            self.rows[case] = self.store.append(row(case, {"weapon": weapon, "date": "1984-07"})).result[0]
            self.said[case] = [self.rows[case]]

    def again(self, case, weapon):
        said = {"weapon": weapon, "date": "1985", "narrative": f"row with {weapon}"}
        self.rows[case] = self.store.append(row(case, said, prev=self.rows[case])).result[0]
        self.said[case].append(self.rows[case])

    def say(self, case, weapon):
        self.said[case] += self.store.append(statement(case, {"weapon": weapon, "narrative": "said"})).result

    def replace(self, case, weapon, which):
        entry = self.said[case][which % len(self.said[case])]
        draft = statement(case, {"weapon": weapon}, kind="statement.supersede", prev=entry, index=0)
        self.said[case] += self.store.append(draft).result

    def withdraw(self, case, which):
        self.store.append(withdraw(case, self.said[case][which % len(self.said[case])], 0))

    def prefer(self, case, which):
        self.store.append(prefer(case, "weapon", self.said[case][which % len(self.said[case])], 0))

    def same(self, case, other):
        self.store.append(same(case, other))

    def not_same(self, case, other):
        self.store.append(not_same(case, other))

    def missing(self, case, other):
        self.store.append(missing(case, other))

    def document(self, case, known):
        add_document(self.store, [f"page about {case}", None], case_id=case if known else None)

    def fail(self, case):
        def plan(transaction):
            transaction.add(statement(case, {"weapon": "99"}) if case in self.rows else row(case))
            raise RuntimeError

        with pytest.raises(RuntimeError):
            self.store.commit(plan)


@settings(max_examples=30, deadline=None)
@given(st.lists(OPERATIONS, max_size=14), st.sampled_from([None, ["casebook"], ["words"], ["entry_index"]]))
def test_whatever_happened_a_rebuilt_book_answers_the_same(tmp_path_factory, operations, names):
    folder = tmp_path_factory.mktemp("book") / "b"
    with new_book(folder, clock=ticking()) as store:
        scribe = Scribe(store)
        for operation in operations:
            scribe.write(operation)
        before = dump(store)
        assert store.rebuild(names) == (names or ["entry_index", "casebook", "papers", "words"])
        rebuilt = dump(store)
        # By number and not by text: the entry of the rebuild is 10 before it is after 2.
        assert set(before.pop("entry_index")) <= set(rebuilt.pop("entry_index"))
        assert rebuilt == before
    assert findings(folder, everything=True) == []


def test_a_projection_with_another_version_is_rebuilt_when_the_book_is_opened(tmp_path):
    class Newer(Casebook):
        version = 99

    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        before = dump(store)
    attack(tmp_path / "b", "UPDATE cases SET weapon = 'old'")
    with opened(tmp_path / "b") as store:
        assert dump(store) != before
    with opened(tmp_path / "b", chosen=(Newer(), *projections()[1:])) as store:
        assert dump(store)["cases"] == before["cases"]
        # The rebuild is no secret: an entry names what was made anew, and by which version.
        (entry,) = [e for e in iterate_entries(store.reading_connection()) if e.leaf.kind == "projection.rebuild"]
        assert entry.payload["versions"] == {"casebook": 99}
        assert store.reading_connection().execute("SELECT version FROM projection WHERE name = 'casebook'").get == 99


def test_a_book_of_a_version_that_had_more_tables_is_opened_and_loses_them(tmp_path):
    class Older(Casebook):
        version = 8

        @property
        def tables(self):
            return (*Casebook().tables, Table("case_names", {"case_id": "text", "name": "text"}, ("case_id",)))

    there = "SELECT count(*) FROM sqlite_schema WHERE name = 'case_names'"
    with new_book(tmp_path / "b", chosen=(Older(), *projections()[1:])) as store:
        store.append(row("c_1"))
        assert store.reading_connection().execute(there).get == 1
    with opened(tmp_path / "b") as store:
        assert [kept[0] for kept in dump(store)["cases"]] == ["c_1"]
        assert store.reading_connection().execute(there).get == 0
    assert findings(tmp_path / "b", everything=True) == []
    # A table of that name in a book of today is one that somebody added.
    attack(tmp_path / "b", "CREATE TABLE case_names (x)")
    with pytest.raises(TamperError, match="the table case_names was added"), opened(tmp_path / "b"):
        pass


def test_a_projection_that_is_new_is_filled_when_the_book_is_opened(tmp_path):
    with new_book(tmp_path / "b", chosen=()) as store:
        store.append(row("c_1"))
    with opened(tmp_path / "b") as store:
        assert [kept[0] for kept in dump(store)["cases"]] == ["c_1"]


def test_a_payload_that_was_slipped_in_never_becomes_a_view(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        before = dump(store)
    sql = "UPDATE payload SET body = CAST(replace(CAST(body AS TEXT), '\"80\"', '\"20\"') AS BLOB)"
    message = (
        "entry 1: got a payload that is not the one committed to, want the payload whose digest stands in the entry. "
        "Stop working in this book, run `thaw verify`, and compare with the newest backup."
    )
    with opened(tmp_path / "b") as store:
        attack(tmp_path / "b", sql)
        for change in (store.rebuild, lambda: store.append(statement("c_1", {"weapon": "11"}))):
            with pytest.raises(TamperError) as error:
                change()
            assert str(error.value) == message
        assert dump(store) == before
        assert store.size() == 2


def test_an_entry_without_bytes_is_tampered(tmp_path):
    from thaw.store.projection import checked_entry

    with pytest.raises(TamperError) as error:
        checked_entry(7, None, b"", b"")
    assert str(error.value) == (
        "entry 7: got no bytes, want the bytes that were hashed. "
        "Stop working in this book, run `thaw verify`, and compare with the newest backup."
    )


def test_only_a_projection_that_changed_says_so(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        store.append(note(), note())
        changed = dict(store.reading_connection().execute("SELECT name, changed_seq FROM projection").fetchall())
    assert changed == {"entry_index": 3, "casebook": 1, "papers": -1, "words": 3}  # the words of a note are searched


class Shelf:
    """A small projection of its own, to try what rows can do."""

    name = "shelf"
    version = 1
    tables = (Table("shelf", {"name": "text", "words": "text"}, key=("name",), full_text=("words",)),
              Table("pairs", {"one": "integer", "other": "text"}, key=("one", "other")))  # fmt: skip

    def apply(self, entry, rows):
        pass


def on_shelf(tmp_path, work):
    """What `work(rows)` returns inside one transaction, and the book's rows after it."""
    with new_book(tmp_path / "b", chosen=(Shelf(),)) as store:
        result = store.commit(lambda t: work(t.rows)).result
        return SimpleNamespace(result=result, rows=dump(store))


def test_a_row_put_twice_is_one_row_with_the_last_words_findable(tmp_path):
    def work(rows):
        rows.put("shelf", {"name": "a", "words": "first"})
        rows.put("shelf", {"name": "a", "words": "second"})
        rows.flush()
        sql = "SELECT rowid FROM shelf_words WHERE shelf_words MATCH ?"
        return [rows._db.execute(sql, (word,)).fetchall() for word in ("first", "second")]

    found = on_shelf(tmp_path, work)
    assert found.rows["shelf"] == [(1, "a", "second", None, None, None, None, None)]
    assert found.result == [[], [(1,)]]


def test_rows_that_wait_are_seen_by_the_next_read(tmp_path):
    def work(rows):
        rows.put("pairs", {"one": 1, "other": "x"})
        return rows.get("pairs", [1, "x"]), rows.find("pairs", {"other": None}), rows.get("pairs", [2, "x"])

    got, none, absent = on_shelf(tmp_path, work).result
    assert (got["one"], got["other"], got["case_id"]) == (1, "x", None)
    assert (none, absent) == ([], None)


def test_a_removed_row_is_gone_and_removing_nothing_is_no_error(tmp_path):
    def work(rows):
        rows.add("shelf", {"name": "a", "words": "x"})
        rows.remove("shelf", ["a"])
        rows.remove("shelf", ["b"])
        rows.remove("pairs", [1, "x"])

    assert on_shelf(tmp_path, work).rows["shelf"] == []


def test_many_keys_are_read_in_one_go_and_absent_ones_left_out(tmp_path):
    def work(rows):
        for i in range(1200):
            rows.add("shelf", {"name": f"n{i}", "words": ""})
        found = rows.get_many("shelf", [f"n{i}" for i in range(0, 2400, 2)])
        return len(found), found["n8"]["name"], "n1300" in found

    assert on_shelf(tmp_path, work).result == (600, "n8", False)


def test_a_scan_gives_chosen_columns_of_matching_rows(tmp_path):
    def work(rows):
        for i in range(3):
            rows.put("pairs", {"one": i, "other": "x" if i else None})
        return sorted(rows.scan("pairs", ["one"], {"other": "x"})), list(rows.scan("pairs", ["one"], {"other": None}))

    assert on_shelf(tmp_path, work).result == ([(1,), (2,)], [(0,)])


def test_a_plan_reads_entries_that_it_has_just_added(tmp_path):
    with new_book(tmp_path / "b", clock=clock) as store:

        def plan(transaction):
            seq = transaction.add(row("c_1"))
            return transaction.rows.entry(seq).payload["source_key"], [
                entry.leaf.seq for entry in transaction.rows.entries_of_case("c_1")
            ]

        assert store.commit(plan).result == ("invented:c_1", [1])


def test_an_entry_is_indexed_under_each_case_of_its_scope(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(note(), note(scope={"case": "c_1", "box": "b_1", "section": "s_1", "sensitivity": "high"}))
        store.append(note(scope={"case": ["c_1", "c_2"], "document": "d_1"}))
        columns = ["seq", "n", *EntryIndex.tables[0].all_columns[-5:]]
        sql = f"SELECT {', '.join(columns)} FROM entry_index WHERE seq > 0 ORDER BY seq, n"
        assert store.reading_connection().execute(sql).fetchall() == [
            (1, 0, None, None, None, None, None),
            (2, 0, "c_1", "b_1", None, "s_1", "high"),
            (3, 0, "c_1", None, "d_1", None, None),
            (3, 1, "c_2", None, "d_1", None, None),
        ]
