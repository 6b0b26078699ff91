"""Invented records for the scan: agencies that differ in volume, methods and clearance, and nothing going on in them;
and clusters to plant among them."""

from __future__ import annotations

import random
from typing import Any

from thaw.linkage import ScanCases

Row = dict[str, Any]
METHODS = (("12", 45), ("20", 25), ("40", 15), ("80", 8), ("90", 7))
# Counties 00 to 07 stand in a ring.
NEIGHBOURS = {f"{i:05}": (f"{(i - 1) % 8:05}", f"{(i + 1) % 8:05}") for i in range(8)}


def quiet(seed: int, count: int = 1500, years: int = 20) -> list[Row]:
    """Records in which month, sex and clearance hang on agency, decade and method alone."""
    draw = random.Random(seed)
    clearance = {(a, m): draw.uniform(0.1, 0.6) for a in range(8) for m, _ in METHODS}
    rows = []
    for number in range(count):
        agency = min(int(draw.expovariate(0.5)), 7)
        method = draw.choices([m for m, _ in METHODS], [w for _, w in METHODS])[0]
        rows.append(
            row(
                number,
                year=1980 + draw.randrange(years),
                month=draw.randrange(1, 13),
                area=f"{agency:05}",
                agency=f"A{agency}",
                sex="F" if draw.random() < 0.3 else "M",
                method=method,
                unsolved=draw.random() < clearance[agency, method],
            )
        )
    return rows


def row(number: int, **known: Any) -> Row:
    """One record; what is not given is an unsolved strangling of a woman in county 00000."""
    plain: Row = {"year": 1985, "month": 6, "area": "00000", "agency": "A0", "sex": "F", "method": "80"}
    return {"id": f"r{number:06}", **plain, "unsolved": True, "incident": None, **known}


def cases_of(rows: list[Row]) -> ScanCases:
    """The records as the scan reads them."""
    names = ("year", "month", "area", "agency", "sex", "method", "unsolved", "incident")
    return ScanCases.from_columns([r["id"] for r in rows], **{name: [r[name] for r in rows] for name in names})
