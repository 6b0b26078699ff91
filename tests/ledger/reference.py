"""Slow and obvious: the definitions of RFC 9162 section 2.1, written as they stand there, over lists of leaf bytes."""

from __future__ import annotations

from hashlib import sha256


def mth(leaves: list[bytes]) -> bytes:
    """Merkle tree hash, section 2.1.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """Inclusion proof, section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: list[bytes]) -> list[bytes]:
    """Consistency proof, section 2.1.4.1."""
    return subproof(m, leaves, True)


def subproof(m: int, leaves: list[bytes], b: bool) -> list[bytes]:
    n = len(leaves)
    if m == n:
        return [] if b else [mth(leaves)]
    k = split(n)
    if m <= k:
        return [*subproof(m, leaves[:k], b), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def tiles(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    """Every tile of the tree, by the formula of C2SP tlog-tiles: MTH(D[(n*256+i) * 256**l : (n*256+i+1) * 256**l])."""
    found: dict[tuple[int, int], bytes] = {}
    level = 0
    while 256**level <= len(leaves):
        span = 256**level
        hashes = [mth(leaves[at : at + span]) for at in range(0, len(leaves) - span + 1, span)]
        for index in range(0, len(hashes), 256):
            found[level, index // 256] = b"".join(hashes[index : index + 256])
        level += 1
    return found
