from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import reference
from thaw.errors import InputError, TamperError
from thaw.ledger import TileTree, leaf_hash, root_of
from thaw.ledger.tree import Tile, hashes_of

LEAVES = [b"%d" % number for number in range(66_000)]
HASHES = [leaf_hash(data) for data in LEAVES]


def grown(size: int) -> TileTree:
    tree = TileTree()
    for leaf in HASHES[:size]:
        tree.append(leaf)
    return tree


def stored(tree: TileTree) -> dict[tuple[int, int], bytes]:
    return {(tile.level, tile.index): tile.hashes for tile in tree.take_changed()}


def test_the_root_equals_the_definition_at_every_size_up_to_600():
    tree = TileTree()
    for size in range(601):
        assert tree.root() == reference.mth(LEAVES[:size])
        assert tree.size == size
        tree.append(HASHES[size])


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 513, 600, 65_535, 65_536, 65_537, 65_800])
def test_tiles_and_root_equal_the_definition(size):
    tree = grown(size)
    tiles = stored(tree)
    assert tiles == reference.tiles(LEAVES[:size])
    assert tree.root() == reference.mth(LEAVES[:size])
    assert root_of(size, lambda level, index: tiles.get((level, index), b"")) == tree.root()


def test_tiles_of_70000_entries_are_as_the_standard_counts_them():
    # C2SP tlog-tiles: 273 full and one of 112 at level 0; one full and one of 17 at level 1; one of 1 at level 2
    tree = TileTree()
    for _ in range(70_000):
        tree.append(b"\x00" * 32)
    widths = [(tile.level, len(tile.hashes) // 32) for tile in tree.take_changed()]
    assert widths == [(0, 256)] * 273 + [(0, 112), (1, 256), (1, 17), (2, 1)]


@given(st.lists(st.integers(0, 300), max_size=6))
def test_changed_tiles_taken_in_any_rhythm_add_up_to_all_tiles(steps):
    tree, tiles, size = TileTree(), {}, 0
    for step in steps:
        for leaf in HASHES[size : size + step]:
            tree.append(leaf)
        size += step
        tiles.update(stored(tree))
        assert tiles == stored(grown(size))
    assert tree.take_changed() == []


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 65_537])
def test_a_tree_taken_up_from_its_last_tiles_grows_on_alike(size):
    whole = grown(size)
    last: dict[int, bytes] = {}
    for tile in whole.take_changed():
        last[tile.level] = tile.hashes  # the last tile of each level, full or not
    taken_up = TileTree(size, last)
    for leaf in HASHES[size : size + 300]:
        whole.append(leaf)
        taken_up.append(leaf)
    assert taken_up.root() == whole.root()
    assert taken_up.take_changed() == whole.take_changed()


def test_full_last_tiles_may_be_left_out():
    assert TileTree(256, {1: stored(grown(256))[1, 0]}).root() == grown(256).root()


def test_roots_of_all_smaller_trees_come_from_the_tiles_of_a_larger_one():
    tiles = stored(grown(600))
    for size in range(601):
        assert root_of(size, lambda level, index: tiles.get((level, index), b"")) == reference.mth(LEAVES[:size])


def test_a_copy_grows_on_its_own():
    tree = grown(300)
    before = tree.root()
    twin = tree.copy()
    for leaf in HASHES[300:600]:
        twin.append(leaf)
    assert (tree.size, tree.root()) == (300, before)
    assert twin.root() == grown(600).root()
    assert stored(twin) == stored(grown(600))
    assert stored(tree) == stored(grown(300))


FIX = "The stored tree does not fit its size: run verify, and change nothing before."


@pytest.mark.parametrize(
    ("size", "tiles", "message"),
    [
        (2, {}, "last tile of level 0 in a tree of 2 entries: got 0 bytes, want 64 bytes."),
        (2, {0: b"h" * 96}, "last tile of level 0 in a tree of 2 entries: got 96 bytes, want 64 bytes."),
        (
            256,
            {0: b"h" * 32, 1: b"h" * 32},
            "last tile of level 0 in a tree of 256 entries: got 32 bytes, want 0 bytes.",
        ),
        (
            1,
            {0: b"h" * 32, 1: b"h" * 32},
            "last tile of level 1 in a tree of 1 entries: got 32 bytes, want 0 bytes.",
        ),
    ],
)
def test_tiles_that_do_not_fit_the_size_are_tampered(size, tiles, message):
    with pytest.raises(TamperError, match=f"^{re.escape(f'{message} {FIX}')}$"):
        TileTree(size, tiles)


def test_an_empty_tile_above_the_tree_does_no_harm():
    assert TileTree(1, {0: HASHES[0], 1: b""}).root() == HASHES[0]


@pytest.mark.parametrize("size", [-1, 2**53, True])
def test_an_impossible_size_is_refused(size):
    message = f"tree size: got {size}, want a whole number from 0 to 2**53 - 1. Give the number of entries."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        TileTree(size)


def test_a_hash_of_another_length_is_refused():
    message = "leaf hash of entry 3: got 31 bytes, want 32 bytes. Use leaf_hash(data)."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        grown(3).append(b"h" * 31)


def test_a_stored_tile_that_is_too_short_is_tampered():
    message = "tile 0 of level 0: got 64 bytes, want at least 96 bytes. "
    message += "The stored tree is not whole: run verify, and change nothing before."
    with pytest.raises(TamperError, match=f"^{re.escape(message)}$"):
        root_of(3, lambda level, index: b"h" * 64)
    with pytest.raises(TamperError, match=f"^{re.escape(message)}$"):
        hashes_of(lambda level, index: b"h" * 64, 0, 0, 2, 3)


def test_tiles_stand_in_the_order_of_level_and_index():
    assert Tile(0, 1, b"") < Tile(1, 0, b"")
