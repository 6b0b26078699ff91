"""One case against many: log10 Bayes factors in total and by feature.

In: a fitted `Background`, the query's `Profile`, and the cases. Out: `Scores`. The wide pass is table look-ups and sums
in one fixed order, so a case's score does not depend on where it stands or what stands around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError
from thaw.linkage.background import Background, Coded
from thaw.linkage.profiles import Profile, Profiles

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """log10 Bayes factors of N cases against one query.

    total   float64, N: sum of the features' factors, as for the steadiest offender; `log10_bf` averages over steadiness
    rows    per feature known in the query: log10 factor of each level, then 0 for unknown
    values  the query's known values
    """

    background: Background
    query: Profile
    coded: Coded
    values: Mapping[str, Any]
    rows: Mapping[str, Floats]
    total: Floats

    @property
    def features(self) -> tuple[str, ...]:
        """All features in scoring order."""
        return self.background.preset.names()

    def feature(self, name: str) -> Floats:
        """log10 Bayes factors of one feature, N; 0 where it is unknown on either side. Raises InputError."""
        if name not in self.features:
            raise InputError(
                where="scores",
                got=f"the feature {name}",
                want="one of: " + ", ".join(self.features),
                fix="Name one of them.",
            )
        if name not in self.rows:
            return np.zeros(self.total.size)
        return np.asarray(self.rows[name][self.coded.codes[name]])

    def log10_bf(self, rows: NDArray[np.intp] | None = None) -> Floats:
        """log10 Bayes factors of these cases (all if None): "same offender" over "different offenders"."""
        steadiness = self.background.preset.steadiness
        if rows is None:
            rows = np.arange(self.total.size)
        if steadiness.degrees == (1.0,):
            return self.total[rows]
        parts = np.zeros((rows.size, len(self.rows)))
        for place, (name, factors) in enumerate(self.rows.items()):
            parts[:, place] = factors[self.coded.codes[name][rows]]
        return steadiness.log10_bf(parts)

    def parts_of(self, index: int) -> dict[str, float]:
        """log10 Bayes factor by feature of case `index`, for the features known on both sides."""
        codes = {name: int(self.coded.codes[name][index]) for name in self.rows}
        return {name: float(self.rows[name][code]) for name, code in codes.items() if code >= 0}


def score(background: Background, query: Profile, profiles: Profiles | None = None) -> Scores:
    """Scores of the query against the background's own cases, or against other cases with the background's rates.

    The query itself is scored like any case if it is among them; `rank` leaves it out. Never NaN.
    """
    coded = background.coded if profiles is None else background.encode(profiles)
    values = background.values(query)
    rows = {name: _row(background, coded, name, value) for name, value in values.items()}
    total = np.zeros(len(coded.profiles))
    looked_up = np.empty_like(total)
    for pack in coded.packs:
        if any(name in rows for name in pack.names):
            np.take(pack.table(rows), pack.codes, out=looked_up, mode="clip")
            total += looked_up
    return Scores(background, query, coded, values, rows, total)


def _row(background: Background, coded: Coded, name: str, value: Any) -> Floats:
    levels = background.rates[name].log10_bf(value, coded.comparisons[name], coded.weights[name])
    return np.append(levels, 0.0)
