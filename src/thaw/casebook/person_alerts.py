"""Alerts on a body and a missing person: an edit, a ruling or a new record moved the pair across the top ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thaw.access import View
from thaw.store import Entry, Rows, Table, Where

PERSON_ALERT = (
    *("alert_id", "state", "unidentified", "missing", "moved", "rank_before", "rank_after", "cause", "changed"),
    *("log10_support", "posterior", "model", "inputs", "facts", "raised_at", "reason", "seq"),
)
_REAL = ("log10_support", "posterior")
_WHOLE = ("rank_before", "rank_after", "seq")
_PAIR = ("unidentified", "missing")


def _kind(name: str) -> str:
    return "real" if name in _REAL else "integer" if name in _WHOLE else "text"


class PersonAlerts:
    """Projection `person_alerts`: the last alert on each pair, from entries `identify.propose`."""

    name = "person_alerts"
    version = 1
    tables = (
        Table(
            "person_alerts",
            {name: _kind(name) for name in PERSON_ALERT},
            key=_PAIR,
            indexes=(("alert_id",), ("missing",)),
        ),
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Raise an alert, or set it aside."""
        said = entry.payload
        if entry.leaf.kind != "identify.propose" or said is None:
            return
        if said["action"] == "dismiss":
            held = rows.get("person_alerts", [said[name] for name in _PAIR])
            if held is not None and held["alert_id"] == said["alert_id"]:
                rows.put("person_alerts", held | {"state": "dismissed", "reason": said["reason"]})
            return
        row: dict[str, Any] = {name: said.get(name) for name in PERSON_ALERT}
        row |= {"state": "open", "raised_at": entry.leaf.at, "seq": entry.leaf.seq, "reason": None}
        row |= {
            "changed": ",".join(said["changed"]),
            "case_id": next(iter(said.get("scope", {}).get("case", ())), None),
        }
        rows.put("person_alerts", row)


def person_alerts(view: View, where: Sequence[Where] = ()) -> list[dict[str, Any]]:
    """Visible alerts with the keys of PERSON_ALERT, newest first; `changed` is a list of fields."""
    found = view.select("person_alerts", PERSON_ALERT, where, order=["-seq", "alert_id"])
    listed = [dict(zip(PERSON_ALERT, row, strict=True)) for row in found]
    return [one | {"changed": [name for name in one["changed"].split(",") if name]} for one in listed]
