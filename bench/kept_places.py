"""Another way to fill a list of fifty: places 11 to 50 kept for those whom one wrong field would hide.

Tried against the list by support, which it does not beat: docs/decisions/0015-first-fifty-by-support.md. The first ten
are the likeliest. Of the next forty the model asks: suppose that exactly one of the fields by which people filter is
wrong, each as likely, and nobody knows which; whom must the list still show, so that list and exception lane together
miss the name least often?
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from thaw.identify import Gallery, PersonRecord
from thaw.identify.matching.columns import columns_of
from thaw.identify.matching.gallery import PAIRED, capped, voided
from thaw.identify.matching.likelihood import place as place_likelihood

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
FIRST, LAST = 10, 50  # by support alone; kept
_LANE = 5
_LOOKED_AT = 3 * LAST  # of each order; whoever stands lower in all of them adds next to nothing
_LN10 = float(np.log(10.0))


def if_wrong(gallery: Gallery, person: PersonRecord, without: Mapping[tuple[str, ...], Floats]) -> dict[str, Floats]:
    """By each field that people filter by: the log10 support of all if that one were wrong, shape (n,) each.

    without  as `Gallery.compared` gives it
    What is wrong says nothing; but of a wrong place only that the body does not lie near where somebody was last seen:
    a place that says nothing at all leaves a crowd that no list holds.
    """
    found = {name: without[(name,)] for name in PAIRED if (name,) in without}
    if "place" in found:
        found["place"] = found["place"] + not_near(gallery, person)
    return found


def not_near(gallery: Gallery, person: PersonRecord) -> Floats:
    """log10 support of a place with the part of the shortest reach taken out, shape (n,)."""
    table = gallery.model["place"]
    numbers = {**gallery.model.numbers, "place": {**table, "weights": [0.0, *table["weights"][1:]]}}
    model = replace(gallery.model, numbers=numbers)
    value, known = (part[0] for part in place_likelihood(columns_of([person], model).upright(), gallery.columns, model))
    weight = np.where(known, gallery.weights, 0.0)
    mean = float((weight * value).sum() / weight.sum())
    support: Floats = capped(np.log10(voided(value / mean, "place", model)), model)
    return np.where(known, support, 0.0)[: len(gallery)]


def kept(score: Floats, wrong: Mapping[str, Floats], top: int) -> Ints:
    """Who stands in a list of `top`, shape (at most top,), in the order of support.

    score  log10 support of everybody; wrong  as `if_wrong` gives it

    Each place goes to whoever adds most to the probability that the list, or the five best of the rest without the
    wrong field, hold the name. That gain is the sum over the fields of the person's weight, or of the weight of the
    sixth of the rest where that is less: who stands among the five is shown there already. The sum has diminishing
    returns, so that taking the best one by one comes close to the best choice (Nemhauser, Wolsey, Fisher 1978).
    """
    by_support = best(score, top)
    chosen = list(by_support[:FIRST])
    if len(by_support) <= FIRST or len(by_support) < top or not wrong:
        return by_support
    orders = np.stack(list(wrong.values()))
    near: Ints = np.unique(np.concatenate([*(best(one, _LOOKED_AT) for one in orders), by_support]))
    weight = np.exp((orders[:, near] - orders.max()) * _LN10)
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
    """Indices of the highest, best first; equal ones in the order of the list."""
    near = np.arange(len(score))
    if top < len(score):
        near = np.flatnonzero(score >= np.partition(score, len(score) - top)[len(score) - top])
    order: Ints = near[np.lexsort((near, -score[near]))][:top]
    return order


def _sixth(weight: Floats, ranked: Ints, taken: NDArray[np.bool_]) -> Floats:
    """Of each order the weight of the sixth of those who are not taken, 0 where there are fewer."""
    free = ~taken[ranked]
    at = (np.cumsum(free, axis=1) == _LANE + 1) & free
    where = np.where(at.any(axis=1), at.argmax(axis=1), ranked.shape[1] - 1)
    rows = np.arange(len(weight))
    return np.where(at.any(axis=1), weight[rows, ranked[rows, where]], 0.0)
