from __future__ import annotations

import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import reference
from thaw.errors import InputError, TamperError, ThawError
from thaw.ledger import TileTree, consistency_proof, inclusion_proof, leaf_hash, verify_consistency, verify_inclusion
from thaw.ledger.proofs import subtree_path, subtree_root

SIZE = 1_000
LEAVES = [b"%d" % number for number in range(SIZE)]
HASHES = [leaf_hash(data) for data in LEAVES]


def tiles_of(hashes):
    tree = TileTree()
    for leaf in hashes:
        tree.append(leaf)
    tiles = {(tile.level, tile.index): tile.hashes for tile in tree.take_changed()}
    return lambda level, index: tiles.get((level, index), b"")


TILE_AT = tiles_of(HASHES)
sizes = st.integers(1, SIZE)


def test_every_inclusion_proof_up_to_40_entries_equals_the_definition():
    for size in range(1, 41):
        for index in range(size):
            assert inclusion_proof(index, size, TILE_AT) == reference.path(index, LEAVES[:size])


def test_every_consistency_proof_up_to_40_entries_equals_the_definition():
    for new in range(1, 41):
        for old in range(1, new + 1):
            assert consistency_proof(old, new, TILE_AT) == reference.proof(old, LEAVES[:new])


@given(sizes, st.data())
def test_an_inclusion_proof_holds_and_equals_the_definition(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, TILE_AT)
    assert proof == reference.path(index, LEAVES[:size])
    assert verify_inclusion(HASHES[index], index, size, proof, reference.mth(LEAVES[:size])) is None


@given(sizes, st.data())
def test_a_consistency_proof_holds_and_equals_the_definition(new, data):
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, TILE_AT)
    assert proof == reference.proof(old, LEAVES[:new])
    roots = reference.mth(LEAVES[:old]), reference.mth(LEAVES[:new])
    assert verify_consistency(old, new, *roots, proof) is None


def changed(hashes: list[bytes], data) -> list[bytes]:
    """One bit of one of the hashes turned."""
    place, bit = data.draw(st.integers(0, len(hashes) - 1)), data.draw(st.integers(0, 255))
    twisted = bytearray(hashes[place])
    twisted[bit // 8] ^= 1 << bit % 8
    return [*hashes[:place], bytes(twisted), *hashes[place + 1 :]]


@given(sizes, st.data())
def test_a_changed_bit_breaks_an_inclusion_proof(size, data):
    index = data.draw(st.integers(0, size - 1))
    good = [HASHES[index], reference.mth(LEAVES[:size]), *inclusion_proof(index, size, TILE_AT)]
    leaf, root, *proof = changed(good, data)
    with pytest.raises(TamperError):
        verify_inclusion(leaf, index, size, proof, root)


@given(st.integers(2, SIZE), st.data())
def test_a_changed_bit_breaks_a_consistency_proof(new, data):
    old = data.draw(st.integers(1, new - 1))
    good = [reference.mth(LEAVES[:old]), reference.mth(LEAVES[:new]), *consistency_proof(old, new, TILE_AT)]
    old_root, new_root, *proof = changed(good, data)
    with pytest.raises(TamperError):
        verify_consistency(old, new, old_root, new_root, proof)


@given(sizes, st.data())
def test_an_inclusion_proof_holds_at_no_other_place(size, data):
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(index, size, TILE_AT), reference.mth(LEAVES[:size])
    if index != other:
        with pytest.raises(TamperError):
            verify_inclusion(HASHES[index], other, size, proof, root)


# The published digests of draft-ietf-plants-merkle-tree-certs over all subtrees of a tree of 130 one-byte leaves.
BYTES = [bytes([number]) for number in range(130)]
BYTE_TILES = tiles_of([leaf_hash(data) for data in BYTES])


def is_subtree(start: int, end: int) -> bool:
    """It starts at a multiple of the least power of two that is not below its number of leaves; it may be empty."""
    return start == end or start % (1 << (end - start - 1).bit_length()) == 0


SUBTREES = [(start, end) for end in range(131) for start in range(end + 1) if is_subtree(start, end)]


def test_the_hashes_of_all_subtrees_of_130_leaves_have_the_published_digest():
    digest = sha256()
    assert len(SUBTREES) == 712
    for start, end in SUBTREES:
        digest.update(f"[{start}, {end}) {subtree_root(start, end, BYTE_TILES).hex()}\n".encode())
    assert digest.hexdigest() == "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81"


def test_the_inclusion_proofs_in_all_subtrees_of_130_leaves_have_the_published_digest():
    digest = sha256()
    for start, end in SUBTREES:
        for index in range(start, end):
            path = "".join(f" {step.hex()}" for step in subtree_path(index, start, end, BYTE_TILES))
            digest.update(f"{index} [{start}, {end}){path}\n".encode())
    assert digest.hexdigest() == "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f"


ASK = "Ask for an entry or a size that exists."
KEEP = "One of the two was changed: keep both and compare with other receipts."
H, G = HASHES[0], HASHES[1]
TWO = sha256(b"\x01" + H + G).digest()


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (1, 1), (0, 0), (0, 2**53)])
def test_a_place_outside_the_tree_is_refused(index, size):
    message = (
        f"inclusion proof of entry {index} in a tree of {size}: got a place outside, want 0 <= entry < size. {ASK}"
    )
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        inclusion_proof(index, size, TILE_AT)
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        verify_inclusion(H, index, size, [], H)


@pytest.mark.parametrize(("old", "new"), [(0, 1), (2, 1), (0, 0), (1, 2**53)])
def test_sizes_that_prove_nothing_are_refused(old, new):
    message = f"consistency proof from size {old} to {new}: got a place outside, want 0 < old size <= new size. {ASK}"
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        consistency_proof(old, new, TILE_AT)
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        verify_consistency(old, new, H, H, [])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: verify_inclusion(H[:31], 0, 1, [], H),
            "inclusion proof of entry 0 in a tree of 1: got a hash of 31",
        ),
        (
            lambda: verify_inclusion(H, 0, 2, [b""], H),
            "inclusion proof of entry 0 in a tree of 2: got a hash of 0",
        ),
        (lambda: verify_consistency(1, 1, H, H * 2, []), "consistency proof from size 1 to 1: got a hash of 64"),
    ],
)
def test_a_hash_of_another_length_is_refused(call, message):
    whole = f"{message} bytes, want hashes of 32 bytes. The proof was cut or is of another kind; fetch it again."
    with pytest.raises(InputError, match=f"^{re.escape(whole)}$"):
        call()


@pytest.mark.parametrize(
    ("index", "size", "proof", "root", "got", "want"),
    [
        (0, 1, [G], H, "more hashes than the tree has levels", "one hash for each level"),
        (0, 2, [], H, "fewer hashes than the tree has levels", "one hash for each level"),
        (0, 2, [G], H, f"root {TWO.hex()}", f"root {H.hex()}"),
    ],
)
def test_an_inclusion_proof_that_does_not_hold_says_why(index, size, proof, root, got, want):
    message = f"inclusion proof of entry {index} in a tree of {size}: got {got}, want {want}. {KEEP}"
    with pytest.raises(TamperError, match=f"^{re.escape(message)}$"):
        verify_inclusion(H, index, size, proof, root)


@pytest.mark.parametrize(
    ("old", "new", "roots", "proof", "got", "want"),
    [
        (1, 1, (H, H), [G], "hashes between equal sizes", "no hashes"),
        (1, 1, (H, G), [], f"two roots, {H.hex()} and {G.hex()}", "one root for one size"),
        (1, 2, (H, TWO), [], "no hashes", "at least one hash"),
        (1, 2, (H, TWO), [G, G], "more hashes than the tree has levels", "one hash for each level"),
        (1, 3, (H, TWO), [G], "fewer hashes than the tree has levels", "one hash for each level"),
        (1, 2, (H, H), [G], f"new root {TWO.hex()}", f"new root {H.hex()}"),
        (3, 4, (H, H), [H, H, H], "old root {old}", f"old root {H.hex()}"),
    ],
)
def test_a_consistency_proof_that_does_not_hold_says_why(old, new, roots, proof, got, want):
    # 3 -> 4 with three times the same hash h: old root = node(h, h)
    got = got.format(old=sha256(b"\x01" + H + H).hexdigest())
    message = f"consistency proof from size {old} to {new}: got {got}, want {want}. {KEEP}"
    with pytest.raises(TamperError, match=f"^{re.escape(message)}$"):
        verify_consistency(old, new, *roots, proof)


def test_every_error_of_a_proof_is_one_of_thaw():
    with pytest.raises(ThawError):
        verify_inclusion(H, 0, 1, [], G)
