"""What a NIBRS incident says, whether it came as a flat file or as XML: sayings of each homicide victim's case, or of
the incident where nobody was killed.

NIBRS codes stand as reported. The SHR code that they mean stands beside them where there is one, so that old and new
cases can be compared; NIBRS folds strangulation into asphyxiation, and that is lost. An offender's race is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from thaw.data import places, read_json
from thaw.data.ucr import ucr_state
from thaw.record import Code, PartialDate, Place, Quantity, Said, Text, codes_of, pack_said

from .rows import BadCell, Packed

HOMICIDES = ("09A", "09B", "09C")
_INFANTS = {"NN": "under_24_hours", "NB": "days_1_to_6", "BB": "days_7_to_364"}
_KEPT = 20_000
Cells = Mapping[str, str]
Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Agency:
    """What a master file says of an agency: its town, letters of the state, three digits of its one county (FIPS)."""

    name: str = ""
    usps: str = ""
    county: str = ""


@dataclass(frozen=True, slots=True)
class Victim:
    """One victim: cells by name, and lists (offense, circumstance, injury, and offender with relationship)."""

    cells: Cells
    lists: Lists


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident as reported; cells are those of the administrative segment."""

    ori: str
    number: str
    cells: Cells
    offenses: Sequence[tuple[Cells, Lists]] = ()
    victims: Sequence[Victim] = ()
    offenders: Sequence[Cells] = ()
    arrestees: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    agency: Agency | None = None

    @property
    def killed(self) -> list[Victim]:
        """The victims of a homicide offense."""
        return [v for v in self.victims if any(code in HOMICIDES for code in v.lists.get("offense", ()))]


class IncidentReader:
    """Turns incidents into sayings; codes that no list has are kept as text, and said so in `doubts`."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._kept: dict[tuple[str, ...], Packed] = {}
        self.doubts: list[str] = []

    def cases(self, incident: Incident) -> Iterator[tuple[str, dict[str, list[Packed]]]]:
        """(victim's number, role -> sayings) for each victim who was killed. Raises BadCell for a date that is none."""
        self.doubts = []
        common = list(self._common(incident))
        offenders = self._offenders(incident)
        killed = incident.killed
        for victim in killed:
            said = {"case": [*common, *self._killing(incident, victim)], "victim": list(self._person(victim.cells))}
            said["case"] += self._situation(incident, len(killed))
            yield victim.cells.get("sequence", "").strip() or "1", {**said, **offenders}

    def incident(self, incident: Incident) -> dict[str, list[Packed]]:
        """Role -> sayings of an incident in which nobody was killed."""
        self.doubts = []
        said = list(self._common(incident))
        for _, lists in incident.offenses:
            said += self._codes("nibrs_weapon", "nibrs.weapon", _weapons(lists))
        return {"incident": said}

    def _common(self, incident: Incident) -> Iterator[Packed]:
        cells = incident.cells
        yield self._date(cells)
        hour = cells.get("hour", "").strip()
        if re.fullmatch(r"[01][0-9]|2[0-3]", hour):
            yield self._said("hour", Text(hour))
        yield self._place(incident.ori, incident.agency)
        yield self._said("agency", Text(incident.ori))
        if incident.agency is not None and incident.agency.name:
            yield self._said("agency_name", Text(incident.agency.name))
        yield pack_said(Said("incident_number", Text(incident.number)))
        offenses = [cells["offense"] for cells, _ in incident.offenses]
        yield from self._codes("offense", "nibrs.offense", offenses)
        places = [cells.get("location_type", "") for cells, _ in incident.offenses]
        homicides = [p for p, o in zip(places, offenses, strict=True) if o in HOMICIDES]
        yield from self._codes("location_type", "nibrs.location_type", (homicides or places)[:1])
        for name in ("criminal_activity", "bias"):
            found = [code for _, lists in incident.offenses for code in lists.get(name, ())]
            # N is "none", 88 is "no bias": said once they would look like findings.
            yield from self._codes(name, f"nibrs.{name}", [code for code in found if code not in ("N", "88")])
        clearance = cells.get("exceptional_clearance", "").strip()
        if clearance and clearance != "N":
            yield from self._codes("exceptional_clearance", "nibrs.exceptional_clearance", [clearance])
        if incident.arrestees:
            yield self._said("cleared_by_arrest", None, "asserted")
        told = "; ".join(f"{name}={number}" for name, number in incident.counts.items())
        if told:
            yield self._said("other", Text(f"segments: {told}"))

    def _date(self, cells: Cells) -> Packed:
        text = cells.get("date", "")
        day = _day("date", text, self._today)
        words = cells.get("date_words") or None
        if cells.get("report_date", "").strip() == "R":
            words = "the date of the report"
        return pack_said(Said("date", PartialDate(day, day, "day"), words))

    def _place(self, ori: str, agency: Agency | None) -> Packed:
        found = ucr_state(ori[:2])
        usps, name = found if found else (None, ori[:2])
        if agency is None or not agency.name:
            return self._said("place", Place(name=name, state=usps, role="report"))
        state = places.state(usps) if usps else None
        county = places.county(state.fips + agency.county) if state and agency.county else None
        told = ", ".join(filter(None, (agency.name.title(), usps)))
        return self._said("place", Place(told, usps, county.fips if county else None, role="report"))

    def _killing(self, incident: Incident, victim: Victim) -> Iterator[Packed]:
        table = read_json("codes/shr_nibrs_crosswalk.json")
        codes = [code for code in victim.lists.get("offense", ()) if code in HOMICIDES]
        yield self._said("homicide_type", Code("B" if codes[0] == "09B" else "A", "shr.homicide_type"))
        weapons = [w for cells, lists in incident.offenses if cells["offense"] in codes for w in _weapons(lists)]
        yield from self._codes("nibrs_weapon", "nibrs.weapon", weapons)
        yield from self._meant("weapon", [table["weapon_to_shr"].get(code) for code in weapons], weapons)
        circumstances = list(victim.lists.get("circumstance", ()))
        yield from self._codes("nibrs_circumstance", "nibrs.circumstance", circumstances)
        yield from self._circumstance(incident, circumstances)
        yield from self._codes("injury", "nibrs.injury", victim.lists.get("injury", ()))
        why = victim.cells.get("justifiable_circumstance", "").strip()
        yield from self._codes("justifiable_circumstance", "nibrs.justifiable_circumstance", [why] if why else [])
        ties = list(victim.lists.get("relationship", ()))
        yield from self._codes("nibrs_relationship", "nibrs.relationship", ties)
        sex = victim.cells.get("sex", "").strip() or "U"
        yield from self._meant("relationship", [table["relationship_to_shr"].get(t, {}).get(sex) for t in ties], ties)

    def _circumstance(self, incident: Incident, codes: Sequence[str]) -> Iterator[Packed]:
        table = read_json("codes/shr_nibrs_crosswalk.json")
        meant = []
        for code in codes:
            # Another felony: which one, the offenses of the incident tell.
            felonies = [table["felony_to_shr"].get(cells["offense"]) for cells, _ in incident.offenses]
            felony = next(filter(None, felonies), None) if code == "08" else None
            meant.append(felony or table["circumstance_to_shr"].get(code))
        yield from self._meant("circumstance", meant, codes)

    def _meant(self, name: str, found: Sequence[str | None], codes: Sequence[str]) -> Iterator[Packed]:
        """The SHR code of the first NIBRS code that has one."""
        for code, original in zip(found, codes, strict=True):
            if code is not None:
                yield pack_said(Said(name, Code(code, f"shr.{name}"), f"from NIBRS {original}"))
                return

    def _situation(self, incident: Incident, killed: int) -> Iterator[Packed]:
        known = [cells for cells in incident.offenders if cells.get("sequence", "").strip() not in ("", "00", "0")]
        if not incident.offenders:
            return
        many = killed > 1
        letter = (
            ("F" if many else "B") if not known else ("E" if many else "C") if len(known) > 1 else "D" if many else "A"
        )
        yield self._said("situation", Code(letter, "shr.situation"))
        sexes = [cells.get("sex", "").strip() for cells in known]
        yield self._said("offender_known", None, "asserted" if any(s in ("M", "F") for s in sexes) else "denied")

    def _offenders(self, incident: Incident) -> dict[str, list[Packed]]:
        said: dict[str, list[Packed]] = {"offender": []}
        known = [cells for cells in incident.offenders if cells.get("sequence", "").strip() not in ("", "00", "0")]
        for number, cells in enumerate(known, start=1):
            role = "offender" if number == 1 else f"offender#{number}"
            said[role] = [*self._age(cells), *self._sex(cells)]
        return said

    def _person(self, cells: Cells) -> Iterator[Packed]:
        yield from self._age(cells)
        yield from self._sex(cells)
        for name, list_name in (("race", "shr.race"), ("ethnicity", "shr.ethnicity")):
            code = cells.get(name, "").strip()
            if code == "U":
                yield self._said(name, None, "unknown", "U")
            else:
                yield from self._codes(name, list_name, [code] if code else [])
        status = cells.get("resident_status", "").strip()
        yield from self._codes("resident_status", "nibrs.resident_status", [status] if status else [])

    def _sex(self, cells: Cells) -> Iterator[Packed]:
        code = cells.get("sex", "").strip()
        if code == "U":
            yield self._said("sex", None, "unknown", "U")
        else:
            yield from self._codes("sex", "shr.sex", [code] if code else [])

    def _age(self, cells: Cells) -> Iterator[Packed]:
        age = cells.get("age", "").strip()
        if age in _INFANTS:
            yield pack_said(Said("age", Quantity(0, 0, "years"), age))
            yield pack_said(Said("infant", Code(_INFANTS[age], "person.infant"), age))
        elif age in ("00", "0000"):
            yield self._said("age", None, "unknown", age)
        elif found := re.fullmatch(r"([0-9]{1,2})([0-9]{2})?", age):
            low, high = sorted((int(found[1]), int(found[2] or found[1])))
            yield self._said("age", Quantity(low, high, "years"), "asserted", age if found[2] or age == "99" else None)
        elif age:
            yield self._doubt("age", age, "an age 00 to 99, a range such as 2530, NN, NB or BB")

    def _codes(self, predicate: str, list_name: str, codes: Sequence[str]) -> Iterator[Packed]:
        known = codes_of(list_name)
        for code in dict.fromkeys(codes):
            if code in known:
                yield self._said(predicate, Code(code, list_name))
            elif code.strip():
                yield self._doubt(predicate, code, f"a code of the list {list_name}")

    def _doubt(self, name: str, cell: str, want: str) -> Packed:
        self.doubts.append(f"{name}: kept as text, want {want}")
        return pack_said(Said("other", Text(f"{name}: {cell}")))

    def _said(
        self,
        name: str,
        value: Code | Text | Quantity | Place | None,
        polarity: str = "asserted",
        words: str | None = None,
    ) -> Packed:
        key = (name, str(value), polarity, words or "")
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[key] = pack_said(Said(name, value, words, polarity))
        return found


def _weapons(lists: Lists) -> list[str]:
    """Weapon codes without the mark of an automatic firearm; 99 is none."""
    return [code for code in lists.get("weapon", ()) if code != "99"]


def _day(field_name: str, text: str, today: date) -> date:
    want = f"a day as YYYYMMDD, up to {today.isoformat()}"
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8])) if re.fullmatch(r"[0-9]{8}", text) else None
    except ValueError:
        day = None
    if day is None or day > today or day.year < 1900:
        raise BadCell(field_name, repr(text), want)
    return day
