"""What is common among missing people, for lists too short to tell: a packaged population of invented records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np

from thaw.data import read_toml
from thaw.data.places import counties
from thaw.record import PartialDate

from .person import Area, PersonRecord

RECORDS = 256


@cache
def reference_records() -> tuple[PersonRecord, ...]:
    """RECORDS invented records whose marginals are those of data/identification/population.toml; always the same.

    Spread evenly by a Kronecker sequence (multiples of powers of a generalised golden ratio, modulo 1), so that few
    records stand for many. Fields are independent, but stature and weight follow the sex; counties are drawn alike.
    """
    return tuple(_record(i) for i in range(RECORDS))


def _record(index: int) -> PersonRecord:
    table = read_toml("identification/population.toml")
    draw = iter(_points(index, 11))
    male = next(draw) < table["sex"]["male"]
    which = "male" if male else "female"
    years = float(np.interp(next(draw), table["age"]["at"], table["age"]["quantiles"]))
    decade = _pick(dict(zip(table["seen"]["decades"], table["seen"]["counts"], strict=True)), next(draw))
    day = date(decade, 1, 1) + timedelta(days=int(next(draw) * (3652 if decade < 2020 else 2190)))
    small = min(1.0, 0.42 + years / 31)  # children are shorter; 1 from 18 years on
    stature = NormalDist(*table["stature_cm"][which]).inv_cdf(next(draw)) * small
    weight = math.exp(NormalDist(*table["weight_log_kg"][which]).inv_cdf(next(draw))) * small**2
    area = counties()[int(next(draw) * len(counties()))]
    return PersonRecord(
        id=f"reference-{index}",
        sex="M" if male else "F",
        age=(years, years),
        date=PartialDate(day, day, "day"),
        stature=(stature, stature),
        weight=(weight, weight),
        ancestry=frozenset((str(_pick(table["ancestry"], next(draw))),)),
        hair=str(_pick(table["hair"], next(draw))),
        eyes=frozenset((str(_pick(table["eyes"], next(draw))),)),
        places=(Area(area.lat, area.lon, area.radius_km),),
    )


def _points(index: int, dimensions: int) -> list[float]:
    # The root of x^(d+1) = x + 1 gives steps that fill the cube evenly in every dimension.
    root = 2.0
    for _ in range(60):
        root = (1 + root) ** (1 / (dimensions + 1))
    return [min(max((0.5 + (index + 1) * root ** -(k + 1)) % 1.0, 1e-6), 1 - 1e-6) for k in range(dimensions)]


def _pick(counts: Mapping[Any, int], at: float) -> Any:
    labels = list(counts)
    ends = np.cumsum(list(counts.values())) / sum(counts.values())
    return labels[min(int(np.searchsorted(ends, at, side="right")), len(labels) - 1)]
