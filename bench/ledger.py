# ruff: noqa: E501 (tables read better with a row on a line)
"""The ledger: attacks, random changes, honest histories, crashes, power cuts, broken disks, and speed.

`./run bench ledger` takes less than a quarter of an hour on two cores; `./run bench ledger --long` makes the counts that
the short one samples. `ledger-speed` is the speed part alone, for a machine that does nothing else.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.ledger_attacks import outside_attacks, run_attacks, swallowed_write
from bench.ledger_crashes import Tally, cut_at_every_operation, cut_at_random, faults, kills
from bench.ledger_random import honest_histories, mutations
from bench.ledger_speed import appends, bare_sqlite, fsyncs, million
from bench.report import Report

LONG = "THAW_BENCH_LONG"
_SEED = 20261121
_COMMITS = 200


def run() -> Report:
    """All of it."""
    report = Report(
        "The ledger under attack, in crashes, and at speed",
        "`./run bench ledger`: invented books; what is done, how often, and what came of it. "
        + ("All counts (`--long`)." if _long() else "Counts marked * are larger with `--long`."),
    )
    tell(f"load at the beginning {os.getloadavg()[0]:.1f}")
    _attacks(report)
    _random(report)
    _crashes(report)
    _speed(report)
    return report


def run_speed() -> Report:
    """The speed part alone."""
    report = Report(
        "The speed of the ledger", "`./run bench ledger-speed`: full durability, the whole path of an entry."
    )
    _speed(report)
    return report


def tell(words: str) -> None:
    """Say on stderr what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def _attacks(report: Report) -> None:
    tell("attacks")
    done = [*run_attacks(), *outside_attacks()]
    swallowed = swallowed_write()
    names = {one.name for one in done}
    wrong = [one for one in done if not one.good]
    report.words("## Attacks")
    report.words(
        f"{len(names) + 1} types, {len(done) + 1} attacks, since most are made once more by somebody who holds the log key "
        "and signs everything anew. *Found by* is the least help with which it is found: `book` is `verify --all` with the "
        "public key alone, `witness` adds one checkpoint that a witness signed in the middle of the log, `receipt` adds "
        "receipts that readers kept of later entries, `outside` is what others hold, compared with an honest book."
    )
    rows = [
        [one.name, "yes" if one.keyed else "no", one.found_by or "**nobody**", ", ".join(one.kinds[:3]) or "-"]
        for one in done
    ]
    refused = "refused: nothing shown" if swallowed else "**shown**"
    rows.append(["a write that fails while the action succeeds (of the peer)", "no", refused, "-"])
    report.table(["attack", "with the log key", "found by", "named"], rows)
    missed = len(wrong) + (not swallowed)
    report.table(["what", "measured", "bar", ""], [
        ["attack types", str(len(names) + 1), "at least 36", report.judge(len(names) + 1, 36, at_most=False)],
        ["not found by the stated helper, or named wrongly", str(missed), "0", report.judge(missed, 0, at_most=True)],
    ])  # fmt: skip


def _random(report: Report) -> None:
    count, lives = 10_000, 1_000
    if not _long():
        count, lives = 3_000, 400
    tell(f"{count} random changes and {lives} honest histories")
    missed = list(chain.from_iterable(_both(mutations, count)))
    suspected = list(chain.from_iterable(_both(honest_histories, lives)))
    report.words("## Random changes and honest histories")
    report.table(["what", "measured", "bar", ""], [
        [f"random bit or row changes{_star()}", str(count), "", ""],
        ["of them missed", _first(missed), "0", report.judge(len(missed), 0, at_most=True)],
        [f"honest histories (seal, change of key, crash, restored current backup, witness){_star()}", str(lives), "", ""],
        ["false alarms in them", _first(suspected), "0", report.judge(len(suspected), 0, at_most=True)],
    ])  # fmt: skip


def _crashes(report: Report) -> None:
    tell("kill -9")
    killed = _sum(_both(kills, 1_000))
    tell("power cuts at every write and sync")
    everywhere = _sum(_pool([(cut_at_every_operation, _COMMITS, _SEED, (n, 2)) for n in range(2)]))
    tell("random power cuts")
    cuts = 10_000 if _long() else 1_000
    at_random = _sum(_pool([(cut_at_random, cuts // 2, _COMMITS, _SEED + n) for n in range(2)]))
    tell("the control")
    control = cut_at_random(200, _COMMITS, _SEED, normal=True)
    tell("full and broken disks")
    broken = faults(60 if _long() else 20, _SEED)
    report.words("## Crashes")
    report.words(
        f"The power cuts are made on a recording of every write and sync of a run of {_COMMITS} commits, through SQLite's own "
        "interface for disks: what was not synced may be there, or not, or in parts of 512 bytes. After each, the book is "
        "opened and verified. Each fault of the disk is made once and once for good."
    )
    rows = []
    for name, one in (
        ("kill -9 under the load of eight writers", killed),
        ("power cut after each write and each sync", everywhere),
        (f"power cuts at random moments{_star()}", at_random),
        (f"full disk or disk error at each write of a run{_star()}", broken),
    ):
        good = report.judge(one.lost + one.broken, 0, at_most=True)
        rows.append([name, f"{one.tries:,}", f"{one.acknowledged:,}", str(one.lost), str(one.broken), good + one.first])
    lost = report.judge(control.lost, 1, at_most=False)
    rows.append(["control: the same with synchronous=NORMAL, which must lose", f"{control.tries:,}", f"{control.acknowledged:,}",
                 f"{control.lost:,}", str(control.broken), lost])  # fmt: skip
    report.table(["what", "times", "acknowledged entries", "lost", "not whole", ""], rows)


def _speed(report: Report) -> None:
    report.words("## Speed")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        tell("fsyncs and writers")
        syncs = fsyncs(folder)
        rows = [["fsyncs a second of this disk", f"{syncs:,.0f}", "", ""]]
        for writers, bar in ((8, 2_000), (64, 8_000)):
            control = bare_sqlite(folder / f"bare{writers}", writers)
            rate = max((appends(folder / f"w{writers}-{n}", writers) for n in range(2)), key=lambda one: one.per_second)
            asked = min(bar, 0.8 * control)
            rows.append([f"acknowledged entries a second, {writers} writers", f"{rate.per_second:,.0f}",
                         f"{bar:,}, or 80 % of bare SQLite ({control:,.0f}) on a slow disk",
                         report.judge(rate.per_second, asked, at_most=False)])  # fmt: skip
            rows.append([f"99 % of appends within, {writers} writers", f"{rate.p99_ms:.1f} ms", "50 ms",
                         report.judge(rate.p99_ms, 50, at_most=True)])  # fmt: skip
    tell("a log of a million entries")
    found = million(1_000_000, tell)
    proof, product, plain = found["proofs"], found["product"], found["verify.py"]
    rows += [
        ["bulk, 300-byte contents, one projection", f"{found['bulk']:,.0f} entries/s", "10,000",
         report.judge(found["bulk"], 10_000, at_most=False)],
        ["1,000,000 entries: longest proof", f"{proof['bytes']:.0f} bytes", "640", report.judge(proof["bytes"], 640, at_most=True)],
        ["proof checked in", f"{proof['checked_us']:.0f} us", "50", report.judge(proof["checked_us"], 50, at_most=True)],
        ["proof made in", f"{proof['made_ms']:.2f} ms", "3", report.judge(proof["made_ms"], 3, at_most=True)],
        [f"`verify` ({product['status']})", f"{product['seconds']:.0f} s, {product['cpu']:.0f} s of one core", "60 s of one core",
         report.judge(product["cpu"], 60, at_most=True)],
        ["memory of `verify`", f"{product['mib']:.0f} MiB", "300", report.judge(product["mib"], 300, at_most=True)],
        [f"`verify.py` over the whole bundle ({plain['status']})", f"{plain['seconds']:.0f} s, {plain['cpu']:.0f} s of one core",
         "120 s", report.judge(plain["cpu"], 120, at_most=True)],
        ["export of the bundle", f"{found['export_seconds']:.0f} s", "", ""],
        ["size of the database", f"{found['database_mib']:.0f} MiB", "", ""],
    ]  # fmt: skip
    report.missed += (product["status"] != "ok") + (plain["status"] != "ok")
    report.table(["what", "measured", "bar", ""], rows)


def _long() -> bool:
    return bool(os.environ.get(LONG))


def _star() -> str:
    return "" if _long() else " *"


def _both(work: Callable[[int, int], Any], count: int) -> list[Any]:
    return _pool([(work, count // 2, _SEED), (work, count - count // 2, _SEED + 1)])


def _pool(jobs: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Two processes at most: this is a suite for two cores."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return [one.result() for one in [pool.submit(job[0], *job[1:]) for job in jobs]]


def _sum(tallies: Sequence[Tally]) -> Tally:
    total = Tally()
    for one in tallies:
        for field in fields(Tally):
            setattr(total, field.name, getattr(total, field.name) + getattr(one, field.name))
    return total


def _first(found: Sequence[str]) -> str:
    return f"{len(found)}: {found[0]}" if found else "0"
