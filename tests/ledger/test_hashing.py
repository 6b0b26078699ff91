from __future__ import annotations

import re
from hashlib import sha256

import pytest

from thaw.errors import InputError
from thaw.ledger import TileTree, commitment, leaf_hash
from thaw.ledger.hashing import node_hash


def test_the_constants_of_the_rfc_6962_reference_come_out():
    # transparency-dev/merkle, rfc6962/rfc6962_test.go: empty tree, empty leaf, leaf "L123456", node "N123", "N456"
    assert TileTree().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


def test_a_commitment_is_the_hash_of_two_salt_and_content():
    assert commitment(b"s" * 32, b"content") == sha256(b"\x02" + b"s" * 32 + b"content").digest()


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_salt_of_another_length_is_refused(length):
    message = f"commitment: got a salt of {length} bytes, want a salt of 32 bytes. Draw 32 random bytes for each entry."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        commitment(b"s" * length, b"content")
