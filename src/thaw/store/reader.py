"""Reads of case content; every query carries what the reader may see. Only the room `access` makes one.

What is hidden is left out inside SQL: counts, pages of results and word searches never touch it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import apsw

from thaw.errors import InputError

from .full_text import FullText
from .projection import Entry, checked_entry
from .snapshot import Snapshot
from .store import Store
from .table import SCOPE, Table, Where, where_sql
from .visible import Visible


@dataclass(frozen=True, slots=True)
class Hit:
    """One row found by its words: `score` is `word_score`, `snippet` marks hits with \\x02 and \\x03."""

    row: Mapping[str, Any]
    score: float
    snippet: str


class Matches(NamedTuple):
    """A word query's answer: how many rows meet it, the best of them, SHA-256 over the ids of all of them in order."""

    total: int
    hits: list[Hit]
    digest: str


class Reader:
    """Queries over projections, payloads and blobs, within what is visible. One connection per thread."""

    def __init__(self, store: Store, visible: Visible) -> None:
        self._store = store
        self._visible = visible
        self._tables = {table.name: table for p in store.projections for table in p.tables}

    @property
    def visible(self) -> Visible:
        """What this reader may see."""
        return self._visible

    def select(
        self,
        table_name: str,
        columns: Sequence[str],
        where: Sequence[Where] = (),
        *,
        order: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[tuple[Any, ...]]:
        """Rows as tuples in the order of `columns`; a minus before an order column sorts it downwards.

        Raises InputError for a column that the table does not have.
        """
        table = self._tables[table_name]
        _check_columns(table, (*columns, *(name.lstrip("-") for name in order)))
        terms, parameters = self._terms(table, where)
        names = ", ".join(f'"{c}"' for c in columns)
        ordering = ", ".join(f'"{o.lstrip("-")}"{" DESC" if o.startswith("-") else ""}' for o in order)
        sql = f'SELECT {names} FROM "{table_name}" WHERE {terms}' + (f" ORDER BY {ordering}" if ordering else "")
        if limit is not None:
            sql += " LIMIT ? OFFSET ?"
            parameters += [limit, offset]
        return self._run(sql, parameters)

    def in_chunks(
        self,
        table_name: str,
        columns: Sequence[str],
        take: Callable[[list[tuple[Any, ...]]], None],
        where: Sequence[Where] = (),
        *,
        at_once: int = 20_000,
    ) -> None:
        """Hand all rows of one moment to `take`, some at a time: for tables too large for memory as Python values."""
        table = self._tables[table_name]
        _check_columns(table, columns)
        terms, parameters = self._terms(table, where)
        names = ", ".join(f'"{c}"' for c in columns)
        with self._store.reading() as db:
            rows = db.execute(f'SELECT {names} FROM "{table_name}" WHERE {terms}', tuple(parameters))
            while some := list(islice(rows, at_once)):
                take(some)

    def count(self, table_name: str, where: Sequence[Where] = ()) -> int:
        """How many visible rows meet the conditions."""
        table = self._tables[table_name]
        terms, parameters = self._terms(table, where)
        return int(self._run(f'SELECT count(*) FROM "{table_name}" WHERE {terms}', parameters)[0][0])

    def match(self, table_name: str, query: str, *, limit: int, where: Sequence[Where] = ()) -> Matches:
        """Rows whose full-text columns meet an FTS5 query: all visible ones counted, the best `limit` of them read.

        Best is by `word_score`; ties are broken by id. Raises InputError for a query that FTS5 refuses.
        """
        table = self._tables[table_name]
        terms, parameters = self._terms(table, where)
        words = f'"{table_name}_words"'
        base = (
            f'FROM {words} JOIN "{table_name}" ON "{table_name}".id = {words}.rowid WHERE {words} MATCH ? AND {terms}'
        )
        ranked = f'SELECT "{table_name}".id, word_score({words}) {base} ORDER BY 2 DESC, 1'
        columns = ", ".join(f'"{table_name}"."{c}"' for c in table.all_columns)
        snippet = f"snippet({words}, -1, char(2), char(3), '…', 24)"
        try:
            every = self._run(ranked, [query, *parameters])
            scores = dict(every[:limit])
            # Snippets are made for the few that are shown, not for every hit that was scored.
            marks = ", ".join("?" * len(scores))
            sql = f'SELECT "{table_name}".id, {snippet}, {columns} {base} AND "{table_name}".id IN ({marks})'
            found = {row[0]: row for row in self._run(sql, [query, *parameters, *scores])}
        except apsw.SQLError as error:
            raise InputError(
                where="search", got=repr(query), want="words and quoted phrases", fix=f"The index says: {error}."
            ) from None
        names = table.all_columns
        hits = [Hit(dict(zip(names, found[i][2:], strict=True)), score, found[i][1]) for i, score in scores.items()]
        digest = hashlib.sha256(json.dumps([row[0] for row in every]).encode()).hexdigest()
        return Matches(len(every), hits, digest)

    def text_ids(self, table_name: str, query: str) -> str:
        """Ids of visible rows of a word table that meet an FTS5 query; InputError for one that FTS5 refuses."""
        try:
            with self._store.reading() as db:
                return self._full_text(db, table_name).ids(query)
        except apsw.SQLError as error:
            raise InputError(
                where="search", got=repr(query), want="words and quoted phrases", fix=f"The index says: {error}."
            ) from None

    def text_places(self, table_name: str, word: str) -> str:
        """Where a word stands in visible rows of a word table; see `FullText.places`."""
        with self._store.reading() as db:
            return self._full_text(db, table_name).places(word)

    def vocabulary(self, table_name: str) -> list[str]:
        """Every word of a word table, hidden ones too: what is made of it must be held against what is visible."""
        with self._store.reading() as db:
            return self._full_text(db, table_name).vocabulary()

    def _full_text(self, db: apsw.Connection, table_name: str) -> FullText:
        table = self._tables[table_name]
        return FullText(db, table, self._visible.hidden_texts(table))

    def texts(self, table_name: str, columns: Sequence[str], ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """Columns of the visible rows of a word table with these ids, by id."""
        table = self._tables[table_name]
        _check_columns(table, columns)
        terms, parameters = self._terms(table, ())
        names = ", ".join(f'"{c}"' for c in columns)
        sql = f'SELECT id, {names} FROM "{table_name}" WHERE id IN (SELECT value FROM json_each(?)) AND {terms}'
        return {row[0]: row[1:] for row in self._run(sql, [json.dumps([int(i) for i in ids]), *parameters])}

    def new_texts(
        self, table_name: str, columns: Sequence[str], after: int, beyond: int, limit: int
    ) -> list[tuple[Any, ...]]:
        """Id and columns of visible rows of a word table that entries after `after` wrote, in order of ids.

        beyond, limit  at most `limit` rows with ids above `beyond`: a book of any size can be taken in by pieces
        """
        table = self._tables[table_name]
        _check_columns(table, columns)
        terms, parameters = self._terms(table, [])
        names = ", ".join(f'"{c}"' for c in columns)
        # A few new rows are found by their entry, all rows by their ids.
        place = "id" if after < 0 else "+id"
        where = f"seq > ? AND {place} > ? AND {terms} ORDER BY {place} LIMIT ?"
        return self._run(f'SELECT id, {names} FROM "{table_name}" WHERE {where}', [after, beyond, *parameters, limit])

    def generation(self) -> int:
        """Another number whenever tables were made anew: ids of texts that were kept are then worth nothing."""
        return int(self._run("PRAGMA schema_version", [])[0][0])

    def entries_of_case(self, case_id: str) -> list[Entry]:
        """All entries that concern a visible case, in order; none for a case that is hidden or does not exist.

        Each payload is checked against its leaf; TamperError names the entry that does not fit.
        """
        return self._entries([Where("case_id", "=", case_id)], "ORDER BY e.seq", [])

    def log(self, where: Sequence[Where], *, limit: int) -> list[Entry]:
        """The newest entries that meet conditions on `entry_index`, newest first; those on hidden cases are absent."""
        # By the index's own number: else every entry is walked through to find a few of a rare kind.
        return self._entries(where, 'ORDER BY "entry_index".seq DESC LIMIT ?', [limit])

    def blob(self, digest: str, document: str) -> bytes | None:
        """Bytes that an entry on a visible document names (the document itself or a text layer); None otherwise.

        A document of a hidden case and a visible one is seen under the visible one, whichever it was read for.
        """
        if not self.count("entry_index", [Where("document_id", "=", document)]):
            return None
        sql = (
            'SELECT e.seq, e.leaf, p.salt, p.body FROM "entry_index" AS i JOIN entry AS e ON e.seq = i.seq '
            # Looks and mentions are by far the most entries of a document, and never name a file.
            "JOIN payload AS p ON p.seq = e.seq WHERE i.document_id = ? "
            "AND i.kind NOT LIKE 'mention.%' AND i.kind NOT LIKE 'access.%'"
        )
        named = [checked_entry(*row).payload for row in self._run(sql, [document])]
        if not any(digest in payload.get("blobs", []) for payload in named if payload):
            return None
        return self._store.blobs.get(digest)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The whole log of this moment with what is visible of its contents."""
        with self._store.reading() as db:
            db.execute("BEGIN")
            try:
                yield Snapshot(db, self._visible)
            finally:
                db.execute("COMMIT")

    def changed_seq(self, projection: str) -> int:
        """The last entry that changed a projection: arrays in memory are valid while it stays the same."""
        return int(self._run("SELECT changed_seq FROM projection WHERE name = ?", [projection])[0][0])

    def _entries(self, where: Sequence[Where], order: str, more: Sequence[Any]) -> list[Entry]:
        terms, parameters = self._terms(self._tables["entry_index"], where)
        hidden, hidden_parameters = self._visible.sql("other")
        # An entry that touches a hidden case and a visible one is hidden: its payload speaks of both.
        veil = (
            f'AND NOT EXISTS (SELECT 1 FROM entry_index AS other WHERE other.seq = "entry_index".seq '
            f"AND NOT ({' AND '.join(hidden)}))"
            if hidden
            else ""
        )
        sql = (
            'SELECT DISTINCT e.seq, e.leaf, p.salt, p.body FROM "entry_index" JOIN entry AS e '
            'ON e.seq = "entry_index".seq JOIN payload AS p ON p.seq = e.seq '
            f"WHERE {terms} {veil} {order}"
        )
        return [checked_entry(*row) for row in self._run(sql, [*parameters, *hidden_parameters, *more])]

    def _terms(self, table: Table, where: Sequence[Where]) -> tuple[str, list[Any]]:
        _check_columns(table, [condition.column for condition in where])
        terms, parameters = where_sql(table, where)
        visible, more = self._visible.sql(table.name)
        if visible and "entry" in table.columns:
            # A row that holds an entry's own words is hidden with any of the cases that the entry speaks of.
            others, others_more = self._visible.sql("other")
            known = f'SELECT 1 FROM entry_index AS other WHERE other.seq = "{table.name}"."entry"'
            visible = [*visible, f"NOT EXISTS ({known} AND NOT ({' AND '.join(others)}))"]
            more = [*more, *others_more]
        return " AND ".join(terms + visible) or "1", parameters + more

    def _run(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        with self._store.reading() as db:
            return db.execute(sql, tuple(parameters)).fetchall()


def _check_columns(table: Table, names: Sequence[str]) -> None:
    for name in names:
        if name not in table.all_columns and name not in SCOPE:
            raise InputError(
                where=f"query over {table.name}",
                got=repr(name),
                want="one of " + ", ".join(sorted(table.columns)),
                fix="Use one of these names.",
            )
