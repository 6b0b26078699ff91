"""The store's own projection: which entries concern which case, document or box, and who made them when.

Sealing, redaction, the log and the folding of a case find their entries here.
"""

from __future__ import annotations

from .projection import Entry, Rows
from .table import SCOPE, Table


class EntryIndex:
    """One row per entry and scope; a payload names its scope under the key `scope`.

    `{"case": id or list of ids, "box": id, "document": digest, "section": id, "sensitivity": level}`, each optional.
    """

    name = "entry_index"
    version = 1
    tables = (
        Table(
            "entry_index",
            {"seq": "integer", "n": "integer", "kind": "text", "at": "text", "actor": "text", "obj": "text"},
            key=("seq", "n"),
            indexes=(("case_id",), ("actor",), ("document_id",)),
        ),
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Index one entry under each case that its scope names."""
        leaf = entry.leaf
        scope = (entry.payload or {}).get("scope", {})
        cases = scope.get("case")
        for n, case_id in enumerate(cases if isinstance(cases, list) else [cases]):
            row = {"seq": leaf.seq, "n": n, "kind": leaf.kind, "at": leaf.at, "actor": leaf.actor, "obj": leaf.obj}
            row |= {column: scope.get(column.removesuffix("_id")) for column in SCOPE}
            rows.put("entry_index", row | {"case_id": case_id})
