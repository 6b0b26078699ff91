"""One entry and its proof: what is shown is what was committed, and the proof convinces who has only the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from books import new_book
from thaw.casework.cases import create_case, incident_sayings
from thaw.casework.entries import inclusion_file, ledger_entry
from thaw.errors import InputError, TamperError
from thaw.ledger import leaf_hash, open_checkpoint, verify_inclusion
from thaw.outside import ProofFile


def test_an_entry_shows_leaf_and_content_and_its_proof_holds(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    create_case(work, incident_sayings({"title": "Invented: by the weir", "date": "1985"}), file=None)
    seq = next(n for n in range(9) if ledger_entry(work, n)["kind"] == "case.create")
    found = ledger_entry(work, seq)
    assert found["by"] == "Invented Detective"
    assert "Invented: by the weir" in str(found["content"]["said"])
    assert "weir" not in found["leaf"]
    proof = ProofFile.parse(inclusion_file(work, seq))
    head = open_checkpoint(proof.note, work.book.store.verifier)
    verify_inclusion(leaf_hash(found["leaf"].encode()), seq, head.size, list(proof.proof), head.root)
    with pytest.raises(TamperError):
        verify_inclusion(leaf_hash(b"{}"), seq, head.size, list(proof.proof), head.root)
    work.book.close()


def test_an_entry_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    for ask in (ledger_entry, inclusion_file):
        with pytest.raises(InputError) as caught:
            ask(work, 10_000)
        assert str(caught.value) == (
            "entry: got number 10000, want an entry of this ledger. Take its number from the log."
        )
    work.book.close()
