"""One file on its way in: rows are named, told apart from those that are held, and written by batches."""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.intake import Reject, RowReader, SourceRow, file_digest
from thaw.intake.form_notes import notes_on_form
from thaw.intake.spec_table import SpecTable
from thaw.record import PerSaying, new_ids
from thaw.store import Transaction, Unfinished

from .book import Progress, Session, name_of
from .import_lineage import half, missing_keys, newer_issue_of, write_missing
from .import_tally import COUNTS, Tally
from .key_table import KeyTable

# The keys of rows are random: a commit writes nearly every page of their indexes, however few rows it holds.
_BATCH = 8_000
_KEPT = 50_000
_OBJECTS = 200_000
_TAKEN_BACK = 0
_DELETED = "deleted by the agency"
_ORDER = ("superseded", "stored", "already_held", "sealed")
_CLASH = "held already for another year and state"
_Rows = Sequence[SourceRow | Reject]
_Take = Callable[[], "Future[_Rows]"]
_ONE_VICTIM = "a key that names one victim in a data set; name another register with --data-set NAME"


@dataclass(slots=True)
class _Named:
    """A record with its source key and keyed digests of key and cells; `again`: its twin stood above in the file."""

    row: SourceRow
    source_key: str
    key_mac: bytes
    row_mac: bytes
    again: bool


@dataclass(slots=True)
class _Fresh:
    """A record to be written: its key, the row it supersedes, and what that row said."""

    named: _Named
    prev: int | None
    before: Mapping[str, Any]


class ImportRun:
    """One file on its way in; `go` runs it, `tally` tells what became of it."""

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
        self.seen = KeyTable()
        self.set_aside = KeyTable()
        self.clashing = KeyTable()
        self.alike = KeyTable()
        self.gone: KeyTable | None = None
        self.open_rejects: KeyTable | None = None
        self.incidents: dict[str, str] = {}
        # Columns of the files of imports by their entry; -1 is this one.
        self.columns: dict[int, Any] = {}

    def go(self) -> None:
        """Read and write the file to its end, or until something stops it; `tally.problem` then says what."""
        started = time.monotonic()
        try:
            with _few_collections():
                self._read_and_write()
        except KeyboardInterrupt:
            self.tally.problem = "interrupted; give the same command again to finish"
        except (Unfinished, InputError) as stop:
            self.tally.problem = str(stop)
        except OSError as error:
            want = "a file that can be read to its end. Check it and give the same command again."
            self.tally.problem = f"{self.path}: got {error.strerror or error}, want {want}"
        finally:
            # A workbench that is open for days has no use for what the rows of one file had in common.
            PerSaying.forget()
        self.tally.seconds = time.monotonic() - started

    def _read_and_write(self) -> None:
        self._start()
        rows = self._rows()
        # One thread takes the rows, batch by batch: the next ones while the disk takes those before, which needs no
        # Python and was a fifteenth of the time.
        with ThreadPoolExecutor(1, "rows") as taker:

            def take() -> Future[_Rows]:
                return taker.submit(lambda: list(islice(rows, _BATCH)))

            batch = take().result()
            while batch:
                committed = self.store.commit(partial(self._write_and_take, batch, take)).result
                self._count(committed[0])
                batch = committed[1].result()
        self._finish()

    def _write_and_take(self, batch: _Rows, take: _Take, transaction: Transaction) -> tuple[_Batch, Future[_Rows]]:
        done = self._write(batch, transaction)
        return done, take()

    def _count(self, done: _Batch) -> None:
        for name in COUNTS:
            self.tally.counts[name] += done.counts[name]
        self.tally.cases += done.cases
        self.tally.persons += done.persons
        for reject in done.rejects:
            self.tally.refused(reject)
        self.progress(self.path.name, self.tally.counts["read"], 0)

    def _rows(self) -> Iterator[SourceRow | Reject]:
        today: date = self.session.book.clock().date()
        return self.reader.read(self.path, today)

    def _start(self) -> None:
        header = self.reader.header(self.path)
        self.key_column = self.reader.key_column(header.columns) or self.key_column
        self.columns[-1] = list(header.columns)
        self.tally.sha256, encoding = file_digest(self.path)
        self.tally.above_header = len(header.above)
        self.tally.notes = [*notes_on_form(self.path, header), *self.reader.notes(self.path)]
        facts: dict[str, Any] = {"file": self.tally.file, "format": self.reader.name, "sha256": self.tally.sha256}
        facts["data_set"] = self.tally.data_set
        # An import tells what the book holds already, so it is a look as well: one entry for both.
        if self.dry_run:
            self.session.look("import", kind="access.list", detail={"command": "import --dry-run"} | facts)
            return
        # Without them the raw lines of the rows could not be read again.
        facts |= {"columns": list(header.columns), "delimiter": header.delimiter, "encoding": encoding}
        facts |= {"reader": f"{self.reader.name} {self.reader.version}", "unit": self.reader.unit}
        facts |= {"notes": self.tally.notes}
        if isinstance(self.reader, SpecTable):
            facts["spec"] = self.reader.spec.text
        self.view = self.session.look("import", kind="import.start", detail=facts)
        self.import_seq = self.view.seq

    def _write(self, batch: _Rows, transaction: Transaction) -> _Batch:
        done = _Batch()
        waiting: list[SourceRow] = []
        for item in batch:
            if isinstance(item, Reject):
                done.refuse([item])
                self._set_aside(item)
                continue
            if item.deletes is not None or item.replaces:
                # What stood above it must be in the book before it is taken back or said anew.
                self._write_rows(transaction, waiting, done)
                waiting = []
            if item.deletes is not None:
                self._take_back(transaction, item.deletes)
            waiting.append(item)
        self._write_rows(transaction, waiting, done)
        self._write_rejects(transaction, sorted(done.rejects, key=lambda reject: reject.row))
        return done

    def _set_aside(self, reject: Reject) -> None:
        if reject.key is not None:
            self.set_aside.put(half(self.store.fingerprint("key", f"{self.realm}:{reject.key}")))

    def _name(self, row: SourceRow) -> _Named | None:
        """The record with its digests; None when its key stood above with other values.

        A record without a key is known by its own text.
        """
        row_mac = self.store.fingerprint("row", self.reader.name, row.text)
        key = row.key
        if key is None:
            # Two rows that are alike in every cell may be two victims: the second is told apart by its count.
            alike = half(row_mac)
            nth = (self.alike.get(alike) or 0) + 1
            self.alike.put(alike, nth)
            key = f"~{hashlib.sha256(row.text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
            key += f"-{nth}" if nth > 1 else ""
        source_key = f"{self.realm}:{key}"
        key_mac = self.store.fingerprint("key", source_key)
        short, text = half(key_mac), half(row_mac)
        before = self.seen.get(short)
        if before is None or (row.replaces and before != text) or before == _TAKEN_BACK:
            self.seen.put(short, text)
        elif before != text:
            return None
        return _Named(row, source_key, key_mac, row_mac, before == text)

    def _write_rows(self, transaction: Transaction, rows: list[SourceRow], done: _Batch) -> None:
        """Write what is new or changed of these rows, and set aside those whose key means another victim."""
        named_rows: list[tuple[SourceRow, list[_Named]]] = []
        for row in rows:
            done.counts["read"] += len(row.lines) or 1
            self.tally.doubts.update(row.doubts)
            named = [self._name(part) for part in (row, *row.more)]
            known = [one for one in named if one is not None]
            if len(known) < len(named):
                part = (row, *row.more)[named.index(None)]
                want = "a key once in a file, since two rows with one key may be two victims"
                done.refuse(_refused(row, "key", f"{part.key!r} again with other values", want), read=False)
            else:
                named_rows.append((row, known))
        keys = [one.key_mac for _, parts in named_rows for one in parts]
        held = transaction.rows.get_many("held", keys) if keys else {}
        fresh: list[_Fresh] = []
        for row, parts in named_rows:
            found = [self._outcome(transaction, named, held) for named in parts]
            if any(outcome == "refused" for outcome, _ in found):
                for one in parts:
                    self.clashing.put(half(one.key_mac))
                done.refuse(_refused(row, self.key_column, f"{row.key!r}, {_CLASH}", _ONE_VICTIM), read=False)
                continue
            outcomes = [outcome for outcome, _ in found]
            done.counts[next(name for name in _ORDER if name in outcomes)] += len(row.lines) or 1
            fresh += [new for _, new in found if new is not None]
            for one, outcome in zip(parts, outcomes, strict=True):
                done.cases += outcome == "stored" and "case" in one.row.said
                done.persons += outcome == "stored" and "person" in one.row.said
                if self.dry_run:
                    self.tally.show(one.source_key, one.row)
        if not self.dry_run:
            self._learn_incidents(transaction, [one.named.row for one in fresh])
            self._write_fresh(transaction, fresh)

    def _outcome(
        self, transaction: Transaction, named: _Named, held: Mapping[bytes, Mapping[str, Any]]
    ) -> tuple[str, _Fresh | None]:
        """What becomes of a record, and what is to be written of it if anything is."""
        known = held.get(named.key_mac)
        if known is not None and known["sealed"]:
            return "sealed", None
        same = named.again or (known is not None and known["row_mac"] == named.row_mac)
        # Read only where it is wanted: of a changed row, and of one that was missing and is here again.
        back = known is not None and not named.again and half(named.key_mac) in self._gone(transaction)
        wanted = known is not None and not named.again and (not same or back)
        before = (transaction.rows.entry(known["seq"]).payload or {}) if known and wanted else {}
        if half(named.key_mac) in self.clashing or (known is not None and not same and _is_another(before, named.row)):
            return "refused", None
        if known is not None and before.get("replaces") and self._was_adjusted(transaction, named, known["seq"]):
            return "already_held", None
        outcome = "already_held" if same else "stored" if known is None else "superseded"
        # A row that was missing from an earlier issue and is here again is written anew: the case is not gone.
        if not named.again and (wanted or known is None):
            return outcome, _Fresh(named, known["seq"] if known else None, before)
        return outcome, None

    def _was_adjusted(self, transaction: Transaction, named: _Named, seq: int | None) -> bool:
        """True for a return that is held, and that its agency has since said anew: sent again, it says nothing new."""
        if named.row.replaces:
            return False
        adjusted = False
        while seq is not None:
            entry = transaction.rows.entry(seq)
            payload = entry.payload or {}
            if payload.get("held", ["", ""])[1] == named.row_mac.hex():
                return adjusted
            if not payload.get("replaces"):
                return False
            adjusted, seq = True, entry.leaf.prev
        return False

    def _write_fresh(self, transaction: Transaction, fresh: Sequence[_Fresh]) -> None:
        """One entry per record; a changed row speaks of the same case and people as the row before it."""
        ids = {prefix: iter(new_ids(prefix, self._wanted(fresh, prefix))) for prefix in "cip"}
        for one in fresh:
            row = one.named.row
            subjects = dict(one.before.get("subjects", {}))
            for role in row.said:
                if role not in subjects and role != "incident":
                    subjects[role] = next(ids["c" if role == "case" else "p"])
            # A correction may be of the incident's number: it counts as the row states it now.
            found = self.incidents.get(row.incident_key or "")
            incident = {"id": found, "key": row.incident_key} if found else None
            if "incident" in row.said:
                subjects["incident"] = found or subjects.get("incident") or next(ids["i"])
            payload = self._payload(row, one.named.source_key, subjects, incident)
            payload["held"] = [one.named.key_mac.hex(), one.named.row_mac.hex()]
            if row.replaces:
                payload["replaces"] = True
            if one.before and not self._same_columns(transaction, one.before):
                # An export with fewer columns is silent on the others; it does not take back what they said.
                payload["partial"] = True
            concerns = next((subjects[role] for role in ("case", "person", "incident") if role in subjects), None)
            seq = transaction.add(self.session.draft("import.row", payload, obj=concerns, prev=one.prev))
            self._settle(transaction, one.named, seq, subjects.get("case"))

    def _same_columns(self, transaction: Transaction, before: Mapping[str, Any]) -> bool:
        """True when the row that is superseded came from a file with the columns of this one."""
        seq = int(before["import"])
        if seq not in self.columns:
            self.columns[seq] = (transaction.rows.entry(seq).payload or {}).get("columns")
        return bool(self.columns[seq] == self.columns[-1])

    def _wanted(self, fresh: Sequence[_Fresh], prefix: str) -> int:
        roles = [role for one in fresh for role in one.named.row.said]
        if prefix == "p":
            return sum(role not in ("case", "incident") for role in roles)
        return roles.count("case" if prefix == "c" else "incident")

    def _take_back(self, transaction: Transaction, incident_key: str) -> None:
        """The register takes an incident back: its cases stay, marked as missing from their register."""
        known = transaction.rows.get("incidents", [incident_key])
        if known is None:
            return
        for row in transaction.rows.find("incident_register", {"incident_id": known["incident_id"]}):
            key_mac = self.store.fingerprint("key", row["source_key"])
            self._gone(transaction).put(half(key_mac))
            self.seen.put(half(key_mac), _TAKEN_BACK)
            if not self.dry_run and not row["deleted"]:
                facts = {"import": self.import_seq, "source_key": row["source_key"], "incident": row["incident_id"]}
                facts["reason"] = _DELETED
                transaction.add(self.session.draft("import.missing", facts, obj=row["incident_id"]))
        for row in transaction.rows.find("cases", {"incident_id": known["incident_id"]}):
            key_mac = self.store.fingerprint("key", row["source_key"] or "")
            self._gone(transaction).put(half(key_mac))
            # The same key may come again below, with other values.
            self.seen.put(half(key_mac), _TAKEN_BACK)
            if not self.dry_run and not row["missing_since"]:
                facts = {"scope": {"case": row["case_id"]}, "import": self.import_seq, "source_key": row["source_key"]}
                facts["reason"] = _DELETED
                transaction.add(self.session.draft("import.missing", facts, obj=row["case_id"]))

    def _gone(self, transaction: Transaction) -> KeyTable:
        """Halves of the digests of the keys of rows that an earlier issue did not hold; read once."""
        if self.gone is None:
            self.gone = KeyTable()
            for key_mac in missing_keys(transaction):
                self.gone.put(half(key_mac))
        return self.gone

    def _settle(self, transaction: Transaction, named: _Named, seq: int, case_id: str | None) -> None:
        """A row whose key was set aside before is here now: the reject is settled by it."""
        if self.open_rejects is None:
            self.open_rejects = KeyTable()
            for key_mac, resolved in transaction.rows.scan("rejects", ("key_mac", "resolved"), {"resolved": None}):
                if key_mac is not None and resolved is None:
                    self.open_rejects.put(half(key_mac))
        if len(self.open_rejects) and half(named.key_mac) in self.open_rejects:
            for reject in transaction.rows.find("rejects", {"key_mac": named.key_mac, "resolved": None}):
                if reject["import_seq"] == self.import_seq:
                    continue
                facts = {"reject": reject["seq"], "row": seq, "reason": f"stored since as {named.source_key}"}
                facts |= {"scope": {"case": case_id}} if case_id else {}
                transaction.add(self.session.draft("import.resolve", facts))

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
            "scope": {"case": subjects["case"]} if "case" in subjects else {},
            "import": self.import_seq,
            "file": self.tally.file,
            "row": row.row,
            "source_key": source_key,
            "subjects": subjects,
            "incident": incident,
            "source": source,
            # A role that an earlier version of the row had and this one has not says nothing now.
            "said": row.said
            if row.said.keys() >= subjects.keys()
            else {role: [] for role in subjects} | dict(row.said),
            "raw": row.raw,
        }

    def _write_rejects(self, transaction: Transaction, rejects: Sequence[Reject]) -> None:
        """One entry per reject that is not held: by its text, and of texts that are alike by its count."""
        macs = []
        for reject in rejects:
            text = half(self.store.fingerprint("alike", reject.raw))
            nth = (self.alike.get(text) or 0) + 1
            self.alike.put(text, nth)
            macs.append(self.store.fingerprint("reject", self.realm, reject.raw, str(nth)))
        if self.dry_run or not rejects:
            return
        known = transaction.rows.present("rejects", "mac", macs)
        keyed = {r.key: self.store.fingerprint("key", f"{self.realm}:{r.key}") for r in rejects if r.key is not None}
        held = transaction.rows.get_many("held", list(keyed.values()))
        for reject, mac in zip(rejects, macs, strict=True):
            if mac in known:
                continue
            facts = {name: getattr(reject, name) for name in ("line", "field", "got", "want", "raw")}
            facts |= {"file": self.tally.file, "row": reject.row}
            if reject.key is not None:
                key_mac = keyed[reject.key]
                case_id = held.get(key_mac, {}).get("case_id")
                # The case that holds the key of a reject: its raw line speaks of that case, and is sealed with it.
                facts |= {"scope": {"case": case_id}} if case_id else {}
                facts["key"] = key_mac.hex()
            draft = self.session.draft("import.reject", facts | {"import": self.import_seq, "mac": mac.hex()})
            transaction.add(draft)

    def _finish(self) -> None:
        if self.dry_run:
            return
        issue_of, missing = self.import_seq, list[tuple[str, str, str | None]]()
        if self.reader.is_whole(self.path):
            issue_of, missing = self.store.commit(partial(newer_issue_of, self)).result
        write_missing(self, missing)
        facts = {"import": self.import_seq, "issue_of": issue_of, "counts": self.tally.counts}
        self.store.append(self.session.draft("import.finish", facts))
        hidden = self.view.visible.hidden_cases if self.view else frozenset()
        self.tally.missing = [key for key, _, case in missing if case not in hidden]


class _Batch:
    """What one transaction did."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(COUNTS, 0)
        self.rejects: list[Reject] = []
        self.cases = 0
        self.persons = 0

    def refuse(self, rejects: Sequence[Reject], *, read: bool = True) -> None:
        self.rejects += rejects
        self.counts["rejected"] += len(rejects)
        self.counts["read"] += len(rejects) if read else 0


def _refused(row: SourceRow, column: str, got: str, want: str) -> list[Reject]:
    """A reject for each physical line of a row."""
    if row.lines and not isinstance(row.raw, str):
        lines = zip(row.lines, row.raw, strict=True)
        return [Reject(row.row + i, line, column, got, want, raw, row.key) for i, (line, raw) in enumerate(lines)]
    raw = row.raw if isinstance(row.raw, str) else row.text
    return [Reject(row.row, row.line, column, got, want, raw, row.key)]


def _is_another(before: Mapping[str, Any], row: SourceRow) -> bool:
    """True when year and state both differ from the row that is held: no correction, but another victim's row."""
    held = _year_and_state((before.get("said") or {}).get("case", ()))
    here = _year_and_state(row.said.get("case", ()))
    return all(one and other and one != other for one, other in zip(held, here, strict=True))


def _year_and_state(sayings: Iterable[Mapping[str, Any]]) -> tuple[str | None, str | None]:
    values = {said["p"]: said.get("v") or {} for said in sayings if said["p"] in ("date", "place")}
    year = values.get("date", {}).get("date", {}).get("from")
    return year[:4] if year else None, values.get("place", {}).get("place", {}).get("state")


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for cycles of objects rarely: rows make none, and walking all that is kept took a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
