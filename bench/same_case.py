"""Same-case proposals on a generated pair of registers with known truth.

Two registers of one state, all killings invented: the first has a month and a county, as the homicide reports; the
second a day and a point, as a newspaper's table. Half of the killings are in both. What each gets wrong follows the
rates below.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bench.report import Report
from thaw.casebook.same_case import CaseRecord, SameCase
from thaw.data import places
from thaw.data.places.towns import sole_county, towns_of_state

YEARS = 20
_DRAWS = 3


@dataclass(frozen=True)
class Rates:
    """How often a register is wrong in sex, age, weapon, month of the report, county; and how often it is silent."""

    sex: float
    age: float
    weapon: float
    month: float
    county: float
    missing: float


# Sex 5.3 % and age 8 % wrong are published for identifications from skeletons (Thomas, Parks and Richard, n = 360
# against DNA; Journal of Forensic Sciences 2024, PubMed 38530154): harsher than a police record. The rest is ours.
PUBLISHED = Rates(sex=0.053, age=0.08, weapon=0.15, month=0.07, county=0.03, missing=0.05)
DOUBLE = Rates(sex=0.106, age=0.16, weapon=0.30, month=0.14, county=0.06, missing=0.10)
WEAPONS = ("12", "20", "13", "14", "30", "40", "80", "85", "90", "11")
SHARES = (48, 13, 5, 5, 5, 6, 2, 1, 10, 5)


def run() -> Report:
    """Precision and recall at a probability of 0.5, over three draws, at published and doubled error rates."""
    report = Report(
        "Same-case proposals",
        f"`./run bench same_case`: invented killings of {YEARS} years in one state, half of them in both of two "
        "registers. Sex 5.3 % and age 8 % wrong are published rates of identification from skeletons (Thomas, Parks, "
        "Richard; PubMed 38530154), harsher than a police record; weapon 15 %, month 7 %, county 3 %, absent 5 % are "
        "ours. A proposal is a pair whose probability, all pairs weighed together, is at least 0.5; of many, those of "
        "which 96 in 100 are expected to be true. *Ceiling* is the largest recall that anybody could have without "
        "names at a precision of 0.95: it is given the rates and shares by which the registers were made. At 300 "
        "killings a year it is the bar itself: two killings of one county and month are often alike in all that is "
        "said of them.",
    )
    # It needs the generator that stands here.
    from bench.same_case_ceiling import ceiling

    rows = []
    for name, rates, names, a_year, towns in (
        ("60 killings a year, published rates, names in both", PUBLISHED, True, 60, False),
        ("60 a year, published rates, no names", PUBLISHED, False, 60, False),
        ("60 a year, doubled rates, no names", DOUBLE, False, 60, False),
        ("60 a year, published rates, towns instead of points, no names", PUBLISHED, False, 60, True),
        ("300 a year, published rates, names in both", PUBLISHED, True, 300, False),
        ("300 a year, published rates, no names", PUBLISHED, False, 300, False),
    ):
        found = [measure(seed, rates, names=names, a_year=a_year, towns=towns) for seed in range(_DRAWS)]
        precision, recall, seconds = (sum(one[i] for one in found) / _DRAWS for i in range(3))
        judged = "published" in name
        rows.append([
            name, f"{precision:.3f}", report.judge(precision, 0.95, at_most=False) if judged else "",
            f"{recall:.3f}", report.judge(recall, 0.85, at_most=False) if judged else "",
            "" if names or towns else f"{_mean([ceiling(seed, rates, a_year, 0.95) for seed in range(_DRAWS)]):.3f}",
            f"{seconds:.1f} s",
        ])  # fmt: skip
    report.table(["registers", "precision", "bar 0.95", "recall", "bar 0.85", "ceiling", "time"], rows)
    return report


def _mean(found: Sequence[float]) -> float:
    return sum(found) / len(found)


def measure(seed: int, rates: Rates, *, names: bool, a_year: int, towns: bool = False) -> tuple[float, float, float]:
    """(precision, recall, seconds) of one draw; with `towns` the second register has a town and no point."""
    first, second, truth, named = generate(random.Random(seed), rates, a_year * YEARS, towns=towns)
    compared = SameCase([*first, *second], named if names else {})
    started = time.perf_counter()
    proposed = {tuple(sorted((pair.one, pair.other))) for pair in compared.proposals()}
    seconds = time.perf_counter() - started
    return len(proposed & truth) / max(len(proposed), 1), len(proposed & truth) / len(truth), seconds


def generate(
    draw: random.Random, rates: Rates, killings: int, *, towns: bool = False
) -> tuple[list[CaseRecord], list[CaseRecord], set[tuple[str, str]], dict[str, str]]:
    """Two registers, the pairs that are one killing, and the victims' names; `towns`: the second has no points."""
    counties = [county for county in places.counties() if county.state == "UT"]
    weights = [draw.paretovariate(1.0) for _ in counties]
    start = date(1990, 1, 1).toordinal()
    first, second, truth, named = [], [], set(), {}
    for number in range(killings):
        day = start + draw.randrange(YEARS * 365)
        county = draw.choices(counties, weights)[0]
        age = min(99, max(0, round(draw.gauss(33, 15))))
        sex = "M" if draw.random() < 0.78 else "F"
        weapon = draw.choices(WEAPONS, SHARES)[0]
        lat, lon = (centre + draw.gauss(0, county.radius_km / 250) for centre in (county.lat, county.lon))
        whole = CaseRecord("", "", day, day, "UT", county.fips, lat, lon, None, sex, age, age, weapon)
        where = draw.random()
        name = f"{_word(draw)} {_word(draw)}"
        if where < 0.75:
            told = _report(draw, whole, rates, [c.fips for c in counties])
            first.append(replace(told, case_id=f"a{number}", realm="a"))
            named[f"a{number}"] = name
        if where >= 0.25:
            told = _spoilt(draw, whole, rates)
            told = replace(told, case_id=f"b{number}", realm="b", county=None)
            second.append(_by_town(draw, told, county.fips) if towns else told)
            named[f"b{number}"] = name if draw.random() > 0.1 else f"{name.split()[0]} {_word(draw)}"
        if 0.25 <= where < 0.75:
            truth.add((f"a{number}", f"b{number}"))
    return first, second, truth, named


def _by_town(draw: random.Random, record: CaseRecord, county: str) -> CaseRecord:
    """The record with a town of its county in place of the point, or in 15 of 100 with a place that no list has.

    It says no more than the name; the county of that name is looked up as on an import.
    """
    found = [town for town in towns_of_state("UT") if town.county_fips == county]
    name = draw.choice(found).name if found and draw.random() > 0.15 else f"{_word(draw)} Flats"
    return replace(record, lat=None, lon=None, town=name, county=sole_county(name, "UT"))


def _report(draw: random.Random, whole: CaseRecord, rates: Rates, counties: list[str]) -> CaseRecord:
    """The record with the month in which it was reported and a county, and no point."""
    told = _spoilt(draw, whole, rates)
    day = date.fromordinal(whole.first + (31 if draw.random() < rates.month else 0))
    month = date(day.year, day.month, 1)
    last = date(day.year + day.month // 12, day.month % 12 + 1, 1).toordinal() - 1
    county = draw.choice(counties) if draw.random() < rates.county else whole.county
    return replace(told, first=month.toordinal(), last=last, lat=None, lon=None, county=county)


def _spoilt(draw: random.Random, whole: CaseRecord, rates: Rates) -> CaseRecord:
    sex, weapon, age = whole.sex, whole.weapon, whole.age_low or 0.0
    if draw.random() < rates.sex:
        sex = "F" if sex == "M" else "M"
    if draw.random() < rates.weapon:
        weapon = draw.choices(WEAPONS, SHARES)[0]
    if draw.random() < rates.age:
        age += draw.choice([-3, -2, -1, 1, 2, 3, 10, -10])
    age = min(99.0, max(0.0, age))
    told = replace(whole, sex=sex, weapon=weapon, age_low=age, age_high=age)
    for field in ("sex", "weapon"):
        if draw.random() < rates.missing:
            told = replace(told, **{field: None})
    return replace(told, age_low=None, age_high=None) if draw.random() < rates.missing else told


def _word(draw: random.Random) -> str:
    return "".join(draw.choice("bdfgklmnprstv") + draw.choice("aeiou") for _ in range(3)).capitalize()
