"""One wrong field in a body's record: is the true person still among the first fifty, or in the exception lane?

Bodies are made by `bench.invented_bodies` without errors; then one field says something else, in two ways: something
that cannot be of this person (the date is of 1931, the place is Anchorage), and what the record of somebody else might
say (another missing person's place, a date 2 to 30 years off). A lane of five is the five best without that field who
are not in the list. "Kept" is another way to fill the list that was tried (`bench.kept_places`): places 11 to 50 for
those whom a wrong sex, age, ancestry, date or place would hide. It was developed on this maker of bodies; other bodies,
slips and seeds judge it ([held out](wrong_field-held-out.md)), and the [ceiling](wrong_field-ceiling.md) says what
could be had at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np

from bench.invented_bodies import invented_missing
from bench.kept_places import if_wrong, kept
from bench.matching import INVENTED, SEED, pairs_of, register
from bench.report import Report
from thaw.identify import Area, Gallery, Matches, PersonRecord, match, rank
from thaw.record import PartialDate

BODIES, BAR = 300, 0.98
Change = Callable[[PersonRecord], dict[str, Any]]
_OTHER = {"F": "M", "M": "F", None: None}
# What is wrong is far off, but for the rows that say by how much.
WRONG: Mapping[str, tuple[str, Change]] = {
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
LANE = 5
LENGTHS = (5, 25, 50, 100, 250, 500, 1_000, 2_500)
Pair = tuple[PersonRecord, PersonRecord]


@dataclass(frozen=True)
class Wrong:
    """One way of being wrong: the field, what the record then says, and what makes it."""

    field: str
    says: str
    change: Change


@dataclass(frozen=True)
class Found:
    """Of one body with a wrong field: what list and lanes show.

    listed  in the first fifty; own, five  there or in a lane of five of this field; of any field
    kept, kept_own  as `listed` and `own` for the other way to fill the list
    lane    there or in any lane as long as it is shown; place  in the lane of this field, 0 for who is listed
    shown, wanted, covers  length of that lane, the length for 98 %, what it says that list and lane hold
    """

    listed: bool
    own: bool
    five: bool
    kept: bool
    kept_own: bool
    lane: bool
    place: int
    shown: int
    wanted: int
    covers: float


def run() -> Report:
    """The tables of docs/benchmarks/wrong_field.md."""
    report = Report("One wrong field", " ".join((__doc__ or "").split()))
    gallery, people, right, told = setting(SEED, BODIES, drawn=2_000)  # the bodies of earlier pages
    report.words(told)
    wrong = rows_of(people, SEED + 9)
    found = {name: tried(gallery, concerned(right, one.field), one) for name, one in wrong.items()}
    lists(report, found, wrong)
    lanes(report, found)
    lengths(report, found)
    return report


def rows_of(people: Sequence[PersonRecord], seed: int) -> dict[str, Wrong]:
    """Every way of being wrong, by the name of its row; each row draws by itself."""
    rows = {name: Wrong(field_of(name), says, change) for name, (says, change) in WRONG.items()}
    for field, says in OF_ANOTHER.items():
        random = Random(f"{seed} {field}")
        rows[f"{field}, another's"] = Wrong(
            field, says, lambda body, field=field, random=random: another(field, body, people, random)
        )
    return rows


def setting(
    seed: int,
    bodies: int,
    body_of: Callable[[PersonRecord, Random], PersonRecord] | None = None,
    *,
    drawn: int = 4_000,
) -> tuple[Gallery, list[PersonRecord], list[Pair], str]:
    """The list, its people, pairs whose person stands in the first fifty with nothing wrong, and words on it."""
    missing, _ = register()
    random = Random(seed)
    people = [*missing, *(invented_missing(random, f"invented-{i}") for i in range(INVENTED))]
    gallery = Gallery.of(people)
    random, right, asked = Random(seed + 5), [], 0
    for person, plain in pairs_of(people, min(drawn, len(people)), random, level=0.0):
        if len(right) == bodies:
            break
        body = plain if body_of is None else body_of(person, random)
        asked += 1
        if person.id in {one.id for one in match(body, gallery, top=50, lane=0).candidates}:
            right.append((person, body))
    return (
        gallery,
        people,
        right,
        (
            f"Gallery: {len(missing):,} of the register and {INVENTED:,} invented; seed {seed}. Of {asked} bodies with "
            f"nothing wrong {len(right)} have their person among the fifty likeliest ({len(right) / asked:.3f}); of "
            "the others too little is known for any list. A row takes those of them that have the field."
        ),
    )


def tried(gallery: Gallery, pairs: Sequence[Pair], wrong: Wrong) -> list[Found]:
    """The field of each of these bodies made wrong, one after the other."""
    found, field = [], wrong.field
    for person, plain in pairs:
        body = replace(plain, **wrong.change(plain))
        supports, left_out = gallery.compared(body)
        answer = rank(supports, gallery.position, gallery.model, top=50, left_out=left_out)
        mine, without = gallery.position[person.id], left_out.get((field,))
        place = place_in_lane([one.index for one in answer.candidates], mine, without)
        other = kept(supports.sum(axis=0), if_wrong(gallery, body, left_out), 50)
        lane = next((one for one in answer.lanes if one.without == field), None)
        shown, wanted, covers = (len(lane.ids), lane.wanted or 0, lane.covers or 0.0) if lane else (0, 0, 1.0)
        found.append(
            Found(
                listed=place == 0,
                own=place <= LANE,
                five=place == 0 or person.id in _of_five(answer),
                kept=mine in other,
                kept_own=place_in_lane(other, mine, without) <= LANE,
                lane=place == 0 or person.id in {one for part in answer.lanes for one in part.ids},
                place=place,
                shown=shown,
                wanted=wanted,
                covers=covers,
            )
        )
    return found


def _of_five(answer: Matches) -> set[str]:
    """Everybody in the first five of the lane of any one field."""
    return {one for lane in answer.lanes if lane.wanted is not None for one in lane.ids[:LANE]}


def place_in_lane(listed: Any, mine: int, without: Any) -> int:
    """In the lane of a field if it had no end; 0 for who is listed, a million where the field has no lane."""
    if mine in listed:
        return 0
    if without is None:
        return 10**6
    better = without > without[mine]
    better[:mine] |= without[:mine] == without[mine]  # of equals the earlier stands first
    better[listed] = False
    return int(better.sum()) + 1


def field_of(name: str) -> str:
    """The field that a row is about."""
    return name.partition(",")[0]


def concerned(right: Sequence[Pair], field: str) -> list[Pair]:
    """Those whose body has the field."""
    attribute = "places" if field == "place" else field
    return [(person, body) for person, body in right if getattr(body, attribute)]


def share(some: Sequence[bool]) -> float:
    """Of these, how many."""
    return sum(some) / max(len(some), 1)


def lists(report: Report, found: Mapping[str, Sequence[Found]], wrong: Mapping[str, Wrong]) -> None:
    """Table: the list and lanes of five with the bar, and the other way to fill the list."""
    rows = []
    for name, some in found.items():
        own = share([one.own for one in some])
        cells = [f"{share([one.listed for one in some]):.3f}", f"{own:.3f}"]
        cells += [f"{BAR} {report.judge(own, BAR, at_most=False)}"]
        cells += [f"{share([getattr(one, part) for one in some]):.3f}" for part in ("five", "kept", "kept_own")]
        rows.append([name, wrong[name].says, str(len(some)), *cells])
    head = ["wrong field", "says", "bodies", "first 50", "there or in its lane of five", "bar"]
    head += ["or in a lane of five of any field", "kept: first 50", "kept: there or in its lane of five"]
    report.table(head, rows)


def lanes(report: Report, found: Mapping[str, Sequence[Found]]) -> None:
    """Table: lanes as long as they are shown."""
    rows = []
    for name, some in found.items():
        own = share([one.listed or one.place <= one.shown for one in some])
        sizes = np.array([one.shown for one in some])
        rows.append([
            name, f"{share([one.lane for one in some]):.3f}",
            f"{np.median(sizes):.0f}", f"{np.quantile(sizes, 0.95):.0f}",
            f"{share([one.wanted > one.shown for one in some]):.2f}",
            f"{np.mean([one.covers for one in some]):.3f}", f"{own:.3f}",
        ])  # fmt: skip
    report.words(
        "### Lanes as they are shown\nA lane goes on until list and lane hold 98 % of the probability without the "
        "field, and ends at 250 (of the place at 2,500). What it states of itself stands beside what is true."
    )
    head = ["wrong field", "there or in a lane", "length of its lane: median", "95 of 100", "cut", "it states", "true"]
    report.table(head, rows)


def lengths(report: Report, found: Mapping[str, Sequence[Found]]) -> None:
    """Table: what a lane of a fixed length would show, and how long it would have to be for 98 % by its own account."""
    rows = []
    for name, some in found.items():
        shares = [f"{share([one.place <= length for one in some]):.3f}" for length in LENGTHS]
        wanted = np.array([one.wanted for one in some])
        rows.append([name, *shares, f"{np.median(wanted):,.0f}", f"{np.quantile(wanted, 0.95):,.0f}"])
    report.words(
        "### Length of the lane\nIn the first fifty, or in the lane of this field if it had so many. Where "
        "the longer lanes end was chosen with such figures of this generator in sight: what they reach here is no "
        "test of them."
    )
    head = ["wrong field", *(f"{length:,}" for length in LENGTHS), "98 % by its own account: median", "95 of 100"]
    report.table(head, rows)


OF_ANOTHER = {
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


def _moved(area: Area) -> Area:
    """About 100 km to the north, or to the south where that is nearer to the middle of the country."""
    return replace(area, lat=area.lat + (0.9 if area.lat < 39 else -0.9))
