"""Persons and things, and what people decide on them: merged and split with a preview, always reversible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

from thaw.casework import mentions
from thaw.casework.persons import person
from thaw.casework.reader import named_things
from thaw.casework.same_case import decide as decide_case
from thaw.casework.same_case import same_cases
from thaw.casework.same_persons import decide_same_person, proposed_persons, undo_same_person
from thaw.errors import InputError

from .cases import fields_by_group
from .render import factor, share
from .screen import Look, Page, Redirect, Screen

_SHOWN = 200
Document = Mapping[str, Any]


def things_screen(look: Look) -> Page:
    """Named persons and things, and records that may be of one person."""
    case_id = look.asked("case") or None
    groups = named_things(look.session, case_id=case_id, purpose=look.purpose)
    kinds = sorted({group["kind"] for group in groups})
    kind = look.asked("kind") if look.asked("kind") in kinds else ""
    chosen = [group for group in groups if kind in ("", group["kind"])]
    shown = {"groups": chosen[:_SHOWN], "total": len(chosen), "kinds": kinds, "kind": kind, "case": case_id}
    return Page("things.html", shown)


def records_screen(look: Look) -> Page:
    """Records that may be of one person, the likeliest first."""
    found = proposed_persons(look.session, purpose=look.purpose)
    pairs = [
        pair | {"share": share(pair["probability"]), "parts": [_part_words(part) for part in pair["parts"]]}
        for pair in found["proposals"]
    ]
    return Page("namesakes.html", {"found": found, "pairs": pairs})


def _part_words(part: Document) -> str:
    """What one field says of a pair, in words: how many times likelier its two values are if it is one person."""
    if part["field"] == "before looking":
        return f"before looking {share(1 / (1 + 2.0 ** -part['bits']))}"
    if part["one"] is None or part["other"] is None:
        return f"{part['field']} not known"
    values = part["one"] if part["one"] == part["other"] else f"{part['one']} and {part['other']}"
    return f"{part['field']} {values} {factor(part['bits'] * log10(2))}"


def preview_screen(look: Look) -> Page:
    """What would be held for one, or apart, before anybody decides it."""
    groups = named_things(look.session, purpose=look.purpose)
    one, other = (_group(groups, look.asked(name)) for name in ("one", "other"))
    together = one["id"] == other["id"]
    if together:
        other = _alone(one, look.asked("other"))
        one = one | {"mentions": [m for m in one["mentions"] if m["mention_id"] != look.asked("other")]}
    kinds_differ = one["kind"] != other["kind"]
    shown = {"one": one, "other": other, "together": together, "kinds_differ": kinds_differ}
    return Page("things_preview.html", shown | {"ids": (look.asked("one"), look.asked("other"))})


def decide_thing(look: Look) -> Redirect:
    """Hold two named things for one, or apart; or rename, or take a name back."""
    one, other, reason = look.typed("one"), look.typed("other"), look.typed("reason")
    match look.typed("do"):
        case "merge":
            mentions.merge(look.session, one, other, reason=reason)
        case "split":
            mentions.split(look.session, one, other, reason=reason)
        case "rename":
            mentions.rename(look.session, one, look.typed("name"), reason=reason)
        case "withdraw":
            mentions.withdraw(look.session, one, reason=reason)
        case what:
            raise InputError(
                where="named thing", got=repr(what[:20]), want="rename, merge, split or withdraw", fix="Use a button."
            )
    look.done("done_it_can_be_undone")
    return Redirect("/things")


def decide_record(look: Look) -> Redirect:
    """Decide whether two records are of one person, or take that back."""
    one, other, reason = look.typed("one"), look.typed("other"), look.typed("reason")
    if look.typed("decision") == "undo":
        undo_same_person(look.session, one, other, reason=reason)
    else:
        decide_same_person(look.session, one, other, decision=look.typed("decision"), reason=reason)
    look.done("decided_with_your_reason_nothing")
    return Redirect("/things/records")


def person_screen(look: Look) -> Page:
    """One person with every statement and its source."""
    found = person(look.session, look.params["id"], purpose=look.purpose)
    groups, sources = fields_by_group(found["statements"], {"What the records say": ("",)})
    called = [s["words"] for s in found["statements"] if s["predicate"] == "name" and s["preferred"]]
    name = called[0] if called else None
    return Page("person.html", {"who": found | {"name": name}, "name": name, "groups": groups, "sources": sources})


def same_screen(look: Look) -> Page:
    """Pairs of records that may be one killing."""
    everything = look.asked("all") == "yes"
    found = same_cases(look.session, purpose=look.purpose, everything=everything)
    pairs = [_pair(one) for one in found[:_SHOWN]]
    return Page("same.html", {"pairs": pairs, "total": len(found), "everything": everything})


def decide_same(look: Look) -> Redirect:
    """Accept or reject that two records are one killing, with a reason."""
    decision, reason = look.typed("decision"), look.typed("reason")
    decide_case(look.session, look.typed("one"), look.typed("other"), decision=decision, reason=reason)
    look.done("decided_with_your_reason_both")
    return Redirect("/same")


def _pair(one: Document) -> dict[str, Any]:
    likely = one["probability"]
    return dict(one) | {"share": share(likely) if likely is not None else None}


def _group(groups: Sequence[Document], mention_id: str) -> dict[str, Any]:
    for group in groups:
        if any(one["mention_id"] == mention_id for one in group["mentions"]):
            return dict(group)
    raise InputError(
        where="named thing",
        got=repr(mention_id[:40]),
        want="a named person or thing of this book",
        fix="Choose it from the list.",
    )


def _alone(group: Document, mention_id: str) -> dict[str, Any]:
    mine = [one for one in group["mentions"] if one["mention_id"] == mention_id]
    return dict(group) | {"mentions": mine, "name": mine[0]["name"], "names": [mine[0]["name"]]}


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/things", things_screen),
    ("GET", "/things/preview", preview_screen),
    ("GET", "/things/records", records_screen),
    ("POST", "/things/decide", decide_thing),
    ("POST", "/things/records", decide_record),
    ("GET", "/person/{id}", person_screen),
    ("GET", "/same", same_screen),
    ("POST", "/same", decide_same),
)
