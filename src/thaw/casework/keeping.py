"""Keeps the book: backup while others work, restore with a check, projections made anew."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from thaw.errors import InputError, TamperError
from thaw.store import copy_book

from .book import Progress, Session, no_progress
from .ledger import verify
from .settings import FILE, read_settings


def backup(session: Session, target: Path, progress: Progress = no_progress) -> dict[str, Any]:
    """Copy the book to a new or empty folder, without the log key, and check the copy.

    Raises InputError when the folder holds files, TamperError when the copy does not verify.
    """
    source = session.book.folder
    session.book.store.append(session.draft("backup.make", {"target": target.name}))
    _copy(source, target, progress)
    return {"backup": str(target), **_checked(target, progress)}


def restore(backup_folder: Path, target: Path, progress: Progress = no_progress) -> dict[str, Any]:
    """Copy a backup to the folder of a book that is not there, after checking it; nothing is ever overwritten.

    Raises InputError when the folder holds files or the backup is none, TamperError when it does not verify.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            where=str(target),
            got="a folder that holds files",
            want="a folder without a book, since a restore overwrites nothing",
            fix="Name another folder with --book, or move the old book away first.",
        )
    verdict = _checked(backup_folder, progress)
    _copy(backup_folder, target, progress)
    key = target / str(read_settings(target)["log.key"])
    return {"book": str(target), "log_key": str(key), "log_key_there": key.is_file(), **verdict}


def rebuild(session: Session) -> dict[str, Any]:
    """Drop every projection and make it anew from ledger and blobs."""
    names = session.book.store.rebuild(by=session.draft("projection.rebuild", {}))
    session.book.cache.clear()
    return {"rebuilt": names, "entries": session.book.store.size()}


def _copy(source: Path, target: Path, progress: Progress) -> None:
    # As private as a new book: the copy holds the same people.
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy_book(source, target, lambda done, total: progress("pages", done, total))
    shutil.copyfile(source / FILE, target / FILE)


def _checked(folder: Path, progress: Progress) -> dict[str, Any]:
    # Everything: a copy with a changed table or file is no copy.
    verdict = verify(folder, everything=True, progress=progress)
    if verdict["status"] != "ok":
        first = verdict["findings"][0]["detail"]
        raise TamperError(
            where=str(folder),
            got=f"a copy that does not verify ({first})",
            want="a copy whose ledger is whole",
            fix="Do not use it; verify the book itself with `thaw verify --all`.",
        )
    return {"entries": verdict["entries"], "root": verdict["root"], "status": verdict["status"]}
