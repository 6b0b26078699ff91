"""What a witness does: it signs a checkpoint when that goes on from the last one it signed. C2SP tlog-witness.

In come the text of a request and what the witness has seen so far, out go status, answer and what it has seen now. Who
calls must read what was seen, call `answer` and store the result without anybody in between.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from thaw.errors import InputError, TamperError, ThawError
from thaw.ledger import Checkpoint, SigningKey, Verifier, open_checkpoint, verify_consistency

from .policy import Policy

_EMPTY = sha256(b"").digest()
_MOST_HASHES = 63
_MOST_BYTES = 1_000_000
_is_old = re.compile(r"old (0|[1-9][0-9]{0,18})").fullmatch
_SIZE_TYPE = "text/x.tlog.size"
_TEXT_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Seen:
    """The largest tree of a log that a witness has signed."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """Status as in HTTP, content type and body; with 200 also what is to be stored before it is sent.

    200 signed; 400 not readable, or old size beyond the checkpoint; 403 not signed by the log; 404 unknown log;
    409 another old size than the witness has (the body says which); 422 the proof does not hold
    """

    status: int
    body: str
    content_type: str = _TEXT_TYPE
    origin: str = ""
    seen: Seen | None = None
    note: str = ""


def ask(old_size: int, proof: Sequence[bytes], note: str) -> str:
    """The text of a request: old size, consistency proof, signed checkpoint."""
    lines = [f"old {old_size}", *(base64.b64encode(step).decode() for step in proof), "", note]
    return "\n".join(lines)


def origin_of(request: str) -> str:
    """The log that a request is about; "" when it cannot be read."""
    return request.partition("\n\n")[2].partition("\n")[0]


def answer(request: str, logs: Sequence[Verifier], seen: Seen | None, key: SigningKey, now: int) -> Answer:
    """What the witness with `key` answers.

    logs  keys that are trusted for logs, several for one log after a change of key
    seen  what was signed last for the log of the request (`origin_of`), None when nothing was
    now   seconds since 1970 UTC
    Source: C2SP tlog-witness, add-checkpoint.
    """
    try:
        old, proof, note, head = _parsed(request)
    except InputError as error:
        return Answer(400, f"{error}\n")
    trusted = [verifier for verifier in logs if verifier.name == head.origin]
    if not trusted:
        return Answer(404, f"The log {head.origin} is not known here.\n", origin=head.origin)
    if not any(_signed(note, verifier) for verifier in trusted):
        return Answer(403, "No key that is trusted for this log has signed the checkpoint.\n", origin=head.origin)
    if old > head.size:
        return Answer(400, f"The old size {old} lies beyond the checkpoint's size {head.size}.\n", origin=head.origin)
    last = seen or Seen(0, b"")
    if old != last.size or (old and old == head.size and head.root != last.root):
        return Answer(409, f"{last.size}\n", _SIZE_TYPE, head.origin)
    problem = _inconsistent(old, last, proof, head)
    if problem:
        return Answer(422, f"{problem}\n", origin=head.origin)
    line = key.cosign(note, now)
    return Answer(200, line, _TEXT_TYPE, head.origin, Seen(head.size, head.root), note + line)


def cosigned(note: str, policy: Policy) -> dict[str, int]:
    """The witnesses of a policy that signed a checkpoint, by name, with the time in seconds since 1970.

    A false signature counts as none: anybody can add lines to a note. Raises InputError for a malformed note.
    """
    found: dict[str, int] = {}
    for witness in policy.witnesses.values():
        try:
            at = witness.verifier.signed_at(note)
        except TamperError:
            # Caught: what is not signed is not counted, and too few signatures are said to be too few.
            continue
        if at is not None:
            found[witness.name] = at
    return found


def _parsed(request: str) -> tuple[int, list[bytes], str, Checkpoint]:
    if len(request) > _MOST_BYTES:
        raise _malformed(f"{len(request)} characters")
    above, blank, note = request.partition("\n\n")
    first, *lines = above.split("\n")
    old = _is_old(first)
    if not blank or old is None or len(lines) > _MOST_HASHES:
        raise _malformed("something else")
    proof = [_hash(line) for line in lines]
    return int(old[1]), proof, note, Checkpoint.parse(note.partition("\n\n")[0] + "\n")


def _hash(line: str) -> bytes:
    try:
        value = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != 32 or base64.b64encode(value).decode() != line:
        raise _malformed(f"the line {ascii(line)[:60]}")
    return value


def _signed(note: str, verifier: Verifier) -> bool:
    try:
        open_checkpoint(note, verifier)
    except ThawError:
        # Caught: another key of the log may have signed; when none has, the answer is 403.
        return False
    return True


def _inconsistent(old: int, last: Seen, proof: list[bytes], head: Checkpoint) -> str:
    if old == 0:
        if proof:
            return "A proof from nothing has no lines."
        return "An empty log has another root." if head.size == 0 and head.root != _EMPTY else ""
    try:
        verify_consistency(old, head.size, last.root, head.root, proof)
    except ThawError as error:
        # Caught: the answer says so to who asked.
        return str(error)
    return ""


def _malformed(got: str) -> InputError:
    return InputError(
        where="request to a witness",
        got=got,
        want="`old N`, up to 63 lines of hashes, an empty line and a checkpoint",
        fix="Make it with `thaw witness request`.",
    )
