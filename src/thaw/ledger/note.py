"""Signed notes: a short text and under it who signed it, with Ed25519. Formats of C2SP signed-note.

In come a text and a `SigningKey`, out comes the note; in come a note and a `Verifier`, out comes the text that was
signed, or an error. Signing and checking are done by `cryptography`, imported when the first key is made.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

from thaw.errors import InputError, TamperError

_ED25519 = b"\x01"  # signature type of C2SP signed-note
_COSIGNATURE = b"\x04"  # signature type of C2SP tlog-cosignature: Ed25519 with a time
_TYPES = (_ED25519, _COSIGNATURE)
_KEY_BYTES = 32
_TIME_BYTES = 8
_MAX_NOTE = 1_000_000
_MAX_SIGNATURES = 100  # C2SP asks for at least 16
_DASH = "\N{EM DASH} "
_PRIVATE = "PRIVATE+KEY+"
_has_control = re.compile(r"[\x00-\x09\x0b-\x1f]").search


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a key: who signs (`name`) and 32 bytes of Ed25519 public key.

    witness  the key signs as C2SP tlog-cosignature has it, with the time; `signed_at` reads it
    """

    name: str
    public_key: bytes
    witness: bool = False
    key_id: bytes = field(init=False)
    _key: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        _check_key(self.name, self.public_key)
        object.__setattr__(self, "key_id", _key_id(self.name, _type(self.witness), self.public_key))
        object.__setattr__(self, "_key", Ed25519PublicKey.from_public_bytes(self.public_key))

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """The verifier of `NAME+KEYID+BASE64`; InputError when malformed or when the key id is not the key's own."""
        parts = vkey.split("+", 2)
        key = _base64_or_none(parts[-1])
        if len(parts) != 3 or key is None or key[:1] not in _TYPES:
            raise InputError(
                where="public key",
                got=ascii(vkey)[:80],
                want="NAME+KEYID+BASE64 of an Ed25519 key, as C2SP signed-note writes it",
                fix="Copy the whole line.",
            )
        verifier = cls(parts[0], key[1:], key[:1] == _COSIGNATURE)
        _check_key_id(parts[1], verifier)
        return verifier

    @property
    def vkey(self) -> str:
        """`NAME+KEYID+BASE64`, the one line to hand to whoever wants to check."""
        return f"{self.name}+{self.key_id.hex()}+{_to_base64(_type(self.witness) + self.public_key)}"

    def accepts(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (64 bytes; other lengths are false) is this key's over `message`. Source: RFC 8032.

        Of a witness: 72 bytes, the first eight of which are the time. Source: C2SP tlog-cosignature.
        """
        from cryptography.exceptions import InvalidSignature

        if self.witness:
            message, signature = _timed(message, _time_of(signature)), signature[_TIME_BYTES:]
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def signed_at(self, note: str) -> int | None:
        """When this witness signed the note, in seconds since 1970 UTC; the latest time when there are several.

        None when it did not sign. Raises InputError when the note is malformed, TamperError when a signature in its
        name is false.
        """
        _, signatures = _split_note(note)
        ours = [value[4:] for name, value in signatures if name == self.name and value[:4] == self.key_id]
        if not ours:
            return None
        open_note(note, self)
        return max(_time_of(signature) for signature in ours) if self.witness else 0


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The secret half of a key: `name` and the 32 bytes of Ed25519 seed, which no repr and no message shows.

    witness  it signs as C2SP tlog-cosignature has it: see `cosign`
    """

    name: str
    seed: bytes = field(repr=False)
    witness: bool = False
    verifier: Verifier = field(init=False, compare=False)
    _key: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        _check_key(self.name, self.seed)
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        object.__setattr__(self, "_key", key)
        public = key.public_key().public_bytes_raw()
        object.__setattr__(self, "verifier", Verifier(self.name, public, self.witness))

    @classmethod
    def generate(cls, name: str, *, witness: bool = False) -> Self:
        """A new random key; `name` is not empty and has no space and no plus sign, else InputError."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw(), witness)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The key of a key file as `to_text` writes it; InputError, which never shows the text, when malformed."""
        line = text.removesuffix("\n")
        parts = line.removeprefix(_PRIVATE).split("+", 2)
        seed = _base64_or_none(parts[-1])
        if not line.startswith(_PRIVATE) or len(parts) != 3 or seed is None or seed[:1] not in _TYPES:
            raise InputError(
                where="key file",
                got="something else",
                want="one line PRIVATE+KEY+NAME+KEYID+BASE64",
                fix="Give the file that init made.",
            )
        key = cls(parts[0], seed[1:], seed[:1] == _COSIGNATURE)
        _check_key_id(parts[1], key.verifier)
        return key

    def to_text(self) -> str:
        """One line, `PRIVATE+KEY+NAME+KEYID+BASE64`, as the Go tools for signed notes write it; secret."""
        kind = _type(self.witness)
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{_to_base64(kind + self.seed)}\n"

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 signature; the same message always gives the same. Source: RFC 8032."""
        signature: bytes = self._key.sign(message)
        return signature

    def cosign(self, note: str, at: int) -> str:
        """The signature line of a witness under a note: it has seen this state of the log at `at` and none larger.

        at  seconds since 1970 UTC, 0 to 2**63 - 1, else InputError. Source: C2SP tlog-cosignature, Ed25519.
        """
        if not self.witness or type(at) is not int or not 0 <= at < 1 << 63:
            raise InputError(
                where=f"cosignature of {self.name}",
                got=f"the time {at!a}" if self.witness else "the key of a log",
                want="the key of a witness and seconds since 1970",
                fix="Make one with `thaw witness init`.",
            )
        text, _ = _split_note(note)
        signature = at.to_bytes(_TIME_BYTES, "big") + self.sign(_timed(text.encode(), at))
        return f"{_DASH}{self.name} {_to_base64(self.verifier.key_id + signature)}\n"


def sign_note(text: str, key: SigningKey) -> str:
    """The note: `text` (ends with a newline, no other control character), a blank line, one signature line."""
    if not text.endswith("\n") or _has_control(text):
        raise _malformed("a text without a last newline or with control characters")
    signature = key.verifier.key_id + key.sign(_utf8(text))
    return f"{text}\n{_DASH}{key.name} {_to_base64(signature)}\n"


def open_note(note: str, verifier: Verifier) -> str:
    """The text of a note that `verifier` signed, last newline included.

    Signatures of other keys are ignored, as the standard demands. Raises InputError when the note is malformed,
    TamperError when the verifier's key did not sign or a signature in its name is false.
    """
    text, signatures = _split_note(note)
    ours = [value[4:] for name, value in signatures if name == verifier.name and value[:4] == verifier.key_id]
    if not ours:
        raise TamperError(
            where=f"signed note of {verifier.name}",
            got=f"no signature of key {verifier.key_id.hex()}",
            want="a signature of this key",
            fix="Ask who made the note; nothing in it can be relied on.",
        )
    message = text.encode()
    if not all(verifier.accepts(message, signature) for signature in ours):
        raise TamperError(
            where=f"signed note of {verifier.name}",
            got="a false signature",
            want=f"a signature of key {verifier.key_id.hex()} over this text",
            fix="The note or its signature was changed; nothing in it can be relied on.",
        )
    return text


def _split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Text and signatures (key name, 4 bytes of key id and the signature) of a well-formed note."""
    if len(note) > _MAX_NOTE:
        raise _malformed(f"{len(note)} characters")
    _utf8(note)
    text, blank, below = note.rpartition("\n\n")
    if not text or not blank or not below.endswith("\n") or _has_control(note):
        raise _malformed("something else")
    lines = below[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise _malformed(f"{len(lines)} signatures")
    return text + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    value = _base64_or_none(encoded)
    if not line.startswith(_DASH) or not _is_name(name) or value is None or len(value) < 5:
        raise _malformed(f"the signature line {ascii(line)[:80]}")
    return name, value


def _type(witness: bool) -> bytes:
    return _COSIGNATURE if witness else _ED25519


def _time_of(signature: bytes) -> int:
    return int.from_bytes(signature[:_TIME_BYTES], "big")


def _timed(text: bytes, at: int) -> bytes:
    """What a witness signs. Source: C2SP tlog-cosignature, Ed25519 signed message."""
    return b"cosignature/v1\ntime %d\n" % at + text


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise _malformed("half of a surrogate pair") from None


def _malformed(got: str) -> InputError:
    return InputError(
        where="signed note",
        got=got,
        want="text, a blank line and 1-100 signature lines, as C2SP signed-note writes them",
        fix="Copy the note whole, with its last line end.",
    )


def _check_key(name: str, key: bytes) -> None:
    if not _is_name(name):
        raise InputError(
            where="key name",
            got=ascii(name)[:80],
            want="a name without spaces, control characters and plus signs",
            fix="Use an address-like name, such as unit.agency.example/log1.",
        )
    if len(key) != _KEY_BYTES:
        raise InputError(
            where=f"key of {name}", got=f"{len(key)} bytes", want="32 bytes", fix="Only Ed25519 keys are used."
        )


def _check_key_id(text: str, verifier: Verifier) -> None:
    if text != verifier.key_id.hex():
        raise InputError(
            where=f"key of {verifier.name}",
            got=f"key id {ascii(text)[:80]}",
            want=f"key id {verifier.key_id.hex()}",
            fix="The name or the key was changed or mistyped; fetch it again.",
        )


def _is_name(name: str) -> bool:
    return bool(name) and not any(sign == "+" or sign.isspace() or sign < " " for sign in name)


def _key_id(name: str, kind: bytes, public_key: bytes) -> bytes:
    """First four bytes of SHA-256(name, newline, signature type, public key). Source: C2SP signed-note."""
    return sha256(_utf8(name) + b"\n" + kind + public_key).digest()[:4]


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _base64_or_none(text: str) -> bytes | None:
    """The bytes of standard base64 in its one canonical form, else None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _to_base64(data) == text else None
