"""Keeps the book: backup while others work, restore with a check, projections made anew."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from thaw.errors import InputError, TamperError
from thaw.store import copy_book, newest_checkpoint

from .book import Clock, Progress, Session, no_progress, open_book, session, utc_now
from .ledger import verify
from .receipts import ReceiptBook
from .settings import FILE, read_settings


def backup(at_work: Session, target: Path, progress: Progress = no_progress) -> dict[str, Any]:
    """Copy the book to a new or empty folder, without the log key, and check the copy.

    Raises InputError when the folder holds files, TamperError when the copy does not verify.
    """
    source = at_work.book.folder
    at_work.book.store.append(at_work.draft("backup.make", {"target": target.name}))
    _copy(source, target, progress)
    return {"backup": str(target), **_checked(target, progress)}


def restore(
    backup_folder: Path,
    target: Path,
    progress: Progress = no_progress,
    *,
    against: Sequence[Path] = (),
    accept_loss: str = "",
    clock: Clock = utc_now,
    person: str = "thaw (program)",
) -> dict[str, Any]:
    """Copy a backup to the folder of a book that is not there, after checking it; nothing is ever overwritten.

    against      checkpoints or receipts kept elsewhere; the receipts of this account are always asked
    accept_loss  why entries that were seen are given up, when the backup is older than they are
    Where the log key is at hand, an entry says that the book was restored, and what was lost.
    Raises InputError when the folder holds files or the backup is none, TamperError when it does not verify or is older
    than what was kept of it.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            where=str(target),
            got="a folder that holds files",
            want="a folder without a book, since a restore overwrites nothing",
            fix="Name another folder with --book, or move the old book away first.",
        )
    verdict = _checked(backup_folder, progress)
    origin = _origin(read_settings(backup_folder))
    given_up = _lost(backup_folder, against, progress)
    lost = given_up + [
        f"In this folder lay the log {other.origin}; the backup is of {origin}."
        for other in ReceiptBook.displaced(origin, target)
    ]
    if lost and not accept_loss.strip():
        raise TamperError(
            where=str(backup_folder),
            got=f"a backup that does not hold all that was seen of the book ({lost[0]})",
            want="the newest backup",
            fix="Look for a newer one. If there is none, give the loss up in the open: --accept-loss REASON.",
        )
    _copy(backup_folder, target, progress)
    settings = read_settings(target)
    key = target / str(settings["log.key"])
    for kept in ReceiptBook.all_of(origin) if given_up else []:
        kept.set_aside()
    ReceiptBook.begin(origin, target, newest_checkpoint(target))
    entry = _note_restore(target, clock, person, lost, accept_loss) if key.is_file() else None
    return {"book": str(target), "log_key": str(key), "log_key_there": key.is_file(), "entry": entry, "lost": lost,
            **verdict}  # fmt: skip


def _lost(folder: Path, against: Sequence[Path], progress: Progress) -> list[str]:
    """What was kept of the book outside and is not in the copy, in words."""
    kept = ReceiptBook.all_of(_origin(read_settings(folder)))
    notes = [note for one in kept for note in one.notes()]
    verdict = verify(folder, against=against, notes=notes, progress=progress)
    return [str(found["detail"]) for found in verdict["findings"]]


def _origin(settings: Mapping[str, Any]) -> str:
    return str(settings["log.public_key"]).partition("+")[0]


def _note_restore(target: Path, clock: Clock, person: str, lost: Sequence[str], reason: str) -> int:
    book = open_book(target, clock)
    try:
        told = {"entries": book.store.size(), "lost": list(lost)[:20], "reason": reason or None}
        return book.store.append(session(book, person).draft("book.restore", told)).result[0]
    finally:
        book.close()


def rebuild(at_work: Session) -> dict[str, Any]:
    """Drop every projection and make it anew from ledger and blobs."""
    names = at_work.book.store.rebuild(by=at_work.draft("projection.rebuild", {}))
    at_work.book.cache.clear()
    return {"rebuilt": names, "entries": at_work.book.store.size()}


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
