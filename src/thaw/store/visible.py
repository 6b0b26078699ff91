"""What one reader may see; every query carries it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .table import Table


@dataclass(frozen=True, slots=True)
class Visible:
    """What one reader may see: everything but these ids. The default hides nothing."""

    hidden_cases: frozenset[str] = frozenset()
    hidden_documents: frozenset[str] = frozenset()

    def sql(self, table_name: str) -> tuple[list[str], list[Any]]:
        """Terms and parameters that keep hidden rows out of a query over this table."""
        terms: list[str] = []
        parameters: list[Any] = []
        for column, hidden in (("case_id", self.hidden_cases), ("document_id", self.hidden_documents)):
            if hidden:
                name = f'"{table_name}"."{column}"'
                terms.append(f"({name} IS NULL OR {name} NOT IN (SELECT value FROM json_each(?)))")
                parameters.append(json.dumps(sorted(hidden)))
        return terms, parameters

    def hidden_texts(self, table: Table) -> tuple[str, list[str]]:
        """A query for the ids of the hidden rows of a word table, with its parameters; "" when nothing is hidden."""
        parts, parameters = [], []
        for column, hidden in (("case_id", self.hidden_cases), ("document_id", self.hidden_documents)):
            if hidden:
                chosen = "IN (SELECT value FROM json_each(?))"
                parts.append(f'SELECT id FROM "{table.name}" WHERE "{column}" {chosen}')
                parameters.append(json.dumps(sorted(hidden)))
                if "entry" in table.columns:
                    by_entry = f'"{table.name}" AS t JOIN entry_index AS e ON e.seq = t.entry'
                    parts.append(f'SELECT t.id FROM {by_entry} WHERE e."{column}" {chosen}')
                    parameters.append(json.dumps(sorted(hidden)))
        return " UNION ALL ".join(parts), parameters
