from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_files import shared
from thaw.errors import InputError, TamperError
from thaw.ledger import SigningKey, Verifier
from thaw.ledger.note import open_note, sign_note

# C2SP signed-note, section "Verifier keys", example
SPEC_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_SIGNATURE = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
SPEC_NOTE = f"This is an example message.\n\n— example.com/foo {SPEC_SIGNATURE}\n"

# golang.org/x/mod/sumdb/note, documentation of the package
GO_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

# transparency-dev/tessera, key of its test log
TESSERA_KEY = "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"
TESSERA_VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def exactly(error: str) -> str:
    return f"^{re.escape(error)}$"


def test_the_example_of_the_standard_opens():
    assert open_note(SPEC_NOTE, Verifier.parse(SPEC_VKEY)) == "This is an example message.\n"


@pytest.mark.parametrize("vkey", [SPEC_VKEY, GO_VKEY, TESSERA_VKEY])
def test_public_keys_of_others_read_and_write_back_with_their_key_id(vkey):
    verifier = Verifier.parse(vkey)
    assert verifier.vkey == vkey
    assert verifier.key_id.hex() == vkey.split("+")[1]


@pytest.mark.parametrize(("key", "vkey"), [(GO_KEY, GO_VKEY), (TESSERA_KEY, TESSERA_VKEY)])
def test_secret_keys_of_others_read_and_write_back_and_give_their_public_key(key, vkey):
    signer = SigningKey.from_text(key)
    assert signer.to_text() == key + "\n"
    assert SigningKey.from_text(signer.to_text()) == signer
    assert signer.verifier.vkey == vkey


def test_signing_the_text_of_the_go_package_gives_its_note_byte_for_byte():
    note = sign_note(GO_TEXT, SigningKey.from_text(GO_KEY))
    assert note == f"{GO_TEXT}\n— PeterNeumann {GO_SIGNATURE}\n"
    assert open_note(note, Verifier.parse(GO_VKEY)) == GO_TEXT


def test_every_wycheproof_case_is_answered_as_published():
    groups = json.loads((shared("vectors/merkle/ed25519_wycheproof") / "ed25519_test.json").read_text())["testGroups"]
    wrong, count = [], 0
    for group in groups:
        verifier = Verifier("test", bytes.fromhex(group["publicKey"]["pk"]))
        for case in group["tests"]:
            accepted = verifier.accepts(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            count += 1
            if accepted != (case["result"] == "valid"):
                wrong.append(case["tcId"])
    assert (wrong, count) == ([], 151)


def test_the_first_test_vector_of_rfc_8032_comes_out():
    # RFC 8032 section 7.1, TEST 1: empty message
    key = SigningKey("test", bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert key.verifier.public_key.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
    assert key.sign(b"").hex() == signature + "d25bf5f0595bbe24655141438e7a100b"


def test_the_secret_is_not_shown():
    key = SigningKey.generate("unit.agency.example/log1")
    assert repr(key).count("seed") == 0
    assert key.seed.hex() not in repr(key)
    assert SigningKey.generate("unit.agency.example/log1") != key


def test_signatures_of_unknown_keys_are_ignored():
    key = SigningKey.generate("unit.agency.example/log1")
    witness = SigningKey.generate("witness.example")
    line = sign_note("text\n", witness).removeprefix("text\n\n")
    assert open_note(sign_note("text\n", key) + line, key.verifier) == "text\n"
    assert open_note("text\n\n" + line + sign_note("text\n", key)[6:], key.verifier) == "text\n"


def test_a_text_with_empty_lines_ends_at_the_last_one():
    key = SigningKey.generate("unit.agency.example/log1")
    assert open_note(sign_note("one\n\ntwo\n", key), key.verifier) == "one\n\ntwo\n"


@given(st.data())
def test_a_changed_bit_of_a_note_is_found(data):
    key = SigningKey("unit.agency.example/log1", b"k" * 32)
    bad = bytearray(sign_note("unit.agency.example/log1\n3\nAAAA\n", key).encode())
    bad[data.draw(st.integers(0, len(bad) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((InputError, TamperError)):
        open_note(bad.decode("utf-8", "surrogateescape"), key.verifier)


KEY = SigningKey("log", b"k" * 32)
ID = KEY.verifier.key_id.hex()


def test_a_note_without_our_signature_is_tampered():
    message = f"signed note of log: got no signature of key {ID}, want a signature of this key. "
    message += "Ask who made the note; nothing in it can be relied on."
    for other in (SigningKey("log", b"x" * 32), SigningKey("other", b"k" * 32)):
        with pytest.raises(TamperError, match=exactly(message)):
            open_note(sign_note("text\n", other), KEY.verifier)


def test_a_note_with_a_false_signature_is_tampered_even_beside_a_good_one():
    message = f"signed note of log: got a false signature, want a signature of key {ID} over this text. "
    message += "The note or its signature was changed; nothing in it can be relied on."
    note = sign_note("text\n", KEY)
    with pytest.raises(TamperError, match=exactly(message)):
        open_note(note.replace("text", "test"), KEY.verifier)
    with pytest.raises(TamperError, match=exactly(message)):
        open_note(note + sign_note("test\n", KEY)[6:], KEY.verifier)


LINE = sign_note("text\n", KEY)[6:]
MALFORMED = "want text, a blank line and 1-100 signature lines, as C2SP signed-note writes them. "
MALFORMED += "Copy the note whole, with its last line end."


@pytest.mark.parametrize(
    ("note", "got"),
    [
        ("", "something else"),
        ("text\n", "something else"),
        (f"text\n{LINE}", "something else"),
        (f"\n\n{LINE}", "something else"),
        (f"text\n\n{LINE[:-1]}", "something else"),
        (f"text\r\n\n{LINE}", "something else"),
        (f"te\ud800t\n\n{LINE}", "half of a surrogate pair"),
        ("x" * 1_000_001, "1000001 characters"),
        (f"text\n\n{LINE * 101}", "101 signatures"),
        ("text\n\n- log AAAAAAA=\n", "the signature line '- log AAAAAAA='"),
        ("text\n\n\u2014 log\n", r"the signature line '\u2014 log'"),
        ("text\n\n\u2014 log AAAAAAA\n", r"the signature line '\u2014 log AAAAAAA'"),
        ("text\n\n\u2014 log AAAAAAB=\n", r"the signature line '\u2014 log AAAAAAB='"),
        ("text\n\n\u2014 log AAAAAA==\n", r"the signature line '\u2014 log AAAAAA=='"),
        ("text\n\n\u2014 l+g AAAAAAA=\n", r"the signature line '\u2014 l+g AAAAAAA='"),
        ("text\n\n\u2014 log AAAAAAA= x\n", r"the signature line '\u2014 log AAAAAAA= x'"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_malformed_note_is_refused(note, got):
    with pytest.raises(InputError, match=exactly(f"signed note: got {got}, {MALFORMED}")):
        open_note(note, KEY.verifier)


@pytest.mark.parametrize("text", ["text", "", "te\txt\n"])
def test_a_text_that_cannot_be_a_note_is_not_signed(text):
    got = "a text without a last newline or with control characters"
    with pytest.raises(InputError, match=exactly(f"signed note: got {got}, {MALFORMED}")):
        sign_note(text, KEY)


def test_sixteen_signatures_are_accepted_as_the_standard_demands():
    assert open_note(f"text\n\n{LINE * 16}", KEY.verifier) == "text\n"


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\u00a0b", "a\x00b"])
def test_a_key_name_that_notes_cannot_hold_is_refused(name):
    message = f"key name: got {name!a}, want a name without spaces, control characters and plus signs. "
    message += "Use an address-like name, such as unit.agency.example/log1."
    with pytest.raises(InputError, match=exactly(message)):
        SigningKey.generate(name)


def test_a_key_of_another_length_is_refused():
    with pytest.raises(
        InputError, match=exactly("key of log: got 31 bytes, want 32 bytes. Only Ed25519 keys are used.")
    ):
        Verifier("log", b"k" * 31)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "log",
        f"log+{ID}",
        f"log+{ID}+",
        f"log+{ID}+AAAA",
        SPEC_VKEY.replace("+Aek", "+Bek"),
        SPEC_VKEY + "=",
        "é+1+2",
    ],
)
def test_a_malformed_public_key_is_refused(vkey):
    message = f"public key: got {vkey!a}, want NAME+KEYID+BASE64 of an Ed25519 key, as C2SP signed-note writes it. "
    message += "Copy the whole line."
    with pytest.raises(InputError, match=exactly(message)):
        Verifier.parse(vkey)


@pytest.mark.parametrize("key_id", ["530d903b", "530D903A", ""])
def test_a_key_id_that_is_not_the_keys_own_is_refused(key_id):
    message = f"key of example.com/foo: got key id {key_id!r}, want key id 530d903a. "
    message += "The name or the key was changed or mistyped; fetch it again."
    with pytest.raises(InputError, match=exactly(message)):
        Verifier.parse(SPEC_VKEY.replace("530d903a", key_id))
    with pytest.raises(
        InputError, match=exactly(message.replace("example.com/foo", "PeterNeumann").replace("530d903a", "c74f20a3"))
    ):
        SigningKey.from_text(GO_KEY.replace("c74f20a3", key_id))


@pytest.mark.parametrize(
    "text", ["", GO_VKEY, GO_KEY + "\n\n", GO_KEY[:-1], "PRIVATE+KEY+log", GO_KEY.replace("+AYE", "+BYE")]
)
def test_a_malformed_key_file_is_refused_without_showing_it(text):
    message = "key file: got something else, want one line PRIVATE+KEY+NAME+KEYID+BASE64. Give the file that init made."
    with pytest.raises(InputError, match=exactly(message)):
        SigningKey.from_text(text)
