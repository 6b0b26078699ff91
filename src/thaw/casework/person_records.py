"""Persons of registers as the identification compares them: what the vocabulary says, turned into fixed units.

What a record does not say, or says in a way that has no place among the labels, stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from thaw.access import View
from thaw.casebook.persons import compared_persons, no_such_person
from thaw.data import places
from thaw.errors import InputError
from thaw.identify import Area, PersonRecord
from thaw.record import Code, PartialDate, Place, Quantity, Said, Text
from thaw.store import Where

from .person_decisions import decisions_on_persons
from .said_words import value_in_words
from .same_number import told_once

_CITY_KM = 15.0  # a place known by the name of its town or by rounded coordinates
_REMAINS = {
    "recognizable": "fleshed",
    "injured": "fleshed",
    "decomposed": "decomposed",
    "partial_soft_tissue": "decomposed",
    "mummified": "decomposed",
    "adipocere": "decomposed",
    "animal": "decomposed",
    "burned": "decomposed",
    "skeleton": "skeletal",
    "skeletal_parts": "skeletal",
}
# Years that a group of age stands for where no number is given: bounds from the names of the groups, else elicited.
_GROUPS = {
    "fetus": (0, 0),
    "infant": (0, 3),
    "preadolescent": (3, 12),
    "adolescent": (12, 18),
    "late_teen": (15, 25),
    "adult": (18, 99),
    "adult_pre_20": (15, 20),
    **{f"adult_pre_{years}": (18, years) for years in range(30, 100, 10)},
}
_TEETH = "VFCEXIR"
_CHART = re.compile(f"[{_TEETH}-]{{32}}")
_TOOTH = re.compile(f"#?\\b(\\d{{1,2}}) ?[:=] ?([{_TEETH}])\\b")
_SHOWN = {
    "date": ("found", "last_seen"),
    "age": ("age", "age_group"),
    "death": ("died", "died_by", "postmortem_interval"),
    "sex": ("sex",),
    "stature": ("height",),
    "weight": ("weight",),
    "ancestry": ("race_ethnicity", "race", "ethnicity"),
    "hair": ("hair_color",),
    "eyes": ("eye_color",),
    "place": ("found_place", "last_seen_place"),
    "marks": ("mark",),
    "clothing": ("clothing",),
    "dental": ("dental",),
}


def people_of(view: View, kind: str) -> list[dict[str, Any]]:
    """Visible persons of one kind with their sayings by predicate, in the order in which they came.

    Of records that were decided to be one person the first stands for all.
    """
    people = compared_persons(view, [Where("kind", "=", kind)])
    twice = told_once(people, decisions_on_persons(view))
    return [one for one in people if one["person_id"] not in twice]


def compared_person(view: View, text: str) -> dict[str, Any]:
    """One visible person by id or source key, as `people_of` gives them.

    Raises InputError, the same for one who is not there and one whom this reader may not see.
    """
    found = compared_persons(view, [Where("source_key" if ":" in text else "person_id", "=", text)])
    if not found:
        raise no_such_person(text)
    return found[0]


def person_of_kind(view: View, text: str, kind: str) -> dict[str, Any]:
    """As `compared_person`. Raises InputError for one of another kind too."""
    person = compared_person(view, text)
    if person["kind"] != kind:
        raise InputError(
            where=f"person {text}",
            got=f"one of the kind {person['kind']}",
            want=f"one who is {kind}",
            fix="Give the unidentified first, then the missing.",
        )
    return person


def records_of(people: Iterable[Mapping[str, Any]]) -> list[PersonRecord]:
    """The records of the comparison, in the same order."""
    return [_record(person) for person in people]


def _record(person: Mapping[str, Any]) -> PersonRecord:
    said: Mapping[str, Sequence[Said]] = person["sayings"]
    missing = person["kind"] == "missing"
    codes = {name: [s.value.code for s in said.get(name, ()) if isinstance(s.value, Code)] for name in said}
    condition = (codes.get("condition_of_remains") or [""])[0]
    return PersonRecord(
        id=person["person_id"],
        sex=next((code for code in codes.get("sex", ()) if code in ("F", "M")), None),
        age=_range(said.get("age"), 0, 125)
        or next((_GROUPS[c] for c in codes.get("age_group", ()) if c in _GROUPS), None),
        date=_date(said.get("last_seen" if missing else "found")),
        death=None if missing else _date(said.get("died")) or _by_interval(said),
        stature=_range(said.get("height"), 10, 260),
        weight=_range(said.get("weight"), 0.2, 450),
        ancestry=frozenset(codes.get("race_ethnicity", ())),
        hair=next(iter(codes.get("hair_color", ())), None),
        eyes=frozenset(codes.get("eye_color", ())),
        places=tuple(_areas(said.get("last_seen_place" if missing else "found_place", ()))),
        remains=_REMAINS.get(condition, "unknown"),
        marks=_texts(said.get("mark", ())),
        clothing=_texts(said.get("clothing", ())),
        dental=_chart(_texts(said.get("dental", ()))),
    )


def _by_interval(said: Mapping[str, Sequence[Said]]) -> PartialDate | None:
    """When death came by the estimated days from death to the find: half of them to twice as many before it."""
    found, days = _date(said.get("found")), _range(said.get("postmortem_interval"), 0, 40_000)
    if found is None or days is None:
        return None
    first = max(found.first.toordinal() - 2 * int(days[1]), 1)
    last = max(found.last.toordinal() - int(days[0] / 2), first)
    return PartialDate(date.fromordinal(first), date.fromordinal(last), "day" if first == last else "interval")


def _chart(texts: Sequence[str]) -> str | None:
    """The first text that is a chart: 32 letters, a tooth each (- unknown), or four teeth and more as `14: F`."""
    for text in texts:
        plain = re.sub(r"[\s,;|/.]", "", text.upper())
        if _CHART.fullmatch(plain):
            return plain
        told = {int(tooth): code for tooth, code in _TOOTH.findall(text.upper()) if 1 <= int(tooth) <= 32}
        if len(told) >= 4:
            return "".join(told.get(tooth, "-") for tooth in range(1, 33))
    return None


def _range(said: Sequence[Said] | None, low: float, high: float) -> tuple[float, float] | None:
    """Of several sayings the first; a range that leaves what is possible says nothing."""
    for one in said or ():
        value = one.value
        if isinstance(value, Quantity) and low <= value.low <= value.high <= high:
            return value.low, value.high
    return None


def _date(said: Sequence[Said] | None) -> PartialDate | None:
    return next((one.value for one in said or () if isinstance(one.value, PartialDate)), None)


def _texts(said: Sequence[Said]) -> tuple[str, ...]:
    return tuple(one.value.text for one in said if isinstance(one.value, Text))


def _areas(said: Sequence[Said]) -> Iterable[Area]:
    for one in said:
        place = one.value
        if isinstance(place, Place) and (area := _area(place)) is not None:
            yield area


def _area(place: Place) -> Area | None:
    """The point with its precision, else the county, else the state."""
    if place.lat is not None and place.lon is not None:
        return Area(place.lat, place.lon, place.precision_km or _CITY_KM)
    county = places.county(place.county_fips) if place.county_fips else None
    if county is not None:
        return Area(county.lat, county.lon, county.radius_km)
    state = places.state(place.state) if place.state else None
    return Area(state.lat, state.lon, state.radius_km) if state is not None else None


def only_parts(person: Mapping[str, Any]) -> bool:
    """Parts of a body only, so that another find may be of the same person."""
    said = (one.value for one in person["sayings"].get("condition_of_remains", ()))
    return any(isinstance(value, Code) and value.code == "skeletal_parts" for value in said)


def shown_fields(person: Mapping[str, Any]) -> dict[str, str]:
    """What the record says on each field of the comparison, in words."""
    shown = {}
    for field, names in _SHOWN.items():
        words = [value_in_words(said.value) for name in names for said in person["sayings"].get(name, ())]
        if words:
            shown[field] = "; ".join(words)
    return shown


def listed_person(person: Mapping[str, Any]) -> dict[str, Any]:
    """How a list shows a person: ids, kind, name as recorded, date and place of the last contact or the find."""
    missing = person["kind"] == "missing"
    said: Mapping[str, Sequence[Said]] = person["sayings"]
    day = _date(said.get("last_seen" if missing else "found"))
    place = next((s.value for s in said.get("last_seen_place" if missing else "found_place", ())), None)
    name = next((s.value.text for s in said.get("name", ()) if isinstance(s.value, Text)), None)
    return {
        "person_id": person["person_id"],
        "source_key": person["source_key"],
        "kind": person["kind"],
        "name": name,
        "invented": person["invented"],
        "case_id": person["case_id"],
        "date": day.to_json() if day else None,
        "place": place.to_json() if isinstance(place, Place) else None,
    }
