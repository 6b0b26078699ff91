"""Suspected series: the finds of the scan, each as a picture of expected against observed, and as a film strip."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from thaw.casework.finds import find_board, finds
from thaw.errors import InputError
from thaw.report import expected_observed, film_strip
from thaw.report.expected import Year
from thaw.report.film import Frame

from .boards import date_words, place_words
from .figures import asked_format, figure_file, origin_of, shown, table_file
from .screen import Download, Look, Page, Redirect, Screen

_LINKED = 250  # cases that fit into an address


def finds_screen(look: Look) -> Page:
    """The list of finds; while no scan of this state stands ready, what to do."""
    found = finds(look.session, purpose=look.purpose)
    work = look.background.works("scan")
    shown = {"finds": found, "work": work, "alarms": sum(f["alarm"] for f in found or ())}
    return Page("finds.html", shown, passing=found is None and work == "running")


def finds_table(look: Look) -> Download:
    """The finds as CSV."""
    asked_format(look, "csv")
    found = finds(look.session, purpose=look.purpose)
    if found is None:
        raise InputError(
            where="series", got="no scan of this state of the casebook", want="a scan", fix="Open Suspected series."
        )
    head = ["rank", "place", "from", "to", "victims", "method", "unsolved", "killings", "expected unsolved", "q value",
            "found by", "alarm", "cases"]  # fmt: skip
    rows = [
        [f["rank"], f["place"], f["from"], f["to"], f["victims"], f["method"], f["unsolved"], f["total"],
         f["expected_unsolved"], f["q_value"], f["found_by"], f["alarm"], " ".join(f["cases"])]
        for f in found
    ]  # fmt: skip
    ids = [case_id for find in found for case_id in find["cases"]]
    about = origin_of(look, "suspected series", left_out=["finds beyond the first 40"] if len(found) == 40 else [])
    return table_file(look, head, rows, "series", about, case_ids=ids)


def start_scan(look: Look) -> Redirect:
    """Scan in the background."""
    look.background.scan_soon(look.session)
    return Redirect("/series")


def start_replay(look: Look) -> Redirect:
    """Replay month by month in the background."""
    look.background.replay_soon(look.session)
    return Redirect(f"/series/{quote(look.params['id'])}")


def find_screen(look: Look) -> Page:
    """One find with its cases."""
    found = find_board(look.session, look.params["id"], purpose=look.purpose)
    find = found["find"]
    ids = [case["case_id"] for case in found["cases"]][:_LINKED]
    film = found["film"]
    return Page(
        "find.html",
        {
            "board": found,
            "find": find,
            "years": shown(_years(found)),
            "film": film,
            "strip": shown(_film(found)) if film else None,
            "work": look.background.works("replay"),
            "timeline": "/timeline?" + urlencode({"case": ids}, doseq=True),
            "map": "/map?" + urlencode({"case": ids}, doseq=True),
            "chart": "/chart?" + urlencode({"case": ids[:12]}, doseq=True),
            "cut": len(found["cases"]) - len(ids),
        },
        passing=not film and look.background.works("replay") == "running",
    )


def find_figure(look: Look) -> Download:
    """The years or the film strip of a find as SVG or PNG."""
    found = find_board(look.session, look.params["id"], purpose=look.purpose)
    wants_film = look.asked("which") == "film" and found["film"]
    svg = _film(found) if wants_film else _years(found)
    name = "film" if wants_film else "expected"
    about = origin_of(look, _title(found["find"]))
    return figure_file(look, svg, name, about, case_ids=found["find"]["cases"])


def find_table(look: Look) -> Download:
    """The cases of a find as CSV."""
    asked_format(look, "csv")
    found = find_board(look.session, look.params["id"], purpose=look.purpose)
    head = ["case", "source key", "title", "status", "date", "place"]
    rows = [
        [c["case_id"], c["source_key"], c["title"], c["status"], date_words(c["date"]), place_words(c["place"])]
        for c in found["cases"]
    ]
    left = len(found["find"]["cases"]) - len(rows)
    about = origin_of(look, _title(found["find"]), left_out=[f"{left} cases not shown"] if left else [])
    return table_file(look, head, rows, "find", about, case_ids=found["find"]["cases"])


def _title(find: Mapping[str, Any]) -> str:
    return f"suspected series: {find['victims']}, {find['method']}, {find['place']}, {find['from']} to {find['to']}"


def _years(found: Mapping[str, Any]) -> str:
    find = found["find"]
    years = [Year(y["year"], y["total"], y["unsolved"], y["expected"]) for y in found["years"]]
    begin, end = (int(find[name][:4]) if find[name] else None for name in ("from", "to"))
    return expected_observed(years, begin=begin, end=end, title="Unsolved killings expected and observed, by year")


def _film(found: Mapping[str, Any]) -> str:
    frames = [
        Frame(f["month"], f["count"], f["added"], f["alarm"], f"/case/{quote(f['case_id'])}")
        for f in found["film"]["frames"]
    ]
    return film_strip(frames, title="How the find grew, month by month")


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/series", finds_screen),
    ("POST", "/series/scan", start_scan),
    ("GET", "/series/table", finds_table),
    ("GET", "/series/{id}", find_screen),
    ("GET", "/series/{id}/figure", find_figure),
    ("GET", "/series/{id}/table", find_table),
    ("POST", "/series/{id}/replay", start_replay),
)
