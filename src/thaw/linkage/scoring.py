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
_BLOCK = 1 << 14


@dataclass(frozen=True, slots=True)
class Scores:
    """log10 Bayes factors of N cases against one query.

    total   float64, N: sum of the features' factors, as for the steadiest offender; `log10_bf` averages over steadiness
    rows    per feature known in the query: log10 factor of each level, then 0 for unknown
    values  the query's known values
    alike   per feature with a unit: alikeness of the query's value to every level of these cases
    """

    background: Background
    query: Profile
    coded: Coded
    values: Mapping[str, Any]
    rows: Mapping[str, Floats]
    total: Floats
    alike: Mapping[str, Floats]

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
    rows: dict[str, Floats] = {}
    alike: dict[str, Floats] = {}
    for name, value in values.items():
        rate, levels = background.rates[name], coded.comparisons[name]
        near = levels.alike(value)
        fair = near * rate.weight_of(value)
        fair *= coded.weights[name]
        rows[name] = np.append(rate.log10_of(fair), 0.0)
        if levels.unit is not None:
            alike[name] = near
    total = np.zeros(len(coded.profiles))
    tables = [(pack.table(rows), pack.codes) for pack in coded.packs if any(name in rows for name in pack.names)]
    looked_up = np.empty(_BLOCK)
    # Blocks that stay in the cache, each with all its look-ups: no second column as long as the cases.
    for start in range(0, total.size, _BLOCK):
        block = total[start : start + _BLOCK]
        for table, codes in tables:
            block += np.take(table, codes[start : start + _BLOCK], out=looked_up[: block.size], mode="clip")
    return Scores(background, query, coded, values, rows, total, alike)
