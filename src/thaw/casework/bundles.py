"""Bundles for those outside: entries, proofs, contents and files in one ZIP with the program that checks it.

The look is an entry before the first byte is read, and the finished bundle is another, with its digest.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from thaw import __version__
from thaw.access import View
from thaw.data import data_path
from thaw.errors import AccessDenied, InputError
from thaw.ledger import inclusion_proof
from thaw.outside import ProofFile, bundle_of, tile_path
from thaw.store import Snapshot

from .book import Progress, Session, no_progress
from .policies import policy_text

_WIDTH = 256
_ALWAYS = ("book.create", "key.rotate", "key.lost")
_NEVER = ("lab.profile",)  # given to name the missing and for nothing else: not for whoever gets the papers of a case
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass
class _Writing:
    """A bundle while it is written."""

    zip: zipfile.ZipFile
    taken: Snapshot
    contents: int = 0
    sealed: int = 0
    blobs: dict[str, str | None] = field(default_factory=dict)

    def put(self, name: str, data: bytes | str) -> None:
        # The same bundle from the same book, whatever the day.
        info = zipfile.ZipInfo(name, _DATE)
        info.external_attr = 0o644 << 16
        self.zip.writestr(info, data)

    def payload_line(self, seq: int, salt: bytes | None, body: bytes | None, sealed_by: int | None) -> bytes:
        """One line: number, salt, content; or number and seal order."""
        if salt is None or body is None:
            self.sealed += 1
            return b"%d sealed %d\n" % (seq, -1 if sealed_by is None else sealed_by)
        self.contents += 1
        if b'"blobs"' in body:
            payload = json.loads(body)
            for digest in payload.get("blobs", []):
                self.blobs.setdefault(digest, (payload.get("scope") or {}).get("document"))
        return b"%d %s %s\n" % (seq, salt.hex().encode(), body)


def export(
    session: Session, out: Path, *, case_id: str | None = None, purpose: str = "", progress: Progress = no_progress
) -> dict[str, Any]:
    """Write a bundle of the whole log, or of one case, to the new file `out`.

    Raises InputError when the file exists or the case does not, AccessDenied when something is hidden from who asks for
    the whole log, TamperError for a file that is not what was taken in.
    """
    if out.exists():
        raise InputError(where=str(out), got="a file that exists", want="a new file", fix="Name another file.")
    detail = {"command": "export", "file": out.name}
    view = session.look(purpose, kind="access.export", detail=detail, about=case_id)
    if case_id is None and view.visible.sql("x")[0]:
        raise AccessDenied(
            where="export", got="the whole log", want="a reader from whom nothing is hidden", fix="Use --case ID."
        )
    part = out.with_name(out.name + ".part")
    try:
        with view.snapshot() as taken, zipfile.ZipFile(part, "x", zipfile.ZIP_STORED) as packed:
            writing = _Writing(packed, taken)
            entries = _write(writing, view, session, progress)
        with part.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        made = {"bundle": out.name, "sha256": digest, "size": taken.size, "entries": entries}
        scope = {"scope": {"case": view.about}} if view.about else {}
        # The bundle gets its name only once the entry that it was made is on disk.
        session.book.store.append(session.draft("bundle.make", {**made, "view": view.seq, "purpose": purpose, **scope}))
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return {**made, "bundle": str(out), "case_id": view.about, "contents": writing.contents,
            "sealed": writing.sealed, "files": len(writing.blobs), "checkpoint": taken.note}  # fmt: skip


def _write(writing: _Writing, view: View, session: Session, progress: Progress) -> int:
    taken = writing.taken
    entries = _write_case(writing, view.about) if view.about else _write_all(writing, progress)
    for digest, document in writing.blobs.items():
        data = session.book.store.blobs.get(digest) if not view.about else view.blob(digest, document or "")
        if data is not None:
            writing.put(f"blobs/{digest}", data)
    for name, note in cosigned_notes(taken):
        writing.put(f"checkpoints/{name}", note)
    facts = {"form": 1, "holds": "case" if view.about else "all", "case": view.about, "size": taken.size,
             "look": view.seq, "made_by": f"thaw {__version__}"}  # fmt: skip
    writing.put("BUNDLE.json", json.dumps(facts, indent=1) + "\n")
    writing.put("checkpoint", taken.note)
    writing.put("policy.txt", policy_text(session.book))
    for name in ("verify.py", "HOWTO.txt"):
        writing.put(name, data_path(f"bundle/{name}").read_bytes())
    return entries


def _write_all(writing: _Writing, progress: Progress) -> int:
    taken = writing.taken
    payloads = groupby(taken.payloads(), key=lambda row: row[0] // _WIDTH)
    for number, (leaves, rows) in enumerate(zip(_in_tiles(taken.leaves()), payloads, strict=True)):
        writing.put(tile_path(None, number, len(leaves)), bundle_of(leaves))
        writing.put(f"payloads/{number}.txt", b"".join(writing.payload_line(*row) for row in rows[1]))
        progress("entries", number * _WIDTH + len(leaves), taken.size)
    level, count = 0, taken.size
    while count:
        for number in range(-(-count // _WIDTH)):
            width = min(_WIDTH, count - number * _WIDTH)
            writing.put(tile_path(level, number, width), taken.tile(level, number)[: width * 32])
        level, count = level + 1, count // _WIDTH
    return taken.size


def _write_case(writing: _Writing, case_id: str) -> int:
    taken = writing.taken
    seqs = {*taken.of_case(case_id), *taken.of_kinds(_ALWAYS)} - set(taken.of_kinds(_NEVER))
    seqs |= {sealed_by for _, _, _, sealed_by in taken.payloads(sorted(seqs)) if sealed_by is not None}
    chosen = sorted(seqs)
    lines = [writing.payload_line(*row) for row in taken.payloads(chosen)]
    writing.put("payloads/0.txt", b"".join(lines))
    for entry in taken.entries(chosen):
        seq = entry.leaf.seq
        proof = ProofFile(seq, tuple(inclusion_proof(seq, taken.size, taken.tile)), taken.note)
        writing.put(f"proofs/{seq}.tlog-proof", proof.text())
        writing.put(f"entries/{seq}.json", entry.leaf.to_bytes())
    return len(chosen)


def cosigned_notes(taken: Snapshot) -> Iterator[tuple[str, str]]:
    """The checkpoints that witnesses signed, as the entries hold them, each with a name of its own."""
    for entry in taken.entries(taken.of_kinds(["witness.cosign"])):
        if entry.payload is not None and int(entry.payload["size"]) <= taken.size:
            yield f"{entry.payload['size']}-{entry.leaf.seq}", str(entry.payload["note"])


def _in_tiles(leaves: Iterable[tuple[int, bytes]]) -> Iterator[Sequence[bytes]]:
    for _, group in groupby(leaves, key=lambda row: row[0] // _WIDTH):
        yield [leaf for _, leaf in group]
