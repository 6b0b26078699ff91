"""One wrong field: what could be had at all from a list of fifty and a lane of five?

A ranker that has learned the generator itself (`bench.matching_ceiling`, no part of the product) stands beside the
product's. "Told" is told which field is worthless, and shows the first fifty-five without it: no list and lane can show
more of a field that is known to be wrong. "Not told" has to keep a list of fifty for every field at once, and a lane of
five for each; it does so by support and in the other way that was tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np

from bench.kept_places import best, kept, not_near
from bench.matching import SEED
from bench.matching_ceiling import VOID, Ceiling, Floats
from bench.report import Report
from bench.wrong_field import BAR, LANE, WRONG, Pair, another, concerned, place_in_lane, setting, share
from thaw.identify import Gallery, PersonRecord
from thaw.identify.matching.gallery import PAIRED

BODIES = 260
_FIELDS = ("sex", "age", "ancestry", "date", "place", "death", "stature")
_LIST = 50


def run() -> Report:
    """The table of docs/benchmarks/wrong_field-ceiling.md."""
    report = Report("One wrong field: the ceiling", " ".join((__doc__ or "").split()))
    gallery, people, right, told = setting(SEED + 100, BODIES)
    report.words(told)
    ceiling = Ceiling(gallery, SEED + 101, frozenset(person.id for person, _ in right))
    elsewhere = Random(SEED + 109)
    rows = []
    for field in _FIELDS:
        pairs = concerned(right, field)
        wrong = [(person, _wrong(field, body, people, elsewhere)) for person, body in pairs]
        ours = [
            _first(gallery.compared(body)[1].get((field,)), gallery, person, _LIST + LANE) for person, body in wrong
        ]
        learned = [rank <= _LIST + LANE for rank in ceiling.ranks(pairs, field)]
        plain, other = zip(*(_not_told(ceiling, gallery, field, pair) for pair in wrong), strict=True)
        cells = [share(some) for some in (ours, learned, _here(gallery, field, wrong), plain, other)]
        reached = "no" if max(cells[3:]) < BAR else "yes"
        rows.append([field, str(len(pairs)), *(f"{cell:.3f}" for cell in cells), reached])
    report.table(
        ["another's", "bodies", "told: here", "told: learned", "not told: here", "not told: learned, by support",
         "not told: learned, kept", f"learned reaches {BAR} when not told"],
        rows,
    )  # fmt: skip
    least = np.sqrt(BAR * (1 - BAR) / len(right))
    report.words(f"One standard error of a share of {BAR} of {len(right)} bodies is {least:.3f}.")
    return report


def _wrong(field: str, body: PersonRecord, people: Sequence[PersonRecord], random: Random) -> PersonRecord:
    change = WRONG["sex"][1](body) if field == "sex" else another(field, body, people, random)
    return replace(body, **change)


def _first(support: Floats | None, gallery: Gallery, person: PersonRecord, number: int) -> bool:
    if support is None:
        return False
    return int((support > support[gallery.position[person.id]]).sum()) < number


def _here(gallery: Gallery, field: str, wrong: Sequence[Pair]) -> list[bool]:
    """In the product's list of fifty or the lane of five of this field."""
    found = []
    for person, body in wrong:
        supports, left_out = gallery.compared(body)
        listed = best(supports.sum(axis=0), _LIST)
        found.append(place_in_lane(listed, gallery.position[person.id], left_out.get((field,))) <= LANE)
    return found


def _not_told(ceiling: Ceiling, gallery: Gallery, field: str, pair: Pair) -> tuple[bool, bool]:
    """In a list of fifty or the lane of this field: the list by support, and in the other way."""
    person, body = pair
    said, mine = ceiling.said(body), gallery.position[person.id]
    score = ceiling.support(body, None, said=said, void=VOID)
    fields = dict.fromkeys((field, *PAIRED))
    without = {name: ceiling.support(body, name, said=said, void=VOID) for name in fields}
    left_out = gallery.compared(body)[1]
    wrong = {name: without[name] for name in PAIRED if (name,) in left_out}
    if "place" in wrong:
        wrong["place"] = without["place"] + not_near(gallery, body)
    found = []
    for shown in (best(score, _LIST), kept(score, wrong, _LIST)):
        found.append(place_in_lane(shown, mine, without[field]) <= LANE)
    return found[0], found[1]
