from __future__ import annotations

import apsw
import pytest

from thaw.store import Table, Where
from thaw.store.table import SCOPE, where_sql

SHELF = Table("shelf", {"name": "text", "size": "real", "n": "integer", "case_id": "text"}, ("name",), (("n", "size"),))


def found(*conditions):
    db = apsw.Connection(":memory:")
    db.execute(SHELF.create_sql())
    rows = [("a", 1.5, 1, "c_1"), ("B", 2.5, 2, "c_2"), ("c", None, 3, None), ("'; DROP TABLE shelf; --", 4, 4, "c_1")]
    db.executemany("INSERT INTO shelf (name, size, n, case_id) VALUES (?, ?, ?, ?)", rows)
    terms, parameters = where_sql(SHELF, conditions)
    sql = f"SELECT n FROM shelf WHERE {' AND '.join(terms) or '1'} ORDER BY n"
    return [n for (n,) in db.execute(sql, tuple(parameters))]


@pytest.mark.parametrize(("condition", "expected"), [
    (Where("name", "=", "a"), [1]),
    (Where("name", "=", "A"), []),
    (Where("name", "same", "b"), [2]),
    (Where("name", "<>", "a"), [2, 3, 4]),
    (Where("size", "<=", 2.5), [1, 2]),
    (Where("size", ">=", 2.5), [2, 4]),
    (Where("size", "same", "1.5"), [1]),
    (Where("size", "unknown"), [3]),
    (Where("size", "known"), [1, 2, 4]),
    (Where("name", "in", ["a", "B", "zzz"]), [1, 2]),
    (Where("n", "in", (2, 3)), [2, 3]),
    (Where("name", "in", []), []),
    (Where("name", "not in", ["a"]), [2, 3, 4]),
    (Where("name", "not in", []), [1, 2, 3, 4]),
    (Where("name", "=", "'; DROP TABLE shelf; --"), [4]),
    (Where("name", "in", ["'; DROP TABLE shelf; --", '"]}']), [4]),
])  # fmt: skip
def test_a_condition_finds_what_it_says(condition, expected):
    assert found(condition) == expected


def test_all_conditions_must_be_met():
    assert found(Where("case_id", "=", "c_1"), Where("size", "<=", 2)) == [1]
    assert found() == [1, 2, 3, 4]


def test_a_list_may_be_longer_than_sqlite_takes_parameters():
    assert found(Where("n", "in", range(40_000))) == [1, 2, 3, 4]


@pytest.mark.parametrize("column", ["id", "nope", 'name" = 1 OR "1', "rowid"])
def test_a_column_that_the_table_does_not_have_never_reaches_sql(column):
    with pytest.raises(KeyError):
        where_sql(SHELF, [Where(column, "=", 1)])


@pytest.mark.parametrize("operator", ["like", ">", "IS", "= 1 OR 1 =", ""])
def test_an_operator_that_is_not_in_the_list_never_reaches_sql(operator):
    with pytest.raises(KeyError):
        where_sql(SHELF, [Where("name", operator, 1)])


def test_every_row_carries_the_ids_that_grants_and_sealing_look_for():
    assert SHELF.all_columns == ("name", "size", "n", "case_id", "box_id", "document_id", "section", "sensitivity")
    assert set(SCOPE) <= set(SHELF.all_columns)


def test_the_sql_of_a_table_is_this():
    # Older books were made with it: a change needs a new version of every projection.
    table = Table("t", {"a": "text", "n": "integer"}, ("a", "n"), (("n",),), ("a",))
    assert table.create_sql() == (
        'CREATE TABLE "t" (id INTEGER PRIMARY KEY, "a" TEXT, "n" INTEGER, "case_id" TEXT, "box_id" TEXT, '
        '"document_id" TEXT, "section" TEXT, "sensitivity" TEXT, UNIQUE ("a", "n")) STRICT;\n'
        'CREATE INDEX "t_0" ON "t" ("n") WHERE "n" IS NOT NULL;\n'
        'CREATE VIRTUAL TABLE "t_words" USING fts5("a", content="t", content_rowid=id, '
        "tokenize='unicode61 remove_diacritics 2');\n"
        'INSERT INTO "t_words" ("t_words", rank) VALUES (\'secure-delete\', 1)'
    )
    assert table.insert_of(("a", "case_id")) == ('INSERT INTO "t" ("id", "a", "case_id") VALUES (?, ?, ?)', None)
    sql, pick = SHELF.insert_of(("size", "no_such_column", "name"))
    assert sql == 'INSERT OR REPLACE INTO "shelf" ("size", "name") VALUES (?, ?)'
    assert pick is not None
    assert pick((3, "x", "a")) == (3, "a")
    assert table.drop_sql() == 'DROP TABLE IF EXISTS "t_words"; DROP TABLE IF EXISTS "t"'
    assert SHELF.drop_sql() == 'DROP TABLE IF EXISTS "shelf"'


def test_an_index_serves_a_query_for_a_known_value():
    db = apsw.Connection(":memory:")
    db.execute(SHELF.create_sql())
    plan = db.execute('EXPLAIN QUERY PLAN SELECT name FROM shelf WHERE "n" = ?', (1,)).fetchall()
    assert "USING INDEX shelf_0" in str(plan)
