"""A second maker of bodies and of slips of other shapes than `bench.invented_bodies`: it judges what that one taught.

It was written before any figure of the design that it judges was seen, and nothing in it was changed afterwards. Bodies
have no errors but the one that a slip makes. What differs, all chosen by its author where no source is named:

  time      log-uniform: days to a year, or one to twenty years; one in six lived on, any time up to thirty years
  place     Lomax tail, 60 % within 10 km (88 Dutch graves), one in twenty beyond 600 km; every third only as the
            circle of a county
  age       bands as people write them (20 to 30, 25 to 40, adult), not intervals around the truth
  stature   Laplace; weight: even, up to 15 or 30 % either way
  colors    a ladder from dark to light, one rung off in one of five
  gaps      one trait of the whole record: what is poorly described lacks many fields at once
  words     kept or lost whole, without other words for the same thing
  slips     what hands do: the wrong ten of an age, a digit of a year, feet off by one, kilograms for pounds, the town
            of the office for the place of the find, a degree mistyped
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from statistics import NormalDist
from typing import Any

from thaw.identify import Area, PersonRecord
from thaw.record import PartialDate

_CLOSES = date(2024, 3, 15)
_DAYS = 365.25
_BANDS = ((0, 2), (1, 5), (4, 9), (8, 13), (12, 17), (15, 20), (18, 25), (18, 30), (20, 30), (20, 35), (20, 40))
_BANDS += ((25, 35), (25, 40), (30, 40), (30, 45), (30, 50), (35, 50), (40, 50), (40, 60), (45, 65), (50, 70), (60, 80))
_LADDERS = {"hair": ("black", "brown", "red", "sandy", "blond", "gray", "white"),
            "eyes": ("black", "brown", "hazel", "green", "gray", "blue")}  # fmt: skip
# Shares without the field: fleshed, decomposed, skeletal (a national register's, rounded by eye).
_GAPS = {
    "sex": (0.0, 0.02, 0.16), "age": (0.24, 0.22, 0.25), "death": (0.35, 0.36, 0.54), "stature": (0.08, 0.15, 0.49),
    "weight": (0.09, 0.34, 1.0), "ancestry": (0.06, 0.20, 0.43), "hair": (0.11, 0.34, 0.82), "eyes": (0.26, 0.81, 0.99),
    "marks": (0.58, 0.73, 0.91), "clothing": (0.28, 0.25, 0.58),
}  # fmt: skip
_NOTHING: Mapping[str, Any] = {"ancestry": frozenset(), "eyes": frozenset(), "marks": (), "clothing": ()}
_STATES = ("fleshed", "decomposed", "skeletal")
_WORD_KEPT = (0.7, 0.5, 0.25)


def other_body(person: PersonRecord, random: Random) -> PersonRecord:
    """The record of this missing person's body without an error, found later."""
    seen, died, found = _days(person, random)
    unfound = (found - died).days
    state = 0 if unfound < random.expovariate(1 / 9) else 1 if unfound < random.expovariate(1 / 260) else 2
    aged = None if person.age is None else sum(person.age) / 2 + random.random() + (died - seen).days / _DAYS
    body = PersonRecord(
        id=f"other-body-{random.getrandbits(40):010x}",
        sex=person.sex,
        age=None if aged is None else _band(min(aged, 99.0), random),
        date=PartialDate(found, found, "day"),
        death=_death(died, found, state, random),
        stature=None if person.stature is None else _tall(person.stature, aged, (died - seen).days, state, random),
        weight=None if person.weight is None else _heavy(person.weight, state, random),
        ancestry=frozenset(random.sample(sorted(person.ancestry), 1)) if person.ancestry else frozenset(),
        hair=_rung("hair", person.hair, random),
        eyes=frozenset(filter(None, (_rung("eyes", one, random) for one in sorted(person.eyes)[:1]))),
        places=_found_at(person, random),
        remains=_STATES[state],
        marks=_words(person.marks, state, random),
        clothing=_words(person.clothing if died - seen < timedelta(days=40) else (), state, random),
    )
    return _poorer(body, state, random)


def _days(person: PersonRecord, random: Random) -> tuple[date, date, date]:
    """Last seen, died, found; before the register closes, as far as there is time."""
    seen = person.date.first if person.date else date(1975, 1, 1) + timedelta(days=random.randint(0, 16_000))
    window = max((_CLOSES - seen).days, 30)
    for _ in range(200):
        lived = random.uniform(0, 30 * _DAYS) if random.random() < 1 / 6 else random.expovariate(1 / 5)
        years = 10 ** (random.uniform(-2.5, 0.0) if random.random() < 0.55 else random.uniform(0.0, 1.3))
        if lived + years * _DAYS < window:
            died = seen + timedelta(days=int(lived))
            return seen, died, died + timedelta(days=int(years * _DAYS))
    return seen, seen, seen + timedelta(days=random.randint(0, window))


def _band(age: float, random: Random) -> tuple[float, float]:
    fitting = [band for band in _BANDS if band[0] <= age < band[1] + 1]
    if age >= 18 and (not fitting or random.random() < 0.1):
        return (18.0, 99.0) if age < 60 or (not fitting and age < 80) else (60.0, 99.0)
    low, high = random.choice(fitting)
    return float(low), float(high)


def _death(died: date, found: date, state: int, random: Random) -> PartialDate:
    years = (found - died).days / _DAYS
    before, after = (random.randint(0, int(part * state * (1 + years / 2))) for part in (1.0, 0.6))
    first, last = died.year - before, min(died.year + after, found.year)
    if first == last:
        return PartialDate.of_year(first)
    return PartialDate(date(first, 1, 1), date(last, 12, 31), "interval")


def _laplace(random: Random, scale: float) -> float:
    return random.choice((-1, 1)) * random.expovariate(1 / scale)


def _tall(
    stature: tuple[float, float], aged: float | None, lived_days: int, state: int, random: Random
) -> tuple[float, float]:
    seen_at = 30.0 if aged is None else aged - lived_days / _DAYS
    grown = 5.0 * max(0.0, min(lived_days / _DAYS, 16.0 - seen_at))
    middle = sum(stature) / 2 - 1.0 + grown + _laplace(random, (1.2, 1.8, 2.6)[state])
    half = random.choice((0.0, 0.0, 2.5, 5.0)) if state == 2 else random.choice((0.0, 0.0, 0.0, 2.5))
    return round(max(middle - half, 30.0), 0), round(min(max(middle + half, 30.0), 250.0), 0)


def _heavy(weight: tuple[float, float], state: int, random: Random) -> tuple[float, float] | None:
    if state == 2:
        return None
    off = (0.15, 0.30)[state]
    kilograms = min(max(sum(weight) / 2 * random.uniform(1 - off, 1 + off), 1.0), 400.0)
    return round(kilograms), round(kilograms)


def _rung(name: str, label: str | None, random: Random) -> str | None:
    ladder = _LADDERS[name]
    if label not in ladder:
        return label
    at = ladder.index(label) + (random.choice((-1, 1)) if random.random() < 0.2 else 0)
    return ladder[min(max(at, 0), len(ladder) - 1)]


def _found_at(person: PersonRecord, random: Random) -> tuple[Area, ...]:
    if not person.places:
        return ()
    distance = min(5.0 * (random.random() ** (-1 / 1.5) - 1), 40.0)  # most of them near
    if random.random() < 0.3:
        distance = min(30.0 * (random.random() ** (-1 / 0.6) - 1), 3_000.0)
    lat, lon = _away(person.places[0], distance, random)
    if random.random() < 1 / 3:
        radius = random.choice((8.0, 15.0, 25.0))
        return (Area(*_away(Area(lat, lon), radius * random.random(), random), radius),)
    return (Area(lat, lon),)


def _away(area: Area, distance_km: float, random: Random) -> tuple[float, float]:
    """That far off in some direction, on a flat map: good enough for what is only to be found again."""
    turn = random.uniform(0, 2 * math.pi)
    lat = area.lat + distance_km / 111.2 * math.cos(turn)
    lon = area.lon + distance_km / 111.2 * math.sin(turn) / max(math.cos(math.radians(area.lat)), 0.2)
    return round(min(max(lat, -85.0), 85.0), 4), round((lon + 540.0) % 360.0 - 180.0, 4)


def _words(texts: tuple[str, ...], state: int, random: Random) -> tuple[str, ...]:
    kept = [text for text in texts if random.random() < _WORD_KEPT[state]]
    return tuple(" ".join(word for word in text.split() if random.random() < 0.75) or text for text in kept)


def _poorer(body: PersonRecord, state: int, random: Random) -> PersonRecord:
    """Fields lost together: one trait of the record (0.7 of what decides) and the luck of each field."""
    usual, trait = NormalDist(), random.normalvariate(0, 1)
    gone: dict[str, Any] = {}
    for name, shares in _GAPS.items():
        share = shares[state]
        mixed = 0.7 * trait + math.sqrt(1 - 0.49) * random.normalvariate(0, 1)
        if share >= 1 or (share > 0 and mixed < usual.inv_cdf(share)):
            gone[name] = _NOTHING.get(name)
    return replace(body, **gone)


# --- slips -------------------------------------------------------------------------------------------------------


def _another_label(labels: tuple[str, ...], mine: frozenset[str], random: Random) -> str:
    return random.choice([label for label in labels if label not in mine])


def _wrong_ten(body: PersonRecord, random: Random) -> dict[str, Any]:
    low, high = body.age or (0.0, 0.0)
    tens = [t for t in (-30, -20, -10, 10, 20, 30) if low + t >= 0 and high + t <= 120]
    off = random.choice(tens)
    return {"age": (low + off, high + off)}


def _digit(year: int, random: Random) -> int:
    """One of the last two digits mistyped; never after the register closed."""
    tens, ones = year // 10 % 10, year % 10
    wrong = [year - ones + d for d in range(10)] + [year + 10 * (d - tens) for d in range(10)]
    return random.choice([one for one in wrong if one != year and 1950 <= one <= 2024])


def _wrong_foot(body: PersonRecord, random: Random) -> dict[str, Any]:
    low, high = body.stature or (0.0, 0.0)
    off = 30.5 if low < 100 or (high < 185 and random.random() < 0.5) else -30.5
    return {"stature": (low + off, high + off)}


def _kilograms(body: PersonRecord, random: Random) -> dict[str, Any]:
    factor = random.choice((0.4536, 2.2046))
    return {"weight": tuple(round(min(max(one * factor, 0.5), 450.0), 1) for one in body.weight or ())}


def _office(body: PersonRecord, random: Random) -> dict[str, Any]:
    far = 10 ** random.uniform(math.log10(50), math.log10(400))
    return {"places": tuple(Area(*_away(area, far, random), area.radius_km) for area in body.places)}


def _degree(body: PersonRecord, random: Random) -> dict[str, Any]:
    area, off = body.places[0], random.choice((-10, -5, -3, -2, 2, 3, 5, 10))
    if random.random() < 0.5:
        return {"places": (replace(area, lat=min(max(area.lat + off, 18.0), 70.0)),)}
    return {"places": (replace(area, lon=min(max(area.lon + off, -170.0), -60.0)),)}


_ANCESTRIES = ("white", "white", "black", "black", "hispanic", "hispanic", "asian", "native")
# By name of the row: the field, what the record then says, and what makes it.
SLIPS: Mapping[str, tuple[str, str, Callable[[PersonRecord, Random], dict[str, Any]]]] = {
    "sex": ("sex", "the other", lambda b, r: {"sex": {"F": "M", "M": "F"}[b.sex or "F"]}),
    "age": ("age", "the wrong ten: 10 to 30 years off", _wrong_ten),
    "ancestry": (
        "ancestry", "another's",
        lambda b, r: {"ancestry": frozenset({_another_label(_ANCESTRIES, b.ancestry, r)})},
    ),
    "date": (
        "date", "a digit of the year",
        lambda b, r: {"date": PartialDate.of_year(_digit(b.date.first.year if b.date else 2000, r))},
    ),
    "stature": ("stature", "a foot off", _wrong_foot),
    "weight": ("weight", "kilograms for pounds, or pounds for kilograms", _kilograms),
    "hair": (
        "hair", "any other",
        lambda b, r: {"hair": _another_label(_LADDERS["hair"], frozenset({b.hair or ""}), r)},
    ),
    "eyes": ("eyes", "any other", lambda b, r: {"eyes": frozenset({_another_label(_LADDERS["eyes"], b.eyes, r)})}),
    "death": (
        "death", "a digit of the year",
        lambda b, r: {"death": PartialDate.of_year(_digit(b.death.first.year if b.death else 2000, r))},
    ),
    "place, the office's": ("place", "50 to 400 km off", _office),
    "place, a degree": ("place", "2 to 10 degrees off", _degree),
}  # fmt: skip
