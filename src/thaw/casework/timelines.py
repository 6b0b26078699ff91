"""Timelines: of one case from its statements, claims and papers, of two papers compared, and of a set of cases.

A vague date stays the interval that it is; what has no date is listed apart and never drawn at a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from thaw.access import View
from thaw.casebook import accounts, conditions, find_case, no_such_case, read_case, unfolded
from thaw.casebook.hours import DAY
from thaw.data import places
from thaw.errors import InputError
from thaw.record import PartialDate
from thaw.store import Where

from .book import Session
from .cases import case_document
from .claims import accounts_among
from .compared import papers_compared
from .dated import dated_event, events_of, short_name
from .papers_apart import ask, is_long
from .similar import feature_label

MOST = 2_000
_UNDATED = 200
_RUN, _RUNS = 4, 6  # days that one picture in hours holds; such pictures that are offered


def case_timeline(
    session: Session, case_id: str, *, purpose: str = "", kept_only: bool = False
) -> dict[str, Any] | None:
    """Everything of one case that has a date, in lanes, and what has none.

    kept_only  None when the papers would have to be compared first, which takes a while for thousands of pages

    Each event: lane, label, first, last (ISO), begin and end (minutes after the beginning of these days, or None),
    kind (event, seen, differs, paper), note, document and page where it stands. Lanes: the record itself, claims of
    events, then the papers in the order of their dates. `hours` names the days of which most times are known.
    """
    view = session.look(purpose, detail={"command": "timeline"}, about=case_id)
    assert view.about is not None
    folded = case_document(view, read_case(view, view.about))
    told = papers_compared(session, view, "dated", kept_only=kept_only)
    claims = papers_compared(session, view, "claims", kept_only=kept_only)
    if told is None or claims is None:
        return None
    events = [*_of_record(folded), *_of_claims(claims), *told["events"]]
    lanes = list(dict.fromkeys(event["lane"] for event in events))
    return {
        "case": {name: folded[name] for name in ("case_id", "title", "invented", "date", "place")},
        "events": sorted(events, key=_in_time),
        "lanes": lanes,
        "hours": _days_with_hours(events),
        **{name: told[name] for name in ("undated", "undated_left_out", "papers")},
    }


def compare_versions(session: Session, case_id: str, one: str, other: str, *, purpose: str = "") -> dict[str, Any]:
    """Two papers of a case side by side: what both claim, where they differ, and what only one of them says.

    Raises InputError for a case or a paper of it that is not there.
    """
    view = session.look(purpose, detail={"command": "timeline compare", "papers": [one, other]}, about=case_id)
    assert view.about is not None
    pair = {"one": one, "other": other}
    if is_long(view):
        return dict(ask(session, [view], "versions", pair))
    return answer_versions(session, [view], pair)


def answer_versions(session: Session, views: Sequence[View], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Two papers compared, `one` and `other`; in the process that compares long cases too."""
    (view,) = views
    one, other = asked["one"], asked["other"]
    told = {account.document: account for account in accounts_among(session, view, [one, other])}
    if one not in told or other not in told or one == other:
        raise InputError(
            where="papers",
            got="two papers that this case does not have",
            want="two different papers of this case",
            fix="Choose both from the list.",
        )
    pair = [told[one], told[other]]
    claims = [claim.to_json() for claim in accounts.claims_of(pair)]
    events = [event for account in pair for event in events_of(account)[0]]
    conflicts = {claim["claim_id"] for claim in claims if claim["conflicts_with"]}
    days = {c["interval"]["from"] for c in claims if c["claim_id"] in conflicts and c.get("interval")}
    for event in events:
        if event["first"] in days:
            event["kind"] = "differs"
    return {
        "one": {"document": one, "file": short_name(told[one].name)},
        "other": {"document": other, "file": short_name(told[other].name)},
        "events": sorted(events, key=_in_time),
        "lanes": [short_name(account.name) for account in pair],
        "rows": list(_rows(claims, one, other)),
    }


def cases_timeline(
    session: Session,
    *,
    where: Sequence[str] = (),
    case_ids: Sequence[str] = (),
    lanes_by: str = "place",
    purpose: str = "",
) -> dict[str, Any]:
    """A set of cases on one timeline, at most 2,000; what was left out and what has no date is counted.

    lanes_by  place (county), weapon or status. The twelve lanes with most cases are drawn apart, the others together
    Raises InputError for a condition that cannot be read or a case that is not there.
    """
    chosen = conditions(where)
    detail = {"command": "timeline", "where": list(where), "asked": list(case_ids)}
    first = (lambda seen: find_case(seen, case_ids[0])) if case_ids else None
    view = session.look(purpose, kind="access.list", detail=detail, find=first)
    if case_ids:
        ids = [find_case(view, text) for text in case_ids]
        if None in ids:
            raise no_such_case(case_ids[ids.index(None)])
        chosen = [*chosen, Where("case_id", "in", [case_id for case_id in ids if case_id])]
    chosen = [*chosen, unfolded(view)]
    columns = ["case_id", "title", "invented", "date_from", "date_to", "place_county_fips", "place_state", "weapon"]
    columns.append("offender_known")
    total = view.count("cases", chosen)
    rows = view.select("cases", columns, chosen, order=["date_from", "first_seq"], limit=MOST)
    cases = [dict(zip(columns, row, strict=True)) for row in rows]
    dated = [case for case in cases if case["date_from"] and case["date_to"]]
    lane_of = _lanes_of(dated, lanes_by)
    return {
        "total": total,
        "events": [_of_case(case, lane_of[case["case_id"]]) for case in dated],
        "lanes": list(dict.fromkeys(sorted(lane_of.values(), key=lambda lane: (lane == _OTHERS, lane)))),
        "undated": [{"label": c["title"], "case_id": c["case_id"]} for c in cases if not c["date_from"]][:_UNDATED],
        "left_out": total - len(cases),
    }


_OTHERS = "Other"
_SHOWN_LANES = 12


def _lanes_of(cases: Sequence[Mapping[str, Any]], lanes_by: str) -> dict[str, str]:
    named = {case["case_id"]: _lane(case, lanes_by) for case in cases}
    count: dict[str, int] = {}
    for lane in named.values():
        count[lane] = count.get(lane, 0) + 1
    largest = sorted(count, key=lambda lane: (-count[lane], lane))[:_SHOWN_LANES]
    return {case_id: lane if lane in largest else _OTHERS for case_id, lane in named.items()}


def _lane(case: Mapping[str, Any], lanes_by: str) -> str:
    if lanes_by == "weapon":
        return f"Weapon {case['weapon'] or 'not known'}"
    if lanes_by == "status":
        return {"yes": "Offender known when reported", "no": "Offender not known"}.get(
            case["offender_known"], "Not said"
        )
    county = places.county(case["place_county_fips"]) if case["place_county_fips"] else None
    return f"{county.name}, {county.state}" if county else case["place_state"] or "Place not known"


def _of_case(case: Mapping[str, Any], lane: str) -> dict[str, Any]:
    return {
        "lane": lane,
        "label": case["title"],
        "first": case["date_from"],
        "last": case["date_to"],
        "kind": "event",
        "note": "invented" if case["invented"] == "yes" else "",
        "case_id": case["case_id"],
        "document": None,
        "page": None,
        "begin": None,
        "end": None,
    }


def _of_record(case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Dates of the case's own statements, what disagrees included."""
    for statement in case["statements"]:
        values = [statement["preferred"], *statement["conflicts"]] if statement["preferred"] else []
        for i, source in enumerate(values):
            value = source["value"]
            if isinstance(value, Mapping) and "precision" in value and value.get("from"):
                label = feature_label(statement["predicate"])
                said = source["said_by"] or source["recorded_by"] or "not said"
                kind = "differs" if statement["conflicts"] else "event"
                yield dated_event(
                    "Record", f"{label}: {source['in_words']}", value, kind, f"said by {said}" if i == 0 else "but also"
                )


def _of_claims(claims: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for data in claims:
        if data["kind"] == "date" and data["interval"]:
            kind = "differs" if data["conflicts_with"] else "event"
            many = data["independent_sources"]
            note = f"{data['standing'] or 'claim'}, {many} independent {'source' if many == 1 else 'sources'}"
            quote = data["quotes"][0]
            yield dated_event("Claims", data["subject"], data["interval"], kind, note, quote["document"], quote["page"])


def _in_time(event: Mapping[str, Any]) -> tuple[Any, ...]:
    return event["first"], event["begin"] or 0, event["last"]


def _days_with_hours(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Runs of days of which times are known, those with most events first; each with its first and last day."""
    days = Counter(event["first"] for event in events if event["begin"] is not None)
    runs: list[list[date]] = []
    for day in sorted(date.fromisoformat(text) for text in days):
        if runs and (day - runs[-1][-1]).days == 1 and len(runs[-1]) < _RUN:
            runs[-1].append(day)
        else:
            runs.append([day])
    counted = sorted((-sum(days[day.isoformat()] for day in run), run) for run in runs)[:_RUNS]
    return [{"first": run[0].isoformat(), "last": run[-1].isoformat(), "events": -many} for many, run in counted]


def _rows(claims: Sequence[Mapping[str, Any]], one: str, other: str) -> Iterator[dict[str, Any]]:
    """One row per thing: what the first says, what the second says, and whether they agree or differ."""
    by_id = {claim["claim_id"]: claim for claim in claims}
    done: set[str] = set()
    for claim in claims:
        if claim["claim_id"] in done:
            continue
        group = [claim, *(by_id[c] for c in claim["conflicts_with"] if c in by_id)]
        done |= {c["claim_id"] for c in group}
        left = [c for c in group if one in c["documents"]]
        right = [c for c in group if other in c["documents"]]
        same = any(c in right for c in left)
        state = "differs" if left and right and not same else "same" if same else "only one"
        yield {"subject": claim["subject"], "kind": claim["kind"], "one": left, "other": right, "state": state}


def parse_day(text: str) -> date:
    """A day of an event."""
    return date.fromisoformat(text)


_CLOCK = re.compile(r"^(.+?)(?:\s+|T)([01]?\d|2[0-4]):?([0-5]\d)(?:\s*h(?:rs|ours)?)?$", re.IGNORECASE)


def window_of(text: str) -> tuple[date, date, int, int] | None:
    """What is to be drawn, from words such as "March 1984", "1984..1985" or "1984-03-11 20:00..1984-03-12 06:00".

    Returns first and last day, the minute of the first from which and of the last until which; None for an empty text.
    Raises InputError for words that are no date.
    """
    if not text.strip():
        return None
    first, _, last = text.partition("..")
    one, begin = _moment(first)
    two, end = _moment(last) if last.strip() else (one, None)
    # One moment alone is where a day begins to be drawn.
    until = DAY if end is None else end
    if (two.last, until) <= (one.first, begin or 0):
        raise InputError(where="timeline", got=repr(text[:60]), want="dates in order", fix="Swap them.")
    return one.first, two.last, begin or 0, until


def _moment(text: str) -> tuple[PartialDate, int | None]:
    timed = _CLOCK.match(text.strip())
    if timed:
        try:
            day = PartialDate.parse(timed[1])
        except InputError:
            day = None
        if day is not None and day.first == day.last:
            return day, min(int(timed[2]) * 60 + int(timed[3]), DAY)
    return PartialDate.parse(text.strip()), None
