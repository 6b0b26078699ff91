"""Somebody who changes no row but what the rows mean: views, triggers, tables and formats of the database."""

from __future__ import annotations

import threading
from contextlib import closing

import apsw
import pytest

from builders import KEY, add_document, attack, clock, findings, new_book, note, opened, projections, row, verify
from thaw.casebook import Casebook
from thaw.errors import InputError, TamperError
from thaw.ledger import SigningKey
from thaw.store import DATABASE, Store

GUARDS = ["checkpoint_kept", "checkpoint_stays", "entry_kept", "entry_stays", "payload_kept"]
WANT = "want the tables, indexes, views and triggers that Thaw made"
FIX = "Stop working in this book, run `thaw verify`, and compare with the newest backup."


@pytest.fixture
def book(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"), row("c_2"), note())
        add_document(store, ["words on an invented page"], case_id="c_1")
    return tmp_path / "b"


def declare(book, *sql, writable=False):
    """Change what the database declares, and leave the guards as they are."""
    with closing(apsw.Connection(str(book / DATABASE))) as db:
        db.execute(f"PRAGMA writable_schema={'ON' if writable else 'OFF'}")
        for one in sql:
            db.execute(one)


def schema_findings(book):
    return [found.detail for found in verify(book).findings if found.kind == "schema-changed"]


def refusal(book, **more):
    with pytest.raises(TamperError) as error:
        Store.open(book, KEY, projections(), lambda: None, **more)
    return str(error.value)


@pytest.mark.parametrize(("sql", "change"), [
    *[(f"DROP TRIGGER {name}", f"the trigger {name} is missing") for name in GUARDS],
    ("CREATE INDEX zz ON cases (title)", "the index zz was added"),
    ("CREATE TABLE zz (a)", "the table zz was added"),
    ("CREATE VIEW zz AS SELECT * FROM cases", "the view zz was added"),
    ("CREATE TRIGGER zz AFTER INSERT ON entry BEGIN DELETE FROM entry_index WHERE actor = 'x'; END",
     "the trigger zz was added"),
    ("CREATE TRIGGER zz BEFORE INSERT ON cases BEGIN SELECT RAISE(IGNORE); END", "the trigger zz was added"),
    ("DROP INDEX cases_0", "the index cases_0 is missing"),
    ("DROP TABLE texts_words", "the table texts_words is missing"),
    ("ALTER TABLE tile RENAME TO tiles", "the table tile is missing"),
    ("ALTER TABLE cases ADD COLUMN zz TEXT", "the table cases was changed"),
    ("PRAGMA user_version=0", "the format number is 0"),
    ("PRAGMA user_version=9", "the format number is 9"),
    ("PRAGMA application_id=5", "the program number is 0x5"),
])  # fmt: skip
def test_whatever_is_declared_otherwise_is_a_finding_in_a_plain_verification(book, sql, change):
    declare(book, sql)
    assert f"In the database {change}; Thaw did not do that." in schema_findings(book)
    assert verify(book).status == "tampered"


@pytest.mark.parametrize(("name", "old", "new"), [
    ("entry", "CHECK (seq >= 0)", ""), ("payload", "CHECK (scheme = 0)", ""), ("meta", ") STRICT", ")"),
    ("cases", ") STRICT", ")"), ("entry_stays", "BEFORE UPDATE", "BEFORE  UPDATE"), ("cases_0", "NOT NULL", "NULL"),
    ("texts_words", "unicode61", "ascii"), ("texts_words_data", "block", "blocks"),
])  # fmt: skip
def test_a_declaration_with_other_words_is_found_and_the_book_is_not_opened(book, name, old, new):
    sql = f"UPDATE sqlite_schema SET sql = replace(sql, '{old}', '{new}') WHERE name = '{name}'"
    with closing(apsw.Connection(str(book / DATABASE))) as db:
        kind = db.execute("SELECT type FROM sqlite_schema WHERE name = ?", (name,)).get
    declare(book, sql, writable=True)
    assert schema_findings(book) == [f"In the database the {kind} {name} was changed; Thaw did not do that."]
    assert refusal(book) == f"{book}: got a database in which the {kind} {name} was changed, {WANT}. {FIX}"


def test_a_view_in_the_place_of_a_table_is_found_and_the_book_is_not_opened(book):
    declare(book, "ALTER TABLE cases RENAME TO cases_r", "CREATE VIEW cases AS SELECT * FROM cases_r WHERE 0")
    found = schema_findings(book)
    for change in ("the table cases is missing", "the table cases_r was added", "the view cases was added"):
        assert f"In the database {change}; Thaw did not do that." in found
    assert refusal(book) == f"{book}: got a database in which the index cases_0 was changed, {WANT}. {FIX}"
    assert refusal(book, repair=True) == f"{book}: got a database in which the index cases_0 was added, {WANT}. {FIX}"


def test_an_object_that_is_declared_twice_is_found(book):
    declare(book, "INSERT INTO sqlite_schema SELECT * FROM sqlite_schema WHERE name = 'entry_kept'", writable=True)
    assert verify(book).status == "tampered"


def test_what_the_query_planner_keeps_for_itself_is_no_change(book):
    declare(book, "ANALYZE")
    assert findings(book, everything=True) == []
    with opened(book) as store:
        assert store.size() == 6


def test_a_book_of_a_newer_format_is_said_to_be_unchecked_not_tampered(book):
    declare(book, "CREATE TABLE later (a)", "PRAGMA user_version=2")
    found = verify(book)
    assert found.status == "incomplete"
    assert [one.detail for one in found.findings] == [
        "The database is of format 2, which a newer Thaw wrote; its tables were not compared."
    ]


def test_a_format_number_that_was_set_back_is_no_reason_to_migrate_anew(book):
    declare(book, "PRAGMA user_version=0")
    assert refusal(book) == f"{book}: got a database in which the format number is 0, {WANT}. {FIX}"


def test_tables_that_another_version_made_are_left_out_but_not_what_hangs_on_them(book):
    class Newer(Casebook):
        version = 99

    declare(book, "ALTER TABLE cases ADD COLUMN old TEXT")
    chosen = (Newer(), *projections()[1:])
    assert findings(book, projections=chosen) == []
    declare(book, "CREATE TRIGGER zz AFTER INSERT ON entry BEGIN DELETE FROM cases; END")
    assert findings(book, projections=chosen) == [("schema-changed", None)]
    declare(book, "DROP TRIGGER zz", "CREATE TRIGGER zz BEFORE INSERT ON cases BEGIN SELECT RAISE(IGNORE); END")
    assert findings(book, projections=chosen) == [("schema-changed", None)]
    declare(book, "DROP TRIGGER zz")
    with opened(book, chosen=chosen):
        pass
    assert findings(book, projections=chosen, everything=True) == []


SWALLOW = {
    "entry": "instr(NEW.leaf, CAST('access.' AS BLOB))",
    "payload": "instr(NEW.body, CAST('secret look' AS BLOB))",
    "checkpoint": "NEW.size > 6",
}
NOT_KEPT = (
    "got a database that did not keep the entries as they were written, want every entry, its content and its "
    "checkpoint. Nothing was written. " + FIX
)


@pytest.mark.parametrize("tables", [["entry"], ["payload"], ["checkpoint"], ["entry", "payload", "checkpoint"]])
def test_a_look_whose_entry_a_trigger_swallows_is_refused(book, monkeypatch, tables):
    from thaw.store import Draft

    look = Draft("access.read", "a_1", {"purpose": "secret look"})
    with opened(book) as store:
        monkeypatch.setattr("thaw.store.writer.check_schema", lambda *_, **__: None)
        for table in tables:
            declare(book, f"CREATE TRIGGER zz_{table} BEFORE INSERT ON {table} WHEN {SWALLOW[table]} "
                          "BEGIN SELECT RAISE(IGNORE); END")  # fmt: skip
        store._db.execute("PRAGMA foreign_keys=OFF")
        with pytest.raises(TamperError) as error:
            store.append(look)
        assert str(error.value) == f"{book}: {NOT_KEPT}"
        with pytest.raises(TamperError, match="did not keep"):
            # In the middle of a commit as well.
            store.append(note(), look, note())
        assert store.size() == 6
    for table in tables:
        declare(book, f"DROP TRIGGER zz_{table}")
    assert findings(book, everything=True) == []


def test_a_trigger_that_is_added_while_the_book_is_open_stops_the_next_commit(book):
    with opened(book) as store:
        store.append(note())
        declare(book, "CREATE TRIGGER zz BEFORE INSERT ON entry_index BEGIN SELECT RAISE(IGNORE); END")
        with pytest.raises(TamperError) as error:
            store.append(note())
        assert str(error.value) == f"{book}: got a database in which the trigger zz was added, {WANT}. {FIX}"
        declare(book, "DROP TRIGGER zz")
        assert store.append(note()).result == [7]


def test_a_log_key_of_the_same_name_is_not_the_log_key(book):
    other = SigningKey(KEY.name, b"o" * 32)
    with pytest.raises(InputError) as error:
        Store.open(book, other, projections(), lambda: None)
    assert str(error.value) == (
        f"{book}: got a log key with the public key {other.verifier.vkey}, want the log key with the public key "
        f"{KEY.verifier.vkey}. Name the right key file in casebook.toml."
    )


def test_a_public_key_of_the_same_name_is_not_that_of_the_book(book):
    from thaw.store import verify_book

    other = SigningKey(KEY.name, b"o" * 32).verifier
    found = verify_book(book, verifier=other, projections=projections())
    assert [one.detail for one in found.findings if one.kind == "book-facts"] == [
        f"Entry 0 names the public key {KEY.verifier.vkey}, the check was made with {other.vkey}."
    ]


def test_a_book_without_its_first_content_is_not_opened(book):
    attack(book, "UPDATE payload SET body = x'7b7d' WHERE seq = 0")
    assert refusal(book) == (
        f"{book}: got a first entry that does not say what book it is, want the first entry with its content. {FIX}"
    )


def test_a_projections_row_that_is_gone_is_a_finding_and_never_a_rebuild_in_silence(book):
    attack(book, "DELETE FROM projection WHERE name = 'casebook'", "UPDATE cases SET title = 'forged'")
    details = [one.detail for one in verify(book, everything=True).findings]
    assert "The row that describes the tables of casebook is gone; `thaw rebuild` makes them anew." in details
    assert any(detail.startswith("A row of cases was changed or added") for detail in details)
    assert refusal(book) == (
        f"{book}: got tables of casebook without the row that says which version made them, want the row of casebook. "
        "Keep a copy of the file, run `thaw verify --all`, then make the tables anew with `thaw rebuild`."
    )
    with closing(Store.open(book, KEY, projections(), clock, repair=True)) as store:
        store.rebuild()
    assert findings(book, everything=True) == []


def test_a_projections_row_that_nobody_knows_is_a_finding_that_a_rebuild_mends(book):
    attack(book, "INSERT INTO projection VALUES ('zz', 1, 1)")
    assert [one.detail for one in verify(book, everything=True).findings] == [
        "The row that describes the tables of zz was added; `thaw rebuild` makes them anew."
    ]
    with opened(book) as store:
        store.rebuild()
    assert findings(book, everything=True) == []


@pytest.mark.parametrize("sql", ["changed_seq = 0", "changed_seq = 1", "changed_seq = 999999", "changed_seq = -1"])
def test_a_projection_that_names_another_last_change_is_a_finding_that_a_rebuild_mends(book, sql):
    attack(book, f"UPDATE projection SET {sql} WHERE name = 'casebook'")
    with opened(book) as store:
        store.append(note())
    detail = (
        "The row that describes the tables of casebook names another entry than the last one that changed them; "
        "`thaw rebuild` makes them anew."
    )
    assert [one.detail for one in verify(book, everything=True).findings] == [detail]
    with opened(book) as store:
        store.rebuild()
    assert findings(book, everything=True) == []


def test_a_changed_table_is_repaired_by_a_rebuild(book):
    declare(book, "DROP INDEX cases_0", "CREATE TRIGGER zz BEFORE INSERT ON cases BEGIN SELECT RAISE(IGNORE); END")
    with closing(Store.open(book, KEY, projections(), clock, repair=True)) as store:
        store.rebuild()
    assert findings(book, everything=True) == []


def test_a_book_verifies_while_others_write_without_pause(book):
    stop, sizes = threading.Event(), []
    with opened(book) as store:

        def work():
            while not stop.is_set():
                store.append(note(much="x" * 3000))

        thread = threading.Thread(target=work)
        thread.start()
        try:
            for _ in range(15):
                found = verify(book)
                assert found.findings == ()
                sizes.append(found.entries)
        finally:
            stop.set()
            thread.join()
    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 1
