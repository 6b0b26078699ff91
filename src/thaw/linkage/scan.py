"""Where do unsolved killings pile up? A scan over places, windows of time and methods, false discoveries controlled.

In: `ScanCases` and which counties border on which. Out: `Scan`, clusters with the number expected from the agency's own
record and a q-value: the share of false ones among all that are at least this strong, under the null that fits.
Method, and what it cannot see: docs/methods/scan.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError
from thaw.linkage.scan_cases import UNKNOWN, Ints, ScanCases
from thaw.linkage.scan_nulls import (
    BURST,
    CLEARANCE,
    Bursts,
    Clearances,
    Found,
    Null,
    clearance_of,
    modelled_shares,
    seeds_of,
)
from thaw.linkage.scan_streams import Streams, Units, streams_of, units_of

SCAN_MODEL = "thaw-scan/1"
# Classes that coders exchange or that hide each other; FBI codes, "unknown" is a method that was not recorded.
MERGED_METHODS: Mapping[str, Sequence[str]] = {
    "strangulation or asphyxia": ("80", "85"),
    "strangulation, asphyxia, other or unknown": ("80", "85", "90", "99", "unknown"),
    "blunt object or beating": ("30", "40"),
    "any firearm": ("11", "12", "13", "14", "15"),
    "any means but a firearm": ("20", "30", "40", "50", "55", "60", "65", "70", "75", "80", "85", "90"),
}
SLOW = 2
_NAMES = {BURST: "burst", CLEARANCE: "low clearance", SLOW: "slow burn"}
_SLOW_MONTHS = 24
_FAMILIES = 2


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How to scan; stored with every answer.

    level    share of false ones among the alarms that is accepted
    runs     shuffles under each null
    lengths  windows of time in months
    floor    weight below which nothing is listed
    men_shot whether men killed with a firearm are scanned too: there are so many of them that they bury the rest
    largest  expected unsolved cases beyond which a window is no matter of one hand but of a whole city
    """

    level: float = 0.1
    runs: int = 999
    seed: int = 1
    lengths: tuple[int, ...] = (1, 3, 6, 12, 24, 36, 60, 120)
    floor: float = 4.0
    largest: float = 30.0
    men_shot: bool = False
    merged: Mapping[str, Sequence[str]] = field(default_factory=lambda: MERGED_METHODS)

    def __post_init__(self) -> None:
        _refuse(0 < self.level < 1, "level", self.level, "a share between 0 and 1")
        _refuse(19 <= self.runs <= 99_999, "permutations", self.runs, "a whole number from 19 to 99999")
        _refuse(0 <= self.seed < 2**32, "seed", self.seed, "a whole number from 0 to 4294967295")
        _refuse(bool(self.lengths) and min(self.lengths) > 0, "windows", self.lengths, "months, each above 0")
        _refuse(self.floor > 0, "floor", self.floor, "a number above 0")
        _refuse(self.largest > 0, "largest", self.largest, "a number above 0")


@dataclass(frozen=True, slots=True)
class Cluster:
    """One find: where, when, who, how; `rows` are rows of `ScanCases`, the unsolved ones first.

    areas            counties of its cases, the one with most unsolved cases first
    begin, end       first and last month (months since January of year 0)
    expected         unsolved cases expected from the agencies' own record
    weight           log likelihood ratio
    expected_alarms  number of clusters at least as heavy in one shuffle of the records
    """

    areas: tuple[str, ...]
    sex: str | None
    method: str
    begin: int | None
    end: int | None
    rows: Ints
    total: int
    unsolved: int
    expected: float
    weight: float
    expected_alarms: float
    q_value: float
    found_by: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """The clusters, strongest first; `alarms` of them have a q-value at or below the level.

    slow  long windows with fewer cases solved than such methods and this agency's other cases let expect, strongest
          first. They compare methods with each other, which neither null does; so they raise no alarm, and their
          q-values, of the clearance null, are mostly 1
    """

    clusters: tuple[Cluster, ...]
    slow: tuple[Cluster, ...]
    alarms: int
    cases: int
    incidents: int
    settings: ScanSettings
    inputs: str
    chances: Chances

    def q_value(self, rows: Ints) -> float:
        """q-value, under the clearance null, of any set of cases (rows of `ScanCases`), such as a MAP cell."""
        return self.chances.q_value(rows)

    def expected(self, rows: Ints) -> float:
        """Unsolved cases expected among them under the clearance null; 0 for cases that do not count."""
        return self.chances.expected(rows)


@dataclass(frozen=True, slots=True)
class Chances:
    """What is needed to say how often chance alone gives a clearance as low as that of some cases.

    alarms  expected alarms of the clusters of both families, ascending
    floor   weight below which the null was not kept
    """

    units: Units | None = None
    unit: Ints | None = None
    null: Null | None = None
    alarms: tuple[float, ...] = ()
    floor: float = 0.0

    def q_value(self, rows: Ints) -> float:
        """As `Scan.q_value`; 1 for what is too weak to be listed, or has no case that counts."""
        if self.units is None or self.unit is None or self.null is None:
            return 1.0
        members = self._members(rows)
        if not members.size:
            return 1.0
        _, weight = clearance_of(self.units, members)
        if weight < self.floor:
            return 1.0
        expected = self.null.expected_alarms(weight)
        stronger = sum(e < expected for e in self.alarms)
        return min(1.0, _FAMILIES * expected / (stronger + 1))

    def expected(self, rows: Ints) -> float:
        """As `Scan.expected`, in victims."""
        members = self._members(rows)
        if self.units is None or not members.size:
            return 0.0
        return clearance_of(self.units, members)[0] * rows.size / members.size

    def _members(self, rows: Ints) -> Ints:
        if self.unit is None:
            return np.zeros(0, dtype=np.int64)
        return np.unique(self.unit[rows][self.unit[rows] >= 0])


@dataclass(frozen=True, slots=True)
class _Find:
    family: int
    weight: float
    stream: int
    begin: int
    end: int
    expected: float
    alarms: float
    also: bool = False


@dataclass(frozen=True, slots=True)
class _Scene:
    """The cases laid out for one scan."""

    cases: ScanCases
    units: Units
    unit: Ints
    counted: NDArray[np.bool_]
    streams: Streams


def scan_cases(
    cases: ScanCases,
    neighbours: Mapping[str, Sequence[str]],
    settings: ScanSettings | None = None,
    counted: NDArray[np.bool_] | None = None,
) -> Scan:
    """Scan the cases under both nulls.

    neighbours  codes of the counties that border on a county; a county without an entry is scanned alone
    counted     which cases may stand in a cluster (all without it); the others still say what the agencies' record is
    An empty book, or one with nothing to find, gives no clusters. The answer depends on the cases, the settings and
    nothing else: neither on row order nor on the number of threads.
    """
    settings = settings or ScanSettings()
    units, unit = units_of(cases)
    chosen = may_stand(cases, counted, men_shot=settings.men_shot)
    streams = streams_of(cases, unit, units, neighbours, settings.merged, chosen)
    scene = _Scene(cases, units, unit, chosen, streams)
    found: list[_Find] = []
    slow: list[_Find] = []
    chances = Chances(units, unit)
    if len(streams) and units.months:
        found, slow, chances = _finds(scene, settings)
    q_values = q_values_of([find.alarms for find in found])
    listed = tuple(_cluster(scene, find, q) for find, q in zip(found, q_values, strict=True))
    burning = tuple(_cluster(scene, find, 1.0) for find in slow)
    return Scan(
        clusters=listed,
        slow=tuple(replace(cluster, q_value=chances.q_value(cluster.rows)) for cluster in burning),
        alarms=sum(q <= settings.level for q in q_values),
        cases=int((unit >= 0).sum()),
        incidents=int(units.first.size),
        settings=settings,
        inputs=cases.digest(),
        chances=chances,
    )


def q_values_of(expected_alarms: Sequence[float], families: int = _FAMILIES) -> list[float]:
    """q-values of clusters in ascending order of their expected alarms, as in Benjamini and Hochberg's step-up rule.

    The j-th of them: `families * expected_alarms / j`, and never more than that of a weaker one; at most 1.
    families  nulls under which alarms were looked for side by side: each brings its own false ones
    """
    found = [min(1.0, families * e / (j + 1)) for j, e in enumerate(expected_alarms)]
    for j in range(len(found) - 2, -1, -1):
        found[j] = min(found[j], found[j + 1])
    return found


def may_stand(cases: ScanCases, counted: NDArray[np.bool_] | None, *, men_shot: bool) -> NDArray[np.bool_]:
    """Which cases may stand in a cluster: those that are counted (all without it), men shot only where asked for."""
    chosen = np.ones(len(cases), dtype=np.bool_) if counted is None else counted
    if men_shot:
        return chosen
    men = [code for code, name in enumerate(cases.sex.names) if name == "M"]
    guns = [code for code, name in enumerate(cases.method.names) if name in MERGED_METHODS["any firearm"]]
    shot: NDArray[np.bool_] = np.isin(cases.sex.codes, men) & np.isin(cases.method.codes, guns)
    return chosen & ~shot


def _finds(scene: _Scene, settings: ScanSettings) -> tuple[list[_Find], list[_Find], Chances]:
    """Clusters of both nulls, slow burns that meet no alarm, and the chances under the clearance null."""
    units, streams = scene.units, scene.streams
    lengths = np.array(sorted(settings.lengths), dtype=np.int64)
    limits = np.array([settings.floor, settings.largest])
    bursts = Bursts.of(units, streams, lengths, limits)
    found = rated(BURST, streams, bursts.observed(), bursts.null(seeds_of(settings.seed, settings.runs, BURST)))
    clearances = Clearances.of(units, streams, lengths, limits)
    null = clearances.null(seeds_of(settings.seed, settings.runs, CLEARANCE))
    found = merged_finds(streams, [*found, *rated(CLEARANCE, streams, clearances.observed(), null)])
    alarms = tuple(find.alarms for find in found)
    alarmed = [f for f, q in zip(found, q_values_of(alarms), strict=True) if q <= settings.level]
    modelled = Clearances.of(
        units, streams, lengths[lengths >= _SLOW_MONTHS], limits, modelled=modelled_shares(units, scene.cases)
    )
    slow = rated(SLOW, streams, modelled.observed(), null)
    slow = [find for find in slow if not any(_meet(streams, find, other) for other in alarmed)]
    chances = Chances(units, scene.unit, null, alarms, settings.floor)
    return found, slow, chances


def rated(family: int, streams: Streams, found: Found, null: Null) -> list[_Find]:
    """The clusters of one family with the number of such that one shuffle gives."""
    columns = (found.weight, found.stream, found.begin, found.end, found.expected)
    return [
        _Find(family, float(w), int(s), int(b), int(e), float(x), null.expected_alarms(float(w)))
        for w, s, b, e, x in zip(*columns, strict=True)
    ]


def merged_finds(streams: Streams, finds: Sequence[_Find]) -> list[_Find]:
    """The finds of both families in order of strength, what both found once; a find of the other family that is
    itself rarer than one in a shuffle is named beside it."""
    kept: list[_Find] = []
    for find in sorted(finds, key=lambda f: (f.alarms, -f.weight, f.family, f.stream, f.begin)):
        others = (i for i, held in enumerate(kept) if held.family != find.family and _meet(streams, held, find))
        same = next(others, None)
        if same is None:
            kept.append(find)
        elif find.alarms < 1:
            kept[same] = replace(kept[same], also=True)
    return kept


def _meet(streams: Streams, one: _Find, other: _Find) -> bool:
    a, b = one.stream, other.stream
    return bool(
        streams.sex[a] == streams.sex[b]
        and one.begin < other.end
        and other.begin < one.end
        and streams.overlap[streams.area[a], streams.area[b]]
        and streams.kin[streams.method[a], streams.method[b]]
    )


def _cluster(scene: _Scene, find: _Find, q_value: float) -> Cluster:
    cases, units, streams, s = scene.cases, scene.units, scene.streams, find.stream
    area, sex, methods = streams.areas[streams.area[s]], int(streams.sex[s]) - 1, streams.sets[streams.method[s]]
    own = (scene.unit >= 0) & scene.counted & (cases.sex.codes == sex)
    own &= np.isin(cases.area.codes, area) & np.isin(cases.method.codes, methods)
    when = np.where(own, units.time[scene.unit], UNKNOWN)
    rows = np.flatnonzero((when >= find.begin) & (when < find.end))
    rows = rows[np.lexsort((rows, when[rows], -cases.unsolved[rows]))]
    whole = find.end > units.months
    dated = when[rows][when[rows] < units.months]
    begin, end = (int(dated.min()), int(dated.max())) if whole and dated.size else (find.begin, find.end - 1)
    incidents = int(np.unique(scene.unit[rows]).size)
    names = (_NAMES[find.family], *([_NAMES[1 - find.family]] if find.also else ()))
    return Cluster(
        areas=_where(cases, rows),
        sex=cases.sex.name(sex),
        method=streams.set_names[streams.method[s]],
        begin=None if whole and not dated.size else begin + units.start,
        end=None if whole and not dated.size else end + units.start,
        rows=rows,
        total=int(rows.size),
        unsolved=int((cases.unsolved[rows] == 1).sum()),
        # Expected is counted in incidents; victims of one incident come and go together.
        expected=find.expected * rows.size / max(incidents, 1),
        weight=find.weight,
        expected_alarms=find.alarms,
        q_value=q_value,
        found_by=" and ".join(sorted(names)),
        whole=whole,
    )


def _where(cases: ScanCases, rows: Ints) -> tuple[str, ...]:
    """Counties of the cases, the one with most unsolved first."""
    codes = cases.area.codes[rows]
    unsolved = np.bincount(codes, weights=cases.unsolved[rows] == 1)
    return tuple(cases.area.names[code] for code in sorted(np.unique(codes), key=lambda code: (-unsolved[code], code)))


def _refuse(good: bool, name: str, got: object, want: str) -> None:
    if not good:
        raise InputError(where=f"scan, {name}", got=str(got), want=want, fix="Correct the value.")
