"""Case linkage measured: speed, fictitious burglaries beside the R peer, and series planted among the real records.

The generator (bench/planted_series.py) was written without sight of the model. Planted cases enter through the
product's own import. Each planted case is the query once; sought are the other cases of its series. For each method,
cases that tie share their places, so a recall is the mean over all orders of the tied.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from bench import linkage_burglary, linkage_speed
from bench.planted_ceiling import Ceiling
from bench.planted_series import MURDER, Planted, PlantSettings, Row, plant
from bench.report import Report
from thaw.casework import init_book, open_book, session, utc_now
from thaw.casework.importing import import_files
from thaw.casework.matcher import Matcher, matcher_for
from thaw.data import data_path, places
from thaw.linkage import Prior, rank, score
from thaw.linkage.series import against_all

_SEEDS = (11, 12, 13)
_SERIES = 100
_TOPS = (10, 50)
_SETTINGS = (
    ("Copy rate 0.3 to 0.7, 30 % of fields flipped or blank", _SEEDS, 0.3, (0.3, 0.7)),
    ("Copy rate 0.3 to 0.7, 15 % of fields flipped or blank", _SEEDS, 0.15, (0.3, 0.7)),
    ("Copy rate 0.3 to 0.7, no noise", _SEEDS, 0.0, (0.3, 0.7)),
    ("Copy rate 0.9, no noise", _SEEDS[:1], 0.0, (0.9, 0.9)),
)
_READING = (
    "Planted cases are all unsolved. Jaccard counts an unknown circumstance or an unknown offender as a value that two "
    "cases share, so among all cases it ranks unsolved ones first; Thaw never reads that. The rows `among offender not "
    "known` (`thaw similar --where offender_known=no`) give every method that knowledge.\n\n"
    "The ceilings are scorers that nobody can have for real series: tables learned from 200,000 pairs planted by the "
    "same generator with other seeds. The first also learns by which marks planted rows differ from real ones, alone; "
    "the second only how alike two cases of one series are. They say how much the columns hold.\n\n"
    "Reading: at copy rate 0.5 and 30 % noise two cases of one series share a field beyond chance in about one of "
    "eight fields (0.5 x 0.7, squared), so seven fields hold less than one shared field: such series cannot be told "
    "from the crowd by these columns, whatever the method. Expected counts average over how steady offenders are; for "
    "series less steady than most they are still too high, for very steady ones too low, which is why every list says "
    "that it is uncalibrated."
)
Floats = NDArray[np.float64]


def run() -> Report:
    """Speed, fictitious burglaries with labels beside the R peer, and series planted among homicides."""
    report = Report(
        "Case linkage",
        "`./run bench linkage`: speed of the product's own code; fictitious burglaries with labelled series beside the "
        "R package crimelinkage; and invented series planted among the 41,423 homicide records of the sample. No open "
        "data has real same-offender homicide labels: the last part says that the method works as built, not that it "
        "finds real series.",
    )
    linkage_speed.add_to(report)
    linkage_burglary.add_to(report)
    report.words(
        "# Planted series\n\n100 invented series of 3 to 10 cases per draw. Each case of a series is the query once; "
        "with one case known the earliest is the query, with two known the earliest two, by the predictive factor of "
        "the series (baselines: the better of their two scores)."
    )
    rows = _sample()
    for words, seeds, noise, copy_rate in _SETTINGS:
        settings = PlantSettings(n_series=_SERIES, noise=noise, copy_rate=copy_rate)
        report.words(f"## {words} ({len(seeds)} draw{'s' if len(seeds) > 1 else ''})")
        ceilings = _ceilings(rows, settings)
        _tables(report, [_draw(rows, seed, settings, ceilings) for seed in seeds])
    report.words(_READING)
    return report


_AMONG_UNKNOWN = " among offender not known"
_TOLD = "ceiling: told how these series were made"
_LIKENESS = "ceiling: told that, likeness only"


def _neighbours() -> dict[str, tuple[str, ...]]:
    return {county.fips: county.neighbours for county in places.counties()}


def _ceilings(rows: list[Row], settings: PlantSettings) -> dict[str, dict[str, Ceiling]]:
    """By the name of the scorer, for each way to choose who is searched."""
    murders = [row for row in rows if row["homicide_type"] == MURDER]
    unknown = [row for row in murders if row["off_sex"] == "Unknown"]
    likeness = Ceiling.learn(rows, _neighbours(), settings, None)
    told = {
        more: Ceiling.learn(rows, _neighbours(), settings, strangers)
        for more, strangers in (("", murders), (_AMONG_UNKNOWN, unknown))
    }
    return {_TOLD: told, _LIKENESS: {"": likeness, _AMONG_UNKNOWN: likeness}}


def _tables(report: Report, draws: Sequence[Mapping[str, Any]]) -> None:
    methods = list(draws[0]["each"])
    head = ["method", *(f"recall@{top}" for top in _TOPS), *(f"a hit in {top}" for top in _TOPS)]
    head += [f"one known @{top}" for top in _TOPS] + [f"two known @{top}" for top in _TOPS]
    table = []
    for method in methods:
        values = [np.mean([d["each"][method][part][top] for d in draws]) for part in (0, 1) for top in _TOPS]
        values += [np.mean([d[known][method][0][top] for d in draws]) for known in ("one", "two") for top in _TOPS]
        table.append([method, *(f"{value:.3f}" for value in values)])
    report.table(head, table)
    lines = []
    for top in _TOPS:
        expected, actual = (np.mean([d["honest"][top][i] for d in draws]) for i in (0, 1))
        lines.append([str(top), f"{expected:.3f}", f"{actual:.3f}"])
    report.words(
        "Expected beside actual number of true cases in a list, with the prior set to what was planted (every query "
        "has a series of the mean length):"
    )
    report.table(["list of", "expected true", "actual true"], lines)


def _draw(
    rows: list[Row], seed: int, settings: PlantSettings, ceilings: Mapping[str, Mapping[str, Ceiling]]
) -> dict[str, Any]:
    planted = plant(rows, _neighbours(), seed, settings)
    searched = [row for row in planted.among(rows) if row["homicide_type"] == MURDER]
    matcher = _imported(searched)
    order = {key: i for i, key in enumerate(matcher.profiles.ids)}
    place = [order[f"shr-map:{row['rowid']}"] for row in searched]
    series = {name: [order[f"shr-map:{rowid}"] for rowid in ids] for name, ids in planted.truth.items()}
    columns = {name: np.empty(len(searched), dtype=object) for name in searched[0]}
    for row, at in zip(searched, place, strict=True):
        for name, value in row.items():
            columns[name][at] = value

    def ours(known: Sequence[int]) -> Floats:
        return against_all(matcher.background, known)

    methods: dict[str, Any] = {"Thaw": ours, **{name: _best_of(one) for name, one in _baselines(columns).items()}}
    found: dict[str, Any] = {"each": {}, "one": {}, "two": {}}
    among = {"": np.ones(len(searched), dtype=bool), _AMONG_UNKNOWN: columns["off_sex"] == "Unknown"}
    date = columns["year"].astype(int) * 12 + columns["month"].astype(int)
    ordered = [sorted(members, key=lambda row: (date[row], row)) for members in series.values()]
    queries = {
        "each": [([row], [r for r in members if r != row]) for members in ordered for row in members],
        "one": [(members[:1], members[1:]) for members in ordered],
        "two": [(members[:2], members[2:]) for members in ordered],
    }
    for name, scores_of in methods.items():
        for kind, asked in queries.items():
            for more, recall in _recalls(scores_of, asked, among).items():
                found[kind][name + more] = recall
    in_order = [row for _, row in sorted(zip(place, searched, strict=True), key=lambda pair: pair[0])]
    for name, by_choice in ceilings.items():
        for more, ceiling in by_choice.items():
            scores_of = partial(ceiling.scores, ceiling.words.columns(in_order))
            for kind, asked in queries.items():
                found[kind] |= {name + one: it for one, it in _recalls(scores_of, asked, {more: among[more]}).items()}
    found["honest"] = _honest(matcher, planted, series)
    return found


def _best_of(scores_of: Callable[[int], Floats]) -> Callable[[Sequence[int]], Floats]:
    return lambda known: np.max([scores_of(row) for row in known], axis=0)


def _imported(rows: Sequence[Row]) -> Matcher:
    with tempfile.TemporaryDirectory() as scratch:
        table = Path(scratch) / "planted.csv"
        with table.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        book = Path(scratch) / "book"
        init_book(book, None, utc_now, "bench")
        desk = session(open_book(book), "bench")
        (file,) = import_files(desk, [table])["files"]
        assert file["stored"] == len(rows), file
        matcher = matcher_for(desk, desk.look("bench"))
        desk.book.close()
    return matcher


def _baselines(columns: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Same county and weapon (nearer in time first), MAP cell (county, sex, weapon), Jaccard over seven fields."""
    month = columns["year"].astype(float) * 12 + columns["month"].astype(float)
    codes = {name: np.unique(columns[name].astype(str), return_inverse=True)[1] for name in _JACCARD}
    age = np.array([min(int(a) // 10, 99) for a in columns["vic_age"]])
    decade = columns["year"].astype(int) // 10

    def county_and_weapon(i: int) -> Floats:
        same = (codes["fip"] == codes["fip"][i]) & (codes["weapon_code"] == codes["weapon_code"][i])
        return np.where(same, -np.abs(month - month[i]), -np.inf)

    def map_cell(i: int) -> Floats:
        cell = [codes[name] == codes[name][i] for name in ("fip", "vic_sex", "weapon_code")]
        return np.where(cell[0] & cell[1] & cell[2], 1.0, 0.0)

    def jaccard(i: int) -> Floats:
        same = sum((values == values[i]).astype(float) for values in (*codes.values(), age, decade))
        return np.asarray(same / (2 * (len(codes) + 2) - same))

    return {"same county and weapon, nearest in time": county_and_weapon, "MAP cell": map_cell, "Jaccard": jaccard}


_JACCARD = ("fip", "vic_sex", "weapon_code", "circumstance_code", "situation_code")


_Recall = tuple[dict[int, float], dict[int, float]]
_Asked = Sequence[tuple[Sequence[int], Sequence[int]]]


def _recalls(
    scores_of: Callable[[Sequence[int]], Floats], asked: _Asked, among: Mapping[str, NDArray[np.bool_]]
) -> dict[str, _Recall]:
    """Recall and share of queries with a hit, by list length, for each way to choose who is searched."""
    recalls: dict[str, dict[int, list[float]]] = {more: {top: [] for top in _TOPS} for more in among}
    hits: dict[str, dict[int, list[float]]] = {more: {top: [] for top in _TOPS} for more in among}
    for known, sought in asked:
        every = scores_of(known)
        for more, eligible in among.items():
            scores = np.where(eligible, every, -np.inf)
            scores[list(known)] = -np.inf
            for top in _TOPS:
                shares = [_share_inside(scores, other, top) for other in sought]
                recalls[more][top].append(float(np.mean(shares)))
                hits[more][top].append(1.0 - float(np.prod([1 - share for share in shares])))
    return {
        more: tuple({top: float(np.mean(values)) for top, values in part[more].items()} for part in (recalls, hits))  # type: ignore[misc]
        for more in among
    }


def _share_inside(scores: Floats, target: int, top: int) -> float:
    """Chance that the target is among the first `top` when ties are broken at random; -inf is never listed."""
    value = scores[target]
    if value == -np.inf:
        return 0.0
    above, tied = int((scores > value).sum()), int((scores == value).sum())
    return float(np.clip((top - above) / tied, 0.0, 1.0))


def _honest(matcher: Matcher, planted: Planted, series: Mapping[str, list[int]]) -> dict[int, tuple[float, float]]:
    mean_length = sum(len(members) ** 2 for members in series.values()) / sum(len(m) for m in series.values())
    prior = Prior(serial_share=1.0, series_length=mean_length)
    found: dict[int, list[tuple[float, int]]] = {top: [] for top in _TOPS}
    for members in series.values():
        for query in members:
            scores = score(matcher.background, matcher.profiles.profile(query))
            for top in _TOPS:
                ranking = rank(scores, top=top, prior=prior)
                true = sum(match.index in members for match in ranking.results)
                found[top].append((ranking.expected_true, true))
    return {top: tuple(float(np.mean([pair[i] for pair in pairs])) for i in (0, 1)) for top, pairs in found.items()}  # type: ignore[misc]


def _sample() -> list[Row]:
    with duckdb.connect() as db:
        result = db.execute("SELECT * FROM read_parquet(?)", [str(data_path("sample/shr_west8_1976_2018.parquet"))])
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
