from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thaw.ledger import (
    Checkpoint,
    Leaf,
    SigningKey,
    TileTree,
    canonical_json,
    commitment,
    leaf_hash,
    sign_checkpoint,
    verify_log,
)
from thaw.ledger.note import sign_note

ORIGIN = "unit.agency.example/log1"
KEY = SigningKey(ORIGIN, b"k" * 32)


@dataclass
class Book:
    """The rows that a store would keep, open to every attack."""

    leaves: list = field(default_factory=list)
    payloads: list = field(default_factory=list)
    tiles: list = field(default_factory=list)
    checkpoints: list = field(default_factory=list)

    def check(self, **more):
        return verify_log(
            leaves=self.leaves,
            payloads=self.payloads,
            tiles=self.tiles,
            checkpoints=self.checkpoints,
            verifier=KEY.verifier,
            **more,
        )

    def findings(self, **more):
        return [(found.kind, found.seq) for found in self.check(**more).findings]


def salt(seq: int) -> bytes:
    return bytes([seq % 256]) * 32


def content(seq: int) -> bytes:
    return canonical_json({"words": f"invented content {seq}"})


def entry(seq: int, **changes) -> Leaf:
    at = f"2026-11-20T{seq // 3600 % 24:02}:{seq // 60 % 60:02}:{seq % 60:02}.000Z"
    fields = {"seq": seq, "kind": "statement.add", "at": at, "actor": "p_1", "auth": "asserted", "obj": None}
    return Leaf(**{**fields, "prev": None, "c": commitment(salt(seq), content(seq)).hex(), **changes})


def book_of(data: list[bytes], checkpoint_every: int) -> Book:
    """An honest book over these entries: tiles, and a checkpoint after every so many entries and at the end."""
    tree, book = TileTree(), Book(leaves=list(enumerate(data)))
    for seq, leaf in enumerate(data):
        tree.append(leaf_hash(leaf))
        book.payloads.append((seq, salt(seq), content(seq), None))
        if (seq + 1) % checkpoint_every == 0 or seq + 1 == len(data):
            book.checkpoints.append(head(seq + 1, tree.root()))
    book.tiles = [(tile.level, tile.index, tile.hashes) for tile in tree.take_changed()]
    return book


def head(size: int, root: bytes, note_size: int | None = None) -> tuple[int, str]:
    return size, sign_checkpoint(Checkpoint(ORIGIN, size if note_size is None else note_size, root), KEY)


def book(size: int = 10, every: int = 4, **changed: Leaf | bytes) -> Book:
    """A book of `size` entries; `e3=...` puts another entry in place 3, everything else honest."""
    data = [entry(seq).to_bytes() for seq in range(size)]
    for name, value in changed.items():
        data[int(name[1:])] = value if isinstance(value, bytes) else value.to_bytes()
    return book_of(data, every)


@pytest.mark.parametrize("size", [0, 1, 10, 255, 256, 257, 600])
def test_an_honest_book_is_ok(size):
    found = book(size, 100).check()
    assert (found.status, found.entries, found.findings) == ("ok", size, ())


def test_the_root_is_the_one_that_was_signed():
    one = book()
    assert one.check().root_hex == Checkpoint.parse(one.checkpoints[-1][1].partition("\n\n")[0] + "\n").root.hex()


def test_more_than_65536_entries_are_compared_on_three_levels():
    same = entry(0).to_bytes()
    tree = TileTree()
    for _ in range(66_000):
        tree.append(leaf_hash(same))
    tiles = [(tile.level, tile.index, tile.hashes) for tile in tree.take_changed()]
    level, index, hashes = tiles[-2]
    assert (level, index) == (1, 1)
    tiles[-2] = (level, index, hashes[:-1] + bytes([hashes[-1] ^ 1]))
    found = Book([(seq, same) for seq in range(66_000)], [], tiles, []).findings()
    # the changed hash is the last full one of level 1: entries 65,536 to 65,791
    assert ("tile-mismatch", 65_536) in found
    assert found.count(("tile-mismatch", 65_536)) == 1


def test_an_edited_entry_is_named_and_the_signed_roots_no_longer_fit():
    one = book()
    one.leaves[5] = (5, entry(5, actor="p_2").to_bytes())
    assert one.findings() == [("tile-mismatch", 5), ("checkpoint-root", 7), ("checkpoint-root", 9)]


def test_a_missing_entry_is_named_and_the_rest_still_fits():
    one = book()
    del one.leaves[5]
    assert one.findings() == [("leaf-missing", 5), ("payload-stray", 5)]
    assert one.check().findings[0].detail == "Entries 5 to 5 are missing."


def test_an_entry_missing_with_its_content_is_named():
    one = book()
    del one.leaves[3:5], one.payloads[3:5]
    assert one.findings() == [("leaf-missing", 3)]
    assert one.check().entries == 10


def test_entries_cut_off_at_the_end_are_noticed():
    one = book()
    del one.leaves[8:]
    assert one.findings() == [
        ("checkpoint-beyond-tree", 8),
        ("payload-stray", 8),
        ("payload-stray", 9),
        ("tile-extra", None),
    ]


def test_a_deleted_entry_with_the_rest_renumbered_is_noticed():
    one = book()
    del one.leaves[5]
    one.leaves = [(place, data) for place, (_, data) in enumerate(one.leaves)]
    found = one.findings()
    assert ("leaf-out-of-order", 5) in found
    assert ("tile-mismatch", 5) in found


def test_two_entries_in_each_others_place_are_noticed():
    one = book()
    one.leaves[2], one.leaves[3] = (2, one.leaves[3][1]), (3, one.leaves[2][1])
    found = one.findings()
    assert {("leaf-out-of-order", 2), ("leaf-out-of-order", 3), ("time-backwards", 3)} <= set(found)


def test_an_entry_stored_twice_is_noticed():
    one = book()
    one.leaves.insert(4, one.leaves[3])
    assert one.findings() == [("leaf-duplicate", 3)]


def test_an_entry_that_cannot_be_placed_is_missing_its_forerunners():
    one = book()
    one.leaves.append((2**60, entry(10).to_bytes()))
    assert one.findings() == [("leaf-missing", 10)]
    assert one.check().findings[0].detail == (
        f"Entries 10 to {2**60 - 1} are missing, and so are their hashes: entry {2**60} cannot be placed."
    )


def test_a_gap_at_the_end_of_a_tile_is_filled_from_the_stored_tree():
    one = book(600, 64)
    del one.leaves[250:270]
    assert [found for found in one.findings() if found[0] != "payload-stray"] == [("leaf-missing", 250)]


def test_the_same_entry_in_another_spelling_is_not_canonical():
    one = book(e5=entry(5).to_bytes().replace(b'"seq":5', b'"seq": 5'))
    assert one.findings() == [("leaf-not-canonical", 5)]
    assert one.check().findings[0].detail.startswith("canonical JSON: got another form from byte ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"kind":"statement.add"', b'"kind":"statement.odd"'),
        (b'"v":1', b'"more":1,"v":1'),
        (b'"prev":null', b'"prev":5'),
        (b'"seq":5', b'"seq":9007199254740992'),
        (b"2026-11-20", b"2026-11-31"),
        (b'"auth":"asserted"', b'"auth":"guessed"'),
        (b'"seq":5', b'"seq":5,"sig":"' + b"s" * 65_535 + b'"'),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_an_entry_that_breaks_a_rule_of_version_one_is_tampered(old, new):
    one = book(e5=entry(5).to_bytes().replace(old, new))
    assert one.check().status == "tampered"
    assert one.findings()[0][0] in {"leaf-invalid", "leaf-not-canonical"}
    assert {seq for _, seq in one.findings()} == {5}


def test_an_unknown_kind_of_a_newer_version_makes_the_answer_incomplete():
    one = book(e5=canonical_json({"v": 2, "seq": 5, "kind": "moon.rise", "more": []}))
    assert one.findings() == [("leaf-newer", 5)]
    assert one.check().status == "incomplete"


def test_a_newer_entry_must_still_know_its_place():
    one = book(e5=canonical_json({"v": 2, "seq": 6}))
    assert one.findings() == [("leaf-newer", 5), ("leaf-out-of-order", 5)]
    assert one.check().status == "tampered"


def test_a_time_before_an_earlier_one_is_noticed_once():
    one = book(e5=entry(5, at="2026-11-19T23:59:59.999Z"))
    assert one.findings() == [("time-backwards", 5)]


def test_equal_times_are_in_order():
    assert book(e5=entry(5, at=entry(4).at)).check().status == "ok"


def test_a_signature_inside_an_entry_is_said_to_be_unchecked():
    one = book(e5=entry(5, sig="a.b"))
    assert one.findings() == [("leaf-sig-unchecked", 5)]
    assert one.check().status == "incomplete"


@pytest.mark.parametrize(
    "row",
    [
        (5, salt(5), content(6), None),
        (5, salt(6), content(5), None),
        (5, salt(5) + content(5)[:1], content(5)[1:], None),  # the same hash, cut elsewhere
        (5, b"", salt(5) + content(5), None),
    ],
)
def test_a_changed_content_is_named(row):
    one = book()
    one.payloads[5] = row
    assert one.findings() == [("commitment-mismatch", 5)]


@pytest.mark.parametrize("row", [(5, None, None, None), (5, salt(5), None, None), (5, None, content(5), None)])
def test_a_content_gone_without_a_seal_is_tampered(row):
    one = book()
    one.payloads[5] = row
    assert one.findings() == [("payload-missing", 5)]
    assert one.check().status == "tampered"


def test_a_content_row_that_is_gone_is_tampered():
    one = book()
    del one.payloads[5], one.payloads[8]
    assert one.findings() == [("payload-missing", 5), ("payload-missing", 9)]


@pytest.mark.parametrize("kind", ["seal.order", "seal.destroy"])
def test_a_content_destroyed_under_a_later_seal_entry_is_ok(kind):
    one = book(e7=entry(7, kind=kind))
    one.payloads[5] = (5, None, None, 7)
    assert one.check().status == "ok"


def test_a_sealed_content_that_is_still_there_is_still_compared():
    one = book(e7=entry(7, kind="seal.order"))
    one.payloads[5] = (5, salt(5), content(5), 7)
    assert one.check().status == "ok"
    one.payloads[5] = (5, salt(5), content(6), 7)
    assert one.findings() == [("commitment-mismatch", 5)]


@pytest.mark.parametrize("sealed_by", [-1, 3, 5, 8, 10, 2**63 - 1])
def test_a_seal_that_is_no_later_seal_order_is_named(sealed_by):
    one = book(e3=entry(3, kind="seal.order"))
    one.payloads[5] = (5, None, None, sealed_by)
    assert one.findings() == [("seal-unbacked", 5)]


def test_a_seal_order_that_does_not_list_the_entry_is_named():
    one = book(e7=entry(7, kind="seal.order"))
    one.payloads[4], one.payloads[5] = (4, None, None, 7), (5, None, None, 7)
    assert one.findings(seal_covers=lambda seal, seq: (seal, seq) == (7, 4)) == [("seal-not-covering", 5)]


@pytest.mark.parametrize("row", [(5, salt(5), None, 7), (5, None, content(5), 7)])
def test_a_content_destroyed_by_half_is_named(row):
    one = book(e7=entry(7, kind="seal.destroy"))
    one.payloads[5] = row
    assert one.findings() == [("payload-half-gone", 5)]


def test_content_without_an_entry_is_noticed():
    one = book()
    one.payloads = [(-1, b"", b"", None), *one.payloads, (10, b"", b"", None), (2**63 - 1, b"", b"", None)]
    assert one.findings() == [("payload-stray", -1), ("payload-stray", 10), ("payload-stray", 2**63 - 1)]


def test_content_stored_twice_is_noticed():
    one = book()
    one.payloads.insert(5, one.payloads[4])
    assert one.findings() == [("payload-duplicate", 4)]


def test_a_changed_hash_of_the_lowest_level_names_its_entry():
    one = book()
    level, index, hashes = one.tiles[0]
    one.tiles[0] = (level, index, hashes[:96] + b"\x00" * 32 + hashes[128:])
    assert one.findings() == [("tile-mismatch", 3)]


def test_a_changed_hash_of_a_higher_level_names_the_first_entry_below_it():
    one = book(600)
    assert [row[:2] for row in one.tiles] == [(0, 0), (0, 1), (0, 2), (1, 0)]
    one.tiles[3] = (1, 0, one.tiles[3][2][:32] + b"\x00" * 32)
    assert one.findings() == [("tile-mismatch", 256)]


@pytest.mark.parametrize(
    ("place", "cut", "seq"), [(0, 64, 2), (0, 63, 1), (1, 0, 256), (2, 2784, 599), (3, 32, 256), (3, 0, 0)]
)
def test_a_tile_cut_short_names_the_first_entry_without_a_hash(place, cut, seq):
    one = book(600)
    level, index, hashes = one.tiles[place]
    one.tiles[place] = (level, index, hashes[:cut])
    assert next(found for found in one.findings() if found[0] == "tile-missing") == ("tile-missing", seq)


@pytest.mark.parametrize(("place", "seq"), [(0, 0), (1, 256), (3, 0)])
def test_a_tile_that_is_gone_is_noticed(place, seq):
    one = book(600)
    del one.tiles[place]
    assert ("tile-missing", seq) in one.findings()


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_tile_that_is_too_long_is_noticed(place):
    one = book(600)
    level, index, hashes = one.tiles[place]
    one.tiles[place] = (level, index, hashes + b"\x00")
    assert one.findings() == [("tile-extra", None)]


@pytest.mark.parametrize("row", [(0, 3, b"\x00" * 32), (1, 1, b"\x00" * 32), (2, 0, b"\x00" * 32), (2**63 - 1, 0, b"")])
def test_a_tile_that_covers_no_entry_is_noticed(row):
    one = book(600)
    one.tiles = sorted([*one.tiles, row])
    assert one.findings() == [("tile-extra", None)]


def test_a_tile_stored_twice_is_noticed():
    one = book(600)
    one.tiles.insert(0, one.tiles[0])
    assert one.findings() == [("tile-extra", None)]


def test_a_checkpoint_signed_by_another_key_is_noticed():
    one = book()
    size, note = one.checkpoints[0]
    text = note.partition("\n\n")[0] + "\n"
    one.checkpoints[0] = (size, sign_note(text, SigningKey(ORIGIN, b"x" * 32)))
    assert one.findings() == [("checkpoint-signature", 3)]


def test_a_checkpoint_that_is_no_note_is_noticed():
    one = book()
    one.checkpoints[0] = (4, "nothing")
    assert one.findings() == [("checkpoint-malformed", 3)]


def test_a_root_that_the_entries_do_not_give_is_noticed():
    one = book()
    one.checkpoints[0] = head(4, b"\x00" * 32)
    assert one.findings() == [("checkpoint-root", 3)]


def test_the_empty_tree_has_a_root_too():
    one = book()
    one.checkpoints.insert(0, head(0, TileTree().root()))
    assert one.check().status == "ok"
    one.checkpoints[0] = head(0, b"\x00" * 32)
    assert one.findings() == [("checkpoint-root", None)]


def test_a_checkpoint_under_another_size_is_noticed():
    one = book()
    one.checkpoints[0] = head(4, b"\x00" * 32, note_size=5)
    assert one.findings() == [("checkpoint-size", 3)]
    one.checkpoints[0] = (-4, one.checkpoints[0][1])
    assert one.findings() == [("checkpoint-size", None)]


def test_a_checkpoint_stored_twice_is_noticed():
    one = book()
    one.checkpoints.insert(0, one.checkpoints[0])
    assert one.findings() == [("checkpoint-duplicate", 3)]


@pytest.mark.parametrize("size", [11, 2**53 - 1])
def test_a_checkpoint_over_more_entries_than_there_are_is_noticed(size):
    one = book()
    one.checkpoints.append(head(size, b"\x00" * 32))
    assert one.findings() == [("checkpoint-beyond-tree", 10)]


def test_a_checkpoint_of_an_impossible_size_is_noticed():
    one = book()
    one.checkpoints.append((2**63 - 1, "nothing"))
    assert one.findings() == [("checkpoint-beyond-tree", 10), ("checkpoint-malformed", 2**63 - 2)]


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_entries_that_no_checkpoint_covers_are_noticed(kept):
    one = book()
    del one.checkpoints[kept:]
    assert one.findings() == [("checkpoint-missing", 4 * kept)]


def test_a_last_checkpoint_with_a_false_signature_covers_nothing():
    one = book()
    other = book(11, 4)
    one.checkpoints[-1] = (10, other.checkpoints[-1][1])
    assert one.findings() == [("checkpoint-missing", 8), ("checkpoint-size", 9)]


def test_an_honest_looking_tail_added_without_the_key_is_noticed():
    one, longer = book(), book(12)
    longer.checkpoints = one.checkpoints
    assert longer.findings() == [("checkpoint-missing", 10)]


HONEST = book(300, 40, e290=entry(290, kind="seal.order"))


def twisted(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    changed[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    return bytes(changed)


@settings(max_examples=300)
@given(st.randoms(use_true_random=False), st.sampled_from(["leaves", "payloads", "salts", "tiles", "checkpoints"]))
def test_any_changed_bit_in_any_row_is_found(draw, table):
    one = deepcopy(HONEST)
    rows = getattr(one, "payloads" if table == "salts" else table)
    place = draw.randrange(len(rows))
    row = list(rows[place])
    column = 2 if table in ("payloads", "tiles") else 1
    if table == "checkpoints":
        row[1] = twisted(row[1].encode(), draw).decode("utf-8", "surrogateescape")
    else:
        row[column] = twisted(row[column], draw)
    rows[place] = tuple(row)
    assert one.check().status == "tampered"


@settings(max_examples=100)
@given(st.randoms(use_true_random=False), st.sampled_from(["leaves", "payloads", "tiles", "checkpoints"]))
def test_any_row_that_is_gone_or_doubled_is_found(draw, table):
    one = deepcopy(HONEST)
    rows = getattr(one, table)
    place = draw.randrange(len(rows))
    twice = draw.random() < 0.5
    if table == "checkpoints" and not twice and place < len(rows) - 1:
        return  # an older checkpoint that is gone takes nothing from the proof of the newer one: see the methods page
    rows[place : place + 1] = rows[place : place + 1] * (2 if twice else 0)
    assert one.check().status == "tampered"
