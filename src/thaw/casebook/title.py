"""A short name for a case from what is known of it; a title that somebody gave wins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any

from thaw.record import PartialDate, codes_of

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def case_title(row: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """Title from the columns of a case and its packed sayings.

    Such as "Woman, 24, strangulation: Salt Lake, UT, December 2018"; a title that is among the sayings wins.
    """
    for packed in said.get("case", ()):
        if packed["p"] == "title" and "v" in packed:
            return str(packed["v"]["text"])
    who = _person(row.get("victim_sex"), row.get("victim_age_low"), row.get("victim_age_high"))
    what = [_short(row["weapon"])] if row.get("weapon") else []
    where = row.get("place_name") or row.get("place_county_fips") or row.get("place_state") or "place unknown"
    when = _when(row.get("date_from"), row.get("date_to"), row.get("date_precision"))
    return f"{', '.join([*who, *what])}: {where}, {when}"


# The days of a register are few beside its rows.
_KEPT = 20_000


@lru_cache(_KEPT)
def _person(sex: str | None, low: float | None, high: float | None) -> tuple[str, ...]:
    child = high is not None and high < 18
    names = ("Girl", "Boy", "Child") if child else ("Woman", "Man", "Person")
    name = names[("F", "M").index(sex) if sex in ("F", "M") else 2]
    if low is None or high is None:
        return (name,)
    return (name, f"{low:g}" if low == high else f"{low:g} to {high:g}")


@lru_cache(_KEPT)
def _when(first: str | None, last: str | None, precision: str | None) -> str:
    if not first:
        return "date unknown"
    if precision == "year":
        return first[:4]
    if precision == "month":
        return f"{_MONTHS[int(first[5:7]) - 1]} {first[:4]}"
    return PartialDate(date.fromisoformat(first), date.fromisoformat(last or first), "interval").in_words()


@cache
def _short(code: str) -> str:
    """The label of a weapon up to its first comma, bracket or dash, in lower case."""
    label = codes_of("shr.weapon").get(code, code)
    for mark in (" - ", ",", " ("):
        label = label.split(mark)[0]
    return label.lower().strip()
