"""The compiled inner loops of the scan; imported only by what runs a scan, because it brings numba.

Arrays in, arrays out; what they mean stands in scan_streams.py and scan.py. A candidate is the best window of one
stream within one block of ten years of starts. Every shuffle seeds its own generator, so the answer does not hang on
the number of threads or their order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

BLOCK = 120  # months of starts among which a stream proposes its best window


@njit(cache=True)
def burst_weight(count: Any, mean: Any) -> Any:
    """Log likelihood ratio of a Poisson count against its mean; 0 where the count is not above it."""
    if count <= mean or count < 2:
        return 0.0
    return count * np.log(count / mean) - (count - mean)


@njit(cache=True)
def clearance_weight(unsolved: Any, total: Any, mean: Any, variance: Any) -> Any:
    """A lower bound of minus the log of the chance of so many unsolved; 0 where they are not above the mean.

    Drawing without replacement from strata is a sum of independent indicators, so both bounds hold: Hoeffding's
    (log likelihood ratio of the binomial with the same total and mean) and Bennett's (from mean and variance).
    """
    over = unsolved - mean
    if over <= 0.0:
        return 0.0
    found = unsolved * np.log(unsolved / mean)
    if unsolved < total:
        found += (total - unsolved) * np.log((total - unsolved) / (total - mean))
    ratio = over / variance
    return max(found, variance * ((1.0 + ratio) * np.log(1.0 + ratio) - ratio))


@njit(cache=True)
def burst_candidates(times: Any, starts: Any, means: Any, lengths: Any, limits: Any, out: Any) -> Any:
    """Best windows of every stream: `times` are months of the unsolved incidents of each stream (CSR).

    means   cumulative expected counts, stream x (months + 1)
    limits  the floor, and the largest expected count that is looked at
    out     rows (weight, stream, from, to); returns how many were filled
    """
    months = means.shape[1] - 1
    blocks = months // BLOCK + 1
    upto = np.zeros(months + 1, np.int64)
    best = np.zeros((blocks, 3))
    found = 0
    for stream in range(starts.size - 1):
        if starts[stream + 1] - starts[stream] < 2:
            continue
        upto[:] = 0
        for i in range(starts[stream], starts[stream + 1]):
            upto[times[i] + 1] += 1
        for month in range(months):
            upto[month + 1] += upto[month]
        best[:, :] = 0.0
        for month in range(months):
            if upto[month + 1] == upto[month]:
                continue
            block = month // BLOCK
            for length in lengths:
                end = min(month + length, months)
                count = upto[end] - upto[month]
                mean = means[stream, end] - means[stream, month]
                over = count - mean
                # The log likelihood ratio is below over^2 / (2 mean), so most windows need no logarithm.
                if count < 2 or over <= 0 or mean > limits[1] or over * over < 2 * limits[0] * mean:
                    continue
                weight = count * np.log(count / mean) - over
                if weight >= limits[0] and weight > best[block, 0]:
                    best[block, 0], best[block, 1], best[block, 2] = weight, month, end
        found = _keep(best, stream, out, found)
    return found


@njit(cache=True)
def clearance_candidates(flags: Any, times: Any, starts: Any, windows: Any, opens: Any, floor: Any, out: Any) -> Any:
    """Best windows of every stream: `flags` are 1 for unsolved, one per unit of each stream (CSR, sorted by time).

    windows  rows (from, to, total, mean, variance, least, fixed), those of stream s at opens[s]:opens[s + 1];
             `fixed` unsolved units of strata that are unsolved throughout say nothing and are taken off first
    """
    months = 0
    for time in times:
        months = max(months, time)
    upto = np.zeros(months + 2, np.int64)
    best = np.zeros((months // BLOCK + 2, 3))
    found = 0
    for stream in range(starts.size - 1):
        if opens[stream] == opens[stream + 1]:
            continue
        upto[:] = 0
        for i in range(starts[stream], starts[stream + 1]):
            upto[times[i] + 1] += flags[i]
        for month in range(months + 1):
            upto[month + 1] += upto[month]
        best[:, :] = 0.0
        for w in range(opens[stream], opens[stream + 1]):
            begin, end = int(windows[w, 0]), int(windows[w, 1])
            unsolved = upto[min(end, months + 1)] - upto[begin]
            if unsolved < windows[w, 5]:
                continue
            weight = clearance_weight(unsolved - windows[w, 6], windows[w, 2], windows[w, 3], windows[w, 4])
            block = begin // BLOCK
            if weight >= floor and weight > best[block, 0]:
                best[block, 0], best[block, 1], best[block, 2] = weight, begin, end
        found = _keep(best, stream, out, found)
    return found


@njit(cache=True)
def _keep(best: Any, stream: Any, out: Any, found: Any) -> Any:
    for block in range(best.shape[0]):
        if best[block, 0] > 0.0 and found < out.shape[0]:
            out[found, 0], out[found, 1] = best[block, 0], stream
            out[found, 2], out[found, 3] = best[block, 1], best[block, 2]
            found += 1
    return found


@njit(cache=True)
def distinct(candidates: Any, area: Any, sex: Any, method: Any, overlap: Any, kin: Any) -> Any:
    """Row numbers of the candidates that stay, heaviest first.

    One goes when it shares county, sex, method and time with a heavier one.
    """
    order = np.argsort(-candidates[:, 0], kind="mergesort")
    kept = np.empty(order.size, np.int64)
    count = 0
    for i in order:
        one = int(candidates[i, 1])
        clear = True
        for k in range(count):
            j = kept[k]
            other = int(candidates[j, 1])
            if (
                sex[one] == sex[other]
                and candidates[i, 2] < candidates[j, 3]
                and candidates[j, 2] < candidates[i, 3]
                and overlap[area[one], area[other]]
                and kin[method[one], method[other]]
            ):
                clear = False
                break
        if clear:
            kept[count] = i
            count += 1
    return kept[:count]


@njit(cache=True)
def clearance_windows(
    times: Any, starts: Any, share: Any, strata: Any, sizes: Any, lengths: Any, months: Any, limits: Any, out: Any
) -> Any:
    """All windows of every stream that could reach the floor; with an empty `out` only counted.

    share, strata  of each unit of each stream (CSR): unsolved share and number of its stratum; sizes of the strata
    limits         the floor, and the largest mean that is looked at
    Returns (windows per stream); rows of out as in `clearance_candidates`.
    """
    inside = np.zeros(sizes.size, np.int64)
    per_stream = np.zeros(starts.size - 1, np.int64)
    sums = np.zeros(4)  # free units, their mean, their variance, unsolved units of strata unsolved throughout
    row = 0
    for stream in range(starts.size - 1):
        low, high = starts[stream], starts[stream + 1]
        i = low
        while i < high and times[i] < months:
            begin, at = times[i], i
            sums[:] = 0.0
            for length in lengths:
                end = min(begin + length, months)
                at = _add(times, share, strata, sizes, inside, sums, at, high, end)
                row = _window(begin, end, sums, limits, out, row, per_stream, stream)
            for k in range(i, at):
                inside[strata[k]] = 0
            while i < high and times[i] == begin:
                i += 1
        # The whole period, with the units whose month is not known.
        sums[:] = 0.0
        _add(times, share, strata, sizes, inside, sums, low, high, months + 1)
        row = _window(0, months + 1, sums, limits, out, row, per_stream, stream)
        for k in range(low, high):
            inside[strata[k]] = 0
    return per_stream


@njit(cache=True)
def _add(times: Any, share: Any, strata: Any, sizes: Any, inside: Any, sums: Any, at: Any, high: Any, end: Any) -> Any:
    while at < high and times[at] < end:
        stratum, p = strata[at], share[at]
        if p >= 1.0:
            sums[3] += 1.0
        elif p > 0.0:
            n, size = inside[stratum], sizes[stratum]
            sums[0] += 1.0
            sums[1] += p
            # The variance of the hypergeometric distribution grows by this much from n to n + 1 of the stratum.
            sums[2] += p * (1 - p) * (size - 2 * n - 1) / (size - 1)
            inside[stratum] = n + 1
        at += 1
    return at


@njit(cache=True)
def _window(begin: Any, end: Any, sums: Any, limits: Any, out: Any, row: Any, counts: Any, stream: Any) -> Any:
    total, mean, variance, fixed = sums[0], sums[1], sums[2], sums[3]
    if total < 2 or variance < 1e-9 or mean + fixed > limits[1]:
        return row
    least = max(1.0, np.floor(mean) + 1.0)
    while least <= total and clearance_weight(least, total, mean, variance) < limits[0]:
        least += 1.0
    if least > total:
        return row
    counts[stream] += 1
    if row < out.shape[0]:
        out[row, 0], out[row, 1], out[row, 2], out[row, 3] = begin, end, total, mean
        out[row, 4], out[row, 5], out[row, 6] = variance, least + fixed, fixed
        return row + 1
    return row


@njit(cache=True)
def _shuffle(values: Any, bounds: Any) -> None:
    """Shuffle `values` within each stretch of `bounds`."""
    for s in range(bounds.size - 1):
        low = bounds[s]
        for i in range(bounds[s + 1] - 1, low, -1):
            j = low + np.random.randint(0, i - low + 1)
            values[i], values[j] = values[j], values[i]


@njit(cache=True)
def shuffled_months(seed: Any, months: Any, bounds: Any, reach: Any, opens: Any, closes: Any) -> Any:
    """Months shuffled within strata (sorted by stratum, CSR `bounds`), then blurred by up to `reach`, folded at the
    ends; a reach of 0 leaves them where they are."""
    np.random.seed(seed)
    found = months.copy()
    _shuffle(found, bounds)
    for s in range(bounds.size - 1):
        width = closes[s] - opens[s] + 1
        for i in range(bounds[s], bounds[s + 1]):
            if reach[s] > 0:
                at = (found[i] + np.random.randint(-reach[s], reach[s] + 1) - opens[s]) % (2 * width)
                found[i] = opens[s] + (at if at < width else 2 * width - 1 - at)
    return found


@njit(cache=True)
def shuffled_flags(seed: Any, flags: Any, bounds: Any) -> Any:
    """Flags shuffled within strata (sorted by stratum, CSR `bounds`)."""
    np.random.seed(seed)
    found = flags.copy()
    _shuffle(found, bounds)
    return found


@njit(cache=True, parallel=True)
def burst_null(
    seeds: Any, months: Any, bounds: Any, reach: Any, opens: Any, closes: Any, events: Any, starts: Any, means: Any,
    lengths: Any, limits: Any, area: Any, sex: Any, method: Any, overlap: Any, kin: Any, most: Any, weights: Any
) -> None:  # fmt: skip
    """Weights of the distinct clusters of each shuffle of months, into rows of `weights`.

    events  for each unsolved incident of each stream (CSR) its place in `months`
    """
    for run in prange(seeds.size):
        found = shuffled_months(seeds[run], months, bounds, reach, opens, closes)
        times = np.empty(events.size, np.int64)
        for i in range(events.size):
            times[i] = found[events[i]]
        out = np.empty((most, 4))
        count = burst_candidates(times, starts, means, lengths, limits, out)
        _store(out[:count], area, sex, method, overlap, kin, weights[run])


@njit(cache=True, parallel=True)
def clearance_null(
    seeds: Any, flags: Any, bounds: Any, members: Any, times: Any, starts: Any, windows: Any, opens: Any,
    floor: Any, area: Any, sex: Any, method: Any, overlap: Any, kin: Any, most: Any, weights: Any
) -> None:  # fmt: skip
    """As `burst_null`, for shuffles of flags; `members` is for each unit of each stream its place in `flags`."""
    for run in prange(seeds.size):
        found = shuffled_flags(seeds[run], flags, bounds)
        own = np.empty(members.size, np.int64)
        for i in range(members.size):
            own[i] = found[members[i]]
        out = np.empty((most, 4))
        count = clearance_candidates(own, times, starts, windows, opens, floor, out)
        _store(out[:count], area, sex, method, overlap, kin, weights[run])


@njit(cache=True)
def _store(candidates: Any, area: Any, sex: Any, method: Any, overlap: Any, kin: Any, weights: Any) -> None:
    kept = distinct(candidates, area, sex, method, overlap, kin)
    for k in range(min(kept.size, weights.size)):
        weights[k] = candidates[kept[k], 0]
