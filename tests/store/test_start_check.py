"""What is found the moment a book is opened: its newest end, and that it has not gone back."""

from __future__ import annotations

import re
import shutil

import pytest

from builders import KEY, attack, clock, new_book, note, opened, verify
from thaw.errors import InputError, TamperError
from thaw.ledger import Checkpoint, SigningKey, sign_checkpoint
from thaw.store import Draft, Store, newest_checkpoint, verify_book

WANT = (
    "want a book whose newest end is whole and which holds all that was ever seen of it. Nothing is written and "
    "nothing is shown until this is explained. Keep this copy, run `thaw verify --all`, and compare with the newest "
    "backup and with checkpoints kept elsewhere."
)


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    folder = tmp_path_factory.mktemp("honest") / "b"
    with new_book(folder, chosen=()) as store:
        store.append(*[note(i) for i in range(600)])
        store.append(note(600))
    return folder


@pytest.fixture
def book(honest, tmp_path):
    return shutil.copytree(honest, tmp_path / "b")


def refusal(book, **more):
    with pytest.raises(TamperError) as error:
        Store.open(book, KEY, (), lambda: None, **more)
    found = re.fullmatch(rf"{book}: got (.*), {re.escape(WANT)}", str(error.value), re.S)
    return found[1] if found else str(error.value)


CHANGE = "UPDATE entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'a_clerk', 'a_clerc') AS BLOB) WHERE seq = {}"


@pytest.mark.parametrize(("sql", "got"), [
    (CHANGE.format(601), "an entry 601 that was changed"),
    (CHANGE.format(300), "an entry 300 that was changed"),
    ("DELETE FROM entry WHERE seq = 300", "no entry 300"),
    ("UPDATE payload SET body = x'7b7d' WHERE seq = 400", "an entry 400 whose content was changed"),
    ("DELETE FROM payload WHERE seq = 400", "an entry 400 without its content"),
    ("DELETE FROM checkpoint", "no checkpoint over its newest entries"),
    ("DELETE FROM checkpoint WHERE size = 602", "602 entries under a newest checkpoint for 601"),
    ("DELETE FROM payload WHERE seq = 601; DELETE FROM entry WHERE seq = 601",
     "601 entries under a newest checkpoint for 602"),
    ("UPDATE tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE level = 1",
     "a newest checkpoint that is not over the stored tree"),
    ("UPDATE tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE level = 0 AND number = 1",
     "an entry 256 that was changed"),
])  # fmt: skip
def test_a_change_at_the_newest_end_stops_the_opening(book, sql, got):
    attack(book, sql)
    assert refusal(book).startswith(got)


def test_a_checkpoint_by_another_key_stops_the_opening(book):
    forger = SigningKey(KEY.name, b"f" * 32)
    attack(book, "UPDATE checkpoint SET note = ? WHERE size = 602",
           parameters=[sign_checkpoint(Checkpoint(KEY.name, 602, b"r" * 32), forger)])  # fmt: skip
    assert refusal(book).startswith("a newest checkpoint that is not signed by its key (signed note of")


def test_a_book_that_is_older_than_what_was_kept_outside_is_not_opened(book, tmp_path):
    with opened(book, chosen=()) as store:
        early = shutil.copytree(book, tmp_path / "early")
        newest = store.append(note()).note
    assert refusal(early, kept=[newest]) == (
        "602 entries, while a checkpoint kept outside covers 603: the newest were taken away"
    )
    Store.open(book, KEY, (), lambda: None, kept=[newest]).close()


def test_a_book_with_another_past_than_what_was_kept_outside_is_not_opened(book):
    other = sign_checkpoint(Checkpoint(KEY.name, 500, b"r" * 32), KEY)
    assert refusal(book, kept=[other]) == "other entries below 500 than a checkpoint kept outside signed"


def test_a_kept_checkpoint_of_another_log_is_named(book):
    stranger = SigningKey("invented.example/other", b"o" * 32)
    got = refusal(book, kept=[sign_checkpoint(Checkpoint(stranger.name, 1, b"r" * 32), stranger)])
    assert got.startswith("a checkpoint kept outside that no key of this book signed (")


def rotate(store, seed=b"n" * 32):
    new = SigningKey(KEY.name, seed)
    store.change_key(new, "key.rotate", lambda text: Draft("key.rotate", "a_1", {"note": text}))
    return new


def test_after_a_change_of_key_only_the_new_one_opens_the_book_and_all_of_it_verifies(book):
    before = newest_checkpoint(book)
    with opened(book, chosen=()) as store:
        new = rotate(store)
        store.append(note())
        third = rotate(store, b"t" * 32)
        store.append(note())
    with pytest.raises(InputError, match="got a log key with the public key"):
        Store.open(book, KEY, (), lambda: None)
    with pytest.raises(InputError, match="got a log key with the public key"):
        Store.open(book, new, (), lambda: None)
    Store.open(book, third, (), lambda: None, kept=[before]).close()
    for key in (KEY, new, third):
        found = verify_book(book, verifier=key.verifier, everything=True, outside=[before])
        assert (found.status, found.findings) == ("ok", ())


def test_a_stolen_key_signs_nothing_after_it_was_replaced(book):
    with opened(book, chosen=()) as store:
        rotate(store)
        store.append(note())
    head = Checkpoint.parse(newest_checkpoint(book).partition("\n\n")[0] + "\n")
    attack(book, "UPDATE checkpoint SET note = ? WHERE size = 604", parameters=[sign_checkpoint(head, KEY)])
    named = [(one.kind, one.seq) for one in verify(book, projections=()).findings]
    assert sorted(named) == [("checkpoint-missing", 603), ("checkpoint-signature", 603)]


def test_a_lost_key_is_replaced_by_one_that_nobody_vouched_for_and_that_is_said(book):
    new = SigningKey(KEY.name, b"n" * 32)
    store = Store.open(book, new, (), clock, lost_key=True)
    store.change_key(new, "key.lost", lambda text: Draft("key.lost", "a_1", {"note": text}))
    store.append(note())
    store.close()
    found = verify(book, projections=())
    assert found.status == "incomplete"
    assert found.findings[0].kind == "key-unvouched"
    assert found.findings[0].detail.endswith(f"check with it: {new.verifier.vkey}")
    assert verify_book(book, verifier=new.verifier).findings == ()


@pytest.mark.parametrize(("sql", "kind"), [
    ("DELETE FROM meta WHERE name = 'keys'", "key-change"),
    ("UPDATE meta SET value = CAST('[3]' AS BLOB) WHERE name = 'keys'", "key-change"),
    ("UPDATE meta SET value = CAST('[602, 603]' AS BLOB) WHERE name = 'keys'", "key-change"),
    ("UPDATE meta SET value = CAST('{' AS BLOB) WHERE name = 'keys'", "key-change"),
    ("UPDATE payload SET body = CAST(replace(CAST(body AS TEXT), 'note', 'nota') AS BLOB) WHERE seq = 602",
     "key-change"),
])  # fmt: skip
def test_a_change_of_key_that_is_not_as_the_entries_say_is_found(book, sql, kind):
    with opened(book, chosen=()) as store:
        rotate(store)
    attack(book, sql)
    found = verify(book, projections=())
    assert found.status == "tampered"
    assert kind in {one.kind for one in found.findings}


def test_another_process_with_the_old_key_is_told_to_start_again(book):
    with opened(book, chosen=()) as store, opened(book, chosen=()) as other:
        other.append(note())
        rotate(store)
        with pytest.raises(InputError) as error:
            other.append(note())
    assert str(error.value) == (
        f"{book}: got a log key that was replaced while this program was at work, want the new key. Start the "
        "program again; nothing was written."
    )
