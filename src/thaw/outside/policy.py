"""Whom to believe: the keys of logs and witnesses, and how many witnesses must have signed. C2SP tlog-policy.

In comes the text of a policy file, out go its logs, its witnesses and an answer to "are these signatures enough?".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from thaw.errors import InputError, ThawError
from thaw.ledger import Verifier

_NONE = "none"
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of a policy: its name there, its key, and where it answers (None: by file only)."""

    name: str
    verifier: Verifier
    url: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """At least `needed` of the members, each a witness or a group."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs by public key, witnesses by name, and the quorum."""

    logs: tuple[Verifier, ...]
    witnesses: Mapping[str, Witness]
    groups: Mapping[str, Group]
    quorum: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The policy of a file's text. Raises InputError naming the line that cannot be read."""
        reading = _Reading()
        for number, line in enumerate(text.split("\n"), 1):
            if any((sign < " " and sign != "\t") or sign == "\x7f" for sign in line):
                raise _wrong(number, "a control character", "text, spaces and tabs")
            words = [word for word in line.replace("\t", " ").split(" ") if word]
            if words and not words[0].startswith("#"):
                reading.take(number, words)
        if reading.quorum is None:
            raise _wrong(None, "no quorum line", "exactly one line `quorum NAME` or `quorum none`")
        return cls(tuple(reading.logs), reading.witnesses, reading.groups, reading.quorum)

    def enough(self, signed: Collection[str]) -> bool:
        """Whether the witnesses of these names make the quorum."""
        return self.quorum == _NONE or self._has_signed(self.quorum, signed)

    def verifiers_of(self, origin: str) -> list[Verifier]:
        """The keys of the log with this name; none when the policy does not know it."""
        return [verifier for verifier in self.logs if verifier.name == origin]

    def _has_signed(self, name: str, signed: Collection[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in signed
        return sum(self._has_signed(member, signed) for member in group.members) >= group.needed


class _Reading:
    """A policy while its lines are read."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def take(self, number: int, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._log(number, _key(number, vkey, witness=False))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witness(number, Witness(name, _key(number, vkey, witness=True), url[0] if url else None))
            case ["group", name, needed, *members] if members:
                self._group(number, name, needed, members)
            case ["quorum", name]:
                if self.quorum is not None:
                    raise _wrong(number, "a second quorum", "exactly one quorum line")
                self._known(number, name, free=(_NONE,))
                self.quorum = name
            case _:
                raise _wrong(number, ascii(" ".join(words))[:80], "a line that begins log, witness, group or quorum")
        if len(self.logs) + len(self.witnesses) + len(self.groups) > _MOST:
            raise _wrong(number, f"more than {_MOST} names", f"at most {_MOST}")

    def _log(self, number: int, verifier: Verifier) -> None:
        if any(verifier.public_key == other.public_key for other in self.logs):
            raise _wrong(number, "the key of another log line", "each key once")
        self.logs.append(verifier)

    def _witness(self, number: int, witness: Witness) -> None:
        self._new(number, witness.name)
        if any(witness.verifier.public_key == other.verifier.public_key for other in self.witnesses.values()):
            raise _wrong(number, "the key of another witness line", "each key once")
        self.witnesses[witness.name] = witness

    def _group(self, number: int, name: str, needed: str, members: list[str]) -> None:
        self._new(number, name)
        for member in members:
            self._known(number, member)
            if member in self._members:
                raise _wrong(number, f"{ascii(member)[:60]} in a second place", "each name in one group at most")
            self._members.add(member)
        whole = {"any": "1", "all": str(len(members))}.get(needed, needed)
        if not whole.isascii() or not whole.isdigit() or whole[0] == "0" or int(whole) > len(members):
            raise _wrong(number, f"the number {ascii(needed)[:60]}", f"any, all, or a number from 1 to {len(members)}")
        self.groups[name] = Group(int(whole), tuple(members))

    def _new(self, number: int, name: str) -> None:
        if name == _NONE or name in self.witnesses or name in self.groups:
            raise _wrong(number, f"the name {ascii(name)[:60]}, which is taken", "a new name")

    def _known(self, number: int, name: str, free: tuple[str, ...] = ()) -> None:
        if name not in self.witnesses and name not in self.groups and name not in free:
            raise _wrong(number, f"the name {ascii(name)[:60]}", "a witness or group of an earlier line")


def _key(number: int, vkey: str, *, witness: bool) -> Verifier:
    try:
        verifier = Verifier.parse(vkey)
    except ThawError as error:
        raise _wrong(number, error.got, error.want) from None
    if verifier.witness != witness:
        kinds = {True: "the key of a witness (type 4)", False: "the key of a log (type 1)"}
        raise _wrong(number, kinds[verifier.witness], kinds[witness])
    return verifier


def _wrong(number: int | None, got: str, want: str) -> InputError:
    where = "policy" if number is None else f"policy, line {number}"
    return InputError(where=where, got=got, want=want, fix="Write it as C2SP tlog-policy has it.")
