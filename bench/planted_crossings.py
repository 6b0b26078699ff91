"""Invents case files and plants values that stand in two of them, beside values that are ordinary and near misses.

Nobody and nothing in here exists. In come counts and a seed, out go the pages of each case and what was planted.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from thaw.data.search import given_names, nicknames, surnames

_PLAIN = (
    "The scene was photographed before anything was moved.", "Detectives walked the alley twice and found nothing.",
    "The neighbor heard a door close shortly before midnight.", "No fingerprints of value were found on the glass.",
    "The file was reviewed again the following spring.", "A canvass of the block gave four short statements.",
)  # fmt: skip
_COLORS = ("red", "blue", "white", "green", "black", "tan", "brown", "yellow", "silver", "maroon", "gray", "gold")
_MAKES = ("Ford", "Chevrolet", "Dodge", "Buick", "Toyota", "Plymouth", "Pontiac", "Datsun")
_MODELS = tuple(
    f"{a}{b}" for a in ("Ast", "Bor", "Cal", "Dex", "Fal", "Gal", "Mor", "Ven") for b in ("ara", "ion", "ero", "ic")
)
_STREETS = ("Juniper", "Larkspur", "Cobble", "Harrow", "Quince", "Tamarack", "Wren", "Alder", "Basalt", "Cinder")


@dataclass
class Planted:
    """Pages by case, and for each kind the sets of cases that share one planted value."""

    pages: dict[str, list[str]]
    truth: list[tuple[str, frozenset[str]]] = field(default_factory=list)


def planted_crossings(cases: int = 500, crossings: int = 120, seed: int = 7) -> Planted:
    """Invented case files of 3 to 8 pages; `crossings` values stand in exactly two of them, some written otherwise."""
    draw = random.Random(seed)
    names = [f"case_{i:03d}" for i in range(cases)]
    lines: dict[str, list[str]] = {name: [] for name in names}
    planted = Planted({})
    for name in names:
        for _ in range(draw.randint(6, 14)):
            lines[name].append(_own(draw))
        lines[name] += draw.choices(_ordinary(draw), k=3)
    for i in range(crossings):
        kind = ("phone", "plate", "address", "vehicle", "name", "email", "number")[i % 7]
        one, other = draw.sample(names, 2)
        first, second, near = _pair(kind, draw)
        lines[one].append(first)
        lines[other].append(second)
        lines[draw.choice(names)].append(near)
        planted.truth.append((kind, frozenset((one, other))))
    for name in names:
        draw.shuffle(lines[name])
        pages = draw.randint(3, 8)
        planted.pages[name] = [" ".join(lines[name][k::pages]) or _PLAIN[0] for k in range(pages)]
    return planted


def _ordinary(draw: random.Random) -> list[str]:
    """What stands in many files: the station's telephone, a hospital's street, a common name, a common car."""
    return [
        "Call the homicide desk at 555-867-5300 with any information.",
        "The victim was taken to 400 Mercy St for examination.",
        "John Smith lived on the same block.",
        "A white Ford was parked near the corner.",
        "Reports go to records@invented.example at the end of each month.",
        "Officer Mary Johnson kept the log.",
    ]


def _own(draw: random.Random) -> str:
    """A line of one file only: plain words, or a value of its own."""
    kind = draw.choice(("plain", "plain", "plain", "phone", "plate", "address", "vehicle", "name", "number"))
    return draw.choice(_PLAIN) if kind == "plain" else _said(kind, _value(kind, draw))


def _value(kind: str, draw: random.Random) -> str:
    match kind:
        case "phone":
            return f"{draw.randint(201, 989)}-{draw.randint(201, 989)}-{draw.randint(0, 9999):04d}"
        case "plate":
            return f"{draw.randint(1, 9)}{''.join(draw.choices('ACDEFGHJKLMNPRTUVWXY', k=3))}{draw.randint(100, 999)}"
        case "address":
            return f"{draw.randint(100, 9999)} {draw.choice(_STREETS)} {draw.choice(('St', 'Ave', 'Road'))}"
        case "vehicle":
            make = draw.randrange(len(_MAKES))
            # Thirty-two invented models a make, of which no other make has one.
            model = f"{draw.choice(_MODELS)}{'aeioulns'[make]}"
            return f"{draw.randint(1962, 1989)} {draw.choice(_COLORS)} {_MAKES[make]} {model}"
        case "email":
            return f"{_letters(draw, 7)}{draw.randint(10, 99)}@{_letters(draw, 6)}.example"
        case "number":
            return f"{_letters(draw, 2).upper()}{draw.randint(100000, 999999)}"
    return f"{_given(draw).title()} {_family(draw).title()}"


def _pair(kind: str, draw: random.Random) -> tuple[str, str, str]:
    """The same value in two ways of writing, and one that is nearly it."""
    value = _value(kind, draw)
    other, near = value, _value(kind, draw)
    if kind == "phone":
        area, middle, last = value.split("-")
        other = draw.choice(
            (f"({area}) {middle}-{last}", f"{area}.{middle}.{last}", f"1-{value}", value.replace("0", "O"))
        )
        near = f"{area}-{middle}-{(int(last) + 1) % 10_000:04d}"
    elif kind == "plate":
        other = draw.choice((value, f"{value[:4]} {value[4:]}", value.lower(), value.replace("0", "O")))
        near = value[:-1] + str((int(value[-1]) + 1) % 10)
    elif kind == "address":
        other = value.replace(" St", " Street").replace(" Ave", " Avenue").replace(" Road", " Rd.")
        number, rest = value.split(" ", 1)
        near = f"{int(number) + 2} {rest}"
    elif kind == "vehicle":
        near = f"{int(value[:4]) + 1} {value[5:]}"
    elif kind == "name":
        given, family = value.split(" ")
        short = sorted(n for n in nicknames().get(given.lower(), ()) if len(n) > 3)
        forms = [f"{family.upper()}, {given.upper()}", f"{given} {_typo(family, draw)}"]
        other = draw.choice([*forms, *([f"{draw.choice(short).title()} {family}"] if short else [])])
    return _said(kind, value), _said(kind, other), _said(kind, near)


def _said(kind: str, value: str) -> str:
    return {
        "phone": f"The last call went to {value}, which nobody answered.",
        "plate": f"A neighbor wrote down the license plate {value} that evening.",
        "address": f"He was seen at {value} twice that week.",
        "vehicle": f"Two witnesses described a {value} leaving the lot.",
        "email": f"The receipt was sent to {value} a day later.",
        "number": f"The radio had the serial number {value} on its back.",
    }.get(kind, f"An old notebook names {value} as a visitor.")


def _given(draw: random.Random) -> str:
    return draw.choice(sorted(given_names())[:900])


def _family(draw: random.Random) -> str:
    """A made-up family name that no list has."""
    while (
        name := _letters(draw, draw.randint(3, 4)) + draw.choice(("ler", "wick", "sen", "ovar", "dane"))
    ) in surnames():
        pass
    return name


def _letters(draw: random.Random, length: int) -> str:
    return "".join(draw.choice("bcdfghklmnprstvz" if i % 2 == 0 else "aeiou") for i in range(length))


def _typo(word: str, draw: random.Random) -> str:
    """One letter left out, doubled or two exchanged, not the first."""
    i = draw.randint(2, len(word) - 2)
    return draw.choice(
        (word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:], word[:i] + word[i + 1] + word[i] + word[i + 2 :])
    )
