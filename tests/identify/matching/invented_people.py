"""Invented people and bodies for the tests: drawn from nothing but a seed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from thaw.identify import Area, PersonRecord
from thaw.record import PartialDate

ANCESTRY = ("white", "black", "hispanic", "asian", "native", "pacific")
HAIR = ("black", "brown", "blond", "sandy", "red", "gray", "white", "bald")
EYES = ("brown", "blue", "hazel", "green", "gray", "black")
MARKS = ("scar on left knee", "tattoo of an anchor on right forearm", "gold tooth", "burn scar on back", "pierced ears")


def missing(random: Random, name: str, *, gaps: float = 0.0) -> PersonRecord:
    """One missing person; each field is unknown with probability `gaps`."""

    def maybe(value):
        return None if random.random() < gaps else value

    male = random.random() < 0.6
    day = date(1970, 1, 1) + timedelta(days=random.randrange(18000))
    span = random.choice((0, 0, 0, 30))
    years = random.uniform(2, 80)
    tall = random.gauss(176 if male else 163, 7)
    return PersonRecord(
        id=name,
        sex=maybe("M" if male else "F"),
        age=maybe((years, years + random.choice((0, 0, 1)))),
        date=maybe(PartialDate(day, day + timedelta(days=span), "interval")),
        stature=maybe((tall, tall + random.choice((0, 3)))),
        weight=maybe((random.uniform(40, 110),) * 2),
        ancestry=maybe(frozenset(random.sample(ANCESTRY, random.choice((1, 1, 2))))) or frozenset(),
        hair=maybe(random.choice(HAIR)),
        eyes=maybe(frozenset(random.sample(EYES, random.choice((1, 1, 1, 2))))) or frozenset(),
        places=maybe((Area(random.uniform(28, 48), random.uniform(-120, -75), random.choice((0.0, 5.0, 25.0))),)) or (),
        marks=maybe((random.choice(MARKS),)) or (),
        dental=maybe("".join(random.choice("VVVFFXC-") for _ in range(32))),
    )


def body(random: Random, person: PersonRecord, name: str = "body") -> PersonRecord:
    """The same person found years later, with honest errors of measurement and nothing wrong."""
    assert person.date
    assert person.age
    assert person.stature
    days = int(random.expovariate(1 / 700))
    found = person.date.last + timedelta(days=days)
    years = person.age[0]
    where = person.places[0]
    return PersonRecord(
        id=name,
        sex=person.sex,
        age=(max(years - 6, 0), years + 8),
        date=PartialDate(found, found, "day"),
        stature=(person.stature[0] - 2, person.stature[0] + 3),
        ancestry=person.ancestry,
        hair=person.hair,
        places=(Area(where.lat + random.gauss(0, 0.15), where.lon + random.gauss(0, 0.15), 5.0),),
        remains="skeletal",
        marks=person.marks,
    )
