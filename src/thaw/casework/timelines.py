"""Timelines: of one case from its statements, claims and papers, of two papers compared, and of a set of cases.

A vague date stays the interval that it is; what has no date is listed apart and never drawn at a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from thaw.casebook import accounts, conditions, find_case, no_such_case, read_case, unfolded
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
Account = accounts.Account


def case_timeline(session: Session, case_id: str, *, purpose: str = "") -> dict[str, Any]:
    """Everything of one case that has a date, in lanes, and what has none.

    Each event: lane, label, first, last (ISO), kind (event, seen, differs, paper), note, document and page where it
    stands. Lanes: the record itself, claims of events, then the papers in the order of their dates.
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
        "events": sorted(events, key=lambda e: (e["first"], e["last"])),
        "lanes": lanes,
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
        "events": sorted(events, key=lambda e: (e["first"], e["last"])),
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
    if account.date is not None:
        events.append(_event(lane, "Written", account.date.to_json(), "paper", "", account.document, 1))
    for m in account.mentions:
        if m.kind not in ("date", "time"):
            continue
        sentence = account.sentence_of(m.start)
        quote = account.quote(sentence)[:_QUOTE]
        page = account.page_of(m.start)
        if m.kind == "date" and m.date is not None and m.role != "document":
            key = (m.date, sentence)
            if key not in seen:
                seen.add(key)
                kind = "seen" if _SEEN.search(quote) else "event"
                times = [t.text for t in account.inside(*sentence, "time")]
                note = quote + (f" ({', '.join(times)})" if times else "")
                events.append(_event(lane, _around(account, m), m.date.to_json(), kind, note, account.document, page))
        elif m.kind == "time" and not account.inside(*sentence, "date"):
            undated.append({"label": quote, "file": lane, "document": account.document, "page": page, "time": m.text})
    return events, undated


def _around(account: Account, m: Any) -> str:
    """A few words after the date, else before it: what the label of the picture holds."""
    start, end = account.sentence_of(m.start)
    after = re.sub(r"\s+", " ", account.text[m.end : end]).strip(" .,:;-")
    before = re.sub(r"\s+", " ", account.text[start : m.start]).strip(" .,:;-")
    return (after if len(after) > 8 else before or after or m.text)[:80]


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


def window_of(text: str) -> tuple[date, date] | None:
    """What is to be drawn, from words such as "March 1984" or "1984..1985"; None for an empty text.

    Raises InputError for words that are no date.
    """
    if not text.strip():
        return None
    first, _, last = text.partition("..")
    one = PartialDate.parse(first.strip())
    two = PartialDate.parse(last.strip()) if last.strip() else one
    if two.last < one.first:
        raise InputError(where="timeline", got=repr(text[:60]), want="dates in order", fix="Swap them.")
    return one.first, two.last
