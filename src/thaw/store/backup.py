"""Copies a book to another folder while others write: first a snapshot of the database, then the blobs it may name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw

from thaw.errors import InputError

from .connection import connect, copy_still, database_errors, file_errors
from .store import DATABASE


def copy_book(source: Path, target: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Copy database and blobs of the book in `source` into the empty or new folder `target`.

    Blobs are written before the entries that name them commit, so copying them after the snapshot misses none.
    Raises InputError when `target` holds anything, `Unfinished` when there is no room for the copy.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            where=str(target), got="a folder that holds files", want="a new or empty folder", fix="Name another one."
        )
    with file_errors(target):
        (target / "blobs").mkdir(parents=True)
    if not (source / DATABASE).is_file():
        connect(source / DATABASE)
    with database_errors(target):
        copy_still(source / DATABASE, target / DATABASE, progress, at_work=True)
        # What a crash left in a WAL is folded into the copy, which is then one file.
        with closing(connect(target / DATABASE)) as there:
            there.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    with file_errors(target):
        _sync(target / DATABASE)
        for file in sorted((source / "blobs").glob("??/*")):
            place = target / "blobs" / file.parent.name / file.name
            place.parent.mkdir(exist_ok=True)
            shutil.copyfile(file, place)
            _sync(place)
        for folder in (target, target / "blobs", *(target / "blobs").glob("??")):
            _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
