# Long: one author's generator in one file, so that nobody has to look elsewhere for what the bench assumes.
"""Simulated unidentified bodies: what a register may hold of a missing person who is found later.

The generator was written without sight of the comparison that it tests, and it uses other shapes of distribution than
a table of rates suggests by itself (gamma, Weibull, lognormal, Student t), so that no model fits it by construction.

Where the numbers come from, named in the comments by these words:
  table    the project's table of published error rates of identification (sex, ancestry, age, stature, place, dates)
  register counts over the 5,336 unidentified of NamUs, state of 2024-03-15, rounded; no single record is used
  chosen   chosen by the author of the generator

An error here is an observation that contradicts the truth. What is merely vague or missing is no error, and `level`
does not touch it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from thaw.identify.matching.person import Area, PersonRecord
from thaw.record import PartialDate

# --- errors at level 1.0 -----------------------------------------------------------------------------------------
# "record": the missing person's own record is wrong; the other words are the state in which the body is found.
_RATES: dict[str, float] = {
    "date, record": 0.010,  # last seen recorded after the finding; table: one known case, no rate; rate chosen
    "place, record": 0.010,  # chosen
    "sex, record": 0.003,  # chosen
    "sex, fleshed": 0.002,  # chosen
    "sex, decomposed": 0.012,  # chosen
    "sex, skeletal": 0.053,  # table: 94.7 % right in casework
    "age, record": 0.015,  # chosen: birth year wrong or copied wrong
    "age, fleshed": 0.040,  # chosen: judged by looks
    "age, decomposed": 0.060,  # chosen: between the other two
    "age, skeletal": 0.080,  # table: 92 % right at case-report level
    "death, fleshed": 0.020,  # chosen
    "death, decomposed": 0.080,  # chosen
    "death, skeletal": 0.210,  # table: right at 15 of 19 scenes
    "stature, record": 0.030,  # chosen: more than 8 cm off
    "stature, fleshed": 0.030,  # chosen: more than 5 cm off
    "stature, decomposed": 0.050,  # chosen: more than 6 cm off
    "stature, skeletal": 0.050,  # table: 95 % intervals of up to 8 cm either side, so one in twenty lies beyond
    "weight, record": 0.040,  # chosen: more than 28 % off
    "weight, fleshed": 0.040,  # chosen: more than 25 % off
    "weight, decomposed": 0.080,  # chosen: more than 35 % off
    "ancestry, record": 0.020,  # chosen
    "ancestry, fleshed": 0.040,  # chosen
    "ancestry, decomposed": 0.070,  # chosen
    "ancestry, skeletal": 0.091,  # table: 90.9 % right in casework
    "hair, record": 0.060,  # chosen: dyed, shaved, or recorded from an old photograph
    "hair, fleshed": 0.080,  # chosen
    "hair, decomposed": 0.150,  # chosen: hair changes colour after death
    "hair, skeletal": 0.200,  # chosen
    "eyes, record": 0.030,  # chosen
    "eyes, fleshed": 0.070,  # chosen; table: "far too subjective to rule out", without a rate
    "eyes, decomposed": 0.200,  # chosen
    "eyes, skeletal": 0.250,  # chosen; the register does hold a few such entries
    "marks, side": 0.040,  # chosen: left for right, for each mark that names a side and survives
    "clothing, colour": 0.070,  # chosen: for each garment that names a colour and survives
}
_HIGHEST_RATE = 0.9  # chosen: keeps a rate a rate at any level

# --- missing fields: share of bodies without the field -----------------------------------------------------------
# Skeletons come whole or in parts, and what is missing goes together, so the two kinds are drawn apart.
_KINDS = ("fleshed", "decomposed", "whole skeleton", "partial skeleton")
_MISSING: dict[str, tuple[float, float, float, float]] = {  # register, all but two
    "sex": (0.002, 0.02, 0.05, 0.22),
    "age": (0.24, 0.22, 0.17, 0.29),
    "death": (0.35, 0.36, 0.44, 0.59),
    "stature": (0.08, 0.15, 0.22, 0.64),
    "weight": (0.09, 0.34, 1.0, 1.0),  # chosen for skeletons: no weight; the register has a few left-over entries
    "ancestry": (0.06, 0.20, 0.25, 0.53),
    "hair": (0.11, 0.34, 0.66, 0.91),
    "eyes": (0.26, 0.81, 0.985, 0.99),
    "marks": (0.58, 0.73, 0.84, 0.95),
    "clothing": (0.28, 0.25, 0.34, 0.71),
    "place": (0.01, 0.01, 0.01, 0.01),  # register: 4 % have no point, but 99 % at least a county
}
_PARTIAL_SHARE = 0.64  # register: 1,540 of 2,403 skeletons are "partial skeletal parts only"
_INTERVAL_SHARE = {"fleshed": 0.05, "decomposed": 0.11, "skeletal": 0.29}  # register: statures given as an interval
_WEIGHT_INTERVAL_SHARE = 0.06  # register
_OPEN_AGE_SHARE = (0.02, 0.08, 0.074, 0.183)  # register: "adult" with no upper bound worth the name, by kind

# --- time --------------------------------------------------------------------------------------------------------
_LIVED_ON_SHARE = 0.15  # chosen: not dead within the first months
_DIED_SOON = (4.0, 0.55)  # chosen: Weibull scale in days and shape
_LIVED_ON = (0.8, 800.0)  # chosen: gamma shape and scale in days
_UNFOUND = (110.0, 3.0)  # chosen: lognormal median in days and sigma; gives the register's shares of remains
_SOFT_UNTIL = (6.0, 1.0)  # chosen: days until decomposed, lognormal median and sigma
_BONE_FROM = (120.0, 1.2)  # chosen: days until skeletal
_OLDEST = 105.0  # chosen: years
_REGISTER_CLOSES = date(2024, 3, 15)  # the state of the register that was counted

# --- place -------------------------------------------------------------------------------------------------------
# Table: about 60 % within 10 km of where last seen and almost half of these within 5 km. These three parts give 60 %
# and 30 % for people who die soon; the table holds for buried victims only, so the tail is chosen.
_AT_THE_SPOT = (0.05, 0.8, 0.05)  # chosen: share, gamma shape and scale in km (table: some graves at 20 m)
_NEAR = (8.0, 1.7)  # chosen: Weibull scale in km and shape
_FAR = (60.0, 1.3)  # chosen: lognormal median in km and sigma
_FAR_SHARE, _FAR_SHARE_LIVED_ON = 0.27, 0.60  # chosen
_LONGEST_KM = 4_200.0  # chosen: the width of the contiguous USA
DISPLACED_KM = (200.0, 1500.0)  # the task's own definition of a displaced body
_DISPLACED_SHAPE = (1.1, 2.0)  # chosen: beta, so that nearer is likelier
_EARTH_KM = 6371.0

# --- stature and weight ------------------------------------------------------------------------------------------
_OVERSTATED_CM = {"M": 1.5, "F": 0.8}  # chosen; table: recorded height exceeds measured, more so in males, no number
_STATURE_LIMIT = {"record": 8.0, "fleshed": 5.0, "decomposed": 6.0, "skeletal": 8.0}  # cm, beyond is an error
_STATURE_SCALE = {"record": 1.5, "fleshed": 1.2, "decomposed": 1.8, "skeletal": 3.0}  # table 2.4-4.0 for bones; chosen
_WEIGHT_LIMIT = {"record": 0.25, "fleshed": 0.22, "decomposed": 0.30}  # of the logarithm, beyond is an error; chosen
_WEIGHT_SCALE = {"record": 0.06, "fleshed": 0.06, "decomposed": 0.11}  # chosen
_DRIED_OUT = 0.06  # chosen: mean loss of weight of a decomposed body, as a logarithm

# --- labels and how they are mistaken (weights chosen) -----------------------------------------------------------
ANCESTRIES = ("white", "black", "hispanic", "asian", "native", "pacific")
HAIR = ("black", "brown", "blond", "sandy", "red", "gray", "white", "bald")
EYES = ("brown", "blue", "hazel", "green", "gray", "black")
_ANCESTRY_TAKEN_FOR: dict[str, dict[str, float]] = {
    "white": {"hispanic": 5, "black": 2, "native": 2, "asian": 1},
    "black": {"white": 4, "hispanic": 4, "native": 1, "pacific": 1},
    "hispanic": {"white": 6, "native": 2, "black": 1.5, "asian": 0.5},
    "asian": {"white": 3, "native": 3, "hispanic": 3, "pacific": 1},
    "native": {"hispanic": 4, "white": 4, "asian": 2},
    "pacific": {"asian": 4, "black": 3, "white": 2, "native": 1},
}
_HAIR_TAKEN_FOR: dict[str, dict[str, float]] = {
    "black": {"brown": 8, "gray": 1, "red": 1},
    "brown": {"black": 5, "red": 1.5, "blond": 1.5, "sandy": 1, "gray": 1},
    "blond": {"brown": 4, "sandy": 4, "red": 1, "white": 1},
    "sandy": {"brown": 5, "blond": 4, "red": 1},
    "red": {"brown": 7, "blond": 2, "sandy": 1},
    "gray": {"brown": 4, "white": 3, "black": 2, "blond": 1},
    "white": {"gray": 7, "blond": 3},
    "bald": {"gray": 4, "brown": 4, "black": 2},
}
_EYES_TAKEN_FOR: dict[str, dict[str, float]] = {
    "brown": {"black": 2, "hazel": 3, "blue": 2, "green": 1, "gray": 1},
    "blue": {"gray": 4, "green": 2, "hazel": 1, "brown": 3},
    "hazel": {"brown": 6, "green": 3, "blue": 1},
    "green": {"hazel": 4, "blue": 3, "brown": 2, "gray": 1},
    "gray": {"blue": 6, "green": 2, "brown": 2},
    "black": {"brown": 9, "hazel": 1},
}
_SECOND_LABEL_SHARE = 0.015  # chosen; with the next one about 8 % of the known hold two labels (register: 7 %)
_HISPANIC_AND_WHITE_SHARE = 0.40  # register: 226 of some 600 Hispanic entries are also "white"; also "black" 43

# --- the invented missing ----------------------------------------------------------------------------------------
_HELD: dict[str, float] = {  # share of the missing with the field; a third for marks and clothing by the task
    "age": 0.99, "stature": 0.95, "weight": 0.92, "ancestry": 0.95, "hair": 0.93, "eyes": 0.86, "place": 0.98,
    "marks": 0.34, "clothing": 0.33,
}  # fmt: skip
_MALE_SHARE = 0.65  # chosen
_ANCESTRY_WEIGHTS = (52.0, 19.0, 18.0, 4.0, 4.5, 1.0)  # chosen
_AGES = (2.1, 16.0, 2.0)  # chosen: gamma shape and scale in years, and a shift
_TWO_EYES_SHARE = 0.006  # chosen
_RADIUS_SHARE = 0.6  # chosen: a town, not a point

# Cities (latitude, longitude, weight about the population of the region in 100,000), so that places cluster as people
# do; a quarter of the invented go missing anywhere. Rounded coordinates from any atlas.
_CITIES: tuple[tuple[float, float, float], ...] = (
    (40.7, -74.0, 80), (34.1, -118.2, 80), (41.9, -87.6, 45), (32.8, -96.8, 40), (29.8, -95.4, 40), (38.9, -77.0, 30),
    (39.9, -75.2, 30), (33.7, -84.4, 32), (25.8, -80.3, 32), (33.4, -112.1, 32), (42.4, -71.1, 25), (37.8, -122.4, 30),
    (42.3, -83.1, 22), (47.6, -122.3, 26), (45.0, -93.3, 18), (32.7, -117.1, 20), (28.0, -82.5, 18), (39.7, -105.0, 20),
    (38.6, -90.2, 15), (39.3, -76.6, 15), (28.5, -81.4, 16), (35.2, -80.8, 15), (29.4, -98.5, 15), (45.5, -122.7, 18),
    (38.6, -121.5, 16), (36.2, -115.1, 20), (40.4, -80.0, 12), (39.1, -94.6, 12), (39.8, -86.2, 11), (40.0, -83.0, 11),
    (36.2, -86.8, 11), (36.8, -119.8, 11), (35.1, -90.0, 9), (35.5, -97.5, 11), (30.0, -90.1, 10), (43.0, -87.9, 9),
    (40.8, -111.9, 9), (35.1, -106.7, 12), (32.2, -111.0, 11), (31.8, -106.4, 9), (38.3, -85.8, 8), (33.5, -86.8, 8),
    (34.7, -92.3, 7), (43.6, -116.2, 6), (41.3, -96.0, 6), (47.7, -117.4, 6), (46.9, -110.0, 4), (43.7, -70.3, 3),
    (44.5, -73.2, 2), (43.5, -96.7, 3), (46.9, -97.5, 2), (42.9, -106.3, 2), (32.3, -90.2, 6), (40.6, -122.4, 5),
)  # fmt: skip
_ANYWHERE_SHARE = 0.25  # chosen
# A rough outline of the contiguous USA (latitude, longitude), drawn inside the coast.
_OUTLINE: tuple[tuple[float, float], ...] = (
    (48.3, -124.0), (48.9, -122.0), (48.9, -95.2), (46.8, -91.5), (45.8, -87.5), (43.0, -88.0), (41.8, -87.2),
    (45.3, -85.0), (43.2, -82.8), (41.7, -83.0), (43.1, -78.5), (44.9, -75.0), (44.9, -71.5), (47.0, -69.0),
    (44.9, -67.3), (43.0, -71.0), (41.8, -71.0), (40.8, -74.0), (38.5, -75.5), (36.8, -76.5), (34.3, -78.2),
    (31.5, -81.5), (28.5, -81.0), (25.8, -80.5), (26.5, -81.6), (29.7, -83.5), (30.5, -86.5), (30.3, -90.0),
    (29.8, -93.5), (27.8, -97.7), (26.3, -97.8), (29.6, -101.3), (29.8, -103.5), (31.6, -106.5), (31.4, -111.0),
    (32.7, -114.8), (32.7, -117.0), (34.2, -118.7), (36.8, -121.5), (40.4, -124.0), (46.0, -123.6),
)  # fmt: skip

# --- words (all chosen) ------------------------------------------------------------------------------------------
_SIDED_PLACES = (
    "upper arm", "forearm", "shoulder", "hand", "wrist", "thigh", "calf", "ankle", "knee", "foot", "chest", "cheek",
    "eyebrow", "breast", "hip", "ear",
)  # fmt: skip
_MOTIFS = (
    "rose", "cross", "skull", "eagle", "heart", "dragon", "panther", "butterfly", "tribal band", "anchor", "spider web",
    "praying hands", "name in script", "star", "snake", "wolf", "clown face", "dagger", "initials", "barbed wire",
    "unicorn", "flames", "playing cards", "dolphin", "teardrop",
)  # fmt: skip
_BONE_MARKS = (
    "healed fracture of the {side} {bone}", "metal plate with screws in {side} {bone}", "pins in {side} {bone}",
    "old gunshot wound with bullet lodged in {side} {bone}", "partial upper denture", "gold crown on front tooth",
    "prosthetic {side} hip", "fused lumbar vertebrae", "deviated nasal septum from old fracture", "pacemaker",
)  # fmt: skip
_BONES = ("femur", "tibia", "collarbone", "radius", "ulna", "jaw", "wrist", "ankle", "skull", "rib")
_SCARS = ("surgical scar", "burn scar", "scar", "two inch scar", "keloid scar", "stab wound scar", "vertical scar")
_SKIN = ("mole", "birthmark", "freckles", "pierced", "vaccination mark", "cafe au lait spot")
_MIDDLE_SCARS = ("appendectomy scar", "caesarean section scar", "abdominal scar", "scar on chin", "scar on forehead")
_COLOURS = (
    "black", "blue", "white", "red", "gray", "brown", "green", "tan", "navy", "maroon", "purple", "yellow", "pink",
)  # fmt: skip
_COLOUR_WEIGHTS = (20, 20, 16, 8, 8, 8, 6, 5, 3, 2, 2, 1, 1)
_GARMENTS = (
    "jeans", "t-shirt", "sweatshirt", "jacket", "pants", "shorts", "sneakers", "boots", "socks", "sweater", "belt",
    "baseball cap", "flannel shirt", "tank top", "dress", "underwear", "coat", "sandals", "blouse", "sweatpants",
)  # fmt: skip
_GARMENT_WEIGHTS = (20, 18, 8, 12, 9, 5, 12, 8, 7, 4, 6, 4, 4, 3, 2, 4, 3, 2, 2, 2)
_GARMENT_WORDS = (
    "size 32", "size large", "size medium", "with logo on chest", "hooded", "long sleeve", "short sleeve", "leather",
    "denim", "with white stripes", "size 9", "button up", "with zipper", "plaid", "cotton",
)  # fmt: skip
_BRANDS = ("Levi's", "Nike", "Wrangler", "Hanes", "Adidas", "Carhartt", "Fruit of the Loom", "Reebok", "Dickies")
_JEWELLERY = (
    "yellow metal ring", "silver chain necklace", "wrist watch", "gold hoop earrings", "leather wallet", "eyeglasses",
    "cross pendant", "beaded bracelet",
)  # fmt: skip
_SAID_OTHERWISE: dict[str, tuple[str, ...]] = {
    "tattoo": ("tattoo", "tat", "ink design", "tattooed image"),
    "scar": ("scar", "healed scar", "linear scar", "scarring"),
    "upper arm": ("arm", "bicep", "upper arm"),
    "forearm": ("lower arm", "forearm", "inner forearm"),
    "calf": ("lower leg", "calf"),
    "thigh": ("upper leg", "thigh"),
    "collarbone": ("clavicle",),
    "jaw": ("mandible",),
    "fracture": ("break", "fracture", "antemortem fracture"),
    "pins": ("hardware", "pins"),
    "plate": ("plate", "fixation plate"),
    "prosthetic": ("artificial", "prosthetic"),
    "denture": ("denture", "dental plate", "false teeth"),
    "crown": ("cap", "crown"),
    "pierced": ("piercing in", "pierced"),
    "name in script": ("lettering", "illegible name", "script writing"),
    "jeans": ("denim pants", "blue jeans", "jeans", "denim jeans"),
    "t-shirt": ("tee shirt", "t-shirt", "shirt", "T shirt"),
    "sweatshirt": ("sweat shirt", "hoodie", "pullover"),
    "jacket": ("coat", "jacket", "windbreaker"),
    "pants": ("trousers", "slacks", "pants"),
    "sneakers": ("athletic shoes", "tennis shoes", "sneakers", "shoes"),
    "boots": ("boots", "work boots", "shoes"),
    "sweater": ("pullover", "knit sweater", "sweater"),
    "baseball cap": ("cap", "hat", "ball cap"),
    "tank top": ("sleeveless shirt", "undershirt", "tank top"),
    "underwear": ("briefs", "undergarment", "underwear"),
    "wrist watch": ("watch", "wristwatch"),
    "gray": ("grey", "gray"),
    "maroon": ("dark red", "burgundy"),
    "navy": ("dark blue", "navy blue"),
}
_OTHERWISE_SHARE = 0.45
_WORD_DROPPED_SHARE = 0.22
_WORDS_ADDED_SHARE = 0.40
_ADDED_TO_MARKS = ("faded", "approximately 2 inches", "possible", "partially visible", "multicolored", "old", "small")
_ADDED_TO_CLOTHING = ("stained", "torn", "brand illegible", "size unknown", "remnants of", "weathered", "possibly")
# A text about bone, metal or teeth outlives the skin.
_OUTLIVES_SKIN = re.compile(
    r"fractur|broken|bone|plate|screw|pins?\b|rod|implant|prosthe|artificial|dent|tooth|teeth|crown|fused|bullet"
    r"|pacemaker|hip replac|amputat|septum",
    re.IGNORECASE,
)
_SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)
_COLOUR = re.compile(rf"\b({'|'.join(_COLOURS)})\b", re.IGNORECASE)
_SAID = re.compile(rf"\b({'|'.join(sorted(map(re.escape, _SAID_OTHERWISE), key=len, reverse=True))})\b", re.IGNORECASE)
_SKIN_MARK_KEPT = {"fleshed": 0.80, "decomposed": 0.45, "skeletal": 0.03}
_BONE_MARK_KEPT = {"fleshed": 0.45, "decomposed": 0.50, "skeletal": 0.65}
_CLOTHING_KEPT = {"fleshed": 0.70, "decomposed": 0.65, "skeletal": 0.50}
_SAME_CLOTHES_DAYS = (25.0, 0.8)  # Weibull scale in days and shape: how long the last-seen clothes are still worn
_CLOTH_ROTS_YEARS = (25.0, 1.3)  # Weibull
_NEW_MARKS, _NEW_CLOTHES = 0.9, 1.6  # means of what the record lacks, where the field is filled


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated body with what lies behind it, which no comparison sees.

    faults  names of `truth_rates` for what went wrong; died and seen are the true days, age and stature at death
    """

    body: PersonRecord
    faults: frozenset[str]
    seen: date
    died: date
    found: date
    age: float
    stature: float


def truth_rates() -> dict[str, float]:
    """Give the error rates at level 1.0, by field and by where the error arises, as the generator uses them."""
    return dict(_RATES)


def body_of(person: PersonRecord, random: Random, *, level: float = 1.0, displaced: bool = False) -> PersonRecord:
    """Simulate the record of this missing person's body, found later; `level` multiplies every error rate.

    A displaced body lies 200 to 1,500 km from the first place where the person was last seen.
    """
    return simulate(person, random, level=level, displaced=displaced).body


def simulate(person: PersonRecord, random: Random, *, level: float = 1.0, displaced: bool = False) -> Simulation:
    """Do the work of `body_of` and also tell what the truth was and which errors were made."""
    if not level >= 0:
        raise ValueError(f"level must be a number from 0, got {level}")
    luck = _Luck(random, level)
    seen, died, found, lived_on = _days(person, luck)
    kind, remains = _state((found - died).days, random)
    lacks = {field: random.random() < shares[kind] for field, shares in _MISSING.items()}

    # What the record leaves open is true of the person all the same, so it is drawn from the population.
    filler = _population(random)
    sex, sex_seen = _sex(person, filler, remains, luck, known=not lacks["sex"])
    years_lived = (died - seen).days / 365.25
    age = min(_OLDEST, _true_age(person, filler, luck) + years_lived)
    stature, tall = _stature(person, filler, sex, age, years_lived, remains, luck, known=not lacks["stature"])
    body = PersonRecord(
        id=f"body-{random.getrandbits(48):012x}",
        sex=sex_seen,
        age=None if lacks["age"] else _age_interval(age, kind, remains, luck),
        date=PartialDate(found, found, "day"),
        death=None if lacks["death"] else _death(died, found, remains, luck),
        stature=tall,
        weight=_weight(person, filler, age, years_lived, remains, luck, known=not lacks["weight"]),
        ancestry=_ancestry(person, filler, remains, luck, known=not lacks["ancestry"]),
        hair=_hair(person, filler, remains, luck, known=not lacks["hair"]),
        eyes=_eyes(person, filler, remains, luck, known=not lacks["eyes"]),
        places=_places(person, luck, lived_on=lived_on, displaced=displaced, known=not lacks["place"]),
        remains=remains,
        marks=_marks(person, remains, luck, known=not lacks["marks"]),
        clothing=_clothing(person, remains, (died - seen).days, (found - died).days, luck, known=not lacks["clothing"]),
    )
    return Simulation(body, frozenset(luck.faults), seen, died, found, age, stature)


def invented_missing(random: Random, name: str) -> PersonRecord:
    """Invent the record of a missing person of the contiguous USA, as complete as a real register's."""
    who = _population(random)
    has = {field: random.random() < share for field, share in _HELD.items()}
    age = math.floor(who.age)
    reported = who.stature + random.gammavariate(2.0, _OVERSTATED_CM[who.sex] / 2)
    # Reported height tends to even inches (table), and in one of four records stands as a range of two (chosen).
    inches = _inches(reported, even=random.random() < 0.3)
    tall = (inches - 1, inches + 1) if random.random() < 0.25 else (inches, inches)
    pounds = round(who.weight / _KG_PER_POUND / 5) * 5
    heavy = (pounds - 5, pounds + 5) if random.random() < 0.2 else (pounds, pounds)
    return PersonRecord(
        id=name,
        sex=who.sex,
        age=(float(age), float(age)) if has["age"] else None,
        date=_last_seen(random),
        stature=_cm(tall) if has["stature"] else None,
        weight=_kg(heavy) if has["weight"] else None,
        ancestry=who.ancestry if has["ancestry"] else frozenset(),
        hair=who.hair if has["hair"] else None,
        eyes=who.eyes if has["eyes"] else frozenset(),
        places=_missing_places(random) if has["place"] else (),
        marks=tuple(_new_mark(random) for _ in range(1 + _count(random, 1.2))) if has["marks"] else (),
        clothing=tuple(_new_garment(random) for _ in range(1 + _count(random, 2.0))) if has["clothing"] else (),
    )


class _Luck:
    """The random source together with the level of error, and a list of the errors made so far."""

    def __init__(self, random: Random, level: float) -> None:
        self.random = random
        self.level = level
        self.faults: set[str] = set()

    def fault(self, name: str) -> bool:
        """Draw whether the error of this name happens, and note it."""
        hit = self.random.random() < min(_HIGHEST_RATE, self.level * _RATES[name])
        if hit:
            self.faults.add(name)
        return hit

    def deviation(self, name: str, limit: float, scale: float) -> float:
        """A measuring error: Student t (5 degrees) cut at `limit`, and beyond the limit where the error happens.

        The cut makes the declared rate exact; the tail beyond it is a gamma (chosen).
        """
        if self.fault(name):
            beyond = limit * 1.02 + self.random.gammavariate(1.3, limit * 0.45)
            return math.copysign(beyond, self.random.random() - 0.5)
        while True:
            value = scale * _student(self.random, 5)
            if abs(value) <= limit:
                return value


@dataclass(frozen=True, slots=True)
class _Someone:
    sex: str
    age: float
    stature: float
    weight: float
    ancestry: frozenset[str]
    hair: str
    eyes: frozenset[str]


_KG_PER_POUND = 0.45359237
_CM_PER_INCH = 2.54
_HAIR_WEIGHTS = {  # chosen, in the order of HAIR
    "white": (6, 52, 16, 7, 6, 8, 3, 2),
    "other": (74, 19, 1, 0.3, 0.5, 4, 0.5, 0.7),
}
_EYES_WEIGHTS = {  # chosen, in the order of EYES
    "white": (36, 36, 14, 11, 2, 1),
    "other": (90, 1, 2.5, 1, 0.5, 5),
}


def _population(random: Random) -> _Someone:
    """Draw somebody as they are; all shapes and constants chosen."""
    sex = "M" if random.random() < _MALE_SHARE else "F"
    shape, scale, shift = _AGES
    age = min(95.0, shift + random.gammavariate(shape, scale))
    grown = 176.0 if sex == "M" else 162.5
    stature = grown + 6.8 * _student(random, 12) / math.sqrt(1.2)
    if age < 17:  # about 6 cm a year in childhood, from 50 cm at birth
        stature = min(stature, 75.0 + 6.0 * age + random.normalvariate(0, 4))
    stature = min(215.0, max(60.0, stature))
    mass_index = min(60.0, (16.0 if age < 12 else 20.0 if age < 17 else 18.0) + random.gammavariate(2.2, 3.4))
    weight = min(220.0, max(6.0, mass_index * (stature / 100) ** 2))
    first = random.choices(ANCESTRIES, _ANCESTRY_WEIGHTS)[0]
    labels = {first}
    if random.random() < 0.05:
        labels.add(random.choice(ANCESTRIES))
    tone = "white" if first == "white" else "other"
    hair = random.choices(HAIR, _HAIR_WEIGHTS[tone])[0]
    if age > 48 and random.random() < 0.35:
        hair = random.choices(("gray", "white", "bald"), (7, 2, 1))[0]
    elif age < 35 and hair in ("gray", "white", "bald"):
        hair = "brown"
    eyes = {random.choices(EYES, _EYES_WEIGHTS[tone])[0]}
    if random.random() < _TWO_EYES_SHARE:
        eyes.add(random.choice(EYES))
    return _Someone(sex, age, stature, weight, frozenset(labels), hair, frozenset(eyes))


# --- time --------------------------------------------------------------------------------------------------------


def _last_seen(random: Random) -> PartialDate:
    """When an invented missing person was last seen: 1970 to 2023, recent years more often (chosen)."""
    back = int((_REGISTER_CLOSES - date(1970, 1, 1)).days * random.betavariate(1.0, 1.6))
    day = _REGISTER_CLOSES - timedelta(days=max(30, back))
    vague = random.random()
    if vague < 0.01:
        return PartialDate.of_year(day.year)
    return PartialDate.of_month(day.year, day.month) if vague < 0.04 else PartialDate(day, day, "day")


def _days(person: PersonRecord, luck: _Luck) -> tuple[date, date, date, bool]:
    """Draw the true days of last sight, death and finding, and whether the person lived on for long."""
    random = luck.random
    if person.date is not None and luck.fault("date, record"):
        # The record's day is too late: truly last seen before, and found before the record's day.
        early = min(3650, 2 + int(random.lognormvariate(math.log(9), 1.2)))
        seen = person.date.first - timedelta(days=early)
        found = seen + timedelta(days=random.randint(0, early - 1))
        return seen, seen + timedelta(days=random.randint(0, (found - seen).days)), found, False
    if person.date is not None:
        seen = person.date.first + timedelta(days=random.randint(0, (person.date.last - person.date.first).days))
    else:
        seen = date(1980, 1, 1) + timedelta(days=random.randint(0, 15_000))
    horizon = max(_REGISTER_CLOSES, seen + timedelta(days=365))  # a body of the register was found before it closed
    window = (horizon - seen).days
    lived_on = random.random() < _LIVED_ON_SHARE
    for _ in range(60):
        alive = random.gammavariate(*_LIVED_ON) if lived_on else random.weibullvariate(*_DIED_SOON)
        unfound = random.lognormvariate(math.log(_UNFOUND[0]), _UNFOUND[1])
        if alive + unfound < window:
            died = seen + timedelta(days=int(alive))
            return seen, died, died + timedelta(days=int(unfound)), lived_on
    died = seen + timedelta(days=random.randint(0, window // 4))
    return seen, died, died + timedelta(days=random.randint(0, window // 2)), lived_on


def _state(days: int, random: Random) -> tuple[int, str]:
    """State of the remains after so many days: a number of `_KINDS` and one of REMAINS."""
    soft_until = random.lognormvariate(math.log(_SOFT_UNTIL[0]), _SOFT_UNTIL[1])
    bone_from = random.lognormvariate(math.log(_BONE_FROM[0]), _BONE_FROM[1])
    if days >= max(soft_until, bone_from):
        return (3 if random.random() < _PARTIAL_SHARE else 2), "skeletal"
    return (0, "fleshed") if days < soft_until else (1, "decomposed")


def _death(died: date, found: date, remains: str, luck: _Luck) -> PartialDate:
    """The years in which death is thought to have come: one year, or some for old remains.

    The table says that every wrong estimate was an over-estimate of the time since death; here nine of ten are.
    """
    random = luck.random
    elapsed = (found - died).days / 365.25
    if remains == "fleshed":
        before, after = 0, 0
    elif remains == "decomposed":  # register: four of five name one year
        before, after = (1, 0) if random.random() < 0.2 else (0, 0)
    else:  # register: one year for a third, and intervals of two years at the median
        spread = random.gammavariate(1.4, 1.2 + 0.3 * elapsed)
        before, after = (0, 0) if random.random() < 0.35 else (max(1, round(spread * 0.6)), round(spread * 0.5))
    first, last = died.year - before, min(found.year, died.year + after)
    if luck.fault(f"death, {remains}"):
        gap = 1 + int(random.gammavariate(0.8, 1.0 + 0.3 * elapsed))
        if died.year + gap <= found.year and random.random() < 0.1:
            first, last = died.year + gap, max(died.year + gap, min(found.year, last + gap))
        else:
            first, last = died.year - gap - (last - first), died.year - gap
    if first == last:
        return PartialDate.of_year(first)
    return PartialDate(date(first, 1, 1), date(last, 12, 31), "interval")


# --- sex, age, stature, weight -----------------------------------------------------------------------------------


def _sex(person: PersonRecord, filler: _Someone, remains: str, luck: _Luck, *, known: bool) -> tuple[str, str | None]:
    """The true sex and the one estimated from the remains."""
    other = {"M": "F", "F": "M"}
    true = person.sex or filler.sex
    if person.sex and luck.fault("sex, record"):
        true = other[true]
    if not known:
        return true, None
    return true, other[true] if luck.fault(f"sex, {remains}") else true


def _true_age(person: PersonRecord, filler: _Someone, luck: _Luck) -> float:
    """The true age when last seen; a record's whole years stand for anything up to the next birthday."""
    random = luck.random
    if person.age is None:
        return filler.age
    age = random.uniform(person.age[0], person.age[1]) + (random.random() if person.age[0] == person.age[1] else 0.0)
    if luck.fault("age, record"):
        age += (1.5 + random.gammavariate(1.5, 2.5)) * (1 if random.random() < 0.5 or age < 12 else -1)
    return min(_OLDEST, max(0.0, age))


# Mean and shape of the gamma of the interval's width in years, by kind. Register: medians 12, 15, 15 and 20 years,
# quartiles 10 and 20 (partial skeletons 10 and 40, the open ones among them).
_AGE_WIDTHS = ((13.0, 2.6), (17.0, 3.0), (16.5, 4.0), (22.0, 2.6))


def _age_interval(age: float, kind: int, remains: str, luck: _Luck) -> tuple[float, float]:
    """The estimated age at death: holds the true age, or misses it by some years where the error happens."""
    random = luck.random
    wrong = luck.fault(f"age, {remains}")
    if age >= 21 and not wrong and random.random() < _OPEN_AGE_SHARE[kind]:
        return 18.0, 99.0
    mean, shape = _AGE_WIDTHS[kind]
    width = max(1.0, random.gammavariate(shape, mean / shape))
    if random.random() < 0.7:  # people estimate in fives
        width = max(5.0, round(width / 5) * 5.0)
    if age < 18:  # growth tells a child's age more closely
        width = min(width, 1.0 + 0.5 * age)
    if not wrong:
        low = age - width * random.betavariate(2.2, 2.0)
        low, high = math.floor(low), math.ceil(low + width)
        return float(max(0, low)), float(min(120, max(high, math.ceil(age))))
    gap = 1.0 + random.gammavariate(1.3, 3.5)
    # Methods draw towards the middle of life: the old are judged too young, the young too old.
    too_young = random.random() < (1.0 if age > 90 else 0.75 if age > 50 else 0.3 if age < 30 else 0.5)
    if too_young and age - gap >= 1:
        high = math.floor(age - gap)
        return float(max(0, math.floor(high - width))), float(high)
    low = min(118, math.ceil(age + gap))
    return float(low), float(min(120, math.ceil(low + width)))


def _stature(
    person: PersonRecord,
    filler: _Someone,
    sex: str,
    age: float,
    years: float,
    remains: str,
    luck: _Luck,
    *,
    known: bool,
) -> tuple[float, tuple[float, float] | None]:
    """The true stature, and the measured or estimated one in whole inches as the register has it."""
    random = luck.random
    if person.stature is None:
        true = filler.stature
    else:
        true = random.uniform(*person.stature) - random.gammavariate(2.0, _OVERSTATED_CM[sex] / 2)
        true += luck.deviation("stature, record", _STATURE_LIMIT["record"], _STATURE_SCALE["record"])
        seen_at = age - years
        if seen_at < 16:
            true += 5.5 * min(years, 16 - seen_at)  # a child who lived on grows (chosen)
    true = min(225.0, max(45.0, true))
    if not known:
        return true, None
    limit, scale = _STATURE_LIMIT[remains], _STATURE_SCALE[remains]
    middle = true + luck.deviation(f"stature, {remains}", limit, scale)
    inches = max(10, _inches(middle))
    if random.random() >= _INTERVAL_SHARE[remains]:
        return true, _cm((inches, inches))
    half = max(1, round(random.gammavariate(4.0, limit / _CM_PER_INCH / 4.0)))  # register: medians 2 to 6 inches wide
    return true, _cm((max(8, inches - half), inches + half))


def _weight(
    person: PersonRecord, filler: _Someone, age: float, years: float, remains: str, luck: _Luck, *, known: bool
) -> tuple[float, float] | None:
    random = luck.random
    if person.weight is None:
        true = filler.weight
    else:
        true = math.sqrt(person.weight[0] * person.weight[1])
        true *= math.exp(luck.deviation("weight, record", _WEIGHT_LIMIT["record"], _WEIGHT_SCALE["record"]))
        true *= math.exp(0.03 * min(5.0, years) * random.normalvariate(0, 1))  # who lives on gains or loses (chosen)
        if age - years < 16:
            true *= 1 + 0.09 * min(years, 16 - (age - years))
    if not known or remains == "skeletal":
        return None
    off = luck.deviation(f"weight, {remains}", _WEIGHT_LIMIT[remains], _WEIGHT_SCALE[remains])
    true *= math.exp(off - (random.gammavariate(1.5, _DRIED_OUT / 1.5) if remains == "decomposed" else 0.0))
    pounds = min(900, max(3, round(true / _KG_PER_POUND)))
    if random.random() >= _WEIGHT_INTERVAL_SHARE:
        return _kg((pounds, pounds))
    half = random.choice((5, 10, 10, 15))  # register: intervals of 10 to 30 pounds
    return _kg((max(2, pounds - half), pounds + half))


# --- ancestry, hair, eyes ----------------------------------------------------------------------------------------


def _ancestry(person: PersonRecord, filler: _Someone, remains: str, luck: _Luck, *, known: bool) -> frozenset[str]:
    random = luck.random
    true = _listed(person.ancestry, ANCESTRIES) or tuple(sorted(filler.ancestry))
    if person.ancestry and luck.fault("ancestry, record"):
        true = (_taken_for(true, _ANCESTRY_TAKEN_FOR, ANCESTRIES, random),)
    if not known:
        return frozenset()
    if luck.fault(f"ancestry, {remains}"):
        seen = {_taken_for(true, _ANCESTRY_TAKEN_FOR, ANCESTRIES, random)}
        forbidden = set(true)  # a second label must not set the error right by chance
    else:
        seen, forbidden = {random.choice(true)}, set()
    if "hispanic" in seen and random.random() < _HISPANIC_AND_WHITE_SHARE:
        seen |= {"white" if random.random() < 0.84 else "black"} - forbidden
    elif random.random() < _SECOND_LABEL_SHARE:
        seen |= {random.choice(ANCESTRIES)} - forbidden
    return frozenset(seen)


def _hair(person: PersonRecord, filler: _Someone, remains: str, luck: _Luck, *, known: bool) -> str | None:
    true = person.hair if person.hair in HAIR else filler.hair
    if person.hair and luck.fault("hair, record"):
        true = _taken_for((true,), _HAIR_TAKEN_FOR, HAIR, luck.random)
    if not known:
        return None
    return _taken_for((true,), _HAIR_TAKEN_FOR, HAIR, luck.random) if luck.fault(f"hair, {remains}") else true


def _eyes(person: PersonRecord, filler: _Someone, remains: str, luck: _Luck, *, known: bool) -> frozenset[str]:
    random = luck.random
    true = _listed(person.eyes, EYES) or tuple(sorted(filler.eyes))
    if person.eyes and luck.fault("eyes, record"):
        true = (_taken_for(true, _EYES_TAKEN_FOR, EYES, random),)
    if not known:
        return frozenset()
    if luck.fault(f"eyes, {remains}"):
        return frozenset({_taken_for(true, _EYES_TAKEN_FOR, EYES, random)})
    return frozenset(true) if random.random() < 0.6 else frozenset({random.choice(true)})


def _listed(labels: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    """The known ones of these labels in a fixed order, since the order of a set differs between runs."""
    held = set(labels)
    return tuple(label for label in order if label in held)


def _taken_for(
    true: Sequence[str], confusions: Mapping[str, Mapping[str, float]], every: Sequence[str], random: Random
) -> str:
    """A wrong label: none of the true ones, likely one that is easily mistaken."""
    wrong = {label: weight for label, weight in confusions[random.choice(true)].items() if label not in true}
    wrong = wrong or {label: 1.0 for label in every if label not in true}
    return random.choices(list(wrong), list(wrong.values()))[0] if wrong else random.choice(true)


# --- place -------------------------------------------------------------------------------------------------------


def distance_km(a: Area, b: Area) -> float:
    """Great-circle distance between two centres."""
    lat_a, lat_b, turn = math.radians(a.lat), math.radians(b.lat), math.radians(b.lon - a.lon)
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(turn / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def _places(person: PersonRecord, luck: _Luck, *, lived_on: bool, displaced: bool, known: bool) -> tuple[Area, ...]:
    random = luck.random
    wrong = bool(person.places) and not displaced and luck.fault("place, record")
    if not known:
        return ()
    # Register: 4 % of bodies have no point but a county or town; some points are themselves rounded (chosen).
    radius = 0.0 if random.random() < 0.88 else round(3.0 + random.gammavariate(2.0, 8.0), 1)
    if not person.places:
        return (_blurred(*_somewhere(random), radius, random),)
    # Either of the first two places may be the true one; a displacement is counted from the first.
    seen = person.places[0] if displaced or len(person.places) == 1 or random.random() < 0.7 else person.places[1]
    lat, lon = (seen.lat, seen.lon) if displaced else _inside(seen.lat, seen.lon, seen.radius_km, random)
    for _ in range(200):
        if displaced:
            low, high = DISPLACED_KM
            distance = low + (high - low) * random.betavariate(*_DISPLACED_SHAPE)
        else:
            distance = _distance(lived_on, random)
        if wrong:
            distance = min(_LONGEST_KM, distance + random.lognormvariate(math.log(150.0), 0.8))
        centre = _onward(lat, lon, distance, lived_on or displaced or wrong, random)
        area = _blurred(*centre, radius, random)
        if not displaced or DISPLACED_KM[0] <= distance_km(seen, area) <= DISPLACED_KM[1]:
            return (area,)
    raise AssertionError("no place in the range of displacement in 200 draws")


def _distance(lived_on: bool, random: Random) -> float:
    """How far from where last seen, in km; the constants say how the parts add up to the table."""
    part = random.random()
    share, shape, scale = _AT_THE_SPOT
    if part < share:
        return random.gammavariate(shape, scale)
    if part < share + (_FAR_SHARE_LIVED_ON if lived_on else _FAR_SHARE):
        return min(_LONGEST_KM, random.lognormvariate(math.log(_FAR[0]), _FAR[1]))
    return random.weibullvariate(*_NEAR)


def _onward(lat: float, lon: float, distance: float, on_land: bool, random: Random) -> tuple[float, float]:
    """The point so far away in some direction, on land where that can be had, as far as the outline knows."""
    tries = 40 if on_land or distance > 30 else 1
    inside = _in_outline(lat, lon)
    for _ in range(tries):
        point = _destination(lat, lon, distance, random.uniform(0, 2 * math.pi))
        if not inside or _in_outline(*point):
            break
    return point


def _destination(lat: float, lon: float, distance: float, bearing: float) -> tuple[float, float]:
    angle, north = distance / _EARTH_KM, math.radians(lat)
    sine = math.sin(north) * math.cos(angle) + math.cos(north) * math.sin(angle) * math.cos(bearing)
    to = math.asin(max(-1.0, min(1.0, sine)))
    turn = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(north), math.cos(angle) - math.sin(north) * math.sin(to)
    )
    return math.degrees(to), (lon + math.degrees(turn) + 540.0) % 360.0 - 180.0


def _inside(lat: float, lon: float, radius: float, random: Random) -> tuple[float, float]:
    """A point of the circle, all of its area alike."""
    if radius <= 0:
        return lat, lon
    return _destination(lat, lon, min(radius, 2000.0) * math.sqrt(random.random()), random.uniform(0, 2 * math.pi))


def _blurred(lat: float, lon: float, radius: float, random: Random) -> Area:
    """A recorded area that holds the point: its centre is somewhere within its radius."""
    lat, lon = _inside(lat, lon, radius, random)
    return Area(round(lat, 5), max(-180.0, min(180.0, round(lon, 5))), radius)


def _in_outline(lat: float, lon: float) -> bool:
    inside = False
    for (lat_a, lon_a), (lat_b, lon_b) in zip(_OUTLINE, (*_OUTLINE[1:], _OUTLINE[0]), strict=True):
        if (lat_a > lat) != (lat_b > lat) and lon < lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a):
            inside = not inside
    return inside


def _somewhere(random: Random) -> tuple[float, float]:
    """A point of the contiguous USA: mostly about a city, the nearer the likelier, else anywhere."""
    if random.random() >= _ANYWHERE_SHARE:
        lat, lon, _ = random.choices(_CITIES, [weight for *_, weight in _CITIES])[0]
        for _ in range(30):
            point = _destination(lat, lon, random.gammavariate(1.2, 28.0), random.uniform(0, 2 * math.pi))
            if _in_outline(*point):
                return point
    while True:
        lat = math.degrees(math.asin(random.uniform(math.sin(math.radians(25.0)), math.sin(math.radians(49.0)))))
        lon = random.uniform(-124.7, -67.0)
        if _in_outline(lat, lon):
            return lat, lon


def _missing_places(random: Random) -> tuple[Area, ...]:
    lat, lon = _somewhere(random)
    radius = round(2.0 + random.gammavariate(2.0, 4.0), 1) if random.random() < _RADIUS_SHARE else 0.0
    first = _blurred(lat, lon, radius, random)
    if random.random() >= 0.03:
        return (first,)
    return first, _blurred(
        *_destination(lat, lon, random.gammavariate(1.0, 60.0), random.uniform(0, 6.28)), 5.0, random
    )


# --- words -------------------------------------------------------------------------------------------------------


def _marks(person: PersonRecord, remains: str, luck: _Luck, *, known: bool) -> tuple[str, ...]:
    random = luck.random
    kept = []
    for text in person.marks:
        share = (_BONE_MARK_KEPT if _OUTLIVES_SKIN.search(text) else _SKIN_MARK_KEPT)[remains]
        if random.random() >= share:
            continue
        if _SIDE.search(text) and luck.fault("marks, side"):
            text = _SIDE.sub(lambda side: {"left": "right", "right": "left"}[side.group().lower()], text)
        kept.append(_reworded(text, _ADDED_TO_MARKS, random))
    # A field is filled because there is something to write: with marks to see, half of the empty ones are not empty.
    if not known and not (kept and random.random() < 0.5):
        return ()
    new = _count(random, _NEW_MARKS) if kept else 1 + _count(random, _NEW_MARKS)
    kept += [_new_mark(random, skeletal=remains == "skeletal") for _ in range(new)]
    random.shuffle(kept)
    return tuple(kept)


def _clothing(
    person: PersonRecord, remains: str, alive: int, unfound: int, luck: _Luck, *, known: bool
) -> tuple[str, ...]:
    random = luck.random
    if not known:
        return ()
    kept = []
    same = random.random() < math.exp(-((alive / _SAME_CLOTHES_DAYS[0]) ** _SAME_CLOTHES_DAYS[1]))
    lasts = math.exp(-((unfound / 365.25 / _CLOTH_ROTS_YEARS[0]) ** _CLOTH_ROTS_YEARS[1]))
    for text in person.clothing if same else ():
        if random.random() >= _CLOTHING_KEPT[remains] * lasts:
            continue
        colour = _COLOUR.search(text)
        if colour and luck.fault("clothing, colour"):
            other = random.choice([name for name in _COLOURS if name != colour.group().lower()])
            text = text[: colour.start()] + other + text[colour.end() :]
        kept.append(_reworded(text, _ADDED_TO_CLOTHING, random))
    new = _count(random, _NEW_CLOTHES) if kept else 1 + _count(random, _NEW_CLOTHES)
    kept += [_new_garment(random) for _ in range(new)]
    random.shuffle(kept)
    return tuple(kept)


def _reworded(text: str, additions: Sequence[str], random: Random) -> str:
    """The same thing in another hand: other words, fewer of them, some added; at least one of them stays."""

    def otherwise(found: re.Match[str]) -> str:
        if random.random() >= _OTHERWISE_SHARE:
            return found.group()
        return random.choice(_SAID_OTHERWISE[found.group().lower()])

    words = _SAID.sub(otherwise, text).split()
    kept = [word for word in words if random.random() >= _WORD_DROPPED_SHARE] or words[:1]
    if random.random() < _WORDS_ADDED_SHARE:
        kept.insert(random.choice((0, len(kept))), random.choice(additions))
    if random.random() < 0.15 and len(kept) > 3:  # said from the other end: "left forearm: rose tattoo"
        cut = random.randint(1, len(kept) - 1)
        kept = [*kept[cut:], *kept[:cut]]
    said = " ".join(kept) or text
    return said.upper() if random.random() < 0.1 else said.capitalize() if random.random() < 0.3 else said


def _new_mark(random: Random, *, skeletal: bool = False) -> str:
    side = random.choice(("left", "right"))
    sort = random.random()
    if skeletal or sort < 0.12:
        return random.choice(_BONE_MARKS).format(side=side, bone=random.choice(_BONES))
    place = f"{side} {random.choice(_SIDED_PLACES)}"
    if sort < 0.55:
        motif = random.choice(_MOTIFS)
        return random.choice((f"tattoo of {motif} on {place}", f"{motif} tattoo, {place}", f"{place}: {motif}"))
    if sort < 0.80:
        return f"{random.choice(_SCARS)} on {place}"
    return random.choice(_MIDDLE_SCARS) if sort < 0.88 else f"{random.choice(_SKIN)} {place}"


def _new_garment(random: Random) -> str:
    if random.random() < 0.15:
        return random.choice(_JEWELLERY)
    words = [random.choices(_COLOURS, _COLOUR_WEIGHTS)[0], random.choices(_GARMENTS, _GARMENT_WEIGHTS)[0]]
    if random.random() < 0.25:
        words.insert(1, random.choice(_BRANDS))
    if random.random() < 0.35:
        words.append(random.choice(_GARMENT_WORDS))
    return " ".join(words)


# --- numbers -----------------------------------------------------------------------------------------------------


def _student(random: Random, degrees: int) -> float:
    # normalvariate, unlike gauss, keeps nothing between calls, so a seed gives the same from any starting point.
    return random.normalvariate(0, 1) / math.sqrt(random.gammavariate(degrees / 2, 2.0) / degrees)


def _count(random: Random, mean: float) -> int:
    """A negative binomial count (a Poisson with a gamma mean), by waiting times; few have many (chosen)."""
    expected, count, waited = random.gammavariate(2.0, mean / 2.0), 0, random.expovariate(1.0)
    while waited < expected and count < 12:
        count, waited = count + 1, waited + random.expovariate(1.0)
    return count


def _inches(cm: float, *, even: bool = False) -> int:
    return 2 * round(cm / _CM_PER_INCH / 2) if even else round(cm / _CM_PER_INCH)


def _cm(inches: tuple[int, int]) -> tuple[float, float]:
    return round(inches[0] * _CM_PER_INCH, 1), round(inches[1] * _CM_PER_INCH, 1)


def _kg(pounds: tuple[int, int]) -> tuple[float, float]:
    return round(pounds[0] * _KG_PER_POUND, 1), round(pounds[1] * _KG_PER_POUND, 1)
