"""Searches kept by name. New material that fits one raises an alert, one for each case, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.search import Conditions, find_texts, parse_query
from thaw.store import Where

from .book import Session
from .refusals import require_purpose
from .searching import engine_for, unit_keys

_SHOWN = 50


def save_search(session: Session, name: str, text: str, *, purpose: str) -> dict[str, Any]:
    """Keep a search by name; the answer of `thaw saved add`. Alerts come for what is taken in from now on.

    Raises InputError for a name that is empty or taken, and for a search that cannot be understood.
    """
    query = parse_query(text)
    require_purpose(session, purpose)
    name = name.strip()
    view = session.look(purpose, kind="access.list", detail={"command": "saved add"})
    if not name or name in _kept(view):
        got = "an empty name" if not name else f"the name {name!r}, which is taken"
        raise InputError(where="saved search", got=got, want="a new name", fix="Choose another name.")
    facts = {"name": name, "query": str(query), "words": query.in_words(), "purpose": purpose}
    session.book.store.append(session.draft("search.save", facts | {"upto": view.seq}))
    return {"name": name, "query": str(query), "query_in_words": query.in_words()}


def remove_search(session: Session, name: str) -> dict[str, Any]:
    """End a saved search; the answer of `thaw saved remove`. Its alerts stay."""
    view = session.look("", kind="access.list", detail={"command": "saved remove"})
    if name not in _kept(view):
        raise _unknown(name)
    session.book.store.append(session.draft("search.remove", {"name": name}))
    return {"name": name, "removed": True}


def saved_searches(session: Session, *, purpose: str = "") -> list[dict[str, Any]]:
    """All saved searches with their open alerts; the answer of `thaw saved list`."""
    view = session.look(purpose, kind="access.list", detail={"command": "saved list"})
    open_alerts = alerts(view, "search")
    return [
        {
            "name": name,
            "query": payload["query"],
            "query_in_words": payload["words"],
            "by": payload["by"],
            "purpose": payload["purpose"],
            "alerts": [alert for alert in open_alerts if alert["name"] == name],
        }
        for name, (_, payload) in _kept(view).items()
    ]


def check_saved(session: Session, *, purpose: str = "saved searches") -> dict[str, Any]:
    """Hold every saved search against the material that came since; the answer of `thaw saved run`.

    One alert for each search and case, with the pages that are new. Material raises the same alert once.
    """
    view = session.look(purpose, kind="access.search", detail={"command": "saved run"})
    kept = _kept(view)
    raised: list[dict[str, Any]] = []
    if not kept:
        return {"searches": 0, "raised": raised}
    engine = engine_for(session, view)
    for name, (since, payload) in kept.items():
        found = find_texts(engine, parse_query(payload["query"]), Conditions(view, engine.directory)).later_than(since)
        by_case: dict[str | None, list[str]] = {}
        units = found.units()
        names, numbers = engine.directory.values("case_id"), engine.directory.numbers("case_id")
        keys = unit_keys(engine, units)
        for unit in units:
            by_case.setdefault(names[numbers[unit]], []).append(keys[unit])
        for case_id, hits in sorted(by_case.items(), key=lambda item: item[0] or ""):
            facts = {"about": "search", "name": name, "query": payload["query"], "upto": engine.directory.seq}
            facts |= {"scope": {"case": case_id} if case_id else {}, "hits": hits[:_SHOWN], "total": len(hits)}
            seq = session.book.store.append(session.draft("alert.raise", facts)).result[0]
            raised.append({"alert": seq, "name": name, "case_id": case_id, "total": len(hits), "hits": hits[:_SHOWN]})
    return {"searches": len(kept), "raised": raised}


def alerts(view: View, about: str) -> list[dict[str, Any]]:
    """Open alerts of one sort that this view sees, oldest first."""
    found: dict[int, dict[str, Any]] = {}
    where = [Where("kind", "in", ["alert.raise", "alert.dismiss", "alert.reopen"])]
    shut: dict[int, bool] = {}
    for entry in reversed(view.log(where, limit=1_000_000)):
        payload = entry.payload or {}
        if entry.leaf.kind == "alert.raise" and payload.get("about") == about:
            facts = {k: payload.get(k) for k in ("name", "query", "total", "hits", "crossing")}
            found[entry.leaf.seq] = facts | {
                "alert": entry.leaf.seq,
                "at": entry.leaf.at,
                "scope": payload.get("scope", {}),
            }
        elif entry.leaf.kind != "alert.raise":
            shut[int(payload.get("alert", -1))] = entry.leaf.kind == "alert.dismiss"
    return [alert for seq, alert in found.items() if not shut.get(seq)]


def dismiss_alert(session: Session, alert: int, *, reason: str) -> dict[str, Any]:
    """Dismiss an alert with a reason; the answer of `thaw saved dismiss`.

    Raises InputError, in the same words, for an alert that does not exist and for one that may not be seen.
    """
    view = session.look(reason, kind="access.list", detail={"command": "dismiss"})
    known = [one for sort in ("search", "crossing") for one in alerts(view, sort) if one["alert"] == alert]
    if not known or not reason.strip():
        got = repr(alert) if not known else "no reason"
        raise InputError(
            where="alert", got=got, want="an open alert and why it is dismissed", fix="See `thaw saved list`."
        )
    facts = {"alert": alert, "reason": reason, "scope": known[0]["scope"]}
    session.book.store.append(session.draft("alert.dismiss", facts))
    return {"alert": alert, "dismissed": True}


def _kept(view: View) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """Saved searches by name, each with the last entry that was held against it."""
    kept: dict[str, tuple[int, Mapping[str, Any]]] = {}
    where = [Where("kind", "in", ["search.save", "search.remove", "alert.raise"])]
    for entry in reversed(view.log(where, limit=1_000_000)):
        payload = entry.payload
        if payload is None:
            continue
        name = payload.get("name", "")
        if entry.leaf.kind == "search.save":
            kept[name] = (payload["upto"], payload)
        elif entry.leaf.kind == "search.remove":
            kept.pop(name, None)
        elif name in kept and payload.get("about") == "search":
            kept[name] = (max(kept[name][0], payload["upto"]), kept[name][1])
    return kept


def _unknown(name: str) -> InputError:
    return InputError(
        where="saved search", got=repr(name), want="the name of a saved search", fix="See `thaw saved list`."
    )
