"""Files named by a person that cannot be used: each refusal in its exact words, and nothing entered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from books import Clock, csv_file, imported, new_book, rows
from thaw.casework import Session
from thaw.casework.coding import code
from thaw.casework.documents import add_documents
from thaw.casework.kinship import Inputs, kinship
from thaw.casework.labels import label
from thaw.casework.ledger import verify
from thaw.casework.log_key import rotate
from thaw.casework.pages import set_section, transcribe_file
from thaw.casework.policies import read_policy
from thaw.casework.sealing import order
from thaw.casework.witness_server import WitnessFolder, answer_file
from thaw.casework.witnessing import take
from thaw.errors import InputError
from thaw.intake import reader_for
from thaw.outside import entries_of

ABSENT = "No such file or directory"
CASE = "shr-map:1"


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book", clock=Clock())
    imported(made, csv_file(tmp_path / "a.csv", rows(3)))
    yield made
    made.book.close()


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(work: Session, act: Callable[[], object]) -> str:
    """The words of the refusal; the call may have asked for a look, but entered nothing else."""
    with pytest.raises(InputError) as caught:
        act()
    return str(caught.value)


NO_FILE: dict[str, tuple[Callable[[Session, Path], object], str]] = {
    "behaviors": (lambda work, file: code(work, CASE, file), "a file of behaviors (JSON)"),
    "series": (lambda work, file: label(work, file), "a CSV of known series"),
    "policy": (lambda work, file: read_policy(file), "a policy file"),
    "order": (
        lambda work, file: order(work, number="1", approved_by=["A", "B"], case_id=CASE, document=file),
        "the order as a file",
    ),
}


@pytest.mark.parametrize("what", NO_FILE)
def test_a_file_that_is_not_there(work: Session, tmp_path: Path, what: str):
    act, want = NO_FILE[what]
    file = tmp_path / "absent"
    words = f"{file}: got {ABSENT}, want {want}. Check the name."
    assert refused(work, lambda: act(work, file)) == words


NO_TEXT: dict[str, tuple[Callable[[Session, Path], object], str]] = {
    "series": (lambda work, file: label(work, file), "got a file that is no UTF-8 text, want a CSV of known series"),
    "policy": (lambda work, file: read_policy(file), "got a file that is no text, want a policy file"),
}


@pytest.mark.parametrize("what", NO_TEXT)
def test_a_file_of_bytes_that_are_no_text(work: Session, tmp_path: Path, what: str):
    act, words = NO_TEXT[what]
    file = written(tmp_path / "bytes", b"\xff\xfe\x00\x81")
    assert refused(work, lambda: act(work, file)) == f"{file}: {words}. Check the name."


def test_behaviors_that_are_no_json_and_no_object(work: Session, tmp_path: Path):
    file = written(tmp_path / "mo.json", "{bound")
    words = refused(work, lambda: code(work, CASE, file))
    assert words.startswith(f"{file}: got a text that is no JSON (")
    assert words.endswith("), want a file of behaviors. Mend the file.")
    file = written(tmp_path / "mo.json", "[1]")
    assert refused(work, lambda: code(work, CASE, file)) == (
        f'{file}: got no JSON object, want {{"bound": "yes"}}. Put it between {{ and }}.'
    )


def test_known_series_in_a_file_that_is_no_table(work: Session, tmp_path: Path):
    file = written(tmp_path / "s.csv", "")
    assert refused(work, lambda: label(work, file)) == (
        f"{file}, line 1: got no line, want columns named series and case. Name them in the first line."
    )
    file = written(tmp_path / "s.csv", 'series,case\nA,"shr-map:1" x\n')
    words = refused(work, lambda: label(work, file))
    assert words.startswith(f"{file}: got a file that is no CSV (")
    assert words.endswith("), want a CSV of known series. Mend the line.")
    file = written(tmp_path / "s.csv", "series,case,belongs\nA,shr-map:1,perhaps\n")
    assert refused(work, lambda: label(work, file)) == (
        f"{file}, line 2: got series 'A', case 'shr-map:1', belongs 'perhaps', want a series and a case, and yes or no "
        "where there is a column for it. Correct the line."
    )


def test_a_kinship_file_that_is_no_json(work: Session, tmp_path: Path):
    file = written(tmp_path / "k.json", "{")
    words = refused(work, lambda: kinship(Inputs(file), session=work))
    assert words.startswith(f"{file.name}: got text that is no JSON (")
    assert words.endswith("), want a JSON file or a .fam file. Check the file.")
    file = written(tmp_path / "k.json", "[" * 100_000)
    assert refused(work, lambda: kinship(Inputs(file), session=work)) == (
        f"{file.name}: got JSON nested too deep, want a file of cases. Check the file."
    )


def test_receipts_that_are_none(work: Session, tmp_path: Path):
    file = written(tmp_path / "r.json", json.dumps({"receipts": [{"seq": "one"}]}))
    assert refused(work, lambda: verify(work.book.folder, against=[file])) == (
        f"{file}: got a file that holds no receipts, want receipts as Thaw keeps them. Check the name."
    )


def test_a_new_log_key_without_a_reason(work: Session, tmp_path: Path):
    assert refused(work, lambda: rotate(work, tmp_path / "new.key", reason=" ")) == (
        "log key: got no reason, want why it is replaced. Use --reason TEXT."
    )
    assert not (tmp_path / "new.key").exists()


def test_a_transcription_and_a_section_that_cannot_be(work: Session, tmp_path: Path):
    page = written(tmp_path / "page.txt", "Invented words on a page.")
    document = add_documents(work, [page], case_id=CASE, wait=True)["files"][0]["sha256"]
    file = written(tmp_path / "read.txt", b"\xff\x81")
    assert refused(work, lambda: transcribe_file(work, document, 1, file)) == (
        f"{file}: got a file that is no text, want a text file in UTF-8. Check the name."
    )
    words = refused(work, lambda: set_section(work, document, 1, section="99"))
    assert words.startswith("section: got '99', want one of 01, ")
    assert words.endswith(", or - for none. See the list.")


def test_an_order_that_destroys_nothing_is_refused_and_the_refusal_is_an_entry(work: Session):
    cap = int(work.book.settings["seal.cap"])
    assert refused(work, lambda: order(work, number="1", approved_by=["A", "B"], entries=[])) == (
        f"seal order: got nothing to destroy, want 1 to {cap} entries. Look at `thaw seal dry-run`; the cap is `cap` "
        "below [seal] in casebook.toml."
    )
    kinds = work.book.store.reading_connection().execute("SELECT kind FROM entry_index ORDER BY seq DESC LIMIT 1")
    assert kinds.fetchall() == [("seal.refuse",)]


def test_a_request_and_an_answer_of_a_witness_that_are_no_files(work: Session, tmp_path: Path):
    witness = WitnessFolder.make(tmp_path / "w", "witness.invented.example/w1", Clock())
    file = tmp_path / "absent"
    assert refused(work, lambda: answer_file(witness, file, tmp_path / "answer")) == (
        f"{file}: got {ABSENT}, want a request from `thaw witness request`. Check the name."
    )
    policy = written(
        tmp_path / "policy.txt",
        f"log {work.book.store.first_key.vkey}\nwitness W1 {witness.key.verifier.vkey}\nquorum W1\n",
    )
    work.book.settings = {**work.book.settings, "log.policy": str(policy)}
    assert refused(work, lambda: take(work, "W1", file)) == (
        f"{file}: got {ABSENT}, want the answer of a witness. Check the name."
    )


def test_a_specification_beside_another_format(work: Session, tmp_path: Path):
    words = refused(work, lambda: reader_for(tmp_path / "a.csv", "shr", spec="invented"))
    assert words == ("--spec: got a specification with --format shr, want csv or parquet. Leave one out.")


def test_a_bundle_of_entries_that_ends_in_the_middle():
    for cut in (b"\x00", b"\x00\x05abc"):
        with pytest.raises(InputError) as caught:
            list(entries_of(cut))
        assert str(caught.value) == (
            "bundle of entries: got an end in the middle of an entry, want whole entries. Copy the file whole."
        )
