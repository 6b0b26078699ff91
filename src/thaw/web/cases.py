"""The list of cases, and one case: what is said of it, by whom, and what disagrees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from thaw.casebook import case_fields
from thaw.casework.cases import case
from thaw.casework.desk import case_page
from thaw.errors import InputError

from .render import field_label
from .screen import Look, Page, Screen

_A_PAGE = 50
_KILLING = ("date", "place", "weapon", "circumstance", "situation", "relationship", "homicide_type", "location_type")
_GROUPS = {
    "The killing": (*_KILLING, "offender_known", "status"),
    "Victim": ("victim.",),
    "Offender, as recorded": ("offender.",),
    "Behaviours": ("behaviours.",),
    "Report": ("",),
}
_NOT_IN_GROUPS = ("narrative", "title", "invented")
Document = Mapping[str, Any]


def list_screen(look: Look) -> Page:
    """Cases in pages of 50, oldest first, with the conditions of `thaw cases --where`."""
    where = [text.strip() for text in look.query.get("where", ()) if text.strip()]
    # More digits than any list has pages are no number; Python itself refuses to read thousands of them.
    number = max(1, int(look.asked("page"))) if re.fullmatch("[0-9]{1,9}", look.asked("page")) else 1
    fields = [*case_fields(), "year", "place.county_fips", "place.state", "source_key"]
    shown: dict[str, Any] = {"where": where, "fields": fields, "number": number, "error": None, "found": None}
    try:
        offset = (number - 1) * _A_PAGE
        found = case_page(look.session, where, offset=offset, limit=_A_PAGE, purpose=look.purpose)
    except InputError as error:
        return Page("cases.html", shown | {"error": error}, 400)
    last = max(1, -(-found["total"] // _A_PAGE))

    def address(page: int) -> str | None:
        asked = [*(("where", text) for text in where), ("page", str(page))]
        return "/cases?" + urlencode(asked) if 1 <= page <= last else None

    pages = {"last": last, "earlier": address(number - 1), "later": address(number + 1), "first": offset + 1}
    return Page("cases.html", shown | {"found": found} | pages)


def case_screen(look: Look) -> Page:
    """One case on one page."""
    found = case(look.session, look.params["id"], purpose=look.purpose)
    numbers = _numbered(found["statements"])
    narrative = [s for s in found["statements"] if s["predicate"] == "narrative" and s["preferred"]]
    return Page(
        "case.html",
        {
            "case": found,
            "groups": list(_groups(found["statements"], numbers)),
            "silent": _silent(found["statements"]),
            "sources": [(n, source) for source, n in numbers.values()],
            "narrative": _rows(narrative[0], numbers) if narrative else [],
        },
    )


def _numbered(statements: Sequence[Document]) -> dict[int, tuple[Document, int]]:
    """The sources of a case by entry, numbered in the order of the page."""
    found: dict[int, tuple[Document, int]] = {}
    for statement in statements:
        for source in statement["sources"]:
            if source["entry"] not in found:
                found[source["entry"]] = (source, len(found) + 1)
    return found


def _groups(statements: Sequence[Document], numbers: Mapping[int, Any]) -> Iterator[tuple[str, list[Any]]]:
    left = [s for s in statements if s["predicate"] not in _NOT_IN_GROUPS and not _is_silent(s)]
    for heading, names in _GROUPS.items():
        chosen = [s for s in left if any(_belongs(s["predicate"], name) for name in names)]
        left = [s for s in left if s not in chosen]
        rows = [row for statement in chosen for row in _rows(statement, numbers)]
        if rows:
            yield heading, rows


def _belongs(predicate: str, name: str) -> bool:
    return predicate.startswith(name) if name == "" or name.endswith(".") else predicate == name


def _is_silent(statement: Document) -> bool:
    """A behaviour that every source calls unknown: said once below the table, not in a row of its own."""
    return statement["predicate"].startswith("behaviours.") and all(
        source["polarity"] == "unknown" for source in statement["sources"]
    )


def _silent(statements: Sequence[Document]) -> list[str]:
    return [field_label(s["predicate"]) for s in statements if _is_silent(s)]


def _rows(statement: Document, numbers: Mapping[int, Any]) -> list[dict[str, Any]]:
    """Rows of one field: the preferred value, what disagrees, and what was superseded or withdrawn, struck through."""
    label = field_label(statement["predicate"])
    best = statement["preferred"]
    live = [s for s in statement["sources"] if s["status"] != "superseded"]
    gone = [s for s in statement["sources"] if s not in live]
    rows = []
    if best:
        # An older issue that said the same is one more source of the value, not a value of its own.
        same = [s for s in gone if s["value"] == best["value"] and s["polarity"] == best["polarity"]]
        gone = [s for s in gone if s not in same]
        agreeing = [s for s in live if s not in statement["conflicts"]]
        rows.append(_row(label, best, "preferred", [*agreeing, *same], numbers))
    rows += [_row("", other, "but", [other], numbers) for other in statement["conflicts"]]
    rows += [_row(label if not best else "", old, "gone", [old], numbers) for old in gone]
    return rows


def _row(
    label: str, source: Document, kind: str, said: Sequence[Document], numbers: Mapping[int, Any]
) -> dict[str, Any]:
    recorded = source["words"] if source["words"] and source["words"] != source["in_words"] else None
    refs = list(dict.fromkeys((numbers[s["entry"]][1], s["said_by"] or s["recorded_by"] or "not said") for s in said))
    # A name stands once before all its numbers.
    refs = [(n, who if i == 0 or who != refs[i - 1][1] else "") for i, (n, who) in enumerate(refs)]
    return {
        "label": label,
        "value": source["in_words"],
        "unknown": source["polarity"] == "unknown",
        "recorded": recorded,
        "kind": kind,
        "status": source["status"],
        "refs": refs,
    }


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/cases", list_screen),
    ("GET", "/case/{id}", case_screen),
)
