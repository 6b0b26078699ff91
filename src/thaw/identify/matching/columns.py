"""Records laid out as columns, one array per field, for the loops of the comparison; NaN or -1 where unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.record import PartialDate

from .model import Floats, Model
from .person import REMAINS, SEXES, PersonRecord

DAYS = 365.25
PLACES = 2
_UNCHARTED = [-1] * 32
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """n records. Every array has shape (n,), but `units` (n, PLACES, 3), `radii` (n, PLACES) and `teeth` (n, 32).

    day, day_half      middle and half width of the date, in days since year 1
    age_low, age_high  years; death_low, death_high  years since year 1
    stature, stature_half  cm; weight  natural log of kg
    ancestry           bit mask of labels; hair, eyes, other_eye, sex  codes or -1; remains 0..3
    units, radii       unit vectors of the places, radii in km (NaN where there is none)
    teeth              codes or -1
    """

    day: Floats
    day_half: Floats
    age_low: Floats
    age_high: Floats
    death_low: Floats
    death_high: Floats
    sex: Ints
    stature: Floats
    stature_half: Floats
    weight: Floats
    ancestry: Ints
    hair: Ints
    eyes: Ints
    other_eye: Ints
    remains: Ints
    units: Floats
    radii: Floats
    teeth: Ints

    def __len__(self) -> int:
        return len(self.day)

    def rows(self, index: Any) -> Columns:
        """The records that a slice or an index array names."""
        return replace(self, **{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def upright(self) -> Columns:
        """The same records along a first axis, so that they meet the others along the second."""
        return replace(self, **{f.name: getattr(self, f.name)[:, None] for f in fields(self)})


def columns_of(records: Sequence[PersonRecord], model: Model) -> Columns:
    """Columns of the records, in their order."""
    size = len(records)
    day, death = _spans([r.date for r in records]), _spans([r.death for r in records])
    age, stature = _ranges([r.age for r in records]), _ranges([r.stature for r in records])
    weight = _ranges([r.weight for r in records])
    units, radii = np.zeros((size, PLACES, 3)), np.full((size, PLACES), np.nan)
    for i, record in enumerate(records):
        for j, area in enumerate(record.places[:PLACES]):
            lat, lon = np.radians(area.lat), np.radians(area.lon)
            units[i, j] = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
            radii[i, j] = area.radius_km
    eyes = [sorted(code for label in r.eyes if (code := model.code("eyes", label)) >= 0) or [-1] for r in records]
    return Columns(
        day=day.mean(axis=1),
        day_half=np.diff(day, axis=1)[:, 0] / 2,
        age_low=age[:, 0],
        age_high=age[:, 1],
        death_low=death[:, 0] / DAYS,
        death_high=death[:, 1] / DAYS,
        sex=_codes(SEXES.index(r.sex) if r.sex else -1 for r in records),
        stature=stature.mean(axis=1),
        stature_half=np.diff(stature, axis=1)[:, 0] / 2,
        weight=np.log(weight.mean(axis=1)),
        ancestry=_codes(sum(1 << c for a in r.ancestry if (c := model.code("ancestry", a)) >= 0) for r in records),
        hair=_codes(model.code("hair", r.hair) for r in records),
        eyes=_codes(found[0] for found in eyes),
        other_eye=_codes(found[-1] for found in eyes),
        remains=_codes(REMAINS.index(r.remains) for r in records),
        units=units,
        radii=radii,
        teeth=np.array([_teeth(r.dental, model["dental"]["codes"]) for r in records], dtype=np.int64).reshape(size, 32),
    )


def joined(one: Columns, other: Columns) -> Columns:
    """Both lists, one after the other."""
    return replace(one, **{f.name: np.concatenate([getattr(one, f.name), getattr(other, f.name)]) for f in fields(one)})


def _codes(values: Any) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _spans(dates: Sequence[PartialDate | None]) -> Floats:
    spans = [(d.first.toordinal(), d.last.toordinal()) if d else (np.nan, np.nan) for d in dates]
    return np.array(spans, dtype=np.float64).reshape(len(dates), 2)


def _ranges(ranges: Sequence[tuple[float, float] | None]) -> Floats:
    return np.array([r or (np.nan, np.nan) for r in ranges], dtype=np.float64).reshape(len(ranges), 2)


def _teeth(chart: str | None, codes: str) -> list[int]:
    return [codes.find(letter) for letter in chart.upper()] if chart else _UNCHARTED
