"""Who dismissed or decided an alert, when, and in which entry: read back from the ledger for those that are listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from thaw.access import View
from thaw.store import Entry, Where

_MOST = 20_000


def with_deeds(view: View, alerts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The alerts of `thaw alerts`, each with `decided`: by, at and entry of what closed it; None while it is open."""
    closed = [one for one in alerts if one["state"] != "open"]
    deeds = _on_cases(view, closed) | _on_persons(view, closed)
    return [{**one, "decided": deeds.get(one["alert_id"]) if one["state"] != "open" else None} for one in alerts]


def _on_cases(view: View, alerts: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By alert the newest decision on its pair; a pair that was opened again has another alert."""
    name_of = {
        tuple(sorted((one["case_id"], one["other_case_id"]))): one["alert_id"] for one in alerts if not one["persons"]
    }
    cases = sorted({case_id for pair in name_of for case_id in pair})
    where = [Where("kind", "=", "link.decide"), Where("case_id", "in", cases)]
    found: dict[str, dict[str, Any]] = {}
    for entry in view.log(where, limit=_MOST) if cases else ():
        payload = entry.payload or {}
        pair = payload.get("scope", {}).get("case")
        # A decision on an incident is on no pair, and has no alert.
        name = name_of.get(tuple(sorted(pair))) if isinstance(pair, list) and not payload.get("incident") else None
        if name is not None:
            found.setdefault(name, _deed(entry))
    return found


def _on_persons(view: View, alerts: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    names = {one["alert_id"] for one in alerts if one["persons"]}
    found: dict[str, dict[str, Any]] = {}
    for entry in view.log([Where("kind", "=", "identify.propose")], limit=_MOST) if names else ():
        payload = entry.payload or {}
        if payload.get("action") == "dismiss" and payload.get("alert_id") in names:
            found.setdefault(payload["alert_id"], _deed(entry))
    return found


def _deed(entry: Entry) -> dict[str, Any]:
    return {"by": (entry.payload or {}).get("by"), "at": entry.leaf.at, "entry": entry.leaf.seq}
