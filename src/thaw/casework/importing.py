"""Imports registers: every row is stored, already held, superseding, sealed or rejected, and the sum is kept.

Rows go in by batches, each one transaction; a stopped import is finished by giving the same command again.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from thaw.access import View
from thaw.errors import InputError
from thaw.intake import Header, Reject, RowReader, SourceRow, header_of, reader_for
from thaw.record import new_ids
from thaw.store import Transaction, Unfinished

from .book import Progress, Session, name_of, no_progress

_BATCH = 1_000
_BLOCK = 1_048_576
_KEPT = 50_000
_COUNTS = ("read", "stored", "rejected", "already_held", "superseded", "sealed")


@dataclass
class Tally:
    """What became of the rows of one file; `problem` says why it ended early, if it did."""

    file: str
    format: str
    unit: str
    data_set: str | None = None
    sha256: str | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    missing: list[str] = field(default_factory=list)
    cases: int = 0
    seconds: float = 0.0
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        """One element of `files` in the command line contract."""
        head = {"file": self.file, "format": self.format, "data_set": self.data_set}
        head |= {"sha256": self.sha256, "unit": self.unit}
        tail = {"missing_since": self.missing, "cases": self.cases, "seconds": round(self.seconds, 3)}
        return head | self.counts | tail | {"problem": self.problem}


def import_files(
    session: Session,
    paths: Sequence[Path],
    *,
    format_name: str | None = None,
    data_set: str | None = None,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Import files one after the other; returns the document of `thaw import`.

    data_set  name of the data set that the files are of: its keys are its own, so that key 1 of another is another row

    All files are looked at before the first is read. With `dry_run` no row is written, only that somebody looked.
    Ctrl-C, a full disk and a file that turns out to be damaged half-way end the file at hand with `problem` set and
    leave out the rest; what was committed stays. Raises InputError when a file is of no known format, the name of
    the data set is none, or the book is a demo.
    """
    if data_set is not None and not re.fullmatch(r"[A-Za-z0-9-]{1,40}", data_set):
        raise InputError(
            where="--data-set",
            got=repr(data_set),
            want="1 to 40 letters (A to Z), digits and dashes",
            fix="Use a name such as utah-1976.",
        )
    if session.book.store.kind == "demo" and not dry_run:
        raise InputError(
            where=str(session.book.folder),
            got="a demo book",
            want="a book of your own, so that invented and real cases never mix",
            fix="Make one with: thaw --book DIR init",
        )
    files = [(path, reader_for(path, format_name)) for path in paths]
    return {"files": import_checked(session, files, dry_run, progress, data_set)}


def import_checked(
    session: Session,
    files: Sequence[tuple[Path, RowReader]],
    dry_run: bool,
    progress: Progress,
    data_set: str | None = None,
) -> list[dict[str, Any]]:
    """Import files whose readers are known; see `import_files`."""
    done: list[dict[str, Any]] = []
    for path, reader in files:
        run = _Run(session, path, reader, dry_run, progress, data_set)
        run.go()
        done.append(run.tally.to_json())
        if run.tally.problem:
            break
    return done


class _Named(NamedTuple):
    """A row with its source key and the keyed digests of key and cells; `again`: its twin stood above in the file."""

    row: SourceRow
    source_key: str
    key_mac: bytes
    row_mac: bytes
    again: bool


class _Run:
    """One file on its way in."""

    def __init__(
        self,
        session: Session,
        path: Path,
        reader: RowReader,
        dry_run: bool,
        progress: Progress,
        data_set: str | None = None,
    ) -> None:
        self.session, self.path, self.reader, self.dry_run = session, path, reader, dry_run
        self.store = session.book.store
        self.progress = progress
        self.tally = Tally(name_of(path), reader.name, reader.unit, data_set)
        # Within one format and data set a key names one row; the same key elsewhere is another row.
        self.realm = reader.name + (f"/{data_set}" if data_set else "")
        self.key_column = "key"
        self.import_seq = -1
        self.view: View | None = None
        # What grows with the file is kept as halves of digests: keys with their rows, keys set aside, keys refused.
        self.seen: dict[int, int] = {}
        self.set_aside: set[int] = set()
        self.clashing: set[int] = set()
        self.gone: frozenset[bytes] | None = None
        self.alike: dict[int, int] = {}
        self.incidents: dict[str, str] = {}

    def go(self) -> None:
        started = time.monotonic()
        try:
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
        header = header_of(self.path)
        self.key_column = self.reader.key_column(header.columns) or self.key_column
        self.tally.sha256, encoding = _digest(self.path, header)
        facts: dict[str, Any] = {"file": self.tally.file, "format": self.reader.name, "sha256": self.tally.sha256}
        facts["data_set"] = self.tally.data_set
        # An import tells what the book holds already, so it is a look as well: one entry for both.
        if self.dry_run:
            self.session.look("import", kind="access.list", detail={"command": "import --dry-run"} | facts)
            return
        # Without them the raw lines of the rows could not be read again.
        facts |= {"columns": list(header.columns), "delimiter": header.delimiter, "encoding": encoding}
        facts |= {"reader": f"{self.reader.name} {self.reader.version}", "unit": self.reader.unit}
        self.view = self.session.look("import", kind="import.start", detail=facts)
        self.import_seq = self.view.seq

    def _commit(self, batch: Iterable[SourceRow | Reject]) -> dict[str, int]:
        return self.store.commit(lambda transaction: self._write(transaction, batch)).result

    def _write(self, transaction: Transaction, batch: Iterable[SourceRow | Reject]) -> dict[str, int]:
        counts = dict.fromkeys(_COUNTS, 0)
        rows: list[_Named] = []
        rejects: list[Reject] = []
        for item in batch:
            counts["read"] += 1
            named = self._name(item) if isinstance(item, SourceRow) else item
            if isinstance(named, Reject):
                rejects.append(named)
                if named.key is not None:
                    self.set_aside.add(_half(self.store.fingerprint("key", f"{self.realm}:{named.key}")))
            else:
                rows.append(named)
        rejects += self._write_rows(transaction, rows, counts)
        counts["rejected"] = len(rejects)
        for reject in sorted(rejects, key=lambda reject: reject.row):
            self._write_reject(transaction, reject)
        return counts

    def _name(self, row: SourceRow) -> _Named | Reject:
        """The row with its digests, or a reject when its key stood above with other values.

        A row without a key is known by its own text.
        """
        row_mac = self.store.fingerprint("row", self.reader.name, row.text)
        key = row.key
        if key is None:
            # Two rows that are alike in every cell may be two victims: the second is told apart by its count.
            alike = _half(row_mac)
            nth = self.alike[alike] = self.alike.get(alike, 0) + 1
            key = f"~{hashlib.sha256(row.text.encode()).hexdigest()[:16]}" + (f"-{nth}" if nth > 1 else "")
        source_key = f"{self.realm}:{key}"
        key_mac = self.store.fingerprint("key", source_key)
        short, text = _half(key_mac), _half(row_mac)
        again = short in self.seen
        if self.seen.setdefault(short, text) != text:
            want = "a key once in a file, since two rows with one key may be two victims"
            return _refused(row, "key", f"{row.key!r} again with other values", want)
        return _Named(row, source_key, key_mac, row_mac, again)

    def _write_rows(self, transaction: Transaction, rows: list[_Named], counts: dict[str, int]) -> list[Reject]:
        """Write what is new or changed; returns the rows whose key is held for another victim."""
        held = transaction.rows.get_many("held", [named.key_mac for named in rows])
        back = self._gone(transaction)
        fresh: list[tuple[_Named, int | None, Mapping[str, Any]]] = []
        refused: list[Reject] = []
        for named in rows:
            known = held.get(named.key_mac)
            if known is not None and known["sealed"]:
                counts["sealed"] += 1
                continue
            same = named.again or (known is not None and known["row_mac"] == named.row_mac)
            # Read only where it is wanted: of a changed row, and of one that was missing and is here again.
            wanted = known is not None and not named.again and (not same or named.key_mac in back)
            before = (transaction.rows.entry(known["seq"]).payload or {}) if known and wanted else {}
            if _half(named.key_mac) in self.clashing or (
                known is not None and not same and _is_another(before, named.row)
            ):
                self.clashing.add(_half(named.key_mac))
                refused.append(_refused(named.row, self.key_column, f"{named.row.key!r}, {_CLASH}", _ONE_VICTIM))
                continue
            counts["already_held" if same else "stored" if known is None else "superseded"] += 1
            # A row that was missing from an earlier issue and is here again is written anew: the case is not gone.
            if not self.dry_run and not named.again and (wanted or known is None):
                fresh.append((named, known["seq"] if known else None, before))
        self._learn_incidents(transaction, [named.row for named, _, _ in fresh])
        self._write_fresh(transaction, fresh)
        return refused

    def _write_fresh(
        self, transaction: Transaction, fresh: Sequence[tuple[_Named, int | None, Mapping[str, Any]]]
    ) -> None:
        """One entry per row; a changed row speaks of the same case and people as the row before it."""
        ids = iter(new_ids("c", len(fresh)))
        people = iter(new_ids("p", 2 * len(fresh)))
        for named, prev, before in fresh:
            subjects = {"case": next(ids), "victim": next(people), "offender": next(people)}
            if prev is not None:
                subjects = before["subjects"]
            # A correction may be of the incident's number: it counts as the row states it now.
            found = self.incidents.get(named.row.incident_key or "")
            incident = {"id": found, "key": named.row.incident_key} if found else None
            payload = self._payload(named.row, named.source_key, subjects, incident)
            payload["held"] = [named.key_mac.hex(), named.row_mac.hex()]
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
        if len(self.incidents) >= _KEPT:
            self.incidents.clear()
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
        text = _half(self.store.fingerprint("alike", reject.raw))
        nth = self.alike[text] = self.alike.get(text, 0) + 1
        mac = self.store.fingerprint("reject", self.realm, reject.raw, str(nth))
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
        key_mac = self.store.fingerprint("key", f"{self.realm}:{reject.key}")
        held = transaction.rows.get("held", [key_mac])
        return held["case_id"] if held else None

    def _finish(self) -> None:
        if self.dry_run:
            return

        def plan(transaction: Transaction) -> list[tuple[str, str]]:
            issue_of, missing = self._lineage(transaction)
            fresh = [
                (key, case)
                for key, case in missing
                if not (transaction.rows.get("cases", [case]) or {})["missing_since"]
            ]
            # One entry a case: an entry on two cases is hidden from whoever may see only one of them.
            for key, case in fresh:
                facts = {"scope": {"case": case}, "import": self.import_seq, "source_key": key}
                transaction.add(self.session.draft("import.missing", facts, obj=case))
            facts = {"import": self.import_seq, "issue_of": issue_of, "counts": self.tally.counts}
            transaction.add(self.session.draft("import.finish", facts))
            return missing

        hidden = self.view.visible.hidden_cases if self.view else frozenset()
        self.tally.missing = [key for key, case in self.store.commit(plan).result if case not in hidden]

    def _lineage(self, transaction: Transaction) -> tuple[int, list[tuple[str, str]]]:
        """The import that this file is a newer issue of, and the rows of it that are gone: (source key, case)."""
        same = {"format": self.reader.name, "data_set": self.tally.data_set}
        imports = transaction.rows.find("imports", same)
        # An import that was stopped belongs where the rerun of the same file belongs.
        home = {old["sha256"]: old["issue_of"] for old in imports if old["finished"]}
        groups: dict[int, list[int]] = {}
        for old in imports:
            if old["finished"] or old["sha256"] != self.tally.sha256:
                groups.setdefault(old["issue_of"] or home.get(old["sha256"]) or old["seq"], []).append(old["seq"])
        best: tuple[int, int, list[tuple[str, str]]] = (0, self.import_seq, [])
        share = self.session.book.settings["intake.reissue_share"]
        for issue_of, seqs in groups.items():
            total, gone = 0, []
            for seq in seqs:
                columns = ("key_mac", "source_key", "case_id")
                for key_mac, source_key, case_id in transaction.rows.scan("held", columns, {"import_seq": seq}):
                    short = _half(key_mac)
                    # A key that names another victim here says nothing about the row that is held.
                    if short in self.clashing:
                        continue
                    total += 1
                    if short not in self.seen and short not in self.set_aside:
                        gone.append((source_key, case_id))
            if total - len(gone) > best[0] and total - len(gone) >= share * total:
                best = (total - len(gone), issue_of, sorted(gone))
        return best[1], best[2]


_CLASH = "held already for another year and state"
_ONE_VICTIM = "a key that names one victim in a data set; name another register with --data-set NAME"


def _refused(row: SourceRow, column: str, got: str, want: str) -> Reject:
    raw = row.raw if isinstance(row.raw, str) else row.text
    return Reject(row.row, row.line, column, got, want, raw, row.key)


def _is_another(before: Mapping[str, Any], row: SourceRow) -> bool:
    """True when year and state both differ from the row that is held: no correction, but another victim's row."""
    held = _year_and_state((before.get("said") or {}).get("case", ()))
    here = _year_and_state(row.said.get("case", ()))
    return all(one and other and one != other for one, other in zip(held, here, strict=True))


def _year_and_state(sayings: Iterable[Mapping[str, Any]]) -> tuple[str | None, str | None]:
    values = {said["p"]: said.get("v") or {} for said in sayings if said["p"] in ("date", "place")}
    year = values.get("date", {}).get("date", {}).get("from")
    return year[:4] if year else None, values.get("place", {}).get("place", {}).get("state")


def _half(mac: bytes) -> int:
    """Half a digest as a number, a third smaller in memory: of a million rows, two meet once in 30 million imports."""
    return int.from_bytes(mac[:8], "big")


def _digest(path: Path, header: Header) -> tuple[str, str | None]:
    """SHA-256 of a file, and how its text is read; None for Parquet."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding = None if header.delimiter is None else "utf-8"
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            if encoding == "utf-8":
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    encoding = "utf-8, latin-1"
    try:
        decoder.decode(b"", final=encoding == "utf-8")
    except UnicodeDecodeError:
        encoding = "utf-8, latin-1"
    return digest.hexdigest(), encoding


def _batches(rows: Iterator[SourceRow | Reject]) -> Iterator[list[SourceRow | Reject]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
