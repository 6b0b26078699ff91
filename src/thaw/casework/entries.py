"""One entry of the ledger as a person sees it, and the proof that it is in the tree of a signed checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.access import View
from thaw.data import data_path
from thaw.errors import InputError
from thaw.ledger import inclusion_proof
from thaw.outside import ProofFile
from thaw.store import Entry, Where

from .book import Session
from .policies import policy_text


def ledger_entry(session: Session, seq: int, *, purpose: str = "") -> dict[str, Any]:
    """Leaf and content of one entry; `content` is None when it was sealed, and holds no genotype of a relative.

    Raises InputError, in the same words, for an entry that is not there and one that may not be seen.
    """
    view = session.look(purpose, kind="access.list", detail={"command": "entry", "asked": str(seq)})
    entry = _entry(view, seq)
    leaf = entry.leaf
    return {
        "seq": leaf.seq,
        "at": leaf.at,
        "kind": leaf.kind,
        "actor": leaf.actor,
        "auth": leaf.auth,
        "object": leaf.obj,
        "supersedes": leaf.prev,
        "by": (entry.payload or {}).get("by"),
        "content": _without_genotypes(entry.payload),
        "leaf": leaf.to_bytes().decode("ascii"),
    }


def inclusion_file(session: Session, seq: int, *, purpose: str = "") -> str:
    """The C2SP tlog-proof of an entry: the hashes from it to the root of the newest signed checkpoint, and that note.

    Raises InputError as `ledger_entry`.
    """
    detail = {"command": "proof", "asked": str(seq)}
    view = session.look(purpose, kind="access.export", detail=detail)
    _entry(view, seq)
    with view.snapshot() as taken:
        return ProofFile(seq, tuple(inclusion_proof(seq, taken.size, taken.tile)), taken.note).text()


def verifier_file() -> bytes:
    """The program that checks a bundle: one file that needs only Python."""
    return data_path("bundle/verify.py").read_bytes()


def policy_file_text(session: Session) -> str:
    """The keys that vouch for this book, as text for somebody outside."""
    return policy_text(session.book)


def _without_genotypes(payload: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Relatives gave their profiles to name the missing, so a search reads them and no eye does."""
    if payload is None or "genotypes" not in payload:
        return payload
    return {**payload, "genotypes": f"{len(payload['genotypes'])} loci, not shown"}


def _entry(view: View, seq: int) -> Entry:
    found = view.log([Where("seq", "=", seq)], limit=1) if seq >= 0 else []
    if not found:
        raise InputError(
            where="entry", got=f"number {seq}", want="an entry of this ledger", fix="Take its number from the log."
        )
    return found[0]
