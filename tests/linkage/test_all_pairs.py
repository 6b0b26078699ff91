"""All pairs by the kernel are what one against all gives, for tables and for points, threads and order apart."""

from __future__ import annotations

import random

import numpy as np
import pytest

from linkage.invented import columns, fitted, homicide, some_rows
from thaw.linkage import Background, rank, score
from thaw.linkage.all_pairs import nearest


def exact(background: Background, row: int, top: int) -> dict[int, float]:
    profiles = background.coded.profiles
    apart = profiles.incident != profiles.incident[row] if profiles.incident[row] >= 0 else None
    found = rank(score(background, profiles.profile(row)), apart, top=top).results
    return {match.index: match.log10_bf for match in found}


def test_the_nearest_are_those_of_one_against_all() -> None:
    rows = some_rows(300, seed=91)
    for place, row in enumerate(rows):
        row["incident"] = place // 2
    background = fitted(rows)
    found = nearest(background, top=5)
    for row in range(0, 300, 17):
        assert found.log10_bf[row] == pytest.approx(list(exact(background, row, 5).values()), abs=1e-9)
        assert row ^ 1 not in found.rows[row]  # the co-victim


@pytest.mark.parametrize("places", [1, 2])
def test_points_and_days_too_many_for_a_table_go_by_their_numbers(places: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thaw.linkage.all_pairs._LEVELS", 150)
    rng = random.Random(92)
    rows = []
    for _ in range(400):
        row = {"weapon": rng.choice(["12", "20", "80"]), "lat": rng.uniform(40, 41), "lon": rng.uniform(-112, -111)}
        day = rng.uniform(0, 9000)
        row |= {"spread_km": rng.choice([0.1, 3.0]), "date_from": day, "date_to": day + rng.choice([0.0, 2.0, 40.0])}
        if places == 2 and rng.random() < 0.5:
            row |= {"lat_2": rng.uniform(40, 41), "lon_2": -111.5, "spread_km_2": 0.5}
        if rng.random() < 0.1:
            row = {"weapon": "80"}
        rows.append(row)
    background = fitted(rows)
    found = nearest(background, top=5)
    same = sum(len(set(found.rows[row].tolist()) & set(exact(background, row, 5))) for row in range(0, 400, 8))
    assert same >= 0.98 * 5 * 50  # buckets of a thirty-second of an octave may swap near ties
    for row in range(0, 400, 31):
        best = list(exact(background, row, 5).values())
        assert found.log10_bf[row] == pytest.approx(best, abs=0.02)


def test_threads_change_nothing() -> None:
    background = fitted(some_rows(700, seed=93))
    one, two = nearest(background, top=8, threads=1), nearest(background, top=8, threads=2)
    assert np.array_equal(one.rows, two.rows)
    assert np.array_equal(one.log10_bf, two.log10_bf)


def test_the_order_of_the_cases_changes_nothing() -> None:
    rows = some_rows(250, seed=94)
    mixed = random.Random(4).sample(rows, len(rows))
    ours, theirs = fitted(rows), Background.fit(columns(mixed), homicide())
    first, second = nearest(ours, top=6), nearest(theirs, top=6)
    for row in range(0, 250, 11):
        other = theirs.coded.profiles.ids.find(ours.coded.profiles.ids[row])
        names = [[ids[int(r)] for r in found] for ids, found in (
            (ours.coded.profiles.ids, first.rows[row]), (theirs.coded.profiles.ids, second.rows[other]))]  # fmt: skip
        assert names[0] == names[1]
        assert np.array_equal(first.log10_bf[row], second.log10_bf[other])


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_hardly_any_case_gives_a_short_list(count: int) -> None:
    found = nearest(fitted(some_rows(count, seed=95)), top=4)
    assert found.rows.shape == (count, 4)
    assert int((found.rows >= 0).sum()) == count * max(count - 1, 0)
    assert not np.isnan(found.log10_bf).any()


def test_equal_cases_are_listed_and_nothing_is_not_a_number() -> None:
    background = Background.fit(columns([{"weapon": "80", "bound": "yes"}] * 3000), homicide())
    found = nearest(background, top=5)
    assert np.isfinite(found.log10_bf).all()
    assert np.abs(found.log10_bf).max() < 0.01


def test_some_cases_asked_for_get_what_all_get() -> None:
    background = fitted(some_rows(280, seed=97))
    asked = np.array([200, 3, 3, 77])
    some, everyone = nearest(background, top=5, asked=asked), nearest(background, top=5)
    assert np.array_equal(some.rows, everyone.rows[asked])
    assert np.array_equal(some.log10_bf, everyone.log10_bf[asked])
    assert nearest(background, top=5, asked=np.array([], dtype=np.intp)).rows.shape == (0, 5)
