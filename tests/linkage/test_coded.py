"""Codes with a taxonomy, vague codes and sets: fair over the background, and what they say by hand."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from linkage.invented import columns, homicide
from thaw.linkage import Background, score
from thaw.linkage.coded import SetComparison, fair_kernel
from thaw.linkage.preset import Feature
from thaw.linkage.profiles import Profile
from thaw.linkage.rates import Rates


def weapon() -> Feature:
    return next(feature for feature in homicide().features if feature.name == "weapon")


def plain(**changes: Any) -> Feature:
    return Feature(**{"name": "odd", "kind": "categorical", "consistency": 0.5, "clamp_log10": 2.0, **changes})


def test_a_node_is_copied_at_the_frequency_of_the_node() -> None:
    # a firearm not stated (share 0.2) may be 12 or 13 (0.3 and 0.1 as recorded, 3 : 1); true 12 = 0.45, 13 = 0.15
    feature = plain(vague={"11": {"12": 1.0, "13": 1.0}})
    fair = fair_kernel(feature, ("11", "12", "13", "20"), np.array([0.2, 0.3, 0.1, 0.4]))
    assert fair[0, 1] == pytest.approx(1 / 0.6)  # 0.75 / 0.45: the share of all firearms
    assert fair[0, 0] == pytest.approx(1 / 0.6)
    assert fair[1, 1] == pytest.approx(1 / 0.45)
    assert fair[0, 3] == 0


def test_of_two_codes_of_one_group_only_the_group_is_copied() -> None:
    # 80 and 85 with 0.1 each, group share 0.4: mismatch within the group 0.4 / 0.2, match 0.6 / 0.1 + 0.4 / 0.2
    feature = plain(groups={"breath": ("80", "85")}, group_share=0.4)
    fair = fair_kernel(feature, ("20", "80", "85"), np.array([0.8, 0.1, 0.1]))
    assert fair[1, 2] == pytest.approx(2.0)
    assert fair[1, 1] == pytest.approx(8.0)
    assert fair[0, 1] == 0


def test_the_kernel_is_fair_and_symmetric_for_every_code_of_the_preset() -> None:
    rng = np.random.default_rng(71)
    codes = tuple(sorted({"11", "12", "13", "14", "15", "20", "30", "40", "50", "65", "75", "80", "85", "90"}))
    share = rng.dirichlet(np.ones(len(codes)))
    fair = fair_kernel(weapon(), codes, share)
    assert fair == pytest.approx(fair.T)
    average = fair @ share
    assert average[:-1] == pytest.approx(np.ones(len(codes) - 1), abs=1e-9)
    assert average[-1] <= 1 + 1e-9  # 90 with 90 is held at 1


def test_an_unknown_weapon_speaks_for_what_is_easily_lost_and_is_never_a_match_by_itself() -> None:
    codes = ("12", "20", "80", "90")
    fair = fair_kernel(weapon(), codes, np.array([0.6, 0.2, 0.1, 0.1]))
    gun, knife, strangled, unknown = fair[3]
    assert gun < knife < strangled
    assert gun < 1 < strangled
    assert unknown <= 1


def test_vague_codes_without_any_code_they_stand_for_are_codes_of_their_own() -> None:
    fair = fair_kernel(plain(vague={"90": {"80": 1.0}}), ("12", "90"), np.array([0.5, 0.5]))
    assert fair == pytest.approx(np.eye(2) * 2)


def some_agencies(seed: int) -> list[dict[str, Any]]:
    rng = random.Random(seed)
    rows = []
    for place in range(4000):
        agency = place % 2
        rows.append(
            {
                "id": f"i{place:05}",
                "agency": "AB"[agency],
                "weapon": "80" if rng.random() < (0.3, 0.02)[agency] else "12",
            }
        )
        rows[-1] |= {"date_from": 10.0, "date_to": 10.0}
    return rows


def test_a_weapon_that_is_common_in_its_agency_says_less_there() -> None:
    background = Background.fit(columns(some_agencies(72)), homicide())

    def factor(ours: str, theirs: int) -> float:
        query = Profile("q", date_from=10.0, date_to=10.0, agency=ours, categorical={"weapon": "80"})
        rows = [row for row, code in enumerate(background.coded.profiles.categorical["weapon"].codes) if code == 1]
        row = next(row for row in rows if row % 2 == theirs)
        return float(score(background, query).feature("weapon")[row])

    common, rare = factor("A", 0), factor("B", 1)
    assert rare > common + 0.5  # a share of 0.02 and one of 0.3: up to 1.2 in log10, less the group
    assert factor("A", 1) == pytest.approx(common, abs=0.06)  # across agencies the more common one counts


def test_where_agencies_do_not_differ_none_is_made_up() -> None:
    rng = random.Random(73)
    rows = [
        {"agency": rng.choice("ABCDE"), "date_from": 9.0, "date_to": 9.0, "weapon": rng.choice(["12", "20", "20"])}
        for _ in range(3000)
    ]
    background = Background.fit(columns(rows), homicide())
    steps = background.rates["weapon"].comparison.levels[:, 1]
    assert set(steps.tolist()) == {0}


def test_sets_are_alike_by_the_worth_of_what_both_hold() -> None:
    feature = plain(kind="set")
    rows = [{"odd": "a|b"}, {"odd": "a"}, {"odd": "c"}, {"odd": "a"}]
    comparison, codes = SetComparison.fit(feature, columns(rows))
    # a in 3 of 4, b and c in 1 of 4: worth -ln of (3.5, 1.5, 1.5) / 5.5
    a, b = -math.log(3.5 / 5.5), -math.log(1.5 / 5.5)
    assert list(codes) == [1, 0, 2, 0]
    assert comparison.alike("a|b") == pytest.approx([a / (a + b), 1, 0])
    assert comparison.label("b|a") == "a, b"
    rates = Rates.fit(feature, comparison, codes)
    kernel = np.array([comparison.alike_level(code) for code in range(3)])
    assert (kernel * np.outer(rates.weight, rates.weight)) @ rates.share == pytest.approx(np.ones(3), abs=1e-9)
