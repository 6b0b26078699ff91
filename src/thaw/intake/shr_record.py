"""What one record of the Supplementary Homicide Report says: the sayings of each victim's case.

A code stands as it was recorded; what it means under NIBRS (the proposed crosswalk) stands beside it. The race and
ethnicity of an offender are not read: they are kept as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from thaw.data import read_json
from thaw.data.ucr import nibrs_codes, ucr_state
from thaw.record import Code, PartialDate, Place, Quantity, Said, Text, codes_of, pack_said

from .rows import BadCell, Packed
from .shr_layout import SUBMISSION, Blocks, Layout

DERIVED = "from the code of 1962-75: "
_KEPT = 20_000
_INFANTS = {"NB": "under_7_days", "BB": "days_7_to_364"}
_AGE = "an age 00 to 99, NB or BB"
_UNKNOWN_SITUATION = ("B", "F")
_ASIAN_UNTIL = 2012
_TRIANGLE_UNTIL = 2018
_OF_THE_FIRST = ("relationship", "nibrs_relationship")
_Made = tuple[Packed, ...]
Said_ = dict[str, list[Packed]]


class RecordReader:
    """Turns records of one layout into sayings; blocks that were read before are not read again."""

    def __init__(self, layout: Layout, today: date, years: frozenset[int]) -> None:
        self.layout = layout
        self._today = today
        self._years = years
        self._kept: dict[tuple[str, ...], _Made] = {}
        self._kept_as_is = [(f"{name}=", layout.fields[name]) for name in layout.kept]
        self._months: dict[str, tuple[int | None, int | None]] = {}

    def victims(self, line: str) -> Iterator[tuple[int, Said_]]:
        """(number of the victim in the record, role -> sayings) for each victim; the line has the layout's length.

        Raises BadCell for a code, date or state that cannot be.
        """
        year, month = self.year_and_month(line)
        common = self._head(line, year, month)
        offenders, about, known = self._offenders(line, year)
        for number, block in self._victim_blocks(line):
            said: Said_ = {"case": [*common], "victim": list(self._block("victim", block, year)), **offenders}
            # The relationship of a record is that of the first victim.
            said["case"] += about if number == 1 else [p for p in about if p["p"] not in _OF_THE_FIRST]
            said["case"].append(known) if known else None
            yield number, said

    def year_and_month(self, line: str) -> tuple[int | None, int | None]:
        """Year and month of a record; None for a year of one digit with two readings, and a month that is not known."""
        fields = self.layout.fields
        cells = line[fields["year"]] + line[fields["month"]]
        if "last_update" in fields and len(cells) == 3:
            # A year of one digit: what it may be depends on the last update.
            cells += line[fields["last_update"]]
        found = self._months.get(cells)
        if found is None:
            if len(self._months) >= _KEPT:
                self._months.clear()
            found = self._months[cells] = self._year_and_month(line)
        return found

    def _year_and_month(self, line: str) -> tuple[int | None, int | None]:
        digits, month_digits = line[self.layout.fields["year"]], line[self.layout.fields["month"]]
        if not digits.strip().isdigit() or not digits.isascii():
            raise BadCell("year", repr(digits), "the last digits of a year")
        year = self._year(digits, line)
        month = int(month_digits) if month_digits.isdigit() and month_digits.isascii() else 0
        if self.layout.name == "1962-1975" and month_digits in ("13", "99", "  "):
            return year, None
        if not 1 <= month <= 12:
            raise BadCell("month", repr(month_digits), "a month from 01 to 12")
        if year is not None and (year, month) > (self._today.year, self._today.month):
            raise BadCell("year", repr(digits), f"a month up to {self._today.year}-{self._today.month:02}")
        return year, month

    def _year(self, digits: str, line: str) -> int | None:
        first, last = self.layout.years
        if len(digits) == 2:
            year = 1900 + int(digits)
            year += 100 if self.layout.name != "1976-1979" and year < 1980 else 0
            if self.layout.name == "1976-1979" and not first <= year <= last:
                raise BadCell("year", repr(digits), f"a year from {first} to {last} in records of this length")
            return year
        able = [year for year in range(first, last + 1) if year % 10 == int(digits)]
        named = [year for year in able if year in self._years]
        if len(named) == 1:
            return named[0]
        if len(able) > 1:
            # A record was last changed soon after it was made: 0MMDDYY.
            update = line[self.layout.fields["last_update"]]
            if re.fullmatch(r"[0-9]{7}", update):
                changed = 1900 + int(update[5:])
                able = [year for year in able if year <= changed <= year + 5] or able
        return able[0] if len(able) == 1 else None

    def _victim_blocks(self, line: str) -> Iterator[tuple[int, str]]:
        blocks = self.layout.victims
        if blocks is None:
            yield 1, "".join(line[self.layout.fields[name]] for name in ("victim_sex", "victim_race")) + line[22:27]
            return
        yield from blocks.filled(line)

    def _head(self, line: str, year: int | None, month: int | None) -> list[Packed]:
        fields = self.layout.fields
        agency = line[fields["agency"]]
        state = line[fields["state"]] if "state" in fields else agency[:2]
        name = line[fields["agency_name"]] if "agency_name" in fields else ""
        said = [*self._make("date", line[fields["year"]], str(year or ""), str(month or ""), line[fields["month"]])]
        said += self._make("where", state, agency, name)
        if "homicide_type" in fields:
            said += self._make("sort", line[fields["homicide_type"]], line[fields["situation"]])
        if "incident_number" in fields:
            said += self._make("incident_number", line[fields["incident_number"]])
        kept = [named + cell for named, at in self._kept_as_is if (cell := line[at].rstrip(" "))]
        if kept:
            # In every record another: nothing that is worth keeping, so it is packed at once.
            said.append({"p": "other", "v": {"text": "; ".join(kept)}})
        return said

    def _offenders(self, line: str, year: int | None) -> tuple[Said_, list[Packed], Packed | None]:
        """Role -> sayings of the offenders, what the first one's block says of the case, and whether one is known."""
        said: Said_ = {"offender": []}
        if self.layout.offenders is None:
            return self._offender_1962(line)
        about: list[Packed] = []
        for number, block in self.layout.offenders.filled(line):
            role = "offender" if number == 1 else f"offender#{number}"
            said[role] = list(self._block("offender", block, year))
            # What a code means depends on the year only around two changes, so few years tell blocks apart.
            deeds = self._make("deeds", block[4 if self.layout.offenders.width == 11 else 5 :], _meaning(year))
            if number == 1:
                about += deeds
            else:
                said[role] += [p for p in deeds if not p["p"].startswith("nibrs_")]
        sex = line[self.layout.offenders.slices[0]][2:3].strip()
        situation = line[self.layout.fields["situation"]]
        known = _known(sex, situation) if sex else None
        return said, about, known

    def _offender_1962(self, line: str) -> tuple[Said_, list[Packed], Packed | None]:
        fields = self.layout.fields
        sex = line[fields["offender_sex"]].strip()
        said = {"offender": list(self._make("sex", sex))}
        parts = ("circumstance", "subcircumstance", "weapon", "victim_sex")
        about = list(self._make("deeds_1962", *(line[fields[name]] for name in parts)))
        return said, about, _known(sex, "") if sex else None

    def _block(self, role: str, block: str, year: int | None) -> _Made:
        blocks = self.layout.offenders
        if role == "offender" and blocks is not None:
            return self._make(role, block[: 4 if blocks.width == 11 else 5], "")
        return self._make(role, block, "until 2012" if year is not None and year <= _ASIAN_UNTIL else "")

    def _make(self, what: str, *cells: str) -> _Made:
        key = (what, *cells)
        made = self._kept.get(key)
        if made is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            made = self._kept[key] = tuple(map(pack_said, self._said(what, cells)))
        return made

    def _said(self, what: str, cells: tuple[str, ...]) -> Iterator[Said]:
        match what:
            case "date":
                yield _date(*cells)
            case "where":
                state, agency, name = cells
                yield _place(state, name)
                yield from _agency(agency, name)
            case "sort":
                for name, cell in zip(("homicide_type", "situation"), cells, strict=True):
                    yield from _coded(name, f"shr.{name}", cell)
            case "incident_number":
                yield from [Said(what, Text(cells[0]))] if cells[0].strip() else []
            case "sex":
                yield from _coded("sex", "shr.sex", cells[0])
            case "deeds_1962":
                yield from _deeds_1962(*cells)
            case "deeds":
                yield from _deeds(*cells)
            case _:
                yield from self._person(what, *cells)

    def _person(self, role: str, block: str, meaning: str) -> Iterator[Said]:
        if self.layout.victims is None:
            yield from _age_1962(block[2:])
            yield from _coded("sex", "shr.sex", block[0])
            yield from _coded("race", "shr.race", block[1])
            return
        blocks = self.layout.victims if role == "victim" else self.layout.offenders
        assert blocks is not None
        yield from _age(block[blocks.parts["age"]], role)
        yield from _coded("sex", "shr.sex", block[blocks.parts["sex"]])
        if role != "victim":
            unread = [f"{n}={cell}" for n in ("race", "ethnicity") if (cell := _part(blocks, n, block).strip())]
            if unread:
                yield Said("other", Text("not read: " + "; ".join(unread)))
            return
        for said in _coded("race", "shr.race", block[blocks.parts["race"]]):
            until = meaning and said.value == Code("A", "shr.race")
            yield Said("race", said.value, "Asian or Pacific Islander" if until else said.words, said.polarity)
        if "ethnicity" in blocks.parts:
            yield from _coded("ethnicity", "shr.ethnicity", block[blocks.parts["ethnicity"]])


def _deeds(cells: str, meaning: str) -> Iterator[Said]:
    """What stands behind the offender's person: weapon, relationship, circumstance, sub-circumstance."""
    places = {"weapon": cells[:2], "relationship": cells[2:4], "circumstance": cells[4:6], "subcircumstance": cells[6:]}
    for name, cell in places.items():
        for said in _coded(name, f"shr.{name}", cell):
            yield Said(name, said.value, _meant(name, said.value, meaning), said.polarity)
            if isinstance(said.value, Code) and name != "subcircumstance":
                yield from _crosswalk(name, said.value.code, meaning)


def _meaning(year: int | None) -> str:
    return "" if year is None else "Lovers triangle" if year <= _TRIANGLE_UNTIL else "Domestic violence"


def _part(blocks: Blocks, name: str, block: str) -> str:
    return block[blocks.parts[name]] if name in blocks.parts else ""


def _meant(name: str, value: object, meaning: str) -> str | None:
    """Circumstance 40 changed its meaning: what it meant in the year of the record."""
    return meaning or None if name == "circumstance" and value == Code("40", "shr.circumstance") else None


def _crosswalk(name: str, code: str, meaning: str) -> Iterator[Said]:
    if name == "circumstance" and code == "40" and meaning != "Domestic violence":
        # NIBRS had a lovers' quarrel under the code that is domestic violence today.
        yield Said("nibrs_circumstance", Code("06", "nibrs.circumstance"), "Lovers' quarrel")
        return
    for found in nibrs_codes(name, code):
        yield Said(f"nibrs_{name}", Code(found, f"nibrs.{name}"))


def _date(digits: str, year: str, month: str, month_digits: str) -> Said:
    words = f"{month_digits}/{digits}" if len(digits) == 1 else None
    if not year:
        able = [y for y in range(1962, 1976) if y % 10 == int(digits)]
        if not month:
            return Said("date", PartialDate(date(able[0], 1, 1), date(able[-1], 12, 31), "interval"), words)
        first, last = (PartialDate.of_month(y, int(month)) for y in (able[0], able[-1]))
        return Said("date", PartialDate(first.first, last.last, "interval"), words)
    return Said("date", PartialDate.of_month(int(year), int(month)) if month else PartialDate.of_year(int(year)), words)


def _place(state: str, agency_name: str) -> Said:
    found = ucr_state(state)
    if found is None:
        raise BadCell("state", repr(state), "a UCR state: 01 to 62, or its letters such as NB for Nebraska")
    usps, name = found
    town = agency_name.strip().title()
    return Said("place", Place(name=", ".join(filter(None, (town, usps or name))), state=usps, role="report"))


def _agency(agency: str, name: str) -> Iterator[Said]:
    if not agency.strip():
        raise BadCell("agency", repr(agency), "an agency number (ORI)")
    yield Said("agency", Text(agency))
    if name.strip():
        yield Said("agency_name", Text(name.strip()), name.rstrip(" ") if name.startswith(" ") else None)


def _coded(predicate: str, list_name: str, cell: str) -> Iterator[Said]:
    code = cell.strip()
    if not code:
        return
    codes = codes_of(list_name)
    if cell not in codes:
        raise BadCell(predicate, repr(cell), "one of " + ", ".join(codes))
    if code == "U":
        yield Said(predicate, None, "U", "unknown")
    else:
        yield Said(predicate, Code(code, list_name))


def _age(cell: str, role: str) -> Iterator[Said]:
    if not cell.strip():
        return
    if cell in _INFANTS and role == "victim":
        yield Said("age", Quantity(0, 0, "years"), cell)
        yield Said("infant", Code(_INFANTS[cell], "person.infant"), cell)
    elif cell == "00":
        yield Said("age", None, cell, "unknown")
    elif re.fullmatch(r"[0-9]{2}", cell):
        yield Said("age", Quantity(int(cell), int(cell), "years"), "99" if cell == "99" else None)
    else:
        raise BadCell(f"{role}_age", repr(cell), _AGE if role == "victim" else "an age 00 to 99")


def _age_1962(cell: str) -> Iterator[Said]:
    """Age, its indicator (1: an infant) and its breakdown in one piece of five characters."""
    age, indicator, breakdown = cell[:2], cell[2], cell[3:]
    words = cell.rstrip(" ")
    if not words:
        return
    if age.strip() and not re.fullmatch(r"[0-9]{2}", age):
        raise BadCell("victim_age", repr(age), "an age 00 to 99")
    if breakdown in _INFANTS and age in ("00", "  "):
        yield Said("age", Quantity(0, 0, "years"), words)
        yield Said("infant", Code(_INFANTS[breakdown], "person.infant"), breakdown)
    elif age in ("00", "  ") and indicator == "1":
        yield Said("age", Quantity(0, 0, "years"), words)
    elif age in ("00", "  "):
        yield Said("age", None, words, "unknown")
    else:
        yield Said("age", Quantity(int(age), int(age), "years"), words)


def _deeds_1962(circumstance: str, sub: str, weapon: str, sex: str) -> Iterator[Said]:
    table = read_json("codes/shr_nibrs_crosswalk.json")
    yield from _coded("weapon", "shr.weapon", weapon)
    if weapon.strip():
        yield from _crosswalk("weapon", weapon, "")
    yield from _coded("circumstance_1962", "shr.circumstance_1962", circumstance)
    yield from _coded("subcircumstance_1962", "shr.subcircumstance_1962", sub)
    label = codes_of("shr.circumstance_1962").get(circumstance, "")
    today = table["circumstance_1962"].get(circumstance)
    if circumstance == "34":
        today = table["felony_1962"].get(sub, today)
    if today is not None:
        yield Said("circumstance", Code(today, "shr.circumstance"), DERIVED + label)
    kin = table["relationship_1962"].get(circumstance, {}).get(sex)
    if kin is not None:
        yield Said("relationship", Code(kin, "shr.relationship"), DERIVED + label)


def _known(sex: str, situation: str) -> Packed:
    """Whether an offender was known when reported; a stated unknown offender wins over a sex that is filled in."""
    known = sex != "U" and situation not in _UNKNOWN_SITUATION
    return _KNOWN if known else _NOT_KNOWN


_KNOWN = pack_said(Said("offender_known", None, None, "asserted"))
_NOT_KNOWN = pack_said(Said("offender_known", None, None, "denied"))


def is_submission(layout: Layout) -> bool:
    """True for the records of 80 characters that agencies sent in."""
    return layout.name == SUBMISSION
