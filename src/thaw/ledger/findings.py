"""What a verification can find: a closed list of kinds, and the verdict that follows from them.

In come findings, out goes a `Verification`: tampered if any finding says so, else incomplete if any says so, else ok.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self

from thaw.errors import InputError

Status = Literal["ok", "tampered", "incomplete"]

MAX_OF_ONE_KIND = 100
"""Findings of one kind that are listed; the rest is counted in one more finding."""

FINDING_KINDS: dict[str, tuple[Status, str]] = {
    "leaf-missing": ("tampered", "An entry is not there."),
    "leaf-duplicate": ("tampered", "An entry is there twice, or the entries are not in order."),
    "leaf-not-canonical": ("tampered", "The bytes of an entry are not the canonical form."),
    "leaf-invalid": ("tampered", "An entry breaks a rule of its version, or names a kind that is not in the list."),
    "leaf-out-of-order": ("tampered", "The number inside an entry is not its place."),
    "leaf-newer": ("incomplete", "A newer Thaw wrote the entry; its hash was checked, its content was not."),
    "leaf-sig-unchecked": ("incomplete", "The entry carries a signature that this version cannot check."),
    "time-backwards": ("tampered", "The time of an entry is before the time of an earlier one."),
    "payload-missing": ("tampered", "The content or the salt of an entry is gone, and no seal says why."),
    "payload-stray": ("tampered", "There is content without an entry."),
    "payload-duplicate": ("tampered", "There is content twice for one entry, or the contents are not in order."),
    "payload-half-gone": ("tampered", "Of a sealed content and its salt one is gone and one is left."),
    "commitment-mismatch": ("tampered", "Content and salt are not what the entry committed to."),
    "seal-unbacked": ("tampered", "A content is marked as sealed by an entry that is no later seal order."),
    "seal-not-covering": ("tampered", "The seal order does not list the entry whose content is sealed."),
    "tile-mismatch": ("tampered", "A stored hash of the tree is not the hash of what it stands for."),
    "tile-missing": ("tampered", "A part of the stored tree is missing."),
    "tile-extra": ("tampered", "There is a part of a stored tree that belongs to no entry, or is there twice."),
    "checkpoint-malformed": ("tampered", "A stored checkpoint is not a well-formed signed note."),
    "checkpoint-signature": ("tampered", "A stored checkpoint is not signed by the log's key, or is another log's."),
    "checkpoint-size": ("tampered", "A checkpoint is filed under another size than it says."),
    "checkpoint-root": ("tampered", "The entries do not give the root that was signed."),
    "checkpoint-duplicate": ("tampered", "A checkpoint is there twice, or the checkpoints are not in order."),
    "checkpoint-beyond-tree": ("tampered", "A signed checkpoint covers more entries than there are."),
    "checkpoint-missing": ("tampered", "The newest entries are covered by no valid checkpoint."),
    "witness-root": ("tampered", "A checkpoint kept outside has another root at its size."),
    "witness-signature": ("tampered", "A checkpoint kept outside is not signed by the log's key."),
    "witness-beyond-tree": ("tampered", "A checkpoint or receipt kept outside covers more entries than there are."),
    "receipt-mismatch": ("tampered", "A receipt kept outside names another entry at its place."),
    "projection-mismatch": ("tampered", "A table derived from the entries is not what they give."),
    "blob-missing": ("tampered", "The bytes of a document are gone, and no seal says why."),
    "blob-mismatch": ("tampered", "The bytes of a document are not those that were taken in."),
    "blob-stray": ("incomplete", "There are bytes that no entry names, as an interrupted intake leaves them."),
    "blob-unreadable": ("incomplete", "The bytes of a document could not be read from the disk."),
    "database-damaged": ("tampered", "The database file cannot be read as it stands."),
    "book-facts": ("tampered", "Origin, kind, secret or public key are not those that entry 0 committed to."),
    "schema-changed": ("tampered", "The database declares other tables, indexes, views or triggers than Thaw makes."),
    "not-checked": ("incomplete", "A part of the check was not made."),
}


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
            if found.kind not in FINDING_KINDS:
                raise InputError(
                    where="verification",
                    got=f"a finding of kind {ascii(found.kind)[:80]}",
                    want="a kind of the closed list",
                    fix="The list stands in docs/methods/ledger.md.",
                )
        statuses = {FINDING_KINDS[found.kind][0] for found in listed}
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
        self._found: list[Finding] = []
        self._count: dict[str, int] = {}

    def add(self, kind: str, seq: int | None, detail: str) -> None:
        """Takes up one finding."""
        count = self._count[kind] = self._count.get(kind, 0) + 1
        if count <= MAX_OF_ONE_KIND:
            self._found.append(Finding(kind, seq, detail))

    def all(self) -> list[Finding]:
        """The findings by entry (those that name none last), then the counts of what was not listed."""
        listed = sorted(self._found, key=lambda found: (found.seq is None, found.seq or 0))
        more = {kind: count - MAX_OF_ONE_KIND for kind, count in self._count.items() if count > MAX_OF_ONE_KIND}
        return listed + [Finding(kind, None, f"{count} more findings of this kind.") for kind, count in more.items()]
