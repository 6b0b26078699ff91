"""Invented cases for the linkage tests: no person, place or event in here exists."""

from __future__ import annotations

import random
from typing import Any

from thaw.linkage import Background, Preset, Profiles

NUMBERS = (
    *("date_from", "date_to", "lat", "lon", "spread_km", "lat_2", "lon_2", "spread_km_2"),
    *("lat_3", "lon_3", "spread_km_3", "age_low", "age_high"),
)


def homicide() -> Preset:
    return Preset.load("homicide")


def columns(rows: list[dict[str, Any]]) -> Profiles:
    """Profiles from rows of known fields; ids are invented-0, invented-1 and so on unless given."""
    coded = sorted({key for row in rows for key in row} - {*NUMBERS, "id", "incident", "agency"})
    return Profiles.from_columns(
        [row.get("id", f"invented-{place:06d}") for place, row in enumerate(rows)],
        incident=[row.get("incident") for row in rows],
        agency=[row.get("agency") for row in rows],
        numbers={name: [row.get(name) for row in rows] for name in NUMBERS},
        categorical={name: [row.get(name) for row in rows] for name in coded},
    )


def some_rows(count: int, seed: int, missing: float = 0.2) -> list[dict[str, Any]]:
    """Rows with counties, months, ages, codes and behaviours, each field blank with chance `missing`."""
    rng = random.Random(seed)
    counties = [(rng.uniform(32, 48), rng.uniform(-124, -105), rng.uniform(0, 60)) for _ in range(12)]
    rows = []
    for place in range(count):
        lat, lon, spread = counties[min(int(rng.expovariate(0.3)), 11)]
        month, age = rng.randrange(240) * 30.0, float(rng.randrange(1, 90))
        row: dict[str, Any] = {"id": f"invented-{place:06d}"}
        groups: list[dict[str, Any]] = [
            {"lat": lat, "lon": lon, "spread_km": spread},
            {"date_from": month, "date_to": month + rng.choice([0.0, 30.0])},
            {"age_low": age, "age_high": age + rng.choice([0.0, 5.0])},
            {"victim_sex": rng.choice("FMM")},
            {"weapon": rng.choice(["11", "12", "12", "12", "20", "80", "85", "90"])},
            {"bound": rng.choice(["yes", "no", "no", "no"])},
            {"body_concealed": rng.choice(["yes", "no"])},
        ]
        for group in groups:
            if rng.random() >= missing:
                row.update(group)
        rows.append(row)
    return rows


def fitted(rows: list[dict[str, Any]]) -> Background:
    return Background.fit(columns(rows), homicide())
