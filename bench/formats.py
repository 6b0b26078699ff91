"""Import of each format: records a second of processor time and of wall time, and peak memory, on invented files.

Whole processes are measured from outside, compiled as an installed program is. Processor time is judged beside wall time,
since a machine that others use too makes the wall time say more of them than of the product. `formats-large` imports a
table of two million lines, which takes a quarter of an hour.
"""

# ruff: noqa: E501  (rows of invented registers stand in one line each)
from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.report import Report

_THAW = [sys.executable, "-c", "import sys; from thaw.cli import main; sys.exit(main())"]
_RECORDS = 100_000
_LARGE = 2_000_000
_BAR = 5_000
_HEAD = (
    *("format", "records", "rejected", "a second of processor time", f"bar {_BAR:,}"),
    *("a second of wall time", f"bar {_BAR:,}"),
)
_WEAPONS = ("11", "12", "20", "30", "80", "85", "90")


def run() -> Report:
    """Every format on a file of 100,000 invented records; judged against 5,000 records a second and 600 MB."""
    report = Report(
        "Import of each format",
        f"`./run bench formats`: {_RECORDS:,} invented records a format, the whole command with full durability. What a "
        "start without rows costs is taken off the processor time, not off the wall time. A record is a row, for NIBRS a "
        "line.",
    )
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        _cpu(Path(folder), "compile", _few, 1)
        start = _cpu(Path(folder), "start", _few, 1)[1]
        for name, make in _FORMATS.items():
            file, cpu, seconds, peak = _cpu(Path(folder), name, make, _RECORDS)
            rate = file["read"] / max(cpu - start, 0.01)
            rows.append([
                name, f"{file['read']:,}", f"{file['rejected']:,}", f"{rate:,.0f}", report.judge(rate, _BAR, at_most=False),
                f"{file['read'] / seconds:,.0f}", report.judge(file["read"] / seconds, _BAR, at_most=False),
                f"{peak:.0f} MB", report.judge(peak, 600, at_most=True),
            ])  # fmt: skip
    report.table([*_HEAD, "peak memory", "bar 600 MB"], rows)
    return report


def run_large() -> Report:
    """One table of two million lines (`THAW_BENCH_LINES`: another number), judged against 600 MB."""
    count = int(os.environ.get("THAW_BENCH_LINES", _LARGE))
    report = Report(
        "Import of a large register",
        f"`./run bench formats-large`: an invented table of {count:,} lines in the form of the Murder Accountability "
        "Project, the whole command with full durability. Peak memory is that of the process. Alerts on so many cases are "
        "left for `thaw work`.",
    )
    with tempfile.TemporaryDirectory() as folder:
        file, cpu, seconds, peak = _cpu(Path(folder), "shr-map", _map_rows, count)
        book = sum(path.stat().st_size for path in (Path(folder) / "shr-map-book").rglob("*") if path.is_file())
    row = [f"{file['read']:,}", f"{file['stored']:,}", f"{file['rejected']:,}", f"{file['read'] / cpu:,.0f}"]
    row += [f"{file['read'] / seconds:,.0f}", f"{seconds / 60:.1f} min", f"{book / 2**30:.1f} GB", f"{peak:.0f} MB"]
    head = ["records", "stored", "rejected", "a second of processor time", "a second of wall time", "time", "book"]
    report.table([*head, "peak memory", "bar 600 MB"], [[*row, report.judge(peak, 600, at_most=True)]])
    return report


def _cpu(
    folder: Path, name: str, make: Callable[[int], Iterator[str]], count: int
) -> tuple[dict[str, Any], float, float, float]:
    """(element of `files`, processor seconds, wall seconds, peak MB) of importing the file that `make` writes."""
    path, book = folder / f"{name.replace(' ', '-')}.txt", folder / f"{name.replace(' ', '-')}-book"
    with path.open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in make(count))
    # An installed program is compiled once; a run that may not write its bytecode would compile itself each time.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([*_THAW, "--book", str(book), "init"], check=True, capture_output=True, env=env)
    command = [
        *_THAW,
        "--json",
        "--book",
        str(book),
        "import",
        *(["--spec", "wapo"] if name == "csv" else []),
        str(path),
    ]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdout is not None
    told = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    (file,) = json.loads(told)["files"]
    return dict(file), usage.ru_utime + usage.ru_stime, seconds, _megabytes(usage)


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def _few(count: int) -> Iterator[str]:
    yield from _map_rows(count)


def _map_rows(count: int) -> Iterator[str]:
    draw = random.Random(3)
    yield (
        "rowid,year,month,fip,cnty_name,state_abbr,ori,agency,agency_type,solved,homicide_type,incident_num,vic_age,vic_sex,"
        "vic_race_code,vic_ethnic_code,off_age,off_sex,situation_code,weapon_code,relationship_code,circumstance_code"
    )
    places = (("49035", "Salt Lake", "UT"), ("04013", "Maricopa", "AZ"), ("32003", "Clark", "NV"))
    for i in range(count):
        fips, county, state = draw.choice(places)
        yield (
            f"{i},{draw.randint(1976, 2018)},{draw.randint(1, 12)},{fips},{county},{state},{state}{i % 900:05},"
            f"Invented {i % 900},Municipal police,No,Murder and non-negligent manslaughter,{i % 900},{draw.randint(0, 99)},"
            f"{draw.choice(('Male', 'Female'))},{draw.choice('WBIA')},{draw.choice('HNU')},{draw.choice((999, 20, 30))},"
            f"{draw.choice(('Male', 'Unknown'))},B,{draw.choice(_WEAPONS)},{draw.choice(('UN', 'ST', 'AQ'))},99"
        )


def _shr_rows(count: int) -> Iterator[str]:
    draw = random.Random(5)
    for i in range(count):
        out = [" "] * 268
        person = f"{draw.randint(1, 99):02}{draw.choice('MFU')}{draw.choice('WBU')}{draw.choice('HNU')}"
        offender = f"00UUU{draw.choice(_WEAPONS)}UN99 "
        for at, text in (
            (1, "6"), (2, "43"), (4, f"UT{i % 900:05}"), (11, "1C8"), (14, f"{draw.randint(80, 99)}"), (16, "000012345018716"),
            (31, "0INVENTED CITY"), (56, "UTAH"), (62, f"{draw.randint(1, 12):02}"), (64, "0101860A"), (72, f"{i % 1000:03}"),
            (75, "B"), (76, person), (81, offender), (93, "000000"), (16, f"{i:09}"),
        ):  # fmt: skip
            out[at - 1 : at - 1 + len(text)] = text
        yield "".join(out)


def _nibrs_rows(count: int) -> Iterator[str]:
    draw = random.Random(7)
    for i in range(count // 4):
        head = f"I042020    UT00000{draw.randint(10, 99)}{f'N{i}':<12}"
        day = f"20{draw.randint(10, 19)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
        code = "09A" if i % 4 == 0 else "120"
        yield f"00881{head}{day} {draw.randint(0, 23):02}N".ljust(87)
        yield f"00632{head}{code}CN  20      {draw.choice(('12 ', '20 ', '85 '))}      88"
        yield f"01294{head}001{code}".ljust(70) + f"I{draw.randint(1, 98):02}  {draw.choice('MF')}WNR10   I    01AQ"
        yield f"00465{head}01{draw.randint(18, 60)}  MWN"


def _missing_rows(count: int) -> Iterator[str]:
    draw = random.Random(9)
    yield "Case Number,DLC,Last Name,First Name,Missing Age,City,County,State,Sex,Race / Ethnicity,Date Modified"
    for i in range(count):
        day = f"{draw.randint(1, 12)}/{draw.randint(1, 28)}/{draw.randint(0, 99):02}"
        yield (
            f"MP{i},{day},Example{i % 7000},Ada,{draw.randint(1, 80)} Years,Moab,Grand,UT,{draw.choice(('Male', 'Female'))},"
            f"White / Caucasian,1/9/24"
        )


def _json_rows(count: int) -> Iterator[str]:
    draw = random.Random(11)
    for i in range(count):
        yield json.dumps({
            "idFormatted": f"UP{i}", "modifiedDateTime": "2024-01-09T10:00:00",
            "subjectDescription": {"sex": {"name": "Male"}, "ethnicities": [{"name": "Asian"}], "heightFrom": draw.randint(58, 76)},
            "circumstances": {"dateFound": f"{draw.randint(1960, 2020)}-03-04", "address": {"state": {"name": "Utah"}, "city": "Moab"},
                              "circumstancesOfRecovery": f"Invented find number {i}, nobody is meant."},
        })  # fmt: skip


def _wapo_rows(count: int) -> Iterator[str]:
    draw = random.Random(13)
    yield "uid,reported_date,victim_last,victim_first,victim_race,victim_age,victim_sex,city,state,lat,lon,disposition"
    for i in range(count):
        yield (
            f"Inv-{i},20{draw.randint(10, 17)}{draw.randint(1, 12):02}{draw.randint(1, 28):02},EXAMPLE{i % 9000},ADA,White,"
            f"{draw.randint(1, 90)},Female,Tulsa,OK,36.{draw.randint(1000, 1999)},-95.{draw.randint(8000, 9999)},Closed by arrest"
        )


_FORMATS: dict[str, Callable[[int], Iterator[str]]] = {
    "shr-map": _map_rows,
    "shr": _shr_rows,
    "nibrs": _nibrs_rows,
    "namus-missing": _missing_rows,
    "namus-unidentified, JSON": _json_rows,
    "csv": _wapo_rows,
}
