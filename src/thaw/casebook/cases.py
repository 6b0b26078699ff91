"""Questions about cases, asked through a view: find one, list some, read one with its sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.record import PartialDate, Place
from thaw.store import Where

from .fold import CaseView, fold_case
from .projection import same_groups

_SAY = (
    *("import.row", "import.missing", "case.create", "statement.add", "statement.supersede"),
    *("statement.withdraw", "statement.prefer"),
)
_SHOWN = ("place_name", "place_state", "place_county_fips", "place_lat", "place_lon", "place_precision_km")


def find_case(view: View, text: str) -> str | None:
    """The id of the visible case with this id or source key, or None."""
    if ":" in text:
        found = view.select("source_keys", ["case_id"], [Where("source_key", "=", text)])
    else:
        found = view.select("cases", ["case_id"], [Where("case_id", "=", text)])
    return found[0][0] if found else None


def no_such_case(text: str) -> InputError:
    """The one answer for a case that does not exist and for one that this reader may not see."""
    return InputError(
        where="case",
        got=repr(text),
        want="the id or source key of a case in this book",
        fix="List cases with `thaw cases`, or look for words with `thaw search`.",
    )


def list_cases(view: View, where: Sequence[Where], *, limit: int | None = None) -> list[dict[str, Any]]:
    """Visible cases that meet the conditions, oldest date first; same cases are listed once."""
    columns = ["case_id", "source_key", "source_row", "title", "status", "invented"]
    dates = ["date_from", "date_to", "date_precision"]
    found = view.select(
        "cases", [*columns, *dates, *_SHOWN], [*where, unfolded(view)], order=["date_from", "first_seq"], limit=limit
    )
    return [
        dict(zip(columns, row[:6], strict=True)) | {"date": _date(row[6:9]), "place": _place(row[9:])} for row in found
    ]


def count_cases(view: View, where: Sequence[Where] = ()) -> int:
    """How many visible cases meet the conditions; same cases count once."""
    return view.count("cases", [*where, unfolded(view)])


def read_case(view: View, case_id: str) -> CaseView:
    """The folded view of a case; cases that were accepted as the same are folded in.

    Raises InputError (the same for hidden and absent) when there is none.
    """
    group = [case_id, *same_as(view, case_id)]
    # Looks, pages and mentions are by far the most entries of a case, and no statements: they are not read here.
    entries = [
        entry
        for member in group
        for entry in view.log([Where("case_id", "=", member), Where("kind", "in", list(_SAY))], limit=1_000_000)
    ]
    unique = {entry.leaf.seq: entry for entry in entries}
    if not view.count("cases", [Where("case_id", "=", case_id)]):
        raise no_such_case(case_id)
    return fold_case(case_id, [unique[seq] for seq in sorted(unique)])


def same_as(view: View, case_id: str) -> list[str]:
    """Visible cases that were accepted as the same killing as this one, directly or through another."""
    # A case that may not be seen has no neighbors either, whoever knows its id.
    group, waiting = {case_id}, [case_id] if view.count("cases", [Where("case_id", "=", case_id)]) else []
    while waiting:
        current = waiting.pop()
        for near, far in (("one", "other"), ("other", "one")):
            where = [Where(near, "=", current), Where("status", "=", "accept")]
            for (found,) in view.select("same_case", [far], where):
                if found not in group and view.count("cases", [Where("case_id", "=", found)]):
                    group.add(found)
                    waiting.append(found)
    return sorted(group - {case_id})


def co_victims(view: View, incident_id: str | None, case_id: str) -> list[dict[str, Any]]:
    """The other visible cases of the same incident."""
    if incident_id is None:
        return []
    where = [Where("incident_id", "=", incident_id), Where("case_id", "<>", case_id)]
    return list_cases(view, where)


def unfolded(view: View) -> Where:
    """The condition on `cases` that leaves one of each group of same cases: the one that the book knew first.

    Who may not see all cases gets the groups that the visible links alone make, as if there were no others.
    """
    hidden = view.visible.hidden_cases
    if not hidden:
        return Where("folded_into", "unknown")
    pairs = view.select("same_case", ["one", "other"], [Where("status", "=", "accept")])
    folded: list[str] = []
    for group in same_groups((one, other) for one, other in pairs if one not in hidden and other not in hidden):
        found = view.select("cases", ["case_id"], [Where("case_id", "in", sorted(group))], order=["first_seq"])
        folded += [case_id for (case_id,) in found[1:]]
    return Where("case_id", "not in", folded)


def _date(parts: Sequence[str | None]) -> dict[str, str] | None:
    first, last, precision = parts
    if first is None or last is None or precision is None:
        return None
    return PartialDate.from_json({"from": first, "to": last, "precision": precision}).to_json()


def _place(parts: Sequence[Any]) -> dict[str, Any] | None:
    keys = ("name", "state", "county_fips", "lat", "lon", "precision_km")
    return Place(**dict(zip(keys, parts, strict=True))).to_json() or None
