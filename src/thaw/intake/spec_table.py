"""Reads any table, CSV or Parquet, as an import specification says; format `csv`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from thaw.data import places
from thaw.errors import InputError
from thaw.record import Code, PartialDate, Place, Quantity, Said, Text, Value, codes_of, pack_said

from .import_spec import UNITS, FieldSpec, ImportSpec
from .look import Header, Look
from .rows import BadCell, Packed, Reject, SourceRow
from .tables import Cells, header_of, read_table, text_of

_KEPT = 4_000
_FAR = 2.5  # a point this many radii from the middle of its state lies in another
_EARTH_KM = 6371.0
_YES = {"yes": "asserted", "true": "asserted", "1": "asserted", "y": "asserted"}
_NO = {"no": "denied", "false": "denied", "0": "denied", "n": "denied"}


class SpecTable:
    """Reader of format `csv` with one specification; its name is the name of the data set."""

    name = "csv"
    version = 1
    unit = "rows"

    def __init__(self, spec: ImportSpec) -> None:
        self.spec = spec
        self.recorded_by = spec.recorded_by

    def fits(self, look: Look) -> bool:
        """True when the table has every column that the specification names."""
        return look.kind in ("text", "parquet") and self.spec.fits(header_of(look.path).columns)

    def header(self, path: Path) -> Header:
        """The columns of the table."""
        return header_of(path)

    def key_column(self, columns: Sequence[str]) -> str | None:
        """The first column of the key."""
        return self.spec.key[0] if self.spec.key else None

    def notes(self, path: Path) -> list[str]:
        """Columns that the specification does not name: they stay in the raw row."""
        named = {name for field in self.spec.fields for name in field.columns} | {*self.spec.key, *self.spec.columns}
        return [f"column {name!r} is not in the specification" for name in header_of(path).columns if name not in named]

    def is_whole(self, path: Path) -> bool:
        """Always: a table is an issue."""
        return True

    def read(self, path: Path, today: date) -> Iterator[SourceRow | Reject]:
        """Every row in order; a cell that cannot be read makes the row a reject that names its column.

        Raises InputError when the table lacks a column that the specification names.
        """
        columns = header_of(path).columns
        wanted = {name for field in self.spec.fields for name in field.columns} | set(self.spec.key)
        absent = sorted(wanted - set(columns))
        if absent:
            raise InputError(
                where=str(path),
                got="a table without " + ", ".join(absent),
                want=f"the columns that the specification {self.spec.name} names",
                fix="Correct the specification, or make a new one with --guess.",
            )
        parser = _Parser(self.spec, columns, today)
        for cells in read_table(path):
            yield cells if isinstance(cells, Reject) else parser.parse(cells)


class _Parser:
    def __init__(self, spec: ImportSpec, columns: Sequence[str], today: date) -> None:
        self._spec, self._columns, self._today = spec, columns, today
        self._text = text_of(columns)
        at = {name: i for i, name in reversed(list(enumerate(columns)))}
        self._key = [at[name] for name in spec.key]
        # Each field with the places of its cells and what was made of the same cells before.
        self._fields = [(field, [at[name] for name in field.columns], _maker(field, today)) for field in spec.fields]
        self._known: list[dict[tuple[str, ...], tuple[tuple[Packed, ...], tuple[str, ...]]]] = [{} for _ in spec.fields]
        self._kind = pack_said(Said("kind", Code(spec.kind, "person.kind"))) if spec.kind else None

    def parse(self, row: Cells) -> SourceRow | Reject:
        text = self._text(row.cells)
        raw = row.raw if isinstance(row.raw, str) else text
        key = "/".join(row.cells[i].strip() for i in self._key)
        key_or_none = key if key.strip("/") else None
        said: dict[str, list[Packed]] = (
            {"person": [self._kind]} if self._kind else {"case": [], "victim": [], "offender": []}
        )
        doubts: list[str] = []
        for (field, places_of, make), known in zip(self._fields, self._known, strict=True):
            taken = tuple(row.cells[i].strip() for i in places_of)
            made = known.get(taken)
            if made is None:
                if len(known) >= _KEPT:
                    known.clear()
                try:
                    made = known[taken] = _made(make, taken)
                except BadCell as bad:
                    column = bad.field if bad.field in self._columns else field.columns[0]
                    return Reject(row.row, row.line, column, bad.got, bad.want, raw, key_or_none)
            said[field.role] += made[0]
            doubts += made[1]
        return SourceRow(row.row, row.line, key_or_none, row.raw, text, None, said, None, doubts=tuple(doubts))


_Make = Callable[[Sequence[str], list[str]], Iterator[Said]]


def _made(make: _Make, cells: Sequence[str]) -> tuple[tuple[Packed, ...], tuple[str, ...]]:
    doubts: list[str] = []
    return tuple(map(pack_said, make(cells, doubts))), tuple(doubts)


def _maker(field: FieldSpec, today: date) -> _Make:
    """The function that reads the cells of a field."""
    kind = field.predicate.type
    if kind == "place":
        return _place_maker(field)
    unknown = {word.casefold() for word in field.options.get("unknown", ())}

    def make(cells: Sequence[str], doubts: list[str]) -> Iterator[Said]:
        told = [cell for cell in cells if cell and cell.casefold() not in unknown]
        name = field.predicate.name
        if not told:
            if any(cells):
                yield Said(name, None, " ".join(filter(None, cells)), "unknown")
            return
        if kind == "text":
            if field.predicate.several and len(field.columns) > 1:
                pairs = zip(field.columns, cells, strict=True)
                yield from (Said(name, Text(f"{column}: {cell}")) for column, cell in pairs if cell in told)
            else:
                yield Said(name, Text(" ".join(told)))
            return
        yield from _read(field, told[0], today)

    return make


def _read(field: FieldSpec, cell: str, today: date) -> Iterator[Said]:
    name, column = field.predicate.name, field.columns[0]
    match field.predicate.type:
        case "date":
            yield Said(name, _date(column, cell, field.options.get("formats", ()), today))
        case "quantity":
            yield Said(name, _quantity(field, cell), cell if not cell.isdigit() else None)
        case "code":
            apart = field.options.get("apart", {}).get(cell)
            if apart is not None:
                # A word that says something else than its column: "Hispanic" in a column of races.
                yield Said(name, None, cell, "unknown")
                for other, code in apart.items():
                    yield Said(other, Code(code, f"shr.{other}"), cell)
                return
            code = _code(field, cell)
            yield (
                Said(name, None, cell, "unknown")
                if code == "U"
                else Said(name, _value(field, code), _spelled(code, cell))
            )
        case "tristate":
            polarity = {**_YES, **_NO}.get(cell.casefold())
            if polarity is None:
                raise BadCell(column, repr(cell), "yes or no")
            yield Said(name, None, None, polarity)
        case _:
            yield Said(name, Text(cell))


def _value(field: FieldSpec, code: str) -> Value:
    return Code(code, field.predicate.list or "")


def _spelled(code: str, cell: str) -> str | None:
    return cell if cell != code else None


def _code(field: FieldSpec, cell: str) -> str:
    mapped: Mapping[str, str] = field.options.get("codes", {})
    known = codes_of(field.predicate.list or "")
    by_label = {label.casefold(): code for code, label in known.items()}
    code = mapped.get(cell) or (cell if cell in known else by_label.get(cell.casefold()))
    if code is None:
        want = "one of " + ", ".join([*mapped, *known])
        raise BadCell(field.columns[0], repr(cell), want)
    return code


def _date(column: str, cell: str, formats: Sequence[str], today: date) -> PartialDate:
    want = "a date as " + (" or ".join(formats) if formats else "1984-07-03, 1984-07 or 1984") + ", not in the future"
    for wanted in formats:
        # Without this "2015111" would pass for a day: digits must be as many as the format has.
        if wanted == "%Y%m%d" and not re.fullmatch(r"[0-9]{8}", cell):
            continue
        try:
            day = datetime.strptime(cell, wanted).date()
        except ValueError:
            continue
        if day <= today and day.year >= 1800:
            return PartialDate(day, day, "day")
    if not formats:
        try:
            found = PartialDate.parse(cell)
        except InputError:
            found = None
        if found is not None and found.first <= today:
            return found
    raise BadCell(column, repr(cell), want)


def _quantity(field: FieldSpec, cell: str) -> Quantity:
    unit = field.predicate.unit or ""
    factor = UNITS[field.options.get("unit", unit)] / UNITS[unit]
    want = f"a number of {field.options.get('unit', unit)}, or a range such as 20-30"
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(?:\s*(?:-|to)\s*([0-9]+(?:\.[0-9]+)?))?", cell)
    if not found:
        raise BadCell(field.columns[0], repr(cell), want)
    low, high = sorted(round(float(part) * factor, 3) for part in (found[1], found[2] or found[1]))
    if unit == "years" and high > 130:
        raise BadCell(field.columns[0], repr(cell), "an age of at most 130 years")
    return Quantity(int(low) if low == int(low) else low, int(high) if high == int(high) else high, unit)


def _place_maker(field: FieldSpec) -> _Make:
    parts = [option for option in field.options if option not in ("precision_km", "role")]

    def make(cells: Sequence[str], doubts: list[str]) -> Iterator[Said]:
        told = dict(zip(parts, cells, strict=True))
        told = {
            part: cell
            for part, cell in told.items()
            if cell and cell.casefold() not in ("na", "nan", "null", "unknown")
        }
        if told:
            yield _place(field, told, doubts)

    return make


def _place(field: FieldSpec, told: Mapping[str, str], doubts: list[str]) -> Said:
    column = {part: str(field.options[part]) for part in told}
    state = _state(told, column, doubts)
    fips = told.get("county_fips", "")
    if "county" in told and state is not None and told["county"].isdigit():
        fips = state.fips + told["county"].zfill(3)
    elif "county" in told and state is not None:
        county = places.find_county(told["county"], state.usps)
        fips = county.fips if county else fips
    words = None
    if fips:
        fips = fips.zfill(5)
        if places.county(fips) is None:
            doubts.append("county: unknown, since no list of counties has its number, which is kept in words")
            words, fips = f"county number {fips}", ""
    lat, lon = (_degrees(part, told, column, most) for part, most in (("lat", 90.0), ("lon", 180.0)))
    if (lat is None) != (lon is None):
        doubts.append("point: only one of latitude and longitude, not used")
        lat = lon = None
    if lat is not None and lon is not None and state is not None and _is_far(lat, lon, state):
        doubts.append("point: lies outside the state that the row names; both are kept as they stand")
        words = f"the point lies outside {state.usps}"
    town = (
        told.get("name") or told.get("city") or (told.get("county", "") if not told.get("county", "").isdigit() else "")
    )
    name = ", ".join(filter(None, (town, state.usps if state else "")))
    precision = float(field.options["precision_km"]) if "precision_km" in field.options and lat is not None else None
    usps = state.usps if state else None
    spelled = told.get("state")
    if words is None and spelled and state and spelled not in (state.usps, state.name):
        words = spelled
    return Said("place", Place(name or None, usps, fips or None, lat, lon, precision, field.options.get("role")), words)


def _state(told: Mapping[str, str], column: Mapping[str, str], doubts: list[str]) -> places.State | None:
    part = "state" if "state" in told else "state_fips"
    if part not in told:
        return None
    state = places.state(told[part].zfill(2) if part == "state_fips" else told[part])
    if state is None:
        raise BadCell(column[part], repr(told[part]), "a state of the United States or its two letters")
    if part == "state" and told[part] not in (state.usps, state.name):
        doubts.append("state: written otherwise than its letters or name, read all the same")
    return state


def _degrees(part: str, told: Mapping[str, str], column: Mapping[str, str], most: float) -> float | None:
    if part not in told:
        return None
    try:
        value = float(told[part])
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise BadCell(column[part], repr(told[part]), f"degrees from -{most:g} to {most:g}")
    return value


def _is_far(lat: float, lon: float, state: places.State) -> bool:
    mean = math.radians((lat + state.lat) / 2)
    north, east = math.radians(lat - state.lat), math.radians(lon - state.lon) * math.cos(mean)
    return _EARTH_KM * math.hypot(north, east) > _FAR * state.radius_km
