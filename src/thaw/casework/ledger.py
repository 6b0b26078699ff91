"""The ledger as people see it: the log, the newest checkpoint, verification, rejects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from thaw.errors import InputError
from thaw.ledger import Verification, Verifier, open_checkpoint
from thaw.store import Where, newest_checkpoint, verify_book

from .book import Progress, Session, actor_id, no_progress, projections
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


def rejects(session: Session, *, purpose: str = "") -> list[dict[str, Any]]:
    """All that could not be read: rows of registers (`id` is the entry), then files (`id` is the document)."""
    view = session.look(purpose, kind="access.list", detail={"command": "rejects"})
    names = ("id", "file", "line", "field", "got", "want", "raw")
    found = view.select("rejects", ["seq", *names[1:]], order=["seq"])
    rows = [dict(zip(names, row, strict=True)) for row in found]
    columns = ["document_id", "file", "got", "want"]
    files = view.select("documents", columns, [Where("state", "=", "failed")], order=["seq"])
    rows += [_file_reject(names, digest, file, None, got, want) for digest, file, got, want in dict.fromkeys(files)]
    pages = view.select("pages", ["document_id", "page", "problem"], [Where("ocr", "=", "failed")], order=["page"])
    for digest, page, problem in dict.fromkeys(pages):
        file = view.select("documents", ["file"], [Where("document_id", "=", digest)], limit=1)[0][0]
        rows.append(_file_reject(names, digest, file, f"page {page}", problem, "a page that can be read"))
    return rows


def _file_reject(
    names: Sequence[str], digest: str, file: str, field: str | None, got: str, want: str
) -> dict[str, Any]:
    return dict(zip(names, (digest, file, None, field, got, want, None), strict=True))


def checkpoint(session: Session, out: Path | None = None) -> dict[str, Any]:
    """The newest signed checkpoint; with `out` it is also written to that file. Raises InputError if it exists."""
    note = newest_checkpoint(session.book.folder)
    if out is not None:
        try:
            with out.open("x", encoding="utf-8") as file:
                file.write(note)
        except OSError as error:
            raise InputError(
                where=str(out), got=error.strerror or "an error", want="a new file", fix="Name another file."
            ) from None
    head = open_checkpoint(note, Verifier.parse(read_settings(session.book.folder)["log.public_key"]))
    root = head.root.hex()
    return {"origin": head.origin, "size": head.size, "root": root, "note": note, "file": str(out) if out else None}


def verify(
    folder: Path,
    *,
    everything: bool = False,
    against: Sequence[Path] = (),
    public_key: str = "",
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Verify a book from its database and public key; the log key is not needed and nothing is written.

    against     checkpoints kept elsewhere: the book must still hold the tree that each of them signed
    public_key  as noted when the book was made; else that of casebook.toml, which lies beside what it is to prove
    Raises InputError when there is no book, the key is none or a checkpoint file is unreadable.
    """
    verifier = Verifier.parse(public_key or _own_key(folder))
    found: Verification = verify_book(
        folder,
        verifier=verifier,
        projections=projections(),
        everything=everything,
        outside=[_read_note(path) for path in against],
        progress=lambda done, total: progress("entries", done, total),
    )
    return {**found.to_json(), "everything": everything, "public_key": verifier.vkey}


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


def _read_note(path: Path) -> str:
    want = "a checkpoint file from `thaw checkpoint --out`"
    try:
        note = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "a file that is no text"
        raise InputError(where=str(path), got=reason, want=want, fix="Check the name.") from None
    # A file that is no signed note at all is a slip of the hand, and says nothing about the book.
    if "\n\n\N{EM DASH} " not in note:
        raise InputError(where=str(path), got="a text without signature", want=want, fix="Check the name.")
    return note
