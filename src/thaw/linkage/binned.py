"""The peer's Bayes factor: how often a distance or an answer falls into each bin among linked and among unlinked pairs.

The naive Bayes model of Porter (2016) for crime linkage, kept as a baseline and as a check against the outputs of its R
package; the product's own model is `rates`. In: evidence of labelled pairs. Out: natural-log factors of any.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Binned:
    """One evidence variable: bin edges (or the answers themselves) and the natural-log factor of each bin.

    Bins are open below and closed above, the first closed on both sides; what lies outside says nothing (0).
    """

    edges: Floats
    log_bf: Floats
    answers: bool

    @staticmethod
    def fit(
        values: Floats, linked: NDArray[np.bool_], weight: Floats, *, bins: int = 15, degrees: float = 10.0
    ) -> Binned:
        """Quantile bins of all training pairs, shares drawn to equal ones until `degrees` of freedom are left.

        weight  of each linked pair; unlinked ones count 1. With K bins and total weight T each bin gets
        T (K - degrees) / (K (degrees - 1)) more, so that K - 1 free shares keep degrees - 1 of their freedom.
        """
        edges = np.unique(np.quantile(values, np.linspace(0, 1, bins + 1)))
        return _fitted(edges, _bin(values, edges), edges.size - 1, linked, weight, degrees, answers=False)

    @staticmethod
    def fit_answers(values: Floats, linked: NDArray[np.bool_], weight: Floats, *, degrees: float = 10.0) -> Binned:
        """The same for answers such as 0 and 1, each a bin of its own."""
        edges = np.unique(values)
        return _fitted(edges, np.searchsorted(edges, values), edges.size, linked, weight, degrees, answers=True)

    def factor(self, values: Floats) -> Floats:
        """Natural-log factor of each value."""
        if self.answers:
            place = np.minimum(np.searchsorted(self.edges, values), self.edges.size - 1)
            return np.where(self.edges[place] == values, self.log_bf[place], 0.0)
        inside = (values >= self.edges[0]) & (values <= self.edges[-1])
        return np.where(inside, self.log_bf[_bin(values, self.edges)], 0.0)


def _bin(values: Floats, edges: Floats) -> NDArray[np.intp]:
    return np.clip(np.searchsorted(edges, values, side="left") - 1, 0, edges.size - 2)


def _fitted(
    edges: Floats,
    place: NDArray[np.intp],
    count: int,
    linked: NDArray[np.bool_],
    weight: Floats,
    degrees: float,
    *,
    answers: bool,
) -> Binned:
    # The last of K shares follows from the others: as many degrees as bins would leave nothing to draw them together.
    free = min(degrees, count - 1e-8)
    shares = []
    for chosen, heavy in ((linked, weight), (~linked, np.ones(weight.size))):
        held = np.bincount(place[chosen], heavy[chosen], count)
        more = held.sum() * (count - free) / (count * (free - 1))
        shares.append((held + more) / (held.sum() + count * more))
    return Binned(edges, np.log(shares[0] / shares[1]), answers)
