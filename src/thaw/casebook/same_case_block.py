"""The records of one state side by side: how each stands to those of other registers that are near it in time.

Each feature gives a level and how often two killings stand so by chance; the place gives log10 of a Bayes factor at
once. How common a value is comes from the records themselves. Absent says nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from thaw.data import places
from thaw.data.places.towns import town_key

from .one_to_one import Feature

WINDOW_DAYS = 62
FEATURES = ("date", "place", "sex", "age", "weapon")
_EARTH_KM = 6371.0
_FIREARMS = ("11", "12", "13", "14", "15")
_STIFLED = ("80", "85")
_UNKNOWN_WEAPON = "90"
# Share of pairs of one killing at each level; the last is what is left. Ours, not published.
SAME: Mapping[str, tuple[float, ...]] = {
    "date_day": (0.86, 0.08, 0.05),  # the same day; within 3 days; within 31 days
    "date_month": (0.90, 0.08),  # the intervals overlap; at most 31 days apart
    "county": (0.93,),
    "point": (0.60, 0.22, 0.13),  # within 1 km; 5 km; 30 km
    "town": (0.85,),
    "town_county": (0.80, 0.12),  # the same town; another town of the same county
    "sex": (0.97,),
    "age": (0.80, 0.12, 0.04),  # no gap; one year; three years
    "weapon": (0.78, 0.12),  # the same code; the same kind
    "name": (0.80, 0.12),
}
# Two killings of the window at random: days are spread over 125 days, points over the towns of a state.
_DAYS_APART = (1 / 125, 6 / 125, 56 / 125)
_POINTS_APART = (0.01, 0.05, 0.2)
_MOST_OF_COUNTY = 0.85
# How killings lie about the middle of their county: half the radius to each side, as over a disc of its area, with the
# long tails of Student's t, since towns lie where they lie.
_SPREAD, _TAIL = 0.5, 4.0


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What is compared of a case.

    realm        what comes before the key in its source key: cases of one realm are told apart by their register
    first, last  days as proleptic ordinals
    """

    case_id: str
    realm: str
    first: int
    last: int
    state: str
    county: str | None
    lat: float | None
    lon: float | None
    town: str | None
    sex: str | None
    age_low: float | None
    age_high: float | None
    weapon: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A record against several others: features with levels by name, and log10 of the Bayes factor of the place."""

    features: Mapping[str, Feature]
    place: np.ndarray

    def score(self) -> np.ndarray:
        """log10 Bayes factors with the shares of `SAME`: one row per feature of `FEATURES`, one column per record."""
        ratio = {name: feature.log_ratio(feature.shares) for name, feature in self.features.items()}
        date = ratio["date_day"] + ratio["date_month"]
        return np.vstack([date, self.place, ratio["sex"], ratio["age"], ratio["weapon"]])


class Block:
    """The records of one state as arrays, in the order of their days."""

    def __init__(self, records: Sequence[CaseRecord]) -> None:
        self.records = sorted(records, key=lambda r: (r.first, r.case_id))
        self.first = np.array([r.first for r in self.records])
        self.last = np.array([r.last for r in self.records])
        self.longest = int((self.last - self.first).max())
        # Words as whole numbers, 0 where nothing is said: a state of fifty thousand killings is compared in minutes.
        self._number: dict[str, int] = {"": 0}
        self.realm = self._numbered(r.realm for r in self.records)
        self.sex = self._numbered(r.sex for r in self.records)
        self.weapon = self._numbered(_told_weapon(r.weapon) for r in self.records)
        self.county = self._numbered(r.county for r in self.records)
        self.town = self._numbered(_town(r.town) for r in self.records)
        self.low = _numbers([r.age_low for r in self.records])
        self.high = _numbers([r.age_high for r in self.records])
        self.lat = _numbers([r.lat for r in self.records])
        self.lon = _numbers([r.lon for r in self.records])
        self.shares = {name: _shares(getattr(self, name)) for name in ("sex", "weapon", "county", "town")}
        self.ages = np.sort(self.low[~np.isnan(self.low)])
        self._counties = _CountyOfPoint(self.records, self.lat, self.lon)

    def _numbered(self, words: Iterable[str | None]) -> np.ndarray:
        return np.array([self._number.setdefault(word or "", len(self._number)) for word in words])

    def _of(self, word: str | None) -> int:
        return self._number.get(word or "", -1)

    def near(self, record: CaseRecord) -> np.ndarray:
        """Places of the records of other realms whose days lie within the window of this record's."""
        found = self.near_all(record)
        return np.asarray(found[self.realm[found] != self._of(record.realm)])

    def near_all(self, record: CaseRecord) -> np.ndarray:
        """The same with those of its own realm, itself among them."""
        start = int(np.searchsorted(self.first, record.first - WINDOW_DAYS - self.longest))
        end = int(np.searchsorted(self.first, record.last + WINDOW_DAYS, side="right"))
        found = np.arange(start, end)
        return np.asarray(found[self.last[found] >= record.first - WINDOW_DAYS])

    def compare(self, record: CaseRecord, near: np.ndarray) -> Compared:
        """How a record stands to others of the block."""
        day, month = self._date(record, near)
        features = {"date_day": day, "date_month": month, "sex": self._sex(record, near)}
        features |= {"age": self._age(record, near), "weapon": self._weapon(record, near)}
        return Compared(features, self._place(record, near))

    def _date(self, record: CaseRecord, near: np.ndarray) -> tuple[Feature, Feature]:
        gap = np.maximum(0, np.maximum(self.first[near] - record.last, record.first - self.last[near]))
        ours, theirs = record.last - record.first, self.last[near] - self.first[near]
        exact = (ours <= 1) & (theirs <= 1)
        # An interval of more than two months overlaps nearly everything near it: it says nothing.
        long = (ours > WINDOW_DAYS) | (theirs > WINDOW_DAYS)
        # Of all days at which an interval of this length can lie in the window, those at which the two overlap.
        total = ours + theirs + 1 + 2 * WINDOW_DAYS
        overlap = (ours + theirs + 1) / total
        day = _feature("date_day", exact & ~long, _DAYS_APART, gap <= 0, gap <= 3, gap <= 31)
        month = _feature("date_month", ~exact & ~long, (overlap, 2 * 31 / total), gap <= 0, gap <= 31)
        return day, month

    def _place(self, record: CaseRecord, near: np.ndarray) -> np.ndarray:
        result = self._point_and_county(record, near, self._town_and_county(record, near))
        if record.lat is not None and record.lon is not None:
            apart = _km(record.lat, record.lon, self.lat[near], self.lon[near])
            known = ~np.isnan(apart)
            point = _feature("point", known, _POINTS_APART, apart <= 1, apart <= 5, apart <= 30)
            result = np.where(known, point.log_ratio(point.shares), result)
        return result

    def _town_and_county(self, record: CaseRecord, near: np.ndarray) -> np.ndarray:
        """By the town where both name one, else by the county; two towns of one county are nearer than any two."""
        own_town, own_county = self._of(_town(record.town)), self._of(record.county)
        towns, counties = self.town[near], self.county[near]
        both_towns, both_counties = (towns != 0) & bool(own_town), (counties != 0) & bool(own_county)
        same_town, same_county = towns == own_town, counties == own_county
        of_town, of_county = self._share("town", own_town), self._share("county", own_county)
        town = _feature("town", both_towns, (of_town,), same_town)
        county = _feature("county", both_counties, (of_county,), same_county)
        # Of those of the county that name a town, the share of this one. Never all of them: another town of the county
        # must not say more than the county does by itself.
        there = self.town[(self.county == own_county) & (self.town != 0)]
        own = min((float((there == own_town).sum()) + 0.5) / (len(there) + 1), _MOST_OF_COUNTY)
        shares = (of_county * own, of_county * (1 - own))
        within = _feature("town_county", both_towns & both_counties, shares, same_town, same_county)
        known = [both_towns & both_counties, both_towns, both_counties]
        return np.select(known, [found.log_ratio(found.shares) for found in (within, town, county)], 0.0)

    def _share(self, name: str, value: int) -> float:
        """How common a value is among those of the block that have one."""
        return self.shares[name].get(value, 1 / (1 + len(self.records)))

    def _point_and_county(self, record: CaseRecord, near: np.ndarray, result: np.ndarray) -> np.ndarray:
        """Where one has a point and the other only a county: how likely a killing at that point is in that county."""
        counties = self._counties
        if not counties.any_point:
            return result
        has_point, has_county = ~np.isnan(self.lat[near]), self.county[near] != 0
        if record.lat is None and record.county in counties.index:
            of_points = counties.log_ratio(near, np.full(len(near), counties.index[record.county]))
            return np.where(has_point & ~has_county, of_points, result)
        if record.lat is None or record.lon is None or record.county is not None:
            return result
        at = counties.county_at[near]
        one = counties.log_ratios(np.array([record.lat]), np.array([record.lon]))[0]
        return np.where((at >= 0) & ~has_point, one[at], result)

    def _sex(self, record: CaseRecord, near: np.ndarray) -> Feature:
        share = self.shares["sex"].get(self._of(record.sex), 0.5)
        known = (self.sex[near] != 0) & bool(record.sex)
        return _feature("sex", known, (share,), self.sex[near] == self._of(record.sex))

    def _age(self, record: CaseRecord, near: np.ndarray) -> Feature:
        low, high = (math.nan if age is None else age for age in (record.age_low, record.age_high))
        gap = np.maximum(0, np.maximum(self.low[near] - high, low - self.high[near]))
        inside = [self._share_of_ages(low - far, high + far) for far in (0, 1, 3)]
        shares = (inside[0], inside[1] - inside[0], inside[2] - inside[1])
        return _feature("age", ~np.isnan(gap), shares, gap <= 0, gap <= 1, gap <= 3)

    def _share_of_ages(self, low: float, high: float) -> float:
        if math.isnan(low):
            return 0.0
        inside = np.searchsorted(self.ages, high, side="right") - np.searchsorted(self.ages, low)
        return float(inside + 1) / (len(self.ages) + 40)

    def _weapon(self, record: CaseRecord, near: np.ndarray) -> Feature:
        weapon = _told_weapon(record.weapon)
        kind = _FIREARMS if weapon in _FIREARMS else _STIFLED if weapon in _STIFLED else (weapon,)
        shares = self.shares["weapon"]
        akin = [self._of(code) for code in kind if code != weapon]
        apart = (shares.get(self._of(weapon), 0.005), max(sum(shares.get(code, 0.0) for code in akin), 0.005))
        theirs = self.weapon[near]
        same = theirs == self._of(weapon)
        return _feature("weapon", (theirs != 0) & bool(weapon), apart, same, same | np.isin(theirs, akin))


class _CountyOfPoint:
    """How likely a killing at a point lies in each county of the state, by distance and by how many each county has."""

    def __init__(self, records: Sequence[CaseRecord], lat: np.ndarray, lon: np.ndarray) -> None:
        state = records[0].state
        named = [found for fips in sorted({r.county or "" for r in records}) if (found := places.county(fips))]
        all_of_state = {c.fips: c for c in (*named, *(c for c in places.counties() if c.state == state))}
        counties = list(all_of_state.values())
        self.index: Mapping[str | None, int] = {county.fips: i for i, county in enumerate(counties)}
        self.county_at = np.array([self.index.get(r.county or "", -1) for r in records])
        counted = np.bincount(self.county_at[self.county_at >= 0], minlength=len(counties)) + 0.5
        self._share = counted / counted.sum()
        self._point_lat, self._point_lon = lat, lon
        self.any_point = bool(counties) and not np.isnan(lat).all()
        self._lat, self._lon = (np.array([getattr(c, part) for c in counties]) for part in ("lat", "lon"))
        self._spread = np.array([_SPREAD * c.radius_km for c in counties])

    @cached_property
    def _of_records(self) -> np.ndarray:
        return self.log_ratios(self._point_lat, self._point_lon).astype(np.float32)

    def log_ratio(self, records: np.ndarray, at: np.ndarray) -> np.ndarray:
        """log10 of the Bayes factor that the point of each record lies in the county with each number; NaN without."""
        return np.asarray(self._of_records[records, at])

    def log_ratios(self, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """The same for points in degrees: one row per point, one column per county."""
        apart = _km(lat[:, None], lon[:, None], self._lat[None, :], self._lon[None, :]) / self._spread
        near = self._share * (1 + apart**2 / _TAIL) ** (-(_TAIL + 2) / 2) / self._spread**2
        right = SAME["county"][0]
        return np.asarray(np.log10(right * near / near.sum(axis=1, keepdims=True) / self._share + (1 - right)))


def _feature(name: str, known: np.ndarray, shares: Sequence[float | np.ndarray], *met: np.ndarray) -> Feature:
    """The first level that is met, else the last; -1 where not known."""
    levels = np.full(len(known), len(met))
    rest = np.maximum(1 - sum(shares), 0.02)
    apart = np.broadcast_to(rest, levels.shape).astype(float)
    for number in range(len(met) - 1, -1, -1):
        levels = np.where(met[number], number, levels)
        apart = np.where(met[number], np.maximum(shares[number], 1e-6), apart)
    return Feature(np.where(known, levels, -1), apart, SAME[name])


def _numbers(values: Sequence[float | None]) -> np.ndarray:
    return np.array([math.nan if value is None else value for value in values], dtype=float)


def _told_weapon(weapon: str | None) -> str:
    """The code, or nothing for "other or unknown", which says no more than silence."""
    return "" if weapon in (None, _UNKNOWN_WEAPON) else str(weapon)


def _shares(values: np.ndarray) -> dict[int, float]:
    counted = Counter(value for value in values.tolist() if value)
    total = sum(counted.values())
    return {value: number / total for value, number in counted.items()}


def _town(name: str | None) -> str:
    return town_key(name) if name else ""


def _km(
    lat: np.ndarray | float, lon: np.ndarray | float, lats: np.ndarray | float, lons: np.ndarray | float
) -> np.ndarray:
    north = np.radians(lats - lat)
    east = np.radians(lons - lon) * np.cos(np.radians((lats + lat) / 2))
    return np.asarray(_EARTH_KM * np.hypot(north, east))
