"""Opens the database file with the settings that durability and sealing rest on, and brings its schema up to date."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib import resources
from pathlib import Path

import apsw

from thaw.errors import InputError, TamperError, ThawError

# Earlier versions can corrupt a WAL when several connections write (SQLite release notes 3.51.3).
_OLDEST_SQLITE = (3, 51, 3)
_BUSY_MS = 60_000
_TRIES = 5
_PAGES_AT_ONCE = 4000
APPLICATION_ID = 0x54484157  # "THAW"


class Unfinished(ThawError):
    """The work stopped half-way (disk full, lock held); what was committed stays, a rerun finishes the rest."""


class Damaged(TamperError):
    """The database file itself is not what was written: by a disk or by a hand, SQLite cannot tell."""


def _check_library() -> None:
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if version < _OLDEST_SQLITE:
        raise InputError(
            where="SQLite library",
            got=apsw.sqlite_lib_version(),
            want="3.51.3 or later, since earlier ones can corrupt a casebook",
            fix="Install the versions of requirements.lock: ./run does it.",
        )


def _check_there(path: Path) -> None:
    if not path.is_file():
        raise InputError(
            where=str(path), got="no such file", want="a casebook", fix="Make one with `thaw --book DIR init`."
        )


def connect(path: Path, *, create: bool = False) -> apsw.Connection:
    """A connection with WAL, synchronous=FULL, secure_delete, foreign keys and recursive triggers.

    Raises InputError when the file is no casebook or the SQLite library is older than 3.51.3.
    """
    _check_library()
    if not create:
        _check_there(path)
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI | (apsw.SQLITE_OPEN_CREATE if create else 0)
    with database_errors(path):
        db = apsw.Connection(str(path), flags)
        db.set_busy_timeout(_BUSY_MS)
        if create:
            # A payload of a register is 2 kB: on pages of 4 kB there is room for one. Measured: imports gain 8 %.
            db.execute("PRAGMA page_size=8192")
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("PRAGMA recursive_triggers=ON; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-32000")
        db.execute("PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864")
        # 32 MB of pages: batches of an import write the same pages of the indexes again and again, and each page is
        # copied out of the WAL once for all of them. What is committed is on the disk either way.
        db.execute("PRAGMA wal_autocheckpoint=4000")
        if not create and db.pragma("application_id") != APPLICATION_ID:
            raise _no_casebook(path, "a database of another program")
        db.register_fts5_function("word_score", _word_score)
    return db


@contextmanager
def scratch_copy(path: Path) -> Iterator[tuple[apsw.Connection, Path]]:
    """A connection to a copy of the database, of one moment, in a folder that is gone afterwards; and where it lies.

    Nothing is written beside the original, not even by SQLite: it may lie on a read-only disk, and a WAL that a crash
    left over is neither folded in nor removed. Others may go on writing.
    """
    _check_library()
    _check_there(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with database_errors(path):
            copy_still(path, copy)
            with closing(apsw.Connection(str(copy), apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI)) as db:
                db.execute("PRAGMA synchronous=OFF; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-32000")
                db.execute("PRAGMA temp_store=MEMORY")
                tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
                if db.pragma("application_id") != APPLICATION_ID and not tables & {"entry", "payload", "checkpoint"}:
                    raise _no_casebook(path, "a database of another program")
                yield db, copy


@contextmanager
def read_only(path: Path) -> Iterator[apsw.Connection]:
    """A connection that writes nothing, not even beside the file; for a few quick reads of one moment."""
    _check_library()
    _check_there(path)
    if not path.with_name(path.name + "-wal").exists():
        how = "mode=ro&immutable=1"
    elif path.with_name(path.name + "-shm").exists():
        how = "mode=ro&readonly_shm=1"
    else:
        # A crash left a WAL that nobody has folded in: read a copy, in which it is.
        with scratch_copy(path) as (db, _):
            yield db
        return
    with database_errors(path):
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        with closing(apsw.Connection(f"{path.absolute().as_uri()}?{how}", flags)) as db:
            db.set_busy_timeout(_BUSY_MS)
            db.execute("PRAGMA trusted_schema=OFF")
            if db.pragma("application_id") != APPLICATION_ID:
                raise _no_casebook(path, "a database of another program")
            yield db


def copy_still(
    path: Path, copy: Path, progress: Callable[[int, int], None] = lambda done, total: None, *, at_work: bool = False
) -> None:
    """Copy the database without a lock; again, and in the end with one, when somebody has written meanwhile.

    A WAL that nobody has folded in is copied beside the copy. Nothing is written beside the original.
    at_work  the book is open and others write: one held snapshot at once, however long the copy takes
    """
    wal, shared = path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")
    for turn in range(_TRIES):
        before = _stamp(path, wal)
        for rest in (copy, copy.with_name(wal.name)):
            rest.unlink(missing_ok=True)
        if not wal.exists():
            _copy_pages(path, copy, "mode=ro&immutable=1", progress)
        elif not shared.exists():
            # Nobody has the book open. SQLite would make the missing file beside it.
            with file_errors(copy):
                shutil.copyfile(path, copy)
                shutil.copyfile(wal, copy.with_name(wal.name))
        elif turn == 0 and not at_work:
            # SQLite reads the files: closing them here would drop the locks of a book that is open in this process.
            _copy_pages(path, copy, "mode=ro&readonly_shm=1", progress)
        else:
            # Somebody is at work, so the place where readers say what they read is there and in use.
            _copy_pages(path, copy, "mode=ro", progress)
            return
        if _stamp(path, wal) == before:
            return


def _copy_pages(path: Path, copy: Path, how: str, progress: Callable[[int, int], None]) -> None:
    try:
        here = apsw.Connection(f"{path.absolute().as_uri()}?{how}", apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
        with closing(here):
            here.set_busy_timeout(_BUSY_MS)
            here.execute("BEGIN")
            here.pragma("user_version")
            with closing(apsw.Connection(str(copy))) as there, there.backup("main", here, "main") as pages:
                while not pages.done:
                    pages.step(_PAGES_AT_ONCE)
                    progress(pages.page_count - pages.remaining, pages.page_count)
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.IOError):
        # A writer that is at work has not yet made the place where a reader that writes nothing could stand.
        if how == "mode=ro":
            raise
        _copy_pages(path, copy, "mode=ro", progress)


def _stamp(*paths: Path) -> list[tuple[int, int] | None]:
    found = [path.stat() if path.exists() else None for path in paths]
    return [(one.st_mtime_ns, one.st_size) if one else None for one in found]


def _word_score(api: apsw.FTS5ExtensionApi, *_: object) -> float:
    """How well a text meets a word query, from that text alone; higher is better.

    The part of BM25 that grows with hits and shrinks with length (k1 = 1.2, b = 0.75, a usual text of 250 words). The
    other part, how rare a word is among all texts, is left out: it would count texts that the reader may not see.
    """
    hits, length = api.inst_count, sum(api.column_size(i) for i in range(api.column_count))
    return hits * 2.2 / (hits + 1.2 * (0.25 + 0.75 * length / 250))


@cache
def migrations() -> tuple[tuple[int, str], ...]:
    """The numbered migrations in order, each with its SQL."""
    folder = resources.files("thaw.store") / "migrations"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return tuple((int(f.name.partition(".")[0]), f.read_text(encoding="utf-8")) for f in files)


def migrate(db: apsw.Connection) -> None:
    """Run the numbered migrations that this file has not seen, each in its own transaction.

    Raises InputError for a file that a newer version has migrated further.
    """
    newest = migrations()[-1][0]
    if db.pragma("user_version") > newest:
        raise InputError(
            where="casebook",
            got=f"format {db.pragma('user_version')}, which a newer Thaw wrote",
            want=f"format {newest} or older",
            fix="Open it with the newer version.",
        )
    for number, sql in migrations():
        if number > db.pragma("user_version"):
            with writing(db):
                # Another process may have done it while this one waited for its turn.
                if number > db.pragma("user_version"):
                    db.execute(sql)
                    db.pragma("user_version", number)
                    db.pragma("application_id", APPLICATION_ID)


@contextmanager
def writing(db: apsw.Connection) -> Iterator[None]:
    """One write transaction from the start, so that nobody else writes in between; all or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself, and a second ROLLBACK would hide the first error.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextmanager
def savepoint(db: apsw.Connection) -> Iterator[None]:
    """A part of a transaction that leaves nothing behind when it raises."""
    db.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK TO part; RELEASE part")
        raise
    db.execute("RELEASE part")


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Turn the database's own errors into ours: full disk and lock are `Unfinished`, no database is InputError, a file
    that SQLite finds damaged is `Damaged`: `verify` names it, everything else stops on it.
    """
    try:
        yield
    except apsw.FullError:
        raise _full_disk(path) from None
    except apsw.BusyError:
        raise Unfinished(
            where=str(path),
            got="a casebook that another program has locked for a minute",
            want="a turn to write",
            fix="Wait until the other program is done and give the same command again.",
        ) from None
    except (apsw.IOError, apsw.ReadOnlyError, apsw.CantOpenError) as error:
        raise _disk_error(path, str(error)) from None
    except apsw.NotADBError:
        raise _no_casebook(path, "a file that is no database") from None
    except apsw.CorruptError as error:
        raise Damaged(
            where=str(path),
            got=f"a damaged database file ({error})",
            want="the file as it was written",
            fix="Nothing is shown. Keep a copy of the folder, run `thaw verify --all`, and go on with the newest "
            "backup (`thaw restore`).",
        ) from None


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Turn the errors of writing files beside the database into ours, in the same words."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full_disk(path) from None
        raise _disk_error(path, error.strerror or "unknown") from None


def _full_disk(path: Path) -> Unfinished:
    return Unfinished(
        where=str(path),
        got="a full disk",
        want="room for the next entries",
        fix="Free some space and give the same command again; nothing was half-written.",
    )


def _disk_error(path: Path, reason: str) -> Unfinished:
    return Unfinished(
        where=str(path),
        got=f"a disk error ({reason})",
        want="a disk that can be written",
        fix="Check the disk and the rights on the folder, then give the same command again.",
    )


def _no_casebook(path: Path, got: str) -> InputError:
    return InputError(where=str(path), got=got, want="a casebook", fix="Name the folder that `thaw init` made.")
