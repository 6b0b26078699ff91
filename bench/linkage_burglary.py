"""The model on fictitious burglaries with labelled series: beside the R peer, with labels and without, under stress.

The 490 crimes are the R package's own and invented by its makers; they are not in the repository. Without the folder
`shared` beside the checkout this part says so and measures nothing. Coordinates are meters on a plane: they are laid on
the equator, where a degree is the same length both ways; over 30 km the sphere adds less than a millimeter.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.report import Report
from thaw.linkage import Background, Labels, Preset, Prior, Profiles, fit_series, score
from thaw.linkage.binned import Binned
from thaw.linkage.commonness import pair_parts
from thaw.linkage.learning import Lessons, calibrated, held_out_scores
from thaw.linkage.separation import EARTH_RADIUS_KM, circular_gap, expected_gap, place_distance_km

VECTORS = Path(__file__).resolve().parents[2] / "shared" / "vectors" / "crimelinkage"
Floats = NDArray[np.float64]
_MO = ("MO1", "MO2", "MO3")
_ORIGIN = datetime(1990, 1, 1)
_DRAWS = 3


@dataclass(frozen=True)
class Burglaries:
    """Crimes as columns; `offenders` lists (offender, crime) of the solved ones."""

    ids: list[str]
    km: Floats
    start: Floats
    end: Floats
    codes: dict[str, list[str | None]]
    offenders: list[tuple[str, str]]

    def profiles(self) -> Profiles:
        """For the product's model."""
        degrees = np.degrees(self.km / EARTH_RADIUS_KM)
        numbers = {"date_from": self.start, "date_to": self.end, "lat": degrees[:, 1], "lon": degrees[:, 0]}
        return Profiles.from_columns(self.ids, numbers=numbers, categorical=self.codes)


def read() -> Burglaries:
    """The crimes and offenders of the reference outputs."""
    crimes = _rows("crimes.csv")

    def days(name: str) -> Floats:
        return np.array([(datetime.fromisoformat(c[name]) - _ORIGIN).total_seconds() / 86400 for c in crimes])

    ids = [crime["crimeID"] for crime in crimes]
    known = set(ids)
    return Burglaries(
        ids,
        np.array([[float(c["X"]) / 1000, float(c["Y"]) / 1000] for c in crimes]),
        days("DT.FROM"),
        days("DT.TO"),
        {name: [c[name] for c in crimes] for name in _MO},
        [(o["offenderID"], o["crimeID"]) for o in _rows("offenders.csv") if o["crimeID"] in known],
    )


def add_to(report: Report) -> None:
    """All tables of this part."""
    report.words(
        "# Fictitious burglaries\n\nThe R package crimelinkage's own 490 invented burglaries, preset `burglary`."
    )
    if not VECTORS.exists():
        report.words("Not measured: the reference outputs are not beside this checkout.")
        return
    _equality(report)
    crimes = read()
    background = Background.fit(crimes.profiles(), Preset.load("burglary"))
    labels = Labels.of(background.coded.profiles, crimes.offenders)
    _discrimination(report, background, labels)
    _series(report, background, labels)
    _one_offs(report, crimes)
    _stress(report, crimes)


def peer_factors() -> tuple[Floats, Floats]:
    """Ours and R's natural-log Bayes factors of all 119,805 pairs, from R's own evidence."""
    pairs = _rows("vignette_pairs_evidence.csv.gz")
    train = [pair for pair in pairs if pair["train"] == "TRUE"]
    linked = np.array([pair["Y"] == "1" for pair in train])
    weight = np.array([float(pair["weight"]) for pair in train])
    every = _rows("all_pairs_logbf.csv.gz")
    total = np.zeros(len(every))
    for name in ("spatial", "temporal", "tod", "dow", *_MO):
        fit = Binned.fit_answers if name in _MO else Binned.fit
        model = fit(np.array([float(pair[name]) for pair in train]), linked, weight)
        total += model.factor(np.array([float(pair[name]) for pair in every]))
    return total, np.array([float(pair["logBF"]) for pair in every])


def closed_forms(crimes: Burglaries) -> dict[str, tuple[Floats, Floats]]:
    """Ours and R's evidence of all pairs, by name."""
    every = _rows("all_pairs_logbf.csv.gz")
    row = {name: place for place, name in enumerate(crimes.ids)}
    one, two = (np.array([row[pair[side]] for pair in every]) for side in ("i1", "i2"))
    spots = np.column_stack([crimes.km, np.zeros((len(crimes.ids), 2))])
    ends = crimes.start[one], crimes.end[one], crimes.start[two], crimes.end[two]
    ours = {
        "spatial": np.array([place_distance_km(spots[a], spots[b][None])[0] for a, b in zip(one, two, strict=True)]),
        "temporal": expected_gap(*ends),
        "tod": circular_gap(*(24 * end for end in ends), 24.0),
        "dow": circular_gap(*ends, 7.0),
    }
    return {name: (mine, np.array([float(pair[name]) for pair in every])) for name, mine in ours.items()}


def _equality(report: Report) -> None:
    ours, theirs = peer_factors()
    worst = float(np.abs(ours - theirs).max())
    rows = [
        [
            "log Bayes factors from R's evidence, 119,805 pairs",
            f"{worst:.1e}",
            "<= 1e-12",
            report.judge(worst, 1e-12, at_most=True),
        ]
    ]
    for name, (mine, known) in closed_forms(read()).items():
        apart = np.abs(mine - known)
        if name in ("spatial", "temporal"):
            far = float(apart.max())
            rows.append([f"closed form, {name}", f"{far:.1e}", "<= 2e-10", report.judge(far, 2e-10, at_most=True)])
        else:
            share = float((apart <= 2e-3).mean())
            rows.append([f"closed form, {name}: pairs within 2e-3", f"{share:.3f}", "", ""])
    report.words("Largest difference from the peer's own outputs:")
    report.table(["what", "largest difference", "bar", ""], rows)
    report.words(
        "Hours and weekdays differ where an interval is longer than the period: R then takes the whole circle as even, "
        "the closed form counts some hours twice."
    )


def measures(scores: Floats, linked: NDArray[np.bool_]) -> dict[str, float]:
    """AUC, average precision, linked pairs in the first 50 and 100 and 500; ties share their places."""
    order = np.argsort(-scores, kind="stable")
    hit = linked[order]
    precision = np.cumsum(hit) / np.arange(1, hit.size + 1)
    _, inverse, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[inverse]
    many = int(linked.sum())
    auc = (rank[linked].sum() - many * (many + 1) / 2) / (many * (linked.size - many))
    found = {f"top {top}": float(hit[:top].sum()) for top in (50, 100, 500)}
    return {"AUC": float(auc), "AP": float(precision[hit].mean()), **found}


def _discrimination(report: Report, background: Background, labels: Labels) -> None:
    lessons = Lessons.of(background, labels)
    first, second = (np.concatenate([a, b]) for a, b in zip(labels.linked(), labels.unlinked(100_000), strict=True))
    parts = pair_parts(background, first, second)
    free = background.preset.steadiness.log10_bf(parts)
    held = held_out_scores(lessons, labels, folds=len(labels.components))
    peer = _peer_scores(background, first, second)
    rows = {
        "peer, naive Bayes in R, 10-fold by component": measures(peer, lessons.linked),
        "Thaw, no labels": measures(free, lessons.linked),
        "Thaw, with labels, leave one component out": measures(held, lessons.linked),
    }
    shuffled = _shuffled(background, labels)
    rows["Thaw, with shuffled labels, against the shuffled"] = shuffled
    report.words(
        f"{lessons.linked.size:,} pairs of solved crimes, {int(lessons.linked.sum())} linked, "
        f"{len(labels.components)} components of co-offenders with a linked pair; AP of a random order is "
        f"{lessons.linked.mean():.4f}."
    )
    report.table(
        ["model", "AUC", "AP", "linked in the first 50", "100", "500"],
        [
            [name, f"{m['AUC']:.3f}", f"{m['AP']:.3f}", *(f"{m[f'top {t}']:.0f}" for t in (50, 100, 500))]
            for name, m in rows.items()
        ],
    )
    labelled, none = rows["Thaw, with labels, leave one component out"], rows["Thaw, no labels"]
    report.table(
        ["bar", "measured", "bar", ""],
        [
            ["AP with labels", f"{labelled['AP']:.3f}", ">= 0.30", report.judge(labelled["AP"], 0.30, at_most=False)],
            [
                "AUC with labels",
                f"{labelled['AUC']:.3f}",
                ">= 0.905",
                report.judge(labelled["AUC"], 0.905, at_most=False),
            ],
            ["AP without labels", f"{none['AP']:.3f}", ">= 0.25", report.judge(none["AP"], 0.25, at_most=False)],
            [
                "AP, shuffled labels",
                f"{shuffled['AP']:.4f}",
                "<= 0.01",
                report.judge(shuffled["AP"], 0.01, at_most=True),
            ],
        ],
    )
    _honest(report, lessons, labels, held)


def _honest(report: Report, lessons: Lessons, labels: Labels, held: Floats) -> None:
    """Expected beside actual linked pairs, each pair's probability by a curve that saw neither of its components."""
    total, count = np.zeros(held.size), np.zeros(held.size)
    whole = calibrated(lessons, held, np.ones(held.size, dtype=np.bool_), draws=0)
    chosen: Counter[str] = Counter()
    for component in labels.components:
        mask = lessons.without({component})
        calibration = calibrated(lessons, held, mask, draws=0)
        chosen[calibration.method] += 1
        total += np.where(mask, 0.0, _chance(calibration.curve.at(held)))
        count += ~mask
    chance = np.where(count > 0, total / np.maximum(count, 1), _chance(whole.curve.at(held)))
    order = np.argsort(-held, kind="stable")
    lines = []
    for top in (10, 50, 100, 500):
        expected, actual = float(chance[order[:top]].sum()), int(lessons.linked[order[:top]].sum())
        bar = ["within 10", report.judge(abs(expected - actual), 10, at_most=True)] if top == 100 else ["", ""]
        lines.append([str(top), f"{expected:.1f}", str(actual), *bar])
    loss = -np.where(lessons.linked, np.log(chance), np.log1p(-chance)).mean()
    report.words(
        "Which curve turns a score into a probability is chosen by the log loss on series that its fit had not seen: "
        + ", ".join(f"{method} {one:.5f}" for method, one in whole.log_loss)
        + f" a pair, so {whole.method}.\n\n"
        "Expected beside actual linked pairs; the probability of each pair is by the curve, chosen anew, through the "
        f"held-out scores of the other components ({', '.join(f'{n} times {m}' for m, n in chosen.most_common())}; log "
        f"loss {loss:.5f}, Brier {np.mean((chance - lessons.linked) ** 2):.5f}):"
    )
    report.table(["list of", "expected", "actual", "bar", ""], lines)
    table = []
    for low, high in ((0, 0.01), (0.01, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1)):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            said, true = float(chance[inside].mean()), float(lessons.linked[inside].mean())
            table.append([f"{low:g} to {high:g}", f"{int(inside.sum()):,}", f"{said:.4f}", f"{true:.4f}"])
    report.table(["probability said", "pairs", "mean said", "share linked"], table)


def _chance(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-odds))


def _shuffled(background: Background, labels: Labels) -> dict[str, float]:
    """Crimes handed out to offenders at random, learned from and measured in the same way."""
    rng = np.random.Generator(np.random.PCG64(5))
    rows = sorted(labels.component)
    moved = dict(zip(rows, rng.permutation(rows).tolist(), strict=True))
    ids = background.coded.profiles.ids
    members = [(name, ids[moved[row]]) for name, held in labels.series.items() for row in held]
    wrong = Labels.of(background.coded.profiles, members)
    lessons = Lessons.of(background, wrong)
    return measures(held_out_scores(lessons, wrong), lessons.linked)


def _series(report: Report, background: Background, labels: Labels) -> None:
    """Each crime of a series left out: where its own offender stands among all offenders."""
    ranks = series_ranks(background, labels)
    known = next(row for row in _rows("series_id_summary.csv") if row["score"] == "rank_single_loso")
    cells = [f"{(ranks <= top).mean():.3f}" for top in (1, 5, 10, 50)]
    report.words(f"{ranks.size} times a crime left out of its series, ranked against all offenders' other crimes:")
    report.table(
        ["model", "first", "in the first 5", "10", "50", "median", "mean reciprocal rank"],
        [
            ["peer, single linkage, with labels", *(f"{float(known[f'top{t}']):.3f}" for t in (1, 5, 10, 50)),
             f"{float(known['median']):.0f}", f"{float(known['mrr']):.3f}"],
            ["Thaw, predictive factor, no labels", *cells, f"{np.median(ranks):.0f}", f"{(1 / ranks).mean():.3f}"],
        ],
    )  # fmt: skip
    top = float((ranks <= 10).mean())
    report.table(
        ["bar", "measured", "bar", ""],
        [["own series in the first 10", f"{top:.3f}", ">= 0.737", report.judge(top, 0.737, at_most=False)]],
    )


def series_ranks(background: Background, labels: Labels) -> Floats:
    """Rank of the own offender of each crime that has a fellow, co-offenders of it left out; ties share places."""
    of: dict[int, set[str]] = {}
    for name, rows in labels.series.items():
        for row in rows:
            of.setdefault(row, set()).add(name)
    found = []
    for name, rows in labels.series.items():
        for row in rows if len(rows) > 1 else ():
            others = {n: r for n, r in labels.series.items() if n == name or n not in of[row]}
            scores = score(background, background.coded.profiles.profile(row))
            fits = {fit.name: fit.log10_bf for fit in fit_series(scores, others, Prior())}
            values = np.array(list(fits.values()))
            found.append((values > fits[name]).sum() + ((values == fits[name]).sum() + 1) / 2)
    return np.array(found, dtype=np.float64)


def _one_offs(report: Report, crimes: Burglaries) -> None:
    """Serial crimes among ever more invented one-offs: place, hours and manner each of another crime, moved."""
    by: dict[str, list[str]] = {}
    for offender, crime in crimes.offenders:
        by.setdefault(offender, []).append(crime)
    serial = sorted({crime for held in by.values() if len(held) > 1 for crime in held})
    rows = []
    for times in (1, 10, 100):
        mixed = _with_one_offs(crimes, serial, times)
        background = Background.fit(mixed.profiles(), Preset.load("burglary"))
        labels = Labels.of(background.coded.profiles, [pair for pair in crimes.offenders if pair[1] in set(serial)])
        rows.append([f"1 : {times}", *_found_again(background, labels)])
    report.words(f"{len(serial)} serial crimes, each the query once, among invented one-offs (no labels):")
    report.table(["serial to one-off", "AUC", "recall@10", "recall@50", "median rank of the first true one"], rows)


def _with_one_offs(crimes: Burglaries, serial: Sequence[str], times: int) -> Burglaries:
    rng = np.random.Generator(np.random.PCG64(times))
    count = len(serial) * times
    kept = [crimes.ids.index(name) for name in serial]
    where, when, how = (rng.integers(0, len(crimes.ids), count) for _ in range(3))
    shift = rng.uniform(-30, 30, count).round()
    return Burglaries(
        [*serial, *(f"one-off-{n}" for n in range(count))],
        np.vstack([crimes.km[kept], crimes.km[where] + rng.normal(0, 0.5, (count, 2))]),
        np.concatenate([crimes.start[kept], crimes.start[when] + shift]),
        np.concatenate([crimes.end[kept], crimes.end[when] + shift]),
        {n: [*(values[k] for k in kept), *(values[h] for h in how)] for n, values in crimes.codes.items()},
        crimes.offenders,
    )


def _found_again(background: Background, labels: Labels) -> list[str]:
    first, second = labels.linked()
    fellows: dict[int, set[int]] = {}
    for one, two in zip(first.tolist(), second.tolist(), strict=True):
        fellows.setdefault(one, set()).add(two)
        fellows.setdefault(two, set()).add(one)
    aucs, firsts, recalls = [], [], {10: [], 50: []}
    for row, true in fellows.items():
        factors = score(background, background.coded.profiles.profile(row)).log10_bf()
        factors = np.delete(factors, row)
        linked = np.delete(np.isin(np.arange(factors.size + 1), sorted(true)), row)
        aucs.append(measures(factors, linked)["AUC"])
        order = np.argsort(-factors, kind="stable")
        firsts.append(int(np.flatnonzero(linked[order])[0]) + 1)
        for top, found in recalls.items():
            found.append(linked[order[:top]].sum() / linked.sum())
    return [
        f"{np.mean(aucs):.3f}",
        *(f"{np.mean(found):.3f}" for found in recalls.values()),
        f"{np.median(firsts):.0f}",
    ]


def _stress(report: Report, crimes: Burglaries) -> None:
    settings: list[tuple[str, Callable[[Burglaries, int], Burglaries]]] = [("as recorded", lambda c, _: c)]
    settings += [(f"{share:.0%} missing", lambda c, s, q=share: blanked(c, s, q)) for share in (0.15, 0.30, 0.50)]
    settings += [(f"{share:.0%} of codes wrong", lambda c, s, q=share: miscoded(c, s, q)) for share in (0.05, 0.10)]
    rows = []
    for words, change in settings:
        found = []
        for seed in range(1 if words == "as recorded" else _DRAWS):
            background = Background.fit(change(crimes, seed).profiles(), Preset.load("burglary"))
            labels = Labels.of(background.coded.profiles, crimes.offenders)
            pairs = [np.concatenate(side) for side in zip(labels.linked(), labels.unlinked(100_000), strict=True)]
            linked = np.arange(pairs[0].size) < labels.linked()[0].size
            factors = background.preset.steadiness.log10_bf(pair_parts(background, pairs[0], pairs[1]))
            found.append(measures(factors, linked))
        rows.append([words, *(f"{np.mean([m[name] for m in found]):.3f}" for name in ("AUC", "AP"))])
    report.words(
        f"Fields blanked (place, time and each code alike) or codes replaced, no labels, mean of {_DRAWS} draws:"
    )
    report.table(["records", "AUC", "AP"], rows)


def blanked(crimes: Burglaries, seed: int, share: float) -> Burglaries:
    """A copy in which each field is unknown with this chance."""
    rng = np.random.Generator(np.random.PCG64(100 + seed))
    gone = {name: rng.random(len(crimes.ids)) < share for name in ("km", "time", *_MO)}
    codes = {
        name: [None if lost else value for value, lost in zip(values, gone[name], strict=True)]
        for name, values in crimes.codes.items()
    }
    start, end = (np.where(gone["time"], np.nan, side) for side in (crimes.start, crimes.end))
    return Burglaries(crimes.ids, np.where(gone["km"][:, None], np.nan, crimes.km), start, end, codes, crimes.offenders)


def miscoded(crimes: Burglaries, seed: int, share: float) -> Burglaries:
    """A copy in which each code is another crime's with this chance."""
    rng = np.random.Generator(np.random.PCG64(200 + seed))
    codes: dict[str, list[str | None]] = {}
    for name, values in crimes.codes.items():
        wrong = rng.random(len(values)) < share
        other = rng.permutation(len(values))
        codes[name] = [values[other[at]] if wrong[at] else value for at, value in enumerate(values)]
    return Burglaries(crimes.ids, crimes.km, crimes.start, crimes.end, codes, crimes.offenders)


def _peer_scores(background: Background, first: NDArray[np.intp], second: NDArray[np.intp]) -> Floats:
    """R's out-of-fold factors of the same pairs."""
    ids = background.coded.profiles.ids
    known = {frozenset((row["i1"], row["i2"])): float(row["logBF_cv"]) for row in _rows("pairs_cv_logbf.csv.gz")}
    return np.array([known[frozenset((ids[int(a)], ids[int(b)]))] for a, b in zip(first, second, strict=True)])


def _rows(name: str) -> list[Mapping[str, str]]:
    path = VECTORS / name
    with gzip.open(path, "rt") if name.endswith(".gz") else path.open(encoding="utf-8") as table:
        return list(csv.DictReader(table))
