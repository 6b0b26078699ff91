"""The store's own projection: which entries concern which case, document or box, and who made them when.

Sealing, redaction, the log and the folding of a case find their entries here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.ledger import Leaf

from .projection import Entry, Rows
from .table import SCOPE, Table

_NAMES = tuple((column, column.removesuffix("_id")) for column in SCOPE)


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
        self._index(leaf.seq, leaf, (entry.payload or {}).get("scope", {}), rows)
        if leaf.kind == "seal.destroy" and entry.payload:
            # A destroyed payload cannot say any more whom it concerned: the order that destroyed it does.
            for sealed in entry.payload["entries"]:
                self._index(sealed["seq"], rows.entry(sealed["seq"]).leaf, sealed["scope"], rows)

    def _index(self, seq: int, leaf: Leaf, scope: Mapping[str, Any], rows: Rows) -> None:
        cases = scope.get("case")
        further = {column: scope[name] for column, name in _NAMES if name in scope and name != "case"}
        for n, case_id in enumerate(cases if isinstance(cases, list) else [cases]):
            row = {"seq": seq, "n": n, "kind": leaf.kind, "at": leaf.at, "actor": leaf.actor, "obj": leaf.obj}
            rows.add("entry_index", {**row, **further, "case_id": case_id})
