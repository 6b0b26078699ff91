"""Proposals that two cases are one killing: made when cases come in, listed, and decided by a person with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from thaw.access import View
from thaw.casebook.incidents import incident_decisions
from thaw.casebook.same_case import WINDOW_DAYS, Candidate, CaseRecord, SameCase
from thaw.data import places
from thaw.data.places.agencies import counties_of_city, is_state_alone, place_of_agency
from thaw.data.places.towns import find_towns
from thaw.errors import InputError
from thaw.store import Transaction, Where

from .book import Session
from .incident_decisions import case_and_incident, decide_on_incident
from .same_case_decision import decide_same_case, undo_same_case

_BATCH = 500
_AT_ONCE = 20_000
_KNOWN = (Where("date_from", "known"), Where("place_state", "known"))
# ORI: state, county, and the number of the agency in it; 00 is the sheriff.
_SHERIFF = re.compile(r"[A-Z]{2}[0-9]{3}00(?:00)?")
_COLUMNS = (
    "case_id", "source_key", "first_seq", "date_from", "date_to", "place_state", "place_county_fips", "place_lat",
    "place_lon", "place_name", "agency", "agency_name", "victim_sex", "victim_age_low", "victim_age_high", "weapon",
)  # fmt: skip


def propose_same_cases(session: Session, view: View, *, since: int) -> int:
    """Compare the cases that came in since an entry with those of other sources; returns how many pairs were proposed.

    A pair that was proposed or decided before is not proposed again; which pairs are, `SameCase.proposals` says.
    """
    old = [Where("first_seq", "<=", since), *_KNOWN]
    fresh = [Where("first_seq", ">=", since + 1), *_KNOWN]
    number = view.count("cases", fresh)
    if not number or not view.count("cases", old):
        return 0
    states = {state.usps for state in places.states()}
    if number <= _BATCH:
        states = {state for (state,) in view.select("cases", ["place_state"], fresh)}
    count = 0
    # State by state: a national register does not fit into memory at once.
    for state in sorted(states):
        here = [Where("place_state", "=", state)]
        if not view.count("cases", [*old, *here]):
            continue
        for span in _spans(view, [*fresh, *here]):
            new = view.select("cases", _COLUMNS, [*fresh, *here, *span])
            count += _propose_in(session, view, new, state) if new else 0
    return count


def _spans(view: View, where: Sequence[Where], years: tuple[int, int] = (0, 9999)) -> Iterator[list[Where]]:
    """Spans of years of which each holds some ten thousand of these cases: a large state has more than memory does."""
    first, last = years
    span = [Where("date_from", ">=", f"{first:04}-01-01"), Where("date_from", "<=", f"{last:04}-12-31")]
    if first == last or view.count("cases", [*where, *span]) <= _AT_ONCE:
        yield span
        return
    middle = (first + last) // 2
    yield from _spans(view, where, (first, middle))
    yield from _spans(view, where, (middle + 1, last))


def _propose_in(session: Session, view: View, new: Sequence[Sequence[Any]], state: str) -> int:
    """Propose pairs of the new cases of one state."""
    rows = view.select("cases", _COLUMNS, [*_KNOWN, Where("place_state", "=", state), *_days(new)])
    records = {row[0]: _record(row) for row in rows}
    # Cases of one register are told apart by the register; each entered by hand is a source of its own.
    if len({record.realm for record in records.values()}) < 2:
        return 0
    compared = SameCase(records.values(), _names(view, records))
    waiting = iter(compared.proposals(frozenset(row[0] for row in new)))
    count = 0
    while batch := list(islice(waiting, _BATCH)):

        def plan(transaction: Transaction, batch: Sequence[Candidate] = batch) -> int:
            written = 0
            for found in batch:
                pair = sorted((found.one, found.other))
                if transaction.rows.get("same_case", pair) is None:
                    parts = [{"feature": p.feature, "log10_bf": p.log10_bf, "level": p.level} for p in found.parts]
                    facts = {"scope": {"case": pair}, "probability": round(found.probability, 4), "parts": parts}
                    transaction.add(session.draft("same_case.propose", facts, obj=pair[0]))
                    written += 1
            return written

        count += session.book.store.commit(plan).result
    return count


def _days(new: Sequence[Sequence[Any]]) -> list[Where]:
    """The days among which the others of these cases can be."""
    around = timedelta(2 * WINDOW_DAYS)
    # A date said to be of the year 1 or 9999 has no days before or after it.
    first = max(min(date.fromisoformat(row[3]) for row in new), date.min + around) - around
    last = min(max(date.fromisoformat(row[4]) for row in new), date.max - around) + around
    return [Where("date_to", ">=", first.isoformat()), Where("date_from", "<=", last.isoformat())]


def _record(row: Sequence[Any]) -> CaseRecord:
    (case_id, key, _, first, last, state, county, lat, lon, name, agency, agency_name, sex, low, high, weapon) = row
    realm = key.partition(":")[0] if key else case_id
    town, county = comparable_place(
        state, county=county, name=name, agency=agency or "", agency_name=agency_name, has_point=lat is not None
    )
    days = (date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())
    return CaseRecord(case_id, realm, *days, state, county, lat, lon, town, sex, low, high, weapon)


def comparable_place(
    state: str, *, county: str | None, name: str | None, agency: str, agency_name: str | None, has_point: bool
) -> tuple[str | None, str | None]:
    """(town, FIPS code of the county) of a case as far as they can be compared with those of other registers.

    Old files name the town of the agency and no county, others the county and the agency beside it (`agency`: ORI).
    """
    # The name of a place with a county is mostly the county's: it must not be taken for a town.
    told = agency_name if county else name
    if not told or (not county and is_state_alone(told, state)):
        return None, county
    if _SHERIFF.fullmatch(agency):
        # The name is the county's, wherever in it the killing was.
        found = places.find_county(told.partition(",")[0], state)
        return None, county or (found.fips if found else None)
    town, lies_in = place_of_agency(told, state)
    if county and town and county in counties_of_city(town, state):
        # One of the five may stand for all of New York City.
        return town, None
    if county:
        # Not every agency is a town's: a name counts when there is such a town in this county.
        here = town if town and any(found.county_fips == county for found in find_towns(town, state)) else None
        return here, county
    return town, None if has_point else lies_in


def _names(view: View, records: dict[str, CaseRecord]) -> dict[str, str]:
    """Names of victims by case, of those that have one."""
    where = [Where("case_id", "in", list(records)), Where("victims_name", "known")]
    return dict(view.select("cases", ["case_id", "victims_name"], where))


def same_cases(session: Session, *, purpose: str = "", everything: bool = False) -> list[dict[str, Any]]:
    """Open proposals, most probable first; with `everything` those that were decided too. The answer of `thaw same`."""
    view = session.look(purpose, kind="access.list", detail={"command": "same"})
    where = [] if everything else [Where("status", "=", "proposed")]
    found = view.select("same_case", ["one", "other", "status", "probability", "seq"], where, order=["seq"])
    hidden = view.visible.hidden_cases
    listed = []
    for one, other, status, probability, seq in found:
        if one in hidden or other in hidden:
            continue
        entries = view.log([Where("seq", "=", seq)], limit=1)
        parts = (entries[0].payload or {}).get("parts", []) if entries else []
        pair = [_shown(view, case_id) for case_id in (one, other)]
        listed.append({"cases": pair, "incident": None, "status": status, "probability": probability, "parts": parts})
    listed += [_with_incident(view, one) for one in _of_incidents(view)] if everything else []
    return sorted(listed, key=lambda one: -(one["probability"] or 0))


def _of_incidents(view: View) -> list[dict[str, Any]]:
    return incident_decisions(view, [Where("relation", "=", "same")])


def _with_incident(view: View, decided: dict[str, Any]) -> dict[str, Any]:
    incident = {name: decided[name] for name in ("incident_id", "source_key")}
    shown = {"cases": [_shown(view, decided["case_id"])], "incident": incident, "status": decided["decision"]}
    return shown | {"probability": None, "parts": []}


def _shown(view: View, case_id: str) -> dict[str, Any]:
    rows = view.select("cases", ["source_key", "title"], [Where("case_id", "=", case_id)])
    key, title = rows[0] if rows else (None, None)
    return {"case_id": case_id, "source_key": key, "title": title}


def decide(session: Session, one: str, other: str, *, decision: str, reason: str) -> list[dict[str, Any]]:
    """Accept or reject that two cases are one killing, or undo that decision; returns the pair as it stands now.

    One of the two may be an incident in which, as its register has it, nobody was killed. Raises InputError for another
    decision, an empty reason, one case twice, a case that is not there, and an undo where nothing was decided.
    """
    if decision not in ("accept", "reject", "undo"):
        raise InputError(where="--decision", got=repr(decision), want="accept, reject or undo", fix="Use one of these.")
    mixed = case_and_incident(session, one, other, command="same")
    if mixed is not None:
        case, incident = mixed
        decided = decide_on_incident(session, "same", case, incident, decision=decision, reason=reason)
        return [_with_incident(session.look("same case", about=decided["case_id"]), decided)]
    pair = {str(session.look("same case", about=case_id).about) for case_id in (one, other)}
    if decision != "undo":
        decide_same_case(session, one, other, same=decision == "accept", reason=reason)
    elif any(found["status"] in ("accept", "reject") for found in _of_pair(session, pair)):
        undo_same_case(session, one, other, reason=reason)
    else:
        raise InputError(
            where="same",
            got="two cases on which nothing was decided",
            want="a decision to undo",
            fix="See `thaw same --all`.",
        )
    return _of_pair(session, pair)


def _of_pair(session: Session, pair: set[str]) -> list[dict[str, Any]]:
    found = same_cases(session, everything=True)
    return [two for two in found if {case["case_id"] for case in two["cases"]} == pair]
