"""Verification, second part: contents and salts against what the entries committed to, seals against seal orders.

In comes the stream of stored contents, by entry; out go findings.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

from thaw.ledger.findings import FindingList
from thaw.ledger.hashing import SALT_BYTES

PayloadRow = tuple[int, bytes | None, bytes | None, int | None]

SEAL_KINDS = frozenset({b"seal.order", b"seal.destroy"})
END = 1 << 64
"""Number of the row after the last: beyond every number that a database can hold."""

_NO_ROW: PayloadRow = (END, None, None, None)


class PayloadCheck:
    """Contents and salts against the commitments, and sealed ones against seal orders further on."""

    def __init__(
        self, rows: Iterable[PayloadRow], seal_covers: Callable[[int, int], bool] | None, findings: FindingList
    ) -> None:
        self._rows: Iterator[PayloadRow] = iter(rows)
        self._row = next(self._rows, _NO_ROW)
        self._last = -1
        self._seal_covers = seal_covers
        self._sealed: dict[int, array[int]] = {}
        self._findings = findings

    def check(self, seq: int, kind: bytes, committed: str | None) -> None:
        """Takes the content of entry `seq` from the stream; `committed` is None when it cannot be compared."""
        if seq in self._sealed:
            self._check_seal(seq, kind)
        if self._row[0] != seq and not self._advance_to(seq):
            self._findings.add("payload-missing", seq, f"The content of entry {seq} is not there.")
            return
        _, salt, payload, sealed_by = self._row
        if salt is not None and payload is not None:
            found = sha256(b"\x02" + salt + payload).hexdigest()
            if committed is not None and (found != committed or len(salt) != SALT_BYTES):
                self._findings.add("commitment-mismatch", seq, f"The content of entry {seq} was changed.")
        elif sealed_by is None:
            self._findings.add("payload-missing", seq, f"The content of entry {seq} is gone without a seal.")
        elif salt is not None or payload is not None:
            self._findings.add("payload-half-gone", seq, f"The content of entry {seq} was not destroyed whole.")
        if sealed_by is not None:
            self._seal(seq, sealed_by)
        self._next()

    def finish(self) -> None:
        """Reports contents after the last entry, and seals that never came."""
        self._advance_to(END)
        for seal, sealed in self._sealed.items():
            for seq in sealed:
                self._unbacked(seq, seal)

    def _seal(self, seq: int, sealed_by: int) -> None:
        if sealed_by > seq:
            self._sealed.setdefault(sealed_by, array("q")).append(seq)
        else:
            self._unbacked(seq, sealed_by)

    def _check_seal(self, seal: int, kind: bytes) -> None:
        for seq in self._sealed.pop(seal):
            if kind not in SEAL_KINDS:
                self._unbacked(seq, seal)
            elif self._seal_covers is not None and not self._seal_covers(seal, seq):
                self._findings.add(
                    "seal-not-covering", seq, f"The seal order, entry {seal}, does not list entry {seq}."
                )

    def _unbacked(self, seq: int, seal: int) -> None:
        self._findings.add(
            "seal-unbacked", seq, f"Entry {seq} is marked as sealed by entry {seal}, no later seal order."
        )

    def _advance_to(self, seq: int) -> bool:
        """Reports the rows before `seq`; whether the next row is its row."""
        while self._row[0] < seq:
            self._stray()
        return self._row[0] == seq

    def _stray(self) -> None:
        seq = self._row[0]
        if 0 <= seq <= self._last:
            self._findings.add("payload-duplicate", seq, f"The content of entry {seq} is stored twice or out of order.")
        else:
            self._findings.add("payload-stray", seq, f"There is content for entry {seq}, which is not there.")
        self._next()

    def _next(self) -> None:
        self._last = max(self._last, self._row[0])
        self._row = next(self._rows, _NO_ROW)
