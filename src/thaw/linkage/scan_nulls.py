"""What the scan would find where nothing goes on: months shuffled, and solved flags shuffled; and what that makes of
the clusters of the real records.

In: `Units` and `Streams`. Out: clusters of the records themselves, and the weights of the clusters of every shuffle.
Two nulls. Bursts: months are shuffled among the incidents of one agency and method; where one month holds half of them,
which a shuffle would leave as it is, they are blurred over some years as well. Clearance: solved flags are shuffled
among the incidents of one agency, decade and method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thaw.linkage.scan_cases import Ints, ScanCases
from thaw.linkage.scan_streams import Floats, Streams, Units, profiles_of_strata

BURST, CLEARANCE = 0, 1
_MOST_CANDIDATES = 50_000
_MOST_KEPT = 4_000
_ENDLESS = 10**9  # size of a stratum from which drawing does not change what is left


@dataclass(frozen=True, slots=True)
class Found:
    """Clusters of one family, heaviest first: weight, stream, window [begin, end) in months of `Units`, expected.

    expected  unsolved incidents expected in the window from the agency's own record
    """

    weight: Floats
    stream: Ints
    begin: Ints
    end: Ints
    expected: Floats


@dataclass(frozen=True, slots=True)
class Null:
    """Weights of the clusters of all `runs` shuffles of one family, ascending."""

    runs: int
    weights: Floats

    def expected_alarms(self, weight: float) -> float:
        """Mean number of clusters at least this heavy in one shuffle; the records count as one shuffle more."""
        return float(1 + self.weights.size - np.searchsorted(self.weights, weight)) / (self.runs + 1)


@dataclass(frozen=True, slots=True)
class Bursts:
    """The burst family, laid out once: events of each stream and what is expected in every month."""

    units: Units
    streams: Streams
    events: Ints  # places in `order` of the unsolved incidents of each stream (CSR)
    starts: Ints
    means: Floats  # stream x (months + 1), cumulative
    order: Ints  # units sorted by stratum of the burst null
    bounds: Ints
    lengths: Ints
    limits: Floats  # the floor, and the largest expected count that is looked at

    @staticmethod
    def of(units: Units, streams: Streams, lengths: Ints, limits: Floats) -> Bursts:
        """Lay out the family; streams with no dated unsolved incident have no events."""
        order, bounds, place = _sorted_by(units.by_month)
        counted = (units.unsolved[streams.units] == 1) & (units.time[streams.units] < units.months)
        own = _owner(streams)[counted]
        starts = np.concatenate([[0], np.cumsum(np.bincount(own, minlength=len(streams)))])
        chosen = streams.units[counted]
        means = np.zeros((len(streams), units.months + 1))
        profile = profiles_of_strata(units)
        for stream in range(len(streams)):
            strata = units.by_month[chosen[starts[stream] : starts[stream + 1]]]
            times, which = np.bincount(strata).astype(np.float64) if strata.size else np.zeros(0), np.unique(strata)
            means[stream, 1:] = np.cumsum(times[which] @ profile[which]) if strata.size else 0.0
        return Bursts(units, streams, place[chosen], starts, means, order, bounds, lengths, limits)

    def clusters(self, months: Ints) -> Found:
        """Clusters when the units in `order` have these months."""
        from thaw.linkage.scan_kernel import burst_candidates

        out = np.empty((_MOST_CANDIDATES, 4))
        count = burst_candidates(months[self.events], self.starts, self.means, self.lengths, self.limits, out)
        kept = _distinct(self.streams, out[:count])
        stream, begin, end = (kept[:, i].astype(np.int64) for i in (1, 2, 3))
        return Found(kept[:, 0], stream, begin, end, self.means[stream, end] - self.means[stream, begin])

    def observed(self) -> Found:
        """Clusters of the records themselves."""
        return self.clusters(self.units.time[self.order])

    def shuffled(self, seed: int, *, blur: bool) -> Ints:
        """Months of the units in `order` after one shuffle; without `blur` no month that was not there comes up."""
        from thaw.linkage.scan_kernel import shuffled_months

        units = self.units
        reach = units.reach if blur else np.zeros_like(units.reach)
        months: Ints = shuffled_months(seed, units.time[self.order], self.bounds, reach, units.opens, units.closes)
        return months

    def null(self, seeds: NDArray[np.uint32]) -> Null:
        """Weights of the clusters of as many shuffles as there are seeds."""
        from thaw.linkage.scan_kernel import burst_null

        units, streams = self.units, self.streams
        weights = np.zeros((seeds.size, _MOST_KEPT), dtype=np.float32)
        burst_null(
            seeds, units.time[self.order], self.bounds, units.blur, units.opens, units.closes, self.events,
            self.starts, self.means, self.lengths, self.limits, streams.area, streams.sex, streams.method,
            streams.overlap, streams.kin, _MOST_CANDIDATES, weights,
        )  # fmt: skip
        return Null(seeds.size, np.sort(weights[weights > 0]).astype(np.float64))


@dataclass(frozen=True, slots=True)
class Clearances:
    """The clearance family, laid out once: every window that could weigh enough, with its expected unsolved."""

    units: Units
    streams: Streams
    members: Ints  # places in `order` of the units of each stream
    times: Ints
    windows: Floats  # rows as in scan_kernel.clearance_windows
    opens: Ints  # windows of stream s: opens[s]:opens[s + 1]
    order: Ints
    bounds: Ints
    floor: float

    @staticmethod
    def of(
        units: Units, streams: Streams, lengths: Ints, limits: Floats, *, modelled: Floats | None = None
    ) -> Clearances:
        """Lay out the family. The windows do not change under the null, so their means are worked out once.

        modelled  chance of each unit to be unsolved, drawn one by one; without it the share of its stratum, drawn
                  without replacement
        """
        from thaw.linkage.scan_kernel import clearance_windows

        order, bounds, place = _sorted_by(units.by_flag)
        sizes = np.diff(bounds)
        unsolved = np.bincount(units.by_flag, weights=units.unsolved, minlength=sizes.size)
        share = (unsolved / np.maximum(sizes, 1))[units.by_flag] if modelled is None else modelled
        sizes = sizes if modelled is None else np.full_like(sizes, _ENDLESS)
        strata = units.by_flag[streams.units]
        times = units.time[streams.units]
        arguments = (times, streams.starts, share[streams.units], strata, sizes, lengths, units.months, limits)
        counted = clearance_windows(*arguments, np.empty((0, 7)))
        windows = np.empty((int(counted.sum()), 7))
        clearance_windows(*arguments, windows)
        opens = np.concatenate([[0], np.cumsum(counted)])
        return Clearances(units, streams, place[streams.units], times, windows, opens, order, bounds, float(limits[0]))

    def clusters(self, flags: Ints) -> Found:
        """Clusters when the units in `order` have these flags."""
        from thaw.linkage.scan_kernel import clearance_candidates

        out = np.empty((_MOST_CANDIDATES, 4))
        count = clearance_candidates(
            flags[self.members], self.times, self.streams.starts, self.windows, self.opens, self.floor, out
        )
        kept = _distinct(self.streams, out[:count])
        stream, begin, end = (kept[:, i].astype(np.int64) for i in (1, 2, 3))
        expected = [self._mean(*window) for window in zip(stream, begin, end, strict=True)]
        return Found(kept[:, 0], stream, begin, end, np.array(expected, dtype=np.float64))

    def _mean(self, stream: int, begin: int, end: int) -> float:
        own = self.windows[self.opens[stream] : self.opens[stream + 1]]
        own = own[(own[:, 0] == begin) & (own[:, 1] == end)]
        return float(own[0, 3] + own[0, 6])

    def observed(self) -> Found:
        """Clusters of the records themselves."""
        return self.clusters(self.units.unsolved[self.order])

    def shuffled(self, seed: int) -> Ints:
        """Flags of the units in `order` after one shuffle."""
        from thaw.linkage.scan_kernel import shuffled_flags

        flags: Ints = shuffled_flags(seed, self.units.unsolved[self.order], self.bounds)
        return flags

    def null(self, seeds: NDArray[np.uint32]) -> Null:
        """Weights of the clusters of as many shuffles as there are seeds."""
        from thaw.linkage.scan_kernel import clearance_null

        streams = self.streams
        weights = np.zeros((seeds.size, _MOST_KEPT), dtype=np.float32)
        clearance_null(
            seeds, self.units.unsolved[self.order], self.bounds, self.members, self.times, streams.starts,
            self.windows, self.opens, self.floor, streams.area, streams.sex, streams.method, streams.overlap,
            streams.kin, _MOST_CANDIDATES, weights,
        )  # fmt: skip
        return Null(seeds.size, np.sort(weights[weights > 0]).astype(np.float64))


def clearance_of(units: Units, members: Ints) -> tuple[float, float]:
    """Expected unsolved of some units, and the weight of what they are, under the clearance null."""
    from thaw.linkage.scan_kernel import clearance_weight

    strata, inside = np.unique(units.by_flag[members], return_counts=True)
    sizes = np.bincount(units.by_flag)[strata]
    share = np.bincount(units.by_flag, weights=units.unsolved)[strata] / sizes
    free = (share > 0) & (share < 1)
    fixed, mean = float(inside[share >= 1].sum()), float((inside * share)[free].sum())
    variance = float((inside * (sizes - inside) / np.maximum(sizes - 1, 1) * share * (1 - share))[free].sum())
    unsolved, total = float(units.unsolved[members].sum()) - fixed, float(inside[free].sum())
    if variance < 1e-9:
        return mean + fixed, 0.0
    return mean + fixed, float(clearance_weight(unsolved, total, mean, variance))


def modelled_shares(units: Units, cases: ScanCases) -> Floats:
    """Chance of each unit to be unsolved: how often its method is, times how this agency did in this decade.

    The method's share is that of all agencies, drawn towards the overall share as if by two more incidents; the
    agency's factor is unsolved over expected, drawn towards 1 as if by five more expected ones. At most 0.95.
    """
    method, overall = cases.method.codes[units.first] + 1, float(units.unsolved.mean()) if units.first.size else 0.0
    count = np.bincount(method)
    share = ((np.bincount(method, weights=units.unsolved) + 2 * overall) / (count + 2))[method]
    table = np.stack([cases.agency.codes[units.first], cases.decade[units.first]], axis=1)
    own = np.unique(table, axis=0, return_inverse=True)[1].reshape(-1)
    expected, unsolved = np.bincount(own, weights=share), np.bincount(own, weights=units.unsolved)
    modelled: Floats = np.clip(share * ((unsolved + 5) / (expected + 5))[own], 0.001, 0.95)
    return modelled


def seeds_of(seed: int, runs: int, family: int) -> NDArray[np.uint32]:
    """One seed per shuffle; the first n are the same however many there are."""
    state = np.random.SeedSequence([seed, family]).generate_state(runs, np.uint32)
    return state.astype(np.uint32, copy=False)


def _sorted_by(strata: Ints) -> tuple[Ints, Ints, Ints]:
    """Units of known strata in order of stratum, the bounds of each stratum in it, and each unit's place (else -1)."""
    order = np.argsort(strata, kind="stable")
    order = order[strata[order] >= 0]
    bounds = np.concatenate([[0], np.cumsum(np.bincount(strata[order]))]) if order.size else np.zeros(1, np.int64)
    place = np.full(strata.size, -1, dtype=np.int64)
    place[order] = np.arange(order.size)
    return order, bounds.astype(np.int64), place


def _owner(streams: Streams) -> Ints:
    """The stream of each element of `streams.units`."""
    return np.repeat(np.arange(len(streams)), np.diff(streams.starts))


def _distinct(streams: Streams, candidates: Floats) -> Floats:
    from thaw.linkage.scan_kernel import distinct

    own = (streams.area, streams.sex, streams.method, streams.overlap, streams.kin)
    kept: Floats = candidates[distinct(candidates, *own)]
    return kept
