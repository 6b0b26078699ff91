"""One entry of the ledger as the tree sees it: who did what when, on what, and a commitment to the content.

In come the fields or the stored bytes, out go a checked `Leaf` or the canonical bytes. Version 1 is a regular
language: `FORM` is its whole grammar, so an expert can check a leaf with one search pattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Self

from thaw.errors import InputError
from thaw.ledger.canonical import MAX_INT, parse_canonical
from thaw.ledger.kinds import entry_kinds

VERSION = 1
MAX_BYTES = 65_535  # C2SP tlog-tiles writes the length of an entry in 16 bits

_ID = r"[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,127}"
_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_AT = _DAY + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z"
_AUTH = ("asserted", "password", "webauthn")
_SIG = r"[A-Za-z0-9_=.-]+"
_WHOLE = r"0|[1-9][0-9]{0,15}"

FORM = re.compile(
    (
        rf'\{{"actor":"({_ID})","at":"({_AT})","auth":"({"|".join(_AUTH)})","c":"([0-9a-f]{{64}})",'
        rf'"kind":"([a-z0-9_.]+)","obj":(null|"{_ID}"),"prev":(null|{_WHOLE}),"seq":({_WHOLE}),'
        rf'(?:"sig":"({_SIG})",)?"v":1\}}'
    ).encode()
)

_is_id = re.compile(_ID).fullmatch
_has_form_of_time = re.compile(_AT).fullmatch
_is_hash = re.compile(r"[0-9a-f]{64}").fullmatch
_is_sig = re.compile(_SIG).fullmatch
_FIELDS = frozenset({"actor", "at", "auth", "c", "kind", "obj", "prev", "seq", "v"})


class NewerVersion(InputError):
    """A leaf of a version that this program does not know: a newer Thaw wrote it; nothing says it was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One entry, version 1, checked when built.

    seq     place in the log, 0 for the first
    kind    one of `entry_kinds()`
    at      UTC with milliseconds, `2026-11-20T17:10:00.123Z`
    actor   id of the person or program, obj id of what the entry is about or None: 1-128 of A-Z a-z 0-9 . _ : @ / + -,
            never a name or free text, because leaves travel and outlive sealing
    auth    how sure it is that it was the actor: asserted, password, webauthn
    prev    seq of the entry that this one supersedes, smaller than seq, or None
    c       commitment to salt and content, 64 lowercase hexadecimal digits
    sig     reserved for the actor's own signature; absent from the bytes when None
    Raises InputError naming the entry and the field.
    """

    seq: int
    kind: str
    at: str
    actor: str
    auth: str
    obj: str | None
    prev: int | None
    c: str
    sig: str | None = None
    v: int = VERSION

    def __post_init__(self) -> None:
        if type(self.seq) is not int or not 0 <= self.seq <= MAX_INT:
            raise _wrong("?", "seq", self.seq, "a whole number from 0 to 2**53 - 1")
        if type(self.v) is not int or self.v != VERSION:
            raise _wrong(self.seq, "v", self.v, "version 1")
        if type(self.kind) is not str or self.kind not in entry_kinds():
            raise _wrong(self.seq, "kind", self.kind, "one of the kinds listed in entry_kinds.toml")
        if type(self.at) is not str or not _is_at(self.at):
            raise _wrong(self.seq, "at", self.at, "a time like 2026-11-20T17:10:00.123Z")
        if type(self.actor) is not str or not _is_actor(self.actor):
            raise _wrong(self.seq, "actor", self.actor, "an id of 1-128 letters, digits and . _ : @ / + -")
        if self.obj is not None and (type(self.obj) is not str or not _is_id(self.obj)):
            raise _wrong(self.seq, "obj", self.obj, "None or an id of 1-128 letters, digits and . _ : @ / + -")
        if type(self.auth) is not str or self.auth not in _AUTH:
            raise _wrong(self.seq, "auth", self.auth, "asserted, password or webauthn")
        if self.prev is not None and (type(self.prev) is not int or not 0 <= self.prev < self.seq):
            raise _wrong(self.seq, "prev", self.prev, "None or the number of an earlier entry")
        if type(self.c) is not str or not _is_hash(self.c):
            raise _wrong(self.seq, "c", self.c, "64 lowercase hexadecimal digits")
        if self.sig is not None and (type(self.sig) is not str or not _is_sig(self.sig)):
            raise _wrong(self.seq, "sig", self.sig, "None or base64url parts joined by dots")

    def to_bytes(self) -> bytes:
        """The canonical bytes, at most 65,535; InputError beyond. No field can hold a character that needs escaping."""
        obj = "null" if self.obj is None else f'"{self.obj}"'
        prev = "null" if self.prev is None else self.prev
        sig = "" if self.sig is None else f'"sig":"{self.sig}",'
        data = (
            f'{{"actor":"{self.actor}","at":"{self.at}","auth":"{self.auth}","c":"{self.c}","kind":"{self.kind}",'
            f'"obj":{obj},"prev":{prev},"seq":{self.seq},{sig}"v":1}}'
        ).encode("ascii")
        if len(data) > MAX_BYTES:
            raise _too_long(len(data))
        return data

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The leaf of exactly these bytes.

        Raises InputError for bytes that are not canonical or break a rule of version 1, and its child NewerVersion
        for canonical bytes of a higher version.
        """
        if len(data) > MAX_BYTES:
            raise _too_long(len(data))
        match = FORM.fullmatch(data)
        if match is None:
            return cls(**_fields(parse_canonical(data)))
        actor, at, auth, c, kind, obj, prev, seq, sig = match.groups()
        return cls(
            seq=int(seq),
            kind=kind.decode(),
            at=at.decode(),
            actor=actor.decode(),
            auth=auth.decode(),
            obj=None if obj == b"null" else obj[1:-1].decode(),
            prev=None if prev == b"null" else int(prev),
            c=c.decode(),
            sig=None if sig is None else sig.decode(),
        )


# Entries that are written together name few moments and fewer people.
@lru_cache(64)
def _is_at(text: str) -> bool:
    return _has_form_of_time(text) is not None and is_day(text[:10])


@lru_cache(64)
def _is_actor(text: str) -> bool:
    return _is_id(text) is not None


def is_day(text: str) -> bool:
    """Whether `YYYY-MM-DD` is a day of the calendar."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _fields(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong("?", "the whole", value, "an object")
    version = value.get("v")
    if type(version) is int and version > VERSION:
        raise NewerVersion(
            where=f"ledger entry {_shown(value.get('seq'))}, v",
            got=str(version),
            want="version 1",
            fix="A newer Thaw wrote this entry; use that version to read it.",
        )
    names = value.keys() - {"sig"}
    if names != _FIELDS or value.get("sig", "") is None:
        raise _wrong(value.get("seq"), "members", ", ".join(sorted(value)), ", ".join(sorted(_FIELDS)))
    return value


def _wrong(seq: Any, field: str, got: Any, want: str) -> InputError:
    return InputError(
        where=f"ledger entry {seq if seq == '?' else _shown(seq)}, {field}",
        got=_shown(got),
        want=want,
        fix="An entry is written whole and right, or not at all.",
    )


def _too_long(size: int) -> InputError:
    return InputError(
        where="ledger entry",
        got=f"{size} bytes",
        want=f"at most {MAX_BYTES} bytes",
        fix="Content belongs into the payload; the entry only holds its commitment.",
    )


def _shown(value: Any) -> str:
    text = ascii(value)
    return text if len(text) <= 80 else text[:77] + "..."
