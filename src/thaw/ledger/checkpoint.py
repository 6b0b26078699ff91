"""Checkpoints: "this log had so many entries with this root", signed; and the receipt that a writer takes home.

In comes a tree's size and root, out goes a signed note in the form of C2SP tlog-checkpoint, and back.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any, Self

from thaw.errors import InputError, TamperError
from thaw.ledger.canonical import MAX_INT
from thaw.ledger.hashing import HASH_BYTES
from thaw.ledger.note import SigningKey, Verifier, open_note, sign_note

_is_size = re.compile(r"0|[1-9][0-9]{0,15}").fullmatch
_is_line = re.compile(r"[^\x00-\x1f\ud800-\udfff]+").fullmatch


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Head of a log: its name (`origin`), number of entries, root of 32 bytes.

    `extensions` are further lines that the standard allows; Thaw writes none. Raises InputError.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(_is_line(line) for line in (self.origin, *self.extensions)):
            raise _malformed("an empty line or a control character", "lines of text")
        if type(self.size) is not int or not 0 <= self.size <= MAX_INT:
            raise _malformed(f"the size {self.size!a}", "a whole number from 0 to 2**53 - 1")
        if len(self.root) != HASH_BYTES:
            raise _malformed(f"a root of {len(self.root)} bytes", "a root of 32 bytes")

    def text(self) -> str:
        """What is signed: origin, size, root in base64 and extensions, each on its line."""
        root = base64.b64encode(self.root).decode("ascii")
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint of exactly this text; InputError. Says nothing about who wrote it: see `open_checkpoint`."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not _is_size(lines[1]):
            raise _malformed("something else", "lines of origin, size and root")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except (binascii.Error, ValueError):
            root = b""
        checkpoint = cls(lines[0], int(lines[1]), root, tuple(lines[3:-1]))
        if checkpoint.text() != text:
            raise _malformed("a root in another spelling", "standard base64")
        return checkpoint


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the writer of an entry keeps: place and hash of the entry, and the signed head that covers it.

    leaf_hash and root are 32 bytes each; `checkpoint_note` is the signed note of the commit.
    """

    seq: int
    leaf_hash: bytes
    tree_size: int
    root: bytes
    checkpoint_note: str

    def to_json(self) -> dict[str, Any]:
        """Hashes in lowercase hexadecimal digits; keys seq, leaf_hash, tree_size, root, checkpoint."""
        return {
            "seq": self.seq,
            "leaf_hash": self.leaf_hash.hex(),
            "tree_size": self.tree_size,
            "root": self.root.hex(),
            "checkpoint": self.checkpoint_note,
        }


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> str:
    """The signed note of a checkpoint; the key's name must be the origin (C2SP: SHOULD), else InputError."""
    if key.name != checkpoint.origin:
        raise InputError(
            where="checkpoint",
            got=f"a key named {ascii(key.name)[:80]}",
            want=f"a key named {ascii(checkpoint.origin)[:80]}",
            fix="Sign with the key that was made for this book.",
        )
    return sign_note(checkpoint.text(), key)


def open_checkpoint(note: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint of a note that `verifier` signed for the log of its own name.

    Signatures of unknown keys (witnesses) are ignored. Raises TamperError when the signature is missing or false or
    the origin is another log's, InputError when the note is malformed.
    """
    checkpoint = Checkpoint.parse(open_note(note, verifier))
    if checkpoint.origin != verifier.name:
        raise TamperError(
            where="checkpoint",
            got=f"the log {ascii(checkpoint.origin)[:80]}",
            want=f"the log {ascii(verifier.name)[:80]}",
            fix="This head belongs to another log.",
        )
    return checkpoint


def _malformed(got: str, want: str) -> InputError:
    return InputError(where="checkpoint", got=got, want=want, fix="Copy the checkpoint whole, as C2SP writes it.")
