"""The weight that makes a kernel a fair likelihood ratio: one number per value, the opportunity behind it.

In: background shares p and alikeness K of values. Out: weights w with w_a * sum_b p_b K(a,b) w_b = 1 for every a, so
that K(a,b) w_a w_b averages to 1 over a random b, whatever a is, and is the same from both sides. For K = identity the
solution is w = 1/sqrt(p), which is the copy model of linkage.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_TOLERANCE = 1e-12
_MOST_ROUNDS = 200


def balanced_weights(share: Floats, alike: Callable[[int], Floats]) -> tuple[Floats, Floats]:
    """Weights of U values with shares `share` (each > 0), and the (U, U) kernel whose rows `alike(i)` gives.

    Symmetric scaling, w <- sqrt(w / (K p w)): for a positive definite kernel the error at least halves per round.
    Source: Knight, Ruiz and Ucar, SIAM J. Matrix Anal. 35 (2014), general knowledge, not verified.
    """
    kernel = np.array([alike(row) for row in range(share.size)]).reshape(share.size, share.size)
    weight = np.ones(share.size)
    for _ in range(_MOST_ROUNDS):
        seen = kernel @ (share * weight)
        residual = float(np.max(np.abs(weight * seen - 1.0), initial=0.0))
        if residual < _TOLERANCE:
            break
        weight = np.sqrt(weight / seen)
    return weight, kernel


def newcomer_weight(seen: float, self_alikeness: float, own_share: float) -> float:
    """Weight of a value that the background lacks, which counts as `own_share` (half a case) of its own.

    Solves w (seen + own_share * self_alikeness * w) = 1 with seen = sum_b p_b K(new, b) w_b. Without that half case the
    whole copy would have to land on the nearest known value, however far away it is.
    """
    quadratic = own_share * self_alikeness
    # The root in the form that loses no digits when `seen` is large: 2 / (seen + sqrt(seen^2 + 4 q)).
    return 2.0 / (seen + math.sqrt(seen * seen + 4.0 * quadratic))
