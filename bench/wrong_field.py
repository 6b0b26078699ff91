"""One wrong field in a body's record: is the true person still among the first fifty, or in the exception lane?

Bodies are made by `bench.invented_bodies` without errors; then one field says something else, mostly something that
cannot be of this person. Beside it: the first fifty when that field is not known at all, which is the most that any
list could show if it knew which field is wrong; and the same of a ranker that has learned the shapes of the generator
itself from 40,000 of its bodies (no part of the product). Where these stay below the bar, the other fields do not
suffice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from bench.invented_bodies import invented_missing
from bench.matching import INVENTED, SEED, pairs_of, place_of, register, share_within
from bench.matching_ceiling import Ceiling
from bench.report import Report
from thaw.identify import Area, Gallery, PersonRecord, match
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


def run() -> Report:
    """The table of docs/benchmarks/wrong_field.md."""
    report = Report("One wrong field", " ".join((__doc__ or "").split()))
    missing, _ = register()
    random = Random(SEED)
    people = [*missing, *(invented_missing(random, f"invented-{i}") for i in range(INVENTED))]
    gallery = Gallery.of(people)
    right, tried = _right(gallery, people)
    ceiling = Ceiling(gallery, SEED + 1)
    rows = []
    for name, (words, change) in WRONG.items():
        field = name.partition(",")[0]
        attribute = "places" if field == "place" else field
        concerned = [(person, body) for person, body in right if getattr(body, attribute)]
        listed, shown, bare = 0, 0, []
        for person, body in concerned:
            found = match(replace(body, **change(body)), gallery, top=50)
            inside = person.id in {one.id for one in found.candidates}
            listed += inside
            shown += inside or person.id in {one.id for one in found.lane}
            unknown = match(replace(body, **{attribute: _EMPTY.get(attribute)}), gallery, top=50, lane=0)
            bare.append(place_of([one.id for one in unknown.candidates], person.id))
        count = len(concerned)
        share = shown / count
        learned = "" if field in ("marks", "clothing") else f"{share_within(ceiling.ranks(concerned, field), 50):.3f}"
        # Of all bodies that have the field: those whom no list showed before cannot stay in one.
        of_all = share * len(right) / tried
        cells = [f"{listed / count:.3f}", f"{share:.3f}", f"{BAR} {report.judge(share, BAR, at_most=False)}"]
        rows.append([name, words, str(count), *cells, f"{of_all:.3f}", f"{share_within(bare, 50):.3f}", learned])
    report.words(
        f"Gallery: {len(missing):,} of the register and {INVENTED:,} invented. Of {tried} bodies with nothing wrong "
        f"{len(right)} have their person among the first fifty ({len(right) / tried:.3f}); of the others too little is "
        "known for any list. A row takes those of them that have the field. 'Of all' counts the others as lost too."
    )
    head = ["wrong field", "says", "bodies", "still in the first 50", "there or in the lane", "bar", "of all"]
    report.table([*head, "field not known: first 50", "learned from the generator: first 50"], rows)
    return report


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
