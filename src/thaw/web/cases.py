"""One case on one page: what is said of it, by whom, and what disagrees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from thaw.casework.brief import case_brief, case_papers
from thaw.casework.claim_decisions import reopen_claims, resolve_claims
from thaw.casework.crossings import dismiss_crossing, list_crossings, look_for_crossings
from thaw.casework.similar import similar
from thaw.casework.statements import prefer_statement, statable, withdraw_statement
from thaw.data import read_json
from thaw.errors import InputError, TamperError, ThawError

from .render import field_label, marked, share, telephone
from .screen import Look, Page, Redirect, Screen

_GAPS = {
    "page_missing": "page numbers are missing in papers",
    "exhibit_not_held": "items are named in a paper and not among those held",
    "document_absent": "papers are named and not here",
    "lead_unanswered": "leads that nobody seems to have taken up",
    "month_without_entry": "months without an entry",
    "filed_late": "papers were filed long after what they tell of",
    "box_short": "boxes hold fewer pages than they should",
}
_DOCUMENTS = 60
_CROSSINGS = 12
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


def case_screen(look: Look) -> Page:
    """One case on one page."""
    found = case_brief(look.session, look.params["id"], purpose=look.purpose)
    groups, sources = fields_by_group(found["statements"], _GROUPS)
    numbers = {source["entry"]: (source, n) for n, source in sources}
    narrative = [s for s in found["statements"] if s["predicate"] == "narrative" and s["preferred"]]
    sections = read_json("codes/murder_book.json")["lists"]["section"]
    labels = {name: predicate.label for group in statable().values() for name, predicate in group}
    return Page(
        "case.html",
        {
            "case": found,
            "groups": groups,
            "silent": _silent(found["statements"]),
            "sources": sources,
            "narrative": _rows(narrative[0], numbers) if narrative else [],
            "conflicts": sum(len(statement["conflicts"]) > 0 for statement in found["statements"]),
            "why": found["why"],
            "labels": labels,
            "shown_documents": found["documents"][:_DOCUMENTS],
            "sections": [(code, sections[code]["label"], n) for code, n in sorted(found["sections"].items()) if code],
        },
    )


def papers_part(look: Look) -> Page:
    """Where the papers disagree and what is missing: a piece of the brief, and a page of its own."""
    ask = partial(case_papers, look.session, look.params["id"], purpose=look.purpose)
    try:
        found = look.when_ready(("papers", look.params["id"]), ask)
    except (InputError, TamperError):
        raise
    except ThawError as error:
        # The part says so in its place: htmx would leave "being compared" there for ever.
        return _part(look, "case_papers_soon.html", {"case_id": look.params["id"], "error": error})
    if found is None:
        return _part(look, "case_papers_soon.html", {"case_id": look.params["id"], "error": None}, passing=True)
    for group in found["disagreements"]:
        group["claims"] = [claim | {"in_words": _claim_words(claim)} for claim in group["claims"]]
    for gap in found["gaps"]:
        gap["in_words"] = gap["what"]
        if gap["kind"] == "lead_unanswered":
            gap["in_words"] = re.sub(r"\b\d{10}\b", lambda digits: telephone(digits[0]), gap["what"])
        parts = gap["in_words"].rpartition(": ")[2].split(", ")
        # A sentence may begin with half a letterhead: what is shown of it holds what the gap is about.
        gap["near"] = next((part for part in reversed(parts) if part in (gap["quote"] or "")), "")
    return _part(look, "case_papers.html", {"papers": found, "gap_kinds": _GAPS})


def crossings_part(look: Look) -> Page:
    """What this case shares with others."""
    if look.background.reading_values:
        # The first reading of all texts takes a while; no thread of the screens waits for it.
        look_for_crossings(look.session, look.params["id"], purpose=look.purpose)
        return _part(look, "case_crossings_soon.html", {"case_id": look.params["id"]}, passing=True)
    found = list_crossings(look.session, case_id=look.params["id"], purpose=look.purpose, top=_CROSSINGS)
    for one in found["crossings"]:
        for place in one["places"]:
            place["pieces"] = _pieces(place["sentence"], place["marks"])
    return _part(look, "case_crossings.html", {"crossings": found, "case_id": look.params["id"]})


def alike_part(look: Look) -> Page:
    """The three cases that look most like it."""
    if not look.background.can_compare():
        return _part(look, "case_alike_soon.html", {"case_id": look.params["id"], "loaded": look.background.loaded})
    with look.background.comparing:
        found = similar(look.session, look.params["id"], top=3, purpose=look.purpose)
    for one in found["results"]:
        one["share"] = share(one["posterior"])
    thin = not any(one["parts"] for one in found["results"])
    return _part(look, "case_alike.html", {"alike": found, "case_id": look.params["id"], "thin": thin})


def prefer(look: Look) -> Redirect:
    """Show one of the readings that differ first, with a reason."""
    _on_statement(look, prefer_statement)
    look.done("this_reading_is_shown_first")
    return Redirect(_case(look))


def withdraw(look: Look) -> Redirect:
    """Take a statement back, with a reason; it stays, struck through."""
    _on_statement(look, withdraw_statement)
    look.done("taken_back_it_stays_struck")
    return Redirect(_case(look))


def _on_statement(look: Look, act: Callable[..., object]) -> None:
    entry, role, index = _named(look)
    said = {"entry": entry, "role": role, "index": index}
    act(look.session, look.params["id"], **said, reason=look.typed("reason"), purpose=look.purpose)


def settle(look: Look) -> Redirect:
    """Say which of the accounts that disagree is to be believed, and why; or open that again."""
    preferred, reason = look.typed("preferred"), look.typed("reason")
    if look.typed("do") == "reopen":
        reopen_claims(look.session, look.params["id"], preferred=preferred, reason=reason, purpose=look.purpose)
        look.done("open_again_both_steps_stay")
        return Redirect(_case(look) + "#papers")
    others = [text for text in look.form.get("claims", ()) if text != preferred]
    resolve_claims(
        look.session, look.params["id"], preferred=preferred, others=others, reason=reason, purpose=look.purpose
    )
    look.done("settled_with_your_reason_all")
    return Redirect(_case(look) + "#papers")


def set_aside(look: Look) -> Redirect:
    """Dismiss a crossing for the cases that it joins now."""
    dismiss_crossing(look.session, look.typed("crossing"), reason=look.typed("reason"))
    look.done("dismissed_for_these_cases_with")
    return Redirect(_case(look) + "#crossings")


def fields_by_group(
    statements: Sequence[Document], groups: Mapping[str, Sequence[str]]
) -> tuple[list[tuple[str, list[Any]]], list[tuple[int, Document]]]:
    """Rows of fields under the headings, and the numbered sources that they point to.

    groups  heading -> beginnings or names of fields; a field goes to the first that fits
    """
    numbers = _numbered(statements)
    return list(_groups(statements, numbers, groups)), [(n, source) for source, n in numbers.values()]


def _part(look: Look, template: str, context: Mapping[str, Any], *, passing: bool = False) -> Page:
    frame = "part_alone.html" if not look.is_part else "part.html"
    return Page(frame, {"part": template, "part_of": _case(look)} | dict(context), passing=passing)


def _case(look: Look) -> str:
    return f"/case/{quoted(look.params['id'], safe='')}"


def _named(look: Look) -> tuple[int, str, int]:
    """The name of a statement as a form gives it; what is no number names none."""
    entry, index = (look.typed(name) for name in ("entry", "index"))
    numbers = [int(text) if re.fullmatch(r"[0-9]{1,12}", text) else -1 for text in (entry, index)]
    return numbers[0], look.typed("role")[:100], numbers[1]


def _claim_words(claim: Document) -> str:
    value = claim["value"]
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part is not None)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _pieces(sentence: str, marks: Sequence[Sequence[int]]) -> list[tuple[bool, str]]:
    return marked({"snippet": sentence, "marks": marks})


def _numbered(statements: Sequence[Document]) -> dict[int, tuple[Document, int]]:
    """The sources of a case by entry, numbered in the order of the page."""
    found: dict[int, tuple[Document, int]] = {}
    for statement in statements:
        for source in statement["sources"]:
            if source["entry"] not in found:
                found[source["entry"]] = (source, len(found) + 1)
    return found


def _groups(
    statements: Sequence[Document], numbers: Mapping[int, Any], groups: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, list[Any]]]:
    left = [s for s in statements if s["predicate"] not in _NOT_IN_GROUPS and not _is_silent(s)]
    for heading, names in groups.items():
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
        agreeing = [s for s in live if s not in statement["conflicts"] and _same(s, best)]
        rows.append(_row(label, best, "preferred", [*agreeing, *same], numbers))
    # Of what may be several, such as scars, each stands in a row of its own and contradicts nothing.
    beside = [s for s in live if best and s not in statement["conflicts"] and not _same(s, best)]
    rows += [_row("", other, "preferred", [other], numbers) for other in beside]
    rows += [_row("", other, "but", [other], numbers) for other in statement["conflicts"]]
    rows += [_row(label if not best else "", old, "gone", [old], numbers) for old in gone]
    return rows


def _same(one: Document, other: Document) -> bool:
    return (one["value"], one["polarity"]) == (other["value"], other["polarity"])


def _row(
    label: str, source: Document, kind: str, said: Sequence[Document], numbers: Mapping[int, Any]
) -> dict[str, Any]:
    recorded = source["words"] if source["words"] and source["words"] != source["in_words"] else None
    refs = list(dict.fromkeys((numbers[s["entry"]][1], s["said_by"] or s["recorded_by"] or "not said") for s in said))
    # A name stands once before all its numbers.
    refs = [(n, who if i == 0 or who != refs[i - 1][1] else "") for i, (n, who) in enumerate(refs)]
    return {
        "label": label,
        "name": (source["entry"], source["role"], source["index"]),
        "link": _source_link(source),
        "value": source["in_words"],
        "unknown": source["polarity"] == "unknown",
        "recorded": recorded,
        "kind": kind,
        "status": source["status"],
        "refs": refs,
    }


def _source_link(source: Document) -> str | None:
    """Where the passage of a statement is read: its page, the box marked."""
    citation = source["citation"]
    if not citation.get("document"):
        return None
    asked = [("box", ",".join(f"{part:g}" for part in citation["box"]))] if citation.get("box") else []
    asked += [("quote", citation["quote"][:300])] if citation.get("quote") else []
    page = f"/document/{quoted(citation['document'], safe='')}/page/{citation.get('page') or 1}"
    return page + ("?" + urlencode(asked) + "#cited" if asked else "")


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/case/{id}", case_screen),
    ("GET", "/case/{id}/papers", papers_part),
    ("GET", "/case/{id}/crossings", crossings_part),
    ("GET", "/case/{id}/alike", alike_part),
    ("POST", "/case/{id}/prefer", prefer),
    ("POST", "/case/{id}/withdraw", withdraw),
    ("POST", "/case/{id}/settle", settle),
    ("POST", "/case/{id}/crossing", set_aside),
)
