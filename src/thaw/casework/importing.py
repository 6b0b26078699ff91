"""Imports registers: every row is stored, already held, superseding, sealed or rejected, and the sum is kept.

Rows go in by batches, each one transaction; a stopped import is finished by giving the same command again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.intake import Reject, RowReader, SourceRow, reader_for
from thaw.record import new_ids
from thaw.store import Transaction, Unfinished

from .book import Progress, Session, name_of, no_progress

_BATCH = 1_000
_COUNTS = ("read", "stored", "rejected", "already_held", "superseded", "sealed")


@dataclass
class Tally:
    """What became of the rows of one file; `problem` says why it ended early, if it did."""

    file: str
    format: str
    unit: str
    sha256: str | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    missing: list[str] = field(default_factory=list)
    cases: int = 0
    seconds: float = 0.0
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        """One element of `files` in the command line contract."""
        head = {"file": self.file, "format": self.format, "sha256": self.sha256, "unit": self.unit}
        tail = {"missing_since": self.missing, "cases": self.cases, "seconds": round(self.seconds, 3)}
        return head | self.counts | tail | {"problem": self.problem}


def import_files(
    session: Session,
    paths: Sequence[Path],
    *,
    format_name: str | None = None,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Import files one after the other; returns the document of `thaw import`.

    All files are looked at before the first is read. With `dry_run` nothing is written. Ctrl-C, a full disk and a file
    that turns out to be damaged half-way end the file at hand with `problem` set and leave out the rest; what was
    committed stays. Raises InputError when a file is of no known format, or the book is a demo.
    """
    if session.book.store.kind == "demo" and not dry_run:
        raise InputError(
            where=str(session.book.folder),
            got="a demo book",
            want="a book of your own, so that invented and real cases never mix",
            fix="Make one with: thaw --book DIR init",
        )
    return {"files": import_checked(session, [(p, reader_for(p, format_name)) for p in paths], dry_run, progress)}


def import_checked(
    session: Session, files: Sequence[tuple[Path, RowReader]], dry_run: bool, progress: Progress
) -> list[dict[str, Any]]:
    """Import files whose readers are known; see `import_files`."""
    done: list[dict[str, Any]] = []
    for path, reader in files:
        run = _Run(session, path, reader, dry_run, progress)
        run.go()
        done.append(run.tally.to_json())
        if run.tally.problem:
            break
    return done


class _Run:
    """One file on its way in."""

    def __init__(self, session: Session, path: Path, reader: RowReader, dry_run: bool, progress: Progress) -> None:
        self.session, self.path, self.reader, self.dry_run = session, path, reader, dry_run
        self.store = session.book.store
        self.progress = progress
        self.tally = Tally(name_of(path), reader.name, reader.unit)
        self.import_seq = -1
        self.view: View | None = None
        self.seen: dict[bytes, bytes] = {}
        self.taken: set[bytes] = set()
        self.set_aside: set[bytes] = set()
        self.gone: frozenset[bytes] | None = None
        self.alike: dict[bytes, int] = {}
        self.incidents: dict[str, str] = {}

    def go(self) -> None:
        started = time.monotonic()
        try:
            self.tally.sha256 = _sha256(self.path)
            self._start()
            for batch in _batches(self._rows()):
                counts = self._commit(batch)
                for name, number in counts.items():
                    self.tally.counts[name] += number
                self.tally.cases += counts["stored"]
                self.progress(self.path.name, self.tally.counts["read"], 0)
            self._finish()
        except KeyboardInterrupt:
            self.tally.problem = "interrupted; give the same command again to finish"
        except (Unfinished, InputError) as stop:
            self.tally.problem = str(stop)
        except OSError as error:
            want = "a file that can be read to its end. Check it and give the same command again."
            self.tally.problem = f"{self.path}: got {error.strerror or error}, want {want}"
        self.tally.seconds = time.monotonic() - started

    def _rows(self) -> Iterator[SourceRow | Reject]:
        today: date = self.session.book.clock().date()
        return self.reader.read(self.path, today)

    def _start(self) -> None:
        if not self.dry_run:
            facts = {"file": self.tally.file, "format": self.reader.name, "sha256": self.tally.sha256}
            facts["reader"] = f"{self.reader.name} {self.reader.version}"
            # An import tells what the book holds already, so it is a look as well: one entry for both.
            self.view = self.session.look("import", kind="import.start", detail=facts | {"unit": self.reader.unit})
            self.import_seq = self.view.seq

    def _commit(self, batch: Iterable[SourceRow | Reject]) -> dict[str, int]:
        return self.store.commit(lambda transaction: self._write(transaction, batch)).result

    def _write(self, transaction: Transaction, batch: Iterable[SourceRow | Reject]) -> dict[str, int]:
        counts = dict.fromkeys(_COUNTS, 0)
        rows: list[tuple[SourceRow, str, bytes, bytes]] = []
        rejects: list[Reject] = []
        for item in batch:
            counts["read"] += 1
            if isinstance(item, SourceRow):
                key, key_mac, row_mac = self._name(item)
                if self.seen.setdefault(key_mac, row_mac) == row_mac:
                    rows.append((item, key, key_mac, row_mac))
                    continue
                want = "a key once in a file, since two rows with one key may be two victims"
                raw = item.raw if isinstance(item.raw, str) else item.text
                item = Reject(item.row, item.line, "key", f"{item.key!r} again with other values", want, raw, item.key)
            counts["rejected"] += 1
            if item.key is not None:
                self.set_aside.add(self.store.fingerprint("key", f"{self.reader.name}:{item.key}"))
            rejects.append(item)
        self._write_rows(transaction, rows, counts)
        for reject in rejects:
            self._write_reject(transaction, reject)
        return counts

    def _name(self, row: SourceRow) -> tuple[str, bytes, bytes]:
        """Source key, and the keyed digests of key and bytes. A row without a key is known by its own text."""
        row_mac = self.store.fingerprint("row", self.reader.name, row.text)
        key = row.key
        if key is None:
            # Two rows that are alike in every cell may be two victims: the second is told apart by its count.
            nth = self.alike[row_mac] = self.alike.get(row_mac, 0) + 1
            key = f"~{hashlib.sha256(row.text.encode()).hexdigest()[:16]}" + (f"-{nth}" if nth > 1 else "")
        source_key = f"{self.reader.name}:{key}"
        return source_key, self.store.fingerprint("key", source_key), row_mac

    def _write_rows(
        self, transaction: Transaction, rows: list[tuple[SourceRow, str, bytes, bytes]], counts: dict[str, int]
    ) -> None:
        held = transaction.rows.get_many("held", [key_mac for _, _, key_mac, _ in rows])
        self._learn_incidents(transaction, [row for row, _, key_mac, _ in rows if key_mac not in held])
        ids = iter(new_ids("c", len(rows)))
        people = iter(new_ids("p", 2 * len(rows)))
        back = self._gone(transaction)
        for row, source_key, key_mac, row_mac in rows:
            known = held.get(key_mac)
            again = key_mac in self.taken
            same = again or (known is not None and known["row_mac"] == row_mac)
            counts["already_held" if same else "stored" if known is None else "superseded"] += 1
            # A row that was missing from an earlier issue and is here again is written anew: the case is not gone.
            if again or (same and key_mac not in back) or self.dry_run:
                self.taken.add(key_mac)
                continue
            self.taken.add(key_mac)
            subjects = {"case": next(ids), "victim": next(people), "offender": next(people)}
            # Only rows that are new have learned an incident; a changed row takes its own over below.
            found = self.incidents.get(row.incident_key or "")
            incident = {"id": found, "key": row.incident_key} if found else None
            if known is not None:
                # A changed row speaks of the same case, people and incident as the row before it.
                before = transaction.rows.entry(known["seq"]).payload or {}
                subjects, incident = before["subjects"], before["incident"]
            payload = self._payload(row, source_key, subjects, incident) | {"held": [key_mac.hex(), row_mac.hex()]}
            prev = None if known is None else known["seq"]
            transaction.add(self.session.draft("import.row", payload, obj=subjects["case"], prev=prev))

    def _gone(self, transaction: Transaction) -> frozenset[bytes]:
        """Digests of the keys of rows that an earlier issue did not hold; read once."""
        if self.gone is None:
            cases = transaction.rows.scan("cases", ("case_id", "missing_since"), {})
            missing = {case_id for case_id, since in cases if since}
            held = transaction.rows.scan("held", ("key_mac", "case_id"), {}) if missing else ()
            self.gone = frozenset(key_mac for key_mac, case_id in held if case_id in missing)
        return self.gone

    def _learn_incidents(self, transaction: Transaction, rows: Sequence[SourceRow]) -> None:
        """Ids of the incidents of these rows: known from this run, from the book, or new."""
        keys = [k for k in dict.fromkeys(row.incident_key for row in rows) if k and k not in self.incidents]
        found = transaction.rows.get_many("incidents", keys)
        self.incidents |= {key: row["incident_id"] for key, row in found.items()}
        new = [key for key in keys if key not in found]
        self.incidents |= dict(zip(new, new_ids("i", len(new)), strict=True))

    def _payload(self, row: SourceRow, source_key: str, subjects: dict[str, str], incident: Any) -> dict[str, Any]:
        source = {
            "citation": {"data_set": self.tally.sha256, "row": row.row},
            "recorded_by": self.reader.recorded_by,
            "extracted_by": f"{self.reader.name} {self.reader.version}",
        }
        if row.said_by:
            source["said_by"] = row.said_by
        return {
            "scope": {"case": subjects["case"]},
            "import": self.import_seq,
            "file": self.tally.file,
            "row": row.row,
            "source_key": source_key,
            "subjects": subjects,
            "incident": incident,
            "source": source,
            "said": row.said,
            "raw": row.raw,
        }

    def _write_reject(self, transaction: Transaction, reject: Reject) -> None:
        text = self.store.fingerprint("alike", reject.raw)
        nth = self.alike[text] = self.alike.get(text, 0) + 1
        mac = self.store.fingerprint("reject", self.reader.name, reject.raw, str(nth))
        if self.dry_run or transaction.rows.find("rejects", {"mac": mac}):
            return
        names = ("line", "field", "got", "want", "raw")
        facts = {name: getattr(reject, name) for name in names} | {"file": self.tally.file, "row": reject.row}
        case = self._case_of(transaction, reject)
        facts |= {"scope": {"case": case}} if case else {}
        draft = self.session.draft("import.reject", facts | {"import": self.import_seq, "mac": mac.hex()})
        transaction.add(draft)

    def _case_of(self, transaction: Transaction, reject: Reject) -> str | None:
        """The case that holds the key of a reject: its raw line speaks of that case, and is sealed with it."""
        if reject.key is None:
            return None
        key_mac = self.store.fingerprint("key", f"{self.reader.name}:{reject.key}")
        held = transaction.rows.get("held", [key_mac])
        return held["case_id"] if held else None

    def _finish(self) -> None:
        if self.dry_run:
            return

        def plan(transaction: Transaction) -> list[tuple[str, str]]:
            data_set, missing = self._lineage(transaction)
            fresh = [
                (key, case)
                for key, case in missing
                if not (transaction.rows.get("cases", [case]) or {})["missing_since"]
            ]
            # One entry a case: an entry on two cases is hidden from whoever may see only one of them.
            for key, case in fresh:
                facts = {"scope": {"case": case}, "import": self.import_seq, "source_key": key}
                transaction.add(self.session.draft("import.missing", facts, obj=case))
            facts = {"import": self.import_seq, "data_set": data_set, "counts": self.tally.counts}
            transaction.add(self.session.draft("import.finish", facts))
            return missing

        hidden = self.view.visible.hidden_cases if self.view else frozenset()
        self.tally.missing = [key for key, case in self.store.commit(plan).result if case not in hidden]

    def _lineage(self, transaction: Transaction) -> tuple[int, list[tuple[str, str]]]:
        """Which data set this file is an issue of, and the rows of it that are gone: (source key, case)."""
        imports = transaction.rows.find("imports", {"format": self.reader.name})
        # An import that was stopped belongs where the rerun of the same file belongs.
        home = {old["sha256"]: old["data_set"] for old in imports if old["finished"]}
        groups: dict[int, list[int]] = {}
        for old in imports:
            if old["finished"] or old["sha256"] != self.tally.sha256:
                groups.setdefault(old["data_set"] or home.get(old["sha256"]) or old["seq"], []).append(old["seq"])
        best: tuple[int, int, list[tuple[str, str]]] = (0, self.import_seq, [])
        share = self.session.book.settings["intake.reissue_share"]
        for data_set, seqs in groups.items():
            total, gone = 0, []
            for seq in seqs:
                columns = ("key_mac", "source_key", "case_id")
                for key_mac, source_key, case_id in transaction.rows.scan("held", columns, {"import_seq": seq}):
                    total += 1
                    if key_mac not in self.seen and key_mac not in self.set_aside:
                        gone.append((source_key, case_id))
            if total - len(gone) > best[0] and total - len(gone) >= share * total:
                best = (total - len(gone), data_set, sorted(gone))
        return best[1], best[2]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _batches(rows: Iterator[SourceRow | Reject]) -> Iterator[list[SourceRow | Reject]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
