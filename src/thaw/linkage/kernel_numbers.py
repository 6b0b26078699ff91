"""Numbers that the compiled loop and those who prepare its tables share; apart from it, because it brings numba."""

from __future__ import annotations

import numpy as np

BUCKET_BITS = 18  # 32 buckets in each doubling of a number
TILE = 512
ABSENT = np.float32(1e8)  # stands for what is not known: the compiler may take it that no number is NaN
