"""Which earlier import a file is a newer issue of, and which rows of it are gone."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from thaw.store import Transaction

if TYPE_CHECKING:
    from .import_run import ImportRun

_BATCH = 1_000
Missing = list[tuple[str, str, str | None]]


def half(mac: bytes) -> int:
    """Half a digest as a number, a third smaller in memory: of a million rows, two meet once in 30 million imports."""
    return int.from_bytes(mac[:8], "big")


def newer_issue_of(run: ImportRun, transaction: Transaction) -> tuple[int, Missing]:
    """The import that this file is a newer issue of, and the rows of it that are gone: (source key, subject, case)."""
    same = {"format": run.reader.name, "data_set": run.tally.data_set}
    imports = transaction.rows.find("imports", same)
    # An import that was stopped belongs where the rerun of the same file belongs.
    home = {old["sha256"]: old["issue_of"] for old in imports if old["finished"]}
    groups: dict[int, list[int]] = {}
    for old in imports:
        if old["finished"] or old["sha256"] != run.tally.sha256:
            groups.setdefault(old["issue_of"] or home.get(old["sha256"]) or old["seq"], []).append(old["seq"])
    share = run.session.book.settings["intake.reissue_share"]
    best: tuple[int, int, list[int]] = (0, run.import_seq, [])
    for issue_of, seqs in groups.items():
        total, here = _counted(run, transaction, seqs)
        if here > best[0] and here >= share * total:
            best = (here, issue_of, seqs)
    return best[1], sorted(_gone(run, transaction, best[2]))


def _counted(run: ImportRun, transaction: Transaction, seqs: list[int]) -> tuple[int, int]:
    total = here = 0
    for seq in seqs:
        for (key_mac,) in transaction.rows.scan("held", ("key_mac",), {"import_seq": seq}):
            short = half(key_mac)
            # A key that names another victim here says nothing about the row that is held.
            if short not in run.clashing:
                total += 1
                here += short in run.seen or short in run.set_aside
    return total, here


def _gone(run: ImportRun, transaction: Transaction, seqs: list[int]) -> Missing:
    columns = ("key_mac", "source_key", "subject", "case_id")
    found: Missing = []
    for seq in seqs:
        for key_mac, source_key, subject, case_id in transaction.rows.scan("held", columns, {"import_seq": seq}):
            short = half(key_mac)
            known = short in run.seen or short in run.set_aside or short in run.clashing
            if subject is not None and not known:
                found.append((source_key, subject, case_id))
    return found


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
