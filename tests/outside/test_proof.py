"""Proof files, tile paths and bundles of entries as C2SP has them."""

from __future__ import annotations

import re

import pytest

from thaw.errors import InputError, TamperError
from thaw.ledger import Checkpoint, SigningKey, TileTree, inclusion_proof, leaf_hash, sign_checkpoint
from thaw.outside import ProofFile, bundle_of, entries_of, tile_path

LOG = SigningKey("invented.example/log", b"l" * 32)


def made(index=3, size=9, **more):
    tree = TileTree()
    for i in range(size):
        tree.append(leaf_hash(b"%d" % i))
    root = tree.root()
    tiles = {(tile.level, tile.index): tile.hashes for tile in tree.take_changed()}
    proof = inclusion_proof(index, size, lambda level, number: tiles.get((level, number), b""))
    return ProofFile(index, tuple(proof), sign_checkpoint(Checkpoint(LOG.name, size, root), LOG), **more)


@pytest.mark.parametrize("extra", [b"", b"anything"])
def test_a_proof_file_is_read_as_it_was_written_and_holds(extra):
    text = made(extra=extra).text()
    assert text.startswith("c2sp.org/tlog-proof@v1\n" + ("extra YW55dGhpbmc=\n" if extra else "") + "index 3\n")
    found = ProofFile.parse(text)
    assert found == made(extra=extra)
    assert found.check(b"3", [LOG.verifier]).size == 9


def test_another_entry_another_place_or_another_key_does_not_hold():
    with pytest.raises(TamperError):
        made().check(b"4", [LOG.verifier])
    with pytest.raises(TamperError):
        ProofFile(4, made().proof, made().note).check(b"3", [LOG.verifier])
    with pytest.raises(TamperError):
        made().check(b"3", [SigningKey(LOG.name, b"f" * 32).verifier])


@pytest.mark.parametrize("text", [
    "", "c2sp.org/tlog-proof@v2\nindex 3\n\nx", "c2sp.org/tlog-proof@v1\nindex 03\n\nx",
    "c2sp.org/tlog-proof@v1\nextra YQ==\n\nx", "c2sp.org/tlog-proof@v1\n\nx",
])  # fmt: skip
def test_a_text_that_is_no_proof_is_refused(text):
    message = "proof file: got something else, want a proof as C2SP tlog-proof writes it. Copy the file whole."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        ProofFile.parse(text)


def test_the_paths_of_the_specification():
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(None, 0, 5) == "tile/entries/000.p/5"
    assert tile_path(2, 999) == "tile/2/999"


def test_entries_are_packed_behind_their_length():
    assert bundle_of([b"ab", b""]) == b"\x00\x02ab\x00\x00"
    assert list(entries_of(b"\x00\x02ab\x00\x00")) == [b"ab", b""]
    with pytest.raises(InputError) as caught:
        list(entries_of(b"\x00\x05ab"))
    assert str(caught.value) == (
        "bundle of entries: got an end in the middle of an entry, want whole entries. Copy the file whole."
    )
