"""The tables of what people decided about links, made from the entries alone: decisions, series, alerts, codings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from thaw.store import Entry, Rows, Table

DECISIONS = ("accept", "reject", "undecided")
_PAIR = {"one": "text", "other": "text"}
_CODED = ("case.create", "statement.add")


class Decisions:
    """Projection `decisions`: tables link_decisions, series_cases and codings."""

    name = "decisions"
    version = 1
    tables = (
        Table(
            "link_decisions",
            _PAIR
            | {"decision": "text", "fact": "text", "reason": "text", "by": "text", "at": "text", "seq": "integer"},
            ("one", "other"),
            (("other",),),
        ),
        Table("series_cases", {"series": "text", "case_id": "text", "seq": "integer"}, ("series", "case_id")),
        Table(
            "codings",
            {"case_id": "text", "field": "text", "coder": "text", "value": "text", "seq": "integer"},
            ("case_id", "field", "coder"),
        ),
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Keep the last decision on a pair, the cases of each series, and what each coder said last."""
        kind, payload, seq = entry.leaf.kind, entry.payload, entry.leaf.seq
        if payload is None:
            return
        if payload.get("incident") and kind == "link.decide":
            return  # of a case and an incident that is none: the casebook keeps it
        if kind == "link.decide" and payload.get("decision") in DECISIONS:
            one, other = sorted(payload["scope"]["case"])
            row = {"one": one, "other": other, "case_id": one, "seq": seq, "at": entry.leaf.at}
            rows.put("link_decisions", row | {k: payload.get(k) for k in ("decision", "fact", "reason", "by")})
        elif kind == "series.add":
            rows.put("series_cases", {"series": payload["series"], "case_id": payload["scope"]["case"], "seq": seq})
        elif kind == "series.remove":
            rows.remove("series_cases", [payload["series"], payload["scope"]["case"]])
        elif kind in _CODED:
            for row in _codings(payload):
                rows.put("codings", row | {"seq": seq})


class Alerts:
    """Projection `alerts`: one row per pair that was once alike enough to tell somebody.

    `alerts_told` has one row once a register was scored: up to which entry, and how many pairs that was taken for.
    """

    name = "alerts"
    version = 2
    tables = (
        Table(
            "alerts",
            {
                **_PAIR,
                "alert_id": "text",
                "saved": "text",
                "state": "text",
                "log10_bf": "real",
                "posterior": "real",
                "model": "text",
                "inputs": "text",
                "facts": "text",
                "raised_at": "text",
                "reason": "text",
                "seq": "integer",
            },
            ("one", "other"),
            (("other",), ("alert_id",)),
        ),
        Table("alerts_told", {"name": "text", "upto": "integer", "left": "integer", "pairs": "real"}, ("name",)),
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Raise, dismiss and settle alerts."""
        kind, payload = entry.leaf.kind, entry.payload
        if kind == "link.run" and payload is not None and payload.get("command") == "alerts on import":
            rows.put("alerts_told", {"name": "import"} | {name: payload[name] for name in ("upto", "left", "pairs")})
        if payload is None or kind not in ("link.propose", "link.decide") or payload.get("incident"):
            return
        one, other = sorted(payload["scope"]["case"])
        if kind == "link.propose":
            names = ("alert_id", "saved", "log10_bf", "posterior", "model", "inputs", "facts")
            row: dict[str, Any] = {name: payload[name] for name in names}
            row |= {"one": one, "other": other, "case_id": one, "state": "open", "seq": entry.leaf.seq}
            rows.put("alerts", row | {"raised_at": entry.leaf.at})
            return
        before = rows.get("alerts", [one, other])
        if before is not None:
            state = {"dismiss": "dismissed", "undecided": "open"}.get(payload["decision"], payload["decision"] + "ed")
            rows.put("alerts", before | {"state": state, "reason": payload.get("reason")})


def _codings(payload: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    coder = payload.get("source", {}).get("recorded_by") or payload.get("by")
    case_id = payload["subjects"].get("case")
    if not coder or not case_id:
        return
    for field, value in _said(payload["said"].get("case", ())).items():
        yield {"case_id": case_id, "field": field.partition(".")[2], "coder": coder, "value": value}


def manner_said(sayings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The fields of the coding set among packed sayings, unknown ones left out; a set is written `a|b`."""
    said = {field: value for field, value in _said(sayings).items() if field.startswith("mo.")}
    return {field.partition(".")[2]: value for field, value in said.items() if value != "unknown"}


def _said(sayings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for saying in sayings:
        if saying["p"].startswith("behaviours."):
            answer = {"denied": "no", "unknown": "unknown"}.get(saying.get("n", ""), "yes")
            found.setdefault(saying["p"], []).append(answer)
        elif saying["p"].startswith("mo."):
            value = saying.get("v")
            found.setdefault(saying["p"], []).append("unknown" if value is None else value["code"])
    # A set of codes is one value, in one order whatever the coder's was.
    return {field: "|".join(sorted(set(values))) for field, values in found.items()}
