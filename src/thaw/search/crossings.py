"""What stands in two cases, weighed down by how ordinary it is. Values with their cases in, crossings out.

Weight: log10 of one over the chance that another case of this book holds the value for no reason. For values that are
counted it is the share of cases that hold it; for names it is also what the census says, since a small book cannot know
that John Smith is common; for vehicles how often such years, colors, makes and models are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from math import expm1, log10, prod

from rapidfuzz.distance import OSA

from thaw.data.search import given_names, surnames, value_words

from .variants import short_forms, skeleton, sound

# Shares of names that stand in no list: below the last name that does (census of 1990, 0.005 % and 0.01 %).
_RARE_SURNAME, _RARE_GIVEN = 0.00003, 0.0001
# What would be held by more than one case in twenty is ordinary.
LEAST_WEIGHT = 1.3
# Before any case is seen: as if a value were held by one in a thousand, seen in 50 cases. Set by hand.
_GUESSED_CASES = 50


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a value: the case, the text and document it stands in, first and one past the last character."""

    case_id: str
    text: int
    document: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """A value that stands in several cases; `forms` are its spellings, `cases` how many cases hold it."""

    kind: str
    value: str
    forms: tuple[str, ...]
    weight: float
    cases: int
    spots: tuple[Spot, ...]


def crossings(
    values: dict[tuple[str, str], list[Spot]], case_count: int, apart: Iterable[frozenset[str]] = ()
) -> list[Crossing]:
    """Values of two or more cases, the least ordinary first.

    values      by kind and normal form
    case_count  how many cases have any text, at least 1
    apart       groups of cases that are one killing: what stands in these alone is no crossing
    """
    one_killing = {case_id: min(group) for group in apart for case_id in group}
    counts = Counter(kind for kind, normal in values for _ in values[kind, normal])
    parts = _vehicle_parts(values)
    found = []
    for kind, forms in _groups(values):
        spots = [spot for form in forms for spot in values[kind, form]]
        killings = {one_killing.get(spot.case_id, spot.case_id) for spot in spots}
        if len(killings) < 2 or not _in_two_documents(spots, one_killing):
            continue
        share = (
            max(map(_share, forms)) if kind == "name" else _vehicle_share(forms[0], parts) if kind == "vehicle" else 0
        )
        weight = _weight(kind, forms, len(killings), case_count, counts[kind] * share)
        found.append(Crossing(kind, forms[0], tuple(forms), round(weight, 2), len(killings), tuple(spots)))
    return sorted(found, key=lambda c: (-c.weight, c.kind, c.value))


def _groups(values: dict[tuple[str, str], list[Spot]]) -> Iterable[tuple[str, list[str]]]:
    yield from ((kind, [normal]) for kind, normal in values if kind != "name")
    yield from (("name", group) for group in name_groups([normal for kind, normal in values if kind == "name"]))


def _weight(kind: str, forms: Sequence[str], holders: int, case_count: int, expected: float) -> float:
    # Two of the holders are what is asked about; the rest shows how common the value is, from a first guess on.
    guess = 0.5 if kind == "phone" and len(forms[0]) == 7 else 0.05  # a number without its area is less
    by_count = log10((case_count + _GUESSED_CASES) / (holders - 2 + guess))
    if not expected:
        return max(0.0, by_count)
    return max(0.0, min(by_count, -log10(-expm1(-max(expected, 1e-9)))))


def _share(name: str) -> float:
    given, _, family = name.partition(" ")
    return given_names().get(given, _RARE_GIVEN) * surnames().get(family, _RARE_SURNAME)


def _vehicle_parts(values: dict[tuple[str, str], list[Spot]]) -> Counter[str]:
    """How many vehicles have each part (year, color, make, model); under "" how many vehicles there are."""
    found: Counter[str] = Counter()
    for (kind, normal), spots in values.items():
        if kind == "vehicle":
            found.update({part: len(spots) for part in (*normal.split(), "")})
    return found


def _vehicle_share(vehicle: str, parts: Counter[str]) -> float:
    """Share of vehicles that are described so, if year, color, make and model were independent."""
    words = vehicle.split()
    # A model is of one make: the make says nothing beside it.
    told = [word for word in words if word not in _makes()] if words[-1] not in _makes() else words
    return prod(parts[part] / parts[""] for part in told)


def _makes() -> Sequence[str]:
    makes: Sequence[str] = value_words()["makes"]
    return makes


def _in_two_documents(spots: Sequence[Spot], one_killing: dict[str, str]) -> bool:
    """Whether two of the cases hold the value in different documents: one paper put to two cases is no crossing."""
    pairs = {(one_killing.get(s.case_id, s.case_id), s.document or f"text {s.text}") for s in spots}
    return any(a[0] != b[0] and a[1] != b[1] for a in pairs for b in pairs) if len(pairs) < 400 else True


def name_groups(names: Sequence[str]) -> list[list[str]]:
    """Names, as `given family`, that may be one: family names equal but for a letter, given names equal or short forms.

    The most common spelling cannot be known here, so the first in order of letters leads.
    """
    blocks: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        family = name.partition(" ")[2]
        for key in {sound(family) or family, skeleton(family)[:2] + "*"}:
            blocks.setdefault(key, []).append(name)
    leader = {name: name for block in blocks.values() for name in block}

    def top(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for block in blocks.values():
        for i, one in enumerate(block):
            for other in block[i + 1 :]:
                if top(one) != top(other) and may_be_one(one, other):
                    first, second = sorted((top(one), top(other)))
                    leader[second] = first
    groups: dict[str, list[str]] = {}
    for name in sorted(leader):
        groups.setdefault(top(name), []).append(name)
    return list(groups.values())


def may_be_one(one: str, other: str) -> bool:
    """Whether two names, each as `given family`, may be two spellings of one."""
    (given, _, family), (given2, _, family2) = one.partition(" "), other.partition(" ")
    return _alike(family, family2, surnames()) and (
        given == given2 or given2 in short_forms(given) or _alike(given, given2, given_names())
    )


def _alike(one: str, other: str, known: Container[str]) -> bool:
    if one == other:
        return True
    if one in known and other in known:
        # Two names that are both common are two names, unless they are two spellings of one sound.
        return sound(one) == sound(other) and OSA.distance(one, other) <= 1
    if skeleton(one) == skeleton(other):
        return True
    if min(len(one), len(other)) < 5:
        return False
    return min(OSA.distance(one, other), OSA.distance(skeleton(one), skeleton(other))) <= 1
