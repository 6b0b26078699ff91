"""One wrong field, judged on what nobody had seen: another maker of bodies and slips, and another seed of the first.

How long a lane may be (250, of the place 2,500) and the other way to fill the list were fixed before anything here was
run. `bench.other_bodies` was written before that way was designed, by the same author, who knew the model. Columns are
those of [wrong_field](wrong_field.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from bench.matching import SEED
from bench.other_bodies import SLIPS, other_body
from bench.report import Report
from bench.wrong_field import Pair, Wrong, concerned, lanes, lists, rows_of, setting, tried
from thaw.identify import Gallery

BODIES = 300


def run() -> Report:
    """The tables of docs/benchmarks/wrong_field-held-out.md."""
    report = Report("One wrong field, held out", " ".join((__doc__ or "").split()))
    _other_maker(report)
    _other_seed(report)
    return report


def _other_maker(report: Report) -> None:
    gallery, _, right, told = setting(SEED + 200, BODIES, other_body)
    report.words(f"## Other bodies, other slips\n{told}")
    _tables(report, gallery, right, slips(SEED + 209))


def slips(seed: int) -> dict[str, Wrong]:
    """The slips of `bench.other_bodies`, each drawing by itself."""
    rows = {}
    for name, (field, says, slip) in SLIPS.items():
        random = Random(f"{seed} {name}")
        rows[name] = Wrong(field, says, lambda body, slip=slip, random=random: slip(body, random))
    return rows


def _other_seed(report: Report) -> None:
    gallery, people, right, told = setting(SEED + 300, BODIES)
    report.words(f"## The first maker again\n{told}")
    _tables(report, gallery, right, rows_of(people, SEED + 309))


def _tables(report: Report, gallery: Gallery, right: Sequence[Pair], wrong: Mapping[str, Wrong]) -> None:
    found = {name: tried(gallery, concerned(right, one.field), one) for name, one in wrong.items()}
    lists(report, found, wrong)
    lanes(report, found)
