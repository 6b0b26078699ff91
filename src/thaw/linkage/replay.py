"""When would it have been seen? The records month by month, each month with nothing but what was known until then.

In: `ScanCases` and which counties border on which. Out: `Replay`: the alarms in order of time, how many of them
shuffled histories raise, and for any set of cases the month in which an alarm first held two of them.
Method and limits: docs/methods/scan.md, section 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError
from thaw.linkage.scan import MERGED_METHODS, may_stand
from thaw.linkage.scan_cases import Ints, ScanCases
from thaw.linkage.scan_nulls import Bursts, seeds_of
from thaw.linkage.scan_streams import Floats, Streams, streams_of, units_of

REPLAY_MODEL = "thaw-replay/1"
_FAMILY = 2
_MOST = 200_000
_THRESHOLDS = np.arange(3.0, 40.01, 0.25)


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """How to replay; stored with every answer.

    per_year   false alarms a year that are accepted, all counties together
    runs       shuffled histories from which the threshold is taken
    warm_up    first months in which nothing can be said yet
    memory     months over which an agency's volume is taken
    quiet      months after an alarm in which the same county, sex and method raise no other
    """

    per_year: float = 1.0
    runs: int = 99
    seed: int = 1
    warm_up: int = 24
    memory: int = 60
    quiet: int = 12
    lengths: tuple[int, ...] = (1, 3, 6, 12, 24, 36, 60, 120)
    men_shot: bool = False

    def __post_init__(self) -> None:
        _refuse(0 < self.per_year <= 1000, "false alarms a year", self.per_year, "a number above 0, at most 1000")
        _refuse(19 <= self.runs <= 9_999, "permutations", self.runs, "a whole number from 19 to 9999")
        _refuse(0 <= self.seed < 2**32, "seed", self.seed, "a whole number from 0 to 4294967295")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm: the month in which it was raised, what it was about, the cases in its window (rows of `ScanCases`)."""

    month: int
    begin: int
    areas: tuple[str, ...]
    sex: str | None
    method: str
    rows: Ints
    expected: float
    weight: float


@dataclass(frozen=True, slots=True)
class Replay:
    """What the replay raised.

    alarms     in order of time
    standing   all windows above the threshold, those in the quiet time after an alarm too
    threshold  weight from which an alarm is raised
    expected   alarms that one shuffled history of the same length raises, mean over the shuffles
    """

    alarms: tuple[Alarm, ...]
    standing: tuple[Alarm, ...]
    first: int | None
    last: int | None
    threshold: float
    expected: float
    cases: int
    settings: ReplaySettings
    inputs: str

    def first_seen(self, rows: Ints) -> Alarm | None:
        """The first window above the threshold that holds two or more of these cases, or None."""
        wanted = set(rows.tolist())
        return next((alarm for alarm in self.standing if len(wanted & set(alarm.rows.tolist())) >= 2), None)


def replay_scan(
    cases: ScanCases,
    neighbours: Mapping[str, Sequence[str]],
    settings: ReplaySettings | None = None,
    counted: NDArray[np.bool_] | None = None,
) -> Replay:
    """Replay the dated cases from the first month to the last; arguments as in `scan_cases`.

    Records with fewer months than the warming up raise nothing.
    """
    settings = settings or ReplaySettings()
    units, unit = units_of(cases)
    chosen = may_stand(cases, counted, men_shot=settings.men_shot)
    streams = streams_of(cases, unit, units, neighbours, MERGED_METHODS, chosen)
    if not len(streams) or units.months <= settings.warm_up:
        return Replay((), (), None, None, 0.0, 0.0, int((unit >= 0).sum()), settings, cases.digest())
    bursts = Bursts.of(units, streams, np.array(sorted(settings.lengths)), np.array([_THRESHOLDS[0], np.inf]))
    stage = _Stage.of(bursts, settings)
    threshold, expected = stage.threshold(settings)
    listed = stage.candidates(units.time[bursts.order])
    above = np.flatnonzero(listed[:, 0] >= threshold)
    own = np.where(chosen, unit, -1)
    standing = {int(i): _alarm(cases, own, units.time, units.start, streams, listed[i]) for i in above}
    return Replay(
        alarms=tuple(standing[i] for i in stage.raised(listed, threshold)),
        standing=tuple(standing.values()),
        first=units.start,
        last=units.start + units.months - 1,
        threshold=threshold,
        expected=expected,
        cases=int((unit >= 0).sum()),
        settings=settings,
        inputs=cases.digest(),
    )


def candidates_of(
    cases: ScanCases, neighbours: Mapping[str, Sequence[str]], settings: ReplaySettings
) -> list[tuple[float, int]]:
    """Weight and month (from January of year 0) of every heavy window, in order of time, before any threshold."""
    units, unit = units_of(cases)
    chosen = may_stand(cases, None, men_shot=settings.men_shot)
    streams = streams_of(cases, unit, units, neighbours, MERGED_METHODS, chosen)
    if not len(streams):
        return []
    bursts = Bursts.of(units, streams, np.array(sorted(settings.lengths)), np.array([_THRESHOLDS[0], np.inf]))
    listed = _Stage.of(bursts, settings).candidates(units.time[bursts.order])
    return [(float(row[0]), units.start + int(row[5])) for row in listed]


@dataclass(frozen=True, slots=True)
class _Stage:
    """The arrays of one replay."""

    bursts: Bursts
    strata: Ints
    local: Ints
    kinds: Ints
    rules: Floats
    quiet: int

    @staticmethod
    def of(bursts: Bursts, settings: ReplaySettings) -> _Stage:
        strata = bursts.units.by_month[bursts.order]
        local, kinds = np.zeros_like(bursts.events), np.zeros_like(bursts.events)
        for low, high in zip(bursts.starts[:-1], bursts.starts[1:], strict=True):
            names, number = np.unique(strata[bursts.events[low:high]], return_inverse=True)
            local[low:high], kinds[low : low + names.size] = number, names
        rules = np.array([_THRESHOLDS[0], settings.warm_up, settings.memory], dtype=np.float64)
        return _Stage(bursts, strata, local, kinds, rules, settings.quiet)

    def candidates(self, months: Ints) -> Floats:
        """Heavy windows of one history, in order of time."""
        from thaw.linkage.replay_kernel import in_time, replay_candidates

        b, out = self.bursts, np.empty((_MOST, 6))
        found = replay_candidates(
            months, b.units.months, self.strata, b.units.opens, b.events, self.local, self.kinds, b.starts, b.lengths,
            self.rules, out,
        )  # fmt: skip
        listed: Floats = in_time(out[:found])
        return listed

    def raised(self, listed: Floats, threshold: float) -> list[int]:
        """Places in `listed` of the windows that raise an alarm."""
        from thaw.linkage.replay_kernel import raised

        found: list[int] = raised(listed, threshold, self.quiet, *_who(self.bursts.streams)).tolist()
        return found

    def threshold(self, settings: ReplaySettings) -> tuple[float, float]:
        """The lowest threshold at which shuffled histories raise no more than the accepted number of alarms, and how
        many they raise there."""
        from thaw.linkage.replay_kernel import replay_null

        b, seeds = self.bursts, seeds_of(settings.seed, settings.runs, _FAMILY)
        counts = np.zeros((settings.runs, _THRESHOLDS.size), dtype=np.int64)
        replay_null(
            seeds, b.units.time[b.order], b.bounds, b.units.blur, b.units.opens, b.units.closes, b.units.months,
            self.strata, b.events, self.local, self.kinds, b.starts, b.lengths, self.rules, _THRESHOLDS, self.quiet,
            *_who(b.streams), _MOST, counts,
        )  # fmt: skip
        mean = counts.mean(axis=0)
        accepted = settings.per_year * (b.units.months - settings.warm_up) / 12
        good = np.flatnonzero(mean <= accepted)
        at = int(good[0]) if good.size else _THRESHOLDS.size - 1
        return float(_THRESHOLDS[at]), float(mean[at])


def _who(streams: Streams) -> tuple[Ints, Ints, Ints, NDArray[np.bool_], NDArray[np.bool_]]:
    return streams.area, streams.sex, streams.method, streams.overlap, streams.kin


def _alarm(cases: ScanCases, unit: Ints, time: Ints, start: int, streams: Streams, row: Floats) -> Alarm:
    stream, begin, end = (int(row[i]) for i in (1, 2, 3))
    sex = int(streams.sex[stream]) - 1
    area, methods = streams.areas[streams.area[stream]], streams.sets[streams.method[stream]]
    own = (unit >= 0) & (cases.sex.codes == sex) & (cases.unsolved == 1)
    own &= np.isin(cases.area.codes, area) & np.isin(cases.method.codes, methods)
    when = np.where(own, time[unit], -1)
    rows = np.flatnonzero((when >= begin) & (when < end))
    rows = rows[np.lexsort((rows, when[rows]))]
    codes, counts = np.unique(cases.area.codes[rows], return_counts=True)
    return Alarm(
        month=start + int(row[5]),
        begin=start + begin,
        areas=tuple(cases.area.names[codes[i]] for i in np.argsort(-counts, kind="stable")),
        sex=cases.sex.name(sex),
        method=streams.set_names[streams.method[stream]],
        rows=rows,
        expected=float(row[4]),
        weight=float(row[0]),
    )


def _refuse(good: bool, name: str, got: object, want: str) -> None:
    if not good:
        raise InputError(where=f"replay, {name}", got=str(got), want=want, fix="Correct the value.")
