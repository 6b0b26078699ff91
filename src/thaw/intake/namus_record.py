"""What a record of NamUs says of a person: fields by name in, packed sayings out.

The same cells stand in thousands of records, so what is made of them is kept, up to a limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from thaw.record import Code, PartialDate, Said, Text, codes_of, pack_said

from .person_cells import (
    age_of,
    coded,
    day_of,
    days_of,
    height_of,
    is_unknown,
    place_of,
    point_of,
    range_of,
    says_nothing,
    weight_of,
    years_of,
    yes_or_no,
)
from .rows import BadCell, Implausible, Packed

SEPARATOR = "\x1e"
_KEPT = 4_000
_SEX = {"male": "M", "female": "F", "m": "M", "f": "F"}
_A_CASE = ("homicide", "undetermined")
_AGES = "an age from 0 to 130, the second not needed"
_TEXTS = ("status", "cause_of_death", "height_certainty", "weight_certainty")
_LISTS = ("mark", "clothing", "vehicle", "dental", "dna", "fingerprints", "not_recovered", "alias", "agency", "tribal")
Cells = Mapping[str, str]
_Made = tuple[Packed, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """How some cells become sayings: `make(*names, *cells)`, the last contact behind them where `dated`.

    kept  what was made of the same cells is kept; not for what is unique to a person
    """

    make: Callable[..., Iterator[Said]]
    names: tuple[str, ...]
    cells: tuple[str, ...]
    dated: bool = False
    kept: bool = True


class PersonReader:
    """Turns the fields of records of one kind into sayings; see `said`."""

    def __init__(self, kind: str, prefix: str, today: date) -> None:
        self._kind, self._prefix, self._today = kind, prefix, today
        self._kept: dict[tuple[object, ...], tuple[_Made, str | None]] = {}
        self._doubts: list[str] = []
        self._first = pack_said(Said("kind", Code(kind, "person.kind")))
        self._modified = _Way(partial(_day, today=today), ("record_modified",), ("modified",), dated=True)
        self._ways = tuple(_ways(kind, today))
        self._able: dict[tuple[str, ...], tuple[_Way, ...]] = {}

    def number(self, cell: str) -> str:
        """The register's number with its letters. Raises BadCell for another register's number."""
        found = re.fullmatch(r"([A-Z]*)[ #-]?0*([0-9]+)", cell.upper())
        if not found or found[1] not in (self._prefix, ""):
            raise BadCell("number", repr(cell), f"a number of this register, such as {self._prefix}123")
        return f"{self._prefix}{found[2]}"

    def said(self, cells: Cells, number: str, other: list[Packed]) -> tuple[dict[str, list[Packed]], tuple[str, ...]]:
        """Role -> sayings, and doubts: `person`, or `case` and `victim` where the manner of death makes it a case."""
        latest = self._today
        self._doubts = []
        modified = self._made(self._modified, (cells.get("modified", ""),), self._today)
        if modified and "v" in modified[0]:
            latest = date.fromisoformat(modified[0]["v"]["date"]["to"])
        sayings: list[Packed] = [self._first, pack_said(Said("register_number", Text(number)))]
        for way in self._ways_of(tuple(cells)):
            told = tuple([cells.get(name, "") for name in way.cells])
            if any(told):
                sayings += self._made(way, told, latest)
        sayings += modified
        sayings += other
        if not self._is_a_case(sayings):
            return {"person": sayings}, tuple(self._doubts)
        return {"case": list(_case(sayings)), "victim": sayings}, tuple(self._doubts)

    def _ways_of(self, names: tuple[str, ...]) -> tuple[_Way, ...]:
        """The ways that read one of these cells; the rows of a table have the same."""
        able = self._able.get(names)
        if able is None:
            if len(self._able) >= _KEPT:
                self._able.clear()
            able = self._able[names] = tuple(way for way in self._ways if not set(names).isdisjoint(way.cells))
        return able

    def _made(self, way: _Way, told: tuple[str, ...], latest: date) -> _Made:
        inputs = (*way.names, *told, latest) if way.dated else (*way.names, *told)
        if not way.kept:
            return tuple(map(pack_said, way.make(*inputs)))
        key = (way.make, *inputs)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            doubt: str | None = None
            try:
                made = tuple(map(pack_said, way.make(*inputs)))
            except Implausible as bad:
                name = bad.field.replace("_", " ")
                made = (pack_said(Said("other", Text(f"{name}: {bad.got}"))),)
                doubt = f"{name}: kept as text, want {bad.want}"
            kept = self._kept[key] = made, doubt
        if kept[1] is not None:
            self._doubts.append(kept[1])
        return kept[0]

    def _is_a_case(self, sayings: list[Packed]) -> bool:
        manner = next((said["v"] for said in sayings if said["p"] == "manner_of_death" and "v" in said), None)
        return self._kind == "unidentified" and manner is not None and manner.get("code") in _A_CASE


def _ways(kind: str, today: date) -> Iterator[_Way]:
    """The ways of all cells, in the order of the sayings. Cells that say nothing make nothing."""
    yield from (_Way(_text, (name,), (name,)) for name in _TEXTS)
    yield _Way(_agency_number, ("agency_number",), ("agency_number",))
    yield _Way(_names, (), ("first_name", "middle_name", "last_name"), kept=False)
    yield _Way(_sex, (), ("sex",))
    for name in ("age", "age_now"):
        yield _Way(_age, (name,), (name, f"{name}_from", f"{name}_to"))
    for name in ("age_group", "hair_color", "condition_of_remains", "manner_of_death"):
        yield _Way(_coded, (name,), (name,))
    yield _Way(_races, (), ("race_ethnicity",))
    yield _Way(_eyes, (), ("eye_left", "eye_right"))
    day = partial(_day, today=today)
    for name in ("last_seen", "found"):
        yield _Way(day, (name,), (name,), dated=True)
    seen, place = ("last_seen", "encounter") if kind == "missing" else ("found", "recovery")
    yield _Way(_place, (f"{seen}_place", place), ("city", "county", "state", "lat", "lon", "location"))
    years = partial(_years, today=today)
    yield _Way(years, ("died",), ("death_from", "death_to"))
    yield _Way(partial(_born, today=today), (), ("born_from", "born_year", "born_to"))
    yield _Way(_interval, (), ("interval", "interval_unit"))
    for name in ("height", "weight"):
        yield _Way(_size, (name,), (name, f"{name}_from", f"{name}_to"))
    for name in ("all_parts_recovered", "in_child_register", "invented"):
        yield _Way(_answer, (name,), (name,))
    # What is unique to a person is not kept for the next one.
    yield from (_Way(_hair, (name,), (name,), kept=False) for name in ("head_hair", "facial_hair", "body_hair"))
    yield _Way(_text, ("eyes",), ("eyes",), kept=False)
    yield from (_Way(_texts, (name,), (name,), kept=False) for name in _LISTS)
    yield from (_Way(_part, (name,), (f"not_recovered_{name}",)) for name in ("head", "torso", "limbs", "hands"))
    yield _Way(_text, ("circumstances",), ("circumstances",), kept=False)
    yield _Way(partial(_day, latest=today, today=today), ("record_created",), ("created",))


def _case(sayings: list[Packed]) -> Iterator[Packed]:
    """What the case is made from: the place of the find, and the time of death as far as it is known, else the find."""
    values = {said["p"]: said for said in sayings if "v" in said}
    when = values.get("died") or values.get("found")
    if when is not None:
        yield {**when, "p": "date"}
    if "found_place" in values:
        yield {**values["found_place"], "p": "place"}
    if "circumstances" in values:
        yield {**values["circumstances"], "p": "narrative"}
    yield from (said for said in sayings if said["p"] == "invented")


def _text(name: str, cell: str) -> Iterator[Said]:
    if not says_nothing(cell) and not is_unknown(cell):
        yield Said(name, Text(cell))


def _agency_number(name: str, cell: str) -> Iterator[Said]:
    yield from _text(name, re.sub(r"^ME/C Case\s*", "", cell))


def _part(name: str, cell: str) -> Iterator[Said]:
    if yes_or_no(cell) == "asserted":
        yield Said("not_recovered", Text(name))


def _texts(name: str, cell: str) -> Iterator[Said]:
    for part in dict.fromkeys(part.strip() for part in cell.split(SEPARATOR)):
        yield from _text(name, part)


def _hair(name: str, cell: str) -> Iterator[Said]:
    if not says_nothing(cell) and not is_unknown(cell):
        yield Said("hair", Text(f"{name.replace('_', ' ').capitalize()}: {cell}"))


def _names(first: str, middle: str, last: str) -> Iterator[Said]:
    parts = {"first_name": first, "middle_name": middle, "last_name": last}
    known = {name: part for name, part in parts.items() if not says_nothing(part) and not is_unknown(part)}
    if known:
        yield Said("name", Text(" ".join(known.values())))
    for name, part in known.items():
        yield Said(name, Text(part))


def _sex(cell: str) -> Iterator[Said]:
    code = _SEX.get(cell.casefold())
    if code:
        yield Said("sex", Code(code, "shr.sex"), cell if cell != code else None)
    elif not says_nothing(cell):
        yield Said("sex", None, cell, "unknown")


def _age(name: str, whole: str, low: str, high: str) -> Iterator[Said]:
    value = age_of(name, whole) or range_of(name, low, high, 130, _AGES, "years")
    if value is not None:
        words = whole if whole and not whole.isdigit() else None
        yield Said(name, value, words or _as_recorded(low, high))
    elif is_unknown(whole):
        yield Said(name, None, whole, "unknown")


def _as_recorded(low: str, high: str) -> str | None:
    """The two cells in the order in which they stood, where the first is the larger."""
    try:
        return f"{low} to {high} as recorded" if float(low) > float(high) else None
    except ValueError:
        return None


def _coded(name: str, cell: str) -> Iterator[Said]:
    value = coded(f"person.{name}", cell)
    if isinstance(value, Code):
        yield Said(name, value, None if codes_of(value.list)[value.code] == cell else cell)
    elif is_unknown(cell) or cell.casefold() == "missing":
        yield Said(name, None, cell, "unknown")
    elif value is not None:
        yield Said("other", Text(f"{name.replace('_', ' ')}: {cell}"))


def _races(cell: str) -> Iterator[Said]:
    for part in dict.fromkeys(part.strip() for part in re.split(rf"[,|;{SEPARATOR}]", cell)):
        # "Multiple" says that several follow; they do.
        if part.casefold() != "multiple":
            yield from _coded("race_ethnicity", part)


def _eyes(left: str, right: str) -> Iterator[Said]:
    if left == right or says_nothing(right) or says_nothing(left):
        yield from _coded("eye_color", left or right)
        return
    for side, cell in (("left", left), ("right", right)):
        for said in _coded("eye_color", cell):
            yield Said(said.predicate, said.value, f"{side}: {cell}", said.polarity)


def _day(name: str, cell: str, latest: date, today: date) -> Iterator[Said]:
    value = day_of(name, cell, latest, today)
    if value is not None:
        yield Said(name, value)
    elif is_unknown(cell):
        yield Said(name, None, cell, "unknown")


def _place(
    name: str, role: str, city: str, county: str, state: str, lat: str, lon: str, location: str
) -> Iterator[Said]:
    if location and not lat:
        lat, lon = point_of(location)
    value = place_of(role, city, county, state, lat, lon)
    if value is not None:
        words = county if county and value.county_fips is None and value.name and county not in value.name else None
        yield Said(name, value, words)


def _years(name: str, low: str, high: str, today: date) -> Iterator[Said]:
    value, not_later = years_of(name, low, high, today)
    if value is not None:
        yield Said(name, value)
    elif not_later is not None and name == "died":
        yield Said("died_by", PartialDate(not_later.last, not_later.last, "day"), f"year of death to {high}")


def _born(low: str, year: str, high: str, today: date) -> Iterator[Said]:
    yield from _years("born", low or year, high, today)


def _interval(number: str, unit: str) -> Iterator[Said]:
    value = days_of("postmortem_interval", number, unit)
    if value is not None:
        yield Said("postmortem_interval", value, f"{number} {unit}")


def _size(name: str, whole: str, low: str, high: str) -> Iterator[Said]:
    read = height_of if name == "height" else weight_of
    value = read(name, whole) if whole else read(name, low, high)
    if value is not None:
        parts = [part for part in (low, high) if not says_nothing(part)]
        unit = " in" if name == "height" else " lb"
        yield Said(name, value, whole or " to ".join(parts) + unit)


def _answer(name: str, cell: str) -> Iterator[Said]:
    polarity = yes_or_no(cell)
    if polarity is not None:
        known = polarity != "unknown" or is_unknown(cell)
        yield Said(name, None, None, polarity) if known else Said(name, None, cell, "asserted")
