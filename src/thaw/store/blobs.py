"""Original bytes and text layers, held once under their SHA-256; written before the entry that names them commits."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from thaw.errors import TamperError

from .connection import file_errors

_CHUNK = 1 << 20


class Blobs:
    """A folder of files named by digest. Existing files are never written again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put_file(self, source: Path) -> tuple[str, int]:
        """Copy a file in; returns its SHA-256 in hex and its size in bytes. The copy is what was hashed.

        Raises `Unfinished` when the disk is full or cannot be written; nothing stays behind then.
        """
        with source.open("rb") as stream:
            return self._put(iter(lambda: stream.read(_CHUNK), b""))

    def put(self, data: bytes) -> str:
        """Store bytes; returns their SHA-256 in hex."""
        return self._put(iter([data]))[0]

    def get(self, digest: str) -> bytes:
        """The bytes of a digest. Raises TamperError when they are gone or are not what the digest says."""
        path = self.path(digest)
        if not path.is_file():
            raise self._gone(digest)
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise self._other(digest)
        return data

    def check(self, digest: str) -> Path:
        """Where the bytes of a digest lie, after they were hashed bite by bite; TamperError as with `get`."""
        path = self.path(digest)
        if not path.is_file():
            raise self._gone(digest)
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                raise self._other(digest)
        return path

    def path(self, digest: str) -> Path:
        """Where the bytes of a digest lie."""
        return self.folder / digest[:2] / digest

    @staticmethod
    def _gone(digest: str) -> TamperError:
        return TamperError(
            where=f"blob {digest[:12]}",
            got="no such file",
            want="the bytes that were taken in",
            fix="Run `thaw verify --all`, then restore the file from a backup.",
        )

    @staticmethod
    def _other(digest: str) -> TamperError:
        return TamperError(
            where=f"blob {digest[:12]}",
            got="other bytes than were taken in",
            want="the bytes whose digest is the name",
            fix="Run `thaw verify --all`, then restore the file from a backup.",
        )

    def _put(self, chunks: Iterator[bytes]) -> tuple[str, int]:
        hasher, size = hashlib.sha256(), 0
        with file_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, prefix="incoming-")
            try:
                with os.fdopen(handle, "wb") as out:
                    for chunk in chunks:
                        hasher.update(chunk)
                        size += len(chunk)
                        out.write(chunk)
                    out.flush()
                    os.fsync(out.fileno())
                target = self.path(hasher.hexdigest())
                target.parent.mkdir(exist_ok=True)
                if not target.exists():
                    os.replace(temporary, target)
            finally:
                Path(temporary).unlink(missing_ok=True)
            for folder in (target.parent, self.folder, self.folder.parent):
                _sync_folder(folder)
        return target.name, size


def _sync_folder(folder: Path) -> None:
    # A rename is durable only once the folder that holds the name is on disk.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
