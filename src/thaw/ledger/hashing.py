"""The three hashes of the ledger: over one entry, over two hashes of the tree, over one content and its salt.

All are SHA-256. The first byte says which of the three it is, so that no value of one kind can pass for another
(RFC 9162 section 2.1.1 for 0x00 and 0x01; 0x02 is ours).
"""

from __future__ import annotations

from hashlib import sha256

from thaw.errors import InputError

HASH_BYTES = 32
SALT_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and the bytes of one entry; 32 bytes. Source: RFC 9162 section 2.1.1."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and two hashes of 32 bytes; 32 bytes. Source: RFC 9162 section 2.1.1."""
    return sha256(b"\x01" + left + right).digest()


def commitment(salt: bytes, payload: bytes) -> bytes:
    """SHA-256 of 0x02, a salt of exactly 32 bytes and the content of one entry; 32 bytes.

    The salt keeps a short content (a name) from being guessed from its hash. Its length is fixed, because otherwise a
    byte could be moved from the content to the salt without changing the hash. InputError for another length.
    """
    if len(salt) != SALT_BYTES:
        raise InputError(
            where="commitment",
            got=f"a salt of {len(salt)} bytes",
            want="a salt of 32 bytes",
            fix="Draw 32 random bytes for each entry.",
        )
    return sha256(b"\x02" + salt + payload).digest()
