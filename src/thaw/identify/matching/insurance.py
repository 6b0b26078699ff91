"""The places after the tenth of a list: chosen so that no single wrong field hides the name.

The first ten are the likeliest. Of the next forty the model asks: suppose that exactly one of the fields by which
people filter is wrong, each as likely, and nobody knows which; whom must the list still show, so that list and
exception lane together miss the name least often? docs/decisions/0014-places-after-the-tenth.md has the measurements.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .columns import Ints
from .model import LN10, Floats

FIRST = 10  # by support alone
LAST = 50  # later places again by support
_LANE = 5  # whom the lane of each field shows in any case
_LOOKED_AT = 3 * LAST  # of each order; whoever stands lower in all of them adds next to nothing


def insured(score: Floats, if_wrong: Mapping[str, Floats], top: int) -> Ints:
    """Who stands in a list of `top`, shape (at most top,), in the order of support.

    score     log10 support of everybody; -inf for who may never be listed
    if_wrong  by field the log10 support of everybody if that field were wrong, shape (n,) each, -inf as in `score`

    Each place goes to whoever adds most to the probability that the list, or the five best of the rest without the
    wrong field, hold the name. That gain is the sum over the fields of the person's weight, or of the weight of the
    sixth of the rest where that is less: who stands among the five is shown there already. The sum has diminishing
    returns, so that taking the best one by one comes close to the best choice (Nemhauser, Wolsey, Fisher 1978).
    """
    by_support = best(score, top)
    chosen = list(by_support[:FIRST])
    if len(by_support) <= FIRST or len(by_support) < top or not if_wrong:
        return by_support
    orders = np.stack(list(if_wrong.values()))
    near = _looked_at(orders, by_support)
    weight = np.exp((orders[:, near] - orders.max()) * LN10)
    taken = np.isin(near, chosen)
    ranked = np.argsort(-weight, axis=1, kind="stable")
    while len(chosen) < min(top, LAST) and not taken.all():
        gain = np.minimum(weight, _sixth(weight, ranked, taken)[:, None]).sum(axis=0)
        most = int(np.where(taken, -1.0, gain).argmax())
        taken[most] = True
        chosen.append(near[most])
    rest = [i for i in by_support if i not in set(chosen)]
    shown = np.sort(np.array([*chosen, *rest][:top], dtype=np.int64))
    return shown[best(score[shown], top)]


def best(score: Floats, top: int) -> Ints:
    """Indices of the highest, best first; equal ones in the order of the list; those ruled out (-inf) never."""
    if top < len(score):
        bar = np.partition(score, len(score) - top)[len(score) - top]
        near = np.flatnonzero(score >= bar)
    else:
        near = np.arange(len(score))
    order = near[np.lexsort((near, -score[near]))][:top]
    chosen: Ints = order[np.isfinite(score[order])]
    return chosen


def place_of(score: Floats, index: int) -> int:
    """From 1, by this score; of equals the earlier in the list stands first."""
    return int(np.count_nonzero(score > score[index]) + np.count_nonzero(score[:index] == score[index])) + 1


def brought_up(if_wrong: Mapping[str, Floats], index: int) -> tuple[str, int]:
    """The field that would have to be wrong for somebody to stand highest, and the place then."""
    places = {name: place_of(support, index) for name, support in if_wrong.items()}
    field = min(places, key=places.__getitem__)
    return field, places[field]


def _looked_at(orders: Floats, by_support: Ints) -> Ints:
    """Whoever stands high in any of the orders, ascending."""
    near: Ints = np.unique(np.concatenate([*(best(one, _LOOKED_AT) for one in orders), by_support]))
    return near


def _sixth(weight: Floats, ranked: Ints, taken: NDArray[np.bool_]) -> Floats:
    """Of each order the weight of the sixth of those who are not taken, 0 where there are fewer."""
    free = ~taken[ranked]
    at = (np.cumsum(free, axis=1) == _LANE + 1) & free
    where = np.where(at.any(axis=1), at.argmax(axis=1), ranked.shape[1] - 1)
    rows = np.arange(len(weight))
    return np.where(at.any(axis=1), weight[rows, ranked[rows, where]], 0.0)
