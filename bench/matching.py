"""Bodies against the missing, without DNA: is the true person in the list, and are the odds honest?

Pairs are made by `bench.invented_bodies`, whose author had not seen the comparison. The gallery holds the missing of
the register in the development data, where it is on the machine, and invented ones. Beside it, on every fifth pair:
hard filters with distance, and a rule set of fixed weights, both as such tools are commonly described.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from bench.invented_bodies import body_of, distance_km, invented_missing, truth_rates
from bench.report import Report
from thaw.casework import init_book, open_book, session, utc_now
from thaw.casework.importing import import_files
from thaw.casework.person_records import people_of, records_of
from thaw.identify import Gallery, PersonRecord, match

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
PAIRS, INVENTED, SEED = 1_500, 14_000, 20261121
LEVELS = (0.5, 1.0, 2.0)
REGISTER = Path(__file__).resolve().parents[2] / "shared" / "data" / "namus"


def run() -> Report:
    """All tables of docs/benchmarks/matching.md."""
    report = Report("Bodies against the missing, without DNA", " ".join((__doc__ or "").split()))
    missing, _ = register()
    random = Random(SEED)
    people = [*missing, *(invented_missing(random, f"invented-{i}") for i in range(INVENTED))]
    gallery = Gallery.of(people)
    report.words(
        f"Gallery: {len(missing):,} of the register and {INVENTED:,} invented. {PAIRS:,} pairs a row, drawn from all "
        f"of it; seed {SEED}. Error rates of the generator at level 1: "
        + ", ".join(f"{name} {rate:g}" for name, rate in truth_rates().items())
        + "."
    )
    _recall(report, gallery, people)
    _honesty(report, gallery, people, absent=PAIRS * 2 // 5)
    report.words("Speed: [matching-speed](matching-speed.md).")
    return report


def speed_alone() -> Report:
    """The table of docs/benchmarks/matching-speed.md."""
    missing, bodies = register()
    report = Report(
        "Bodies against the missing: speed",
        f"`./run bench matching-speed`: the register of the development data as it is, {len(bodies):,} bodies and "
        f"{len(missing):,} missing. One process, one core.",
    )
    if bodies:
        _speed(report, missing, bodies)
    return report


def register() -> tuple[list[PersonRecord], list[PersonRecord]]:
    """The missing and the unidentified of the register in the development data; empty where it is not there."""
    files = [REGISTER / f"namus_2024-03-15_{kind}.parquet" for kind in ("missing", "unidentified")]
    if not all(file.exists() for file in files):
        return [], []
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        init_book(book, None, utc_now, "bench")
        opened = open_book(book)
        try:
            work = session(opened, "bench")
            import_files(work, files)
            view = work.look("a benchmark")
            return records_of(people_of(view, "missing")), records_of(people_of(view, "unidentified"))
        finally:
            opened.close()


def pairs_of(
    people: Sequence[PersonRecord], number: int, random: Random, *, level: float = 1.0, displaced: bool = False
) -> Iterator[tuple[PersonRecord, PersonRecord]]:
    """So many of these people, each with a body that the generator made."""
    for person in random.sample(list(people), number):
        yield person, body_of(person, random, level=level, displaced=displaced)


def _recall(report: Report, gallery: Gallery, people: Sequence[PersonRecord]) -> None:
    rows = []
    settings = [(f"errors x {level:g}", level, False) for level in LEVELS] + [("displaced 200-1,500 km", 1.0, True)]
    for name, level, displaced in settings:
        random = Random(SEED + int(level * 10) + displaced)
        soft, hard, fixed, lost = [], [], [], []
        for person, body in pairs_of(people, PAIRS, random, level=level, displaced=displaced):
            soft.append(place_of([one.id for one in match(body, gallery, top=50, lane=0).candidates], person.id))
            if not hard_filters(body, [person]):
                lost.append(soft[-1])
            if len(soft) % 5 == 0:
                hard.append(place_of(hard_filters(body, people)[:50], person.id))
                fixed.append(place_of(fixed_weights(body, people)[:50], person.id))
        bar = {1.0: 0.90, 2.0: 0.85}.get(level) if not displaced else None
        shown = share_within(soft, 10)
        judged = f"{bar:.2f} {report.judge(shown, bar, at_most=False)}" if bar else ""
        rows.append([name, "soft", *(f"{share_within(soft, k):.3f}" for k in (1, 10, 50)), judged])
        bar = 0.80 if level == 1.0 and not displaced else None
        of_lost = share_within(lost, 10)
        rows.append(
            [name, f"soft, on the {len(lost)} that hard filters lose"]
            + [f"{share_within(lost, k):.3f}" for k in (1, 10, 50)]
            + [f"{bar:.2f} {report.judge(of_lost, bar, at_most=False)}" if bar else ""]
        )
        rows.append([name, "hard filters + distance", *(f"{share_within(hard, k):.3f}" for k in (1, 10, 50)), ""])
        rows.append([name, "fixed weights", *(f"{share_within(fixed, k):.3f}" for k in (1, 10, 50)), ""])
    report.table(["pairs", "method", "R@1", "R@10", "R@50", "bar for R@10"], rows)


@dataclass(frozen=True)
class _First:
    """The first of the list for each body: whether its person is listed, whether that is the first, probabilities."""

    listed: Booleans
    right: Booleans
    stated: Floats
    none: Floats

    def under(self, prior: float) -> tuple[Floats, Booleans]:
        """Stated at another prior than even odds; and: nobody above one half, or none of these first."""
        factor = prior / (1 - prior)
        total = self.none + (1 - self.none) * factor
        stated, none = self.stated * factor / total, self.none / total
        return stated, (none >= stated) | (stated < 0.5)

    def likeliest_prior(self, world: float) -> float:
        """Maximum likelihood of the share listed, from the odds of "somebody of the list" of all bodies alone."""
        weight = np.where(self.listed, world / self.listed.sum(), (1 - world) / (~self.listed).sum())
        grid = np.linspace(0.01, 0.99, 99)
        odds = (1 - self.none) / self.none
        return float(max(grid, key=lambda prior: float((weight * np.log(1 - prior + prior * odds)).sum())))


def _honesty(report: Report, gallery: Gallery, people: Sequence[PersonRecord], *, absent: int) -> None:
    """Open world: some of the dead are not in the list at all, and nobody knows how many."""
    random = Random(SEED + 77)
    strangers = [invented_missing(random, f"stranger-{i}") for i in range(absent)]
    pairs = [*pairs_of(people, PAIRS, random), *((one, body_of(one, random)) for one in strangers)]
    found = [match(body, gallery, top=1, in_list=0.5, lane=0) for _, body in pairs]
    first = _First(
        np.array([person.id in gallery.position for person, _ in pairs]),
        np.array([one.candidates[0].id == person.id for one, (person, _) in zip(found, pairs, strict=True)]),
        np.array([one.candidates[0].posterior for one in found]),
        np.array([one.none_of_these for one in found]),
    )
    usual = float(gallery.model["prior"]["in_list"])
    report.words(
        f"## Honest odds\n{PAIRS:,} bodies whose person is listed, {absent:,} whose person is not. Nobody has counted "
        f"how many of the unidentified dead stand in a register of the missing; the prior is {usual:g} where the user "
        "says nothing. First of the list at that prior, weighed as if that share were listed:"
    )
    rows, error = _bins(first, usual, usual)
    report.table(["probability stated", "weight", "mean stated", "true"], rows)
    none = float(first.under(usual)[1][~first.listed].mean())
    bars = [report.judge(error, 0.05, at_most=True), report.judge(none, 0.95, at_most=False)]
    report.words(
        f"Calibration error {error:.3f}, bar 0.05: {bars[0]}. Absent persons with 'none of these' first or nobody "
        f"above one half: {none:.3f}, bar 0.95: {bars[1]}.\n\nThe same at other priors, in worlds where another share "
        "is listed. The chance that an absent person's list shows nobody above one half hangs on the prior alone; an "
        "honest list must at times be wrong above one half, the more often, the more of the dead it expects to hold."
    )
    priors, worlds = (0.1, 0.3, 0.5, 0.7), (0.3, 0.5, 0.7)
    rows = [
        [f"{prior:g}", f"{first.under(prior)[1][~first.listed].mean():.3f}"]
        + [f"{_bins(first, prior, world)[1]:.3f}" for world in worlds]
        for prior in priors
    ]
    report.table(
        ["prior", "absent: nobody above one half", *(f"calibration error, {w:.0%} listed" for w in worlds)], rows
    )
    report.words(_of_priors(first, 0.7, worlds))


def _of_priors(first: _First, world: float, worlds: Sequence[float]) -> str:
    """Whether any prior meets both bars in a world, and what the bodies themselves would say the prior is."""
    grid = np.linspace(0.02, 0.98, 49)
    errors = {prior: _bins(first, prior, world)[1] for prior in grid}
    absent = {prior: float(first.under(prior)[1][~first.listed].mean()) for prior in grid}
    both = [prior for prior in grid if errors[prior] <= 0.05 and absent[prior] >= 0.95]
    if both:
        told = f"priors from {both[0]:.2f} to {both[-1]:.2f} meet both bars"
    else:
        high = max((prior for prior in grid if absent[prior] >= 0.95), default=grid[0])
        honest = [prior for prior in grid if errors[prior] <= 0.05] or [min(grid, key=errors.__getitem__)]
        low = honest[0]
        told = (
            f"no prior meets both bars: up to {high:.2f} the absent are told ({absent[high]:.3f}), with a calibration "
            f"error of {errors[high]:.3f}; at {low:.2f} odds are honest ({errors[low]:.3f}), with {absent[low]:.3f} "
            "of these told. What tells an absent person from a listed one are the same fields that tell one missing "
            "person from another, so only more fields help"
        )
    guessed = ", ".join(f"{first.likeliest_prior(share):.2f} for {share:g}" for share in worlds)
    return (
        f"Where {world:.0%} are listed, {told}.\n\nNor is the prior to be had from the bodies: the one that makes "
        f"their records likeliest is {guessed}. It leans on bodies of which little is known, and asks too much; so it "
        "is not offered, and `--in-list` stays a statement of the unit."
    )


def _bins(first: _First, prior: float, world: float) -> tuple[list[list[str]], float]:
    """Ten bins of the probability stated, and the calibration error, where a share `world` of the dead is listed."""
    stated = first.under(prior)[0]
    weight = np.where(first.listed, world / first.listed.sum(), (1 - world) / (~first.listed).sum())
    bins, rows, error = np.minimum((stated * 10).astype(int), 9), [], 0.0
    for k in range(10):
        here = bins == k
        if here.any():
            share = float(weight[here].sum())
            mean, true = float((weight * stated)[here].sum()) / share, float((weight * first.right)[here].sum()) / share
            error += share * abs(mean - true)
            rows.append([f"{k / 10:.1f} to {(k + 1) / 10:.1f}", f"{share:.3f}", f"{mean:.3f}", f"{true:.3f}"])
    return rows, error


def _speed(report: Report, missing: Sequence[PersonRecord], bodies: Sequence[PersonRecord]) -> None:
    start = time.perf_counter()
    gallery = Gallery.of(missing)
    laid = time.perf_counter() - start
    start = time.perf_counter()
    for body in bodies:
        match(body, gallery, top=10)
    every = time.perf_counter() - start
    start = time.perf_counter()
    for body in bodies:
        match(body, gallery, top=10, lane=0)
    bare = time.perf_counter() - start
    start = time.perf_counter()
    gallery.supports_of_one(missing[0], bodies)
    turned = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [
        ["lay the list out", f"{laid:.2f} s", ""],
        [
            "all bodies against all missing: lists of ten",
            f"{bare:.1f} s",
            f"60 s {report.judge(bare, 60, at_most=True)}",
        ],
        ["the same with the exception lanes", f"{every:.1f} s", f"60 s {report.judge(every, 60, at_most=True)}"],
        ["one body against all missing", f"{every / len(bodies) * 1000:.1f} ms", "1 s"],
        ["one missing person against all bodies", f"{turned:.2f} s", f"1 s {report.judge(turned, 1, at_most=True)}"],
        ["peak memory of the whole bench", f"{memory:.0f} MB", f"1,500 MB {report.judge(memory, 1500, at_most=True)}"],
    ]
    report.table(["what", "measured", "bar"], rows)


def hard_filters(body: PersonRecord, people: Sequence[PersonRecord]) -> list[str]:
    """Ids that pass sex, age, ancestry and date (seven days of grace), nearest first."""
    kept = []
    for one in people:
        if body.sex and one.sex and body.sex != one.sex:
            continue
        if body.ancestry and one.ancestry and not body.ancestry & one.ancestry:
            continue
        gap = _years(body, one)
        if gap is not None and gap < -7 / 365.25:
            continue
        if body.age and one.age and not (body.age[0] <= one.age[1] + max(gap or 0, 0) and one.age[0] <= body.age[1]):
            continue
        kept.append((_km(body, one), one.id))
    return [name for _, name in sorted(kept)]


def fixed_weights(body: PersonRecord, people: Sequence[PersonRecord]) -> list[str]:
    """Sex 2, age 1.5, place 2, time 1.2, ancestry 0.8 for what agrees; the weights of a public tool's description."""
    scored = []
    for one in people:
        score = 2.0 * (body.sex == one.sex and body.sex is not None)
        if body.age and one.age:
            score += 1.5 * (body.age[0] <= one.age[1] and one.age[0] <= body.age[1])
        score += 0.8 * bool(body.ancestry & one.ancestry)
        gap = _years(body, one)
        if gap is not None and gap > -7 / 365.25:
            score += 1.2 / (1 + gap / 2)
        score += 2.0 / (1 + _km(body, one) / 50)
        scored.append((-score, one.id))
    return [name for _, name in sorted(scored)]


def _years(body: PersonRecord, one: PersonRecord) -> float | None:
    return (body.date.last - one.date.first).days / 365.25 if body.date and one.date else None


def _km(body: PersonRecord, one: PersonRecord) -> float:
    return distance_km(body.places[0], one.places[0]) if body.places and one.places else 1e6


def place_of(ids: Sequence[str], name: str) -> int:
    """Rank from 1; a million for one who is not there."""
    return ids.index(name) + 1 if name in ids else 10**6


def share_within(ranks: Sequence[int], within: int) -> float:
    """Share of these ranks up to `within`."""
    return sum(rank <= within for rank in ranks) / max(len(ranks), 1)
