"""Which cases of two sources may be one killing: a probability with its parts. Nothing is folded by it; people decide.

Records are compared within a state and within some weeks. Each feature gives log10 of a Bayes factor: how much more
probable what both say is if they are one killing, over two killings taken at random from the same state and weeks. The
error rates (`_SAME`) are ours, kept low on purpose: a register is wrong more often than its keepers think. How common a
value is comes from the records themselves. Absent says nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from rapidfuzz.distance import JaroWinkler

from thaw.data import places

WINDOW_DAYS = 62
_EARTH_KM = 6371.0
_FIREARMS = ("11", "12", "13", "14", "15")
_STIFLED = ("80", "85")
_UNKNOWN_WEAPON = "90"
# Share of pairs of one killing at each level; the last is what is left. Ours, not published.
_SAME: Mapping[str, tuple[float, ...]] = {
    "date_day": (0.86, 0.08, 0.05),  # the same day; within 3 days; within 31 days
    "date_month": (0.90, 0.08),  # the intervals overlap; at most 31 days apart
    "county": (0.93,),
    "point": (0.60, 0.22, 0.13),  # within 1 km; 5 km; 30 km
    "town": (0.85,),
    "sex": (0.97,),
    "age": (0.80, 0.12, 0.04),  # no gap; one year; three years
    "weapon": (0.78, 0.12),  # the same code; the same kind
    "name": (0.80, 0.12),
}
_APART: Mapping[str, tuple[float, ...]] = {
    # Two killings of the window at random: days are spread over 125 days, points over the towns of a state.
    "date_day": (1 / 125, 6 / 125, 56 / 125),
    "date_month": (0.25, 0.5),
    "point": (0.01, 0.05, 0.2),
    "name": (0.0005, 0.01),
}


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
class Part:
    """What one feature says: log10 of its Bayes factor, and how it stands in both."""

    feature: str
    log10_bf: float
    level: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another record that may be the same killing: probability 0 to 1 after all others were weighed against it."""

    one: str
    other: str
    probability: float
    parts: tuple[Part, ...]


class SameCase:
    """Records by state and day, ready to be compared; `names` gives the victim's name of a case, or None."""

    def __init__(self, records: Iterable[CaseRecord], names: Mapping[str, str] | None = None) -> None:
        by_state: dict[str, list[CaseRecord]] = {}
        for record in records:
            by_state.setdefault(record.state, []).append(record)
        self._blocks = {state: _Block(found) for state, found in by_state.items()}
        self.names = dict(names or {})

    def candidates(self, record: CaseRecord, *, share: float = 0.5, top: int = 5) -> list[Candidate]:
        """The records of other realms that may be this killing, most probable first.

        share  prior probability that another source holds this killing at all, 0 < share < 1
        The probabilities of all records and of "none of them" add up to 1.
        """
        block = self._blocks.get(record.state)
        if block is None:
            return []
        near = block.near(record)
        if not len(near):
            return []
        scores = block.score(record, near)
        total = scores.sum(axis=0)
        leading = [int(i) for i in np.argsort(-total, kind="stable")[: top * 4]]
        named = {i: self._name(record, block.records[near[i]]) for i in leading}
        for i, part in named.items():
            total[i] += part.log10_bf if part else 0.0
        # One of n records, or none of them.
        odds = share / (1 - share) / len(near) * np.power(10.0, np.minimum(total, 300))
        posterior = odds / (1 + odds.sum())
        best = sorted(leading, key=lambda i: (-posterior[i], block.records[near[i]].case_id))[:top]
        return [self._candidate(record, block, near, scores, i, posterior[i], named[i]) for i in best]

    def _candidate(
        self,
        record: CaseRecord,
        block: _Block,
        near: np.ndarray,
        scores: np.ndarray,
        i: int,
        probability: float,
        named: Part | None,
    ) -> Candidate:
        other = block.records[near[i]]
        parts = [
            Part(feature, round(float(score), 3), _level(feature, record, other))
            for feature, score in zip(_FEATURES, scores[:, i], strict=True)
            if score
        ]
        return Candidate(record.case_id, other.case_id, float(probability), (*parts, *([named] if named else [])))

    def _name(self, one: CaseRecord, other: CaseRecord) -> Part | None:
        ours, theirs = self.names.get(one.case_id), self.names.get(other.case_id)
        if not ours or not theirs:
            return None
        likeness = max(JaroWinkler.similarity(a, b) for a in _orders(ours) for b in _orders(theirs))
        level = 0 if likeness >= 0.95 else 1 if likeness >= 0.85 else 2
        words = ("the same name", "a like name", "another name")[level]
        return Part("name", round(_log_ratio("name", level, _APART["name"]), 3), words)


_FEATURES = ("date", "place", "sex", "age", "weapon")


class _Block:
    """The records of one state as arrays, in the order of their days."""

    def __init__(self, records: Sequence[CaseRecord]) -> None:
        self.records = sorted(records, key=lambda r: (r.first, r.case_id))
        self.first = np.array([r.first for r in self.records])
        self.last = np.array([r.last for r in self.records])
        self.longest = int((self.last - self.first).max())
        self.realm = np.array([r.realm for r in self.records])
        self.sex = np.array([r.sex or "" for r in self.records])
        self.weapon = np.array([_told_weapon(r.weapon) for r in self.records])
        self.county = np.array([r.county or "" for r in self.records])
        self.town = np.array([_plain(r.town) for r in self.records])
        self.low = np.array([math.nan if r.age_low is None else r.age_low for r in self.records])
        self.high = np.array([math.nan if r.age_high is None else r.age_high for r in self.records])
        self.lat = np.array([math.nan if r.lat is None else r.lat for r in self.records])
        self.lon = np.array([math.nan if r.lon is None else r.lon for r in self.records])
        self.shares = {name: _shares(getattr(self, name)) for name in ("sex", "weapon", "county", "town")}
        counties = [found for fips in self.shares["county"] if (found := places.county(fips))]
        index = {county.fips: i for i, county in enumerate(counties)}
        self.county_at = np.array([index.get(r.county or "", -1) for r in self.records])
        self.centres = (
            np.array([(c.lat, c.lon, c.radius_km, self.shares["county"][c.fips]) for c in counties], dtype=float)
            .reshape(-1, 4)
            .T
        )
        known = self.low[~np.isnan(self.low)]
        self.ages = np.sort(known)

    def near(self, record: CaseRecord) -> np.ndarray:
        """Places of the records of other realms whose days lie within the window of this record's."""
        start = int(np.searchsorted(self.first, record.first - WINDOW_DAYS - self.longest))
        end = int(np.searchsorted(self.first, record.last + WINDOW_DAYS, side="right"))
        found = np.arange(start, end)
        close = (self.last[found] >= record.first - WINDOW_DAYS) & (self.realm[found] != record.realm)
        return np.asarray(found[close])

    def score(self, record: CaseRecord, near: np.ndarray) -> np.ndarray:
        """log10 Bayes factors: one row per feature, one column per record."""
        return np.vstack([
            self._date(record, near), self._place(record, near), self._sex(record, near), self._age(record, near),
            self._weapon(record, near),
        ])  # fmt: skip

    def _date(self, record: CaseRecord, near: np.ndarray) -> np.ndarray:
        gap = np.maximum(0, np.maximum(self.first[near] - record.last, record.first - self.last[near]))
        exact = (record.last - record.first <= 1) & (self.last[near] - self.first[near] <= 1)
        day = _choose("date_day", _APART["date_day"], gap <= 0, gap <= 3, gap <= 31)
        month = _choose("date_month", _APART["date_month"], gap <= 0, gap <= 31)
        # An interval of more than two months overlaps nearly everything near it: it says nothing.
        long = (record.last - record.first > WINDOW_DAYS) | (self.last[near] - self.first[near] > WINDOW_DAYS)
        return np.where(long, 0.0, np.where(exact, day, month))

    def _place(self, record: CaseRecord, near: np.ndarray) -> np.ndarray:
        result = np.zeros(len(near))
        town = _plain(record.town)
        if town:
            share = self.shares["town"].get(town, 1 / (1 + len(self.records)))
            known = self.town[near] != ""
            result = np.where(known, _choose("town", (share,), self.town[near] == town), result)
        if record.county:
            share = self.shares["county"].get(record.county, 1 / (1 + len(self.records)))
            known = self.county[near] != ""
            result = np.where(known, _choose("county", (share,), self.county[near] == record.county), result)
        result = self._point_and_county(record, near, result)
        if record.lat is not None and record.lon is not None:
            apart = _km(record.lat, record.lon, self.lat[near], self.lon[near])
            level = _choose("point", _APART["point"], apart <= 1, apart <= 5, apart <= 30)
            result = np.where(np.isnan(apart), result, level)
        return result

    def _point_and_county(self, record: CaseRecord, near: np.ndarray, result: np.ndarray) -> np.ndarray:
        """Where one has a point and the other only a county: the point lies in the circle of the county, or near it."""
        county = places.county(record.county) if record.county else None
        if county is not None and record.lat is None:
            apart = _km(county.lat, county.lon, self.lat[near], self.lon[near])
            share = max(self.shares["county"].get(county.fips, 0.0), 0.01)
            level = _choose("county", (min(2 * share, 0.9),), apart <= 1.7 * county.radius_km)
            return np.where(np.isnan(apart) | (self.county[near] != ""), result, level)
        if record.lat is None or record.lon is None or record.county is not None:
            return result
        # Whether the point may lie in each county of the block, then each record by its county.
        inside = _km(record.lat, record.lon, self.centres[0], self.centres[1]) <= 1.7 * self.centres[2]
        same, apart = _SAME["county"][0], np.minimum(2 * np.maximum(self.centres[3], 0.01), 0.9)
        scores = np.where(inside, np.log10(same / apart), np.log10((1 - same) / (1 - apart)))
        at = self.county_at[near]
        known = (at >= 0) & np.isnan(self.lat[near])
        return np.where(known, np.append(scores, 0.0)[at], result)

    def _sex(self, record: CaseRecord, near: np.ndarray) -> np.ndarray:
        if not record.sex:
            return np.zeros(len(near))
        share = self.shares["sex"].get(record.sex, 0.5)
        return np.where(self.sex[near] == "", 0.0, _choose("sex", (share,), self.sex[near] == record.sex))

    def _age(self, record: CaseRecord, near: np.ndarray) -> np.ndarray:
        if record.age_low is None or record.age_high is None:
            return np.zeros(len(near))
        gap = np.maximum(0, np.maximum(self.low[near] - record.age_high, record.age_low - self.high[near]))
        inside = [self._share_of_ages(record.age_low - far, record.age_high + far) for far in (0, 1, 3)]
        shares = (inside[0], inside[1] - inside[0], inside[2] - inside[1])
        return np.where(np.isnan(gap), 0.0, _choose("age", shares, gap <= 0, gap <= 1, gap <= 3))

    def _share_of_ages(self, low: float, high: float) -> float:
        inside = np.searchsorted(self.ages, high, side="right") - np.searchsorted(self.ages, low)
        return float(inside + 1) / (len(self.ages) + 40)

    def _weapon(self, record: CaseRecord, near: np.ndarray) -> np.ndarray:
        weapon = _told_weapon(record.weapon)
        if not weapon:
            return np.zeros(len(near))
        kind = _FIREARMS if weapon in _FIREARMS else _STIFLED if weapon in _STIFLED else (weapon,)
        shares = self.shares["weapon"]
        own = shares.get(weapon, 0.005)
        akin = sum(shares.get(code, 0.0) for code in kind if code != weapon)
        same, like = self.weapon[near] == weapon, np.isin(self.weapon[near], kind)
        return np.where(self.weapon[near] == "", 0.0, _choose("weapon", (own, max(akin, 0.005)), same, like))


def _choose(feature: str, shares: Sequence[float], *levels: np.ndarray) -> np.ndarray:
    """log10 Bayes factor by the first level that is met, else by what is left."""
    result = np.full(len(levels[0]), _log_ratio(feature, len(levels), shares))
    for number in range(len(levels) - 1, -1, -1):
        result = np.where(levels[number], _log_ratio(feature, number, shares), result)
    return result


def _log_ratio(feature: str, level: int, shares: Sequence[float]) -> float:
    same = _SAME[feature]
    if level < len(same):
        return math.log10(same[level] / max(shares[level], 1e-6))
    return math.log10((1 - sum(same)) / max(1 - sum(shares), 0.02))


def _level(feature: str, one: CaseRecord, other: CaseRecord) -> str:
    """How a feature stands in both, in words."""
    match feature:
        case "date":
            return f"{_days(one)} and {_days(other)}"
        case "place":
            return f"{_where(one)} and {_where(other)}"
        case "sex":
            return f"{one.sex} and {other.sex}"
        case "age":
            return f"{_age(one)} and {_age(other)}"
    return f"{one.weapon} and {other.weapon}"


def _days(record: CaseRecord) -> str:
    first, last = (date.fromordinal(day).isoformat() for day in (record.first, record.last))
    return first if first == last else f"{first} to {last}"


def _where(record: CaseRecord) -> str:
    return (
        record.county
        or record.town
        or (f"{record.lat:.3f}, {record.lon:.3f}" if record.lat is not None else record.state)
    )


def _age(record: CaseRecord) -> str:
    return f"{record.age_low:g}" if record.age_low == record.age_high else f"{record.age_low:g} to {record.age_high:g}"


def _told_weapon(weapon: str | None) -> str:
    """The code, or nothing for "other or unknown", which says no more than silence."""
    return "" if weapon in (None, _UNKNOWN_WEAPON) else str(weapon)


def _shares(values: np.ndarray) -> dict[str, float]:
    counted = Counter(value for value in values.tolist() if value)
    total = sum(counted.values())
    return {value: number / total for value, number in counted.items()}


def _plain(town: str | None) -> str:
    return "".join(letter for letter in (town or "").split(",")[0].casefold() if letter.isalnum())


def _orders(name: str) -> tuple[str, str]:
    words = " ".join(name.casefold().replace(",", " ").split()).split(" ")
    return " ".join(words), " ".join([*words[1:], words[0]])


def _km(lat: float, lon: float, lats: np.ndarray, lons: np.ndarray) -> np.ndarray:
    north = np.radians(lats - lat)
    east = np.radians(lons - lon) * np.cos(np.radians((lats + lat) / 2))
    return np.asarray(_EARTH_KM * np.hypot(north, east))
