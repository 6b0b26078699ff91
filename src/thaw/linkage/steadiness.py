"""How steadily an offender repeats himself is not known: the Bayes factor of a pair is averaged over it.

One consistency per feature says how often offenders repeat on the whole. But a steady offender repeats in many fields
and an unsteady one in few, so what a match says hangs on the others. With steadiness k the factor B of a feature is
1 + k (B - 1): all of it at 1, nothing at 0. The factor of a pair is the mean over k of the product over its features.

In: log10 factors by feature at k = 1. Out: log10 of the mean, and the share of each feature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thaw.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Steadiness:
    """The kinds of offenders that are averaged over: `degrees` from 0 to 1 and their `shares`, which add up to 1."""

    degrees: tuple[float, ...] = (1.0,)
    shares: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        good = len(self.degrees) == len(self.shares) > 0 and abs(sum(self.shares) - 1) < 1e-9
        if not good or min(self.shares) < 0 or not 0 <= min(self.degrees) <= max(self.degrees) <= 1:
            raise InputError(
                where="linkage preset, steadiness",
                got=f"degrees {list(self.degrees)}, shares {list(self.shares)}",
                want="degrees from 0 to 1 and as many shares that add up to 1",
                fix="Correct the preset.",
            )

    @staticmethod
    def even(kinds: int) -> Steadiness:
        """Every steadiness from 0 to 1 as likely as any other: the Gauss-Legendre points of the unit interval.

        Exact for up to 2 * kinds - 1 known features, since the product is a polynomial of that degree.
        """
        points, weights = np.polynomial.legendre.leggauss(kinds)
        shares = weights / 2
        return Steadiness(tuple(((points + 1) / 2).tolist()), tuple((shares / shares.sum()).tolist()))

    def log10_bf(self, parts: ArrayLike) -> Floats:
        """log10 Bayes factors of N pairs from an (N, F) array of log10 factors by feature, 0 where nothing is known."""
        factors = np.power(10.0, np.asarray(parts, dtype=np.float64)) - 1.0
        total = np.zeros(factors.shape[:-1])
        for degree, share in zip(self.degrees, self.shares, strict=True):
            # The product of at most 24 factors of at most 1,100 each stays far below the largest float.
            total += share * np.prod(1.0 + degree * factors, axis=-1)
        return np.asarray(np.log10(total))

    def bars(self, parts: Sequence[float]) -> list[float]:
        """What each feature adds to the log10 Bayes factor when they are taken in this order; adds up to the whole.

        A bar has the sign of its feature's own factor; a match adds more when those before it matched, too.
        """
        reached = self.log10_bf([[*parts[:count], *([0.0] * (len(parts) - count))] for count in range(len(parts) + 1)])
        return [float(bar) for bar in np.diff(reached)]
