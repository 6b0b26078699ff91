"""Speed and memory of the linkage: all pairs by the compiled kernel, one against many, and an SQL twin of the model.

Each figure is of the product's own code. Measurements of memory and of the first start of the compiler run in processes
of their own. CPU seconds are those of the process; on a busy machine they are safer than wall time.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bench.report import Report
from thaw.data import data_path, places, read_json
from thaw.linkage import Background, CaseIds, Preset, Profiles, rank, score
from thaw.linkage.all_pairs import nearest, plan_for, run

_N = 50_000
_ROWS_TIMED = 4_000
_KEEP = 32


def speed_alone() -> Report:
    """The speed part alone, for a machine that does nothing else."""
    report = Report("The speed of case linkage", "`./run bench linkage-speed`: the product's own code on two cores.")
    add_to(report)
    return report


def add_to(report: Report) -> None:
    """The table of speed."""
    report.words("# Speed")
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory() as cache:
        cold, warm = (_in_process("start", cache)["seconds"] for _ in range(2))
    rows.append(["kernel, first use: compiled, then from its cache", f"{cold:.1f} s, {warm:.1f} s", "", ""])
    sample = Background.fit(homicides(_N), Preset.load("homicide"))
    nearest(Background.fit(homicides(500), Preset.load("homicide")), top=3)
    for words, background, bar in (
        ("homicide records, 7 fields", sample, 3e8),
        ("all fields: points, days, 15 behaviors", Background.fit(invented(_N), Preset.load("homicide")), 5e7),
    ):
        pairs, cpu, wall = _all_pairs(background)
        rows.append(
            [
                f"ordered pairs per core-second, {words}, N = {_N:,}",
                f"{pairs / cpu:.2e} (cpu {cpu:.1f} s, wall {wall:.1f} s for {pairs:.1e})",
                f">= {bar:.0e}",
                report.judge(pairs / cpu, bar, at_most=False),
            ]
        )
    records = Background.fit(homicides(41_423), Preset.load("homicide"))
    started, used = time.perf_counter(), time.process_time()
    nearest(records, top=20, threads=len(os.sched_getaffinity(0)))
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    words = f"{wall:.1f} s wall, {cpu:.1f} s cpu"
    rows.append(["all pairs of the sample, the best 20 of each", words, "< 10 s", report.judge(wall, 10, at_most=True)])
    query = sample.coded.profiles.profile(7)
    ms = _median_ms(lambda: rank(score(sample, query)))
    rows.append(
        ["one against 50,000, ten listed with reasons", f"{ms:.1f} ms", "< 5 ms", report.judge(ms, 5, at_most=True)]
    )
    for kind, words in (
        ("million", "one against 1,000,000 homicide records"),
        ("scattered", "one against 1,000,000 cases, all fields, each its own place"),
    ):
        million = _in_process(kind, "")
        ms, cpu, mb = million["milliseconds"], million["cpu"], million["megabytes"]
        rows.append([words, f"{ms:.0f} ms (cpu {cpu:.0f} ms)", "< 50 ms", report.judge(ms, 50, at_most=True)])
        rows.append(["memory of that process", f"{mb:.0f} MB", "< 500 MB", report.judge(mb, 500, at_most=True)])
    report.table(["what", "measured", "bar", ""], rows)
    worst, pairs_a_second = sql_twin()
    report.words(
        f"An SQL twin (DuckDB, tables of codes and factors, 300 cases against 2,000) gives the same sums of parts "
        f"within {worst:.0e} in log10, at {pairs_a_second:.1e} pairs a second."
    )


def homicides(count: int) -> Profiles:
    """Records of the sample as profiles, the first ones again under other names where more are wanted."""
    with duckdb.connect() as db:
        path = str(data_path("sample/shr_west8_1976_2018.parquet"))
        columns = "year, month, fip, vic_age, vic_sex, weapon_code, circumstance_code, situation_code, ori"
        rows = db.execute(f"SELECT {columns} FROM read_parquet(?)", [path]).fetchall()
    # The first ones again where more are wanted, as numbers: a million rows of Python values would fill the memory.
    again = np.arange(count) % len(rows)
    areas = {county.fips: county for county in places.counties()}
    years = np.array([row[0] for row in rows], dtype=np.float64)
    start = ((years - 1900) * 12 + np.array([row[1] for row in rows]) - 1) * 30.4375
    age = np.array([row[3] if row[3] < 150 else np.nan for row in rows], dtype=np.float64)
    spots = np.array([(a.lat, a.lon, a.radius_km) if (a := areas.get(row[2])) else (np.nan,) * 3 for row in rows])
    numbers = {"date_from": start, "date_to": start + 29, "age_low": age, "age_high": age}
    numbers |= {name: spots[:, place] for place, name in enumerate(("lat", "lon", "spread_km"))}
    sexes = {"Female": "F", "Male": "M"}

    def coded(values: list[str | None]) -> tuple[tuple[str, ...], Any]:
        levels = sorted({value for value in values if value is not None})
        return tuple(levels), np.array([-1 if v is None else levels.index(v) for v in values], dtype=np.int16)[again]

    return Profiles.from_columns(
        CaseIds(np.char.mod("r%07d", np.arange(count)).astype(np.bytes_)),
        agency=coded([row[8] for row in rows]),
        numbers={name: values[again] for name, values in numbers.items()},
        categorical={
            "victim_sex": coded([sexes.get(row[4]) for row in rows]),
            "weapon": coded([row[5] for row in rows]),
            "circumstance": coded([None if row[6] == "99" else row[6] for row in rows]),
            "victim_count": coded(["single" if row[7] in "ABC" else "multiple" for row in rows]),
        },
    )


def invented(count: int) -> Profiles:
    """Invented cases with every field: scattered points, single days, ages, codes and behaviors, a sixth unknown."""
    rng = np.random.Generator(np.random.PCG64(9))
    towns = rng.uniform((25, -124), (49, -67), (400, 2))
    at = towns[rng.integers(0, 400, count)] + rng.normal(0, 0.2, (count, 2))
    day, age = rng.integers(0, 45 * 365, count).astype(np.float64), rng.integers(1, 90, count).astype(np.float64)
    numbers = {"date_from": day, "date_to": day + rng.integers(0, 4, count), "age_low": age, "age_high": age}
    numbers |= {"lat": at[:, 0], "lon": at[:, 1], "spread_km": rng.choice([0.1, 1.0, 5.0], count)}
    numbers = {name: np.where(rng.random(count) < 1 / 6, np.nan, values) for name, values in numbers.items()}

    def codes(levels: list[str]) -> tuple[tuple[str, ...], Any]:
        drawn = rng.integers(0, len(levels) + max(1, len(levels) // 5), count)
        return tuple(levels), np.where(drawn < len(levels), drawn, -1).astype(np.int16)

    preset = Preset.load("homicide")
    shr = read_json("codes/shr.json")["lists"]
    coded = {name: codes(["no", "yes"]) for name in preset.names("categorical")}
    coded |= {"victim_sex": codes(["F", "M"]), "weapon": codes(sorted(shr["weapon"]))}
    coded |= {
        "circumstance": codes(sorted(shr["circumstance"])),
        "location_type": codes([f"{n:02}" for n in range(1, 58)]),
    }
    coded |= {"victim_count": codes(["multiple", "single"]), "offender_count": codes(["multiple", "single"])}
    return Profiles.from_columns(
        CaseIds(np.char.mod("i%07d", np.arange(count)).astype(np.bytes_)), numbers=numbers, categorical=coded
    )


def sql_twin(ours: int = 300, theirs: int = 2_000) -> tuple[float, float]:
    """Largest difference of the sums of parts by SQL from those of `score`, and pairs a second by SQL."""
    background = Background.fit(homicides(theirs), Preset.load("homicide"))
    with duckdb.connect() as db:
        db.execute("CREATE TABLE held (row INTEGER, feature VARCHAR, code INTEGER)")
        db.execute("CREATE TABLE factor (feature VARCHAR, one INTEGER, other INTEGER, log10_bf DOUBLE)")
        for name, rate in background.rates.items():
            held = [(row, name, int(code)) for row, code in enumerate(background.coded.codes[name]) if code >= 0]
            if not held:
                continue
            table = np.array([rate.log10_bf(rate.comparison.level(code)) for code in range(rate.comparison.size)])
            one, other = np.indices(table.shape).reshape(2, -1)
            db.executemany("INSERT INTO held VALUES (?, ?, ?)", held)
            _insert(db, name, one, other, table.ravel())
        started = time.perf_counter()
        found = db.execute(
            "SELECT a.row, b.row, sum(f.log10_bf) FROM held AS a JOIN held AS b USING (feature) "
            "JOIN factor AS f ON f.feature = a.feature AND f.one = a.code AND f.other = b.code "
            "WHERE a.row < ? AND a.row <> b.row GROUP BY ALL",
            [ours],
        ).fetchnumpy()
        seconds = time.perf_counter() - started
    names = list(found)
    scores = np.array([score(background, background.coded.profiles.profile(row)).total for row in range(ours)])
    apart = np.abs(scores[found[names[0]], found[names[1]]] - found[names[2]])
    return float(apart.max()), apart.size / seconds


def _insert(db: Any, name: str, one: Any, other: Any, factor: Any) -> None:
    cells = {"one": one.astype(np.int32), "other": other.astype(np.int32), "factor": factor}
    db.register("cells", cells)
    db.execute("INSERT INTO factor SELECT ?, one, other, factor FROM cells", [name])
    db.unregister("cells")


def _all_pairs(background: Background) -> tuple[float, float, float]:
    """Ordered pairs scored on one core, CPU and wall seconds, for rows spread evenly over the cases."""
    plan = plan_for(background)
    count = plan.order.size
    rows = np.linspace(0, count - 1, _ROWS_TIMED).astype(np.int64)
    run(plan, rows[:16], _KEEP, 1)
    started, used = time.perf_counter(), time.process_time()
    run(plan, rows, _KEEP, 1)
    return float(rows.size) * count, time.process_time() - used, time.perf_counter() - started


def _median_ms(call: Callable[[], object], times: int = 30, clock: Callable[[], float] = time.perf_counter) -> float:
    call()
    found = []
    for _ in range(times):
        started = clock()
        call()
        found.append((clock() - started) * 1000)
    return statistics.median(found)


def _in_process(what: str, cache: str) -> Any:
    """One measurement in a process of its own; `cache` is where the compiled kernel is kept, "" for the usual place."""
    environment = os.environ | ({"NUMBA_CACHE_DIR": cache} if cache else {})
    command = [sys.executable, "-m", "bench.linkage_speed", what]
    top = Path(__file__).resolve().parents[1]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=top, env=environment)
    return json.loads(done.stdout)


def _alone(what: str) -> dict[str, float]:
    if what == "start":
        background = Background.fit(homicides(200), Preset.load("homicide"))
        started = time.perf_counter()
        nearest(background, top=3)
        return {"seconds": time.perf_counter() - started}
    cases = homicides if what == "million" else invented
    background = Background.fit(cases(1_000_000), Preset.load("homicide"))
    query = background.coded.profiles.profile(7)
    ms = _median_ms(lambda: rank(score(background, query)), 15)
    cpu = _median_ms(lambda: rank(score(background, query)), 15, time.process_time)
    return {"milliseconds": ms, "cpu": cpu, "megabytes": _own_peak_mb()}


def _own_peak_mb() -> float:
    """Most memory that this program held. Not `getrusage`: that also counts what its parent held when it started it."""
    with open("/proc/self/status", encoding="ascii") as status:
        (line,) = (line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(_alone(sys.argv[1])))
