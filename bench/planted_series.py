"""Plants invented series of killings among SHR rows, so that the benchmark can ask how many of them are found again.

In: SHR rows (dicts with the columns of the packaged sample), which counties border on which, a seed. Out: planted
rows with fresh rowids, the truth (which rowids form which series), and the rowids that they stand in for. Same rows,
settings and seed, same result. Written without reading the linkage model's code or the research behind it, only the
plan's outline of it; no number here is tuned to what that model rewards.

How a series comes about, and why:

- Background: rows of murder whose offender was not known when reported, one victim to the incident. A hidden series
  sits among such rows, so no column that nobody planted (relationship, offender) tells a planted row from a real one;
  and no planted row tears a victim from co-victims.
- Signature: one background row with known sex, age and weapon. A whole real row, not a draw per column, so that
  fields go together as in life, and common methods are planted as often as they occur: most invented offenders are
  dull and hard to find.
- Offender: home county = county of the signature row. Active years: a window of 1 to `max_active_years`, laid at
  random around the year of that row, cut to the years of the data. One copy rate for the whole series, uniform in
  `copy_rate`: some offenders are consistent, some are not, and no single rate describes all.
- Cases: 3 to 10, all sizes as likely as each other. Each starts from a random background row of its own. Field by
  field, with probability copy rate, the value is taken from the signature, else the row keeps its own.
- Copied age is the signature's within `age_band` years; copied county is the home county, or with probability
  `neighbour_share` one bordering on it, and brings agency, ORI and names along from a real row there; copied time is
  any month of the active years.
- Noise comes last and hits each field alike, copied or not, with probability `noise`: half of the hits
  (`blank_share`) blank the field, half put another value of that column, drawn as often as it occurs (a clerk's slip
  lands on a common code). County, time and situation have no "unknown" in SHR: they are always replaced. Sex is
  blanked to Unknown, age to 999, weapon to 90, circumstance to 99; a field that is unknown already stays so when the
  hit is a blank.
- A planted row takes the place of the row that it started from (`replaced`): left in, each planted case would have a
  near twin that is nobody's series. The searched set keeps its size and, nearly, its shares.
- Incident numbers are the next free ones of the agency and month, so no planted row joins an existing incident.

Limits: fields are copied and spoiled independently of each other, and a model that assumes just that is at home here;
real offenders change with time, move away, and leave traces that SHR has no column for. Recall on planted series says
that a method works as built, not that it finds real ones.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

MURDER = "Murder and non-negligent manslaughter"
FIELDS = ("vic_sex", "vic_age", "weapon_code", "circumstance_code", "situation_code", "place", "time")
UNKNOWN: Mapping[str, Any] = {"vic_sex": "Unknown", "vic_age": 999, "weapon_code": "90", "circumstance_code": "99"}
_PLACE_COLUMNS = ("fip", "cnty_name", "state_abbr", "ori", "agency", "agency_type")


@dataclass(frozen=True, slots=True)
class PlantSettings:
    """Shape of the planted series; shares and rates lie in 0 to 1, sizes and years are whole numbers of at least 1."""

    n_series: int = 40
    cases: tuple[int, int] = (3, 10)
    copy_rate: tuple[float, float] = (0.3, 0.7)
    noise: float = 0.3
    blank_share: float = 0.5
    age_band: int = 4
    max_active_years: int = 10
    neighbour_share: float = 0.3


@dataclass(frozen=True, slots=True)
class Offender:
    """An invented offender: the signature row, the active years (both included), the share of fields repeated."""

    signature: Row
    first_year: int
    last_year: int
    copy_rate: float


@dataclass(frozen=True, slots=True)
class Planted:
    """Planted rows, series id to its rowids, series id to its offender, and the real rowids to leave out."""

    rows: tuple[Row, ...]
    truth: dict[str, tuple[int, ...]]
    offenders: dict[str, Offender]
    replaced: frozenset[int]

    def among(self, rows: Sequence[Row]) -> list[Row]:
        """The rows to search: those given, less the replaced ones, and the planted ones after them."""
        return [row for row in rows if row["rowid"] not in self.replaced] + list(self.rows)


def plant(
    rows: Sequence[Row], neighbours: Mapping[str, Sequence[str]], seed: int, settings: PlantSettings | None = None
) -> Planted:
    """Plants series into copies of some of `rows`; `rows` themselves are not changed.

    neighbours  county FIPS code to the codes that border on it; a county that is not in it has none
    Raises ValueError when there are too few background rows for the largest possible series.
    """
    settings = settings or PlantSettings()
    planter = _Planter(rows, neighbours, random.Random(seed), settings)
    if len(planter.background) < settings.n_series * settings.cases[1]:
        raise ValueError(f"{len(planter.background)} background rows are too few for {settings.n_series} series")
    truth: dict[str, tuple[int, ...]] = {}
    offenders: dict[str, Offender] = {}
    planted: list[Row] = []
    for number in range(1, settings.n_series + 1):
        offender = planter.offender()
        cases = [planter.case(offender) for _ in range(planter.draw.randint(*settings.cases))]
        truth[f"S{number:03}"] = tuple(case["rowid"] for case in cases)
        offenders[f"S{number:03}"] = offender
        planted += cases
    return Planted(tuple(planted), truth, offenders, frozenset(planter.replaced))


def _value(field: str, row: Row) -> Any:
    """What a field holds; the county stands for the place, year and month for the time."""
    if field == "time":
        return row["year"], row["month"]
    return row["fip"] if field == "place" else row[field]


class _Planter:
    """The rows to draw from and what is used up so far."""

    def __init__(
        self, rows: Sequence[Row], neighbours: Mapping[str, Sequence[str]], draw: random.Random, settings: PlantSettings
    ) -> None:
        self.draw, self.settings, self.neighbours = draw, settings, neighbours
        victims = Counter(row["mapid"] for row in rows)
        self.background = [
            row
            for row in rows
            if row["homicide_type"] == MURDER and row["off_sex"] == "Unknown" and victims[row["mapid"]] == 1
        ]
        self.models = [
            r for r in self.background if all(r[f] != UNKNOWN[f] for f in ("vic_sex", "vic_age", "weapon_code"))
        ]
        self.by_county: dict[str, list[Row]] = defaultdict(list)
        for row in self.background:
            self.by_county[row["fip"]].append(row)
        self.shares = {field: Counter(_value(field, row) for row in self.background) for field in FIELDS}
        self.years = min(row["year"] for row in rows), max(row["year"] for row in rows)
        self.next_rowid = max(row["rowid"] for row in rows) + 1
        self.last_incident: Counter[tuple[str, int, int]] = Counter()
        for row in rows:
            key = (row["ori"], row["year"], row["month"])
            self.last_incident[key] = max(self.last_incident[key], row["incident_num"])
        self.starts = draw.sample(self.background, len(self.background))
        self.replaced: set[int] = set()

    def offender(self) -> Offender:
        signature = self.draw.choice(self.models)
        length = self.draw.randint(1, self.settings.max_active_years)
        first = signature["year"] - self.draw.randrange(length)
        last = first + length - 1
        return Offender(
            dict(signature),
            max(first, self.years[0]),
            min(last, self.years[1]),
            self.draw.uniform(*self.settings.copy_rate),
        )

    def case(self, offender: Offender) -> Row:
        start = self.starts.pop()
        self.replaced.add(start["rowid"])
        row = dict(start)
        for field in FIELDS:
            if self.draw.random() < offender.copy_rate:
                row |= self._copied(field, offender)
            if self.draw.random() < self.settings.noise:
                row |= self._noisy(field, row)
        return self._filed(row)

    def _copied(self, field: str, offender: Offender) -> Row:
        if field == "place":
            return self._place(offender.signature["fip"])
        if field == "time":
            return {
                "year": self.draw.randint(offender.first_year, offender.last_year),
                "month": self.draw.randint(1, 12),
            }
        if field == "vic_age":
            band = self.settings.age_band
            return {field: max(0, min(98, offender.signature[field] + self.draw.randint(-band, band)))}
        return {field: offender.signature[field]}

    def _place(self, home: str) -> Row:
        beside = [fips for fips in self.neighbours.get(home, ()) if fips in self.by_county]
        away = beside and self.draw.random() < self.settings.neighbour_share
        return self._filing(self.draw.choice(self.by_county[self.draw.choice(beside) if away else home]))

    def _noisy(self, field: str, row: Row) -> Row:
        if field in UNKNOWN and self.draw.random() < self.settings.blank_share:
            return {field: UNKNOWN[field]}
        now = _value(field, row)
        others = {value: n for value, n in self.shares[field].items() if value != now and value != UNKNOWN.get(field)}
        if not others:
            return {}
        value = self.draw.choices(list(others), list(others.values()))[0]
        if field == "place":
            return self._filing(self.draw.choice(self.by_county[value]))
        return {"year": value[0], "month": value[1]} if field == "time" else {field: value}

    @staticmethod
    def _filing(row: Row) -> Row:
        return {column: row[column] for column in _PLACE_COLUMNS}

    def _filed(self, row: Row) -> Row:
        """The row under its own rowid, incident number and mapid (year, month, incident, ORI, as MAP builds it)."""
        key = (row["ori"], row["year"], row["month"])
        self.last_incident[key] += 1
        row["incident_num"] = self.last_incident[key]
        row["mapid"] = f"{row['year']}{row['month']:02}{row['incident_num']:03}{row['ori']}"
        row["rowid"], self.next_rowid = self.next_rowid, self.next_rowid + 1
        return row
