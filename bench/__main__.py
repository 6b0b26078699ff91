"""`./run bench [NAME ...]`: measures what the documents promise and writes the tables to docs/benchmarks/.

Names: `speed` (import, similar, start, memory), `linkage` (planted series beside baselines, the R peer, kernels;
`linkage-speed` is its speed part alone),
`scan` (places where cases pile up, beside MAP's cells), `identify` (one profile against 10,000 families), `matching`
(bodies against the missing; `matching-speed`
is its speed), `wrong_field` (one field of a body wrong; `wrong_field-held-out` on what nobody had seen,
`wrong_field-ceiling` what could be had at all), `intake` (paper: scans beside plain Tesseract,
words of PDFs, speed, power cuts; large files with `--long` or as `intake-long`),
`same_case` (proposals on registers with known truth), `formats` (rows a second and memory of every format;
`formats-large`: two million lines, a quarter of an hour), `reading` (mentions against answer sheets),
`search` (pages, quality and crossings), `same_person` (proposals beside splink),
`ledger` (attacks, crashes, power cuts, speed; with `--long` every count), `ledger-speed` (the ledger's speed alone),
`boards` (the comparing screens in a browser, with the weight of their scripts),
`web` (every screen in a real browser).
Without a name, all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from bench import (
    boards,
    formats,
    identify,
    intake,
    intake_long,
    ledger,
    linkage,
    linkage_speed,
    matching,
    reading,
    same_case,
    same_person,
    scan,
    search,
    speed,
    web,
    wrong_field,
    wrong_field_ceiling,
    wrong_field_held_out,
)
from bench.report import Report

BENCHES: Mapping[str, Callable[[], Report]] = {
    "speed": speed.run,
    "linkage": linkage.run,
    "linkage-speed": linkage_speed.speed_alone,
    "scan": scan.run,
    "identify": identify.run,
    "matching": matching.run,
    "matching-speed": matching.speed_alone,
    "wrong_field": wrong_field.run,
    "wrong_field-held-out": wrong_field_held_out.run,
    "wrong_field-ceiling": wrong_field_ceiling.run,
    "intake": intake.run,
    "intake-long": intake_long.run,
    "same_case": same_case.run,
    "formats": formats.run,
    "formats-large": formats.run_large,
    "reading": reading.run,
    "search": search.run,
    "same_person": same_person.run,
    "ledger": ledger.run,
    "ledger-speed": ledger.run_speed,
    "boards": boards.run,
    "web": web.run,
}


def main(names: list[str]) -> int:
    """Run the named benches in order; 2 for a name that does not exist, 1 when a promised figure was missed."""
    if "--long" in names:
        os.environ[ledger.LONG] = "yes"
        names = [name for name in names if name != "--long"]
        names += ["intake-long"] if "intake" in names else []
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"bench: got {unknown[0]!r}, want one of {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    missed = 0
    for name in names or [name for name in BENCHES if not name.endswith(("-speed", "-long", "-large"))]:
        report = BENCHES[name]()
        report.write(name)
        print(report.text())
        missed += report.missed
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
