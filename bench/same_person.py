"""Same-person proposals on public test sets: FEBRL 4 (two sets of 5,000) and 50,578 records of historical people.

The sets lie in a folder beside the checkout and are not part of it. Splink is run by another interpreter, since it is
no dependency: `THAW_SPLINK` names one that has it.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.report import Report

_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "linkage"
_THRESHOLDS = np.concatenate([np.linspace(0.01, 0.99, 99), [0.995, 0.999, 0.9999]])


def run() -> Report:
    """Measure both sets; a set that is not there is said to be absent."""
    report = Report(
        "Same person",
        "`./run bench same_person`: pairs of records proposed as one person, nothing learned from the labels. F1 at "
        "probability 0.5, and the best F1 of any threshold (which nobody knows beforehand).",
    )
    rows = []
    for name, load in (("FEBRL 4", febrl4), ("historical_50k", historical)):
        if not _DATA.exists():
            report.words(f"{name}: the data set is not on this machine.")
            continue
        fields, keys, left, truth, total = load()
        started = time.perf_counter()
        ours = _ours(fields, keys, left)
        seconds = time.perf_counter() - started
        mine = _quality(*ours, truth, total)
        rows.append([name, "Thaw", *_cells(mine), f"{seconds:.1f}"])
        if name == "historical_50k":
            same = _quality(*_ours(*historical(peers_keys=True)[:3]), truth, total)
            rows.append([name, "Thaw, on the pairs of Splink's rules", *_cells(same), ""])
        peer = _splink(name)
        if peer is None:
            rows.append([name, "Splink", "not installed", "", "", "", "", ""])
            continue
        theirs = _quality(
            np.array(peer["one"], np.int64),
            np.array(peer["other"], np.int64),
            np.array(peer["probability"]),
            truth,
            total,
        )
        rows.append([name, f"Splink {peer['version']}", *_cells(theirs), f"{peer['seconds']:.1f}"])
        report.judge(mine["best"], theirs["best"], at_most=False)
    report.words(
        "Which pairs are compared decides the recall: our keys are more than the rules of Splink's published example, "
        "and were chosen knowing how many true pairs of this set agree on one; the middle row is without."
    )
    report.table(["set", "by", "F1 at 0.5", "precision", "recall", "best F1", "at", "s"], rows)
    return report


def febrl4() -> tuple[Any, ...]:
    """Fields, keys, left side, cluster per record, number of true pairs."""
    table = _csv("febrl4a.csv.gz") + _csv("febrl4b.csv.gz")
    column = {name.strip(): [row[name].strip() for row in table] for name in table[0]}
    left = [row["rec_id"].endswith("-org") for row in table]
    address = [f"{n} {a}" for n, a in zip(column["street_number"], column["address_1"], strict=True)]
    fields = {
        "given name": ("name", column["given_name"]),
        "family name": ("name", column["surname"]),
        "born": ("date", column["date_of_birth"]),
        "address": ("words", address),
        "second line": ("words", column["address_2"]),
        "suburb": ("words", column["suburb"]),
        "postcode": ("number", column["postcode"]),
        "state": ("code", column["state"]),
        "number": ("number", column["soc_sec_id"]),
    }
    given, family, born = column["given_name"], column["surname"], column["date_of_birth"]
    keys = [
        column["soc_sec_id"],
        born,
        _joined(given, family),
        _joined(family, given),
        _joined(column["postcode"], _first(given, 2)),
        _joined(column["postcode"], _first(family, 2)),
        _joined(column["street_number"], column["suburb"]),
        _joined(column["address_1"], _first(born, 4)),
    ]
    return fields, keys, left, [row["rec_id"].split("-")[1] for row in table], 5000


def historical(*, peers_keys: bool = False) -> tuple[Any, ...]:
    """The same for 50,578 records made from encyclopedia entries, with about ten for each person.

    peers_keys  compare only the pairs that the blocking rules of the peer's example let through
    """
    import duckdb

    path = _DATA / "splink_historical_50k.parquet"
    found = duckdb.connect().sql(f"SELECT * FROM '{path}' ORDER BY unique_id")
    rows = found.fetchall()
    column = dict(zip(found.columns, zip(*rows, strict=True), strict=True))
    given, family, born = column["first_name"], column["surname"], [str(d) if d else None for d in column["dob"]]
    fields = {
        "given name": ("name", given),
        "family name": ("name", family),
        "born": ("date", born),
        "born at": ("words", column["birth_place"]),
        "postcode": ("number", column["postcode_fake"]),
        "occupation": ("code", column["occupation"]),
    }
    area = _first(column["postcode_fake"], 3)
    keys = [
        _joined(_first(given, 3), _first(family, 4)),
        _joined(family, given),
        _joined(family, born),
        _joined(given, born),
        _joined(column["postcode_fake"], given),
        _joined(column["postcode_fake"], family),
        _joined(born, column["birth_place"]),
        _joined(area, born),
        _joined(area, given),
        _joined(area, family),
        _joined(_first(given, 2), _first(family, 2), _first(born, 4)),
        _joined(born, column["occupation"]),
        column["postcode_fake"],
        _joined(family, column["birth_place"]),
        _joined(family, _first(born, 4)),
        _joined(family, column["occupation"]),
        _joined(column["birth_place"], _first(born, 4), _first(given, 1)),
        _joined(column["birth_place"], _first(born, 7)),
        _joined([p.split()[0] if p else None for p in column["postcode_fake"]], _first(born, 4)),
    ]
    clusters = list(column["cluster"])
    counts = np.unique(clusters, return_counts=True)[1].astype(np.int64)
    if peers_keys:
        keys = [
            _joined(_first(given, 3), _first(family, 4)), _joined(family, born), _joined(given, born),
            _joined(column["postcode_fake"], given), _joined(column["postcode_fake"], family),
            _joined(born, column["birth_place"]), _joined(area, born), _joined(area, given), _joined(area, family),
            _joined(_first(given, 2), _first(family, 2), _first(born, 4)),
        ]  # fmt: skip
    return fields, keys, None, clusters, int((counts * (counts - 1) // 2).sum())


def _ours(fields: Any, keys: Any, left: Any) -> tuple[Any, Any, Any]:
    from thaw.casebook.same_person import propose

    _, found = propose(fields, keys, left=left)
    return found.one, found.other, found.probability


def _quality(one: Any, other: Any, probability: Any, clusters: Sequence[str], total: int) -> dict[str, float]:
    """Precision, recall and F1 over pairs at 0.5, and the best F1."""
    codes = np.unique(clusters, return_inverse=True)[1]
    right = codes[one] == codes[other]

    def at(threshold: float) -> tuple[float, float, float]:
        chosen = probability >= threshold
        hits = int((right & chosen).sum())
        precision, recall = hits / max(int(chosen.sum()), 1), hits / total
        return 2 * precision * recall / max(precision + recall, 1e-12), precision, recall

    f1, precision, recall = at(0.5)
    best = max((at(t)[0], t) for t in _THRESHOLDS)
    return {"f1": f1, "precision": precision, "recall": recall, "best": best[0], "at": float(best[1])}


def _cells(found: dict[str, float]) -> list[str]:
    return [f"{found[k]:.4f}" for k in ("f1", "precision", "recall", "best")] + [f"{found['at']:.4g}"]


def _splink(name: str) -> dict[str, Any] | None:
    """What Splink says of the same set, with the settings that its own examples use for it."""
    python = os.environ.get("THAW_SPLINK")
    if not python:
        return None
    script = Path(__file__).with_name("splink_peer.py")
    done = subprocess.run([python, str(script), name, str(_DATA)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _csv(name: str) -> list[dict[str, str]]:
    with gzip.open(_DATA / name, "rt", encoding="utf-8") as stream:
        return [{k.strip(): v for k, v in row.items()} for row in csv.DictReader(stream)]


def _first(values: Sequence[str | None], letters: int) -> list[str | None]:
    return [value[:letters] if value else None for value in values]


def _joined(*columns: Sequence[str | None]) -> list[str | None]:
    return ["|".join(map(str, parts)) if all(parts) else None for parts in zip(*columns, strict=True)]
