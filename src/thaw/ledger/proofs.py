"""Short proofs: this entry is in that tree; this tree is the beginning of that one.

In come places, sizes and the stored tiles, out comes a list of hashes; whoever holds only a root checks it with
`verify_inclusion` or `verify_consistency`, which answer with nothing or with an error. Source: RFC 9162 section 2.1.3
and 2.1.4, whose names (fn, sn, fr, sr) the two checks keep.
"""

from __future__ import annotations

from collections.abc import Sequence

from thaw.errors import InputError, TamperError
from thaw.ledger.canonical import MAX_INT
from thaw.ledger.hashing import EMPTY_ROOT, HASH_BYTES, node_hash
from thaw.ledger.tree import TILE_BITS, TILE_WIDTH, TileAt, hashes_of, perfect_root


def inclusion_proof(index: int, size: int, tile_at: TileAt) -> list[bytes]:
    """Hashes that lead from entry `index` to the root of the tree of `size` entries, leaf end first.

    0 <= index < size, else InputError; TamperError when a stored tile is too short. Source: RFC 9162 section 2.1.3.1.
    """
    where = f"inclusion proof of entry {index} in a tree of {size}"
    _check_range(where, 0 <= index < size <= MAX_INT, "0 <= entry < size")
    return subtree_path(index, 0, size, tile_at)


def consistency_proof(old_size: int, new_size: int, tile_at: TileAt) -> list[bytes]:
    """Hashes that show the tree of `old_size` to be the beginning of the tree of `new_size`; [] when they are equal.

    0 < old_size <= new_size, else InputError; TamperError when a stored tile is too short.
    Source: RFC 9162 section 2.1.4.1.
    """
    where = f"consistency proof from size {old_size} to {new_size}"
    _check_range(where, 0 < old_size <= new_size <= MAX_INT, "0 < old size <= new size")
    start, end, known = 0, new_size, True
    proof: list[bytes] = []
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            proof.append(subtree_root(middle, end, tile_at))
            end = middle
        else:
            proof.append(subtree_root(start, middle, tile_at))
            start, known = middle, False
    if not known:
        proof.append(subtree_root(start, end, tile_at))
    return proof[::-1]


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Returns when `proof` leads from the leaf hash at `index` to `root`, the root of a tree of `size` entries.

    Raises InputError for an impossible place or a hash that is not 32 bytes long, TamperError when the proof does not
    hold. Source: RFC 9162 section 2.1.3.2.
    """
    where = f"inclusion proof of entry {index} in a tree of {size}"
    _check_range(where, 0 <= index < size <= MAX_INT, "0 <= entry < size")
    _check_hashes(where, [leaf_hash, root, *proof])
    fn, sn, reached = index, size - 1, leaf_hash
    for step in proof:
        if sn == 0:
            raise _broken(where, "more hashes than the tree has levels", "one hash for each level")
        if fn & 1 or fn == sn:
            reached = node_hash(step, reached)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            reached = node_hash(reached, step)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise _broken(where, "fewer hashes than the tree has levels", "one hash for each level")
    if reached != root:
        raise _broken(where, f"root {reached.hex()}", f"root {root.hex()}")


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Returns when `proof` shows the old tree to be the beginning of the new one.

    Raises InputError for impossible sizes (an empty old tree proves nothing) or a hash that is not 32 bytes long,
    TamperError when the proof does not hold. Source: RFC 9162 section 2.1.4.2.
    """
    where = f"consistency proof from size {old_size} to {new_size}"
    _check_range(where, 0 < old_size <= new_size <= MAX_INT, "0 < old size <= new size")
    _check_hashes(where, [old_root, new_root, *proof])
    if old_size == new_size:
        if proof:
            raise _broken(where, "hashes between equal sizes", "no hashes")
        if old_root != new_root:
            raise _broken(where, f"two roots, {old_root.hex()} and {new_root.hex()}", "one root for one size")
        return
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    path = [old_root, *proof] if fn == 0 else list(proof)
    if not proof:
        raise _broken(where, "no hashes", "at least one hash")
    reached_old, reached_new, sn = _climb(where, path, fn, sn)
    if sn:
        raise _broken(where, "fewer hashes than the tree has levels", "one hash for each level")
    if reached_old != old_root:
        raise _broken(where, f"old root {reached_old.hex()}", f"old root {old_root.hex()}")
    if reached_new != new_root:
        raise _broken(where, f"new root {reached_new.hex()}", f"new root {new_root.hex()}")


def subtree_root(start: int, end: int, tile_at: TileAt) -> bytes:
    """Root over the entries `start` to `end - 1`; `start` is a multiple of the least power of two >= the count."""
    root = b""
    for height, place in reversed(_perfect_parts(start, end)):
        peak = _perfect_root(height, place, tile_at)
        root = node_hash(peak, root) if root else peak
    return root or EMPTY_ROOT


def subtree_path(index: int, start: int, end: int, tile_at: TileAt) -> list[bytes]:
    """Hashes that lead from entry `index` to the root over the entries `start` to `end - 1`, leaf end first."""
    path: list[bytes] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree_root(middle, end, tile_at))
            end = middle
        else:
            path.append(subtree_root(start, middle, tile_at))
            start = middle
    return path[::-1]


def _climb(where: str, path: list[bytes], fn: int, sn: int) -> tuple[bytes, bytes, int]:
    """Steps 5 and 6 of RFC 9162 section 2.1.4.2: both roots that `path` leads to, and what is left of sn."""
    fr = sr = path[0]
    for step in path[1:]:
        if sn == 0:
            raise _broken(where, "more hashes than the tree has levels", "one hash for each level")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(step, fr), node_hash(step, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, step)
        fn, sn = fn >> 1, sn >> 1
    return fr, sr, sn


def _split(count: int) -> int:
    """The largest power of two smaller than `count` (> 1)."""
    return 1 << ((count - 1).bit_length() - 1)


def _perfect_parts(start: int, end: int) -> list[tuple[int, int]]:
    """(height, place) of the perfect trees that make up the range, left to right."""
    parts = []
    while start < end:
        height = (end - start).bit_length() - 1
        parts.append((height, start >> height))
        start += 1 << height
    return parts


def _perfect_root(height: int, place: int, tile_at: TileAt) -> bytes:
    """Root of the `place`-th perfect tree of 2**height entries."""
    level, below = divmod(height, TILE_BITS)
    index, first = divmod(place << below, TILE_WIDTH)
    return perfect_root(hashes_of(tile_at, level, index, first, first + (1 << below)))


def _check_range(where: str, fits: bool, want: str) -> None:
    if not fits:
        raise InputError(where=where, got="a place outside", want=want, fix="Ask for an entry or a size that exists.")


def _check_hashes(where: str, hashes: list[bytes]) -> None:
    for value in hashes:
        if len(value) != HASH_BYTES:
            raise InputError(
                where=where,
                got=f"a hash of {len(value)} bytes",
                want="hashes of 32 bytes",
                fix="The proof was cut or is of another kind; fetch it again.",
            )


def _broken(where: str, got: str, want: str) -> TamperError:
    return TamperError(
        where=where, got=got, want=want, fix="One of the two was changed: keep both and compare with other receipts."
    )
