"""Reads an incident file (JSON): a new killing as a person enters it. Unknown is allowed everywhere and is not no."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from thaw.data import places
from thaw.errors import InputError
from thaw.record import Code, PartialDate, Place, Quantity, Said, Text, codes_of, pack_said, predicates

from .rows import Packed

_POLARITY = {"yes": "asserted", "no": "denied", "unknown": "unknown", True: "asserted", False: "denied"}
_KEYS = ("title", "invented", "date", "place", "places", "victim", "behaviours", "mo", "narrative")
_PLACES = ("place", "place_2", "place_3")
_PERSON = ("sex", "age")
_PERSON_FIX = 'Write {"sex": "F", "age": 24}.'


def read_incident(path: Path) -> dict[str, list[Packed]]:
    """The sayings of an incident file by role (case, victim).

    Raises InputError naming the key: unknown keys, codes and behaviours are refused, not skipped; one of date and
    place must be there.
    """
    try:
        data = json.loads(path.read_bytes(), parse_constant=_no_number, object_pairs_hook=_each_once)
    except OSError as error:
        raise _bad(str(path), error.strerror or "an error", "an incident file (JSON)", "Check the name.") from None
    except (ValueError, RecursionError) as error:
        reason = "brackets nested too deep" if isinstance(error, RecursionError) else str(error)
        raise _bad(str(path), f"a text that is no JSON ({reason})", "an incident file", "Mend the file.") from None
    return incident_said(data, where=str(path))


def incident_said(data: Any, *, where: str) -> dict[str, list[Packed]]:
    """The sayings of an incident given as a JSON value; `where` names it in messages."""
    if not isinstance(data, dict):
        raise _bad(where, f"a JSON {type(data).__name__}", "a JSON object", "Write the incident between { and }.")
    known = predicates("case")
    codes = [name for name, p in known.items() if p.type == "code" and p.field and name != "status"]
    for key in data:
        if key not in (*_KEYS, *codes):
            want = "one of " + ", ".join([*_KEYS, *codes])
            raise _bad(f"{where}, {key}", "a key that incidents do not have", want, "Rename or remove it.")
    if not data.get("date") and not data.get("place") and not data.get("places"):
        raise _bad(where, "neither date nor place", "at least one of them", "Add what is known.")
    try:
        case = list(_case(data, codes, where))
        victim = list(_person(data.get("victim"), where))
    except InputError as error:
        if error.where.startswith(where):
            raise
        raise _bad(f"{where}, {error.where}", error.got, error.want, error.fix) from None
    return {"case": [pack_said(said) for said in case], "victim": [pack_said(said) for said in victim]}


def _case(data: Mapping[str, Any], codes: list[str], where: str) -> Iterator[Said]:
    for key in ("title", "narrative"):
        if data.get(key) is not None:
            if not isinstance(data[key], str):
                raise _bad(f"{where}, {key}", repr(data[key]), "a text", "Put it between quotes.")
            yield Said(key, Text(data[key])) if _told(data[key]) else Said(key, None, None, "unknown")
    if data.get("invented") is not None:
        yield Said("invented", None, None, _polarity(data["invented"], f"{where}, invented"))
    if data.get("date") is not None:
        parts = _known_parts(data["date"])
        yield Said("date", PartialDate.from_json(parts)) if _told(parts) else Said("date", None, None, "unknown")
    for name, place in zip(_PLACES, _places(data, where), strict=False):
        parts = _known_parts(place)
        yield Said(name, _located(Place.from_json(parts))) if _told(parts) else Said(name, None, None, "unknown")
    for name in codes:
        if data.get(name) is not None:
            yield _code(name, "case", data[name], where)
    behaviours = data["behaviours"] if _told(data.get("behaviours")) else {}
    known = predicates("case")
    if not isinstance(behaviours, dict):
        raise _bad(f"{where}, behaviours", repr(behaviours), "an object", 'Write {"bound": "yes"}.')
    for key, answer in behaviours.items():
        if f"behaviours.{key}" not in known:
            want = "one of " + ", ".join(n.partition(".")[2] for n in known if n.startswith("behaviours."))
            raise _bad(f"{where}, behaviours", repr(key), want, "Use one of the 15 behaviours.")
        yield Said(f"behaviours.{key}", None, None, _polarity(answer, f"{where}, behaviours, {key}"))
    yield from _manner(data, where)


def _places(data: Mapping[str, Any], where: str) -> list[Any]:
    """The places of the incident: one under `place`, or up to three under `places`, such as met, killed and left."""
    one, several = data.get("place"), data.get("places")
    if not _told(several):
        return [] if one is None else [one]
    if one is not None:
        raise _bad(f"{where}, places", "place and places", "one of them", "Put all of them into places.")
    if not isinstance(several, list) or not 1 <= len(several) <= len(_PLACES):
        got = f"{len(several)} places" if isinstance(several, list) else repr(several)
        raise _bad(f"{where}, places", got, "a list of one to three places", "Keep the three that matter most.")
    return several


def _manner(data: Mapping[str, Any], where: str) -> Iterator[Said]:
    """The fields of the coding set: a code each, or a list of them where several may hold."""
    manner = data["mo"] if _told(data.get("mo")) else {}
    known = predicates("case")
    if not isinstance(manner, dict):
        raise _bad(f"{where}, mo", repr(manner), "an object", 'Write {"approach": "con_or_ruse"}.')
    for key, answer in manner.items():
        predicate = known.get(f"mo.{key}")
        if predicate is None:
            want = "one of " + ", ".join(name[3:] for name in known if name.startswith("mo."))
            raise _bad(f"{where}, mo", repr(key), want, "Use a field of the coding set.")
        if isinstance(answer, list) and not predicate.several:
            raise _bad(f"{where}, mo, {key}", repr(answer), "one code", "Only one may hold here.")
        for value in answer if isinstance(answer, list) else [answer]:
            yield _code(f"mo.{key}", "case", value, where)


def _located(place: Place) -> Place:
    """The place with the county that its name means in its state, so that it is an area and not a whole state.

    Raises InputError for a county number that no list of counties has.
    """
    if place.county_fips is not None and places.county(place.county_fips) is None:
        raise InputError(
            where="place, county_fips",
            got=repr(place.county_fips),
            want="the number of a county of the United States",
            fix="Look it up in the FIPS list, or give name and state instead.",
        )
    state = places.state(place.state) if place.state is not None else None
    if state is not None:
        place = replace(place, state=state.usps)
    if place.county_fips is not None or place.name is None or place.state is None or place.lat is not None:
        return place
    if places.state(place.name) == state:
        return place  # "Utah" in Utah is the state; "Utah, UT" or "Utah County" is its county
    county = places.find_county(place.name.split(",")[0], place.state)
    return place if county is None else replace(place, county_fips=county.fips, state=county.state)


def _person(data: Any, where: str) -> Iterator[Said]:
    if not _told(data):
        return
    if not isinstance(data, dict):
        raise _bad(f"{where}, victim", f"a JSON {type(data).__name__}", "an object with sex and age", _PERSON_FIX)
    for key in data:
        if key not in _PERSON:
            # The value may name a person: only the key goes into the message.
            raise _bad(f"{where}, victim", f"the key {key!r}", "an object with sex and age", _PERSON_FIX)
    if data.get("sex") is not None:
        said = _code("sex", "person", data["sex"], where)
        yield Said("sex", None, None, "unknown") if said.value == Code("U", "shr.sex") else said
    age: Any = data.get("age")
    if age == "unknown":
        yield Said("age", None, None, "unknown")
    elif age is not None:
        low: Any
        high: Any
        low, high = age if isinstance(age, list) and len(age) == 2 else (age, age)
        if not (_is_age(low) and _is_age(high)):
            raise _bad(f"{where}, victim, age", repr(age), "years such as 24, or a range [24, 30]", "Correct it.")
        yield Said("age", Quantity(low, high, "years"))


def _code(name: str, entity: str, value: Any, where: str) -> Said:
    list_name = predicates(entity)[name].list or ""
    if not _told(value):
        return Said(name, None, None, "unknown")
    codes = codes_of(list_name)
    text = str(value).zfill(2) if isinstance(value, int) and not isinstance(value, bool) else str(value)
    if text not in codes:
        raise _bad(f"{where}, {name}", repr(value), "one of " + ", ".join(codes) + " or unknown", "Use a code.")
    return Said(name, Code(text, list_name))


def _is_age(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 130


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once: of two values for one key, none may be dropped in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise ValueError(f"the key {twice!r} twice")
    return found


def _known_parts(value: Any) -> Any:
    """A date or place without the parts that are said to be unknown; "unknown" when no part is left."""
    if not isinstance(value, dict):
        return value
    return {key: part for key, part in value.items() if _told(part)} or "unknown"


def _told(value: Any) -> bool:
    return value is not None and value != "unknown"


def _polarity(answer: Any, where: str) -> str:
    if not isinstance(answer, (str, bool)) or answer not in _POLARITY:
        raise _bad(where, repr(answer), "yes, no or unknown", "Use one of these.")
    return _POLARITY[answer]


def _bad(where: str, got: str, want: str, fix: str) -> InputError:
    return InputError(where=where, got=got, want=want, fix=fix)
