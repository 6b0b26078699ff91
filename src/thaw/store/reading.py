"""Each thread's own connection for reads, and a close that waits for reads to end.

A connection of SQLite must not be closed while another thread reads with it. Every read runs inside `Readers.use`, so
that closing knows what is still at work.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from .connection import Unfinished, connect

PATIENCE_S = 10.0
"""How long a close waits for reads before it breaks them off."""


class _Own(threading.local):
    reader: _Reader | None = None


class _Reader:
    """One thread's connection; `lock` is held while it reads."""

    def __init__(self, path: Path) -> None:
        self.db = connect(path)
        self.lock = threading.RLock()


class Readers:
    """The reading connections of one open book."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = _Own()
        self._all: list[_Reader] = []
        self._door = threading.Lock()
        self._closed = False

    def connection(self) -> apsw.Connection:
        """This thread's connection, made on first use. Raises `Unfinished` when the book is closed."""
        return self._mine().db

    @contextmanager
    def use(self) -> Iterator[apsw.Connection]:
        """This thread's connection, which is not closed before the block ends or `close` has lost its patience."""
        reader = self._mine()
        with reader.lock:
            if self._closed:
                raise self._gone()
            try:
                yield reader.db
            except apsw.InterruptError:
                raise self._gone() from None

    def close(self, patience_s: float = PATIENCE_S) -> None:
        """Close every connection; a read that is at work after `patience_s` seconds is broken off first."""
        with self._door:
            self._closed = True
            readers, self._all = self._all, []
        until = time.monotonic() + patience_s
        for reader in readers:
            if not reader.lock.acquire(timeout=max(0.0, until - time.monotonic())):
                # The lock is the reader's own: once the read is broken off it is let go of, or the thread is gone.
                while not reader.lock.acquire(timeout=0.05):
                    reader.db.interrupt()
            try:
                reader.db.close()
            finally:
                reader.lock.release()

    def _mine(self) -> _Reader:
        reader = self._own.reader
        if reader is None or self._closed:
            with self._door:
                if self._closed:
                    raise self._gone()
                reader = self._own.reader = _Reader(self._path)
                self._all.append(reader)
        return reader

    def _gone(self) -> Unfinished:
        return Unfinished(
            where=str(self._path), got="a casebook that was closed", want="an open one", fix="Give the command again."
        )
