"""P(what the body shows | the missing person's record), one function per field, any shapes that broadcast.

Each takes the unidentified `u` and the missing `m` as `Columns` and gives the likelihood and where both sides know the
field. Only ratios over different `m` mean anything: a factor that hangs on `u` alone may be left out. Formulas and
sources: docs/methods/identification.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import DAYS, PLACES, Columns
from .model import Floats, Model

Known = NDArray[np.bool_]
Likelihood = tuple[Floats, Known]

_EARTH_KM = 6371.0
_SHIFTS = (-0.6, 0.0, 0.6)  # three points stand for the interval of a vague date


def sex(u: Columns, m: Columns, model: Model) -> Likelihood:
    """Right with the rate of the remains' state, times that of the register."""
    right = model.array("sex", "right")[u.remains] * model["sex"]["recorded"]
    return np.where(u.sex == m.sex, right, 1 - right), (u.sex >= 0) & (m.sex >= 0)


def date(u: Columns, m: Columns, model: Model) -> Likelihood:
    """Density of the years from last seen to found: a mixture of exponentials, flat parts, and a part before zero.

    Remains that are not bones yet tell that death was not long ago, and most died when they were last seen.
    """
    table = model["date"]
    share, mean = (model.array("date", key)[u.remains] for key in ("fresh", "fresh_years"))
    gap = (u.day - m.day) / DAYS
    blur = (u.day_half + m.day_half) / DAYS
    known = ~np.isnan(gap)
    vague = known & (blur > 0)
    if vague.any() and vague.all():  # a body found in a vague year: nobody's gap is sharp
        return _blurred(gap, blur, share, mean, table), known
    value = _density(gap, share, mean, table)
    if vague.any():
        share, mean = (np.broadcast_to(part, gap.shape)[vague] for part in (share, mean))
        value[vague] = _blurred(gap[vague], blur[vague], share, mean, table)
    return value, known


def _blurred(gap: Floats, blur: Floats, share: Floats, mean: Floats, table: Mapping[str, object]) -> Floats:
    shifted = [_density(gap + shift * blur, share, mean, table) for shift in _SHIFTS]
    mixed: Floats = np.add.reduce(shifted) / len(_SHIFTS)
    return mixed


def _density(gap: Floats, share: Floats, mean: Floats, table: Mapping[str, object]) -> Floats:
    """Of each state's own share of quick finds and the usual mixture."""
    soon = np.where(gap >= 0, np.exp(-np.maximum(gap, 0.0) / mean) / mean, 0.0)
    usual = _gap_density(gap, table)
    return np.where(gap >= 0, (1 - share) * usual + share * soon, usual)


def _gap_density(gap: Floats, table: Mapping[str, object]) -> Floats:
    numbers = {key: np.asarray(value, dtype=np.float64) for key, value in table.items()}
    later, earlier = np.maximum(gap, 0.0), np.maximum(-gap, 0.0)
    flat = numbers["flat"] / numbers["flat_years"]
    after = sum(
        (w / mean * np.exp(-later / mean) for w, mean in zip(numbers["weights"], numbers["means_years"], strict=True)),
        start=np.zeros_like(gap),
    )
    before = sum(
        (
            numbers["negative"] * w / mean * np.exp(-earlier / mean)
            for w, mean in zip(numbers["negative_weights"], numbers["negative_years"], strict=True)
        ),
        start=np.zeros_like(gap),
    )
    # The rest of the flat part keeps a wrong decade on either side from being impossible.
    return np.where(gap >= 0, after + flat, before + flat / 10)


def age(u: Columns, m: Columns, model: Model) -> Likelihood:
    """The age at death is the age when last seen plus what the person lived on; inside the interval or beside it."""
    table = model["age"]
    half = (m.age_high - m.age_low) / 2
    seen = m.age_low + half
    lived = np.clip(np.nan_to_num((u.day - m.day) / DAYS), 0.0, 80.0)
    width = u.age_high - u.age_low
    value = np.zeros(np.broadcast_shapes(seen.shape, width.shape))
    for share, part in _lives(table, lived):
        true = seen + part * lived
        outside = np.maximum(np.maximum(u.age_low - half - true, true - u.age_high - half - 1), 0.0)
        beside = (1 - table["inside"]) / (2 * table["tail_years"]) * np.exp(-outside / table["tail_years"])
        value += share * np.where(outside > 0, beside, table["inside"] / (width + 1))
    return value, ~np.isnan(seen + width)


def death(u: Columns, m: Columns, model: Model) -> Likelihood:
    """When death is thought to have come, against when the person was last seen; estimates err to the early side."""
    table = model["death"]
    seen, found = m.day / DAYS, u.day / DAYS
    until = np.where(np.isnan(found), u.death_high, found)
    lived = np.maximum(until - seen, 0.0)
    width = u.death_high - u.death_low
    value = np.zeros(np.broadcast_shapes(seen.shape, width.shape))
    for share, part in _lives(table, lived):
        true = seen + part * lived
        over, under = np.maximum(true - u.death_high, 0.0), np.maximum(u.death_low - true, 0.0)
        early, late = table["early_years"], table["late_years"]
        beside = (1 - table["inside"]) / (early + late) * np.exp(-over / early - under / late)
        value += share * np.where(over + under > 0, beside, table["inside"] / (width + 1))
    return value, ~np.isnan(seen + width)


def _lives(table: Mapping[str, Any], lived: Floats) -> list[tuple[float, float]]:
    """Chance and part of the years between that somebody lived on; of no years every part is the same."""
    return list(zip(table["survival"], (0.0, 0.5, 1.0), strict=True)) if lived.any() else [(1.0, 0.0)]


def stature(u: Columns, m: Columns, model: Model) -> Likelihood:
    """Normal error of estimate and report, wider for the young who grew, and a share of records that are just wrong."""
    table = model["stature"]
    grown = np.maximum(17.0 - np.nan_to_num(m.age_low, nan=30.0), 0.0) * table["growth_cm"] / 2
    estimate = model.array("stature", "estimate_cm")[u.remains]
    spread = np.sqrt(estimate**2 + table["reported_cm"] ** 2 + (u.stature_half**2 + m.stature_half**2) / 3 + grown**2)
    off = u.stature - m.stature - grown
    value = (1 - table["outlier"]) * _normal(off, spread) + table["outlier"] * _normal(off, table["outlier_cm"])
    return value, ~np.isnan(off)


def weight(u: Columns, m: Columns, model: Model) -> Likelihood:
    """Log-normal; skeletal remains have none."""
    table = model["weight"]
    spread = model.array("weight", "spread")[u.remains]
    off = u.weight - m.weight
    inside = _normal(off, np.where(spread > 0, spread, 1.0))
    value = (1 - table["outlier"]) * inside + table["outlier"] * _normal(off, table["outlier_spread"])
    return value, ~np.isnan(off) & (spread > 0)


def ancestry(u: Columns, m: Columns, model: Model) -> Likelihood:
    """The share of the body's labels that the record has; the others fall on any label."""
    count = _bits(len(model["ancestry"]["labels"]))
    right = model.array("ancestry", "right")[u.remains]
    share = count[u.ancestry & m.ancestry] / np.maximum(count[u.ancestry], 1)
    wrong = (1 - right) / (len(model["ancestry"]["labels"]) - 1)
    value: Floats = share * right + (1 - share) * wrong
    known: Known = (u.ancestry > 0) & (m.ancestry > 0)
    return value, known


def hair(u: Columns, m: Columns, model: Model) -> Likelihood:
    """Confusion of colors by state of the remains."""
    known = (u.hair >= 0) & (m.hair >= 0)
    return model.hair[u.remains, np.maximum(u.hair, 0), np.maximum(m.hair, 0)], known


def eyes(u: Columns, m: Columns, model: Model) -> Likelihood:
    """Confusion of colors by state of the remains; of two colors the better one counts."""
    known = (u.eyes >= 0) & (m.eyes >= 0)
    one = model.eyes[u.remains, np.maximum(u.eyes, 0), np.maximum(m.eyes, 0)]
    other = model.eyes[u.remains, np.maximum(u.other_eye, 0), np.maximum(m.other_eye, 0)]
    return np.maximum(one, other), known


def place(u: Columns, m: Columns, model: Model) -> Likelihood:
    """Density per km2 of the finding place around each place where the person was seen, both as areas."""
    table = model["place"]
    pairs = [(i, j) for i in range(PLACES) for j in range(PLACES)]
    value = np.zeros(np.broadcast_shapes(u.day.shape, m.day.shape))
    number = np.zeros(value.shape)
    for i, j in pairs:
        there = ~np.isnan(u.radii[..., i] + m.radii[..., j])
        if not there.any():
            continue
        cosine = sum(u.units[..., i, k] * m.units[..., j, k] for k in range(3))
        chord = np.sqrt(np.maximum(2 - 2 * cosine, 0.0))
        distance = 2 * _EARTH_KM * np.arcsin(np.minimum(chord / 2, 1.0))
        blur = np.nan_to_num(u.radii[..., i] ** 2 + m.radii[..., j] ** 2)
        density = np.full(value.shape, table["flat"] / table["flat_km2"])
        for share, scale in zip(table["weights"], table["scales_km"], strict=True):
            wide = np.sqrt(scale**2 + blur)
            density += share / (2 * np.pi * wide**2) * np.exp(-distance / wide)
        value += np.where(there, density, 0.0)
        number += there
    return value / np.maximum(number, 1), number > 0


def dental(u: Columns, m: Columns, model: Model) -> Likelihood:
    """Tooth by tooth: the same code, one that treatment explains, or one that nothing explains."""
    table = model["dental"]
    codes = table["codes"]
    chances = np.zeros((len(codes), len(codes)))  # P(code on the body | code of the chart): a column for each of these
    for column, before in enumerate(codes):
        explained = [codes.index(step[1]) for step in table["later"] if step[0] == before]
        chances[:, column] = table["unexplained"] / (len(codes) - 1 - len(explained))
        chances[explained, column] = table["explained"] / max(len(explained), 1)
        chances[column, column] = table["same"] + (0 if explained else table["explained"])
    ratio = np.log(chances / model.array("dental", "common")[:, None])
    both = (u.teeth >= 0) & (m.teeth >= 0)
    score = np.where(both, ratio[np.maximum(u.teeth, 0), np.maximum(m.teeth, 0)], 0.0).sum(axis=-1)
    known: Known = np.any(both, axis=-1)
    return np.exp(np.clip(score, -50.0, 50.0)), known


def has(u: Columns, name: str) -> bool:
    """True when any of these bodies knows the field at all; the quick way past what nobody recorded."""
    columns = {"date": u.day, "age": u.age_low, "death": u.death_low, "stature": u.stature, "weight": u.weight}
    if name in columns:
        return not bool(np.isnan(columns[name]).all())
    if name == "place":
        return not bool(np.isnan(u.radii).all())
    if name == "ancestry":
        return bool((u.ancestry > 0).any())
    codes = {"sex": u.sex, "hair": u.hair, "eyes": u.eyes, "dental": u.teeth}
    return bool((codes[name] >= 0).any())


# Fields of one block hang together (a tall body is a man's more often), so each is judged given those before it.
Block = tuple[tuple[str, Callable[[Columns, Columns, Model], Likelihood]], ...]
BLOCKS: tuple[Block, ...] = (
    (("date", date), ("age", age), ("death", death)),
    (("sex", sex), ("stature", stature), ("weight", weight)),
    (("ancestry", ancestry), ("hair", hair), ("eyes", eyes)),
    (("place", place),),
    (("dental", dental),),
)


def _normal(off: Floats, spread: Floats | float) -> Floats:
    result: Floats = np.exp(-0.5 * (off / spread) ** 2) / spread
    return result


def _bits(labels: int) -> Floats:
    return np.array([i.bit_count() for i in range(1 << labels)], dtype=np.float64)
