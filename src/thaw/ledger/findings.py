"""What a verification can find: a closed list of kinds, and the verdict that follows from them.

In come findings, out goes a `Verification`: tampered if any finding says so, else incomplete if any says so, else ok.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Self, cast

from thaw.data import read_toml
from thaw.errors import InputError

Status = Literal["ok", "tampered", "incomplete"]

MAX_OF_ONE_KIND = 100
"""Findings of one kind that are listed; the rest is counted in one more finding."""


@cache
def finding_kinds() -> Mapping[str, tuple[Status, str]]:
    """Every kind of finding with the verdict that follows from it and its meaning: `data/finding_kinds.toml`."""
    kinds: dict[str, list[str]] = read_toml("finding_kinds.toml")["kinds"]
    return MappingProxyType({kind: (cast(Status, status), text) for kind, (status, text) in kinds.items()})


class Finding(NamedTuple):
    """One thing found: its kind, the entry it starts at (None where no entry can be named), one sentence."""

    kind: str
    seq: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict over a log: status, number of entries, root in hexadecimal digits, and what was found."""

    status: Status
    entries: int
    root_hex: str
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, entries: int, root_hex: str, findings: Iterable[tuple[str, int | None, str]]) -> Self:
        """The verdict that follows from the findings; InputError for a kind that is not in the list."""
        listed = tuple(Finding(*found) for found in findings)
        for found in listed:
            if found.kind not in finding_kinds():
                raise InputError(
                    where="verification",
                    got=f"a finding of kind {ascii(found.kind)[:80]}",
                    want="a kind of the closed list",
                    fix="The list stands in docs/methods/ledger.md.",
                )
        statuses = {finding_kinds()[found.kind][0] for found in listed}
        status: Status = "tampered" if "tampered" in statuses else "incomplete" if statuses else "ok"
        return cls(status, entries, root_hex, listed)

    def plus(self, findings: Iterable[tuple[str, int | None, str]]) -> Self:
        """The verdict with more findings: those of blobs, projections, receipts and witnesses."""
        return self.of(self.entries, self.root_hex, (*self.findings, *findings))

    def to_json(self) -> dict[str, Any]:
        """Keys status, entries, root, findings (each kind, seq, detail), as `verify --json` prints them."""
        return {
            "status": self.status,
            "entries": self.entries,
            "root": self.root_hex,
            "findings": [found._asdict() for found in self.findings],
        }


class FindingList:
    """Collects findings in bounded memory: after 100 of one kind it only counts."""

    def __init__(self) -> None:
        self._found: list[tuple[int, Finding]] = []
        self._count: dict[str, int] = {}

    def add(self, kind: str, seq: int | None, detail: str, *, many: bool = False) -> None:
        """Takes up one finding. `many`: it is about all entries from `seq` on, not about that one."""
        count = self._count[kind] = self._count.get(kind, 0) + 1
        if count <= MAX_OF_ONE_KIND:
            self._found.append((2 if seq is None else int(many), Finding(kind, seq, detail)))

    def all(self) -> list[Finding]:
        """The findings on one entry, in order; those on many; those that name none; the counts of what is not listed.

        A changed entry also spoils the hashes above it: what was changed has to stand first.
        """
        ordered = sorted(self._found, key=lambda pair: (pair[0], pair[1].seq or 0))
        listed = [found for _, found in ordered]
        more = {kind: count - MAX_OF_ONE_KIND for kind, count in self._count.items() if count > MAX_OF_ONE_KIND}
        return listed + [Finding(kind, None, f"{count} more findings of this kind.") for kind, count in more.items()]
