from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.errors import InputError, TamperError
from thaw.ledger import Checkpoint, Receipt, SigningKey, open_checkpoint, sign_checkpoint
from thaw.ledger.note import sign_note

ORIGIN = "unit.agency.example/log1"
KEY = SigningKey(ORIGIN, b"k" * 32)
ROOT = bytes(range(32))

# C2SP tlog-checkpoint, the example at its head
SPEC_TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def exactly(error: str) -> str:
    return f"^{re.escape(error)}$"


def test_the_example_of_the_standard_reads_and_writes_back():
    checkpoint = Checkpoint.parse(SPEC_TEXT)
    root = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert checkpoint == Checkpoint("example.com/behind-the-sofa", 20852163, root)
    assert checkpoint.text() == SPEC_TEXT


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_a_signed_checkpoint_opens_as_it_was(size, root):
    checkpoint = Checkpoint(ORIGIN, size, root)
    note = sign_checkpoint(checkpoint, KEY)
    assert note.startswith(f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n\n\u2014 {ORIGIN} ")
    assert open_checkpoint(note, KEY.verifier) == checkpoint


def test_extension_lines_of_others_are_kept():
    checkpoint = Checkpoint(ORIGIN, 1, ROOT, ("Timestamp: 1", "x"))
    assert checkpoint.text().endswith("=\nTimestamp: 1\nx\n")
    assert open_checkpoint(sign_checkpoint(checkpoint, KEY), KEY.verifier) == checkpoint


def test_a_key_of_another_name_does_not_sign():
    message = f"checkpoint: got a key named '{ORIGIN}', want a key named 'other'. "
    message += "Sign with the key that was made for this book."
    with pytest.raises(InputError, match=exactly(message)):
        sign_checkpoint(Checkpoint("other", 1, ROOT), KEY)


def test_the_head_of_another_log_is_tampered():
    note = sign_note(Checkpoint("other", 1, ROOT).text(), KEY)
    message = f"checkpoint: got the log 'other', want the log '{ORIGIN}'. This head belongs to another log."
    with pytest.raises(TamperError, match=exactly(message)):
        open_checkpoint(note, KEY.verifier)


COPY = "Copy the checkpoint whole, as C2SP writes it."
LINES = "got something else, want lines of origin, size and root."
ROOT64 = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", LINES),
        (f"{ORIGIN}\n1\n", LINES),
        (f"{ORIGIN}\n1\n{ROOT64}", LINES),
        (f"{ORIGIN}\n01\n{ROOT64}\n", LINES),
        (f"{ORIGIN}\n-1\n{ROOT64}\n", LINES),
        (f"{ORIGIN}\n\u0661\n{ROOT64}\n", LINES),
        (f"\n1\n{ROOT64}\n", "got an empty line or a control character, want lines of text."),
        (f"{ORIGIN}\n1\n{ROOT64}\n\n", "got an empty line or a control character, want lines of text."),
        (f"{ORIGIN}\r\n1\n{ROOT64}\n", "got an empty line or a control character, want lines of text."),
        (
            f"{ORIGIN}\n{2**53}\n{ROOT64}\n",
            f"got the size {2**53}, want a whole number from 0 to 2**53 - 1.",
        ),
        (f"{ORIGIN}\n1\n{ROOT64[:-4]}\n", "got a root of 30 bytes, want a root of 32 bytes."),
        (f"{ORIGIN}\n1\n{ROOT64[:-1]}\n", "got a root of 0 bytes, want a root of 32 bytes."),
        (f"{ORIGIN}\n1\né\n", "got a root of 0 bytes, want a root of 32 bytes."),
        (f"{ORIGIN}\n1\n{ROOT64[:-2]}9=\n", "got a root in another spelling, want standard base64."),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_malformed_checkpoint_is_refused(text, message):
    with pytest.raises(InputError, match=exactly(f"checkpoint: {message} {COPY}")):
        Checkpoint.parse(text)


def test_a_receipt_is_written_with_hexadecimal_hashes():
    receipt = Receipt(seq=4, leaf_hash=b"\x0a" * 32, tree_size=5, root=ROOT, checkpoint_note="note")
    assert receipt.to_json() == {
        "seq": 4,
        "leaf_hash": "0a" * 32,
        "tree_size": 5,
        "root": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "checkpoint": "note",
    }
