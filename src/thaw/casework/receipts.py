"""What a person keeps of a book outside the book: the newest signed checkpoints and the receipts of their own entries.

They lie in the person's own folder, not in the book. Each time the book is opened, it must still hold what they say:
a book that was put back to an older state, or rewritten with the log key, is noticed by those who work in it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from thaw.errors import InputError, TamperError
from thaw.ledger import Checkpoint, Receipt, consistency_proof
from thaw.store import Committed, Store

_MOST = 200
_EVERY_S = 60.0
_OWN = 4  # receipts kept of one commit; the checkpoint covers all of it anyway


def receipts_folder() -> Path:
    """THAW_RECEIPTS, or the place where programs of this account keep their state."""
    chosen = os.environ.get("THAW_RECEIPTS")
    if chosen:
        return Path(chosen)
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "thaw" / "receipts"


_collecting: ContextVar[list[Receipt] | None] = ContextVar("collecting", default=None)


@contextlib.contextmanager
def collected() -> Iterator[list[Receipt]]:
    """The receipts of what this thread commits inside the block: one of each commit, that of its last entry."""
    receipts: list[Receipt] = []
    token = _collecting.set(receipts)
    try:
        yield receipts
    finally:
        _collecting.reset(token)


@dataclass
class ReceiptBook:
    """The receipts of one log, held in memory while the book is open and written each minute and when it is closed.

    witnessed  checkpoints that witnesses signed
    problem    why they could not be written, in words; work goes on without them
    """

    origin: str
    path: Path
    head: str = ""
    witnessed: list[str] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    problem: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _changed: bool = False
    _saved_s: float = field(default_factory=time.monotonic)

    @classmethod
    def load(cls, origin: str, folder: Path) -> ReceiptBook:
        """The receipts of the log with this name in this folder; empty when there are none.

        A copy in another folder is another book to this account: only a restore looks at the receipts of all copies.
        Raises InputError for a damaged file.
        """
        return cls._read(origin, receipts_folder() / f"{_file_name(origin)}@{_place(folder)}.json")

    @classmethod
    def begin(cls, origin: str, folder: Path, note: str) -> None:
        """Keep the first note of a book that this account itself made or put into this folder."""
        book = cls.load(origin, folder)
        if not book.head:
            book.head, book._changed = note, True
            book.save()

    @classmethod
    def displaced(cls, origin: str, folder: Path) -> list[ReceiptBook]:
        """The receipts of other logs for this folder, when this account keeps none of the log that lies there now.

        Whoever made a new book, or restored one, has its first receipt; so this one was put there by somebody else.
        """
        here = receipts_folder() / f"{_file_name(origin)}@{_place(folder)}.json"
        if here.exists():
            return []
        return [cls._read(_origin_in(path), path) for path in sorted(here.parent.glob(f"*@{_place(folder)}.json"))]

    @classmethod
    def all_of(cls, origin: str) -> list[ReceiptBook]:
        """The receipts of every copy of the log with this name."""
        return [cls._read(origin, path) for path in sorted(receipts_folder().glob(f"{_file_name(origin)}@*.json"))]

    @classmethod
    def _read(cls, origin: str, path: Path) -> ReceiptBook:
        book = cls(origin, path)
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            book.head, book.witnessed, book.receipts = (
                str(kept["head"]),
                list(kept["witnessed"]),
                list(kept["receipts"]),
            )
        except FileNotFoundError:
            return book
        except OSError as error:
            book.problem = f"The receipts in {path} cannot be read: {error.strerror}."
        except (ValueError, KeyError, TypeError):
            raise InputError(
                where=str(path),
                got="a file that holds no receipts",
                want="the receipts that Thaw keeps there",
                fix="Move the file away; without it nobody notices on this account that the book went back.",
            ) from None
        return book

    def notes(self) -> list[str]:
        """Every signed note that the book must still hold."""
        notes = [self.head, *self.witnessed, *(str(one["checkpoint"]) for one in self.receipts[-20:])]
        return list(dict.fromkeys(note for note in notes if note))

    def take(self, committed: Committed[Any]) -> None:
        """Keep the note of a commit and the receipts of its last entries."""
        with self._lock:
            if not self.head or _size(self.head) < committed.tree_size:
                self.head = committed.note
            self.receipts += [receipt.to_json() for receipt in committed.receipts(_OWN)]
            self.receipts = self.receipts[-_MOST:]
            self._changed = True
            due = time.monotonic() - self._saved_s >= _EVERY_S
        if due:
            # A workbench that is open for days may be killed: what it would write at its end would be lost.
            self.save()
        collecting = _collecting.get()
        if collecting is not None:
            collecting.append(committed.receipts(1)[-1])

    def take_witnessed(self, note: str) -> None:
        """Keep a checkpoint that a witness signed."""
        with self._lock:
            self.witnessed = [*self.witnessed[-9:], note]
            self._changed = True

    def save(self) -> None:
        """Write the file whole or not at all; a place that cannot be written is a `problem`, no error."""
        with self._lock:
            self._saved_s = time.monotonic()
            if not self._changed:
                return
            kept = {"origin": self.origin, "head": self.head, "witnessed": self.witnessed, "receipts": self.receipts}
            try:
                self._write(json.dumps(kept, indent=1))
            except OSError as error:
                self.problem = f"The receipts could not be kept in {self.path}: {error.strerror}."
            else:
                self._changed = False

    def set_aside(self) -> Path | None:
        """Move the file away, when a loss was accepted; where to, or None when there was none."""
        if not self.path.exists():
            return None
        for number in range(1, 10_000):
            place = self.path.with_suffix(f".lost-{number}")
            if not place.exists():
                os.replace(self.path, place)
                self.head, self.witnessed, self.receipts = "", [], []
                return place
        return None

    def _write(self, text: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        others = self._on_disk()
        if others and _size(others) > (_size(self.head) if self.head else 0):
            # Another program of this account has seen more of the book.
            text = json.dumps({**json.loads(text), "head": others}, indent=1)
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix="writing-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            os.replace(temporary, self.path)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def _on_disk(self) -> str:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            return str(json.loads(self.path.read_text(encoding="utf-8"))["head"])
        return ""


def proof_since(store: Store, old_size: int) -> dict[str, Any]:
    """What a holder of an old checkpoint needs to see that today's log goes on from it.

    Keys old_size, size, root (hex), proof (base64, RFC 9162) and checkpoint (signed note). Raises InputError for a size
    that is 0 or beyond the log.
    """
    note = store.newest_note()
    head = Checkpoint.parse(note.partition("\n\n")[0] + "\n")
    proof = consistency_proof(old_size, head.size, store.tile)
    shown = [base64.b64encode(step).decode() for step in proof]
    return {"old_size": old_size, "size": head.size, "root": head.root.hex(), "proof": shown, "checkpoint": note}


def check_place(origin: str, folder: Path) -> None:
    """Raise TamperError when this account knows another log in this folder and has never seen this one there."""
    others = ReceiptBook.displaced(origin, folder)
    if others:
        raise TamperError(
            where=str(folder),
            got=f"the log {origin}, while the receipts of this account are of {others[-1].origin}: another book was "
            "put in its place, and entry 0 is not the one that was there",
            want="the book in which this account worked",
            fix="Nothing is written and nothing is shown until this is explained. Ask who put it there, and look for "
            f"the old book and its backups. If it was meant, move {others[-1].path} away.",
        )


def _place(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:8]


def _origin_in(path: Path) -> str:
    """The name of the log in a file of receipts; what its name tells when it cannot be read."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads(path.read_text(encoding="utf-8"))["origin"])
    return path.name.partition("@")[0]


def _file_name(origin: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "_", origin)


def _size(note: str) -> int:
    return Checkpoint.parse(note.partition("\n\n")[0] + "\n").size
