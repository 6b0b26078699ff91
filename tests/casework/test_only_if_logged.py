"""An action or a look whose entry cannot be committed does not happen; who is refused leaves an entry."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from books import csv_file, new_book, row, rows
from thaw.casework.bundles import export
from thaw.casework.cases import case, cases
from thaw.casework.documents import add_documents
from thaw.casework.importing import import_files
from thaw.casework.ledger import log, rejects
from thaw.casework.searching import search
from thaw.casework.similar import similar
from thaw.errors import AccessDenied
from thaw.store import Unfinished

MARK = "Office of the Inventedmark"
VIEW = importlib.import_module("thaw.access.view")


@pytest.fixture
def work(tmp_path):
    made = new_book(tmp_path / "book")
    import_files(made, [csv_file(tmp_path / "a.csv", [*rows(30, agency=MARK), row(99, year="19x4")])])
    (tmp_path / "tip.txt").write_text(f"{MARK}: a red car.")
    add_documents(made, [tmp_path / "tip.txt"], case_id="shr-map:1", wait=True)
    yield made
    made.book.close()


LOOKS = {
    "cases": lambda work, out: cases(work),
    "case": lambda work, out: case(work, "shr-map:1"),
    "search": lambda work, out: search(work, "inventedmark", purpose="to test"),
    "similar": lambda work, out: similar(work, "shr-map:1", purpose="to test"),
    "log": lambda work, out: log(work),
    "rejects": lambda work, out: rejects(work),
    "export": lambda work, out: export(work, out / "bundle.zip", purpose="to test"),
}


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_on_a_full_disk_not_one_byte_of_content_is_served(work, name, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    before = work.book.store.size()
    db = work.book.store._db
    db.pragma("max_page_count", db.pragma("page_count"))
    served = None
    try:
        # A page may still have room for a few entries; then the disk is full, and stays so.
        for _ in range(200):
            last, served = work.book.store.size(), None
            (out / "bundle.zip").unlink(missing_ok=True)
            served = LOOKS[name](work, out)
            assert work.book.store.size() > last, "something was shown and no entry was written"
    except Unfinished:
        pass
    else:
        pytest.fail("the disk was never full")
    finally:
        db.pragma("max_page_count", 1_000_000)
    assert served is None
    assert [path.name for path in out.iterdir()] == []
    assert work.book.store.size() >= before


def test_whoever_is_refused_leaves_an_entry_that_says_what_was_wanted(work, monkeypatch):
    refusal = AccessDenied(where="cases", got="no grant", want="a grant for this case", fix="Ask for one.")

    def nobody(actor, at):
        raise refusal

    monkeypatch.setattr(VIEW, "visible_to", nobody)
    with pytest.raises(AccessDenied):
        cases(work)
    sql = "SELECT body FROM payload JOIN entry_index USING (seq) WHERE kind = 'access.refused'"
    (told,) = [json.loads(body) for (body,) in work.book.store.reading_connection().execute(sql)]
    assert (told["by"], told["wanted"], told["reason"]) == (
        "Invented Detective",
        "access.list",
        "a grant for this case",
    )


def test_a_bundle_that_cannot_be_finished_leaves_no_file(work, tmp_path: Path):
    (blob,) = [
        path for path in (work.book.folder / "blobs").glob("??/*") if MARK.encode() == path.read_bytes()[: len(MARK)]
    ]
    blob.write_bytes(b"other")
    with pytest.raises(Exception, match="other bytes than were taken in"):
        export(work, tmp_path / "bundle.zip", purpose="to test")
    assert not list(tmp_path.glob("bundle.zip*"))
