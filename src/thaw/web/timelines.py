"""Timelines of one case, of two of its papers compared, and of a set of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote

from thaw.casebook.hours import clock
from thaw.casework.timelines import case_timeline, cases_timeline, compare_versions, window_of
from thaw.errors import InputError
from thaw.report import timeline
from thaw.report.timeline import Event, Window, dense_window

from .choosing import conditions_of, fields, told, year_condition
from .figures import asked_format, figure_file, list_of, origin_of, shown, table_file, with_query
from .screen import Download, Look, Page, Screen
from .wording import at_the_form

_ALL = "all"
_KINDS = {
    "event": "named in a paper",
    "seen": "last seen alive",
    "differs": "versions differ",
    "paper": "paper written",
}
_LANES = {"place": "place", "weapon": "weapon", "status": "offender known or not"}


def case_screen(look: Look) -> Page:
    """Everything of one case that has a date; two papers compared when the address names them."""
    found, error = _case(look)
    if found is None:
        return Page("papers_soon.html", {"again": look.address}, passing=True)
    one, other = look.asked("one"), look.asked("other")
    compared = None
    if one and other:
        compared = compare_versions(look.session, look.params["id"], one, other, purpose=look.purpose)
    picture = _picture(look, found)
    return Page(
        "case_timeline.html",
        {
            "line": found,
            "figure": shown(picture),
            "compared": compared,
            "compared_figure": shown(_drawn(compared, None)) if compared else None,
            "kinds": _KINDS,
            "chosen": list_of(look, "kind"),
            "lanes_chosen": list_of(look, "lane"),
            "window": look.asked("window"),
            "drawn": _window(look, found["shown"]),
            "all_of_it": with_query(look.path, look, window=_ALL),
            "hours": [run | {"to": with_query(look.path, look, window=_run(run))} for run in found["hours"]],
            "one": one,
            "other": other,
            "error": error,
            "files": {kind: with_query(f"{look.path}/file", look, format=kind) for kind in ("svg", "png", "csv")},
        },
        400 if error else 200,
    )


def _run(run: Mapping[str, Any]) -> str:
    return str(run["first"] if run["first"] == run["last"] else f"{run['first']}..{run['last']}")


def _case(look: Look, *, wait: bool = False) -> tuple[dict[str, Any] | None, InputError | None]:
    """The timeline and what is wrong with the words of its window; None while the papers are being compared."""
    ask = partial(case_timeline, look.session, look.params["id"], purpose=look.purpose)
    found = ask() if wait else look.when_ready(("papers", look.params["id"]), ask)
    if found is None:
        return None, None
    kinds = set(list_of(look, "kind")) & set(_KINDS)
    lanes = [lane for lane in list_of(look, "lane") if lane in found["lanes"]]
    events = [e for e in found["events"] if (not kinds or e["kind"] in kinds) and (not lanes or e["lane"] in lanes)]
    try:
        window_of("" if look.asked("window") == _ALL else look.asked("window"))
        error = None
    except InputError as wrong:
        error = wrong
    return found | {
        "shown": events,
        "shown_lanes": [n for n in found["lanes"] if any(e["lane"] == n for e in events)],
    }, error


def _picture(look: Look, found: Mapping[str, Any]) -> str:
    return _drawn({"events": found["shown"], "lanes": found["shown_lanes"]}, _window(look, found["shown"]))


def _window(look: Look, events: Sequence[Mapping[str, Any]]) -> Window | None:
    """What the address asks for; else where most events lie, if few lie far away; None for everything."""
    if look.asked("window") == _ALL:
        return None
    try:
        ends = window_of(look.asked("window"))
    except InputError:
        ends = None
    return Window(*ends) if ends else dense_window([_event(event) for event in events])


def _drawn(found: Mapping[str, Any], window: Window | None) -> str:
    return timeline([_event(e) for e in found["events"]], lanes=found["lanes"], title="Timeline", window=window)


def _event(event: Mapping[str, Any]) -> Event:
    to = None
    if event["document"]:
        to = f"/document/{quote(event['document'])}/page/{event['page'] or 1}"
    elif event["case_id"]:
        to = f"/case/{quote(event['case_id'])}"
    first, last = date.fromisoformat(event["first"]), date.fromisoformat(event["last"])
    return Event(
        event["lane"], event["label"], first, last, event["kind"], event["note"], to, event["begin"], event["end"]
    )


def case_file(look: Look) -> Download:
    """The timeline of a case as SVG, PNG or CSV."""
    kind = asked_format(look, "svg", "png", "csv")
    found, _ = _case(look, wait=True)
    assert found is not None
    about = origin_of(look, f"timeline of {found['case']['title']}", filters=_filters(look), left_out=_left(found))
    ids = [found["case"]["case_id"]]
    if kind == "csv":
        return _table(look, found["shown"], about, ids)
    return figure_file(look, _picture(look, found), "timeline", about, case_ids=ids)


def _left(found: Mapping[str, Any]) -> list[str]:
    hidden = len(found["events"]) - len(found["shown"])
    left = [f"{hidden} events that the filters hide"] if hidden else []
    undated = len(found["undated"]) + found["undated_left_out"]
    return left + ([f"{undated} without a date"] if undated else [])


def _table(look: Look, events: Sequence[Mapping[str, Any]], about: Any, ids: Sequence[str]) -> Download:
    head = ["lane", "from", "from time", "to", "to time", "kind", "label", "note", "document", "page", "case"]
    rows = [
        [e["lane"], e["first"], _clock(e["begin"]), e["last"], _clock(e["end"]), e["kind"], e["label"], e["note"],
         e["document"], e["page"], e["case_id"]]
        for e in events
    ]  # fmt: skip
    return table_file(look, head, rows, "timeline", about, case_ids=ids)


def _clock(minutes: int | None) -> str:
    return "" if minutes is None else clock(minutes)


def _filters(look: Look) -> list[str]:
    return told(look, "kind", "lane", "window", "by")


def set_screen(look: Look) -> Page:
    """A set of cases on one timeline."""
    cases = list_of(look, "case")
    lanes_by = look.asked("by") if look.asked("by") in _LANES else "place"
    values: dict[str, Any] = {
        "choose": fields(look), "cases": cases, "by": lanes_by, "lanes_by": _LANES,
        "line": None, "figure": None, "error": None, "files": {}, "map": with_query("/map", look, by=None, window=None),
    }  # fmt: skip
    if not values["choose"]["any"] and not cases:
        return Page("timeline.html", values)
    try:
        found, window = _set(look, cases, lanes_by)
    except InputError as error:
        if error.where == "case":
            raise
        return Page("timeline.html", values | {"error": at_the_form(error)}, 400)
    values["files"] = {kind: with_query("/timeline/file", look, format=kind) for kind in ("svg", "png", "csv")}
    return Page("timeline.html", values | {"line": found, "figure": shown(_drawn(_labeled(found), window))})


def _labeled(found: Mapping[str, Any]) -> dict[str, Any]:
    """The timeline with labels that do not say again what their lane and their place on it say."""
    events = [event | {"label": event["label"].partition(f": {event['lane']}")[0]} for event in found["events"]]
    return {**found, "events": events}


def _set(look: Look, cases: Sequence[str], by: str) -> tuple[dict[str, Any], Window | None]:
    ends = window_of(look.asked("window"))
    where = [*conditions_of(look), *year_condition(look)]
    found = cases_timeline(look.session, where=where, case_ids=cases, lanes_by=by, purpose=look.purpose)
    return found, Window(*ends) if ends else None


def set_file(look: Look) -> Download:
    """The timeline of a set as SVG, PNG or CSV."""
    kind = asked_format(look, "svg", "png", "csv")
    by = look.asked("by") if look.asked("by") in _LANES else "place"
    found, window = _set(look, list_of(look, "case"), by)
    left = [f"{found['left_out']} cases beyond the first 2,000"] if found["left_out"] else []
    left += [f"{len(found['undated'])} without a date"] if found["undated"] else []
    about = origin_of(look, "timeline of cases", filters=_filters(look), left_out=left)
    ids = [event["case_id"] for event in found["events"]]
    if kind == "csv":
        return _table(look, found["events"], about, ids)
    return figure_file(look, _drawn(_labeled(found), window), "timeline", about, case_ids=ids)


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/case/{id}/timeline", case_screen),
    ("GET", "/case/{id}/timeline/file", case_file),
    ("GET", "/timeline", set_screen),
    ("GET", "/timeline/file", set_file),
)
