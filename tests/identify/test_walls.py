"""A relative's profile serves to name one missing person; every other way is refused."""

from __future__ import annotations

import math

import pytest

from identify.cases import DUO, case, marker, person
from thaw.errors import AccessDenied, InputError
from thaw.identify import RemainsProfile, kinship_lr, read_family, read_profiles
from thaw.identify.kinship.profiles import (
    BelongingsProfile,
    RelativeProfile,
    SceneProfile,
    must_be_relative,
    same_source,
)
from thaw.identify.kinship.published import published_loci

GENES = {"TH01": ("6", "9.3")}
LOCI = {x.name: x for x in published_loci("nist1036/Caucasian", ["TH01"])}


def test_remains_and_belongings_can_be_one_source():
    found = same_source(RemainsProfile("r", GENES), BelongingsProfile("b", GENES), LOCI)
    p, q = (LOCI["TH01"].freqs[LOCI["TH01"].index[a]] for a in GENES["TH01"])
    assert found == pytest.approx(math.log10(1 / (2 * p * q)))
    other = BelongingsProfile("b", {"TH01": ("6", "7")})
    assert same_source(RemainsProfile("r", GENES), other, LOCI) == -math.inf
    assert same_source(RemainsProfile("r", GENES), BelongingsProfile("b", {}), LOCI) is None


@pytest.mark.parametrize("wrong", [RelativeProfile("m", GENES, "name the missing"), SceneProfile("s", GENES)])
def test_relatives_and_scenes_are_not_compared_one_to_one(wrong: object):
    for pair in ((wrong, RemainsProfile("r", GENES)), (RemainsProfile("r", GENES), wrong)):
        with pytest.raises(AccessDenied) as caught:
            same_source(*pair, LOCI)  # type: ignore[arg-type]
        assert str(caught.value) == (
            f"comparison of two profiles: got a {type(wrong).__name__}, want remains, or a missing person's "
            "belongings. Relatives are compared through a pedigree only; traces of crime scenes are not compared at "
            "all."
        )


def test_only_relatives_stand_in_a_family():
    with pytest.raises(AccessDenied) as caught:
        must_be_relative(SceneProfile("s", GENES))
    assert str(caught.value) == (
        "a family: got a SceneProfile, want a profile that a relative gave for this purpose. "
        "Enter the profile with its purpose."
    )


def test_a_relative_without_a_purpose_is_refused():
    with pytest.raises(AccessDenied) as caught:
        RelativeProfile("mother", GENES, " ")
    assert str(caught.value) == (
        "profile of mother: got no purpose, want the purpose that the person agreed to. "
        "A relative's profile without one must not be used."
    )


def test_a_file_that_sets_a_scene_beside_relatives_is_refused():
    made = case([marker(genotypes={"F": ["12", "13"], "C": ["12", "14"]})], roles={"F": "relative", "C": "scene"})
    with pytest.raises(AccessDenied) as caught:
        kinship_lr(made)
    assert str(caught.value) == (
        "the file, case 1 (invented), C: got a profile of a crime scene, want relatives, remains and belongings only. "
        "Relatives gave their profiles to name the missing; traces of crimes are not compared with them."
    )
    made["roles"] = {"F": "friend"}
    with pytest.raises(AccessDenied) as caught:
        kinship_lr(made)
    assert str(caught.value) == (
        "the file, case 1 (invented), F: got the role 'friend', want relative, remains or belongings. "
        "Say what the profile was given for."
    )
    made["roles"] = {"F": "relative", "C": "remains"}
    assert kinship_lr(made)[0]["LR_total"]["H1"] == pytest.approx(1.25)


REFUSED = (
    "got a profile of a crime scene, want relatives, remains and belongings only. Relatives gave their profiles to "
    "name the missing; traces of crimes are not compared with them."
)


def test_a_scene_is_refused_wherever_a_file_may_say_so():
    genes = {"F": ["12", "13"], "C": ["12", "14"]}
    made = case([marker(genotypes=genes)])
    scene = [{**person(p["id"], p["father"], p["mother"], p["sex"]), "role": "crime scene"} for p in DUO]
    with pytest.raises(AccessDenied) as caught:
        kinship_lr(case([marker(genotypes=genes)], scene))
    assert str(caught.value) == f"the file, case 1 (invented), F: {REFUSED}"
    victims = {"am_pedigrees": [DUO], "missing": ["C"], "pm": [person("V")], "markers": [marker()]}
    with pytest.raises(AccessDenied) as caught:
        kinship_lr([{"id": "set", **victims, "roles": {"V": "trace"}}])
    assert str(caught.value) == f"the file, case 1 (set), V: {REFUSED}"
    with pytest.raises(AccessDenied) as caught:
        read_profiles("person,role,D1_1,D1_2\nF,relative,12,13\nC,Crime scene,12,14\n", "p.csv")
    assert str(caught.value) == f"p.csv row 2, C: {REFUSED}"
    reference = {"person": "F", "role": "scene", "purpose": "name C", "consent": "form", "genotypes": {"TH01": "6/7"}}
    with pytest.raises(AccessDenied) as caught:
        read_family({"id": "f", "individuals": DUO, "missing": "C", "references": [reference]})
    assert str(caught.value) == f"the family, reference 1, F: {REFUSED}"
    with pytest.raises(InputError) as caught:
        kinship_lr({**made, "roles": [{"person": "C", "role": "scene"}]})
    assert str(caught.value) == (
        "the file, case 1 (invented), roles: got roles of another form, want a role for each person, such as "
        '{"mother": "relative"}. Correct the file.'
    )
