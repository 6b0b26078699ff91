"""The compiled inner loops of the replay; imported only by what runs one, because it brings numba.

Arrays in, arrays out; what they mean stands in replay.py. Every shuffle seeds its own generator.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

from thaw.linkage.scan_kernel import shuffled_months


@njit(cache=True)
def replay_candidates(
    months: Any, places: Any, strata: Any, opens: Any, events: Any, local: Any, kinds: Any, starts: Any, lengths: Any,
    rules: Any, out: Any
) -> Any:  # fmt: skip
    """Windows that end in the month of their last case and are heavy, seen with nothing but what was known then.

    months  month of each unit (sorted by stratum); strata, opens: its stratum, and the first month of each stratum
    places  number of months there are
    events  units of the unsolved incidents of each stream (CSR `starts`); local: number of their stratum within the
            stream; kinds: strata of each stream, by that number, in rows as long as its events
    rules   floor, months of warming up, months of memory
    out     rows (weight, stream, from, to, expected, month); returns how many were filled
    """
    volume = np.zeros((opens.size, places + 1), np.int32)
    for i in range(months.size):
        volume[strata[i], months[i] + 1] += 1
    for s in range(opens.size):
        for m in range(places):
            volume[s, m + 1] += volume[s, m]
    upto = np.zeros(places + 1, np.int64)
    found = 0
    for stream in range(starts.size - 1):
        low, high = starts[stream], starts[stream + 1]
        if high - low < 2:
            continue
        times = np.empty(high - low, np.int64)
        upto[:] = 0
        for i in range(low, high):
            times[i - low] = months[events[i]]
            upto[times[i - low] + 1] += 1
        for m in range(places):
            upto[m + 1] += upto[m]
        held = np.zeros(high - low, np.int64)
        order = np.argsort(times)
        k = 0
        while k < order.size:
            month = times[order[k]]
            while k < order.size and times[order[k]] == month:
                held[local[low + order[k]]] += 1
                k += 1
            if month < rules[1]:
                continue
            best, best_length, best_mean = 0.0, 0, 0.0
            for length in lengths:
                begin = max(0, month + 1 - length)
                count = upto[month + 1] - upto[begin]
                if count < 2:
                    continue
                mean = _expected(volume, opens, kinds, held, low, high, month, length, rules[2])
                over = count - mean
                if over <= 0 or over * over < 2 * rules[0] * mean:
                    continue
                weight = count * np.log(count / mean) - over
                if weight >= rules[0] and weight > best:
                    best, best_length, best_mean = weight, length, mean
            if best > 0.0 and found < out.shape[0]:
                out[found, 0], out[found, 1], out[found, 2] = best, stream, max(0, month + 1 - best_length)
                out[found, 3], out[found, 4], out[found, 5] = month + 1, best_mean, month
                found += 1
    return found


@njit(cache=True)
def _expected(
    volume: Any, opens: Any, kinds: Any, held: Any, low: Any, high: Any, month: Any, length: Any, memory: Any
) -> Any:
    """Unsolved cases so far of each stratum, times the share of its volume that falls into so long a window."""
    mean = 0.0
    for j in range(high - low):
        if held[j] == 0:
            continue
        s = kinds[low + j]
        so_far = volume[s, month + 1]
        back = max(length, min(memory, month + 1 - opens[s]))
        recent = so_far - volume[s, max(0, month + 1 - int(back))]
        mean += held[j] * recent / so_far * min(1.0, length / back)
    return mean


@njit(cache=True)
def raised(
    candidates: Any, threshold: Any, quiet: Any, area: Any, sex: Any, method: Any, overlap: Any, kin: Any
) -> Any:
    """Rows of the candidates (sorted by month, then weight) that raise an alarm.

    One does not when it shares county, sex and method with an alarm of the last `quiet` months.
    """
    kept = np.empty(candidates.shape[0], np.int64)
    count = 0
    for i in range(candidates.shape[0]):
        if candidates[i, 0] < threshold:
            continue
        one = int(candidates[i, 1])
        clear = True
        for k in range(count - 1, -1, -1):
            j = kept[k]
            if candidates[i, 5] - candidates[j, 5] > quiet:
                break
            other = int(candidates[j, 1])
            if sex[one] == sex[other] and overlap[area[one], area[other]] and kin[method[one], method[other]]:
                clear = False
                break
        if clear:
            kept[count] = i
            count += 1
    return kept[:count]


@njit(cache=True, parallel=True)
def replay_null(
    seeds: Any, months: Any, bounds: Any, reach: Any, opens: Any, closes: Any, places: Any, strata: Any, events: Any,
    local: Any, kinds: Any, starts: Any, lengths: Any, rules: Any, thresholds: Any, quiet: Any, area: Any, sex: Any,
    method: Any, overlap: Any, kin: Any, most: Any, counts: Any
) -> None:  # fmt: skip
    """Number of alarms of each shuffled history (rows of `counts`) at each threshold (columns)."""
    for run in prange(seeds.size):
        moved = shuffled_months(seeds[run], months, bounds, reach, opens, closes)
        out = np.empty((most, 6))
        found = replay_candidates(moved, places, strata, opens, events, local, kinds, starts, lengths, rules, out)
        listed = in_time(out[:found])
        for t in range(thresholds.size):
            counts[run, t] = raised(listed, thresholds[t], quiet, area, sex, method, overlap, kin).size


@njit(cache=True)
def in_time(candidates: Any) -> Any:
    """The candidates by month, the heaviest first within one."""
    heavy = candidates[np.argsort(-candidates[:, 0], kind="mergesort")]
    return heavy[np.argsort(heavy[:, 5], kind="mergesort")]
