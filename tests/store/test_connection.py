from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import apsw
import pytest

from builders import KEY, clock, findings, new_book, note, opened, verify
from thaw.errors import InputError, TamperError
from thaw.store import DATABASE, Store, Unfinished
from thaw.store.connection import connect, database_errors, migrate, savepoint, writing

NONE = "want a casebook. Name the folder that `thaw init` made."


def test_a_connection_has_the_settings_that_durability_and_sealing_rest_on(tmp_path):
    with new_book(tmp_path / "b") as store:
        for db in (store._db, store.reading_connection()):
            names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "recursive_triggers")
            assert [db.pragma(name) for name in names] == ["wal", 2, 1, 1, 1]
            assert db.pragma("trusted_schema") == 0


def test_a_book_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError) as error:
        connect(tmp_path / DATABASE)
    assert str(error.value) == (
        f"{tmp_path / DATABASE}: got no such file, want a casebook. Make one with `thaw --book DIR init`."
    )


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / DATABASE).write_bytes(b"a letter, not a database " * 100)
    with pytest.raises(InputError) as error:
        Store.open(tmp_path, KEY, (), clock)
    assert str(error.value) == f"{tmp_path / DATABASE}: got a file that is no database, {NONE}"


def test_a_database_of_another_program_is_refused_and_left_as_it_was(tmp_path):
    with closing(sqlite3.connect(tmp_path / DATABASE)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
        db.commit()
    with pytest.raises(InputError) as error:
        Store.open(tmp_path, KEY, (), clock)
    assert str(error.value) == f"{tmp_path / DATABASE}: got a database of another program, {NONE}"


def test_an_old_sqlite_is_refused_since_it_can_corrupt_a_book(tmp_path, monkeypatch):
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.40.1")
    with pytest.raises(InputError) as error:
        connect(tmp_path / DATABASE)
    assert str(error.value) == (
        "SQLite library: got 3.40.1, want 3.51.3 or later, since earlier ones can corrupt a casebook. "
        "Install the versions of requirements.lock: ./run does it."
    )


def test_a_folder_in_which_nothing_can_be_made_is_a_disk_error(tmp_path):
    (tmp_path / DATABASE).mkdir()
    with pytest.raises(Unfinished) as error:
        connect(tmp_path / DATABASE, create=True)
    assert str(error.value) == (
        f"{tmp_path / DATABASE}: got a disk error (unable to open database file), want a disk that can be written. "
        "Check the disk and the rights on the folder, then give the same command again."
    )


def test_a_lock_that_is_held_too_long_ends_the_work_with_its_reason(tmp_path, monkeypatch):
    monkeypatch.setattr("thaw.store.connection._BUSY_MS", 50)
    with new_book(tmp_path / "b") as store, closing(connect(store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unfinished) as error:
            store.append(note())
        assert str(error.value) == (
            f"{store.path}: got a casebook that another program has locked for a minute, want a turn to write. "
            "Wait until the other program is done and give the same command again."
        )
        other.execute("ROLLBACK")
        assert store.append(note()).result == [1]


def test_migrations_run_once(tmp_path):
    with new_book(tmp_path / "b"):
        pass
    db = connect(tmp_path / "b" / DATABASE)
    schema = db.execute("SELECT sql FROM sqlite_schema").fetchall()
    migrate(db)
    assert db.execute("SELECT sql FROM sqlite_schema").fetchall() == schema
    assert (db.pragma("user_version"), db.pragma("application_id").to_bytes(4, "big")) == (1, b"THAW")
    db.close()


def test_two_that_migrate_at_once_do_it_once(tmp_path):
    barrier, problems = threading.Barrier(4), []

    def work():
        with closing(connect(tmp_path / DATABASE, create=True)) as db:
            barrier.wait()
            try:
                migrate(db)
            except apsw.Error as error:
                problems.append(error)

    connect(tmp_path / DATABASE, create=True).close()
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_a_book_that_a_newer_version_has_migrated_is_refused(tmp_path):
    with new_book(tmp_path / "b"):
        pass
    with closing(connect(tmp_path / "b" / DATABASE)) as db:
        db.pragma("user_version", 7)
    with pytest.raises(InputError) as error:
        Store.open(tmp_path / "b", KEY, (), clock)
    assert str(error.value) == (
        "casebook: got format 7, which a newer Thaw wrote, want format 1 or older. Open it with the newer version."
    )


@pytest.mark.parametrize("sql", [
    "UPDATE entry SET leaf = x'00'", "DELETE FROM entry", "DELETE FROM payload", "UPDATE checkpoint SET note = ''",
    "DELETE FROM checkpoint", "INSERT OR REPLACE INTO entry VALUES (0, x'00')",
    "INSERT OR REPLACE INTO checkpoint VALUES (1, '')",
])  # fmt: skip
def test_the_guard_rails_stop_an_accident(tmp_path, sql):
    with new_book(tmp_path / "b") as store, pytest.raises(apsw.ConstraintError, match="are never"):
        store.reading_connection().execute(sql)
    assert findings(tmp_path / "b") == []


def test_nothing_of_a_part_stays_that_raises_and_the_rest_goes_on():
    def broken(db, within):
        with within(db):
            db.execute("INSERT INTO t VALUES (1)")
            raise ZeroDivisionError

    with closing(apsw.Connection(":memory:")) as db:
        db.execute("CREATE TABLE t (a)")
        with writing(db):
            with pytest.raises(ZeroDivisionError):
                broken(db, savepoint)
            with savepoint(db):
                db.execute("INSERT INTO t VALUES (2)")
        with pytest.raises(ZeroDivisionError):
            broken(db, writing)
        assert db.execute("SELECT a FROM t").fetchall() == [(2,)]


def test_a_damaged_file_is_not_called_a_disk_error(tmp_path):
    with pytest.raises(TamperError) as caught, database_errors(tmp_path):
        raise apsw.CorruptError("database disk image is malformed")
    assert str(caught.value) == (
        f"{tmp_path}: got a damaged database file (database disk image is malformed), want the file as it was written. "
        "Nothing is shown. Keep a copy of the folder, run `thaw verify --all`, and go on with the newest backup "
        "(`thaw restore`)."
    )


FULL = "got a full disk, want room for the next entries. Free some space and give the same command again; "


def test_a_full_disk_ends_an_append_whole_and_a_later_one_works(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(note())
        pages = store._db.pragma("page_count")
        store._db.pragma("max_page_count", pages + 10)
        with pytest.raises(Unfinished) as error:
            store.append(*[note(i, much="x" * 5000) for i in range(50)])
        assert str(error.value) == f"{store.path}: {FULL}nothing was half-written."
        assert store.size() == 2
        store._db.pragma("max_page_count", 1_000_000)
        assert store.append(note()).result == [2]
    assert findings(tmp_path / "b", everything=True) == []


class FullDisk(apsw.VFS):
    """A disk on which writing fails after `room` bytes: what SQLite itself meets, not what it is told."""

    def __init__(self):
        self.room = 10**12
        super().__init__("full-disk", "")

    def xOpen(self, name, flags):
        return FullFile(self, name, flags)


class FullFile(apsw.VFSFile):
    def __init__(self, disk, name, flags):
        self.disk = disk
        super().__init__("", name, flags)

    def xWrite(self, data, offset):
        self.disk.room -= len(data)
        if self.disk.room < 0:
            raise apsw.FullError("no space left")
        super().xWrite(data, offset)


def append_for_ever(store):
    while True:
        store.append(*[note(i, much="x" * 2000) for i in range(20)])


@pytest.mark.parametrize("room", [0, 3_000, 20_000, 60_000, 100_000, 400_000])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_wherever_the_disk_becomes_full_nothing_is_half_written(tmp_path, monkeypatch, room):
    disk = FullDisk()
    real = apsw.Connection
    monkeypatch.setattr(apsw, "Connection", lambda path, flags=6: real(path, flags, vfs="full-disk"))
    with new_book(tmp_path / "b") as store:
        disk.room = room
        with pytest.raises(Unfinished) as error:
            append_for_ever(store)
        assert error.value.got == "a full disk"
        disk.room = 10**12
        size = store.size()
        assert store.append(note()).result == [size]
    monkeypatch.undo()
    with opened(tmp_path / "b") as store:
        assert store.size() == size + 1
    assert verify(tmp_path / "b", everything=True).status == "ok"
