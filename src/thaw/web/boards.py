"""The series board: what looks like a case, a pair side by side with its waterfall, decisions, and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from thaw.casework.alerts import alerts, dismiss
from thaw.casework.decisions import FACTS, link
from thaw.casework.pair_board import pair_board
from thaw.casework.similar import feature_label
from thaw.errors import InputError
from thaw.record import PartialDate, Place
from thaw.report import waterfall
from thaw.report.waterfall import Step, factor_words

from .alike import soon
from .figures import figure_file, list_of, origin_of, shown, table_file
from .render import role_label, share, times_likelier
from .screen import Download, Look, Page, Redirect, Screen
from .wording import at_the_form

_STATES = ("open", "dismissed", "accepted", "rejected", "all")


def pair_screen(look: Look, error: InputError | None = None) -> Page:
    """Two cases side by side; a value to try that no case could have is said at its form."""
    if error is None and not look.background.can_compare():
        return soon(look)
    wrong = None
    try:
        found = _pair(look, _instead(look))
    except InputError as fault:
        if not fault.where.startswith("what if"):
            raise
        found, wrong = _pair(look), fault
    values = _shown(look, found) | {"error": error, "wrong": wrong}
    return Page("pair.html", values, 400 if error or wrong else 200)


def _instead(look: Look) -> dict[str, str]:
    """Values to try, by feature: codes of the list, a date, an age."""
    tried = dict(one.partition("=")[::2] for one in list_of(look, "try"))
    return tried | {name: look.asked(at) for name, at in (("time", "date"), ("victim_age", "age")) if look.asked(at)}


def decide(look: Look) -> Page | Redirect:
    """Accept, reject or leave open, with a reason; what is wrong is said at the form."""
    one, other = look.params["id"], look.params["other"]
    fact = look.typed("fact") or None
    try:
        made = link(
            look.session, one, other,
            decision=look.typed("decision"), reason=look.typed("reason"), fact=fact, purpose=look.purpose,
        )  # fmt: skip
    except InputError as error:
        if error.where == "case":
            raise
        return pair_screen(look, at_the_form(error))
    if made["sets_aside"]:
        look.done("decided_fact_set_aside", fact=made["sets_aside"].replace("_", " "))
        return Redirect(f"/case/{quote(one)}/pair/{quote(other)}")
    look.done("decided_pair")
    return Redirect(f"/case/{quote(one)}/pair/{quote(other)}#history")


def pair_figure(look: Look) -> Download:
    """The waterfall of a pair as SVG or PNG."""
    found = _pair(look)
    if found["likeness"] is None:
        raise InputError(where="figure", got="a pair that is not ranked", want="a ranked pair", fix="Open the pair.")
    ids = [found["ours"]["case_id"], found["theirs"]["case_id"]]
    about = origin_of(look, f"likeness of {found['theirs']['title']} to {found['ours']['title']}")
    return figure_file(look, _waterfall(found), "waterfall", about, case_ids=ids)


def pair_table(look: Look) -> Download:
    """The two cases side by side as CSV."""
    found = _pair(look)
    rows = [[role_label(f["field"]), f["ours"], f["theirs"], f["state"]] for f in found["fields"]]
    ids = [found["ours"]["case_id"], found["theirs"]["case_id"]]
    about = origin_of(look, f"{found['ours']['title']} beside {found['theirs']['title']}")
    return table_file(look, ["field", ids[0], ids[1], "state"], rows, "pair", about, case_ids=ids)


def _pair(look: Look, instead: Mapping[str, str] | None = None) -> dict[str, Any]:
    with look.background.comparing:
        return pair_board(look.session, look.params["id"], look.params["other"], instead=instead, purpose=look.purpose)


def _shown(look: Look, found: Mapping[str, Any]) -> dict[str, Any]:
    likeness = found["likeness"]
    facts: dict[str, list[str]] = {}
    for name, decision in FACTS.items():
        facts.setdefault(decision, []).append(name)
    values: dict[str, Any] = {
        "pair": found,
        "fields": [field | {"label": role_label(field["field"])} for field in found["fields"]],
        "facts": facts,
        "here_path": f"/case/{quote(found['ours']['case_id'])}/pair/{quote(found['theirs']['case_id'])}",
        "likeness": None,
        "what_if": [],
        "asked": None,
        "choices": found["choices"],
        "tried": {"codes": list_of(look, "try"), "date": look.asked("date"), "age": look.asked("age")},
        "typed": {name: look.typed(name) for name in ("decision", "reason", "fact")},
    }
    if likeness is None:
        return values
    result = likeness["result"]
    values["waterfall"] = shown(_waterfall(found))
    values["likeness"] = likeness | {
        "times": times_likelier(likeness["log10_bf"]),
        "share": share(likeness["posterior"]),
        "before": share(10 ** likeness["prior_log10_odds"] / (1 + 10 ** likeness["prior_log10_odds"])),
        "how_rare": result["how_rare"] if result else "",
        "missing": [feature_label(name) for name in result["missing"]] if result else [],
        "next": result["ask_next_label"] if result else None,
    }
    values["what_if"] = [_if(row, likeness) for row in found["what_if"]]
    values["asked"] = _if(found["asked"], likeness) if found["asked"] else None
    return values


def _if(row: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row) | {
        "factor": factor_words(row["log10_bf"]),
        "share": share(row["posterior"]),
        "moved": row["rank"] - now["rank"],
    }


def _waterfall(found: Mapping[str, Any]) -> str:
    likeness = found["likeness"]
    parts = likeness["result"]["parts"] if likeness["result"] else []
    steps = [
        Step(
            p["label"],
            p["log10_bf"],
            f"here {p['ours']}, there {p['theirs']}; {p['how_common_in_words']}",
            p["ours"] if p["ours"] == p["theirs"] else f"{p['ours']} | {p['theirs']}",
        )
        for p in parts
    ]
    # The bars add up to the factor of the model, which averages over how steady offenders are.
    title = "From the odds before looking to those after"
    return waterfall(likeness["prior_log10_odds"], steps, likeness["posterior_log10_odds"], title=title)


def alerts_screen(look: Look) -> Page:
    """Alerts by state, newest first, each with its two cases."""
    state = look.asked("state") if look.asked("state") in _STATES else "open"
    found = alerts(look.session, state=state, purpose=look.purpose)
    rows = [
        alert
        | {
            "times": times_likelier(alert["log10_bf"]) if not alert["persons"] else factor_words(alert["log10_bf"]),
            "share": share(alert["posterior"]),
            "to": alert_address(alert),
        }
        for alert in found
        if len(alert["cases"]) == 2 or alert["persons"]
    ]
    return Page("alerts.html", {"alerts": rows, "state": state, "states": _STATES, "error": None})


def alert_address(alert: Mapping[str, Any]) -> str:
    """Where the two of an alert stand side by side: cases, or a body and a missing person."""
    if alert["persons"]:
        one, other = (quote(person["person_id"]) for person in alert["persons"])
        return f"/identify/{one}/pair/{other}"
    return f"/case/{quote(alert['case_id'])}/pair/{quote(alert['other_case_id'])}"


def dismiss_alert(look: Look) -> Page | Redirect:
    """Set an alert aside with a reason; it comes back only when something new is known of one of its cases."""
    try:
        dismiss(look.session, look.params["id"], reason=look.typed("reason"), purpose=look.purpose)
    except InputError as error:
        page = alerts_screen(look)
        return Page(page.template, dict(page.context) | {"error": at_the_form(error)}, 400)
    look.done("set_aside_with_your_reason")
    return Redirect("/alerts")


def alerts_table(look: Look) -> Download:
    """The alerts as CSV."""
    state = look.asked("state") if look.asked("state") in _STATES else "open"
    found = alerts(look.session, state=state, purpose=look.purpose)
    head = [
        "alert",
        "state",
        "case",
        "title",
        "other case",
        "other title",
        "log10 factor",
        "probability",
        "raised",
        "reason",
        "decided by",
        "decided at",
        "entry",
    ]
    rows = [
        [a["alert_id"], a["state"], a["case_id"], a["cases"][0]["title"], a["other_case_id"], a["cases"][1]["title"],
         a["log10_bf"], a["posterior"], a["raised_at"], a["reason"],
         *((a["decided"] or {}).get(name) for name in ("by", "at", "entry"))]
        for a in found if len(a["cases"]) == 2
    ]  # fmt: skip
    about = origin_of(look, "alerts", filters=[f"state {state}"])
    ids = [case_id for row in rows for case_id in (str(row[2]), str(row[4]))]
    return table_file(look, head, rows, "alerts", about, case_ids=ids)


def date_words(data: Mapping[str, Any] | None) -> str:
    """A date as a list says it."""
    return PartialDate.from_json(dict(data)).in_words() if data else "date unknown"


def place_words(data: Mapping[str, Any] | None) -> str:
    """A place as a list says it."""
    return Place.from_json(dict(data)).in_words() if data else "place unknown"


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/case/{id}/pair/{other}", pair_screen),
    ("POST", "/case/{id}/pair/{other}", decide),
    ("GET", "/case/{id}/pair/{other}/figure", pair_figure),
    ("GET", "/case/{id}/pair/{other}/table", pair_table),
    ("GET", "/alerts", alerts_screen),
    ("GET", "/alerts/table", alerts_table),
    ("POST", "/alerts/{id}/dismiss", dismiss_alert),
)
