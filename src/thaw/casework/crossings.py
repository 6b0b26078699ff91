"""What two cases share: telephone, plate, number, address, vehicle, name. Shown, watched, dismissed with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.search import LEAST_WEIGHT, BookEngine, Crossing, Spot, ValueReader, crossings, name_value, read_values
from thaw.store import Where

from .book import Session
from .crossing_mentions import as_decided
from .crossing_offices import Offices
from .saved_searches import alerts
from .searching import case_titles, engine_for

_KINDS_READ = ("page", "record", "name")
_AT_ONCE = 1_000
_SENTENCE_END = re.compile(r"[.!?][\"')\]]?\s|\n\s*\n")
_MOST_SENTENCE = 300
_READERS: tuple[ValueReader, ...] = (read_values,)


@dataclass
class _Kept:
    """Values that were read from texts, by kind and normal form; new texts are added as they come."""

    upto: int = -1
    values: dict[tuple[str, str], list[Spot]] = field(default_factory=dict)
    cases: set[str] = field(default_factory=set)
    # Two who ask at once must not both take in the same texts, nor count while the other does.
    one: Lock = field(default_factory=Lock)


def look_for_crossings(session: Session, case_id: str | None, *, purpose: str = "") -> View:
    """The look at what cases share; a screen that waits for the first reading of all texts has it already."""
    return session.look(purpose, kind="access.list", detail={"command": "crossings"}, about=case_id)


def list_crossings(
    session: Session, *, case_id: str | None = None, purpose: str = "", top: int = 100, everything: bool = False
) -> dict[str, Any]:
    """Values that stand in two or more visible cases, the least ordinary first; the answer of `thaw crossings`.

    case_id     only those of this case (id or source key)
    everything  ordinary and dismissed ones too
    Each has the sentence around the value once for each case, side by side.
    """
    view = look_for_crossings(session, case_id, purpose=purpose)
    engine = engine_for(session, view)
    found = _found(session, view, engine)
    gone = _dismissed(view)
    chosen = []
    for crossing in found:
        cases = {spot.case_id for spot in crossing.spots}
        name = crossing_id(session, crossing)
        dismissed = name in gone and cases <= gone[name][0]
        hidden = not everything and (dismissed or crossing.weight < LEAST_WEIGHT)
        if not hidden and (view.about is None or view.about in cases):
            chosen.append((name, crossing, gone[name][1] if dismissed else None))
    shown = chosen[:top]
    titles = case_titles(view, sorted({s.case_id for _, crossing, _ in shown for s in crossing.spots}))
    bodies = engine.bodies([spot.text for _, crossing, _ in shown for spot in _one_each(crossing, view.about)])
    count = len(_kept(session, view).cases)
    documents = [_document(name, c, reason, engine, bodies, titles, view.about, count) for name, c, reason in shown]
    return {"cases_compared": count, "total": len(chosen), "crossings": documents}


def watch_crossings(session: Session, *, purpose: str = "crossings") -> dict[str, Any]:
    """Raise an alert for every crossing that nobody was told of yet; the answer of `thaw crossings --watch`.

    An alert belongs to all cases of the crossing: who may not see one of them does not see the alert. A crossing that a
    further case joins is told of again.
    """
    view = session.look(purpose, kind="access.list", detail={"command": "crossings --watch"})
    engine = engine_for(session, view)
    told: dict[str, set[str]] = {}
    for entry in view.log([Where("kind", "=", "alert.raise")], limit=1_000_000):
        payload = entry.payload or {}
        if payload.get("about") == "crossing":
            told.setdefault(payload["crossing"], set()).update(payload["scope"]["case"])
    for name, (cases, _) in _dismissed(view).items():
        told.setdefault(name, set()).update(cases)
    raised = []
    for crossing in _found(session, view, engine):
        cases = {spot.case_id for spot in crossing.spots}
        name = crossing_id(session, crossing)
        if crossing.weight < LEAST_WEIGHT or cases <= told.get(name, set()):
            continue
        facts = {
            "about": "crossing",
            "crossing": name,
            "name": f"{crossing.kind} {crossing.value}",
            "total": len(cases),
        }
        facts["scope"] = {"case": sorted(cases)}
        seq = session.book.store.append(session.draft("alert.raise", facts)).result[0]
        raised.append({"alert": seq, "crossing": name, "kind": crossing.kind, "value": crossing.value})
    return {"raised": raised}


def dismiss_crossing(session: Session, crossing: str, *, reason: str) -> dict[str, Any]:
    """Dismiss a crossing for the cases that it joins now; the answer of `thaw crossings --dismiss`.

    Raises InputError, in the same words, for a crossing that is not there and for one that may not be seen.
    """
    view = session.look(reason, kind="access.list", detail={"command": "crossings --dismiss"})
    engine = engine_for(session, view)
    found = next((c for c in _found(session, view, engine) if crossing_id(session, c) == crossing), None)
    if found is None or not reason.strip():
        got = repr(crossing[:40]) if found is None else "no reason"
        want = "a crossing of `thaw crossings` and why it is dismissed"
        raise InputError(where="crossing", got=got, want=want, fix="Take its id from the list.")
    cases = sorted({spot.case_id for spot in found.spots})
    facts = {"crossing": crossing, "reason": reason, "scope": {"case": cases}}
    open_alerts = [one["alert"] for one in alerts(view, "crossing") if one["crossing"] == crossing]
    for alert in open_alerts or [-1]:
        session.book.store.append(session.draft("alert.dismiss", facts | {"alert": alert}))
    return {"crossing": crossing, "kind": found.kind, "value": found.value, "cases": cases, "dismissed": True}


def crossing_id(session: Session, crossing: Crossing) -> str:
    """The name of a crossing: the same value has the same one, and it tells nothing without the book."""
    return "x_" + session.book.store.fingerprint("crossing", crossing.kind, crossing.value).hex()[:16]


def _found(session: Session, view: View, engine: BookEngine) -> list[Crossing]:
    kept = _kept(session, view)
    with kept.one:
        _catch_up(kept, view, engine)
        return crossings(as_decided(view, engine, kept.values), len(kept.cases), _one_killing(view))


def _kept(session: Session, view: View) -> _Kept:
    """The values of all visible texts as far as they were read."""
    store: dict[Any, _Kept] = session.book.cache.setdefault("values", {})
    key = (view.visible, view.generation())
    kept = store.setdefault(key, _Kept())
    for old in [k for k in list(store) if k[0] == view.visible and k != key]:
        store.pop(old, None)
    return kept


def _catch_up(kept: _Kept, view: View, engine: BookEngine) -> None:
    """Read the texts that came since the last look."""
    directory = engine.directory
    if kept.upto >= directory.seq:
        return
    mask = directory.where("kind", _KINDS_READ) & (directory.entry > kept.upto)
    new = [int(i) for i in mask.nonzero()[0]]
    if kept.upto >= 0:
        _forget(kept, directory.there())
    cases, documents, kinds = (directory.values(name) for name in ("case_id", "document_id", "kind"))
    offices = Offices(view)
    for start in range(0, len(new), _AT_ONCE):
        for i, body in engine.bodies(new[start : start + _AT_ONCE]).items():
            case_id = cases[directory.numbers("case_id")[i]]
            if case_id is None:
                continue
            kept.cases.add(case_id)
            document = documents[directory.numbers("document_id")[i]]
            text_kind = kinds[directory.numbers("kind")[i]]
            for kind, normal, first, last in _values(body, text_kind == "name"):
                if text_kind == "record" and kind == "name" and offices.hold(case_id, body, first, last):
                    continue
                kept.values.setdefault((kind, normal), []).append(Spot(case_id, i, document, first, last))
    kept.upto = directory.seq


def _forget(kept: _Kept, there: Any) -> None:
    """Leave out the values of texts that were replaced."""
    for key, spots in list(kept.values.items()):
        left = [spot for spot in spots if there[spot.text]]
        if left:
            kept.values[key] = left
        else:
            del kept.values[key]


def _values(body: str, is_name: bool) -> Iterable[tuple[str, str, int, int]]:
    if is_name:
        place = 0
        for line in body.split("\n"):
            if value := name_value(line):
                yield "name", value.normal, place, place + len(line)
            place += len(line) + 1
        return
    for reader in _READERS:
        for value in reader(body):
            yield value.kind, value.normal, value.start, value.end


def _one_killing(view: View) -> list[frozenset[str]]:
    """Cases of one incident, and cases that were accepted as the same."""
    groups: dict[str, set[str]] = {}
    for case_id, incident in view.select("cases", ["case_id", "incident_id"], [Where("incident_id", "known")]):
        groups.setdefault(incident, set()).add(case_id)
    for one, other in view.select("same_case", ["one", "other"], [Where("status", "=", "accept")]):
        joined = [key for key, group in groups.items() if one in group or other in group]
        groups[f"same {one}"] = {one, other}.union(*(groups.pop(key) for key in joined))
    return [frozenset(group) for group in groups.values() if len(group) > 1]


def _dismissed(view: View) -> dict[str, tuple[set[str], str]]:
    """Crossings that were dismissed: the cases for which, and the last reason."""
    gone: dict[str, tuple[set[str], str]] = {}
    for entry in reversed(view.log([Where("kind", "=", "alert.dismiss")], limit=1_000_000)):
        payload = entry.payload or {}
        if "crossing" in payload:
            cases = gone.get(payload["crossing"], (set(), ""))[0]
            gone[payload["crossing"]] = (cases | set(payload["scope"]["case"]), payload["reason"])
    return gone


def _one_each(crossing: Crossing, about: str | None) -> list[Spot]:
    """One place for each case, the case that is asked about first."""
    first: dict[str, Spot] = {}
    for spot in crossing.spots:
        first.setdefault(spot.case_id, spot)
    return sorted(first.values(), key=lambda spot: spot.case_id != about)


def _document(
    name: str,
    crossing: Crossing,
    reason: str | None,
    engine: BookEngine,
    bodies: dict[int, str],
    titles: Any,
    about: Any,
    case_count: int,
) -> dict[str, Any]:
    directory = engine.directory
    places = []
    for spot in _one_each(crossing, about):
        body = bodies.get(spot.text, "")
        sentence, mark = _sentence(body, spot.start, spot.end)
        title, invented = titles.get(spot.case_id, (None, None))
        page = int(directory.page[spot.text]) or None
        source = directory.values("source")[directory.numbers("source")[spot.text]]
        place = {"case_id": spot.case_id, "case_title": title, "invented": invented, "document": spot.document}
        places.append(place | {"page": page, "source": source, "sentence": sentence, "marks": [list(mark)]})
    return {
        "crossing": name,
        "kind": crossing.kind,
        "value": crossing.value,
        "forms": list(crossing.forms),
        "weight": crossing.weight,
        "how_ordinary": _how_ordinary(crossing, case_count),
        "dismissed": reason,
        "places": places,
    }


def _how_ordinary(crossing: Crossing, case_count: int) -> str:
    """How many cases hold the value, and how many would for no reason: never one in more cases than there are."""
    many = 10**crossing.weight
    held = f"in {crossing.cases} of {case_count:,} cases"
    if many >= case_count:
        return f"{held}; by chance hardly any other of them would hold it"
    return f"{held}; by chance about 1 case in {float(f'{many:.2g}'):,.0f} would hold it"


def _sentence(body: str, start: int, end: int) -> tuple[str, tuple[int, int]]:
    """The sentence around a place, at most 300 characters, and where the place is in it."""
    before = [found.end() for found in _SENTENCE_END.finditer(body, 0, start)]
    first = max(before[-1] if before else 0, start - _MOST_SENTENCE // 2)
    after = _SENTENCE_END.search(body, end)
    last = min(after.start() + 1 if after else len(body), end + _MOST_SENTENCE // 2)
    sentence = body[first:last]
    shift = len(sentence) - len(sentence.lstrip())
    return sentence.strip(), (start - first - shift, end - first - shift)
