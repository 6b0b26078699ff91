"""The ledger as people see it: the log, the newest checkpoint, verification, rejects."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.ledger import Receipt, Verification, Verifier, open_checkpoint
from thaw.outside import Policy
from thaw.store import Where, verify_book

from .book import Progress, Session, actor_id, no_progress, projections
from .policies import read_policy
from .receipts import ReceiptBook
from .settings import read_settings


def log(
    session: Session, *, case_id: str | None = None, person: str | None = None, limit: int = 100, purpose: str = ""
) -> list[dict[str, Any]]:
    """The newest entries, newest first; only those on one case or by one person when asked."""
    view = session.look(purpose, kind="access.list", detail={"command": "log"}, about=case_id)
    where = [Where("case_id", "=", view.about)] if view.about else []
    if person is not None:
        where.append(Where("actor", "=", actor_id(session.book, person)))
    return [
        {
            "seq": entry.leaf.seq,
            "at": entry.leaf.at,
            "kind": entry.leaf.kind,
            "by": (entry.payload or {}).get("by"),
            "actor": entry.leaf.actor,
            "auth": entry.leaf.auth,
            "purpose": (entry.payload or {}).get("purpose"),
            "about": _about(entry.payload or {}),
            "object": entry.leaf.obj,
            "supersedes": entry.leaf.prev,
            "content": "sealed" if entry.payload is None else "held",
        }
        for entry in view.log(where, limit=limit)
    ]


def _about(payload: Mapping[str, Any]) -> str | None:
    """What an entry is about in one line: command, what was asked or searched for, file, else the case."""
    asked = [payload.get(name) for name in ("command", "asked", "query", "file")]
    words = [str(word) for word in asked if word]
    box = payload.get("box") or payload.get("label")
    words += [f"in box {box}" if asked[-1] else f"box {box}"] if isinstance(box, str) else []
    words += [f"where {' and '.join(payload['where'])}"] if payload.get("where") else []
    case = payload.get("scope", {}).get("case")
    return " ".join(words) or (case if isinstance(case, str) else None)


def rejects(session: Session, *, purpose: str = "", everything: bool = False) -> list[dict[str, Any]]:
    """All that could not be read: rows of registers (`id` is the entry), then files and pages (`id` is the document).

    Rows that were settled only with `everything`.
    """
    view = session.look(purpose, kind="access.list", detail={"command": "rejects"})
    rows = _listed_rejects(view, [] if everything else [Where("resolved", "unknown")])
    columns = ["document_id", "file", "got", "want"]
    files = view.select("documents", columns, [Where("state", "=", "failed")], order=["seq"])
    rows += [_paper_reject(digest, file, None, got, want) for digest, file, got, want in dict.fromkeys(files)]
    pages = view.select("pages", ["document_id", "page", "problem"], [Where("ocr", "=", "failed")], order=["page"])
    for digest, page, problem in dict.fromkeys(pages):
        file = view.select("documents", ["file"], [Where("document_id", "=", digest)], limit=1)[0][0]
        rows.append(_paper_reject(digest, file, f"page {page}", problem, "a page that can be read"))
    return rows


def _paper_reject(digest: str, file: str, field: str | None, got: str, want: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("line", "raw", "row", "resolved"))
    return {"id": digest, "file": file, "field": field, "got": got, "want": want, **nothing}


def resolve_reject(session: Session, reject: int, *, reason: str, purpose: str = "") -> dict[str, Any]:
    """Settle a reject by hand, such as a row that was mended or entered otherwise; returns the reject as it is now.

    Raises InputError for an empty reason and for a number that is no reject, is hidden, or is settled already.
    """
    if not reason.strip():
        raise InputError(
            where="rejects resolve", got="no reason", want="what became of the row", fix="Use --reason TEXT."
        )
    view = session.look(purpose, kind="access.list", detail={"command": "rejects resolve", "asked": str(reject)})
    known = _listed_rejects(view, [Where("seq", "=", reject)])
    if not known or known[0]["resolved"]:
        got = f"reject {reject}, settled already" if known else f"reject {reject}, which is not there"
        raise InputError(
            where="rejects resolve", got=got, want="the id of an open reject", fix="List them with `thaw rejects`."
        )
    case = view.select("rejects", ["case_id"], [Where("seq", "=", reject)])[0][0]
    facts = {"reject": reject, "reason": reason.strip(), "scope": {"case": case} if case else {}}
    session.book.store.append(session.draft("import.resolve", facts, obj=case))
    return _listed_rejects(view, [Where("seq", "=", reject)])[0]


def _listed_rejects(view: View, where: Sequence[Where]) -> list[dict[str, Any]]:
    names = ("id", "file", "line", "field", "got", "want", "raw", "row")
    settled = ("resolved", "resolved_by", "resolved_at")
    found = view.select("rejects", ["seq", *names[1:], *settled], where, order=["seq"])
    listed = []
    for row in found:
        reason, by, at = row[len(names) :]
        resolved = {"reason": reason, "by": by, "at": at} if reason else None
        listed.append(dict(zip(names, row, strict=False)) | {"resolved": resolved})
    return listed


def checkpoint(session: Session, out: Path | None = None) -> dict[str, Any]:
    """The newest signed checkpoint; with `out` it is also written to that file. Raises InputError if it exists."""
    note = session.book.store.newest_note()
    if out is not None:
        try:
            with out.open("x", encoding="utf-8") as file:
                file.write(note)
        except OSError as error:
            raise InputError(
                where=str(out), got=error.strerror or "an error", want="a new file", fix="Name another file."
            ) from None
    head = open_checkpoint(note, session.book.store.verifier)
    root = head.root.hex()
    return {"origin": head.origin, "size": head.size, "root": root, "note": note, "file": str(out) if out else None}


def verify(
    folder: Path,
    *,
    everything: bool = False,
    against: Sequence[Path] = (),
    public_key: str = "",
    policy: Path | None = None,
    notes: Sequence[str] = (),
    now: datetime | None = None,
    own_receipts: bool = False,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Verify a book from its database and public key; the log key is not needed and nothing is written.

    against     checkpoints kept elsewhere, or receipts: the book must still hold what each of them signed
    notes       more signed notes, as texts
    policy      file of keys that came by another way: its log key is used, and its witnesses must have signed
    own_receipts  also compare with what this account keeps of the book in this folder
    public_key  as noted when the book was made; else that of casebook.toml, which lies beside what it is to prove
    Raises InputError when there is no book, the key is none or a checkpoint file is unreadable.
    """
    rules = read_policy(policy)[0] if policy else None
    verifier = Verifier.parse(public_key or _key_of(rules, folder) or _own_key(folder))
    outside, receipts = _kept(against)
    if own_receipts:
        own = ReceiptBook.load(verifier.name, folder)
        outside = list(dict.fromkeys([*outside, *filter(None, (own.head, *own.witnessed))]))
        receipts += _rows(own.receipts)
    found: Verification = verify_book(
        folder,
        verifier=verifier,
        projections=projections(),
        everything=everything,
        outside=[*outside, *notes],
        receipts=receipts,
        witnesses=None if rules is None else {name: one.verifier for name, one in rules.witnesses.items()},
        enough=None if rules is None else rules.enough,
        now=now.timestamp() if now else None,
        progress=lambda done, total: progress("entries", done, total),
    )
    if own_receipts:
        found = found.plus(
            ("receipt-mismatch", 0, f"Entry 0 is another one: this account keeps receipts of the log {other.origin} "
             f"for this folder, and none of {verifier.name} that lies there: another book was put in its place.")
            for other in ReceiptBook.displaced(verifier.name, folder)
        )  # fmt: skip
    return {**found.to_json(), "everything": everything, "public_key": verifier.vkey}


def _key_of(policy: Policy | None, folder: Path) -> str:
    """The key of this book's log in the policy; "" without a policy."""
    if policy is None:
        return ""
    origin = str(read_settings(folder)["log.public_key"]).partition("+")[0]
    own = policy.verifiers_of(origin) or policy.logs
    if not own:
        raise InputError(
            where="policy", got="no log", want=f"a line `log` with the key of {origin}", fix="Ask for the right policy."
        )
    return own[-1].vkey


def _kept(paths: Sequence[Path]) -> tuple[list[str], list[Receipt]]:
    """The notes and the receipts in files that were kept elsewhere; a file of receipts holds several."""
    notes: list[str] = []
    receipts: list[Receipt] = []
    for path in paths:
        text = read_text(path)
        if text.lstrip().startswith("{"):
            kept = _receipts(path, text)
            receipts += kept
            notes += [one.checkpoint_note for one in kept]
        else:
            notes.append(_note(path, text))
    return list(dict.fromkeys(notes)), receipts


def _receipts(path: Path, text: str) -> list[Receipt]:
    try:
        found = json.loads(text)
        return _rows(found.get("receipts", [found]))
    except (ValueError, KeyError, TypeError):
        raise InputError(
            where=str(path),
            got="a file that holds no receipts",
            want="receipts as Thaw keeps them",
            fix="Check the name.",
        ) from None


def _rows(rows: Sequence[Mapping[str, Any]]) -> list[Receipt]:
    return [
        Receipt(int(r["seq"]), bytes.fromhex(r["leaf_hash"]), int(r["tree_size"]), bytes.fromhex(r["root"]),
                str(r["checkpoint"])) for r in rows
    ]  # fmt: skip


def _own_key(folder: Path) -> str:
    public_key = str(read_settings(folder)["log.public_key"])
    if not public_key:
        raise InputError(
            where=str(folder / "casebook.toml"),
            got="no public_key",
            want="the log's public key",
            fix="Copy it from where it was noted when the book was made.",
        )
    return public_key


_NOTE = "a checkpoint file from `thaw checkpoint --out`"


def read_text(path: Path) -> str:
    """The text of a checkpoint or receipt file; InputError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "a file that is no text"
        raise InputError(where=str(path), got=reason, want=_NOTE, fix="Check the name.") from None


def _note(path: Path, note: str) -> str:
    # A file that is no signed note at all is a slip of the hand, and says nothing about the book.
    if "\n\n\N{EM DASH} " not in note:
        raise InputError(where=str(path), got="a text without signature", want=_NOTE, fix="Check the name.")
    return note
