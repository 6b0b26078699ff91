"""Reads homicide tables in the form of the Murder Accountability Project (CSV or Parquet), format `shr-map`.

Three column sets are known (data/formats/shr_map.toml). Codes and words are both read. The suspect's race is not read;
it stays in the raw row only. "Offender known" is derived from the offender's sex (and from a situation that says
"unknown offender"); it says what the agency knew when it reported, nothing about a clearance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any

from thaw.data import places, read_json, read_toml
from thaw.errors import InputError
from thaw.record import Code, PartialDate, Place, Quantity, Said, Text, codes_of, pack_said

from .look import Header, Look
from .rows import BadCell, Packed, Reject, SourceRow
from .tables import Cells, header_of, read_table, text_of

_FORMAT = "formats/shr_map.toml"
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_OFFENDER_UNKNOWN = (Code("B", "shr.situation"), Code("F", "shr.situation"))
_OLDEST = 99  # the code 99 stands for 99 and above (FBI SHR record description)
_NO_COUNTY = "county number "
_NO_COUNTY_DOUBT = "county: unknown, since no list of counties has its number, which is kept in words"
_UNKNOWN_WORDS = ("unknown", "unknown or not reported", "u", "")


class ShrMap:
    """Reader of format `shr-map`; one row is one victim."""

    name = "shr-map"
    version = 1
    unit = "rows"
    recorded_by = "FBI Supplementary Homicide Report"

    def accepts(self, columns: Sequence[str]) -> bool:
        """True when the table has year, month, victim's sex, weapon and state under a known name."""
        layout = _layout(columns)
        return all(name in layout for name in read_toml(_FORMAT)["required"])

    def fits(self, look: Look) -> bool:
        """True when it is a table with these columns."""
        return look.kind in ("text", "sheet", "parquet") and self.accepts(header_of(look.path).columns)

    def header(self, path: Path) -> Header:
        """The columns of the table."""
        return header_of(path)

    def notes(self, path: Path) -> list[str]:
        """Nothing: columns that are not known stay in the raw row."""
        return []

    def is_whole(self, path: Path) -> bool:
        """Always: a table is an issue."""
        return True

    def key_column(self, columns: Sequence[str]) -> str | None:
        """The column that holds the key."""
        at = _layout(columns).get("key")
        return None if at is None else columns[at]

    def read(self, path: Path, today: date) -> Iterator[SourceRow | Reject]:
        """Every row in order; a wrong code or an impossible date makes the row a reject that names the column."""
        columns = header_of(path).columns
        if not self.accepts(columns):
            raise InputError(
                where=str(path),
                got="columns " + ", ".join(columns[:12]),
                want="the columns of shr-map (docs/reference/formats.md)",
                fix="Check the file, or name another format with --format.",
            )
        parser = _RowParser(columns, today)
        for cells in read_table(path):
            yield cells if isinstance(cells, Reject) else parser.parse(cells)


def _layout(columns: Sequence[str]) -> dict[str, int]:
    """What each known thing stands in: name -> index of the column."""
    places_of = {name.lower(): i for i, name in reversed(list(enumerate(columns)))}
    found: dict[str, int] = {}
    for name, aliases in read_toml(_FORMAT)["columns"].items():
        index = next((places_of[a.lower()] for a in aliases if a.lower() in places_of), None)
        if index is not None:
            found[name] = index
    return found


class _RowParser:
    """Turns cells into sayings; the same cells in another row give the same object, so most work is done once."""

    def __init__(self, columns: Sequence[str], today: date) -> None:
        self._columns = columns
        self._text = text_of(columns)
        self._today = today
        self._at = _layout(columns)
        words = read_toml(_FORMAT)["words"]
        lower = {name.lower(): i for i, name in enumerate(columns)}
        self._word_at = {k: next((lower[a] for a in v if a in lower), None) for k, v in words.items()}
        # Each step takes its cells from a row and keeps what it made of the same cells before.
        self._steps: list[tuple[_Step, Callable[..., Any], dict[Any, Packed | None]]] = []
        for step in _STEPS:
            taken = [self._at[name] for name in step.inputs if name in self._at]
            word_at = self._word_at.get(step.name)
            if taken:
                self._steps.append((step, itemgetter(*taken, *([] if word_at is None else [word_at])), {}))

    def parse(self, row: Cells) -> SourceRow | Reject:
        cells = row.cells
        said: dict[str, list[Packed]] = {"case": [], "victim": [], "offender": []}
        doubts: tuple[str, ...] = ()
        try:
            for step, take, known in self._steps:
                taken = take(cells)
                packed = known.get(taken, _NEW)
                if packed is _NEW:
                    # Free text differs in every row of a register; a cache of it would grow with the file.
                    if len(known) >= _KEPT:
                        known.clear()
                    packed = known[taken] = self._make(step, cells)
                if packed is not None:
                    said[step.role].append(packed)
                    if step.make is _place and packed.get("w", "").startswith(_NO_COUNTY):
                        doubts = (_NO_COUNTY_DOUBT,)
        except BadCell as bad:
            column = self._columns[self._at[bad.field]] if bad.field in self._at else bad.field
            raw = row.raw if isinstance(row.raw, str) else self._text(cells)
            return Reject(row.row, row.line, column, bad.got, bad.want, raw, self._cell(cells, "key") or None)
        return SourceRow(
            row=row.row,
            line=row.line,
            key=self._cell(cells, "key") or None,
            raw=row.raw,
            text=self._text(cells),
            said_by=self._cell(cells, "agency_name") or self._cell(cells, "agency") or None,
            said=said,
            incident_key=self._incident_key(cells),
            doubts=doubts,
        )

    def _make(self, step: _Step, cells: Sequence[str]) -> Packed | None:
        values = [self._cell(cells, name) for name in step.inputs]
        said = step.make(step.name, *values, today=self._today) if step.make is _date else step.make(step.name, *values)
        if said is None:
            return None
        word_at = self._word_at.get(step.name)
        if word_at is not None and said.words is None and cells[word_at].strip():
            said = Said(said.predicate, said.value, cells[word_at].strip(), said.polarity)
        return pack_said(said)

    def _cell(self, cells: Sequence[str], name: str) -> str:
        return cells[self._at[name]].strip() if name in self._at else ""

    def _incident_key(self, cells: Sequence[str]) -> str | None:
        parts = [self._cell(cells, name) for name in ("agency", "year", "month", "incident_number")]
        return "shr:" + "/".join(parts) if all(parts) else None


def _date(name: str, year: str, month: str, *, today: date) -> Said:
    if not re.fullmatch(r"[0-9]{4}", year) or not 1900 <= int(year) <= today.year:
        raise BadCell("year", repr(year), f"a year from 1900 to {today.year}")
    digits = re.fullmatch(r"[0-9]{1,2}", month)
    number = _MONTHS.index(month.lower()) + 1 if month.lower() in _MONTHS else int(month) if digits else 0
    if not 1 <= number <= 12:
        raise BadCell("month", repr(month), "a month from 1 to 12 or its name")
    if (int(year), number) > (today.year, today.month):
        raise BadCell("month", f"{year}-{number:02}", "a month that is not in the future")
    return Said("date", PartialDate.of_month(int(year), number))


def _place(name: str, fips: str, county: str, state: str) -> Said:
    if fips and not any(map(str.isnumeric, fips)):
        # One table has the county's name in the column of its number.
        fips, county = "", county or fips
    # Spreadsheets drop the leading zero of Alabama to Connecticut.
    fips = fips.zfill(5) if len(fips) == 4 else fips
    if fips and not re.fullmatch(r"[0-9]{5}", fips):
        raise BadCell("county_fips", repr(fips), "five digits, or the name of a county")
    spoken = read_json("codes/map_words.json")["state"].get(state, state)
    found_state = places.state(spoken)
    if found_state is None:
        raise BadCell("state", repr(state), "a state of the United States or its two letters")
    if not fips and county:
        found = places.find_county(county.rpartition(",")[0] or county, found_state.usps)
        fips = found.fips if found else ""
    label = county if county and "," in county else ", ".join(filter(None, (county, found_state.usps)))
    unknown = f"{_NO_COUNTY}{fips}" if fips and places.county(fips) is None else None
    known_fips = None if unknown else fips or None
    return Said(
        "place", Place(name=label or None, state=found_state.usps, county_fips=known_fips, role="report"), unknown
    )


def _coded(list_name: str, field: str) -> Callable[[str, str], Said | None]:
    """A reader of one coded column: the code itself, or the word that stands for it."""
    predicate = field.removeprefix("victim_").removeprefix("offender_")

    def read(name: str, cell: str) -> Said | None:
        if not cell:
            return None
        codes = codes_of(list_name)
        words: Mapping[str, str] = read_json("codes/map_words.json")[predicate]
        # Tables that went through a number column have lost the zero of "03".
        padded = cell.zfill(2) if cell.isdigit() else cell
        code = padded if padded in codes else words.get(cell)
        if code is None:
            raise BadCell(field, repr(cell), "one of " + ", ".join(codes))
        spelled = None if padded == code else cell
        if code == "U":
            return Said(predicate, None, spelled or codes[code], "unknown")
        return Said(predicate, Code(code, list_name), spelled)

    return read


def _age(field: str) -> Callable[[str, str], Said | None]:
    def read(name: str, cell: str) -> Said | None:
        if not cell:
            return None
        if cell.lower() in _UNKNOWN_WORDS or cell == "999":
            return Said("age", None, cell, "unknown")
        found = re.fullmatch(r"([0-9]{1,2})(?:-([0-9]{1,2})|(\+))?", cell)
        if not found or int(found[2] or found[1]) < int(found[1]):
            raise BadCell(field, repr(cell), "an age from 0 to 99, a range such as 18-21 or 65+, or 999 for unknown")
        low = int(found[1])
        if found[3]:
            return Said("age", Quantity(low, max(low, _OLDEST), "years"), cell)
        return Said("age", Quantity(low, int(found[2] or low), "years"))

    return read


def _offender_known(name: str, sex: str, situation: str) -> Said | None:
    if not sex:
        return None
    # A few rows state "unknown offender" as the situation and fill in a sex all the same: unknown wins.
    stated = _coded("shr.situation", "situation")("situation", situation)
    unknown_situation = stated is not None and stated.value in _OFFENDER_UNKNOWN
    known = sex.lower() not in _UNKNOWN_WORDS and not unknown_situation
    return Said("offender_known", None, None, "asserted" if known else "denied")


def _text(name: str, cell: str) -> Said | None:
    return Said(name, Text(cell)) if cell else None


@dataclass(frozen=True, slots=True)
class _Step:
    """One saying of a row: its predicate's column, whose it is, the columns it is made from, and how."""

    name: str
    role: str
    inputs: tuple[str, ...]
    make: Callable[..., Said | None]


_NEW: Any = object()
_KEPT = 4_000
_STEPS = (
    _Step("date", "case", ("year", "month"), _date),
    _Step("place", "case", ("county_fips", "county_name", "state"), _place),
    *(
        _Step(name, "case", (name,), _coded(f"shr.{name}", name))
        for name in ("weapon", "circumstance", "situation", "relationship", "homicide_type")
    ),
    _Step("offender_known", "case", ("offender_sex", "situation"), _offender_known),
    *(_Step(name, "case", (name,), _text) for name in ("agency", "agency_name", "agency_type")),
    *(_Step(name, "case", (name,), _text) for name in ("incident_number", "reported_solved")),
    _Step("victim_sex", "victim", ("victim_sex",), _coded("shr.sex", "victim_sex")),
    _Step("victim_age", "victim", ("victim_age",), _age("victim_age")),
    _Step("victim_race", "victim", ("victim_race",), _coded("shr.race", "victim_race")),
    _Step("victim_ethnicity", "victim", ("victim_ethnicity",), _coded("shr.ethnicity", "victim_ethnicity")),
    _Step("offender_sex", "offender", ("offender_sex",), _coded("shr.sex", "offender_sex")),
    _Step("offender_age", "offender", ("offender_age",), _age("offender_age")),
)
