"""Which cases look like one: the ranked list with a bar per feature, what is missing, and what to look up next."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from thaw.casework.demo import INCIDENT
from thaw.casework.pair_board import query_side
from thaw.casework.similar import feature_label, similar
from thaw.data import data_path, read_json
from thaw.record import predicates

from .figures import origin_of, table_file
from .render import apart_words, factor, role_label, share, times_likelier
from .screen import Download, Look, Page, Screen

_TOP = 10
_HALF = 120  # half the width of a bar chart, in its own units
_CALIBRATION = {
    "uncalibrated: no labelled series; probabilities rest on elicited numbers": (
        "uncalibrated: no series of this book is known, so that they could be compared with what happened; they rest "
        "on the numbers of the model"
    )
}
_AS_RECORDED = ("place", "victim_age", "time")
Document = Mapping[str, Any]


def similar_screen(look: Look) -> Page:
    """The ranking for a case of the book."""
    if not look.background.can_compare():
        return soon(look)
    with look.background.comparing:
        found = similar(look.session, look.params["id"], top=_TOP, purpose=look.purpose)
    side = query_side(look.session, found["query"]["case_id"], purpose=look.purpose)
    return Page("similar.html", _shown(found) | _side(side, None))


def soon(look: Look) -> Page:
    """What stands in the place of a ranking while the cases are loaded: how far that is, and it asks again by itself.

    Of the case nothing is said, for nobody has looked at it yet.
    """
    return Page("similar_soon.html", {"again": look.address, "loaded": look.background.loaded}, passing=True)


def demo_screen(look: Look) -> Page:
    """The ranking for the packaged invented incident."""
    if not look.background.can_compare():
        return soon(look)
    with look.background.comparing:
        found = similar(look.session, incident=data_path(INCIDENT), top=_TOP, purpose=look.purpose)
    side = query_side(look.session, None, purpose=look.purpose)
    return Page("similar.html", _shown(found) | _side(side, read_json(INCIDENT)["narrative"]))


def similar_table(look: Look) -> Download:
    """The ranking as CSV."""
    with look.background.comparing:
        found = similar(look.session, look.params["id"], top=_TOP, purpose=look.purpose)
    head = ["rank", "case", "source key", "title", "log10 factor", "probability", "one in pairs", "decision"]
    rows = [
        [
            r[name]
            for name in ("rank", "case_id", "source_key", "title", "log10_bf", "posterior", "one_in_pairs", "decision")
        ]
        for r in found["results"]
    ]
    left = [f"{found['cases_searched'] - len(rows)} of {found['cases_searched']} cases searched"]
    about = origin_of(look, f"what looks like {found['query']['title']}", left_out=left)
    ids = [case for case in (found["query"]["case_id"], *(r["case_id"] for r in found["results"])) if case]
    return table_file(look, head, rows, "similar", about, case_ids=ids)


def _side(side: Document, story: str | None) -> dict[str, Any]:
    facts = [(role_label(name), words) for name, words in side["facts"]]
    alerts = [
        alert | {"theirs": alert["cases"][-1], "times": factor(alert["log10_bf"])}
        for alert in side["alerts"]
        if len(alert["cases"]) == 2
    ]
    return {"facts": facts, "alerts": alerts, "decided": side["decided"], "story": story}


def _shown(found: Document) -> dict[str, Any]:
    strongest = [abs(part["log10_bf"]) for result in found["results"] for part in result["parts"]]
    decades = max(1, math.ceil(max(strongest, default=0)))
    return {
        "alike": found,
        "results": [_result(result, decades) for result in found["results"]],
        "ticks": [_x(power, decades) for power in range(-decades, decades + 1)],
        "decades": decades,
        "calibration": _CALIBRATION.get(found["calibration"], found["calibration"]),
        "unlikely_all": found["expected_true"] < 0.5,
    }


def _result(result: Document, decades: int) -> dict[str, Any]:
    read = ("behaviours.", "mo.")  # known only where somebody read the file for them
    behaviours = {name.partition(".")[2] for name in predicates("case") if name.startswith(read)}
    return {
        "case": result,
        "times": times_likelier(result["log10_bf"]),
        "share": share(result["posterior"]),
        "log10_bf": f"{result['log10_bf']:+.1f}",
        "bars": [_bar(part, decades) for part in result["parts"]],
        "missing": [feature_label(name) for name in result["missing"] if name not in behaviours],
        "silent": [feature_label(name) for name in result["missing"] if name in behaviours],
        "next": result["ask_next_label"],
    }


def _bar(part: Document, decades: int) -> dict[str, Any]:
    """One row: the words of both cases, and a bar from the middle to the right (for) or to the left (against)."""
    start, end = sorted((float(_HALF), _x(part["log10_bf"], decades)))
    return {
        "label": part["label"],
        "ours": part["ours"],
        "theirs": part["theirs"],
        # One county is an area, and "24-30" a span: how far apart two in it lie is expected, not known.
        "apart": "in both"
        if part["feature"] in _AS_RECORDED and part["ours"] == part["theirs"]
        else apart_words(part["apart"]),
        "common": part["how_common_in_words"],
        "factor": factor(part["log10_bf"]),
        "side": "for" if part["log10_bf"] >= 0 else "against",
        "x": round(start, 1),
        "width": round(max(end - start, 1.0), 1),
    }


def _x(log10_bf: float, decades: int) -> float:
    return round(_HALF + _HALF * log10_bf / decades, 1)


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/demo", demo_screen),
    ("GET", "/case/{id}/similar", similar_screen),
    ("GET", "/case/{id}/similar/table", similar_table),
)
