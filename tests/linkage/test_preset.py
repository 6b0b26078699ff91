"""The preset: every number has a source, nothing forbidden is a feature, and the prior is the published arithmetic."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linkage.invented import homicide
from shared_files import shared
from thaw.data import read_toml
from thaw.errors import InputError
from thaw.linkage import Preset, Prior
from thaw.linkage.preset import is_forbidden
from thaw.record import predicates


def numbers_without_source(node: Any, path: str = "", covered: bool = False) -> Iterator[str]:
    if isinstance(node, dict):
        sourced = covered or bool(str(node.get("source", "")).strip())
        for key, value in node.items():
            if isinstance(value, (int, float)) and not sourced and (path, key) != ("", "version"):
                yield f"{path}.{key}"
            yield from numbers_without_source(value, f"{path}.{key}", sourced)
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from numbers_without_source(value, f"{path}[{place}]")


@pytest.mark.parametrize("name", ["homicide", "burglary"])
def test_every_number_of_a_preset_stands_beside_its_source(name: str) -> None:
    assert list(numbers_without_source(read_toml(f"linkage/{name}.toml"))) == []


def test_a_number_without_a_source_would_be_found() -> None:
    node = {"feature": [{"scale": {"value": 5.0}, "vague": {"90": {"rates": {"12": 0.1}, "source": "a test"}}}]}
    assert list(numbers_without_source(node)) == [".feature[0].scale.value"]


def test_no_feature_is_race_ethnicity_or_solved_status() -> None:
    assert [name for name in homicide().names() if is_forbidden(name)] == []
    assert all(is_forbidden(name) for name in ("victim_race", "Offender Race", "ethnicity", "solved", "case-status"))
    assert not is_forbidden("trace_evidence")


def test_the_features_are_those_of_the_plan_in_the_order_of_the_explanation() -> None:
    names = homicide().names()
    assert names[:7] == (
        *("victim_sex", "victim_age", "weapon", "circumstance"),
        *("victim_count", "offender_count", "location_type"),
    )
    assert names[-2:] == ("place", "time")
    manner = {name.removeprefix("mo.") for name in predicates("case") if name.startswith("mo.")}
    assert set(names[22:-2]) == manner
    assert len(names) == 24 + len(manner)


def test_the_behaviours_are_the_fifteen_of_the_code_table() -> None:
    core = json.loads(shared("codes/vicap_mo.json").read_text(encoding="utf-8"))["core15"]
    snake = tuple(text.split(" (")[0].lower().replace(" ", "_") for text in core)
    assert homicide().names()[7:22] == snake


def test_the_digest_changes_with_any_number_and_is_part_of_the_model_id() -> None:
    content = {**read_toml("linkage/homicide.toml"), "clamp": {"natural": {"value": 4.1, "source": "a test"}}}
    assert homicide().model_id == f"thaw-copy/2+homicide/2@{homicide().digest[:12]}"
    assert Preset.from_mapping(content).digest != homicide().digest


def test_the_method_page_shows_every_number_with_its_source() -> None:
    page = (Path(__file__).parents[2] / "docs" / "methods" / "linkage.md").read_text(encoding="utf-8")
    content = read_toml("linkage/homicide.toml")
    sections = [content[name] for name in ("clamp", "prior", "behaviours", "recording", "steadiness")]
    sections += content["feature"]
    numbers = [
        (key, value)
        for section in sections
        for key, value in section.items()
        if isinstance(value, dict) and "value" in value
    ]
    for key, number in numbers:
        shown = f"{number['value']:g} {number.get('unit', '')}".strip()
        assert f"| {shown} | {number['source']} |" in page, key


def test_the_time_curve_has_the_published_median() -> None:
    # survival of (1 + t/g)^-1.4 cut at T: ((1+t/g)^-0.4 - e) / (1 - e), e = (1+T/g)^-0.4; one half at the median
    end = (1 + 10_000 / 9) ** -0.4
    median = 9 * (((1 + end) / 2) ** -2.5 - 1)
    assert median == pytest.approx(34.5, abs=0.7)  # Osborne and Salfati 2015


def test_the_published_intervals_alone_would_give_a_scale_of_25_days() -> None:
    rng = np.random.default_rng(61)
    end = (1 + 10_000 / 9) ** -0.4
    steps = 9 * ((1 - rng.random((40_000, 3)) * (1 - end)) ** -2.5 - 1)
    gaps = np.concatenate([steps.ravel(), (steps[:, :2] + steps[:, 1:]).ravel(), steps.sum(axis=1)])
    gaps = gaps[gaps < 20_000]
    scales = np.array([10, 15, 20, 25, 30, 35, 40])
    area = scales / 0.4 * (1 - (1 + 20_000 / scales) ** -0.4)
    likelihood = [float(np.mean(-1.4 * np.log1p(gaps / scale))) for scale in scales] - np.log(area)
    assert scales[np.argmax(likelihood)] == 25  # the figure that the source line of the time scale names


def test_the_time_curve_puts_the_median_gap_where_its_source_line_says() -> None:
    # survival (1 + t/365)^-0.4 cut at 10,000 days: e = 0.262; one half at 365 ((1.262/2)^-2.5 - 1) = 789 days
    time = next(feature for feature in homicide().features if feature.name == "time")
    end = (1 + 10_000 / time.scale) ** -0.4
    assert time.scale * (((1 + end) / 2) ** -2.5 - 1) == pytest.approx(789, abs=1)


@pytest.mark.parametrize(("km", "share"), [(10, 0.44), (100, 0.91), (1000, 0.99)])
def test_the_place_curve_puts_the_shares_that_its_source_line_says(km: float, share: float) -> None:
    # opportunities spread evenly in the plane: density x (1+x)^-3 in x = d/5, whose integral to X is
    # 1/2 - 1/(1+X) + 1/(2 (1+X)^2), and 1/2 in all
    x = km / 5
    assert 2 * (0.5 - 1 / (1 + x) + 0.5 / (1 + x) ** 2) == pytest.approx(share, abs=0.006)


@pytest.mark.parametrize(("cases", "natural"), [(500, -9.03), (5_000, -11.33), (50_000, -13.63)])
def test_prior_odds_are_those_of_the_method_page(cases: int, natural: float) -> None:
    # ln(0.02 * 3 / (N - 1))
    assert Prior(0.02, 4).log10_odds(cases) * math.log(10) == pytest.approx(natural, abs=0.006)


def test_the_presets_prior_is_the_default() -> None:
    assert homicide().prior == Prior()


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(InputError) as caught:
        Preset.load("arson")
    assert str(caught.value) == (
        "linkage preset: got 'arson', want one of: burglary, homicide. See docs/methods/linkage.md."
    )


@pytest.mark.parametrize(
    ("share", "length", "message"),
    [
        (0, 4, "prior, serial_share: got 0, want a share above 0 and at most 1. Two in a hundred is 0.02."),
        (0.02, 1, "prior, series_length: got 1, want a number of cases above 1. A series has two cases or more."),
    ],
)
def test_an_impossible_prior_is_refused(share: float, length: float, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Prior(share, length)
    assert str(caught.value) == message


def test_one_case_has_no_prior_odds() -> None:
    with pytest.raises(InputError) as caught:
        Prior().log10_odds(1)
    assert str(caught.value) == "prior odds: got 1 cases, want two cases or more. One case alone can not be linked."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"name": "victim_race"},
            "linkage feature victim_race: got a feature that linkage must never read, "
            "want no race, ethnicity or solved status. Correct the preset.",
        ),
        (
            {"kind": "vector"},
            "linkage feature odd: got kind 'vector', want one of: categorical, set, count, age, place, time, "
            "time_of_day, weekday. Correct the preset.",
        ),
        (
            {"consistency": {"value": 1.0}},
            "linkage feature odd: got consistency 1.0, want a share from 0 to below 1. Correct the preset.",
        ),
        ({"kind": "age"}, "linkage feature odd: got scale 0.0, power 0.0, want both above 0. Correct the preset."),
    ],
)
def test_a_feature_that_cannot_be_is_refused(change: dict[str, Any], message: str) -> None:
    odd = {"name": "odd", "kind": "categorical", "consistency": {"value": 0.4}, **change}
    with pytest.raises(InputError) as caught:
        Preset.from_mapping({**read_toml("linkage/homicide.toml"), "feature": [odd]})
    assert str(caught.value) == message


def test_a_record_that_may_be_wrong_lowers_every_consistency_by_its_square() -> None:
    # both records of a repeated value must be right for it to look repeated: 0.4 * 0.5 * 0.5
    content = {**read_toml("linkage/homicide.toml"), "recording": {"reliability": {"value": 0.5}}}
    bound = next(feature for feature in Preset.from_mapping(content).features if feature.name == "bound")
    assert bound.consistency == pytest.approx(0.1)


def test_a_reliability_of_nothing_is_refused() -> None:
    content = {**read_toml("linkage/homicide.toml"), "recording": {"reliability": {"value": 0.0}}}
    with pytest.raises(InputError) as caught:
        Preset.from_mapping(content)
    assert str(caught.value) == (
        "linkage preset, recording: got reliability 0.0, want a share above 0 and at most 1. Correct the preset."
    )
