"""Somebody with the file and a copy of SQLite: whatever is changed, verification names it."""

from __future__ import annotations

import errno
import os
import random
import shutil
from functools import cache
from pathlib import Path

import apsw
import pytest

from builders import (
    CLERK,
    KEY,
    ORIGIN,
    WOMAN,
    add_document,
    attack,
    findings,
    incident_row,
    new_book,
    note,
    projections,
    register_row,
    row,
    same,
    statement,
    ticking,
    verify,
)
from thaw.casebook import Casebook
from thaw.errors import ThawError
from thaw.ledger import Checkpoint, SigningKey, TileTree, leaf_hash, open_checkpoint, sign_checkpoint
from thaw.store import DATABASE, Draft, EntryIndex, newest_checkpoint

FLIP = "CAST(x'{:02x}' || substr({}, 2) AS BLOB)"


@cache
def master(folder):
    """One honest book with something in every table; each test attacks its own copy."""
    book = folder / "honest"
    with new_book(book, clock=ticking()) as store:
        incident = {"incident": {"id": "i_1", "key": "invented/1"}}
        first = store.append(
            row("c_1", **incident), row("c_2", {**WOMAN, "victim.name": "Ada Example"}, **incident)
        ).result[0]
        store.append(row("c_1", {**WOMAN, "weapon": "20"}, prev=first, **incident))
        store.append(statement("c_2", {"narrative": "an invented canal", "title": "An invented case"}))
        store.append(same("c_1", "c_2"))
        document = add_document(store, ["words on an invented page", None], case_id="c_1")
        paper = {"scope": {"document": document, "case": "c_1", "box": "b_1"}, "file": "a.txt"}
        layer = store.blobs.put(b'{"pages":[]}' + b" " * 2000)
        prints = [[1, "0" * 256]]
        read = {"layer": layer, "blobs": [layer], "engine": "invented 2", "pages": 2, "without_text": [2]}
        mention = {"kind": "phone", "text": "555-0101", "start": 0, "end": 8}
        store.append(
            Draft("box.create", CLERK.id, {"scope": {"box": "b_1", "case": "c_1"}, "label": "Box 1"}),
            Draft("document.read", CLERK.id, paper | read | {"first_page": 1, "last_page": 2, "prints": prints}),
            Draft("mention.extract", CLERK.id, paper | {"page": 1, "text_seq": 8, "mentions": [mention]}),
            Draft("config.change", CLERK.id, {"setting": "queue.paused", "value": True}),
            register_row("p_1"),
            incident_row("i_2"),
            *[note(i) for i in range(254)],
        )
    return book


@pytest.fixture
def book(tmp_path, tmp_path_factory):
    copy = tmp_path / "b"
    shutil.copytree(master(tmp_path_factory.getbasetemp()), copy)
    return copy


def test_the_honest_book_is_ok(book):
    found = verify(book, everything=True)
    assert (found.status, found.entries, found.findings) == ("ok", 268, ())


@pytest.mark.parametrize(("sql", "expected"), [
    # one byte
    ("UPDATE entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'a_clerk', 'a_clerc') AS BLOB) WHERE seq = 5",
     [("tile-mismatch", 5)]),
    ("UPDATE payload SET body = CAST(replace(CAST(body AS TEXT), 'canal', 'canel') AS BLOB) WHERE seq = 4",
     [("commitment-mismatch", 4)]),
    ("UPDATE payload SET salt = zeroblob(32) WHERE seq = 4", [("commitment-mismatch", 4)]),
    ("UPDATE payload SET scheme = 1 WHERE seq = 4", [("commitment-mismatch", 4)]),
    ("UPDATE payload SET sealed_by = 200 WHERE seq = 4", [("seal-unbacked", 4)]),
    ("UPDATE payload SET sealed_by = 4 WHERE seq = 4", [("seal-unbacked", 4)]),
    ("UPDATE payload SET body = NULL, salt = NULL WHERE seq = 4", [("payload-missing", 4)]),
    ("UPDATE payload SET body = NULL, salt = NULL, sealed_by = 9 WHERE seq = 4", [("seal-unbacked", 4)]),
    ("UPDATE tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE level = 0 AND number = 0",
     [("tile-mismatch", 0)]),
    ("UPDATE tile SET hashes = zeroblob(32) WHERE level = 1", [("tile-mismatch", 0)]),
    ("UPDATE tile SET number = 7 WHERE level = 1", [("tile-missing", 0), ("tile-extra", None)]),
    ("UPDATE checkpoint SET note = replace(note, char(10) || '3' || char(10), char(10) || '4' || char(10)) "
     "WHERE size = 3", [("checkpoint-signature", 2)]),
    ("UPDATE checkpoint SET note = 'gone' WHERE size = 3", [("checkpoint-malformed", 2)]),
    ("UPDATE meta SET value = zeroblob(32) WHERE name = 'secret'", [("book-facts", 0)]),
    ("UPDATE meta SET value = CAST('demo' AS BLOB) WHERE name = 'kind'", [("book-facts", 0)]),
    ("UPDATE meta SET value = CAST('invented.example/other' AS BLOB) WHERE name = 'origin'", [("book-facts", 0)]),
    # one row less
    ("DELETE FROM payload WHERE seq = 4", [("payload-missing", 4)]),
    ("DELETE FROM payload WHERE seq = 0", [("payload-missing", 0), ("book-facts", 0)]),
    ("DELETE FROM entry WHERE seq = 267", [("payload-stray", 267), ("checkpoint-beyond-tree", 267)]),
    ("DELETE FROM tile WHERE level = 1", [("tile-missing", 0)]),
    ("DELETE FROM checkpoint WHERE size = 268", [("checkpoint-missing", 8)]),
    ("DELETE FROM meta WHERE name = 'secret'", [("book-facts", 0)]),
    ("DELETE FROM meta WHERE name = 'kind'", [("book-facts", 0)]),
    ("DELETE FROM meta", [("book-facts", 0)] * 3),
    # one row more
    ("INSERT INTO payload (seq, salt, body) VALUES (900, zeroblob(32), x'7b7d')", [("payload-stray", 900)]),
    ("INSERT INTO tile VALUES (0, 9, zeroblob(32))", [("tile-extra", None)]),
    ("INSERT INTO tile VALUES (2, 0, zeroblob(32))", [("tile-extra", None)]),
    ("INSERT INTO checkpoint SELECT 269, note FROM checkpoint WHERE size = 268",
     [("checkpoint-size", 268), ("checkpoint-beyond-tree", 268)]),
    ("INSERT INTO checkpoint SELECT 2, note FROM checkpoint WHERE size = 268", [("checkpoint-size", 1)]),
])  # fmt: skip
def test_a_change_of_the_ledgers_tables_is_named(book, sql, expected):
    attack(book, sql)
    found = findings(book)
    assert verify(book).status == "tampered"
    for one in expected:
        assert one in found, found
    # Nothing else is accused but the signed roots that the change makes wrong.
    assert {kind for kind, _ in found} - {kind for kind, _ in expected} <= {"checkpoint-root", "tile-extra"}


def test_a_missing_entry_in_the_middle_is_named_and_the_rest_still_checked(book):
    attack(book, "DELETE FROM entry WHERE seq = 5", "UPDATE payload SET salt = zeroblob(32) WHERE seq = 9")
    assert ("leaf-missing", 5) in findings(book)
    assert ("commitment-mismatch", 9) in findings(book)


def test_an_entry_of_another_kind_in_the_first_place_is_named(book):
    attack(book, "UPDATE entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'book.create', 'note.add') AS BLOB) "
                 "WHERE seq = 0")  # fmt: skip
    assert ("book-facts", 0) in findings(book)
    assert ("tile-mismatch", 0) in findings(book)


def test_an_emptied_book_is_no_honest_book(book):
    attack(book, *[f"DELETE FROM {table}" for table in ("payload", "entry", "tile", "checkpoint", "meta")])
    assert findings(book) == [("book-facts", 0)]


def test_any_bit_of_any_entry_payload_or_salt_matters(book):
    rng = random.Random(7)
    for table, column in (("entry", "leaf"), ("payload", "body"), ("payload", "salt")):
        db = apsw.Connection(str(book / DATABASE))
        seq = rng.randrange(268)
        data = bytearray(db.execute(f"SELECT {column} FROM {table} WHERE seq = {seq}").get)
        db.close()
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        attack(book, f"UPDATE {table} SET {column} = ? WHERE seq = {seq}", parameters=[bytes(data)])
        assert seq in [found for _, found in findings(book)]


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("value", ["NULL", "5", "'text'", "x''", "x'ff'", "CAST(x'c328' AS TEXT)"])
@pytest.mark.parametrize("cell", ["entry.leaf", "payload.body", "payload.salt", "payload.sealed_by", "tile.hashes",
                                  "checkpoint.note", "meta.value", "cases.title"])  # fmt: skip
def test_a_cell_of_another_type_is_a_finding_not_a_crash(book, cell, value, everything):
    table, column = cell.split(".")
    rid = {"entry": "seq = 0", "payload": "seq = 0", "checkpoint": "size = 268"}.get(table, "1")
    db = apsw.Connection(str(book / DATABASE))
    # The declared types stand in the schema, which the attacker can write as well.
    db.execute("PRAGMA writable_schema=ON")
    db.execute(
        "UPDATE sqlite_schema SET sql = replace(replace(sql, ') STRICT', ')'), 'NOT NULL', '') WHERE name = ?",
        [table],
    )
    db.close()
    attack(book, f"UPDATE {table} SET {column} = {value} WHERE {rid}")
    if cell == "payload.sealed_by" and value == "NULL":
        return
    found = verify(book, everything=everything)
    assert found.status == "tampered"


TABLES = [table for projection in (EntryIndex(), *projections()) for table in projection.tables]
CELLS = [(table, column) for table in TABLES for column in table.all_columns]


def is_empty(book, table):
    db = apsw.Connection(str(book / DATABASE))
    found = db.execute(f'SELECT 1 FROM "{table.name}"').get
    db.close()
    return found is None


@pytest.mark.parametrize(("table", "column"), CELLS, ids=[f"{t.name}.{c}" for t, c in CELLS])
def test_every_column_of_every_projection_is_compared(book, table, column):
    kind = table.columns.get(column, "text")
    value = {"text": "'changed'", "integer": "987654", "real": "98.5", "blob": "x'00'"}[kind]
    if is_empty(book, table):
        # The honest book has no such row: one that is planted must be found by each of its columns.
        columns = dict.fromkeys((*table.key, column))
        kinds = {"text": "'x'", "integer": "987654", "real": "98.5", "blob": "x'00'"}
        values = [kinds[table.columns.get(name, "text")] for name in columns]
        names = ", ".join(f'"{name}"' for name in columns)
        attack(book, f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join(values)})')
    else:
        where = f'rowid = (SELECT max(rowid) FROM "{table.name}")'
        attack(book, f'UPDATE "{table.name}" SET "{column}" = {value} WHERE {where}')
    assert set(findings(book, everything=True)) == {("projection-mismatch", None)}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_that_is_gone_or_too_many_is_found_in_every_projection(book, table):
    key = ", ".join(f'"{column}"' for column in table.key)
    values = ", ".join("987654" if table.columns[c] == "integer" else "'x'" for c in table.key)
    attack(book, f'INSERT INTO "{table.name}" ({key}) VALUES ({values})')
    assert set(findings(book, everything=True)) == {("projection-mismatch", None)}
    attack(book, f'DELETE FROM "{table.name}" WHERE "{table.key[0]}" = {values.split(",")[0]}')
    assert findings(book, everything=True) == []
    if is_empty(book, table):
        return
    attack(book, f'DELETE FROM "{table.name}" WHERE rowid = (SELECT min(rowid) FROM "{table.name}")')
    assert set(findings(book, everything=True)) == {("projection-mismatch", None)}


def test_the_finding_shows_the_row_and_what_to_do(book):
    attack(book, "UPDATE cases SET weapon = '99' WHERE case_id = 'c_1'")
    details = [found.detail for found in verify(book, everything=True).findings]
    assert details == [
        "A row of cases was changed or added outside the ledger (case_id='c_1'); `thaw rebuild` makes it anew.",
        "A row of cases was changed or missing outside the ledger (case_id='c_1'); `thaw rebuild` makes it anew.",
    ]


@pytest.mark.parametrize("sql", [
    "INSERT INTO texts_words (texts_words, rowid, body) SELECT 'delete', id, body FROM texts WHERE kind = 'page'",
    "INSERT INTO texts_words (rowid, body) VALUES (1, 'planted words')",
    "INSERT INTO texts_words (texts_words) VALUES ('delete-all')",
    "DELETE FROM texts_words_docsize WHERE id = (SELECT max(id) FROM texts_words_docsize)",
    "UPDATE texts_words_docsize SET sz = x'7f' WHERE id = (SELECT max(id) FROM texts_words_docsize)",
    "UPDATE texts_words_config SET v = 7 WHERE k = 'secure-delete'",
    "UPDATE texts_words_data SET block = x'0903' WHERE id = 1",
    "UPDATE texts_words_data SET block = zeroblob(length(block)) WHERE id > 10",
    "DELETE FROM texts_words_data WHERE id > 10",
])  # fmt: skip
def test_a_word_index_that_says_something_else_is_found(book, sql):
    attack(book, sql)
    found = verify(book, everything=True)
    assert found.status == "tampered"
    assert {kind for kind, _, _ in found.findings} <= {"projection-mismatch", "database-damaged"}


def test_a_row_hidden_in_an_index_alone_is_found(book):
    db = apsw.Connection(str(book / DATABASE))
    db.execute("PRAGMA writable_schema=ON")
    # The index is declared over fewer rows than it was made for: what it now lacks, queries by it no longer find.
    db.execute("UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'texts_1') "
               "WHERE name = 'cases_0'")  # fmt: skip
    db.close()
    assert "database-damaged" in {kind for kind, _ in findings(book, everything=True)}


@pytest.mark.parametrize(
    "name", ["entry", "payload", "tile", "checkpoint", "meta", "projection", "cases", "texts_words"]
)
def test_a_table_that_is_gone_is_found(book, name):
    attack(book, f"DROP TABLE {name}")
    assert verify(book, everything=True).status == "tampered"


def test_a_version_set_by_hand_is_found_since_it_would_make_the_next_opening_rebuild(book):
    attack(book, "UPDATE projection SET version = 99 WHERE name = 'casebook'")
    for everything in (False, True):
        found = verify(book, everything=everything)
        assert found.status == "tampered"
        assert found.findings[0].detail == (
            "The row of casebook says that version 99 made its tables; the entries say version "
            f"{Casebook.version}. `thaw rebuild` makes them anew."
        )


def test_tables_of_another_version_are_not_compared_and_that_is_said(book):
    class Newer(Casebook):
        version = 99

    found = verify(book, everything=True, projections=(Newer(), *projections()[1:]))
    assert found.status == "incomplete"
    assert [one.detail for one in found.findings] == [
        "The tables of casebook were made by another version; opening the book rebuilds them."
    ]


def test_a_fact_of_the_book_that_thaw_does_not_write_is_found(book):
    attack(book, "INSERT INTO meta VALUES ('planted', x'00')")
    (found,) = verify(book).findings
    assert tuple(found) == ("book-facts", None, "The book holds a fact that Thaw does not write: b'planted'.")


def test_the_changed_entry_is_named_before_the_hashes_above_it(book):
    attack(book, "UPDATE entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'a_clerk', 'a_clerc') AS BLOB) "
                 "WHERE seq = 200")  # fmt: skip
    found = verify(book).findings
    assert [(one.kind, one.seq) for one in found] == [
        ("tile-mismatch", 200), ("tile-mismatch", 0), ("checkpoint-root", 267)
    ]  # fmt: skip
    assert found[0].detail == "Entry 200 and its hash in the stored tree do not fit: one of them was changed."


def test_when_an_entry_is_wrong_the_comparison_says_that_it_was_not_made(book):
    attack(book, "UPDATE payload SET body = x'7b7d' WHERE seq = 4")
    found = verify(book, everything=True)
    assert [(one.kind, one.seq) for one in found.findings] == [("commitment-mismatch", 4), ("not-checked", None)]
    assert found.findings[1].detail == (
        "The tables could not be compared with the entries: entry 4: got a payload that is not the one committed to, "
        "want the payload whose digest stands in the entry. Stop working in this book, run `thaw verify`, and compare "
        "with the newest backup."
    )


def test_blobs_that_are_gone_changed_or_unreadable_are_named(book):
    original, layer, _ = sorted((book / "blobs").glob("??/*"), key=lambda path: path.stat().st_size)
    original.write_bytes(b"other")
    layer.unlink()
    assert {("blob-mismatch", 6), ("blob-missing", 7)} <= set(findings(book, everything=True))
    original.unlink()
    original.symlink_to(original)
    found = {one.kind: one.detail for one in verify(book, everything=True).findings}
    reason = os.strerror(errno.ELOOP)
    assert found["blob-unreadable"] == f"The file {original.name[:12]} that entry 6 names: {reason}."
    assert found["blob-missing"] == f"The file {layer.name[:12]} that entry 7 names is gone."


def test_an_entry_that_names_blobs_and_was_changed_is_named_once_and_its_blobs_are_not_believed(book):
    attack(book, "UPDATE payload SET body = CAST(replace(CAST(body AS TEXT), 'a.txt', 'b.txt') AS BLOB) WHERE seq = 6")
    assert findings(book, everything=True) == [("commitment-mismatch", 6), ("not-checked", None)]


def verdict(book):
    try:
        return verify(book, everything=True).status
    except ThawError as error:
        return f"got {error.got}"


@pytest.mark.parametrize("seed", range(12))
def test_random_bytes_in_the_file_give_a_verdict_or_a_clear_error(book, seed):
    rng = random.Random(seed)
    path = book / DATABASE
    data = bytearray(path.read_bytes())
    for _ in range(40):
        at = rng.randrange(100 if seed else 0, len(data))
        data[at] = rng.randrange(256)
    path.write_bytes(data)
    assert verdict(book) in ("tampered", "got a file that is no database", "got a database of another program")


@pytest.mark.parametrize("left", [0, 10, 100, 4096, 50_000])
def test_a_file_that_was_cut_off_gives_a_verdict_or_a_clear_error(book, left):
    path = book / DATABASE
    path.write_bytes(path.read_bytes()[:left])
    assert verdict(book) in ("tampered", "got a file that is no database", "got a database of another program")


def cut_to(book, size):
    """Take the newest entries away so that everything inside still fits, as a rollback to a backup would."""
    db = apsw.Connection(str(book / DATABASE))
    tree = TileTree()
    for (leaf,) in db.execute("SELECT leaf FROM entry WHERE seq < ? ORDER BY seq", [size]):
        tree.append(leaf_hash(leaf))
    kept = [(tile.level, tile.index, tile.hashes) for tile in tree.take_changed()]
    db.close()
    attack(book, f"DELETE FROM payload WHERE seq >= {size}", f"DELETE FROM entry WHERE seq >= {size}",
           f"DELETE FROM checkpoint WHERE size > {size}", "DELETE FROM tile")  # fmt: skip
    for tile in kept:
        attack(book, "INSERT INTO tile VALUES (?, ?, ?)", parameters=tile)


def test_a_clean_cut_is_shown_only_by_a_checkpoint_kept_outside(book):
    outside = newest_checkpoint(book)
    cut_to(book, 8)
    assert verify(book).status == "ok"
    found = verify(book, outside=[outside])
    assert [tuple(one) for one in found.findings] == [
        ("witness-beyond-tree", 8,
         "A checkpoint kept outside covers 268 entries; 8 are left: the newest were cut off.")
    ]  # fmt: skip


def test_a_rewrite_by_the_holder_of_the_log_key_is_shown_only_by_a_checkpoint_kept_outside(book):
    outside = newest_checkpoint(book)
    db = apsw.Connection(str(book / DATABASE))
    entries = [leaf for (leaf,) in db.execute("SELECT leaf FROM entry ORDER BY seq")]
    db.close()
    entries[200] = entries[200].replace(b"a_clerk", b"a_other")
    tree = TileTree()
    for leaf in entries:
        tree.append(leaf_hash(leaf))
    head = sign_checkpoint(Checkpoint(ORIGIN, 268, tree.root()), KEY)
    attack(book, "UPDATE entry SET leaf = ? WHERE seq = 200", "DELETE FROM checkpoint WHERE size > 200 OR ? = ''",
           "DELETE FROM tile WHERE ? <> ''", parameters=[entries[200]])  # fmt: skip
    for tile in tree.take_changed():
        attack(book, "INSERT INTO tile VALUES (?, ?, ?)", parameters=[tile.level, tile.index, tile.hashes])
    attack(book, "INSERT INTO checkpoint VALUES (268, ?)", parameters=[head])
    assert verify(book).status == "ok"
    assert [tuple(one) for one in verify(book, outside=[outside]).findings] == [
        ("witness-root", None, "The first 268 entries are not the ones that a checkpoint kept outside signed.")
    ]


def test_an_older_checkpoint_kept_outside_fits_a_book_that_went_on(book):
    db = apsw.Connection(str(book / DATABASE))
    notes = [text for (text,) in db.execute("SELECT note FROM checkpoint")]
    db.close()
    assert findings(book, outside=notes) == []


def test_a_checkpoint_of_another_log_is_named(book):
    stranger = SigningKey("invented.example/other", b"o" * 32)
    outside = sign_checkpoint(Checkpoint(stranger.name, 1, b"r" * 32), stranger)
    (found,) = verify(book, outside=[outside]).findings
    assert found.kind == "witness-signature"
    assert found.detail.startswith("A checkpoint kept outside is not of this log: ")


def test_the_public_key_of_another_book_is_named(book):
    from thaw.store import verify_book

    found = verify_book(book, verifier=SigningKey("invented.example/other", b"o" * 32).verifier)
    details = [one.detail for one in found.findings if one.kind == "book-facts"]
    assert details == ["The book is invented.example/book, the public key is of invented.example/other."]


def test_the_newest_checkpoint_is_that_of_the_last_commit(book):
    assert open_checkpoint(newest_checkpoint(book), KEY.verifier).size == 268


def test_progress_counts_the_entries(book):
    seen = []
    verify(book, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (267, 268)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["a folder", "a pipe that would be waited for"])
def test_something_else_in_the_place_of_a_blob_is_a_blob_that_is_gone(book, make):
    original = min((book / "blobs").glob("??/*"), key=lambda path: path.stat().st_size)
    original.unlink()
    make(original)
    found = verify(book, everything=True)
    assert found.status == "tampered"
    assert next(one for one in found.findings if one.kind == "blob-missing").detail == (
        f"The file {original.name[:12]} that entry 6 names is gone; something else is there."
    )
