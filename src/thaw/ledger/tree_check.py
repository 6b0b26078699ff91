"""Verification, third part: the stored tree and the signed checkpoints against the tree computed anew.

In come the streams of stored tiles and checkpoints; out go findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from thaw.errors import InputError, TamperError
from thaw.ledger.checkpoint import open_checkpoint
from thaw.ledger.findings import FindingList
from thaw.ledger.hashing import HASH_BYTES
from thaw.ledger.keys import KeySpan, key_for
from thaw.ledger.payload_check import END
from thaw.ledger.tree import TILE_BITS, TILE_WIDTH, TileTree

TileRow = tuple[int, int, bytes]

_NO_CHECKPOINT = (END, "")
_NO_TILE: TileRow = (END, 0, b"")


class TreeCheck:
    """The tree computed anew, against the stored tiles."""

    def __init__(self, rows: Iterable[TileRow], findings: FindingList) -> None:
        self.tree = TileTree()
        self.size = 0
        self._rows: Iterator[TileRow] = iter(rows)
        self._row = next(self._rows, _NO_TILE)
        self._stored = b""
        self._above: dict[tuple[int, int], bytes] = {}
        self._findings = findings

    def append(self, computed: bytes) -> None:
        """Adds the hash of the next entry after comparing it with the stored one."""
        start = self._start()
        stored = self._stored[start : start + HASH_BYTES]
        if stored != computed:
            if len(stored) == HASH_BYTES:
                text = f"Entry {self.size} and its hash in the stored tree do not fit: one of them was changed."
                self._findings.add("tile-mismatch", self.size, text)
            else:
                self._findings.add(
                    "tile-missing", self.size, f"The hash of entry {self.size} is not in the stored tree."
                )
        self._grow(computed)

    def append_stored(self) -> bool:
        """Adds the stored hash where the entry is missing; False when there is none either."""
        start = self._start()
        stored = self._stored[start : start + HASH_BYTES]
        if len(stored) != HASH_BYTES:
            return False
        self._grow(stored)
        return True

    def finish(self) -> None:
        """Compares the end of the last tile and all levels above, and reports tiles that belong to nothing."""
        self._keep_above()
        start = self.size % TILE_WIDTH * HASH_BYTES
        if start and len(self._stored) > start:
            self._extra(0, self.size >> TILE_BITS)
        for level, index in sorted(self._above):
            self._compare(level, index, self._above[level, index], self._pull(level, index))
        self._pull(END, 0)

    def _start(self) -> int:
        place = self.size % TILE_WIDTH
        if place == 0 and not self._stored:
            self._stored = self._pull(0, self.size >> TILE_BITS)
        return place * HASH_BYTES

    def _grow(self, hash_: bytes) -> None:
        self.tree.append(hash_)
        self.size += 1
        if self.size % TILE_WIDTH == 0:
            if len(self._stored) > TILE_WIDTH * HASH_BYTES:
                self._extra(0, (self.size >> TILE_BITS) - 1)
            self._stored = b""
            self._keep_above()

    def _keep_above(self) -> None:
        for tile in self.tree.take_changed():
            if tile.level:
                self._above[tile.level, tile.index] = tile.hashes

    def _pull(self, level: int, index: int) -> bytes:
        """The stored tile (level, index) or b""; what comes before it in the stream belongs to nothing."""
        while self._row[:2] < (level, index):
            self._extra(*self._row[:2])
            self._row = next(self._rows, _NO_TILE)
        if self._row[:2] != (level, index):
            return b""
        hashes = self._row[2]
        self._row = next(self._rows, _NO_TILE)
        return hashes

    def _compare(self, level: int, index: int, want: bytes, got: bytes) -> None:
        span = TILE_WIDTH**level
        for at in range(0, len(want), HASH_BYTES):
            seq = (index * TILE_WIDTH + at // HASH_BYTES) * span
            if len(got) < at + HASH_BYTES:
                text = f"Tile {index} of level {level} does not reach entries {seq} to {seq + span - 1}."
                self._findings.add("tile-missing", seq, text, many=level > 0)
                return
            if got[at : at + HASH_BYTES] != want[at : at + HASH_BYTES]:
                text = f"The stored hash over entries {seq} to {seq + span - 1}, level {level}, is not theirs."
                self._findings.add("tile-mismatch", seq, text, many=level > 0)
        if len(got) > len(want):
            self._extra(level, index)

    def _extra(self, level: int, index: int) -> None:
        text = f"Tile {index} of level {level} is stored twice, too long, or covers no entry."
        self._findings.add("tile-extra", None, text)


class CheckpointCheck:
    """The stored checkpoints: signature, size, root."""

    def __init__(self, rows: Iterable[tuple[int, str]], keys: Sequence[KeySpan], findings: FindingList) -> None:
        self._rows = iter(rows)
        self._keys = keys
        self._findings = findings
        self._last = -1
        self._covered = 0
        self._note = ""
        self.next_size = 0
        self._next()

    def passing(self, tree: TileTree) -> None:
        """Checks every checkpoint up to the tree's present size."""
        while self.next_size <= tree.size:
            if 0 <= self.next_size <= self._last:
                text = f"The checkpoint of size {self.next_size} is stored twice or after a later one."
                self._findings.add("checkpoint-duplicate", _last_entry(self.next_size), text)
            elif self._opened(tree.root()):
                self._covered = self.next_size
            self._last = max(self._last, self.next_size)
            self._next()

    def finish(self, size: int) -> None:
        """Checks that the newest checkpoint covers all entries and no more."""
        beyond = self.next_size < END
        while self.next_size < END:
            self._opened(None)
            text = f"A checkpoint says that there were {self.next_size} entries; {size} are there."
            self._findings.add("checkpoint-beyond-tree", size, text)
            self._next()
        if self._covered < size and not beyond:
            text = f"Entries {self._covered} to {size - 1} are covered by no valid checkpoint."
            self._findings.add("checkpoint-missing", self._covered, text)

    def _opened(self, root: bytes | None) -> bool:
        """Whether the note is signed and says its own size; a root that is not `root` is reported besides."""
        size, seq = self.next_size, _last_entry(self.next_size)
        try:
            checkpoint = open_checkpoint(self._note, key_for(self._keys, size))
        except InputError as error:
            self._findings.add("checkpoint-malformed", seq, str(error))
            return False
        except TamperError as error:
            # Caught: a bad signature becomes a finding that names the entry, and the rest of the log is still read.
            self._findings.add("checkpoint-signature", seq, str(error))
            return False
        if checkpoint.size != size:
            text = f"The checkpoint stored for size {size} was signed for size {checkpoint.size}."
            self._findings.add("checkpoint-size", seq, text)
            return False
        if root is not None and checkpoint.root != root:
            text = f"Entries 0 to {size - 1} do not give the root that was signed for them."
            self._findings.add("checkpoint-root", seq, text, many=True)
        return True

    def _next(self) -> None:
        self.next_size, self._note = next(self._rows, _NO_CHECKPOINT)


def _last_entry(size: int) -> int | None:
    return size - 1 if size > 0 else None
