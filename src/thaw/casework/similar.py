"""The main job: which old cases look like this one. Ranks through the linkage and tells why, with the sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.access import View
from thaw.casebook import case_columns, case_title, co_victims, conditions, find_case, list_cases, no_such_case, same_as
from thaw.casebook.incidents import said_of_incident
from thaw.data import places
from thaw.intake import read_incident
from thaw.linkage import Match, Part, Ranking, fit_series, rank, score
from thaw.record import PartialDate, codes_of, predicates
from thaw.store import Where

from .book import Session
from .decisions import certain_edges, decided_pairs
from .link_tables import manner_said
from .matcher import Matcher, case_rows, matcher_for, prior_of, query_of

_SERIES = 5
_LISTS = {"victim_sex": "shr.sex", "location_type": "nibrs.location_type"}


def similar(
    session: Session,
    case_id: str | None = None,
    *,
    incident: Path | None = None,
    top: int = 10,
    where: Sequence[str] = (),
    purpose: str = "",
) -> dict[str, Any]:
    """Rank the visible cases by how much they look like a case or another incident of the book, or an incident file.

    The answer of `thaw similar`. With `where` only cases that meet these `FIELD=VALUE` conditions are ranked, while
    background rates stay those of all cases. Raises InputError for a case that is not there or an incident that is
    unreadable.
    """
    said: Mapping[str, Any] | None = read_incident(incident) if incident is not None else None
    among = conditions(where)
    detail: dict[str, Any] = {"command": "similar", "top": top, "where": list(where)}
    if case_id is None:
        view = session.look(purpose, detail=detail)
    else:
        view = session.look(purpose, detail={"asked": case_id} | detail, find=lambda seen: find_case(seen, case_id))
        # An incident of a register in which nobody was killed is no case, but cases may look like it all the same.
        said = said_of_incident(view, case_id) if view.about is None else None
        if view.about is None and said is None:
            raise no_such_case(case_id)
    if said is not None:
        found = similar_to_incident(session, view, said, top=top, among=among)
    else:
        assert view.about is not None
        found = similar_to_case(session, view, view.about, top=top, among=among)
    _record(view, found)
    return found


def similar_to_case(
    session: Session, view: View, case_id: str, *, top: int, among: Sequence[Where] = ()
) -> dict[str, Any]:
    """The ranking for a visible case of the book."""
    # Its own row: a case that is folded into another still says what it is.
    return _answer(session, view, case_rows(view, [case_id])[case_id], top, among)


def similar_to_incident(
    session: Session, view: View, said: Mapping[str, Any], *, top: int, among: Sequence[Where] = ()
) -> dict[str, Any]:
    """The ranking for an incident that is not in the book."""
    known = case_columns(said)
    row = known | {"case_id": "incident", "title": case_title(known, said), "mo": manner_said(said.get("case", ()))}
    return _answer(session, view, row, top, among)


def _answer(session: Session, view: View, row: Mapping[str, Any], top: int, among: Sequence[Where]) -> dict[str, Any]:
    matcher = matcher_for(session, view)
    eligible = np.ones(len(matcher.profiles), dtype=bool)
    if among:
        eligible[:] = False
        view.in_chunks("cases", ["case_id"], lambda some: _choose(matcher, eligible, some), among)
    case_id = str(row["case_id"])
    pairs = decided_pairs(view)
    co = [{"why": "victim of the same incident"} | one for one in co_victims(view, row.get("incident_id"), case_id)]
    certain = [*co, *certain_edges(view, case_id, pairs)]
    # Not ranked: the case itself, what was accepted as the same killing, and what is certain either way.
    apart = [case_id, *same_as(view, case_id), *(one["case_id"] for one in certain)]
    eligible[[at for one in apart if (at := matcher.row_of(one)) >= 0]] = False
    scores = score(matcher.background, query_of(row))
    ranking = rank(scores, eligible, top=top, prior=prior_of(session), calibration=matcher.calibration)
    found = _document(view, matcher, ranking, row, certain)
    for result in found["results"]:
        ids = sorted((case_id, result["case_id"]))
        result["decision"] = pairs[ids[0], ids[1]]["decision"] if (ids[0], ids[1]) in pairs else None
    return found | {"series": _series(view, matcher, scores, prior_of(session))}


def _choose(matcher: Matcher, eligible: NDArray[np.bool_], some: Sequence[tuple[Any, ...]]) -> None:
    eligible[[row for row in (matcher.row_of(found[0]) for found in some) if row >= 0]] = True


def _series(view: View, matcher: Matcher, scores: Any, prior: Any) -> list[dict[str, Any]]:
    """Known series that fit, best first: by the factor of one offender for all of it over none."""
    fits = fit_series(scores, matcher.series, prior)[:_SERIES] if matcher.series else []
    return [
        {
            "series": fit.name,
            "cases": [matcher.case_ids[row] for row in fit.members],
            "source_keys": [matcher.profiles.ids[row] for row in fit.members],
            "log10_bf": fit.log10_bf,
            "posterior": fit.posterior,
            "best_case_id": matcher.case_ids[fit.best_member],
        }
        for fit in fits
    ]


def _document(
    view: View, matcher: Matcher, ranking: Ranking, row: Mapping[str, Any], certain: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    ranked = [matcher.case_ids[match.index] for match in ranking.results]
    theirs = case_rows(view, ranked)
    listed = {found["case_id"]: found for found in list_cases(view, [Where("case_id", "in", ranked)])} if ranked else {}
    return {
        "model": ranking.model,
        "inputs": ranking.inputs,
        "query": {
            "case_id": row["case_id"] if row["case_id"] != "incident" else None,
            "title": row.get("title"),
            "invented": row.get("invented"),
        },
        "cases_searched": ranking.searched,
        "prior_log10_odds": ranking.prior_log10_odds,
        "calibration": ranking.calibration,
        "expected_true": ranking.expected_true,
        "expected_false": ranking.expected_false,
        "expected_true_interval": list(ranking.expected_true_interval),
        "results": [
            _result(matcher, match, row, theirs[case_id], listed[case_id])
            for case_id, match in zip(ranked, ranking.results, strict=True)
        ],
        "certain": list(certain),
        "series": [],
    }


def _record(view: View, found: Mapping[str, Any]) -> None:
    """The entry that says which cases a ranking showed: it stands in the log of each of them."""
    ids = [result["case_id"] for result in (*found["results"], *found["certain"])]
    cases = [case_id for case_id in (view.about, *ids) if case_id]
    detail = {"scope": {"case": cases}, "command": "similar", "model": found["model"], "inputs": found["inputs"]}
    view.record_result("link.run", detail, ids, found["cases_searched"], found["inputs"])


def _result(
    matcher: Matcher, match: Match, row: Mapping[str, Any], theirs: Mapping[str, Any], listed: Mapping[str, Any]
) -> dict[str, Any]:
    commonness = matcher.pairs.commonness(match.log10_bf)
    source = {"case_id": listed["case_id"], "source_key": listed["source_key"], "source_row": listed["source_row"]}
    # Both sources of each bar; an incident that is in no book has none of its own.
    own = {name: row.get(name) for name in source}
    sources = [source] if row["case_id"] == "incident" else [own, source]
    parts = [_part(part, row, theirs) | {"sources": sources} for part in match.parts]
    return {
        "rank": match.rank,
        **listed,
        "offender_known": theirs["offender_known"],
        "log10_bf": match.log10_bf,
        "calibrated_log10_bf": match.calibrated_log10_bf,
        "posterior": match.posterior,
        "one_in_pairs": commonness.one_in,
        "how_rare": commonness.words,
        "parts": parts,
        "against": [part for part in reversed(parts) if part["log10_bf"] < 0],
        "missing": list(match.missing),
        "ask_next": match.ask_next,
        "ask_next_label": feature_label(match.ask_next) if match.ask_next else None,
    }


def _part(part: Part, ours_row: Mapping[str, Any], theirs_row: Mapping[str, Any]) -> dict[str, Any]:
    ours = _in_words(part.feature, part.ours, ours_row)
    theirs = _in_words(part.feature, part.theirs, theirs_row)
    return {
        "feature": part.feature,
        "label": feature_label(part.feature),
        "log10_bf": part.log10_bf,
        "ours": ours,
        "theirs": theirs,
        "apart": None if part.separation is None else {"value": part.separation, "unit": part.unit},
        "how_common": part.how_common,
        "how_common_in_words": part.in_words,
    }


def _in_words(feature: str, value: str, row: Mapping[str, Any]) -> str:
    if feature == "time":
        parts = {"from": row["date_from"], "to": row["date_to"], "precision": row["date_precision"]}
        return PartialDate.from_json(parts).in_words()
    if feature == "place":
        named = [_place_name(row, which) for which in ("", "_2", "_3")]
        return "; ".join(filter(None, named)) or value
    list_name = _LISTS.get(feature, f"shr.{feature}")
    if feature in ("victim_sex", "weapon", "circumstance", "location_type"):
        return f"{codes_of(list_name).get(value, value)} ({value})"
    manner = predicates("case").get(f"mo.{feature}")
    if manner is not None and manner.list:
        return ", ".join(codes_of(manner.list).get(code, code) for code in value.split(", "))
    return value


def _place_name(row: Mapping[str, Any], which: str) -> str | None:
    fips = row.get(f"place{which}_county_fips")
    county = places.county(fips) if fips else None
    name = row.get(f"place{which}_name") or (f"{county.name}, {county.state}" if county else None)
    return None if name is None else str(name)


def feature_label(feature: str) -> str:
    """A feature as a reader sees it."""
    own = {
        "victim_sex": "Sex of the victim",
        "victim_age": "Age of the victim",
        "victim_count": "Number of victims",
        "offender_count": "Number of offenders",
        "place": "Place",
        "time": "Time",
    }
    known = predicates("case")
    predicate = known.get(feature) or known.get(f"behaviours.{feature}") or known.get(f"mo.{feature}")
    return own.get(feature) or (predicate.label if predicate else feature)
