"""Versions of a link chart that somebody kept: which cases, what was shown, where pinned nodes stand. Entries all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from thaw.casebook import find_case, no_such_case
from thaw.errors import InputError
from thaw.store import Where

from .book import Session

_MOST_PINS = 300
_LONGEST = 120


def keep_chart(
    session: Session,
    name: str,
    case_ids: Sequence[str],
    *,
    pins: Mapping[str, Sequence[float]],
    shown: Mapping[str, str],
    purpose: str = "",
) -> dict[str, Any]:
    """Keep a version of a chart as an entry; nothing is overwritten, the newest of a name stands first.

    pins   places of nodes from 0 to 1
    shown  the choices of the screen (kinds, around, steps), as they stand in its address
    Raises InputError for a case that is not there, no name, or places that are none.
    """
    if not name.strip() or len(name) > _LONGEST:
        raise InputError(where="chart, name", got=repr(name[:40]), want="a short name", fix="Say what the chart shows.")
    held = {str(key): [round(float(x), 4) for x in place] for key, place in pins.items()}
    wrong = [p for p in held.values() if len(p) != 2 or not all(math.isfinite(x) and 0 <= x <= 1 for x in p)]
    if len(held) > _MOST_PINS or wrong:
        raise InputError(
            where="chart, places",
            got=f"{len(held)} places",
            want=f"at most {_MOST_PINS}, each two numbers from 0 to 1",
            fix="Move the nodes on the chart, then keep it again.",
        )
    ids = []
    for case_id in case_ids:
        view = session.look(purpose, detail={"command": "chart keep"}, about=case_id)
        ids.append(str(view.about))
    # No numbers with fractions in an entry: places go in as ten-thousandths.
    places = {key: [round(x * 10_000) for x in place] for key, place in held.items()}
    payload = {"command": "chart", "name": name.strip(), "pins": places, "shown": dict(shown), "purpose": purpose}
    # Every case on the picture is named, not only those it began with: who may not see one of them sees no version.
    drawn = (
        {row[0] for row in view.select("cases", ["case_id"], [Where("case_id", "in", list(held))])} if held else set()
    )
    payload |= {"cases": ids, "scope": {"case": sorted({*ids, *drawn})}}
    entry = session.book.store.append(session.draft("report.make", payload)).result[0]
    return {"entry": entry, "name": name.strip()}


def chart_versions(session: Session, case_id: str, *, purpose: str = "") -> list[dict[str, Any]]:
    """Kept charts that hold a visible case, newest first; those that also hold a hidden case are absent."""
    view = session.look(purpose, kind="access.list", detail={"command": "chart versions"}, about=case_id)
    if view.about is None or find_case(view, view.about) is None:
        raise no_such_case(case_id)
    found = []
    for entry in view.log([Where("kind", "=", "report.make"), Where("case_id", "=", view.about)], limit=1_000):
        payload = entry.payload or {}
        if payload.get("command") == "chart":
            found.append(
                {
                    "entry": entry.leaf.seq,
                    "at": entry.leaf.at,
                    "by": payload.get("by"),
                    "name": payload["name"],
                    "cases": payload.get("cases") or payload["scope"]["case"],
                    "shown": payload["shown"],
                    "pins": {key: (x / 10_000, y / 10_000) for key, (x, y) in payload["pins"].items()},
                }
            )
    return found
