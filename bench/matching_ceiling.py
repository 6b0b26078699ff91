"""How well could anybody do with a wrong field? A ranker that has learned from the generator itself.

It learns, from bodies that the generator made of other people, how often each finding goes with its own person and
with a stranger, in counted tables, and how far the body lies from where its person was last seen. How much each field
counts beside the others is then fitted to bodies of people of the list who are not asked for (a conditional logit, by
state of the remains), so that what hangs together does not count twice. The comparison under test has no such
knowledge. It is close to the best that can be done with what the bodies say, and no strict bound.
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
_KM = (0.0, 0.5, 1, 2, 3, 5, 7, 10, 14, 20, 30, 50, 80, 130, 200, 350, 600, 1_000, 2_000, 21_000)
_EARTH_KM = 6371.0
_LN10 = float(np.log(10.0))
_STRANGERS, _LEARNED_FROM = 200, 1_200  # of the list beside each body whose fields are weighed; so many bodies
VOID = 0.03  # a field that may be wrong never says less


def _binned(values: Floats, edges: Sequence[float]) -> Ints:
    """Number of the bin from 1; 0 where not known."""
    found: Ints = np.where(np.isnan(values), 0, np.searchsorted(np.array(edges, float), np.nan_to_num(values)) + 1)
    return found


def _age(u: Columns, m: Columns) -> Ints:
    lived = np.clip(np.nan_to_num((u.day - m.day) / DAYS), 0, 80)
    return _aged(u, m, np.searchsorted(np.array([0.5, 2.0, 6.0]), lived))


def _undated_age(u: Columns, m: Columns) -> Ints:
    return _aged(u, m, np.zeros(np.broadcast_shapes(u.day.shape, m.day.shape), dtype=np.int64))


def _aged(u: Columns, m: Columns, older: Ints) -> Ints:
    low = _binned(m.age_low - u.age_low, _YEARS)
    high = _binned(m.age_low - u.age_high, _YEARS)
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
    "undated age": _undated_age,
    "death": _death,
    "sex": lambda u, m: _codes(u.sex, m.sex, 2),
    "stature": lambda u, m: _binned(u.stature - m.stature, np.arange(-30, 31, 2.5)),
    "weight": lambda u, m: _binned(u.weight - m.weight, np.arange(-1, 1.05, 0.1)),
    "ancestry": _ancestry,
    "hair": lambda u, m: _codes(u.hair, m.hair, 8),
    "eyes": lambda u, m: _codes(u.eyes, m.eyes, 6),
}
_RANKED = ("date", "age", "death", "sex", "stature", "weight", "ancestry", "hair", "eyes", "place", "marks", "clothing")


class Ceiling:
    """Counted tables: log10 of how much more often a finding goes with its own person than with a stranger.

    avoid  ids of people whose bodies are asked for: nothing is learned from theirs
    """

    def __init__(self, gallery: Gallery, seed: int, avoid: frozenset[str], made: int = 40_000) -> None:
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
        far = _distance(u, m)
        inside = np.histogram(far[~np.isnan(far)], _KM)[0] + 0.5
        self.density = inside / inside.sum() / np.diff(np.array(_KM) ** 2)
        some = random.sample([one for one in gallery.records if one.id not in avoid], _LEARNED_FROM)
        self._taught = [(gallery.position[one.id], body_of(one, random, level=0.0)) for one in some]
        self._strangers = np.array(random.sample(range(len(gallery)), _STRANGERS))
        self._weighed: dict[str | None, Floats] = {}
        self._examples: list[tuple[int, Floats]] = []

    def _state(self, u: Columns, stated: Ints) -> Ints:
        return stated * 4 + u.remains if stated.shape == u.remains.shape else stated * 4 + u.remains[..., 0]

    def said(self, body: PersonRecord, among: Ints | None = None) -> Floats:
        """log10 of what each field says, before it is weighed: shape (len(_RANKED) + 1, people).

        The last row is the age as it is judged where the date is not known.
        """
        u = columns_of([body], self.gallery.model)
        m = self.columns if among is None else self.columns.rows(among)
        supports = self.gallery.supports(body)
        supports = supports if among is None else supports[:, among]
        rows = []
        for name in (*_RANKED, "undated age"):
            if name == "place":
                rows.append(self._near(u, m))
            elif name in _STATED:
                table = self.tables[name]
                rows.append(table[np.minimum(_STATED[name](u, m) * 4 + u.remains[0], len(table) - 1)])
            else:
                rows.append(supports[FIELDS.index(name)])
        return np.array(rows)

    def _near(self, u: Columns, m: Columns) -> Floats:
        far = _distance(u, m)
        known = ~np.isnan(far)
        density = self.density[np.clip(np.searchsorted(np.array(_KM), np.nan_to_num(far), "right") - 1, 0, 18)]
        mean = density[known].mean() if known.any() else 1.0
        return np.where(known, np.log10(density / mean), 0.0)

    def weights(self, without: str | None) -> Floats:
        """How much each row of `said` counts, one column for each state of the remains; fitted when first asked for."""
        if without not in self._weighed:
            if not self._examples:
                for mine, body in self._taught:
                    among = np.append(mine, self._strangers[self._strangers != mine])
                    state = int(columns_of([body], self.gallery.model).remains[0])
                    self._examples.append((state, self.said(body, among)))
            used = self._used(without)
            found = np.zeros((len(_RANKED) + 1, 4))
            for state in range(4):
                found[used, state] = _fitted([said[used] for at, said in self._examples if at == state], len(used))
            self._weighed[without] = found
        return self._weighed[without]

    @staticmethod
    def _used(without: str | None) -> list[int]:
        rows = [i for i, name in enumerate(_RANKED) if name != without]
        return [len(_RANKED) if without == "date" and _RANKED[i] == "age" else i for i in rows]

    def support(
        self, body: PersonRecord, without: str | None, *, said: Floats | None = None, void: float = 0.0
    ) -> Floats:
        """log10 support of everybody, the field `without` left out; `void` as where any one field may be wrong.

        said  as `said(body)` gives it, where that is there already
        """
        state = int(columns_of([body], self.gallery.model).remains[0])
        weights = self.weights(without)[:, state]
        parts = weights[:, None] * (self.said(body) if said is None else said)
        if void:
            parts = np.where(weights[:, None] != 0, np.log10((1 - void) * 10**parts + void), 0.0)
        total: Floats = parts.sum(axis=0)
        return total

    def ranks(self, pairs: Sequence[tuple[PersonRecord, PersonRecord]], without: str) -> list[int]:
        """Rank of the true person of each body, told that what the body's record says in `without` is worthless."""
        found = []
        for person, body in pairs:
            total = self.support(body, without)
            found.append(int((total > total[self.gallery.position[person.id]]).sum()) + 1)
        return found


def _distance(u: Columns, m: Columns) -> Floats:
    """km between the first place of each; NaN where one is not known."""
    chord = np.sqrt(((u.units[:, 0] - m.units[:, 0]) ** 2).sum(axis=-1))
    far = 2 * _EARTH_KM * np.arcsin(np.minimum(chord / 2, 1.0))
    return np.where(np.isnan(u.radii[:, 0] + m.radii[:, 0]), np.nan, far)


def _fitted(examples: Sequence[Floats], number: int) -> Floats:
    """Weights of a conditional logit by Newton's method, the first column of each example the right one.

    A little of a prior draws them to 1, so that what is never seen in a state counts as the tables say.
    """
    weights = np.ones(number)
    worth, slope, bend = _likelihood(weights, examples)
    for _ in range(20):
        step = np.linalg.solve(bend, slope)
        if np.abs(step).max() < 1e-4:
            break
        for _ in range(12):  # a full step may overshoot
            told = _likelihood(weights + step, examples)
            if told[0] >= worth:
                break
            step = step / 2
        weights, (worth, slope, bend) = weights + step, told
    return weights


def _likelihood(weights: Floats, examples: Sequence[Floats]) -> tuple[float, Floats, Floats]:
    """Log likelihood with its prior, its slope and the negative of its curvature."""
    worth, slope = -float(((1.0 - weights) ** 2).sum()), 2.0 * (1.0 - weights)
    bend = 2.0 * np.eye(len(weights))
    for said in examples:
        x = said * _LN10
        odds = weights @ x
        odds -= odds.max()
        chance = np.exp(odds)
        worth += float(odds[0] - np.log(chance.sum()))
        chance /= chance.sum()
        mean = x @ chance
        slope += x[:, 0] - mean
        bend += (x * chance) @ x.T - np.outer(mean, mean)
    return worth, slope, bend
