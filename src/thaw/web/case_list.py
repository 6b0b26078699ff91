"""The list of cases in pages of 50, narrowed by plain fields: years, place, weapon, victim; and by any condition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from thaw.casebook import case_fields
from thaw.casework.desk import case_page
from thaw.data import places
from thaw.errors import InputError
from thaw.record import codes_of, predicates

from .screen import Look, Page, Screen
from .wording import at_the_form

_A_PAGE = 50
_PLAIN = ("from", "to", "state", "county", "weapon", "sex", "known")


def list_screen(look: Look) -> Page:
    """Cases in pages of 50, oldest first: by the plain fields, and by the conditions of `thaw cases --where`."""
    where = [text.strip() for text in look.query.get("where", ()) if text.strip()]
    plain = {name: look.asked(name)[:80] for name in _PLAIN}
    # More digits than any list has pages are no number; Python itself refuses to read thousands of them.
    number = max(1, int(look.asked("page"))) if re.fullmatch("[0-9]{1,9}", look.asked("page")) else 1
    shown: dict[str, Any] = {"where": where, "plain": plain, "number": number, "error": None, "found": None}
    shown |= _choices() | {"narrowed": bool(where or any(plain.values()))}
    try:
        offset = (number - 1) * _A_PAGE
        every = [*_conditions(plain), *where]
        found = case_page(look.session, every, offset=offset, limit=_A_PAGE, purpose=look.purpose)
    except InputError as error:
        return Page("cases.html", shown | {"error": at_the_form(error)}, 400)
    last = max(1, -(-found["total"] // _A_PAGE))

    def address(page: int) -> str | None:
        asked = [(name, value) for name, value in plain.items() if value]
        asked += [*(("where", text) for text in where), ("page", str(page))]
        return "/cases?" + urlencode(asked) if 1 <= page <= last else None

    pages = {"last": last, "earlier": address(number - 1), "later": address(number + 1), "first": offset + 1}
    return Page("cases.html", shown | {"found": found} | pages)


def _conditions(plain: Mapping[str, str]) -> Iterator[str]:
    """The conditions that the plain fields mean. Raises InputError for a county or a year that is none."""
    if plain["from"] or plain["to"]:
        for name in ("from", "to"):
            if plain[name] and not re.fullmatch("[12][0-9]{3}", plain[name]):
                raise InputError(
                    where="year",
                    got=repr(plain[name]),
                    want="a year in four digits",
                    fix="Write 1985, or leave it empty.",
                )
        yield f"year={plain['from'] or 1000}..{plain['to'] or 2999}"
    if plain["county"]:
        found = places.find_county(plain["county"], plain["state"]) if plain["state"] else None
        if found is None:
            raise InputError(
                where="county",
                got=repr(plain["county"]),
                want="the name of a county of the state that you chose",
                fix="Choose the state too, or leave the county empty.",
            )
        yield f"place.county_fips={found.fips}"
    elif plain["state"]:
        yield f"place.state={plain['state']}"
    names = {"weapon": "weapon", "sex": "victim.sex", "known": "offender_known"}
    yield from (f"{field}={plain[name]}" for name, field in names.items() if plain[name])


def _choices() -> dict[str, Any]:
    known = {county.state for county in places.counties()}
    states = [(state.usps, f"{state.usps} {state.name}") for state in places.states() if state.usps in known]
    weapons = list(codes_of(predicates("case")["weapon"].list or "").items())
    fields = [*case_fields(), "year", "place.county_fips", "place.state", "source_key"]
    return {"states": sorted(states), "weapons": weapons, "fields": fields}


SCREENS: tuple[tuple[str, str, Screen], ...] = (("GET", "/cases", list_screen),)
