"""Cases as the scan counts them: what a column of the casebook means for place, month, method and clearance.

In: a view. Out: `Counted`: the rows, the `ScanCases` that are scanned, and those that MAP's rule counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.access import View
from thaw.casebook import conditions, unfolded
from thaw.data import places
from thaw.errors import InputError
from thaw.linkage import ScanCases
from thaw.store import Where

_COLUMNS = (
    *("case_id", "source_key", "incident_id", "homicide_type", "date_from", "date_to", "place_county_fips"),
    *("place_state", "place_name", "agency", "agency_name", "victim_sex", "weapon", "offender_known"),
)
# MAP's code 99, "not reported", is no method either.
_NO_METHOD = ("99",)


@dataclass(frozen=True)
class Counted:
    """Visible cases as columns, and the same as the scan sees them.

    cases   without deaths by negligence, another kind of death than the ones that series are made of
    every   all of them, which is what MAP's rule counts
    chosen  which of `cases` may stand in a cluster; the others only say what an agency's record is like
    row_of  row of each id in the columns
    """

    rows: Mapping[str, Sequence[Any]]
    cases: ScanCases
    every: ScanCases
    chosen: NDArray[np.bool_]
    row_of: Mapping[str, int]


def counted(view: View, where: Sequence[str] = (), first: int | None = None, last: int | None = None) -> Counted:
    """The visible cases, ready to be scanned; `where` and the years say which may stand in a cluster.

    Raises InputError for a wrong condition, or years the wrong way round.
    """
    if first is not None and last is not None and first > last:
        raise InputError(
            where="series, --from and --to", got=f"{first} to {last}", want="years in order", fix="Swap them."
        )
    among = conditions(where)
    found = view.select("cases", _COLUMNS, [unfolded(view)])
    columns = list(zip(*found, strict=True)) if found else [() for _ in _COLUMNS]
    rows: dict[str, Sequence[Any]] = dict(zip(_COLUMNS, columns, strict=True))
    rows["offender_known"] = _offenders(view, rows)
    every = _scan_cases(rows, range(len(found)))
    kept = [row for row, kind in enumerate(rows["homicide_type"]) if kind != "B"]
    cases = _scan_cases(rows, kept)
    names = _names(rows)
    row_of = {name: row for row, name in enumerate(names)}
    chosen = np.ones(len(cases), dtype=np.bool_)
    if among:
        allowed = {case_id for (case_id,) in view.select("cases", ["case_id"], among)}
        chosen &= np.fromiter((rows["case_id"][row_of[name]] in allowed for name in cases.ids), bool, len(cases))
    if first is not None:
        chosen &= cases.month >= 12 * first
    if last is not None:
        chosen &= (cases.month >= 0) & (cases.month < 12 * (last + 1))
    return Counted(rows, cases, every, chosen, row_of)


def _offenders(view: View, rows: Mapping[str, Sequence[Any]]) -> list[str | None]:
    """Whether the offender is known; of a body without a name no register says it, and it counts as not known.

    Nobody is charged with the death of somebody unknown but in rare cases, and then a statement of the case says so.
    """
    found = view.select("person_register", ["case_id"], [Where("kind", "=", "unidentified")])
    bodies = {case_id for (case_id,) in found}
    pairs = zip(rows["offender_known"], rows["case_id"], strict=True)
    return ["no" if known is None and case_id in bodies else known for known, case_id in pairs]


def neighbours_of(cases: ScanCases) -> dict[str, tuple[str, ...]]:
    """Counties that border on each county that occurs; one that the map does not know has none."""
    known = ((name, places.county(name)) for name in cases.area.names)
    return {name: county.neighbours for name, county in known if county is not None}


def _names(rows: Mapping[str, Sequence[Any]]) -> list[str]:
    # Known by the source's key where there is one: case ids are random, and the same records should give the same
    # figures in every book.
    return [key or case_id for key, case_id in zip(rows["source_key"], rows["case_id"], strict=True)]


def _scan_cases(rows: Mapping[str, Sequence[Any]], kept: Sequence[int]) -> ScanCases:
    def column(name: str) -> list[Any]:
        values = rows[name]
        return [values[row] for row in kept]

    years_and_months = [_year_and_month(*days) for days in zip(column("date_from"), column("date_to"), strict=True)]
    names = _names(rows)
    county_of: dict[str, str] = {}
    spots = zip(column("place_county_fips"), column("place_state"), column("agency"), strict=True)
    return ScanCases.from_columns(
        [names[row] for row in kept],
        year=[year for year, _ in years_and_months],
        month=[month for _, month in years_and_months],
        area=[_area(county_of, *spot) for spot in spots],
        agency=column("agency"),
        sex=[sex if sex in ("F", "M") else None for sex in column("victim_sex")],
        method=[None if weapon in _NO_METHOD else weapon for weapon in column("weapon")],
        unsolved=[{"yes": False, "no": True}.get(known) for known in column("offender_known")],
        incident=column("incident_id"),
    )


def _area(county_of: dict[str, str], fips: str | None, state: str | None, agency: str | None) -> str | None:
    """The county under today's code; without one, the agency in its state stands for a place of its own."""
    if fips:
        if fips not in county_of:
            found = places.county(fips)
            county_of[fips] = found.fips if found else fips
        return county_of[fips]
    return f"agency {agency}, {state or 'no state'}" if agency else None


def _year_and_month(first: str | None, last: str | None) -> tuple[int | None, int | None]:
    """Year and month where the interval lies in one; a year-only or vaguer date has no month."""
    if first is None or last is None:
        return None, None
    one, other = date.fromisoformat(first), date.fromisoformat(last)
    # A killing between the last of one month and the first days of the next counts for the first.
    short = (other - one).days <= 31
    year = one.year if short or one.year == other.year else None
    return year, one.month if short else None
