"""One moment of a book, read from beginning to end: what an export is made from. Only the room `access` makes one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import cast

import apsw

from .projection import Entry, checked_entry
from .visible import Visible

PayloadRow = tuple[int, bytes | None, bytes | None, int | None]


class Snapshot:
    """Entries, contents and tiles as they were when it was taken, whatever others write meanwhile.

    Leaves and tiles hold no content and are all there. Contents that the reader may not see are left out.
    """

    def __init__(self, db: apsw.Connection, visible: Visible) -> None:
        self._db = db
        self._visible = visible
        size, note = db.execute("SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1").fetchall()[0]
        self.size, self.note = cast(int, size), str(note)

    def leaves(self) -> Iterator[tuple[int, bytes]]:
        """All entries in order."""
        yield from self._db.execute("SELECT seq, leaf FROM entry WHERE seq < ? ORDER BY seq", (self.size,))

    def payloads(self, seqs: Sequence[int] | None = None) -> Iterator[PayloadRow]:
        """Number, salt, content, number of the seal order; all visible ones in order, or those asked for."""
        veil, parameters = self._veil()
        chosen = "" if seqs is None else "AND p.seq IN (SELECT value FROM json_each(?))"
        more = [] if seqs is None else [json.dumps(list(seqs))]
        sql = (
            "SELECT p.seq, p.salt, p.body, p.sealed_by FROM payload AS p "
            f"WHERE p.seq < ? {chosen} {veil} ORDER BY p.seq"
        )
        yield from self._db.execute(sql, (self.size, *more, *parameters))

    def tile(self, level: int, number: int) -> bytes:
        """Hashes of a stored tile, b"" where there is none."""
        found = self._db.execute("SELECT hashes FROM tile WHERE level = ? AND number = ?", (level, number)).get
        return found if isinstance(found, bytes) else b""

    def checkpoint(self, size: int) -> str | None:
        """The stored note of this size, if a commit ended there."""
        found = self._db.execute("SELECT note FROM checkpoint WHERE size = ?", (size,)).get
        return found if isinstance(found, str) else None

    def entries(self, seqs: Sequence[int]) -> Iterator[Entry]:
        """These entries in order; the content of one that the reader may not see is None."""
        contents = {seq: (salt, body) for seq, salt, body, _ in self.payloads(seqs)}
        sql = "SELECT seq, leaf FROM entry WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq"
        for seq, leaf in self._db.execute(sql, (json.dumps(list(seqs)),)):
            yield checked_entry(seq, leaf, *contents.get(seq, (None, None)))

    def of_kinds(self, kinds: Sequence[str]) -> list[int]:
        """Numbers of the entries of these kinds."""
        marks = ", ".join("?" * len(kinds))
        sql = f"SELECT DISTINCT seq FROM entry_index WHERE kind IN ({marks}) AND seq < ? ORDER BY seq"
        return [cast(int, seq) for (seq,) in self._db.execute(sql, (*kinds, self.size)).fetchall()]

    def of_case(self, case_id: str) -> list[int]:
        """Numbers of the entries that concern a case; none when it is hidden."""
        if case_id in self._visible.hidden_cases:
            return []
        sql = "SELECT DISTINCT seq FROM entry_index WHERE case_id = ? AND seq < ? ORDER BY seq"
        return [cast(int, seq) for (seq,) in self._db.execute(sql, (case_id, self.size)).fetchall()]

    def of_document(self, document: str) -> list[int]:
        """Numbers of the entries on a document, whatever case it was put to."""
        sql = "SELECT DISTINCT seq FROM entry_index WHERE document_id = ? AND seq < ? ORDER BY seq"
        return [cast(int, seq) for (seq,) in self._db.execute(sql, (document, self.size)).fetchall()]

    def _veil(self) -> tuple[str, list[str]]:
        terms, parameters = self._visible.sql("other")
        if not terms:
            return "", []
        hidden = f"SELECT 1 FROM entry_index AS other WHERE other.seq = p.seq AND NOT ({' AND '.join(terms)})"
        return f"AND NOT EXISTS ({hidden})", parameters
