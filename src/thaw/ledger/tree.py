"""The Merkle tree over all entries, kept as tiles: in go leaf hashes in order, out come changed tiles and the root.

Layout of C2SP tlog-tiles: a tile holds up to 256 hashes of 32 bytes side by side; level 0 holds leaf hashes, and each
full tile becomes one hash in the level above. Only the right edge of the tree is held here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from thaw.errors import InputError, TamperError
from thaw.ledger.canonical import MAX_INT
from thaw.ledger.hashing import EMPTY_ROOT, HASH_BYTES, node_hash

TILE_BITS = 8
TILE_WIDTH = 1 << TILE_BITS
TILE_BYTES = TILE_WIDTH * HASH_BYTES

TileAt = Callable[[int, int], bytes]
"""Gives the stored hashes of the tile (level, index), side by side; b"" when there is no such tile."""


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """1 to 256 hashes of one level of the tree: those from place `index * 256` on, 32 bytes each, side by side."""

    level: int
    index: int
    hashes: bytes


class TileTree:
    """A growing tree of which only the last, unfinished tile of each level is in memory."""

    __slots__ = ("_edge", "_full", "_size", "_taken")

    def __init__(self, size: int = 0, partial_tiles: Mapping[int, bytes] | None = None) -> None:
        """Takes up a tree of `size` entries.

        partial_tiles   level -> hashes of the last tile of that level; where that tile is full (the level has a
                        multiple of 256 hashes) it may be given or left out
        Raises TamperError when the tiles do not fit the size.
        """
        if type(size) is not int or not 0 <= size <= MAX_INT:
            raise InputError(
                where="tree size",
                got=ascii(size),
                want="a whole number from 0 to 2**53 - 1",
                fix="Give the number of entries.",
            )
        given = dict(partial_tiles or {})
        edge: list[bytearray] = []
        for level in range(_levels(size)):
            width = tile_width(size, level)
            hashes = given.pop(level, b"")
            if len(hashes) != width * HASH_BYTES and (width or len(hashes) != TILE_BYTES):
                raise _edge_error(size, level, len(hashes), width)
            edge.append(bytearray(hashes if width else b""))
        for level in sorted(given):
            if given[level]:
                raise _edge_error(size, level, len(given[level]), 0)
        self._edge = edge or [bytearray()]
        self._full: list[Tile] = []
        self._size = size
        self._taken = size

    @property
    def size(self) -> int:
        """Number of entries."""
        return self._size

    def append(self, leaf_hash: bytes) -> None:
        """Adds one leaf hash (32 bytes, else InputError) at the right end."""
        if len(leaf_hash) != HASH_BYTES:
            raise InputError(
                where=f"leaf hash of entry {self._size}",
                got=f"{len(leaf_hash)} bytes",
                want="32 bytes",
                fix="Use leaf_hash(data).",
            )
        self._size += 1
        edge = self._edge[0]
        edge += leaf_hash
        if len(edge) == TILE_BYTES:
            self._close(0)

    def root(self) -> bytes:
        """The tree's root, 32 bytes; SHA-256 of nothing for the empty tree. Source: RFC 9162 section 2.1.1."""
        root = b""
        for edge in self._edge:
            for peak in reversed(_peaks(edge)):
                root = node_hash(peak, root) if root else peak
        return root or EMPTY_ROOT

    def take_changed(self) -> list[Tile]:
        """Every tile that is new or longer since the last call (or the beginning), by level and index.

        A tile that became full on the way comes once, full.
        """
        tiles = self._full
        for level, edge in enumerate(self._edge):
            if edge and self._size >> (TILE_BITS * level) > self._taken >> (TILE_BITS * level):
                tiles.append(Tile(level, self._size >> (TILE_BITS * (level + 1)), bytes(edge)))
        self._full = []
        self._taken = self._size
        return sorted(tiles)

    def copy(self) -> Self:
        """A tree that grows on its own from here: keep one to go back to when a transaction fails."""
        twin = type(self)()
        twin._edge = [bytearray(edge) for edge in self._edge]
        twin._full = list(self._full)
        twin._size = self._size
        twin._taken = self._taken
        return twin

    def _close(self, level: int) -> None:
        """Hands the full tile of `level` out and its root up."""
        edge = self._edge[level]
        self._full.append(Tile(level, (self._size >> (TILE_BITS * (level + 1))) - 1, bytes(edge)))
        root = perfect_root(bytes(edge))
        edge.clear()
        if level + 1 == len(self._edge):
            self._edge.append(bytearray())
        above = self._edge[level + 1]
        above += root
        if len(above) == TILE_BYTES:
            self._close(level + 1)


def tile_width(size: int, level: int) -> int:
    """Hashes in the unfinished tile of `level` in a tree of `size` entries, 0-255. Source: C2SP tlog-tiles."""
    return (size >> (TILE_BITS * level)) % TILE_WIDTH


def root_of(size: int, tile_at: TileAt) -> bytes:
    """Root of the tree of the first `size` entries, from stored tiles, which may belong to a larger tree.

    Raises TamperError when a tile holds fewer hashes than the size demands.
    """
    edge = {
        level: hashes_of(tile_at, level, size >> (TILE_BITS * (level + 1)), 0, tile_width(size, level))
        for level in range(_levels(size))
    }
    return TileTree(size, edge).root()


def hashes_of(tile_at: TileAt, level: int, index: int, first: int, end: int) -> bytes:
    """Hashes number `first` to `end - 1` of one stored tile; TamperError when it holds fewer."""
    hashes = tile_at(level, index)[: end * HASH_BYTES] if end else b""
    if len(hashes) != end * HASH_BYTES:
        raise TamperError(
            where=f"tile {index} of level {level}",
            got=f"{len(hashes)} bytes",
            want=f"at least {end * HASH_BYTES} bytes",
            fix="The stored tree is not whole: run verify, and change nothing before.",
        )
    return hashes[first * HASH_BYTES :]


def perfect_root(hashes: bytes) -> bytes:
    """Root over 1, 2, 4 ... 256 hashes that stand side by side."""
    while len(hashes) > HASH_BYTES:
        hashes = b"".join(
            [
                sha256(b"\x01" + hashes[at : at + 2 * HASH_BYTES]).digest()
                for at in range(0, len(hashes), 2 * HASH_BYTES)
            ]
        )
    return hashes


def _peaks(hashes: bytearray) -> list[bytes]:
    """Roots of the largest perfect trees over these hashes, left to right: 11 hashes give trees of 8, 2 and 1."""
    peaks = []
    start, count = 0, len(hashes) // HASH_BYTES
    while count:
        width = 1 << (count.bit_length() - 1)
        end = start + width * HASH_BYTES
        peaks.append(perfect_root(bytes(hashes[start:end])))
        start, count = end, count - width
    return peaks


def _levels(size: int) -> int:
    """Number of levels with at least one hash: 1 for 1-255 entries, 2 for 256-65,535."""
    return -(-size.bit_length() // TILE_BITS)


def _edge_error(size: int, level: int, got: int, width: int) -> TamperError:
    return TamperError(
        where=f"last tile of level {level} in a tree of {size} entries",
        got=f"{got} bytes",
        want=f"{width * HASH_BYTES} bytes",
        fix="The stored tree does not fit its size: run verify, and change nothing before.",
    )
