"""Asks witnesses to sign the newest checkpoint, over the network or with a file carried there and back.

What they answer is an entry: signed, refused, or silent. A signed checkpoint is kept outside the book as well.
"""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from thaw.errors import InputError, TamperError
from thaw.ledger import Checkpoint, consistency_proof
from thaw.outside import Policy, Witness, ask, cosigned

from .book import Session
from .policies import note_policy, policy_file, read_policy

_PATIENCE_S = 10
_DAY_S = 24 * 3600
_MOST_BYTES = 100_000


def book_policy(session: Session) -> Policy:
    """The policy of the book, noted in the log when it is new. Raises InputError when none is set."""
    path = policy_file(session.book)
    if path is None:
        raise InputError(
            where="casebook.toml, log.policy",
            got="no policy",
            want="a policy file that names the witnesses",
            fix="Write one (docs/howto/witness.md shows how) and name it under `policy` below [log].",
        )
    policy, text = read_policy(path)
    note_policy(session, text)
    return policy


def send(session: Session) -> dict[str, Any]:
    """Ask every witness of the policy that has an address; keys size, enough, and witnesses with what each answered."""
    policy = book_policy(session)
    note = session.book.store.newest_note()
    answers = [_send(session, witness, note) for witness in policy.witnesses.values() if witness.url]
    signed = {one["witness"] for one in answers if one["answer"] == "signed"}
    return {"size": _head(note).size, "enough": policy.enough(signed), "witnesses": answers}


def request(session: Session, name: str, out: Path) -> dict[str, Any]:
    """Write the request for one witness to a new file, to be carried there."""
    witness = _named(book_policy(session), name)
    old = last_signed(session).get(witness.name, 0)
    text, size = _request(session, old, session.book.store.newest_note())
    _write_new(out, text)
    return {"witness": name, "old_size": old, "size": size, "file": str(out)}


def take(session: Session, name: str, reply: Path) -> dict[str, Any]:
    """Take in the file that a witness gave back: the signed checkpoint, or the size that it has.

    Raises InputError for a file that is neither, TamperError when what was signed is not this log's.
    """
    witness = _named(book_policy(session), name)
    try:
        text = reply.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "a file that is no text"
        raise InputError(where=str(reply), got=reason, want="the answer of a witness", fix="Check the name.") from None
    refusal = re.match(r"refused ([0-9]{3})\n", text)
    if refusal:
        return _refused(session, witness, int(refusal[1]), text[refusal.end() :])
    if witness.name not in cosigned(text, Policy((), {witness.name: witness}, {}, "none")):
        raise InputError(
            where=str(reply),
            got=f"nothing that {name} has signed",
            want="the answer of this witness",
            fix="Check the name of the witness and its key in the policy.",
        )
    return _signed(session, witness, text)


def status(session: Session, now: datetime) -> dict[str, Any]:
    """Who signed which state of the log when, and whether that is enough; keys size, enough, witnesses."""
    policy = book_policy(session)
    size = session.book.store.size()
    rows = []
    newest = _newest(session)
    for witness in policy.witnesses.values():
        seen = newest.get(witness.name)
        hours = None if seen is None else round((now.timestamp() - seen["at"]) / 3600, 1)
        rows.append({"witness": witness.name, "url": witness.url, "size": seen and seen["size"],
                     "at": seen and _time(seen["at"]), "hours": hours})  # fmt: skip
    recent = {name for name, seen in newest.items() if now.timestamp() - seen["at"] <= _DAY_S}
    return {"size": size, "enough": policy.enough(recent), "witnesses": rows}


def last_signed(session: Session) -> dict[str, int]:
    """The largest tree that each witness is known to have signed, by name."""
    return {name: seen["size"] for name, seen in _newest(session).items()}


def check_not_behind(session: Session) -> None:
    """Ask the witnesses that can be reached how much of the log they have seen. Raises TamperError when it is more.

    A witness tells its size to whoever asks with an old size of 0 (409 Conflict).
    """
    path = policy_file(session.book)
    if path is None:
        return
    note = session.book.store.newest_note()
    size = _head(note).size
    for witness in read_policy(path)[0].witnesses.values():
        code, body = _post(witness, ask(0, [], note)) if witness.url else (0, "")
        if code == 409 and body.strip().isdigit() and int(body) > size:
            raise TamperError(
                where=str(session.book.folder),
                got=f"{size} entries, while the witness {witness.name} has signed {int(body)}",
                want="a book that holds all that was ever witnessed",
                fix="Nothing is written and nothing is shown until this is explained. Keep this copy, run "
                "`thaw verify --all`, and compare with the newest backup.",
            )


def _send(session: Session, witness: Witness, note: str) -> dict[str, Any]:
    old = last_signed(session).get(witness.name, 0)
    for _ in range(2):
        code, body = _post(witness, _request(session, old, note)[0])
        if code == 409 and body.strip().isdigit() and int(body) != old and int(body) <= _head(note).size:
            # The witness has seen another state last: prove from there.
            old = int(body)
            continue
        break
    if code == 0:
        session.book.store.append(session.draft("witness.silent", {"witness": witness.name, "problem": body}))
        return _answer(witness, "silent", problem=body)
    if code != 200:
        return _refused(session, witness, code, body)
    return _signed(session, witness, note + body)


def _signed(session: Session, witness: Witness, note: str) -> dict[str, Any]:
    """Keep a checkpoint with the witness's signature, once both signatures and the tree have been checked."""
    at = witness.verifier.signed_at(note)
    head = _head(note)
    store = session.book.store
    kept = store.checkpoint(head.size)
    if kept is None or _head(kept).root != head.root or at is None:
        raise TamperError(
            where=f"answer of the witness {witness.name}",
            got=f"a signature over a state of {head.size} entries that this book never had",
            want="a signature over a checkpoint of this book",
            fix="Keep the answer, run `thaw verify --all`, and compare with the newest backup.",
        )
    # Only the lines of the log and of this witness: what others added to the note is not vouched for by anybody here.
    lines = [
        line
        for line in note.rpartition("\n\n")[2].split("\n")
        if line.startswith(f"\N{EM DASH} {witness.verifier.name} ")
    ]
    clean = kept + "".join(f"{line}\n" for line in lines)
    store.append(session.draft("witness.cosign", {"witness": witness.name, "key": witness.verifier.vkey,
                                                  "size": head.size, "at": at, "note": clean}))  # fmt: skip
    if session.book.receipts is not None:
        session.book.receipts.take_witnessed(clean)
    return _answer(witness, "signed", size=head.size, at=_time(at), status=200)


def _refused(session: Session, witness: Witness, code: int, body: str) -> dict[str, Any]:
    told = {"witness": witness.name, "status": code, "answer": body[:500]}
    session.book.store.append(session.draft("witness.refuse", told))
    return _answer(witness, "refused", status=code, problem=_meaning(code, body))


def _answer(witness: Witness, answer: str, **known: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"size": None, "at": None, "status": None, "problem": None}
    return {"witness": witness.name, "answer": answer, **nothing, **known}


def _meaning(code: int, body: str) -> str:
    said = body.strip()[:200]
    known = {
        403: "it trusts no key that signed the checkpoint; after a change of key it must be given the new one",
        404: "it does not know this log",
        409: f"it has signed a state of {said} entries; a book that has fewer went back",
        422: "the log is not the continuation of what it signed: history was rewritten, or this is another copy",
    }
    return known.get(code, said or f"status {code}")


def _request(session: Session, old: int, note: str) -> tuple[str, int]:
    head = _head(note)
    old = min(old, head.size)
    proof = consistency_proof(old, head.size, session.book.store.tile) if old else []
    return ask(old, proof, note), head.size


def _post(witness: Witness, text: str) -> tuple[int, str]:
    """Status and body; status 0 and the reason when there is no answer."""
    url = f"{str(witness.url).rstrip('/')}/add-checkpoint"
    if not url.startswith(("http://", "https://")):
        return 0, f"{url} is no web address"
    asked = urllib.request.Request(url, data=text.encode(), method="POST")
    try:
        with urllib.request.urlopen(asked, timeout=_PATIENCE_S) as answer:
            return int(answer.status), answer.read(_MOST_BYTES).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(_MOST_BYTES).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(getattr(error, "reason", error)) or type(error).__name__


def _newest(session: Session) -> Mapping[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    view = session.look("to see what witnesses have signed", kind="access.list", detail={"command": "witness"})
    with view.snapshot() as taken:
        for entry in taken.entries(taken.of_kinds(["witness.cosign"])):
            if entry.payload is not None:
                seen = {"size": int(entry.payload["size"]), "at": int(entry.payload["at"])}
                name = str(entry.payload["witness"])
                if name not in found or seen["size"] >= found[name]["size"]:
                    found[name] = seen
    return found


def _named(policy: Policy, name: str) -> Witness:
    if name not in policy.witnesses:
        known = ", ".join(policy.witnesses) or "no witness at all"
        raise InputError(
            where="witness", got=repr(name), want=f"a witness of the policy: {known}", fix="Check the name."
        )
    return policy.witnesses[name]


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise InputError(
            where=str(path), got=error.strerror or "an error", want="a new file", fix="Name another file."
        ) from None


def _head(note: str) -> Checkpoint:
    return Checkpoint.parse(note.partition("\n\n")[0] + "\n")


def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
