from __future__ import annotations

import hashlib
import os

import pytest

from thaw.errors import TamperError
from thaw.store import Blobs, Unfinished


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_blob_lies_under_its_digest(tmp_path):
    blobs = Blobs(tmp_path / "blobs")
    digest = blobs.put(b"invented")
    assert digest == hashlib.sha256(b"invented").hexdigest()
    assert files(tmp_path) == [f"blobs/{digest[:2]}/{digest}"]
    assert blobs.get(digest) == b"invented"


def test_a_file_is_copied_in_with_its_size(tmp_path):
    source = tmp_path / "scan.pdf"
    source.write_bytes(b"x" * 3_000_000)
    digest, size = Blobs(tmp_path / "blobs").put_file(source)
    assert (digest, size) == (hashlib.sha256(b"x" * 3_000_000).hexdigest(), 3_000_000)
    assert Blobs(tmp_path / "blobs").path(digest).read_bytes() == source.read_bytes()


def test_putting_the_same_bytes_again_writes_nothing_new(tmp_path):
    blobs = Blobs(tmp_path)
    place = blobs.path(blobs.put(b"invented"))
    before = place.stat()
    assert blobs.path(blobs.put(b"invented")).stat() == before
    assert len(files(tmp_path)) == 1


def test_a_blob_that_was_changed_is_not_healed_in_silence_by_taking_the_document_in_again(tmp_path):
    blobs = Blobs(tmp_path)
    digest = blobs.put(b"invented")
    blobs.path(digest).write_bytes(b"other")
    blobs.put(b"invented")
    with pytest.raises(TamperError):
        blobs.get(digest)


def test_a_blob_that_is_gone_is_tampered_and_says_what_to_do(tmp_path):
    with pytest.raises(TamperError) as error:
        Blobs(tmp_path).get("ab" * 32)
    assert str(error.value) == (
        "blob abababababab: got no such file, want the bytes that were taken in. "
        "Run `thaw verify --all`, then restore the file from a backup."
    )


def test_a_blob_with_other_bytes_is_tampered_and_says_what_to_do(tmp_path):
    blobs = Blobs(tmp_path)
    digest = blobs.put(b"invented")
    blobs.path(digest).write_bytes(b"Invented")
    with pytest.raises(TamperError) as error:
        blobs.get(digest)
    assert str(error.value) == (
        f"blob {digest[:12]}: got other bytes than were taken in, want the bytes whose digest is the name. "
        "Run `thaw verify --all`, then restore the file from a backup."
    )


FULL = "a full disk, want room for the next entries. Free some space and give the same command again; "
BROKEN = (
    "a disk error (Input/output error), want a disk that can be written. Check the disk and the rights on the folder, "
)


@pytest.mark.parametrize(("number", "message"), [
    (28, FULL + "nothing was half-written."),
    (5, BROKEN + "then give the same command again."),
])  # fmt: skip
def test_a_disk_that_fails_leaves_no_part_of_a_blob_behind(tmp_path, monkeypatch, number, message):
    def fail(handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Unfinished) as error:
        Blobs(tmp_path).put(b"invented")
    assert str(error.value) == f"{tmp_path}: got {message}"
    assert files(tmp_path) == []


def test_an_interrupted_copy_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        Blobs(tmp_path).put(b"invented")
    assert files(tmp_path) == []


def test_a_source_that_is_not_there_is_the_callers_error_not_the_disks(tmp_path):
    with pytest.raises(FileNotFoundError):
        Blobs(tmp_path / "blobs").put_file(tmp_path / "gone.pdf")
    assert not (tmp_path / "blobs").exists()
