"""Compares what a database file declares (tables, indexes, views, triggers, format) with what Thaw makes.

A view in the place of a table, a trigger that swallows rows or a guard that is gone changes what every query says,
while all entries stay whole. In come a connection and projections, out go the differences in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from functools import cache
from itertools import islice
from pathlib import Path

import apsw

from thaw.errors import TamperError

from .connection import APPLICATION_ID, migrations, savepoint
from .projection import Projection, former_tables

_MOST = 100
_OBJECTS = (
    # As bytes: a name or a declaration that is no UTF-8 is a difference, not a crash. SQLite's own tables for its
    # query planner come and go with ANALYZE.
    "SELECT CAST(type AS BLOB), CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(sql AS BLOB) FROM sqlite_schema "
    r"WHERE name NOT LIKE 'sqlite\_stat%' ESCAPE '\' AND name <> 'sqlite_sequence' ORDER BY type, name"
)
_Object = tuple[bytes, bytes, bytes, bytes | None]


def check_schema(db: apsw.Connection, folder: Path, projections: Sequence[Projection], *, repair: bool = False) -> None:
    """Raise TamperError for the first difference; with `repair` those that a rebuild of all projections mends pass."""
    for change in schema_changes(db, projections, repair=repair):
        raise TamperError(
            where=str(folder),
            got=f"a database in which {change}",
            want="the tables, indexes, views and triggers that Thaw made",
            fix="Stop working in this book, run `thaw verify`, and compare with the newest backup.",
        )


def schema_changes(db: apsw.Connection, projections: Sequence[Projection], *, repair: bool = False) -> list[str]:
    """What was added, changed or is missing, each as `the trigger x is missing`; the first 100.

    Tables of a projection that another version made are left out: they are dropped before anybody reads them.
    """
    with savepoint(db):
        version = int(db.pragma("user_version"))
        program = int(db.pragma("application_id"))
        newest = migrations()[-1][0]
        found = _objects(db)
        loose, absent = _loose(db, projections, found)
        if repair:
            loose = {p.name for p in projections}
    sql = [text for number, text in migrations() if number <= max(version, 1)]
    sql += [t.create_sql() for p in projections if p.name not in loose | absent for t in p.tables]
    open_tables = {t.name.encode() for p in projections if p.name in loose for t in p.tables}
    open_tables |= {name.encode() for p in projections if p.name in loose for name in former_tables(p)}
    # No version of Thaw hangs triggers on these tables; a rebuild drops them, but not in silence.
    kinds = (b"table", b"index", b"trigger") if repair else (b"table", b"index")
    seen = Counter(one for one in found if not (one[0] in kinds and _belongs(one, open_tables)))
    changes = list(_differences(seen, _declared(tuple(sql))))
    # A newer Thaw has other tables: with the tables of today the number alone was changed.
    if version < 1 or (version > newest and not changes):
        changes.insert(0, f"the format number is {version}")
    if program != APPLICATION_ID:
        changes.insert(0, f"the program number is {program:#x}")
    return changes[:_MOST]


def stray_names(db: apsw.Connection, projections: Sequence[Projection]) -> tuple[list[str], list[str]]:
    """Projections whose row is gone though their tables are there; then rows of projections that nobody knows."""
    with savepoint(db):
        rows = _versions(db)
        found = {name for _, name, _, _ in _objects(db)}
    gone = [p.name for p in projections if p.name not in rows and any(t.name.encode() in found for t in p.tables)]
    return gone, sorted(set(rows) - {p.name for p in projections})


def _loose(
    db: apsw.Connection, projections: Sequence[Projection], found: Collection[_Object]
) -> tuple[set[str], set[str]]:
    """Projections whose tables another version made, and those that the book has never had."""
    rows, names = _versions(db), {name for _, name, _, _ in found}
    stale = {p.name for p in projections if p.name in rows and rows[p.name] != p.version}
    new = {p.name for p in projections if p.name not in rows and not any(t.name.encode() in names for t in p.tables)}
    return stale, new


def _versions(db: apsw.Connection) -> dict[str, object]:
    if db.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'projection'").get is None:
        return {}
    rows = db.execute("SELECT CAST(name AS BLOB), version FROM projection").fetchall()
    return {name.decode("utf-8", "replace"): version for name, version in rows if isinstance(name, bytes)}


def _objects(db: apsw.Connection) -> list[_Object]:
    return [(t or b"", n or b"", b or b"", sql) for t, n, b, sql in db.execute(_OBJECTS)]


def _belongs(one: _Object, tables: Collection[bytes]) -> bool:
    """Whether the object is one of these tables, its word index, or hangs on them."""
    return any(one[2] == name or one[2].startswith(name + b"_words") for name in tables)


@cache
def _declared(statements: tuple[str, ...]) -> Counter[_Object]:
    """The objects that these statements make, as SQLite itself writes them down."""
    with closing(apsw.Connection(":memory:")) as db:
        for sql in statements:
            db.execute(sql)
        return Counter(_objects(db))


def _differences(found: Counter[_Object], declared: Counter[_Object]) -> Iterator[str]:
    added, missing = found - declared, declared - found
    names = {one[:2] for one in missing}
    for one in sorted({*islice(added, _MOST), *missing}, key=lambda one: (one[:2], one in missing)):
        kind, name = (part.decode("utf-8", "replace") for part in one[:2])
        if one in missing and not any(one[:2] == other[:2] for other in added):
            yield f"the {kind} {name} is missing"
        elif one in added:
            yield f"the {kind} {name} was {'changed' if one[:2] in names else 'added'}"
