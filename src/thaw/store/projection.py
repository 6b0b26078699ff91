"""What a projection is, and the writer it is handed inside the entry's transaction.

A projection folds entries into tables that queries can use. It can be dropped and rebuilt from the ledger at any time
with the same result, so it must depend on nothing but the entries: no clock, no random number, no settings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import apsw

from thaw.errors import TamperError
from thaw.ledger import Leaf, commitment

from .blobs import Blobs
from .table import Table

SALT_BYTES = 32
_KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as projections see it; `payload` is None when it was destroyed by order."""

    leaf: Leaf
    payload: Mapping[str, Any] | None


class Projection(Protocol):
    """Tables and the function that keeps them; the store creates, drops and rebuilds them from this declaration.

    version  raise it when tables or folding change: a book with another version rebuilds when it is opened
    """

    name: str
    version: int

    @property
    def tables(self) -> tuple[Table, ...]:
        """The declared tables, always the same ones."""

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Fold one entry into the tables. Entries come in order; kinds that do not concern the projection pass."""


def former_tables(projection: Projection) -> tuple[str, ...]:
    """Names of tables that earlier versions of a projection had: its `former`, where it has one.

    They are dropped when it is made anew. A book of an earlier version could not be told from a changed one otherwise.
    """
    return tuple(getattr(projection, "former", ()))


class Rows:
    """Reads and writes projection tables inside one transaction; writes are gathered and flushed before a read."""

    def __init__(
        self,
        db: apsw.Connection,
        tables: Sequence[Table],
        blobs: Blobs,
        flush_entries: Callable[[], None] = lambda: None,
    ) -> None:
        self._db = db
        self._flush_entries = flush_entries
        self._blobs = blobs
        self._tables = {table.name: table for table in tables}
        self._waiting: dict[str, _Waiting] = {}
        self._next_id: dict[str, int] = {}
        self.changed: set[str] = set()

    def put(self, table_name: str, row: Mapping[str, Any]) -> None:
        """Write one row; columns that are absent are NULL. A row with the same key is replaced."""
        table = self._tables[table_name]
        if table.full_text:
            key = tuple(map(row.get, table.key))
            waiting = self._waiting.get(table_name)
            if (waiting is not None and waiting.holds(key)) or self._exists(table, key):
                self.remove(table_name, key)
        self.add(table_name, row)

    def add(self, table_name: str, row: Mapping[str, Any]) -> None:
        """Write one row whose key is known to be new: like `put`, without the look at what is there."""
        waiting = self._waiting.get(table_name)
        if waiting is None:
            waiting = self._waiting[table_name] = _Waiting(self._tables[table_name])
        names = tuple(row)
        if names != waiting.names:
            waiting.turn_to(names)
        values = tuple(row.values())
        if waiting.pick is not None:
            values = waiting.pick(values)
        if waiting.table.full_text:
            if table_name not in self._next_id:
                self._next_id[table_name] = self._db.execute(f'SELECT coalesce(max(id), 0) FROM "{table_name}"').get + 1
            values = (self._next_id[table_name], *values)
            self._next_id[table_name] += 1
            waiting.unkeyed.append(row)
        waiting.run.append(values)
        self.changed.add(table_name)

    def remove(self, table_name: str, key: Sequence[Any]) -> None:
        """Take one row away, its words included; nothing happens when there is none."""
        self.flush()
        table = self._tables[table_name]
        terms = " AND ".join(f'"{c}" IS ?' for c in table.key)
        if table.full_text:
            self._remove_words(table, terms, key)
        self._db.execute(f'DELETE FROM "{table.name}" WHERE {terms}', tuple(key))
        self.changed.add(table_name)

    def get(self, table_name: str, key: Sequence[Any]) -> dict[str, Any] | None:
        """The row with this key, or None."""
        table = self._tables[table_name]
        found = self.find(table_name, dict(zip(table.key, key, strict=True)))
        return found[0] if found else None

    def find(self, table_name: str, match: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All rows whose columns have these values, in key order."""
        self.flush()
        table = self._tables[table_name]
        columns = ", ".join(f'"{c}"' for c in table.all_columns)
        terms, parameters = _terms(match)
        order = ", ".join(f'"{c}"' for c in table.key)
        sql = f'SELECT {columns} FROM "{table.name}" WHERE {terms} ORDER BY {order}'
        return [dict(zip(table.all_columns, row, strict=True)) for row in self._db.execute(sql, parameters)]

    def get_many(self, table_name: str, keys: Sequence[Any]) -> dict[Any, dict[str, Any]]:
        """The rows of a table with a one-column key, by key; keys without a row are absent."""
        self.flush()
        table = self._tables[table_name]
        columns = ", ".join(f'"{c}"' for c in table.all_columns)
        found: dict[Any, dict[str, Any]] = {}
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = tuple(keys[start : start + _KEYS_AT_ONCE])
            sql = f'SELECT {columns} FROM "{table.name}" WHERE "{table.key[0]}" IN ({", ".join("?" * len(some))})'
            for values in self._db.execute(sql, some):
                row = dict(zip(table.all_columns, values, strict=True))
                found[row[table.key[0]]] = row
        return found

    def present(self, table_name: str, column: str, values: Sequence[Any]) -> set[Any]:
        """Those of the values that some row has in this column."""
        self.flush()
        found: set[Any] = set()
        for start in range(0, len(values), _KEYS_AT_ONCE):
            some = tuple(values[start : start + _KEYS_AT_ONCE])
            sql = f'SELECT "{column}" FROM "{table_name}" WHERE "{column}" IN ({", ".join("?" * len(some))})'
            found.update(value for (value,) in self._db.execute(sql, some))
        return found

    def scan(self, table_name: str, columns: Sequence[str], match: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        """Some columns of all rows with these values, one at a time; write nothing while reading."""
        self.flush()
        names = ", ".join(f'"{c}"' for c in columns)
        terms, parameters = _terms(match)
        yield from self._db.execute(f'SELECT {names} FROM "{table_name}" WHERE {terms}', parameters)

    def entry(self, seq: int) -> Entry:
        """The entry with this number; it must exist. Raises TamperError for a payload it did not commit to."""
        self.flush()
        sql = "SELECT e.seq, e.leaf, p.salt, p.body FROM entry AS e JOIN payload AS p USING (seq) WHERE e.seq = ?"
        return checked_entry(*next(iter(self._db.execute(sql, (seq,)))))

    def entries_of_case(self, case_id: str) -> list[Entry]:
        """All entries so far that concern this case, in order; the current one is among them."""
        self.flush()
        sql = (
            "SELECT e.seq, e.leaf, p.salt, p.body FROM entry_index AS i JOIN entry AS e ON e.seq = i.seq "
            "JOIN payload AS p ON p.seq = i.seq WHERE i.case_id = ? ORDER BY i.seq"
        )
        return [checked_entry(*row) for row in self._db.execute(sql, (case_id,))]

    def blob(self, digest: str) -> bytes:
        """Bytes of a blob that the entry names; see `Blobs.get`."""
        return self._blobs.get(digest)

    def flush(self) -> None:
        """Send the gathered rows to the database."""
        self._flush_entries()
        waiting, self._waiting = self._waiting, {}
        for one in waiting.values():
            for sql, values in one.runs:
                self._db.executemany(sql, values)
            if one.table.full_text:
                first = min(values[0][0] for _, values in one.runs)
                self._index_words(one.table, first, max(values[-1][0] for _, values in one.runs))

    def end(self) -> None:
        """Take no more entries to be sent before a read."""
        self._flush_entries = _nothing

    def _exists(self, table: Table, key: tuple[Any, ...]) -> bool:
        terms = " AND ".join(f'"{c}" IS ?' for c in table.key)
        return self._db.execute(f'SELECT 1 FROM "{table.name}" WHERE {terms}', key).get is not None

    def _index_words(self, table: Table, first: int, last: int) -> None:
        # Rows that wait together have ids in a row: SQLite takes their words from the table by itself.
        columns = ", ".join(f'"{c}"' for c in table.full_text)
        sql = f'INSERT INTO "{table.name}_words" (rowid, {columns}) SELECT id, {columns} FROM "{table.name}"'
        self._db.execute(f"{sql} WHERE id BETWEEN ? AND ?", (first, last))

    def _remove_words(self, table: Table, terms: str, key: Sequence[Any]) -> None:
        columns = ", ".join(f'"{c}"' for c in table.full_text)
        marks = ", ".join("?" * len(table.full_text))
        old = list(self._db.execute(f'SELECT id, {columns} FROM "{table.name}" WHERE {terms}', tuple(key)))
        # An external-content index must be told the old words, else they stay findable.
        sql = (
            f'INSERT INTO "{table.name}_words" ("{table.name}_words", rowid, {columns}) VALUES (\'delete\', ?, {marks})'
        )
        self._db.executemany(sql, old)
        self._next_id.pop(table.name, None)


class _Waiting:
    """Rows of one table that are not in the database yet: runs of rows with the same columns, as they came.

    The last row of a key counts, so runs keep their order. Rows of word tables have ids and keys of their own already:
    one run for each set of columns does.
    """

    __slots__ = ("_keys", "names", "pick", "run", "runs", "table", "unkeyed")

    def __init__(self, table: Table) -> None:
        self.table = table
        self.names: tuple[str, ...] = ()
        self.pick: Callable[[tuple[Any, ...]], tuple[Any, ...]] | None = None
        self.runs: list[tuple[str, list[tuple[Any, ...]]]] = []
        self.run: list[tuple[Any, ...]] = []
        # Rows of word tables whose keys nobody has asked for yet.
        self.unkeyed: list[Mapping[str, Any]] = []
        self._keys: set[tuple[Any, ...]] = set()

    def turn_to(self, names: tuple[str, ...]) -> None:
        """The next rows have these columns."""
        sql, self.pick = self.table.insert_of(names)
        self.names = names
        for known, run in self.runs if self.table.full_text else self.runs[-1:]:
            if known is sql:
                self.run = run
                return
        self.run = []
        self.runs.append((sql, self.run))

    def holds(self, key: tuple[Any, ...]) -> bool:
        """Whether a row with this key waits; of word tables only."""
        self._keys.update(tuple(map(row.get, self.table.key)) for row in self.unkeyed)
        self.unkeyed.clear()
        return key in self._keys


def _nothing() -> None:
    """There is nothing to send."""


def _terms(match: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    # "=" can use the indexes, which leave unknown values out; "IS NULL" finds those.
    terms = [f'"{column}" IS NULL' if value is None else f'"{column}" = ?' for column, value in match.items()]
    return " AND ".join(terms) or "1", tuple(value for value in match.values() if value is not None)


def checked_entry(seq: int, data: bytes, salt: bytes | None, body: bytes | None) -> Entry:
    """An entry whose payload is what its leaf commits to. Raises TamperError otherwise."""
    if not isinstance(data, bytes):
        raise _tampered(seq, "no bytes", "the bytes that were hashed")
    leaf = Leaf.from_bytes(data)
    if body is None or salt is None:
        return Entry(leaf, None)
    whole = isinstance(body, bytes) and isinstance(salt, bytes) and len(salt) == SALT_BYTES
    if not whole or commitment(salt, body).hex() != leaf.c:
        got = "a payload that is not the one committed to"
        raise _tampered(seq, got, "the payload whose digest stands in the entry")
    return Entry(leaf, json.loads(body))


def _tampered(seq: int, got: str, want: str) -> TamperError:
    fix = "Stop working in this book, run `thaw verify`, and compare with the newest backup."
    return TamperError(where=f"entry {seq}", got=got, want=want, fix=fix)


def iterate_entries(db: apsw.Connection) -> Iterator[Entry]:
    """All entries in order, one at a time. Raises TamperError for a payload that its leaf did not commit to."""
    sql = "SELECT e.seq, e.leaf, p.salt, p.body FROM entry AS e LEFT JOIN payload AS p USING (seq) ORDER BY e.seq"
    for row in db.execute(sql):
        yield checked_entry(*row)
