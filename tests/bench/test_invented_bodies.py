"""The generator of bodies does what it declares: seeds, rates, distances, valid records, levels."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from random import Random

import pytest

from bench.invented_bodies import (
    ANCESTRIES,
    DISPLACED_KM,
    EYES,
    HAIR,
    Simulation,
    body_of,
    distance_km,
    invented_missing,
    simulate,
    truth_rates,
)
from thaw.identify.matching.person import REMAINS, Area, PersonRecord
from thaw.record import PartialDate

STATES = ("fleshed", "decomposed", "skeletal")
SAMPLE = 6_000
FULL = PersonRecord(
    id="full",
    sex="M",
    age=(31.0, 31.0),
    date=PartialDate(date(1999, 5, 4), date(1999, 5, 4), "day"),
    stature=(178.0, 178.0),
    weight=(80.0, 80.0),
    ancestry=frozenset({"white"}),
    hair="brown",
    eyes=frozenset({"blue"}),
    places=(Area(39.0, -95.0),),
    marks=("rose tattoo on left forearm", "metal plate with screws in right tibia"),
    clothing=("blue jeans", "red jacket", "black sneakers"),
)


@cache
def pairs(level: float = 1.0) -> tuple[Simulation, ...]:
    random = Random(2024)
    return tuple(simulate(FULL, random, level=level) for _ in range(SAMPLE))


@cache
def missing() -> tuple[PersonRecord, ...]:
    random = Random(7)
    return tuple(invented_missing(random, f"m{number}") for number in range(3_000))


def rate(hits: int, of: int) -> tuple[float, float]:
    """A share and four standard errors of it."""
    share = hits / of
    return share, 4 * max(share * (1 - share), 1 / of) ** 0.5 / of**0.5


def test_a_seed_gives_the_same_people_and_bodies_again() -> None:
    def run(seed: int) -> list[PersonRecord]:
        random = Random(seed)
        people = [invented_missing(random, f"m{number}") for number in range(50)]
        return people + [body_of(person, random, displaced=number % 3 == 0) for number, person in enumerate(people)]

    assert run(5) == run(5)
    assert run(5) != run(6)


@pytest.mark.parametrize("level", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("field", ["sex", "age", "death", "stature", "weight", "ancestry", "hair", "eyes"])
def test_faults_come_out_at_the_declared_rate_where_the_field_is_known(field: str, level: float) -> None:
    for state in STATES:
        if (name := f"{field}, {state}") not in truth_rates():
            continue
        known = [pair for pair in pairs(level) if pair.body.remains == state and getattr(pair.body, field)]
        share, tolerance = rate(sum(name in pair.faults for pair in known), len(known))
        assert share == pytest.approx(level * truth_rates()[name], abs=tolerance + 0.002), name


@pytest.mark.parametrize("level", [0.5, 1.0, 2.0])
def test_errors_of_the_missing_persons_own_record_come_at_the_declared_rate(level: float) -> None:
    names = [name for name in truth_rates() if name.endswith(", record")]
    found = Counter(name for pair in pairs(level) for name in pair.faults)
    for name in names:
        share, tolerance = rate(found[name], SAMPLE)
        assert share == pytest.approx(level * truth_rates()[name], abs=tolerance + 0.001), name


@pytest.mark.parametrize("field", ["sex", "ancestry", "hair", "eyes"])
def test_records_disagree_as_often_as_both_errors_together_say(field: str) -> None:
    def labels(person: PersonRecord) -> frozenset[str]:
        value = getattr(person, field)
        return value if isinstance(value, frozenset) else frozenset({value} if value else ())

    for state in STATES:
        known = [p.body for p in pairs() if p.body.remains == state and labels(p.body)]
        share, tolerance = rate(sum(not labels(body) & labels(FULL) for body in known), len(known))
        recorded, observed = truth_rates()[f"{field}, record"], truth_rates()[f"{field}, {state}"]
        # Two errors may cancel, and a second ancestry may name the record's one: hence the wider bound below.
        assert share <= recorded + observed + tolerance
        assert share >= recorded + observed - 2 * recorded * observed - 0.01 - tolerance


def test_an_age_fault_is_an_interval_without_the_true_age_and_nothing_else_is() -> None:
    for pair in pairs():
        if pair.body.age is not None:
            held = pair.body.age[0] <= pair.age <= pair.body.age[1]
            assert held != (f"age, {pair.body.remains}" in pair.faults)


def test_a_fault_of_the_year_of_death_is_an_estimate_without_the_true_day() -> None:
    early = late = 0
    for pair in pairs():
        if pair.body.death is not None:
            held = pair.body.death.first <= pair.died <= pair.body.death.last
            assert held != (f"death, {pair.body.remains}" in pair.faults)
            early, late = early + (pair.body.death.last < pair.died), late + (pair.body.death.first > pair.died)
    assert early > 8 * late


def test_a_stature_fault_is_a_gross_error_and_bones_scatter_as_published() -> None:
    limits = {"fleshed": 5.0, "decomposed": 6.0, "skeletal": 8.0}
    spread = []
    for pair in pairs():
        if pair.body.stature is not None:
            off = abs(sum(pair.body.stature) / 2 - pair.stature)
            wrong = f"stature, {pair.body.remains}" in pair.faults
            slack = 1.4  # whole inches, rounded
            assert off >= limits[pair.body.remains] - slack if wrong else off <= limits[pair.body.remains] + slack
            spread += [off] if pair.body.remains == "skeletal" and not wrong else []
    assert 2.4 <= (sum(off * off for off in spread) / len(spread)) ** 0.5 <= 4.0


def test_the_body_is_found_before_the_recorded_day_in_a_small_share() -> None:
    assert FULL.date is not None
    before = sum(pair.found < FULL.date.first for pair in pairs())
    share, tolerance = rate(before, SAMPLE)
    assert share == pytest.approx(truth_rates()["date, record"], abs=tolerance)
    assert all(pair.seen <= pair.died <= pair.found for pair in pairs())


def test_level_two_doubles_what_level_one_does_and_level_zero_errs_never() -> None:
    one, two = (sum(len(pair.faults) for pair in pairs(level)) for level in (1.0, 2.0))
    assert two / one == pytest.approx(2.0, abs=0.12)
    random = Random(1)
    assert not any(simulate(FULL, random, level=0.0).faults for _ in range(500))
    with pytest.raises(ValueError, match="level"):
        body_of(FULL, random, level=-1.0)


def test_the_level_leaves_missing_fields_alone() -> None:
    for field in ("sex", "age", "stature", "ancestry", "hair", "eyes"):
        one, two = (sum(not getattr(pair.body, field) for pair in pairs(level)) / SAMPLE for level in (1.0, 2.0))
        assert one == pytest.approx(two, abs=0.025)


def test_displaced_bodies_lie_in_the_range_of_the_task() -> None:
    random = Random(11)
    far = []
    for person in missing():
        body = body_of(person, random, displaced=True)
        if person.places and body.places:
            far.append(distance_km(person.places[0], body.places[0]))
    assert len(far) > 2_500
    assert DISPLACED_KM[0] <= min(far) < 300
    assert 1_200 < max(far) <= DISPLACED_KM[1]


def test_other_bodies_lie_near_as_the_table_says() -> None:
    # A little farther than the table: some places are vague, and some people lived on.
    far = [distance_km(FULL.places[0], pair.body.places[0]) for pair in pairs() if pair.body.places]
    assert sum(km <= 10 for km in far) / len(far) == pytest.approx(0.55, abs=0.05)
    assert sum(km <= 5 for km in far) / len(far) == pytest.approx(0.28, abs=0.05)


def test_the_state_of_the_remains_is_distributed_as_in_the_register() -> None:
    shares = Counter(pair.body.remains for pair in pairs())
    assert shares["fleshed"] / SAMPLE == pytest.approx(0.22, abs=0.05)
    assert shares["skeletal"] / SAMPLE == pytest.approx(0.45, abs=0.06)


@pytest.mark.parametrize("displaced", [False, True])
@pytest.mark.parametrize("level", [0.5, 1.0, 2.0, 50.0])
def test_every_record_is_valid_and_uses_known_labels(level: float, displaced: bool) -> None:
    random = Random(23)
    for person in missing()[:800]:
        body = body_of(person, random, level=level, displaced=displaced)
        for record in (person, body):
            assert record.ancestry <= set(ANCESTRIES)
            assert record.eyes <= set(EYES)
            assert record.hair is None or record.hair in HAIR
            assert all(text.strip() for text in (*record.marks, *record.clothing))
        assert body.remains in REMAINS[1:]
        assert body.date is not None
        assert body.weight is None or body.remains != "skeletal"


def test_extreme_and_empty_records_still_give_valid_bodies() -> None:
    extremes = [
        PersonRecord(id="empty"),
        PersonRecord(id="baby", age=(0.0, 0.0), stature=(48.0, 50.0), weight=(3.0, 3.5), hair="bald"),
        PersonRecord(id="old", age=(110.0, 125.0), stature=(120.0, 260.0), weight=(0.2, 450.0)),
        PersonRecord(id="edge", places=(Area(89.9, 179.9, 5_000.0), Area(-89.0, -180.0)), eyes=frozenset(EYES)),
        PersonRecord(id="all", ancestry=frozenset(ANCESTRIES), marks=("x",), clothing=("?", "left")),
        PersonRecord(id="late", date=PartialDate.of_year(2026)),
    ]
    random = Random(4)
    for person in extremes:
        for number in range(300):
            assert body_of(person, random, level=3.0, displaced=number % 2 == 0).id != person.id


def test_invented_missing_people_are_as_complete_as_a_register_and_spread_over_the_country() -> None:
    people = missing()
    for field, share in (("marks", 0.34), ("clothing", 0.33), ("hair", 0.93), ("stature", 0.95)):
        assert sum(bool(getattr(person, field)) for person in people) / len(people) == pytest.approx(share, abs=0.04)
    places = [person.places[0] for person in people if person.places]
    assert all(23 < place.lat < 50 and -126 < place.lon < -66 for place in places)
    assert len({(place.lat // 4, place.lon // 6) for place in places}) > 35


def test_some_words_of_the_person_come_back_and_some_are_new() -> None:
    texts = [" ".join(pair.body.marks).lower() for pair in pairs() if pair.body.marks]
    assert 0.2 < sum("rose" in text for text in texts) / len(texts) < 0.9
    sides = [text for text in texts if "rose" in text and "right forearm" in text]
    assert sides
    assert any("rose" not in text and "screws" not in text for text in texts)


@pytest.mark.parametrize("level", [0.5, 1.0, 2.0])
def test_sides_and_colours_are_mistaken_at_the_declared_rate(level: float) -> None:
    person = PersonRecord(id="zebra", date=FULL.date, marks=("zebra left knee",), clothing=("yellow zebra kilt",))
    random = Random(9)
    sides, colours = Counter[str](), Counter[str]()
    for _ in range(SAMPLE):
        body = body_of(person, random, level=level)
        for text in (*body.marks, *body.clothing):
            words = text.lower().split()
            if "zebra" in words and "knee" in words:
                sides.update({"left", "right"} & set(words))
            elif "zebra" in words and "kilt" in words:
                colours.update({"yellow", "black", "blue", "white"} & set(words))
    share, tolerance = rate(sides["right"], sides.total())
    assert share == pytest.approx(level * truth_rates()["marks, side"], abs=tolerance)
    # The wrong colours are twelve alike, and three of them are counted.
    share, tolerance = rate(4 * (colours.total() - colours["yellow"]), colours.total())
    assert share == pytest.approx(level * truth_rates()["clothing, colour"], abs=2 * tolerance)
