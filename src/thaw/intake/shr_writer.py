"""Writes records of the Supplementary Homicide Report from sayings: the way back, which shows that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .shr_layout import SUBMISSION, Blocks, Layout
from .shr_record import DERIVED

Said = Mapping[str, Sequence[Mapping[str, Any]]]


def write_record(layout: Layout, victims: Sequence[tuple[int, Said]]) -> str:
    """The record of one report from the sayings of its victims: (number of the victim in the record, role -> sayings).

    The inverse of `RecordReader.victims`: what that reads from a record, this writes back byte for byte.
    """
    out = [" "] * layout.length
    _put(out, slice(0, 1), "" if layout.name == SUBMISSION else "6")
    for number, said in victims:
        if number == 1:
            _write_head(out, layout, said)
        if layout.victims is not None:
            at = layout.victims.slices[number - 1]
            _put(out, at, _person(layout.victims, said["victim"], said["victim"]))
    if layout.victims is None:
        _write_1962(out, layout, victims[0][1])
    elif layout.offenders is not None:
        first = victims[0][1]
        for number, at in enumerate(layout.offenders.slices, start=1):
            role = "offender" if number == 1 else f"offender#{number}"
            if role in first:
                deeds = first["case"] if number == 1 else first[role]
                _put(out, at, _person(layout.offenders, first[role], deeds))
    return "".join(out)


def _write_head(out: list[str], layout: Layout, said: Said) -> None:
    case = said["case"]
    for name, text in _kept(layout, case).items():
        _put(out, layout.fields[name], text)
    _put(out, layout.fields["agency"], _text(case, "agency"))
    if "agency_name" in layout.fields:
        _put(out, layout.fields["agency_name"], _text(case, "agency_name"))
    date = _one(case, "date")
    if "w" in date:
        month, _, year = date["w"].partition("/")
    else:
        year, month = date["v"]["date"]["from"][2:4], date["v"]["date"]["from"][5:7]
    _put(out, layout.fields["year"], year)
    _put(out, layout.fields["month"], month)
    for name in ("homicide_type", "situation"):
        if name in layout.fields:
            _put(out, layout.fields[name], _code(case, name))
    if "incident_number" in layout.fields:
        _put(out, layout.fields["incident_number"], _text(case, "incident_number"))


def _write_1962(out: list[str], layout: Layout, said: Said) -> None:
    case, victim = said["case"], said["victim"]
    _put(out, layout.fields["victim_sex"], _code(victim, "sex"))
    _put(out, layout.fields["victim_race"], _code(victim, "race"))
    _put(out, layout.fields["offender_sex"], _code(said["offender"], "sex"))
    _put(out, layout.fields["circumstance"], _code(case, "circumstance_1962"))
    _put(out, layout.fields["subcircumstance"], _code(case, "subcircumstance_1962"))
    _put(out, layout.fields["weapon"], _code(case, "weapon"))
    age = layout.fields["victim_age"].start
    _put(out, slice(age, layout.fields["victim_age_breakdown"].stop), _one(victim, "age").get("w", ""))


def _person(blocks: Blocks, person: Sequence[Mapping[str, Any]], deeds: Sequence[Mapping[str, Any]]) -> str:
    out = [" "] * blocks.width
    unread = dict(re.findall(r"(race|ethnicity)=(.)", _text(person, "other")))
    for name, at in blocks.parts.items():
        if name == "age":
            said = _one(person, "age")
            value = said.get("v")
            _put(out, at, said.get("w") or (f"{value['low']:02g}" if value else ""))
        elif name in ("sex", "race", "ethnicity"):
            _put(out, at, _code(person, name) or unread.get(name, ""))
        else:
            _put(out, at, _code(deeds, name))
    return "".join(out)


def _kept(layout: Layout, case: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    text = _text(case, "other")
    names = "|".join(layout.kept)
    found = re.split(rf"(?:^|; )({names})=", text)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


def _one(sayings: Sequence[Mapping[str, Any]], predicate: str) -> Mapping[str, Any]:
    return next((said for said in sayings if said["p"] == predicate), {})


def _code(sayings: Sequence[Mapping[str, Any]], predicate: str) -> str:
    said = _one(sayings, predicate)
    if "v" in said and not said.get("w", "").startswith(DERIVED):
        return str(said["v"]["code"])
    return str(said.get("w", "")) if said.get("n") == "unknown" else ""


def _text(sayings: Sequence[Mapping[str, Any]], predicate: str) -> str:
    said = _one(sayings, predicate)
    return str(said.get("w") or said["v"]["text"]) if said else ""


def _put(out: list[str], at: slice, text: str) -> None:
    width = at.stop - at.start
    out[at] = text.ljust(width)[:width]
