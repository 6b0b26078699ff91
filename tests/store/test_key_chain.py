"""A change of the log's key is what both keys signed, or it is refused in words."""

from __future__ import annotations

import pytest

from builders import KEY, attack, new_book
from thaw.errors import InputError, TamperError
from thaw.ledger import Checkpoint, SigningKey, sign_checkpoint
from thaw.store import Draft, Store
from thaw.store.key_chain import vouch, vouched

NEW = SigningKey(KEY.name, b"n" * 32)
THIEF = SigningKey(KEY.name, b"t" * 32)
ROOT = b"r" * 32


def refusal(note: str, seq: int = 5) -> str:
    with pytest.raises(InputError) as caught:
        vouched(note, seq, KEY.verifier)
    return str(caught.value)


def test_a_change_that_both_keys_signed_holds():
    found = vouched(vouch(5, ROOT, KEY, NEW), 5, KEY.verifier)
    assert (found.seq, found.verifier, found.vouched, found.root) == (5, NEW.verifier, True, ROOT)


def test_a_change_after_a_lost_key_says_that_nobody_vouched():
    assert not vouched(vouch(5, ROOT, KEY.verifier, NEW), 5, KEY.verifier).vouched


@pytest.mark.parametrize("note", [
    sign_checkpoint(Checkpoint(KEY.name, 5, ROOT), NEW),
    vouch(6, ROOT, KEY, NEW),
    vouch(5, ROOT, SigningKey("invented.example/other", b"o" * 32), SigningKey("invented.example/other", b"p" * 32)),
])  # fmt: skip
def test_a_note_that_is_no_change_of_this_log(note):
    assert refusal(note) == (
        "change of the log key in entry 5: got another note, want the checkpoint before it, with the old and the new "
        "key. Compare with a copy of the book kept elsewhere."
    )


def test_a_key_that_another_key_than_the_last_one_vouched_for():
    assert refusal(vouch(5, ROOT, THIEF, NEW)) == (
        f"change of the log key in entry 5: got the key '{THIEF.verifier.vkey}' as the one before, want the key "
        f"{KEY.verifier.vkey}. Compare with a copy of the book kept elsewhere; a key slipped in here signs whatever it "
        "likes."
    )


def test_a_change_that_the_old_key_did_not_sign():
    note = vouch(5, ROOT, KEY, NEW)
    alone = note.rpartition("\N{EM DASH} ")[0]
    with pytest.raises(TamperError):
        vouched(alone, 5, KEY.verifier)


def test_a_book_with_a_broken_change_does_not_open(tmp_path):
    with new_book(tmp_path / "b", chosen=()) as store:
        store.change_key(NEW, "key.rotate", lambda text: Draft("key.rotate", "a_1", {"note": text}))
    attack(
        tmp_path / "b",
        "UPDATE payload SET body = CAST(replace(CAST(body AS TEXT), 'note', 'nota') AS BLOB) WHERE seq = 1",
    )
    with pytest.raises(TamperError) as caught:
        Store.open(tmp_path / "b", NEW, (), lambda: None)
    assert str(caught.value).startswith(f"{tmp_path / 'b'}: got a change of the log key that does not hold (")
    assert str(caught.value).endswith(
        "), want a change that the old key and the new one signed. Stop working in this book, run `thaw verify`, and "
        "compare with the newest backup."
    )
