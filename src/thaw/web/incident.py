"""The form for a new incident: what is typed becomes an incident as `thaw new` reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from secrets import token_urlsafe
from typing import Any

from thaw.casework.cases import create_case, incident_sayings
from thaw.data import places
from thaw.errors import InputError
from thaw.record import codes_of, predicates

from .screen import Look, Page, Redirect, Screen

_CODES = ("weapon", "circumstance", "situation", "location_type")
_TEXTS = ("title", "date_from", "date_to", "state", "county", "sex", "age_from", "age_to", "narrative", *_CODES)
_TOGETHER = {"date_from": ("date_from", "date_to"), "age_from": ("age_from", "age_to"), "state": ("state", "county")}
_WHERE = {"date": "date_from", "place": "county", "victim": "age_from", "age": "age_from", "sex": "sex"}


def form_screen(look: Look) -> Page:
    """The empty form. In a demo book an incident is marked as invented unless somebody unmarks it."""
    typed = dict.fromkeys(_TEXTS, "") | {"invented": look.session.book.store.kind == "demo"}
    return _form(look, typed, once=token_urlsafe(12))


def enter(look: Look) -> Page | Redirect:
    """Store the incident as a new case and show it; what cannot be used is said at the form, nothing typed is lost."""
    typed = {name: look.typed(name) for name in (*_TEXTS, *_behaviours())}
    once = look.typed("once")
    with look.visit.sending:
        # The same form sent twice (a double click, the back button) is one case: nothing can be deleted later.
        if once in look.visit.sent:
            return Redirect(f"/case/{look.visit.sent[once]}")
        said, faults = _read(typed, invented=bool(look.typed("invented")))
        if faults:
            return _form(look, typed | {"invented": bool(look.typed("invented"))}, once=once, faults=faults)
        made = create_case(look.session, said, file=None)
        if once:
            look.visit.sent[once] = made["case_id"]
    look.background.compare_saved(look.session, made["case_id"])
    return Redirect(f"/case/{made['case_id']}")


def _read(typed: Mapping[str, str], *, invented: bool) -> tuple[dict[str, list[Any]], list[InputError]]:
    """What the form says, and everything in it that cannot be used: who typed five pages mends them in one go."""
    left, faults = dict(typed), list[InputError]()
    while True:
        try:
            return incident_sayings(_incident(left, invented=invented)), sorted(faults, key=_place_on_form)
        except InputError as fault:
            field = _field_of(fault)
            # Once a wrong field is left away, what is still missing may be missing for that reason alone.
            if field is not None or not faults:
                faults.append(fault)
            if field is None or not any(left[name] for name in _TOGETHER.get(field, (field,))):
                return {}, sorted(faults, key=_place_on_form)
            left |= dict.fromkeys(_TOGETHER.get(field, (field,)), "")


def _form(look: Look, typed: Mapping[str, Any], *, once: str, faults: Sequence[InputError] = ()) -> Page:
    lists = {name: list(codes_of(predicates("case")[name].list or "").items()) for name in _CODES}
    known = predicates("case")
    behaviours = [(name, known[f"behaviours.{name}"].label, typed.get(name) or "unknown") for name in _behaviours()]
    values: dict[str, Any] = {"typed": typed, "lists": lists, "behaviours": behaviours, "once": once, "faults": faults}
    values["wrong"] = {field: i for i, fault in enumerate(faults) if (field := _field_of(fault))}
    values["states"] = _states()
    values["labels"] = {name: known[name].label for name in _CODES}
    return Page("incident.html", values, 400 if faults else 200)


def _states() -> list[tuple[str, str]]:
    known = {county.state for county in places.counties()}
    found = [state for usps in sorted(known) if (state := places.state(usps))]
    return [(state.usps, f"{state.usps} {state.name}") for state in found]


def _field_of(error: InputError) -> str | None:
    """Which field of the form an error is about, from the last part of where it happened that the form knows."""
    for part in reversed(error.where.split(", ")):
        name = part.split(" ")[0]
        if name in _TEXTS or name in _WHERE:
            return _WHERE.get(name, name)
    return None


def _place_on_form(fault: InputError) -> int:
    """So that faults are told in the order of the fields."""
    field = _field_of(fault)
    return _TEXTS.index(field) if field in _TEXTS else len(_TEXTS)


def _behaviours() -> list[str]:
    return [name.partition(".")[2] for name in predicates("case") if name.startswith("behaviours.")]


def _incident(typed: Mapping[str, str], *, invented: bool) -> dict[str, Any]:
    """The JSON of an incident; what was left empty is left out, so that it stays unknown."""
    told: dict[str, Any] = {name: typed[name] for name in ("title", "narrative", *_CODES) if typed[name]}
    if invented:
        told["invented"] = True
    if typed["date_from"] or typed["date_to"]:
        told["date"] = _date(typed["date_from"], typed["date_to"])
    if typed["state"] or typed["county"]:
        told["place"] = _place(typed["county"], typed["state"])
    victim: dict[str, Any] = {"sex": typed["sex"]} if typed["sex"] else {}
    if typed["age_from"] or typed["age_to"]:
        victim["age"] = _ages(typed["age_from"], typed["age_to"])
    if victim:
        told["victim"] = victim
    told["behaviours"] = {name: typed[name] for name in _behaviours() if typed[name]}
    return told


def _date(first: str, last: str) -> Any:
    if not first:
        raise InputError(where="date_from", got="only an end", want="a first day", fix="Fill in the first date too.")
    first, last = _iso(first), _iso(last)
    return {"from": first, "to": last} if last else first


def _iso(typed: str) -> str:
    """12/1/2018 is the first of December, as the papers of an American unit write it; other forms as they stand."""
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", typed, re.ASCII)
    return f"{found[3]}-{int(found[1]):02}-{int(found[2]):02}" if found else typed


def _place(county: str, state: str) -> dict[str, str]:
    """A county by FIPS code, or by name with its state; else the state alone."""
    whole = places.state(state) if state else None
    if state and whole is None:
        raise InputError(where="state", got=repr(state), want="a state of the list", fix="Choose it again.")
    if whole is not None and not county:
        return {"name": whole.name, "state": whole.usps}
    found = places.county(county) if county.isdigit() else places.find_county(county, state)
    if found is None or (whole is not None and found.state != whole.usps):
        raise InputError(
            where="county",
            got=repr(county),
            want="the name of a county of the state that you chose, or a FIPS code of five digits",
            fix="Correct it, or leave it empty and keep the state.",
        )
    return {"name": f"{found.name}, {found.state}", "state": found.state, "county_fips": found.fips}


def _ages(low: str, high: str) -> list[float]:
    try:
        return [float(low or high), float(high or low)]
    except ValueError:
        raise InputError(
            where="age",
            got=repr(" to ".join(one for one in (low, high) if one)),
            want="years in digits",
            fix="Write 24, or 24 and 30.",
        ) from None


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/new", form_screen),
    ("POST", "/new", enter),
)
