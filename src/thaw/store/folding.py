"""Tells projections of all entries, and reads what entry 0 says of the book."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import apsw

from thaw.errors import ThawError

from .projection import Entry, Projection, Rows, checked_entry, iterate_entries


def fingerprint(secret: bytes, *parts: str) -> bytes:
    """HMAC-SHA-256 over the parts, each behind its length in 8 bytes, first 16 bytes; see `Store.fingerprint`."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    # With a separator instead, a text that holds the separator could pass for two parts.
    message = b"".join([len(part).to_bytes(8, "big") + part for part in encoded])
    return hmac.digest(secret, message, "sha256")[:16]


def fold_all(
    db: apsw.Connection,
    projections: Sequence[Projection],
    rows: Rows,
    progress: Callable[[int], None] = lambda seq: None,
) -> dict[str, int]:
    """Tell projections of every entry, in order; by name the last entry that changed each, -1 for none."""
    last = dict.fromkeys((projection.name for projection in projections), -1)
    for entry in iterate_entries(db):
        progress(entry.leaf.seq)
        for projection in projections:
            rows.changed.clear()
            projection.apply(entry, rows)
            if rows.changed:
                last[projection.name] = entry.leaf.seq
    rows.flush()
    return last


def whole_entry(db: apsw.Connection, seq: int) -> Entry | None:
    """An entry whose content is there and is what it committed to, else None."""
    sql = (
        "SELECT seq, CAST(leaf AS BLOB), CAST(salt AS BLOB), CAST(body AS BLOB) "
        "FROM entry JOIN payload USING (seq) WHERE seq = ?"
    )
    for row in db.execute(sql, (seq,)):
        try:
            entry = checked_entry(*row)
        except (ThawError, ValueError):
            # Caught: whoever asks says so in its own words; the check of the log names the entry.
            return None
        return entry if isinstance(entry.payload, Mapping) else None
    return None


def first_facts(db: apsw.Connection) -> dict[str, Any] | None:
    """The payload of entry 0 when it is there, is a `book.create`, and is what the entry committed to."""
    entry = whole_entry(db, 0)
    if entry is None or entry.leaf.kind != "book.create" or not entry.payload:
        return None
    return dict(entry.payload)


def recorded_versions(db: apsw.Connection) -> dict[str, int]:
    """Name -> version of the projections as the entries say: entry 0 and every `projection.rebuild` after it."""
    versions: dict[str, int] = dict((first_facts(db) or {}).get("projections", {}))
    # Every rebuild is in the index, but the index is itself a projection: what entries say is asked of the entries.
    found = db.execute(
        'SELECT seq FROM entry WHERE instr(leaf, CAST(\'"kind":"projection.rebuild"\' AS BLOB)) ORDER BY seq'
    ).fetchall()
    for (seq,) in found:
        entry = whole_entry(db, cast(int, seq))
        if entry is not None and entry.payload:
            versions.update(entry.payload.get("versions", {}))
    return versions


def size_of(db: apsw.Connection) -> int:
    """Number of entries: one more than the highest number."""
    return int(db.execute("SELECT coalesce(max(seq) + 1, 0) FROM entry").get)
