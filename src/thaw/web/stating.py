"""What a person states of a case without a page: one statement with its source in words, or its behaviors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote as quoted

from thaw.casework.cases import case
from thaw.casework.coding import code_by_hand
from thaw.casework.statements import statable, state_by_hand
from thaw.errors import InputError
from thaw.record import predicates

from .reader import control_of
from .screen import Look, Page, Redirect, Screen

_ANSWERS = ("yes", "no", "unknown")


def state_form(look: Look) -> Page:
    """The form for one statement on a case."""
    return _state_page(look, {"field": look.asked("field")})


def state(look: Look) -> Page | Redirect:
    """Keep the statement, or show the form again with what was wrong and all that was typed."""
    typed = {name: look.typed(name) for name in ("field", "value", "source", "said_by", "sure")}
    try:
        made = state_by_hand(
            look.session,
            look.params["id"],
            field=typed["field"],
            value=typed["value"],
            source=typed["source"],
            said_by=typed["said_by"],
            sure=typed["sure"] != "no",
            purpose=look.purpose,
        )
    except InputError as error:
        if error.where == "case":
            raise
        return _state_page(look, typed, error=error)
    if made["alerts"]:
        look.done("stated_with_alerts", entry=made["entry"])
    else:
        look.done("stated", entry=made["entry"])
    return Redirect(_case(look))


def _state_page(look: Look, typed: Mapping[str, str], *, error: InputError | None = None) -> Page:
    found = case(look.session, look.params["id"], purpose=look.purpose)
    shown = {"case": found, "fields": statable(), "control": control_of(typed.get("field", "")), "error": error}
    return Page("case_state.html", shown | {"typed": defaultdict(str, typed)}, 400 if error else 200)


def behaviours_form(look: Look) -> Page:
    """The fifteen behaviors of a case, with what stands of each."""
    return _behaviours_page(look, {})


def behaviours(look: Look) -> Page | Redirect:
    """Keep what the person read of the behaviors; what was left open is not said."""
    names = [name for name, _ in _behaviours()]
    typed = {name: look.typed(name) for name in (*names, "source", "coder")}
    answers = {name: typed[name] for name in names if typed[name] in _ANSWERS}
    told = {"source": typed["source"], "coder": typed["coder"], "purpose": look.purpose}
    try:
        made = code_by_hand(look.session, look.params["id"], answers, **told)
    except InputError as error:
        if error.where == "case":
            raise
        return _behaviours_page(look, typed, error=error)
    look.done("behaviours_kept", count=made["coded"])
    return Redirect(_case(look))


def _behaviours_page(look: Look, typed: Mapping[str, str], *, error: InputError | None = None) -> Page:
    found = case(look.session, look.params["id"], purpose=look.purpose)
    said = {s["predicate"]: s for s in found["statements"]}
    rows = [
        {"name": name, "label": label, "stands": _stands(said.get(f"behaviours.{name}")), "answer": typed.get(name, "")}
        for name, label in _behaviours()
    ]
    shown: dict[str, Any] = {"case": found, "rows": rows, "error": error, "answers": _ANSWERS}
    return Page("case_behaviours.html", shown | {"typed": defaultdict(str, typed)}, 400 if error else 200)


def _stands(statement: Mapping[str, Any] | None) -> str:
    if statement is None or statement["preferred"] is None:
        return ""
    return str(statement["preferred"]["in_words"])


def _behaviours() -> list[tuple[str, str]]:
    known = predicates("case")
    return [(name.partition(".")[2], known[name].label) for name in known if name.startswith("behaviours.")]


def _case(look: Look) -> str:
    return f"/case/{quoted(look.params['id'], safe='')}"


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/case/{id}/state", state_form),
    ("POST", "/case/{id}/state", state),
    ("GET", "/case/{id}/behaviours", behaviours_form),
    ("POST", "/case/{id}/behaviours", behaviours),
)
