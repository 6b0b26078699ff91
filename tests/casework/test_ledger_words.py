"""What the commands of the ledger say when they cannot go on, word for word."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

from books import NOON, Clock, new_book, thaw
from thaw.casework.bundle_check import verify_bundle
from thaw.casework.bundles import export
from thaw.casework.keeping import backup, restore
from thaw.casework.ledger import verify
from thaw.casework.log_key import rotate
from thaw.casework.pages import set_section, transcribe_file
from thaw.casework.policies import read_policy
from thaw.casework.receipts import ReceiptBook
from thaw.casework.sealing import order
from thaw.casework.witness_server import WitnessFolder, answer_file
from thaw.casework.witnessing import check_not_behind, request, take
from thaw.errors import AccessDenied, InputError, TamperError, ThawError
from thaw.ledger import Checkpoint, SigningKey, sign_checkpoint
from thaw.outside import ask
from thaw.store import Visible

STOP = (
    "Nothing is written and nothing is shown until this is explained. Keep this copy, run `thaw verify --all`, and "
    "compare with the newest backup."
)


@pytest.fixture
def work(tmp_path):
    made = new_book(tmp_path / "book", clock=Clock())
    yield made
    made.book.close()


@pytest.fixture
def witness(work, tmp_path):
    """A witness that is asked by file, named W1 in the policy of the book."""
    made = WitnessFolder.make(tmp_path / "w", "witness.invented.example/w1", Clock())
    log = f"log {work.book.store.verifier.vkey}\n"
    (tmp_path / "w" / "policy.txt").write_text(log + "quorum none\n")
    (tmp_path / "policy.txt").write_text(f"{log}witness W1 {made.key.verifier.vkey}\nquorum W1\n")
    work.book.settings = {**work.book.settings, "log.policy": str(tmp_path / "policy.txt")}
    return made


def said(kind: type[ThawError], function, *arguments, **more) -> str:
    """What an error of just this class says."""
    with pytest.raises(kind) as caught:
        function(*arguments, **more)
    assert type(caught.value) is kind
    return str(caught.value)


def test_a_file_that_is_no_bundle(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"no zip at all")
    words = said(InputError, verify_bundle, tmp_path / "x.zip", None, [])
    assert re.fullmatch(
        re.escape(f"{tmp_path / 'x.zip'}: got something that cannot be checked (")
        + r".*[^.]"
        + re.escape(
            "), want a bundle that `thaw export` made, and a policy of its log. Ask for the bundle again, and for the "
            "policy from somebody else."
        ),
        words,
    )


def test_the_whole_log_is_not_given_to_somebody_from_whom_a_case_is_hidden(work, tmp_path, monkeypatch):
    hidden = Visible(hidden_cases=frozenset({"c_hidden"}))
    monkeypatch.setattr(importlib.import_module("thaw.access.view"), "visible_to", lambda actor, at: hidden)
    assert said(AccessDenied, export, work, tmp_path / "all.zip", purpose="to test") == (
        "export: got the whole log, want a reader from whom nothing is hidden. Use --case ID."
    )
    assert not list(tmp_path.glob("all.zip*"))


def test_a_backup_that_is_older_than_what_was_seen(work, tmp_path):
    backup(work, tmp_path / "old")
    work.book.store.append(work.draft("note.add", {"words": "later"}))
    work.book.close()
    words = said(TamperError, restore, tmp_path / "old", tmp_path / "again")
    assert words.startswith(f"{tmp_path / 'old'}: got a backup that does not hold all that was seen of the book (A ")
    assert words.endswith(
        " were cut off.), want the newest backup. Look for a newer one. If there is none, give the loss up in the "
        "open: --accept-loss REASON."
    )


def test_a_policy_that_names_no_log(work, tmp_path):
    (tmp_path / "policy.txt").write_text("quorum none\n")
    assert said(InputError, verify, work.book.folder, policy=tmp_path / "policy.txt") == (
        f"policy: got no log, want a line `log` with the key of {work.book.store.origin}. Ask for the right policy."
    )


@pytest.mark.parametrize("text", ["{", '{"receipts": 5}', '{"receipts": [{"seq": 1}]}', '{"receipts": [[1]]}'])
def test_a_file_of_receipts_that_holds_none(work, tmp_path, text):
    path = tmp_path / "kept.json"
    path.write_text(text)
    assert said(InputError, verify, work.book.folder, against=[path]) == (
        f"{path}: got a file that holds no receipts, want receipts as Thaw keeps them. Check the name."
    )


@pytest.mark.parametrize("text", ["", "{", "[]", '{"head": ""}'])
def test_receipts_of_this_account_that_were_damaged(work, text):
    path = ReceiptBook.load(work.book.store.origin, work.book.folder).path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert said(InputError, ReceiptBook.load, work.book.store.origin, work.book.folder) == (
        f"{path}: got a file that holds no receipts, want the receipts that Thaw keeps there. Move the file away; "
        "without it nobody notices on this account that the book went back."
    )


def test_a_section_that_does_not_exist(work):
    words = said(InputError, set_section, work, "0" * 64, 1, "99")
    assert re.fullmatch(r"section: got '99', want one of (\d\d, )+\d\d, or - for none. See the list.", words)


@pytest.mark.parametrize(("content", "got"), [(None, "No such file or directory"), (b"\xff", "a file that is no text")])
def test_a_typed_page_that_cannot_be_read(work, tmp_path, content, got):
    path = tmp_path / "typed.txt"
    if content is not None:
        path.write_bytes(content)
    assert said(InputError, transcribe_file, work, "0" * 64, 1, path) == (
        f"{path}: got {got}, want a text file in UTF-8. Check the name."
    )


@pytest.mark.parametrize(("content", "got"), [(None, "No such file or directory"), (b"\xff", "a file that is no text")])
def test_carried_files_that_cannot_be_read(work, witness, tmp_path, content, got):
    path = tmp_path / "carried"
    if content is not None:
        path.write_bytes(content)
    assert said(InputError, answer_file, witness, path, tmp_path / "out") == (
        f"{path}: got {got}, want a request from `thaw witness request`. Check the name."
    )
    assert said(InputError, take, work, "W1", path) == (
        f"{path}: got {got}, want the answer of a witness. Check the name."
    )


@pytest.mark.parametrize("text", ["{", "[]", '{"size": 3}', '{"size": 3, "root": "no hex"}'])
def test_a_witness_that_lost_its_memory(work, witness, text):
    witness.answer(ask(0, [], work.book.store.newest_note()))
    (path,) = (witness.folder / "seen").glob("*.json")
    path.write_text(text)
    assert said(InputError, witness.answer, ask(0, [], work.book.store.newest_note())) == (
        f"{path}: got a file that cannot be read, want what this witness signed last. Put it back from a copy; a "
        "witness that has forgotten must be retired and replaced by a new key."
    )


def test_witnesses_without_a_policy(work, tmp_path):
    assert said(InputError, request, work, "W1", tmp_path / "ask") == (
        "casebook.toml, log.policy: got no policy, want a policy file that names the witnesses. Write one "
        "(docs/howto/witness.md shows how) and name it under `policy` below [log]."
    )


def test_an_answer_that_the_witness_did_not_sign(work, witness, tmp_path):
    (tmp_path / "answer").write_text(work.book.store.newest_note())
    assert said(InputError, take, work, "W1", tmp_path / "answer") == (
        f"{tmp_path / 'answer'}: got nothing that W1 has signed, want the answer of this witness. Check the name of "
        "the witness and its key in the policy."
    )


def test_a_signature_over_a_state_that_this_book_never_had(work, witness, tmp_path):
    key = SigningKey.from_text((tmp_path / "book.key").read_text())
    note = sign_checkpoint(Checkpoint(key.name, 7, b"r" * 32), key)
    (tmp_path / "answer").write_text(note + witness.key.cosign(note, int(NOON.timestamp())))
    assert said(TamperError, take, work, "W1", tmp_path / "answer") == (
        "answer of the witness W1: got a signature over a state of 7 entries that this book never had, want a "
        "signature over a checkpoint of this book. Keep the answer, run `thaw verify --all`, and compare with the "
        "newest backup."
    )


def test_a_witness_that_has_seen_more_of_the_log(work, witness, tmp_path, monkeypatch):
    policy = tmp_path / "policy.txt"
    policy.write_text(policy.read_text().replace("\nquorum", " http://witness.invented.example\nquorum"))
    monkeypatch.setattr("thaw.casework.witnessing._post", lambda witness, text: (409, "500\n"))
    size = work.book.store.size()
    assert said(TamperError, check_not_behind, work) == (
        f"{work.book.folder}: got {size} entries, while the witness W1 has signed 500, want a book that holds all that "
        f"was ever witnessed. {STOP}"
    )


def test_a_seal_order_without_entries_or_document(work, tmp_path):
    assert said(InputError, order, work, number="1", approved_by=["A", "B"], entries=[0]) == (
        "seal order: got nothing to destroy, want 1 to 500 entries. Look at `thaw seal dry-run`; the cap is `cap` "
        "below [seal] in casebook.toml."
    )
    path = tmp_path / "order.pdf"
    seq = work.book.store.append(work.draft("note.add", {"words": "invented"})).result[0]
    assert said(InputError, order, work, number="1", approved_by=["A", "B"], entries=[seq], document=path) == (
        f"{path}: got No such file or directory, want the order as a file. Check the name."
    )


@pytest.mark.parametrize(("content", "got"), [(None, "No such file or directory"), (b"\xff", "a file that is no text")])
def test_a_policy_that_cannot_be_read(tmp_path, content, got):
    path = tmp_path / "policy.txt"
    if content is not None:
        path.write_bytes(content)
    assert said(InputError, read_policy, path) == f"{path}: got {got}, want a policy file. Check the name."


def test_a_line_of_a_policy_is_named_with_its_file(tmp_path):
    (tmp_path / "policy.txt").write_text("quorum none\nlog nobody\n")
    assert said(InputError, read_policy, tmp_path / "policy.txt").startswith(
        f"{tmp_path / 'policy.txt'}, policy, line 2: got "
    )


def test_a_key_is_replaced_for_a_reason(work, tmp_path):
    assert said(InputError, rotate, work, tmp_path / "two.key", reason=" ") == (
        "log key: got no reason, want why it is replaced. Use --reason TEXT."
    )
    assert not (tmp_path / "two.key").exists()


def test_a_book_that_went_back_says_so_at_the_door(work, tmp_path):
    """The words of the start of every command, through the command line itself."""
    store, size = work.book.store, work.book.store.size()
    key = SigningKey.from_text((tmp_path / "book.key").read_text())
    kept = ReceiptBook.load(store.origin, work.book.folder)
    kept.path.parent.mkdir(parents=True, exist_ok=True)
    note = sign_checkpoint(Checkpoint(key.name, 900, b"r" * 32), key)
    kept.path.write_text(json.dumps({"head": note, "witnessed": [], "receipts": []}))
    work.book.receipts = None
    work.book.close()
    found = thaw("cases", book=work.book.folder, as_json=True)
    assert (found.code, found.document["error"]) == (1, {
        "where": str(Path(work.book.folder)),
        "got": f"{size} entries, while a checkpoint kept outside covers 900: the newest were taken away",
        "want": "a book whose newest end is whole and which holds all that was ever seen of it",
        "fix": "Nothing is written and nothing is shown until this is explained. Keep this copy, run "
        "`thaw verify --all`, and compare with the newest backup and with checkpoints kept elsewhere.",
    })  # fmt: skip
