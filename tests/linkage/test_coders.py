"""Two coders: agreement beyond chance by hand, and what it takes from a weight."""

from __future__ import annotations

import pytest

from linkage.invented import homicide
from thaw.linkage import Preset, agreement


def shrunk(pairs: list[tuple[str, str, str]]) -> Preset:
    found = agreement(pairs, homicide().reliability)
    return homicide().shrunk_by({field: one.right_twice for field, one in found.items()})


def test_agreement_beyond_chance_by_hand() -> None:
    # 8 of 10 agree; 10 yes and 10 no in all, so chance agrees in a half: (0.8 - 0.5) / 0.5
    pairs = (
        [("bound", "yes", "yes")] * 4 + [("bound", "no", "no")] * 4 + [("bound", "yes", "no"), ("bound", "no", "yes")]
    )
    found = agreement(pairs, reliability=0.85)["bound"]
    assert (found.pairs, found.agreed, found.kappa) == (10, 0.8, pytest.approx(0.6))
    assert found.right_twice == pytest.approx((20 * 0.85**2 + 10 * 0.6) / 30)


def test_a_field_on_which_coders_never_agree_fades() -> None:
    pairs = [("bound", "yes", "no"), ("bound", "no", "yes")] * 200
    preset = shrunk(pairs)
    before, after = (next(f.consistency for f in p.features if f.name == "bound") for p in (homicide(), preset))
    assert after < 0.1 * before


def test_a_field_with_one_answer_only_shows_no_skill() -> None:
    found = agreement([("bound", "no", "no")] * 50, reliability=0.85)["bound"]
    assert (found.kappa, found.right_twice) == (None, pytest.approx(0.85**2))


def test_good_coders_raise_a_weight_and_other_fields_stay() -> None:
    pairs = [("bound", "yes", "yes"), ("bound", "no", "no")] * 100
    preset = shrunk(pairs)
    changed = [f.name for f, old in zip(preset.features, homicide().features, strict=True) if f != old]
    assert changed == ["bound"]
    assert preset.model_id != homicide().model_id
    assert next(f.consistency for f in preset.features if f.name == "bound") == pytest.approx(0.4 * 0.975, abs=0.02)


def test_who_comes_first_does_not_matter() -> None:
    pairs = [("bound", "yes", "no"), ("bound", "yes", "yes"), ("bound", "no", "no")]
    turned = [(field, two, one) for field, one, two in pairs]
    assert agreement(pairs, 0.9) == agreement(turned, 0.9)
