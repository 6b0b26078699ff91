"""Reads a word index: which texts meet a query, where a word stands, which words there are; hidden texts left out.

Ids come as one text of numbers: SQLite puts them together ten times faster than Python could take them row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import apsw

from .table import Table

_MOST_WORD_LENGTH = 64


class FullText:
    """The word index of one table, for one connection.

    hidden  a query for the ids of rows that this reader may not see, with its parameters; empty when there are none
    """

    def __init__(self, db: apsw.Connection, table: Table, hidden: tuple[str, Sequence[Any]]) -> None:
        self._db = db
        self._name = f"{table.name}_words"
        self._seen = f"{table.name}_places"
        self._hidden, self._parameters = hidden
        db.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.\"{self._seen}\" USING fts5vocab(main, '{self._name}', instance)"
        )

    def ids(self, query: str) -> str:
        """Ids of the visible texts that meet a query in the language of FTS5, with blanks between them.

        Raises apsw.SQLError for a query that FTS5 refuses.
        """
        sql = f'SELECT group_concat(rowid, \' \') FROM "{self._name}" WHERE "{self._name}" MATCH ?'
        return str(self._one(sql + self._veil("rowid"), query) or "")

    def places(self, word: str) -> str:
        """One id per place where the word stands in a visible text; an id stands as often as its text has the word."""
        sql = f"SELECT group_concat(doc, ' ') FROM temp.\"{self._seen}\" WHERE term = ?"
        return str(self._one(sql + self._veil("doc"), word) or "")

    def vocabulary(self) -> list[str]:
        """Every word of the index, those of hidden texts too, in order of code points."""
        spell = f'temp."{self._name}_spelt"'
        self._db.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {spell} USING fts5vocab(main, '{self._name}', row)")
        found = self._db.execute(f"SELECT term FROM {spell} WHERE length(term) <= {_MOST_WORD_LENGTH}")
        return [str(term) for (term,) in found]

    def _veil(self, column: str) -> str:
        return f" AND {column} NOT IN ({self._hidden})" if self._hidden else ""

    def _one(self, sql: str, asked: str) -> Any:
        return self._db.execute(sql, (asked, *self._parameters)).get
