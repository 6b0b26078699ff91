"""Tables of projections, declared; the SQL for them is written here and nowhere else.

Every row carries case, box, document, section and sensitivity ids, so that grants, sealing and redaction find it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

SCOPE = ("case_id", "box_id", "document_id", "section", "sensitivity")
_SHAPES = 1_000
_OPERATORS = {"=": "=", "<=": "<=", ">=": ">=", "<>": "<>"}
# One parameter, however long the list is: SQLite takes 32,766 of them at most.
_LISTS = {
    "in": "{0} IN (SELECT value FROM json_each(?))",
    "not in": "{0} NOT IN (SELECT value FROM json_each(?))",
}


@dataclass(frozen=True)
class Table:
    """One table of a projection.

    columns    name -> text, integer, real or blob; the scope columns are added
    key        columns that name a row; a row put with the same key replaces the one before
    indexes    further column groups that queries filter on
    full_text  columns that `Reader.match` searches by words
    """

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    full_text: tuple[str, ...] = ()

    @cached_property
    def all_columns(self) -> tuple[str, ...]:
        """Own columns, then those scope columns that are not among them."""
        return (*self.columns, *(c for c in SCOPE if c not in self.columns))

    def create_sql(self) -> str:
        """Statements that make the table, its indexes and its word index."""
        types = {c: self.columns.get(c, "text").upper() for c in self.all_columns}
        lines = ["id INTEGER PRIMARY KEY"] if self.full_text else []
        lines += [f'"{name}" {kind}' for name, kind in types.items()]
        key = ", ".join(f'"{c}"' for c in self.key)
        lines.append(f"UNIQUE ({key})")
        # Keys are random, so wide rows stay in the order of arrival and only their keys are sorted.
        sql = [f'CREATE TABLE "{self.name}" ({", ".join(lines)}) STRICT']
        for i, columns in enumerate(self.indexes):
            names = ", ".join(f'"{c}"' for c in columns)
            known = f'WHERE "{columns[0]}" IS NOT NULL'
            sql.append(f'CREATE INDEX "{self.name}_{i}" ON "{self.name}" ({names}) {known}')
        if self.full_text:
            words = ", ".join(f'"{c}"' for c in self.full_text)
            sql.append(
                f'CREATE VIRTUAL TABLE "{self.name}_words" USING fts5({words}, content="{self.name}", '
                "content_rowid=id, tokenize='unicode61 remove_diacritics 2')"
            )
            sql.append(f'INSERT INTO "{self.name}_words" ("{self.name}_words", rank) VALUES (\'secure-delete\', 1)')
        return ";\n".join(sql)

    def drop_sql(self) -> str:
        """Statements that remove the table and what hangs on it."""
        words = f'DROP TABLE IF EXISTS "{self.name}_words"; ' if self.full_text else ""
        return f'{words}DROP TABLE IF EXISTS "{self.name}"'

    def insert_of(self, names: tuple[str, ...]) -> tuple[str, Callable[[tuple[Any, ...]], tuple[Any, ...]] | None]:
        """SQL that writes rows which hold these columns, and what picks the known ones from their values, None for all.

        Rows of a register hold half of a table's columns: the others are not bound to NULL one by one. Parameters are
        the columns, preceded by the id for word tables. A row with the same key is replaced, but in word tables, whose
        old row is taken out first with its words.
        """
        found = self._inserts.get(names)
        if found is None:
            known = [i for i, name in enumerate(names) if name in self.all_columns]
            sql = self._insert(tuple(names[i] for i in known))
            whole = len(known) == len(names)
            found = sql, None if whole else (lambda values: tuple([values[i] for i in known]))
            if len(self._inserts) >= _SHAPES:
                self._inserts.clear()
            self._inserts[names] = found
        return found

    @cached_property
    def _inserts(self) -> dict[tuple[str, ...], tuple[str, Callable[[tuple[Any, ...]], tuple[Any, ...]] | None]]:
        return {}

    def _insert(self, names: tuple[str, ...]) -> str:
        listed = ("id", *names) if self.full_text else names
        columns = ", ".join(f'"{c}"' for c in listed)
        # With a word index beside the table, OR REPLACE costs eight times the plain insert (measured on 41,423 rows).
        verb = "INSERT" if self.full_text else "INSERT OR REPLACE"
        return f'{verb} INTO "{self.name}" ({columns}) VALUES ({", ".join("?" * len(listed))})'


@dataclass(frozen=True, slots=True)
class Where:
    """One condition of a query: column, operator, value.

    operator  =, <=, >=, <>; `same` compares texts without regard to case; in; not in; known; unknown
    """

    column: str
    operator: str
    value: Any = None


def where_sql(table: Table, conditions: Sequence[Where]) -> tuple[list[str], list[Any]]:
    """The conditions as SQL terms with their parameters. KeyError for an unknown column or operator."""
    terms: list[str] = []
    parameters: list[Any] = []
    for condition in conditions:
        if condition.column not in table.all_columns:
            raise KeyError(condition.column)
        column = f'"{table.name}"."{condition.column}"'
        if condition.operator in _OPERATORS:
            terms.append(f"{column} {_OPERATORS[condition.operator]} ?")
            parameters.append(condition.value)
        elif condition.operator == "same":
            terms.append(f"{column} = ? COLLATE NOCASE")
            parameters.append(condition.value)
        elif condition.operator in _LISTS:
            terms.append(_LISTS[condition.operator].format(column))
            parameters.append(json.dumps(list(condition.value)))
        elif condition.operator in ("known", "unknown"):
            terms.append(f"{column} IS {'NOT ' if condition.operator == 'known' else ''}NULL")
        else:
            raise KeyError(condition.operator)
    return terms, parameters
