from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identify.matching import invented_people as invented
from identify.matching import reference
from thaw.errors import InputError
from thaw.identify import FIELDS, Area, Gallery, PersonRecord, match
from thaw.identify.matching.gallery import PAIRED
from thaw.identify.matching.model import load_model
from thaw.identify.matching.population import RECORDS, reference_records
from thaw.record import PartialDate


def day(text: str) -> PartialDate:
    return PartialDate.parse(text)


def people(seed: int, number: int, gaps: float = 0.0) -> list[PersonRecord]:
    random = Random(seed)
    return [invented.missing(random, f"m{i}", gaps=gaps) for i in range(number)]


@pytest.mark.parametrize("seed", range(6))
def test_supports_agree_with_the_slow_reference(seed: int) -> None:
    random = Random(seed)
    listed = people(seed, 25, gaps=0.15)
    base = invented.missing(random, "x")
    bodies = [
        invented.body(random, base),
        replace(base, remains="fleshed", death=day("1990..1994")),
        replace(base, remains="decomposed", date=None, death=PartialDate.of_year(1999)),
    ]
    gallery = Gallery.of(listed)
    everyone = [*listed, *reference_records()]
    for person in bodies:
        ours = gallery.supports(person)
        slow = reference.supports(person, everyone, gallery.weights.tolist(), gallery.model)
        for f, name in enumerate(FIELDS):
            if name not in ("marks", "clothing"):
                assert ours[f] == pytest.approx([slow[i][name] for i in range(25)], abs=1e-6), name


def test_nothing_known_says_nothing() -> None:
    found = match(PersonRecord("body"), Gallery.of(people(1, 40)), in_list=0.25)
    assert found.none_of_these == pytest.approx(0.75)
    assert all(c.log10_support == 0 and not c.parts for c in found.candidates)
    assert found.lane == ()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), gaps=st.sampled_from((0.0, 0.3, 0.9)))
def test_posteriors_and_none_add_up_to_one(seed: int, gaps: float) -> None:
    random = Random(seed)
    listed = people(seed, 30, gaps=gaps)
    found = match(invented.body(random, invented.missing(random, "x")), Gallery.of(listed), top=30)
    assert sum(c.posterior for c in found.candidates) + found.none_of_these == pytest.approx(1.0)
    assert all(np.isfinite(c.log10_support) for c in found.candidates)


def test_the_order_of_the_list_does_not_matter() -> None:
    random, listed = Random(4), people(4, 60)
    body = invented.body(random, listed[7])
    one = match(body, Gallery.of(listed))
    other = match(body, Gallery.of(listed[::-1]))
    assert [c.id for c in one.candidates] == [c.id for c in other.candidates]
    assert [c.posterior for c in one.candidates] == pytest.approx([c.posterior for c in other.candidates])


def test_true_persons_come_first_when_nothing_is_wrong() -> None:
    random, listed = Random(11), people(11, 400)
    gallery = Gallery.of(listed)
    ranks = []
    for person in listed[:120]:
        found = match(invented.body(random, person), gallery, top=400)
        ranks.append(next(c.rank for c in found.candidates if c.id == person.id))
    assert np.mean(np.array(ranks) <= 10) > 0.97


def test_a_body_found_before_the_recorded_last_sighting_is_not_lost() -> None:
    # NIJ Journal 264: found on 6 June, "last seen" on 9 June, estimated 18 to 22 years old, in truth 16.
    listed = people(5, 500)
    person = PersonRecord(
        "true", "M", (16, 16), day("1995-06-09"), places=(Area(37.5, -77.4, 5),), marks=("scar on thigh",)
    )
    body = PersonRecord(
        "body", "M", (18, 22), day("1995-06-06"), places=(Area(37.55, -77.5, 5),), marks=("thigh scar",)
    )
    found = match(body, Gallery.of([*listed, person]))
    assert found.candidates[0].id == "true"


def test_no_field_and_no_sum_goes_below_its_floor() -> None:
    model = load_model()
    person = PersonRecord(
        "m", "F", (3, 3), day("2019-01-01"), stature=(90, 90), weight=(12, 12), ancestry=frozenset(("white",)),
        hair="blond", eyes=frozenset(("blue",)), places=(Area(47, -68),), dental="V" * 32,
    )  # fmt: skip
    body = PersonRecord(
        "u", "M", (70, 90), day("1960-01-01"), stature=(195, 195), weight=(120, 120), ancestry=frozenset(("black",)),
        hair="black", eyes=frozenset(("brown",)), places=(Area(32, -117),), remains="fleshed", dental="X" * 32,
    )  # fmt: skip
    gallery = Gallery.of([person, *people(3, 50)])
    supports = gallery.supports(body)
    assert supports.min() >= model["caps"]["field_low"]
    found = match(body, gallery, top=51)
    last = next(c for c in found.candidates if c.id == "m")
    assert last.log10_support == model["caps"]["total_low"]
    assert last.state == "contradiction"
    assert found.contradiction_only >= 1


def test_only_an_expert_hides_a_person_and_only_as_long_as_the_statement_stands() -> None:
    random, listed = Random(2), people(2, 80)
    body, gallery = invented.body(random, listed[0]), Gallery.of(listed)
    before = match(body, gallery)
    out = match(body, gallery, ruled_out={"m0", "nobody"}, top=80)
    assert before.candidates[0].id == "m0"
    assert "m0" not in [c.id for c in out.candidates] + [one.id for one in out.lane]
    assert (out.ruled_out, out.searched, len(out.candidates)) == (1, 80, 79)
    assert match(body, gallery) == before


def test_all_ruled_out_leaves_none_of_these() -> None:
    listed = people(2, 3)
    found = match(invented.body(Random(1), listed[0]), Gallery.of(listed), ruled_out=[p.id for p in listed])
    assert (found.candidates, found.none_of_these, found.lane) == ((), 1.0, ())


def test_an_empty_list_finds_nobody() -> None:
    found = match(PersonRecord("u", sex="F"), Gallery.of([]))
    assert (found.searched, found.candidates, found.none_of_these) == (0, (), 1.0)


def test_dna_is_shown_apart_and_counts_in_the_posterior() -> None:
    random, listed = Random(6), people(6, 50)
    body, gallery = invented.body(random, listed[3]), Gallery.of(listed)
    plain, found = match(body, gallery, top=50), match(body, gallery, top=50, dna={"m9": 12.0})
    first = found.candidates[0]
    assert (first.id, first.dna_log10_lr) == ("m9", 12.0)
    assert first.log10_support == next(c for c in plain.candidates if c.id == "m9").log10_support
    assert all(c.dna_log10_lr is None for c in found.candidates[1:])


@pytest.mark.parametrize("field", ["sex", "age", "ancestry", "date", "place", "stature", "hair"])
def test_one_wrong_field_leaves_the_person_in_the_list_or_in_the_lane(field: str) -> None:
    random, listed = Random(21), people(21, 600)
    gallery, kept = Gallery.of(listed), 0
    for person in listed[:60]:
        body = invented.body(random, person)
        wrong = {
            "sex": {"sex": "F" if body.sex == "M" else "M"},
            "age": {"age": (1, 4) if body.age[0] > 30 else (70, 90)},
            "ancestry": {"ancestry": frozenset(("pacific",))},
            "date": {"date": day("1921-05-05")},
            "place": {"places": (Area(61.2, -149.9),)},
            "stature": {"stature": (120, 124)},
            "hair": {"hair": "white"},
        }[field]
        found = match(replace(body, **wrong), gallery, top=50)
        kept += person.id in [c.id for c in found.candidates] + [one.id for one in found.lane]
    assert kept >= 59


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), gaps=st.sampled_from((0.0, 0.3)))
def test_a_field_never_says_less_than_that_it_is_of_somebody_else(seed: int, gaps: float) -> None:
    random = Random(seed)
    listed, model = people(seed, 30, gaps=gaps), load_model()
    found = Gallery.of(listed).supports(invented.body(random, invented.missing(random, "x")))
    for f, name in enumerate(FIELDS):
        assert found[f].min() >= np.log10(model["void"][name]) - 1e-12, name


def test_descriptions_that_share_nothing_lower_little() -> None:
    texts = ["scar on left knee, surgical", "scar on left arm, small", "rose tattoo on right calf, faded"]
    listed = [PersonRecord(f"m{i}", marks=(texts[i % 3],)) for i in range(60)]
    support = Gallery.of(listed).supports(PersonRecord("u", marks=("scar on left knee, surgical",)))
    row = support[FIELDS.index("marks")]
    assert row[0] > 0
    assert np.log10(0.4) <= row[2] < 0


def test_the_lane_holds_the_best_five_that_the_list_does_not_show() -> None:
    random, listed = Random(8), people(8, 300)
    gallery = Gallery.of(listed)
    body = invented.body(random, listed[0])
    found = match(body, gallery, top=10)
    shown = [c.index for c in found.candidates]
    without = gallery.supports(replace(body, sex=None)).sum(axis=0)
    order = [int(i) for i in np.argsort(-without, kind="stable")]
    lane = [one for one in found.lane if one.without == "sex"]
    assert [one.index for one in lane] == [i for i in order if i not in shown][:5]
    assert [one.rank for one in lane] == [int((without > without[one.index]).sum()) + 1 for one in lane]


def test_without_the_date_age_and_time_of_death_are_judged_without_it_too() -> None:
    # Seen at 20 in 1985; the body of a girl of 18 to 22 is said to be found in 2025, and in truth was in 1985.
    others = [PersonRecord(f"m{i}", age=(58, 58), date=day("1987-01-01")) for i in range(30)]
    person = PersonRecord("true", age=(20, 20), date=day("1985-01-01"))
    body = PersonRecord("u", age=(18, 22), date=day("2025-01-01"))
    gallery = Gallery.of([person, *others])
    aged = gallery.supports(body)[FIELDS.index("age")]
    without = gallery.compared(body)[1][("date",)]
    assert without[0] > aged[0] > 0
    assert without == pytest.approx(gallery.supports(replace(body, date=None))[FIELDS.index("age")])


@pytest.mark.parametrize("seed", range(4))
def test_a_field_left_out_counts_as_if_nobody_had_recorded_it(seed: int) -> None:
    random, listed = Random(seed), people(seed, 40, gaps=0.1)
    base = invented.missing(random, "x")
    body = replace(invented.body(random, base), death=day("1985..1989"), eyes=base.eyes, weight=base.weight)
    body = replace(body, dental=base.dental, remains="decomposed", clothing=("red scarf",))
    gallery = Gallery.of(listed)
    supports, without = gallery.compared(body)
    assert supports == pytest.approx(gallery.supports(body))
    assert {names for names in without if len(names) == 2} == set(itertools.combinations(PAIRED, 2))
    assert {one for (one, *more) in without if not more} == set(FIELDS) - {"clothing"}
    empty = {"ancestry": frozenset(), "eyes": frozenset(), "place": (), "marks": (), "clothing": ()}
    for names, total in without.items():
        bare = replace(body, **{"places" if name == "place" else name: empty.get(name) for name in names})
        assert total == pytest.approx(gallery.supports(bare).sum(axis=0)), names


def test_two_wrong_fields_do_not_hide_a_person() -> None:
    # NIJ Journal 264: two "obvious" exclusions, both wrong. Here the sex and the age.
    random, listed = Random(12), people(12, 2_000)
    gallery = Gallery.of(listed)
    shown = []
    for person in listed[:30]:
        body = replace(invented.body(random, person), sex="F" if person.sex == "M" else "M", age=(85, 95))
        found = match(body, gallery, top=10)
        first = {one for lane in found.lanes if "," not in lane.without for one in lane.ids[:5]}
        doubles = [one.id for one in found.lane if "," in one.without]
        assert len(doubles) == len(set(doubles))
        assert not set(doubles) & (first | {c.id for c in found.candidates})
        shown.append(person.id in {c.id for c in found.candidates} | first | set(doubles))
    assert sum(shown) >= 29


def test_the_lane_is_as_long_as_asked_for() -> None:
    listed = people(9, 200)
    body = invented.body(Random(9), listed[0])
    found = match(body, Gallery.of(listed), top=3, lane=12)
    counts = {name: sum(one.without == name for one in found.lane) for name in {one.without for one in found.lane}}
    assert {n for names, n in counts.items() if "," not in names} == {12}


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), top=st.sampled_from((1, 10, 60)), most=st.sampled_from((0, 8, 30, 400)))
def test_a_lane_goes_on_until_the_doubt_is_covered(seed: int, top: int, most: int) -> None:
    random, listed = Random(seed), people(seed, 150, gaps=0.2)
    gallery, body = Gallery.of(listed), invented.body(Random(seed), invented.missing(random, "x"))
    out = {p.id for p in random.sample(listed, 20)}
    found = match(body, gallery, top=top, lane_most=most, ruled_out=out, dna={"m7": 1.5})
    shown = {c.id for c in found.candidates}
    for lane in found.lanes:
        if "," in lane.without:
            assert (lane.covers, lane.wanted) == (None, None)
            continue
        # The slow way: everybody's share without the field, best first, those of the list shown already.
        support = gallery.compared(body)[1][(lane.without,)]
        scores = {p.id: support[i] + 1.5 * (p.id == "m7") for i, p in enumerate(listed) if p.id not in out}
        whole = sum(10**score for score in scores.values())
        others = sorted((one for one in scores if one not in shown), key=lambda one: (-scores[one], int(one[1:])))
        held = list(
            itertools.accumulate((10 ** scores[one] for one in others), initial=sum(10 ** scores[o] for o in shown))
        )
        wanted = next((n for n, some in enumerate(held) if some >= 0.98 * whole), len(others))
        assert lane.wanted == wanted
        least = min(max(5, top // 2), 25)
        assert list(lane.ids) == others[: max(min(wanted, most), least)]
        assert lane.covers == pytest.approx(held[len(lane.ids)] / whole)
        assert lane.ranks == tuple(1 + sum(score > scores[one] for score in scores.values()) for one in lane.ids)


def test_the_lane_of_the_place_goes_on_where_others_end() -> None:
    # Nothing is known but sex and place: without the place everybody of that sex is as likely as the next.
    listed = [PersonRecord(f"m{i}", "M", places=(Area(30 + i % 17, -110 + i % 29),)) for i in range(3000)]
    body = PersonRecord("u", "M", places=(Area(61.2, -149.9),))
    lanes = {one.without: one for one in match(body, Gallery.of(listed)).lanes}
    assert (len(lanes["place"].ids), len(lanes["sex"].ids)) == (2500, 250)
    assert lanes["place"].wanted is not None
    assert lanes["place"].wanted > 2500
    assert {len(one.ids) for one in match(body, Gallery.of(listed), lane_most=40).lanes if one.covers is not None} == {
        40
    }


def test_a_long_list_may_have_the_lanes_of_a_short_one() -> None:
    listed = people(9, 200)
    body = invented.body(Random(9), listed[0])
    gallery = Gallery.of(listed)
    assert match(body, gallery, top=200, beside=10).lanes == match(body, gallery, top=10).lanes
    assert match(body, gallery, top=200).lanes == ()


def test_a_ratio_of_nothing_lowers_and_does_not_rule_out() -> None:
    random, listed = Random(6), people(6, 50)
    body, gallery = invented.body(random, listed[3]), Gallery.of(listed)
    found = match(body, gallery, top=50, dna={"m3": -np.inf})
    last = next(c for c in found.candidates if c.id == "m3")
    assert (last.state, last.dna_log10_lr, found.ruled_out) == ("open", -8.0, 0)
    assert last.posterior < 1e-4 < match(body, gallery).candidates[0].posterior


def test_the_lane_says_which_field_would_have_to_be_wrong() -> None:
    random, listed = Random(8), people(8, 2500)
    gallery, hidden, named = Gallery.of(listed), 0, 0
    for person in listed[:30]:
        body = replace(invented.body(random, person), places=(Area(61.2, -149.9),), marks=(), stature=None)
        found = match(body, gallery, top=1)
        if found.candidates[0].id != person.id:
            hidden += 1
            named += ("place", person.id) in [(one.without, one.id) for one in found.lane]
    assert hidden > 5
    assert named >= hidden * 0.8


def test_the_other_way_round_comes_close() -> None:
    random, listed = Random(9), people(9, 900)
    bodies = [invented.body(random, person, f"u{i}") for i, person in enumerate(listed[:40])]
    gallery = Gallery.of(listed)
    turned = gallery.supports_of_one(listed[3], bodies).sum(axis=0)
    straight = [gallery.supports(body)[:, 3].sum() for body in bodies]
    # A sample tells what is common, and words are not set against the list: close, not equal.
    assert turned == pytest.approx(straight, abs=2.0)
    assert np.abs(turned - straight).mean() < 0.8
    assert int(turned.argmax()) == 3


def test_short_lists_know_from_the_population_what_is_common() -> None:
    listed = [PersonRecord("m", "M", stature=(176, 176), hair="brown")]
    supports = dict(zip(FIELDS, Gallery.of(listed).supports(PersonRecord("u", "M", hair="brown"))[:, 0], strict=True))
    assert 0.1 < supports["sex"] < 0.3  # about three in five are men
    assert 0.1 < supports["hair"] < 0.4


def test_the_packaged_population_has_the_marginals_of_its_source() -> None:
    records = reference_records()
    assert len(records) == RECORDS
    assert np.mean([r.sex == "M" for r in records]) == pytest.approx(0.598, abs=0.02)
    assert np.median([r.age[0] for r in records if r.age]) == pytest.approx(33, abs=2)
    assert np.mean(["white" in r.ancestry for r in records]) == pytest.approx(0.66, abs=0.03)
    assert np.mean([r.hair == "brown" for r in records]) == pytest.approx(0.466, abs=0.03)
    tall = [r.stature[0] for r in records if r.sex == "M" and r.age and r.age[0] >= 18 and r.stature]
    assert np.mean(tall) == pytest.approx(175.96, abs=1.5)


def test_two_records_with_one_id_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        Gallery.of([PersonRecord("a"), PersonRecord("a")])
    assert str(caught.value) == (
        "list of missing persons: got two records with the id a, want one record for each id. Leave one of them out."
    )


@pytest.mark.parametrize("prior", [0.0, 1.0, -1.0, float("nan")])
def test_a_prior_that_is_no_chance_is_refused(prior: float) -> None:
    with pytest.raises(InputError) as caught:
        match(PersonRecord("u"), Gallery.of([PersonRecord("m")]), in_list=prior)
    assert str(caught.value) == (
        f"prior of an identification: got {prior:g}, want a chance between 0 and 1. Three in ten is 0.3."
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("sex", "X", "person p, sex: got 'X', want one of F, M. Leave the field out when it is not known."),
        ("remains", "wet", "person p, remains: got 'wet', want one of unknown, fleshed, decomposed, skeletal."
         " Leave the field out when it is not known."),
        ("age", (30, 20), "person p, age: got 30 to 20 years, want lowest and highest between 0 and 125 years."
         " Correct the field or leave it out."),
        ("stature", (5, 180), "person p, stature: got 5 to 180 cm, want lowest and highest between 10 and 260 cm."
         " Correct the field or leave it out."),
        ("weight", (70, 999), "person p, weight: got 70 to 999 kg, want lowest and highest between 0.2 and 450 kg."
         " Correct the field or leave it out."),
        ("dental", "VVF", "person p, dental: got 3 letters, want 32 letters, one for each tooth."
         " Write - for a tooth that nobody charted."),
    ],
)  # fmt: skip
def test_impossible_fields_are_refused_in_words(field: str, value: object, words: str) -> None:
    with pytest.raises(InputError) as caught:
        PersonRecord("p", **{field: value})
    assert str(caught.value) == words


def test_an_impossible_place_is_refused_in_words() -> None:
    with pytest.raises(InputError) as caught:
        Area(95, 10)
    assert str(caught.value) == (
        "place of a person: got 95, 10, radius 0.0 km, want degrees from -90 to 90 and -180 to 180, and a radius"
        " from 0. Correct the place or leave it out."
    )


def test_unknown_labels_are_not_known_rather_than_wrong() -> None:
    gallery = Gallery.of(
        [PersonRecord("m", hair="purple", eyes=frozenset(("maroon",)), ancestry=frozenset(("other",)))]
    )
    body = PersonRecord("u", hair="brown", eyes=frozenset(("brown",)), ancestry=frozenset(("white",)))
    assert not gallery.supports(body).any()


def test_the_same_question_gives_the_same_bits() -> None:
    random, listed = Random(3), people(3, 100)
    body = invented.body(random, listed[0])
    assert match(body, Gallery.of(listed)) == match(body, Gallery.of(list(listed)))
    assert match(body, Gallery.of(listed)).model == load_model().id


def test_time_after_the_last_sighting_wears_off() -> None:
    days = (5, 900, 9000, -4000)  # before the finding; the last one was seen eleven years after it
    listed = [PersonRecord(f"m{d}", date=day((date(2000, 1, 1) - timedelta(days=d)).isoformat())) for d in days]
    support = Gallery.of(listed).supports(PersonRecord("u", date=day("2000-01-01")))[FIELDS.index("date")]
    assert list(np.argsort(-support)) == [0, 1, 2, 3]
