"""One entry of the ledger as a person sees it, and the proof that it is in the tree of a signed checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from thaw.access import View
from thaw.casebook import list_documents
from thaw.casebook.persons import compared_persons
from thaw.data import data_path
from thaw.errors import InputError
from thaw.ledger import inclusion_proof
from thaw.outside import ProofFile
from thaw.store import Entry, Where

from .book import Session
from .decided import decision_words
from .person_records import listed_person
from .policies import policy_text

_NAMED, _LOOKED_AT = 24, 20_000


def ledger_entry(session: Session, seq: int, *, purpose: str = "") -> dict[str, Any]:
    """Leaf and content of one entry; `content` is None when it was sealed, and holds no genotype of a relative.

    decision  what it decides in words, with detail and reason, as `decided.decisions` tells it; None for another kind
    cases, persons, documents  those that it is on or speaks of, by name, as far as they are visible
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
        "decision": decision_words(entry),
        **_spoken_of(view, entry),
        "content": _without_genotypes(entry.payload),
        "leaf": leaf.to_bytes().decode("ascii"),
    }


def _spoken_of(view: View, entry: Entry) -> dict[str, Any]:
    """Cases, persons and documents whose ids stand in an entry, by name: an id alone tells a reader nothing."""
    ids = sorted(set(islice(_texts([entry.leaf.obj, entry.payload]), _LOOKED_AT)))
    cases = [one for one in ids if one.startswith("c_")]
    persons = [one for one in ids if one.startswith("p_")]
    documents = [one for one in ids if len(one) == 64]
    columns = ["case_id", "title", "invented"]
    found = view.select("cases", columns, [Where("case_id", "in", cases)], limit=_NAMED) if cases else []
    people = compared_persons(view, [Where("person_id", "in", persons)])[:_NAMED] if persons else []
    papers = list_documents(view, [Where("document_id", "in", documents)]) if documents else []
    return {
        "cases": [dict(zip(columns, row, strict=True)) for row in found],
        "persons": [listed_person(person) for person in people],
        "documents": list({row["document_id"]: row["file"] for row in papers}.items())[:_NAMED],
    }


def _texts(value: Any) -> Iterator[str]:
    """Every text in a payload; names of members are words of ours."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one


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
