"""Timelines: of one case from its statements, claims and papers, of two papers compared, and of a set of cases.

A vague date stays the interval that it is; what has no date is listed apart and never drawn at a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from thaw.casebook import accounts, conditions, find_case, no_such_case, read_case, unfolded
from thaw.casebook.hours import DAY, Hours, has_time_column, hours_of
from thaw.data import places
from thaw.errors import InputError
from thaw.record import PartialDate
from thaw.store import Where

from .book import Session
from .cases import case_document
from .claims import accounts_by_case
from .similar import feature_label

MOST = 2_000
# The words with which reports say it; the sentence must also hold the date.
_SEEN = re.compile(r"\b(?:last (?:seen|saw|heard|spoke)|seen alive|last known to be alive)\b", re.IGNORECASE)
_QUOTE = 220
_UNDATED = 200
_RUN, _RUNS = 4, 6  # days that one picture in hours holds; such pictures that are offered
Account = accounts.Account


def case_timeline(session: Session, case_id: str, *, purpose: str = "") -> dict[str, Any]:
    """Everything of one case that has a date, in lanes, and what has none.

    Each event: lane, label, first, last (ISO), begin and end (minutes after the beginning of these days, or None),
    kind (event, seen, differs, paper), note, document and page where it stands. Lanes: the record itself, claims of
    events, then the papers in the order of their dates. `hours` names the days of which most times are known.
    """
    view = session.look(purpose, detail={"command": "timeline"}, about=case_id)
    assert view.about is not None
    folded = case_document(view, read_case(view, view.about))
    told = accounts_by_case(session, view).get(view.about, [])
    events = [*_of_record(folded), *_of_claims(told)]
    undated: list[dict[str, Any]] = []
    for account in sorted(told, key=lambda a: (a.date.first.isoformat() if a.date else "9999", a.name)):
        found, without = _of_account(account)
        events += found
        undated += without
    lanes = list(dict.fromkeys(event["lane"] for event in events))
    return {
        "case": {name: folded[name] for name in ("case_id", "title", "invented", "date", "place")},
        "events": sorted(events, key=_in_time),
        "lanes": lanes,
        "hours": _days_with_hours(events),
        "undated": undated[:_UNDATED],
        "undated_left_out": max(0, len(undated) - _UNDATED),
        "papers": [{"document": a.document, "file": short_name(a.name)} for a in told],
    }


def compare_versions(session: Session, case_id: str, one: str, other: str, *, purpose: str = "") -> dict[str, Any]:
    """Two papers of a case side by side: what both claim, where they differ, and what only one of them says.

    Raises InputError for a case or a paper of it that is not there.
    """
    view = session.look(purpose, detail={"command": "timeline compare", "papers": [one, other]}, about=case_id)
    assert view.about is not None
    told = {account.document: account for account in accounts_by_case(session, view).get(view.about, [])}
    if one not in told or other not in told or one == other:
        raise InputError(
            where="papers",
            got="two papers that this case does not have",
            want="two different papers of this case",
            fix="Choose both from the list.",
        )
    pair = [told[one], told[other]]
    claims = [claim.to_json() for claim in accounts.claims_of(pair)]
    events = [event for account in pair for event in _of_account(account)[0]]
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
                yield _event(
                    "Record", f"{label}: {source['in_words']}", value, kind, f"said by {said}" if i == 0 else "but also"
                )


def _of_claims(told: Sequence[Account]) -> Iterator[dict[str, Any]]:
    for claim in accounts.claims_of(told) if told else ():
        data = claim.to_json()
        if data["kind"] == "date" and data["interval"]:
            kind = "differs" if data["conflicts_with"] else "event"
            many = data["independent_sources"]
            note = f"{data['standing'] or 'claim'}, {many} independent {'source' if many == 1 else 'sources'}"
            quote = data["quotes"][0]
            yield _event("Claims", data["subject"], data["interval"], kind, note, quote["document"], quote["page"])


def _of_account(account: Account) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Dates named in one paper with their sentences; times of day of sentences without a date are undated."""
    lane, events, undated, seen = short_name(account.name), [], [], set()
    column = has_time_column(account)
    if account.date is not None:
        events.append(_event(lane, "Written", account.date.to_json(), "paper", "", account.document, 1))
    for m in account.mentions:
        if m.kind not in ("date", "time"):
            continue
        sentence = account.sentence_of(m.start)
        quote = account.quote(sentence)[:_QUOTE]
        page = account.page_of(m.start)
        if m.kind == "date" and m.date is not None and m.role != "document":
            key = (m.date, m.start if column else sentence)
            if key not in seen and not (m.date == account.date and _HEAD.search(quote)):
                seen.add(key)
                kind = "seen" if _SEEN.search(quote) else "event"
                made = _event(
                    lane, _around(account, m, column=column), m.date.to_json(), kind, quote, account.document, page
                )
                events += [made | _at(one) for one in hours_of(account, m, column=column)] or [made]
        elif m.kind == "time" and not account.inside(*sentence, "date"):
            undated.append({"label": quote, "file": lane, "document": account.document, "page": page, "time": m.text})
    return events, undated


def _at(one: Hours) -> dict[str, Any]:
    return {
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "begin": one.begin,
        "end": one.end,
    }


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


_TRAILING = re.compile(
    r"(?:^|\s+)(?:(?:on|of|at|in|by|the|since|until|till|from|about|around|dated?|for|night|evening|morning|afternoon|day"
    r"|or about|between)\W*)+$",
    re.IGNORECASE,
)
_LINE, _CLAUSE = 12, 60  # letters before a date that are no clause by themselves, and those that are shown of one
# A head that says when a page was written: that stands there as the paper's own date.
_HEAD = re.compile(r"\bdate (?:of (?:this )?report|prepared|typed|written)\b|\breported by\b", re.IGNORECASE)


def _around(account: Account, m: Any, *, column: bool = False) -> str:
    """The words round a date without the date itself: what the label of the picture holds.

    A sentence may begin with the head of a page; then only the line of the date counts. column: a time behind the date
    is drawn and not said.
    """
    start, end = account.sentence_of(m.start)
    line = account.text.rfind("\n", start, m.start) + 1
    whole = re.sub(r"\s+", " ", account.text[start : m.start]).strip(" .,:;-")
    before = re.sub(r"\s+", " ", account.text[max(start, line) : m.start]).strip(" .,:;-")
    if not column and len(_TRAILING.sub("", before)) < _LINE <= len(whole):
        before = re.split(r"[.:;] ", whole)[-1][-_CLAUSE:].partition(" ")[2] if len(whole) > _CLAUSE else whole
    after = re.sub(r"\s+", " ", account.text[m.end : end]).strip(" .,:;-")
    if column:
        after = re.sub(r"^\d{4}\s+", "", after)
    both = " ".join(part for part in (_TRAILING.sub("", before), after) if part)
    return (both if len(both) > 3 else account.quote((start, end)))[:80]


def _event(
    lane: str,
    label: str,
    interval: Mapping[str, Any],
    kind: str,
    note: str = "",
    document: str | None = None,
    page: int | None = None,
) -> dict[str, Any]:
    return {
        "lane": lane,
        "label": label,
        "first": interval["from"],
        "last": interval["to"],
        "kind": kind,
        "note": note,
        "document": document,
        "page": page,
        "case_id": None,
        "begin": None,
        "end": None,
    }


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


def short_name(file: str) -> str:
    """The name of a file without the archives that it came in, and without its ending."""
    name = file.rpartition(" > ")[2]
    return re.sub(r"\.\w{1,5}$", "", name) or name


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
