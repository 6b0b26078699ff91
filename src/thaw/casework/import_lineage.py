"""Which earlier import a file is a newer issue of, and which rows of it are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from thaw.store import Transaction

if TYPE_CHECKING:
    from .import_run import ImportRun

_BATCH = 1_000
_COLUMNS = ("key_mac", "source_key", "subject", "case_id")
_Row = tuple[Any, ...]
Missing = list[tuple[str, str, str | None]]


def half(mac: bytes) -> int:
    """Half a digest as a number, a third smaller in memory: of a million rows, two meet once in 30 million imports."""
    return int.from_bytes(mac[:8], "big")


def newer_issue_of(run: ImportRun, transaction: Transaction) -> tuple[int, Missing]:
    """The import that this file is a newer issue of, and the rows of it that are gone: (source key, subject, case).

    A row counts for the import that held it before this one, changed here or not: an issue in which every row is
    changed is an issue of the same data set all the same.
    """
    same = {"format": run.reader.name, "data_set": run.tally.data_set}
    imports = transaction.rows.find("imports", same)
    # An import that was stopped belongs where the rerun of the same file belongs.
    home = {old["sha256"]: old["issue_of"] for old in imports if old["finished"]}
    groups: dict[int, list[int]] = {}
    for old in imports:
        if old["finished"] or old["sha256"] != run.tally.sha256:
            groups.setdefault(old["issue_of"] or home.get(old["sha256"]) or old["seq"], []).append(old["seq"])
    share = run.session.book.settings["intake.reissue_share"]
    held = _Held(run, transaction, imports)
    best: tuple[int, int, list[int]] = (0, run.import_seq, [])
    for issue_of, seqs in groups.items():
        total, here = held.counted(seqs)
        if here > best[0] and here >= share * total:
            best = (here, issue_of, seqs)
    return best[1], sorted(held.gone(best[2]))


class _Held:
    """The rows that are held from earlier imports, as this run met them."""

    def __init__(self, run: ImportRun, transaction: Transaction, imports: list[dict[str, Any]]) -> None:
        self._run, self._rows = run, transaction.rows
        self._open = [old["seq"] for old in imports if not old["finished"]]
        # Rows that this file changed are all here, so their number will do; there may be a million of them.
        self._changed_here: Counter[int] = Counter()
        self._changed_elsewhere: dict[int, list[_Row]] = {}
        for old in imports:
            if old["finished"]:
                continue
            for came_from, *row in self._rows.scan("held", ("came_from", *_COLUMNS), {"import_seq": old["seq"]}):
                if came_from is None:
                    continue
                if old["sha256"] == run.tally.sha256:
                    self._changed_here[came_from] += 1
                else:
                    self._changed_elsewhere.setdefault(came_from, []).append(tuple(row))

    def counted(self, seqs: list[int]) -> tuple[int, int]:
        """How many rows are held from these imports, and how many of them stand in this file."""
        total = here = sum(self._changed_here[seq] for seq in seqs)
        for key_mac, *_ in self._of(seqs):
            short = half(key_mac)
            # A key that names another victim here says nothing about the row that is held.
            if short not in self._run.clashing:
                total += 1
                here += short in self._run.seen or short in self._run.set_aside
        return total, here

    def gone(self, seqs: list[int]) -> Missing:
        """The rows held from these imports that do not stand in this file."""
        run, found = self._run, list[tuple[str, str, str | None]]()
        for key_mac, source_key, subject, case_id in self._of(seqs):
            short = half(key_mac)
            known = short in run.seen or short in run.set_aside or short in run.clashing
            if subject is not None and not known:
                found.append((source_key, subject, case_id))
        return found

    def _of(self, seqs: list[int]) -> Iterator[_Row]:
        for seq in seqs:
            for came_from, *row in self._rows.scan("held", ("came_from", *_COLUMNS), {"import_seq": seq}):
                # What a stopped import changed still counts for the import before it.
                if came_from is None or seq not in self._open:
                    yield tuple(row)
            yield from self._changed_elsewhere.get(seq, ())


def write_missing(run: ImportRun, missing: Missing) -> None:
    """One entry per row that is gone, by batches, so that a long list is no long transaction.

    One entry a case: an entry on two cases is hidden from whoever may see only one of them.
    """
    waiting = iter(missing)

    def plan(transaction: Transaction) -> None:
        for key, subject, case_id in batch:
            table = "cases" if case_id else "person_register"
            known = transaction.rows.get(table, [case_id or subject])
            if known is None or not known["missing_since"]:
                facts = {"import": run.import_seq, "source_key": key}
                facts |= {"scope": {"case": case_id}} if case_id else {"person": subject}
                transaction.add(run.session.draft("import.missing", facts, obj=case_id or subject))

    while batch := list(islice(waiting, _BATCH)):
        run.store.commit(plan)


def missing_keys(transaction: Transaction) -> Iterator[bytes]:
    """Digests of the keys of rows whose case or person is missing from its register."""
    missing = {case_id for case_id, since in transaction.rows.scan("cases", ("case_id", "missing_since"), {}) if since}
    people = [*transaction.rows.scan("person_register", ("person_id", "missing_since"), {})]
    people += transaction.rows.scan("incident_register", ("incident_id", "deleted"), {})
    missing |= {person_id for person_id, since in people if since}
    if missing:
        for key_mac, subject in transaction.rows.scan("held", ("key_mac", "subject"), {}):
            if subject in missing:
                yield key_mac
