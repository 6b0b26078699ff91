"""The keys of a book, from the first one on, as its entries say: which key signs from which entry.

A key vouches for the next one with its last checkpoint, which names both in lines of its own; the new key signs it too.
`meta` notes the numbers of these entries so that opening a book does not read all of it; `verify` reads all of it and
compares.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import apsw

from thaw.errors import InputError, ThawError
from thaw.ledger import Checkpoint, SigningKey, Verifier, open_checkpoint, sign_checkpoint

from .folding import first_facts, whole_entry

KEY_KINDS = ("key.rotate", "key.lost")
NOTED = "keys"
"""Name of the row of `meta`; there is none before the first change."""
_HEAD = "thaw.local/key-change/v1"
_NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One change of the log's key: the entry that says so, the new key, and whether the old one vouched for it.

    root  root of the tree of the entries before it, as the note of the change has it
    """

    seq: int
    verifier: Verifier
    vouched: bool
    root: bytes


class BrokenChain(Exception):
    """A change of key that is not as it must be: entry and words."""

    def __init__(self, seq: int, detail: str) -> None:
        super().__init__(seq, detail)
        self.seq = seq
        self.detail = detail


def vouch(size: int, root: bytes, old: SigningKey | Verifier, new: SigningKey) -> str:
    """The note that makes `new` the key of the log from entry `size` on.

    old  the key until then; when only its public half is left (the key was lost), it does not sign
    """
    before = old.verifier.vkey if isinstance(old, SigningKey) else _NO_KEY
    head = Checkpoint(new.name, size, root, (_HEAD, before, new.verifier.vkey))
    note = sign_checkpoint(head, new)
    if isinstance(old, SigningKey):
        note += sign_checkpoint(head, old).rpartition("\n\n")[2]
    return note


def vouched(note: str, seq: int, old: Verifier) -> KeyChange:
    """The change that a note by `vouch` makes at entry `seq`.

    Raises InputError for a note that is none, TamperError when a signature that it must bear is missing or false.
    """
    head = Checkpoint.parse(note.partition("\n\n")[0] + "\n")
    if len(head.extensions) != 3 or head.extensions[0] != _HEAD or head.size != seq or head.origin != old.name:
        raise InputError(
            where=f"change of the log key in entry {seq}",
            got="another note",
            want="the checkpoint before it, with the old and the new key",
            fix="Compare with a copy of the book kept elsewhere.",
        )
    before, new = head.extensions[1], Verifier.parse(head.extensions[2])
    open_checkpoint(note, new)
    if before == _NO_KEY:
        return KeyChange(seq, new, False, head.root)
    if before != old.vkey:
        raise InputError(
            where=f"change of the log key in entry {seq}",
            got=f"the key {ascii(before)[:120]} as the one before",
            want=f"the key {old.vkey}",
            fix="Compare with a copy of the book kept elsewhere; a key slipped in here signs whatever it likes.",
        )
    open_checkpoint(note, old)
    return KeyChange(seq, new, True, head.root)


def noted_changes(db: apsw.Connection) -> list[int]:
    """Numbers of the entries that changed the key, as `meta` has them."""
    row = db.execute("SELECT CAST(value AS BLOB) FROM meta WHERE name = ?", (NOTED,)).get
    try:
        found = json.loads(row) if row else []
    except ValueError:
        return [-1]
    return found if isinstance(found, list) and all(type(seq) is int for seq in found) else [-1]


def found_changes(db: apsw.Connection) -> list[int]:
    """The same numbers, from the entries themselves."""
    terms = " OR ".join(f'instr(leaf, CAST(\'"kind":"{kind}"\' AS BLOB))' for kind in KEY_KINDS)
    found = db.execute(f"SELECT seq FROM entry WHERE {terms} ORDER BY seq").fetchall()
    return [cast(int, seq) for (seq,) in found]


def note_changes(db: apsw.Connection, changes: Sequence[int]) -> None:
    """Write the numbers into `meta`."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (NOTED, json.dumps(list(changes)).encode()))


def key_chain(db: apsw.Connection, seqs: Sequence[int]) -> tuple[Verifier, list[KeyChange]]:
    """The first key and every change of it. Raises BrokenChain naming the entry that does not say what it must."""
    facts = first_facts(db)
    try:
        first = Verifier.parse(str((facts or {}).get("public_key")))
    except ThawError as error:
        raise BrokenChain(0, f"Entry 0 names no public key: {error}") from None
    changes: list[KeyChange] = []
    before = first
    for seq in seqs:
        entry = whole_entry(db, seq)
        if entry is None or entry.leaf.kind not in KEY_KINDS or not entry.payload:
            raise BrokenChain(seq, f"Entry {seq} should say which key the log has from there on, and does not.")
        try:
            change = vouched(str(entry.payload.get("note")), seq, before)
        except ThawError as error:
            # Caught: becomes a finding of the check, or the reason why the book is not opened.
            raise BrokenChain(seq, f"The change of key in entry {seq} is not signed as it must be: {error}") from None
        if change.vouched != (entry.leaf.kind == "key.rotate"):
            raise BrokenChain(seq, f"The change of key in entry {seq} is of another kind than its note says.")
        changes.append(change)
        before = change.verifier
    return first, changes
