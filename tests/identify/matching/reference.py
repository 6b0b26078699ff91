"""The comparison once more, slowly: plain numbers, one pair at a time, straight from docs/methods/identification.md."""

from __future__ import annotations

import math
from collections.abc import Sequence

from thaw.identify import FIELDS, PersonRecord
from thaw.identify.matching.model import Model

LABELS = 6
BLOCKS = (("date", "age", "death"), ("sex", "stature", "weight"), ("ancestry", "hair", "eyes"), ("place",), ("dental",))
REMAINS = ("unknown", "fleshed", "decomposed", "skeletal")


def middle_day(span) -> float:
    return (span.first.toordinal() + span.last.toordinal()) / 2


def half_days(span) -> float:
    return (span.last.toordinal() - span.first.toordinal()) / 2


def density(gap: float, k) -> float:
    if gap >= 0:
        rise = sum(w / s * math.exp(-gap / s) for w, s in zip(k["weights"], k["means_years"], strict=True))
        return rise + k["flat"] / k["flat_years"]
    before = sum(w / s * math.exp(gap / s) for w, s in zip(k["negative_weights"], k["negative_years"], strict=True))
    return k["negative"] * before + k["flat"] / k["flat_years"] / 10


def fresh(gap: float, k, state: int) -> float:
    if gap < 0:
        return density(gap, k)
    share, mean = k["fresh"][state], k["fresh_years"][state]
    return (1 - share) * density(gap, k) + share * math.exp(-gap / mean) / mean


def likelihood(name: str, u: PersonRecord, m: PersonRecord, model: Model) -> float | None:
    """P(field of the body | record); None where a side does not know it."""
    k, state = model[name], REMAINS.index(u.remains)
    if name == "sex":
        if u.sex is None or m.sex is None:
            return None
        right = k["right"][state] * k["recorded"]
        return right if u.sex == m.sex else 1 - right
    if name == "date":
        if u.date is None or m.date is None:
            return None
        gap = (middle_day(u.date) - middle_day(m.date)) / 365.25
        blur = (half_days(u.date) + half_days(m.date)) / 365.25
        return sum(fresh(gap + shift * blur, k, state) for shift in (-0.6, 0, 0.6)) / 3
    if name in ("age", "death"):
        return years(name, u, m, k)
    if name == "stature":
        if u.stature is None or m.stature is None:
            return None
        young = m.age[0] if m.age else 30
        grown = max(17 - young, 0) * k["growth_cm"] / 2
        halves = [(r[1] - r[0]) / 2 for r in (u.stature, m.stature)]
        spread = math.sqrt(
            k["estimate_cm"][state] ** 2 + k["reported_cm"] ** 2 + sum(h * h for h in halves) / 3 + grown**2
        )
        off = sum(u.stature) / 2 - sum(m.stature) / 2 - grown
        return (1 - k["outlier"]) * bell(off, spread) + k["outlier"] * bell(off, k["outlier_cm"])
    if name == "weight":
        spread = k["spread"][state]
        if u.weight is None or m.weight is None or spread == 0:
            return None
        off = math.log(sum(u.weight) / 2) - math.log(sum(m.weight) / 2)
        return (1 - k["outlier"]) * bell(off, spread) + k["outlier"] * bell(off, k["outlier_spread"])
    if name == "ancestry":
        if not u.ancestry or not m.ancestry:
            return None
        right, share = k["right"][state], len(u.ancestry & m.ancestry) / len(u.ancestry)
        return share * right + (1 - share) * (1 - right) / (LABELS - 1)
    if name in ("hair", "eyes"):
        return colors(name, u, m, k, state)
    return place(u, m, k) if name == "place" else teeth(u, m, k)


def years(name, u, m, k) -> float | None:
    span = u.age if name == "age" else u.death
    if span is None or (m.date is None and name == "death") or (m.age is None and name == "age"):
        return None
    lived = 0.0
    if u.date is not None and m.date is not None:
        lived = max((middle_day(u.date) - middle_day(m.date)) / 365.25, 0)
        lived = min(lived, 80) if name == "age" else lived
    elif name == "death":
        lived = max(u.death.last.toordinal() / 365.25 - middle_day(m.date) / 365.25, 0)
    total = 0.0
    for share, part in zip(k["survival"], (0, 0.5, 1), strict=True):
        if name == "age":
            half = (m.age[1] - m.age[0]) / 2
            true = m.age[0] + half + part * lived
            outside = max(span[0] - half - true, true - span[1] - half - 1, 0)
            beside = (1 - k["inside"]) / (2 * k["tail_years"]) * math.exp(-outside / k["tail_years"])
            width = span[1] - span[0]
        else:
            true = middle_day(m.date) / 365.25 + part * lived
            low, high = span.first.toordinal() / 365.25, span.last.toordinal() / 365.25
            over, under = max(true - high, 0), max(low - true, 0)
            outside, width = over + under, high - low
            early, late = k["early_years"], k["late_years"]
            beside = (1 - k["inside"]) / (early + late) * math.exp(-over / early - under / late)
        total += share * (beside if outside > 0 else k["inside"] / (width + 1))
    return total


def colors(name, u, m, k, state) -> float | None:
    seen = [u.hair] if name == "hair" else sorted(u.eyes, key=k["labels"].index)
    living = [m.hair] if name == "hair" else sorted(m.eyes, key=k["labels"].index)
    if not seen or not living or seen[0] is None or living[0] is None:
        return None
    pairs = {(seen[0], living[0]), (seen[-1], living[-1])}
    return max(confusion(one, other, k, state) for one, other in pairs)


def confusion(seen: str, living: str, k, state: int) -> float:
    right = k["right"][state]
    if seen == living:
        return right
    neighbors = {b if a == living else a for a, b in k["neighbors"] if living in (a, b)}
    near = k["near"] / len(neighbors) if seen in neighbors else 0
    return (1 - right) * (near + (1 - k["near"]) / (len(k["labels"]) - 1))


def place(u, m, k) -> float | None:
    if not u.places or not m.places:
        return None
    total = 0.0
    pairs = [(a, b) for a in u.places[:2] for b in m.places[:2]]
    for a, b in pairs:
        km = haversine(a, b)
        blur = a.radius_km**2 + b.radius_km**2
        total += k["flat"] / k["flat_km2"]
        for w, s in zip(k["weights"], k["scales_km"], strict=True):
            wide = math.sqrt(s * s + blur)
            total += w / (2 * math.pi * wide**2) * math.exp(-km / wide)
    return total / len(pairs)


def haversine(a, b) -> float:
    x, y = math.radians(a.lat), math.radians(b.lat)
    inner = math.sin((y - x) / 2) ** 2 + math.cos(x) * math.cos(y) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(math.sqrt(inner), 1))


def teeth(u, m, k) -> float | None:
    if u.dental is None or m.dental is None:
        return None
    score, seen = 0.0, 0
    for after, before in zip(u.dental, m.dental, strict=True):
        if "-" in (after, before):
            continue
        seen += 1
        later = [step[1] for step in k["later"] if step[0] == before]
        if after == before:
            chance = k["same"] + (0 if later else k["explained"])
        elif after in later:
            chance = k["explained"] / len(later)
        else:
            chance = k["unexplained"] / (len(k["codes"]) - 1 - len(later))
        score += math.log(chance / k["common"][k["codes"].index(after)])
    return math.exp(min(max(score, -50), 50)) if seen else None


def bell(off: float, spread: float) -> float:
    return math.exp(-0.5 * (off / spread) ** 2) / spread


def supports(
    u: PersonRecord, people: Sequence[PersonRecord], weights: Sequence[float], model: Model
) -> list[dict[str, float]]:
    """log10 support by field of each person, capped; words of marks and clothing left to their own test."""
    caps = model["caps"]
    found: list[dict[str, float]] = [dict.fromkeys(FIELDS, 0.0) for _ in people]
    for block in BLOCKS:
        belief = list(weights)
        for name in block:
            values = [likelihood(name, u, m, model) for m in people]
            total = sum(b for b, v in zip(belief, values, strict=True) if v is not None)
            if not total:
                continue
            mean = sum(b * v for b, v in zip(belief, values, strict=True) if v is not None) / total
            for i, value in enumerate(values):
                if value is not None:
                    ratio = (1 - model["void"][name]) * value / mean + model["void"][name]
                    found[i][name] = min(max(math.log10(ratio), caps["field_low"]), caps["field_high"])
                    belief[i] *= ratio
    return found
