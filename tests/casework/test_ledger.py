"""Verification as people call it: with the key they noted, and without a trace on the disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from books import Clock, csv_file, imported, new_book, rows, thaw
from thaw.casework import open_book
from thaw.casework.documents import add_documents
from thaw.casework.ledger import verify
from thaw.errors import InputError, TamperError
from thaw.ledger import SigningKey


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = new_book(tmp_path / "book")
    imported(made, csv_file(tmp_path / "a.csv", rows(5)))
    made.book.close()
    return tmp_path / "book"


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, read by another process: closing a file drops this one's locks on it."""
    files = sorted(str(path) for path in folder.rglob("*") if path.is_file())
    code = "import hashlib, sys; [print(hashlib.sha256(open(f, 'rb').read()).hexdigest()) for f in sys.argv[1:]]"
    done = subprocess.run([sys.executable, "-c", code, *files], check=True, capture_output=True, text=True)
    return dict(zip(files, done.stdout.split(), strict=True))


def crashed(book: Path, target: Path) -> Path:
    """A copy of the book as a power cut leaves it: the last commits are in the WAL alone."""
    held = open_book(book)
    held.store.append(*[_note(held, i) for i in range(3)])
    shutil.copytree(book, target)
    held.close()
    assert (target / "casebook.db-wal").stat().st_size > 0
    return target


def _note(held: object, number: int) -> object:
    from thaw.store import Draft

    return Draft("note.add", "a_1", {"words": f"invented note {number}"})


def vkey(book: Path) -> str:
    return next(line for line in (book / "casebook.toml").read_text().splitlines() if "public_key" in line).split('"')[
        1
    ]


def test_the_verdict_names_the_public_key_that_it_was_checked_against(book: Path) -> None:
    assert verify(book)["public_key"] == vkey(book)
    found = thaw("verify", book=book)
    assert found.out.splitlines()[-1] == f"Checked against the public key {vkey(book)}."
    assert thaw("verify", "--public-key", vkey(book), book=book, as_json=True).document["public_key"] == vkey(book)


def test_a_key_that_was_exchanged_in_the_settings_is_found_with_the_noted_one_and_without(book: Path) -> None:
    noted = vkey(book)
    evil = SigningKey.generate(noted.split("+")[0])
    settings = book / "casebook.toml"
    settings.write_text(settings.read_text().replace(noted, evil.verifier.vkey))
    found = verify(book)
    assert found["status"] == "tampered"
    assert f"Entry 0 names the public key {noted}, the check was made with {evil.verifier.vkey}." in [
        finding["detail"] for finding in found["findings"]
    ]
    assert verify(book, public_key=noted)["status"] == "ok"
    assert thaw("verify", "--public-key", evil.verifier.vkey, book=book).code == 1


def test_a_public_key_that_is_none_is_refused(book: Path) -> None:
    found = thaw("verify", "--public-key", "banana", book=book, as_json=True)
    assert (found.code, found.document["error"]["got"]) == (2, "'banana'")


def test_a_log_key_of_the_same_name_does_not_open_the_book(book: Path) -> None:
    noted = vkey(book)
    evil = SigningKey.generate(noted.split("+")[0])
    (book.parent / "book.key").write_text(evil.to_text())
    with pytest.raises(InputError) as caught:
        open_book(book)
    assert caught.value.got == f"a log key with the public key {evil.verifier.vkey}"
    assert caught.value.want == f"the log key with the public key {noted}"


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("left", [["-wal", "-shm"], ["-wal"], ["-shm"], []])
def test_verification_writes_nothing_even_beside_a_wal_that_a_crash_left(
    book: Path, tmp_path: Path, left: list[str], everything: bool
) -> None:
    copy = crashed(book, tmp_path / "crashed") if "-wal" in left else shutil.copytree(book, tmp_path / "crashed")
    if left == ["-wal"]:
        (copy / "casebook.db-shm").unlink()
    if left == ["-shm"]:
        (copy / "casebook.db-shm").write_bytes(b"")
    before = digests(copy)
    found = verify(copy, everything=everything)
    assert (found["status"], found["findings"]) == ("ok", [])
    assert digests(copy) == before
    # What stood in the WAL alone was checked as well.
    assert found["entries"] == verify(book)["entries"]


def test_what_was_changed_in_the_wal_alone_is_found_and_stays_as_it_is(book: Path, tmp_path: Path) -> None:
    held = open_book(book)
    with closing(apsw.Connection(str(book / "casebook.db"))) as db:
        db.execute("DROP TRIGGER entry_kept")
        copy = shutil.copytree(book, tmp_path / "copy")
    held.close()
    before = digests(copy)
    assert verify(copy)["status"] == "tampered"
    assert digests(copy) == before


def test_verification_leaves_an_open_book_in_this_process_its_locks(book: Path) -> None:
    held = open_book(book)
    held.store.append(_note(held, 1))
    before = {name: digest for name, digest in digests(book).items() if not name.endswith("-shm")}
    assert verify(book, everything=True)["status"] == "ok"
    assert {name: digest for name, digest in digests(book).items() if not name.endswith("-shm")} == before
    other = "import apsw, sys; d = apsw.Connection(sys.argv[1]); d.execute('SELECT 1 FROM meta').get; d.close()"
    subprocess.run([sys.executable, "-c", other, str(book / "casebook.db")], check=True)
    # Another program that closes would fold in and remove the WAL if our locks were gone.
    assert (book / "casebook.db-wal").exists()
    held.store.append(_note(held, 2))
    held.close()
    assert verify(book, everything=True)["status"] == "ok"


@pytest.mark.parametrize("crash", [False, True])
def test_a_book_on_a_read_only_disk_verifies(book: Path, tmp_path: Path, crash: bool) -> None:
    copy = crashed(book, tmp_path / "crashed") if crash else book
    code = (
        f"import sys; sys.path[:0] = {sys.path!r}\nfrom pathlib import Path\nfrom thaw.casework.ledger import verify\n"
        f"try: open({str(copy / 'x')!r}, 'w'); print('writable')\n"
        f"except OSError: print(verify(Path({str(copy)!r}), everything=True)['status'])"
    )
    mount = f'mount --bind {copy} {copy} && mount -o remount,ro,bind {copy} && exec {sys.executable} -c "$CODE"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", mount], env={**os.environ, "CODE": code}, capture_output=True, text=True
    )
    if "ount" in done.stderr or "unshare" in done.stderr:
        pytest.skip("this machine lets nobody make a read-only mount")
    assert (done.stdout.strip(), done.stderr) == ("ok", "")


def test_rebuild_mends_tables_with_which_the_book_does_not_open(book: Path) -> None:
    with closing(apsw.Connection(str(book / "casebook.db"))) as db:
        db.execute("DELETE FROM projection WHERE name = 'casebook'")
        db.execute("UPDATE cases SET title = 'forged'")
    with pytest.raises(TamperError, match="tables of casebook without the row"):
        open_book(book)
    assert thaw("cases", book=book).code == 1
    assert thaw("rebuild", book=book).code == 0
    assert verify(book, everything=True)["status"] == "ok"
    assert thaw("log", book=book, as_json=True).document[1]["kind"] == "projection.rebuild"


def test_a_word_index_that_finds_no_word_though_it_holds_all_is_found(tmp_path):
    # One row of this table names the first word of one page of the index: without it the index is whole, but searches
    # do not get there. The words fill many pages.
    work = new_book(tmp_path / "book", clock=Clock())
    words = [f"invented{number:05d}" for number in range(4000)]
    lines = (" ".join(words[at : at + 8]) for at in range(0, 4000, 8))
    (tmp_path / "words.txt").write_text("\n".join(lines))
    add_documents(work, [tmp_path / "words.txt"], new_title="An invented case", wait=True)
    work.book.close()
    assert verify(tmp_path / "book", everything=True)["status"] == "ok"
    db = apsw.Connection(str(tmp_path / "book" / "casebook.db"))
    rows = db.execute("SELECT segid, term FROM texts_words_idx ORDER BY segid, term").fetchall()
    assert len(rows) > 3
    db.execute("DELETE FROM texts_words_idx WHERE segid = ? AND term = ?", rows[-1])
    db.close()
    found = verify(tmp_path / "book", everything=True)
    assert [one["kind"] for one in found["findings"]] == ["projection-mismatch"]
    assert found["findings"][0]["detail"] == (
        "The word index of texts does not say what its table says; `thaw rebuild` makes it anew."
    )
