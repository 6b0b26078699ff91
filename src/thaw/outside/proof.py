"""A proof that stands alone: this entry is in the log, under this signed checkpoint. C2SP tlog-proof."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from thaw.errors import InputError
from thaw.ledger import Checkpoint, Verifier, leaf_hash, open_checkpoint, verify_inclusion

_FIRST = "c2sp.org/tlog-proof@v1"
_MOST_HASHES = 63
_is_index = re.compile(r"index (0|[1-9][0-9]{0,15})").fullmatch


@dataclass(frozen=True, slots=True)
class ProofFile:
    """Place of an entry, the hashes from it to the root, the signed checkpoint; `extra` is trusted by nobody."""

    index: int
    proof: tuple[bytes, ...]
    note: str
    extra: bytes = b""

    def text(self) -> str:
        """The file's text."""
        lines = [_FIRST, *([f"extra {_base64(self.extra)}"] if self.extra else []), f"index {self.index}"]
        return "\n".join([*lines, *map(_base64, self.proof), "", self.note])

    @classmethod
    def parse(cls, text: str) -> Self:
        """The proof of exactly this text; InputError. Nothing is checked yet: see `check`."""
        above, blank, note = text.partition("\n\n")
        lines = above.split("\n")
        if not blank or lines[0] != _FIRST or len(lines) < 2:
            raise _malformed("something else")
        extra = b""
        if lines[1].startswith("extra "):
            extra = _bytes(lines.pop(1).removeprefix("extra "))
        index = _is_index(lines[1]) if len(lines) > 1 else None
        if index is None or len(lines) > 2 + _MOST_HASHES:
            raise _malformed("something else")
        proof = tuple(_bytes(line) for line in lines[2:])
        if any(len(step) != 32 for step in proof):
            raise _malformed("a hash that is not 32 bytes long")
        return cls(int(index[1]), proof, note, extra)

    def check(self, entry: bytes, logs: Sequence[Verifier]) -> Checkpoint:
        """The checkpoint, when one of these logs signed it and the entry with these bytes is in its tree.

        Raises InputError for a malformed note or an impossible place, TamperError when signature or proof do not hold.
        """
        head = Checkpoint.parse(self.note.partition("\n\n")[0] + "\n")
        own = [verifier for verifier in logs if verifier.name == head.origin]
        # After a change of key a log has several: the one that signed this note is named in it by its key id.
        own = [verifier for verifier in own if verifier.signed_at(self.note) is not None] or own or list(logs)
        open_checkpoint(self.note, own[0])
        verify_inclusion(leaf_hash(entry), self.index, head.size, self.proof, head.root)
        return head


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _malformed(f"the line {ascii(text)[:60]}") from None
    if _base64(value) != text:
        raise _malformed(f"the line {ascii(text)[:60]}")
    return value


def _malformed(got: str) -> InputError:
    return InputError(
        where="proof file", got=got, want="a proof as C2SP tlog-proof writes it", fix="Copy the file whole."
    )
