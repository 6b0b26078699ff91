"""The certification that goes with electronic records: filled in from what was checked, to be signed by a person.

Under Federal Rules of Evidence 902(13) and (14) (since 2017-12-01) records that an electronic process made, and copies
that a process of digital identification authenticates, need no witness in court when a qualified person certifies them.
The text here is ours and no legal advice; the law of the place and its lawyers decide.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from pathlib import Path
from typing import Any

from thaw import __version__
from thaw.data import data_path
from thaw.errors import InputError

from .book import Progress, Session, no_progress
from .bundle_check import verify_bundle
from .ledger import verify
from .policies import policy_text


def certify(
    session: Session, *, bundle: Path | None = None, out: Path | None = None, progress: Progress = no_progress
) -> dict[str, Any]:
    """The certification as text, from a `verify --all` made now; itself an entry.

    bundle  also identify and check this bundle
    out     also write the text to this new file
    Raises InputError when the file exists or the bundle cannot be read.
    """
    if out is not None and out.exists():
        raise InputError(where=str(out), got="a file that exists", want="a new file", fix="Name another file.")
    verdict = verify(session.book.folder, everything=True, progress=progress)
    facts = _bundle_facts(session, bundle) if bundle else {}
    note = session.book.store.checkpoint(verdict["entries"]) or session.book.store.newest_note()
    at = session.book.clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    text = (
        data_path("bundle/certification.txt")
        .read_text(encoding="utf-8")
        .format(
            origin=session.book.store.origin,
            at=at,
            version=__version__,
            what=", its tables and files" + (" and the bundle named below" if bundle else ""),
            entries=verdict["entries"],
            root=verdict["root"],
            status=_words(verdict),
            public_key=verdict["public_key"],
            more="".join(f"       {name:<18} {value}\n" for name, value in facts.items()),
            note="".join(f"       {line}\n" for line in note.rstrip("\n").split("\n")),
            witnesses=_witnesses(session),
            clock="; heartbeats every 60 s of work and the times of witnesses bound how far it can be wrong",
        )
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    told = {"sha256": digest, "entries": verdict["entries"], "root": verdict["root"], "status": verdict["status"]}
    entry = session.book.store.append(session.draft("report.certify", {**told, "bundle": facts or None})).result[0]
    if out is not None:
        out.write_text(text, encoding="utf-8")
    return {"entry": entry, **told, "file": str(out) if out else None, "bundle": facts or None, "text": text}


def _bundle_facts(session: Session, bundle: Path) -> dict[str, str]:
    try:
        with bundle.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            where=str(bundle), got=error.strerror or "an error", want="a bundle", fix="Check the name."
        ) from None
    report = verify_bundle(bundle, policy_text(session.book), [])
    program = hashlib.sha256(data_path("bundle/verify.py").read_bytes()).hexdigest()
    return {
        "bundle": bundle.name,
        "bundle SHA-256": digest,
        "bundle result": str(report["status"]),
        "verify.py SHA-256": program,
    }


def _words(verdict: dict[str, Any]) -> str:
    count = len(verdict["findings"])
    return "nothing was found changed" if verdict["status"] == "ok" else f"{verdict['status']}: {count} findings"


def _witnesses(session: Session) -> str:
    view = session.look("to certify", kind="access.list", detail={"command": "certify"})
    newest: dict[str, str] = {}
    with view.snapshot() as taken:
        for entry in taken.entries(taken.of_kinds(["witness.cosign"])):
            if entry.payload is not None:
                newest[str(entry.payload["witness"])] = (
                    f"the first {entry.payload['size']} entries, entry {entry.leaf.seq}"
                )
    return "".join(f"       {name}: {what}\n" for name, what in newest.items()) or "       none\n"
