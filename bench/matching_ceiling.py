"""How well could anybody do with a field left out? A ranker that has learned from the generator itself.

It learns, from bodies that the generator made of other people, how often each finding goes with its own person and
with a stranger, in counted tables; the comparison under test has no such knowledge. Its tables take fields one by one
(the age together with the width of its interval, dates with the state of the remains), so it is close to the best that
can be done with what the bodies say, and no strict bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from bench.invented_bodies import body_of, invented_missing
from thaw.identify import FIELDS, Gallery, PersonRecord
from thaw.identify.matching.columns import DAYS, Columns, columns_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_GAPS = (-1, -0.1, 0, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30)
_YEARS = (-20, -10, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 12, 20, 35)
_WORDS = (-2, -1, -0.3, -0.05, 0.05, 0.3, 0.6, 1, 1.5, 2, 2.5, 3, 3.5)


def _binned(values: Floats, edges: Sequence[float]) -> Ints:
    """Number of the bin from 1; 0 where not known."""
    found: Ints = np.where(np.isnan(values), 0, np.searchsorted(np.array(edges, float), np.nan_to_num(values)) + 1)
    return found


def _age(u: Columns, m: Columns) -> Ints:
    lived = np.clip(np.nan_to_num((u.day - m.day) / DAYS), 0, 80)
    low = _binned(m.age_low - u.age_low, _YEARS)
    high = _binned(m.age_low - u.age_high, _YEARS)
    older = np.searchsorted(np.array([0.5, 2.0, 6.0]), lived)
    return np.where((low == 0) | (high == 0), 0, 1 + older + 4 * (high + 17 * low))


def _death(u: Columns, m: Columns) -> Ints:
    low = _binned(m.day / DAYS - u.death_low, _YEARS)
    high = _binned(m.day / DAYS - u.death_high, _YEARS)
    return np.where((low == 0) | (high == 0), 0, 1 + high + 17 * low)


def _codes(u: Ints, m: Ints, number: int) -> Ints:
    return np.where((u < 0) | (m < 0), 0, 1 + u * number + m)


def _ancestry(u: Columns, m: Columns) -> Ints:
    return np.where((u.ancestry == 0) | (m.ancestry == 0), 0, 1 + u.ancestry * 64 + m.ancestry)


_STATED: Mapping[str, Callable[[Columns, Columns], Ints]] = {
    "date": lambda u, m: _binned((u.day - m.day) / DAYS, _GAPS),
    "age": _age,
    "death": _death,
    "sex": lambda u, m: _codes(u.sex, m.sex, 2),
    "stature": lambda u, m: _binned(u.stature - m.stature, np.arange(-30, 31, 2.5)),
    "weight": lambda u, m: _binned(u.weight - m.weight, np.arange(-1, 1.05, 0.1)),
    "ancestry": _ancestry,
    "hair": lambda u, m: _codes(u.hair, m.hair, 8),
    "eyes": lambda u, m: _codes(u.eyes, m.eyes, 6),
}


class Ceiling:
    """Counted tables: log10 of how much more often a finding goes with its own person than with a stranger."""

    def __init__(self, gallery: Gallery, seed: int, made: int = 40_000) -> None:
        random = Random(seed)
        people = [invented_missing(random, f"teacher-{i}") for i in range(made)]
        bodies = [body_of(person, random, level=0.0) for person in people]
        model = gallery.model
        self.gallery = gallery
        self.columns = columns_of(gallery.records, model)
        u, m = columns_of(bodies, model), columns_of(people, model)
        others = [m.rows(np.roll(np.arange(made), shift)) for shift in range(1, 11)]
        self.tables: dict[str, Floats] = {}
        for name, stated in _STATED.items():
            own = self._state(u, stated(u, m))
            away = np.concatenate([self._state(u, stated(u, other)) for other in others])
            size = int(max(own.max(), away.max())) + 2
            same, apart = np.bincount(own, minlength=size) + 0.5, np.bincount(away, minlength=size) + 5.0
            # A field may be missing on purpose: what it says is only asked among those that have it.
            known = np.arange(size) >= 4
            same, apart = same / same[known].sum(), apart / apart[known].sum()
            self.tables[name] = np.where(known, np.log10(same / apart), 0.0)

    def _state(self, u: Columns, stated: Ints) -> Ints:
        return stated * 4 + u.remains if stated.shape == u.remains.shape else stated * 4 + u.remains[..., 0]

    def ranks(self, pairs: Sequence[tuple[PersonRecord, PersonRecord]], without: str) -> list[int]:
        """Rank of the true person of each body, the field `without` left out; what is worn and seen as we weigh it."""
        found = []
        for person, body in pairs:
            u = columns_of([body], self.gallery.model)
            total = np.zeros(len(self.gallery))
            for name, stated in _STATED.items():
                if name != without:
                    at = stated(u, self.columns) * 4 + u.remains[0]
                    table = self.tables[name]
                    total += table[np.minimum(at, len(table) - 1)]
            supports = self.gallery.supports(body)
            for name in ("place", "marks", "clothing"):
                if name != without:
                    total += supports[FIELDS.index(name)]
            mine = total[self.gallery.position[person.id]]
            found.append(int((total > mine).sum()) + 1)
        return found
