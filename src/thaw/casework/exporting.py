"""What every export states, and its entry: no file leaves the workbench without one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from thaw.ledger import open_checkpoint
from thaw.report import Origin

from .book import Session


def origin(session: Session, what: str, *, filters: Sequence[str], left_out: Sequence[str], purpose: str) -> Origin:
    """What a file that is made now has to say of itself: the newest signed head of the ledger stands in it."""
    head = open_checkpoint(session.book.store.newest_note(), session.book.store.verifier)
    at = session.book.clock().strftime("%Y-%m-%d %H:%M:%S UTC")
    return Origin(what, tuple(filters), tuple(left_out), head.size, head.root.hex(), at, session.actor.name, purpose)


def keep_export(
    session: Session,
    body: bytes,
    *,
    file: str,
    command: str,
    about: Origin,
    case_ids: Sequence[str] = (),
    rows: int | None = None,
) -> dict[str, Any]:
    """Commit that these bytes leave the book, with their digest; returns entry and sha256.

    case_ids  the cases that the file holds: the export stands in the log of each
    """
    digest = hashlib.sha256(body).hexdigest()
    payload: dict[str, Any] = {
        "command": command,
        "file": file,
        "sha256": digest,
        "rows": rows,
        "filters": list(about.filters),
        "left_out": list(about.left_out),
        "size": about.size,
        "purpose": about.purpose,
    }
    if case_ids:
        payload["scope"] = {"case": sorted(set(case_ids))}
    entry = session.book.store.append(session.draft("access.export", payload)).result[0]
    return {"entry": entry, "sha256": digest}
