"""What could be found at most: a scorer that was told how the planted series were made, beside those that were not.

It learns from pairs that the same generator plants with other seeds, and from random pairs: an additive logistic model
of one table per field (what the other case holds, and whether the query holds the same), and one of which fields agree
together. Nobody has such pairs of real series. It shows how much these columns hold, not what a method should reach.

Two of them. One sets planted pairs against pairs of a planted case with a real row: it also learns by which marks the
generator's own rows can be told from real ones, alone. The other sets them against cases of two planted series: it
learns likeness only, which is what a method that does not know the generator can have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.planted_series import UNKNOWN, PlantSettings, Row, plant

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
_SEED = 90_001  # far from the seeds that are asked
_SERIES = 800
_PAIRS = 200_000
_CODED = ("vic_sex", "weapon_code", "circumstance_code", "situation_code")
_AGE_GAPS = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 24, 40])
_MONTH_GAPS = np.array([0, 1, 3, 6, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120, 150, 200, 300])
_ROUNDS = 60
_HELD_BACK = 5.0  # cases of no effect that each cell of a table starts with, against luck in rare cells


@dataclass(frozen=True)
class Columns:
    """Rows as numbers: a code per field, age in years or -1, county and its size class, months since year 0."""

    coded: Mapping[str, Codes]
    unknown: Mapping[str, NDArray[np.bool_]]
    age: Codes
    county: Codes
    size: Codes
    month: Codes


@dataclass(frozen=True)
class Words:
    """The values that all sets of rows share, so that a code means the same in each; `beside[a, b]` of counties."""

    coded: Mapping[str, Mapping[Any, int]]
    county: Mapping[str, int]
    size: Codes
    beside: NDArray[np.bool_]

    @staticmethod
    def of(rows: Sequence[Row], neighbours: Mapping[str, Sequence[str]]) -> Words:
        """From the rows before planting."""
        coded = {name: {value: code for code, value in enumerate(sorted({r[name] for r in rows}))} for name in _CODED}
        county = {fips: code for code, fips in enumerate(sorted({row["fip"] for row in rows}))}
        counts = np.bincount([county[row["fip"]] for row in rows])
        beside = np.zeros((len(county), len(county)), dtype=np.bool_)
        for fips, code in county.items():
            beside[code, [county[other] for other in neighbours.get(fips, ()) if other in county]] = True
        return Words(coded, county, np.minimum(np.log2(counts).astype(np.intp), 15), beside)

    def columns(self, rows: Sequence[Row]) -> Columns:
        """These rows as numbers."""
        county = np.array([self.county[row["fip"]] for row in rows])
        age = np.array([-1 if row["vic_age"] == UNKNOWN["vic_age"] else row["vic_age"] for row in rows])
        return Columns(
            {name: np.array([values[row[name]] for row in rows]) for name, values in self.coded.items()},
            {name: np.array([row[name] == UNKNOWN.get(name) for row in rows]) for name in self.coded},
            age,
            county,
            self.size[county],
            np.array([row["year"] * 12 + row["month"] for row in rows]),
        )

    def tables(self, ours: Columns, one: Codes, theirs: Columns, two: Codes) -> list[tuple[Codes, int]]:
        """For each table of the model the cell of every pair (row `one` of ours, row `two` of theirs), and its size."""
        cells, agree = [], []
        for name, values in self.coded.items():
            same = ours.coded[name][one] == theirs.coded[name][two]
            silent = ours.unknown[name][one]
            cells.append((theirs.coded[name][two] * 3 + np.where(silent, 2, same), len(values) * 3))
            agree.append(same & ~silent)
        age, other = ours.age[one], theirs.age[two]
        gap = np.searchsorted(_AGE_GAPS, np.abs(age - other), "right")
        known = (age >= 0) & (other >= 0)
        decade = np.where(other < 0, 10, np.minimum(other // 10, 9))
        cells.append((np.where(known, gap, 0) * 11 + decade, (_AGE_GAPS.size + 1) * 11))
        agree.append(known & (np.abs(age - other) <= 8))
        same = ours.county[one] == theirs.county[two]
        near = self.beside[ours.county[one], theirs.county[two]]
        cells.append((np.where(same, 2, near) * 16 + theirs.size[two], 48))
        agree.append(same | near)
        months = np.abs(ours.month[one] - theirs.month[two])
        cells.append((np.searchsorted(_MONTH_GAPS, months, "right"), _MONTH_GAPS.size + 1))
        agree.append(months < 120)
        pattern = sum(bits.astype(np.intp) << place for place, bits in enumerate(agree))
        cells.append((np.asarray(pattern), 1 << len(agree)))
        return cells


@dataclass(frozen=True)
class Ceiling:
    """The learned tables: natural log odds that two rows have one offender, up to a constant."""

    words: Words
    weights: tuple[Floats, ...]

    @staticmethod
    def learn(
        rows: Sequence[Row],
        neighbours: Mapping[str, Sequence[str]],
        settings: PlantSettings,
        strangers: Sequence[Row] | None,
    ) -> Ceiling:
        """From pairs planted with other seeds, and as many of a planted case with one of another hand.

        strangers  the real rows that those of another hand are drawn from; None: cases of other planted series
        """
        words = Words.of(rows, neighbours)
        rng = np.random.Generator(np.random.PCG64(_SEED))
        real = None if strangers is None else words.columns(strangers)
        parts: list[list[tuple[Codes, int]]] = []
        truth: list[Floats] = []
        seed, have = _SEED, 0
        more = PlantSettings(n_series=_SERIES, noise=settings.noise, copy_rate=settings.copy_rate)
        while have < _PAIRS:
            planted = plant(rows, neighbours, seed, more)
            place = {row["rowid"]: at for at, row in enumerate(planted.rows)}
            ids = [[place[rowid] for rowid in series] for series in planted.truth.values()]
            pairs = np.array([(a, b) for series in ids for a in series for b in series if a != b])
            cases = words.columns(planted.rows)
            others = cases if real is None else real  # of 800 series one in 800 of those drawn is the same: let stand
            drawn = rng.integers(0, others.age.size, len(pairs))
            parts.append(words.tables(cases, pairs[:, 0], cases, pairs[:, 1]))
            parts.append(words.tables(cases, pairs[:, 0], others, drawn))
            truth += [np.ones(len(pairs)), np.zeros(len(pairs))]
            seed, have = seed + 1, have + len(pairs)
        cells = [(np.concatenate([part[at][0] for part in parts]), size) for at, (_, size) in enumerate(parts[0])]
        return Ceiling(words, _additive(cells, np.concatenate(truth)))

    def scores(self, columns: Columns, known: Sequence[int]) -> Floats:
        """Log odds of every row with the known ones, summed over these."""
        everyone = np.arange(columns.age.size)
        total = np.zeros(everyone.size)
        for row in known:
            cells = self.words.tables(columns, np.full(everyone.size, row), columns, everyone)
            for weights, (codes, _) in zip(self.weights, cells, strict=True):
                total += weights[codes]
        return total


def _additive(cells: Sequence[tuple[Codes, int]], truth: Floats) -> tuple[Floats, ...]:
    """Tables whose sum is the log odds of the truth: one Newton step per table in turn, held back by a ridge."""
    weights = [np.zeros(size) for _, size in cells]
    total = np.zeros(truth.size)
    for _ in range(_ROUNDS):
        for table, (codes, size) in zip(weights, cells, strict=True):
            said = 1 / (1 + np.exp(-total))
            slope = np.bincount(codes, truth - said, size) - _HELD_BACK / 4 * table
            step = slope / (np.bincount(codes, said * (1 - said), size) + _HELD_BACK / 4)
            table += step
            total += step[codes]
    return tuple(weights)
