"""The status rules of C2SP tlog-witness, and what a witness signs."""

from __future__ import annotations

import base64

import pytest

from thaw.errors import InputError, TamperError
from thaw.ledger import Checkpoint, SigningKey, TileTree, Verifier, consistency_proof, leaf_hash, sign_checkpoint
from thaw.outside import Policy, Seen, answer, ask, cosigned, origin_of

LOG = SigningKey("invented.example/log", b"l" * 32)
WITNESS = SigningKey("witness.invented.example/w1", b"w" * 32, True)
NOW = 1_795_000_000


def tree(size, kind=b"entry"):
    grown = TileTree()
    for i in range(size):
        grown.append(leaf_hash(b"%s %d" % (kind, i)))
    return grown


def note(size, kind=b"entry", key=LOG):
    return sign_checkpoint(Checkpoint(key.name, size, tree(size, kind).root()), key)


def proof(old, new, kind=b"entry"):
    tiles = {(tile.level, tile.index): tile.hashes for tile in tree(new, kind).take_changed()}
    return consistency_proof(old, new, lambda level, index: tiles.get((level, index), b"")) if old else []


def seen(size, kind=b"entry"):
    return Seen(size, tree(size, kind).root()) if size else None


def asked(text, last=None, logs=(LOG.verifier,)):
    return answer(text, logs, last, WITNESS, NOW)


def test_the_first_checkpoint_of_a_known_log_is_signed():
    given = asked(ask(0, [], note(5)))
    assert (given.status, given.seen) == (200, seen(5))
    assert WITNESS.verifier.signed_at(note(5) + given.body) == NOW
    assert given.note == note(5) + given.body


def test_the_signed_message_is_that_of_the_specification():
    given = asked(ask(0, [], note(5)))
    raw = base64.b64decode(given.body.split(" ")[2])
    text = note(5).partition("\n\n")[0] + "\n"
    message = f"cosignature/v1\ntime {NOW}\n{text}".encode()
    plain = Verifier(WITNESS.name, WITNESS.verifier.public_key)
    assert raw[4:12] == NOW.to_bytes(8, "big")
    assert plain.accepts(message, raw[12:])
    # SHA-256(name, newline, 0x04, key), first four bytes: another id than the same key would have for a log.
    assert raw[:4] == WITNESS.verifier.key_id != plain.key_id


@pytest.mark.parametrize(("request_", "last", "status", "body"), [
    (ask(5, proof(5, 9), note(9)), seen(5), 200, None),
    (ask(9, [], note(9)), seen(9), 200, None),
    (ask(0, [], note(9)), seen(5), 409, "5\n"),
    (ask(5, proof(5, 9), note(9)), None, 409, "0\n"),
    (ask(5, proof(5, 9), note(9)), seen(9), 409, "9\n"),
    (ask(9, [], note(9, b"other")), seen(9), 409, "9\n"),
    (ask(5, proof(5, 9, b"other"), note(9, b"other")), seen(5), 422, None),
    (ask(5, proof(5, 9)[:-1], note(9)), seen(5), 422, None),
    (ask(5, [], note(9)), seen(5), 422, None),
    (ask(9, [b"x" * 32], note(9)), seen(9), 422, None),
    (ask(0, [b"x" * 32], note(9)), None, 422, None),
    (ask(10, [], note(9)), seen(10), 400, None),
    (ask(0, [], note(9, key=SigningKey("invented.example/stranger", b"s" * 32))), None, 404, None),
    (ask(0, [], note(9, key=SigningKey(LOG.name, b"f" * 32))), None, 403, None),
    ("old 05\n\n" + note(9), None, 400, None),
    ("old -1\n\n" + note(9), None, 400, None),
    ("new 5\n\n" + note(9), None, 400, None),
    ("old 0\nnot base64\n\n" + note(9), None, 400, None),
    (ask(0, [b"x" * 32] * 64, note(9)), None, 400, None),
    ("old 0\n\nno checkpoint\n", None, 400, None),
    ("", None, 400, None),
])  # fmt: skip
def test_the_status_rules(request_, last, status, body):
    given = asked(request_, last)
    assert given.status == status
    assert (given.seen is not None) == (status == 200)
    if status == 409:
        assert (given.body, given.content_type) == (body, "text/x.tlog.size")


def test_signatures_of_unknown_keys_are_ignored():
    stranger = SigningKey("invented.example/stranger", b"s" * 32)
    line = sign_checkpoint(Checkpoint(stranger.name, 1, b"r" * 32), stranger).rpartition("\n\n")[2]
    assert asked(ask(0, [], note(5) + line)).status == 200


def test_a_log_with_two_trusted_keys_may_use_either():
    new = SigningKey(LOG.name, b"n" * 32)
    assert asked(ask(0, [], note(5, key=new)), logs=(LOG.verifier, new.verifier)).status == 200


def test_a_witness_signs_no_old_state_of_a_log_after_a_new_one():
    assert asked(ask(5, [], note(5)), seen(9)).status == 409


def test_false_signatures_of_a_witness_count_as_none():
    policy = Policy.parse(f"witness W {WITNESS.verifier.vkey}\nquorum W\n")
    line = WITNESS.cosign(note(5), NOW)
    assert cosigned(note(5) + line, policy) == {"W": NOW}
    assert cosigned(note(6) + line, policy) == {}
    assert cosigned(note(5), policy) == {}
    with pytest.raises(TamperError, match="got a false signature"):
        WITNESS.verifier.signed_at(note(6) + line)


def test_the_key_of_a_log_cannot_cosign():
    with pytest.raises(InputError) as error:
        LOG.cosign(note(5), NOW)
    assert str(error.value) == (
        f"cosignature of {LOG.name}: got the key of a log, want the key of a witness and seconds since 1970. "
        "Make one with `thaw witness init`."
    )


def test_the_origin_of_a_request_is_read_from_its_checkpoint():
    assert origin_of(ask(5, proof(5, 9), note(9))) == LOG.name
    assert origin_of("nonsense") == ""


@pytest.mark.parametrize(("text", "got"), [
    ("new 5\n\n" + note(9), "something else"),
    ("old 0\nnot base64\n\n" + note(9), "the line 'not base64'"),
    ("old 0\n\n" + "x" * 1_000_000, "1000007 characters"),
])  # fmt: skip
def test_a_request_that_cannot_be_read_is_told_what_one_looks_like(text, got):
    assert asked(text).body == (
        f"request to a witness: got {got}, want `old N`, up to 63 lines of hashes, an empty line and a checkpoint. "
        "Make it with `thaw witness request`.\n"
    )


def test_only_a_time_that_exists_is_signed():
    with pytest.raises(InputError) as caught:
        WITNESS.cosign(note(5), -1)
    assert str(caught.value) == (
        f"cosignature of {WITNESS.name}: got the time -1, want the key of a witness and seconds since 1970. Make one "
        "with `thaw witness init`."
    )
