"""One wrong field in a body's record: is the true person still among the first fifty, or in the exception lane?

Bodies are made by `bench.invented_bodies` without errors; then one field says something else, in two ways: something
that cannot be of this person (the date is of 1931, the place is Anchorage), and what the record of somebody else might
say (another missing person's place, a date 2 to 30 years off). A lane ends where list and lane hold 98 % of the
probability without the field, or at 250 (of the place 2,500); what it states of itself stands beside what is true.
Beside it: the first fifty when that field is not known at all, which is the most that any list could show if it knew
which field is wrong; and the same of a ranker that has learned the shapes of the generator itself from 40,000 of its
bodies (no part of the product). Where these stay below the bar, the other fields do not suffice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np

from bench.invented_bodies import invented_missing
from bench.matching import INVENTED, SEED, pairs_of, place_of, register, share_within
from bench.matching_ceiling import Ceiling
from bench.report import Report
from thaw.identify import Area, Gallery, PersonRecord, match, rank
from thaw.record import PartialDate

BODIES, BAR = 300, 0.98
_Change = Callable[[PersonRecord], dict[str, Any]]
_OTHER = {"F": "M", "M": "F", None: None}
# What is wrong is far off, but for the rows that say by how much.
WRONG: Mapping[str, tuple[str, _Change]] = {
    "sex": ("the other", lambda b: {"sex": _OTHER[b.sex]}),
    "age": ("70 to 90, or 1 to 4", lambda b: {"age": (70.0, 90.0) if b.age and b.age[0] < 40 else (1.0, 4.0)}),
    "ancestry": ("Pacific Islander", lambda b: {"ancestry": frozenset({"pacific"})}),
    "date": ("found in 1931", lambda b: {"date": PartialDate.of_year(1931)}),
    "stature": ("120 to 124 cm", lambda b: {"stature": (120.0, 124.0)}),
    "weight": ("20 kg", lambda b: {"weight": (20.0, 20.0)}),
    "hair": ("white", lambda b: {"hair": "white"}),
    "eyes": ("gray", lambda b: {"eyes": frozenset({"gray"})}),
    "death": ("1931", lambda b: {"death": PartialDate.of_year(1931)}),
    "place": ("Anchorage", lambda b: {"places": (Area(61.2, -149.9, 10.0),)}),
    "place, near": ("about 100 km off", lambda b: {"places": tuple(_moved(a) for a in b.places)}),
}
_EMPTY = {"ancestry": frozenset(), "eyes": frozenset(), "places": ()}
LENGTHS = (5, 25, 50, 100, 250, 500, 1_000, 2_500)
_Pair = tuple[PersonRecord, PersonRecord]


@dataclass(frozen=True)
class _Found:
    """Of one body with a wrong field: what the list and the lane of this field show.

    listed  in the first fifty; lane  there or in any lane; place  in the lane of this field, 0 for who is listed
    shown, wanted, covers  length of that lane, the length for 98 %, what it says that list and lane hold
    """

    listed: bool
    lane: bool
    place: int
    shown: int
    wanted: int
    covers: float


def run() -> Report:
    """The tables of docs/benchmarks/wrong_field.md."""
    report = Report("One wrong field", " ".join((__doc__ or "").split()))
    missing, _ = register()
    random = Random(SEED)
    people = [*missing, *(invented_missing(random, f"invented-{i}") for i in range(INVENTED))]
    gallery = Gallery.of(people)
    right, tried = _right(gallery, people)
    report.words(
        f"Gallery: {len(missing):,} of the register and {INVENTED:,} invented. Of {tried} bodies with nothing wrong "
        f"{len(right)} have their person among the first fifty ({len(right) / tried:.3f}); of the others too little is "
        "known for any list. A row takes those of them that have the field. 'Of all' counts the others as lost too."
    )
    found = {name: _tried(gallery, right, name, change) for name, (_, change) in WRONG.items()}
    elsewhere = Random(SEED + 9)
    found |= {
        f"{name}, another's": _tried(gallery, right, name, lambda b, name=name: another(name, b, people, elsewhere))
        for name in WRONG
        if name not in ("place, near", "sex")
    }
    _shares(report, found, len(right) / tried)
    _lengths(report, found)
    _ceilings(report, gallery, right)
    return report


def _tried(gallery: Gallery, right: Sequence[_Pair], name: str, change: _Change) -> list[_Found]:
    """The field of every body that has it made wrong, one after the other."""
    found = []
    for person, body in _concerned(right, name):
        supports, left_out = gallery.compared(replace(body, **change(body)))
        answer = rank(supports, gallery.position, gallery.model, top=50, left_out=left_out)
        listed = person.id in {one.id for one in answer.candidates}
        lane = next((one for one in answer.lanes if one.without == _field(name)), None)
        place = 0
        if lane and not listed:
            without = left_out[(_field(name),)]
            better = without > without[gallery.position[person.id]]
            better[[one.index for one in answer.candidates]] = False
            place = int(better.sum()) + 1
        shown, wanted, covers = (len(lane.ids), lane.wanted or 0, lane.covers or 0.0) if lane else (0, 0, 1.0)
        inside = listed or person.id in {one for part in answer.lanes for one in part.ids}
        found.append(_Found(listed, inside, place, shown, wanted, covers))
    return found


def _field(name: str) -> str:
    return name.partition(",")[0]


def _concerned(right: Sequence[_Pair], name: str) -> list[_Pair]:
    attribute = "places" if _field(name) == "place" else _field(name)
    return [(person, body) for person, body in right if getattr(body, attribute)]


def _shares(report: Report, found: Mapping[str, Sequence[_Found]], usual: float) -> None:
    rows = []
    for name, some in found.items():
        share = sum(one.lane for one in some) / len(some)
        says = WRONG[name][0] if name in WRONG else _OF_ANOTHER[_field(name)]
        own = sum(one.listed or one.place <= one.shown for one in some) / len(some)
        lengths = np.array([one.shown for one in some])
        cells = [f"{sum(one.listed for one in some) / len(some):.3f}", f"{share:.3f}"]
        cells += [f"{share * usual:.3f}"]
        cells += [f"{np.median(lengths):.0f}", f"{np.quantile(lengths, 0.95):.0f}"]
        cells += [f"{sum(one.wanted > one.shown for one in some) / len(some):.2f}"]
        cells += [f"{np.mean([one.covers for one in some]):.3f}", f"{own:.3f}"]
        rows.append([name, says, str(len(some)), *cells])
    head = ["wrong field", "says", "bodies", "still in the first 50", "there or in a lane", "of all"]
    head += ["length of its lane: median", "95 of 100", "cut", "it states", "true"]
    report.table(head, rows)


def _lengths(report: Report, found: Mapping[str, Sequence[_Found]]) -> None:
    """What a lane of a fixed length would show, and how long it would have to be for 98 % by its own account."""
    rows = []
    for name, some in found.items():
        shares = [sum(one.listed or one.place <= length for one in some) / len(some) for length in LENGTHS]
        wanted = np.array([one.wanted for one in some])
        sizes = [f"{np.median(wanted):,.0f}", f"{np.quantile(wanted, 0.95):,.0f}"]
        five, *longer = (f"{share:.3f}" for share in shares)
        rows.append([name, five, f"{BAR} {report.judge(shares[0], BAR, at_most=False)}", *longer, *sizes])
    report.words(
        "## Length of the lane\nIn the first fifty, or in the lane of this field if it had so many. The bar is for a "
        "lane of five. Where longer lanes end was chosen with these figures in sight: what they reach is no test "
        "of them."
    )
    head = [
        "wrong field",
        f"{LENGTHS[0]}",
        "bar",
        *(f"{length:,}" for length in LENGTHS[1:]),
        "98 % by its own account: median",
        "95 of 100",
    ]
    report.table(head, rows)


def _ceilings(report: Report, gallery: Gallery, right: Sequence[_Pair]) -> None:
    """The first fifty where the field is not known at all: here, and where the generator itself was learned."""
    ceiling = Ceiling(gallery, SEED + 1)
    rows = []
    for field in dict.fromkeys(map(_field, WRONG)):
        attribute = "places" if field == "place" else field
        concerned, bare = _concerned(right, field), []
        for person, body in concerned:
            unknown = match(replace(body, **{attribute: _EMPTY.get(attribute)}), gallery, top=50, lane=0)
            bare.append(place_of([one.id for one in unknown.candidates], person.id))
        learned = share_within(ceiling.ranks(concerned, field), 50)
        rows.append([field, f"{share_within(bare, 50):.3f}", f"{learned:.3f}"])
    report.words("## The field not known at all\nFirst fifty, without a lane:")
    report.table(["field", "here", "learned from the generator"], rows)


_OF_ANOTHER = {
    "age": "8 to 40 years off", "ancestry": "another's", "date": "2 to 30 years off", "stature": "8 to 35 cm off",
    "weight": "half or double", "hair": "another's", "eyes": "another's", "death": "2 to 30 years off",
    "place": "another's",
}  # fmt: skip


def another(field: str, body: PersonRecord, people: Sequence[PersonRecord], random: Random) -> dict[str, Any]:
    """What a slip or a line of another file may say: not impossible of this person, and wrong."""
    if field in ("place", "ancestry", "hair", "eyes"):
        attribute = "places" if field == "place" else field
        mine = getattr(body, attribute)
        while not (other := getattr(random.choice(people), attribute)) or other == mine or _overlap(other, mine):
            continue
        return {attribute: other[:1] if field == "place" else other}
    if field in ("date", "death"):
        year, off = getattr(body, field).first.year, random.choice((-1, 1)) * random.randint(2, 30)
        return {field: PartialDate.of_year(year + off if 1900 <= year + off <= 2024 else year - off)}
    low, high = getattr(body, field)
    if field == "weight":
        factor = 2.0 ** random.choice((-1, 1))
        return {field: (low * factor, high * factor)}
    off = random.choice((-1, 1)) * random.uniform(8, 40 if field == "age" else 35)
    least, most = (0, 125) if field == "age" else (30, 260)
    width = high - low
    moved = min(max(low + off, least), most - width)
    moved = moved if moved != low else min(max(low - off, least), most - width)
    return {field: (moved, moved + width)}


def _overlap(one: Any, other: Any) -> bool:
    return isinstance(one, frozenset) and bool(one & other)


def _right(gallery: Gallery, people: list[PersonRecord]) -> tuple[list[tuple[PersonRecord, PersonRecord]], int]:
    """Pairs whose person stands in the first fifty while nothing is wrong, and how many were tried."""
    random, right, tried = Random(SEED + 5), [], 0
    for person, body in pairs_of(people, min(2_000, len(people)), random, level=0.0):
        if len(right) == BODIES:
            break
        tried += 1
        if person.id in {one.id for one in match(body, gallery, top=50, lane=0).candidates}:
            right.append((person, body))
    return right, tried


def _moved(area: Area) -> Area:
    """About 100 km to the north, or to the south where that is nearer to the middle of the country."""
    return replace(area, lat=area.lat + (0.9 if area.lat < 39 else -0.9))
